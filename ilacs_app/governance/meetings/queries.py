"""Meetings of the boards, and who serves on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Subquery, and_, bindparam, case, func, or_, select

from ilacs_app.dates import long_date, time_words, weekday_date
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.governance.agenda.model import MeetingItem
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.queries import during


@dataclass(frozen=True)
class MeetingLine:
    """A meeting of a board; a cancelled one has the day on which it was cancelled, and the reason."""

    id: int
    board_id: int
    on_day: date
    at_time: str
    place: str
    cancelled_on: date | None
    cancelled_reason: str
    version: int

    @property
    def day_and_time(self) -> str:
        """``Thursday 21 May 2026, 2pm``."""
        time = time_words(self.at_time)
        return f"{weekday_date(self.on_day)}{', ' if time else ''}{time}"

    @property
    def time(self) -> str:
        return time_words(self.at_time)


@dataclass(frozen=True)
class Officers:
    """Who serves on a board: names of the chairs and secretaries, and how many members."""

    chairs: tuple[str, ...]
    secretaries: tuple[str, ...]
    members: int


_LINE = (
    Meeting.id,
    Meeting.board_id,
    Meeting.on_day,
    Meeting.at_time,
    Meeting.place,
    Meeting.cancelled_on,
    Meeting.cancelled_reason,
    Meeting.version,
)


def meetings(board_id: int) -> list[MeetingLine]:
    """Return every meeting of a board, cancelled ones too, by day."""
    return [
        MeetingLine(**row._mapping)
        for row in db.session.execute(select(*_LINE).where(Meeting.board_id == board_id).order_by(Meeting.on_day))
    ]


def meeting_of(board_id: int, meeting_id: int) -> MeetingLine:
    """Return this meeting of a board, cancelled or not.

    Raises:
        NotKnown: the board has no such meeting.
    """
    row = db.session.execute(select(*_LINE).where(Meeting.board_id == board_id, Meeting.id == meeting_id)).first()
    if row is None:
        raise NotKnown(str(meeting_id))
    return MeetingLine(**row._mapping)


def meeting_on(board_id: int, on_day: date) -> MeetingLine:
    """Return the meeting of a board on this day, cancelled or not.

    Raises:
        NotKnown: the board has no meeting on that day.
    """
    row = db.session.execute(select(*_LINE).where(Meeting.board_id == board_id, Meeting.on_day == on_day)).first()
    if row is None:
        raise NotKnown(on_day.isoformat())
    return MeetingLine(**row._mapping)


@dataclass(frozen=True)
class LockedMeeting:
    """A meeting that stays as it is until this transaction ends, with its board."""

    meeting: MeetingLine
    board: BoardName

    @property
    def about(self) -> str:
        """What history calls it: ``MASH Board, 21 May 2026``."""
        return f"{self.board.name}, {long_date(self.meeting.on_day)}"


def lock_meeting(meeting_id: int) -> LockedMeeting:
    """Lock the board of a meeting and the meeting, in this order.

    Whatever is written about the meetings of one board is so written one after the other. Whoever locks a plan or its
    items too does so before.
    """
    board_id = select(Meeting.board_id).where(Meeting.id == meeting_id).scalar_subquery()
    held = select(Board.id, Board.slug, Board.name, Board.leads_page).where(Board.id == board_id)
    board = BoardName(**db.session.execute(held.with_for_update(key_share=True)).one()._mapping)
    row = db.session.execute(select(*_LINE).where(Meeting.id == meeting_id).with_for_update()).one()
    return LockedMeeting(MeetingLine(**row._mapping), board)


@dataclass(frozen=True)
class MeetingsAround:
    """When a board last met, before today, and its next meeting, today or later; cancelled ones do not count."""

    last_on: date | None = None
    next: MeetingLine | None = None


def meetings_around(today: date) -> dict[int, MeetingsAround]:
    """Return the last and the next meeting of each board that has one, by the board's id: one query."""
    around = {}
    for row in db.session.execute(_around(today)):
        columns: dict[str, Any] = dict(row._mapping)
        board_id, last_on = columns.pop("of_board"), columns.pop("last_on")
        around[board_id] = MeetingsAround(last_on, MeetingLine(**columns) if row.id is not None else None)
    return around


@lru_cache(maxsize=4)
def _around(today: date) -> Any:
    nearest = (
        select(
            Meeting.board_id,
            func.max(case((Meeting.on_day < today, Meeting.on_day))).label("last_on"),
            func.min(case((Meeting.on_day >= today, Meeting.on_day))).label("next_on"),
        )
        .where(Meeting.cancelled_on.is_(None))
        .group_by(Meeting.board_id)
        .subquery()
    )
    return (
        select(nearest.c.board_id.label("of_board"), nearest.c.last_on, *_LINE)
        .select_from(nearest)
        .outerjoin(Meeting, and_(Meeting.board_id == nearest.c.board_id, Meeting.on_day == nearest.c.next_on))
    )


def next_meetings(today: date) -> dict[int, MeetingLine]:
    """Return the next meeting of each board that has one, today or later, by the board's id."""
    return {board_id: meets.next for board_id, meets in meetings_around(today).items() if meets.next}


def last_met(board_id: int, today: date) -> ScalarSelect[date]:
    """The day of the newest meeting of a board before today that was not cancelled, as a column."""
    return (
        select(func.max(Meeting.on_day))
        .where(Meeting.board_id == board_id, Meeting.on_day < today, Meeting.cancelled_on.is_(None))
        .correlate(None)
        .scalar_subquery()
    )


def met_again_on(meeting: MeetingLine, today: date) -> date | None:
    """Return the day of the newest meeting that a board has held after this one; None if it has not met again.

    One today counts once it has begun.
    """
    begun = select(MeetingItem.id).where(MeetingItem.meeting_id == Meeting.id).correlate(Meeting).exists()
    held = or_(Meeting.on_day < today, and_(Meeting.on_day == today, begun))
    return db.session.scalar(
        select(func.max(Meeting.on_day)).where(
            Meeting.board_id == meeting.board_id,
            Meeting.on_day > meeting.on_day,
            Meeting.cancelled_on.is_(None),
            held,
        )
    )


def _first(today: date) -> Subquery:
    return (
        select(Meeting.board_id, func.min(Meeting.on_day).label("on_day"))
        .where(Meeting.on_day >= today, Meeting.cancelled_on.is_(None))
        .group_by(Meeting.board_id)
        .subquery()
    )


def officers(board_id: int, today: date) -> tuple[Officers, MeetingLine | None]:
    """Return who serves on this board on ``today``, and its next meeting: one query."""
    rows = db.session.execute(_serving(today), {"board_id": board_id}).all()
    serving = [(row.role, row.person) for row in rows if row.person is not None]
    serve = Officers(
        tuple(name for role, name in serving if role == "chair"),
        tuple(name for role, name in serving if role == "secretary"),
        members=len({name for role, name in serving if role == "board_member"}),
    )
    head = next(iter(rows), None)  # each row has the meeting beside the officer
    if head is None or head.id is None:
        return serve, None
    return serve, MeetingLine(**{column.key: getattr(head, column.key) for column in _LINE})


@lru_cache(maxsize=4)
def _serving(today: date) -> Any:
    first = _first(today)
    return (
        select(Membership.role, Person.name.label("person"), *_LINE)
        .select_from(Board)
        .outerjoin(Membership, and_(Membership.board_id == Board.id, *during(Membership, today)))
        .outerjoin(Person, and_(Person.id == Membership.person_id, Person.active))
        .outerjoin(first, first.c.board_id == Board.id)
        .outerjoin(Meeting, and_(Meeting.board_id == Board.id, Meeting.on_day == first.c.on_day))
        .where(Board.id == bindparam("board_id"))
        .order_by(Person.name)
    )

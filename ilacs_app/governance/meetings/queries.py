"""When the boards meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Subquery, and_, bindparam, func, select

from ilacs_app.dates import time_words, weekday_date
from ilacs_app.db import db
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.queries import during


@dataclass(frozen=True)
class MeetingLine:
    """A meeting of a board. A cancelled one keeps its row, with the day and the reason."""

    id: int
    board_id: int
    on_day: date
    at_time: str
    place: str
    cancelled_on: date | None
    cancelled_reason: str
    version: int

    @property
    def words(self) -> str:
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
    """Every meeting of a board, cancelled ones too, by day."""
    return [
        MeetingLine(*row)
        for row in db.session.execute(select(*_LINE).where(Meeting.board_id == board_id).order_by(Meeting.on_day))
    ]


def next_meetings(today: date) -> dict[int, MeetingLine]:
    """The next meeting of each board that has one ahead, today's with them, by the board's id."""
    first = _first(today)
    rows = db.session.execute(
        select(*_LINE).join(first, (first.c.board_id == Meeting.board_id) & (first.c.on_day == Meeting.on_day))
    )
    return {row[1]: MeetingLine(*row) for row in rows}


def _first(today: date) -> Subquery:
    return (
        select(Meeting.board_id, func.min(Meeting.on_day).label("on_day"))
        .where(Meeting.on_day >= today, Meeting.cancelled_on.is_(None))
        .group_by(Meeting.board_id)
        .subquery()
    )


def officers(board_id: int, today: date) -> tuple[Officers, MeetingLine | None]:
    """Who serves on this board on ``today``, and when it meets next: one question."""
    rows: list[Any] = list(db.session.execute(_serving(today), {"board_id": board_id}))
    serving = [(row[0], row[1]) for row in rows if row[1] is not None]
    meeting = MeetingLine(*tuple(rows[0])[2:]) if rows and rows[0][2] is not None else None
    found = Officers(
        tuple(name for role, name in serving if role == "chair"),
        tuple(name for role, name in serving if role == "secretary"),
        len({name for role, name in serving if role == "board_member"}),
    )
    return found, meeting


@lru_cache(maxsize=4)
def _serving(today: date) -> Any:
    first = _first(today)
    return (
        select(Membership.role, Person.name, *_LINE)
        .select_from(Board)
        .outerjoin(Membership, and_(Membership.board_id == Board.id, *during(Membership, today)))
        .outerjoin(Person, and_(Person.id == Membership.person_id, Person.active))
        .outerjoin(first, first.c.board_id == Board.id)
        .outerjoin(Meeting, and_(Meeting.board_id == Board.id, Meeting.on_day == first.c.on_day))
        .where(Board.id == bindparam("board_id"))
        .order_by(Person.name)
    )

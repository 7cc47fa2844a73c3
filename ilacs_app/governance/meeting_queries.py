"""When the boards meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from ..access import Actor
from ..db import db
from ..people.model import Meeting
from ..plan.words import day
from .meeting_rules import time_words


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
        return f"{self.on_day:%A} {day(self.on_day)}{', ' if time else ''}{time}"

    @property
    def time(self) -> str:
        return time_words(self.at_time)


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


def may_keep_meetings(actor: Actor, board_id: int) -> bool:
    """Whether this person sets the meetings of the board: its chair, its secretary, the administrator."""
    return actor.holds_on(board_id, "chair", "secretary") or actor.is_a("administrator")


def meetings(board_id: int) -> list[MeetingLine]:
    """Every meeting of a board, cancelled ones too, by day."""
    return [
        MeetingLine(*row)
        for row in db.session.execute(select(*_LINE).where(Meeting.board_id == board_id).order_by(Meeting.on_day))
    ]


def next_meetings(today: date) -> dict[int, MeetingLine]:
    """The next meeting of each board that has one ahead, today's with them, by the board's id."""
    first = (
        select(Meeting.board_id, func.min(Meeting.on_day).label("on_day"))
        .where(Meeting.on_day >= today, Meeting.cancelled_on.is_(None))
        .group_by(Meeting.board_id)
        .subquery()
    )
    rows = db.session.execute(
        select(*_LINE).join(first, (first.c.board_id == Meeting.board_id) & (first.c.on_day == Meeting.on_day))
    )
    return {row[1]: MeetingLine(*row) for row in rows}

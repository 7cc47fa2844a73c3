"""Set, change and cancel a board's meetings. A cancelled meeting stays, with its day and the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.dates import long_date
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused
from ilacs_app.governance.agenda.model import MeetingItem
from ilacs_app.governance.meetings.queries import lock_meeting
from ilacs_app.history import Author, record
from ilacs_app.people.boards.model import Board, Meeting


class DayTaken(Refused):
    """The board already has a meeting on that day."""


def set_meeting(by: Author, board_id: int, on_day: date, at_time: str = "", place: str = "") -> int:
    """Set a meeting of a board, or restore the one that was cancelled on that day. Return its id.

    Raises:
        DayTaken: the board already has a meeting on that day.
    """
    board = _locked(board_id)
    there = db.session.execute(
        select(Meeting.id, Meeting.cancelled_on, Meeting.version).where(
            Meeting.board_id == board_id, Meeting.on_day == on_day
        )
    ).first()
    if there is not None and there.cancelled_on is None:
        raise DayTaken(f"The {board} already meets on {long_date(on_day)}. Change that meeting, or enter another day")
    values = {"at_time": at_time, "place": place}
    if there is None:
        meeting = Meeting(board_id=board_id, on_day=on_day, **values)
        db.session.add(meeting)
        db.session.flush()
        meeting_id = meeting.id
    else:
        meeting_id = there.id
        again = {"cancelled_on": None, "cancelled_reason": "", "version": there.version + 1}
        db.session.execute(update(Meeting).where(Meeting.id == meeting_id).values(**values, **again))
    record(
        by,
        "meeting_set",
        about=f"{board}, {long_date(on_day)}",
        after={"meeting_id": meeting_id, "on_day": on_day.isoformat(), **values},
    )
    return meeting_id


def change_meeting(by: Author, meeting_id: int, version: int, on_day: date, at_time: str, place: str) -> None:
    """Give a meeting another day, time or place.

    Raises:
        DayTaken: the board has another meeting on that day, even a cancelled one.
        Refused: it is to have another day, and it has begun or the board has decided something at it.
        Stale: someone changed or cancelled it since the version that was seen.
    """
    locked = lock_meeting(meeting_id)
    before, board = locked.meeting, locked.board.name
    if on_day != before.on_day and _has_begun(meeting_id):
        raise Refused(
            f"The meeting on {long_date(before.on_day)} has already begun. You cannot change its day. "
            "Add a meeting on another day instead"
        )
    taken = select(Meeting.id).where(
        Meeting.board_id == before.board_id, Meeting.on_day == on_day, Meeting.id != meeting_id
    )
    if db.session.scalar(taken) is not None:
        raise DayTaken(f"The {board} already has a meeting on {long_date(on_day)} in this list. Enter another day")
    values = {"on_day": on_day, "at_time": at_time, "place": place}
    _write(meeting_id, version, values)
    record(
        by,
        "meeting_changed",
        about=f"{board}, {long_date(on_day)}",
        before={"on_day": before.on_day.isoformat(), "at_time": before.at_time, "place": before.place},
        after={"meeting_id": meeting_id, "on_day": on_day.isoformat(), "at_time": at_time, "place": place},
    )


def cancel_meeting(by: Author, meeting_id: int, version: int, reason: str) -> None:
    """Cancel a meeting with the reason.

    Raises:
        Refused: the reason is missing, or the meeting has begun or the board has decided something at it.
        Stale: someone changed or cancelled it since the version that was seen.
    """
    if not reason:
        raise Refused("Enter why the meeting is cancelled")
    locked = lock_meeting(meeting_id)
    if _has_begun(meeting_id):
        raise Refused(
            f"The meeting on {long_date(locked.meeting.on_day)} has already begun. You cannot cancel it. "
            "Add a meeting on another day if the board meets again"
        )
    _write(meeting_id, version, {"cancelled_on": clock.today(), "cancelled_reason": reason})
    record(
        by,
        "meeting_cancelled",
        about=f"{locked.about}: {reason}",
        after={"meeting_id": meeting_id, "reason": reason},
    )


def _locked(board_id: int) -> str:
    """Return the board's name, and lock its row as ``lock_meeting`` does."""
    board = select(Board.name).where(Board.id == board_id).with_for_update(key_share=True)
    return db.session.execute(board).scalar_one()


def _has_begun(meeting_id: int) -> bool:
    """Return whether the agenda of a meeting is kept, which a decision does at the latest."""
    items = select(MeetingItem.id).where(MeetingItem.meeting_id == meeting_id)
    return db.session.scalar(items.limit(1)) is not None


def _write(meeting_id: int, version: int, values: dict[str, Any]) -> None:
    write_at(Meeting, meeting_id, version, Meeting.cancelled_on.is_(None), **values)

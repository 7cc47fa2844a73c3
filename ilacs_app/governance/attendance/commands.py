"""Record who came to a meeting. Each person's row has its own version, so that two secretaries lose nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.dates import long_date
from ilacs_app.db import db, insert_once, write_at
from ilacs_app.errors import Refused, Stale
from ilacs_app.governance.attendance.model import MeetingAttendance
from ilacs_app.governance.attendance.queries import attendees
from ilacs_app.governance.attendance.rules import Attended, why_not_attendance
from ilacs_app.governance.decisions.queries import approved_on
from ilacs_app.governance.meetings.queries import lock_meeting
from ilacs_app.history import Author, record


@dataclass(frozen=True)
class AttendanceEntry:
    """What is to be recorded of a person; ``seen`` is the version of their row that was seen, 0 where none was."""

    person_id: int
    attended: Attended
    seen: int


def record_attendance(by: Author, meeting_id: int, entries: Sequence[AttendanceEntry]) -> int:
    """Record who came, who sent apologies, who came as a deputy and what was declared. Return how many rows changed.

    All of it or nothing. What is recorded already in the same words is left as it is.

    Raises:
        Refused: the meeting is cancelled or its minutes are approved, someone is not on the board, or their attendance
            cannot be recorded so.
        Stale: someone else recorded otherwise of one of these people since the version that was seen.
    """
    locked = lock_meeting(meeting_id)
    if locked.meeting.cancelled_on is not None:
        raise Refused("This meeting is cancelled. Record who attended on the page of the meeting that was held.")
    approved = approved_on(meeting_id)
    if approved is not None:
        raise Refused(
            f"The board approved the minutes of this meeting on {long_date(approved)}. "
            "Have a correction minuted at a later meeting."
        )
    people = {each.person_id: each for each in attendees(meeting_id)}
    changed = []
    for entry in entries:
        person = people.get(entry.person_id)
        if person is None:
            raise Refused("Someone in this list is not on the board. Refresh the page and try again.")
        problem = why_not_attendance(entry.attended, locked.meeting.on_day, clock.today())
        if problem:
            raise Refused(f"{person.name}: {problem}")
        if entry.attended != person.attended:
            _write(meeting_id, entry)
            changed.append(entry)
    if changed:
        record(
            by,
            "attendance_recorded",
            about=locked.about,
            before={"attendance": [_told(people[e.person_id].name, people[e.person_id].attended) for e in changed]},
            after={
                "meeting_id": meeting_id,
                "attendance": [_told(people[e.person_id].name, e.attended) for e in changed],
            },
        )
    return len(changed)


def _told(name: str, attended: Attended) -> str:
    interest = f" (interest: {attended.interest})" if attended.interest else ""
    return f"{name}: {attended.label}{interest}"


def _write(meeting_id: int, entry: AttendanceEntry) -> None:
    values = vars(entry.attended)
    if entry.seen:
        row_id = db.session.scalar(
            select(MeetingAttendance.id).where(
                MeetingAttendance.meeting_id == meeting_id, MeetingAttendance.person_id == entry.person_id
            )
        )
        write_at(MeetingAttendance, row_id or 0, entry.seen, **values)
    elif insert_once(MeetingAttendance, meeting_id=meeting_id, person_id=entry.person_id, version=1, **values) is None:
        raise Stale

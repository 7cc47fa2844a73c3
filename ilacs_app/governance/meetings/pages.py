"""The page of one meeting, as several routes answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, url_for

from ilacs_app import clock
from ilacs_app.access import Act, may
from ilacs_app.forms.drafts import take_up_each
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.governance.attendance.forms import AttendanceForm
from ilacs_app.governance.attendance.queries import Attendee, attendees, interests_of, quorum_at
from ilacs_app.governance.attendance.rules import Quorum
from ilacs_app.governance.meetings.queries import MeetingLine
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.web import actor, page


@dataclass(frozen=True)
class ItemLink:
    """An action that someone leads or owns, as a link."""

    reference: str
    address: str


@dataclass(frozen=True)
class Seat:
    """Someone on the board at a meeting, with the board's open actions that they lead or own and the reader sees."""

    person: Attendee
    items: Sequence[ItemLink]


@dataclass(frozen=True)
class AttendancePart:
    """The part of a meeting's page about who came. ``form`` is there for those who run the meeting."""

    seats: Sequence[Seat]
    quorum: Quorum
    form: AttendanceForm | None
    draft: KeptDraft | None

    @property
    def is_recorded(self) -> bool:
        """Whether anything is recorded of anyone."""
        return any(seat.person.version for seat in self.seats)


def meeting_page(
    board: BoardName, meeting: MeetingLine, *, attendance: AttendanceForm | None = None, status: int = 200
) -> Response:
    """Answer with the page of a meeting; ``attendance`` is that form where it could not be saved."""
    runs = may(actor(), Act.RUN_MEETING, board.id) and meeting.cancelled_on is None
    return page(
        "governance/meetings/meeting.html",
        status=status,
        has_errors=status == 422,
        board=board,
        meeting=meeting,
        is_past=meeting.on_day < clock.today(),
        runs=runs,
        attendance=_attendance(board, meeting, attendance, runs),
    )


def _attendance(board: BoardName, meeting: MeetingLine, sent: AttendanceForm | None, runs: bool) -> AttendancePart:
    people = attendees(meeting.id)
    form = sent or (AttendanceForm(people) if runs else None)
    draft = None
    if form and not sent:
        address = url_for("meetings.attendance", board_slug=board.slug, meeting_id=meeting.id)
        draft = take_up_each(form=(form, address)).get("form")
    return AttendancePart(_seats(board, meeting, people), quorum_at(board.id, people), form, draft)


def _seats(board: BoardName, meeting: MeetingLine, people: Sequence[Attendee]) -> list[Seat]:
    interests = interests_of([person.person_id for person in people], meeting.on_day)
    ids = frozenset(action_id for some in interests.values() for action_id in some)
    wanted = Filter(board_id=board.id, action_ids=ids)
    open_rows = [row for row in action_rows(actor(), wanted, clock.today(), size=None) if row.is_open] if ids else []
    seats = []
    for person in people:
        own = {row.id: row for row in open_rows if row.id in interests[person.person_id]}
        links = [ItemLink(_reference(row), f"/actions/{row.id}") for row in own.values()]
        seats.append(Seat(person, links))
    return seats


def _reference(row: ActionRow) -> str:
    return f"{row.plan_short} {row.ref}" if row.several else row.ref

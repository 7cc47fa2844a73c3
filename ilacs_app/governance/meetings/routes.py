"""A board's meetings: shown to everyone who can see the board, managed by its officers and administrators."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, may, requires
from ilacs_app.dates import weekday_date
from ilacs_app.forms.drafts import drafted, take_up_each
from ilacs_app.forms.saving import SAVED, STALE, author, save_once
from ilacs_app.forms.versioned import VersionedForm
from ilacs_app.governance.attendance.commands import record_attendance
from ilacs_app.governance.attendance.forms import AttendanceForm
from ilacs_app.governance.attendance.queries import attendees
from ilacs_app.governance.meetings.commands import cancel_meeting, change_meeting, set_meeting
from ilacs_app.governance.meetings.forms import CancelForm, MeetingForm
from ilacs_app.governance.meetings.pages import meeting_page
from ilacs_app.governance.meetings.queries import MeetingLine, meeting_of, meeting_on, meetings
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.personal_data import child_warning
from ilacs_app.plan.visibility import board_for
from ilacs_app.text import whole_number
from ilacs_app.web import LARGEST_ID, actor, after_saving, page

blueprint = Blueprint("meetings", __name__)


def _managed(board_slug: str) -> BoardName:
    return board_for(actor(), board_slug, to=Act.MANAGE_MEETINGS)


def _managed_meeting(board_slug: str, meeting_id: int) -> tuple[BoardName, MeetingLine]:
    board = _managed(board_slug)
    return board, meeting_of(board.id, meeting_id)


def _where_it_opens(board_slug: str, meeting_id: int = 0) -> str:
    page_at = url_for("meetings.all_meetings", board_slug=board_slug)
    return f"{page_at}?change={meeting_id}#meeting-{meeting_id}" if meeting_id else page_at


@blueprint.get("/boards/<board_slug>/meetings")
@requires("belongs")
def all_meetings(board_slug: str) -> Response:
    """Show every meeting; ``?change=`` opens one of them for those who manage them."""
    board = board_for(actor(), board_slug)
    return _page(board, changing=whole_number(request.args.get("change"), LARGEST_ID))


@blueprint.post("/boards/<board_slug>/meetings")
@requires("belongs", writes=True)
@drafted(MeetingForm, _managed, _where_it_opens)
def add(board_slug: str) -> Response:
    board = _managed(board_slug)
    form = MeetingForm()
    day = form.on
    if not form.check() or day is None:
        return _page(board, add=form, status=422)
    message = f"Meeting added: {weekday_date(day)}"
    status = save_once(
        form, message, lambda: set_meeting(author(), board.id, day, form.time, form.place.data), form.on_day
    )
    return after_saving(message, _at(board)) if status == SAVED else _page(board, add=form, status=status)


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/change")
@requires("belongs", writes=True)
@drafted(MeetingForm, _managed_meeting, _where_it_opens)
def change(board_slug: str, meeting_id: int) -> Response:
    board, meeting = _managed_meeting(board_slug, meeting_id)
    form = MeetingForm()
    day = form.on
    if not form.check() or day is None:
        return _page(board, changing=meeting.id, form=form, status=422)
    seen, message = form.seen_version or 0, f"Meeting changed: {weekday_date(day)}"
    status = save_once(
        form,
        message,
        lambda: change_meeting(author(), meeting.id, seen, day, form.time, form.place.data),
        form.on_day,
    )
    if status == STALE:
        return _stale(board, meeting.id, form)
    return (
        after_saving(message, _at(board))
        if status == SAVED
        else _page(board, changing=meeting.id, form=form, status=status)
    )


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/cancel")
@requires("belongs", writes=True)
@drafted(CancelForm, _managed_meeting, _where_it_opens)
def cancel(board_slug: str, meeting_id: int) -> Response:
    board, meeting = _managed_meeting(board_slug, meeting_id)
    form = CancelForm()
    form.validate()
    seen, message = form.seen_version or 0, f"Meeting cancelled: {weekday_date(meeting.on_day)}"
    status = save_once(form, message, lambda: cancel_meeting(author(), meeting.id, seen, form.reason.data), form.reason)
    if status == STALE:
        return _stale(board, meeting.id, form)
    return (
        after_saving(message, _at(board))
        if status == SAVED
        else _page(board, changing=meeting.id, cancel=form, status=status)
    )


def _run(board_slug: str, meeting_id: int) -> tuple[BoardName, MeetingLine]:
    """Return the board and the meeting, for those who run it."""
    board = board_for(actor(), board_slug, to=Act.RUN_MEETING)
    return board, meeting_of(board.id, meeting_id)


def _meeting_address(board_slug: str, meeting_id: int) -> str:
    board, meeting = _run(board_slug, meeting_id)
    return _address_of(board, meeting)


def _address_of(board: BoardName, meeting: MeetingLine) -> str:
    return url_for("meetings.meeting", board_slug=board.slug, on_day=meeting.on_day)


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>")
@requires("belongs")
def meeting(board_slug: str, on_day: date) -> Response:
    board = board_for(actor(), board_slug)
    return meeting_page(board, meeting_on(board.id, on_day))


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/attendance")
@requires("belongs", writes=True)
@drafted(AttendanceForm, _run, _meeting_address)
def attendance(board_slug: str, meeting_id: int) -> Response:
    """Record who came: ``attendance-<person>``, ``deputy-<person>``, ``interest-<person>`` and ``seen-<person>``."""
    board, meeting = _run(board_slug, meeting_id)
    form = AttendanceForm(attendees(meeting.id), sent=True)
    if not form.check(meeting.on_day, clock.today()):
        return meeting_page(board, meeting, attendance=form, status=422)
    message = f"Saved: attendance on {weekday_date(meeting.on_day)}. {child_warning(form.written)}".strip()
    status = save_once(form, message, lambda: record_attendance(author(), meeting.id, form.entries))
    if status == SAVED:
        return after_saving(message, f"{_address_of(board, meeting)}#attendance")
    if status == STALE:
        form.show_current(attendees(meeting.id))
    return meeting_page(board, meeting, attendance=form, status=status)


def _at(board: BoardName) -> str:
    return url_for("meetings.all_meetings", board_slug=board.slug)


def _stale(board: BoardName, meeting_id: int, form: VersionedForm) -> Response:
    """Answer with both: what was typed in the form, and the meeting as someone else left it."""
    meeting = meeting_of(board.id, meeting_id)
    form.version.data = str(meeting.version)
    typed = {"form": form} if isinstance(form, MeetingForm) else {"cancel": form}
    return _page(board, changing=meeting_id, stale=meeting, status=409, **typed)


def _page(
    board: BoardName,
    *,
    changing: int | None = None,
    add: MeetingForm | None = None,
    form: MeetingForm | None = None,
    cancel: CancelForm | None = None,
    stale: MeetingLine | None = None,
    status: int = 200,
) -> Response:
    today, every = clock.today(), meetings(board.id)
    manages = may(actor(), Act.MANAGE_MEETINGS, board.id)
    opened = next((meeting for meeting in every if manages and meeting.id == changing), None)
    adding, cancelling = add or MeetingForm(formdata=None), cancel or CancelForm(formdata=None)
    changed = form or (MeetingForm(formdata=None).shown(opened) if opened else None)
    unsent = [("add", adding)] if manages and not add else []
    if opened and changed:
        unsent += [("change", changed)] if not form else []
        unsent += [("cancel", cancelling)] if not cancel else []
    drafts = take_up_each(**{name: (empty, _sent_to(name, board, opened)) for name, empty in unsent})
    return page(
        "governance/meetings/meetings.html",
        status=status,
        board=board,
        ahead=[meeting for meeting in every if meeting.on_day >= today],
        past=[meeting for meeting in reversed(every) if meeting.on_day < today],
        manages=manages,
        opened=opened,
        add=adding,
        form=changed,
        cancel=cancelling,
        drafts=drafts,
        stale=stale,
        has_errors=status == 422,
    )


def _sent_to(name: str, board: BoardName, meeting: MeetingLine | None) -> str:
    """Return the address that one of the page's three forms is sent to."""
    if meeting is None or name == "add":
        return url_for("meetings.add", board_slug=board.slug)
    return url_for(f"meetings.{name}", board_slug=board.slug, meeting_id=meeting.id)

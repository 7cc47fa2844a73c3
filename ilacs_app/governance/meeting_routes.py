"""The meetings of a board: listed for everybody who knows the board, kept by its officers and the administrator."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request, url_for

from .. import clock
from ..access import NotAllowed, NotKnown, requires
from ..db import transaction
from ..forms import VersionedForm
from ..history import Author
from ..people.commands import Refused, Stale, enter_once
from ..people.queries import BoardName
from ..plan.reach import board_for
from ..web import actor, after_saving, page
from .meeting_commands import cancel_meeting, change_meeting, set_meeting
from .meeting_forms import CancelForm, MeetingForm
from .meeting_queries import MeetingLine, may_keep_meetings, meetings

blueprint = Blueprint("meetings", __name__)
WHO_KEEPS = "Only the chair or secretary of this board, or the administrator, keeps its meetings."


@blueprint.get("/boards/<board_slug>/meetings")
@requires("belongs")
def all_meetings(board_slug: str) -> Response:
    """Every meeting; ``?change=`` opens one of them for its keepers."""
    board = board_for(actor(), board_slug)
    asked = request.args.get("change", "")
    return _page(board, changing=int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None)


@blueprint.post("/boards/<board_slug>/meetings")
@requires("belongs", writes=True)
def add(board_slug: str) -> Response:
    board = _kept(board_slug)
    form = MeetingForm()
    day = form.on
    if not form.check() or day is None:
        return _page(board, add=form, status=422)
    author = _me()
    return _saved(
        board,
        form,
        "Saved: the meeting is set.",
        lambda: set_meeting(author, board.id, day, form.time, form.place.data),
    ) or _page(board, add=form, status=422)


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/change")
@requires("belongs", writes=True)
def change(board_slug: str, meeting_id: int) -> Response:
    board = _kept(board_slug)
    meeting = _meeting(board, meeting_id)
    form = MeetingForm()
    day = form.on
    if not form.check() or day is None:
        return _page(board, changing=meeting.id, form=form, status=422)
    author, seen = _me(), form.seen_version or 0
    try:
        saved = _saved(
            board,
            form,
            "Saved: the meeting is changed.",
            lambda: change_meeting(author, meeting.id, seen, day, form.time, form.place.data),
        )
    except Stale:
        return _stale(board, meeting.id, form)
    return saved or _page(board, changing=meeting.id, form=form, status=422)


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/cancel")
@requires("belongs", writes=True)
def cancel(board_slug: str, meeting_id: int) -> Response:
    board = _kept(board_slug)
    meeting = _meeting(board, meeting_id)
    form = CancelForm()
    form.validate()
    author, seen = _me(), form.seen_version or 0
    try:
        saved = _saved(
            board,
            form,
            "Saved: the meeting is cancelled. Its row stays, with the reason.",
            lambda: cancel_meeting(author, meeting.id, seen, form.reason.data),
        )
    except Stale:
        return _stale(board, meeting.id, form)
    return saved or _page(board, changing=meeting.id, cancel=form, status=422)


def _kept(board_slug: str) -> BoardName:
    board = board_for(actor(), board_slug)
    if not may_keep_meetings(actor(), board.id):
        raise NotAllowed(WHO_KEEPS)
    return board


def _meeting(board: BoardName, meeting_id: int) -> MeetingLine:
    found = next((one for one in meetings(board.id) if one.id == meeting_id), None)
    if found is None:
        raise NotKnown(str(meeting_id))
    return found


def _me() -> Author:
    return Author(actor().id, actor().name)


def _saved(board: BoardName, form: MeetingForm | CancelForm, said: str, write: Callable[[], object]) -> Response | None:
    """The answer after saving; nothing where it was refused, with the reason said at the form's field."""
    try:
        with transaction():
            if not form.once.data or enter_once(actor().id, form.once.data, said) is None:
                write()
    except Refused as refusal:
        form.bad(form.on_day if isinstance(form, MeetingForm) else form.reason, str(refusal))
        return None
    return after_saving(said, url_for("meetings.all_meetings", board_slug=board.slug))


def _stale(board: BoardName, meeting_id: int, form: VersionedForm) -> Response:
    """Both stand in the answer: what was typed in the form, and the meeting as somebody else left it."""
    meeting = _meeting(board, meeting_id)
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
    keeps = may_keep_meetings(actor(), board.id)
    opened = next((one for one in every if keeps and one.id == changing), None)
    return page(
        "governance/meetings.html",
        status=status,
        board=board,
        ahead=[one for one in every if one.on_day >= today],
        past=[one for one in reversed(every) if one.on_day < today],
        keeps=keeps,
        opened=opened,
        add=add or MeetingForm(formdata=None),
        form=form or (MeetingForm(formdata=None).shown(opened) if opened else None),
        cancel=cancel or CancelForm(formdata=None),
        stale=stale,
        has_errors=status == 422,
    )

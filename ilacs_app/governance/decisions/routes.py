"""An item at a meeting: what the board decides on it is typed on its page, and so is what arises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, url_for
from wtforms import Field

from ilacs_app import clock
from ilacs_app.access import Act, requires
from ilacs_app.errors import NotKnown, Refused
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import SAVED, STALE, author, save_once, saved_before
from ilacs_app.governance.agenda.commands import begin_meeting
from ilacs_app.governance.agenda.queries import facts_at
from ilacs_app.governance.challenges.commands import NotTheirs
from ilacs_app.governance.decisions.commands import WrongDecision, add_action_arising, decide
from ilacs_app.governance.decisions.forms import ArisingForm, DecisionForm
from ilacs_app.governance.decisions.pages import item_page
from ilacs_app.governance.decisions.rules import DECISION_WORDS
from ilacs_app.governance.meetings.forms import BeginForm
from ilacs_app.governance.meetings.pages import meeting_agenda, meeting_page
from ilacs_app.governance.meetings.queries import MeetingLine, meeting_of, meeting_on
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.personal_data import child_warning
from ilacs_app.plan.names.pages import name_to_ask, who_sees_it
from ilacs_app.plan.visibility import board_for
from ilacs_app.web import actor, after_saving

blueprint = Blueprint("decisions", __name__)
ITEM = "/boards/<board_slug>/meetings/<item:meeting_id>/items/<key>"


@blueprint.get("/boards/<board_slug>/meetings/<day:on_day>/items/<key>")
@requires("belongs")
def item(board_slug: str, on_day: date, key: str) -> Response:
    board = board_for(actor(), board_slug)
    return item_page(board, meeting_on(board.id, on_day), key)


def _run(board_slug: str, meeting_id: int, key: str = "") -> tuple[BoardName, MeetingLine]:
    """Return the board and the meeting, for those who run it."""
    board = board_for(actor(), board_slug, to=Act.RUN_MEETING)
    return board, meeting_of(board.id, meeting_id)


def _where_it_opens(board_slug: str, meeting_id: int, key: str) -> str:
    board, meeting = _run(board_slug, meeting_id)
    return _item_address(board, meeting, key)


def _item_address(board: BoardName, meeting: MeetingLine, key: str) -> str:
    return url_for("decisions.item", board_slug=board.slug, on_day=meeting.on_day, key=key)


@blueprint.post("/boards/<board_slug>/meetings/<item:meeting_id>/begin")
@requires("belongs", writes=True)
def begin(board_slug: str, meeting_id: int) -> Response:
    """Begin the meeting: keep its agenda as it is now, and open the first item."""
    board, meeting = _run(board_slug, meeting_id)
    form = BeginForm()
    if not form.validate():
        return meeting_page(board, meeting, problem="Refresh the page and try again.", status=422)

    def write() -> None:
        begin_meeting(author(), meeting.id, facts_at(actor(), board.id, meeting.id, clock.today()))

    message = f"The meeting of the {board.name} has begun."
    status = save_once(form, message, write, further=True)
    if status != SAVED:
        problem = next(iter(form.form_errors), "Refresh the page and try again.")
        return meeting_page(board, meeting, problem=str(problem), status=status)
    agenda = meeting_agenda(board, meeting).agenda
    first = next(iter((*agenda.items, *agenda.exempt)), None)
    at = url_for("meetings.meeting", board_slug=board.slug, on_day=meeting.on_day)
    return after_saving(message, _item_address(board, meeting, first.key) if first else at)


@blueprint.post(f"{ITEM}/decisions")
@requires("belongs", writes=True)
@drafted(DecisionForm, _run, _where_it_opens)
def decide_item(board_slug: str, meeting_id: int, key: str) -> Response:
    """Record a decision: ``kind`` and ``words``, with ``earlier``, ``until``, ``board`` or ``corrects``.

    ``seen``, ``version`` and ``asked`` are what the page showed of earlier decisions, the action and its date change.
    """
    board, meeting = _run(board_slug, meeting_id)
    form = DecisionForm()
    back = f"{_item_address(board, meeting, key)}#decided"
    before = saved_before(form)
    if before is not None:
        return after_saving(before, back)
    if not form.check() or form.chosen is None:
        return _again(board, meeting, key, form=form, status=422)
    wish = form.wish(key, form.chosen)
    message = f"Saved: {DECISION_WORDS[wish.kind].label}. {child_warning(form.written)}".strip()

    def at(why: Refused) -> Field | None:
        return form[why.field] if isinstance(why, WrongDecision) and why.field != "kind" else None

    status = save_once(form, message, lambda: decide(author(), meeting.id, wish), at)
    return after_saving(message, back) if status == SAVED else _again(board, meeting, key, form=form, status=status)


@blueprint.post(f"{ITEM}/arising")
@requires("belongs", writes=True)
@drafted(ArisingForm, _run, _where_it_opens)
def arising(board_slug: str, meeting_id: int, key: str) -> Response:
    """Add an action that arises: ``task``, ``owner`` and ``due``. It becomes a question of the board."""
    board, meeting = _run(board_slug, meeting_id)
    form = ArisingForm()
    back = f"{_item_address(board, meeting, key)}#arisen"
    before = saved_before(form)
    if before is not None:
        return after_saving(before, back)
    complete, meant = form.check(clock.today()), name_to_ask(form, form.owner)
    wish = form.wish(key, meant.name)
    if not complete or wish is None or meant.candidates:
        return _again(board, meeting, key, arising=form, owners=meant.candidates, status=422)
    message = f"Action added. {who_sees_it(wish.owner)} {child_warning(form.written)}".strip()

    def at(why: Refused) -> Field | None:
        return form.owner if isinstance(why, NotTheirs) else None

    status = save_once(form, message, lambda: add_action_arising(author(), meeting.id, wish), at, further=True)
    if status != SAVED:
        return _again(board, meeting, key, arising=form, status=status)
    return after_saving(message, back)


def _again(
    board: BoardName,
    meeting: MeetingLine,
    key: str,
    *,
    form: DecisionForm | None = None,
    arising: ArisingForm | None = None,
    owners: Sequence[str] = (),
    status: int,
) -> Response:
    """Answer with the form as it was typed; with the page of the meeting where the item is on its agenda no more."""
    try:
        return item_page(board, meeting, key, form=form, arising=arising, owners=owners, status=status)
    except NotKnown:
        sent = form or arising
        typed = ". ".join(sent.written) if sent else ""
        why = next(iter(sent.form_errors), "") if sent else ""
        why = why or "This item is no longer on the agenda."
        gone = f"{why} {f'You entered: {typed}' if typed else ''}".strip()
        return meeting_page(board, meeting, problem=gone, status=STALE)

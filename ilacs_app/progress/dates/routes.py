"""New dates: how their words are read, which ones wait, and what is decided. Asking is part of an action's own form."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, request, url_for
from wtforms import Field

from ilacs_app import clock
from ilacs_app.access import ANY_PLAN, Act, check_may, may, requires, who_may
from ilacs_app.dates import clock_time, long_date
from ilacs_app.errors import NotAllowed, Refused
from ilacs_app.forms.drafts import drafted, take_up_each
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.saving import SAVED, STALE, author, save_once, saved_before
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.parsing.timescales import describe, read_timescale
from ilacs_app.plan.queries import board_parts
from ilacs_app.plan.visibility import anew, visible_action
from ilacs_app.plan.writing import hold
from ilacs_app.progress.dates.commands import WrongDate, agree_new_date, refuse_new_date, take_back_request
from ilacs_app.progress.dates.forms import DecideForm
from ilacs_app.progress.dates.queries import (
    WaitingDate,
    date_now,
    dates_asked,
    decided_as,
    last_decision,
    waiting_dates,
)
from ilacs_app.progress.dates.rules import REQUEST_STATES, needs_board, why_not_asked
from ilacs_app.progress.queries import action_for
from ilacs_app.rows.action_page import RejectedForm, action_page
from ilacs_app.text import tidy
from ilacs_app.web import actor, after_saving, fragment, local_address, page, wants_fragment

blueprint = Blueprint("dates", __name__)
LIST = "/date-requests"


@blueprint.get("/actions/<item:action_id>/date-requests/reading")
@requires("belongs")
def reading(action_id: int) -> Response:
    """How the words (``?words=``) would be read, and who would decide; nothing is saved."""
    visible_action(actor(), action_id)
    if not wants_fragment():
        return make_response(redirect(url_for("plan.action", action_id=action_id)))
    words, (at, near) = tidy(request.args.get("words")), date_now(action_id)
    asked = read_timescale(words, near)
    wrong = why_not_asked(at, asked, clock.today()) if words else None
    board = None
    if words and not wrong and needs_board(at, asked.due_on):
        row = action_row(actor(), action_id, clock.today())
        parts = board_parts([row.recommendation_id]).get(row.recommendation_id, ())
        board = f"the {parts[0].name}" if parts else "its lead board"
    said = describe(asked) if words and not wrong else None
    return fragment("progress/dates/_reading.html", wrong=wrong, reading=said, board=board)


@blueprint.get(LIST)
@requires("belongs")
def waiting() -> Response:
    """Every new date that waits, for the programme manager."""
    return _list()


def _decides(request_id: int) -> None:
    _, decider = decided_as(actor(), request_id)
    if not decider.manager:
        raise NotAllowed(who_may(Act.DECIDE_DATES))


def _where_it_opens(request_id: int) -> str:
    back = local_address(request.form.get("back")) or LIST
    return f"{LIST}#request-{request_id}" if back.startswith(LIST) else back


@blueprint.post("/date-requests/<item:request_id>/decide")
@requires("belongs", writes=True)
@drafted(DecideForm, _decides, _where_it_opens)
def decide(request_id: int) -> Response:
    who, form = actor(), DecideForm()
    action_id, decider = decided_as(who, request_id)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, _back(form, action_id))
    if not decider.manager:
        raise NotAllowed(who_may(Act.DECIDE_DATES))
    good = form.validate() and form.check_version(form.answer)
    by, seen = author(), form.seen_version or 0
    answer, words = form.answer.data, form.shorter.data or ""
    if answer not in {"agreed", "agreed_shorter", "refused"}:
        good = form.bad(form.answer, "Choose whether to agree the new date or to refuse it.")
    if answer == "agreed_shorter" and not words:
        good = form.bad(form.shorter, "Write the day or month that you agree to.")
    if form.shorter.data and answer in {"agreed", "refused"}:
        good = form.bad(form.shorter, "Choose “Agree this time” to agree to this, or clear it.")
    if form.refusal.data and answer in {"agreed", "agreed_shorter"}:
        good = form.bad(form.refusal, "Choose to refuse the new date with this reason, or clear it.")
    if not good:
        return _again(form, action_id, request_id, 422)
    said = _what_is_said(answer, action_id, request_id, words)

    def write() -> None:
        hold(action_id)
        _, now = decided_as(anew(who, clock.today()), request_id)
        if answer == "refused":
            refuse_new_date(by, request_id, seen, now, form.refusal.data or "")
        else:
            agree_new_date(by, request_id, seen, now, words if answer == "agreed_shorter" else "")

    return _decided(form, action_id, request_id, said, write)


def _what_is_said(answer: str, action_id: int, request_id: int, shorter: str) -> str:
    ref = action_row(actor(), action_id, clock.today()).ref
    if answer == "refused":
        return f"Saved: {ref} keeps its date. The new one is refused."
    asked = next((one for one in dates_asked(action_id) if one.id == request_id), None)
    words = shorter if answer == "agreed_shorter" or asked is None else asked.words
    return f"Saved: the new date of {ref} is agreed: {describe(read_timescale(words, date_now(action_id)[1]))}."


@blueprint.post("/date-requests/<item:request_id>/take-back")
@requires("belongs", writes=True)
def take_back(request_id: int) -> Response:
    who, form = actor(), DecideForm()
    action_id, decider = decided_as(who, request_id)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, _back(form, action_id))
    if not decider.asked:
        raise NotAllowed("Only who asked for a new date may take it back.")
    if not (form.validate() and form.check_version(form.answer)):
        return _again(form, action_id, request_id, 422)
    by, seen = author(), form.seen_version or 0

    def write() -> None:
        take_back_request(by, request_id, seen)

    return _decided(form, action_id, request_id, "Saved: the new date is taken back. The date stays as it is.", write)


def _decided(form: DecideForm, action_id: int, request_id: int, said: str, write: Callable[[], None]) -> Response:
    def at(why: Refused) -> Field:
        if form.answer.data == "refused":
            return form.refusal
        return form.shorter if isinstance(why, WrongDate) else form.answer

    status = save_once(form, said, write, at)
    if status != SAVED:
        return _again(form, action_id, request_id, status, _their_decision(request_id) if status == STALE else "")
    return after_saving(said, _back(form, action_id))


def _their_decision(request_id: int) -> str:
    state, who, at, says = last_decision(request_id)
    if state == "waiting":
        return "The request was changed. Load the page again."
    when = f", {long_date(clock.london_day(at))}, {clock_time(at)}" if at else ""
    return f"{REQUEST_STATES[state]}{f' by {who}' if who else ''}{when}.{f' {says}' if says else ''}"


def _back(form: HouseForm, action_id: int) -> str:
    return local_address(form.back.data) or url_for("plan.action", action_id=action_id)


def _again(form: DecideForm, action_id: int, request_id: int, status: int, theirs: str = "") -> Response:
    """The page that it was decided on, with every word kept; where somebody else decided, both stand there."""
    typed = RejectedForm(form, theirs, request_id)
    if _back(form, action_id).startswith(LIST):
        return _list(typed, status)
    action_for(actor(), action_id)
    return page("plan/action.html", status=status, has_errors=status == 422, **action_page(action_id, None, typed))


def _list(typed: RejectedForm | None = None, status: int = 200) -> Response:
    who, today = actor(), clock.today()
    check_may(who, Act.DECIDE_DATES, ANY_PLAN)
    waits = managed_dates()
    forms = {one.asked.id: DecideForm(formdata=None) for one in waits}
    left = {f"d{id_}": (form, url_for("dates.decide", request_id=id_)) for id_, form in forms.items()}
    if typed:
        forms[typed.at] = typed.form
        left.pop(f"d{typed.at}", None)
    return page(
        "progress/dates/waiting.html",
        status=status,
        waiting=waits,
        forms=forms,
        drafts=take_up_each(**left),
        typed=typed,
        today=today,
        has_errors=status == 422,
    )


def managed_dates() -> list[WaitingDate]:
    """Those that wait in the plans which this person manages."""
    who = actor()
    found = waiting_dates(who, clock.today())
    return [one for one in found if may(who, Act.DECIDE_DATES, one.row.plan_id)]

"""Date changes: how new words would be read, which requests are open, and the decision on one.

A new date is requested in the form of the action itself.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, request, url_for
from wtforms import Field

from ilacs_app import clock
from ilacs_app.access import ANY_PLAN, Act, check_may, may, requires, who_may
from ilacs_app.dates import clock_time, long_date
from ilacs_app.errors import NotAllowed, Refused
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.saving import SAVED, STALE, author, save_once, saved_before
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.parsing.timescales import describe, read_timescale
from ilacs_app.plan.visibility import visible_action
from ilacs_app.progress.dates.commands import (
    ONLY_ASKER,
    WrongDate,
    take_back_request,
)
from ilacs_app.progress.dates.deciders.commands import agree_new_date, refuse_new_date
from ilacs_app.progress.dates.deciders.queries import access_to_request, asked_reading, decisions_on
from ilacs_app.progress.dates.deciders.waiting import WaitingDate, managed_dates
from ilacs_app.progress.dates.forms import DecideForm
from ilacs_app.progress.dates.pages import decide_forms
from ilacs_app.progress.dates.queries import AskedDate, date_now, request_asked
from ilacs_app.progress.dates.rules import (
    REQUEST_STATES,
)
from ilacs_app.progress.queries import action_for
from ilacs_app.rows.action_page import RejectedForm, answer_action_page
from ilacs_app.text import tidy
from ilacs_app.web import actor, after_saving, fragment, local_address, page, wants_fragment

blueprint = Blueprint("dates", __name__)
LIST = "/date-requests"


@blueprint.get("/actions/<item:action_id>/date-requests/reading")
@requires("belongs")
def reading(action_id: int) -> Response:
    """Return how the words (``?words=``) would be read, and who would decide; nothing is saved."""
    visible_action(actor(), action_id)
    if not wants_fragment():
        return make_response(redirect(url_for("plan.action", action_id=action_id)))
    asked = asked_reading(action_id, tidy(request.args.get("words")), clock.today())
    return fragment("progress/dates/_reading.html", asked=asked)


@blueprint.get(LIST)
@requires("belongs")
def waiting() -> Response:
    """Every open request, for the programme manager."""
    return _list()


@blueprint.get(f"{LIST}/<item:request_id>")
@requires("belongs")
def one_request(request_id: int) -> Response:
    """One open request, with the form for those who decide; a closed one is on the page of its action."""
    access = access_to_request(actor(), request_id, clock.today())
    if access.asked.state != "waiting":
        return make_response(redirect(f"{url_for('plan.action', action_id=access.action_id)}#dates"))
    return _one(access.asked)


def _decides(request_id: int) -> None:
    access = access_to_request(actor(), request_id, clock.today())
    if not access.decider.may_open(access.board_ids):
        raise NotAllowed(who_may(Act.DECIDE_DATES))


def _where_it_opens(request_id: int) -> str:
    back = (local_address(request.form.get("back")) or LIST).partition("#")[0]
    return back if back.startswith("/actions/") else f"{back}#request-{request_id}"


@blueprint.post(f"{LIST}/<item:request_id>/decide")
@requires("belongs", writes=True)
@drafted(DecideForm, _decides, _where_it_opens)
def decide(request_id: int) -> Response:
    who, today, form = actor(), clock.today(), DecideForm()
    access = access_to_request(who, request_id, today)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, _back(form, access.action_id))
    if not access.decider.may_open(access.board_ids):
        raise NotAllowed(who_may(Act.DECIDE_DATES))
    if access.asked.state != "waiting":
        return _again(form, access.asked, 409, _their_decision(request_id))
    row = action_row(who, access.action_id, today)
    decision = decisions_on(who, [access.asked], {row.id: row}, today)[request_id]
    if not form.check(decision):
        return _again(form, access.asked, 422)
    by, seen, answer = author(), form.seen_version or 0, form.answer.data
    text = form.shorter.data if answer == "agreed_shorter" else ""

    def write() -> None:
        if answer == "refused":
            refuse_new_date(by, request_id, seen, form.refusal.data or "")
        else:
            agree_new_date(by, request_id, seen, earlier=text)

    scale = read_timescale(text or access.asked.words, date_now(access.action_id)[1])
    refused = f"Saved: new date refused. {row.ref} keeps its date."
    message = refused if answer == "refused" else f"Saved: new date agreed. {row.ref} is {describe(scale)}."
    return _save_decision(form, access.asked, message, write)


@blueprint.post(f"{LIST}/<item:request_id>/take-back")
@requires("belongs", writes=True)
def take_back(request_id: int) -> Response:
    access, form = access_to_request(actor(), request_id, clock.today()), DecideForm()
    before = saved_before(form)
    if before is not None:
        return after_saving(before, _back(form, access.action_id))
    if not access.decider.asked:
        raise NotAllowed(ONLY_ASKER)
    if not form.validate() or form.seen_version is None:
        form.form_errors.append("Refresh the page and try again.")
        return _again(form, access.asked, 422)
    by, seen = author(), form.seen_version or 0
    message = "Saved: request withdrawn. The current date applies."
    return _save_decision(form, access.asked, message, lambda: take_back_request(by, request_id, seen))


def _save_decision(form: DecideForm, asked: AskedDate, message: str, write: Callable[[], None]) -> Response:
    def at(why: Refused) -> Field | None:
        if isinstance(why, WrongDate) and form.answer.data == "agreed_shorter":
            return form.shorter
        return form.answer if isinstance(why, WrongDate) else None

    status = save_once(form, message, write, at)
    if status != SAVED:
        return _again(form, asked, status, _their_decision(asked.id) if status == STALE else "")
    return after_saving(message, _back(form, asked.action_id))


def _their_decision(request_id: int) -> str:
    theirs = request_asked(request_id)
    if theirs.state == "waiting":
        return "The request was changed. Refresh the page."
    by = f" by {theirs.decided_by}" if theirs.decided_by else ""
    at = (
        f", {long_date(clock.london_day(theirs.decided_at))}, {clock_time(theirs.decided_at)}"
        if theirs.decided_at
        else ""
    )
    return f"{REQUEST_STATES[theirs.state]}{by}{at}.{f' {theirs.says}' if theirs.says else ''}"


def _back(form: HouseForm, action_id: int) -> str:
    return local_address(form.back.data) or url_for("plan.action", action_id=action_id)


def _again(form: DecideForm, asked: AskedDate, status: int, theirs: str = "") -> Response:
    """Return the page with every word kept; where someone else decided, both decisions are shown."""
    typed, back = RejectedForm(form, theirs, asked.id), _back(form, asked.action_id)
    if back.partition("#")[0] == LIST and may(actor(), Act.DECIDE_DATES, ANY_PLAN):
        return _list(typed, status)
    if not back.startswith("/actions/"):
        return _one(request_asked(asked.id), typed, status)
    action_for(actor(), asked.action_id)
    return answer_action_page(asked.action_id, status, typed=typed)


def _one(asked: AskedDate, typed: RejectedForm | None = None, status: int = 200) -> Response:
    who, today = actor(), clock.today()
    row = action_row(who, asked.action_id, today)
    wait = WaitingDate(row, asked, decisions_on(who, [asked], {row.id: row}, today)[asked.id])
    return _page("progress/dates/request.html", [wait], typed, status, wait=wait)


def _list(typed: RejectedForm | None = None, status: int = 200) -> Response:
    if not may(actor(), Act.OPEN_MANAGE):  # an administrator reads the list
        check_may(actor(), Act.DECIDE_DATES, ANY_PLAN)
    return _page("progress/dates/waiting.html", managed_dates(actor(), clock.today()), typed, status)


def _page(
    template: str, waits: list[WaitingDate], typed: RejectedForm | None, status: int, wait: WaitingDate | None = None
) -> Response:
    sent = typed.form if typed and isinstance(typed.form, DecideForm) else None
    return page(
        template,
        status=status,
        waiting=waits,
        wait=wait,
        typed=typed,
        back=local_address(sent.back.data) if sent else None,
        today=clock.today(),
        has_errors=status == 422,
        **decide_forms(waits, sent, typed.at if typed else 0),
    )

"""Replying to a request for help and saying whether it helped, on the action's page or in My work."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, requires
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import SAVED, STALE, save_once, saved_before
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.rules import REPLY_DAYS
from ilacs_app.plan.visibility import anew
from ilacs_app.progress.help.commands import judge_help, reply_to_help
from ilacs_app.progress.help.forms import HelpForm
from ilacs_app.progress.help.queries import calls, calls_to_answer, open_calls
from ilacs_app.progress.help.rules import YES
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.rows.action_page import RejectedForm, answer_action_page, help_to_answer, waits_now
from ilacs_app.rows.saving import author_on
from ilacs_app.web import actor, after_saving, fragment, local_address, wants_fragment

blueprint = Blueprint("help", __name__)


def _may_send(action_id: int) -> ActionAccess:
    """Return the action, to someone who may send the form: the reply, or whether it helped."""
    return action_for(actor(), action_id, to=Act.WRITE if request.form.get("helped") else Act.ANSWER_HELP)


def _where_it_opens(action_id: int) -> str:
    return "/" if request.form.get("view") == "work" else f"{url_for('plan.action', action_id=action_id)}#help"


@blueprint.post("/actions/<item:action_id>/help")
@requires("belongs", writes=True)
@drafted(HelpForm, _may_send, _where_it_opens)
def reply(action_id: int) -> Response:
    """``reply`` answers the open requests of others; ``helped`` (yes or not_yet) judges the reply that applies."""
    form = HelpForm()
    before = saved_before(form)
    if before is not None:
        return _saved(action_id, form, before)
    _may_send(action_id)
    if not form.check():
        return _again(action_id, form, 422)
    message = _message(action_id, form)
    status = save_once(form, message, lambda: _write(action_id, form), form.reply, further=not form.judges)
    if status != SAVED:
        return _again(action_id, form, status, _theirs(action_id) if status == STALE else "")
    return _saved(action_id, form, message)


def _message(action_id: int, form: HelpForm) -> str:
    ref = action_row(actor(), action_id, clock.today()).ref
    open_call = open_calls([action_id]).get(action_id)
    if form.judges:
        replier = open_call.reply.who if open_call and open_call.reply else ""
        again = f"{replier or 'The person who replied'} will see that you still need help."
        return f"Saved: {ref}. " + ("The request for help is closed." if form.helped.data == YES else again)
    asker = open_call.who if open_call else "the person who asked"
    return f"Reply sent: {ref}. The request stays open until {asker} says it helped."


def _write(action_id: int, form: HelpForm) -> None:
    """Check again in the open transaction, with this person's current part in the action."""
    today = clock.today()
    who = anew(actor(), today)
    access = action_for(who, action_id)
    author = author_on(who, access)
    if form.judges:
        judge_help(author, action_id, access.standing, helped=form.helped.data == YES)
    else:
        reply_to_help(author, action_id, form.reply.data or "", access.standing)


def _theirs(action_id: int) -> str:
    """Return what became of the newest request meanwhile."""
    newest = next(iter(calls(action_id)), None)
    if newest is None:
        return "There is no request for help here."
    last = newest.reply
    if newest.is_open and last:
        return f"{last.judged_by} still needs help." if last.helped is False else f"{last.who} replied: {last.words}"
    if last and last.helped:
        return f"{last.judged_by} said that it helped."
    if last and newest.closed_at is None:
        return f"The request closed {REPLY_DAYS} days after {last.who} replied. If you still need help, ask again."
    return "The request is closed, because a later update says help is no longer needed."


def _again(action_id: int, form: HelpForm, status: int, theirs: str = "") -> Response:
    if wants_fragment() and form.view_name == "work":
        return _calls(status, RejectedForm(form, theirs, action_id), None)
    return answer_action_page(action_id, status, typed=RejectedForm(form, theirs))


def _saved(action_id: int, form: HelpForm, message: str) -> Response:
    if wants_fragment() and form.view_name == "work":
        return _calls(200, None, message)
    return after_saving(message, local_address(form.back.data) or url_for("plan.action", action_id=action_id))


def _calls(status: int, typed: RejectedForm | None, message: str | None) -> Response:
    """Answer the requests of My work as they are now, in their place."""
    waiting = calls_to_answer(actor(), clock.today())
    help_ = help_to_answer(waiting, typed)
    return fragment("progress/help/_calls.html", status=status, help=help_, waits=waits_now(), said=message)

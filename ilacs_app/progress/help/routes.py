"""Replying to a call for help, on the action's page or in My work."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.errors import NotAllowed
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import SAVED, STALE, save_once, saved_before
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.visibility import anew
from ilacs_app.progress.help.commands import reply_to_help
from ilacs_app.progress.help.forms import HelpForm
from ilacs_app.progress.help.queries import calls, calls_to_answer
from ilacs_app.progress.help.rules import why_not_reply
from ilacs_app.progress.queries import ActionAccess, access_to
from ilacs_app.rows.action_page import RejectedForm, action_page, replies
from ilacs_app.rows.writer import author_on
from ilacs_app.web import actor, after_saving, fragment, local_address, page, wants_fragment

blueprint = Blueprint("help", __name__)


def _asked(action_id: int) -> ActionAccess:
    stand = access_to(actor(), action_id, clock.today())
    if not stand.standing.may_reply:
        raise NotAllowed(why_not_reply(stand.standing, actor().id, ()) or "")
    return stand


def _where_it_opens(action_id: int) -> str:
    return "/" if request.form.get("view") == "work" else f"{url_for('plan.action', action_id=action_id)}#help"


@blueprint.post("/actions/<item:action_id>/help")
@requires("belongs", writes=True)
@drafted(HelpForm, _asked, _where_it_opens)
def reply(action_id: int) -> Response:
    """``reply`` ends the calls for help that others opened on this action."""
    who, today = actor(), clock.today()
    stand, form = access_to(who, action_id, today), HelpForm()
    before = saved_before(form)
    if before is not None:
        return _saved(action_id, form, before)
    if not stand.standing.may_reply:
        raise NotAllowed(why_not_reply(stand.standing, who.id, ()) or "")
    if not form.check():
        return _again(action_id, form, 422)
    said = (
        f"Saved: {action_row(who, action_id, today).ref} Your reply is on the action, and the call for help is closed."
    )
    status = save_once(form, said, lambda: _write(action_id, form), form.reply, further=True)
    if status != SAVED:
        return _again(action_id, form, status, _theirs(action_id) if status == STALE else "")
    return _saved(action_id, form, said)


def _write(action_id: int, form: HelpForm) -> None:
    """In the open transaction, by what this person is to the action at this moment."""
    today = clock.today()
    who = anew(actor(), today)
    stand = access_to(who, action_id, today)
    reply_to_help(author_on(who, stand), action_id, form.reply.data or "", stand.standing)


def _theirs(action_id: int) -> str:
    last = next(iter(calls(action_id)), None)
    if last is None:
        return "No call for help is open here."
    if not last.reply:
        return f"The call was closed without a reply, because {last.replied_by or 'somebody'} answered since."
    return f"{last.replied_by} replied: {last.reply}"


def _again(action_id: int, form: HelpForm, status: int, theirs: str = "") -> Response:
    if wants_fragment() and form.view_name == "work":
        return _calls(status, RejectedForm(form, theirs, action_id), None)
    typed = RejectedForm(form, theirs)
    return page("plan/action.html", status=status, has_errors=status == 422, **action_page(action_id, None, typed))


def _saved(action_id: int, form: HelpForm, said: str) -> Response:
    if wants_fragment() and form.view_name == "work":
        return _calls(200, None, said)
    return after_saving(said, local_address(form.back.data) or url_for("plan.action", action_id=action_id))


def _calls(status: int, typed: RejectedForm | None, said: str | None) -> Response:
    """The calls of My work as they are now, in their place."""
    waiting = calls_to_answer(actor(), clock.today())
    return fragment("progress/help/_calls.html", status=status, **replies(waiting, typed), said=said)

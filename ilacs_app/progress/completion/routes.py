"""Confirming the month of completion, on the page of the action."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from ilacs_app.access import requires
from ilacs_app.dates import month_year
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import SAVED, save_once, saved_before
from ilacs_app.progress.completion.commands import confirm_month
from ilacs_app.progress.completion.forms import MonthForm
from ilacs_app.progress.queries import action_for
from ilacs_app.rows.action_page import RejectedForm, answer_action_page
from ilacs_app.rows.saving import author_on, writable
from ilacs_app.web import actor, after_saving

blueprint = Blueprint("completion", __name__)


def _where_it_opens(action_id: int) -> str:
    return f"{url_for('plan.action', action_id=action_id)}#completion"


@blueprint.post("/actions/<item:action_id>/completion-month")
@requires("belongs", writes=True)
@drafted(MonthForm, writable, _where_it_opens)
def set_month(action_id: int) -> Response:
    """``month`` is the month and year in which it was completed."""
    form, back = MonthForm(), url_for("plan.action", action_id=action_id)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, back)
    by, seen = author_on(actor(), writable(action_id)), form.seen_version or 0
    month = form.completed_in if form.check() else None
    if month is None:
        return _again(action_id, form, 422)
    message = f"Saved: completed in {month_year(month)}."
    status = save_once(form, message, lambda: confirm_month(by, action_id, seen, month), form.month)
    return after_saving(message, back) if status == SAVED else _again(action_id, form, status)


def _again(action_id: int, form: MonthForm, status: int) -> Response:
    theirs = "Someone else changed this action while you were reading. Check the month, then save again."
    form.version.data = str(action_for(actor(), action_id).version)
    return answer_action_page(action_id, status, typed=RejectedForm(form, theirs if status == 409 else ""))

"""Routes that tick a stage of an action and reopen it."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from ilacs_app.access import requires
from ilacs_app.dates import long_date
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import SAVED, STALE, save_once, saved_before
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.stages.commands import tick_stage, untick_stage
from ilacs_app.progress.stages.forms import StageForm
from ilacs_app.progress.stages.queries import stages
from ilacs_app.rows.action_page import RejectedForm, answer_action_page
from ilacs_app.rows.saving import author_on, writable
from ilacs_app.web import actor, after_saving

blueprint = Blueprint("stages", __name__)


def _where_it_opens(action_id: int) -> str:
    return f"{url_for('plan.action', action_id=action_id)}#stages"


@blueprint.post("/actions/<item:action_id>/stages")
@requires("belongs", writes=True)
@drafted(StageForm, writable, _where_it_opens)
def set_stage(action_id: int) -> Response:
    """``stage`` is the stage's place, from 0; ``done`` is ``yes``, or ``no`` to open it again with a ``reason``."""
    who, form = actor(), StageForm()
    back = url_for("plan.action", action_id=action_id)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, back)
    stand = writable(action_id)
    done, by, seen = form.done.data == "yes", author_on(who, stand), form.seen_version or 0
    label = next((stage.label for stage in stages(action_id) if stage.position == form.position), "")
    message = f"Saved: the stage “{label}” is {'done' if done else 'open again'}."
    valid = form.validate() and form.check_version(form.reason)
    if done and form.reason.data:
        valid = form.bad(form.reason, "Write this in a note. A reason is only saved when you reopen a stage.")
    if not valid:
        return _again(action_id, form, 422)

    def write() -> None:
        if done:
            tick_stage(by, action_id, form.position, seen)
        else:
            untick_stage(by, action_id, form.position, seen, form.reason.data or "")

    status = save_once(form, message, write, form.reason)
    if status == STALE:
        form.version.data = str(action_for(who, action_id).version)
    if status != SAVED:
        return _again(action_id, form, status)
    return after_saving(message, back)


def _again(action_id: int, form: StageForm, status: int) -> Response:
    now = next((stage for stage in stages(action_id) if stage.position == form.position), None)
    stands = f"“{now.label}” is now {f'done, {long_date(now.done_on)}' if now.done_on else 'open'}." if now else ""
    theirs = f"{stands} The stages below are up to date.".strip() if status == STALE else ""
    return answer_action_page(action_id, status, typed=RejectedForm(form, theirs, form.position))

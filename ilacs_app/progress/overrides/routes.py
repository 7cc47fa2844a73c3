"""Overriding a rating, and removing the override."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from ilacs_app import clock
from ilacs_app.access import Act, check_may, requires
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import KEPT_THEIRS, SAVED, author, save_once, saved_before
from ilacs_app.forms.versioned import conflict_of
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.rules import BRAG_WORDS, Brag
from ilacs_app.plan.visibility import anew
from ilacs_app.progress.overrides.commands import NoReason, OverrideWish, override_rating
from ilacs_app.progress.overrides.forms import OverrideForm
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.rows.action_page import RejectedForm, answer_action_page
from ilacs_app.web import actor, after_saving

blueprint = Blueprint("overrides", __name__)


def _rated(action_id: int) -> ActionAccess:
    return action_for(actor(), action_id, to=Act.OVERRIDE_RATING)


def _where_it_opens(action_id: int) -> str:
    return f"{url_for('plan.action', action_id=action_id)}#rating"


@blueprint.post("/actions/<item:action_id>/rating")
@requires("belongs", writes=True)
@drafted(OverrideForm, _rated, _where_it_opens)
def set_rating(action_id: int) -> Response:
    """``brag`` is the rating, empty to go by the rule again; ``reason`` is shown with it."""
    who, today = actor(), clock.today()
    stand, form = action_for(who, action_id), OverrideForm()
    back = url_for("plan.action", action_id=action_id)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, back)
    check_may(who, Act.OVERRIDE_RATING, stand.standing)
    if form.gives_way:
        return after_saving(KEPT_THEIRS, back)
    form.offering(Brag, lift=True)
    decided = form.take(_theirs(action_id))
    if not (form.validate() and form.check_version(form.brag) and decided):
        return _again(action_id, form, 422)
    brag = form.brag.data or ""
    wish = OverrideWish(brag, form.seen_version or 0, form.reason.data or "")
    ref = action_row(who, action_id, today).ref
    message = (
        f"Saved: {ref} is {BRAG_WORDS.get(brag, brag)} until the next note."
        if brag
        else f"Saved: {ref} goes by the rule."
    )

    def write() -> None:
        facts = action_row(who, action_id, today).facts
        override_rating(author(), action_id, wish, facts, action_for(anew(who, today), action_id).standing)

    status = save_once(form, message, write, lambda why: form.reason if isinstance(why, NoReason) else form.brag)
    if status != SAVED:
        return _again(action_id, form, status)
    return after_saving(message, back)


def _theirs(action_id: int) -> OverrideForm:
    """The form as the rating is now."""
    row = action_row(actor(), action_id, clock.today())
    facts = row.facts
    form = OverrideForm(
        formdata=None, brag=facts.brag_override or "", reason=row.override_reason, version=str(row.version)
    )
    return form.offering(Brag, lift=True)


def _again(action_id: int, form: OverrideForm, status: int) -> Response:
    clash = conflict_of({"rating-form": form}, {"rating-form": _theirs(action_id)}, status)
    return answer_action_page(action_id, status, typed=RejectedForm(form, clash=clash))

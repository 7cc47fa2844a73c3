"""Setting a rating by judgement, and lifting it."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from .. import clock
from ..access import NotAllowed, requires
from ..plan.queries import action_row
from ..plan.rules import BRAG_WORDS
from ..saving import SAVED, STALE, me, save_once, saved_before
from ..web import actor, after_saving, page
from .listing import action_page
from .panel_listing import Typed
from .queries import stand_of
from .rating_commands import WHO_MAY, NoReason, RatingWish, override_rating
from .rating_forms import RatingForm
from .rating_rules import may_override

blueprint = Blueprint("ratings", __name__)


@blueprint.post("/actions/<item:action_id>/rating")
@requires("belongs", writes=True)
def set_rating(action_id: int) -> Response:
    """``brag`` is the rating, empty to go by the rule again; ``reason`` is shown with it."""
    who, today = actor(), clock.today()
    stand, form = stand_of(who, action_id, today), RatingForm()
    back = url_for("plan.action", action_id=action_id)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, back)
    if not may_override(stand.standing):
        raise NotAllowed(WHO_MAY)
    form.brag.choices = []
    if not (form.validate() and form.check_version(form.brag)):
        return _again(action_id, form, 422)
    brag = form.brag.data or ""
    wish = RatingWish(brag, form.seen_version or 0, form.reason.data or "")
    ref = action_row(who, action_id, today).ref
    said = (
        f"Saved: {ref} is {BRAG_WORDS.get(brag, brag)} until the next note."
        if brag
        else f"Saved: {ref} goes by the rule."
    )

    def write() -> None:
        facts = action_row(who, action_id, today).facts
        override_rating(me(), action_id, wish, facts, stand_of(who, action_id, today).standing)

    status = save_once(form, said, write, lambda why: form.reason if isinstance(why, NoReason) else form.brag)
    if status == STALE:
        row = action_row(who, action_id, today)
        form.version.data = str(row.version)
        theirs = f"It is now {BRAG_WORDS[row.brag]}{f': {row.override_reason}' if row.override_reason else ''}"
        return _again(action_id, form, STALE, theirs)
    if status != SAVED:
        return _again(action_id, form, status)
    return after_saving(said, back)


def _again(action_id: int, form: RatingForm, status: int, theirs: str = "") -> Response:
    typed = Typed(form, theirs)
    return page("plan/action.html", status=status, has_errors=status == 422, **action_page(action_id, None, typed))

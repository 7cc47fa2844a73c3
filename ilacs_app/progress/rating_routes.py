"""Setting a rating by judgement, and lifting it."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from .. import clock
from ..access import NotAllowed, requires
from ..db import transaction
from ..history import Author
from ..people.commands import Refused, Stale, enter_once
from ..people.queries import said_before
from ..plan.queries import action_row
from ..plan.rules import BRAG_WORDS
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
    before = said_before(who.id, form.once.data) if form.once.data else None
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
    try:
        with transaction():
            if not form.once.data or enter_once(who.id, form.once.data, said) is None:
                facts = action_row(who, action_id, today).facts
                now = stand_of(who, action_id, today)
                override_rating(Author(who.id, who.name), action_id, wish, facts, now.standing)
    except Refused as refusal:
        form.bad(form.reason if isinstance(refusal, NoReason) else form.brag, str(refusal))
        return _again(action_id, form, 422)
    except Stale:
        row = action_row(who, action_id, today)
        form.version.data = str(row.version)
        theirs = f"It is now {BRAG_WORDS[row.brag]}{f': {row.override_reason}' if row.override_reason else ''}"
        return _again(action_id, form, 409, theirs)
    return after_saving(said, back)


def _again(action_id: int, form: RatingForm, status: int, theirs: str = "") -> Response:
    typed = Typed(form, theirs)
    return page("plan/action.html", status=status, has_errors=status == 422, **action_page(action_id, None, typed))

"""Set and remove overrides of ratings. An override ends by itself at the next note."""

from __future__ import annotations

from dataclasses import dataclass

from ilacs_app import clock
from ilacs_app.access import Act, Standing, who_may
from ilacs_app.db import write_at
from ilacs_app.errors import Refused
from ilacs_app.history import Author, record
from ilacs_app.plan.model import Action
from ilacs_app.plan.rules import Facts, rating
from ilacs_app.progress.overrides.rules import why_not_set


@dataclass(frozen=True)
class OverrideWish:
    """An override that someone asks for, from the version they saw; an empty rating removes it."""

    brag: str
    version: int
    reason: str = ""


class NoReason(Refused):
    """An override needs a reason."""


def override_rating(by: Author, action_id: int, wish: OverrideWish, facts: Facts, standing: Standing) -> None:
    """Override a rating in place of the rule's, or remove the override.

    Raises:
        Refused: this person may not, or the rule does not allow it; the message says what it allows.
        Stale: the action was changed since the version that was seen.
    """
    today = clock.today()
    if not standing.may_override:
        raise Refused(who_may(Act.OVERRIDE_RATING))
    by_rule = rating(facts, today)[0]
    if wish.brag:
        wrong = why_not_set(wish.brag, facts, today)
        if wrong:
            raise Refused(wrong)
        if not wish.reason:
            raise NoReason("Enter why you are overriding the rating. Everyone who can see the action can read this.")
    elif facts.brag_override is None:
        raise Refused("The rating is already automatic. Refresh the page to see it.")
    action = write_at(
        Action,
        action_id,
        wish.version,
        returning=[Action.plan_id],
        brag_override=wish.brag or None,
        override_reason=wish.reason if wish.brag else "",
        override_by_id=by.person_id if wish.brag else None,
        override_on=today if wish.brag else None,
    )
    record(
        by,
        "rating_set" if wish.brag else "rating_lifted",
        plan_id=action.plan_id,
        action_id=action_id,
        about=f"{wish.brag}, where the rule says {by_rule}: {wish.reason}" if wish.brag else wish.reason,
        before={"brag": facts.brag_override},
        after={"brag": wish.brag or None},
    )

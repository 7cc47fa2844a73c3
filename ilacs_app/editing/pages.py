"""What the pages of several rooms of editing share: who may change what the address names."""

from __future__ import annotations

from flask import request

from ilacs_app.access import Act, check_may
from ilacs_app.editing.actions.queries import EditableAction, editable_action
from ilacs_app.errors import NotAllowed
from ilacs_app.plan.visibility import PlanHead, number_of, plan_for, recommendation_for, visible_action
from ilacs_app.text import whole_number
from ilacs_app.web import LARGEST_ID, actor


def recommendation_to_change(plan_slug: str, number: str) -> tuple[PlanHead, int, str]:
    """The plan, the recommendation's id and its number now, where they are this person's to change.

    A form names the id that it was drawn from (``item``): its number may have gone to another recommendation since.
    """
    head = plan_for(actor(), plan_slug, to=Act.EDIT_PLAN)
    item = whole_number(request.form.get("item"), LARGEST_ID)
    if item is not None:
        return head, item, number_of(actor(), head.id, item)
    return head, recommendation_for(actor(), head.id, number), number


def action_to_change(action_id: int) -> EditableAction:
    """The action, where it is this person's to change.

    Raises:
        NotAllowed: it is linked into another, which is changed instead; or they may only read it.
        NotKnown: they may not know of it.
    """
    visible_action(actor(), action_id)
    facts = editable_action(action_id)
    check_may(actor(), Act.EDIT_PLAN, facts.plan_id)
    if facts.linked:
        raise NotAllowed("This action is linked into another. Edit that one, or unlink them first.")
    return facts


def maker() -> None:
    """Go on only for someone who may create plans and add inspections."""
    check_may(actor(), Act.MAKE_PLANS)

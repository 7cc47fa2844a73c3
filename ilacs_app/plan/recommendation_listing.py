"""Which recommendation a page or a form is about. Beside ``routes`` (decision 0003): it reads the request."""

from __future__ import annotations

from flask import request

from ..forms import whole_number
from ..web import LARGEST_ID, actor
from .edit_queries import plan_to_change
from .reach import PlanHead, number_of, recommendation_for


def recommendation_to_change(plan_slug: str, number: str) -> tuple[PlanHead, int, str]:
    """The plan, the recommendation's id and its number now, where they are this person's to change.

    A form names the id that it was drawn from (``item``): its number may have gone to another recommendation since.
    """
    head = plan_to_change(actor(), plan_slug)
    item = whole_number(request.form.get("item"), LARGEST_ID)
    if item is not None:
        return head, item, number_of(actor(), head.id, item)
    return head, recommendation_for(actor(), head.id, number), number

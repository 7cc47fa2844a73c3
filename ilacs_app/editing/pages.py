"""What the pages of several rooms of editing share: who may, and a form beside what someone else saved."""

from __future__ import annotations

from flask import Response, request

from ilacs_app.access import Act, check_may
from ilacs_app.editing.inspections.forms import InspectionForm
from ilacs_app.editing.plans.forms import PlanForm
from ilacs_app.plan.visibility import PlanHead, number_of, plan_for, recommendation_for
from ilacs_app.text import whole_number
from ilacs_app.web import LARGEST_ID, actor, page


def recommendation_to_change(plan_slug: str, number: str) -> tuple[PlanHead, int, str]:
    """The plan, the recommendation's id and its number now, where they are this person's to change.

    A form names the id that it was drawn from (``item``): its number may have gone to another recommendation since.
    """
    head = plan_for(actor(), plan_slug, to=Act.EDIT_PLAN)
    item = whole_number(request.form.get("item"), LARGEST_ID)
    if item is not None:
        return head, item, number_of(actor(), head.id, item)
    return head, recommendation_for(actor(), head.id, number), number


def maker() -> None:
    """Go on only for someone who may create plans and add inspections."""
    check_may(actor(), Act.MAKE_PLANS)


def form_page(
    template: str,
    form: InspectionForm | PlanForm,
    theirs: InspectionForm | PlanForm | None,
    status: int,
    **more: object,
) -> Response:
    """Return the page of a form; if someone else saved first, with both texts and the version to save at now."""
    differences = form.clash(theirs) if theirs is not None else None
    return page(template, status=status, form=form, differences=differences, has_errors=status == 422, **more)

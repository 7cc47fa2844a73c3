"""What the pages that change many items share: who may, where they came from, and the newest such changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import request

from ilacs_app.access import Act
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.bulk.forms import ChoosingForm
from ilacs_app.editing.undo.queries import BulkChange, changed_lately
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import saved_before
from ilacs_app.plan.visibility import PlanHead, plan_for
from ilacs_app.web import actor, local_address


def plan_to_reassign(plan_slug: str) -> PlanHead:
    """Return the plan at this address, to someone who may reassign its items."""
    return plan_for(actor(), plan_slug, to=Act.REASSIGN)


def filtered(path: str) -> str:
    """The list at this address, with the filter in which items were chosen."""
    back = local_address(request.form.get("back")) or ""
    return back if back.startswith(f"{path}?") else path


def left(form: ChoosingForm, draft: KeptDraft | None) -> list[Chosen] | None:
    """Return what was chosen in a form that was not saved, if there is one."""
    return form.chosen(draft.fields.get("item", "")) if draft else None


def said_before(form: ChoosingForm) -> bool:
    """Return whether this form was saved already, so that the first answer is given again."""
    return "save" in request.form and saved_before(form) is not None


@dataclass(frozen=True)
class ListedChange:
    """A change of many items, and the address of its page."""

    address: str
    change: BulkChange


def lately(heads: Collection[PlanHead]) -> list[ListedChange]:
    """Return the newest changes of many items in these plans."""
    slugs = {plan.id: plan.slug for plan in heads}
    return [
        ListedChange(address=f"/plans/{slugs[change.line.plan_id or 0]}/together/{change.line.id}", change=change)
        for change in changed_lately(slugs)
    ]

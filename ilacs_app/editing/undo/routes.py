"""A change of many items undone as a whole: looked at first, then each item that no one changed since goes back."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from ilacs_app.access import Act, requires
from ilacs_app.editing.bulk.forms import MOST_ITEMS
from ilacs_app.editing.undo.commands import undo_together
from ilacs_app.editing.undo.pages import UNDONE
from ilacs_app.editing.undo.queries import changed_together, one_by_one
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.saving import SAVED, STALE, author, save_once
from ilacs_app.plan.visibility import PlanHead, plan_for
from ilacs_app.text import many
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("together", __name__)


@blueprint.get("/plans/<plan_slug>/together/<item:event_id>")
@requires("belongs")
def change(plan_slug: str, event_id: int) -> Response:
    return _change_page(plan_for(actor(), plan_slug, to=Act.EDIT_PLAN), event_id, HouseForm(formdata=None))


@blueprint.post("/plans/<plan_slug>/together/<item:event_id>")
@requires("belongs", writes=True)
def undo(plan_slug: str, event_id: int) -> Response:
    head, form, by = plan_for(actor(), plan_slug, to=Act.EDIT_PLAN), HouseForm(), author()
    every = one_by_one(changed_together(head.id, event_id).line)
    seen = request.form.getlist("item")[:MOST_ITEMS]
    if not form.validate():
        return _change_page(head, event_id, form, 422)
    stay = sum(isinstance(item.back, str) for item in every)
    message = f"{UNDONE}: {many(len(set(seen)), 'item')}.{' Later changes were left as they are.' if stay else ''}"

    def write() -> None:
        plan_for(actor(), head.slug, to=Act.EDIT_PLAN)
        undo_together(by, head.id, event_id, seen)

    status = save_once(form, message, write, further=True)
    if status != SAVED:
        return _change_page(head, event_id, form, status)
    return after_saving(message, url_for("together.change", plan_slug=plan_slug, event_id=event_id))


def _change_page(head: PlanHead, event_id: int, form: HouseForm, status: int = 200) -> Response:
    change = changed_together(head.id, event_id)
    items = one_by_one(change.line)
    return page(
        "editing/undo/together.html",
        status=status,
        plan=head,
        change=change,
        items=items,
        going=list(dict.fromkeys(item.seen for item in items if not isinstance(item.back, str))),
        form=form,
        stale=status == STALE,
        may=head.state != "closed",
        has_errors=status == 422,
    )

"""Repeated actions of a plan: offered, linked into one by the programme manager, and unlinked."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, url_for

from ilacs_app import clock
from ilacs_app.access import Act, requires
from ilacs_app.editing.twins.commands import link_twins, part_twin
from ilacs_app.editing.twins.forms import TwinForm
from ilacs_app.editing.twins.queries import linked_in, twins_of
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.plan.visibility import PlanHead, plan_for
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("twins", __name__)


@blueprint.get("/plans/<plan_slug>/twins")
@requires("belongs")
def all_twins(plan_slug: str) -> Response:
    return _page(plan_for(actor(), plan_slug, to=Act.EDIT_PLAN), TwinForm(formdata=None))


@blueprint.post("/plans/<plan_slug>/twins/link")
@requires("belongs", writes=True)
def link(plan_slug: str) -> Response:
    head, form = plan_for(actor(), plan_slug, to=Act.EDIT_PLAN), TwinForm()
    mine = {row.id for group in twins_of(actor(), head.id, clock.today()) for row in group}
    seen, keep_id = form.versions, form.chosen_id
    if not form.validate() or keep_id not in seen or not set(seen) <= mine:
        form.form_errors.append("Select which action to keep. If it is no longer listed, refresh the page")
        return _page(head, form, 422)
    by = author()
    others = {id_: version for id_, version in seen.items() if id_ != keep_id}

    def write() -> None:
        plan_for(actor(), head.slug, to=Act.EDIT_PLAN)
        link_twins(by, keep_id, others)

    return _saved(head, form, "Saved: linked into one action, shown in each recommendation", write)


@blueprint.post("/plans/<plan_slug>/twins/part")
@requires("belongs", writes=True)
def part(plan_slug: str) -> Response:
    head, form = plan_for(actor(), plan_slug, to=Act.EDIT_PLAN), TwinForm()
    twin, by, seen = form.chosen_id, author(), form.versions
    if not form.validate() or twin not in {linked.id for linked in linked_in(actor(), head.id)}:
        form.form_errors.append("This action is no longer linked")
        return _page(head, form, 422)

    def write() -> None:
        plan_for(actor(), head.slug, to=Act.EDIT_PLAN)
        part_twin(by, twin, seen.get(twin, 0))

    return _saved(head, form, "Saved: unlinked, as it was before", write)


def _saved(head: PlanHead, form: TwinForm, message: str, write: Callable[[], None]) -> Response:
    status = save_once(form, message, write, further=True)
    if status != SAVED:
        return _page(head, form, status)
    return after_saving(message, url_for("twins.all_twins", plan_slug=head.slug))


def _page(head: PlanHead, form: TwinForm, status: int = 200) -> Response:
    today = clock.today()
    return page(
        "editing/twins/twins.html",
        status=status,
        plan=head,
        form=form,
        groups=twins_of(actor(), head.id, today),
        linked=linked_in(actor(), head.id),
        stale=status == 409,
        today=today,
        has_errors=status == 422,
    )

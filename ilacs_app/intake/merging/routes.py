"""A newer file of a plan, merged into it difference by difference."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.errors import Refused, Stale
from ilacs_app.forms.saving import author, saved_before, write_once
from ilacs_app.intake.imports.forms import ImportForm
from ilacs_app.intake.imports.queries import import_of
from ilacs_app.intake.merging.commands import merge_plan_file
from ilacs_app.intake.merging.queries import plan_differences
from ilacs_app.intake.pages import place_of, shown
from ilacs_app.plan.visibility import anew
from ilacs_app.text import many
from ilacs_app.web import actor, after_saving, go_on

blueprint = Blueprint("merging", __name__, url_prefix="/import")


@blueprint.post("/<item:import_id>/merge")
@requires("belongs", writes=True)
def merge(import_id: int) -> Response:
    """Take the chosen differences into the plan: everything or nothing."""
    found, form = import_of(actor(), import_id), ImportForm()
    before = saved_before(form)
    if before is not None:
        return after_saving(before, f"/plans/{found.plan_slug}")
    if found.state != "read" or found.plan_id is None:
        return go_on(url_for("intake.one", import_id=found.id))
    asked = [one for one in plan_differences(found.plan_id, found.id) if one.asks]
    chosen = {one.key: request.form.get(f"take-{one.key}", "") for one in asked}
    open_still = [one for one in asked if chosen[one.key] not in {"file", "ours"}]
    if open_still or not form.validate() or form.seen_version is None:
        first = f", first {place_of(open_still[0])}" if open_still else ""
        says = f"Choose the file’s or ours for each line that differs{first}."
        return shown(found, status=422, says=says, chosen=chosen)
    by, seen = author(), form.seen_version
    taken = [key for key, whose in chosen.items() if whose == "file"]

    def write(_changed: bool) -> str:
        done = merge_plan_file(by, anew(actor(), clock.today()), found.id, seen, taken)
        return " ".join((f"Imported: {found.plan} takes {many(done.made, 'change')} of the file.", *done.left))

    try:
        saved = write_once(form, f"Imported: {found.plan}.", write)
    except Refused as refusal:
        return shown(found, status=422, says=str(refusal), chosen=chosen)
    except Stale:
        says = "The plan changed meanwhile. What differs now stands below, with your choices kept where they still fit."
        return shown(import_of(actor(), found.id), status=409, says=says, chosen=chosen)
    return after_saving(saved.said, f"/plans/{found.plan_slug}")

"""Merge a newer file into its plan, difference by difference."""

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
    """Import the chosen differences into the plan: everything or nothing."""
    upload, form = import_of(actor(), import_id), ImportForm()
    before = saved_before(form)
    if before is not None:
        return after_saving(before, f"/plans/{upload.plan_slug}")
    if upload.state != "read" or upload.plan_id is None:
        return go_on(url_for("intake.import_page", import_id=upload.id))
    to_decide = [difference for difference in plan_differences(upload.plan_id, upload.id) if difference.asks]
    chosen = {difference.key: request.form.get(f"take-{difference.key}", "") for difference in to_decide}
    undecided = [difference for difference in to_decide if chosen[difference.key] not in {"file", "ours"}]
    if undecided or not form.validate() or form.seen_version is None:
        first = f". Start with {place_of(undecided[0])}" if undecided else ""
        says = f"Select the file’s version or the current one for each difference{first}."
        return shown(upload, status=422, says=says, chosen=chosen)
    by, seen = author(), form.seen_version
    taken = [key for key, whose in chosen.items() if whose == "file"]

    def write(_changed: bool) -> str:
        merged = merge_plan_file(by, anew(actor(), clock.today()), upload.id, seen, taken)
        return " ".join((f"{many(merged.made, 'change')} imported into {upload.plan}.", *merged.left))

    try:
        saved = write_once(form, f"Imported into {upload.plan}.", write)
    except Refused as refusal:
        return shown(upload, status=422, says=str(refusal), chosen=chosen)
    except Stale:
        says = (
            "Someone else changed the plan. Check the differences below. We kept your choices where they still apply."
        )
        return shown(import_of(actor(), upload.id), status=409, says=says, chosen=chosen)
    return after_saving(saved.message, f"/plans/{upload.plan_slug}")

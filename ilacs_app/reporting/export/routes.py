"""Print a plan: exactly what its reader may see, in the form that they choose."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.errors import NotKnown
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.visibility import board_for, knows_board, plan_for
from ilacs_app.reporting.export.formats import MEDIA_TYPES, as_published, formats_here, printed
from ilacs_app.reporting.export.queries import cover_of, plan_check, plan_export, role_titles
from ilacs_app.reporting.export.table import CannotWrite
from ilacs_app.web import actor, as_download, page

blueprint = Blueprint("reporting", __name__)


@blueprint.get("/plans/<plan_slug>/export")
@requires("belongs")
def export(plan_slug: str) -> Response:
    who = actor()
    return page(
        "reporting/export/export.html",
        plan=plan_for(who, plan_slug),
        formats=formats_here(),
        boards=[board for board in boards() if knows_board(who, board.id)],
    )


@blueprint.get("/plans/<plan_slug>/export/file")
@requires("belongs")
def export_file(plan_slug: str) -> Response:
    """The file, always as a download. ``format``, ``board`` and ``published`` come from the form of the page."""
    who, today = actor(), clock.today()
    form = request.args.get("format", "docx")
    head = plan_for(who, plan_slug)
    if form not in formats_here():
        raise NotKnown(form)
    board = board_for(who, request.args["board"]) if request.args.get("board") else None
    out = plan_export(who, plan_slug, today, board_id=board.id if board else None)
    cover = cover_of(who, plan_slug, today, board=board.name if board else "")
    if request.args.get("published"):
        out = as_published(out, role_titles(plan_slug))
    try:
        data = printed(out, form, cover, data=current_app.config["ILACS"].data)
    except CannotWrite as refusal:
        return page("web/problem.html", status=422, title="This plan cannot be printed so", says=str(refusal))
    answer = Response(data, mimetype=MEDIA_TYPES[form])
    name = "-".join(part for part in (head.slug, board.slug if board else "", today.isoformat()) if part)
    return as_download(answer, f"{name}.{form}")


@blueprint.get("/plans/<plan_slug>/check")
@requires("belongs")
def check(plan_slug: str) -> Response:
    who, today = actor(), clock.today()
    head = plan_for(who, plan_slug)
    return page("reporting/check/check.html", plan=head, remarks=plan_check(who, plan_slug, today), today=today)

"""``ilacs plan export`` prints a plan back; ``ilacs plan check`` reads it as a critical friend."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ilacs_app import clock
from ilacs_app.access import OPERATOR
from ilacs_app.console import Failed, application
from ilacs_app.errors import NotKnown, Refused
from ilacs_app.people.boards.queries import board_by_slug, boards
from ilacs_app.reporting.export.formats import FORMATS, as_published, printed
from ilacs_app.reporting.export.queries import cover_of, role_titles
from ilacs_app.reporting.export.queries import plan_check as check_of
from ilacs_app.reporting.export.queries import plan_export as export_of
from ilacs_app.reporting.export.table import CannotWrite
from ilacs_app.text import many


@click.command("export")
@click.option("--plan", "slug", required=True, help="The plan's short address.")
@click.option("--format", "form", required=True, type=click.Choice(list(FORMATS)))
@click.option("--board", help="Only what this board governs, such as mash-board.")
@click.option("--as-published", "publish", is_flag=True, help="Role titles instead of names.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else stdout.")
def plan_export(slug: str, form: str, board: str | None, publish: bool, output: Path | None) -> None:
    """Print a plan as Word, Excel, CSV, PDF, or in the file contract as JSON."""
    with application() as app:
        found = board_by_slug(board) if board else None
        if board and found is None:
            raise Refused(f"There is no board “{board}”. Boards: {', '.join(b.slug for b in boards())}.")
        today = clock.today()
        try:
            out = export_of(OPERATOR, slug, today, board_id=found.id if found else None)
            cover = cover_of(OPERATOR, slug, today, board=found.name if found else "")
        except NotKnown:
            raise Refused(f"There is no plan called “{slug}”.") from None
        if publish:
            out = as_published(out, role_titles(slug))
        try:
            data = printed(out, form, cover, data=app.config["ILACS"].data)
        except CannotWrite as refusal:
            raise Failed(str(refusal)) from refusal
    if output is None:
        click.echo(data, nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Failed(f"{output} cannot be written: {error.strerror}.") from error


@click.command("check")
@click.option("--plan", "slug", required=True, help="The plan's short address.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan_check(slug: str, as_json: bool) -> None:
    """Read a plan as a critical friend would before it is submitted. A quiet list, never a gate."""
    with application():
        try:
            remarks = check_of(OPERATOR, slug, clock.today())
        except NotKnown:
            raise Refused(f"There is no plan called “{slug}”.") from None
    if as_json:
        click.echo(json.dumps([remark.to_json() for remark in remarks], ensure_ascii=False, indent=2))
        return
    for remark in remarks:
        click.echo(f"{remark.at}: {remark.says} {remark.why} {remark.do}")
    click.echo(f"{many(len(remarks), 'remark')}." if remarks else "Nothing to ask.")

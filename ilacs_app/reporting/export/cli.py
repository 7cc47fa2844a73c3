"""``ilacs plan export`` prints a plan; ``ilacs plan check`` suggests improvements to it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ilacs_app import clock
from ilacs_app.access import OPERATOR
from ilacs_app.console import Failed, application
from ilacs_app.errors import NotKnown, Refused
from ilacs_app.people.boards.queries import board_by_slug, boards
from ilacs_app.reporting.export.formats import FORMATS, PRINT_FORMS, REPORT_FORMATS, PrintRequest, print_plan
from ilacs_app.reporting.export.queries import plan_check as check_of
from ilacs_app.reporting.export.table import CannotWrite
from ilacs_app.text import many


@click.command("export")
@click.option("--plan", "slug", required=True, help="The plan's short address.")
@click.option("--format", "file_format", required=True, type=click.Choice(list(FORMATS)))
@click.option(
    "--form",
    type=click.Choice(list(PRINT_FORMS)),
    default="plan",
    show_default=True,
    help="The council's own table, or the progress report (Word, PDF and Excel).",
)
@click.option("--board", help="Only what this board governs, such as mash-board.")
@click.option("--as-published", "publish", is_flag=True, help="Replace names with job titles.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. Default: standard output.",
)
def plan_export(slug: str, file_format: str, form: str, board: str | None, publish: bool, output: Path | None) -> None:
    """Export a plan as Word, Excel, CSV, PDF or JSON."""
    if form == "progress" and file_format not in REPORT_FORMATS:
        raise click.UsageError("The progress report comes as docx, pdf or xlsx.")
    with application() as app:
        chosen = board_by_slug(board) if board else None
        if board and chosen is None:
            raise Refused(f"There is no board “{board}”. Boards: {', '.join(b.slug for b in boards())}.")
        today = clock.today()
        request = PrintRequest(
            slug, file_format, form, chosen.id if chosen else None, chosen.name if chosen else "", publish
        )
        try:
            data = print_plan(OPERATOR, request, today, data=app.config["ILACS"].data)
        except NotKnown:
            raise Refused(f"There is no plan called “{slug}”. Use the name in the address of its page.") from None
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
    """Suggest improvements to a plan before it is submitted. You do not have to act on them."""
    with application():
        try:
            remarks = check_of(OPERATOR, slug, clock.today())
        except NotKnown:
            raise Refused(f"There is no plan called “{slug}”. Use the name in the address of its page.") from None
    if as_json:
        click.echo(json.dumps([remark.to_json() for remark in remarks], ensure_ascii=False, indent=2))
        return
    for remark in remarks:
        click.echo(f"{remark.at}: {remark.says} {remark.why} {remark.do}")
    click.echo(f"{many(len(remarks), 'suggestion')}." if remarks else "No suggestions.")

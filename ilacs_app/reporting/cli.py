"""``ilacs plan export``: print a plan back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .. import clock
from ..access import OPERATOR, NotKnown
from ..cli import Failed, application
from ..people.commands import Refused
from ..people.queries import board_by_slug, boards
from .queries import plan_export as export_of


@click.command("export")
@click.option("--plan", "slug", required=True, help="The plan's short address.")
@click.option("--format", "form", required=True, type=click.Choice(["json"]))
@click.option("--board", help="Only what this board governs, such as mash-board.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; else stdout.")
def plan_export(slug: str, form: str, board: str | None, output: Path | None) -> None:
    """Print a plan in the file contract, with each action's timeliness and rating added."""
    with application():
        board_id = None
        if board:
            found = board_by_slug(board)
            if found is None:
                raise Refused(f"There is no board “{board}”. Boards: {', '.join(b.slug for b in boards())}.")
            board_id = found.id
        try:
            out = export_of(OPERATOR, slug, clock.today(), board_id=board_id).to_json()
        except NotKnown:
            raise Refused(f"There is no plan called “{slug}”.") from None
    printed = json.dumps(out, ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(printed, nl=False)
        return
    try:
        output.write_text(printed, encoding="utf-8")
    except OSError as error:
        raise Failed(f"{output} cannot be written: {error.strerror}.") from error

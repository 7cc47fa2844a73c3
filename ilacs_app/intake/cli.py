"""``ilacs plan import``: look at a council's file, or take it in."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import click
from flask import current_app

from .. import clock
from ..cli import Failed, application
from ..db import transaction
from ..history import Author
from ..people.commands import Refused
from ..people.queries import active_people, person_by_email, plain_name
from ..plan.commands import check_slug
from ..plan.format import PlanFile
from ..progress.store import EvidenceStore
from ..settings import Settings
from .import_commands import Destination, confirm_new_plan, keep_plan_file, keep_reading
from .plan_file import NotAPlan, read_apart
from .reading import Choices, Reading


class Day(click.ParamType[date]):
    """A day written as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is not a day. Write it as YYYY-MM-DD, such as 2018-02-22.", param, ctx)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "slug", help="The plan's short address, such as improvement-plan-2026.")
@click.option("--dated", type=Day(), help="The plan's own date; today if left out.")
@click.option("--as", "email", help="The account for whom this is done.")
@click.option("--yes", is_flag=True, help="Write it. Without this the differences are shown and nothing is written.")
@click.option("--dry-run", is_flag=True, help="Only read the file.")
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: print what was read as JSON.")
def plan_import(
    file: Path,
    slug: str | None,
    dated: date | None,
    email: str | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read a Word, Excel or CSV plan, and with --plan and --yes take it in."""
    if dry_run:
        if yes or slug:
            raise click.UsageError("--dry-run only reads: leave --yes and --plan out.")
        _moved_clock()
        dated_on = dated or clock.today()
        read = _read(file, dated_on).plan(dated_on)
        if as_json:
            click.echo(json.dumps(read.to_json(), ensure_ascii=False, indent=2))
        else:
            _tell(read)
        return
    if as_json:
        raise click.UsageError("--json goes with --dry-run.")
    if not slug:
        raise click.UsageError("Name the plan with --plan, or only look with --dry-run.")
    with application():
        dated_on = dated or clock.today()
        by = _author(email)
        reading = _read(file, dated_on)
        read = reading.plan(dated_on)
        try:
            check_slug(slug)
        except Refused as refusal:
            raise Refused(f"{refusal} Name it with --plan.") from refusal
        _tell(read)
        if any(problem.severity == "error" for problem in read.problems):
            raise Refused("Nothing was written, because of the errors above. Correct the file, then import it again.")
        if not yes:
            click.echo(f"Nothing was written. Add --yes to make the plan “{slug}” of this.")
            return
        _take_in(by, file, reading, Destination(dated_on, slug=slug))
        _tell_unreached(read)
        click.echo(f"Imported as “{slug}”: {_sizes(read)}. The plan is live.")


def _moved_clock() -> None:
    """Looking at a file needs no data folder; a moved day still holds."""
    settings = Settings.from_env(data=Path())
    clock.move_today(settings.today)


def _read(file: Path, dated_on: date) -> Reading:
    try:
        return read_apart(file, dated_on)
    except NotAPlan as refusal:
        raise Failed(str(refusal)) from refusal


def _take_in(by: Author, file: Path, reading: Reading, into: Destination) -> None:
    """Make a live plan and keep its file, both or neither."""
    store: EvidenceStore = current_app.extensions["evidence"]
    try:
        with file.open("rb") as stream:
            stored = store.put(stream)
    except OSError as refusal:
        raise Failed(str(refusal)) from refusal
    try:
        with transaction():
            import_id = keep_plan_file(by, file.name, stored, into)
            keep_reading(by, import_id, 1, reading, Choices())
            confirm_new_plan(by, import_id, 2, state="live")
    except BaseException:
        store.discard(stored.key)
        raise


def _author(email: str | None) -> Author:
    if email is None:
        return Author(None, "command line", "command line")
    known = person_by_email(email)
    if known is None:
        raise Refused(f"There is no account for {email}. Leave --as out, or add the account first.")
    return Author(known[0], known[1], f"command line, for {email}")


def _sizes(read: PlanFile) -> str:
    return f"{len(read.recommendations)} recommendations, {len(read.actions)} actions"


def _tell(read: PlanFile) -> None:
    counts = read.counts
    click.echo(f"{read.source.file}: {_sizes(read)}")
    click.echo(
        f"Dates understood: {counts['dated']}. Periods: {counts['window']}. Ongoing: {counts['ongoing']}. "
        f"Not understood: {counts['not_understood']}. None given: {counts['none']}."
    )
    unknown = [column.heading for column in read.columns if column.field is None]
    if unknown:
        click.echo(f"Columns kept beside the others: {', '.join(unknown)}.")
    for problem in read.problems:
        click.echo(f"{problem.severity}: {problem.at}: {problem.says} {problem.do}")
    for recommendation in read.recommendations:
        click.echo(
            f"+ {recommendation.number}: {len(recommendation.actions)} actions, {', '.join(recommendation.boards)}"
        )


def _tell_unreached(read: PlanFile) -> None:
    known = Counter(plain_name(name) for _, name, _ in active_people())
    named = dict.fromkeys(
        name
        for recommendation in read.recommendations
        for name in (*recommendation.leads, *(owner for action in recommendation.actions for owner in action.owners))
    )
    nobody = [name for name in named if known[plain_name(name)] != 1]
    if nobody:
        click.echo(f"warning: these names reach no account, so nobody receives their letters: {', '.join(nobody)}.")

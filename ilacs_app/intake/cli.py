"""``ilacs plan import``: look at a council's file, or take it in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from flask import current_app

from ilacs_app import clock
from ilacs_app.access import OPERATOR
from ilacs_app.console import Failed, application
from ilacs_app.db import transaction
from ilacs_app.errors import Refused
from ilacs_app.files.store import EvidenceStore, Stored
from ilacs_app.history import Author
from ilacs_app.intake.imports.commands import (
    Destination,
    confirm_new_plan,
    discard_unnamed,
    keep_plan_file,
    keep_reading,
)
from ilacs_app.intake.merging.commands import Merged, merge_plan_file
from ilacs_app.intake.merging.differences import Change, differences
from ilacs_app.intake.merging.queries import last_file, plan_called, plan_now
from ilacs_app.intake.reader.choices import Choices, Reading, ReadyPlan
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.explain import explained_lines, how_sure
from ilacs_app.intake.reader.plan import ColumnsNotFound
from ilacs_app.intake.reader.problems import FIELD_WORDS
from ilacs_app.intake.reader.read import read_apart
from ilacs_app.people.queries import active_people, person_by_email
from ilacs_app.plan.commands import check_slug
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS, PlanFile
from ilacs_app.settings import Settings
from ilacs_app.text import plain_name


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


_MEANINGS = (*HEADINGS, *FURTHER_HEADINGS)


def _columns(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Headings and what they were said to mean, from ``HEADING=meaning``."""
    said: dict[str, str] = {}
    for one in given:
        heading, equals, meaning = one.rpartition("=")
        heading, meaning = " ".join(heading.split()), meaning.strip()
        if not equals or not heading or meaning not in _MEANINGS:
            raise click.BadParameter(f"“{one}” is not HEADING=meaning. A meaning is one of {', '.join(_MEANINGS)}.")
        if heading in said or meaning in said.values():
            raise click.BadParameter(f"“{one}” says a heading or a meaning for the second time. Say each once.")
        said[heading] = meaning
    return said


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "slug", help="The plan's short address, such as improvement-plan-2026.")
@click.option("--dated", type=Day(), help="The plan's own date; today if left out.")
@click.option("--as", "email", help="The account for whom this is done.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    callback=_columns,
    metavar="HEADING=MEANING",
    help=f"What a column is, for each one that is not recognised. Meanings: {', '.join(_MEANINGS)}.",
)
@click.option("--yes", is_flag=True, help="Write it. Without this the differences are shown and nothing is written.")
@click.option("--dry-run", is_flag=True, help="Only read the file.")
@click.option(
    "--explain", is_flag=True, help="Only read the file, and print its first rows with what each was taken for."
)
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: print what was read as JSON.")
def plan_import(
    file: Path,
    slug: str | None,
    dated: date | None,
    email: str | None,
    columns: dict[str, str],
    yes: bool,
    dry_run: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Read a Word, Excel or CSV plan, and with --plan and --yes take it in."""
    if dry_run or explain:
        if yes or slug:
            raise click.UsageError("--dry-run and --explain only read: leave --yes and --plan out.")
        if explain and as_json:
            raise click.UsageError("--explain prints text: leave --json out.")
        _moved_clock()
        dated_on = dated or clock.today()
        reading = _read(file, dated_on, columns)
        read = reading.plan(dated_on)
        if as_json:
            click.echo(json.dumps(read.to_json(), ensure_ascii=False, indent=2))
        elif explain:
            click.echo("\n".join(explained_lines(reading.explained, FIELD_WORDS)))
        else:
            _tell(read)
            _tell_columns(read)
        return
    if as_json:
        raise click.UsageError("--json goes with --dry-run.")
    if not slug:
        raise click.UsageError("Name the plan with --plan, or only look with --dry-run.")
    with application():
        dated_on = dated or clock.today()
        by = _author(email)
        reading, choices = _read(file, dated_on, columns), Choices(columns)
        read = reading.plan(dated_on)
        plan_id = plan_called(slug)
        if plan_id is None:
            check_slug(slug)
        _tell(read, recommendations=plan_id is None)
        if any(problem.severity == "error" for problem in read.problems):
            raise Refused("Nothing was written, because of the errors above. Correct the file, then import it again.")
        if plan_id is not None:
            _import_again(by, file, reading, choices, Destination(dated_on, plan_id), slug, yes=yes)
            return
        if not yes:
            click.echo(f"Nothing was written. Add --yes to make the plan “{slug}” of this.")
            return
        _take_in(by, file, reading, choices, Destination(dated_on, slug=slug))
        _tell_unreached(read)
        click.echo(f"Imported as “{slug}”: {_sizes(read)}. The plan is live.")


def _import_again(
    by: Author, file: Path, reading: Reading, choices: Choices, into: Destination, slug: str, *, yes: bool
) -> None:
    """Show how the file differs from the plan that there is; with ``yes`` take what only the file changed."""
    read = reading.plan(into.dated_on)
    found = differences(plan_now(into.plan_id or 0), read.recommendations, last_file(into.plan_id or 0), read.fields)
    for one in found:
        click.echo(f"{_CHANGES[one.change]} {one.ref or one.number} {one.name}: “{one.ours}” → “{one.theirs}”")
    asked = [one for one in found if one.asks]
    if not asked:
        click.echo(f"Nothing differs from “{slug}” that has to be decided, and nothing was written.")
    elif not yes:
        click.echo("Nothing was written. Add --yes to take what was added or changed in the file alone.")
    elif any(not one.proposed for one in asked):
        raise Refused(
            "Nothing was written: the lines marked ! were changed in the file and here. Choose between them on the "
            "page Import a plan, or with another --plan make a plan of its own."
        )
    else:
        done = _merge(by, file, reading, choices, into, [one.key for one in asked if one.proposed == "file"])
        for left in done.left:
            click.echo(f"warning: {left}")
        click.echo(f"Imported into “{slug}”: {done.made} changes. What is no longer in the file stays in the plan.")


_CHANGES = {Change.ADDED: "+", Change.REMOVED: "-", Change.FILE: ">", Change.HERE: "<", Change.BOTH: "!"}


def _moved_clock() -> None:
    """Looking at a file needs no data folder; a moved day still holds."""
    settings = Settings.from_env(data=Path())
    clock.move_today(settings.today)


def _read(file: Path, dated_on: date, columns: dict[str, str]) -> Reading:
    try:
        reading = read_apart(file, dated_on, columns)
    except ColumnsNotFound as refusal:
        raise Failed(f'{refusal} To say it: --column "HEADING=action".') from refusal
    except NotAPlan as refusal:
        raise Failed(str(refusal)) from refusal
    chosen = {column.heading for column in reading.columns if column.how == "chosen"}
    for heading in columns:
        if heading not in chosen:
            there = ", ".join(f"“{column.heading}”" for column in reading.columns)
            raise Failed(f"There is no column “{heading}” in {file.name}. Its columns are {there}.")
    return reading


def _take_in(by: Author, file: Path, reading: Reading, choices: Choices, into: Destination) -> None:
    """Make a live plan and keep its file, both or neither."""
    plan = reading.plan(into.dated_on, choices)
    ready = ReadyPlan(2, plan, reading.key, into.dated_on, into.title, into.slug)
    with _kept(file) as stored, transaction():
        import_id = keep_plan_file(by, file.name, stored, into)
        keep_reading(by, import_id, 1, reading, choices)
        confirm_new_plan(by, import_id, 2, ready, state="live")


def _merge(by: Author, file: Path, reading: Reading, choices: Choices, into: Destination, taken: list[str]) -> Merged:
    """Take changes into a plan and keep the file, both or neither."""
    with _kept(file) as stored, transaction():
        import_id = keep_plan_file(by, file.name, stored, into)
        keep_reading(by, import_id, 1, reading, choices)
        return merge_plan_file(by, OPERATOR, import_id, 2, taken)


@contextmanager
def _kept(file: Path) -> Iterator[Stored]:
    """The file in the evidence store; taken out again if what follows fails and is not in the record."""
    store: EvidenceStore = current_app.extensions["evidence"]
    try:
        with file.open("rb") as stream:
            stored = store.put(stream)
    except OSError as refusal:
        raise Failed(str(refusal)) from refusal
    try:
        yield stored
    except BaseException:
        discard_unnamed(store, stored.key)
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


def _tell(read: PlanFile, *, recommendations: bool = True) -> None:
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
    for recommendation in read.recommendations if recommendations else ():
        click.echo(
            f"+ {recommendation.number}: {len(recommendation.actions)} actions, {', '.join(recommendation.boards)}"
        )


def _tell_columns(read: PlanFile) -> None:
    """How sure we are of each column, and of the values that are guesses."""
    for column in read.columns:
        taken = FIELD_WORDS.get(column.field or "", "kept beside the plan")
        click.echo(f"“{column.heading}”: {taken}, {how_sure(column.how, column.certainty)}. {_sentence(column.why)}")
    guessed = sum(action.timescale.guessed or action.status_guessed for action in read.actions)
    if guessed:
        click.echo(f"Actions with a date or status to check: {guessed} of {len(read.actions)}.")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}" if words else ""


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

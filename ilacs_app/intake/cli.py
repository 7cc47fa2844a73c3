"""``ilacs plan import``: read a council's file, or import it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
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
from ilacs_app.intake.checking.answers import answers_for
from ilacs_app.intake.imports.commands import (
    Destination,
    confirm_new_plan,
    discard_unnamed,
    keep_plan_file,
    keep_reading,
)
from ilacs_app.intake.imports.queries import council_answers
from ilacs_app.intake.merging.commands import Merged, merge_plan_file
from ilacs_app.intake.merging.differences import Change, differences
from ilacs_app.intake.merging.queries import last_file, plan_called, plan_now
from ilacs_app.intake.reader.choices import Choices, Reading, ReadyPlan
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.explain import explained_lines, how_sure
from ilacs_app.intake.reader.plan import ColumnsNotFound
from ilacs_app.intake.reader.problems import COLUMN_NAMES
from ilacs_app.intake.reader.read import read_apart
from ilacs_app.people.queries import active_people, person_by_email
from ilacs_app.plan.commands import check_slug
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS, PlanFile
from ilacs_app.settings import Settings
from ilacs_app.text import many, plain_name


class Day(click.ParamType[date]):
    """A date written as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is not a date. Enter it as YYYY-MM-DD, like 2018-02-22.", param, ctx)


_MEANINGS = (*HEADINGS, *FURTHER_HEADINGS)


def _columns(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Headings and the fields given for them, from ``HEADING=MEANING``."""
    fields: dict[str, str] = {}
    for pair in given:
        heading, equals, meaning = pair.rpartition("=")
        heading, meaning = " ".join(heading.split()), meaning.strip()
        if not equals or not heading or meaning not in _MEANINGS:
            raise click.BadParameter(f"“{pair}” is not HEADING=MEANING. Meanings: {', '.join(_MEANINGS)}.")
        if heading in fields or meaning in fields.values():
            raise click.BadParameter(f"“{pair}” repeats a heading or a meaning. Give each once.")
        fields[heading] = meaning
    return fields


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "slug", help="The plan's short address, like improvement-plan-2026.")
@click.option("--dated", type=Day(), help="The date of the plan. Default: today.")
@click.option("--as", "email", help="The email of the account to record as the author.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    callback=_columns,
    metavar="HEADING=MEANING",
    help=f"What a column is, if it is not recognised. Meanings: {', '.join(_MEANINGS)}.",
)
@click.option("--yes", is_flag=True, help="Import the file. Without this, only show the differences.")
@click.option("--dry-run", is_flag=True, help="Only read the file.")
@click.option("--explain", is_flag=True, help="Only read the file. Print its first rows and what each is read as.")
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: print the result as JSON.")
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
    """Read a Word, Excel, OpenDocument or CSV plan. With --plan and --yes, import it."""
    if dry_run or explain:
        if yes or slug:
            raise click.UsageError("--dry-run and --explain only read the file. Remove --yes and --plan.")
        _only_read(file, dated, columns, explain=explain, as_json=as_json)
        return
    if as_json:
        raise click.UsageError("--json needs --dry-run.")
    if not slug:
        raise click.UsageError("Add --plan with the plan's short address, or --dry-run to only read the file.")
    with application():
        dated_on = dated or clock.today()
        by = _author(email)
        plan_id = plan_called(slug)
        before = council_answers(plan_id) if plan_id is not None else Choices()
        reading = _read(file, dated_on, columns, before.columns)
        choices = answers_for(reading, replace(before, columns={**before.columns, **columns}))
        read = reading.plan(dated_on, choices)
        if plan_id is None:
            check_slug(slug)
        _tell(read, recommendations=plan_id is None)
        if any(problem.severity == "error" for problem in read.problems):
            raise Refused("Nothing was imported. Fix the errors above in the file, then import it again.")
        reading = reading.with_guesses_marked()
        if plan_id is not None:
            into = Destination(dated_on, plan_id)
            _import_again(by, file, reading, choices, into, slug, yes=yes)
            return
        if not yes:
            click.echo(f"Nothing was imported. Add --yes to make the plan “{slug}”.")
            return
        _take_in(by, file, reading, choices, Destination(dated_on, slug=slug))
        _tell_unreached(read)
        _tell_guesses(read)
        click.echo(f"Imported as “{slug}”: {_sizes(read)}. The plan is live.")


def _only_read(file: Path, dated: date | None, columns: dict[str, str], *, explain: bool, as_json: bool) -> None:
    """Print how a file is read, and write nothing."""
    if explain and as_json:
        raise click.UsageError("--explain prints text. Remove --json.")
    _moved_clock()
    dated_on = dated or clock.today()
    reading = _read(file, dated_on, columns)
    read = reading.plan(dated_on)
    if as_json:
        click.echo(json.dumps(read.to_json(), ensure_ascii=False, indent=2))
    elif explain:
        click.echo("\n".join(explained_lines(reading.explained, COLUMN_NAMES)))
    else:
        _tell(read)
        _tell_columns(read)


GUESSES = frozenset({"column_guess", "layout_guess"})


def _tell_guesses(read: PlanFile) -> None:
    """Print again, after an import, which columns and layouts were guesses, and how to put a wrong one right."""
    guesses = [problem.says for problem in read.problems if problem.kind in GUESSES]
    if guesses:
        click.echo(
            f"Check what we had to guess. {' '.join(guesses)} Dates from a guessed column are marked as not certain. "
            'If a column is something else, import the file again with --column "HEADING=MEANING" and another --plan.',
            err=True,
        )


def _import_again(
    by: Author,
    file: Path,
    reading: Reading,
    choices: Choices,
    into: Destination,
    slug: str,
    *,
    yes: bool,
) -> None:
    """Show how the file differs from its plan; with ``yes`` import what only the file changed."""
    read, plan_id = reading.plan(into.dated_on, choices), into.plan_id or 0
    every = differences(plan_now(plan_id), read.recommendations, last_file(plan_id), read.fields)
    for change in every:
        where = f"{_CHANGES[change.change]} {change.ref or change.number} {change.name}"
        click.echo(f"{where}: “{change.ours}” → “{change.theirs}”")
    to_decide = [change for change in every if change.asks]
    if not to_decide:
        click.echo(f"No differences from “{slug}” to decide. Nothing was imported.")
    elif not yes:
        click.echo("Nothing was imported. Add --yes to import what was added or changed in the file only.")
    elif any(not change.proposed for change in to_decide):
        raise Refused(
            "Nothing was imported. The lines marked ! were changed both in the file and in the plan. Choose between "
            "them on the page Import a plan, or use another --plan to make a new plan."
        )
    else:
        taken = [change.key for change in to_decide if change.proposed == "file"]
        merged = _merge(by, file, reading, choices, into, taken)
        for left in merged.left:
            click.echo(f"warning: {left}")
        _tell_guesses(read)
        click.echo(
            f"{many(merged.made, 'change')} imported into “{slug}”. Items that are not in the file stay in the plan."
        )


_CHANGES = {Change.ADDED: "+", Change.REMOVED: "-", Change.FILE: ">", Change.HERE: "<", Change.BOTH: "!"}


def _moved_clock() -> None:
    """Move the clock if the settings say so; reading a file needs no data folder."""
    settings = Settings.from_env(data=Path())
    clock.move_today(settings.today)


def _read(file: Path, dated_on: date, columns: dict[str, str], before: Mapping[str, str] | None = None) -> Reading:
    """Read a file, with the fields given for its columns, and those given for an earlier file's (``before``)."""
    try:
        reading = read_apart(file, dated_on, {**(before or {}), **columns})
    except ColumnsNotFound as refusal:
        raise Failed(f'{refusal} Name it with --column "HEADING=action".') from refusal
    except NotAPlan as refusal:
        raise Failed(str(refusal)) from refusal
    chosen = {column.heading for column in reading.columns if column.how == "chosen"}
    for heading in columns:
        if heading not in chosen:
            headings = ", ".join(f"“{column.heading}”" for column in reading.columns)
            raise Failed(f"{file.name} has no column “{heading}”. Its columns are {headings}.")
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
    """Merge changes into a plan and keep the file, both or neither."""
    with _kept(file) as stored, transaction():
        import_id = keep_plan_file(by, file.name, stored, into)
        keep_reading(by, import_id, 1, reading, choices)
        return merge_plan_file(by, OPERATOR, import_id, 2, taken)


@contextmanager
def _kept(file: Path) -> Iterator[Stored]:
    """Store the file, and delete it again if what follows fails and is not in the record."""
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
        raise Refused(f"There is no account for {email}. Add the account first, or remove --as.")
    return Author(known.id, known.name, f"command line, for {email}")


def _sizes(read: PlanFile) -> str:
    return f"{many(len(read.recommendations), 'recommendation')}, {many(len(read.actions), 'action')}"


def _tell(read: PlanFile, *, recommendations: bool = True) -> None:
    counts = read.counts
    click.echo(f"{read.source.file}: {_sizes(read)}")
    click.echo(
        f"Dates understood: {counts['dated']}. Periods: {counts['window']}. Ongoing: {counts['ongoing']}. "
        f"Not understood: {counts['not_understood']}. None given: {counts['none']}."
    )
    unknown = [column.heading for column in read.columns if column.field is None]
    if unknown:
        click.echo(f"Columns kept as extra: {', '.join(unknown)}.")
    for problem in read.problems:
        click.echo(f"{problem.severity}: {problem.at}: {problem.says} {problem.do}")
    for recommendation in read.recommendations if recommendations else ():
        number = len(recommendation.actions)
        parts = ("1 action" if number == 1 else f"{number} actions", *recommendation.boards)
        click.echo(f"+ {recommendation.number}: {', '.join(parts)}")


def _tell_columns(read: PlanFile) -> None:
    """Print how sure the reading of each column is, and how many values are guesses."""
    for column in read.columns:
        taken = COLUMN_NAMES.get(column.field or "", "extra column")
        click.echo(f"“{column.heading}”: {taken}, {how_sure(column.how, column.certainty)}. {_sentence(column.why)}")
    guessed = sum(action.timescale.guessed or action.status_guessed for action in read.actions)
    if guessed:
        click.echo(f"Actions with a date or status to check: {guessed} of {len(read.actions)}.")


def _sentence(phrase: str) -> str:
    return f"{phrase[:1].upper()}{phrase[1:]}{'' if phrase.endswith('.') else '.'}" if phrase else ""


def _tell_unreached(read: PlanFile) -> None:
    known = Counter(plain_name(person.name) for person in active_people())
    named = dict.fromkeys(
        name
        for recommendation in read.recommendations
        for name in (*recommendation.leads, *(owner for action in recommendation.actions for owner in action.owners))
    )
    nobody = [name for name in named if known[plain_name(name)] != 1]
    if nobody:
        click.echo(f"warning: These names have no account, so they get no emails: {', '.join(nobody)}.")

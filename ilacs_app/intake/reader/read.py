"""The one way from a council's plan file to a plan, for the command line and the web import alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from ilacs_app.intake.reader.choices import Reading
from ilacs_app.intake.reader.mapping import map_plan
from ilacs_app.intake.reader.readers import Grid, read_grids
from ilacs_app.intake.reader.sandbox import grids_apart
from ilacs_app.intake.reader.tables import ColumnsNotFound
from ilacs_app.plan.plan_file import FileSource, PlanFile


def read_plan(path: Path, plan_dated_on: date) -> PlanFile:
    """Read a Word, Excel or CSV file of our own as a plan; `plan_dated_on` is the plan's own date.

    Raises NotAPlan, whose message is one sentence for the reader with what to do, where the file is missing,
    damaged, not what its name says, or holds no table with the needed columns. Writes nothing.
    """
    return _reading(read_grids(path), path, plan_dated_on).plan(plan_dated_on)


def read_apart(path: Path, plan_dated_on: date, columns: Mapping[str, str] | None = None) -> Reading:
    """Read a file that somebody else made: its limits first, then its cells in a process of their own.

    `columns` are headings with the fields that somebody chose for them. Raises NotAPlan as `read_plan` does, and
    where the file holds or asks for more than a plan may; ColumnsNotFound where a needed column is not known.
    """
    return _reading(grids_apart(path), path, plan_dated_on, columns)


def read_or_ask(path: Path, plan_dated_on: date, columns: Mapping[str, str]) -> Reading:
    """As `read_apart`; where a needed column is not known, the columns that there are, no row, and what is asked."""
    try:
        return read_apart(path, plan_dated_on, columns)
    except ColumnsNotFound as asked:
        return Reading(_source(path), asked.columns, (), (asked.problem,), asked.column_names, {})


def read_plan_apart(path: Path, plan_dated_on: date) -> PlanFile:
    """The plan that `read_apart` reads, with what there is to look at."""
    return read_apart(path, plan_dated_on).plan(plan_dated_on)


def _reading(
    grids: Sequence[Grid], path: Path, plan_dated_on: date, columns: Mapping[str, str] | None = None
) -> Reading:
    mapped = map_plan(grids, path.name, plan_dated_on, columns)
    return Reading(
        _source(path),
        mapped.columns,
        mapped.recommendations,
        mapped.problems,
        mapped.column_names,
        mapped.key,
    )


def _source(path: Path) -> FileSource:
    return FileSource(path.name, path.suffix.lower().removeprefix("."))

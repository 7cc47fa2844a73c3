"""The one way from a council's plan file to a plan, for the command line and the web import alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ilacs_app.intake.reader.choices import Reading
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.plan import ColumnsNotFound, plan_from, source_of_file
from ilacs_app.intake.reader.sandbox import document_apart
from ilacs_app.plan.plan_file import PlanFile

__all__ = ["ColumnsNotFound", "NotAPlan", "plan_from", "read_apart", "read_or_ask", "read_plan", "read_plan_apart"]


def read_plan(path: Path, plan_dated_on: date) -> PlanFile:
    """Read a Word, Excel or CSV file of our own as a plan; `plan_dated_on` is the plan's own date.

    Raises NotAPlan, whose message is one sentence for the reader with what to do, where the file is missing,
    damaged, not what its name says, or holds nothing that looks like a plan. Writes nothing.
    """
    return plan_from(read_document(path), plan_dated_on).plan(plan_dated_on)


def read_apart(path: Path, plan_dated_on: date, columns: Mapping[str, str] | None = None) -> Reading:
    """Read a file that someone else made: its limits first, then its contents in a process of their own.

    `columns` are headings with the fields that someone chose for them. Raises NotAPlan as `read_plan` does, and
    where the file holds or asks for more than a plan may; ColumnsNotFound where no column is known as the actions.
    """
    return plan_from(document_apart(path), plan_dated_on, columns=columns)


def read_or_ask(path: Path, plan_dated_on: date, columns: Mapping[str, str]) -> Reading:
    """Read as `read_apart` does; if no column is recognised as the actions, return the columns and the question."""
    try:
        return read_apart(path, plan_dated_on, columns)
    except ColumnsNotFound as asked:
        source = source_of_file(path.name)
        return Reading(source, asked.columns, (), (asked.problem,), asked.column_names, {}, asked.explained)


def read_plan_apart(path: Path, plan_dated_on: date) -> PlanFile:
    """The plan that `read_apart` reads, with what there is to look at."""
    return read_apart(path, plan_dated_on).plan(plan_dated_on)

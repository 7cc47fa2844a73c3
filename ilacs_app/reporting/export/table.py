"""A plan as the table that a council prints: its own headings in its own order, one row for each action.

Pure. What is here is what every printed form (Word, Excel, CSV, PDF) writes, and what our own import reads back.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ilacs_app.dates import long_date
from ilacs_app.plan.parsing.statuses import read_status
from ilacs_app.plan.plan_file import (
    FURTHER_HEADINGS,
    HEADINGS,
    OF_RECOMMENDATION,
    FileAction,
    FileColumn,
    FileRecommendation,
    PlanFile,
    neutral,
)
from ilacs_app.text import one_line, printable

ONCE = frozenset({"number", *OF_RECOMMENDATION})
"""The fields whose cells are in a recommendation's first row and are empty below."""
KEY_FIELDS = frozenset({"number", "recommendation"})
NEEDED = ("recommendation", "action")
_SHARES = {
    "number": 3,
    "ref": 5,
    "recommendation": 13,
    "action": 15,
    "timescale": 7,
    "note": 13,
    "impact": 13,
    "status": 6,
    "brag": 6,
}


@dataclass(frozen=True)
class TableLine:
    """One row. ``first`` begins a recommendation, whose own cells are in it and are empty below.

    ``of`` says whose row it is: ``Action 3.4``, or ``Recommendation 3`` for one before the first action.
    """

    cells: tuple[str, ...]
    first: bool
    of: str = ""


@dataclass(frozen=True)
class Table:
    """Headings, the field of each column (none for one of the council's own), and the rows.

    ``name`` is that of the sheet in Excel, ``points`` the size of the print.
    """

    columns: tuple[FileColumn, ...]
    lines: tuple[TableLine, ...]
    name: str = "Plan"
    points: int = 10

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)

    @property
    def shares(self) -> tuple[int, ...]:
        """How wide each column is beside the others."""
        return tuple(_SHARES.get(column.field or "", 8) for column in self.columns)

    def of_recommendation(self, at: int) -> bool:
        """Return whether the column at ``at`` (from 0) speaks of the whole recommendation."""
        return self.columns[at].field in ONCE

    @property
    def groups(self) -> Iterator[tuple[int, int]]:
        """For each recommendation its first row and the row after its last, from 0."""
        starts = [at for at, line in enumerate(self.lines) if line.first]
        yield from zip(starts, [*starts[1:], len(self.lines)][: len(starts)], strict=True)


def table_of(plan: PlanFile) -> Table:
    """The table of a plan, its words made printable.

    A column that the plan lacks is added only where something would be lost without it.
    """
    columns = tuple(_columns(plan))
    lines = [line for recommendation in plan.recommendations for line in _lines(recommendation, columns)]
    headed = (replace(column, heading=printable(column.heading)) for column in columns)
    return Table(tuple(headed), tuple(replace(line, cells=tuple(map(printable, line.cells))) for line in lines))


def _columns(plan: PlanFile) -> Iterator[FileColumn]:
    own = list(plan.columns) or [FileColumn(heading, field, "exact") for field, heading in HEADINGS.items()]
    known = {column.field for column in own}
    if "number" not in known and [r.number for r in plan.recommendations] != [
        str(n) for n in range(1, len(plan.recommendations) + 1)
    ]:
        yield FileColumn(HEADINGS["number"], "number", "exact")
    yield from own
    for field in (*HEADINGS, *FURTHER_HEADINGS):
        if field not in known and field != "number" and (field in NEEDED or _says_more(plan, field)):
            yield FileColumn({**HEADINGS, **FURTHER_HEADINGS}[field], field, "exact")
    headed = {column.heading for column in own}
    extras: dict[str, None] = {}
    for recommendation in plan.recommendations:
        for extra in (recommendation.extra, *(action.extra for action in recommendation.actions)):
            extras.update(dict.fromkeys(extra))
    fields = known | set(HEADINGS) | set(FURTHER_HEADINGS)
    yield from (FileColumn(name, None, "unknown") for name in extras if name not in headed and name not in fields)


def _says_more(plan: PlanFile, field: str) -> bool:
    """Return whether the plan has text for a field without a column."""
    if field == "status":
        return any(a.status_text and not a.note.startswith(a.status_text) for a in plan.actions)
    if field == "ref":
        return any(
            a.ref != f"{recommendation.number}.{n}"
            for recommendation in plan.recommendations
            for n, a in enumerate(recommendation.actions, 1)
        )
    if field in ONCE:
        return any(_of_recommendation(recommendation, field) for recommendation in plan.recommendations)
    return any(_of_action(action, field) for action in plan.actions)


def _lines(recommendation: FileRecommendation, columns: Sequence[FileColumn]) -> Iterator[TableLine]:
    """The rows of a recommendation; text of its own without an action gets a row before its actions."""
    head = [_of_recommendation(recommendation, column.field) if column.field else "" for column in columns]
    beside = [recommendation.extra.get(column.field or column.heading, "") for column in columns]
    first = True
    if any(beside) or not recommendation.actions:
        yield TableLine(
            tuple(own or more for own, more in zip(head, beside, strict=True)),
            True,
            f"Recommendation {recommendation.number}",
        )
        first = False
    for action in recommendation.actions:
        cells = (
            (_of_action(action, column.field) if column.field else action.extra.get(column.heading, ""))
            or (head[at] if first else "")
            for at, column in enumerate(columns)
        )
        yield TableLine(tuple(cells), first, f"Action {action.ref}")
        first = False


def _of_recommendation(recommendation: FileRecommendation, field: str) -> str:
    match field:
        case "number":
            return recommendation.number
        case "recommendation":
            return recommendation.text
        case "leads" | "monitoring" | "measures" | "link_plans" | "boards":
            return "\n".join(getattr(recommendation, field))
        case "partnership_focus" | "impact":
            return str(getattr(recommendation, field))
        case _:
            return ""


def _of_action(action: FileAction, field: str) -> str:
    match field:
        case "action":
            return action.text
        case "ref":
            return action.ref
        case "timescale":
            return action.timescale.text
        case "note":
            return action.note
        case "owners":
            return "\n".join(action.owners)
        case "status":
            return _status_cell(action)
        case "brag":
            return action.brag_text or ""
        case "evidence":
            return action.evidence or ""
        case _:
            return ""


def _status_cell(action: FileAction) -> str:
    """Return the status words; empty if they came from the note, which says more."""
    alone = read_status(action.status_text)
    return (
        ""
        if alone.completed_on != action.completed_on and action.note.startswith(action.status_text)
        else (action.status_text)
    )


LONGEST_PROPERTY = 255
NO_TITLE = "Improvement plan"


class CannotWrite(ValueError):
    """The plan does not fit into this kind of file; the message names one that it fits."""


@dataclass(frozen=True)
class Cover:
    """What is printed around the table: the plan's title, the council, whose items, the day, and the key in words."""

    title: str
    council: str
    board: str
    as_at: date
    key: tuple[tuple[str, str], ...]

    @property
    def printable(self) -> Cover:
        """The same without what no file can hold."""
        key = tuple((printable(word), printable(means)) for word, means in self.key)
        title = one_line(self.title) or NO_TITLE
        return Cover(title, one_line(self.council), one_line(self.board), self.as_at, key)

    @property
    def line(self) -> str:
        """``Northmoor Council. MASH Board. As at 14 May 2026.``"""
        parts = (self.council, self.board, f"As at {long_date(self.as_at)}")
        return ". ".join(part for part in parts if part) + "."


def csv_file(table: Table) -> bytes:
    """UTF-8 with a byte order mark, for Excel; cells that a spreadsheet would take for formulas are made harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(neutral(heading) for heading in table.headings)
    for line in table.lines:
        writer.writerow(neutral(cell) for cell in line.cells)
    return out.getvalue().encode("utf-8-sig")

"""What every row and column of a file was taken for, and why: for the check page and for ``--explain``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

SHOWN_ROWS = 40
ROLES: Mapping[str, str] = {
    "heading": "headings",
    "recommendation": "recommendation",
    "action": "action",
    "continues": "goes on with the row above",
    "above": "above the table",
    "left_out": "left out",
    "blank": "",
}


@dataclass(frozen=True)
class ExplainedColumn:
    """One column: where it is, its heading, the field it was taken for, and the next best fields, best first."""

    at: str
    heading: str
    field: str | None
    how: str
    certainty: float
    why: str
    also: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ExplainedRow:
    """One row: its address, what it was taken for (a key of ROLES) and why; its cells for the first rows of a grid."""

    at: str
    role: str
    why: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExplainedGrid:
    """One table or sheet as its author sees it. ``is_plan`` is False for one left out, with ``why``.

    ``begins`` are the first words of one left out, and ``do`` says how to take it in.
    """

    at: str
    layout: str
    is_plan: bool
    certainty: float
    why: str
    columns: tuple[ExplainedColumn, ...]
    rows: tuple[ExplainedRow, ...]
    begins: str = ""
    do: str = ""


@dataclass(frozen=True)
class Explained:
    """A whole file, grid by grid."""

    grids: tuple[ExplainedGrid, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Explained:
        return cls(tuple(_grid(grid) for grid in stored.get("grids", ())))


def _grid(stored: Mapping[str, Any]) -> ExplainedGrid:
    columns = (
        ExplainedColumn(**{**column, "also": tuple((name, weight) for name, weight in column["also"])})
        for column in stored["columns"]
    )
    rows = (ExplainedRow(**{**row, "cells": tuple(row["cells"])}) for row in stored["rows"])
    return ExplainedGrid(**{**stored, "columns": tuple(columns), "rows": tuple(rows)})


def explained_lines(explained: Explained, field_words: Mapping[str, str]) -> Iterator[str]:
    """The lines that ``--explain`` prints: each grid, its columns with how sure we are, its first rows."""
    for grid in explained.grids:
        name = grid.at or "The table"
        yield f"{name[:1].upper()}{name[1:]}: {'the plan' if grid.is_plan else 'left out'} ({grid.why})."
        if not grid.is_plan:
            yield from (f"  {line}" for line in (begins_with(grid.begins), grid.do) if line)
            continue
        for column in grid.columns:
            taken = field_words.get(column.field or "", "kept beside the plan")
            yield f"  {column.at} “{column.heading}”: {taken}, {how_sure(column.how, column.certainty)}: {column.why}"
        for row in grid.rows[:SHOWN_ROWS]:
            if row.role == "blank":
                continue
            why = f" ({row.why})" if row.why else ""
            yield f"  {row.at}: {ROLES[row.role]}{why}: {_short(row.cells)}"


def begins_with(first_words: str) -> str:
    """Return the sentence that names a table by its first words; nothing where it has none."""
    return f"It begins “{first_words}”." if first_words else ""


def how_sure(how: str, certainty: float) -> str:
    """Return how a column was known and how sure that is, in words."""
    if how == "chosen":
        return "as you chose"
    sure = (
        "certain"
        if certainty >= 0.95
        else "nearly certain"
        if certainty >= 0.8
        else "likely"
        if certainty >= 0.6
        else "a guess"
    )
    by = {"exact": "by its name", "synonym": "by its heading", "contents": "by its cells", "guess": "to be checked"}
    return f"{sure}, {by[how]}" if how in by else sure


def _short(cells: Sequence[str]) -> str:
    line = " | ".join(" ".join(cell.split()) for cell in cells)
    return line if len(line) <= 140 else f"{line[:139]}…"

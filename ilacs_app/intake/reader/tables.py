"""Which of a file's grids are the plan, and what their columns mean (product rule: section 7).

What is not recognised keeps its own heading; what somebody chose goes before what we read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.headings import field_of
from ilacs_app.intake.reader.readers import Grid, GridRow
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS, FileColumn, FileProblem, How

NEEDED = ("recommendation", "action")
CERTAINTY = ("chosen", "exact", "synonym", "guess", "unknown")
LAST_HEADER_ROW = 15
MOST_ARE_DIFFERENT = 4  # of so many headings, one may stand there before
LEAST_COLUMNS, LONGEST_HEADING, SHOWN_COLUMNS = 3, 100, 20
# "Recommendation 3: ..." in a heading or in a row across the table, instead of a column.
_TITLE = re.compile(
    r"(?:recommendation|rec\.?|priority|area for improvement)\s*(?P<number>\d{1,3}[a-z]?)\s*"
    r"[:.)\u2013\u2014-]\s*(?P<text>.+)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Columns:
    """What each column of one table is: a field, or a heading of the council's own. Indexes are from 0."""

    listed: tuple[FileColumn, ...]
    fields: Mapping[str, int]
    extras: Mapping[str, int]

    def cells(self, row: GridRow) -> dict[str, str]:
        """The cells of a row by field; "" where the row is short."""
        found = {name: cell(row, at) for name, at in self.fields.items()}
        if "brag" in found and not found["brag"]:  # a rating that is a colour and no word
            found["brag"] = row.fills.get(self.fields["brag"], "")
        return found

    def extra_cells(self, row: GridRow) -> dict[str, str]:
        """The cells of a row that are in no known column, by heading."""
        return {heading: cell(row, at) for heading, at in self.extras.items()}


@dataclass(frozen=True)
class Table:
    """A table of the plan. `header` is its heading row's index, -1 where it continues the table before."""

    grid: Grid
    header: int
    columns: Columns
    above: tuple[str, str] | None = None
    """Number and text of the recommendation that stands above the table, where no column holds it."""


def plan_tables(grids: Sequence[Grid], chosen: Mapping[str, str]) -> Iterator[Table]:
    """The tables that have the needed columns, and those in Word that go on without a heading row.

    ``chosen`` are headings and the fields that somebody took them for; "" keeps a column beside the others.
    """
    last: Table | None = None
    for grid in grids:
        table = _headed_table(grid, chosen)
        if table is None and last and not grid.columns_lettered and _width(grid) == _width(last.grid):
            table = Table(grid, -1, last.columns)
        if table:
            yield table
        last = table


def _headed_table(grid: Grid, chosen: Mapping[str, str]) -> Table | None:
    for index, row in enumerate(grid.rows[:LAST_HEADER_ROW]):
        columns = _columns(grid, _with_row_above(grid, index, row), chosen)
        if all(name in columns.fields for name in NEEDED):
            return Table(grid, index, columns)
        if "action" in columns.fields and len(columns.fields) > 1:
            above = _above(grid, index)
            if above:
                return Table(grid, index, columns, above)
    return None


def _with_row_above(grid: Grid, index: int, row: GridRow) -> GridRow:
    """A heading row whose blanks are filled from the row above: a cell merged over two heading rows stands there."""
    above = grid.rows[index - 1] if index else None
    if above is None or sum(1 for words in above.cells if words) < 2 or not any(field_of(c)[0] for c in row.cells):
        return row
    width = max(len(row.cells), len(above.cells))
    cells = ((cell(row, at), cell(above, at)) for at in range(width))
    return GridRow(row.at, tuple(own or (over if field_of(over)[0] else "") for own, over in cells))


def _above(grid: Grid, header: int) -> tuple[str, str] | None:
    """The recommendation that a row across the table, or else the heading before it, names."""
    lines = [cells[0] for row in grid.rows[:header] if len(cells := [c for c in row.cells if c]) == 1]
    for line in [*reversed(lines), grid.title]:
        match = _TITLE.fullmatch(line.strip())
        if match:
            return match["number"], match["text"].strip()
    return None


def _width(grid: Grid) -> int:
    return max((len(row.cells) for row in grid.rows), default=0)


def cell(row: GridRow, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""


def _columns(grid: Grid, header: GridRow, chosen: Mapping[str, str]) -> Columns:
    width = _width(grid)
    headings = [_one_line(words) for words in (*header.cells, *[""] * (width - len(header.cells)))]
    names = _names(grid, headings)
    means: list[tuple[str | None, How]] = [
        (chosen[named] or None, "chosen") if named in chosen else field_of(heading)
        for named, heading in zip(names, headings, strict=True)
    ]
    # A column known by its own name goes before one known by a synonym, wherever it stands.
    order = sorted(range(width), key=lambda at: (CERTAINTY.index(means[at][1]), at))
    taken: dict[str, int] = {}
    for at in order:
        name = means[at][0]
        if name:
            taken.setdefault(name, at)
    listed: list[FileColumn] = []
    extras: dict[str, int] = {}
    for at, named in enumerate(names):
        name, how = means[at]
        if name and taken[name] == at:
            listed.append(FileColumn(named, name, how))
        elif any(cell(row, at) for row in grid.rows):
            listed.append(FileColumn(named, None, how if how == "chosen" else "unknown"))
            extras[named] = at
    return Columns(tuple(listed), taken, extras)


def _names(grid: Grid, headings: Sequence[str]) -> list[str]:
    """What each column is called: its heading, numbered where the same words stood before, or else its letter."""
    names: dict[str, None] = {}
    times: Counter[str] = Counter()
    for at, heading in enumerate(headings):
        name = words = heading or grid.column_name(at)
        while name in names or not times[words]:
            times[words] += 1
            name = words if times[words] == 1 else f"{words} ({times[words]})"
        names[name] = None
    return list(names)


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def tables_left_out(grids: Sequence[Grid], tables: Sequence[Table]) -> Iterator[FileProblem]:
    used = [table.grid for table in tables]
    for grid in grids:
        if grid not in used and any(not row.is_blank for row in grid.rows):
            yield FileProblem(
                grid.name,
                "info",
                "This is not the plan and was left out.",
                "Nothing, unless it holds recommendations: then head its columns as the plan's.",
            )


def remarks(grids: Sequence[Grid]) -> Iterator[FileProblem]:
    for grid in grids:
        for says in grid.said:
            yield FileProblem(
                grid.name, "info", says, "Check that this is meant, and show it in the file if it is not."
            )


def by_colour(tables: Sequence[Table]) -> Iterator[FileProblem]:
    for table in tables:
        at = table.columns.fields.get("brag")
        rows = table.grid.rows[table.header + 1 :]
        words = [row.fills[at] for row in rows if at is not None and at in row.fills and not cell(row, at)]
        if words and at is not None:
            yield FileProblem(
                f"{table.grid.name}, {table.grid.column_name(at)}",
                "info",
                f"{len(words)} ratings are a colour without a word. We read them as {', '.join(dict.fromkeys(words))}.",
                "Check them. Our own rating is worked out from status and dates.",
            )


def column_problems(table: Table) -> Iterator[FileProblem]:
    header, columns = table.grid.rows[table.header], table.columns
    known = {column.heading for column in columns.listed if column.how == "chosen"}
    for heading, at in columns.extras.items():
        if heading in known:
            continue
        yield FileProblem(
            f"{header.at}, {table.grid.column_name(at)}",
            "warning",
            f"We do not know the column “{heading}”.",
            "Its text is kept beside each row. Rename the column if it is one of the twelve.",
        )
    for column in columns.listed:
        if column.how == "guess" and column.field:
            meant = {**HEADINGS, **FURTHER_HEADINGS}[column.field]
            yield FileProblem(
                f"{header.at}, {table.grid.column_name(columns.fields[column.field])}",
                "info",
                f"We take the column “{column.heading}” as “{meant}”.",
                "Check it. Rename the column if it is another one.",
            )
    for name, heading in HEADINGS.items():
        if name not in columns.fields and not (table.above and name in {"number", "recommendation"}):
            yield FileProblem(
                header.at,
                "warning",
                f"There is no column for “{heading}”.",
                "Check the headings, or fill it in after the import.",
            )


class ColumnsNotFound(NotAPlan):
    """A table that may be the plan has columns that we do not know, so somebody has to say which ones are needed."""

    def __init__(self, file: str, table: Table) -> None:
        columns = table.columns
        missing = [f"“{HEADINGS[name]}”" for name in NEEDED if name not in columns.fields]
        there = [f"“{column.heading[:LONGEST_HEADING]}”" for column in columns.listed]
        more = f" and {len(there) - SHOWN_COLUMNS} more" if len(there) > SHOWN_COLUMNS else ""
        at, wanted = table.grid.rows[table.header].at, " or ".join(missing)
        super().__init__(
            f"No column of {file} is known as {wanted}. The columns of {at} are "
            f"{', '.join(there[:SHOWN_COLUMNS])}{more}: say which one it is, or head it so."
        )
        self.columns = columns.listed
        self.column_names = {name: table.grid.column_name(at) for name, at in columns.fields.items()}
        self.problem = FileProblem(
            at,
            "error",
            f"No column is known as {wanted}, so no row was read.",
            "Choose which column it is, then read the file again. If no column holds it, add one to the file.",
        )


def likely_table(grids: Sequence[Grid], chosen: Mapping[str, str]) -> Table | None:
    """The table that comes nearest to a plan, by its heading row: most needed columns, most known, most words."""
    best, most = None, (-1, -1, -1)
    for grid in grids:
        for index, row in enumerate(grid.rows[:LAST_HEADER_ROW]):
            columns = _columns(grid, _with_row_above(grid, index, row), chosen)
            needed, words = sum(name in columns.fields for name in NEEDED), len({one for one in row.cells if one})
            if not _may_head(grid, index, LEAST_COLUMNS - bool(needed)):
                continue
            if (needed, len(columns.fields), words) > most:
                best, most = Table(grid, index, columns), (needed, len(columns.fields), words)
    return best


def _may_head(grid: Grid, index: int, least: int) -> bool:
    """Whether a row may be one of headings: enough cells in a few words, few of them twice, and a row below it."""
    words = [_one_line(one) for one in grid.rows[index].cells if one]
    return (
        not grid.is_text
        and len(set(words)) >= least
        and len(words) - len(set(words)) <= max(1, len(words) // MOST_ARE_DIFFERENT)
        and all(len(one) <= LONGEST_HEADING and any(map(str.isalpha, one)) for one in words if one != "#")
        and any(sum(1 for one in row.cells if one) > 1 for row in grid.rows[index + 1 :])
    )


def what_is_missing(file: str) -> str:
    wanted = " and ".join(f"“{HEADINGS[name]}”" for name in NEEDED)
    return f"No table in {file} has columns for {wanted}: check that it is the plan and head its columns so."

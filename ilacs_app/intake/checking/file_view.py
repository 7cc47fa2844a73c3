"""A plan file as its author sees it: each sheet or table with our reading above its columns and beside its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ilacs_app.intake.reader.choices import Reading
from ilacs_app.intake.reader.explain import ExplainedColumn, ExplainedGrid, ExplainedRow
from ilacs_app.intake.reader.problems import ASKED_UNDER
from ilacs_app.plan.plan_file import FileRecommendation

ROWS_SHOWN, ROWS_SHOWN_LEFT_OUT, COLUMNS_SHOWN, CELL_SHOWN = 12, 6, 40, 160
HOW_KNOWN = {
    "exact": "Exact match",
    "synonym": "Similar heading",
    "contents": "From the contents of the cells",
    "guess": "Check this",
    "unknown": "Not recognised",
    "chosen": "You chose this",
}
_MARKS = {"heading": "Headings", "above": "Above the table", "left_out": "Left out", "continues": "Same row, continued"}
ASKED = frozenset({"contents", "guess", "unknown"})


@dataclass(frozen=True)
class ViewColumn:
    """A column of a table. ``place`` is its place among the file's columns, or None if it has no choice of its own.

    ``elsewhere`` says that the choice is with the same heading of an earlier table; ``to_check`` that we are not sure.
    """

    at: str
    heading: str
    field: str
    place: int | None
    how: str
    why: str
    to_check: bool
    elsewhere: bool = False


@dataclass(frozen=True)
class ViewRow:
    """A row of a table: its own name, what we took it for, why, and its cells, shortened."""

    at: str
    role: str
    mark: str
    why: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ViewTable:
    """A sheet or a table. ``total`` counts its rows; ``above`` are recommendations named outside it.

    ``begins`` are the first words of one that is left out, and ``do`` says how to take it in.
    """

    name: str
    is_plan: bool
    why: str
    columns: tuple[ViewColumn, ...]
    rows: tuple[ViewRow, ...]
    total: int
    left_out: tuple[ViewRow, ...]
    above: tuple[str, ...]
    begins: str = ""
    do: str = ""

    @property
    def to_check(self) -> int:
        """How many of its columns someone should check."""
        return sum(column.to_check for column in self.columns)


def file_view(reading: Reading, *, before: Mapping[str, str] | None = None, every_row: bool = False) -> list[ViewTable]:
    """Every sheet or table of a file, the plan's first.

    ``before`` are headings with the fields that were chosen for them in an earlier file; ``every_row`` shows all the
    rows whose cells were kept, not only the first twelve.
    """
    places = {column.heading: place for place, column in enumerate(reading.columns)}
    marks = _marks(reading)
    shown: set[str] = set()
    tables = [
        _table(grid, _columns(grid, places, shown, before or {}), marks, every_row)
        for grid in _as_asked(reading)
        if any(row.role != "blank" for row in grid.rows)
    ]
    return sorted(tables, key=lambda table: not table.is_plan)


def _as_asked(reading: Reading) -> Iterator[ExplainedGrid]:
    """The tables; if no row was read yet, the one whose columns we ask about counts as the plan."""
    for grid in reading.explained.grids:
        if reading.asks:
            yield ExplainedGrid(grid.at, grid.layout, True, grid.certainty, "", grid.columns, grid.rows)
        else:
            yield grid


@dataclass(frozen=True)
class _Marks:
    """References by the address of a row, and the recommendations by the address that names them."""

    actions: Mapping[str, list[str]]
    recommendations: Mapping[str, str]
    of_action: Mapping[str, FileRecommendation]


def _marks(reading: Reading) -> _Marks:
    actions: dict[str, list[str]] = {}
    recommendations: dict[str, str] = {}
    of_action: dict[str, FileRecommendation] = {}
    rows = {row.at for grid in reading.explained.grids for row in grid.rows}
    for recommendation in reading.recommendations:
        at = _row_of(recommendation.at, rows)
        recommendations.setdefault(at, recommendation.number)
        for action in recommendation.actions:
            row = _row_of(action.at, rows)
            actions.setdefault(row, []).append(action.ref)
            of_action[row] = recommendation
    return _Marks(actions, recommendations, of_action)


def _row_of(at: str, rows: set[str]) -> str:
    """The row that an address is part of, such as “row 3” of “row 3, action 2”."""
    part = at
    while part not in rows and ", " in part:
        part = part.rpartition(", ")[0]
    return part if part in rows else at


def _columns(
    grid: ExplainedGrid, places: Mapping[str, int], shown: set[str], before: Mapping[str, str]
) -> list[ViewColumn]:
    columns = []
    for column in grid.columns[:COLUMNS_SHOWN]:
        place = places.get(column.heading) if grid.is_plan else None
        elsewhere = place is not None and column.heading in shown
        if place is not None:
            shown.add(column.heading)
        remembered = column.how == "chosen" and before.get(column.heading) == (column.field or "")
        columns.append(
            ViewColumn(
                column.at[:1].upper() + column.at[1:],
                column.heading,
                column.field or "",
                None if elsewhere else place,
                "As in your last file" if remembered else HOW_KNOWN[column.how],
                _why(column),
                place is not None and not elsewhere and _is_unsure(column),
                elsewhere,
            )
        )
    return columns


def _is_unsure(column: ExplainedColumn) -> bool:
    """Return whether someone should check a column, by the reader's own threshold for asking."""
    return column.how in ASKED or (column.how != "chosen" and column.certainty < ASKED_UNDER)


def _why(column: ExplainedColumn) -> str:
    """Return what speaks for a column, without what its own heading says already."""
    reasons = column.why.split("; ")
    if column.how in {"exact", "synonym"}:
        reasons = [reason for reason in reasons if "heading" not in reason]
    why = "; ".join(reasons) if column.how != "chosen" else ""
    return why[:1].upper() + why[1:]


def _table(grid: ExplainedGrid, columns: Sequence[ViewColumn], marks: _Marks, every_row: bool) -> ViewTable:
    filled = [row for row in grid.rows if row.role != "blank"]
    most = ROWS_SHOWN if grid.is_plan else ROWS_SHOWN_LEFT_OUT
    with_cells = [row for row in filled if any(row.cells)]
    shown = with_cells if every_row and grid.is_plan else with_cells[:most]
    width = max(len(columns), *(len(_filled(row.cells)) for row in shown), 1)
    wider = [
        ViewColumn("", "", "", None, "", "", to_check=False) for _ in range(min(width, COLUMNS_SHOWN) - len(columns))
    ]
    own = {row.at for row in grid.rows}
    outside = dict.fromkeys(
        f"Recommendation {recommendation.number}: {recommendation.text}"
        for row in grid.rows
        if (recommendation := marks.of_action.get(row.at))
        and recommendation.at not in own
        and not any(recommendation.at.startswith(f"{at},") for at in own)
    )
    left_out = [_row(row, grid, marks, width) for row in filled if row.role == "left_out"] if grid.is_plan else []
    return ViewTable(
        _name(grid.at),
        grid.is_plan,
        grid.why,
        (*columns, *wider),
        tuple(_row(row, grid, marks, len(columns) + len(wider)) for row in shown),
        len(filled),
        tuple(left_out),
        tuple(_short(outside_text) for outside_text in outside) if grid.is_plan else (),
        grid.begins,
        grid.do,
    )


def _name(at: str) -> str:
    """A table's address as a heading."""
    if at.startswith("sheet "):
        return f"Sheet “{at.removeprefix('sheet ')}”"
    return {"": "Table", "text": "Text"}.get(at) or at[:1].upper() + at[1:]


def _filled(cells: Sequence[str]) -> Sequence[str]:
    """The cells up to the last one that holds something."""
    last = max((n for n, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def _row(row: ExplainedRow, grid: ExplainedGrid, marks: _Marks, width: int) -> ViewRow:
    refs, number = marks.actions.get(row.at, []), marks.recommendations.get(row.at, "")
    role = row.role if grid.is_plan else "left_out"
    if role == "above" and number:
        role = "recommendation"
    parts = [f"Recommendation {number}"] if number else []
    if refs:
        parts.append(f"Action {refs[0]}" if len(refs) == 1 else f"Actions {refs[0]} to {refs[-1]}")
    mark = ", ".join(parts) if parts and role != "left_out" else _MARKS.get(role, role.capitalize())
    at = row.at.removeprefix(f"{grid.at}, ") if grid.at else row.at
    cells = [_short(cell) for cell in row.cells[:width]]
    return ViewRow(at[:1].upper() + at[1:], role, mark, row.why, (*cells, *[""] * (width - len(cells))))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CELL_SHOWN else f"{line[: CELL_SHOWN - 1]}…"

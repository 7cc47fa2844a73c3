"""The tables of an OpenDocument file: their rows, cells and columns, and a text's table as it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ilacs_app.intake.reader.contents.document import EMPTY, Cell, Grid, Row
from ilacs_app.intake.reader.contents.excel.sheet import TooLarge
from ilacs_app.intake.reader.contents.opendocument.styles import STYLE, TABLE, Styles, points
from ilacs_app.intake.reader.contents.word.borders import RawRow, visual_columns

CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
MOST_FILLED, MOST_COLUMNS = 600_000, 16_384
MOST_REPEATED = 1_000
"""Times that a row or cell with words may be repeated."""
_GROUPS = {f"{TABLE}table-{tag}" for tag in ("rows", "row-group", "columns", "column-group", "header-columns")}

ReadCell = Callable[[Any, str], Cell]
"""Reads a cell from its element and its address."""


def read_text_table(table: Any, styles: Styles, at: str, title: str, read_cell: ReadCell) -> Grid:
    """Return a table of a text with each cell where a reader sees it.

    Raises:
        TooLarge: its repeated rows and cells are more than a plan has.
    """
    rows_of_file = [
        (row, is_head)
        for row, is_head in rows_in(table)
        for _ in range(min(times_given(row, f"{TABLE}number-rows-repeated"), MOST_REPEATED))
    ]
    laid = list(_laid([row for row, _ in rows_of_file]))
    if sum(map(len, laid)) > MOST_FILLED:
        raise TooLarge(f"{len(laid):,}")
    raw = [RawRow(0, tuple(cell.wide for cell in row)) for row in laid]
    placed, widths = visual_columns(raw, columns_of(table, styles).widths)
    rows: list[list[Cell]] = []
    spans: dict[tuple[int, int], int] = {}
    seen_at: dict[int, tuple[int, int]] = {}
    """For each cell of the file the place where it is seen."""
    for number, (row, places) in enumerate(zip(laid, placed, strict=True)):
        cells = [EMPTY] * max((left + wide for left, wide in places), default=0)
        for laid_cell, (left, wide) in zip(row, places, strict=True):
            origin = seen_at.get(id(laid_cell.element)) if laid_cell.is_covered else None
            if origin is None:
                origin = seen_at[id(laid_cell.element)] = (number, left)
                cell = read_cell(laid_cell.element, f"{at}, row {number + 1}, column {left + 1}")
                cells[left] = replace(cell, columns=wide) if wide > 1 else cell
            else:
                cells[left] = Cell(merged=origin)
                spans[origin] = number - origin[0] + 1
            cells[left + 1 : left + wide] = [Cell(merged=origin)] * (wide - 1)
        rows.append(cells)
    for (number, left), deep in spans.items():
        rows[number][left] = replace(rows[number][left], rows=deep)
    made = (
        Row(f"{at}, row {n}", tuple(cells), is_head=is_head)
        for n, ((_, is_head), cells) in enumerate(zip(rows_of_file, rows, strict=True), start=1)
    )
    return Grid(at, tuple(made), title=title, widths=tuple(round(width, 1) for width in widths))


@dataclass(frozen=True)
class _Laid:
    """A cell in one row of a table: how many of the file's columns it spans, and whether it began in a row above."""

    element: Any
    wide: int
    is_covered: bool = False


def _laid(rows: Sequence[Any]) -> Iterator[list[_Laid]]:
    """The cells that are seen in each row, those that reach down from above among them."""
    going_on: dict[int, tuple[int, _Laid]] = {}
    """For each column where a cell reaches down: how many more rows, and the cell."""
    for row in rows:
        laid: list[_Laid] = []
        next_on: dict[int, tuple[int, _Laid]] = {}
        at = until = 0
        for element in elements_in(row, *CELLS):
            for _ in range(min(times_given(element, f"{TABLE}number-columns-repeated"), MOST_REPEATED)):
                if at >= until:
                    cell = _Laid(element, 1)
                    more = 0
                    if element.tag == f"{TABLE}table-cell":
                        deep, wide = spans_of(element)
                        cell, more = _Laid(element, min(wide, MOST_REPEATED)), deep - 1
                    elif at in going_on:
                        more, above = going_on[at]
                        cell, more = replace(above, is_covered=True), more - 1
                    laid.append(cell)
                    until = at + cell.wide
                    if more > 0:
                        next_on[at] = (more, cell)
                at += 1
        going_on = next_on
        yield laid


@dataclass(frozen=True)
class Columns:
    """The columns of a table: the style that each gives its cells, the places of hidden ones, and widths in points."""

    cell_styles: Sequence[str | None]
    hidden: Sequence[int]
    widths: Sequence[float]


def columns_of(table: Any, styles: Styles) -> Columns:
    """Return the columns of a table or sheet, those that are repeated as often as they are."""
    cell_styles: list[str | None] = []
    hidden: list[int] = []
    widths: list[float] = []
    for column in elements_in(table, f"{TABLE}table-column"):
        times = min(times_given(column, f"{TABLE}number-columns-repeated"), MOST_COLUMNS)
        if column.get(f"{TABLE}visibility") in ("collapse", "filter"):
            hidden += range(len(cell_styles), len(cell_styles) + times)
        width = styles.property(
            "table-column", column.get(f"{TABLE}style-name"), "table-column-properties", f"{STYLE}column-width"
        )
        cell_styles += [column.get(f"{TABLE}default-cell-style-name")] * times
        widths += [points(width)] * times
    return Columns(cell_styles, hidden, widths)


def elements_in(parent: Any, *tags: str) -> Iterator[Any]:
    """The children with these tags, through the groups that a table may put round them."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _GROUPS:
            yield from elements_in(child, *tags)


def rows_in(table: Any, *, is_head: bool = False) -> Iterator[tuple[Any, bool]]:
    """The rows of a table, each with whether it is a heading row."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child, is_head
        elif child.tag == f"{TABLE}table-header-rows":
            yield from rows_in(child, is_head=True)
        elif child.tag in _GROUPS:
            yield from rows_in(child, is_head=is_head)


def times_given(element: Any, attribute: str) -> int:
    """Return how often an element is repeated, or how far it reaches, by one of its attributes; 1 for none."""
    text = element.get(attribute) or "1"
    return max(int(text), 1) if text.isdecimal() and len(text) < 9 else 1


def spans_of(element: Any) -> tuple[int, int]:
    """The rows and columns that a cell is merged over."""
    return times_given(element, f"{TABLE}number-rows-spanned"), times_given(element, f"{TABLE}number-columns-spanned")

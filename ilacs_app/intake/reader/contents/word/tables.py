"""The tables of a Word document: which cell is where, and over which rows and columns it is merged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ilacs_app.intake.reader.contents.document import EMPTY, Cell, Control, Grid, Row
from ilacs_app.intake.reader.contents.word.borders import RawRow, visual_columns
from ilacs_app.intake.reader.contents.word.styles import W, number_or, value
from ilacs_app.intake.reader.contents.word.text import FALSE, MC, control, is_placeholder

PROPERTIES = {f"{W}{tag}" for tag in ("del", "moveFrom", "sectPr", "tblPr", "tblGrid", "tcPr", "trPr", "sdtPr", "pPr")}
"""Elements that hold nothing to read: settings, and what a tracked change takes out."""
_TWIPS = 20.0  # in a point
_MOST_COLUMNS = 1_000  # Word itself allows 63


@dataclass(frozen=True)
class TableCell:
    """A cell of a row with the content controls put round it."""

    element: Any
    controls: tuple[Control, ...] = ()
    is_prompt: bool = False
    """Whether a control round it shows no more than its prompt."""


_ReadCell = Callable[[TableCell, str, int], Cell]
"""Reads a cell, with its address and the number of columns that it is over."""


def read_word_table(table: Any, at: str, title: str, read_cell: _ReadCell) -> Grid:
    """Return a table with each cell where a reader sees it."""
    elements = list(_rows(table))
    widths = [_points(column.get(f"{W}w")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    placed, columns = visual_columns([_raw_row(row) for row in elements], widths)
    layout = _Layout(at, read_cell)
    for row, places in zip(elements, placed, strict=True):
        layout.add_row(row, places)
    made = tuple(
        Row(f"{at}, row {n}", tuple(cells), hidden=_is_on(row, "hidden"), is_head=_is_on(row, "tblHeader"))
        for n, (row, cells) in enumerate(zip(elements, layout.merged_rows(), strict=True), start=1)
    )
    return Grid(at, made, title=title, widths=tuple(round(width, 1) for width in columns))


@dataclass
class _Layout:
    """The rows of a table, one after the other, with what is merged down and across them."""

    at: str
    read_cell: _ReadCell
    rows: list[list[Cell]] = field(default_factory=list)
    starts: dict[int, tuple[int, int]] = field(default_factory=dict)
    """For each column the place of the last cell that started there and may go on below."""
    deep: dict[tuple[int, int], int] = field(default_factory=dict)
    """For each cell that goes on below, by its place, how many rows it is over."""

    def add_row(self, row: Any, places: Sequence[tuple[int, int]]) -> None:
        """Add a row. ``places`` are the column of each of its cells and how many columns the cell is over."""
        number = len(self.rows)
        cells = [EMPTY] * max((left + span for left, span in places), default=0)
        self.rows.append(cells)
        beside: tuple[int, int] | None = None
        for cell, (left, span) in zip(_cells(row), places, strict=True):
            properties = cell.element.find(f"{W}tcPr")
            goes_on = _merge(properties, "vMerge") == "continue" and left in self.starts
            covered = self.starts.get(left) if goes_on else None
            if covered is None and _merge(properties, "hMerge") == "continue":
                covered = beside
            if covered is None:
                covered = number, left
                cells[left] = self.read_cell(cell, f"{self.at}, row {number + 1}, column {left + 1}", span)
                self.starts[left] = covered
                if _merge(properties, "vMerge") is None:
                    self.starts.pop(left)
            else:
                cells[left] = Cell(merged=covered)
                self._extend(covered, number, left + span, down=goes_on)
            beside = covered
            cells[left + 1 : left + span] = [Cell(merged=covered)] * (span - 1)

    def _extend(self, origin: tuple[int, int], number: int, right: int, *, down: bool) -> None:
        """Extend the cell at a place down to a row, or across to the column before ``right``."""
        if down:
            self.deep[origin] = number - origin[0] + 1
            return
        row, left = origin
        self.rows[row][left] = replace(self.rows[row][left], columns=right - left)

    def merged_rows(self) -> list[list[Cell]]:
        """Return the rows, each cell with the number of rows that it is over."""
        for (number, left), deep in self.deep.items():
            self.rows[number][left] = replace(self.rows[number][left], rows=deep)
        return self.rows


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table, through every wrapper, without those that a tracked change takes out."""
    for child in table:
        if child.tag == f"{W}tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from next((rows for choice in child if (rows := list(_rows(choice)))), [])
        elif child.tag not in PROPERTIES:
            yield from _rows(child)


def _cells(row: Any, controls: tuple[Control, ...] = (), *, is_prompt: bool = False) -> Iterator[TableCell]:
    """The cells of a row, through every wrapper."""
    for child in row:
        if child.tag == f"{W}tc":
            if child.find(f"{W}tcPr/{W}cellDel") is None:
                yield TableCell(child, controls, is_prompt)
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                shown = "".join(piece.text or "" for piece in content.iter(f"{W}t"))
                yield from _cells(content, (*controls, *control(child, shown)), is_prompt=is_placeholder(child))
        elif child.tag == f"{MC}AlternateContent":
            yield from next(
                (cells for choice in child if (cells := list(_cells(choice, controls, is_prompt=is_prompt)))), []
            )
        elif child.tag not in PROPERTIES and child.tag != f"{W}p":
            yield from _cells(child, controls, is_prompt=is_prompt)


def _raw_row(row: Any) -> RawRow:
    properties = row.find(f"{W}trPr")
    cells = [cell.element for cell in _cells(row)]
    return RawRow(
        _span(value(properties, "gridBefore"), 0),
        tuple(_span(value(cell.find(f"{W}tcPr"), "gridSpan"), 1) for cell in cells),
        _span(value(properties, "gridAfter"), 0),
        tuple(_cell_width(cell) for cell in cells),
    )


def _span(text: str | None, least: int) -> int:
    return min(max(number_or(text, least), least), _MOST_COLUMNS)


def _cell_width(cell: Any) -> float:
    width = cell.find(f"{W}tcPr/{W}tcW")
    if width is None or width.get(f"{W}type") not in (None, "dxa"):
        return 0.0
    return _points(width.get(f"{W}w"))


def _points(text: str | None) -> float:
    """A width in points from twentieths of a point, or as Strict Open XML writes it ("72pt")."""
    if text and text.endswith("pt"):
        text, scale = text[:-2], 1.0
    else:
        scale = _TWIPS
    try:
        return max(float(text or 0) / scale, 0.0)
    except ValueError:
        return 0.0


def _merge(properties: Any, tag: str) -> str | None:
    """ "restart" or "continue" of a merged cell; None for one that is not merged."""
    merge = value(properties, tag)
    return None if merge is None else merge or "continue"


def _is_on(row: Any, tag: str) -> bool:
    setting = value(row.find(f"{W}trPr"), tag)
    return setting is not None and (setting or "1") not in FALSE

"""The sheets of an OpenDocument spreadsheet: rows and cells as often as they are repeated, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ilacs_app.intake.reader.contents.document import EMPTY, Cell, Grid, Line, Row, hidden_parts, letters, title_of
from ilacs_app.intake.reader.contents.excel.formats import written_day
from ilacs_app.intake.reader.contents.excel.sheet import MOST_AREA, TooLarge
from ilacs_app.intake.reader.contents.opendocument.styles import OFFICE, TABLE, Styles
from ilacs_app.intake.reader.contents.opendocument.tables import (
    CELLS,
    MOST_COLUMNS,
    MOST_FILLED,
    ReadCell,
    columns_of,
    elements_in,
    rows_in,
    spans_of,
    times_given,
)

_MONTHS = {2: "dd/mm/yyyy", 3: "d mmm yyyy", 4: "d mmmm yyyy"}


def read_calc_sheet(table: Any, styles: Styles, read_cell: ReadCell) -> Grid:
    """Return one sheet of a spreadsheet.

    Raises:
        TooLarge: it reaches further than a plan.
    """
    return _SheetReader(table, styles, read_cell).grid()


class _SheetReader:
    def __init__(self, table: Any, styles: Styles, read_cell: ReadCell) -> None:
        self._table, self._styles, self._read_cell = table, styles, read_cell
        self._columns = columns_of(table, styles)
        self._rows: list[list[Cell]] = []
        self._sources: list[list[Any]] = []
        """The elements from which the cells of each row come."""
        self._hidden: set[int] = set()
        self._unknown: list[str] = []
        """The addresses of formulas without a stored value."""

    def grid(self) -> Grid:
        name = self._table.get(f"{TABLE}name") or ""
        at = f"sheet {name}"
        style = self._table.get(f"{TABLE}style-name")
        is_hidden = self._styles.property("table", style, "table-properties", f"{TABLE}display") == "false"
        self._read_rows()
        _merge(self._rows, self._sources)
        width = max((len(cells) for cells in self._rows), default=0)
        made = tuple(
            Row(f"{at}, row {number + 1}", tuple(cells), hidden=number in self._hidden)
            for number, cells in enumerate(self._rows)
        )
        hidden_columns = tuple(column for column in self._columns.hidden if column < width)
        remarks = [*hidden_parts(is_hidden, sorted(self._hidden), hidden_columns), *self._remarks_on_formulas()]
        return Grid(
            at,
            made,
            name=name,
            lettered=True,
            title=title_of(made),
            hidden=is_hidden,
            hidden_columns=hidden_columns,
            widths=tuple(round(width, 1) for width in self._columns.widths[:width]),
            remarks=tuple(remarks),
        )

    def _read_rows(self) -> None:
        """Read the rows as often as they are repeated; empty ones only where another follows."""
        waiting = filled = 0
        for row, _ in rows_in(self._table):
            times = times_given(row, f"{TABLE}number-rows-repeated")
            cells, elements = self._row(row)
            if not cells:
                waiting += times
                continue
            filled += times * sum(cell != EMPTY for cell in cells)
            if (len(self._rows) + waiting + times) * len(cells) > MOST_AREA or filled > MOST_FILLED:
                raise TooLarge(f"{len(self._rows) + waiting + times:,}")
            self._rows += [[] for _ in range(waiting)]
            self._sources += [[] for _ in range(waiting)]
            waiting = 0
            for _ in range(times):
                number = len(self._rows)
                if row.get(f"{TABLE}visibility") in ("collapse", "filter"):
                    self._hidden.add(number)
                self._unknown += [f"{letters(n)}{number + 1}" for n, cell in enumerate(cells) if cell.unknown]
                self._rows.append(list(cells))
                self._sources.append(elements)

    def _row(self, row: Any) -> tuple[list[Cell], list[Any]]:
        """The cells of a row and the elements that they come from, without the empty ones at its end."""
        cells: list[Cell] = []
        elements: list[Any] = []
        column_styles = self._columns.cell_styles
        at = 0
        for element in elements_in(row, *CELLS):
            times = times_given(element, f"{TABLE}number-columns-repeated")
            usual = column_styles[at] if at < len(column_styles) else None
            cell = self._cell(element, usual)
            at += times
            if cell == EMPTY and spans_of(element) == (1, 1):
                if at <= MOST_COLUMNS:
                    cells += [EMPTY] * times
                    elements += [None] * times
                continue
            if at > MOST_COLUMNS:
                raise TooLarge("1")
            cells += [cell] * times
            elements += [element] * times
        while cells and cells[-1] == EMPTY and (elements[-1] is None or spans_of(elements[-1]) == (1, 1)):
            cells.pop()
            elements.pop()
        return cells, elements

    def _cell(self, element: Any, usual: str | None) -> Cell:
        name = element.get(f"{TABLE}style-name") or usual
        if element.get(f"{TABLE}style-name") is None and usual:
            element.set(f"{TABLE}style-name", usual)
        cell = self._read_cell(element, "")
        kind = element.get(f"{OFFICE}value-type") or ""
        formula = (element.get(f"{TABLE}formula") or "").removeprefix("of:").removeprefix("oooc:")
        if formula and not kind and not cell.text:
            return replace(cell, formula=formula, unknown=True)
        if kind == "date":
            day = _day(element.get(f"{OFFICE}date-value") or "")
            if day:
                shows_day, month = self._styles.date_shows(name)
                text = written_day(day, _MONTHS[month] if shows_day else "mmmm yyyy")
                return replace(_with_text(cell, text), day=day, formula=formula)
        if kind in ("float", "percentage", "currency"):
            try:
                return replace(cell, number=float(element.get(f"{OFFICE}value") or ""), formula=formula)
            except ValueError:
                return cell
        error = cell.text if formula and cell.text.startswith(("#", "Err:")) else ""
        return replace(cell, formula=formula, error=error) if formula else cell

    def _remarks_on_formulas(self) -> Iterator[str]:
        if self._unknown:
            number, first = len(self._unknown), self._unknown[0]
            have = "formula has" if number == 1 else "formulas have"
            yield f"{number} {have} no stored value, the first is in {first}. Open the file and save it again."
        if any(str(element.tag).endswith("}conditional-format") for element in self._table.iter()):
            yield "Some colours of this sheet come from conditional formatting that was not worked out."


def _with_text(cell: Cell, text: str) -> Cell:
    """The cell with another text that is wholly struck out where the old one was."""
    if not cell.is_struck:
        return replace(cell, text=text, marked=())
    return replace(cell, text=text, marked=(Line(text, struck=((0, len(text)),)),))


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _merge(rows: list[list[Cell]], elements: Sequence[Sequence[Any]]) -> None:
    """Put the merged cells over the places that they cover."""
    for top, row in enumerate(elements):
        for left, element in enumerate(row):
            if element is None or element.tag != f"{TABLE}table-cell":
                continue
            deep, wide = spans_of(element)
            if (deep, wide) == (1, 1) or left >= len(rows[top]) or rows[top][left] == EMPTY:
                continue
            deep, wide = min(deep, len(rows) - top), min(wide, 1_000)
            for number in range(top, top + deep):
                cells = rows[number]
                cells += [EMPTY] * (left + wide - len(cells))
                cells[left + (number == top) : left + wide] = [Cell(merged=(top, left))] * (wide - (number == top))
            rows[top][left] = replace(rows[top][left], rows=deep, columns=wide)

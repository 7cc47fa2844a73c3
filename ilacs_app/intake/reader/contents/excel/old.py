"""An Excel 97–2003 workbook (.xls) as a document, by xlrd, which is an optional extra: `pip install ilacs-app[xls]`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from typing import Any, Literal

from ilacs_app.intake.reader.contents.colours import colour_name, is_pale
from ilacs_app.intake.reader.contents.document import (
    EMPTY,
    Cell,
    Document,
    Grid,
    Line,
    Link,
    Row,
    hidden_parts,
    title_of,
    trimmed,
)
from ilacs_app.intake.reader.contents.excel.formats import (
    day_of,
    general,
    kind_of,
    number_shown,
    written_day,
    written_time,
)
from ilacs_app.intake.reader.contents.excel.sheet import MOST_AREA, TooLarge
from ilacs_app.intake.reader.contents.symbols import as_drawn, is_symbol_font

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def can_read() -> bool:
    """Return whether xlrd is installed."""
    return find_spec("xlrd") is not None


def read_old_excel(data: bytes, name: str) -> Document:
    """The workbook of an .xls file. Conditional formats and check boxes are not read; the document says so.

    Raises:
        TooLarge: a sheet reaches further than a plan.
        ImportError: xlrd is not installed.
        Exception: whatever a damaged file sets off in xlrd.
    """
    import xlrd

    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    epoch: Literal[1900, 1904] = 1904 if book.datemode else 1900
    grids = tuple(_Sheet(book, sheet, epoch).grid() for sheet in book.sheets())
    remarks = ("This workbook is in the old format .xls. Colours of conditional formatting in it were not read.",)
    return Document("excel", name, grids, epoch=epoch, remarks=remarks)


@dataclass(frozen=True, slots=True)
class _Value:
    """What a cell holds, as text and, where it is one, as a number, day or error."""

    text: str
    number: float | None = None
    day: date | None = None
    error: str = ""


class _Sheet:
    def __init__(self, book: Any, sheet: Any, epoch: int) -> None:
        self._book, self._sheet, self._epoch = book, sheet, epoch
        self._links = {
            (row, column): link.url_or_path
            for link in sheet.hyperlink_list
            if isinstance(link.url_or_path, str)
            for row in range(link.frowx, min(link.lrowx + 1, sheet.nrows))
            for column in range(link.fcolx, min(link.lcolx + 1, sheet.ncols))
        }

    def grid(self) -> Grid:
        sheet = self._sheet
        if sheet.nrows * sheet.ncols > MOST_AREA:
            raise TooLarge(f"{sheet.nrows:,}")
        at = f"sheet {sheet.name}"
        rows = [[self._cell(row, column) for column in range(sheet.row_len(row))] for row in range(sheet.nrows)]
        self._merge(rows)
        while rows and all(cell.is_blank and not cell.fill and not cell.merged for cell in rows[-1]):
            rows.pop()
        hidden = {row for row, info in sheet.rowinfo_map.items() if info.hidden and row < len(rows)}
        width = max((len(cells) for cells in rows), default=0)
        columns = tuple(sorted(c for c, info in sheet.colinfo_map.items() if info.hidden and c < width))
        made = tuple(
            Row(f"{at}, row {number + 1}", tuple(_ended(cells)), hidden=number in hidden)
            for number, cells in enumerate(rows)
        )
        is_hidden = sheet.visibility != 0
        remarks = tuple(hidden_parts(is_hidden, sorted(hidden), columns))
        return Grid(
            at,
            made,
            name=sheet.name,
            lettered=True,
            title=title_of(made),
            hidden=is_hidden,
            hidden_columns=columns,
            remarks=remarks,
        )

    def _cell(self, row: int, column: int) -> Cell:
        sheet, book = self._sheet, self._book
        style = book.xf_list[sheet.cell_xf_index(row, column)]
        code = book.format_map[style.format_key].format_str if style.format_key in book.format_map else "General"
        value = self._value(row, column, code)
        note = sheet.cell_note_map.get((row, column))
        rgb = self._fill(style)
        fill = colour_name(rgb)
        text, lines, bold = self._written(row, column, value.text, style)
        if not (text or fill or note or value.number is not None):
            return EMPTY
        target = self._links.get((row, column), "")
        return Cell(
            text,
            marked=lines,
            fill=fill,
            rgb=rgb if fill else "",
            pale=is_pale(rgb),
            fill_from="cell" if fill else "",
            links=(Link(text, target),) if target else (),
            number=value.number,
            day=value.day,
            error=value.error,
            notes=(note.text.strip(),) if note is not None and note.text.strip() else (),
            bold=bold,
        )

    def _value(self, row: int, column: int, code: str) -> _Value:
        """Return what a cell holds; ``code`` is the format of its number."""
        import xlrd

        kind, stored = self._sheet.cell_type(row, column), self._sheet.cell_value(row, column)
        if kind == xlrd.XL_CELL_TEXT:
            return _Value(stored)
        if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            text, day = _of_number(float(stored), code, self._epoch)
            return _Value(text, float(stored), day)
        if kind == xlrd.XL_CELL_BOOLEAN:
            return _Value("TRUE" if stored else "FALSE")
        if kind == xlrd.XL_CELL_ERROR:
            error = _ERRORS.get(stored, "#N/A")
            return _Value(error, error=error)
        return _Value("")

    def _written(self, row: int, column: int, text: str, style: Any) -> tuple[str, tuple[Line, ...], bool]:
        """The text as drawn, its lines where parts are struck out or bold, and whether all of it is bold."""
        if not text.strip():
            return "", (), False
        runs = [(0, style.font_index), *self._sheet.rich_text_runlist_map.get((row, column), ())]
        ends = [start for start, _ in runs[1:]] + [len(text)]
        lines: list[Line] = []
        line = ""
        struck: list[tuple[int, int]] = []
        strong: list[tuple[int, int]] = []
        looks: list[tuple[bool, bool]] = []
        for (start, font_index), end in zip(runs, ends, strict=True):
            font = self._book.font_list[font_index]
            part = text[start:end].replace("\r\n", "\n").replace("\r", "\n")
            part = as_drawn(font.name, part) if is_symbol_font(font.name) else part
            is_bold = bool(font.bold or font.weight >= 600)
            if part.strip():
                looks.append((bool(font.struck_out), is_bold))
            for number, piece in enumerate(part.split("\n")):
                if number:
                    lines.append(Line(line, struck=tuple(struck), bold=tuple(strong)))
                    line, struck, strong = "", [], []
                if piece:
                    place = (len(line), len(line) + len(piece))
                    line += piece
                    struck += [place] if font.struck_out else []
                    strong += [place] if is_bold else []
        lines.append(Line(line, struck=tuple(struck), bold=tuple(strong)))
        while lines and not lines[0].text.strip():
            lines.pop(0)
        while lines and not lines[-1].text.strip():
            lines.pop()
        lines[0] = trimmed(lines[0], end=False)
        lines[-1] = trimmed(lines[-1], start=False)
        bold = all(is_bold for _, is_bold in looks)
        if bold:
            lines = [Line(line.text, struck=line.struck) for line in lines]
        marked = any(line.struck or line.bold for line in lines)
        return "\n".join(line.text for line in lines), tuple(lines) if marked else (), bold

    def _fill(self, style: Any) -> str:
        if style.background.fill_pattern == 0:
            return ""
        colour = self._book.colour_map.get(style.background.pattern_colour_index)
        return "".join(f"{part:02X}" for part in colour) if colour else ""

    def _merge(self, rows: list[list[Cell]]) -> None:
        for top, bottom, left, right in self._sheet.merged_cells:
            bottom, right = min(bottom, len(rows)), min(right, max(self._sheet.ncols, left + 1))
            if top >= len(rows) or left >= len(rows[top]) or rows[top][left] == EMPTY:
                continue
            first = rows[top][left]
            for number in range(top, bottom):
                cells = rows[number]
                cells += [EMPTY] * (right - len(cells))
                cells[left:right] = [Cell(merged=(top, left))] * (right - left)
            rows[top][left] = replace(first, rows=bottom - top, columns=right - left)


def _of_number(number: float, code: str, epoch: int) -> tuple[str, date | None]:
    kind = kind_of(code)
    if kind in ("day", "month", "year"):
        day = day_of(number, epoch)
        return (general(number), None) if day is None else (written_day(day, code), day)
    return (written_time(number) if kind == "time" else number_shown(number, code)), None


def _ended(cells: Sequence[Cell]) -> Sequence[Cell]:
    last = max((n for n, cell in enumerate(cells, start=1) if cell != EMPTY), default=0)
    return cells[:last]

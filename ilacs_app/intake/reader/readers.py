"""Word, Excel and CSV files as grids of text cells that know their address.

A reader does not know what a plan is. A merged cell gives its text once, in its first row and column. Text is
to the letter: line breaks as "\\n", ends trimmed.
"""

from __future__ import annotations

import colorsys
import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from ilacs_app.dates import MONTHS
from ilacs_app.intake.reader.contents.refusal import NotAPlan, check_kind
from ilacs_app.plan.plan_file import restored

LARGEST_UNPACKED_BYTES = 200 * 1024 * 1024
LARGEST_SHEET_CELLS = 2_000_000
DELIMITERS = (",", ";", "\t")
__all__ = ["Grid", "GridRow", "NotAPlan", "check_kind", "read_grids"]


@dataclass(frozen=True)
class GridRow:
    """One row. `at` is its address as a person would count: "table 2, row 3", "row 9"."""

    at: str
    cells: tuple[str, ...]
    fills: Mapping[int, str] = field(default_factory=dict)
    """Where an empty cell is filled with the colour of a rating: its index and the colour's word."""

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True)
class Grid:
    """One table or sheet. `columns_lettered` where its columns are known by letter, as in a spreadsheet."""

    name: str
    rows: tuple[GridRow, ...]
    columns_lettered: bool
    is_text: bool = False
    """Whether it is no table: the paragraphs of a document that has none, one a row."""
    said: tuple[str, ...] = ()
    """What its reader should know of it, such as hidden rows."""
    title: str = ""
    """The last words before a table in Word, which may name what it is about."""

    def column_name(self, index: int) -> str:
        """The column at `index`, from 0, as a person would call it: "column G" or "column 7"."""
        return f"column {_letters(index) if self.columns_lettered else index + 1}"


def read_grids(path: Path) -> tuple[Grid, ...]:
    """Every table or visible sheet of a docx, xlsx or csv file, in order.

    Raises NotAPlan for a missing, empty, half-written or mistaken file and for an extension we do not read.
    """
    check_kind(path)
    return _READERS[path.suffix.lower()](path)


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def _read_docx(path: Path) -> tuple[Grid, ...]:
    _check_package(path, "word/document.xml", "Word document")
    import docx

    try:
        body = docx.Document(str(path)).element.body
        return tuple(_word_tables(body)) or (_word_text_alone(body),)
    except Exception as error:  # whatever a damaged file sets off in the library, the answer is the same
        raise NotAPlan(_damaged(path, "Word")) from error


def _word_tables(body: Any) -> Iterator[Grid]:
    number, title = 0, ""
    for part in body.xpath("./w:tbl | ./w:sdt/w:sdtContent/w:tbl | ./w:p | ./w:sdt/w:sdtContent/w:p"):
        if part.tag == f"{_W}p":
            title = "".join(_paragraph_text(part)).strip() or title
            continue
        number += 1
        yield _word_table(part, number, title)
        title = ""


def _word_text_alone(body: Any) -> Grid:
    """A document without a table: each paragraph that says something is a row of one cell."""
    texts = ("".join(_paragraph_text(part)).strip() for part in body.iter(f"{_W}p"))
    rows = (GridRow(f"paragraph {n}", (text,)) for n, text in enumerate(texts, start=1) if text)
    return Grid("text", tuple(rows), columns_lettered=False, is_text=True)


def _word_table(table: Any, number: int, title: str) -> Grid:
    name = f"table {number}"
    rows = (_word_grid_row(f"{name}, row {n}", row) for n, row in enumerate(table.tr_lst, start=1))
    return Grid(name, tuple(rows), columns_lettered=False, title=title)


def _word_grid_row(at: str, row: Any) -> GridRow:
    fills: dict[int, str] = {}
    index = row.grid_before
    for cell in row.tc_lst:
        shade = cell.find(f"{_W}tcPr/{_W}shd")
        word = _colour_word(shade.get(f"{_W}fill") or "") if shade is not None else ""
        if word and cell.vMerge != "continue":
            fills[index] = word
        index += cell.grid_span
    cells = tuple(_word_row(row))
    return GridRow(at, cells, {at: word for at, word in fills.items() if not cells[at]})


def _colour_word(rgb: str) -> str:
    """The rating that a fill stands for, from its six hexadecimal digits; none where it is pale, grey or no colour."""
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", rgb):
        return ""
    hue, saturation, value = colorsys.rgb_to_hsv(*(int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    if saturation < LEAST_SATURATION or value < LEAST_VALUE:
        return ""
    degrees = hue * 360
    return next((word for until, word in _HUES if degrees < until), "")


LEAST_SATURATION, LEAST_VALUE = 0.35, 0.25
_HUES = ((18, "Red"), (66, "Amber"), (75, ""), (170, "Green"), (190, ""), (255, "Blue"), (340, ""), (361, "Red"))


def _word_row(row: Any) -> Iterator[str]:
    yield from [""] * row.grid_before
    for cell in row.tc_lst:
        # A cell that continues the one above is shown as part of it: whatever it holds is not seen in Word.
        yield "" if cell.vMerge == "continue" else _word_text(cell)
        yield from [""] * (cell.grid_span - 1)


def _word_text(cell: Any) -> str:
    return "\n".join("".join(_paragraph_text(p)) for p in cell.iter(f"{_W}p")).strip()


def _paragraph_text(element: Any) -> Iterator[str]:
    """The text as shown: tracked insertions in, deletions and moved-away text out."""
    for child in element:
        tag = str(child.tag).removeprefix(_W)
        if tag == "t":
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag not in ("del", "moveFrom", "p", "pPr", "rPr"):
            yield from _paragraph_text(child)


def _read_xlsx(path: Path) -> tuple[Grid, ...]:
    _check_package(path, "xl/workbook.xml", "Excel workbook")
    import openpyxl

    try:
        with warnings.catch_warnings():
            # openpyxl warns of validation rules and the like that it leaves out; the text is all we read.
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(path, data_only=True)
        return tuple(_excel_sheet(sheet) for sheet in workbook.worksheets)
    except NotAPlan:
        raise
    except Exception as error:  # as for Word
        raise NotAPlan(_damaged(path, "Excel")) from error


def _excel_sheet(sheet: Any) -> Grid:
    name = f"sheet {sheet.title}"
    if sheet.sheet_state != "visible":
        return Grid(name, (), columns_lettered=True, said=("This sheet is hidden and was left out.",))
    if sheet.max_row * sheet.max_column > LARGEST_SHEET_CELLS:
        raise NotAPlan(
            f"The sheet {sheet.title} reaches to row {sheet.max_row}: "
            "delete the empty rows and columns round its table."
        )
    rows = (
        GridRow(
            f"{name}, row {number}",
            tuple(_excel_text(cell.value, cell.number_format) for cell in row),
            {at: word for at, cell in enumerate(row) if cell.value is None and (word := _excel_fill(cell))},
        )
        for number, row in enumerate(sheet.iter_rows(), start=1)
    )
    return Grid(name, tuple(rows), columns_lettered=True, said=tuple(_hidden(sheet)))


def _excel_fill(cell: Any) -> str:
    if not cell.has_style or cell.fill.fill_type != "solid" or cell.fill.fgColor.type != "rgb":
        return ""
    return _colour_word(str(cell.fill.fgColor.rgb)[-6:])


def _hidden(sheet: Any) -> Iterator[str]:
    rows = sorted(number for number, line in sheet.row_dimensions.items() if line.hidden and number <= sheet.max_row)
    columns = [letters for letters, line in sheet.column_dimensions.items() if line.hidden]
    if rows:
        yield f"{len(rows)} hidden {'row was' if len(rows) == 1 else 'rows were'} read too, the first is row {rows[0]}."
    if columns:
        yield f"Hidden columns were read too: {', '.join(columns)}."


def _excel_text(value: object, number_format: str) -> str:
    """What Excel shows, near enough: a date whose format has no day is a month, a fraction a percentage."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        shown = re.sub(r'\[[^\]]*\]|"[^"]*"', "", number_format).lower()
        if "d" not in shown and "m" in shown:
            return f"{MONTHS[value.month - 1]} {value.year}"
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value * 100:g}%" if "%" in number_format else f"{value:.15g}"
    return _one_kind_of_line_break(str(value))


def _read_csv(path: Path) -> tuple[Grid, ...]:
    text = _decoded(path)
    if not text.strip():
        raise NotAPlan(f"{path.name} is empty: save the plan again and check that it holds the table.")
    readings = [_csv_rows(text, mark) for mark in DELIMITERS]
    widest = max(readings, key=_usual_width)
    if _usual_width(widest) < 2 and not all(readings):
        raise NotAPlan(f"{path.name} has a quotation mark that is never closed: save it as CSV again.")
    return (Grid("", widest, columns_lettered=True),)


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not data.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
            return text
    raise NotAPlan(f"{path.name} is not a text file inside: open it in Excel and save it as CSV UTF-8.")


def _csv_rows(text: str, delimiter: str) -> tuple[GridRow, ...]:
    """The rows under one delimiter, each known by its first line in the file; none where it does not fit."""
    rows, line = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            rows.append(GridRow(f"row {line}", tuple(restored(_one_kind_of_line_break(cell)) for cell in cells)))
            line = reader.line_num + 1
    except csv.Error:
        return ()
    return tuple(rows)


def _usual_width(rows: tuple[GridRow, ...]) -> int:
    widths = Counter(len(row.cells) for row in rows if not row.is_blank)
    return widths.most_common(1)[0][0] if widths else 0


_READERS = {".docx": _read_docx, ".xlsx": _read_xlsx, ".csv": _read_csv}


def _check_package(path: Path, part: str, kind: str) -> None:
    """Refuse what is no complete Office file before a library opens it, and what unpacks to far too much."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise NotAPlan(_damaged(path, kind.split()[0])) from error
    if part not in names:
        raise NotAPlan(f"{path.name} is no {kind} inside: save the plan as {path.suffix.lower()} from Office.")
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise NotAPlan(f"{path.name} is too large when unpacked: take out its pictures and save it again.")


def _one_kind_of_line_break(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _damaged(path: Path, program: str) -> str:
    return f"{path.name} is damaged or only half saved: open it in {program}, save it again and try once more."


def _letters(index: int) -> str:
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

"""A plan file as a person sees it, whatever program wrote it: headings, paragraphs and grids of cells, in order.

Everything here is frozen and pure. `as_json` and `from_json` carry a document out of the sandbox process.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

Spans = tuple[tuple[int, int], ...]
"""Parts of a text, as (start, end) offsets into it, in order and apart."""
FileKind = Literal["word", "excel", "csv", "calc", "writer"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell, or one paragraph of a document.

    `mark` is the list mark that the program draws before the line ("•", "1.", "a)"); it is not part of `text`.
    `level` is 0 outside a list, 1 for a list's first level.
    """

    text: str
    level: int = 0
    mark: str = ""
    struck: Spans = ()
    bold: Spans = ()

    @property
    def live(self) -> str:
        """The text without what is struck out."""
        return without(self.text, self.struck)

    @property
    def is_struck(self) -> bool:
        """Whether everything that the line says is struck out."""
        return bool(self.struck) and not visible(self.live)


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink: the words that carry it and its target."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Control:
    """A form control: a check box, a drop-down or a date picker.

    `chosen` is what it shows: "yes" or "no" for a check box, the entry or the day for the others, "" while nothing is
    chosen. What the eye sees of it (☒, the entry) is in the text of the cell too.
    """

    kind: Literal["checkbox", "dropdown", "date"]
    chosen: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the eye sees it.

    `text` holds everything once, lines separated by "\\n", ends trimmed, struck-out words included: `live` leaves those
    out. A place that a merged cell covers has `merged` (the row and column index of the cell that covers it) and no
    text of its own; `Grid.seen` answers the cell that is seen there.
    """

    text: str = ""
    marked: tuple[Line, ...] = ()
    """The lines of `text`, where one of them has a list mark, struck-out or bold words; read `lines` instead."""
    fill: str = ""
    """The fill's plain colour: red, amber, gold, yellow, green, blue, purple, pink, brown, grey, black or ""."""
    rgb: str = ""
    """The fill as six hexadecimal digits, where it has a colour other than white."""
    pale: bool = False
    """Whether the fill is so light that it may be decoration."""
    fill_from: str = ""
    """Where the fill comes from: cell, text (all of it highlighted), shape (drawn in it) or condition."""
    condition: str = ""
    """A conditional format that could not be worked out, in words; `fill` is then the fill without it."""
    ink: str = ""
    """The plain colour of the text, where all of it has one other than black, grey or white."""
    links: tuple[Link, ...] = ()
    controls: tuple[Control, ...] = ()
    choices: tuple[str, ...] = ()
    """What data validation lets a person choose in this cell."""
    number: float | None = None
    """The number under the text, where the cell holds one. `text` is as the number format shows it."""
    day: date | None = None
    """The day under the text, where the cell holds a date."""
    formula: str = ""
    unknown: bool = False
    """Whether the cell is a formula without a stored value: it is not empty, but no one has worked it out."""
    error: str = ""
    """A spreadsheet error such as #REF!."""
    rows: int = 1
    columns: int = 1
    merged: tuple[int, int] | None = None
    grids: tuple[Grid, ...] = ()
    """Tables inside the cell; their text is not in `text`."""
    notes: tuple[str, ...] = ()
    """Comments and footnotes of the cell."""
    bold: bool = False
    """Whether all of the text is bold."""
    indent: int = 0
    """How many steps the text of a spreadsheet's cell is indented."""
    hidden: bool = False
    """Whether it is in a hidden column; set where a grid becomes a matrix."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the text with what is known of each; none for an empty cell."""
        return self.marked or tuple(Line(text) for text in self.text.split("\n") if self.text)

    @property
    def live(self) -> str:
        """The text without what is struck out."""
        if not self.marked:
            return self.text
        return "\n".join(live for line in self.marked if (live := line.live.strip()) or not line.struck).strip()

    @property
    def struck(self) -> str:
        """What is struck out, each part on a line of its own."""
        return "\n".join(line.text[start:end] for line in self.marked for start, end in line.struck)

    @property
    def is_struck(self) -> bool:
        """Whether everything that the cell says is struck out."""
        return any(line.struck for line in self.marked) and not visible(self.live)

    @property
    def is_blank(self) -> bool:
        """Whether the eye sees nothing here, a fill aside. A formula no one has worked out is not blank."""
        return not (visible(self.text) or self.grids or self.unknown)


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid. `at` is its address as a person counts: "table 2, row 3", "sheet Plan, row 9", "row 9"."""

    at: str
    cells: tuple[Cell, ...]
    hidden: bool = False
    is_head: bool = False
    """Whether the file itself says that this is a heading row (repeated on each page, or the head of a list)."""
    is_total: bool = False
    """Whether the file itself says that this is the row of totals below a list."""

    @property
    def is_blank(self) -> bool:
        return all(cell.is_blank and cell.merged is None for cell in self.cells)

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each cell; "" if a cell from elsewhere covers the place."""
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """One table of a document or one sheet of a workbook. Columns are counted from 0 if the eye sees them."""

    at: str
    """Its address: "table 2", "sheet Plan", "" for the one table of a CSV file."""
    rows: tuple[Row, ...]
    name: str = ""
    """The sheet's own name."""
    lettered: bool = False
    """Whether its columns are known by letter, as in a spreadsheet."""
    title: str = ""
    """The last words before a table in a document; the words of a sheet's first row merged across it."""
    hidden: bool = False
    hidden_columns: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()
    """How wide each column is drawn, in points, where the file says so."""
    remarks: tuple[str, ...] = ()
    """What was seen on the way that its reader should know, one sentence each."""

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place; an empty one beyond the row's end."""
        cells = self.rows[row].cells
        return cells[column] if column < len(cells) else EMPTY

    def seen(self, row: int, column: int) -> Cell:
        """The cell that the eye sees at a place: the merged cell where one covers it."""
        cell = self.cell(row, column)
        return self.cell(*cell.merged) if cell.merged else cell

    def column_name(self, index: int) -> str:
        """The column at `index` as a person calls it: "column G" or "column 7"."""
        return f"column {letters(index) if self.lettered else index + 1}"

    def place(self, row: int, column: int) -> str:
        """The address of a place: "table 2, row 3, column 4"."""
        return f"{self.rows[row].at}, {self.column_name(column)}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document; level 1 is the highest, 0 the document's title."""

    at: str
    text: str
    level: int = 1
    mark: str = ""
    """Its automatic number ("1.2"), which is not part of the text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside every table. `at` is its address: "paragraph 7"."""

    at: str
    line: Line
    links: tuple[Link, ...] = ()
    controls: tuple[Control, ...] = ()
    notes: tuple[str, ...] = ()
    boxed: bool = False
    """Whether it is in a text box, header or footer beside the text."""

    @property
    def text(self) -> str:
        return self.line.text


Block = Heading | Paragraph | Grid


@dataclass(frozen=True)
class Document:
    """A whole file. `name` is the file's name, `title` what its properties call it."""

    kind: FileKind
    name: str
    blocks: tuple[Block, ...]
    title: str = ""
    epoch: Literal[1900, 1904] = 1900
    """The year from which the workbook counts its days."""
    remarks: tuple[str, ...] = ()
    """What its reader should know of the whole file, one sentence each."""

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The tables or sheets, in order, without those inside cells."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))


_UNSEEN = dict.fromkeys(
    [
        *range(0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        *(0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x3164, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC),
        *(0xFFFE, 0xFFFF),
        *range(0xE0000, 0xE0080),
    ]
)
_NO_BREAK: dict[int, str | None] = {
    **_UNSEEN,
    **dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "),
    **dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n"),
    0x2011: "-",
}


def visible(text: str) -> str:
    """The text as a reader sees it: invisible characters left out, non-breaking spaces as spaces, ends trimmed.

    Case, line breaks and runs of spaces stay.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return text.translate(_NO_BREAK).strip()


def plain(text: str) -> str:
    """The text for comparing: as `visible`, in one case, with single spaces for spaces and line breaks."""
    return " ".join(visible(text).casefold().split())


def without(text: str, spans: Spans) -> str:
    """The text without the given parts of it."""
    pieces, start = [], 0
    for begins, ends in spans:
        pieces.append(text[start:begins])
        start = ends
    return "".join([*pieces, text[start:]])


def trimmed(line: Line, *, start: bool = True, end: bool = True) -> Line:
    """The line without blanks at its ends, its spans moved with the words."""
    text = line.text.rstrip() if end else line.text
    cut = len(text) - len(text.lstrip()) if start else 0
    if len(text) == len(line.text) and not cut:
        return line
    text = text[cut:]
    return replace(line, text=text, struck=_moved(line.struck, cut, len(text)), bold=_moved(line.bold, cut, len(text)))


def _moved(spans: Spans, cut: int, length: int) -> Spans:
    moved = ((max(start - cut, 0), min(end - cut, length)) for start, end in spans)
    return tuple((start, end) for start, end in moved if end > start)


def letters(index: int) -> str:
    """The letters of a spreadsheet's column, from 0: A, B, ... Z, AA."""
    column_letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        column_letters = chr(ord("A") + rest) + column_letters
    return column_letters


def hidden_parts(is_hidden: bool, rows: Sequence[int], columns: Sequence[int]) -> Iterator[str]:
    """Return the messages about a hidden sheet and its hidden rows and columns, which count from 0."""
    if is_hidden:
        yield "This sheet is hidden."
    if rows:
        were = "1 hidden row was" if len(rows) == 1 else f"{len(rows)} hidden rows were"
        yield f"{were} read too, the first is row {min(rows) + 1}."
    if columns:
        yield f"Hidden columns were read too: {', '.join(map(letters, columns))}."


def title_of(rows: Sequence[Row]) -> str:
    """The words of the first row that says something, where they are alone in it and are merged across it."""
    for row in rows:
        cells = [cell for cell in row.cells if visible(cell.text)]
        if cells:
            return cells[0].text if len(cells) == 1 and cells[0].columns > 1 else ""
    return ""


def grid(
    rows: Iterable[Sequence[str | Cell]],
    at: str = "table 1",
    *,
    title: str = "",
    lettered: bool = False,
) -> Grid:
    """A grid from plain texts and cells, each row with its address."""
    made = (
        Row(f"{at}, row {number}".removeprefix(", "), tuple(_as_cell(value) for value in row))
        for number, row in enumerate(rows, start=1)
    )
    return Grid(at, tuple(made), lettered=lettered, title=title)


def document(*blocks: Block, kind: FileKind = "word", name: str = "plan.docx") -> Document:
    """A document from blocks."""
    return Document(kind, name, tuple(blocks))


def _as_cell(text: str | Cell) -> Cell:
    return text if isinstance(text, Cell) else Cell(text) if text else EMPTY


def as_json(whole: Document) -> str:
    """The document as JSON; `from_json` makes an equal one. What is as usual is left out, a plain cell is a string."""
    return json.dumps(_packed(whole), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Document:
    """The document that `as_json` wrote."""
    whole = _unpacked(json.loads(text), {"": EMPTY})
    assert isinstance(whole, Document)
    return whole


_TYPES = {kind.__name__: kind for kind in (Document, Heading, Paragraph, Grid, Row, Cell, Line, Link, Control)}
_USUAL: Mapping[type, tuple[tuple[str, Any], ...]] = {
    kind: tuple((field.name, field.default) for field in fields(kind)) for kind in _TYPES.values()
}


def _packed(value: Any) -> Any:
    kind = type(value)
    if kind in _USUAL:
        if kind is Cell and value == Cell(value.text):
            return value.text
        packed: dict[str, Any] = {"": kind.__name__}
        for name, usual in _USUAL[kind]:
            own = getattr(value, name)
            if usual is MISSING or own != usual:
                packed[name] = _packed(own)
        return packed
    if kind is tuple:
        return [_packed(item) for item in value]
    if isinstance(value, date):
        return {"": "day", "day": value.isoformat()}
    return value


def _unpacked(value: Any, plain_cells: dict[str, Cell]) -> Any:
    """A packed value; equal plain cells are stored once, which shortens a long file with few different words."""
    if isinstance(value, list):
        return tuple(_unpacked(item, plain_cells) for item in value)
    if not isinstance(value, dict):
        return value
    name = value.pop("")
    if name == "day":
        text = value["day"]
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    if name == "Row":
        cells = tuple(
            (plain_cells.get(cell) or plain_cells.setdefault(cell, Cell(cell)))
            if isinstance(cell, str)
            else _unpacked(cell, plain_cells)
            for cell in value.pop("cells")
        )
        return Row(cells=cells, **value)
    return _TYPES[name](**{key: _unpacked(item, plain_cells) for key, item in value.items()})

"""A file before it has a format: sheets of headings, lines and tables, whose cells know what they look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True)
class Cell:
    """One cell. ``across`` and ``down`` count the columns and rows that it is merged over.

    ``marks`` puts Word's own bullets or numbers before each line; ``control`` lays a drop-down round the text
    ("drop-down") or round the whole cell ("cell"); ``struck`` is struck out before the text; ``value`` is a number
    or a date that Excel shows as ``shows``.
    """

    text: str = ""
    across: int = 1
    down: int = 1
    fill: str = ""
    bold: bool = False
    marks: str = ""
    control: str = ""
    struck: str = ""
    value: date | float | None = None
    shows: str = ""
    inside: Table | None = None
    covered: bool = False


COVERED = Cell(covered=True)
EMPTY = Cell()


@dataclass(frozen=True)
class Table:
    """Rows of equal width. ``headings`` counts the rows above that head its columns."""

    rows: tuple[tuple[Cell, ...], ...]
    headings: int = 1
    hidden_columns: tuple[int, ...] = ()
    repeat_headings: bool = False

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Line:
    """A paragraph, or a row of one cell; ``merged`` over the width of the table below it.

    ``marks`` makes a paragraph an item of one of Word's own lists of bullets or numbers.
    """

    text: str
    bold: bool = False
    label: str = ""
    merged: bool = True
    marks: str = ""


@dataclass(frozen=True)
class Beside:
    """Tables that are side by side on one sheet."""

    tables: tuple[Table, ...]


Block = Heading | Line | Table | Beside


@dataclass(frozen=True)
class Sheet:
    name: str
    blocks: tuple[Block, ...]
    hidden: bool = False


@dataclass
class Laid:
    """What a layout made: the sheets, and which field each of their headings is."""

    sheets: list[Sheet]
    columns: dict[str, str] = field(default_factory=dict)
    note: str = ""


def row(*cells: Cell | str) -> tuple[Cell, ...]:
    return tuple(Cell(cell) if isinstance(cell, str) else cell for cell in cells)


def head(*texts: str, fill: str = "") -> tuple[Cell, ...]:
    return tuple(Cell(text, bold=True, fill=fill) for text in texts)


def banner(cell: Cell, width: int) -> tuple[Cell, ...]:
    """A row that is one cell merged across a table."""
    return (replace(cell, across=width), *[COVERED] * (width - 1))


def merged_down(cell: Cell, height: int) -> list[Cell]:
    """A cell and the places that it covers below."""
    return [replace(cell, down=height), *[COVERED] * (height - 1)]


def padded(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    width = max(len(one) for one in rows)
    return tuple((*one, *[EMPTY] * (width - len(one))) for one in rows)

"""Places and areas of a sheet as a workbook writes them: B7, A1:C3, Sheet2!$A$1:$A$5. Rows and columns from 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
_AREA = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d{1,7})?(?::\$?([A-Za-z]{1,3})?\$?(\d{1,7})?)?")


@dataclass(frozen=True, slots=True)
class Area:
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def column_at(letters: str) -> int:
    """The column of some letters, from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def row_and_column(text: str) -> tuple[int, int] | None:
    """Row and column of a cell's address; None for what is none."""
    cell = area(text)
    return (cell.top, cell.left) if cell else None


def area(text: str) -> Area | None:
    """An area from its address, whole rows and columns too; None for what is none."""
    match = _AREA.fullmatch(text.strip())
    if not match or not text.strip():
        return None
    left, top, right, bottom = match.groups()
    if not (left or top) or (":" not in text and not (left and top)):
        return None
    if ":" not in text:
        right, bottom = left, top
    rows = sorted((int(top) - 1 if top else 0, int(bottom) - 1 if bottom else LAST_ROW))
    columns = sorted((column_at(left) if left else 0, column_at(right) if right else LAST_COLUMN))
    return Area(rows[0], columns[0], rows[1], columns[1])


def areas(text: str) -> Iterator[Area]:
    """The areas of a list of addresses separated by blanks."""
    for address in text.split():
        covered = area(address)
        if covered:
            yield covered


def on_sheet(text: str) -> tuple[str, Area] | None:
    """The sheet's name ("" if none is given) and the area of a reference; None for what is none."""
    sheet, _, address = text.strip().lstrip("=").rpartition("!")
    covered = area(address)
    return (sheet.strip("'").replace("''", "'"), covered) if covered else None


_SUBTOTAL = re.compile(r"\b(?:SUBTOTAL|AGGREGATE)\((?P<of>[^()]*)\)", re.IGNORECASE)
_LIST_COLUMN = re.compile(r"\w*\[(?!@|\[?#This Row)[^\]]*\].*", re.IGNORECASE)


def counts_rows_above(formula: str, row: int) -> bool:
    """Return whether a formula in a row, from 0, is a subtotal of the rows above it, as Excel's own Subtotal writes.

    One that counts its own row numbers the rows, and one of rows below stands in a heading.
    """
    for match in _SUBTOTAL.finditer(formula):
        counted = match["of"].split(",")[1:]
        places = [place[1] for text in counted if (place := on_sheet(text))]
        if (places and all(place.bottom < row for place in places)) or any(
            _LIST_COLUMN.fullmatch(text.strip()) for text in counted
        ):
            return True
    return False

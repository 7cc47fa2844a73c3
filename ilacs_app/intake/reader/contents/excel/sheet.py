"""One sheet of a workbook as it is written: its cells, and what the rest of the sheet's part says about them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ilacs_app.intake.reader.contents.colours import drawn_colour
from ilacs_app.intake.reader.contents.excel.conditions import X14, XM
from ilacs_app.intake.reader.contents.excel.ranges import Area, area, areas, row_and_column
from ilacs_app.intake.reader.contents.excel.styles import Font, S, Styles
from ilacs_app.intake.reader.contents.package import RELATIONS, Package, Unreadable

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_ROW = re.compile(r"\d+")


class TooLarge(ValueError):
    """A sheet reaches further than a plan does."""


MOST_AREA = 2_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the looks of its parts, where they differ from the cell's own font."""

    text: str
    parts: tuple[tuple[str, Font], ...] = ()


@dataclass(slots=True)
class RawCell:
    """A cell as written: `kind` is s, str, b, e, d or n, `value` the text between its `v` or `is`."""

    kind: str
    value: str | Text | None
    style: str | None
    formula: str | None = None
    stored: bool = True
    """Whether a formula's value is stored."""


@dataclass
class RawSheet:
    name: str
    hidden: bool = False
    rows: dict[int, dict[int, RawCell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    widths: dict[int, float] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    formats: list[Any] = field(default_factory=list)
    """The elements with conditional formats."""
    validations: list[tuple[tuple[Area, ...], str]] = field(default_factory=list)
    links: list[tuple[Area, str]] = field(default_factory=list)
    notes: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    boxes: dict[tuple[int, int], bool] = field(default_factory=dict)
    """Check boxes that float over a cell, and whether they are ticked."""
    shapes: dict[tuple[int, int], str] = field(default_factory=dict)
    """The colours of shapes without words that are drawn over a cell."""
    heads: set[int] = field(default_factory=set)
    totals: set[int] = field(default_factory=set)
    drawn: list[str] = field(default_factory=list)
    """The words of text boxes on the sheet."""
    pictures: int = 0

    @property
    def last_row(self) -> int:
        return max(self.rows, default=-1)


def unescaped(text: str) -> str:
    """A workbook's text without its escapes for characters that XML does not allow, line breaks as "\\n"."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # emoji are escaped in halves
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_in(element: Any, styles: Styles) -> Text:
    """The text of a shared or inline string; how it is pronounced is left out."""
    parts: list[tuple[str, Font]] = []
    is_rich = False
    for child in element:
        if child.tag == f"{S}t":
            parts.append((unescaped(child.text or ""), Font()))
        elif child.tag == f"{S}r":
            properties = child.find(f"{S}rPr")
            is_rich = is_rich or properties is not None
            look = styles.font(properties) if properties is not None else _OWN
            parts.append((unescaped(child.findtext(f"{S}t") or ""), look))
    text = "".join(part for part, _ in parts)
    return Text(text, tuple(parts) if is_rich else ())


_OWN = Font(name="\0")
"""Stands for the cell's own font in a rich text."""


def own_font(font: Font, cell: Font) -> Font:
    """The font of a part of a rich text in a cell with this font."""
    return cell if font is _OWN or font == _OWN else font


def read_sheet(
    package: Package, part: str, name: str, *, hidden: bool, shared: Sequence[Text], styles: Styles
) -> RawSheet:
    """Everything of one sheet.

    Raises:
        Unreadable: the part is missing or is no XML.
        TooLarge: it reaches further than a plan.
    """
    sheet = RawSheet(name, hidden)
    relations = package.relations(part)
    tags = [
        f"{S}{tag}"
        for tag in ("row", "col", "mergeCell", "conditionalFormatting", "dataValidation", "hyperlink", "control")
    ]
    tags += [f"{X14}conditionalFormatting", f"{X14}dataValidation"]
    number = 0
    for element in package.elements(part, *tags):
        tag = element.tag
        if tag == f"{S}row":
            number = _read_row(sheet, element, number, shared, styles)
        elif tag == f"{S}col":
            _read_column(sheet, element)
        elif tag == f"{S}mergeCell":
            merged = area(element.get("ref") or "")
            if merged:
                sheet.merged.append(merged)
        elif tag.endswith("}conditionalFormatting"):
            sheet.formats.append(_kept(element))
        elif tag.endswith("}dataValidation"):
            _read_validation(sheet, element)
        elif tag == f"{S}hyperlink":
            relation = relations.get(element.get(f"{RELATIONS}id") or "")
            linked = area(element.get("ref") or "")
            if relation and relation.outside and linked:
                sheet.links.append((linked, relation.target))
        elif tag == f"{S}control":
            relation = relations.get(element.get(f"{RELATIONS}id") or "")
            if relation and not relation.outside:
                _read_control(sheet, element, package, relation.target)
    _read_beside(sheet, package, part, styles.theme)
    return sheet


def _kept(element: Any) -> Any:
    """Copy an element, because elements are emptied once they are read."""
    return copy.deepcopy(element)


def _read_row(sheet: RawSheet, element: Any, before: int, shared: Sequence[Text], styles: Styles) -> int:
    """Read a row and return its number, counted from 1. Rows and cells without an address follow the one before."""
    written = element.get("r")
    number = int(written) if written and _ROW.fullmatch(written) else before + 1
    if element.get("hidden") in ("1", "true") or element.get("ht") == "0":
        sheet.hidden_rows.add(number - 1)
    column = -1
    cells: dict[int, RawCell] = {}
    for child in element:
        if child.tag != f"{S}c":
            continue
        at = row_and_column(child.get("r") or "")
        column = at[1] if at else column + 1
        cell = _read_cell(child, shared, styles)
        if cell is not None:
            cells[column] = cell
    if cells:
        sheet.rows[number - 1] = cells
        if number * (max(cells) + 1) > MOST_AREA:
            raise TooLarge(f"{number:,}")
    return number


def _read_cell(element: Any, shared: Sequence[Text], styles: Styles) -> RawCell | None:
    kind, style = element.get("t") or "n", element.get("s")
    value: str | Text | None = None
    formula: str | None = None
    for child in element:
        if child.tag == f"{S}v":
            value = child.text
        elif child.tag == f"{S}f":
            formula = unescaped(child.text or "")
        elif child.tag == f"{S}is":
            kind, value = "s", text_in(child, styles)
    if kind == "s" and isinstance(value, str):
        value = shared[int(value)] if value.strip().isdecimal() and int(value) < len(shared) else None
    elif kind == "str" and isinstance(value, str):
        value = unescaped(value)
    stored = value is not None or kind == "str"
    if value is None and formula is None and style is None:
        return None
    return RawCell(kind, value, style, formula, stored)


def _read_column(sheet: RawSheet, element: Any) -> None:
    try:
        first, last = int(element.get("min") or 0), int(element.get("max") or 0)
        width = float(element.get("width") or 0)
    except ValueError:
        return
    for column in range(max(first, 1) - 1, min(last, 16_384)):
        if element.get("hidden") in ("1", "true") or (element.get("width") is not None and width == 0):
            sheet.hidden_columns.add(column)
        sheet.widths[column] = width


def _read_validation(sheet: RawSheet, element: Any) -> None:
    if element.get("type") != "list":
        return
    formula = element.findtext(f"{S}formula1") or element.findtext(f"{X14}formula1/{XM}f") or ""
    covered = tuple(areas(element.get("sqref") or element.findtext(f"{XM}sqref") or ""))
    if formula and covered:
        sheet.validations.append((covered, formula))


def _read_control(sheet: RawSheet, element: Any, package: Package, part: str) -> None:
    """A check box of the old forms is over a cell; its state is in a part of its own."""
    at = next(element.iter(f"{S}from"), None)
    if at is None:
        return
    row, column = at.findtext(f"{_PLACED}row"), at.findtext(f"{_PLACED}col")
    try:
        properties = package.xml(part)
        where = (int(row or -1), int(column or -1))
    except (Unreadable, ValueError):
        return
    if properties.get("objectType") == "CheckBox" and min(where) >= 0:
        sheet.boxes[where] = properties.get("checked") == "Checked"


def _read_beside(sheet: RawSheet, package: Package, part: str, theme: Mapping[str, str]) -> None:
    """The comments, lists and text boxes of a sheet, each in a part of its own; a broken one is left out."""
    for relation in package.relations(part).values():
        if relation.outside or not package.has(relation.target):
            continue
        try:
            if relation.kind == "table":
                _read_list(sheet, package.xml(relation.target))
            elif relation.kind in ("comments", "threadedComment"):
                _read_notes(sheet, package.xml(relation.target))
            elif relation.kind == "drawing":
                _read_drawing(sheet, package.xml(relation.target), theme)
        except Unreadable:
            continue


def _read_list(sheet: RawSheet, root: Any) -> None:
    listed = area(root.get("ref") or "")
    if listed and root.get("headerRowCount") != "0":
        sheet.heads.add(listed.top)
    if listed and (root.get("totalsRowCount") or "0") != "0":
        sheet.totals.add(listed.bottom)


def _read_notes(sheet: RawSheet, root: Any) -> None:
    for note in root.iter():
        tag = str(note.tag).rpartition("}")[2]
        if tag not in ("comment", "threadedComment"):
            continue
        at = row_and_column(note.get("ref") or "")
        text = "".join(part.text or "" for part in note.iter() if str(part.tag).endswith(("}t", "}text")) and part.text)
        if at and text.strip() and not text.startswith("[Threaded comment]"):
            sheet.notes.setdefault(at, []).append(unescaped(text).strip())


def _read_drawing(sheet: RawSheet, root: Any, theme: Mapping[str, str]) -> None:
    sheet.pictures += sum(1 for _ in root.iter(f"{_PLACED}pic"))
    for shape in root.iter(f"{_PLACED}sp"):
        lines = list(_lines(shape))
        if any(lines):
            sheet.drawn.append("\n".join(lines).strip())
            continue
        colour, at = drawn_colour(shape.find(f"{_PLACED}spPr"), theme), _anchored(shape)
        if colour and at:
            sheet.shapes[at] = colour


def _anchored(shape: Any) -> tuple[int, int] | None:
    """The cell over which a drawn shape begins; None if it is not anchored to a cell."""
    anchor = shape.getparent()
    start = anchor.find(f"{_PLACED}from") if anchor is not None else None
    if start is None:
        return None
    try:
        return int(start.findtext(f"{_PLACED}row") or ""), int(start.findtext(f"{_PLACED}col") or "")
    except ValueError:
        return None


def _lines(shape: Any) -> Iterator[str]:
    for paragraph in shape.iter(f"{_DRAWING}p"):
        yield "".join(run.text or "" for run in paragraph.iter(f"{_DRAWING}t"))

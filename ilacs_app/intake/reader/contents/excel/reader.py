"""An Excel workbook as a document: each sheet a grid whose cells say what the eye sees."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from ilacs_app.intake.reader.contents.colours import colour_name, is_pale, theme_of
from ilacs_app.intake.reader.contents.document import (
    EMPTY,
    Block,
    Cell,
    Control,
    Document,
    Grid,
    Line,
    Link,
    Paragraph,
    Row,
    hidden_parts,
    letters,
    title_of,
    trimmed,
)
from ilacs_app.intake.reader.contents.excel.conditions import NOT_MARKED, XM, Rule, Shown, read_rules, shown_by
from ilacs_app.intake.reader.contents.excel.formats import (
    day_of,
    general,
    kind_of,
    number_shown,
    written_day,
    written_time,
)
from ilacs_app.intake.reader.contents.excel.formulas import Value
from ilacs_app.intake.reader.contents.excel.ranges import Area, areas, counts_rows_above, on_sheet
from ilacs_app.intake.reader.contents.excel.sheet import RawCell, RawSheet, Text, own_font, read_sheet, text_in
from ilacs_app.intake.reader.contents.excel.styles import CellStyle, Font, S, Styles
from ilacs_app.intake.reader.contents.package import RELATIONS, Package
from ilacs_app.intake.reader.contents.symbols import as_drawn, is_symbol_font

_TICKED, _UNTICKED = "☒", "☐"
MOST_RULED = 2_000_000
"""The largest product of cells and rules for which conditional formats are evaluated."""
WIDEST_MERGED = 60
"""Columns up to which a merged cell is taken as wide as it is, though nothing is below."""
FAR_BELOW = 100
"""Rows below the last one within which a drawn shape or box still counts."""
FillFrom = Literal["condition", "cell", "shape"]
_LINKED = re.compile(r'HYPERLINK\(\s*"([^"]+)"', re.IGNORECASE)
POINTS_OF_WIDTH = 5.25  # one character of a column's width, in the usual font


def read_excel(package: Package, name: str) -> Document:
    """The workbook in an open package.

    Raises:
        Unreadable: a part is missing or is no XML.
        TooLarge: a sheet reaches further than a plan.
    """
    return _Workbook(package, name).document()


class _Workbook:
    def __init__(self, package: Package, name: str) -> None:
        self._package, self._name = package, name
        main = package.main
        root = package.xml(main)
        properties = root.find(f"{S}workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true", "on")
        calculation = root.find(f"{S}calcPr")
        self.is_uncalculated = calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true")
        """Whether the writing program left calculation to Excel: some then store 0 for every formula."""
        self._epoch: Literal[1900, 1904] = 1904 if is_1904 else 1900
        self._styles = Styles(package.related_xml(main, "styles"), theme_of(package.related_xml(main, "theme")))
        self._names = {defined.get("name") or "": defined.text or "" for defined in root.iter(f"{S}definedName")}
        shared = next(package.related(main, "sharedStrings"), "")
        texts = [text_in(string, self._styles) for string in package.elements(shared, f"{S}si")] if shared else []
        relations = package.relations(main)
        self._sheets = [
            read_sheet(
                package,
                relations[key].target,
                sheet.get("name") or "",
                hidden=(sheet.get("state") or "visible") != "visible",
                shared=texts,
                styles=self._styles,
            )
            for sheet in root.iter(f"{S}sheet")
            if (key := sheet.get(f"{RELATIONS}id") or "") in relations and relations[key].kind == "worksheet"
        ]

    def document(self) -> Document:
        blocks: list[Block] = []
        for sheet in self._sheets:
            blocks.append(_SheetReader(self, sheet).grid())
            for number, text in enumerate(sheet.drawn, start=1):
                at = f"sheet {sheet.name}, text box {number}"
                blocks += [Paragraph(at, Line(line.strip()), boxed=True) for line in text.split("\n") if line.strip()]
        return Document("excel", self._name, tuple(blocks), title=self._title(), epoch=self._epoch)

    def _title(self) -> str:
        for part in self._package.related("", "core-properties"):
            for child in self._package.xml(part):
                if str(child.tag).endswith("}title") and child.text:
                    return str(child.text).strip()
        return ""

    def choices(self, formula: str, own: RawSheet) -> tuple[str, ...]:
        """The entries of a drop-down: written out, or in the cells of some sheet."""
        text = formula.strip().removeprefix("=")
        if text.startswith('"'):
            return tuple(entry.strip() for entry in text.strip('"').split(",") if entry.strip())
        reference = on_sheet(self._names.get(text, text))
        if not reference:
            return ()
        name, covered = reference
        sheet = next((sheet for sheet in self._sheets if sheet.name == name), own if not name else None)
        if sheet is None:
            return ()
        texts = (
            self.text_of(cell)
            for row in sorted(sheet.rows)
            if covered.top <= row <= covered.bottom
            for column, cell in sorted(sheet.rows[row].items())
            if covered.left <= column <= covered.right
        )
        return tuple(text for text in texts if text)[:500]

    def style(self, cell: RawCell) -> CellStyle:
        return self._styles.cell(cell.style)

    def text_of(self, cell: RawCell) -> str:
        return self.shown(cell).text.strip()

    def shown(self, cell: RawCell) -> _Shown:
        """Return what a cell shows, by its kind, value and number format."""
        style, value = self.style(cell), cell.value
        if isinstance(value, Text):
            return _Shown(value.text, parts=value.parts)
        if value is None:
            return _NO_VALUE
        if cell.kind == "str":
            return _Shown(value)
        if cell.kind == "e":
            return _Shown(value, error=value)
        if cell.kind == "b":
            holds = value.strip() in ("1", "true")
            if style.is_check_box:
                return _Shown(_TICKED if holds else _UNTICKED, control=Control("checkbox", "yes" if holds else "no"))
            return _Shown("TRUE" if holds else "FALSE")
        if cell.kind == "d":
            return _of_iso(value, style.code)
        try:
            number = float(value)
        except ValueError:
            return _Shown(value)
        if not math.isfinite(number):
            return _Shown(value)
        return _of_number(number, style.code, self._epoch)

    def value(self, cell: RawCell | None) -> Value:
        """Return the value that a formula sees in a cell."""
        if cell is None or cell.value is None:
            return None
        if isinstance(cell.value, Text):
            return cell.value.text
        if cell.kind == "b":
            return cell.value.strip() in ("1", "true")
        if cell.kind == "n":
            try:
                return float(cell.value)
            except ValueError:
                return cell.value
        return cell.value

    def rules(self, sheet: RawSheet) -> list[Rule]:
        rules: list[Rule] = []
        for element in sheet.formats:
            numbers = [
                number
                for row, cells in sheet.rows.items()
                for column, cell in cells.items()
                if element.find(f".//{S}iconSet") is not None
                and any(area.holds(row, column) for area in _areas_of(element))
                and isinstance(number := self.value(cell), float)
            ]
            rules += read_rules(element, self._styles, numbers)
        return sorted(rules, key=lambda rule: rule.priority)


@dataclass(frozen=True, slots=True)
class _Shown:
    text: str
    number: float | None = None
    day: date | None = None
    error: str = ""
    parts: tuple[tuple[str, Font], ...] = ()
    control: Control | None = None


_NO_VALUE = _Shown("")
_BARE = RawCell("n", None, None)


def _of_number(number: float, code: str, epoch: int) -> _Shown:
    kind = kind_of(code)
    if kind in ("day", "month", "year"):
        day = day_of(number, epoch)
        if day is None:
            return _Shown(general(number), number)
        return _Shown(written_day(day, code), number, day)
    if kind == "time":
        return _Shown(written_time(number), number)
    return _Shown(number_shown(number, code), number)


def _of_iso(text: str, code: str) -> _Shown:
    """A date that is written as text, as Strict Open XML does."""
    try:
        day = datetime.fromisoformat(text.strip().removesuffix("Z")).date()
    except ValueError:
        return _Shown(text)
    return _Shown(written_day(day, code if kind_of(code) in ("day", "month", "year") else "dd/mm/yyyy"), None, day)


def _areas_of(element: Any) -> Sequence[Area]:
    return tuple(areas(element.get("sqref") or element.findtext(f"{XM}sqref") or ""))


class _SheetReader:
    def __init__(self, book: _Workbook, sheet: RawSheet) -> None:
        self._book, self._sheet = book, sheet
        self._rules = book.rules(sheet)
        cells = sum(len(cells) for cells in sheet.rows.values())
        self._too_many_rules = cells * len(self._rules) > MOST_RULED
        self._unknown: list[str] = []
        self._unsolved = 0
        self._choices: Mapping[tuple[Area, ...], tuple[str, ...]] = {
            covered: choices for covered, formula in sheet.validations if (choices := book.choices(formula, sheet))
        }

    def grid(self) -> Grid:
        at = f"sheet {self._sheet.name}"
        rows = [self._row(number) for number in range(self._last_row() + 1)]
        self._merge(rows)
        while rows and not any(cell.fill or not cell.is_blank or cell.merged or cell.notes for cell in rows[-1]):
            rows.pop()
        width = max((len(cells) for cells in rows), default=0)
        made = tuple(
            Row(
                f"{at}, row {number + 1}",
                tuple(cells),
                hidden=number in self._sheet.hidden_rows,
                is_head=number in self._sheet.heads,
                is_total=number in self._sheet.totals or any(counts_rows_above(cell.formula, number) for cell in cells),
            )
            for number, cells in enumerate(rows)
        )
        return Grid(
            at,
            made,
            name=self._sheet.name,
            lettered=True,
            title=title_of(made),
            hidden=self._sheet.hidden,
            hidden_columns=tuple(sorted(column for column in self._sheet.hidden_columns if column < width)),
            widths=tuple(round(self._sheet.widths.get(n, 8.43) * POINTS_OF_WIDTH, 1) for n in range(width)),
            remarks=tuple(self._remarks(made, width)),
        )

    def _last_row(self) -> int:
        drawn = max((row for row, _ in [*self._sheet.boxes, *self._sheet.shapes]), default=-1)
        return max(self._sheet.last_row, min(drawn, self._sheet.last_row + FAR_BELOW))

    def _remarks(self, rows: Sequence[Row], width: int) -> Iterator[str]:
        hidden = [number for number in sorted(self._sheet.hidden_rows) if number < len(rows)]
        columns = [column for column in sorted(self._sheet.hidden_columns) if column < width]
        yield from hidden_parts(self._sheet.hidden, hidden, columns)
        if self._unknown:
            count = len(self._unknown)
            yield (
                f"{count} {'formula has' if count == 1 else 'formulas have'} no stored value, the first is in "
                f"{self._unknown[0]}. Open the file in Excel and save it to store them."
            )
        if self._unsolved:
            yield "Some colours of this sheet come from conditional formatting that was not worked out."
        if self._sheet.pictures:
            count = self._sheet.pictures
            yield f"{count} {'picture was' if count == 1 else 'pictures were'} not read."

    def _row(self, number: int) -> list[Cell]:
        raw = self._sheet.rows.get(number, {})
        boxes = [column for row, column in self._sheet.boxes if row == number]
        shapes = [column for row, column in self._sheet.shapes if row == number and column not in raw]
        cells = [EMPTY] * (max([*raw, *boxes, *shapes], default=-1) + 1)
        for column in shapes:
            cells[column] = self._cell(number, column, _BARE)
        for column, cell in raw.items():
            cells[column] = self._cell(number, column, cell)
        self._spread(number, cells, raw)
        for column in boxes:
            cells[column] = self._with_box(cells[column], ticked=self._sheet.boxes[number, column])
        while cells and cells[-1] == EMPTY:
            cells.pop()
        return cells

    def _spread(self, number: int, cells: list[Cell], raw: Mapping[int, RawCell]) -> None:
        """Merge what is centred across several cells, which looks like a merged cell."""
        for column in sorted(raw):
            if not cells[column].text or not self._book.style(raw[column]).goes_across:
                continue
            last = column
            while last + 1 in raw and cells[last + 1].is_blank and self._book.style(raw[last + 1]).goes_across:
                last += 1
            if last > column:
                cells[column] = replace(cells[column], columns=last - column + 1)
                cells[column + 1 : last + 1] = [Cell(merged=(number, column))] * (last - column)

    def _with_box(self, cell: Cell, *, ticked: bool) -> Cell:
        sign = _TICKED if ticked else _UNTICKED
        text = cell.text if cell.text not in ("TRUE", "FALSE") else ""
        control = Control("checkbox", "yes" if ticked else "no")
        return replace(cell, text=f"{sign} {text}".strip(), marked=(), controls=(*cell.controls, control))

    def _cell(self, row: int, column: int, cell: RawCell) -> Cell:
        style, seen = self._book.style(cell), self._book.shown(cell)
        ruled = self._ruled(row, column)
        rgb = ruled.fill if ruled.fill is not None else style.fill
        source: FillFrom = "condition" if ruled.fill is not None else "cell"
        if not colour_name(rgb) and (row, column) in self._sheet.shapes:
            rgb, source = self._sheet.shapes[row, column], "shape"
        fill = colour_name(rgb)
        is_unknown = cell.formula is not None and self._is_unknown(cell)
        if is_unknown:
            seen = _NO_VALUE
            self._unknown.append(f"{letters(column)}{row + 1}")
        text, lines, font = _written(seen, replace(style.font, struck=ruled.struck or style.font.struck))
        notes = self._sheet.notes.get((row, column), ())
        choices = next((c for covered, c in self._choices.items() if any(a.holds(row, column) for a in covered)), ())
        if not (text or fill or is_unknown or notes or choices or ruled.unsolved or seen.number is not None):
            return EMPTY
        return Cell(
            text,
            marked=lines,
            fill=fill,
            rgb=rgb if fill else "",
            pale=is_pale(rgb),
            fill_from=source if fill else "",
            condition=ruled.unsolved,
            ink=_ink(font.ink) if text else "",
            links=tuple(self._links(row, column, cell, text)),
            controls=(seen.control,) if seen.control else (),
            choices=choices,
            number=seen.number,
            day=seen.day,
            formula="" if cell.formula is None else f"={cell.formula}",
            unknown=is_unknown,
            error=seen.error,
            notes=tuple(notes),
            bold=font.bold and bool(text),
            indent=style.indent if text else 0,
        )

    def _is_unknown(self, cell: RawCell) -> bool:
        return not cell.stored or (self._book.is_uncalculated and cell.kind == "n" and cell.value == "0")

    def _ruled(self, row: int, column: int) -> Shown:
        if not self._rules:
            return NOT_MARKED
        if self._too_many_rules:
            holds = any(rule.covers(row, column) for rule in self._rules)
            shown = Shown(unsolved="A conditional format covers this cell.") if holds else NOT_MARKED
        else:
            shown = shown_by(self._rules, self._look, row, column)
        self._unsolved += bool(shown.unsolved)
        return shown

    def _look(self, row: int, column: int) -> Value:
        return self._book.value(self._sheet.rows.get(row, {}).get(column))

    def _links(self, row: int, column: int, cell: RawCell, text: str) -> Iterator[Link]:
        for area, target in self._sheet.links:
            if area.holds(row, column):
                yield Link(text, target)
        match = _LINKED.match(cell.formula or "")
        if match:
            yield Link(text, match[1])

    def _merge(self, rows: list[list[Cell]]) -> None:
        used = max((len(cells) for cells in rows), default=0)
        for area in self._sheet.merged:
            if area.top >= len(rows):
                continue
            bottom = min(area.bottom, len(rows) - 1)
            first = rows[area.top][area.left] if area.left < len(rows[area.top]) else EMPTY
            if first == EMPTY or bottom < area.top:
                continue  # an empty merged cell counts as empty cells
            right = area.right
            if right - area.left > WIDEST_MERGED:
                right = max(used - 1, area.left)  # a title across the whole sheet
            for row in range(area.top, bottom + 1):
                cells = rows[row]
                cells += [EMPTY] * (right + 1 - len(cells))
                cells[area.left : right + 1] = [Cell(merged=(area.top, area.left))] * (right + 1 - area.left)
            rows[area.top][area.left] = replace(first, rows=bottom - area.top + 1, columns=right - area.left + 1)


def _written(seen: _Shown, font: Font) -> tuple[str, tuple[Line, ...], Font]:
    """The text of a cell, its lines where parts of it are struck out or bold, and the font of all of it."""
    parts = [(text, own_font(look, font)) for text, look in seen.parts] if seen.parts else [(seen.text, font)]
    parts = [(as_drawn(look.name, text), look) if is_symbol_font(look.name) else (text, look) for text, look in parts]
    if font.struck:
        parts = [(text, replace(look, struck=True)) for text, look in parts]
    text = "".join(part for part, _ in parts).strip()
    if not text:
        return "", (), font
    bold = all(look.bold for part, look in parts if part.strip())
    inks = {look.ink for part, look in parts if part.strip()}
    whole = Font(bold=bold, ink=inks.pop() if len(inks) == 1 else "")
    if not any(look.struck or (look.bold and not bold) for _, look in parts):
        return text, (), whole
    lines: list[Line] = []
    line = ""
    struck: list[tuple[int, int]] = []
    strong: list[tuple[int, int]] = []
    for part, look in parts:
        for number, piece in enumerate(part.split("\n")):
            if number:
                lines.append(Line(line, struck=tuple(struck), bold=tuple(strong)))
                line, struck, strong = "", [], []
            if piece:
                span = (len(line), len(line) + len(piece))
                line += piece
                if look.struck:
                    struck.append(span)
                if look.bold and not bold:
                    strong.append(span)
    lines.append(Line(line, struck=tuple(struck), bold=tuple(strong)))
    return text, _trimmed(lines), whole


def _trimmed(lines: list[Line]) -> tuple[Line, ...]:
    while lines and not lines[0].text.strip():
        lines.pop(0)
    while lines and not lines[-1].text.strip():
        lines.pop()
    if lines:
        lines[0] = trimmed(lines[0], end=False)
        lines[-1] = trimmed(lines[-1], start=False)
    return tuple(lines)


def _ink(rgb: str) -> str:
    name = colour_name(rgb)
    return "" if name in ("grey", "black") else name

"""OpenDocument text (.odt) and spreadsheets (.ods) as documents, as LibreOffice and others write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ilacs_app.intake.reader.contents.colours import as_rgb, colour_name, is_pale
from ilacs_app.intake.reader.contents.document import (
    EMPTY,
    Block,
    Cell,
    Document,
    Grid,
    Heading,
    Line,
    Paragraph,
    Row,
    hidden_parts,
    letters,
    title_of,
    trimmed,
    visible,
)
from ilacs_app.intake.reader.contents.excel.formats import written_day
from ilacs_app.intake.reader.contents.excel.sheet import MOST_AREA, TooLarge
from ilacs_app.intake.reader.contents.opendocument.styles import (
    FO,
    OFFICE,
    STYLE,
    TABLE,
    TEXT,
    Look,
    Styles,
    mark,
    points,
)
from ilacs_app.intake.reader.contents.opendocument.text import TextReader, Written, form_controls
from ilacs_app.intake.reader.contents.package import Package, Unreadable
from ilacs_app.intake.reader.contents.word.borders import RawRow, visual_columns

_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_GROUPS = {f"{TABLE}table-{tag}" for tag in ("rows", "row-group", "columns", "column-group", "header-columns")}
_MONTHS = {2: "dd/mm/yyyy", 3: "d mmm yyyy", 4: "d mmmm yyyy"}
_MOST_CELLS = 600_000
MOST_REPEATED = 1_000
"""Times that a row or cell with words may be repeated."""


class Protected(ValueError):
    """The file is encrypted with a password."""


def read_open_document(package: Package, name: str) -> Document:
    """The text or spreadsheet in an open package.

    Raises:
        Unreadable: its contents are missing, are no XML, or hold neither a text nor a spreadsheet.
        Protected: it has a password.
        TooLarge: a sheet reaches further than a plan.
    """
    if package.has("META-INF/manifest.xml") and b"encryption-data" in package.data("META-INF/manifest.xml"):
        raise Protected(name)
    root = package.xml("content.xml")
    others = [package.xml("styles.xml")] if package.has("styles.xml") else []
    reader = _Reader(Styles([*others, root]), root)
    title = _title(package)
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is not None:
        return Document("writer", name, tuple(reader.blocks(body)), title=title, said=tuple(reader.said(body)))
    body = root.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    if body is None:
        raise Unreadable("holds neither a text nor a spreadsheet")
    is_1904 = any(
        null_date.get(f"{TABLE}date-value", "").startswith("1904") for null_date in body.iter(f"{TABLE}null-date")
    )
    grids = tuple(reader.sheet(table) for table in body.iterfind(f"{TABLE}table"))
    return Document("calc", name, grids, title=title, epoch=1904 if is_1904 else 1900, said=tuple(reader.said(body)))


def media_type_of(package: Package) -> str:
    """The media type that an OpenDocument package gives itself; "" for another package."""
    if not package.has("content.xml") or not package.has("mimetype"):
        return ""
    return package.data("mimetype")[:200].decode("ascii", "replace").strip()


def _title(package: Package) -> str:
    if not package.has("meta.xml"):
        return ""
    for title in package.xml("meta.xml").iter("{http://purl.org/dc/elements/1.1/}title"):
        return (title.text or "").strip()
    return ""


@dataclass
class _Place:
    """Where a paragraph is in a list: the list's style and the counts of its levels."""

    style: str = ""
    counters: tuple[int, ...] = ()
    is_first: bool = True
    """Whether it is the first paragraph of its item, which alone has the mark."""


class _Reader:
    def __init__(self, styles: Styles, root: Any) -> None:
        self._styles = styles
        self._text = TextReader(styles, dict(form_controls(root)))
        self._counted: dict[str, dict[int, int]] = {}
        self._paragraphs = self._tables = self._pictures = 0
        self._hides = False
        self._title = ""

    def said(self, body: Any) -> Iterator[str]:
        if next(body.iter(f"{TEXT}tracked-changes"), None) is not None:
            yield "The document has tracked changes. They were read as if accepted."
        if self._hides:
            yield "Hidden text was left out."
        if self._pictures:
            yield f"{self._pictures} {'picture was' if self._pictures == 1 else 'pictures were'} not read."

    # Text ---------------------------------------------------------------------------------------------------

    def _parts(self, parent: Any, place: _Place | None = None) -> Iterator[tuple[Any, _Place | None]]:
        """The paragraphs, headings and tables below an element, each with its place in a list."""
        for child in parent:
            tag = child.tag
            if tag in (f"{TEXT}p", f"{TEXT}h", f"{TABLE}table"):
                yield child, place
                if place:
                    place = replace(place, is_first=False)
            elif tag == f"{TEXT}list":
                yield from self._list(child, place)
            elif tag == f"{TEXT}section" and child.get(f"{TEXT}display") == "none":
                self._hides = True
            elif isinstance(tag, str) and tag not in _LEFT_OUT:
                yield from self._parts(child, place)

    def _list(self, element: Any, outer: _Place | None) -> Iterator[tuple[Any, _Place | None]]:
        style = element.get(f"{TEXT}style-name") or (outer.style if outer else "")
        above = outer.counters if outer else ()
        depth = len(above) + 1
        level = self._styles.level(style, depth)
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list") is not None
        count = self._counted.setdefault(style, {}).get(depth, level.start - 1) if goes_on else level.start - 1
        for item in element:
            if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
                continue
            if item.tag == f"{TEXT}list-item":
                own = item.get(f"{TEXT}start-value") or ""
                count = int(own) if own.isdecimal() else count + 1
            yield from self._parts(item, _Place(style, (*above, count), item.tag == f"{TEXT}list-item"))
        self._counted.setdefault(style, {})[depth] = count

    def blocks(self, parent: Any, *, boxed: bool = False) -> Iterator[Block]:
        """The blocks of a text or text box."""
        for element, place in self._parts(parent):
            if element.tag == f"{TABLE}table":
                self._tables += 1
                table = self._table(element, f"table {self._tables}", self._title)
                if table.rows:
                    self._title = ""
                    yield table
                continue
            self._paragraphs += 1
            written = self._text.paragraph(element)
            yield from self._paragraph(element, written, place, boxed=boxed)
            for box in written.boxes:
                yield from self.blocks(box, boxed=True)

    def _paragraph(self, element: Any, written: Written, place: _Place | None, *, boxed: bool) -> Iterator[Block]:
        at = f"paragraph {self._paragraphs}"
        self._count(written)
        if not visible(written.text):
            return
        level, sign = self._marked(place)
        lines = [trimmed(line) for line in written.lines(level, sign)]
        text = " ".join(line.text for line in lines if line.text)
        name = element.get(f"{TEXT}style-name")
        outline = element.get(f"{TEXT}outline-level") or ""
        heading = self._styles.outline(name)
        if element.tag == f"{TEXT}h":
            heading = int(outline) if outline.isdecimal() else heading or 1
        if not boxed:
            self._title = f"{sign} {text}" if any(map(str.isalnum, sign)) else text
        if heading is not None:
            yield Heading(at, text, heading, sign)
            return
        for number, line in enumerate(line for line in lines if line.text):
            first = number == 0
            yield Paragraph(
                at,
                line,
                links=tuple(written.links) if first else (),
                controls=tuple(written.controls) if first else (),
                notes=tuple(written.notes) if first else (),
                boxed=boxed,
            )

    def _marked(self, place: _Place | None) -> tuple[int, str]:
        if place is None:
            return 0, ""
        return len(place.counters), mark(self._styles, place.style, place.counters) if place.is_first else ""

    def _count(self, written: Written) -> None:
        self._pictures += written.pictures
        self._hides = self._hides or written.hidden

    # Tables of a text ---------------------------------------------------------------------------------------

    def _table(self, table: Any, at: str, title: str) -> Grid:
        rows_of_file = [
            (row, is_head)
            for row, is_head in _rows(table)
            for _ in range(min(_times(row, f"{TABLE}number-rows-repeated"), MOST_REPEATED))
        ]
        laid = list(_laid([row for row, _ in rows_of_file]))
        if sum(map(len, laid)) > _MOST_CELLS:
            raise TooLarge(f"{len(laid):,}")
        raw = [RawRow(0, tuple(cell.wide for cell in row)) for row in laid]
        placed, widths = visual_columns(raw, self._columns(table)[2])
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
                    cell = self._cell(laid_cell.element, f"{at}, row {number + 1}, column {left + 1}")
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

    def _cell(self, element: Any, at: str) -> Cell:
        name = element.get(f"{TABLE}style-name")
        look = self._styles.look("table-cell", name)
        lines: list[Line] = []
        grids: list[Grid] = []
        whole = Written()
        marks: list[str] = []
        self._fill(element, at, look, lines, grids, whole, marks)
        while lines and not visible(lines[0].text):
            lines.pop(0)
        while lines and not visible(lines[-1].text):
            lines.pop()
        if lines:
            lines[0] = trimmed(lines[0], end=False)
        elif marks:
            lines = [Line(sign) for sign in marks]
        text = "\n".join(line.text for line in lines)
        looks = [own for text, own in whole.pieces if text.strip()]
        bold = bool(text) and bool(looks) and all(own.bold for own in looks)
        if bold:
            lines = [replace(line, bold=()) for line in lines]
        marked = any(line.mark or line.level or line.struck or line.bold for line in lines)
        rgb = as_rgb(self._styles.property("table-cell", name, "table-cell-properties", f"{FO}background-color"))
        source = "cell"
        behind = {own.behind for own in looks}
        if not colour_name(rgb) and len(behind) == 1:
            rgb, source = behind.pop(), "text"
        inks = {own.ink for own in looks}
        ink = colour_name(inks.pop()) if len(inks) == 1 else ""
        fill = colour_name(rgb)
        if not (text or fill or grids or whole.controls or whole.notes):
            return EMPTY
        return Cell(
            text,
            marked=tuple(lines) if marked else (),
            fill=fill,
            rgb=rgb if fill else "",
            pale=is_pale(rgb),
            fill_from=source if fill else "",
            ink="" if ink in ("grey", "black") else ink,
            links=tuple(whole.links),
            controls=tuple(whole.controls),
            grids=tuple(grids),
            notes=tuple(whole.notes),
            bold=bold,
        )

    def _fill(
        self, parent: Any, at: str, look: Look, lines: list[Line], grids: list[Grid], whole: Written, marks: list[str]
    ) -> None:
        for note in parent.iterfind(f"{OFFICE}annotation"):
            whole.notes.append(
                "\n".join(self._text.paragraph(paragraph).text.strip() for paragraph in note.iter(f"{TEXT}p"))
            )
        for element, place in self._parts(parent):
            if element.tag == f"{TABLE}table":
                number = f" {len(grids) + 1}" if grids else ""
                title = next((line.text for line in reversed(lines) if line.text), "")
                grids.append(self._table(element, f"{at}, inner table{number}", title))
                continue
            written = self._text.paragraph(element, look)
            level, sign = self._marked(place)
            if not visible(written.text) and any(map(str.isalnum, sign)):
                marks.append(sign)
            self._count(written)
            whole.add(written)
            lines += written.lines(level, sign)
            for box in written.boxes:
                self._fill(box, at, look, lines, grids, whole, marks)

    # Sheets -------------------------------------------------------------------------------------------------

    def sheet(self, table: Any) -> Grid:
        """One sheet of a spreadsheet."""
        name = table.get(f"{TABLE}name") or ""
        at = f"sheet {name}"
        shows = self._styles.property("table", table.get(f"{TABLE}style-name"), "table-properties", f"{TABLE}display")
        column_styles, hidden_columns, widths = self._columns(table)
        rows: list[list[Cell]] = []
        sources: list[list[Any]] = []
        hidden: set[int] = set()
        unknown: list[str] = []
        waiting = filled = 0
        for row, _ in _rows(table):
            times = _times(row, f"{TABLE}number-rows-repeated")
            cells, elements = self._sheet_row(row, column_styles)
            if not cells:
                waiting += times
                continue
            filled += times * sum(cell != EMPTY for cell in cells)
            if (len(rows) + waiting + times) * len(cells) > MOST_AREA or filled > _MOST_CELLS:
                raise TooLarge(f"{len(rows) + waiting + times:,}")
            rows += [[] for _ in range(waiting)]
            sources += [[] for _ in range(waiting)]
            waiting = 0
            for _ in range(times):
                if row.get(f"{TABLE}visibility") in ("collapse", "filter"):
                    hidden.add(len(rows))
                unknown += [f"{letters(n)}{len(rows) + 1}" for n, cell in enumerate(cells) if cell.unknown]
                rows.append(list(cells))
                sources.append(elements)
        _merge(rows, sources)
        width = max((len(cells) for cells in rows), default=0)
        made = tuple(
            Row(f"{at}, row {number + 1}", tuple(cells), hidden=number in hidden) for number, cells in enumerate(rows)
        )
        seen = tuple(column for column in hidden_columns if column < width)
        remarks = [*hidden_parts(shows == "false", sorted(hidden), seen), *_said_of_formulas(table, unknown)]
        return Grid(
            at,
            made,
            name=name,
            lettered=True,
            title=title_of(made),
            hidden=shows == "false",
            hidden_columns=seen,
            widths=tuple(round(width, 1) for width in widths[:width]),
            said=tuple(remarks),
        )

    def _columns(self, table: Any) -> tuple[list[str | None], list[int], list[float]]:
        """The cell style that each column gives its cells, the columns that are hidden, and how wide they are."""
        styles: list[str | None] = []
        hidden: list[int] = []
        widths: list[float] = []
        for column in _elements(table, f"{TABLE}table-column"):
            times = min(_times(column, f"{TABLE}number-columns-repeated"), 16_384)
            if column.get(f"{TABLE}visibility") in ("collapse", "filter"):
                hidden += range(len(styles), len(styles) + times)
            width = self._styles.property(
                "table-column", column.get(f"{TABLE}style-name"), "table-column-properties", f"{STYLE}column-width"
            )
            styles += [column.get(f"{TABLE}default-cell-style-name")] * times
            widths += [points(width)] * times
        return styles, hidden, widths

    def _sheet_row(self, row: Any, column_styles: Sequence[str | None]) -> tuple[list[Cell], list[Any]]:
        """The cells of a row and the elements that they come from, without the empty ones at its end."""
        cells: list[Cell] = []
        elements: list[Any] = []
        at = 0
        for element in _elements(row, *_CELLS):
            times = _times(element, f"{TABLE}number-columns-repeated")
            usual = column_styles[at] if at < len(column_styles) else None
            cell = self._sheet_cell(element, usual)
            at += times
            if cell == EMPTY and _spans(element) == (1, 1):
                if at <= 16_384:
                    cells += [EMPTY] * times
                    elements += [None] * times
                continue
            if at > 16_384:
                raise TooLarge("1")
            cells += [cell] * times
            elements += [element] * times
        while cells and cells[-1] == EMPTY and (elements[-1] is None or _spans(elements[-1]) == (1, 1)):
            cells.pop()
            elements.pop()
        return cells, elements

    def _sheet_cell(self, element: Any, usual: str | None) -> Cell:
        name = element.get(f"{TABLE}style-name") or usual
        if element.get(f"{TABLE}style-name") is None and usual:
            element.set(f"{TABLE}style-name", usual)
        cell = self._cell(element, "")
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


_LEFT_OUT = {f"{TEXT}tracked-changes", f"{TEXT}table-of-content", f"{OFFICE}annotation", f"{TEXT}sequence-decls",
             f"{OFFICE}forms", f"{TEXT}variable-decls"}  # fmt: skip


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


def _elements(parent: Any, *tags: str) -> Iterator[Any]:
    """The children with these tags, through the groups that a table may put round them."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _GROUPS:
            yield from _elements(child, *tags)


def _rows(table: Any, *, is_head: bool = False) -> Iterator[tuple[Any, bool]]:
    """The rows of a table, each with whether it is a heading row."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child, is_head
        elif child.tag == f"{TABLE}table-header-rows":
            yield from _rows(child, is_head=True)
        elif child.tag in _GROUPS:
            yield from _rows(child, is_head=is_head)


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
        for element in _elements(row, *_CELLS):
            for _ in range(min(_times(element, f"{TABLE}number-columns-repeated"), MOST_REPEATED)):
                if at >= until:
                    cell = _Laid(element, 1)
                    more = 0
                    if element.tag == f"{TABLE}table-cell":
                        deep, wide = _spans(element)
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


def _times(element: Any, attribute: str) -> int:
    text = element.get(attribute) or "1"
    return max(int(text), 1) if text.isdecimal() and len(text) < 9 else 1


def _spans(element: Any) -> tuple[int, int]:
    return _times(element, f"{TABLE}number-rows-spanned"), _times(element, f"{TABLE}number-columns-spanned")


def _merge(rows: list[list[Cell]], elements: Sequence[Sequence[Any]]) -> None:
    """Put the merged cells over the places that they cover."""
    for top, row in enumerate(elements):
        for left, element in enumerate(row):
            if element is None or element.tag != f"{TABLE}table-cell":
                continue
            deep, wide = _spans(element)
            if (deep, wide) == (1, 1) or left >= len(rows[top]) or rows[top][left] == EMPTY:
                continue
            deep, wide = min(deep, len(rows) - top), min(wide, 1_000)
            for number in range(top, top + deep):
                cells = rows[number]
                cells += [EMPTY] * (left + wide - len(cells))
                cells[left + (number == top) : left + wide] = [Cell(merged=(top, left))] * (wide - (number == top))
            rows[top][left] = replace(rows[top][left], rows=deep, columns=wide)


def _said_of_formulas(table: Any, unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        have = "formula has" if len(unknown) == 1 else "formulas have"
        yield f"{len(unknown)} {have} no stored value, the first is in {unknown[0]}. Open the file and save it again."
    if any(str(element.tag).endswith("}conditional-format") for element in table.iter()):
        yield "Some colours of this sheet come from conditional formatting that was not worked out."

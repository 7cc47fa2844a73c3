"""OpenDocument text (.odt) and spreadsheets (.ods) as documents, as LibreOffice and others write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    trimmed,
    visible,
)
from ilacs_app.intake.reader.contents.opendocument.sheets import read_calc_sheet
from ilacs_app.intake.reader.contents.opendocument.styles import (
    FO,
    OFFICE,
    TABLE,
    TEXT,
    Look,
    Styles,
    mark,
)
from ilacs_app.intake.reader.contents.opendocument.tables import read_text_table
from ilacs_app.intake.reader.contents.opendocument.text import TextReader, Written, form_controls
from ilacs_app.intake.reader.contents.package import Package, Unreadable


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
        return Document("writer", name, tuple(reader.blocks(body)), title=title, remarks=tuple(reader.remarks(body)))
    body = root.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    if body is None:
        raise Unreadable("holds neither a text nor a spreadsheet")
    is_1904 = any(
        null_date.get(f"{TABLE}date-value", "").startswith("1904") for null_date in body.iter(f"{TABLE}null-date")
    )
    grids = tuple(read_calc_sheet(table, reader.styles, reader.cell) for table in body.iterfind(f"{TABLE}table"))
    return Document(
        "calc", name, grids, title=title, epoch=1904 if is_1904 else 1900, remarks=tuple(reader.remarks(body))
    )


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
        self.styles = styles
        self._text = TextReader(styles, dict(form_controls(root)))
        self._counted: dict[str, dict[int, int]] = {}
        self._paragraphs = self._tables = self._pictures = 0
        self._hides = False
        self._title = ""

    def remarks(self, body: Any) -> Iterator[str]:
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
        level = self.styles.level(style, depth)
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
                table = read_text_table(element, self.styles, f"table {self._tables}", self._title, self.cell)
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
        heading = self.styles.outline(name)
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
        return len(place.counters), mark(self.styles, place.style, place.counters) if place.is_first else ""

    def _count(self, written: Written) -> None:
        self._pictures += written.pictures
        self._hides = self._hides or written.hidden

    # Cells --------------------------------------------------------------------------------------------------

    def cell(self, element: Any, at: str) -> Cell:
        """One cell of a table or sheet, with what is written in it."""
        name = element.get(f"{TABLE}style-name")
        look = self.styles.look("table-cell", name)
        lines: list[Line] = []
        grids: list[Grid] = []
        whole = Written()
        marks: list[str] = []
        self._fill(element, at, look, lines, grids, whole, marks)
        lines = _without_blank_ends(lines) or [Line(sign) for sign in marks]
        text = "\n".join(line.text for line in lines)
        looks = [own for text, own in whole.pieces if text.strip()]
        bold = bool(text) and bool(looks) and all(own.bold for own in looks)
        if bold:
            lines = [replace(line, bold=()) for line in lines]
        marked = any(line.mark or line.level or line.struck or line.bold for line in lines)
        rgb = as_rgb(self.styles.property("table-cell", name, "table-cell-properties", f"{FO}background-color"))
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
                grids.append(read_text_table(element, self.styles, f"{at}, inner table{number}", title, self.cell))
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


_LEFT_OUT = {f"{TEXT}tracked-changes", f"{TEXT}table-of-content", f"{OFFICE}annotation", f"{TEXT}sequence-decls",
             f"{OFFICE}forms", f"{TEXT}variable-decls"}  # fmt: skip


def _without_blank_ends(lines: Sequence[Line]) -> list[Line]:
    """The lines of a cell from the first to the last with something in it, the first without the spaces before it."""
    filled = [n for n, line in enumerate(lines) if visible(line.text)]
    if not filled:
        return []
    return [trimmed(lines[filled[0]], end=False), *lines[filled[0] + 1 : filled[-1] + 1]]

"""A Word document as blocks: headings, paragraphs and tables in the order in which they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ilacs_app.intake.reader.contents.colours import colour_name, is_pale, theme_of
from ilacs_app.intake.reader.contents.document import (
    Block,
    Cell,
    Control,
    Document,
    Grid,
    Heading,
    Line,
    Paragraph,
    trimmed,
    visible,
)
from ilacs_app.intake.reader.contents.package import Package
from ilacs_app.intake.reader.contents.word.numbering import BULLET, Numbering
from ilacs_app.intake.reader.contents.word.styles import (
    ParagraphStyle,
    Styles,
    W,
    numbering,
    outline_level,
    shading,
    value,
)
from ilacs_app.intake.reader.contents.word.tables import PROPERTIES, TableCell, read_word_table
from ilacs_app.intake.reader.contents.word.text import MC, TextReader, Written, control, is_placeholder

LIST_STYLE = re.compile(r"list (?:bullet|number)(?: ([2-5]))?", re.IGNORECASE)


def read_word(package: Package, name: str) -> Document:
    """The document in an open package.

    Raises:
        Unreadable: its main part is missing or is no XML.
    """
    return _Reader(package, name).document()


@dataclass
class _Part:
    """A block of Word's own: a paragraph or a table, with the content controls round it."""

    element: Any
    controls: tuple[Control, ...] = ()


class _Reader:
    def __init__(self, package: Package, name: str) -> None:
        main = package.main
        self._name = name
        self._package = package
        self._main = main
        self._body = package.xml(main).find(f"{W}body")
        self._theme = theme_of(package.related_xml(main, "theme"))
        self._styles = Styles(package.related_xml(main, "styles"), self._theme)
        self._numbering = Numbering(package.related_xml(main, "numbering"))
        self._notes = dict(self._read_notes())
        self._text = TextReader(
            self._styles, package.relations(main), lambda kind, key: self._notes.get((kind, key), "")
        )
        self._paragraphs = self._tables = self._pictures = 0
        self._hides = self._has_foreign = False
        self._title = ""

    def document(self) -> Document:
        blocks = tuple(self._blocks(self._body)) if self._body is not None else ()
        return Document("word", self._name, blocks, title=self._core_title(), remarks=tuple(self._remarks()))

    def _remarks(self) -> Iterator[str]:
        if self._body is not None and next(self._body.iter(f"{W}del", f"{W}ins", f"{W}moveFrom"), None) is not None:
            yield "The document has tracked changes. They were read as if accepted."
        if self._hides:
            yield "Hidden text was left out."
        if self._pictures:
            yield f"{self._pictures} {'picture was' if self._pictures == 1 else 'pictures were'} not read."
        if self._has_foreign:
            yield "A file put into the document was not read. Copy its words into the document."

    def _core_title(self) -> str:
        for part in self._package.related("", "core-properties"):
            root = self._package.xml(part)
            for child in root:
                if str(child.tag).endswith("}title") and child.text:
                    return str(child.text).strip()
        return ""

    def _read_notes(self) -> Iterator[tuple[tuple[str, str], str]]:
        for kind in ("footnote", "endnote", "comment"):
            root = self._package.related_xml(self._main, f"{kind}s")
            for note in root.iter(f"{W}{kind}") if root is not None else ():
                if note.get(f"{W}type") in (None, "normal"):
                    reader = TextReader(self._styles, {})
                    lines = (reader.paragraph(paragraph).text.strip() for paragraph in note.iter(f"{W}p"))
                    yield (kind, note.get(f"{W}id") or ""), "\n".join(line for line in lines if line)

    # Blocks -------------------------------------------------------------------------------------------------

    def _parts(self, parent: Any, controls: tuple[Control, ...] = ()) -> Iterator[_Part]:
        """The paragraphs and tables of a body, cell or text box, through every wrapper."""
        for child in parent:
            tag = child.tag
            if tag in (f"{W}p", f"{W}tbl"):
                yield _Part(child, controls)
            elif tag == f"{W}sdt":
                yield from self._inside_control(child, controls)
            elif tag == f"{MC}AlternateContent":
                yield from next((parts for choice in child if (parts := list(self._parts(choice, controls)))), [])
            elif tag == f"{W}altChunk":
                self._has_foreign = True
            elif tag not in PROPERTIES:
                yield from self._parts(child, controls)

    def _inside_control(self, element: Any, controls: tuple[Control, ...]) -> Iterator[_Part]:
        content = element.find(f"{W}sdtContent")
        if content is None:
            return
        shown = "".join(piece.text or "" for piece in content.iter(f"{W}t"))
        own = (*controls, *control(element, shown))
        if is_placeholder(element):
            yield _Part(None, own)
            return
        for part in self._parts(content, own):
            yield part
            own = ()  # reported once, with the first of its paragraphs

    def _blocks(self, parent: Any, *, boxed: bool = False) -> Iterator[Block]:
        waiting: Written | None = None
        for part in self._parts(parent):
            if part.element is None:
                continue
            if part.element.tag == f"{W}tbl":
                table = read_word_table(part.element, self._next_table(), self._title, self._cell)
                if table.rows:
                    self._title = ""
                    yield table
                continue
            self._paragraphs += 1
            written, style, level, mark = self._written(part.element)
            if waiting:
                waiting.add(written)
                written, waiting = waiting, None
            written.controls += part.controls
            if written.goes_on:
                waiting = written
                continue
            yield from self._paragraph(written, style, level, mark, boxed=boxed)
            for box in written.boxes:
                yield from self._blocks(box, boxed=True)
        if waiting:
            yield from self._paragraph(waiting, ParagraphStyle(), 0, "", boxed=boxed)

    def _paragraph(
        self, written: Written, style: ParagraphStyle, level: int, mark: str, *, boxed: bool
    ) -> Iterator[Block]:
        at = f"paragraph {self._paragraphs}"
        self._count(written)
        if style.name.casefold().startswith("toc ") or not visible(written.text):
            return  # a table of contents repeats the headings
        lines = [trimmed(line) for line in written.lines(level, mark)]
        if not boxed:
            text = "\n".join(line.text for line in lines if line.text)
            self._title = f"{mark} {text}" if any(map(str.isalnum, mark)) else text
        if style.level is not None:
            yield Heading(at, " ".join(line.text for line in lines if line.text), style.level, mark)
            return
        extra = {"links": tuple(written.links), "controls": tuple(written.controls), "notes": tuple(written.notes)}
        for line in lines:
            if line.text or (line.mark and line.level):
                yield Paragraph(at, line, boxed=boxed, **extra)  # type: ignore[arg-type]
                extra = {}

    def _count(self, written: Written) -> None:
        self._pictures += written.pictures
        self._has_foreign = self._has_foreign or bool(written.objects)
        self._hides = self._hides or written.hidden

    def _written(self, element: Any) -> tuple[Written, ParagraphStyle, int, str]:
        """The words of a paragraph, its style, its list level (0 outside a list) and its list mark.

        Word's own list styles make an item also where a program wrote them without their numbering.
        """
        properties = element.find(f"{W}pPr")
        style_id = value(properties, "pStyle")
        style = self._styles.paragraph(style_id)
        written = self._text.paragraph(element, style)
        own_level = outline_level(properties, style.level)
        if own_level != style.level:
            style = replace(style, level=own_level)
        in_list = numbering(properties, style.numbering)
        if in_list is None:
            own = properties is not None and properties.find(f"{W}numPr") is not None
            by_name = None if own else LIST_STYLE.fullmatch(style.name)
            return written, style, int(by_name[1] or 1) if by_name else 0, BULLET if by_name else ""
        list_id, at = in_list
        if properties is None or properties.find(f"{W}numPr/{W}ilvl") is None:
            tied = self._numbering.level_of_style(list_id, style_id or "")
            at = at if tied is None else tied
        mark = self._numbering.mark(list_id, at)
        # Word's own "List Bullet 2" is a list of one level, drawn further in.
        further_in = LIST_STYLE.fullmatch(style.name) if not at else None
        return written, style, max(at + 1, int(further_in[1] or 1) if further_in else 1), mark

    # Cells --------------------------------------------------------------------------------------------------

    def _next_table(self) -> str:
        self._tables += 1
        return f"table {self._tables}"

    def _cell(self, cell: TableCell, at: str, span: int) -> Cell:
        element = cell.element
        lines: list[Line] = []
        grids: list[Grid] = []
        written = Written()
        only_marks: list[str] = []
        if not cell.is_prompt:
            self._fill_lines(element, at, lines, grids, written, only_marks)
        while lines and not visible(lines[0].text):
            lines.pop(0)
        while lines and not visible(lines[-1].text):
            lines.pop()
        if lines:
            lines[0] = trimmed(lines[0], end=False)
        elif only_marks:
            lines = [Line(mark) for mark in only_marks]
        text = "\n".join(line.text for line in lines)
        properties = element.find(f"{W}tcPr")
        rgb, fill_from = self._fill(properties, written)
        bold = all(_covers(line) for line in lines if line.text) and bool(text)
        if bold:
            lines = [replace(line, bold=()) for line in lines]
        inks = {piece.look.ink for piece in written.pieces if piece.text.strip()}
        ink = inks.pop() if len(inks) == 1 else ""
        marked = any(line.mark or line.level or line.struck or line.bold for line in lines)
        return Cell(
            text,
            marked=tuple(lines) if marked else (),
            fill=colour_name(rgb),
            rgb=rgb if colour_name(rgb) else "",
            pale=is_pale(rgb),
            fill_from=fill_from if colour_name(rgb) else "",
            ink=colour_name(ink).replace("grey", "").replace("black", ""),
            links=tuple(written.links),
            controls=(*cell.controls, *written.controls),
            columns=span,
            grids=tuple(grids),
            notes=tuple(written.notes),
            bold=bold,
        )

    def _fill_lines(
        self,
        element: Any,
        at: str,
        lines: list[Line],
        grids: list[Grid],
        whole: Written,
        only_marks: list[str],
    ) -> None:
        waiting: tuple[Written, int, str] | None = None
        for part in self._parts(element):
            whole.controls += part.controls
            if part.element is None:
                continue
            if part.element.tag == f"{W}tbl":
                title = next((line.text for line in reversed(lines) if line.text), "")
                number = f" {len(grids) + 1}" if grids else ""
                grids.append(read_word_table(part.element, f"{at}, inner table{number}", title, self._cell))
                continue
            written, _, level, mark = self._written(part.element)
            if waiting:
                first, level, mark = waiting
                first.add(written)
                written, waiting = first, None
            if written.goes_on:
                waiting = (written, level, mark)
                continue
            boxes = written.boxes
            self._take(written, level, mark, lines, whole, only_marks)
            for box in boxes:
                self._fill_lines(box, at, lines, grids, whole, only_marks)
        if waiting:
            self._take(*waiting, lines, whole, only_marks)

    def _take(
        self, written: Written, level: int, mark: str, lines: list[Line], whole: Written, only_marks: list[str]
    ) -> None:
        self._count(written)
        if not visible(written.text) and mark.strip("•·o-–"):
            only_marks.append(mark)
        written.boxes = []
        whole.add(written)
        lines += written.lines(level, mark)

    def _fill(self, properties: Any, written: Written) -> tuple[str, str]:
        """The colour of a cell and where it comes from: its own shading, that of all its words, a shape drawn in it."""
        own = shading(properties.find(f"{W}shd"), self._theme) if properties is not None else ""
        if colour_name(own):
            return own, "cell"
        behind = {piece.look.behind for piece in written.pieces if piece.text.strip()}
        if len(behind) == 1 and colour_name(next(iter(behind))):
            return next(iter(behind)), "text"
        if len(set(written.shapes)) == 1:
            return written.shapes[0], "shape"
        return "", ""


def _covers(line: Line) -> bool:
    return bool(line.bold) and not visible("".join(line.text[end:start] for end, start in _between(line)))


def _between(line: Line) -> Iterator[tuple[int, int]]:
    """The parts of a line that are not bold."""
    start = 0
    for begins, ends in line.bold:
        yield start, begins
        start = ends
    yield start, len(line.text)

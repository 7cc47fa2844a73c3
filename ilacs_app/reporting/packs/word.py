"""A pack as a Word document on A4, at 12 points or more, with real headings, lists and header rows."""

from __future__ import annotations

import io
from typing import Any

from ilacs_app.governance.packs.document import (
    PackBar,
    PackBlock,
    PackCell,
    PackDocument,
    PackHeading,
    PackList,
    PackNumbers,
    PackParagraph,
    PackPoint,
    PackSection,
    PackTable,
)
from ilacs_app.plan.rules import BRAG_WORDS, TAG_WORDS
from ilacs_app.reporting.export.excel import same_bytes
from ilacs_app.reporting.export.progress_report import POINTS, SHAPES
from ilacs_app.reporting.export.table import LONGEST_PROPERTY
from ilacs_app.reporting.export.word import (
    page_numbers,
    set_cell_margins,
    set_font,
    set_language,
    word_element,
    write_text,
)
from ilacs_app.text import cut

_HEADING_POINTS = {"Heading 1": 22, "Heading 2": 17, "Heading 3": 14}
_MILLIMETRES = 174
"""How wide the text is on the page."""
_TWIPS = 567 / 10
"""Word's units in a millimetre."""


def pack_word(document: PackDocument) -> bytes:
    """Return the bytes of the Word document; the same pack gives the same bytes."""
    import docx
    from docx.shared import Mm, Pt, RGBColor

    head = document.head
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)
    made.styles["Normal"].font.size = Pt(POINTS)
    for name in ("Normal", "List Bullet", "List Number", "Header", "Footer"):
        set_font(made.styles[name])
    for name, points in _HEADING_POINTS.items():
        style = made.styles[name]
        set_font(style)
        style.font.size, style.font.color.rgb = Pt(points), RGBColor(0, 0, 0)
        style.paragraph_format.keep_with_next = True
    set_language(made.styles.element, "en-GB")
    stamp = head.as_at.replace(microsecond=0, tzinfo=None)
    properties = made.core_properties
    properties.title = cut(head.title, LONGEST_PROPERTY, "…")
    properties.author = cut(head.council, LONGEST_PROPERTY, "…")
    properties.language = "en-GB"
    properties.created = properties.modified = stamp
    section.header.paragraphs[0].add_run(". ".join(filter(None, (head.council, head.plans))))
    page_numbers(section.footer.paragraphs[0], f"{head.foot}. As at {head.as_at_words}")
    made.add_heading(head.title, level=1)
    place = f"{head.place}. " if head.place else ""
    made.add_paragraph(f"{place}{head.covers} {head.fixed}")
    for number, part in enumerate(document.sections):
        _section(made, part, begins_page=number == 1)
    out = io.BytesIO()
    made.save(out)
    return same_bytes(out.getvalue(), stamp)


def _section(made: Any, section: PackSection, *, begins_page: bool) -> None:
    heading = made.add_heading(section.title, level=2)
    heading.paragraph_format.page_break_before = begins_page
    _bookmark(heading, f"pack_{section.id}", made)
    for block in section.blocks:
        _block(made, block)


def _bookmark(paragraph: Any, name: str, made: Any) -> None:
    from docx.oxml.ns import qn

    number = str(len(made.element.body))
    start = word_element("bookmarkStart", id=number)
    start.set(qn("w:name"), name)
    paragraph._p.insert(1, start)
    word_element("bookmarkEnd", paragraph._p, id=number)


def _block(made: Any, block: PackBlock) -> None:
    match block:
        case PackParagraph():
            made.add_paragraph(block.text)
        case PackHeading():
            heading = made.add_heading(block.text, level=3)
            if block.id:
                _bookmark(heading, f"pack_{block.id}", made)
        case PackList():
            for number, point in enumerate(block.points, start=1):
                _point(made, point, number if block.numbered else 0)
        case PackNumbers():
            for figure in block.numbers:
                paragraph = made.add_paragraph(style="List Bullet")
                paragraph.add_run(f"{figure.number} ").bold = True
                paragraph.add_run(figure.label)
        case PackBar():
            made.add_paragraph(", ".join(f"{SHAPES[brag]} {count} {_COUNTED[brag]}" for brag, count in block.counts))
        case PackTable():
            _table(made, block)


_COUNTED = {brag: label.partition(":")[0].lower() for brag, label in BRAG_WORDS.items()} | {"blue_outline": "to verify"}


def _point(made: Any, point: PackPoint, number: int) -> None:
    """Write a point of a list, with a link to its section. A number is typed, for Word goes on from list to list."""
    paragraph = made.add_paragraph(f"{number}. {point.text}" if number else point.text)
    if number:
        paragraph.paragraph_format.left_indent = 12700 * 14
        paragraph.paragraph_format.first_line_indent = -12700 * 14
    else:
        paragraph.style = "List Bullet"
    if point.to:
        paragraph.add_run(" See ")
        link = word_element("hyperlink", paragraph._p, anchor=f"pack_{point.to}")
        run = word_element("r", link)
        word_element("u", word_element("rPr", run), val="single")
        write_text(run, point.to_title)
        paragraph.add_run(".")


def _table(made: Any, block: PackTable) -> None:
    from docx.oxml.ns import qn

    table = made.add_table(rows=1, cols=len(block.headings))
    table.style, table.autofit = "Table Grid", False
    widths = [int(_MILLIMETRES * _TWIPS * share / sum(block.shares)) for share in block.shares]
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    table._tbl.remove(table.rows[0]._tr)
    set_cell_margins(table)
    word_element("tblCaption", table._tbl.tblPr, val=block.caption)
    row = _new_row(table, header=True)
    for heading, width in zip(block.headings, widths, strict=True):
        _paragraph(_new_cell(row, width, fill="EEF4F9"), ((heading, True),))
    for cells in block.rows:
        row = _new_row(table, header=False)
        for cell, width in zip(cells, widths, strict=True):
            _fill(_new_cell(row, width), cell)
    made.add_paragraph().paragraph_format.space_after = 0


def _new_row(table: Any, *, header: bool) -> Any:
    row = word_element("tr", table._tbl)
    rules = word_element("trPr", row)
    word_element("cantSplit", rules)
    if header:
        word_element("tblHeader", rules)
    return row


def _new_cell(row: Any, width: int, fill: str = "") -> Any:
    cell = word_element("tc", row)
    properties = word_element("tcPr", cell)
    word_element("tcW", properties, w=str(width), type="dxa")
    if fill:
        word_element("shd", properties, val="clear", color="auto", fill=fill)
    return cell


def _fill(made: Any, cell: PackCell) -> None:
    if cell.rating:
        _paragraph(made, ((rating_words(cell.rating), True),))
    for line in cell.lines:
        first, *more = line.text.split("\n")
        label = ((f"{line.label}: ", True),) if line.label else ()
        _paragraph(made, (*label, (first, line.strong)))
        for text in more:
            _paragraph(made, ((text, line.strong),))
    if not cell.rating and not cell.lines:
        _paragraph(made, ())


def rating_words(rating: str) -> str:
    """Return a rating as shape and words, so that it reads in black and white."""
    return f"{SHAPES[rating]} {TAG_WORDS[rating]}"


def _paragraph(cell: Any, runs: tuple[tuple[str, bool], ...]) -> None:
    paragraph = word_element("p", cell)
    word_element("spacing", word_element("pPr", paragraph), after="40")
    for text, bold in runs:
        run = word_element("r", paragraph)
        if bold:
            word_element("b", word_element("rPr", run))
        write_text(run, text)

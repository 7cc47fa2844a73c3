"""The table of a plan as the bytes of a Word file. The same plan gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ilacs_app.reporting.export.excel import same_bytes
from ilacs_app.reporting.export.table import LONGEST_PROPERTY, Cover, Table
from ilacs_app.text import cut


def word_file(table: Table, cover: Cover, template: bytes | None = None) -> bytes:
    """A landscape Word document with real styles; the header row is marked and repeats on each page.

    ``template`` is a council's own document: its styles, headers and page setting are kept, its text is not.
    """
    cover = cover.printable
    document = _empty_document(template, table.points)
    section = document.sections[0]
    set_language(document.styles.element, "en-GB")
    document.core_properties.title = cut(cover.title, LONGEST_PROPERTY, "…")
    document.core_properties.author = cut(cover.council, LONGEST_PROPERTY, "…")
    document.core_properties.language = "en-GB"
    stamp = datetime.combine(cover.as_at, datetime.min.time())
    document.core_properties.created = document.core_properties.modified = stamp
    document.add_heading(cover.title, level=1)
    document.add_paragraph(cover.line)
    _word_table(document, table, _inside(section))
    if cover.key:
        document.add_heading("Key", level=2)
        for word, means in cover.key:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{word}: ").bold = True
            paragraph.add_run(means)
    page_numbers(section.footer.paragraphs[0], cover.title)
    out = io.BytesIO()
    document.save(out)
    return same_bytes(out.getvalue(), stamp)


def _empty_document(template: bytes | None, points: int) -> Any:
    """Return a council's own document without its text, or an A3 page across in Arial of ``points``."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document(io.BytesIO(template) if template else None)
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    if template is None:
        section = document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(420), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(12)
        normal = document.styles["Normal"]
        normal.font.name, normal.font.size = "Arial", Pt(points)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Arial")
        for name in ("Heading 1", "Heading 2", "Caption"):
            set_font(document.styles[name])
    return document


def set_font(style: Any) -> None:
    """Set a style in Arial, and not in the font of Word's theme."""
    from docx.oxml.ns import qn

    style.font.name = "Arial"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{which}"), None)


def _inside(section: Any) -> int:
    """Return what is left of the page's width between its margins, in Word's units of 1/914400 inch."""
    return int(section.page_width - section.left_margin - section.right_margin)


def set_language(styles: Any, code: str) -> None:
    """Say in the styles of a document which language it is in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), code)
        return
    defaults = styles.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), code)
        defaults.append(language)


def _word_table(document: Any, table: Table, width: int) -> None:
    """Written as elements: python-docx's own cells cost a hundred times as much on a long plan."""
    from docx.oxml.ns import qn

    made = document.add_table(rows=1, cols=len(table.columns))
    made.style, made.autofit = "Table Grid", False
    widths = [int(width * share / sum(table.shares)) for share in table.shares]
    grid = made._tbl.tblGrid
    for column, size in zip(grid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(int(size / 635)))
    made._tbl.remove(made.rows[0]._tr)
    set_cell_margins(made)
    ends = dict(table.groups)
    merged_until = 0
    made._tbl.append(_row(table.headings, widths, header=True))
    for at, line in enumerate(table.lines):
        merged_until = ends.get(at, merged_until)
        merges = {
            n: ("restart" if line.first else "continue")
            for n in range(len(table.columns))
            if table.of_recommendation(n) and (not line.first or merged_until - at > 1)
        }
        made._tbl.append(_row(line.cells, widths, merges=merges))


def set_cell_margins(table: Any) -> None:
    """Set the space inside the cells of a table; the schema wants it before what says how the table looks."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    sides = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80))
    )
    margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    table._tbl.tblPr.append(margins) if look is None else look.addprevious(margins)


def word_element(name: str, parent: Any = None, **attributes: str) -> Any:
    """Return a new element of WordprocessingML, at the end of ``parent`` if there is one."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    if parent is not None:
        parent.append(element)
    return element


def _row(cells: Iterable[str], widths: list[int], *, header: bool = False, merges: dict[int, str] | None = None) -> Any:
    row = word_element("tr")
    rules = word_element("trPr", row)
    word_element("cantSplit", rules)
    if header:
        word_element("tblHeader", rules)
    for at, text in enumerate(cells):
        cell = word_element("tc", row)
        properties = word_element("tcPr", cell)
        word_element("tcW", properties, w=str(int(widths[at] / 635)), type="dxa")
        if merges and at in merges:
            word_element("vMerge", properties, val=merges[at])
        if header:
            word_element("shd", properties, val="clear", color="auto", fill="EEF4F9")
        for paragraph in text.split("\n"):
            run = word_element("r", word_element("p", cell))
            if header:
                word_element("b", word_element("rPr", run))
            write_text(run, paragraph)
    return row


def write_text(run: Any, text: str) -> None:
    """Write text into a run, with tabs as Word has them."""
    for n, piece in enumerate(text.split("\t")):
        if n:
            word_element("tab", run)
        if piece:
            written = word_element("t", run)
            written.text = piece
            written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def page_numbers(paragraph: Any, title: str) -> None:
    """Write the title and ``Page 1 of 9`` into the foot of a page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.add_run(f"{title}. Page ")
    for name, after in (("PAGE", " of "), ("NUMPAGES", "")):
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        run = OxmlElement("w:r")
        number = OxmlElement("w:t")
        number.text = "1"
        run.append(number)
        field.append(run)
        paragraph._p.append(field)
        if after:
            paragraph.add_run(after)

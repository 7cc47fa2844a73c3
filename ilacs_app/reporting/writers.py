"""The table of a plan as bytes of a CSV, Excel or Word file. The same plan gives the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..plan.format import neutral
from ..text import cut, one_line, printable
from .table import KEY_FIELDS, Table

LONGEST_EXCEL_CELL = 32_767  # signs, one beyond U+FFFF as two
LONGEST_EXCEL_HEADER = 255  # signs, the codes for its place and page numbers included
LONGEST_PROPERTY = 255
NO_TITLE = "Improvement plan"
CUT_BY_EXCEL = "… [Cut here: Excel holds no more in a cell. The whole text is in the Word, PDF and CSV files.]"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class CannotWrite(ValueError):
    """The plan does not fit into this kind of file; the message says what does."""


@dataclass(frozen=True)
class Cover:
    """What stands around the table: the plan's title, the council, whose items, the day, and the key in words."""

    title: str
    council: str
    board: str
    as_at: date
    key: tuple[tuple[str, str], ...]

    @property
    def printable(self) -> Cover:
        """The same without what no file can hold."""
        key = tuple((printable(word), printable(means)) for word, means in self.key)
        title = one_line(self.title) or NO_TITLE
        return Cover(title, one_line(self.council), one_line(self.board), self.as_at, key)

    @property
    def line(self) -> str:
        """``Northmoor Council. MASH Board. As at 14 May 2026.``"""
        parts = (self.council, self.board, f"As at {self.as_at.day} {self.as_at:%B %Y}")
        return ". ".join(part for part in parts if part) + "."


def csv_file(table: Table) -> bytes:
    """UTF-8 with a byte order mark, for Excel; cells that a spreadsheet would take for formulas are made harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(neutral(heading) for heading in table.headings)
    for line in table.lines:
        writer.writerow(neutral(cell) for cell in line.cells)
    return out.getvalue().encode("utf-8-sig")


def excel_file(table: Table, cover: Cover) -> bytes:
    """One plain sheet: text cells typed as text, the header frozen, the key columns locked.

    A cell that is longer than Excel holds is cut, and says so at its end.
    """
    cover = cover.printable
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "Plan"
    text, open_cell = Alignment(wrap_text=True, vertical="top"), Protection(locked=False)
    bold, fill = Font(bold=True), PatternFill("solid", fgColor="EEF4F9")
    locked = [column.field in KEY_FIELDS for column in table.columns]
    for row, cells in enumerate([table.headings, *(line.cells for line in table.lines)], start=1):
        for at, words in enumerate(cells):
            cell = sheet.cell(row, at + 1)
            if words:
                cell.value = cut(words, LONGEST_EXCEL_CELL, CUT_BY_EXCEL, _excel_length)
                cell.data_type = "s"
            cell.number_format, cell.alignment, cell.quotePrefix = "@", text, True
            if row == 1:
                cell.font, cell.fill = bold, fill
            elif not locked[at]:
                cell.protection = open_cell
    for start, end in table.groups:
        for at in range(len(table.columns)):
            if table.of_recommendation(at) and end - start > 1:
                sheet.merge_cells(start_row=start + 2, end_row=end + 1, start_column=at + 1, end_column=at + 1)
    for at, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(column.field or "", 24)
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "autoFilter", "sort"):
        setattr(sheet.protection, allowed, False)  # False: not forbidden
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    numbers = "&P of &N"
    sheet.oddHeader.left.text, sheet.oddFooter.right.text = _header(cover.title, "&L"), numbers
    sheet.oddFooter.left.text = _header(cover.line, f"&L&R{numbers}")
    book.properties.title = cut(cover.title, LONGEST_PROPERTY, "…")
    book.properties.creator = cut(cover.council, LONGEST_PROPERTY, "…")
    stamp = datetime.combine(cover.as_at, datetime.min.time())
    book.properties.created = book.properties.modified = stamp
    out = io.BytesIO()
    book.save(out)
    return _same_bytes(out.getvalue(), stamp)


def _excel_length(words: str) -> int:
    """The length as Excel counts it, in UTF-16 units."""
    return len(words.encode("utf-16-le")) // 2


def _header(words: str, codes: str) -> str:
    """Words for the head or foot of a sheet, with room for ``codes``: an ampersand is written twice there."""
    written = one_line(words).replace("&[", "& [")  # openpyxl takes it for a code even where the ampersand is doubled
    most = LONGEST_EXCEL_HEADER - len(codes)
    return cut(written, most, "…", lambda part: _excel_length(part.replace("&", "&&"))).replace("&", "&&")


_WIDTHS = {"number": 7, "recommendation": 36, "action": 48, "timescale": 18, "note": 44, "impact": 40, "status": 16}


def word_file(table: Table, cover: Cover, template: bytes | None = None) -> bytes:
    """A landscape Word document with real styles; the header row is marked and repeats on each page.

    ``template`` is a council's own document: its styles, headers and page setting are kept, its text is not.
    """
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    cover = cover.printable
    document = docx.Document(io.BytesIO(template) if template else None)
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    section = document.sections[0]
    if template is None:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(420), Mm(297)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(12)
        normal = document.styles["Normal"]
        normal.font.name, normal.font.size = "Arial", Pt(10)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Arial")
        for name in ("Heading 1", "Heading 2", "Caption"):
            document.styles[name].font.name = "Arial"
            fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
            for which in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{which}"), None)
    _language(document.styles.element, "en-GB")
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
    _page_numbers(section.footer.paragraphs[0], cover.title)
    out = io.BytesIO()
    document.save(out)
    return _same_bytes(out.getvalue(), stamp)


def _inside(section: Any) -> int:
    """What is left of the page's width between its margins, in Word's units of 1/914400 inch."""
    return int(section.page_width - section.left_margin - section.right_margin)


def _language(styles: Any, code: str) -> None:
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
    shares = [_SHARES.get(column.field or "", 8) for column in table.columns]
    widths = [int(width * share / sum(shares)) for share in shares]
    grid = made._tbl.tblGrid
    for column, size in zip(grid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(int(size / 635)))
    made._tbl.remove(made.rows[0]._tr)
    made._tbl.tblPr.append(_cell_margins())
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


def _cell_margins() -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    sides = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80))
    )
    return parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")


def _row(cells: Iterable[str], widths: list[int], *, header: bool = False, merges: dict[int, str] | None = None) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def element(name: str, parent: Any = None, **attributes: str) -> Any:
        made = OxmlElement(f"w:{name}")
        for key, value in attributes.items():
            made.set(qn(f"w:{key}"), value)
        if parent is not None:
            parent.append(made)
        return made

    row = element("tr")
    rules = element("trPr", row)
    element("cantSplit", rules)
    if header:
        element("tblHeader", rules)
    for at, words in enumerate(cells):
        cell = element("tc", row)
        properties = element("tcPr", cell)
        element("tcW", properties, w=str(int(widths[at] / 635)), type="dxa")
        if merges and at in merges:
            element("vMerge", properties, val=merges[at])
        if header:
            element("shd", properties, val="clear", color="auto", fill="EEF4F9")
        for part in words.split("\n"):
            run = element("r", element("p", cell))
            if header:
                element("b", element("rPr", run))
            for n, piece in enumerate(part.split("\t")):
                if n:
                    element("tab", run)
                if piece:
                    text = element("t", run)
                    text.text = piece
                    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return row


_SHARES = {"number": 3, "recommendation": 13, "action": 15, "timescale": 7, "note": 13, "impact": 13, "status": 6}


def _page_numbers(paragraph: Any, title: str) -> None:
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


def _same_bytes(package: bytes, stamp: datetime) -> bytes:
    """The same package with its parts' times taken out, so that the same plan gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                data = _dated(data, stamp)
            fixed = zipfile.ZipInfo(entry.filename, _EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, data)
    return out.getvalue()


def _dated(core: bytes, stamp: datetime) -> bytes:
    """The properties as if they were saved at ``stamp``: openpyxl writes the time of saving whatever it is given."""
    import re

    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f"{stamp:%Y-%m-%dT%H:%M:%S}Z".encode(), core)

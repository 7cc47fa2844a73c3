"""The table of a plan as the bytes of an Excel file. The same plan gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from ilacs_app.reporting.export.table import KEY_FIELDS, LONGEST_PROPERTY, Cover, Table
from ilacs_app.text import cut, one_line

LONGEST_EXCEL_CELL = 32_767  # characters, one beyond U+FFFF as two
LONGEST_EXCEL_HEADER = 255  # characters, the codes for its place and page numbers included


CUT_BY_EXCEL = "… [Cut off here: an Excel cell cannot hold more. The full text is in the Word, PDF and CSV files.]"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def excel_file(table: Table, cover: Cover) -> bytes:
    """One plain sheet: text cells typed as text, the header frozen, the key columns locked.

    A cell that is longer than Excel holds is cut, and says so at its end.
    """
    cover = cover.printable
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = table.name
    _write_cells(sheet, table)
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
    _set_up_page(sheet, cover)
    book.properties.title = cut(cover.title, LONGEST_PROPERTY, "…")
    book.properties.creator = cut(cover.council, LONGEST_PROPERTY, "…")
    stamp = datetime.combine(cover.as_at, datetime.min.time())
    book.properties.created = book.properties.modified = stamp
    out = io.BytesIO()
    book.save(out)
    return same_bytes(out.getvalue(), stamp)


def _write_cells(sheet: Any, table: Table) -> None:
    """Write the headings and rows as text; the cells of key columns stay locked."""
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    text, open_cell = Alignment(wrap_text=True, vertical="top"), Protection(locked=False)
    plain, bold = (Font(name="Arial", size=table.points, bold=heavy) for heavy in (False, True))
    fill = PatternFill("solid", fgColor="EEF4F9")
    locked = [column.field in KEY_FIELDS for column in table.columns]
    for row, cells in enumerate([table.headings, *(line.cells for line in table.lines)], start=1):
        for at, cell_text in enumerate(cells):
            cell = sheet.cell(row, at + 1)
            if cell_text:
                cell.value = cut(cell_text, LONGEST_EXCEL_CELL, CUT_BY_EXCEL, _excel_length)
                cell.data_type = "s"
            cell.number_format, cell.alignment, cell.quotePrefix = "@", text, True
            cell.font = bold if row == 1 else plain
            if row == 1:
                cell.fill = fill
            elif not locked[at]:
                cell.protection = open_cell


def _set_up_page(sheet: Any, cover: Cover) -> None:
    """Set the sheet to print on A3 across, as wide as the page, with its headings, title and page numbers on each."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    numbers = "&P of &N"
    sheet.oddHeader.left.text, sheet.oddFooter.right.text = _header(cover.title, "&L"), numbers
    sheet.oddFooter.left.text = _header(cover.line, f"&L&R{numbers}")


def _excel_length(text: str) -> int:
    """The length as Excel counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _header(text: str, codes: str) -> str:
    """Words for the head or foot of a sheet, with room for ``codes``: an ampersand has to be doubled there."""
    written = one_line(text).replace("&[", "& [")  # openpyxl reads it as a code even after a doubled ampersand
    most = LONGEST_EXCEL_HEADER - len(codes)
    return cut(written, most, "…", lambda part: _excel_length(part.replace("&", "&&"))).replace("&", "&&")


_WIDTHS = {
    "number": 7,
    "ref": 10,
    "recommendation": 36,
    "action": 48,
    "timescale": 18,
    "note": 44,
    "impact": 40,
    "status": 16,
    "brag": 18,
}


def same_bytes(package: bytes, stamp: datetime) -> bytes:
    """Return the package without the times of its parts, so that the same plan gives the same bytes."""
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

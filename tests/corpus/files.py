"""Write laid-out sheets as the bytes of a Word, Excel or CSV file, with the features that real files have."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from random import Random
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter

from tests.corpus.blocks import Beside, Block, Cell, Heading, Line, Sheet, Table

# Word -----------------------------------------------------------------------------------------------------

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
    '<Override PartName="/word/numbering.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>'
    "</Types>"
)
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_RELS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_DOCUMENT = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_RELS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/numbering" Target="numbering.xml"/></Relationships>'
)
_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="{_W}">'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr></w:style>'
        for n in (1, 2, 3)
    )
    + '<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/>'
    '<w:basedOn w:val="Normal"/></w:style></w:styles>'
)
_NUMBERING = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:numbering xmlns:w="{_W}">'
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)


def word_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A Word document with every block of every sheet, in order."""
    return word_package("".join(_word_block(block) for sheet in sheets if not sheet.hidden for block in sheet.blocks))


def word_package(body: str) -> bytes:
    """A Word document whose body is this XML, with the prefix ``w`` for its names."""
    section = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr>'
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_W}">'
        f"<w:body>{body}{section}</w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _PACKAGE),
            ("word/document.xml", document),
            ("word/_rels/document.xml.rels", _DOCUMENT),
            ("word/styles.xml", _STYLES),
            ("word/numbering.xml", _NUMBERING),
        ):
            package.writestr(name, text)
    return out.getvalue()


def _in_a_list(marks: str) -> str:
    """The properties of an item of Word's own list of bullets or numbers; "" outside one."""
    if not marks:
        return ""
    which = 1 if marks == "bullets" else 2
    return f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{which}"/></w:numPr></w:pPr>'


def _word_block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f'<w:p><w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>{_run(text)}</w:p>'
        case Line():
            label = _run(block.label, bold=True) if block.label else ""
            return f"<w:p>{_in_a_list(block.marks)}{label}{_runs(block.text, bold=block.bold)}</w:p>"
        case Table():
            return _word_table(block)
        case Beside(tables):
            return "".join(_word_table(table) + "<w:p/>" for table in tables)
    raise TypeError(block)


# Word's fills are written as digits: those of the colours that Excel's own theme gives.
_THEME = {"theme:4": "4F81BD", "theme:5": "C0504D", "theme:6": "9BBB59", "theme:9": "F79646"}


def _run(text: str, *, bold: bool = False, struck: bool = False) -> str:
    style = ("<w:b/>" if bold else "") + ("<w:strike/>" if struck else "")
    style = f"<w:rPr>{style}</w:rPr>" if style else ""
    return f'<w:r>{style}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _runs(text: str, *, bold: bool = False) -> str:
    return "<w:r><w:br/></w:r>".join(_run(line, bold=bold) for line in text.split("\n"))


def _word_table(table: Table) -> str:
    grid = "".join('<w:gridCol w:w="2000"/>' for _ in range(table.width))
    going_down: dict[int, int] = {}
    rows = []
    for n, cells in enumerate(table.rows):
        head = "<w:trPr><w:tblHeader/></w:trPr>" if table.repeat_headings and n < table.headings else ""
        rows.append(f"<w:tr>{head}{''.join(_word_cells(cells, going_down))}</w:tr>")
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _word_cells(cells: Sequence[Cell], going_down: dict[int, int]) -> Iterator[str]:
    at = 0
    while at < len(cells):
        cell = cells[at]
        if going_down.get(at):
            going_down[at] -= 1
            yield "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
            at += 1
            continue
        props = f'<w:gridSpan w:val="{cell.across}"/>' if cell.across > 1 else ""
        if cell.down > 1:
            props += '<w:vMerge w:val="restart"/>'
            going_down[at] = cell.down - 1
        if cell.fill:
            props += f'<w:shd w:val="clear" w:color="auto" w:fill="{_THEME.get(cell.fill, cell.fill)}"/>'
        made = f"<w:tc><w:tcPr>{props}</w:tcPr>{_word_content(cell)}</w:tc>"
        if cell.control == "cell":
            made = f"<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{made}</w:sdtContent></w:sdt>"
        yield made
        at += cell.across


def _word_content(cell: Cell) -> str:
    if cell.inside:
        return f"{_word_table(cell.inside)}<w:p/>"
    if cell.marks:
        return "".join(f"<w:p>{_in_a_list(cell.marks)}{_run(line)}</w:p>" for line in cell.text.split("\n"))
    if cell.control == "drop-down":
        chosen = f"<w:sdtContent>{_run(cell.text, bold=cell.bold)}</w:sdtContent>"
        return f"<w:p><w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr>{chosen}</w:sdt></w:p>"
    struck = f"<w:p>{_run(cell.struck, struck=True)}</w:p>" if cell.struck else ""
    return struck + "".join(f"<w:p>{_run(line, bold=cell.bold)}</w:p>" for line in cell.text.split("\n"))


# Excel ----------------------------------------------------------------------------------------------------


def excel_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        made = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.name)[:31])
        made.sheet_state = "hidden" if sheet.hidden else "visible"
        at = 1
        for n, block in enumerate(sheet.blocks):
            following = sheet.blocks[n + 1] if n + 1 < len(sheet.blocks) else None
            at = _excel_block(made, block, at, following)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _excel_block(sheet: object, block: Block, at: int, following: Block | None) -> int:
    match block:
        case Table():
            _excel_table(sheet, block, at, 1)
            return at + len(block.rows) + 1
        case Beside(tables):
            left = 1
            for table in tables:
                _excel_table(sheet, table, at, left)
                left += table.width + 1
            return at + max(len(table.rows) for table in tables) + 1
        case Heading(text) | Line(text):
            words = f"{block.label}{text}" if isinstance(block, Line) else text
            if not words:
                return at
            cell = sheet.cell(row=at, column=1, value=words)  # type: ignore[attr-defined]
            cell.font = Font(bold=True)
            if isinstance(following, Table) and following.width > 1 and getattr(block, "merged", True):
                sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=following.width)  # type: ignore[attr-defined]
            return at + 1
    raise TypeError(block)


def _excel_table(sheet: object, table: Table, top: int, left: int) -> None:
    for r, cells in enumerate(table.rows):
        for c, cell in enumerate(cells):
            if cell.covered:
                continue
            place = sheet.cell(row=top + r, column=left + c)  # type: ignore[attr-defined]
            if cell.value is not None:
                place.value, place.number_format = cell.value, cell.shows
            elif cell.struck:
                gone = TextBlock(InlineFont(strike=True), cell.struck)
                place.value = CellRichText(gone, TextBlock(InlineFont(), f"\n{cell.text}"))
            elif cell.text:
                place.value = cell.text
                place.alignment = Alignment(wrap_text=True)
            if cell.bold:
                place.font = Font(bold=True)
            if cell.fill:
                theme = cell.fill.removeprefix("theme:")
                colour = Color(theme=int(theme)) if theme != cell.fill else Color(rgb=f"FF{cell.fill}")
                place.fill = PatternFill("solid", fgColor=colour)
            if cell.across > 1 or cell.down > 1:
                sheet.merge_cells(  # type: ignore[attr-defined]
                    start_row=top + r,
                    start_column=left + c,
                    end_row=top + r + cell.down - 1,
                    end_column=left + c + cell.across - 1,
                )
    for column in table.hidden_columns:
        sheet.column_dimensions[get_column_letter(left + column)].hidden = True  # type: ignore[attr-defined]


# CSV ------------------------------------------------------------------------------------------------------

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "mac-roman")


def csv_bytes(sheets: Sequence[Sheet], rng: Random) -> bytes:
    """The first sheet as a CSV file of one of the encodings, delimiters and line ends that councils' programs write."""
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=rng.choice((",", ",", ",", ";", "\t")), lineterminator=rng.choice(("\r\n", "\n"))
    )
    for block in sheets[0].blocks:
        match block:
            case Table():
                writer.writerows([cell.text for cell in cells] for cells in block.rows)
            case Heading(text):
                writer.writerow([text])
            case Line():
                writer.writerow([f"{block.label}{block.text}"])
            case Beside():
                raise TypeError("a CSV file has one table in a row")
        writer.writerow([])
    text = out.getvalue()
    encoding = rng.choice(ENCODINGS)
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:  # a sign that the encoding does not have
        return text.encode("utf-8")

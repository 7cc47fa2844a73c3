"""Word and Excel files made part by part, so that a test can put into them what no library writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from ilacs_app.intake.reader.contents.document import Document, Grid
from ilacs_app.intake.reader.contents.read import read_document

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
EXCEL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
CONTENT_TYPES = f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>'
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": WORD,
        "r": OFFICE,
        "a": DRAWING,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "v": "urn:schemas-microsoft-com:vml",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def relations(**targets: str) -> str:
    """A list of relationships; `styles="styles.xml"` has the id rStyles, an address is an outer target."""
    entries = ""
    for kind, target in targets.items():
        mode = ' TargetMode="External"' if "://" in target else ""
        type_ = f"{OFFICE}/{kind.rstrip('0123456789')}"
        entries += f'<Relationship Id="r{kind.title()}" Type="{type_}" Target="{target}"{mode}/>'
    return f'<Relationships xmlns="{PACKAGE}">{entries}</Relationships>'


def word_parts(body: str, main: str = "word/document.xml", **others: str) -> dict[str, str | bytes]:
    """The parts of a Word file: `styles`, `numbering`, `footnotes`, `comments` and `theme` are the insides of parts;
    anything else is the target of a relationship."""
    folder, _, name = main.rpartition("/")
    roots = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "comments": "comments"}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relations(officeDocument=main),
        main: f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    targets = {}
    for kind, inside in others.items():
        if kind in roots:
            parts[f"{folder}/{kind}.xml"] = f"<w:{roots[kind]} {NAMESPACES}>{inside}</w:{roots[kind]}>"
            targets[kind] = f"{kind}.xml"
        elif kind == "theme":
            parts[f"{folder}/theme/theme1.xml"] = inside
            targets[kind] = "theme/theme1.xml"
        else:
            targets[kind] = inside
    parts[f"{folder}/_rels/{name}.rels"] = relations(**targets)
    return parts


def read_parts(folder: Path, parts: Mapping[str, str | bytes], name: str = "plan.docx") -> Document:
    path = folder / name
    path.write_bytes(packed(parts))
    return read_document(path)


def read_word(folder: Path, body: str, **others: str) -> Document:
    return read_parts(folder, word_parts(body, **others))


def p(text: str = "", properties: str = "", run: str = "", inside: str = "") -> str:
    """A paragraph of Word: `properties` of it, `run` properties of its text, `inside` in place of a plain run."""
    runs = inside or (f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>' if text else "")
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(inside: str = "", properties: str = "") -> str:
    """A cell of Word: plain words, or paragraphs."""
    paragraphs = inside if inside.startswith("<") else p(inside)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    made = (cell if cell.startswith(("<w:tc", "<w:sdt", "<w:custom")) else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(made)}</w:tr>"


def tbl(*rows: str, widths: tuple[int, ...] = ()) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def texts(grid: Grid) -> list[list[str]]:
    """Return what is seen at each place of a grid, merged cells in every place that they cover."""
    return [[grid.seen(row, column).text for column in range(grid.width)] for row in range(len(grid.rows))]


def style(
    style_id: str, properties: str = "", *, name: str = "", based_on: str = "", run: str = "", kind: str = "paragraph"
) -> str:
    """A style of Word."""
    return (
        f'<w:style w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{name or style_id}"/>'
        + (f'<w:basedOn w:val="{based_on}"/>' if based_on else "")
        + f"<w:pPr>{properties}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def styled(text: str, style_id: str, properties: str = "") -> str:
    """A paragraph in a style."""
    return p(text, f'<w:pStyle w:val="{style_id}"/>{properties}')


def in_list(list_id: int, level: int | None = None) -> str:
    """The property that puts a paragraph or style into a list."""
    at = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return f'<w:numPr>{at}<w:numId w:val="{list_id}"/></w:numPr>'


def excel_parts(*sheets: str, styles: str = "", workbook: str = "", **others: str | bytes) -> dict[str, str | bytes]:
    """The parts of a workbook: `sheets` are the insides of worksheets named Sheet1, Sheet2, ...; `workbook` is
    before the list of sheets; `others` are further parts by name, with "/" written as "__" and "." as "_dot_"."""
    listed = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rWorksheet{n}"/>' for n in range(1, len(sheets) + 1))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{EXCEL}" xmlns:r="{OFFICE}">{workbook}<sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            **{f"worksheet{n}": f"worksheets/sheet{n}.xml" for n in range(1, len(sheets) + 1)},
            styles="styles.xml",
            sharedStrings="sharedStrings.xml",
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{EXCEL}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{EXCEL}"/>',
    }
    for number, inside in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{EXCEL}" xmlns:r="{OFFICE}" '
            'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
            f'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">{inside}</worksheet>'
        )
    parts.update(others)
    return parts


def strict(parts: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    """The parts as Strict Open XML writes them."""
    return {
        name: str(data)
        .replace(WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main")
        .replace(EXCEL, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/")
        for name, data in parts.items()
    }

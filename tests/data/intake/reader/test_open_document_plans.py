"""A plan kept in LibreOffice or in an old Excel comes in like any other."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from ilacs_app.intake.reader.contents.document import Document
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.read import read_plan_apart
from tests.conftest import SAMPLES

BASE = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(f'xmlns:{name}="{BASE}{name}:1.0"' for name in ("office", "table", "text"))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _as_open_document(document: Document, kind: str) -> bytes:
    """The tables of a document as LibreOffice would keep them, without their looks."""
    tables = ""
    for grid in document.grids:
        rows = ""
        for row in grid.rows:
            cells = (
                "".join(f"<text:p>{_escaped(line)}</text:p>" for line in cell.text.split("\n")) for cell in row.cells
            )
            made = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
            rows += f"<table:table-row>{made}</table:table-row>"
        tables += f'<table:table table:name="{grid.name or grid.at}">{rows}</table:table>'
    content = (
        f"<office:document-content {SPACES}><office:body><office:{kind}>{tables}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        package.writestr("content.xml", content)
    return out.getvalue()


@pytest.mark.parametrize(("sample", "kind", "extension"), [("xlsx", "spreadsheet", "ods"), ("docx", "text", "odt")])
def test_an_open_document_plan_reads_like_the_office_file(
    tmp_path: Path, sample: str, kind: str, extension: str
) -> None:
    path = tmp_path / f"plan.{extension}"
    path.write_bytes(_as_open_document(read_document(SAMPLES / f"plan.{sample}"), kind))
    usual = read_plan_apart(SAMPLES / f"plan.{sample}", date(2018, 2, 22))
    read = read_plan_apart(path, date(2018, 2, 22))
    assert read.source.format == extension
    assert len(read.actions) == 59
    assert [(action.text, action.timescale, action.status, action.note, action.owners) for action in read.actions] == [
        (action.text, action.timescale, action.status, action.note, action.owners) for action in usual.actions
    ]

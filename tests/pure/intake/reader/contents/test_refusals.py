"""A file that cannot be read is refused with its real cause and the step that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from tests.pure.intake.reader.contents.packages import excel_parts, packed, tbl, tr, word_parts

ENTITY = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
WORD, BOOK = packed(word_parts(tbl(tr("Action")))), packed(excel_parts("<sheetData/>"))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password: open it in Word, remove"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password: open it in Excel, remove"),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "Word 97–2003 document inside: .* save it as .docx"),
        ("a.xlsx", OLE + "Workbook".encode("utf-16-le"), "Excel 97–2003 workbook inside: .* save it as .xlsx"),
        ("a.docx", OLE, "password or in an older format"),
        ("a.docx", b"%PDF-1.7 ...", "is a PDF inside: open the file that it was made from"),
        ("a.docx", b"{\\rtf1 ...", "rich text"),
        ("a.xlsx", b"\r\n<html><table>", "web page inside: open it in Excel"),
        ("a.docx", BOOK, "no Word document inside but an Excel workbook: change its name to end in .xlsx"),
        ("a.xlsx", WORD, "no Excel workbook inside but a Word document: change its name to end in .docx"),
        ("a.docx", WORD[:-200], "damaged or only half saved: open it in Word"),
        ("a.xlsx", packed({"xl/book.xml": "<a/>"}), "damaged or only half saved: open it in Excel"),
        ("a.docx", packed({**word_parts(""), "word/document.xml": "<w:document"}), "damaged or only half saved"),
        ("a.docx", packed({**word_parts(""), "word/document.xml": ENTITY}), "damaged"),
        ("a.docx", b"", "is empty"),
        ("a.rtf", b"{\\rtf1", "older format: open it in Office, save it as .docx"),
        ("a.pages", b"x", "not a kind of file we read"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_cause_and_the_step(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(NotAPlan, match=says) as refused:
        read_document(path)
    assert str(refused.value).startswith(name)
    assert str(refused.value).endswith(".")


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotAPlan, match=r"There is no file plan\.docx"):
        read_document(tmp_path / "plan.docx")


def test_a_package_that_has_lost_its_first_relationships_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(packed({n: data for n, data in word_parts(tbl(tr("Action"))).items() if n != "_rels/.rels"}))
    assert read_document(path).grids[0].cell(0, 0).text == "Action"

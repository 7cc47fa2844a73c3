"""A file that cannot be read is refused with its real cause and the step that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.limits import check_limits
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
        ("a.docx", packed({**word_parts(""), "word/document.xml": "<presentation/>"}), "is no Word document inside"),
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


TEXT = b"Recommendation,Action\r\nVisits,Write a rota\r\n"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.docx", BOOK, "excel"),
        ("a.xlsx", WORD, "word"),
        ("a.csv", BOOK, "excel"),
        ("a.xls", BOOK, "excel"),
        ("a.xlsx", TEXT, "csv"),
        ("a.xls", TEXT.replace(b",", b"\t"), "csv"),
        ("a.docx", TEXT.replace(b",", b";"), "csv"),
        ("a.xlsx", TEXT.decode().encode("utf-16"), "csv"),
    ],
)
def test_a_file_with_the_wrong_ending_is_read_as_what_it_is_and_this_is_reported(
    tmp_path: Path, name: str, data: bytes, kind: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    check_limits(path)
    read = read_document(path)
    assert read.kind == kind
    assert any(f"Its name ends in {path.suffix}, but the file is a" in says for says in read.remarks)


@pytest.mark.parametrize("data", [b"only words", b"\x01\x02,\n\x03", b"PK,Action\n"[:2]])
def test_what_is_no_list_in_text_is_not_taken_for_one(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    with pytest.raises(NotAPlan, match="damaged or only half saved"):
        read_document(path)


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotAPlan, match=r"There is no file plan\.docx"):
        read_document(tmp_path / "plan.docx")


def test_a_package_that_has_lost_its_first_relationships_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(packed({n: data for n, data in word_parts(tbl(tr("Action"))).items() if n != "_rels/.rels"}))
    assert read_document(path).grids[0].cell(0, 0).text == "Action"

"""CSV files: the encoding that explains every byte and makes English, the mark between cells, and no row lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.intake.reader.contents.delimited import decode, read_csv
from ilacs_app.intake.reader.contents.document import Grid
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan

HEAD = "No,Recommendation,Action,Cost\r\n"
ENGLISH = "1,Improve children’s plans – all of them,“Think family” training,£500\r\n"
NAMES = "2,Siân and Zoë meet the café owners,Ask each young person’s views…,½ day\r\n"


def table(data: bytes) -> Grid:
    return read_csv(data, "plan.csv").grids[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_an_encoding_is_known_from_the_whole_file(encoding: str) -> None:
    text = HEAD + ENGLISH + NAMES
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.remarks) == (text, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_sixteen_bits_without_their_mark_are_known(encoding: str) -> None:
    assert decode((HEAD + ENGLISH).encode(encoding)).text == HEAD + ENGLISH


@pytest.mark.parametrize(
    "words",
    ["children’s plans", "“Think family” approach", "Siân’s team – weekly", "a café meeting…", "• First step • second"],
)
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_windows_and_mac_are_told_apart_by_what_makes_english(words: str, encoding: str) -> None:
    text = f"{HEAD}1,Improve {words},Train staff,none\r\n"
    assert decode(text.encode(encoding)).text == text


def test_a_file_of_an_old_dos_program_is_known_by_its_pounds() -> None:
    text = HEAD + "1,Plans,Buy £500 of books and £20 of pens,£520\r\n"
    assert decode(text.encode("cp850")).text == text


def test_lines_of_two_encodings_are_each_read_by_themselves_and_reported() -> None:
    data = HEAD.encode() + ENGLISH.encode("utf-8") + NAMES.encode("cp1252") + ENGLISH.encode("utf-8")
    decoded = decode(data)
    assert decoded.text == HEAD + ENGLISH + NAMES + ENGLISH
    assert decoded.remarks == (
        "The file mixes the encodings Windows-1252 and UTF-8. Each line was read by itself. "
        "Check the accents and apostrophes of line 3.",
    )
    assert table(data).remarks == decoded.remarks


def test_windows_and_mac_lines_in_one_file_are_each_read_by_themselves() -> None:
    lines = [ENGLISH.encode("cp1252")] * 3 + [(ENGLISH * 1).encode("mac_roman", "replace")]
    assert decode(b"".join(lines)).text == ENGLISH * 4


LETTERS = st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\u2028\u2029")


@given(st.text(alphabet=LETTERS, min_size=1))
def test_any_text_in_utf8_is_read_as_it_is(text: str) -> None:
    data = ("Head," + text).encode()
    assert decode(data).text == ("Head," + text)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_mark_between_cells_is_found(mark: str) -> None:
    rows = [["No", "Action", "Due"], ["1", "Plan, do; review", "31/03/2026"], ["2", "Ask, listen, learn", "May"]]
    data = "\r\n".join(mark.join(f'"{cell}"' if mark in cell else cell for cell in row) for row in rows)
    assert [list(row.texts) for row in table(data.encode()).rows] == rows


def test_a_hint_of_excel_for_the_mark_is_no_row() -> None:
    read = table(b"sep=;\r\nNo;Action\r\n1;Plan, do\r\n")
    assert [(row.at, row.texts) for row in read.rows] == [("row 2", ("No", "Action")), ("row 3", ("1", "Plan, do"))]


def test_rows_are_known_by_the_line_on_which_they_begin() -> None:
    read = table(b'No,Action\r\n1,"Two\r\nlines"\r\n\r\n2,One\r\n')
    assert [row.at for row in read.rows] == ["row 1", "row 2", "row 4", "row 5"]
    assert read.rows[1].cells[1].text == "Two\nlines"
    assert read.place(1, 1) == "row 2, column B"


def test_a_quotation_mark_inside_a_quoted_cell_is_accepted() -> None:
    read = table(b'No,Action\r\n1,"The "safe" word, said"\r\n2,Next\r\n')
    assert len(read.rows) == 3
    assert read.rows[2].texts == ("2", "Next")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04 and more", "damaged or only half saved"),
        (b"No,Action\r\n1,a\0b,c\r\n" * 5, "not a text file inside"),
        (bytes(range(128, 256)) * 20, "not a text file inside"),
        (b'No,Recommendation,Action\r\n1,"Never closed,One\r\n', "never closed"),
        (b" \r\n,,\r\n", "is empty"),
    ],
)
def test_what_is_no_table_of_text_is_refused_with_its_cause(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(data)
    with pytest.raises(NotAPlan, match=says):
        read_document(path)


def test_lines_that_were_each_put_into_quotation_marks_are_parted() -> None:
    read = table(b'"No,Action,Due"\r\n"1,""Plan, do"",May"\r\n"2,Ask,June"\r\n')
    assert [row.texts for row in read.rows] == [("No", "Action", "Due"), ("1", "Plan, do", "May"), ("2", "Ask", "June")]


def test_sixteen_bits_that_end_in_half_a_sign_are_read() -> None:
    assert decode((HEAD + ENGLISH).encode("utf-16") + b"\x0d").text.startswith(HEAD + ENGLISH)

"""A pack as PDF and Word: large print, tagged, and every word of the document in it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml.ns import qn

from ilacs_app.governance.packs.document import (
    PackBar,
    PackCell,
    PackDocument,
    PackHead,
    PackHeading,
    PackLine,
    PackList,
    PackNumber,
    PackNumbers,
    PackParagraph,
    PackPoint,
    PackSection,
    PackState,
    PackTable,
    document_in,
    texts_of,
    to_json,
)
from ilacs_app.reporting.packs.pdf import pack_pdf
from ilacs_app.reporting.packs.word import pack_word
from tests.pure.reporting.export.test_printed_pages import Printed

POINTS = 12
RATINGS = ("red", "amber", "green", "blue_outline", "blue", "embedded", "grey")
HOSTILE = '#include "x" $x$ <b>&amp; \\ * _ @ 5.1 “quoted” £5 → é\nsecond line'


def cell(*texts: str, rating: str = "") -> PackCell:
    return PackCell(tuple(PackLine(text) for text in texts), rating)


def document(rows: int = 3, text: str = HOSTILE) -> PackDocument:
    """A document with a block of each kind, and each rating."""
    head = PackHead(
        council="Northmoor Council",
        plans="Improvement plan 2026",
        board="MASH Board",
        meeting="Thursday 21 May 2026, 2pm",
        place="Room 1",
        as_at=datetime(2026, 5, 14, 16, 0, tzinfo=UTC),
        as_at_words="14 May 2026 at 5pm",
        published_by="Governance Officer",
        number=2,
        covers="6 recommendations, 23 actions.",
    )
    table = PackTable(
        "Overdue actions",
        ("Ref.", "Action", "Date", "Rating"),
        (8, 49, 20, 23),
        tuple(
            (
                cell(f"1.{n}"),
                PackCell((PackLine(text), PackLine("Late", "Why"))),
                cell("30 Apr 2026"),
                cell(rating=rating),
            )
            for n in range(rows)
            for rating in RATINGS
        ),
    )
    first = PackSection(
        "position",
        "Where the plan is now",
        (
            PackBar((("red", 3), ("amber", 4), ("green", 3), ("blue_outline", 6), ("blue", 6), ("grey", 1))),
            PackNumbers((PackNumber(2, "overdue"), PackNumber(6, "completed, awaiting verification"))),
            PackList((PackPoint("Agree or refuse new dates for 8.3.", "overdue", "Overdue and why"),), numbered=True),
            PackList((PackPoint(text),)),
            PackHeading("Difference made", "difference"),
            PackParagraph(text),
        ),
    )
    return PackDocument(head, (first, PackSection("overdue", "Overdue and why", (table,))), PackState((), ()))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pack_pdf(document())


def pages_of(data: bytes) -> list[bytes]:
    printed = Printed(data)
    return [printed._content(page) for page in printed.objects.values() if b"/Type/Page/" in page]


def test_no_letter_of_the_pdf_is_smaller_than_12_points(pdf):
    sizes = [float(size) for page in pages_of(pdf) for size in re.findall(rb"/f\d+ ([\d.]+) Tf", page)]
    assert len(sizes) > 100 and min(sizes) >= POINTS


def test_nothing_scales_the_letters_of_the_pdf_down(pdf):
    for page in pages_of(pdf):
        for a, b, c, d in re.findall(rb"([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) [-\d.]+ [-\d.]+ (?:cm|Tm)", page):
            assert {abs(float(a)), abs(float(d))} == {1.0} and float(b) == float(c) == 0


def test_the_pdf_is_tagged(pdf):
    assert b"pdfuaid:part" in pdf and b"/Lang(en-GB)" in pdf
    printed = Printed(pdf)
    assert [len(printed.elements(kind)) for kind in ("H1", "H2", "H3", "Table")] == [1, 2, 1, 1]
    assert len(printed.elements("TH")) == 4 and len(printed.elements("Link")) == 1


def test_each_page_says_the_council_plan_board_and_the_time_that_it_shows(pdf):
    pages = Printed(pdf).on_each_page(bold=False)
    assert len(pages) > 2
    for page in pages:
        for words in ("Improvementplan2026", "MASHBoard,Thursday21May2026,2pm", "Asat14May2026at5pm"):
            assert words in page
    section = docx.Document(io.BytesIO(pack_word(document()))).sections[0]
    assert section.header.paragraphs[0].text == "Northmoor Council. Improvement plan 2026"
    assert "MASH Board, Thursday 21 May 2026, 2pm. As at 14 May 2026 at 5pm" in section.footer.paragraphs[0].text


def test_a_plan_whose_council_is_not_known_has_a_head_without_it():
    nameless = replace(document(), head=replace(document().head, council=""))
    section = docx.Document(io.BytesIO(pack_word(nameless))).sections[0]
    assert section.header.paragraphs[0].text == "Improvement plan 2026"


def test_a_point_leads_to_a_heading_and_says_on_which_page_it_is():
    rows = document().sections[1].blocks
    points = PackList((PackPoint("Ask why.", "exempt_overdue", "Overdue and why"),), numbered=True)
    long = PackSection("overdue", "Overdue and why", rows * 4)
    exempt = PackSection("exempt", "Exempt part", (points, PackHeading("Overdue and why", "exempt_overdue")))
    made = PackDocument(document().head, (document().sections[0], long, exempt), PackState((), ()))
    pages = Printed(pack_pdf(made)).on_each_page(bold=False)
    last = len(pages)
    assert last > 5 and f"Askwhy.Overdueandwhy,page{last}." in pages[-1]


def test_every_word_of_the_document_is_in_the_pdf(pdf):
    printed = Printed(pdf)
    text = "".join([*printed.on_each_page(bold=False), *printed.on_each_page(bold=True)])
    for wanted in texts_of(document().sections):
        for line in wanted.split("\n"):
            assert "".join(line.split()) in text, line


def word_sizes(data: bytes) -> list[float]:
    """The size of every run of a Word file in points: its own, or that of its style."""
    made = docx.Document(io.BytesIO(data))
    parts = [made.element.body, made.sections[0].header._element, made.sections[0].footer._element]
    sizes = []
    for part in parts:
        for run in part.iter(qn("w:r")):
            own = run.find(f"{qn('w:rPr')}/{qn('w:sz')}")
            paragraph = next(parent for parent in run.iterancestors() if parent.tag == qn("w:p"))
            named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            style = named.get(qn("w:val")) if named is not None else "Normal"
            sizes.append(int(own.get(qn("w:val"))) / 2 if own is not None else style_size(made, style))
    return sizes


def style_size(made, style_id: str) -> float:
    style = next(style for style in made.styles if style.style_id == style_id)
    while style.font.size is None:
        style = style.base_style or made.styles["Normal"]
    return style.font.size.pt


def test_no_run_of_the_word_file_is_smaller_than_12_points():
    sizes = word_sizes(pack_word(document()))
    assert len(sizes) > 50 and min(sizes) >= POINTS


def test_every_word_of_the_document_is_in_the_word_file():
    with zipfile.ZipFile(io.BytesIO(pack_word(document()))) as packed:
        body = docx.Document(io.BytesIO(pack_word(document()))).element.body
        assert packed.testzip() is None
    lines = ["".join(run.text or "" for run in paragraph.iter(qn("w:t"))) for paragraph in body.iter(qn("w:p"))]
    for wanted in texts_of(document().sections):
        for line in wanted.split("\n"):
            assert any(line in text for text in lines) or any(line in text for text in "\n".join(lines).split("\n")), (
                line
            )


def test_the_word_file_has_headings_header_rows_and_a_language():
    made = docx.Document(io.BytesIO(pack_word(document())))
    styles = [paragraph.style.name for paragraph in made.paragraphs]
    assert [styles.count(f"Heading {level}") for level in (1, 2, 3)] == [1, 2, 1]
    assert len(list(made.element.body.iter(qn("w:tblHeader")))) == 1
    assert made.core_properties.language == "en-GB" and made.core_properties.title.startswith("MASH Board")
    targets = {link.get(qn("w:anchor")) for link in made.element.body.iter(qn("w:hyperlink"))}
    marks = {mark.get(qn("w:name")) for mark in made.element.body.iter(qn("w:bookmarkStart"))}
    assert targets == {"pack_overdue"} and targets <= marks


def test_the_same_document_gives_the_same_bytes():
    assert pack_word(document()) == pack_word(document())
    assert pack_pdf(document()) == pack_pdf(document())


def test_a_document_is_read_again_as_it_was_stored():
    assert document_in(to_json(document())) == document()
    assert to_json(document()) == to_json(document_in(to_json(document())))


def test_a_long_text_is_not_cut_in_the_pdf():
    long = " ".join(f"word{n}" for n in range(1500))
    printed = Printed(pack_pdf(document(rows=1, text=long)))
    text = "".join([*printed.on_each_page(bold=False), *printed.on_each_page(bold=True)])
    assert text.count("word1499") >= 2


def test_what_a_table_says_of_itself_is_in_the_order_that_word_reads():
    order = ["tblStyle", "tblW", "jc", "tblLayout", "tblCellMar", "tblLook", "tblCaption"]
    body = docx.Document(io.BytesIO(pack_word(document()))).element.body
    for properties in body.iter(qn("w:tblPr")):
        places = [order.index(child.tag.rpartition("}")[2]) for child in properties]
        assert places == sorted(places)

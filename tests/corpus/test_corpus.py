"""The corpus itself: the same seed gives the same plan, its files open, and its held-out headings are held out."""

from __future__ import annotations

import csv
import io
import re

import docx
import openpyxl
import pytest

from ilacs_app.intake.reader.weights import PHRASES
from tests.corpus.case import write_case
from tests.corpus.headings import HELD_OUT, KNOWN
from tests.corpus.layouts import LAYOUTS


def test_the_same_seed_gives_the_same_plan() -> None:
    first, second = write_case(7), write_case(7)
    assert first.answer == second.answer
    assert (first.layout, first.mode, first.kind) == (second.layout, second.mode, second.kind)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_action_of_the_answer_is_in_the_file(layout: str) -> None:
    for seed in range(6):
        case = write_case(seed, layout=layout)
        text = _text_of(case.data, case.kind)
        for recommendation in case.answer.recommendations:
            for action in recommendation.actions:
                assert action.text in text, f"{case.name}: {action.text}"


def test_no_heading_that_is_held_out_is_known_whole() -> None:
    listed = (*KNOWN.values(), *PHRASES.values())
    known = {_bare(heading) for headings in listed for heading in headings}
    held_out = {heading for headings in HELD_OUT.values() for heading in headings}
    assert {heading for heading in held_out if _bare(heading) in known} == set()


def _bare(heading: str) -> str:
    """A heading in small letters, without the signs that no list keeps."""
    return " ".join(re.sub(r"[()/:*?.,&#'’-]", " ", heading.casefold().replace("(s)", "s")).split())


def _text_of(data: bytes, kind: str) -> str:
    if kind == "docx":
        body = docx.Document(io.BytesIO(data)).element.body
        return "\n".join(node.text or "" for node in body.iter() if str(node.tag).endswith("}t"))
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        return "\n".join(
            str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252", "mac-roman"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        return "\n".join(cell for cells in csv.reader(io.StringIO(text)) for cell in cells) + text
    raise AssertionError("no encoding fits")

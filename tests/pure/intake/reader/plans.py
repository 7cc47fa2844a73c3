"""Small plan files and what they say: the pieces of which the tests of kinds are made."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

from tests.corpus.answers import ActionAnswer, Answer, DueAnswer, RecommendationAnswer, StatusAnswer
from tests.corpus.files import word_package
from tests.corpus.reading import read_file
from tests.corpus.score import score

DATED_ON = date(2024, 6, 3)
UNSAID = StatusAnswer(frozenset({None}), asks=True)
ANY = frozenset({None, "not_started", "in_progress", "partly_complete"})


# What is right --------------------------------------------------------------------------------------------


def on(year: int, month: int, day: int, *, asks: bool = False, moved: bool = False) -> DueAnswer:
    return DueAnswer("date", date(year, month, day), asks=asks, may_have_moved=moved)


def ongoing() -> DueAnswer:
    return DueAnswer("ongoing", review_on=date(2024, 9, 30))


UNKNOWN = DueAnswer("not_understood", asks=True)
NONE = DueAnswer("none", asks=True)


def act(
    text: str,
    due: DueAnswer | None = None,
    *owners: str,
    status: str | StatusAnswer | None = "",
    note: str | None = None,
    brag: str | None = None,
    ref: str = "",
    done_on: date | None = None,
) -> ActionAnswer:
    """An action's right reading; ``status`` "" if the file says nothing of it."""
    stated = status if isinstance(status, StatusAnswer) else UNSAID if not status else None
    stated = stated or StatusAnswer(frozenset({str(status)}), completed_on=done_on)
    people = tuple(frozenset({name}) for name in owners) or None
    return ActionAnswer(text, people, due, stated, note, brag, ref)


def rec(text: str, *actions: ActionAnswer, leads: Sequence[str] = (), asks: bool = False) -> RecommendationAnswer:
    return RecommendationAnswer(text, "", tuple(frozenset({n}) for n in leads) or None, actions, asks)


def doubtful(*statuses: str | None) -> StatusAnswer:
    """A status that nothing makes certain: any of these, or a question."""
    return StatusAnswer(frozenset(statuses) or ANY, asks=True)


@dataclass(frozen=True)
class Kind:
    """A file, what it says, and the fields of which a question is as good as the answer."""

    name: str
    kind: str
    data: Callable[[], bytes]
    answer: Sequence[RecommendationAnswer]
    may_ask: frozenset[str] = field(default_factory=frozenset)


# Files ----------------------------------------------------------------------------------------------------


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    merges: Sequence[str] = (),
    change: Callable[[Any], None] = lambda book: None,
) -> Callable[[], bytes]:
    """A workbook of these rows; ``merges`` on every sheet, ``change`` may do anything else to it."""

    def made() -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for r, cells in enumerate(rows, start=1):
                for c, value in enumerate(cells, start=1):
                    if value is None:
                        continue
                    cell = sheet.cell(r, c, value[0] if isinstance(value, tuple) else value)
                    if isinstance(value, tuple):
                        cell.number_format = value[1]
                    elif isinstance(value, datetime):
                        cell.number_format = "dd/mm/yyyy"
            for merge in merges:
                sheet.merge_cells(merge)
        change(book)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return made


def text(words: str) -> Callable[[], bytes]:
    return lambda: words.encode("utf-8-sig")


def run(words: str, style: str = "") -> str:
    props = f"<w:rPr>{style}</w:rPr>" if style else ""
    return f'<w:r>{props}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def para(words: str = "", props: str = "", style: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{props}</w:pPr>' if props else ''}{run(words, style) if words else ''}</w:p>"


def cell(content: str, props: str = "") -> str:
    """A table cell of words, or of XML where it begins with a sign of it."""
    inside = content if content.startswith("<") else "".join(para(line) for line in content.split("\n"))
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{inside}</w:tc>"


def line(*cells: str) -> str:
    made = (one if one.startswith(("<w:tc>", "<w:sdt>")) else cell(one) for one in cells)
    return f"<w:tr>{''.join(made)}</w:tr>"


def table(*rows: str, columns: int = 0) -> str:
    grid = '<w:gridCol w:w="2000"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def control(content: str, props: str = "<w:dropDownList/>") -> str:
    return f"<w:sdt><w:sdtPr>{props}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def across(words: str, columns: int) -> str:
    return f"<w:tr>{cell(words, f'<w:gridSpan w:val={chr(34)}{columns}{chr(34)}/>')}</w:tr>"


def heading(words: str, level: int = 2) -> str:
    return para(words, f'<w:pStyle w:val="Heading{level}"/>')


def document(*body: str) -> Callable[[], bytes]:
    return lambda: word_package("".join(body))


def d(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day)  # noqa: DTZ001 - a workbook's dates have no zone


def misses(one: Kind, folder: Path) -> list[str]:
    """Return what is not as it should be in the reading of a file; a question counts only where it is not allowed."""
    path = folder / f"plan.{one.kind}"
    path.write_bytes(one.data())
    made = score(Answer(DATED_ON, tuple(one.answer)), read_file(path, DATED_ON))
    allowed = tuple(f"{verdict}: {name} " for name in one.may_ask for verdict in ("asked", "asked right"))
    wrong = [miss for miss in made.misses if not miss.startswith(allowed or ("-",))]
    return wrong + [f"{made.invented} invented"] * bool(made.invented)

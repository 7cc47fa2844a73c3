"""A board's questions as a table to download: what it asked, what was done, and what that led to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ilacs_app.clock import london_day
from ilacs_app.dates import short_date
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.plan.plan_file import FileColumn
from ilacs_app.reporting.export.table import Table, TableLine
from ilacs_app.text import printable

QUESTION_COLUMNS = (
    "Plan",
    "Reference",
    "Recommendation or action",
    "Asked by",
    "Asked on",
    "You asked",
    "Asked of",
    "Answer by",
    "State",
    "We did",
    "It led to",
)
POINTS_OF_QUESTIONS = 11


def question_table(questions: Iterable[BoardQuestion]) -> Table:
    """Return one row for each question, with all of its answers and what was said of them, oldest first."""
    columns = tuple(FileColumn(heading, None, "exact") for heading in QUESTION_COLUMNS)
    return Table(columns, tuple(_row_of(q) for q in questions), name="Questions", points=POINTS_OF_QUESTIONS)


def _row_of(q: BoardQuestion) -> TableLine:
    did = (f"{_on(answer.at)}, {answer.who}: {answer.words}" for answer in q.answers)
    led_to = [
        f"{_on(answer.judged_at)}, {answer.judged_by}: {'satisfied' if answer.satisfied else 'not yet'}. "
        f"{answer.judged_words}".strip()
        for answer in q.answers
        if answer.judged_at
    ]
    if q.withdrawn_at:
        led_to.append(f"{_on(q.withdrawn_at)}, {q.asked_by}: withdrawn. {q.withdrawn_reason}")
    cells = (
        q.plan_short,
        q.ref,
        q.text,
        q.asked_by,
        _on(q.asked_at),
        q.question,
        q.owner,
        short_date(q.due_on),
        q.label,
        "\n".join(did),
        "\n".join(led_to),
    )
    return TableLine(tuple(printable(cell) for cell in cells), first=True, of=q.item)


def _on(at: datetime) -> str:
    return short_date(london_day(at))

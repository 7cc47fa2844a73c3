"""The progress report: a row for each action with its dates, rating, newest update and next step. Pure.

Source: product rules, section 7, the second of the two forms of print. A filtered list is downloaded in it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ilacs_app.dates import short_date
from ilacs_app.plan.plan_file import FileColumn
from ilacs_app.plan.rules import STATUS_WORDS, TAG_WORDS, Brag, tag_of
from ilacs_app.reporting.export.table import Table, TableLine
from ilacs_app.text import days_later, many, printable

POINTS = 12
SHAPES = {
    "red": "◆",
    "amber": "▲",
    "green": "●",
    "blue_outline": "□",
    "blue": "■",
    "embedded": "■",
    "grey": "○",
    "paused": "○",
    "withdrawn": "○",
}
REPORT_COLUMNS = (
    ("Reference", "ref"),
    ("Action", "action"),
    ("Owner", "owners"),
    ("Due", "timescale"),
    ("Lateness", "timeliness"),
    ("Delivery status", "status"),
    ("Rating", "brag"),
    ("Latest update", "note"),
    ("What next", "next_step"),
)


@dataclass(frozen=True)
class ReportLine:
    """One place of one action.

    ``owners`` are the leads of its recommendation where the action names no owner; ``lateness`` is its timeliness in
    words; ``update`` its newest words, written on ``updated_on``: none where they came with the plan. ``reason`` says
    why it is paused or withdrawn.
    """

    ref: str
    text: str
    owners: tuple[str, ...]
    timescale: str
    original_due_on: date | None
    due_on: date | None
    moves: int
    lateness: str
    status: str
    brag: Brag
    update: str
    updated_on: date | None
    next_step: str
    reason: str = ""

    @property
    def due(self) -> str:
        """The date that applies, after the original one if it has moved; else the plan's own words."""
        if self.due_on is None:
            return self.timescale
        if not self.moves or self.original_due_on is None:
            return short_date(self.due_on)
        moved = f"{short_date(self.original_due_on)} → {short_date(self.due_on)}"
        slipped = (self.due_on - self.original_due_on).days
        return f"{moved}\n{many(self.moves, 'change')}, {days_later(slipped)}"

    @property
    def rating(self) -> str:
        """The rating as shape and words, so that it reads in black and white."""
        tag = tag_of(self.brag, self.status)
        return f"{SHAPES[tag]} {TAG_WORDS[tag]}"

    @property
    def delivery(self) -> str:
        """The delivery status, with the reason of what is paused or withdrawn."""
        status = STATUS_WORDS[self.status]
        return f"{status}\nReason: {self.reason}" if self.reason else status

    @property
    def latest(self) -> str:
        """The newest words after the day on which they were written."""
        if not self.update:
            return "No update yet"
        return f"{short_date(self.updated_on)}: {self.update}" if self.updated_on else self.update

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.ref,
            self.text,
            "\n".join(self.owners) or "No owner",
            self.due,
            self.lateness,
            self.delivery,
            self.rating,
            self.latest,
            self.next_step,
        )


def progress_table(lines: Sequence[ReportLine]) -> Table:
    """The report as a table at 12 points, its words made printable; none of its cells is merged."""
    columns = tuple(FileColumn(heading, field, "exact") for heading, field in REPORT_COLUMNS)
    rows = tuple(TableLine(tuple(map(printable, line.cells)), True, f"Action {line.ref}") for line in lines)
    return Table(columns, rows, "Progress report", POINTS)

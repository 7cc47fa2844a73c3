"""A frame with what its columns were taken for: one explanation of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ilacs_app.intake.reader.columns.assignment import Assignment
from ilacs_app.intake.reader.columns.evidence import ColumnEvidence
from ilacs_app.intake.reader.columns.headings import comparable
from ilacs_app.intake.reader.layout.matrix import Candidate, names_of
from ilacs_app.intake.reader.weights import NO_PLAN

MOST_NUMBERS = 0.7  # share of numbers in a column "Actions"; with more it is a dashboard's count


NOT_THE_PLAN, LIKE_THE_MAIN = 4.0, 0.5


CORE = ("recommendation", "timescale", "owners", "leads", "status", "brag", "note")


@dataclass(frozen=True)
class Explanation:
    """A frame with what its columns were taken for. ``second`` is what came close, in words; "" if nothing did."""

    frame: Candidate
    columns: tuple[ColumnEvidence, ...]
    assignment: Assignment
    score: float
    continues: bool = False
    acts_alone: bool = False
    """Whether no column holds actions, so that each recommendation is also its own action."""
    second: str = ""

    @property
    def names(self) -> list[str]:
        """What each column is called."""
        return names_of(self.frame.headings, self.frame.names)

    @property
    def fields(self) -> Mapping[str, int]:
        return self.assignment.fields

    def strength(self) -> float:
        """Return how much it looks like a plan: the evidence for its action column and those that go with it."""
        return sum(
            max(self.columns[at].heading.weights.get(f, 0.0) / 3, min(8.0, self.columns[at].total(f)))
            for f, at in self.fields.items()
            if f in (*CORE, "action")
        )

    @property
    def is_plan(self) -> bool:
        """Whether it can be a plan at all: actions, and something that goes with them."""
        if "action" not in self.fields:
            return False
        if len(self.fields) < 4 and self.columns[self.fields["action"]].shares.get("numbers", 0.0) > MOST_NUMBERS:
            return False
        chosen = is_chosen(self)
        beside = [f for f in CORE if f in self.fields]
        if self.frame.matrix.layout == "lists":
            return any(c.kind in {"heading", "outline"} for row in self.frame.rows for c in row.context)
        return chosen or bool(beside)


def family_of(frame: Candidate) -> tuple[str, ...]:
    headings = tuple(comparable(heading) for heading in frame.headings)
    return headings if any(headings) else (frame.matrix.at, *headings)


def speaks_against(table: Explanation) -> float:
    """Return the evidence in the name and headings of a table that it is not the plan."""
    named_words = {*comparable(table.frame.matrix.name).split(), *comparable(table.frame.matrix.at).split()}
    heads = {word for heading in table.frame.headings for word in comparable(heading).split()}
    named = sum(weight for word, weight in NO_PLAN.items() if word in named_words)
    return named + sum(weight for word, weight in NO_PLAN.items() if word in heads and word not in named_words)


def words_against(table: Explanation) -> tuple[str, ...]:
    """The words of a table's name or headings that say that it is another kind of list, quoted, if they settle it."""
    if speaks_against(table) < NOT_THE_PLAN:
        return ()
    against = (
        word
        for text in (table.frame.matrix.name, table.frame.matrix.at, *table.frame.headings)
        for word in comparable(text).split()
        if word in NO_PLAN
    )
    return tuple(f"“{word}”" for word in dict.fromkeys(against))


def is_chosen(table: Explanation) -> bool:
    return any(taken.how == "chosen" and taken.field for taken in table.assignment.taken)

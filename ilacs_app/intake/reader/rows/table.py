"""One table of the plan while its rows are read, and what its columns of numbers and people are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from ilacs_app.intake.reader.columns.assignment import may_be_another
from ilacs_app.intake.reader.columns.headings import heading_evidence
from ilacs_app.intake.reader.contents.document import Cell, plain, visible
from ilacs_app.intake.reader.layout.explanations.explanation import Explanation
from ilacs_app.intake.reader.layout.matrix import ContextKind, Line
from ilacs_app.intake.reader.layout.tables.numbers import numbered
from ilacs_app.intake.reader.rows.above import label_field
from ilacs_app.intake.reader.rows.drafts import bare_number, whole_number_of, words_alone
from ilacs_app.plan.plan_file import HEADINGS

COVERED = ("timescale", "revised_timescale", "owners", "status", "brag", "done_on", "note")


@dataclass(frozen=True)
class PlanTable:
    """One table of the plan while its rows are read."""

    explanation: Explanation
    extras: Mapping[str, int]
    source: ContextKind | None
    several: bool
    near: date

    def cells(self, row: Line) -> dict[str, Cell]:
        """The cells of a row by field; for what speaks of an action, also a cell that is merged down over the row."""
        cells = {name: row.cell(place) for name, place in self.explanation.fields.items()}
        if self.numbers_lead and (own := numbered(cells["recommendation"].live)).number:
            cells |= {"number": Cell(own.number), "recommendation": Cell(own.text)}
        if self.is_struck_out(row):
            cells = {name: replace(cell, marked=()) if cell.is_struck else cell for name, cell in cells.items()}
        if "action" in cells and not cells["action"].is_blank:
            for name in COVERED:
                if name in cells and self.explanation.fields[name] in row.over:
                    cells[name] = row.over[self.explanation.fields[name]]
        return cells

    def is_struck_out(self, row: Line) -> bool:
        """Return whether a row, or the words of its action, are struck out: it is kept only as a trace."""
        return is_struck_out(row) or row.cell(self.explanation.fields["action"]).is_struck

    def extra_cells(self, row: Line) -> dict[str, str]:
        return {heading: row.cell(place).live for heading, place in self.extras.items()}

    @cached_property
    def numbers_lead(self) -> bool:
        """Whether every recommendation begins with a number of its own, and no column holds the numbers."""
        fields = self.explanation.fields
        if "number" in fields or "recommendation" not in fields:
            return False
        texts = {visible(row.cell(fields["recommendation"]).live) for row in self.explanation.frame.rows} - {""}
        read = [numbered(text) for text in texts]
        named = all(heading_evidence(each.label).weights.get("recommendation", 0.0) > 0 for each in read)
        apart = len({each.number for each in read} - {""}) == len(texts)
        return apart and (named or (len(texts) > 1 and not any(each.label for each in read)))

    @property
    def is_of_cards(self) -> bool:
        """Whether each action has its own card, or labelled lines, which also hold its recommendation."""
        return (
            self.explanation.frame.matrix.layout != "table"
            and "recommendation" in self.explanation.fields
            and self.repeats
        )

    @cached_property
    def has_our_headings(self) -> bool:
        """Whether it is laid out as we print a plan, each of its fields under its own name: one action a row."""
        return all(
            name in self.explanation.fields
            and self.explanation.columns[self.explanation.fields[name]].heading.known == "own"
            for name in HEADINGS
        )

    @cached_property
    def is_unsure(self) -> bool:
        """Whether the recommendations may be others: another layout or another column could hold them."""
        return bool(self.explanation.second) or may_be_another(self.explanation.columns, self.explanation.assignment)

    @cached_property
    def recommendations(self) -> frozenset[str]:
        """The recommendations of the rows, as words to compare."""
        place = self.explanation.fields["recommendation"]
        return frozenset(words_alone(row.cell(place).live) for row in self.explanation.frame.rows)

    @cached_property
    def repeats(self) -> bool:
        """Whether a recommendation is written again for each of its actions."""
        texts = [plain(row.cell(self.explanation.fields["recommendation"]).live) for row in self.explanation.frame.rows]
        return len(set(texts)) < len([text for text in texts if text])

    @cached_property
    def numbers_have_levels(self) -> bool:
        """Whether every number is one of an action in a recommendation, such as 1.1, even where it has only one."""
        if "number" not in self.explanation.fields:
            return False
        numbers = [row.cell(self.explanation.fields["number"]).live for row in self.explanation.frame.rows]
        filled = [text for text in numbers if visible(text)]
        return len(filled) > 1 and all(whole_number_of(text) != bare_number(text) for text in filled)

    @cached_property
    def usually_filled(self) -> int:
        """The median number of cells that say something in a row."""
        sizes = sorted(len(row.filled) for row in self.explanation.frame.rows if not row.is_blank)
        return sizes[len(sizes) // 2] if sizes else 0

    @property
    def places(self) -> dict[str, str]:
        names = {name: self.explanation.frame.names[place] for name, place in self.explanation.fields.items()}
        return {"number": names["recommendation"], **names} if self.numbers_lead else names

    @cached_property
    def headings(self) -> dict[str, str]:
        return {name: self.explanation.frame.headings[place] for name, place in self.explanation.fields.items()}


def is_struck_out(row: Line) -> bool:
    """Return whether everything that a row says is struck out: it is kept only as a trace."""
    cells = [row.cells[n] for n in row.filled if row.cells[n].text]
    return bool(cells) and all(cell.is_struck for cell in cells)


def plan_table(
    explanation: Explanation, plan: Sequence[Explanation], *, source: ContextKind | None, near: date
) -> PlanTable:
    """Return a table of the plan with its columns of numbers and people in the fields that they are about.

    ``source`` is the kind of text above the table that names its recommendations, where no column does.
    """
    extras = {
        heading: place
        for place, heading in enumerate(explanation.names)
        if place not in explanation.fields.values() or place == explanation.fields.get("done_on")
    }
    if "owners" not in explanation.fields and _lead_is_above(explanation):
        explanation = _renamed(explanation, "leads", "owners")
    if _numbers_are_references(explanation):
        explanation = _renamed(explanation, "number", "ref")
    return PlanTable(explanation, extras, source, _tells_apart(plan, source), near)


def _tells_apart(plan: Sequence[Explanation], kind: ContextKind | None) -> bool:
    texts = {
        plain(c.text) for explanation in plan for row in explanation.frame.rows for c in row.context if c.kind == kind
    }
    return len(texts) > 1


def _numbers_are_references(explanation: Explanation) -> bool:
    """Return whether the number column counts actions: each row has its own, though a recommendation has several."""
    fields = explanation.fields
    if "number" not in fields or "ref" in fields:
        return False
    if "recommendation" not in fields:
        return True
    if _number_each_action(explanation):
        return True
    numbers = [plain(row.cell(fields["number"]).live) for row in explanation.frame.rows]
    texts = [words_alone(row.seen(fields["recommendation"]).live) for row in explanation.frame.rows]
    filled = [n for n in numbers if n]
    if len(filled) < 0.9 * len(numbers) or len(set(filled)) < len(filled):
        return False
    if len({whole_number_of(n) for n in filled}) < len({text for text in texts if text}):
        return True  # what they have in common tells no recommendation from another
    again = [(a == b and bool(a)) or not b for a, b in pairwise(texts)]
    whole = [whole_number_of(a) == whole_number_of(b) for a, b in pairwise(numbers)]
    return any(same and not alike for same, alike in zip(again, whole, strict=True))


def _number_each_action(explanation: Explanation) -> bool:
    """Return whether numbers behind the recommendation go on where its cell is blank: 1a and 1b, then 1a again."""
    place, spelt = explanation.fields["number"], explanation.fields["recommendation"]
    rows = [row for row in explanation.frame.rows if not row.is_blank]
    while rows and rows[-1].cell(place).is_blank and rows[-1].cell(spelt).is_blank and spelt not in rows[-1].over:
        rows.pop()  # sums below the table
    if place < spelt:
        return False
    further = [(a, b) for a, b in pairwise(rows) if plain(b.cell(spelt).live) in {"", plain(a.cell(spelt).live)}]
    changed = [whole_number_of(a.cell(place).live) != whole_number_of(b.cell(place).live) for a, b in further]
    return bool(changed) and all(changed) and not any(b.cell(place).is_blank for _, b in further)


def _lead_is_above(explanation: Explanation) -> bool:
    """Return whether a label above the rows names the lead, so that a column of people names owners."""
    return any(
        context.kind == "block" and label_field(context) == "leads"
        for row in explanation.frame.rows
        for context in row.context
    )


def _renamed(explanation: Explanation, old: str, new: str) -> Explanation:
    fields = {(new if name == old else name): place for name, place in explanation.fields.items()}
    return replace(explanation, assignment=replace(explanation.assignment, fields=fields))

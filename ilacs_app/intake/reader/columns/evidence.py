"""The evidence for each field in each column: the words of its heading and the contents of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ilacs_app.intake.reader.columns.headings import NO_EVIDENCE, HeadingEvidence, heading_evidence
from ilacs_app.intake.reader.columns.traits import traits
from ilacs_app.intake.reader.contents.document import Cell, plain
from ilacs_app.intake.reader.weights import CONTENTS

MOST_CELLS = 160  # cells looked at in a long column, evenly spread
LONGEST_LOOKED_AT = 400  # characters read of a cell; the rest of a long text adds nothing
RATINGS = frozenset({"red", "amber", "gold", "yellow", "green", "blue", "purple"})
FEW_VALUES, MANY_ROWS, ALIKE_ROWS = 7, 8, 4


@dataclass(frozen=True)
class EvidenceKinds:
    """Which kinds of evidence the reader may use. All of them, except in tests that measure what each is worth."""

    headings: bool = True
    contents: bool = True
    layout: bool = True


@dataclass(frozen=True)
class Column:
    """One column under a heading: its cells from top to bottom, those of rows across the table left out.

    ``covered`` counts the rows over which a cell from above is merged.
    """

    heading: str
    cells: Sequence[Cell]
    place: int
    width: int
    covered: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(cell.text or cell.fill or cell.grids or cell.unknown for cell in self.cells)


@dataclass(frozen=True)
class ColumnEvidence:
    """The evidence for each field. ``shares`` are those of weights.CONTENTS, ``filled`` counts the cells looked at."""

    column: Column
    heading: HeadingEvidence
    shares: Mapping[str, float]
    contents: Mapping[str, float]
    filled: int

    def total(self, field: str) -> float:
        """All evidence together for a field."""
        return self.heading.weights.get(field, 0.0) + self.contents.get(field, 0.0)


def column_evidence(column: Column, near: date, evidence: EvidenceKinds) -> ColumnEvidence:
    """Weigh one column; ``near`` is the plan's own date."""
    heading = heading_evidence(column.heading) if evidence.headings else NO_EVIDENCE
    shares, filled = _shares(column, near) if evidence.contents else ({}, 0)
    return ColumnEvidence(column, heading, shares, _contents(shares) if filled else {}, filled)


def _contents(shares: Mapping[str, float]) -> dict[str, float]:
    return {
        field: sum(weight * shares.get(name, 0.0) for name, weight, _ in lines) for field, lines in CONTENTS.items()
    }


def _shares(column: Column, near: date) -> tuple[dict[str, float], int]:
    step = max(1, len(column.cells) // MOST_CELLS)
    sample = column.cells[::step]
    seen = [(cell, plain(cell.live)) for cell in sample]
    filled = [(cell, text) for cell, text in seen if text or cell.fill in RATINGS]
    if not filled:
        return {}, 0
    times: Counter[str] = Counter()
    for cell, text in filled:
        times.update(_of_cell(cell, text, near))
    shares = {name: number / len(filled) for name, number in times.items()}
    return {**shares, **_of_column(column, seen, len(filled)), "base": 1.0}, len(filled)


def _of_cell(cell: Cell, text: str, near: date) -> set[str]:
    if not text:
        return {"rated", "short"}
    names = set(traits(cell.live[:LONGEST_LOOKED_AT], near))
    if cell.day:
        names = (names - {"numbers", "refs"}) | {"dates"}
    return names


def _of_column(column: Column, seen: Sequence[tuple[Cell, str]], filled: int) -> dict[str, float]:
    rows = len(seen)
    values = [text for _, text in seen if text]
    different = len(set(values))
    share = filled / rows
    place = column.place / max(1, column.width - 1)
    again = sum(1 for before, now in pairwise(values) if before == now)
    covered = column.covered / max(1, len(column.cells))
    led = bool(seen[0][1]) and place < 0.5
    blanks = (1 - share) * (0.7 if led else 0.1)
    return {
        "distinct": different / max(1, len(values)),
        "repeats": min(1.0, again / max(1, rows) + covered + (0 if covered else blanks)),
        "full": share,
        "sparse": 1.0 if share < 0.5 else 0.0,
        "gaps": 1.0 if 0.1 < 1 - share < 0.9 else 0.0,
        "first": max(0.0, 1 - place * 2.5),
        "last": place,
        "far": 1.0 if place > 0.6 else 0.0,
        "same": 1.0 if different == 1 and len(values) >= ALIKE_ROWS else 0.0,
        "few": 1.0 if different <= FEW_VALUES and len(values) >= MANY_ROWS else 0.0,
    }

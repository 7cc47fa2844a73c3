"""Recommendations and actions while their rows are read: the pieces of each cell, and the numbers in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ilacs_app.intake.reader.contents.document import Cell, plain, visible
from ilacs_app.intake.reader.layout.matrix import RowRole
from ilacs_app.plan.plan_file import FileProblem

_NUMBER = re.compile(
    r"(?:(?:rec(?:ommendation)?|priority|objective)\.? ?)?((?:[a-z]{1,6}[ ./-]?)?\d{1,6}[a-z]?(?:[./-]\d{1,6})*)\.?",
    re.I,
)


@dataclass
class ItemCells:
    """A recommendation or an action while its rows are read: the pieces of each cell, row by row."""

    at: str
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    extra: dict[str, list[str]] = field(default_factory=dict)
    actions: list[ItemCells] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """Where each field's column is, such as {"timescale": "column G"}."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """What each field's column is called in the file."""
    doubtful: set[str] = field(default_factory=set)
    """Fields whose cell may not be about this action."""
    parted: int = 0
    """Which line of a cell of several actions it was, from 1; 0 if it had its own cell."""
    of: int = 1
    led_above: bool = False
    """Whether a label above its rows says who leads it."""
    struck: bool = False
    """Whether its whole row is struck out."""
    leads_itself: bool = False
    """Whether its own card names its leads."""
    kind: str = "column"
    asked: bool = False
    unsure: bool = False
    """Whether its table could nearly as well be read otherwise, with other recommendations."""

    def add(self, name: str, cell: Cell) -> None:
        if visible(cell.live) or cell.text or cell.fill or cell.unknown or cell.error:
            self.cells.setdefault(name, []).append(cell)

    def add_extra(self, heading: str, text: str) -> None:
        if text:
            self.extra.setdefault(heading, []).append(text)

    def text(self, name: str) -> str:
        """The live words of a field, the pieces of several rows joined by line breaks."""
        return "\n".join(text for cell in self.cells.get(name, ()) if (text := cell.live.strip()))

    def starts_with(self, name: str, text: str) -> bool:
        """Return whether a field, or its first piece, says the same, whatever the capitals and the stop at the end."""
        pieces = self.cells.get(name, [])
        return any(
            words_alone(text) == words_alone(piece) for piece in (self.text(name), *(p.live for p in pieces[:1]))
        )

    def extras(self) -> dict[str, str]:
        return {heading: "\n".join(pieces) for heading, pieces in self.extra.items()}


@dataclass
class Gathered:
    """What the tables of a plan hold. ``roles`` are those of rows by grid, ``left`` the lines that are no part "
    "of it."""

    drafts: list[ItemCells] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    current: int = 0
    """The place of the recommendation to which the last row belonged."""
    begun: dict[str, list[int]] = field(default_factory=dict)
    """The places of recommendations by the words with which they began."""
    roles: dict[int, dict[int, RowRole]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def begin(self, draft: ItemCells, first_words: str) -> ItemCells:
        """Put a new recommendation behind the others and go on with it."""
        self.drafts.append(draft)
        self.current = len(self.drafts) - 1
        self.begun.setdefault(first_words, []).append(self.current)
        return draft

    def go_back_to(self, place: int) -> ItemCells:
        """Go on with an earlier recommendation."""
        self.current = place
        return self.drafts[place]


def words_alone(text: str) -> str:
    """The words of a text for comparing, without regard to capitals, spaces, and the signs at its end."""
    return plain(text).rstrip(" .,;:")


def is_bare_number(text: str) -> bool:
    """Return whether a cell holds a number of a recommendation or an action and nothing else."""
    return bool(_NUMBER.fullmatch(visible(text)))


def whole_number_of(text: str) -> str:
    """Return the number of the recommendation in "1", "1.", "1.2", "R1", "R1/A2" or "R1-2"."""
    return re.split(r"[./]|-(?=\d)", bare_number(text))[0]


def bare_number(text: str) -> str:
    """The number that a cell holds, without "Rec" before it or a stop after it."""
    match = _NUMBER.fullmatch(visible(text))
    return match[1] if match else text


def owners_by_row(drafts: Sequence[ItemCells]) -> bool:
    """Return whether the leads are each action's own: those of one recommendation's actions differ."""
    for draft in drafts:
        leads = [lead for action in draft.actions if (lead := plain(action.text("row lead")))]
        if len(leads) > 1 and len(set(leads)) > 1:
            return True
    return False

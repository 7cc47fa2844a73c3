"""Two people at once: which of two texts is chosen to begin with, and which words differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile, zip_longest
from typing import NamedTuple

MINE, THEIRS, BOTH = "mine", "theirs", "both"
MOST_STEPS = 20_000  # pairs of equal words; English has that many in two texts of 1,400 words
_MOST_WORDS = 3000  # beyond that a comparison takes too long, and the whole text counts as different


@dataclass(frozen=True)
class FieldDifference:
    """A field in which two people's forms differ, as people read it.

    ``keep`` is what is chosen to begin with. It is empty if both changed the field, so someone must choose.
    ``final``: theirs is kept, because mine can no longer be saved.
    """

    name: str
    label: str
    mine: str
    theirs: str
    keep: str = ""
    final: bool = False


@dataclass(frozen=True)
class Conflict:
    """The differences between two people's forms, and the id of the form on the page that sends the choice.

    ``undecided`` are the names of the rows for which a choice was asked and not made.
    """

    to: str
    rows: list[FieldDifference]
    undecided: frozenset[str] = frozenset()


def kept_unless_said(was: str | None, mine: str, theirs: str) -> str:
    """Return whose text to choose: that of the one person who changed it, or neither if both did or it is unknown."""
    if was == theirs:
        return MINE
    return THEIRS if was == mine else ""


class Run(NamedTuple):
    """A part of a text, and whether the other text lacks it."""

    text: str
    differs: bool


def marked(text: str, other: str) -> list[Run]:
    """Return the text in runs. Together the runs are the text.

    Texts are compared word by word, or line by line where that takes too long. Where that takes too long as well, all
    between a common beginning and a common end is one run.
    """
    ours, theirs = re.findall(r"\s*\S+\s*", text), other.split()
    if len(ours) + len(theirs) > _MOST_WORDS:
        return [Run(text, text != other)]
    stripped = [word.strip() for word in ours]
    if _steps(stripped, theirs) <= MOST_STEPS:
        return _runs(ours, stripped, theirs)
    lines, others = text.splitlines(keepends=True), other.splitlines()
    plain, plain_others = ([" ".join(line.split()) for line in part] for part in (lines, others))
    if len(lines) > 1 and _steps(plain, plain_others) <= MOST_STEPS:
        return _runs(lines, plain, plain_others)
    first = _alike_at_start(stripped, theirs)
    last = _alike_at_start(stripped[first:][::-1], theirs[first:][::-1])
    end = len(ours) - last
    runs = (
        Run("".join(ours[:first]), differs=False),
        Run("".join(ours[first:end]), differs=True),
        Run("".join(ours[end:]), differs=False),
    )
    return [run for run in runs if run.text]


def likeness(text: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1: by characters, or by words where that takes too long."""
    units: tuple[Sequence[str], Sequence[str]] = text, other
    if _steps(*units) > MOST_STEPS:
        units = text.split(), other.split()
    matcher = SequenceMatcher(None, *units, autojunk=False)
    return matcher.ratio() if _steps(*units) <= MOST_STEPS else matcher.quick_ratio()


def _steps(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Return how many pairs of equal words there are, which is the cost of one step of a comparison."""
    times = Counter(theirs)
    return sum(number * times[word] for word, number in Counter(ours).items())


def _runs(ours: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[Run]:
    runs = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    return [Run("".join(ours[i:j]), kind != "equal") for kind, i, j, _, _ in runs if j > i]


def _alike_at_start(ours: Sequence[str], theirs: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip_longest(ours, theirs)))

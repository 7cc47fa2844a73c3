"""Two people at once: which of two texts is kept unless somebody says otherwise, and which words differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MINE, THEIRS, BOTH = "mine", "theirs", "both"
MOST_STEPS = 20_000  # pairs of equal words; English has that many in two texts of 1,400 words
MOST_WORDS = 3000  # beyond that a comparison takes too long, and the whole text counts as different


@dataclass(frozen=True)
class Difference:
    """A field in which two people's forms differ, as people read it. ``keep`` is chosen beforehand; empty: it must be
    chosen, because both changed it. ``final``: theirs stands, because mine cannot be saved any more."""

    name: str
    label: str
    mine: str
    theirs: str
    keep: str = ""
    final: bool = False


@dataclass(frozen=True)
class Conflict:
    """Two people's forms that met: in what they differ, and the id of the form on the page that the choice goes with.

    ``undecided`` are the names of the rows of which nobody said whose is kept, though they were asked.
    """

    to: str
    rows: list[Difference]
    undecided: frozenset[str] = frozenset()


def kept_unless_said(was: str | None, mine: str, theirs: str) -> str:
    """Whose text is kept: that of the one person who changed what it was; nobody's where both did, or none knows."""
    if was == theirs:
        return MINE
    return THEIRS if was == mine else ""


def marked(text: str, other: str) -> list[tuple[str, bool]]:
    """The text in runs, each with whether the other text lacks it; together they are the text.

    Word by word; line by line where that takes too long, and what neither begins nor ends both as one run where that
    does too.
    """
    ours, theirs = re.findall(r"\s*\S+\s*", text), other.split()
    if len(ours) + len(theirs) > MOST_WORDS:
        return [(text, text != other)]
    words = [one.strip() for one in ours]
    if _steps(words, theirs) <= MOST_STEPS:
        return _runs(ours, words, theirs)
    lines, others = text.splitlines(keepends=True), other.splitlines()
    plain, plain_others = ([" ".join(line.split()) for line in part] for part in (lines, others))
    if len(lines) > 1 and _steps(plain, plain_others) <= MOST_STEPS:
        return _runs(lines, plain, plain_others)
    first = _alike_at_start(words, theirs)
    last = _alike_at_start(words[first:][::-1], theirs[first:][::-1])
    parts = (("".join(ours[:first]), False), ("".join(ours[first : len(ours) - last]), True))
    return [(part, differs) for part, differs in (*parts, ("".join(ours[len(ours) - last :]), False)) if part]


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1: sign by sign, or word by word where that takes too long."""
    units: tuple[Sequence[str], Sequence[str]] = one, other
    if _steps(*units) > MOST_STEPS:
        units = one.split(), other.split()
    matcher = SequenceMatcher(None, *units, autojunk=False)
    return matcher.ratio() if _steps(*units) <= MOST_STEPS else matcher.quick_ratio()


def _steps(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """How many pairs of equal words there are: what one step of a comparison takes, and there may be many steps."""
    times = Counter(theirs)
    return sum(number * times[word] for word, number in Counter(ours).items())


def _runs(ours: Sequence[str], words: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, bool]]:
    runs = SequenceMatcher(None, words, theirs, autojunk=False).get_opcodes()
    return [("".join(ours[i:j]), kind != "equal") for kind, i, j, _, _ in runs if j > i]


def _alike_at_start(ours: Sequence[str], theirs: Sequence[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))

"""Two people at once: which of two texts is kept unless somebody says otherwise, and which words differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

MINE, THEIRS, BOTH = "mine", "theirs", "both"
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
class Clash:
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
    """The text in runs, each with whether the other text lacks it; together they are the text."""
    ours, theirs = re.findall(r"\s*\S+\s*", text), other.split()
    if len(ours) + len(theirs) > MOST_WORDS:
        return [(text, text != other)]
    words = [one.strip() for one in ours]
    runs = SequenceMatcher(None, words, theirs, autojunk=False).get_opcodes()
    return [("".join(ours[i:j]), kind != "equal") for kind, i, j, _, _ in runs if j > i]

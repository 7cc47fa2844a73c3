"""A council's own status key: which word or colour means what, where the file itself says so.

Green is "on track" in one council and "complete" in another, so a meaning is proposed and never assumed (product rule:
section 5; the plan keeps its own words).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ilacs_app.intake.reader.readers import Grid
from ilacs_app.plan.parsing.statuses import BRAG_WORDS, read_status
from ilacs_app.plan.rules import Status
from ilacs_app.text import plain

LEAST_KEY = 2
LONGEST_WORD = 40
_COLOURS = frozenset(word for word in BRAG_WORDS if len(word) > 1)
# What a key says of work that is under way, whether or not it goes well.
_UNDER_WAY = ("on track", "on target", "on schedule", "off track", "at risk", "some slippage", "slippage", "delay")


def status_key(grids: Sequence[Grid]) -> dict[str, str]:
    """The council's words and what they mean, from tables whose rows are a colour or status word and its meaning."""
    found: dict[str, str] = {}
    for grid in grids:
        pairs = list(_pairs(grid))
        if len(pairs) >= LEAST_KEY and any(key_word(word) in _COLOURS for word, _ in pairs):
            for word, means in pairs:
                found.setdefault(word.strip(), means)
    return found


def _pairs(grid: Grid) -> Iterator[tuple[str, str]]:
    for row in grid.rows:
        cells = [cell for cell in row.cells if cell]
        coloured = [word for at, word in sorted(row.fills.items()) if not row.cells[at : at + 1] or not row.cells[at]]
        if len(cells) == 1 and coloured:
            cells = [coloured[0], *cells]
        if len(cells) == 2 and len(cells[0]) <= LONGEST_WORD and _is_key(cells[0]):
            yield cells[0], cells[1]


def _is_key(word: str) -> bool:
    return key_word(word) in _COLOURS or read_status(word).status_text == word.strip()


def key_word(word: str) -> str:
    """A status word or colour made comparable."""
    return plain(word)


def meant_by(meaning: str) -> Status | None:
    """The delivery status that a key's own words come nearest to; none where they say nothing of delivery."""
    said = read_status(meaning)
    if said.status is not None:
        return said.status
    words = plain(meaning)
    return Status.IN_PROGRESS if any(sign in words for sign in _UNDER_WAY) else None

"""Which known names someone may have meant by a name that no account has: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from ilacs_app.text import plain_name

MOST_SIMILAR = 3
SIMILAR = 0.8  # of 1; below it, most pairs are different people


def similar_names(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three of the known names that are most like this one, the most similar first.

    The order of the parts, capitals, commas and full stops make no difference, and an initial stands for a first name:
    “Patel, R.” is like “Rina Patel”. The same name is not similar to itself.
    """
    scored = sorted(((_likeness(name, other), other) for other in dict.fromkeys(known)), key=lambda pair: -pair[0])
    return [other for likeness, other in scored if likeness >= SIMILAR and plain_name(other) != plain_name(name)][
        :MOST_SIMILAR
    ]


def _likeness(name: str, other: str) -> float:
    parts, others = _parts(name), _parts(other)
    if not parts or not others:
        return 0
    if parts == others:
        return 1
    if _with_initials(parts, others) or _with_initials(others, parts):
        return 0.9
    matcher = SequenceMatcher(None, " ".join(parts), " ".join(others))
    return matcher.ratio() if matcher.quick_ratio() >= SIMILAR else 0


def _parts(name: str) -> list[str]:
    """Return the parts of a name in the order of the alphabet, in small letters."""
    return sorted(re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", plain_name(name)))


def _with_initials(short: list[str], full: list[str]) -> bool:
    """Return whether the first is the second with initials for some of its parts, and shares a whole one."""
    initials, whole = [part for part in short if len(part) == 1], {part for part in short if len(part) > 1}
    rest = [part for part in full if part not in whole]
    if not initials or not whole or not whole <= set(full) or len(rest) != len(initials):
        return False
    return sorted(part[0] for part in rest) == sorted(initials)

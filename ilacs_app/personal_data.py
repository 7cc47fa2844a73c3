"""Whether a text looks as if it names a child. A gentle question to its writer, never a gate.

Three marks that belong to one person and to nothing else: an NHS number (ten digits, the last of which checks the
others modulo 11), a unique pupil number (a letter that checks twelve digits modulo 23), and a date of birth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NHS = re.compile(r"(?<![\d.,/-])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?![\d.,]*\d)")
_PUPIL = re.compile(r"(?<![A-Za-z0-9])([A-HJ-NP-RT-Z])(\d{12})(?!\d)", re.IGNORECASE)
_PUPIL_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_BORN = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b\.?|date of birth|born(?: on)?)\W{0,4}"
    r"(?:\d{1,2}(?:st|nd|rd|th)?[ ./-]+(?:\d{1,2}|[a-z]{3,9})[ ./-]+\d{2,4})",
    re.IGNORECASE,
)


def names_a_child(text: str) -> str | None:
    """Return what in the text looks as if it names a child ("an NHS number"), or nothing."""
    if _BORN.search(text):
        return "a date of birth"
    if any(_is_nhs_number("".join(match.groups())) for match in _NHS.finditer(text)):
        return "an NHS number"
    if any(_is_pupil_number(match[1].upper(), match[2]) for match in _PUPIL.finditer(text)):
        return "a pupil number"
    return None


def child_warning(texts: Iterable[str]) -> str:
    """Return the warning to show once these texts are saved; empty if they seem to name no child."""
    named = next(filter(None, map(names_a_child, texts)), None)
    if named is None:
        return ""
    return (
        f"This seems to include {named}. We saved it unchanged. If it identifies a child, add it again without it "
        "and tell the programme manager."
    )


def _is_nhs_number(digits: str) -> bool:
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return len(set(digits)) > 1 and (0 if rest == 11 else rest) == int(digits[9])


def _is_pupil_number(letter: str, digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    return _PUPIL_LETTERS[total % 23] == letter

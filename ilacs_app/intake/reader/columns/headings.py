"""The evidence of a heading's words for each field (weights.PHRASES and weights.HEADING_WORDS)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ilacs_app.intake.reader.contents.document import plain
from ilacs_app.intake.reader.weights import (
    EMPTY_WORDS,
    HEADING_WORDS,
    KNOWN_PHRASE,
    MOST_BY_WORDS,
    OF_AN_EARLIER_REPORT,
    OWN_NAME,
    PHRASES,
    SLIP_OF_THE_PEN,
    listed,
)
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS

SHORTEST_GUESS, LONGEST_GUESS, LIKE_ENOUGH = 6, 80, 0.88
HEAD_WORD, AFTER_OF = 1.5, 0.75
LONGEST_BY_WORDS = 10  # a longer text is a sentence, whose words say nothing about a column
Known = Literal["own", "phrase", "words", "slip", ""]


@dataclass(frozen=True)
class HeadingEvidence:
    """The weight of a heading for each field it suggests, and how it was recognised."""

    weights: Mapping[str, float]
    known: Known


NO_EVIDENCE = HeadingEvidence({}, "")


_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")


def comparable(heading: str) -> str:
    """A heading in small letters and single spaces, without punctuation, its own number or a footnote mark.

    A heading typed as one word, as a list in SharePoint has it, is parted at its capital letters: "DueDate".
    """
    apart = _JOINED.sub(" ", heading) if heading.isalpha() else heading
    text = plain(apart).replace("\u2019", "'").replace("(s)", "s")
    text = re.sub(r"\[[ivx\d]{1,4}\]|^\(?\d{1,2}[.)]\s+", " ", text)
    return " ".join(re.sub(r"[()/:*?.,;&_\u2013\u2014-]", " ", text).split())


# Ways to qualify a known heading: "Timescale reported at end of month", "Progress note (updated monthly)".
PREFIXES = {"timescale": "timescale", "progress note": "note", "progress update": "note", "governance": "boards"}
_EARLIER = re.compile(
    r"(?<!since )(?<!the )\b(?:previous|prior|last (?:month|quarter|period|time|meeting|report))\b", re.I
)
_OWN = {comparable(heading): field for field, heading in {**HEADINGS, **FURTHER_HEADINGS}.items()}
_PHRASES = {comparable(heading): field for field, listed in PHRASES.items() for heading in listed}
_LONGEST = max(len(phrase.split()) for phrase in HEADING_WORDS)
_AFTER = listed("""
    of for to against by from in on at with since that which
""")
_QUESTIONS = listed("""
    how what who when why where which by
""")


@lru_cache(maxsize=5_000)
def heading_evidence(heading: str) -> HeadingEvidence:
    """The evidence of a heading's words; nothing for an empty heading or one of unknown words."""
    text = comparable(heading)
    outside = comparable(re.sub(r"\([^)]*\)", " ", heading))
    earlier = {"other": OF_AN_EARLIER_REPORT} if any(map(_EARLIER.search, re.findall(r"\([^)]*\)", heading))) else {}
    for form in dict.fromkeys((text, outside)):
        if form in _OWN:
            return HeadingEvidence({_OWN[form]: OWN_NAME} | earlier, "own" if form == text else "phrase")
        if form in _PHRASES:
            return HeadingEvidence(_with_words(_PHRASES[form], form) | earlier, "phrase")
    for prefix, field in PREFIXES.items():
        if text.startswith(f"{prefix} "):
            return HeadingEvidence({field: KNOWN_PHRASE}, "phrase")
    by_words = _by_words(outside or text) if len(text.split()) <= LONGEST_BY_WORDS else {}
    if outside != text and len(text.split()) <= LONGEST_BY_WORDS:
        inside = comparable(" ".join(re.findall(r"\(([^)]*)\)", heading)))
        for field, weight in _by_words(inside).items():
            by_words[field] = max(weight, by_words.get(field, 0.0))
    slip = _nearly(text)
    if slip and by_words.get(slip, 0.0) >= max(by_words.values(), default=0.0):
        return HeadingEvidence({**by_words, slip: max(SLIP_OF_THE_PEN, by_words.get(slip, 0.0))}, "slip")
    return HeadingEvidence(by_words, "words") if by_words else NO_EVIDENCE


def _with_words(field: str, form: str) -> dict[str, float]:
    """Keep the evidence of a known phrase for other fields too, so that contents can outweigh it."""
    less = {name: weight * 0.6 for name, weight in _by_words(form).items() if name != field}
    return {**less, field: KNOWN_PHRASE}


def _by_words(text: str) -> dict[str, float]:
    tokens = text.split()
    head = _head_of(tokens)
    weights: dict[str, float] = {}
    at = 0
    after = False
    while at < len(tokens):
        size = next(
            (n for n in range(min(_LONGEST, len(tokens) - at), 0, -1) if _key(tokens, at, n) in HEADING_WORDS), 0
        )
        if tokens[at] in _AFTER and not size:
            after = at > 0 and tokens[0] not in _QUESTIONS
        if size:
            factor = HEAD_WORD if at <= head < at + size else AFTER_OF if after else 1.0
            for field, weight in HEADING_WORDS[_key(tokens, at, size)].items():
                weights[field] = weights.get(field, 0.0) + weight * (factor if weight > 0 else 1.0)
        at += size or 1
    known = {field: min(weight, MOST_BY_WORDS) for field, weight in weights.items() if weight}
    return _as_reference(known, tokens)


def _key(tokens: list[str], at: int, size: int) -> str:
    return " ".join(tokens[at : at + size])


def _as_reference(known: dict[str, float], tokens: list[str]) -> dict[str, float]:
    """The number of an action is its reference; the number of a recommendation, or of the item, stays one."""
    if "number" in known and tokens[-1] in {"no", "ref", "number", "reference", "id", "nr"}:
        weight = known["number"]
        if known.get("action", 0) > 0:
            return {"ref": weight + 1.5}
        return {"number": weight + 1.0, "ref": weight * 0.6}
    return known


def _head_of(tokens: list[str]) -> int:
    """Return where the word is that a heading is about: the last one before "of", "for" and the like."""
    if tokens and tokens[0] in _QUESTIONS:
        return -1
    end = next((at for at, word in enumerate(tokens) if at and word in _AFTER), len(tokens))
    while end > 1 and tokens[end - 1] in EMPTY_WORDS:
        end -= 1
    return end - 1


def _nearly(heading: str) -> str | None:
    """The one field that a misspelt heading may mean."""
    if not SHORTEST_GUESS <= len(heading) <= LONGEST_GUESS:
        return None
    # A typing error leaves the beginning or the end intact, so only those headings are compared.
    alike = [
        known
        for known in (*_OWN, *_PHRASES)
        if abs(len(known) - len(heading)) <= 3 and (known[:3] == heading[:3] or known[-3:] == heading[-3:])
    ]
    near = difflib.get_close_matches(heading, alike, n=3, cutoff=LIKE_ENOUGH)
    fields = {_OWN.get(known) or _PHRASES[known] for known in near}
    return fields.pop() if len(fields) == 1 else None


def best_field(weights: Mapping[str, float]) -> str:
    """The field with the most evidence; the first if two have the same."""
    return max(weights, key=lambda field: weights[field])

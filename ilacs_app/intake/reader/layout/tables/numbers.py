"""The number and the words of a line that names a recommendation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.contents.document import visible

_NUMBERED = re.compile(
    r"(?P<label>(?:[^\W\d]+[ /]+){0,4}?)\(?(?P<number>(?:[A-Z]{1,3}[ .-]?)?\d{1,3}[a-z]?|[A-Z])\)?"
    r"(?P<sep>\s*[:.)\u2010-\u2015-]+\s*|\s+)(?P<text>\S.*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Numbered:
    """The number and the words of a line that names a recommendation; ``label`` is what was before the number."""

    number: str
    text: str
    label: str = ""


def numbered(text: str, mark: str = "") -> Numbered:
    """Split "Priority area 1 – Supervision is irregular" into number and words; no number where none leads."""
    text = visible(text)
    if mark.strip(" .)"):
        return Numbered(mark.strip(" .)("), text)
    match = _NUMBERED.fullmatch(text)
    if match and _is_number(match):
        text = _without_label(match["text"].strip())
        label = match["label"].strip()
        number = "" if text != match["text"].strip() and _GROUP.fullmatch(label) else match["number"].strip()
        return Numbered(number, text, label)
    label, colon, rest = text.partition(":")
    evidence = heading_evidence(label).weights if colon and len(label) < 40 else {}
    if evidence.get("recommendation", 0.0) >= 3 or evidence.get("impact", 0.0) >= 4:
        if "priority" in label.lower():  # Ofsted's areas for priority improvement weigh more than others
            return Numbered("", text, label.strip())
        return Numbered("", rest.strip() or text, label.strip())
    return Numbered("", text)


def _without_label(text: str) -> str:
    """The words after "Ofsted recommendation:", which only says what they are, and after what it is part of."""
    label, colon, rest = text.partition(":")
    label = re.split(r"\s[\u2010-\u2015-]\s", label)[-1]
    evidence = heading_evidence(label)
    only_a_label = colon and evidence.known in {"own", "phrase"} and best_field(evidence.weights) == "recommendation"
    return rest.strip() or text if only_a_label else text


_GROUP = re.compile(r"(?:work ?stream|theme|section|part|chapter|tab|sheet|board|strand)", re.IGNORECASE)
"""What a number before a recommendation counts, where it is not the recommendation."""
_NO_NUMBER = re.compile(
    r"\b(?:version|v|draft|page|issue|edition|quarter|q|week|month|year|as at|dated?|on|of|at|from|in|by|the)$", re.I
)


def _is_number(match: re.Match[str]) -> bool:
    label, number, sep, text = match["label"].strip(), match["number"], match["sep"], match["text"]
    if _NO_NUMBER.search(label) or (sep.strip() in {".", "-", "/"} and text[0].isdigit()):
        return False
    if label:
        return bool(sep.strip()) or text[0].isupper()
    if number.isalpha():
        return bool(sep.strip()) and len(number) == 1 and sep.strip() in {":", ".", ")"}
    return bool(sep.strip(" ")) or text[0].isupper()

"""What one cell's words look like: a date, a status, a job title, the beginning of an action. Pure, by words alone."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from ilacs_app.intake.reader.columns.lexicon import (
    ACTION_VERBS,
    BOARD,
    BRAG,
    DOCUMENTS,
    INITIALS,
    INTEGER,
    JOB,
    LEVELS,
    MEASURED,
    MONEY,
    MONTH,
    NAME,
    NUMBERS_APART,
    NUMERIC_DATE,
    ONGOING,
    PARTNERS,
    PAST,
    PAST_FIRST,
    PLANS,
    REF,
    REPORTS,
    SAID_OF_STATUS,
    SAYS,
    SIGN,
    STATED_END,
    WISHED,
)
from ilacs_app.intake.reader.contents.document import plain
from ilacs_app.plan.parsing.statuses import read_brag, read_status
from ilacs_app.plan.parsing.timescales import Timing, read_timescale

LINE_BY_LINE, MOST_LISTED = frozenset({"dates", "status", "rated"}), 20
LONGEST_DATE, _LONGEST_NAME, LONG_WORDS = 90, 9, 6
_DAY = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:20)?\d\d\b")
_YEAR = re.compile(r"\b20\d\d\b")
_BETWEEN_PEOPLE = re.compile(r"[\n;&/]")


@lru_cache(maxsize=50_000)
def traits(text: str, near: date) -> frozenset[str]:
    """Return what a cell's words look like, by the names of weights.CONTENTS; an empty text has none.

    ``near`` is the plan's own date, for dates whose year has two digits.
    """
    lowered = plain(text)
    if not lowered:
        return frozenset()
    kinds = {"long"} if len(lowered.split()) >= LONG_WORDS else {"short"} if len(lowered.split()) <= 2 else set()
    if 3 <= len(lowered.split()) <= 40:
        kinds.add("middling")
    kinds |= _values(text, lowered, near)
    if each := _of_each_line(text, near):
        kinds = (kinds - {"long", "middling", "lead_status"}) | each
    kinds |= {name for name, pattern in _INSIDE if pattern.search(lowered)}
    if not kinds & {"dates", "status", "rated", "refs", "numbers", "ongoing", "signs"}:
        kinds |= _people(text.strip(), lowered)
        if "persons" in kinds:
            kinds.discard("long")
    if "persons" not in kinds:
        kinds |= _sentence(lowered, kinds)
    return frozenset(kinds)


_INSIDE = (
    ("boards", BOARD),
    ("measured", MEASURED),
    ("wished", WISHED),
    ("documents", DOCUMENTS),
    ("reports", REPORTS),
    ("plans", PLANS),
    ("partners", PARTNERS),
)


def _of_each_line(text: str, near: date) -> frozenset[str]:
    """Return what every line of a cell is, where it holds the dates, statuses or ratings of several actions."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not 1 < len(lines) <= MOST_LISTED:
        return frozenset()
    return LINE_BY_LINE.intersection(*(_values(line, plain(line), near) for line in lines))


def _values(text: str, lowered: str, near: date) -> set[str]:
    kinds: set[str] = set()
    scale = read_timescale(text[: LONGEST_DATE + 1], near).kind
    may_be = len(lowered) <= LONGEST_DATE and (any(map(str.isdigit, lowered)) or MONTH.search(lowered))
    if (
        may_be and scale in {Timing.DATE, Timing.WINDOW, Timing.STAGES} and not INTEGER.fullmatch(lowered)
    ) or NUMERIC_DATE.fullmatch(lowered):
        kinds.add("dates")
    if ONGOING.fullmatch(lowered) or scale is Timing.ONGOING:
        kinds.add("ongoing")
    if lowered in SAID_OF_STATUS or (len(lowered.split()) <= 4 and read_status(lowered).status_text):
        kinds.add("status")
    elif read_status(text).status_text:
        kinds.add("lead_status")
    if read_brag(lowered) or BRAG.fullmatch(lowered):
        kinds.add("rated")
    if lowered in LEVELS:
        kinds.add("levels")
    if INTEGER.fullmatch(lowered):
        kinds.add("numbers")
    elif REF.fullmatch(lowered) and not NUMBERS_APART.fullmatch(lowered) and not kinds & {"dates", "rated"}:
        kinds.add("refs")
    if SIGN.fullmatch(lowered):
        kinds.add("signs")
    if MONEY.fullmatch(lowered):
        kinds.add("money")
    return kinds


def _people(text: str, lowered: str) -> set[str]:
    if INITIALS.fullmatch(text) or all(INITIALS.fullmatch(part) for part in re.split(r"\s*[/,;&\n]\s*", text) if part):
        return {"persons", "initials"}
    first = lowered.split()[0]
    if not _may_be_title(text) or SAYS.search(lowered):
        return set()
    if len(lowered.split()) > _LONGEST_NAME * (1 + len(_BETWEEN_PEOPLE.findall(text))) or text.endswith("."):
        return set()
    if JOB.search(lowered) and (
        first not in ACTION_VERBS or first in {"lead", "head", "team", "staff", "service", "chair", "support"}
    ):
        return {"persons"}
    parts = [part for part in re.split(r"\s*[/,;&\n]\s*|\s+and\s+", text) if part]
    return {"persons", "names"} if parts and all(NAME.fullmatch(part) for part in parts) else set()


def _may_be_title(text: str) -> bool:
    """Return whether words are written as titles and names are: most with a capital, or few of them."""
    own = [word for word in re.findall(r"[^\W\d]+", text) if word.casefold() not in _SMALL_WORDS]
    capital = sum(word[0].isupper() for word in own)
    return len(own) <= 3 or capital >= 0.6 * len(own) or (len(own) <= 6 and bool(_TITLE_BEGINS.match(text)))


_SMALL_WORDS = frozenset({"of", "for", "and", "the", "to", "in", "with", "on", "s", "via"})
_TITLE_BEGINS = re.compile(
    r"(?:head|director|assistant|deputy|interim|acting|senior|service|team|area|locality|strategic|principal|practice"
    r"|operational|lead|chair|independent|group|programme|project|quality|business|workforce)\b",
    re.IGNORECASE,
)


def _sentence(lowered: str, kinds: set[str]) -> set[str]:
    first = (
        re.sub(r"^(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|[-\u2022*])\s*", "", lowered)
        .removeprefix("to ")
        .split(" ", 1)[0]
    )
    more: set[str] = set()
    if first.strip(",.;:") in ACTION_VERBS:
        more.add("verbs")
    elif PAST.search(lowered) or first in PAST_FIRST or (first.endswith("ed") and len(first) > 4):
        more.add("past")
    if not kinds & {"verbs"} and STATED_END.search(lowered):
        more.add("stated")
    return more


def begins_an_action(text: str) -> bool:
    """Return whether words begin as an action does: with what is to be done."""
    first = plain(text[:200]).removeprefix("to ").split(" ", 1)[0]
    return first.strip(",.;:") in ACTION_VERBS


def names_a_day(text: str) -> bool:
    """Return whether a text holds a date: a numeric one, or a month and a year."""
    folded = plain(text)
    return bool(_DAY.search(folded) or NUMERIC_DATE.search(folded) or (MONTH.search(folded) and _YEAR.search(folded)))

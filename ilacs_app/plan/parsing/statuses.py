"""What a council's own status words say about delivery.

Product rule: section 5, delivery status, and section 7, one column that holds status and note. Only words
that are first are taken as the status; anything deeper in a note is at most a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ilacs_app.plan.parsing.dates import MONTH_WORD, months_named
from ilacs_app.plan.rules import Status
from ilacs_app.text import plain

COUNCIL_WORDS: dict[Status, tuple[str, ...]] = {
    Status.NOT_STARTED: (
        "not due",
        "not yet due",
        "not started",
        "not yet started",
        "not begun",
        "not yet begun",
        "not commenced",
        "not yet commenced",
        "yet to start",
        "yet to be started",
        "to be started",
        "to start",
        "to do",
        "planned",
    ),
    Status.IN_PROGRESS: (
        "in progress",
        "work in progress",
        "in hand",
        "started",
        "underway",
        "under way",
        "ongoing",
        "on-going",
        "progressing",
        "begun",
        "commenced",
        "doing",
    ),
    Status.PARTLY_COMPLETE: (
        "partially complete",
        "partially completed",
        "partly complete",
        "partly completed",
        "part complete",
        "part completed",
        "mostly complete",
        "mostly completed",
        "substantially complete",
        "nearly complete",
        "almost complete",
    ),
    Status.COMPLETED: (
        "complete",
        "completed",
        "action complete",
        "action completed",
        "fully complete",
        "fully completed",
        "fully achieved",
        "fully delivered",
        "fully implemented",
        "all done",
        "100% complete",
        "completed, awaiting verification",
        "done",
        "achieved",
        "delivered",
        "finished",
        "closed",
    ),
    Status.VERIFIED: ("verified", "complete and verified", "completed and verified"),
    Status.EMBEDDED: ("embedded", "complete and embedded", "completed and embedded"),
    Status.SLIPPED_BACK: ("slipped back", "reopened", "re-opened"),
    Status.PAUSED: ("paused", "on hold", "suspended", "deferred"),
    Status.WITHDRAWN: (
        "withdrawn",
        "cancelled",
        "superseded",
        "no longer required",
        "no longer needed",
        "no longer applicable",
    ),
}

COUNCIL_RATINGS = {
    "red": "red",
    "r": "red",
    "amber": "amber",
    "yellow": "amber",
    "a": "amber",
    "green": "green",
    "g": "green",
    "blue": "blue",
    "b": "blue",
    "grey": "grey",
    "gray": "grey",
}


@dataclass(frozen=True)
class StatusReading:
    """A cell's leading status words, to the letter, and what we take them to mean.

    `status_text` is "" if no status words lead; `status` is None if there is none that we understand.
    `completed_on` is the last day of the month named, only for completed.
    """

    status_text: str
    status: Status | None
    guessed: bool = False
    completed_on: date | None = None


_BY_WORDS = {text: status for status, listed in COUNCIL_WORDS.items() for text in listed}
_ALL_WORDS = "|".join(re.escape(text).replace(r"\ ", r"\s+") for text in sorted(_BY_WORDS, key=len, reverse=True))
_DAY_AND_MONTH = rf"\d{{1,2}}(?:st|nd|rd|th)?(?:[/.-]\d|\s+(?:of\s+)?{MONTH_WORD}\b)"
# The status ends where a dash, a stop, a bracket or a date begins: "Completed in part" is no "Completed".
_AFTER = (
    r"(?=\s*$|\s*[-\u2010-\u2015:;,.(\n]"
    rf"|\s+(?:(?:in|by|on)\s+)?(?:(?:early|mid|late|end|end of|the)[\s-]+)?"
    rf"(?:{MONTH_WORD}\b|{_DAY_AND_MONTH}))"
)
_LEADING = re.compile(rf"({_ALL_WORDS}){_AFTER}", re.IGNORECASE)
_NOT_YET = r"(?<!not )(?<!not yet )(?<!be )(?<!yet )"
_DONE_INSIDE = re.compile(rf"{_NOT_YET}\b(?:completed?|achieved|delivered)\b")
_MOVING_INSIDE = re.compile(
    rf"{_NOT_YET}\b(?:in progress|underway|under way|progressing|ha(?:s|ve) (?:started|begun)|commenced)\b"
)
# A month after one of these is a plan for later, not the month of completion.
_LATER = re.compile(
    r"\b(?:next|planned|scheduled|until)\b[^.;]*$|\b(?:due|by|from|review)(?: (?:in|on|for|the|end|of))* ?$"
)
_STRAIGHT_AFTER = re.compile(
    r"[^a-z0-9]*(?:(?:in|by|on|the|early|mid|late|end|of)[^a-z0-9]+)*(?:\d{1,2}(?:st|nd|rd|th)? )?"
)
_NOT_QUITE = re.compile(
    r"\b(?:part|partly|partially|except|apart from|outstanding|remain\w*|awaiting|awaits|still|not yet|to be|pending"
    r"|in progress|subject to|provided|unless|once|when|draft|half|mostly|nearly|almost|some|other than|however|but)\b"
    r"|\?"
)
# What takes back the word before it: "Complete: No", "Closed - not achieved", "Delivered by the end of June".
_TAKEN_BACK = re.compile(
    r"^[^a-z0-9]*(?:(?:no|n|false)(?![a-z])(?! (?:further|more|issues?|concerns?|action))|(?:was |is "
    r"|has )?(?:not|never|in part)\b"
    r"|(?:only|just)\b|(?:due |planned |expected )?by\b|(?:due|planned|expected|target)\b)"
)
# Words in the same sentence that speak against it: "Closed, did not achieve", "Done - signed off by no one yet".
_AGAINST = re.compile(
    r"\b(?:not|never|cannot|can't|(?:did|does|do|has|have|is|was|were|are|could|would)n't|fail\w*|without|incomplete"
    r"|unable|superseded|overtaken|cancel\w*|abandon\w*|reject\w*|re-?open\w*|stopped|lapsed|expired|missed|no longer"
    r"|nobody|none|yet)\b"
)
_NOTHING_LEFT = re.compile(
    r"\b(?:no|not|nothing|none|without)\b (?:any )?(?:further|more|other|outstanding|left|issues?|concerns?|delays?"
    r"|exceptions?|required|needed|longer needed|applicable)\b"
)
_SHARE = re.compile(
    r"(?<![\d.])(\d{1,3})(?:\.\d+)? ?(?:%|per ?cent)|(?<![\d/.])(\d{1,4}) ?(?:of|out of"
    r"|/) ?(?:the )?(\d{1,4})(?![\d/]*/)"
)
_FINISHED = frozenset({Status.COMPLETED, Status.VERIFIED, Status.EMBEDDED})
_PACE = re.compile(
    r"(?:is |now |still )?(?:on (?:track|target|schedule|course)|off (?:track|target|schedule)|behind(?: schedule)?"
    r"|ahead(?: of schedule)?|at risk|late|delayed|slipping|slipped|slippage|overdue|(?:some|minor|major) delays?)"
)
_SIGNS: dict[Status, str] = {
    Status.COMPLETED: "\u2713\u2714\u2611\u2705\u25cf",
    Status.IN_PROGRESS: "\u25d4\u25d1\u25d5",
    Status.NOT_STARTED: "\u25cb",
}


_COLOUR = re.compile(r"\b(?:red|amber|yellow|green|blue|gr[ae]y|purple|white|black|gold)\b")
_COLOUR_EXPLAINED = re.compile(
    r"(?P<colour>red|amber|yellow|green|blue|gr[ae]y)(?: ?[-:=/] ?| ?\()(?P<means>[a-z][^()]{1,60})\)?"
)
_ANSWERS = {"y": True, "yes": True, "n": False, "no": False}
# What a heading asks that "Y" and "N" answer; a "No" to "On track?" is under way all the same.
_QUESTIONS = (
    (re.compile(r"\bon (?:track|target|schedule|time)\b"), Status.IN_PROGRESS),
    (re.compile(r"\b(?:started|begun|commenced|under ?way)\b"), Status.NOT_STARTED),
    (re.compile(r"\b(?:completed?|done|achieved|finished|closed|delivered|implemented|met)\b"), Status.COMPLETED),
)


_LEADING_SIGN = re.compile(r"^(?:[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d]*\s*)+(?=\w)")
_COLOUR_SIGNS = {
    "red": ("\U0001f534", "\U0001f7e5"),
    "amber": ("\U0001f7e0", "\U0001f7e1", "\U0001f7e7", "\U0001f7e8"),
    "green": ("\U0001f7e2", "\U0001f7e9"),
    "blue": ("\U0001f535", "\U0001f7e6"),
}


def read_status(cell: str) -> StatusReading:
    """Read a cell that holds a status, or a status and a note; never raises.

    A note without leading status words is read as a guess: partly complete where it says that something is
    complete (the whole is not said to be), in progress where it says so.
    """
    cell = cell.strip()
    leading = _LEADING.match(cell)
    if leading:
        status = _BY_WORDS[" ".join(leading[1].lower().split())]
        return _qualified(leading[1], status, cell[leading.end() :])
    text = plain(cell)
    if _DONE_INSIDE.search(text):
        return StatusReading("", Status.PARTLY_COMPLETE, guessed=True)
    if _MOVING_INSIDE.search(text):
        return StatusReading("", Status.IN_PROGRESS, guessed=True)
    return StatusReading("", None)


def _qualified(text: str, status: Status, rest: str) -> StatusReading:
    """A status with what follows it: a share, a "no" or a reservation makes it a guess, or less than finished."""
    after = plain(rest)
    if status not in _FINISHED:
        return StatusReading(text, status, guessed=bool(re.match(r"[^a-z0-9]*(?:no|n|false)\b(?! )", after)))
    if _TAKEN_BACK.search(after):
        return StatusReading(text, None, guessed=True)
    if any(_is_less(match) for match in _SHARE.finditer(after.split(". ", 1)[0])):
        return StatusReading(text, Status.PARTLY_COMPLETE, guessed=True)
    doubtful = bool(_NOT_QUITE.search(after)) or _is_spoken_against(rest)
    if status is not Status.COMPLETED:
        return StatusReading(text, status, guessed=doubtful)
    return StatusReading(text, status, guessed=doubtful, completed_on=_completed_on(rest))


def _is_spoken_against(rest: str) -> bool:
    """Return whether the sentence of the status goes on to deny it; that nothing is left to do denies nothing."""
    sentence = plain(re.split(r"[.!]\s|\n", rest, maxsplit=1)[0])
    return bool(_AGAINST.search(_NOTHING_LEFT.sub(" ", sentence)))


def _is_less(match: re.Match[str]) -> bool:
    """Return whether a share is less than all."""
    if match[1]:
        return int(match[1]) < 100
    return int(match[2]) < int(match[3])


def without_sign(text: str) -> str:
    """Return a status without the emoji or symbol before its words: "on track" of a green circle and "on track"."""
    return _LEADING_SIGN.sub("", text.strip())


def colour_sign(text: str) -> str:
    """The colour word of a lone coloured circle or square; "" for anything else."""
    return next((colour for colour, signs in _COLOUR_SIGNS.items() if text.strip().rstrip("\ufe0f") in signs), "")


def read_sign(text: str) -> Status | None:
    """Guess the delivery status that a lone tick, part-filled circle or percentage means; None for anything else."""
    sign = plain(text)
    share = re.fullmatch(r"(\d{1,3})(?:\.\d+)? ?%", sign)
    if share:
        done = int(share[1])
        return Status.NOT_STARTED if not done else Status.COMPLETED if done == 100 else Status.IN_PROGRESS
    return next((status for status, signs in _SIGNS.items() if sign and all(each in signs for each in sign)), None)


def read_pace(text: str) -> Status | None:
    """Guess the delivery status of words that say how it goes, such as "On track" or "Behind"; None for others."""
    return Status.IN_PROGRESS if _PACE.fullmatch(plain(text).rstrip(".")) else None


def read_brag(text: str) -> str | None:
    """The BRAG value that a council's colour word stands for, or None if it is no single colour.

    What it means may be beside it: "Blue \u2013 complete", "Amber (some delay)".
    """
    phrase = plain(text)
    explained = _COLOUR_EXPLAINED.fullmatch(phrase)
    if explained and not _COLOUR.search(explained["means"]):
        phrase = explained["colour"]
    return COUNCIL_RATINGS.get(phrase)


def explained_colour(text: str) -> str:
    """The words beside a colour word that explain it, "complete" of "Blue \u2013 complete"; "" if nothing is."""
    explained = _COLOUR_EXPLAINED.fullmatch(plain(text))
    return explained["means"].strip() if explained and not _COLOUR.search(explained["means"]) else ""


def read_answer(text: str, heading: str) -> Status | None:
    """Guess the status that "Y" or "No" gives below a heading that asks for one: "Completed (Y/N)", "Started?"."""
    answer = _ANSWERS.get(plain(text).rstrip("."))
    asks = next((status for pattern, status in _QUESTIONS if pattern.search(plain(heading))), None)
    if answer is None or asks is None:
        return None
    if asks is Status.COMPLETED:
        return Status.COMPLETED if answer else Status.IN_PROGRESS
    return Status.IN_PROGRESS if answer or asks is Status.IN_PROGRESS else Status.NOT_STARTED


def _completed_on(after_status: str) -> date | None:
    """The last day of the month that goes with the completion; None if none, or more than one, may."""
    named = months_named(after_status)
    if named and _STRAIGHT_AFTER.fullmatch(named[0].before):
        return named[0].last_day
    months = {month.last_day for month in named if not _LATER.search(month.before)}
    return months.pop() if len(months) == 1 else None

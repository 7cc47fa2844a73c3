"""What has changed since a board last met: which kinds of change there are, and what counts as each. Pure.

The SQL of ``queries.py`` says the same; a property test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ilacs_app.plan.rules import OPEN, SOON_DAYS, Facts, Status, Timeliness, timeliness
from ilacs_app.progress.status.rules import MoveKind

NEVER_MET_DAYS = 35
"""How far back a board looks that has no earlier meeting."""


class MetChange(StrEnum):
    """A kind of change, in the order of the board's page; questions are counted beside them."""

    NEWLY_LATE = "newly_late"
    CLAIMED = "claimed"
    VERIFIED = "verified"
    SLIPPED_BACK = "slipped_back"
    DATE_MOVED = "date_moved"
    EVIDENCE_REFUSED = "evidence_refused"
    NO_WORD = "no_word"


@dataclass(frozen=True)
class ChangeWords:
    """What pages say of a kind of change.

    ``label``: under its number; ``title``: above its list; ``marked``: how many are marked; ``mark``: beside each.
    """

    label: str
    title: str
    marked: str = ""
    mark: str = ""


MET_CHANGE_WORDS: Mapping[MetChange, ChangeWords] = {
    MetChange.NEWLY_LATE: ChangeWords("newly overdue", "Newly overdue"),
    MetChange.CLAIMED: ChangeWords("newly completed", "Newly completed", "{} verified since", "Verified since"),
    MetChange.VERIFIED: ChangeWords("verified", "Verified or embedded", "{} embedded", "Embedded"),
    MetChange.SLIPPED_BACK: ChangeWords("slipped back", "Slipped back"),
    MetChange.DATE_MOVED: ChangeWords(
        "dates changed",
        "Dates changed",
        "{} requested or agreed within 14 days before a meeting",
        "Within 14 days before a meeting",
    ),
    MetChange.EVIDENCE_REFUSED: ChangeWords(
        "evidence sent back or withdrawn", "Evidence sent back or withdrawn", "{} withdrawn", "Withdrawn"
    ),
    MetChange.NO_WORD: ChangeWords("not updated since", "Not updated since"),
}


def since_day(last_met_on: date | None, today: date) -> date:
    """Return the day from which a board is told what has changed: the day it last met, or 35 days ago."""
    return last_met_on or today - timedelta(days=NEVER_MET_DAYS)


@dataclass(frozen=True)
class MoveSince:
    """A move of the delivery status since that day."""

    kind: str
    from_status: str
    to_status: str


@dataclass(frozen=True)
class History:
    """What happened to one action since a board last met; the moves are in the order in which they were made."""

    facts: Facts
    moves: tuple[MoveSince, ...] = ()
    date_moved: bool = False
    evidence_withdrawn: bool = False


def changes_since(action: History, since: date, today: date) -> frozenset[MetChange]:
    """Return the kinds of change that a board is told of an action. An action may be in several."""
    facts = action.facts
    answers = (
        (MetChange.NEWLY_LATE, is_newly_late(facts, action.moves, since, today)),
        (MetChange.CLAIMED, any(move.kind == MoveKind.CLAIM for move in action.moves)),
        (MetChange.VERIFIED, any(move.to_status in {Status.VERIFIED, Status.EMBEDDED} for move in action.moves)),
        (MetChange.SLIPPED_BACK, any(move.to_status == Status.SLIPPED_BACK for move in action.moves)),
        (MetChange.DATE_MOVED, action.date_moved),
        (
            MetChange.EVIDENCE_REFUSED,
            action.evidence_withdrawn or any(move.kind == MoveKind.SENT_BACK for move in action.moves),
        ),
        (MetChange.NO_WORD, lacks_word(facts, since, today)),
    )
    return frozenset(change for change, holds in answers if holds)


def is_newly_late(facts: Facts, moves: Iterable[MoveSince], since: date, today: date) -> bool:
    """Return whether an action is overdue and was not on the day the board met.

    Its date has passed since, or its clock was stopped then: it was completed or paused, and has been opened again.
    """
    if timeliness(facts, today) != Timeliness.OVERDUE or facts.due_on is None:
        return False
    first = next(iter(moves), None)
    return facts.due_on >= since or (first is not None and first.from_status not in OPEN)


def lacks_word(facts: Facts, since: date, today: date) -> bool:
    """Return whether a word was to be expected since the board met and there was none.

    It is to be expected of an open action that has begun, is due or to be reviewed within 28 days, or is late.
    """
    if facts.status not in OPEN or facts.last_word_on >= since:
        return False
    next_on = facts.due_on or facts.review_on
    return facts.status != Status.NOT_STARTED or (next_on is not None and next_on <= today + timedelta(days=SOON_DAYS))

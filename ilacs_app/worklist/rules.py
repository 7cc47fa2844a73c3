"""The group of My work that an action is in: the first that fits, so that each is there once (product.md, section 6).

``queries.py`` has the same in SQL; ``tests/data/plan/lists/test_filters.py`` compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ilacs_app.plan.rules import OPEN, STARTED, Facts, Timeliness, is_answered, timeliness
from ilacs_app.text import joined_with_and, many


class Group(StrEnum):
    """Why an action needs an update, in the order in which My work shows them."""

    SENT_BACK = "sent_back"
    OVERDUE = "overdue"
    BOARD_ASKS = "board_asks"
    DUE_SOON = "due_soon"
    REVIEW_DUE = "review_due"
    NEEDS_WORD = "needs_word"


GROUP_WORDS: Mapping[Group, str] = {
    Group.SENT_BACK: "Sent back to you",
    Group.OVERDUE: "Overdue",
    Group.BOARD_ASKS: "Asked by a board",
    Group.DUE_SOON: "Due within 28 days",
    Group.REVIEW_DUE: "Review due",
    Group.NEEDS_WORD: "Update due",
}


BEFORE_QUESTIONS = frozenset({Group.SENT_BACK, Group.OVERDUE})
AFTER_QUESTIONS = frozenset({Group.DUE_SOON, Group.REVIEW_DUE, Group.NEEDS_WORD})
"""The groups that come before and after what boards ask."""


@dataclass(frozen=True)
class Asks:
    """What asks for an update beyond the action's own facts. ``met_on``: when its lead board last met, if ever.

    ``by_board``: whether a board's question about it waits for the same person's answer.
    """

    sent_back: bool = False
    by_board: bool = False
    met_on: date | None = None
    answered_on: date | None = None


def group_of(facts: Facts, asks: Asks, today: date) -> Group | None:
    """Return the group that an action is in; none if it is done or paused, or nothing is asked of it.

    A board's question alone puts it in none: the question is listed by itself.
    """
    if facts.status not in OPEN:
        return None
    when = timeliness(facts, today)
    for holds, group in (
        (asks.sent_back, Group.SENT_BACK),
        (when == Timeliness.OVERDUE, Group.OVERDUE),
        (when == Timeliness.DUE_SOON, Group.DUE_SOON),
        (when in {Timeliness.REVIEW_DUE, Timeliness.REVIEW_OVERDUE}, Group.REVIEW_DUE),
        (facts.status in STARTED and _silent(facts, asks, today), Group.NEEDS_WORD),
    ):
        if holds:
            return Group.BOARD_ASKS if asks.by_board and group in AFTER_QUESTIONS else group
    return None


def _silent(facts: Facts, asks: Asks, today: date) -> bool:
    """Return whether the last update is older than the lead board's last meeting, else than the reporting window."""
    if asks.met_on is not None:
        return facts.last_word_on < asks.met_on
    return (today - facts.last_word_on).days > facts.window


def rests(facts: Facts, asks: Asks, today: date) -> bool:
    """Return whether an answer has taken the action off My work: for 7 days, unless something has happened since.

    That is: it was sent back, a board asks, or its date passed after the answer.
    """
    return not asks.sent_back and is_answered(facts, asks.answered_on, today)


@dataclass(frozen=True)
class WaitsPart:
    """One kind of what someone has to do, in words, and the id of its list on My work."""

    text: str
    place: str


@dataclass(frozen=True)
class Waits:
    """How much someone has to do: updates, actions to verify, requests for help to answer, date changes to decide.

    And boards' questions to answer, and answers to such questions to judge.
    """

    updates: int = 0
    claims: int = 0
    requests: int = 0
    dates: int = 0
    questions: int = 0
    answers: int = 0

    @property
    def total(self) -> int:
        """The number beside My work."""
        return self.updates + self.claims + self.requests + self.dates + self.questions + self.answers

    @property
    def sentence(self) -> str:
        """What there is to do, without a full stop: the first line of My work and of the weekly letter."""
        return joined_with_and([part.text for part in self.parts]) or "You’re up to date"

    @property
    def parts(self) -> tuple[WaitsPart, ...]:
        """What there is to do, kind by kind; nothing where there is nothing."""
        kinds = (
            (self.updates, many(self.updates, "action needs", "actions need") + " an update from you", "updates"),
            (self.claims, many(self.claims, "completed action") + " to verify", "group-claims"),
            (self.requests, many(self.requests, "request for help", "requests for help") + " to answer", "help"),
            (
                self.questions,
                many(self.questions, "question from a board", "questions from boards") + " to answer",
                "group-asked",
            ),
            (self.answers, many(self.answers, "answer") + " to check", "group-verdicts"),
            (self.dates, many(self.dates, "date change") + " to decide", "group-dates"),
        )
        return tuple(WaitsPart(text, place) for number, text, place in kinds if number)

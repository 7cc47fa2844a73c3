"""The pure rules of a board's question: where it is, when it is late, and when it is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

IS_SATISFIED, NOT_SATISFIED_YET = "yes", "not_yet"
VERDICTS: Mapping[str, str] = {IS_SATISFIED: "Yes, satisfied", NOT_SATISFIED_YET: "Not yet"}
DAYS_WITHOUT_MEETING = 28
"""By when a question is due, in days, where its board has no meeting planned."""


class ChallengeState(StrEnum):
    """Where a question is."""

    OPEN = "open"
    ANSWERED = "answered"
    SATISFIED = "satisfied"
    WITHDRAWN = "withdrawn"


STATE_LABELS: Mapping[str, str] = {
    ChallengeState.OPEN: "Not answered yet",
    ChallengeState.ANSWERED: "Answered",
    ChallengeState.SATISFIED: "Satisfied",
    ChallengeState.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True)
class BoardAnswer:
    """An answer to a question; instants are UTC. ``satisfied`` is empty while no one has said.

    ``who`` carries both names where it was given on another's behalf.
    """

    id: int
    challenge_id: int
    person_id: int
    for_person_id: int | None
    who: str
    at: datetime
    words: str
    satisfied: bool | None
    judged_by_id: int | None
    judged_by: str
    judged_at: datetime | None
    judged_words: str


def state_of(verdicts: Sequence[bool | None], *, withdrawn: bool) -> ChallengeState:
    """Return where a question is; ``verdicts`` are what was said of each of its answers, oldest first.

    Once an answer satisfied, it stays so. After *not yet* it is open again until a further answer.
    """
    if withdrawn:
        return ChallengeState.WITHDRAWN
    if True in verdicts:
        return ChallengeState.SATISFIED
    if not verdicts or verdicts[-1] is False:
        return ChallengeState.OPEN
    return ChallengeState.ANSWERED


def is_late(state: str, due_on: date, today: date) -> bool:
    """Return whether a question is unanswered after the day it was due."""
    return state == ChallengeState.OPEN and due_on < today


def default_due_on(next_meeting_on: date | None, today: date) -> date:
    """Return the day before the board next meets, never before today; without a meeting, 28 days from today."""
    if next_meeting_on is None:
        return today + timedelta(days=DAYS_WITHOUT_MEETING)
    return max(today, next_meeting_on - timedelta(days=1))


def why_not_due(due_on: date, today: date) -> str | None:
    """Return why a question may not be due on this day; nothing where it may."""
    return "Enter a date that is today or in the future." if due_on < today else None

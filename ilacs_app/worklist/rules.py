"""Which group of My work an action stands in: the first that fits, so that each stands once (product rule 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ..plan.rules import OPEN, STARTED, Facts, Timeliness, timeliness


class Group(StrEnum):
    """Why an action waits for a word, in the order in which they are shown."""

    SENT_BACK = "sent_back"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    REVIEW_DUE = "review_due"
    NEEDS_WORD = "needs_word"


GROUP_WORDS: Mapping[Group, str] = {
    Group.SENT_BACK: "Sent back to you",
    Group.OVERDUE: "Overdue",
    Group.DUE_SOON: "Due within 28 days",
    Group.REVIEW_DUE: "Review due",
    Group.NEEDS_WORD: "Needs a word",
}


def group_of(facts: Facts, sent_back: bool, today: date) -> Group | None:
    """The group that an action waits in, or none: it is done, paused, or nothing is asked of it."""
    if facts.status not in OPEN:
        return None
    when = timeliness(facts, today)
    quiet = facts.status in STARTED and (today - facts.last_word_on).days > facts.window
    for holds, group in (
        (sent_back, Group.SENT_BACK),
        (when == Timeliness.OVERDUE, Group.OVERDUE),
        (when == Timeliness.DUE_SOON, Group.DUE_SOON),
        (when in {Timeliness.REVIEW_DUE, Timeliness.REVIEW_OVERDUE}, Group.REVIEW_DUE),
        (quiet, Group.NEEDS_WORD),
    ):
        if holds:
            return group
    return None

"""What people are told about their actions: which changes, to whom, and in which words.

The same for *Since you last signed in* and for the letters (product.md, section 6). ``question_news.all_news`` is the
whole list; the page of My work (``worklist/routes.py``) marks what is newer than the last use of the product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ilacs_app.dates import long_date

SHOWN_DAYS = 14
"""For how many days a change is news."""


@dataclass(frozen=True)
class NewsKind:
    """A kind of change that is news.

    ``answers`` is the verb that it answers: whoever did that last on the action is told. ``holders`` says whether
    everyone who leads, owns or contributes to the action is told, ``officers`` whether the chairs and secretaries of
    its boards are. ``place`` is the part of the action's page that shows it.
    """

    title: str
    answers: str = ""
    holders: bool = True
    officers: bool = False
    place: str = ""


NEWS_KINDS: Mapping[str, NewsKind] = {
    "help_answered": NewsKind("Reply to a request for help", answers="help_asked", place="#help"),
    "help_worked": NewsKind("Your reply helped", answers="help_answered", holders=False, place="#help"),
    "help_not_yet": NewsKind("More help needed", answers="help_answered", holders=False, place="#help"),
    "date_agreed": NewsKind("Date change agreed", answers="date_asked", place="#dates"),
    "date_refused": NewsKind("Date change refused", answers="date_asked", place="#dates"),
    "verification": NewsKind("Verified", answers="claim"),
    "sent_back": NewsKind("Sent back", answers="claim"),
    "slip": NewsKind("Marked as slipped back", answers="claim"),
    "reading_corrected": NewsKind("Due date reading corrected", officers=True, place="#dates"),
    "first_date_given": NewsKind("First due date added", officers=True, place="#dates"),
}
"""By the verb of history, in no order."""


def due_words(verb: str, after: Mapping[str, Any]) -> str:
    """Return the date after the change, such as ``Now due on 31 May 2018``; empty if the change is about no date.

    ``after`` is what history kept of the action after the change.
    """
    if NEWS_KINDS[verb].place != "#dates" or verb == "date_refused":
        return ""
    if after.get("due_on"):
        return f"Now due on {_day(after['due_on'])}"
    if after.get("review_on"):
        return f"Next review on {_day(after['review_on'])}"
    return f"Now “{after['timescale']}”" if after.get("timescale") else ""


def _day(iso: str) -> str:
    return long_date(date.fromisoformat(iso))

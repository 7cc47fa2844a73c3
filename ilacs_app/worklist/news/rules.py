"""What people are told about their actions: which changes, to whom, and in which words.

The same for *Since you last signed in* and for the letters (product.md, section 6). ``action_news`` and
``question_news`` read the changes; ``since_last_sign_in`` decides which of them are new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Generic, Protocol, TypeVar

from ilacs_app.dates import LONDON, long_date

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
    "acceptance": NewsKind("Accepted as embedded", answers="claim"),
    "pause": NewsKind("Paused"),
    "withdrawal": NewsKind("Withdrawn"),
    "return": NewsKind("Restored"),
    "action_changed": NewsKind("Action edited"),
    "owner_changed": NewsKind("Owner changed"),
    "handed_over": NewsKind("Reassigned"),
    "twin_linked": NewsKind("Linked with a repeated action"),
    "twin_parted": NewsKind("Unlinked from a repeated action"),
    "decision_owner_invited": NewsKind("Owner invited to a board", place="#decisions"),
    "decision_deferred": NewsKind("Deferred by a board", place="#decisions"),
    "decision_referred": NewsKind("Referred to another board", place="#decisions"),
    "decision_not_embedded": NewsKind("Not accepted as embedded", place="#decisions"),
    "reading_corrected": NewsKind("Due date reading corrected", officers=True, place="#dates"),
    "first_date_given": NewsKind("First due date added", officers=True, place="#dates"),
}
"""By the verb of history, in no order."""

RECOMMENDATION_NEWS: Mapping[str, str] = {
    "recommendation_changed": "Recommendation edited",
    "handed_over": "Recommendation reassigned",
    "recommendation_withdrawn": "Recommendation withdrawn",
    "recommendation_returned": "Recommendation restored",
}
"""What those who lead, own or contribute in a recommendation are told of it: its title, by the verb of history."""

MOST_ALONE = 3
"""How many changes made at once have a line each; more have one together."""


def recommendation_title(verb: str, after: Mapping[str, Any]) -> str:
    """Return the title of a change to a recommendation; ``after`` is what history kept of it after the change."""
    if verb == "recommendation_changed" and "text" in after:
        return "Recommendation reworded"
    if verb == "recommendation_changed" and "leads" in after:
        return "Leads changed"
    return RECOMMENDATION_NEWS[verb]


def made_at_once(title: str, who: str, at: datetime, *, after: Mapping[str, Any]) -> str:
    """Return the same key for all that one change of many items, one re-import or one minute of one person did.

    ``at`` is a UTC instant, ``after`` what history kept of the item after the change.
    """
    imported = f"{after['imported_from']} {at:%Y-%m-%d}" if after.get("imported_from") else ""
    return f"{title} {who} {after.get('together') or imported or f'{at:%Y-%m-%d %H:%M}'}"


class _Happened(Protocol):
    """Anything that happened at a UTC instant."""

    @property
    def at(self) -> datetime: ...


_Change = TypeVar("_Change", bound=_Happened)


@dataclass(frozen=True)
class SinceLastSignIn(Generic[_Change]):
    """Changes parted into those since someone last used the product and those that they may have seen."""

    fresh: Sequence[_Change]
    older: Sequence[_Change]


def since_last_sign_in(changes: Iterable[_Change], last_used_at: datetime | None) -> SinceLastSignIn[_Change]:
    """Part changes at the end of the session before this one, a UTC instant; without one, all are new."""
    told = list(changes)
    if last_used_at is None:
        return SinceLastSignIn(fresh=told, older=[])
    return SinceLastSignIn(
        fresh=[change for change in told if change.at > last_used_at],
        older=[change for change in told if change.at <= last_used_at],
    )


class _MadeAtOnce(_Happened, Protocol):
    """Anything that may have been made with others: ``batch`` is the same for all of them, empty for what is alone."""

    @property
    def batch(self) -> str: ...


_Single = TypeVar("_Single", bound=_MadeAtOnce)


@dataclass(frozen=True)
class Batch(Generic[_Single]):
    """Changes that were made at once, newest first: always more than ``MOST_ALONE``."""

    changes: Sequence[_Single]


def in_batches(changes: Sequence[_Single]) -> list[_Single | Batch[_Single]]:
    """Return the changes in their order, but for those made at once, which are in the place of the first of them."""
    together: dict[str, list[_Single]] = {}
    for change in changes:
        together.setdefault(change.batch, []).append(change)
    lines: list[_Single | Batch[_Single]] = []
    for change in changes:
        batch = together[change.batch]
        if not change.batch or len(batch) <= MOST_ALONE:
            lines.append(change)
        elif change is batch[0]:
            lines.append(Batch(tuple(batch)))
    return lines


def news_since(today: date) -> datetime:
    """Return the UTC instant from which a change is news: the beginning of the day 14 days ago in London."""
    first_day = datetime.combine(today - timedelta(days=SHOWN_DAYS), time.min, tzinfo=LONDON)
    return first_day.astimezone(UTC)


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

"""Which day a page may be shown as at, and what differs between two days, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ilacs_app.dates import long_date

ItemKey = tuple[str, int]
"""What kind of item (a plan, recommendation or action), and its id."""


def why_not(day: date | None, today: date) -> str:
    """Return the sentence that says why a page cannot be shown as at a day as it was read; empty where it can."""
    if day is None:
        return "Enter a past date, such as 14 May 2026."
    if day > today:
        return f"{long_date(day)} is in the future. Enter today’s date or an earlier one."
    return ""


def why_not_since(since: date | None, day: date | None) -> str:
    """Return the sentence that says why a page cannot be compared with an earlier day; empty where it can."""
    if since is None:
        return "Enter the date to compare with as a date, such as 14 May 2026."
    if day is not None and since >= day:
        return f"Enter a date to compare with that is before {long_date(day)}."
    return ""


@dataclass(frozen=True)
class ItemState:
    """An item on a day: what it is called, its page, and its values in words, by what they are called."""

    name: str
    address: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Differs:
    """One difference between two days. ``what`` is empty where an item was added or is not there any more."""

    name: str
    address: str
    what: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The difference in words: ``due date changed from 30 April 2018 to 30 June 2018``."""
        if not self.what:
            return "added" if self.after else "no longer here"
        if not self.before:
            return f"{self.what} added: {self.after}"
        return f"{self.what} changed from {self.before} to {self.after}" if self.after else f"{self.what} removed"


def changes_between(before: Mapping[ItemKey, ItemState], after: Mapping[ItemKey, ItemState]) -> tuple[Differs, ...]:
    """Return what differs between the items of two days, in the order of the later one; what is gone comes last."""
    out = []
    for key, item in after.items():
        earlier = before.get(key)
        if earlier is None:
            out.append(Differs(item.name, item.address, "", "", item.name))
            continue
        for what in dict.fromkeys((*item.values, *earlier.values)):
            was, now = earlier.values.get(what, ""), item.values.get(what, "")
            if was != now:
                out.append(Differs(item.name, item.address, what, was, now))
    out += [Differs(item.name, "", "", item.name, "") for key, item in before.items() if key not in after]
    return tuple(out)

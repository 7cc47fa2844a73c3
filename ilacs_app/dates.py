"""Days, months and times of day: how they are written and, where a time is typed, read. Nothing else formats a date."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from zoneinfo import ZoneInfo

from ilacs_app.text import many

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)


def read_time(words: str) -> str | None:
    """``14:00`` for the ways in which people write a time of day; nothing where it is not certain."""
    plain = words.strip().lower().replace("noon", "12pm")
    found = _TIME.fullmatch(plain)
    if not found or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def time_words(at_time: str) -> str:
    """``2pm`` and ``9:30am`` for ``14:00`` and ``09:30``; nothing for nothing."""
    if not at_time:
        return ""
    hour, minute = (int(part) for part in at_time.split(":"))
    half = "am" if hour < 12 else "pm"
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}{half}"


LONDON = ZoneInfo("Europe/London")


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def last_day_of_month(day: date) -> date:
    """The last day of the month that `day` is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months_end(day: date, months: int) -> date:
    """The last day of the month that lies `months` after the month of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return last_day_of_month(date(year, month + 1, 1))


def in_words(day: date) -> str:
    """A date as the product writes it: 30 April 2018."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day(on: date | None) -> str:
    """``30 April 2026``."""
    return f"{on.day} {on:%B %Y}" if on else ""


def short_day(on: date | None) -> str:
    """``30 Apr 2026``, beside other dates in a list."""
    return f"{on.day} {on:%b %Y}" if on else ""


def ago(then: date, today: date) -> str:
    """``today``, ``12 days ago``, ``9 months ago``, ``2 years ago``; whole months and years."""
    days = (today - then).days
    months = (today.year - then.year) * 12 + today.month - then.month - (today.day < then.day)
    if days < 1:
        return "today"
    if months < 1:
        return f"{many(days, 'day')} ago"
    return f"{many(months, 'month')} ago" if months < 24 else f"{many(months // 12, 'year')} ago"


def short_date(day: date | None) -> str:
    """``30 Apr 2026``, for tables."""
    return f"{day.day} {day:%b %Y}" if day else ""


def long_date(day: date | None) -> str:
    """``30 April 2026``, for sentences."""
    return f"{day.day} {day:%B %Y}" if day else ""

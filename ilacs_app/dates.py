"""Days, months and times of day in words. No other module formats a date for people to read."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ilacs_app.text import many

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)


def read_time(text: str) -> str | None:
    """Return a typed time of day as ``14:00``, or None if it is not certain."""
    plain = text.strip().lower().replace("noon", "12pm")
    match = _TIME.fullmatch(plain)
    if not match or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def time_words(at_time: str) -> str:
    """Return ``14:00`` as ``2pm`` and ``09:30`` as ``9:30am``; nothing for nothing."""
    if not at_time:
        return ""
    hour, minute = (int(part) for part in at_time.split(":"))
    half = "am" if hour < 12 else "pm"
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}{half}"


LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
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
    """Return the last day of the month that ``day`` is in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months_end(day: date, months: int) -> date:
    """Return the last day of the month ``months`` after the one that ``day`` is in."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return last_day_of_month(date(year, month + 1, 1))


def long_date(day: date | None) -> str:
    """Return a date as sentences write it: ``30 April 2026``; nothing for none."""
    return f"{day.day} {month_year(day)}" if day else ""


def short_date(day: date | None) -> str:
    """Return a date as tables write it: ``30 Apr 2026``; nothing for none."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}" if day else ""


def weekday_date(day: date) -> str:
    """Return a date with its weekday: ``Thursday 30 April 2026``."""
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


def weekday_short(day: date) -> str:
    """Return a date with its weekday for a table: ``Thu 30 Apr 2026``."""
    return f"{WEEKDAYS[day.weekday()][:3]} {short_date(day)}"


def month_year(day: date) -> str:
    """Return the month that a date is in: ``April 2026``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def clock_time(instant: datetime) -> str:
    """Return the time of day in London at an instant: ``9:30am``, ``2pm``."""
    return time_words(f"{instant.astimezone(LONDON):%H:%M}")


def ago(then: date, today: date) -> str:
    """Return how long ago a day was, in whole days, months or years: ``today``, ``12 days ago``, ``2 years ago``."""
    days = (today - then).days
    months = (today.year - then.year) * 12 + today.month - then.month - (today.day < then.day)
    if days < 1:
        return "today"
    if months < 1:
        return f"{many(days, 'day')} ago"
    return f"{many(months, 'month')} ago" if months < 24 else f"{many(months // 12, 'year')} ago"

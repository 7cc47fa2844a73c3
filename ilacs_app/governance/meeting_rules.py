"""How the time of a meeting is read and said."""

from __future__ import annotations

import re

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

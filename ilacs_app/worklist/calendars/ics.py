"""Dates as a calendar that Outlook and others subscribe to (RFC 5545, by the icalendar package)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ilacs_app.text import one_line, printable

if TYPE_CHECKING:  # slow to import, and not needed to start the server
    from icalendar import Event

MEETING_LASTS = timedelta(hours=2)


@dataclass(frozen=True)
class CalendarEntry:
    """One entry of a calendar. ``when`` is a day or a UTC instant; ``uid`` is the same each time it is read."""

    uid: str
    when: date | datetime
    title: str
    says: str
    address: str
    cancelled: bool = False


def calendar_file(name: str, entries: Iterable[CalendarEntry], made_at: datetime) -> bytes:
    """Return the bytes of an ``.ics`` file, which asks subscribers to fetch it again every four hours."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Improvement plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("x-published-ttl", "PT4H")
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, made_at: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", made_at)
    event.add("dtstart", entry.when)
    lasts = MEETING_LASTS if isinstance(entry.when, datetime) else timedelta(days=1)
    event.add("dtend", entry.when + lasts)
    event.add("summary", one_line(entry.title))
    event.add("description", printable(entry.says))
    event.add("url", entry.address)
    event.add("transp", "OPAQUE" if isinstance(entry.when, datetime) else "TRANSPARENT")
    if entry.cancelled:
        event.add("status", "CANCELLED")
    return event

"""The only place that asks the time.

``today()`` and ``now()`` follow ``ILACS_TODAY`` (for training and tests); sessions, tokens, leases and rate limits
use ``real_now()``, which nothing moves. *Today* is the day in London.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta

from ilacs_app.dates import LONDON

_moved_to: date | None = None
_looks_back_to: ContextVar[date | None] = ContextVar("looks_back_to", default=None)


def move_today(to: date | None) -> None:
    """Make ``today()`` answer ``to`` (``None``: the real day). Called once, when the application is made."""
    global _moved_to
    _moved_to = to


def moved_to() -> date | None:
    """The day that ``today()`` is moved to, if it is."""
    return _moved_to


def real_now() -> datetime:
    """The real instant, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The instant that records carry, in UTC: the moved day at the real time of day, or the real instant."""
    looks_back_to = _looks_back_to.get()
    if looks_back_to is not None:
        return end_of(looks_back_to) - timedelta(seconds=1)
    instant = real_now()
    if _moved_to is None:
        return instant
    local = instant.astimezone(LONDON)
    return (local + timedelta(days=(_moved_to - local.date()).days)).astimezone(UTC)


@contextmanager
def at_the_end_of(to: date) -> Iterator[None]:
    """Make ``today()`` and ``now()`` answer the end of a past day, for a page as it was then."""
    token = _looks_back_to.set(to)
    try:
        yield
    finally:
        _looks_back_to.reset(token)


def start_of(day: date) -> datetime:
    """The instant, in UTC, at which a day begins in London."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The instant, in UTC, at which a day ends in London: the first of the next day."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


def as_recorded(real: datetime) -> datetime:
    """The instant that a record made at this real instant would carry, if today was moved as it is now."""
    return real + (now() - real_now())


def today() -> date:
    """The day in London on which the rules look at the plan."""
    return now().astimezone(LONDON).date()


def london_day(instant: datetime) -> date:
    """The London day of a UTC instant."""
    return instant.astimezone(LONDON).date()

"""On which days a board meets that meets regularly: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ilacs_app.dates import last_day_of_month

MOST_MEETINGS = 60

HOW_OFTEN: Mapping[str, str] = {
    "1_month": "Every month",
    "2_months": "Every 2 months",
    "3_months": "Every 3 months",
    "6_months": "Every 6 months",
    "1_week": "Every week",
    "2_weeks": "Every 2 weeks",
    "4_weeks": "Every 4 weeks",
    "6_weeks": "Every 6 weeks",
}
WHICH_WEEK: Mapping[str, str] = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "last": "Last"}


@dataclass(frozen=True)
class Series:
    """A regular meeting between two days, both included. ``weekday`` is 0 for Monday.

    ``every`` is a key of ``HOW_OFTEN``. ``which`` is a key of ``WHICH_WEEK``: which of the weekdays in a month. A
    series by weeks begins on the first such weekday.
    """

    every: str
    which: str
    weekday: int
    first: date
    last: date


def days_of(series: Series) -> list[date]:
    """Return the days of a series in order, at most one more than ``MOST_MEETINGS``."""
    count, unit = series.every.split("_")
    steps = _by_weeks(series, int(count)) if unit.startswith("week") else _by_months(series, int(count))
    days: list[date] = []
    for day in steps:
        if day > series.last or len(days) > MOST_MEETINGS:
            break
        if day >= series.first:
            days.append(day)
    return days


def _by_weeks(series: Series, weeks: int) -> Iterator[date]:
    day = series.first + timedelta(days=(series.weekday - series.first.weekday()) % 7)
    while day <= series.last:
        yield day
        day += timedelta(weeks=weeks)


def _by_months(series: Series, months: int) -> Iterator[date]:
    """Yield the days from the first month in which the day is not before the series begins."""
    month = series.first.year * 12 + series.first.month - 1
    if _day_in(month, series) < series.first:
        month += 1
    while (day := _day_in(month, series)) <= series.last:
        yield day
        month += months


def _day_in(month: int, series: Series) -> date:
    """Return the day of the series in a month, which is counted from the year 0."""
    first = date(month // 12, month % 12 + 1, 1)
    if series.which == "last":
        last = last_day_of_month(first)
        return last - timedelta(days=(last.weekday() - series.weekday) % 7)
    return first + timedelta(days=(series.weekday - first.weekday()) % 7, weeks=int(series.which) - 1)

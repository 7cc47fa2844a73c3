"""The bank holidays of England and Wales."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

MONDAY, SATURDAY, SUNDAY = 0, 5, 6
_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> dict[date, str]:
    """Return the bank holidays of a year by the standing rules, each with its name.

    Source: the Banking and Financial Dealings Act 1971, schedule 1, and the proclamations made each year since. A day
    that a later proclamation adds or moves is not known here.
    """
    sunday = easter(year)
    days = {
        _first_free(date(year, 1, 1)): "New Year’s Day",
        sunday - 2 * _DAY: "Good Friday",
        sunday + _DAY: "Easter Monday",
        _monday_from(date(year, 5, 1)): "Early May bank holiday",
        _monday_from(date(year, 5, 25)): "Spring bank holiday",
        _monday_from(date(year, 8, 25)): "Summer bank holiday",
    }
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    if christmas.weekday() == SATURDAY:
        days |= {date(year, 12, 27): "Christmas Day", date(year, 12, 28): "Boxing Day"}
    elif christmas.weekday() == SUNDAY:
        days |= {boxing: "Boxing Day", date(year, 12, 27): "Christmas Day"}
    else:
        days |= {christmas: "Christmas Day", _first_free(boxing): "Boxing Day"}
    return days


def bank_holiday(day: date) -> str:
    """Return the name of the bank holiday that a day is; empty if it is none."""
    return bank_holidays(day.year).get(day, "")


def _first_free(day: date) -> date:
    """Return the day, or the Monday after it where it is at a weekend."""
    return _monday_from(day) if day.weekday() in {SATURDAY, SUNDAY} else day


def _monday_from(day: date) -> date:
    return day + (MONDAY - day.weekday()) % 7 * _DAY


def easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, left = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)

"""The day that words too loose to be a date may mean: offered, never taken (product rule: section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from ilacs_app.dates import add_months_end, last_day_of_month
from ilacs_app.plan.parsing.bank_holidays import easter
from ilacs_app.plan.parsing.dates import MONTH_WORD, compiled, council_year, read_period, year_of
from ilacs_app.text import plain

# The last month of each, with how many years after the year that the words name.
_SEASONS = {"spring": (5, 0), "summer": (8, 0), "autumn": (11, 0), "winter": (2, 1)}
_TERMS = {"spring": (3, 0), "summer": (7, 0), "autumn": (12, 0)}
_PARTS_OF_YEAR = {"early": 3, "mid": 6, "middle": 6, "late": 12}
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "nine": 9, "twelve": 12, "eighteen": 18}
_MOST_MONTHS = 36
_LEAD = r"(?:by |in |during |before |end of |the end of |by the end of |start of |by the start of )?(?:the )?"
_YEAR = r"(?P<year>20\d\d)(?:/\d\d)?"
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})"


def suggested_day(text: str, near: date) -> date | None:
    """Return the last day that loose words such as "Spring 2026" or "within 3 months" may mean; None if none is likely.

    ``near`` is the plan's own date: a season without a year is the next one, and months are counted from it.
    """
    phrase = plain(text).strip(" .")
    for pattern, suggest in _SUGGESTIONS:
        match = pattern.fullmatch(phrase)
        if match:
            return suggest(match, near)
    return None


def _season(match: re.Match[str], near: date) -> date | None:
    months = _TERMS if match["term"] else _SEASONS
    if match["season"] not in months:
        return None
    month, later = months[match["season"]]
    if match["year"]:
        return last_day_of_month(date(year_of(match["year"]) + later, month, 1))
    days = (last_day_of_month(date(year, month, 1)) for year in (near.year, near.year + 1))
    return next((day for day in days if day >= near), None)


def _part_of_year(match: re.Match[str], near: date) -> date:
    return last_day_of_month(date(year_of(match["year"]), _PARTS_OF_YEAR[match["part"]], 1))


def _feast(match: re.Match[str], near: date) -> date | None:
    years = [year_of(match["year"])] if match["year"] else [near.year, near.year + 1]
    days = (date(year, 12, 24) if match["feast"] == "christmas" else easter(year) for year in years)
    return next((day for day in days if day >= near or match["year"]), None)


def _within(match: re.Match[str], near: date) -> date | None:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    if match["unit"].startswith("month"):
        day = last_day_of_month(near) if count > _MOST_MONTHS else add_months_end(near, count)
        return day if count <= _MOST_MONTHS else None
    return near + timedelta(days=count * (7 if match["unit"].startswith("week") else 1))


def _at_once(match: re.Match[str], near: date) -> date:
    return near


def _end_of_year(match: re.Match[str], near: date) -> date:
    if match["which"] == "calendar":
        return date(near.year, 12, 31)
    which = "financial year" if match["which"] == "financial" else "academic year"
    first_month = 4 if match["which"] == "financial" else 9
    return council_year(which, near.year + (near.month >= first_month)).last


def _last_of_month(match: re.Match[str], near: date) -> date | None:
    """The last day of a month that has fewer days: 31 November."""
    month = read_period(f"{match['month']} {match['year']}", near)
    return month.last if month and int(match["day"]) <= 31 and int(match["day"]) > month.last.day else None


_SUGGESTIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (compiled(rf"{_LEAD}(?P<season>spring|summer|autumn|winter)(?P<term> term)?,? ?(?:{_YEAR})?"), _season),
    (compiled(rf"{_LEAD}(?P<part>early|mid|middle|late)(?: of| in)?[ -]{_YEAR}"), _part_of_year),
    (compiled(rf"{_LEAD}(?P<feast>christmas|easter)(?: holidays?| break)?,? ?(?:{_YEAR})?"), _feast),
    (compiled(rf"(?:within|in) (?:the next )?{_COUNT} (?P<unit>months?|weeks?|days)(?: time)?"), _within),
    (compiled(r"(?:with )?immediate(?:ly)?(?: effect)?|at once|straight ?away|now"), _at_once),
    (compiled(rf"{_LEAD}(?:end of )?(?:the |this )?(?P<which>financial|academic|school|calendar) year"), _end_of_year),
    (compiled(rf"(?:by )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{MONTH_WORD}) (?P<year>20\d\d)"), _last_of_month),
)

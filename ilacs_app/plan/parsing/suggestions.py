"""The day that words too loose to be a date may mean: offered and why, never taken (product rule: section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ilacs_app.dates import MONTHS, add_months_end, last_day_of_month, long_date
from ilacs_app.plan.parsing.bank_holidays import easter
from ilacs_app.plan.parsing.dates import (
    MONTH_WORD,
    YEAR_PAIR,
    compiled,
    council_year,
    last_year_of,
    read_period,
    year_of,
)
from ilacs_app.text import plain


@dataclass(frozen=True)
class SuggestedDay:
    """A day that loose words may mean, and why: a sentence's end that follows the day, without a full stop."""

    day: date
    because: str


# The last month of each, with how many years after the year that the words name.
_SEASONS = {"spring": (5, 0), "summer": (8, 0), "autumn": (11, 0), "winter": (2, 1)}
_TERMS = {"spring": (3, 0), "summer": (7, 0), "autumn": (12, 0)}
_PARTS_OF_YEAR = {"early": 3, "mid": 6, "middle": 6, "late": 12}
# The week of each half term has the Monday nearest to this day and month, and the school holidays of most councils.
_HALF_TERMS = {"february": (2, 15), "may": (5, 26), "october": (10, 26)}
_HALF_TERM_OF = {"feb": "february", "spring": "february", "summer": "may", "oct": "october", "autumn": "october"}
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "nine": 9, "twelve": 12, "eighteen": 18}
_MOST_MONTHS = 36
_LEAD = r"(?:by |in |during |before |end of |the end of |by the end of |start of |by the start of )?(?:the )?"
_BY = r"(?:by |in |during |(?:by |before )?(?:the )?end of )?(?:the )?"
_YEAR = r"(?P<year>20\d\d)(?:/\d\d)?"
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})"
_FROM_PLAN = "counted from the date of the plan"
FRIDAY = 4


def suggested_day(text: str, near: date) -> SuggestedDay | None:
    """Return the last day that loose words such as "Spring 2026", "Q3" or "within 3 months" may mean, and why.

    ``near`` is the plan's own date: a season, quarter or day without a year is the next one, and months are counted
    from it. None if no day is likely.
    """
    phrase = plain(text).strip(" .")
    for pattern, suggest in _SUGGESTIONS:
        match = pattern.fullmatch(phrase)
        if match:
            return suggest(match, near)
    return _without_year(phrase, near)


def _next(days: Iterable[date], near: date) -> date | None:
    """The first of some days that is not before the plan's own date."""
    return min((day for day in days if day >= near), default=None)


def _offer(day: date | None, because: str) -> SuggestedDay | None:
    return SuggestedDay(day, because) if day else None


def _end_of_months(month: int, near: date) -> list[date]:
    return [last_day_of_month(date(year, month, 1)) for year in (near.year, near.year + 1)]


def _season(match: re.Match[str], near: date) -> SuggestedDay | None:
    months = _TERMS if match["term"] else _SEASONS
    if match["season"] not in months:
        return None
    month, later = months[match["season"]]
    because = f"the {match['season']}{match['term'] or ''} ends in {MONTHS[month - 1]}"
    if match["year"]:
        return SuggestedDay(last_day_of_month(date(year_of(match["year"]) + later, month, 1)), because)
    return _offer(_next(_end_of_months(month, near), near), because)


def _part_of_year(match: re.Match[str], near: date) -> SuggestedDay | None:
    month = _PARTS_OF_YEAR[match["part"]]
    day = last_day_of_month(date(year_of(match["year"]), month, 1))
    return SuggestedDay(day, f"{match['part']} in a year is up to {MONTHS[month - 1]}")


def _feast(match: re.Match[str], near: date) -> SuggestedDay | None:
    years = [year_of(match["year"])] if match["year"] else [near.year, near.year + 1]
    is_christmas = match["feast"] == "christmas"
    days = [date(year, 12, 24) if is_christmas else easter(year) for year in years]
    return _offer(days[0] if match["year"] else _next(days, near), "Christmas Eve" if is_christmas else "Easter Sunday")


def _within(match: re.Match[str], near: date) -> SuggestedDay | None:
    count = _COUNTS.get(match["count"]) or int(match["count"])
    if match["unit"].startswith("month"):
        return SuggestedDay(add_months_end(near, count), _FROM_PLAN) if count <= _MOST_MONTHS else None
    return SuggestedDay(near + timedelta(days=count * (7 if match["unit"].startswith("week") else 1)), _FROM_PLAN)


def _at_once(match: re.Match[str], near: date) -> SuggestedDay | None:
    return SuggestedDay(near, "the date of the plan")


def _end_of_year(match: re.Match[str], near: date) -> SuggestedDay | None:
    if match["which"] == "calendar":
        return SuggestedDay(date(near.year, 12, 31), "the end of the calendar year")
    which = "financial year" if match["which"] == "financial" else "academic year"
    return SuggestedDay(council_year(which, _ends_in(which, near)).last, f"the end of the {which}")


def _ends_in(which: str, near: date) -> int:
    """The year in which the financial or the academic year of a day ends."""
    return near.year + (near.month >= (4 if which == "financial year" else 9))


def _year_end(match: re.Match[str], near: date) -> SuggestedDay | None:
    ends_in = last_year_of(match) if match["y1"] else year_of(match["year"]) if match["year"] else None
    if match["y1"] and ends_in is None:
        return None
    last = council_year("financial year", ends_in or _ends_in("financial year", near)).last
    return SuggestedDay(last, "the end of the financial year")


def _quarter(match: re.Match[str], near: date) -> SuggestedDay | None:
    """The end of a quarter of the financial year; "Q3 2026" is in the financial year that begins in 2026."""
    quarter = int(match["quarter"])
    month = (6, 9, 12, 3)[quarter - 1]
    because = f"quarter {quarter} of the financial year ends in {MONTHS[month - 1]}"
    if match["year"]:
        return SuggestedDay(last_day_of_month(date(year_of(match["year"]) + (quarter == 4), month, 1)), because)
    return _offer(_next(_end_of_months(month, near), near), because)


def _half_term(match: re.Match[str], near: date) -> SuggestedDay | None:
    """The Friday of a half term; schools' dates differ between councils by a week."""
    named = match["half"]
    names = [_HALF_TERM_OF.get(named, named)] if named else list(_HALF_TERMS)
    years = [year_of(match["year"])] if match["year"] else [near.year, near.year + 1]
    fridays = [_half_term_friday(year, *_HALF_TERMS[name]) for year in years for name in names]
    day = fridays[0] if match["year"] and named else _next(fridays, near)
    return _offer(day, "most schools’ half term ends on that Friday")


def _half_term_friday(year: int, month: int, day: int) -> date:
    middle = date(year, month, day)
    monday = middle + timedelta(days=(3 - middle.weekday()) % 7 - 3)
    return monday + timedelta(days=FRIDAY)


def _end_of_term(match: re.Match[str], near: date) -> SuggestedDay | None:
    ends = sorted(day for month, _ in _TERMS.values() for day in _end_of_months(month, near) if day >= near)
    day = ends[1] if match["next"] else ends[0]
    return SuggestedDay(day, f"{'that' if match['next'] else 'the school'} term ends in {MONTHS[day.month - 1]}")


def _this_or_next(match: re.Match[str], near: date) -> SuggestedDay | None:
    """ "Next month", "this quarter", "end of next week": counted from the plan's own date."""
    later = match["when"] == "next"
    if match["unit"] == "month":
        return SuggestedDay(add_months_end(near, int(later)), _FROM_PLAN)
    if match["unit"] == "quarter":
        return SuggestedDay(add_months_end(near, (3 - near.month) % 3 + 3 * later), _FROM_PLAN)
    friday = near + timedelta(days=FRIDAY - near.weekday() + 7 * later)
    return _offer(_next([friday], near), _FROM_PLAN)


def _last_of_month(match: re.Match[str], near: date) -> SuggestedDay | None:
    """The last day of a month that has fewer days: 31 November."""
    month = read_period(f"{match['month']} {match['year']}", near)
    if month is None or int(match["day"]) > 31 or int(match["day"]) <= month.last.day:
        return None
    return SuggestedDay(month.last, "the last day of that month")


def _two_months(match: re.Match[str], near: date) -> SuggestedDay | None:
    return _without_year(match["month"], near)


def _without_year(phrase: str, near: date) -> SuggestedDay | None:
    """The next day that a date without its year may mean: "w/c 6 April", "end of March", "31/03"."""
    written = [f"{phrase} {{}}", *[f"{phrase}/{{}}"] * bool(_DAY_AND_MONTH.fullmatch(phrase))]
    if not _NAMES_A_DAY.search(phrase):
        return None
    read = [read_period(form.format(year), near) for form in written for year in (near.year, near.year + 1)]
    day = _next((period.last for period in read if period), near)
    return _offer(day, f"the next one after the date of the plan, {long_date(near)}")


_NAMES_A_DAY = compiled(rf"(?<![a-z]){MONTH_WORD}(?![a-z])|^\d{{1,2}}/\d{{1,2}}$")
_DAY_AND_MONTH = compiled(r"(?:1[3-9]|2\d|3[01])/\d{1,2}")
_SUGGESTIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], SuggestedDay | None]], ...] = (
    (compiled(rf"{_LEAD}(?P<season>spring|summer|autumn|winter)(?P<term> term)?,? ?(?:{_YEAR})?"), _season),
    (compiled(rf"{_LEAD}(?P<part>early|mid|middle|late)(?: of| in)?[ -]{_YEAR}"), _part_of_year),
    (compiled(rf"{_LEAD}(?P<feast>christmas|easter)(?: holidays?| break)?,? ?(?:{_YEAR})?"), _feast),
    (
        compiled(
            rf"(?:(?:with)?in |over )?(?:the next )?(?:\d{{1,2}} ?(?:-|to) ?)?{_COUNT} (?P<unit>months?|weeks?|days)"
            r"(?:(?:'|\u2019)?s?(?:'|\u2019)? time)?"
        ),
        _within,
    ),
    (
        compiled(
            r"(?:with )?immediate(?:ly)?(?: effect)?|at once|straight ?away|now"
            r"|a\.?s\.?a\.?p|as soon as (?:possible|practicable)|urgent(?:ly)?"
        ),
        _at_once,
    ),
    (compiled(rf"{_LEAD}(?:end of )?(?:the |this )?(?P<which>financial|academic|school|calendar) year"), _end_of_year),
    (
        compiled(
            rf"(?:by |before |at )?(?:the )?(?:(?:financial )?year[ -]?end|end of (?:the |this )?year|eoy)"
            rf"(?:,? \(?(?:{YEAR_PAIR}|(?P<year>20\d\d))\)?)?"
        ),
        _year_end,
    ),
    (compiled(rf"{_BY}(?:q|quarter ?)(?P<quarter>[1-4])(?:,? (?P<year>20\d\d))?"), _quarter),
    (
        compiled(
            rf"{_LEAD}(?:(?P<half>feb(?:ruary)?|may|oct(?:ober)?|spring|summer|autumn) )?half[ -]term"
            rf"(?: holidays?| break| week)?(?: in)?,? ?(?:{_YEAR})?"
        ),
        _half_term,
    ),
    (compiled(rf"{_BY}(?:this |(?P<next>next ))?(?:school )?term(?:[ -]end)?"), _end_of_term),
    (compiled(rf"{_BY}(?P<when>this|next) (?P<unit>month|quarter|week)"), _this_or_next),
    (compiled(rf"(?:by )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{MONTH_WORD}) (?P<year>20\d\d)"), _last_of_month),
    (compiled(rf"{_BY}{MONTH_WORD}\.? ?(?:/|-|to|and|or) ?(?P<month>{MONTH_WORD})"), _two_months),
)

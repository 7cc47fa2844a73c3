"""The words of one date, "End Apr 2018" or "Q3 2023/24", and the days that they cover.

Product rule: section 4, timescales. Day before month, always; a month without a day is its last day; a year
of two digits is 20xx. Every reader matches the whole of the words it is given: a date that no one has fully
read is no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from ilacs_app.dates import LONDON, MONTHS, add_months_end, last_day_of_month
from ilacs_app.text import plain


class Precision(StrEnum):
    """How finely words name a date. Anything but a day ends with a month, so months are compared."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """What one date's words cover: its first and last day. They are the same for a day."""

    first: date
    last: date
    precision: Precision
    guessed: bool = False


_MONTH_NUMBER = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
MONTH_WORD = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = rf"(?P<month>{MONTH_WORD})\.?"
_YEAR = r"(?P<year>20\d\d|'?\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
FAR_OFF = 5  # years from the plan's own date beyond which two digits may be no year after all
YEAR_PAIR = r"(?P<y1>20\d\d|\d\d) ?[/-] ?(?P<y2>20\d\d|\d\d)"
END_OF = r"(?:the )?(?:end|last day|month end)(?: of)?(?: the)?"


def compiled(expression: str) -> re.Pattern[str]:
    """A pattern for plain words."""
    # ASCII keeps \d to 0-9: other scripts' digits are left unread, not turned into a date.
    return re.compile(expression, re.ASCII)


_MONTH_INSIDE = compiled(
    rf"(?<![a-z0-9]){_MONTH}[ ,/-]{{0,3}}{_YEAR}(?![a-z0-9%])"
    r"|(?<![\d/.-])\d{1,2}[/.-](?P<m>\d{1,2})[/.-](?P<y>20\d\d|\d\d)(?![\d/-])"
)
_HEDGE_BEFORE = compiled(r"(?:approx(?:imately|\.)?|circa|c\.|around|about|provisional(?:ly)?|expected|target|~)[: ]*")
_HEDGE_AFTER = compiled(r"[ ,-]*(?:\(?(?:tbc|to be confirmed|provisional|approx\.?)\)?|\?)$")
_BY = compiled(
    r"(?:(?:to be )?completed? by|due(?: by| on)?|by|on|in|no later than|deadline|w/e|week ending)"
    r"(?: the)?[: ]+"
)
_WEEKDAY = compiled(r"(mon|tue|wed|thu|fri|sat|sun)(?:s?day|nesday|rsday|urday|s|rs?|r)?,? ")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BRACKETED = compiled(r"(?P<outside>[^()]+?) ?\((?P<inside>[^()]+)\)")
# The time that a list or a task board writes behind a date, such as "T16:00:00.000Z" or " 12:00 AM".
_TIME_OF_DAY = compiled(
    r"(?P<day>.*\d)(?:,? |t)(?P<hour>\d{1,2}):\d\d(?::\d\d(?:\.\d{1,7})?)?(?: ?[ap]\.?m\.?)?(?P<zone> ?(?:z|utc))?"
)
_LATE_EVENING = 22
_WEEK = compiled(r"(?:w/c|wc|w\.c\.|w/b|(?:the )?week (?:commencing|beginning|starting|of))[: ]+(?P<day>.+)")
_WORD = compiled(r"[a-z]{5,12}")
_LONGEST_SLIP = 40
_NO_SLIPS = frozenset({"match", "marsh"})
_QUARTER_ALONE = compiled(rf"(?:{END_OF} )?(?:q|qtr\.? ?|quarter ?)(?P<quarter>[1-4])")


def year_of(digits: str) -> int:
    """The year that two or four digits name; two digits are 20xx."""
    return int(digits.lstrip("'")) % 100 + 2000


def last_year_of(match: re.Match[str]) -> int | None:
    """The second year of a pair such as 2023/24, or None if they do not follow each other."""
    first, second = year_of(match["y1"]), year_of(match["y2"])
    return second if second == first + 1 else None


def _day(year: int, month: int, day: int) -> Period | None:
    try:
        only = date(year, month, day)
    except ValueError:
        return None
    return Period(only, only, Precision.DAY)


def whole_months(year: int, month: int, count: int, precision: Precision, *, guessed: bool = False) -> Period:
    """The period of `count` whole months from the first of `month`."""
    first = date(year, month, 1)
    return Period(first, add_months_end(first, count - 1), precision, guessed)


def _day_and_month(match: re.Match[str], near: date) -> Period | None:
    return _day(year_of(match["year"]), _MONTH_NUMBER[match["month"][:3]], int(match["day"]))


def _numbers(match: re.Match[str], near: date) -> Period | None:
    day = _day(year_of(match["year"]), int(match["m"]), int(match["day"]))
    if len(match["year"]) < 4 and (day is None or abs(day.last.year - near.year) > FAR_OFF):
        # "24-03-31" in a plan of 2024 was written with its year first.
        turned = _day(year_of(match["day"]), int(match["m"]), int(match["year"].lstrip("'")))
        if turned and abs(turned.last.year - near.year) <= FAR_OFF:
            return replace(turned, guessed=True)
    return day


def _month_and_year(match: re.Match[str], near: date) -> Period | None:
    year, month = year_of(match["year"]), _MONTH_NUMBER[match["month"][:3]]
    # "Apr 18" is a month, never a day; but a year of two digits far from the plan's own may be one after all.
    doubtful = not match["end"] and len(match["year"]) < 4 and abs(year - near.year) > FAR_OFF
    return whole_months(year, month, 1, Precision.MONTH, guessed=doubtful)


def _part_of_month(match: re.Match[str], near: date) -> Period | None:
    year, month = year_of(match["year"]), _MONTH_NUMBER[match["month"][:3]]
    if match["part"].startswith("late"):
        return whole_months(year, month, 1, Precision.MONTH, guessed=True)
    period = _day(year, month, 15 if match["part"].startswith("mid") else 1)
    return replace(period, guessed=True) if period else None


def _month_number(match: re.Match[str], near: date) -> Period | None:
    month = int(match["m"])
    return whole_months(year_of(match["year"]), month, 1, Precision.MONTH) if 1 <= month <= 12 else None


def _year_first_month(match: re.Match[str], near: date) -> Period | None:
    # "2011-12" is as likely the financial year as December.
    if int(match["m"]) == (year_of(match["year"]) + 1) % 100:
        return None
    return _month_number(match, near)


def _financial_quarter(match: re.Match[str], near: date) -> Period | None:
    ends_in = last_year_of(match)
    if ends_in is None:
        return None
    quarter = int(match["quarter"])
    first_month = (4, 7, 10, 1)[quarter - 1]
    return whole_months(ends_in if quarter == 4 else ends_in - 1, first_month, 3, Precision.QUARTER)


def _end_of_year(match: re.Match[str], near: date) -> Period | None:
    return whole_months(year_of(match["year"]), 1, 12, Precision.YEAR)


def _end_of_council_year(match: re.Match[str], near: date) -> Period | None:
    ends_in = last_year_of(match)
    return council_year(match["which"], ends_in) if ends_in else None


def council_year(which: str, ends_in: int) -> Period:
    """A financial year, 1 April to 31 March, or an academic one, 1 September to 31 August."""
    starts_in_month = 9 if which in ("academic year", "school year") else 4
    return whole_months(ends_in - 1, starts_in_month, 12, Precision.YEAR)


def _excel_serial(match: re.Match[str], near: date) -> Period | None:
    day = date(1899, 12, 30) + timedelta(days=int(match["serial"]))
    return Period(day, day, Precision.DAY) if abs(day.year - near.year) <= 20 else None


_Reader = Callable[[re.Match[str], date], Period | None]
WHICH_YEAR = r"(?P<which>financial year|fy|academic year|school year)"
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (compiled(rf"{_DAY}(?: of |[ /.-])?{_MONTH},?[ /-]?{_YEAR}"), _day_and_month),
    (compiled(rf"{_MONTH} {_DAY},? (?P<year>20\d\d)"), _day_and_month),
    (compiled(rf"{_DAY} ?(?P<sep>[/.-]) ?(?P<m>\d{{1,2}}) ?(?P=sep) ?{_YEAR}"), _numbers),
    (compiled(r"(?P<year>20\d\d)([/.-])(?P<m>\d{1,2})\2(?P<day>\d{1,2})(?:[ t]00:00(?::00)?)?"), _numbers),
    (compiled(rf"(?P<end>{END_OF} )?{_MONTH}(?: ?[,/-] ?| ?)(?: of )?{_YEAR}"), _month_and_year),
    (
        compiled(rf"(?P<part>late|mid(?:dle)?|start|beginning)[ -](?:of )?{_MONTH}[ ,-]{{1,2}}{_YEAR}"),
        _part_of_month,
    ),
    (compiled(r"(?P<m>\d{1,2})[/.-](?P<year>20\d\d)"), _month_number),
    (compiled(r"(?P<year>20\d\d)[/-](?P<m>0[1-9]|1[0-2])"), _year_first_month),
    (
        compiled(rf"(?:{END_OF} )?(?:q|qtr\.? ?|quarter ?)(?P<quarter>[1-4])(?: of)?,? ?(?:fy ?)?\(?{YEAR_PAIR}\)?"),
        _financial_quarter,
    ),
    (compiled(rf"{YEAR_PAIR},? ?(?:q|qtr\.? ?|quarter ?)(?P<quarter>[1-4])"), _financial_quarter),
    (compiled(rf"{END_OF} (?:calendar year )?(?P<year>20\d\d)"), _end_of_year),
    (compiled(rf"{END_OF} {WHICH_YEAR} {YEAR_PAIR}"), _end_of_council_year),
    (compiled(r"(?P<serial>\d{5})(?:\.0)?"), _excel_serial),
)


def read_period(text: str, near: date) -> Period | None:
    """The one date that the whole of `words` is, or None. `near` is the plan's own date."""
    text = text.strip(" .,;:")
    hedged = False
    for hedge in (_HEDGE_BEFORE.match(text), _HEDGE_AFTER.search(text)):
        if hedge:
            hedged = True
            text = text.replace(hedge.group(), "", 1).strip(" ,")
    by = _BY.match(text)
    if by:
        text = text[by.end() :]
    period = _bracketed_period(text, near) or read_bare_period(text, near)
    if period is None:
        return None
    # "By April" may mean before April begins.
    by_a_month = by is not None and by.group().startswith("by") and period.first != period.last
    doubtful = by_a_month and not re.match(END_OF, text)
    return replace(period, guessed=True) if hedged or doubtful else period


def read_bare_period(text: str, near: date) -> Period | None:
    """As `read_period`, for a date with nothing around it: no "by", no "approximately", no brackets."""
    weekday = _WEEKDAY.match(text)
    if weekday:
        period = read_bare_period(text[weekday.end() :], near)
        agrees = period and period.first == period.last and _WEEKDAYS[period.last.weekday()] == weekday[1]
        return period if agrees else None
    for pattern, reader in _READERS:
        match = pattern.fullmatch(text)
        if match:
            return reader(match, near)
    return _day_with_time(text, near) or _week(text, near) or _misspelt(text, near)


def _day_with_time(text: str, near: date) -> Period | None:
    """A day with a time behind it; late in the evening by Greenwich it is the next day in an English summer."""
    match = _TIME_OF_DAY.fullmatch(text)
    period = read_bare_period(match["day"], near) if match else None
    if match is None or period is None or period.precision is not Precision.DAY:
        return None
    if not match["zone"] or int(match["hour"]) < _LATE_EVENING:
        return period
    local = datetime(period.last.year, period.last.month, period.last.day, int(match["hour"]) % 24, 59, tzinfo=UTC)
    day = local.astimezone(LONDON).date()
    return Period(day, day, Precision.DAY, guessed=period.guessed or day != period.last)


def _week(text: str, near: date) -> Period | None:
    """ "w/c 5 Jan 2026": due by the Friday of that week, as a guess."""
    match = _WEEK.fullmatch(text)
    period = read_bare_period(match["day"], near) if match else None
    if period is None or period.precision is not Precision.DAY:
        return None
    friday = period.first + timedelta(days=(4 - period.first.weekday()) % 7)
    return Period(friday, friday, Precision.DAY, guessed=True)


def _misspelt(text: str, near: date) -> Period | None:
    """A date whose month has a slip of the pen, "28 Febuary 2027", as a guess; None if nothing is nearly a month."""
    if len(text) > _LONGEST_SLIP or not any(map(str.isdigit, text)):
        return None
    slips = [slip for slip in _WORD.findall(text) if slip not in _NO_SLIPS and not re.fullmatch(MONTH_WORD, slip)]
    meant = {slip: months[0] for slip in slips if len(months := _nearly(slip)) == 1}
    if len(meant) != 1:
        return None
    (slip, month), *_ = meant.items()
    corrected = text.replace(slip, month, 1)
    period = next(
        (
            made
            for pattern, reader in _READERS
            if (match := pattern.fullmatch(corrected)) and (made := reader(match, near))
        ),
        None,
    )
    return replace(period, guessed=True) if period else None


def _nearly(slip: str) -> list[str]:
    """The months that a word is but for one letter more, less or other, or two that changed places."""
    months = [month.lower() for month in MONTHS if month[0].lower() == slip[0] and len(month) > 4]
    return [month for month in months if abs(len(month) - len(slip)) <= 1 and is_one_slip(slip, month)]


def is_one_slip(written: str, meant: str) -> bool:
    """Return whether a word is another but for one letter more, less or other, or two that changed places."""
    shorter = min(len(written), len(meant))
    start = next((n for n in range(shorter) if written[n] != meant[n]), shorter)
    if start == shorter:
        return abs(len(written) - len(meant)) == 1
    swapped = written[:start] + written[start + 1 : start + 2] + written[start] + written[start + 2 :]
    return (
        written[start + 1 :] in {meant[start:], meant[start + 1 :]}
        or written[start:] == meant[start + 1 :]
        or swapped == meant
    )


def _bracketed_period(text: str, near: date) -> Period | None:
    """A date said twice, "End Q2 (Sept 2023)", where both agree."""
    match = _BRACKETED.fullmatch(text)
    if not match:
        return None
    inside = read_bare_period(match["inside"].strip(), near)
    outside = read_bare_period(match["outside"].strip(), near)
    if inside and outside:
        return outside if inside.last == outside.last else None
    quarter = _QUARTER_ALONE.fullmatch(match["outside"].strip())
    if inside and quarter and inside.last == last_day_of_month(inside.last):
        ends_in_month = (6, 9, 12, 3)[int(quarter["quarter"]) - 1]
        return replace(inside, precision=Precision.QUARTER) if inside.last.month == ends_in_month else None
    return None


@dataclass(frozen=True)
class MonthNamed:
    """A month with its year, found inside longer words. `before` is what is in front of it, plain."""

    last_day: date
    before: str


def months_named(text: str) -> tuple[MonthNamed, ...]:
    """Every month that the words name together with its year, in order; a numeric date names its month."""
    plain_text = plain(text)
    months = []
    for match in _MONTH_INSIDE.finditer(plain_text):
        month = _MONTH_NUMBER[match["month"][:3]] if match["month"] else int(match["m"])
        if 1 <= month <= 12:
            year = year_of(match["year"] or match["y"])
            months.append(MonthNamed(last_day_of_month(date(year, month, 1)), plain_text[: match.start()]))
    return tuple(months)

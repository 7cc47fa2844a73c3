"""Tables with a column for each month or week: marks that give the time of work, or words that are its updates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from ilacs_app.dates import MONTHS, long_date
from ilacs_app.intake.reader.columns.headings import heading_evidence
from ilacs_app.intake.reader.columns.traits import traits
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, plain, visible
from ilacs_app.intake.reader.layout.matrix import Candidate, Line
from ilacs_app.plan.parsing.dates import MONTH_WORD, months_named, read_period
from ilacs_app.plan.parsing.statuses import read_brag
from ilacs_app.plan.parsing.timescales import Timing, read_timescale

LEAST_MONTHS, LONGEST_MARK = 3, 3
LEAST_RATED = 0.8
"""The share of the cells under months that are ratings, if they are."""
_OF_NEWS = re.compile(r"\b(?:updates?|progress|position|at|as)\b")
_ONLY_A_MONTH = re.compile(rf"{MONTH_WORD}(?:\W*(?:20)?\d\d)?|(?:20)?\d\d\W{MONTH_WORD}")
LEAST_DATED, LEAST_OF_END = 0.6, 2.0
"""The share of cells with a date, and the evidence of the heading, by which a column beside marks states the end."""


def month_columns(frame: Candidate, near: date) -> Candidate | None:
    """A table with a column for each month as one with one column: marks give months of work, words are updates.

    Where another column states when each action ends, that column counts, and marks only where it is blank.
    """
    months = _months(frame.headings, near)
    in_order = sorted(months.values())
    if len(months) < LEAST_MONTHS or list(months.values()) not in (in_order, in_order[::-1]):
        return None
    cells = [row.cell(n) for row in frame.rows for n in months]
    texts = [visible(cell.live) for cell in cells if not cell.is_blank]
    if _are_ratings(texts):
        return None  # the newest is read (periods.period_columns)
    marks = not texts or sum(len(text) <= LONGEST_MARK for text in texts) > 0.8 * len(texts)
    stated = _end_column(frame, months, near) if marks else None
    other_places = [n for n in range(len(frame.headings)) if n not in months and n != stated]
    at = min(months)
    of_marks = [n for n in months if n != at]
    head = at if stated is None else stated
    place = sum(n < head for n in other_places)
    heading = "Timescale" if marks else "Progress"
    without_year = marks and not all(_names_a_year(frame.headings[n]) for n in months)
    weeks = marks and any(_names_a_day(frame.headings[n], near) for n in months)

    def read(row: Line) -> tuple[Cell, bool]:
        made = _marked(row, months, weeks=weeks) if marks else _monthly_news(row, frame.headings, months)
        if stated is not None:
            return _end_of(row.seen(stated), made, near, without_year=without_year)
        return made, (without_year or weeks) and not made.is_blank

    read_cells = [(row, *read(row)) for row in frame.rows]
    lines = [_with_one(row, made, others=other_places, place=place, unsure=unsure) for row, made, unsure in read_cells]
    headings = [frame.headings[n] for n in other_places]
    names = [frame.names[n] for n in other_places]
    twins: list[tuple[tuple[str, str], ...]] = [() for _ in other_places]
    others = tuple((frame.headings[n], frame.names[n]) for n in (of_marks if stated is None else months))
    remark = (
        f"{frame.head_at}, {frame.names[at]}",
        f"{len(months)} columns are {'weeks' if weeks else 'months'}. "
        + _what_they_are(frame, stated, marks=marks, without_year=without_year),
        "Check it, and correct it where it is wrong.",
    )
    return replace(
        frame,
        layout="months as columns",
        headings=(*headings[:place], frame.headings[head], *headings[place:]),
        column_evidence=(*headings[:place], heading, *headings[place:]),
        twins=(*twins[:place], others, *twins[place:]),
        names=(*names[:place], frame.names[head], *names[place:]),
        rows=tuple(lines),
        remarks=(*frame.remarks, remark),
    )


def _with_one(row: Line, made: Cell, *, others: Sequence[int], place: int, unsure: bool) -> Line:
    """A row with one cell in place of those of the months, at ``place`` among the others."""
    own = [row.cell(n) for n in others]
    over = {p + (p >= place): row.over[n] for p, n in enumerate(others) if n in row.over}
    doubts = row.unsure | {"timescale"} if unsure else row.unsure
    return replace(row, cells=(*own[:place], made, *own[place:]), over=over, unsure=doubts)


def _are_ratings(texts: Sequence[str]) -> bool:
    """Return whether the cells of months are ratings, of at least two kinds: one letter alone may be a mark."""
    rated = [text for text in texts if read_brag(text)]
    return len(rated) >= LEAST_RATED * max(1, len(texts)) and len({read_brag(text) for text in rated}) > 1


def _what_they_are(frame: Candidate, stated: int | None, *, marks: bool, without_year: bool) -> str:
    if not marks:
        return "We read them as monthly updates."
    if stated is not None:
        return f"We read “{frame.headings[stated]}” as the date, and the marked months only where it is blank."
    if without_year:
        return "We read the marked ones as the period of an action. They name no year, so we worked it out."
    return "We read the marked ones as the period of an action."


def _months(headings: Sequence[str], near: date) -> dict[int, date]:
    """The first day of the month, or the day of the week, that each heading names, by its place.

    A month without a year follows the one before it; the first of them is such that the plan's date is in their run,
    or before it.
    """
    first_days: dict[int, date] = {}
    bare: dict[int, int] = {}
    for n, heading in enumerate(headings):
        if not _names_a_year(heading):
            bare[n] = [month[:3].lower() for month in MONTHS].index(_without_news(heading)[:3]) + 1
        elif month := _month(heading, near):
            first_days[n] = month
    return {**first_days, **_in_a_row(bare, near)}


def _in_a_row(bare: Mapping[int, int], near: date) -> dict[int, date]:
    """The months without a year, each later than the one before it; the run ends no earlier than the plan's date."""
    first_days: dict[int, date] = {}
    year, last = near.year, 0
    for n, month in bare.items():
        year += month <= last
        first_days[n], last = date(year, month, 1), month
    if not first_days:
        return first_days
    first, end = min(first_days.values()), max(first_days.values())
    if first > near and first.replace(year=first.year - 1) <= near <= end.replace(year=end.year - 1):
        return {n: day.replace(year=day.year - 1) for n, day in first_days.items()}
    if end < near.replace(day=1):
        return {n: day.replace(year=day.year + 1) for n, day in first_days.items()}
    return first_days


def are_only_months(frame: Candidate, near: date) -> bool:
    """Return whether a table has columns for months in a row that are called nothing else but news of them."""
    months = _months(frame.headings, near)
    in_order = sorted(months.values())
    named = [frame.headings[n] for n in months]
    return (
        len(months) >= LEAST_MONTHS
        and list(months.values()) in (in_order, in_order[::-1])
        and all(_ONLY_A_MONTH.fullmatch(_without_news(heading)) for heading in named)
    )


def _names_a_year(heading: str) -> bool:
    return not re.fullmatch(MONTH_WORD, _without_news(heading))


def _names_a_day(heading: str, near: date) -> bool:
    """Return whether a heading names one day: that of a week, such as "w/c 13 April 2026", is its Friday."""
    period = read_period(plain(heading), near)
    return period is not None and period.first == period.last


def _without_news(heading: str) -> str:
    """A heading without the words that call its column news: "May update" is "may"."""
    return _OF_NEWS.sub("", plain(heading)).strip()


def _month(heading: str, near: date) -> date | None:
    text = plain(heading)
    if turned := re.fullmatch(rf"((?:20)?\d\d) ({MONTH_WORD})", text):
        text = f"{turned[2]} {turned[1]}"  # the year of a row above it
    period = read_period(text, near) if len(text) <= 24 else None
    if period:
        return period.first
    named = months_named(_OF_NEWS.sub("", text))
    return named[0].last_day.replace(day=1) if len(named) == 1 and len(text) <= 30 else None


def _end_column(frame: Candidate, months: Mapping[int, date], near: date) -> int | None:
    """The column beside the months that says in words when each action ends: the one whose heading says so most."""
    best, most = None, LEAST_OF_END
    for n, heading in enumerate(frame.headings):
        texts = [visible(row.seen(n).live) for row in frame.rows if not row.seen(n).is_blank]
        if n in months or not texts:
            continue
        dated = sum(bool(traits(text, near) & {"dates", "ongoing"}) for text in texts)
        weight = heading_evidence(heading).weights.get("timescale", 0.0)
        if weight >= most and dated >= LEAST_DATED * len(texts):
            best, most = n, weight + 0.01
    return best


def _end_of(stated: Cell, marked: Cell, near: date, *, without_year: bool) -> tuple[Cell, bool]:
    """The date of an action that has marks too, and whether it is in doubt: the two end in different months."""
    if stated.is_blank:
        return marked, without_year and not marked.is_blank
    if marked.is_blank:
        return stated, False
    day = stated.day or _due(visible(stated.live), near)
    end = _due(marked.live, near)
    if day is None or end is None:
        return stated, False
    return stated, day.month != end.month if without_year else (day.year, day.month) != (end.year, end.month)


def _due(text: str, near: date) -> date | None:
    scale = read_timescale(text, near)
    return scale.due_on if scale.kind in {Timing.DATE, Timing.WINDOW} else None


def _marked(row: Line, months: Mapping[int, date], *, weeks: bool) -> Cell:
    """The time that the marks of a row give, from the first to the last of them."""
    marked = [months[n] for n in months if not row.cell(n).is_blank or row.cell(n).fill not in {"", "white"}]
    if not marked:
        return EMPTY
    first, last = min(marked), max(marked)
    if weeks:
        return Cell(f"{long_date(first - timedelta(days=first.weekday()))} - {long_date(last)}")
    ends = [f"{MONTHS[day.month - 1]} {day.year}" for day in dict.fromkeys((first, last))]
    return Cell(" - ".join(ends))


def _monthly_news(row: Line, headings: Sequence[str], months: Mapping[int, date]) -> Cell:
    ordered = sorted(months, key=lambda n: months[n], reverse=True)
    return Cell("\n".join(f"{headings[n]}: {row.cell(n).live}" for n in ordered if row.cell(n).live))

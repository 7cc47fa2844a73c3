"""The pure rule of corrected readings: what the words of a timescale can mean (product rule: section 4).

A correction changes how unchanged words are read. It is not a way to move a date: where the words were read with
certainty, only what they name is left to choose from, and everything else is a date change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ilacs_app.dates import add_months_end, long_date
from ilacs_app.plan.parsing.dates import Precision, months_named
from ilacs_app.plan.parsing.timescales import Stage, Timescale, Timing

REVIEW_WITHIN_MONTHS = 3
BOARDS_SEE_IT_DAYS = 60
"""For how many days boards' pages show a corrected reading."""
NO_DATE = frozenset({Timing.NONE, Timing.NOT_UNDERSTOOD})
_MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.YEAR: 12}

REQUEST_INSTEAD = "For another date, request a date change on the action’s page."
NO_WORDS = "The plan gives no timescale here. Give a first date instead."
HAS_A_DATE = "This action already has a date. Request a date change instead."
UNCLEAR = "Enter a date we can read with certainty, like 31 March 2027, or “Ongoing, review” and a month"
NO_REASON = "Enter a reason"
SAME_READING = "We already read it like that. Enter another date, or leave it as it is"
CORRECTED_ONCE = (
    "The reading of this timescale was corrected on {day}. It can be corrected once, and again only on the same day. "
    + REQUEST_INSTEAD
)
A_DAY = f"The plan’s words name a day, so they cannot mean another. {REQUEST_INSTEAD}"
REQUEST_WAITS = "A date change is requested for this action. Decide it first, or ask for it to be withdrawn."
SUBMITTED = "This plan is no longer a draft, so the timescale stays as it was. " + REQUEST_INSTEAD


@dataclass(frozen=True)
class Days:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        if self.first == self.last:
            return long_date(self.first)
        return f"{long_date(self.first)} to {long_date(self.last)}"

    def hold(self, meant: Timescale) -> bool:
        """Return whether a date or a period is within these days."""
        if meant.kind not in {Timing.DATE, Timing.WINDOW} or meant.due_on is None:
            return False
        return self.first <= (meant.starts_on or meant.due_on) and meant.due_on <= self.last


def why_not_meant(as_read: Timescale, meant: Timescale, today: date, *, certain: bool) -> str | None:
    """Return why ``as_read``, as we read them by themselves, cannot mean ``meant``; None if they can.

    ``certain``: the reading that is corrected was neither a guess nor missing. ``meant`` is itself certain.
    """
    if not certain or as_read.guessed or as_read.kind in NO_DATE:
        return None
    if as_read.kind == Timing.ONGOING:
        return _why_not_review(meant, today)
    if as_read.kind == Timing.STAGES:
        return _why_not_stages(as_read, meant)
    choices = days_named(as_read)
    if not choices:
        return A_DAY
    if any(days.hold(meant) for days in choices):
        return None
    return f"The plan’s words can only mean {' or '.join(map(str, choices))}. {REQUEST_INSTEAD}"


def choices_left(as_read: Timescale, today: date) -> str:
    """Say what is left to choose from where ``as_read`` was read with certainty; "" if nothing is."""
    if as_read.kind == Timing.ONGOING:
        return f"A review date from today to {long_date(add_months_end(today, REVIEW_WITHIN_MONTHS))}"
    if as_read.kind == Timing.STAGES:
        return "; ".join(f"{stage.label}: {' or '.join(map(str, _stage_days(stage)))}" for stage in as_read.stages)
    return " or ".join(map(str, days_named(as_read)))


def days_named(as_read: Timescale) -> list[Days]:
    """Return the days that the words of one date or one window can mean; none where they name a single day.

    A quarter is one of the financial or of the calendar year.
    """
    if as_read.due_on is None:
        return []
    if as_read.kind == Timing.WINDOW and as_read.starts_on is not None:
        return [Days(as_read.starts_on, as_read.due_on)]
    return list(_days(as_read.text, as_read.due_on, as_read.precision))


def _stage_days(stage: Stage) -> list[Days]:
    return list(_days(stage.label, stage.due_on, stage.precision)) or [Days(stage.due_on, stage.due_on)]


def _days(text: str, due_on: date, precision: Precision | None) -> Iterator[Days]:
    months = _MONTHS.get(precision or Precision.DAY)
    if months is None:
        return
    yield _whole_months(due_on, months)
    if precision is Precision.QUARTER and not months_named(text):  # "Q2 (Sept 2023)" says which quarter it is
        yield from _calendar_quarters(due_on)


def _whole_months(last: date, months: int) -> Days:
    return Days(add_months_end(last, -months) + timedelta(days=1), last)


def _calendar_quarters(due_on: date) -> Iterator[Days]:
    """The calendar quarters with the number of the financial quarter that ends on ``due_on``."""
    number = (due_on.month // 3 - 2) % 4 + 1
    starts_in = due_on.year if due_on.month > 3 else due_on.year - 1
    for year in (starts_in, starts_in + 1) if number == 1 else (starts_in,):
        yield _whole_months(add_months_end(date(year, 1, 1), 3 * number - 1), 3)


def _why_not_review(meant: Timescale, today: date) -> str | None:
    last = add_months_end(today, REVIEW_WITHIN_MONTHS)
    if meant.kind == Timing.ONGOING and meant.review_on is not None and today <= meant.review_on <= last:
        return None
    return (
        "The plan’s words mean ongoing work. Enter “Ongoing, review” and a day or month "
        f"from today to {long_date(last)}. {REQUEST_INSTEAD}"
    )


def _why_not_stages(as_read: Timescale, meant: Timescale) -> str | None:
    names = ", ".join(f"“{stage.label}”" for stage in as_read.stages)
    if len(meant.stages) != len(as_read.stages):
        return f"Enter a date for each stage: {names}. Put each on its own line, like “Pilot - 15 March 2027”"
    for stage, corrected in zip(as_read.stages, meant.stages, strict=True):
        days = _stage_days(stage)
        if not any(named.first <= corrected.due_on <= named.last for named in days):
            return f"The stage “{stage.label}” can only mean {' or '.join(map(str, days))}. {REQUEST_INSTEAD}"
    return None

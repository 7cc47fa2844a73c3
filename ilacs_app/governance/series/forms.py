"""The form of a series of meetings."""

from __future__ import annotations

from datetime import date, timedelta

from ilacs_app.dates import WEEKDAYS, long_date, read_time
from ilacs_app.forms.fields import HouseForm, choice, line
from ilacs_app.governance.series.rules import HOW_OFTEN, MOST_MEETINGS, WHICH_WEEK, Series, days_of
from ilacs_app.plan.parsing.days import read_day

LONGEST_SERIES = timedelta(days=5 * 366)


class SeriesForm(HouseForm):
    BEGUN = frozenset({"every", "which", "weekday"})
    every = choice("How often", dict(HOW_OFTEN))
    weekday = choice("Day of the week", {str(number): name for number, name in enumerate(WEEKDAYS)})
    which = choice("Which week of the month", dict(WHICH_WEEK), description="Not used for meetings every few weeks")
    first_on = line("From", description="For example, 1 January 2027")
    last_on = line("Until", description="For example, 31 December 2027")
    at_time = line("Time", description="For example, 2pm. You can add it later")
    place = line("Place", description="For example, Committee Room 2, or online")

    @property
    def time(self) -> str:
        """The time as ``14:00``; empty if none was given or it cannot be read."""
        return (read_time(self.at_time.data) or "") if self.at_time.data else ""

    def days(self, today: date) -> list[date] | None:
        """Return the days of the series; None if there is none, after saying at each wrong field what to enter."""
        complete: bool = self.validate()
        for field, options in ((self.every, HOW_OFTEN), (self.which, WHICH_WEEK)):
            if field.data not in options:
                complete = self.bad(field, "Select one of these")
        if self.weekday.data not in {choice.value for choice in self.weekday.choices}:
            complete = self.bad(self.weekday, "Select a day of the week")
        first, last = read_day(self.first_on.data), read_day(self.last_on.data)
        for field, day in ((self.first_on, first), (self.last_on, last)):
            if day is None:
                complete = self.bad(field, "Enter a real date, like 21 May 2027")
        if self.at_time.data and read_time(self.at_time.data) is None:
            complete = self.bad(self.at_time, "Enter a time, like 2pm or 14:00, or leave this empty")
        if first is None or last is None or not complete:
            return None
        return self._days(first, last, today)

    def _days(self, first: date, last: date, today: date) -> list[date] | None:
        if first < today:
            self.bad(self.first_on, f"Enter today, {long_date(today)}, or a later date")
            return None
        if last < first or last - first > LONGEST_SERIES:
            self.bad(self.last_on, "Enter a date after the first, and within 5 years of it")
            return None
        days = days_of(Series(self.every.data, self.which.data, int(self.weekday.data), first, last))
        if not days:
            self.bad(self.last_on, "There is no such day between these dates. Enter a later date")
        elif len(days) > MOST_MEETINGS:
            self.bad(self.last_on, f"These are more than {MOST_MEETINGS} meetings. Enter an earlier date")
        return days if 0 < len(days) <= MOST_MEETINGS else None

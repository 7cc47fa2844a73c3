"""The days of a regular meeting."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.governance.series.rules import HOW_OFTEN, MOST_MEETINGS, WHICH_WEEK, Series, days_of


def days(every: str, which: str, weekday: int, first: date, last: date) -> list[str]:
    return [f"{day:%d %b}" for day in days_of(Series(every, which, weekday, first, last))]


def test_every_month_on_the_second_tuesday():
    assert days("1_month", "2", 1, date(2027, 1, 1), date(2027, 6, 30)) == [
        "12 Jan",
        "09 Feb",
        "09 Mar",
        "13 Apr",
        "11 May",
        "08 Jun",
    ]


def test_a_month_whose_day_has_passed_is_left_out_and_the_last_day_counts():
    assert days("1_month", "2", 1, date(2027, 1, 13), date(2027, 3, 9)) == ["09 Feb", "09 Mar"]
    assert days("3_months", "1", 0, date(2026, 12, 8), date(2027, 9, 30)) == ["04 Jan", "05 Apr", "05 Jul"]


def test_the_last_friday_is_the_fourth_or_the_fifth():
    assert days("1_month", "last", 4, date(2027, 1, 1), date(2027, 3, 31)) == ["29 Jan", "26 Feb", "26 Mar"]


def test_every_few_weeks_from_the_first_such_weekday():
    assert days("2_weeks", "1", 2, date(2027, 2, 1), date(2027, 3, 3)) == ["03 Feb", "17 Feb", "03 Mar"]


def by_counting(every: str, which: str, weekday: int, first: date, last: date) -> list[date]:
    """The days of a series, found by looking at each day of a calendar in turn."""
    calendar = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    weekdays = [day for day in calendar if day.weekday() == weekday]
    count, unit = every.split("_")
    if unit.startswith("week"):
        return weekdays[:: int(count)]
    week = timedelta(weeks=1)
    if which == "last":
        ours = [day for day in weekdays if (day + week).month != day.month]
    else:
        ours = [day for day in weekdays if (day.day - 1) // 7 + 1 == int(which)]
    return ours[:: int(count)]


@given(
    st.sampled_from(list(HOW_OFTEN)),
    st.sampled_from(list(WHICH_WEEK)),
    st.integers(0, 6),
    st.dates(date(2023, 12, 25), date(2029, 3, 3)),
    st.integers(0, 1830),
)
def test_a_series_is_what_counting_the_days_of_a_calendar_gives(every, which, weekday, first, length):
    last = first + timedelta(days=length)
    counted = by_counting(every, which, weekday, first, last)
    assert days_of(Series(every, which, weekday, first, last)) == counted[: MOST_MEETINGS + 1]


def test_the_last_friday_is_the_fifth_where_there_is_one_and_may_be_the_31st():
    assert days("1_month", "last", 4, date(2027, 7, 1), date(2027, 12, 31)) == [
        "30 Jul",
        "27 Aug",
        "24 Sep",
        "29 Oct",
        "26 Nov",
        "31 Dec",
    ]


def test_a_series_that_begins_on_the_31st_goes_on_in_shorter_months():
    assert days("1_month", "last", 6, date(2027, 1, 31), date(2027, 4, 30)) == ["31 Jan", "28 Feb", "28 Mar", "25 Apr"]
    assert days("1_month", "1", 0, date(2027, 5, 31), date(2027, 7, 31)) == ["07 Jun", "05 Jul"]


def test_the_last_day_of_february_counts_in_a_leap_year():
    assert days("1_month", "last", 1, date(2028, 2, 1), date(2028, 2, 29)) == ["29 Feb"]


START = st.dates(date(2020, 1, 1), date(2090, 12, 31))


@given(
    st.sampled_from(list(HOW_OFTEN)), st.sampled_from(list(WHICH_WEEK)), st.integers(0, 6), START, st.integers(0, 1800)
)
def test_every_day_is_the_weekday_within_the_dates_and_in_order(every, which, weekday, first, length):
    last = first + timedelta(days=length)
    found = days_of(Series(every, which, weekday, first, last))
    assert all(day.weekday() == weekday and first <= day <= last for day in found)
    assert found == sorted(set(found)) and len(found) <= MOST_MEETINGS + 1
    if "month" in every and which != "last":
        assert all((day.day - 1) // 7 == int(which) - 1 for day in found)
    if every == "1_month" and len(found) <= MOST_MEETINGS and length > 62:
        months = {(day.year, day.month) for day in found}
        inner = {(d.year, d.month) for d in (first + timedelta(days=n) for n in range(31, length - 31))}
        assert inner <= months | {(first.year, first.month), (last.year, last.month)}

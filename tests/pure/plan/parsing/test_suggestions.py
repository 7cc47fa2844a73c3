"""The day that loose words may mean is offered beside the question, and never taken as the date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.plan.parsing.suggestions import suggested_day
from ilacs_app.plan.parsing.timescales import Timing, read_timescale

PLAN_DATED_ON = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Spring 2026", "2026-05-31"),
        ("by summer 2027", "2027-08-31"),
        ("Autumn", "2026-11-30"),
        ("Winter 2026", "2027-02-28"),
        ("Winter 2026/27", "2027-02-28"),
        ("Summer term 2027", "2027-07-31"),
        ("end of autumn term 2026", "2026-12-31"),
        ("Spring term", "2027-03-31"),
        ("early 2027", "2027-03-31"),
        ("mid-2027", "2027-06-30"),
        ("Late 2027", "2027-12-31"),
        ("by Easter 2027", "2027-03-28"),
        ("Before Christmas", "2026-12-24"),
        ("within 3 months", "2027-02-28"),
        ("Within the next six weeks", "2027-01-09"),
        ("With immediate effect", "2026-11-28"),
        ("Immediately", "2026-11-28"),
        ("End of the financial year", "2027-03-31"),
        ("31 November 2026", "2026-11-30"),
        ("ASAP", "2026-11-28"),
        ("As soon as possible", "2026-11-28"),
        ("Q3", "2026-12-31"),
        ("by the end of Q1", "2027-06-30"),
        ("Quarter 4 2026", "2027-03-31"),
        ("Q2 2027", "2027-09-30"),
        ("Year end", "2027-03-31"),
        ("By year-end 2028", "2028-03-31"),
        ("Year end 2026/27", "2027-03-31"),
        ("End of year", "2027-03-31"),
        ("February half term", "2027-02-19"),
        ("by Feb half-term 2028", "2028-02-18"),
        ("May half term", "2027-05-28"),
        ("October half term 2027", "2027-10-29"),
        ("half term", "2027-02-19"),
        ("end of term", "2026-12-31"),
        ("By the end of this term", "2026-12-31"),
        ("Next term", "2027-03-31"),
        ("w/c 6 April", "2027-04-09"),
        ("w/e 10 April", "2027-04-10"),
        ("Tuesday 6 April", "2027-04-06"),
        ("31 March", "2027-03-31"),
        ("30/11", "2026-11-30"),
        ("27/11", "2027-11-27"),
        ("December", "2026-12-31"),
        ("by end of March", "2027-03-31"),
        ("mid June", "2027-06-15"),
        ("May/June", "2027-06-30"),
        ("next month", "2026-12-31"),
        ("end of this quarter", "2026-12-31"),
        ("Next quarter", "2027-03-31"),
        ("next week", "2026-12-04"),
        ("6 weeks", "2027-01-09"),
        ("3-6 months", "2027-05-31"),
        ("6 months' time", "2027-05-31"),
    ],
)
def test_loose_words_have_a_likely_day_and_are_still_no_date(text: str, day: str) -> None:
    offered = suggested_day(text, PLAN_DATED_ON)
    assert offered is not None and offered.day == date.fromisoformat(day)
    assert offered.because
    assert read_timescale(text, PLAN_DATED_ON).kind is Timing.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TBC",
        "Winter term 2026",
        "when funding allows",
        "within 99 months",
        "32 March 2026",
        "2026",
        "Short term",
        "Start of term",
        "Start of Q3",
        "Q5",
        "Year end 2026/28",
        "Year 3",
        "Monday 6 April",
        "3/4",
        "may need more staff",
        "31 September",
    ],
)
def test_nothing_is_offered_where_no_day_is_likely(text: str) -> None:
    assert suggested_day(text, PLAN_DATED_ON) is None


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("Q3", "quarter 3 of the financial year ends in December"),
        ("Year end", "the end of the financial year"),
        ("February half term", "most schools’ half term ends on that Friday"),
        ("w/c 6 April", "the next one after the date of the plan, 28 November 2026"),
        ("Spring term", "the spring term ends in March"),
    ],
)
def test_a_day_is_offered_with_its_reason(text: str, because: str) -> None:
    offered = suggested_day(text, PLAN_DATED_ON)
    assert offered is not None and offered.because == because


@given(st.text(max_size=60), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_no_text_makes_the_suggestion_fail(text: str, near: date) -> None:
    suggested_day(text, near)

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
    ],
)
def test_loose_words_have_a_likely_day_and_are_still_no_date(text: str, day: str) -> None:
    assert suggested_day(text, PLAN_DATED_ON) == date.fromisoformat(day)
    assert read_timescale(text, PLAN_DATED_ON).kind is Timing.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "text", ["", "TBC", "ASAP", "Winter term 2026", "when funding allows", "within 99 months", "32 March 2026", "2026"]
)
def test_nothing_is_offered_where_no_day_is_likely(text: str) -> None:
    assert suggested_day(text, PLAN_DATED_ON) is None


@given(st.text(max_size=60), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_no_text_makes_the_suggestion_fail(text: str, near: date) -> None:
    suggested_day(text, near)

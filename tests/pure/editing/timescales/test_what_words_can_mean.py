"""What the words of a timescale can mean: the only thing to which a certain reading is corrected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ilacs_app.dates import add_months_end, last_day_of_month, long_date
from ilacs_app.editing.timescales.rules import choices_left, why_not_meant
from ilacs_app.plan.parsing.timescales import Timing, read_timescale

PLAN_DATED = date(2018, 2, 22)
TODAY = date(2018, 4, 6)


def why_not(words: str, meant: str, *, certain: bool = True, today: date = TODAY) -> str | None:
    return why_not_meant(read_timescale(words, PLAN_DATED), read_timescale(meant, PLAN_DATED), today, certain=certain)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("End April 2018", "3 April 2018"),
        ("April 2018", "1 April 2018"),
        ("End April 2018", "9 April 2018 - 20 April 2018"),
        ("Q3 2018/19", "31 October 2018"),
        ("Q3 2018/19", "End September 2018"),
        ("Q1 2018/19", "March 2018"),
        ("Q1 2018/19", "March 2019"),
        ("End Q2 (Sept 2018)", "14 September 2018"),
        ("Throughout 2018", "30 June 2018"),
        ("May 2019 - June 2019", "May 2019"),
        ("academic year 2018-19", "31 March 2019"),
        ("End of 2018", "End of November 2018"),
        ("Ongoing", "Ongoing, review July 2018"),
        ("Ongoing - review Dec 2018", "Monthly - review 6 April 2018"),
        ("Pilot - End Feb 2018  Full Roll Out - End April 2018", "Pilot - 5 Feb 2018; Full Roll Out - 9 April 2018"),
        ("Mar 2019; Sept 2019", "15 Mar 2019; 20 Sept 2019"),
        ("April 2018 (revised September 2018)", "14 September 2018"),
    ],
)
def test_certain_words_are_corrected_to_what_they_name(words, meant):
    assert why_not(words, meant) is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("End November 2026", "31 March 2028"),
        ("End April 2018", "1 May 2018"),
        ("End April 2018", "31 March 2018"),
        ("End April 2018", "20 April 2018 - 3 May 2018"),
        ("End April 2018", "Ongoing"),
        ("End April 2018", "3 April 2018; 9 April 2018"),
        ("30/09/2018", "29 September 2018"),
        ("30/09/2018", "30 September 2018; 30 September 2018"),
        ("Q3 2018/19", "1 January 2019"),
        ("Q3 2018/19", "End September 2019"),
        ("End Q2 (Sept 2018)", "June 2018"),
        ("Throughout 2018", "1 January 2019"),
        ("Throughout 2018", "Ongoing, review May 2018"),
        ("May 2019 - June 2019", "April 2019 - June 2019"),
        ("Ongoing", "30 June 2018"),
        ("Ongoing", "Ongoing, review August 2018"),
        ("Ongoing", "Ongoing, review March 2018"),
        ("Pilot - End Feb 2018  Full Roll Out - End April 2018", "9 April 2018"),
        ("Pilot - End Feb 2018  Full Roll Out - End April 2018", "Pilot - 5 Feb 2018; Full Roll Out - 9 May 2018"),
        ("Pilot - End Feb 2018  Full Roll Out - End April 2018", "Pilot - 5 April 2018; Full Roll Out - 9 April 2018"),
        ("12 Mar 2019; Sept 2019", "13 Mar 2019; 20 Sept 2019"),
        ("April 2018 (revised September 2018)", "14 April 2018"),
    ],
)
def test_anything_else_is_a_date_change_and_the_sentence_says_so(words, meant):
    says = why_not(words, meant)
    assert says and ("request a date change" in says or says.startswith("Enter a date for each stage"))


@pytest.mark.parametrize("words", ["by Easter 2018", "TBC", "31/04/2018", "by April 2018", "Autumn term"])
def test_a_guess_or_words_that_are_not_understood_can_mean_any_date(words):
    assert why_not(words, "31 March 2031") is None


def test_a_reading_that_was_a_guess_is_free_although_the_words_alone_are_certain():
    assert why_not("04/05/2018", "5 April 2018", certain=False) is None
    assert why_not("04/05/2018", "5 April 2018")


DAYS = st.dates(date(2017, 1, 1), date(2021, 12, 31))


@settings(max_examples=400)
@given(named=DAYS, meant=DAYS, ends=st.booleans())
def test_a_month_means_its_days_and_no_other(named, meant, ends):
    words = f"{'End ' if ends else ''}{named:%B %Y}"
    allowed = (named.year, named.month) == (meant.year, meant.month)
    assert (why_not(words, long_date(meant)) is None) == allowed


@settings(max_examples=400)
@given(named=DAYS, meant=DAYS)
def test_a_named_day_means_itself_alone(named, meant):
    assert why_not(f"{named:%d/%m/%Y}", long_date(meant))


@settings(max_examples=400)
@given(first=DAYS, length=st.integers(1, 900), meant=DAYS)
def test_a_window_means_its_days_and_no_other(first, length, meant):
    last = first + timedelta(days=length)
    words = f"{long_date(first)} to {long_date(last)}"
    assert read_timescale(words, PLAN_DATED).kind == Timing.WINDOW
    assert (why_not(words, long_date(meant)) is None) == (first <= meant <= last)


@settings(max_examples=400)
@given(number=st.integers(1, 4), year=st.integers(2017, 2020), meant=DAYS)
def test_a_quarter_is_of_the_financial_or_of_the_calendar_year(number, year, meant):
    financial = (year if number < 4 else year + 1, (4, 7, 10, 1)[number - 1])
    first_months = {financial, (year, 3 * number - 2), *([(year + 1, 1)] if number == 1 else [])}
    allowed = (meant.year, (meant.month - 1) // 3 * 3 + 1) in first_months
    assert (why_not(f"Q{number} {year}/{(year + 1) % 100}", long_date(meant)) is None) == allowed


@settings(max_examples=400)
@given(review=DAYS, today=DAYS)
def test_ongoing_work_is_reviewed_within_three_months(review, today):
    allowed = today <= review <= add_months_end(today, 3)
    assert (why_not("Ongoing", f"Ongoing, review {long_date(review)}", today=today) is None) == allowed


@settings(max_examples=400)
@given(pilot=DAYS, roll_out=DAYS, meant=st.tuples(DAYS, DAYS))
def test_each_stage_keeps_to_its_own_month(pilot, roll_out, meant):
    words = f"Pilot - End {pilot:%B %Y}; Roll Out - End {roll_out:%B %Y}"
    allowed = all(
        last_day_of_month(named) == last_day_of_month(day) for named, day in zip((pilot, roll_out), meant, strict=True)
    )
    written = f"Pilot - {long_date(meant[0])}; Roll Out - {long_date(meant[1])}"
    assert (why_not(words, written) is None) == allowed


def test_what_is_left_to_choose_is_shown_in_words():
    said = {
        "End April 2018": "1 April 2018 to 30 April 2018",
        "Q3 2018/19": "1 October 2018 to 31 December 2018 or 1 July 2018 to 30 September 2018",
        "30/09/2018": "",
        "Ongoing": "A review date from today to 31 July 2018",
        "Pilot - End Feb 2018; Roll Out - 9 April 2018": (
            "Pilot: 1 February 2018 to 28 February 2018; Roll Out: 9 April 2018"
        ),
    }
    assert {words: choices_left(read_timescale(words, PLAN_DATED), TODAY) for words in said} == said

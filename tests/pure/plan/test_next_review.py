"""When an ongoing action is next reviewed (product rule: section 4)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.dates import add_months_end
from ilacs_app.plan.parsing.timescales import next_review

FIRST = date(2018, 5, 31)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("last_word_on", "review_on"),
    [
        (None, "2018-05-31"),
        (date(2018, 2, 22), "2018-05-31"),
        (date(2018, 5, 2), "2018-05-31"),
        (date(2018, 5, 3), "2018-08-31"),
        (date(2018, 5, 31), "2018-08-31"),
        (date(2018, 8, 2), "2018-08-31"),
        (date(2018, 8, 3), "2018-11-30"),
        (date(2018, 11, 2), "2019-02-28"),
    ],
)
def test_an_update_within_28_days_of_a_review_or_later_is_the_review(last_word_on: date | None, review_on: str) -> None:
    assert next_review(FIRST, last_word_on) == date.fromisoformat(review_on)


def test_a_given_review_date_that_is_no_month_end_is_followed_by_month_ends() -> None:
    assert next_review(date(2018, 6, 15), date(2018, 6, 10)) == date(2018, 9, 30)


@given(DAYS, DAYS)
def test_it_is_the_first_of_the_series_more_than_28_days_after_the_word(first: date, word: date) -> None:
    review, step = first, 0
    while (review - word).days <= 28:
        step += 1
        review = add_months_end(first, 3 * step)
    assert next_review(first, word) == review


@given(DAYS, DAYS, st.integers(0, 1000))
def test_a_later_word_never_brings_a_review_forward(first: date, word: date, days: int) -> None:
    assert next_review(first, word) <= next_review(first, word + timedelta(days=days))

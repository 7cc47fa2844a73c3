"""Product rule 6, My work: each item once, in the first group that fits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.plan.rules import OPEN, STARTED, Facts, Status, Timeliness, timeliness
from ilacs_app.worklist.rules import GROUP_WORDS, Group, group_of

TODAY = date(2018, 4, 7)
dates = st.integers(-70, 70).map(lambda n: TODAY + timedelta(days=n))
facts = st.builds(
    Facts,
    status=st.sampled_from(Status),
    due_on=st.none() | dates,
    review_on=st.none() | dates,
    paused_until=st.none() | dates,
    last_word_on=dates,
    window=st.integers(1, 60),
)


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


WELL = Facts(Status.IN_PROGRESS, due_on=day(90), last_word_on=day(-7))


@pytest.mark.parametrize(
    ("given_facts", "back", "group"),
    [
        (replace(WELL, due_on=day(-5)), True, Group.SENT_BACK),
        (replace(WELL, due_on=day(-5)), False, Group.OVERDUE),
        (replace(WELL, due_on=day(0)), False, Group.DUE_SOON),
        (replace(WELL, due_on=day(28)), False, Group.DUE_SOON),
        (replace(WELL, due_on=None, review_on=day(28)), False, Group.REVIEW_DUE),
        (replace(WELL, due_on=None, review_on=day(-5)), False, Group.REVIEW_DUE),
        (replace(WELL, last_word_on=day(-36)), False, Group.NEEDS_WORD),
        (replace(WELL, last_word_on=day(-35)), False, None),
        (replace(WELL, status=Status.NOT_STARTED, last_word_on=day(-90)), False, None),
        (replace(WELL, status=Status.COMPLETED, due_on=day(-5)), False, None),
        (replace(WELL, status=Status.PAUSED, paused_until=day(-5)), False, None),
        (replace(WELL, status=Status.WITHDRAWN, due_on=day(-5)), False, None),
    ],
)
def test_each_group_by_example(given_facts, back, group):
    assert group_of(given_facts, back, TODAY) == group


@given(facts, st.booleans())
def test_nothing_waits_that_is_done_or_laid_aside(f, back):
    if f.status not in OPEN:
        assert group_of(f, back, TODAY) is None


@given(facts)
def test_what_is_overdue_always_waits(f):
    late = timeliness(f, TODAY) == Timeliness.OVERDUE
    assert (group_of(f, False, TODAY) == Group.OVERDUE) == late


@given(facts)
def test_what_was_sent_back_comes_first(f):
    if f.status in OPEN:
        assert group_of(f, True, TODAY) == Group.SENT_BACK


@given(facts)
def test_silence_alone_asks_only_of_what_was_started(f):
    if group_of(f, False, TODAY) == Group.NEEDS_WORD:
        assert f.status in STARTED
        assert (TODAY - f.last_word_on).days > f.window


@given(facts, st.booleans())
def test_a_word_today_leaves_only_what_a_date_asks_for(f, back):
    if not back:
        group = group_of(replace(f, last_word_on=TODAY), False, TODAY)
        assert group in {None, Group.OVERDUE, Group.DUE_SOON, Group.REVIEW_DUE}


def test_every_group_has_its_words():
    assert list(GROUP_WORDS) == list(Group)

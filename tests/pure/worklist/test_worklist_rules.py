"""Product rule 6, My work: each item once, in the first group that fits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.plan.rules import OPEN, STARTED, Facts, Status, Timeliness, timeliness
from ilacs_app.worklist.rules import GROUP_WORDS, Asks, Group, group_of, rests

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
    assert group_of(given_facts, Asks(back), TODAY) == group


@given(facts, st.booleans())
def test_nothing_that_is_done_or_set_aside_needs_an_update(f, back):
    if f.status not in OPEN:
        assert group_of(f, Asks(back), TODAY) is None


@given(facts)
def test_what_is_overdue_always_needs_an_update(f):
    late = timeliness(f, TODAY) == Timeliness.OVERDUE
    assert (group_of(f, Asks(), TODAY) == Group.OVERDUE) == late


@given(facts)
def test_what_was_sent_back_comes_first(f):
    if f.status in OPEN:
        assert group_of(f, Asks(sent_back=True), TODAY) == Group.SENT_BACK


@given(facts)
def test_silence_alone_asks_only_of_what_was_started(f):
    if group_of(f, Asks(), TODAY) == Group.NEEDS_WORD:
        assert f.status in STARTED
        assert (TODAY - f.last_word_on).days > f.window


@given(facts, st.booleans())
def test_after_an_update_today_only_a_date_asks_for_another(f, back):
    if not back:
        group = group_of(replace(f, last_word_on=TODAY), Asks(), TODAY)
        assert group in {None, Group.OVERDUE, Group.DUE_SOON, Group.REVIEW_DUE}


@pytest.mark.parametrize(
    ("word", "met", "waits"),
    [(-6, -5, True), (-5, -5, False), (-4, -5, False), (-90, -91, False), (-6, 0, True), (-36, None, True)],
)
def test_an_update_is_needed_after_each_meeting_of_the_lead_board(word, met, waits):
    f = replace(WELL, last_word_on=day(word))
    group = group_of(f, Asks(met_on=None if met is None else day(met)), TODAY)
    assert (group == Group.NEEDS_WORD) == waits


@pytest.mark.parametrize(
    ("due", "asks", "off"),
    [
        (3, Asks(), False),
        (3, Asks(answered_on=day(0)), True),
        (3, Asks(answered_on=day(-6)), True),
        (3, Asks(answered_on=day(-7)), False),
        (None, Asks(answered_on=day(-6)), True),
        (-5, Asks(answered_on=day(-3)), True),  # overdue already when it was answered
        (-5, Asks(answered_on=day(-5)), False),  # its date passed after the answer
        (-1, Asks(answered_on=day(-4)), False),
        (3, Asks(answered_on=day(0), sent_back=True), False),
    ],
)
def test_an_answer_takes_it_off_for_seven_days_unless_something_new_happens(due, asks, off):
    assert rests(replace(WELL, due_on=None if due is None else day(due)), asks, TODAY) == off


def test_every_group_has_a_title():
    assert list(GROUP_WORDS) == list(Group)

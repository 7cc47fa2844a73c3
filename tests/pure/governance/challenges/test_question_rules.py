"""Where a board's question is, when it is late, by when it is due, and who may do what to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.access import Act, Actor, Grant, QuestionStanding, may
from ilacs_app.governance.challenges.rules import (
    ChallengeState,
    default_due_on,
    is_late,
    state_of,
    why_not_due,
)

ANYBODY = Actor(0, "", "")
days = st.dates(date(2016, 1, 1), date(2030, 12, 1))
verdicts = st.lists(st.sampled_from([None, True, False]), max_size=8)
standings = st.builds(QuestionStanding, *[st.booleans()] * 6)


@given(verdicts)
def test_a_question_withdrawn_is_withdrawn_whatever_was_answered(said):
    assert state_of(said, withdrawn=True) == ChallengeState.WITHDRAWN


@given(verdicts, st.sampled_from([None, False]))
def test_once_satisfied_a_question_stays_so_whatever_is_answered_after(said, later):
    assert state_of([*said, True, later], withdrawn=False) == ChallengeState.SATISFIED


@given(st.lists(st.sampled_from([None, False]), max_size=8))
def test_not_yet_opens_a_question_again_and_a_further_answer_answers_it(said):
    assert state_of([*said, False], withdrawn=False) == ChallengeState.OPEN
    assert state_of([*said, False, None], withdrawn=False) == ChallengeState.ANSWERED


def test_a_question_without_an_answer_is_open():
    assert state_of([], withdrawn=False) == ChallengeState.OPEN


@given(days, days)
def test_only_an_unanswered_question_is_late_and_only_after_its_day(due_on, today):
    assert is_late(ChallengeState.OPEN, due_on, today) is (today > due_on)
    for state in set(ChallengeState) - {ChallengeState.OPEN}:
        assert not is_late(state, due_on, today)


@given(days, st.none() | st.integers(0, 400))
def test_the_day_offered_is_before_the_next_meeting_and_one_that_is_taken(today, ahead):
    meeting = None if ahead is None else today + timedelta(days=ahead)
    due_on = default_due_on(meeting, today)
    assert why_not_due(due_on, today) is None
    if meeting is not None:
        assert due_on <= meeting
        assert due_on < meeting or meeting == today


@given(days, st.integers(1, 4000))
def test_a_question_is_never_due_in_the_past(today, before):
    assert why_not_due(today - timedelta(days=before), today)


@given(standings)
def test_no_one_judges_their_own_answer_and_only_the_asker_or_the_chair_judges(standing):
    judges = may(ANYBODY, Act.JUDGE_ANSWER, standing)
    assert judges is ((standing.asked or standing.chairs) and not standing.answered)
    assert may(ANYBODY, Act.WITHDRAW_QUESTION, standing) is standing.asked
    assert may(ANYBODY, Act.ANSWER_QUESTION, standing) is (standing.owns or standing.delivers or standing.manager)


@pytest.mark.parametrize("role", ["chair", "secretary", "board_member"])
def test_a_board_is_asked_for_by_those_who_serve_on_it(role):
    assert may(Actor(1, "A", "a", grants=(Grant(role, board_id=3),)), Act.ASK_QUESTION, 3)
    assert not may(Actor(1, "A", "a", grants=(Grant(role, board_id=4),)), Act.ASK_QUESTION, 3)


@pytest.mark.parametrize("role", ["viewer", "inspector", "verifier", "programme_manager", "administrator"])
def test_no_one_else_asks_for_a_board(role):
    assert not may(Actor(1, "A", "a", has_items=True, grants=(Grant(role),)), Act.ASK_QUESTION, 3)


def test_an_inspector_reads_no_questions_and_a_partner_those_of_its_boards():
    inspector = Actor(1, "A", "a", grants=(Grant("inspector", plan_id=1),))
    assert not inspector.reads_questions_of(3)
    assert Actor(1, "A", "a", grants=(*inspector.grants, Grant("viewer"))).reads_questions_of(3)
    partner = Actor(1, "A", "a", partner=True, grants=(Grant("board_member", board_id=3),))
    assert partner.reads_questions_of(3) and not partner.reads_questions_of(4)
    assert not Actor(1, "A", "a").reads_questions_of(3)

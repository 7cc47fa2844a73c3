"""What can be requested as a new date, who decides and at which meeting, and when a request is marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.dates import last_day_of_month
from ilacs_app.plan.parsing.timescales import Timing, read_timescale
from ilacs_app.plan.rules import OPEN, Status
from ilacs_app.progress.dates.rules import (
    Dated,
    DecidedBy,
    Decider,
    MeetingDay,
    asked_shortly_before,
    boards_to_decide,
    is_shortly_before,
    meetings_to_choose,
    needs_board,
    one_month_after,
    who_decides,
    why_not_agreed,
    why_not_asked,
    why_not_decide,
    why_not_shorter,
)

TODAY = date(2018, 4, 7)
NEAR = date(2018, 2, 22)
AT = Dated(Status.IN_PROGRESS, Timing.DATE, "End April 2018", date(2018, 4, 30), 0)
days = st.dates(date(2016, 1, 1), date(2030, 12, 1))


def asked(words: str, at: Dated = AT) -> str | None:
    return why_not_asked(at, read_timescale(words, NEAR), TODAY)


@pytest.mark.parametrize(
    ("old", "new", "board"),
    [
        ((2018, 4, 30), (2018, 5, 31), False),
        ((2018, 1, 31), (2018, 2, 28), False),
        ((2018, 2, 28), (2018, 3, 31), False),
        ((2018, 4, 30), (2018, 6, 1), True),
        ((2018, 4, 15), (2018, 5, 15), False),
        ((2018, 4, 15), (2018, 5, 16), True),
        ((2018, 1, 30), (2018, 2, 28), False),
        ((2018, 1, 30), (2018, 3, 1), True),
        ((2018, 12, 31), (2019, 1, 31), False),
    ],
)
def test_the_programme_manager_decides_a_first_change_of_up_to_one_month(old, new, board):
    assert needs_board(replace(AT, due_on=date(*old)), date(*new)) is board


def test_a_board_decides_a_second_change_and_one_without_both_dates():
    assert needs_board(replace(AT, moves=1), date(2018, 5, 1))
    assert needs_board(AT, None)
    assert needs_board(replace(AT, due_on=None), date(2018, 5, 1))


@given(days)
def test_a_month_is_never_longer_than_the_next_months_end(day):
    after = one_month_after(day)
    assert day < after <= last_day_of_month(day) + timedelta(days=31)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == 1
    if day == last_day_of_month(day):
        assert after == last_day_of_month(after)


@pytest.mark.parametrize(
    "words", ["End May 2018", "31 May 2018", "Ongoing", "Pilot - End May 2018; All - End June 2018"]
)
def test_a_later_date_can_be_requested(words):
    assert asked(words) is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("soon", "Enter a month or a date, like End June 2026"),
        ("", "Enter a month or a date"),
        ("TBC", "Enter a month or a date"),
        ("31/04/2019", "Enter a month or a date"),
        ("End April 2018", "The action is already due on 30 April 2018. Enter a later date or month."),
        ("30.04.2018", "The action is already due on 30 April 2018"),
        ("20 April 2018", "This is before the current due date, 30 April 2018. You do not need a new date"),
        ("End March 2018", "31 March 2018 is in the past. Enter a date or month in the future."),
    ],
)
def test_words_that_cannot_be_requested_say_what_to_enter(words, says):
    assert str(asked(words)).startswith(says)


def test_a_stage_can_move_while_the_last_date_stays():
    staged = replace(AT, kind=Timing.STAGES, stages=(date(2018, 3, 31), date(2018, 4, 30)))
    assert asked("Pilot - 20 April 2018; All - End April 2018", staged) is None
    assert "already" in str(asked("Pilot - End March 2018; All - End April 2018", staged))


def test_the_programme_manager_sets_the_first_date_of_an_action():
    for kind in (Timing.NONE, Timing.NOT_UNDERSTOOD):
        assert "Ask the programme manager to set its first date" in str(
            asked("End May 2018", replace(AT, kind=kind, due_on=None))
        )
    ongoing = replace(AT, kind=Timing.ONGOING, due_on=None)
    assert asked("End May 2018", ongoing) is None
    assert "no end date" in str(asked("Monthly", ongoing))


@pytest.mark.parametrize("status", Status)
def test_only_an_open_actions_date_moves(status):
    closed = replace(AT, status=status)
    assert (asked("End May 2018", closed) is None) == (status in OPEN)
    assert (why_not_agreed(closed, read_timescale("End May 2018", NEAR)) is None) == (status in OPEN)


def test_unclear_words_from_a_file_can_only_be_refused_or_replaced_by_an_earlier_date():
    assert why_not_agreed(AT, read_timescale("by Easter", NEAR))
    assert why_not_agreed(AT, read_timescale("End March 2018", NEAR)) is None, "a file may bring a date forward"


def test_an_earlier_date_is_between_the_current_date_and_the_one_requested():
    june = date(2018, 6, 30)

    def shorter(words: str) -> str | None:
        return why_not_shorter(AT, june, read_timescale(words, NEAR), TODAY)

    assert shorter("End May 2018") is None
    assert "before 30 June 2018" in str(shorter("End June 2018"))
    assert "already" in str(shorter("End April 2018"))
    assert "Enter the date or month" in str(shorter("Ongoing"))


ids = st.frozensets(st.integers(1, 4), max_size=3)
deciders = st.builds(Decider, st.booleans(), st.booleans(), st.booleans(), st.booleans(), ids)


@given(deciders, st.booleans(), ids, ids)
def test_who_decides_follows_from_the_length_of_the_change_and_the_boards(who, board_needed, leading, overseeing):
    boards = boards_to_decide(leading, overseeing)
    assert boards == (leading or overseeing)
    by = who_decides(board_needed, boards)
    assert (by == DecidedBy.MANAGER) == (not board_needed)
    assert (by == DecidedBy.NO_BOARD) == (board_needed and not leading and not overseeing)
    own = who.leads or who.asked or who.for_asker
    holds_role = bool(who.officer_of & boards) if by == DecidedBy.BOARD else who.manager
    assert (why_not_decide(who, by, boards) is None) == (holds_role and not own)
    if holds_role:
        assert who.may_open(boards)


@given(deciders, st.booleans(), ids)
def test_a_refusal_to_decide_says_whose_the_decision_is(who, board_needed, boards):
    by = who_decides(board_needed, boards)
    why_not = why_not_decide(who, by, boards)
    if why_not and by == DecidedBy.BOARD and not who.officer_of & boards:
        assert "board" in why_not
    if why_not and by != DecidedBy.BOARD and not who.manager:
        assert "programme manager" in why_not


meeting_days = st.builds(
    MeetingDay, st.integers(1, 99), st.integers(1, 4), st.dates(date(2018, 3, 1), date(2018, 5, 1)), st.booleans()
)


@given(
    st.lists(meeting_days, unique_by=lambda m: m.id), deciders, ids, st.dates(date(2018, 3, 1), date(2018, 4, 7)), days
)
def test_a_decision_can_only_be_at_a_meeting_held_since_the_request(meetings, who, boards, asked_on, today):
    chosen = meetings_to_choose(meetings, who, boards, asked_on, today)
    for meeting in meetings:
        fits = meeting.board_id in who.officer_of and meeting.board_id in boards
        held = asked_on <= meeting.on_day <= today and not meeting.cancelled
        assert (meeting.id in chosen) == (fits and held)
    assert chosen == [meeting.id for meeting in meetings if meeting.id in chosen], "in the order given"


def test_a_meeting_on_the_day_of_the_request_and_one_today_can_be_chosen():
    secretary = Decider(officer_of=frozenset({1}))
    meetings = [MeetingDay(n, 1, TODAY + timedelta(days=n)) for n in (-3, -2, 0, 1)]
    assert meetings_to_choose(meetings, secretary, {1}, TODAY - timedelta(days=2), TODAY) == [-2, 0]


def test_a_day_is_shortly_before_a_meeting_on_the_14_days_up_to_it():
    for days, shortly in ((-1, False), (0, True), (14, True), (15, False)):
        assert is_shortly_before(TODAY, TODAY + timedelta(days=days)) is shortly


def test_a_request_is_marked_in_the_14_days_before_a_meeting():
    def mark(*days_ahead: int) -> int | None:
        return asked_shortly_before(TODAY, [(n, TODAY + timedelta(days=n)) for n in days_ahead])

    assert (mark(14), mark(0), mark(15), mark(), mark(10, 3)) == (14, 0, None, None, 10)

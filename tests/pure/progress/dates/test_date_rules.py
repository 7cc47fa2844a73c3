"""What can be asked for as a new date, who agrees it, and when a request is marked (product rule 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.dates import last_day_of_month
from ilacs_app.plan.parsing.timescales import Kind, read_timescale
from ilacs_app.plan.rules import OPEN, Status
from ilacs_app.progress.dates.rules import (
    Dated,
    Decider,
    asked_shortly_before,
    needs_board,
    one_month_after,
    why_not_agreed,
    why_not_asked,
    why_not_decide,
    why_not_shorter,
)

TODAY = date(2018, 4, 7)
NEAR = date(2018, 2, 22)
AT = Dated(Status.IN_PROGRESS, Kind.DATE, "End April 2018", date(2018, 4, 30), 0)
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
def test_a_first_move_of_up_to_one_month_is_the_programme_managers(old, new, board):
    assert needs_board(replace(AT, due_on=date(*old)), date(*new)) is board


def test_a_second_move_and_one_without_both_dates_are_the_boards():
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
def test_a_later_date_can_be_asked_for(words):
    assert asked(words) is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("soon", "We read no date in these words. Write a month or a day"),
        ("", "We read no date in these words"),
        ("TBC", "We read no date in these words"),
        ("31/04/2019", "We read no date in these words"),
        ("End April 2018", "It is due on 30 April 2018 already. Write a later day or month."),
        ("30.04.2018", "It is due on 30 April 2018 already"),
        ("20 April 2018", "That is before 30 April 2018, its date now. To finish sooner, no new date is needed."),
        ("End March 2018", "31 March 2018 has passed. Write a day or month that lies ahead."),
    ],
)
def test_words_that_cannot_be_asked_for_say_what_to_write(words, says):
    assert str(asked(words)).startswith(says)


def test_a_stage_can_move_while_the_last_date_stays():
    staged = replace(AT, kind=Kind.STAGES, stages=(date(2018, 3, 31), date(2018, 4, 30)))
    assert asked("Pilot - 20 April 2018; All - End April 2018", staged) is None
    assert "already" in str(asked("Pilot - End March 2018; All - End April 2018", staged))


def test_an_action_without_a_date_gets_its_first_from_the_programme_manager():
    for kind in (Kind.NONE, Kind.NOT_UNDERSTOOD):
        assert "give it its first one; that is no move" in str(
            asked("End May 2018", replace(AT, kind=kind, due_on=None))
        )
    ongoing = replace(AT, kind=Kind.ONGOING, due_on=None)
    assert asked("End May 2018", ongoing) is None
    assert "no end date now" in str(asked("Monthly", ongoing))


@pytest.mark.parametrize("status", Status)
def test_only_an_open_actions_date_moves(status):
    closed = replace(AT, status=status)
    assert (asked("End May 2018", closed) is None) == (status in OPEN)
    assert (why_not_agreed(closed, read_timescale("End May 2018", NEAR)) is None) == (status in OPEN)


def test_what_a_file_asked_in_words_that_nobody_understands_can_only_be_refused_or_shortened():
    assert why_not_agreed(AT, read_timescale("by Easter", NEAR))
    assert why_not_agreed(AT, read_timescale("End March 2018", NEAR)) is None, "a file may bring a date forward"


def test_a_shorter_time_lies_between_the_old_date_and_the_one_asked_for():
    june = date(2018, 6, 30)

    def shorter(words: str) -> str | None:
        return why_not_shorter(AT, june, read_timescale(words, NEAR), TODAY)

    assert shorter("End May 2018") is None
    assert "before 30 June 2018" in str(shorter("End June 2018"))
    assert "already" in str(shorter("End April 2018"))
    assert "Write the day or month" in str(shorter("Ongoing"))


@pytest.mark.parametrize("manager", [True, False])
@pytest.mark.parametrize("leads", [True, False])
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("board", [True, False])
def test_only_a_programme_manager_without_a_part_in_it_decides(manager, leads, own, board):
    may = why_not_decide(Decider(manager, leads, own), board) is None
    assert may == (manager and not leads and not own and not board)


def test_a_request_is_marked_in_the_14_days_before_a_meeting():
    def mark(*days_ahead: int) -> int | None:
        return asked_shortly_before(TODAY, [(n, TODAY + timedelta(days=n)) for n in days_ahead])

    assert (mark(14), mark(0), mark(15), mark(), mark(10, 3)) == (14, 0, None, None, 10)

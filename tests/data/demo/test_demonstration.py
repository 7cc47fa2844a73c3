"""The boards' months of the demonstration, whatever the day on which it is made."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.demo.boards import BOARDS, LAC_STRATEGY_GROUP
from ilacs_app.demo.cast import PEOPLE, email_of
from ilacs_app.demo.commands import load_demo
from ilacs_app.demo.meetings import PAPERS_OUT
from ilacs_app.governance.agenda.queries import facts_at
from ilacs_app.governance.agenda.rules import AgendaKind
from ilacs_app.governance.attendance.queries import attendees
from ilacs_app.governance.challenges.queries import questions_of_board
from ilacs_app.governance.decisions.queries import approved_on, decisions_at
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.meetings.queries import meetings
from ilacs_app.governance.minutes.queries import versions_of
from ilacs_app.governance.packs.queries import packs_of
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.queries import boards
from ilacs_app.people.model import Person
from ilacs_app.plan.visibility import actor_with
from tests.rebuilt import differences, from_history, from_tables

DAY = date(2026, 11, 27)
OTHER_DAYS = (date(2027, 3, 1), date(2027, 10, 31))
"""The day with the shortest time since the plan's date, and a Sunday with the longest."""


def load(app, today):
    clock.move_today(today)
    with transaction():
        load_demo(dict.fromkeys(PEOPLE, "a password"), "a password", app.extensions["evidence"], today)


def the(role):
    email = email_of(PEOPLE[role])
    return actor_with(db.session.scalars(select(Person.id).where(Person.email == email)).one(), clock.today())


def next_week_is_full(today):
    """Check the agenda of next week's meeting, and that history is in order and makes the record again."""
    board = next(board for board in boards() if board.name == LAC_STRATEGY_GROUP)
    coming = meetings(board.id)[-1]
    assert coming.on_day.isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]
    facts = facts_at(the("secretary"), board.id, coming.id, today)
    expected = {
        AgendaKind.MINUTES,
        AgendaKind.DATE,
        AgendaKind.EMBED,
        AgendaKind.QUESTION,
        AgendaKind.DEEP_DIVE,
        AgendaKind.REFERRED,
    }
    assert {fact.kind for fact in facts} >= expected
    assert len(facts) >= 8
    days = [clock.london_day(at) for at in db.session.scalars(select(HistoryEvent.at).order_by(HistoryEvent.id))]
    assert days == sorted(days)
    assert days[-1] <= today
    assert not differences(from_tables(), from_history())


def test_each_board_has_two_meetings_with_who_came_decisions_papers_and_minutes(app, whole_history):
    load(app, DAY)
    secretary = the("secretary")
    ours = [board for board in boards() if board.name in BOARDS]
    assert len(ours) == 3
    for board in ours:
        *held, coming = meetings(board.id)
        assert [line.on_day < DAY for line in held] == [True, True], board.name
        assert coming.on_day > DAY
        for meeting in held:
            assert all(person.attended.attendance for person in attendees(meeting.id)), board.name
            assert len(decisions_at(secretary, meeting.id)) >= 2, board.name
            (pack,) = packs_of(secretary, meeting.id)
            assert {"pdf", "docx"} <= pack.formats
            assert clock.london_day(pack.as_at) == meeting.on_day - timedelta(days=7)
        assert [bool(approved_on(meeting.id)) for meeting in held] == [True, False], "the second awaits approval"
        assert all(versions_of(meeting.id) for meeting in held), board.name
        assert len(packs_of(secretary, coming.id)) == (board.name == PAPERS_OUT)
    lines = [line for board in ours for meeting in meetings(board.id) for line in decisions_at(secretary, meeting.id)]
    kinds = {line.kind for line in lines}
    assert kinds >= set(DecisionKind) - {
        DecisionKind.PAUSE,
        DecisionKind.SLIP,
        DecisionKind.WITHDRAW,
        DecisionKind.RESTORE,
    }
    assert any(line.exempt for line in lines)
    states = {question.state for board in ours for question in questions_of_board(secretary, board.id).questions}
    assert states >= {"open", "answered", "satisfied"}
    next_week_is_full(DAY)


@pytest.mark.parametrize("today", OTHER_DAYS, ids=str)
def test_next_week_has_a_full_agenda_on_any_day(app, whole_history, today):
    load(app, today)
    next_week_is_full(today)

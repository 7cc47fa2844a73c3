"""The questions that letters tell of are those that each reader's own pages show, with what they may do with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.db import db, transaction
from ilacs_app.errors import NotAllowed, NotKnown, Refused, Stale
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.challenges.queries import question_for, questions_of_each, readable_questions
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.challenges.rules import ChallengeState, state_of
from tests.conftest import CHARACTERS, TODAY
from tests.data.history.commands import Everybody, Nothing

BEGAN = datetime(2018, 1, 1, tzinfo=UTC)
SETTLED = {ChallengeState.SATISFIED, ChallengeState.WITHDRAWN}
KINDS = (
    *("do_ask_question",) * 4,
    *("do_answer_question",) * 4,
    *("do_judge_answer",) * 3,
    *("do_hand_over", "do_give_back", "do_change_boards", "do_make_team", "do_change_team"),
    *("do_stand_in", "do_end_stand_in", "do_withdraw_recommendation", "do_return_recommendation", "do_add_person"),
    *("do_change_action", "do_move_action", "do_withdraw_question"),
)


def happened(everybody: Everybody, times: int) -> None:
    """Do random things to questions and to what decides who reads them."""
    steps, done = everybody.steps(), 0
    while done < times:
        try:
            with transaction():
                steps[everybody.draw.choice(KINDS)]()
            done += 1
        except (Refused, Stale, NotAllowed, NotKnown, Nothing, ValueError):
            pass
    db.session.rollback()


def one_by_one(actor: Actor, ids: list[int]) -> list[BoardQuestion]:
    """Return what this person reads of each question on its own, newest first."""
    found = []
    for id_ in ids:
        try:
            found.append(question_for(actor, id_))
        except NotKnown:
            continue
    return found


def told(questions: list[BoardQuestion]) -> dict[int, Any]:
    return {question.id: question for question in questions}


@pytest.mark.parametrize("seed", range(3))
def test_each_reader_is_told_what_they_read_of_each_question_on_its_own(world, seed):
    clock.move_today(TODAY)
    everybody = Everybody(world, seed)
    compared = 0
    for _ in range(3):
        happened(everybody, 12)
        actors = [world.actor(role) for role in CHARACTERS]
        ids = list(db.session.scalars(select(Challenge.id).order_by(Challenge.id.desc())))
        each = questions_of_each(actors, BEGAN, clock.today())
        later = questions_of_each(actors, clock.now() + timedelta(days=1), clock.today())
        assert set(each) == {actor.id for actor in actors}
        for actor in actors:
            alone = told(one_by_one(actor, ids))
            counted = {id_: alone[id_] for id_ in alone if id_ in told(each[actor.id])}
            assert told(each[actor.id]) == counted, actor.name
            assert set(counted) == readable_questions(actor, ids), actor.name
            for question in alone.values():
                said = [answer.satisfied for answer in question.answers]
                assert question.state == state_of(said, withdrawn=question.withdrawn_at is not None)
            unsettled = {id_ for id_, question in told(each[actor.id]).items() if question.state not in SETTLED}
            assert set(told(later[actor.id])) == unsettled
            compared += len(counted)
    assert compared > 20


@pytest.mark.parametrize("seed", [1])
def test_a_reader_who_sees_a_part_is_told_the_same_alone_as_among_others(world, seed):
    clock.move_today(TODAY)
    happened(Everybody(world, seed), 30)
    actors = [world.actor(role) for role in CHARACTERS]
    Random(seed).shuffle(actors)
    among = questions_of_each(actors, BEGAN, clock.today())
    assert {actor.id: questions_of_each([actor], BEGAN, clock.today())[actor.id] for actor in actors} == among


def test_an_administrator_is_told_of_questions_and_an_inspector_of_none(world):
    clock.move_today(TODAY)
    happened(Everybody(world, 3), 20)
    administrator, inspector = world.actor("administrator"), world.actor("inspector")
    each = questions_of_each([administrator, inspector], BEGAN, clock.today())
    assert each[administrator.id] and each[inspector.id] == []

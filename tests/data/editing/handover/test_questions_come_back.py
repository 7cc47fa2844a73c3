"""When a reassignment is undone, the questions of boards that went with it are asked of the former name again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ilacs_app.db import db, transaction
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.handover.commands import change_owners, hand_over
from ilacs_app.editing.handover.queries import held_by
from ilacs_app.editing.undo.commands import undo_change, undo_together
from ilacs_app.editing.undo.queries import changed_lately, one_by_one
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question, withdraw_question
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.challenges.queries import questions_to_answer
from ilacs_app.history import of_action
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.plan.assignments import ask_instead, name_people
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import version_of


def asked(world, owner: str) -> int:
    board = board_by_slug("mash-board")
    assert board
    wish = QuestionWish(
        board.id, "How many wait?", owner, due_on=TODAY + timedelta(days=9), action_id=world.actions["5.3"]
    )
    with transaction():
        return ask_question(world.author("board_member"), wish)


def asked_of(question: int) -> tuple[str, int | None]:
    db.session.rollback()
    challenge = db.session.get_one(Challenge, question)
    return challenge.owner, challenge.owner_person_id


def undo_newest(world) -> None:
    (change,) = changed_lately([world.plan_id], newest=1)
    with transaction():
        undo_together(BY, world.plan_id, change.line.id, [item.seen for item in one_by_one(change.line)])


def handed_over(world, role: str, to: str) -> None:
    held = held_by(world.actor("programme_manager"), world.people[role])
    with transaction():
        hand_over(BY, world.people[role], {Chosen(item.part, item.id, item.version) for item in held}, to)


def test_a_question_comes_back_with_the_recommendation_that_its_owner_led(world):
    question = asked(world, CHARACTERS["lead"])
    handed_over(world, "lead", "Interim Manager")
    assert asked_of(question) == ("Interim Manager", None)
    undo_newest(world)
    assert asked_of(question) == (CHARACTERS["lead"], world.people["lead"])
    assert question in {waiting.id for waiting in questions_to_answer(world.actor("lead"), TODAY)}
    events = [event for event in of_action(world.actions["5.3"]) if event.verb == "challenge_owner_changed"]
    assert [event.after["owner"] for event in events] == [CHARACTERS["lead"], "Interim Manager"]


@pytest.mark.parametrize("whole", [True, False], ids=["the whole change", "the action alone"])
def test_a_question_comes_back_with_the_action_that_its_owner_owned(world, whole):
    action = world.actions["5.3"]
    with transaction():
        name_people(BY, action, "owner", [CHARACTERS["contributor"]])
    question = asked(world, CHARACTERS["contributor"])
    with transaction():
        change_owners(BY, {Chosen("owner", action, version_of(action))}, CHARACTERS["verifier"])
    assert asked_of(question)[1] == world.people["verifier"]
    if whole:
        undo_newest(world)
    else:
        line = next(event for event in of_action(action) if event.verb == "owner_changed")
        with transaction():
            undo_change(BY, action, version_of(action), line.id)
    assert asked_of(question) == (CHARACTERS["contributor"], world.people["contributor"])


def test_a_question_that_was_settled_or_given_to_a_third_name_since_stays_as_it_is(world):
    settled, given, other = (asked(world, CHARACTERS["lead"]) for _ in range(3))
    handed_over(world, "lead", CHARACTERS["contributor"])
    with transaction():
        withdraw_question(world.author("board_member"), settled, "Answered in the report.")
        ask_instead(BY, [given], {"owner": "Third Officer", "owner_person_id": None})
    undo_newest(world)
    assert asked_of(settled) == (CHARACTERS["contributor"], world.people["contributor"])
    assert asked_of(given) == ("Third Officer", None)
    assert asked_of(other) == (CHARACTERS["lead"], world.people["lead"])

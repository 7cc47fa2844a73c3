"""What an import may not decide, and how names and plans are told apart."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.history import Author
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.people.commands import add_person
from ilacs_app.plan.assignments import link_account, person_named
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import Action, RecommendationLead
from ilacs_app.plan.rules import Status
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.status.commands import StatusWish, move_status
from tests.conftest import BY, DATED_ON, SAMPLES, TODAY


def _file(**changes):
    """The twin plan with its first action changed, and led by ``leads``."""
    leads = changes.pop("leads", None)
    file = read_plan(SAMPLES / "plan.csv", DATED_ON)
    first = file.recommendations[0]
    actions = (replace(first.actions[0], **changes), *first.actions[1:])
    first = replace(first, actions=actions, leads=leads or first.leads)
    return replace(file, recommendations=(first, *file.recommendations[1:]))


def _taken_in(file, slug="other") -> Action:
    with transaction():
        plan_id = take_in(BY, file, slug, DATED_ON, state="live")
    return db.session.scalars(select(Action).where(Action.plan_id == plan_id).order_by(Action.id)).first()


@pytest.mark.parametrize("said", [Status.VERIFIED, Status.EMBEDDED])
def test_a_file_cannot_say_that_something_was_tested_here(world, said):
    assert _taken_in(_file(status=said)).status == "completed"


@pytest.mark.parametrize("said", [Status.PAUSED, Status.WITHDRAWN])
def test_what_a_file_says_is_paused_or_withdrawn_can_be_taken_up_again(world, said):
    action = _taken_in(_file(status=said))
    stand = action_for(world.actor("programme_manager"), action.id, today=TODAY)
    with transaction():
        wish = StatusWish(stand.position.status_before, stand.version, "It goes on.")
        move_status(world.author("programme_manager"), action.id, wish, stand.position, stand.standing)
    assert db.session.scalar(select(Action.status).where(Action.id == action.id)) == stand.position.status_before


def test_a_name_is_matched_whatever_its_capitals_letters_and_spaces(world):
    _taken_in(_file(leads=("Éilis  Ó Brien",)))
    with transaction():
        person = add_person(Author(None, "tests", "tests"), "eilis@tests.example", "éilis ó BRIEN", "a long password")
        assert link_account(BY, person) == 1
    assert person_named("ÉILIS Ó BRIEN") == person
    led = select(RecommendationLead.person_id).where(RecommendationLead.name == "Éilis  Ó Brien")
    assert db.session.scalar(led) == person


def test_references_name_their_plan_only_where_several_are_live(world):
    manager = world.actor("programme_manager")
    assert not any(row.several for row in action_rows(manager, Filter(), TODAY))
    _taken_in(_file())
    assert all(row.several for row in action_rows(manager, Filter(), TODAY))
    client = world.client("programme_manager")
    both, one = client.get("/boards/mash-board").text, client.get("/boards/mash-board?plan=twin").text
    assert both.count('data-ref="5.1"') == 2
    assert one.count('data-ref="5.1"') == 1


def test_a_guessed_date_says_so(world):
    file = _file()
    first = file.recommendations[0]
    scale = replace(first.actions[1].timescale, guessed=True, due_on=date(2018, 4, 30))
    first = replace(first, actions=(first.actions[0], replace(first.actions[1], timescale=scale), *first.actions[2:]))
    _taken_in(replace(file, recommendations=(first, *file.recommendations[1:])))
    page = world.client("programme_manager").get("/plans/other/recommendations/1").text
    assert page.count("not certain") == 1

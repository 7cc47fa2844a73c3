"""A programme manager of one plan reads what belongs to no single plan, and keeps nothing of it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from ilacs_app.db import db, transaction
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.model import Membership
from ilacs_app.people.teams.commands import let_stand_in, make_team
from ilacs_app.plan.commands import make_plan
from tests.auditor import read
from tests.conftest import BY, PASSWORD, TODAY, email_of, sign_in
from tests.factories import BOTH_WAYS, the_record, token


@pytest.fixture
def manager(world):
    """A browser of the programme manager of another plan than the twin, and their id."""
    with transaction():
        id_ = add_person(BY, "one@tests.example", "Manager of One", PASSWORD)
        other = make_plan(BY, "alpha", "Alpha", TODAY, state="live")
        grant_role(BY, id_, "programme_manager", plan_id=other)
    return sign_in(world.app, "one@tests.example"), id_


def _refused(client, address: str, headers: dict[str, str], **fields) -> None:
    before = the_record()
    answer = client.post(address, data={"csrf_token": token(client), **fields}, headers=headers)
    assert answer.status_code == 403
    assert "programme manager of all plans" in answer.text
    assert the_record() == before


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_they_cannot_make_a_team_that_leads_another_plan(world, manager, _way, headers):
    client, id_ = manager
    assert client.get("/plans/twin").status_code == 404
    _refused(client, "/settings/teams/new", headers, name="MASH Service Manager", members=id_)
    assert client.get("/plans/twin").status_code == 404


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_they_cannot_stand_in_for_the_lead_of_another_plan(world, manager, _way, headers):
    client, _ = manager
    _refused(client, "/stand-ins", headers, person="one@tests.example", for_person=email_of("lead"))
    assert client.get("/plans/twin").status_code == 404


def test_they_cannot_change_a_team_a_board_or_an_inspection(world, manager):
    client, id_ = manager
    with transaction():
        team, inspection = make_team(BY, "Heads", []), enter_inspection(BY, "Northmoor", "ILACS")
    _refused(client, f"/settings/teams/{team}", {}, name="MASH Service Manager", members=id_, version=1)
    _refused(client, "/settings/boards/1", {}, name="Renamed", version=1)
    _refused(client, "/settings/boards/new", {}, name="A new board")
    _refused(client, "/inspections/new", {}, authority="Northmoor", framework="ILACS")
    _refused(client, f"/inspections/{inspection}/edit", {}, authority="Northmoor", framework="ILACS", version=1)


def test_they_read_them_without_a_form(world, manager):
    client, _ = manager
    with transaction():
        make_team(BY, "Heads", [world.people["lead"]])
        let_stand_in(BY, world.people["viewer"], world.people["lead"], TODAY, None, "Leave")
    for address, shows in (
        ("/settings/teams", "Heads"),
        ("/settings/boards", "MASH Board"),
        ("/stand-ins", "MASH Service Manager"),
        ("/inspections", "Inspections"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200 and shows in read(answer.text).one("main").text
        assert "/new" not in read(answer.text).one("main").text
    page = client.get("/stand-ins").text
    assert "/end" not in page and 'name="for_person"' not in page


def test_they_cannot_end_what_others_agreed_among_themselves(world, manager):
    client, _ = manager
    with transaction():
        id_ = let_stand_in(BY, world.people["viewer"], world.people["lead"], TODAY, None, "Leave")
    _refused(client, f"/stand-ins/{id_}/end", {})


def test_they_choose_a_delegate_for_themselves(world, manager):
    client, _ = manager
    fields = {"csrf_token": token(client), "person": email_of("viewer"), "for_person": "one@tests.example"}
    assert client.post("/stand-ins", data=fields).status_code == 303


def test_a_role_that_ended_while_the_form_was_checked_saves_nothing(world, monkeypatch):
    """The transaction asks again: the role is deleted between the view's own question and the writing."""
    from ilacs_app.people.teams import routes as team_routes

    client, before = world.client("programme_manager"), None
    csrf = token(client)
    people = team_routes.active_people

    def meanwhile():
        nonlocal before
        with transaction():
            db.session.execute(
                update(Membership)
                .where(Membership.person_id == world.people["programme_manager"])
                .values(until_on=TODAY.replace(year=2017))
            )
        before = the_record()
        return people()

    monkeypatch.setattr(team_routes, "active_people", meanwhile)
    answer = client.post("/settings/teams/new", data={"csrf_token": csrf, "name": "Heads"})
    assert answer.status_code == 403
    assert the_record() == before

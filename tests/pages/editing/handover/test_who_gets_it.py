"""Who gets a leaver's items: asked before they are saved where the name reaches no one, or more than one."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.editing.handover.queries import held_by
from ilacs_app.people.commands import add_person
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import ActionPerson, RecommendationLead
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, PASSWORD, TODAY
from tests.factories import BOTH_WAYS, the_record, token

LEAD, VERIFIER = CHARACTERS["lead"], CHARACTERS["verifier"]


def post(world, path: str, headers=None, **fields):
    client = world.client("programme_manager")
    return client.post(path, data={"csrf_token": token(client), "once": uuid4().hex, **fields}, headers=headers or {})


def items(world) -> list[str]:
    db.session.rollback()
    held = held_by(world.actor("programme_manager"), world.people["lead"])
    return [f"{item.part}-{item.id}-{item.version}" for item in held]


def account_of(name: str) -> set[int | None]:
    db.session.rollback()
    return {
        person_id
        for table in (RecommendationLead, ActionPerson)
        for person_id in db.session.scalars(select(table.person_id).where(table.name == name))
    }


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_misspelt_name_is_asked_about_in_the_preview_and_one_press_takes_the_other(world, _way, headers):
    address, before = f"/people/{world.people['lead']}/hand-over", the_record()
    typed = f"{VERIFIER[:-1]}x"
    page = read(post(world, address, headers, item=items(world), to=typed).text)
    button = page.one("button", name="instead")
    assert button.attrs["value"] == VERIFIER and "no one will get emails" in page.one("main").text
    again = read(post(world, address, headers, item=items(world), to=typed, instead=VERIFIER).text)
    assert "This person has an account" in again.one("main").text and the_record() == before
    assert again.one("input", name="to").attrs["value"] == VERIFIER
    assert post(world, address, headers, item=items(world), to=VERIFIER, save="yes").status_code == 303
    db.session.rollback()
    mine = Filter(delivered_by=world.actor("verifier").acts_as)
    assert world.actions["5.1"] in [row.id for row in action_rows(world.actor("verifier"), mine, TODAY, size=None)]


def test_two_accounts_of_one_name_are_asked_which_before_anything_is_saved(world):
    with transaction():
        ids = [add_person(BY, f"sam{number}@tests.example", "Sam Twin", PASSWORD) for number in (1, 2)]
    address = f"/people/{world.people['lead']}/hand-over"
    shown = read(post(world, address, item=items(world), to="Sam Twin").text)
    assert [radio.attrs["value"] for radio in shown.all("input", name="account")] == [str(id_) for id_ in ids]
    before = the_record()
    unsure = post(world, address, item=items(world), to="Sam Twin", save="yes")
    assert unsure.status_code == 422 and "Choose which Sam Twin you mean" in unsure.text
    assert post(world, address, item=items(world), to="Sam Twin", save="yes", account=999_999).status_code == 422
    assert the_record() == before
    saved = post(world, address, item=items(world), to="Sam Twin", save="yes", account=ids[1])
    assert saved.status_code == 303 and account_of("Sam Twin") == {ids[1]}


def test_an_owner_of_chosen_actions_is_asked_about_too(world):
    with transaction():
        ids = [add_person(BY, f"sam{number}@tests.example", "Sam Twin", PASSWORD) for number in (1, 2)]
    row = next(row for row in action_rows(world.actor("programme_manager"), Filter(), TODAY, size=None))
    chosen = f"owner-{row.id}-{row.version}"
    page = read(post(world, "/plans/twin/owners", item=chosen, to=f"{LEAD[:-1]}x").text)
    assert page.one("button", name="instead").attrs["value"] == LEAD
    saved = post(world, "/plans/twin/owners", item=chosen, to="Sam Twin", save="yes", account=ids[0])
    assert saved.status_code == 303 and account_of("Sam Twin") == {ids[0]}

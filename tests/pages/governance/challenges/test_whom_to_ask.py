"""Who is asked for a board: a misspelt name is asked about first, and no one is told of a name they cannot read."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.people.commands import add_person
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, PASSWORD
from tests.factories import BOTH_WAYS, the_record, token

LEAD = CHARACTERS["lead"]
TYPED = "MASH Servise Manager"


def ask(world, role: str = "board_member", headers=None, **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, "about": "5.3", "question": "How many wait?", **fields}
    return client.post("/boards/mash-board/challenges", data=data, headers=headers or {})


def asked_of() -> list[tuple[str, int | None]]:
    db.session.rollback()
    return [(row.owner, row.owner_person_id) for row in db.session.scalars(select(Challenge).order_by(Challenge.id))]


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_misspelt_name_is_asked_about_and_nothing_typed_is_lost(world, _way, headers):
    before = the_record()
    answer = ask(world, headers=headers, owner=TYPED)
    assert answer.status_code == 422 and the_record() == before
    page = read(answer.text)
    assert [radio.attrs["value"] for radio in page.all("input", name="which-owner")] == [LEAD, TYPED]
    assert "How many wait?" in answer.text and page.one("input", name="asked-owner").attrs["value"] == TYPED
    chosen = ask(world, headers=headers, owner=TYPED, **{"asked-owner": TYPED, "which-owner": LEAD})
    assert chosen.status_code == 303 and asked_of() == [(LEAD, world.people["lead"])]


def test_a_name_can_be_kept_as_it_is_and_the_message_says_who_will_see_it(world):
    kept = ask(world, owner=TYPED, **{"asked-owner": TYPED, "which-owner": TYPED})
    assert kept.status_code == 303 and asked_of() == [(TYPED, None)]
    page = read(world.client("board_member").get("/boards/mash-board/challenges").text)
    assert f"No account has the name {TYPED}" in page.one("main").text


def test_a_choice_about_another_text_does_not_count(world):
    answer = ask(world, owner=f"{LEAD}x", **{"asked-owner": TYPED, "which-owner": TYPED})
    assert answer.status_code == 422 and asked_of() == []


@pytest.mark.parametrize("name", ["Somebody Unheard", "Zadie Newcomer"])
def test_a_partner_is_not_told_whether_a_name_it_cannot_read_has_an_account(world, name):
    with transaction():
        add_person(BY, "new@tests.example", "Zadie Newcomer", PASSWORD)
    answer = ask(world, "partner", owner=name)
    if (
        answer.status_code == 422
    ):  # an account that cannot see the item cannot be asked: the product's rule since before
        assert "cannot see this action" in answer.text
        return
    page = read(world.client("partner").get("/boards/mash-board/challenges").text).one("main").text
    assert f"It is for {name}." in page and "account" not in page

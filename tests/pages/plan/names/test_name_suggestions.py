"""Suggestions for a field that names people: who gets them, which names, and who each reaches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from ilacs_app.db import db, transaction
from ilacs_app.people.commands import add_person
from ilacs_app.people.model import Membership
from ilacs_app.people.teams.commands import make_team
from ilacs_app.plan.assignments import link_team, match_account, name_people
from ilacs_app.plan.commands import make_plan
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, PASSWORD, TODAY
from tests.factories import HTMX

HIDDEN = "Zqcanary Nobodyreads"
"""The owner of an action that is not in sight of the MASH Board's partner, and the name of no account."""


def asked(world, role: str, address: str) -> str:
    answer = world.client(role).get(address, headers=HTMX)
    assert answer.status_code == 200, (role, address)
    return answer.text


def suggestions(world, role: str, address: str) -> list[str]:
    return [button.attrs["data-name"] for button in read(asked(world, role, address)).all("button")]


@pytest.fixture
def names(world):
    """An account that no plan names, a name of 6.2 alone, one in a draft, and two accounts that share a name."""
    with transaction():
        add_person(BY, "new@tests.example", "Zadie Newcomer", PASSWORD)
        for number in (1, 2):
            add_person(BY, f"twin{number}@tests.example", "Zora Twin", PASSWORD)
        name_people(BY, world.actions["6.2"], "owner", [HIDDEN])
        make_plan(BY, "draft", "Draft", TODAY, state="draft")
    return world


def test_a_manager_is_offered_accounts_teams_and_names_of_the_plan(names):
    with transaction():
        link_team(BY, make_team(BY, "Zebra Team", [names.people["lead"]]))
    assert suggestions(names, "programme_manager", "/names?plan=twin&typed=z") == [
        "Zadie Newcomer",
        "Zebra Team",
        "Zora Twin",
        HIDDEN,
    ]
    assert suggestions(names, "programme_manager", "/names?plan=draft&typed=zq") == []
    assert suggestions(names, "programme_manager", "/names?typed=zq") == [HIDDEN], "for all plans that they manage"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (CHARACTERS["lead"], "this person has an account"),
        ("Zora Twin", "2 people with an account have this name"),
        (HIDDEN, "no account, so no one will get emails"),
        ("Zebra Team", "this is a team of 1 person"),
        ("Empty Team", "this team has no members, so no one will get emails"),
    ],
)
def test_the_field_tells_who_each_name_in_it_reaches(names, name, says):
    with transaction():
        make_team(BY, "Zebra Team", [names.people["lead"]])
        make_team(BY, "Empty Team", [])
    field = read(asked(names, "programme_manager", f"/names?plan=twin&typed={name}&names={name}%0AAnother"))
    lines = [line.text for line in field.one("ul", class_="names__reached").all("li")]
    assert lines == [f"{name}: {says}", "Another: no account, so no one will get emails"]


def test_a_name_that_was_matched_in_the_item_says_so_there(names):
    with transaction():
        match_account(BY, names.plan_id, HIDDEN, names.people["viewer"])
    address = f"/names?plan=twin&typed={HIDDEN}"
    matched = f"{HIDDEN}: matched to {CHARACTERS['viewer']}, who has an account"
    assert matched in read(asked(names, "programme_manager", f"{address}&action={names.actions['6.2']}")).text
    assert f"{HIDDEN}: no account" in read(asked(names, "programme_manager", address)).text


@pytest.mark.parametrize("role", ["board_member", "chair", "partner"])
def test_who_asks_for_a_board_is_offered_only_names_that_they_can_read(names, role):
    address = "/names?board=mash-board&typed="
    offered = suggestions(names, role, f"{address}zq")
    assert offered == ([] if role == "partner" else [HIDDEN])
    assert suggestions(names, role, f"{address}zadie") == [], "an account that no plan names"
    assert suggestions(names, role, f"{address}mash") == [CHARACTERS["lead"]]
    for unread in ("Zadie Newcomer", *([HIDDEN] if role == "partner" else ())):
        text = read(asked(names, role, f"{address}{unread}&names={unread}")).text
        assert text.strip() == "", f"it says nothing of {unread}, whom they cannot read"


def test_an_account_is_found_by_name_or_address_and_namesakes_by_their_address(names):
    address = "/names?accounts=&typed="
    assert suggestions(names, "lead", f"{address}zadie") == ["Zadie Newcomer"]
    assert suggestions(names, "lead", f"{address}zadie new@te") == ["Zadie Newcomer"]
    assert suggestions(names, "lead", f"{address}zora") == ["twin1@tests.example", "twin2@tests.example"]
    assert suggestions(names, "lead", f"{address}Zora Twin") == ["twin1@tests.example", "twin2@tests.example"]
    assert suggestions(names, "lead", f"{address}Zadie Newcomr") == ["Zadie Newcomer"]
    assert (
        "Zadie Newcomer: this person has an account" in read(asked(names, "lead", f"{address}new@tests.example")).text
    )


def test_nothing_typed_suggests_nothing_and_a_long_text_is_cut(names):
    assert read(asked(names, "programme_manager", "/names?plan=twin")).text == ""
    assert suggestions(names, "programme_manager", f"/names?plan=twin&typed={'z ' * 3000}") == []


def test_a_role_that_has_ended_suggests_no_more(names, on):
    with transaction():
        theirs = Membership.person_id == names.people["programme_manager"]
        db.session.execute(update(Membership).where(theirs).values(until_on=TODAY))
    on(TODAY + timedelta(days=1))
    answer = names.client("programme_manager").get("/names?plan=twin&typed=z", headers=HTMX)
    assert answer.status_code in {403, 404} and "Zadie" not in answer.text

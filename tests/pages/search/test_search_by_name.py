"""Search by name: people and boards with what is theirs; and what each result says of its action."""

from __future__ import annotations

import pytest

from ilacs_app.db import transaction
from ilacs_app.plan.assignments import name_people
from tests.auditor import read
from tests.conftest import BY
from tests.pages.search.test_search import search, write


def _sections(answer) -> dict[str, object]:
    page = read(answer.text)
    return {section.one("h2").text: section for section in page.all("section", class_="group")}


def _links(section) -> dict[str, str]:
    return {link.text: link.attrs["href"] for link in section.all("a")}


@pytest.fixture
def owned(world):
    with transaction():
        name_people(BY, world.actions["5.2"], "owner", ["Zoë Quokka"])
        name_people(BY, world.actions["6.2"], "owner", ["Zoë Quokka"])
    return world


def test_a_lead_is_found_with_a_link_to_what_they_lead(world):
    people = _sections(search(world, "mash service"))["People"]
    assert "MASH Service Manager" in people.text
    href = _links(people)["leads 1 recommendation"]
    page = read(world.client("viewer").get(href).text)
    assert [row.attrs["id"] for row in page.all("tr") if "id" in row.attrs] == ["recommendation-5"]


@pytest.mark.parametrize("typed", ["quokka", "zoe", "ZOË QUO", '"zoë quokka"'])
def test_an_owner_is_found_whatever_the_capitals_and_accents_with_a_list_of_their_actions(owned, typed):
    people = _sections(search(owned, typed))["People"]
    href = _links(people)["owns 2 actions"]
    page = read(owned.client("viewer").get(href).text)
    assert [body.attrs["data-ref"] for body in page.all("tbody")] == ["5.2", "6.2"]


def test_each_term_has_to_be_in_the_name(owned):
    assert "People" not in _sections(search(owned, "zoe manager"))


def test_a_chair_is_found_with_their_board_and_a_contributor_with_what_they_contribute_to(world):
    chair = _sections(search(world, "independent chair"))["People"]
    assert "Chair of the MASH Board" in chair.text and _links(chair) == {"MASH Board": "/boards/mash-board"}
    people = _sections(search(world, "training officer"))["People"]
    page = read(world.client("viewer").get(_links(people)["contributes to 1 action"]).text)
    assert [body.attrs["data-ref"] for body in page.all("tbody")] == ["5.3"]


def test_a_board_is_found_by_each_of_its_names_with_its_next_meeting(world):
    section = _sections(search(world, "mash board"))["Boards"]
    assert _links(section) == {"MASH Board": "/boards/mash-board"} and "No meeting planned" in section.text


def test_people_and_boards_can_be_chosen_alone(world):
    page = read(search(world, "mash", kind="people").text)
    assert [section.one("h2").text for section in page.all("section", class_="group")] == ["People"]
    assert page.one("nav", class_="found").one("strong").text == "People"
    assert list(_sections(search(world, "mash", kind="boards"))) == ["Boards"]


def test_a_partner_finds_only_people_and_boards_of_what_it_may_see(owned):
    page = search(owned, "zoe", role="partner")
    assert list(_links(_sections(page)["People"])) == ["owns 1 action"]
    assert "People" not in _sections(search(owned, "fostering manager", role="partner"))
    assert "Boards" not in _sections(search(owned, "lac strategy", role="partner"))


def test_an_account_that_no_plan_names_is_not_found(world):
    assert "People" not in _sections(search(world, "scrutiny officer"))
    assert "People" not in _sections(search(world, "elected member"))


def test_every_result_about_an_action_says_its_owner_its_rating_and_its_date(owned):
    write(owned, "5.2", "The wombat sessions ran.")
    for typed in ("wombat", "5.2"):
        (hit,) = read(search(owned, typed).text).one("ol", class_="hits").all("li")
        assert "Owner: Zoë Quokka" in hit.text and "Red: off track" in hit.text
        assert "Due 31 Mar 2018" in hit.text and "Overdue by" in hit.text
    recommendation = _sections(search(owned, "5", kind="recommendations"))["Recommendations"]
    assert "MASH Service Manager" in recommendation.text and "worst open action" in recommendation.text

"""A partner reads its own items, and nothing of the others between their lines."""

from __future__ import annotations

import pytest

from ilacs_app.db import transaction
from ilacs_app.editing.actions.commands import move_action, put_action
from ilacs_app.editing.actions.queries import editable_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.governing_boards.commands import change_boards
from ilacs_app.editing.governing_boards.rules import BoardChange
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.editing.twins.commands import link_twins, part_twin
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.teams.commands import let_stand_in
from ilacs_app.plan.commands import add_recommendation, make_plan
from ilacs_app.plan.plan_file import FileRecommendation
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import send, set_plan, the_record, token, version_of


def main(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return read(answer.text).one("main").text


def recommendation(world, number: str) -> int:
    """The id of a recommendation of the twin plan."""
    first = next(id_ for ref, id_ in world.actions.items() if ref.startswith(f"{number}."))
    return editable_action(first).places[0].recommendation_id


def test_the_stand_in_page_names_no_account(world):
    page = world.client("partner").get("/stand-ins").text
    named = [name for role, name in CHARACTERS.items() if role != "partner" and name in page]
    assert named == []


@pytest.mark.parametrize(
    ("written", "status"),
    [("viewer@tests.example", 303), (" Viewer@Tests.Example ", 303), ("nobody-known@tests.example", 422), ("", 422)],
)
def test_a_partner_names_who_stands_in_by_email_address(world, written, status):
    client, before = world.client("partner"), the_record()
    fields = {"csrf_token": token(client), "person": written, "reason": "Annual leave"}
    answer = client.post("/stand-ins", data=fields)
    assert answer.status_code == status
    if status == 422:
        assert the_record() == before
        assert (
            'value="Annual leave"' in answer.text
            and "Enter the email address of someone with an account." in answer.text
        )
        assert not [name for role, name in CHARACTERS.items() if role != "partner" and name in answer.text]
    else:
        assert "Scrutiny Officer" in main(client, "/stand-ins")


def test_a_partner_cannot_stand_in_for_itself(world):
    client = world.client("partner")
    fields = {"csrf_token": token(client), "person": "partner@tests.example"}
    assert client.post("/stand-ins", data=fields).status_code == 422


def test_who_stands_in_for_a_partner_is_known_to_it(world):
    with transaction():
        let_stand_in(BY, world.people["viewer"], world.people["partner"], TODAY, None, "Leave")
    page = main(world.client("partner"), "/stand-ins")
    assert "Scrutiny Officer" in page and "Elected Member" not in page


def test_what_replaces_an_action_is_not_named_to_who_may_not_see_it(world):
    mash, hidden = world.actions["5.3"], world.actions["6.2"]
    manager = world.client("programme_manager")
    move = {"status": "withdrawn", "reason": "One is enough.", "successor": "6.2"}
    assert send(manager, mash, "status", **move).status_code == 303
    assert main(world.client("viewer"), f"/actions/{mash}").count("Replaced by") == 2, "above, and in the history"
    assert "6.2" not in main(world.client("partner"), f"/actions/{mash}")
    assert f"/actions/{hidden}" not in world.client("partner").get(f"/actions/{mash}").text
    assert "Replaces" in main(world.client("viewer"), f"/actions/{hidden}")


def test_what_an_action_replaces_is_not_named_to_who_may_not_see_it(world):
    mash, hidden = world.actions["5.3"], world.actions["6.2"]
    move = {"status": "withdrawn", "reason": "One is enough.", "successor": "5.3"}
    assert send(world.client("programme_manager"), hidden, "status", **move).status_code == 303
    assert "6.2" in main(world.client("viewer"), f"/actions/{mash}")
    assert "6.2" not in main(world.client("partner"), f"/actions/{mash}")


@pytest.mark.parametrize("parted", [False, True], ids=["linked", "parted"])
def test_a_hidden_twin_is_not_named(world, parted):
    mash = world.actions["5.3"]
    with transaction():
        text = ActionContent(editable_action(mash).text.text)
        twin = put_action(BY, recommendation(world, "6"), "6.99", text, "")
        link_twins(BY, mash, {twin: 1})
    if parted:
        seen = version_of(twin)
        with transaction():
            part_twin(BY, twin, seen)
    assert "6.99" in main(world.client("viewer"), f"/actions/{mash}")
    page = world.client("partner").get(f"/actions/{mash}").text
    assert "6.99" not in page and f"/actions/{twin}" not in page
    assert "Linked" in page, "that something was linked stays in the history"


def test_where_an_action_came_from_is_not_named(world):
    mash, hidden = recommendation(world, "5"), recommendation(world, "6")
    moved = world.actions["6.2"]
    seen = version_of(moved)
    with transaction():
        move_action(BY, moved, seen, hidden, mash, "5.77")
    assert "6.2" in main(world.client("viewer"), f"/actions/{moved}")
    assert "6.2" not in main(world.client("partner"), f"/actions/{moved}")


def test_several_plans_are_those_that_the_reader_sees(world):
    with transaction():
        other = make_plan(BY, "alpha", "Alpha", TODAY, state="live")
        add_recommendation(BY, other, FileRecommendation("1", "Something else", "row 1"), 0)
    set_plan(world.plan_id, short_name="Canary plan")
    assert "Canary plan" in main(world.client("viewer"), "/boards/mash-board")
    shown = main(world.client("partner"), "/boards/mash-board")
    assert "5.3" in shown
    assert "Canary plan" not in shown


def test_a_board_that_a_partner_may_not_open_is_no_link(world):
    with transaction():
        added = BoardChange("add", board_named(BY, "LAC Strategy Group"))
        facts = editable_recommendation(recommendation(world, "5"))
        change_boards(BY, [Chosen("board", facts.id, facts.version)], added, "Add a board")
    page = world.client("partner").get("/plans/twin/recommendations/5").text
    assert 'href="/boards/mash-board"' in page and 'href="/boards/lac-strategy-group"' not in page
    assert 'href="/boards/lac-strategy-group"' in world.client("viewer").get("/plans/twin/recommendations/5").text


def test_a_partner_reads_the_inspections_of_its_plans(world):
    with transaction():
        own = enter_inspection(BY, "Northmoor", "ILACS own")
        other = enter_inspection(BY, "Northmoor", "ILACS other")
    set_plan(world.plan_id, inspection_id=own)
    client = world.client("partner")
    assert "ILACS own" in main(client, "/inspections") and "ILACS other" not in main(client, "/inspections")
    assert client.get(f"/inspections/{own}").status_code == 200
    assert client.get(f"/inspections/{other}").status_code == 404
    assert world.client("viewer").get(f"/inspections/{other}").status_code == 200

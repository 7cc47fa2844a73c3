"""A board of several recommendations at once, and a change of many items undone as a whole."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import update

from ilacs_app.db import db, transaction
from ilacs_app.editing.handover.queries import held_by, owners_of
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.editing.undo.queries import changed_lately
from ilacs_app.history import of_recommendation
from ilacs_app.people.boards.queries import boards
from ilacs_app.people.model import Person
from tests.auditor import read
from tests.factories import BOTH_WAYS, all_rows, changed, set_fact, set_plan, set_recommendation, token, version_of
from tests.guards.test_query_counts import statements

PATH = "/plans/twin/boards"


def post(world, path: str, role: str = "programme_manager", headers=None, **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(path, data=data, headers=headers or {})


def facts(id_: int):
    version_of(1)
    return editable_recommendation(id_)


def board(name: str) -> int:
    return next(one.id for one in boards() if one.name == name)


def items(*ids: int) -> list[str]:
    return [f"board-{id_}-{facts(id_).version}" for id_ in ids]


def words(answer) -> str:
    return re.sub(r"\s+", " ", read(answer.text).one("main").text)


def add_mash(world, given: list[str], *, save: bool = True, **more):
    fields = {"item": given, "how": "add", "board": board("MASH Board"), **({"save": "yes"} if save else {}), **more}
    return post(world, PATH, **fields)


@pytest.fixture
def three(world) -> tuple[int, int, int]:
    """Two recommendations that the MASH Board does not govern, and one that it does."""
    mash = board("MASH Board")
    governed = {id_: mash in facts(id_).text.board_ids for id_ in range(1, 13)}
    one, two = [id_ for id_, is_it in governed.items() if not is_it][:2]
    return one, two, next(id_ for id_, is_it in governed.items() if is_it)


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_preview_shows_each_before_and_after_and_writes_nothing(world, three, _way, headers):
    token(world.client("programme_manager"))
    before = all_rows()
    looked = add_mash(world, items(*three), save=False, headers=headers)
    assert looked.status_code == 200 and changed(before, all_rows()) == set()
    page = read(looked.text)
    assert [one.attrs["value"] for one in page.all("input", name="item")] == items(*sorted(three))
    assert "1 recommendation of 3 stays as it is" in words(looked)
    none = add_mash(world, items(three[2]), save=False)
    assert none.status_code == 422 and "None of these would change." in words(none)
    assert page.one("button", name="save").text == "Change 2 recommendations"
    assert page.one("table").text.count("MASH Board") == 3, "one for each that gets it, one for the one that has it"
    assert "MASH Operational Board" not in words(looked), "each board stands under its own name"


def test_saved_each_has_the_board_as_its_own_logged_change_and_the_rest_as_before(world, three):
    one, two, mash = three
    before = {id_: facts(id_) for id_ in three}
    assert add_mash(world, items(*three)).status_code == 303
    for id_ in (one, two):
        was, now = before[id_].text, facts(id_).text
        assert now.board_ids == (*was.board_ids, board("MASH Board"))
        assert replace(now, board_ids=was.board_ids, lead_board_id=was.lead_board_id) == was
        assert of_recommendation(id_, newest=1)[0].verb == "recommendation_changed"
    assert facts(mash) == before[mash], "what stays as it is gets no version and no line"


def test_the_lead_board_is_set_and_a_board_takes_another_ones_place(world, three):
    one, two, _ = three
    mash, old = board("MASH Board"), facts(two).text.board_ids[0]
    assert add_mash(world, items(one), how="lead").status_code == 303
    assert facts(one).text.lead_board_id == mash
    assert add_mash(world, items(two), how="replace", instead=old).status_code == 303
    assert mash in facts(two).text.board_ids and old not in facts(two).text.board_ids
    assert add_mash(world, items(two), how="remove").status_code == 303
    assert mash not in facts(two).text.board_ids


def test_what_someone_changed_meanwhile_is_named_and_nothing_is_saved(world, three):
    one, two, _ = three
    seen = items(one, two)
    set_recommendation(world.plan_id, facts(two).number, text="Other words.", version=facts(two).version + 1)
    before = all_rows()
    stale = add_mash(world, seen)
    assert stale.status_code == 409 and f"Changed since: {facts(two).number}." in words(stale)
    assert not changed(before, all_rows()) - {"session", "person"}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"how": ""}, "Select what to do"),
        ({"board": ""}, "Select a board"),
        ({"how": "replace"}, "Select the board to replace"),
        ({"item": []}, "Select at least one"),
    ],
)
def test_a_form_that_lacks_something_says_so_and_keeps_the_rest(world, three, fields, says):
    given = items(three[0])
    refused = post(world, PATH, **{"item": given, "how": "add", "board": board("MASH Board"), **fields})
    assert refused.status_code == 422 and says in words(refused)
    ticked = [one.attrs["value"] for one in read(refused.text).all("input", name="item") if "checked" in one.attrs]
    assert ticked == fields.get("item", given)


def test_the_same_form_sent_twice_changes_once(world, three):
    given, once = items(three[0]), uuid4().hex
    first, second = (add_mash(world, given, once=once) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert facts(three[0]).version == int(given[0].rpartition("-")[2]) + 1


def the_change(world) -> str:
    """The address of the newest change of many items."""
    version_of(1)
    return f"/plans/twin/together/{changed_lately([world.plan_id])[0].line.id}"


def sent_to_undo(world, path: str) -> list[str]:
    page = read(world.client("programme_manager").get(path).text).one("main")
    return [one.attrs["value"] for one in page.all("input", name="item")]


def test_boards_go_back_as_a_whole_but_what_was_changed_since_stays_and_is_reported(world, three):
    one, two, _ = three
    before = {id_: facts(id_).text for id_ in (one, two)}
    assert add_mash(world, items(one, two)).status_code == 303
    assert add_mash(world, items(two), how="remove").status_code == 303
    first = [
        a.attrs["href"]
        for a in read(world.client("programme_manager").get(PATH).text).one("ul", class_="plain").all("a")
    ]
    path = first[-1]
    assert "Will not change. Changed since." in words(world.client("programme_manager").get(path))
    assert post(world, path, item=sent_to_undo(world, path)).status_code == 303
    assert facts(one).text == before[one]
    page = words(world.client("programme_manager").get(path))
    assert f"Changed since, so left as they are: {facts(two).number}." in page and "1 change undone" in page
    assert "Change undone: 1 item. Later changes were left as they are." in page
    rows = read(world.client("programme_manager").get(path).text).one("main").one("tbody").all("tr")
    told = {row.all("td")[0].text: row.all("td")[3].text for row in rows}
    assert told == {facts(one).number: "Undone", facts(two).number: "Changed since."}
    again = post(world, path, item=items(one))
    assert again.status_code == 422 and "This change has already been undone. Refresh the page to see by whom" in words(
        again
    )


@pytest.mark.parametrize("active", [True, False])
def test_a_reassignment_goes_back_as_a_whole_to_an_account_that_works_or_has_left(world, active):
    leaver = world.people["lead"]
    with transaction():
        db.session.execute(update(Person).where(Person.id == leaver).values(active=active))
    version_of(1)
    held = held_by(world.actor("programme_manager"), leaver)
    given = [f"{one.part}-{one.id}-{one.version}" for one in held]
    give = {"item": given, "to": "Quality Lead", "save": "yes"}
    assert post(world, f"/people/{leaver}/hand-over", **give).status_code == 303
    path = the_change(world)
    assert path in world.client("programme_manager").get(f"/people/{leaver}/hand-over").text
    assert post(world, path, item=sent_to_undo(world, path)).status_code == 303
    version_of(1)
    assert [one.key for one in held_by(world.actor("programme_manager"), leaver)] == [one.key for one in held]


def test_looking_at_a_change_of_many_asks_no_more_than_of_one(world):
    counted = []
    for refs in (["5.3"], ["5.1", "5.2", "5.4", "5.5", "6.1", "6.2"]):
        ids = [world.actions[ref] for ref in refs]
        given = {"item": [f"owner-{id_}-{version_of(id_)}" for id_ in ids], "to": "Quality Lead", "save": "yes"}
        assert post(world, "/plans/twin/owners", **given).status_code == 303
        path = the_change(world)
        with statements(world.app) as seen:
            assert len(sent_to_undo(world, path)) == len(refs)
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_whoever_changed_an_item_while_the_page_was_open_is_not_overruled(world):
    action = world.actions["5.3"]
    given = {"item": [f"owner-{action}-{version_of(action)}"], "to": "Quality Lead", "save": "yes"}
    assert post(world, "/plans/twin/owners", **given).status_code == 303
    path = the_change(world)
    seen = sent_to_undo(world, path)
    again = {"item": [f"owner-{action}-{version_of(action)}"], "to": "Somebody Else", "save": "yes"}
    assert post(world, "/plans/twin/owners", **again).status_code == 303
    refused = post(world, path, item=seen)
    assert refused.status_code == 422 and "nothing left to undo" in words(refused)
    version_of(action)
    assert owners_of([action])[action] == ("Somebody Else",)
    newest = the_change(world)
    set_fact(action, version=version_of(action) + 1)
    assert post(world, newest, item=[f"action-{action}-{version_of(action) - 1}"]).status_code == 409
    set_plan(world.plan_id, state="closed")
    closed = post(world, newest, item=sent_to_undo(world, newest))
    assert closed.status_code == 422 and "This plan is closed" in words(closed)

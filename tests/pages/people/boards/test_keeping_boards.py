"""Boards, made and named by the programme manager."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.commands import board_named, boards_named
from ilacs_app.people.boards.model import Board
from tests.auditor import read
from tests.conftest import BY
from tests.factories import BOTH_WAYS, HTMX, all_rows, changed, token


def post(world, path: str, role: str = "programme_manager", headers=None, **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(path, data=data, headers=headers or {})


def board(slug: str) -> Board:
    db.session.rollback()
    return db.session.scalars(select(Board).where(Board.slug == slug)).one()


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_board_is_made_and_a_plan_finds_it_by_each_of_its_names(world, _way, headers):
    answer = post(
        world,
        "/settings/boards/new",
        headers=headers,
        name="Children’s Practice Board",
        other_names="Practice Board\nCPB",
    )
    assert answer.status_code == 303
    made = board("childrens-practice-board")
    assert made.other_names == ["Practice Board", "CPB"]
    with transaction():
        assert {board_named(BY, name) for name in ("practice board", "CPB", "Childrens Practice Board")} == {made.id}
    assert "Children’s Practice Board" in world.client("viewer").get("/governance").text
    assert "Practice Board, CPB" in read(world.client("administrator").get("/settings/boards").text).one("main").text


def test_another_name_keeps_the_address(world):
    mash = board("mash-board")
    path = f"/settings/boards/{mash.id}"
    assert post(world, path, version=mash.version, name="Front Door Board", other_names="MASH Board").status_code == 303
    assert (board("mash-board").name, board("mash-board").version) == ("Front Door Board", 2)
    assert "Front Door Board" in read(world.client("viewer").get("/boards/mash-board").text).one("h1").text
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "board_changed")).one()
    assert (event.before["name"], event.after["name"]) == ("MASH Board", "Front Door Board")
    stale = post(world, path, version=1, name="Other Board", other_names="")
    assert stale.status_code == 409
    assert "Front Door Board" in read(stale.text).one("tbody").text and 'value="Other Board"' in stale.text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "Enter a board name"),
        ({"name": "’"}, "Enter a board name"),
        ({"name": "mash board"}, "The MASH Board already uses the name “mash board”"),
        ({"name": "New Board", "other_names": "LAC Strategy Group"}, "The LAC Strategy Group already uses the name"),
    ],
)
def test_a_board_that_cannot_be_made_says_why_and_keeps_the_text(world, fields, says):
    before = all_rows()
    answer = post(world, "/settings/boards/new", **fields)
    assert answer.status_code == 422
    assert says in read(answer.text).one("main").text
    assert read(answer.text).one("textarea", id="other_names").whole_text == fields.get("other_names", "")
    assert changed(before, all_rows()) <= {"session"}


def test_strangers_others_missing_boards_and_wrong_verbs(world):
    assert world.client(None).get("/settings/boards").status_code == 302
    assert world.client(None).get("/settings/boards", headers=HTMX).status_code == 401
    assert post(world, "/settings/boards/new", "administrator", name="A board").status_code == 403
    assert "Add a board" not in world.client("administrator").get("/settings/boards").text
    assert world.client("programme_manager").get("/settings/boards/999").status_code == 404
    assert world.client("programme_manager").put("/settings/boards/new").status_code == 405
    assert "/settings/boards" in world.client("programme_manager").get("/account").text
    assert "/settings/boards" not in world.client("lead").get("/account").text


def test_names_of_one_board_make_it_once(world):
    with transaction():
        ids = boards_named(BY, ["Early Help Board", "early help board", "MASH Board", " Early  Help Board "])
    assert len(set(ids.values())) == 2
    made = board("early-help-board")
    assert made.name == "Early Help Board" and ids["early help board"] == made.id
    events = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "board_made")).all()
    assert [event.after for event in events if event.about == "Early Help Board"] == [{"slug": "early-help-board"}]

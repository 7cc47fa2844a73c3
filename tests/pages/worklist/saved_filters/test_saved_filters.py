"""Saved views: under a name, opened again, shared by their link, removed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.history import HistoryEvent
from ilacs_app.worklist.saved_filters.commands import MOST_FILTERS, save_filter
from ilacs_app.worklist.saved_filters.queries import kept_filters
from tests.auditor import read
from tests.factories import HTMX, token

RED = "/plans/twin?brag=red"


def keep(world, name: str, address: str = RED, role: str = "viewer", once: str | None = None, headers=None):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": once or uuid4().hex, "name": name, "address": address}
    return client.post("/filters", data=data, headers=headers or {})


def kept(world, role: str = "viewer") -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.name, one.address) for one in kept_filters(world.people[role])]


@pytest.mark.parametrize("path", [RED, "/boards/mash-board?timeliness=overdue", "/search?q=staff"])
def test_a_list_offers_to_keep_its_filter_and_the_form_names_its_address(world, path):
    links = [a.attrs["href"] for a in read(world.client("viewer").get(path).text).all("a")]
    (offer,) = [href for href in links if href.startswith("/filters?keep=")]
    form = read(world.client("viewer").get(offer).text)
    assert form.one("input", name="address").attrs["value"] == path
    assert not read(world.client("viewer").get("/filters").text).all("input", name="address")


def test_a_list_without_a_filter_offers_none(world):
    for path in ("/plans/twin", "/boards/mash-board"):
        assert "/filters?keep=" not in world.client("viewer").get(path).text


def test_a_saved_view_is_listed_opens_and_is_removed(world):
    answer = keep(world, "Off track & late")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/filters")
    page = world.client("viewer").get("/filters")
    assert read(page.text).one(id="status").text.strip() == "Saved: “Off track & late”"
    assert read(page.text).one("table").one("a").attrs["href"] == RED
    assert f"http://localhost{RED}" in read(page.text).one("table").text
    assert world.client("viewer").get(RED).status_code == 200
    (one,) = kept_filters(world.people["viewer"])
    path = f"/filters/{one.id}/take-away"
    stranger = world.client("lead")
    assert stranger.post(path, data={"csrf_token": token(stranger)}).status_code == 404
    mine = world.client("viewer")
    assert mine.get(path).status_code == 405
    assert mine.post(path, data={"csrf_token": token(mine)}).status_code == 303
    assert mine.post(path, data={"csrf_token": token(mine)}).status_code == 404
    assert kept(world) == []
    verbs = db.session.scalars(select(HistoryEvent.verb).where(HistoryEvent.verb.like("filter%"))).all()
    assert verbs == ["filter_kept", "filter_taken_away"]


def test_no_one_sees_the_saved_views_of_others(world):
    keep(world, "Mine")
    assert "Mine" not in world.client("lead").get("/filters").text
    assert keep(world, "Mine", role="lead").status_code == 303


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_name_that_is_missing_too_long_or_taken_is_refused_and_the_text_is_kept(world, headers):
    keep(world, "Taken")
    for name, says in (("", "Enter a name"), ("x" * 301, "300 characters"), ("Taken", "saved view with this name")):
        answer = keep(world, name, headers=headers)
        assert answer.status_code == 422
        page = read(answer.text)
        assert says in page.one("main").text
        assert page.one("input", id="name").attrs.get("value", "") == name
        assert page.one("input", name="address").attrs["value"] == RED
    assert kept(world) == [("Taken", RED)]


def test_the_same_form_sent_twice_keeps_one(world):
    once = uuid4().hex
    assert [keep(world, "Twice", once=once).status_code for _ in range(2)] == [303, 303]
    assert kept(world) == [("Twice", RED)]


def test_the_page_of_a_list_is_not_part_of_its_filter(world):
    keep(world, "Red", "/plans/twin?brag=red&page=3&open=7")
    assert kept(world) == [("Red", RED)]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/plans/twin",
        "/plans/twin?page=2",
        "/account?x=1",
        "/sign-out?x=1",
        "https://elsewhere.example/plans/twin?brag=red",
        "//elsewhere.example/plans/twin?brag=red",
        "javascript:alert(1)?x=1",
        "/plans/twin?q=" + "x" * 3000,
    ],
)
def test_only_a_list_of_ours_with_a_filter_can_be_kept(world, address):
    assert keep(world, "Other", address).status_code == 404
    assert kept(world) == []
    shown = world.client("viewer").get("/filters", query_string={"keep": address})
    assert shown.status_code == 200
    assert not read(shown.text).all("input", name="address")


def test_someone_keeps_so_many_and_no_more(world):
    with transaction():
        for n in range(MOST_FILTERS):
            save_filter(world.author("viewer"), f"Filter {n}", RED)
    answer = keep(world, "One more")
    assert answer.status_code == 422
    assert "Remove one" in answer.text


def test_a_stranger_signs_in_first(world):
    assert world.client(None).get("/filters").status_code == 302

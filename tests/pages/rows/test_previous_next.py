"""Previous and next: through the list that someone came from, as they may see it, and no other."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from ilacs_app.db import transaction
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import HTMX


def turns(world, path: str, role: str = "viewer") -> dict[str, tuple[str, str]]:
    """rel -> (words, address) at the right end of the breadcrumb."""
    answer = world.client(role).get(path)
    assert answer.status_code == 200
    found = read(answer.text).all("nav", class_="crumbs__turn")
    return {a.attrs["rel"]: (a.text, a.attrs["href"]) for nav in found for a in nav.all("a")}


def opened_from(path: str, address: str) -> str:
    return f"{path}?from={quote(address, safe='')}"


LISTS = (
    "/plans/twin?brag=red",
    "/plans/twin?board=mash-board&status=not_started",
    "/plans/twin?q=the",
    "/boards/mash-board",
    "/boards/mash-board?timeliness=overdue",
    "/plans/twin/recommendations/5",
    "/plans/twin/actions?sort=-due&brag=red",
    "/plans/twin/actions?sort=owner&board=mash-board",
)


@pytest.mark.parametrize("address", LISTS)
def test_next_leads_through_the_whole_list_in_its_order_and_previous_back(world, address):
    client = world.client("viewer")
    listed = [
        a.attrs["href"]
        for row in read(client.get(address).text).walk()
        if row.attrs.get("id", "").startswith("action-")
        for cell in row.all("td", class_="text")
        for a in cell.all("a")
        if a.attrs["href"].startswith("/actions/")
    ]
    assert len(listed) > 1, address
    assert all("?from=" in href for href in listed)
    walked = [listed[0]]
    assert "prev" not in turns(world, listed[0])
    while "next" in (ends := turns(world, walked[-1])):
        walked.append(ends["next"][1])
        assert len(walked) <= len(listed)
        assert turns(world, walked[-1])["prev"][1] == walked[-2]
    assert [href.partition("?")[0] for href in walked] == [href.partition("?")[0] for href in listed]


@pytest.mark.parametrize("address", [each for each in LISTS if "recommendations" not in each])
def test_the_list_is_one_step_back_at_the_row_that_was_opened(world, address):
    action = world.actions["5.1"]
    assert turns(world, opened_from(f"/actions/{action}", address))["up"] == (
        "Back to the list",
        f"{address}#action-{action}",
    )


def test_no_list_is_a_step_back_where_there_is_none_or_the_breadcrumb_has_it(world):
    action = world.actions["5.1"]
    for address in ("/plans/twin/recommendations/5", "/boards/no-such-board", "https://elsewhere.example/plans/twin"):
        assert "up" not in turns(world, opened_from(f"/actions/{action}", address)), address


def test_my_work_is_walked_in_its_own_order(world):
    listed = [
        a.attrs["href"]
        for row in read(world.client("lead").get("/").text).all("div", class_="row__text")
        for a in row.all("a")
    ]
    assert len(listed) > 1
    ends = turns(world, listed[0], "lead")
    assert "prev" not in ends
    assert ends["next"][1] == listed[1]


def test_a_partner_walks_only_what_it_may_see(world):
    rows = action_rows(world.actor("partner"), Filter(plan_id=world.plan_id), TODAY, size=None)
    address, seen = opened_from(f"/actions/{rows[0].id}", "/plans/twin?q="), 1
    while "next" in (ends := turns(world, address, "partner")):
        address, seen = ends["next"][1], seen + 1
    assert seen == len(rows)


def test_recommendations_are_walked_through_the_plan_or_through_the_filter(world):
    plain = turns(world, "/plans/twin/recommendations/5")
    assert plain["prev"] == ("Previous: 4", "/plans/twin/recommendations/4")
    assert plain["next"] == ("Next: 6", "/plans/twin/recommendations/6")
    listed = [
        a.attrs["href"]
        for cell in read(world.client("viewer").get("/plans/twin?board=lac-strategy-group").text).all(
            "td", class_="text"
        )
        for a in cell.all("a")
    ]
    assert len(listed) > 1
    assert turns(world, listed[0])["next"][1] == listed[1]
    heads = [
        a.attrs["href"]
        for head in read(world.client("viewer").get("/plans/twin?brag=red").text).all("div", class_="group-head")
        for a in head.all("a")
        if "/recommendations/" in a.attrs["href"]
    ]
    assert turns(world, heads[0])["next"][1] == heads[1]


@pytest.fixture
def found_often(world):
    """A word that is in a recommendation, in actions, and in two notes of one action and one of another."""
    with transaction():
        for ref in ("6.2", "5.2", "6.2"):
            log_progress(world.author("programme_manager"), world.actions[ref], NoteText("All notifications counted."))
    return "/search?q=notifications"


def test_a_search_is_walked_through_all_that_it_found_each_once_and_back(world, found_often):
    client = world.client("viewer")
    hits = [
        a.attrs["href"] for a in read(client.get(found_often).text).one("main").all("a") if "?from=" in a.attrs["href"]
    ]
    order = list(dict.fromkeys(hits))
    assert 3 < len(order) < len(hits), "some action is found more than once"
    walked = [order[0]]
    while "next" in (ends := turns(world, walked[-1])):
        assert ends["up"] == ("Back to the search", found_often)
        walked.append(ends["next"][1])
        assert len(walked) <= len(order)
        assert turns(world, walked[-1])["prev"][1] == walked[-2]
    assert walked == order
    one_kind = opened_from(f"/actions/{world.actions['6.2']}", f"{found_often}&kind=notes")
    assert turns(world, one_kind)["next"][0] == "Next: 5.2"


def test_a_partner_walks_a_search_only_through_what_it_may_see(world, found_often):
    hits = read(world.client("partner").get(found_often).text).one("main").all("a")
    theirs = {a.attrs["href"] for a in hits if "?from=" in a.attrs["href"]}
    everyones = opened_from(f"/actions/{world.actions['5.2']}", found_often)
    assert everyones in theirs
    at, walked = everyones, set()
    for way in ("next", "prev"):
        while at and at not in walked:
            walked.add(at)
            at = turns(world, at, "partner").get(way, ("", ""))[1]
        at = turns(world, everyones, "partner").get("prev", ("", ""))[1]
    assert walked == theirs


@pytest.mark.parametrize("asked", ["/search", "/search?q=", "/search?q=nosuchword", "/search?q=%22%22&kind=x&page=9"])
def test_a_search_that_finds_this_nowhere_only_leads_back(world, asked):
    assert set(turns(world, opened_from(f"/actions/{world.actions['5.2']}", asked))) == {"up"}
    assert set(turns(world, opened_from("/plans/twin/recommendations/5", asked))) == {"up"}


def test_an_action_that_is_no_longer_in_the_list_has_no_neighbours(world):
    address = opened_from(f"/actions/{world.actions['6.2']}", "/boards/mash-board")
    assert list(turns(world, address)) == ["up"], "only the way back to the list"
    assert turns(world, f"/actions/{world.actions['6.2']}") == {}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        "//elsewhere.example/",
        "https://elsewhere.example/",
        "/account",
        "/plans/none?q=a",
        "/boards/none",
        "%00",
    ],
)
def test_an_address_that_is_no_list_is_left_out(world, given):
    path = f"/actions/{world.actions['5.2']}?from={given}"
    for headers in ({}, HTMX):
        answer = world.client("viewer").get(path, headers=headers)
        assert answer.status_code == 200
        assert "crumbs__turn" not in answer.text
        assert "elsewhere.example" not in answer.text


def test_an_action_opened_for_writing_keeps_the_list_that_it_came_from(world):
    address = opened_from(f"/actions/{world.actions['5.2']}", "/boards/mash-board")
    page = read(world.client("lead").get(address).text)
    (update,) = [a.attrs["href"] for a in page.all("a") if a.text == "Update this action"]
    shown = turns(world, update.partition("#")[0], "lead")
    assert shown["next"][1].endswith("from=%2Fboards%2Fmash-board")

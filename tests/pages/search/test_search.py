"""Search: what is found, for whom, and what the page says when there is nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ilacs_app.db import transaction
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import read
from tests.conftest import BY, DATED_ON, SAMPLES
from tests.factories import HTMX, set_plan


def search(world, q: str, role: str = "viewer", headers=None, **more):
    answer = world.client(role).get("/search", query_string={"q": q, **more}, headers=headers or {})
    assert answer.status_code == 200
    return answer


def hits(answer) -> list[str]:
    return [item.text for found in read(answer.text).all("ol", class_="hits") for item in found.all("li")]


def write(world, ref: str, words: str) -> None:
    with transaction():
        log_progress(world.author("lead"), world.actions[ref], NoteText(words))


def test_every_page_carries_the_way_to_search(world):
    page = read(world.client("viewer").get("/plans/twin").text)
    assert page.one("form", class_="search").attrs["action"] == "/search"
    assert page.one("a", class_="search-link").attrs["href"] == "/search"
    assert not read(world.client("nobody").get("/account").text).all("form", class_="search")


def test_an_empty_search_says_what_it_finds(world):
    answer = search(world, "")
    assert "recommendations, actions, progress notes and evidence" in answer.text
    assert not hits(answer)


def test_a_note_is_found_and_its_words_are_marked(world):
    write(world, "5.2", "The <b>quokka</b> sessions ran & ended.")
    for headers in ({}, HTMX):
        answer = search(world, "quokka", headers=headers)
        (hit,) = hits(answer)
        assert hit.startswith("5.2")
        assert "MASH Service Manager, 7 April 2018" in hit
        assert "&lt;b&gt;<mark>quokka</mark>&lt;/b&gt; sessions ran &amp; ended." in answer.text
        assert f"/actions/{world.actions['5.2']}" in answer.text


def test_the_kinds_are_counted_and_can_be_chosen(world):
    write(world, "5.2", "Staff came.")
    both = read(search(world, "staff").text)
    assert [head.text for head in both.one("main").all("h2")] == ["Actions", "Progress notes"]
    notes = search(world, "staff", kind="notes")
    assert len(hits(notes)) == 1
    nothing = search(world, "staff", kind="evidence")
    assert "View all results" in nothing.text
    assert len(hits(search(world, "staff", kind="no-such-kind"))) == len(hits(search(world, "staff")))


def test_nothing_found_says_so_and_what_to_do(world):
    assert "Try another word" in search(world, "zzzz").text
    assert "No results for “zzzz yyyy”." in search(world, "zzzz yyyy").text
    assert "Try fewer words" in search(world, "zzzz yyyy").text
    assert "Search all live plans" in search(world, "zzzz", plan="twin").text


@pytest.mark.parametrize("typed", ["%", "*", "-", "'", '"', "😀", "\0", "a\0b", "x" * 10_000, "y " * 5_000, "');--"])
def test_whatever_is_typed_is_answered(world, typed):
    for headers in ({}, HTMX):
        answer = search(world, typed, headers=headers)
        assert not hits(answer) or typed == "a\0b"
        assert len(answer.text) < 60_000


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "²", "2"])
def test_a_page_that_is_not_there_is_the_nearest_that_is(world, page):
    assert hits(search(world, "staff", page=page))


def test_pages_of_sixty(world):
    for n in range(65):
        write(world, "5.2", f"Quokka {n}")
    first = search(world, "quokka")
    assert len(hits(first)) == 60
    assert "Page 1 of 2" in first.text
    assert 'href="/search?q=quokka&amp;page=2"' in first.text
    assert len(hits(search(world, "quokka", page="2"))) == 5


@pytest.mark.parametrize("typed", ["R2/A7", "r2/a7", "“R2/A7”"])
def test_an_action_is_found_by_the_council_s_own_reference(world, typed):
    with transaction():
        file = read_plan(SAMPLES / "plan.csv", DATED_ON)
        one = file.recommendations[0]
        first, *rest = one.actions
        own = replace(one, actions=(replace(first, ref="R2/A7"), *(replace(a, ref=f"R2/A7{a.ref}") for a in rest)))
        take_in(BY, replace(file, recommendations=(own,)), "second", DATED_ON, state="live")
    for headers in ({}, HTMX):
        (hit,) = hits(search(world, typed, headers=headers, kind="actions"))
        assert "R2/A7" in hit and first.text[:40] in hit


def test_with_several_plans_each_hit_names_its_plan_and_one_can_be_chosen(world):
    write(world, "5.2", "Quokka")
    assert hits(search(world, "quokka"))[0].startswith("5.2")
    with transaction():
        take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "second", DATED_ON, state="live")
    assert hits(search(world, "quokka"))[0].startswith("Twin 5.2")
    assert not hits(search(world, "quokka", plan="second"))
    assert hits(search(world, "quokka", plan="twin"))[0].startswith("5.2")
    assert hits(search(world, "quokka", plan="no-such-plan"))


def test_a_closed_plan_is_searched_where_it_is_chosen_and_a_draft_by_those_who_see_it(world):
    write(world, "5.2", "Quokka")
    set_plan(world.plan_id, state="closed")
    assert not hits(search(world, "quokka"))
    assert hits(search(world, "quokka", plan="twin"))
    set_plan(world.plan_id, state="draft")
    assert not hits(search(world, "quokka", plan="twin"))
    assert hits(search(world, "quokka", "programme_manager", plan="twin"))


def test_a_stranger_signs_in_and_a_newcomer_finds_no_page(world):
    assert world.client(None).get("/search?q=a").status_code == 302
    assert world.client("nobody").get("/search?q=a").status_code == 404
    assert world.client("viewer").post("/search").status_code in (400, 405)

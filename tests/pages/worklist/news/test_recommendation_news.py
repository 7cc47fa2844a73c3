"""Since you last signed in, of recommendations and of many changes at once: in My work and in letters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event, select

from ilacs_app.db import db, transaction
from ilacs_app.digests.pages import letters_of
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.handover.commands import change_owners
from ilacs_app.editing.recommendations.commands import (
    change_recommendation,
    return_recommendation,
    withdraw_recommendation,
)
from ilacs_app.editing.recommendations.queries import contents_of
from ilacs_app.editing.recommendations.rules import RecommendationContent
from ilacs_app.editing.undo.commands import undo_together
from ilacs_app.editing.undo.queries import changed_lately, one_by_one
from ilacs_app.people.commands import add_person
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import Recommendation
from ilacs_app.text import one_line
from ilacs_app.worklist.news.recommendation_news import recommendation_news, recommendation_news_for_each
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, PASSWORD, TODAY
from tests.factories import set_plan, version_of

BASE = "http://localhost"


def _lines(world, role: str) -> list[str]:
    """The lines about recommendations and about many changes on My work, and where the former lead."""
    panels = read(world.client(role).get("/").text).all("section", id="news")
    links = [link for panel in panels for link in panel.all("a") if "/recommendations/" in link.attrs["href"]]
    assert all(world.client(role).get(link.attrs["href"]).status_code == 200 for link in links)
    return [link.text for link in links]


def _in_letter(world, role: str) -> list[tuple[str, str, str]]:
    db.session.rollback()
    drafts = [letter.draft for letter in letters_of(BASE, TODAY).letters]
    return [
        (item.ref, item.says, item.text)
        for draft in drafts
        if draft.to.person_id == world.people[role] and draft.kind == "lead"
        for item in draft.news
    ]


def _recommendation(world, number: str = "5") -> Recommendation:
    db.session.rollback()
    here = (Recommendation.plan_id == world.plan_id, Recommendation.number == number)
    item = db.session.scalar(select(Recommendation).where(*here))
    assert item is not None
    return item


def _change(world, by: str, **fields: object) -> None:
    item = _recommendation(world)
    id_, version = item.id, item.version
    content: RecommendationContent = replace(contents_of([id_])[id_], **fields)
    db.session.rollback()
    with transaction():
        change_recommendation(world.author(by), id_, version, content)


def test_a_reworded_recommendation_is_told_to_who_leads_it_or_has_an_action_in_it(world):
    _change(world, "programme_manager", text="Test every decision at the front door")
    told = [("5", "Recommendation reworded", "Test every decision at the front door")]
    for role in ("lead", "contributor"):
        assert _lines(world, role) == ["5 Recommendation reworded"], role
        assert _in_letter(world, role) == told, role
    for role in ("other_lead", "programme_manager", "viewer", "verifier", "chair", "secretary", "administrator"):
        assert _lines(world, role) == [] and _in_letter(world, role) == [], role


def test_who_becomes_a_lead_is_told_and_no_one_of_their_own_change(world):
    _change(world, "lead", leads=(CHARACTERS["lead"], CHARACTERS["other_lead"]))
    assert _lines(world, "other_lead") == ["5 Leads changed"]
    assert _lines(world, "lead") == []


def test_a_withdrawn_and_restored_recommendation_is_told_with_the_reason(world):
    item = _recommendation(world)
    id_, version = item.id, item.version
    db.session.rollback()
    with transaction():
        withdraw_recommendation(BY, id_, version, "Recommendation 6: covers it.")
    assert _lines(world, "lead") == ["5 Recommendation withdrawn"]
    panel = read(world.client("lead").get("/").text).one("section", id="news").text
    assert "Recommendation 6: covers it." in panel
    withdrawn = ("5", "Recommendation withdrawn", one_line(item.text))
    assert _in_letter(world, "lead") == _in_letter(world, "contributor") == [withdrawn]
    assert _in_letter(world, "other_lead") == [], "who has no part in it"
    with transaction():
        return_recommendation(BY, id_, version + 1, "It does not.")
    assert _lines(world, "lead") == ["5 Recommendation restored", "5 Recommendation withdrawn"]
    assert [says for _, says, _ in _in_letter(world, "lead")] == ["Recommendation restored", "Recommendation withdrawn"]


def test_a_partner_is_told_only_of_a_recommendation_with_an_action_of_theirs(world):
    _change(world, "programme_manager", text="Test every decision at the front door")
    assert _lines(world, "partner") == []
    with transaction():
        name_people(BY, world.actions["5.4"], "owner", [CHARACTERS["partner"]])
    assert _lines(world, "partner") == ["5 Recommendation reworded"]


def test_a_plan_that_is_not_live_has_no_news(world):
    _change(world, "programme_manager", text="Test every decision at the front door")
    set_plan(world.plan_id, state="closed")
    assert recommendation_news(world.actor("lead"), TODAY) == []


def test_everyone_together_is_told_what_each_is_told_alone_in_as_many_queries(world):
    _change(world, "programme_manager", text="Test every decision at the front door")
    everybody = [world.actor(role) for role in world.people]
    asked: list[object] = []

    def count(*seen: object) -> None:
        asked.append(seen)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        together = recommendation_news_for_each(everybody, TODAY)
        all_took = len(asked)
        recommendation_news_for_each(everybody[:1], TODAY)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) == 2 * all_took > 0
    for actor in everybody:
        assert [item.id for item in together[actor.id]] == [item.id for item in recommendation_news(actor, TODAY)]


@pytest.fixture
def owner(world) -> str:
    """A person who is about to own all actions of recommendation 5, and is signed in."""
    with transaction():
        world.people["owner"] = add_person(BY, "owner@tests.example", "New Owner", PASSWORD)
    return "New Owner"


def _own_all(world, name: str, *, most: int | None = None) -> list[int]:
    wanted = Filter(plan_id=world.plan_id, number="5")
    ids = [row.id for row in action_rows(world.actor("programme_manager"), wanted, TODAY, size=None)][:most]
    with transaction():
        change_owners(world.author("programme_manager"), {Chosen("owner", id_, version_of(id_)) for id_ in ids}, name)
    return ids


def test_many_actions_changed_at_once_are_one_line_that_lists_them_and_one_in_the_letter(world, owner):
    ids = _own_all(world, owner)
    assert len(ids) > 3
    page = read(world.client("lead").get("/").text)
    fold = page.one("section", id="news").one("details")
    assert fold.one("summary").text == f"Owner changed: {len(ids)} actions"
    assert {link.attrs["href"] for link in fold.all("a")} == {f"/actions/{id_}" for id_ in ids}
    assert f"{len(ids)} changes since you last signed in" in page.one("main").text
    assert _in_letter(world, "lead") == [("", "Owner changed", f"{len(ids)} actions")]
    (draft,) = [
        letter.draft for letter in letters_of(BASE, TODAY).letters if letter.draft.to.person_id == world.people["owner"]
    ]
    (item,) = draft.news
    assert (item.url, item.number, set(item.covers)) == (f"{BASE}/#news", len(ids), set(ids))
    assert set(ids) <= set(draft.action_ids), "the letter is tested by each of them before it is sent"


def test_undoing_them_together_is_one_line_more(world, owner):
    ids = _own_all(world, owner)
    db.session.rollback()
    (change,) = changed_lately([world.plan_id])
    seen = [item.seen for item in one_by_one(change.line)]
    db.session.rollback()
    with transaction():
        undo_together(world.author("programme_manager"), world.plan_id, change.line.id, seen)
    folds = read(world.client("lead").get("/").text).one("section", id="news").all("summary")
    assert [fold.text for fold in folds] == [f"Action edited: {len(ids)} actions", f"Owner changed: {len(ids)} actions"]


def test_three_actions_changed_at_once_have_a_line_each(world, owner):
    ids = _own_all(world, owner, most=3)
    panel = read(world.client("lead").get("/").text).one("section", id="news")
    assert [link.attrs["href"] for link in panel.all("a")] == [f"/actions/{id_}" for id_ in sorted(ids, reverse=True)]
    assert not panel.all("details")
    assert len(_in_letter(world, "lead")) == 3

"""Since you last signed in: what was done about someone's actions and requests, told to those whom it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.history import record
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import grant_role
from ilacs_app.people.sign_in.model import SignInSession
from ilacs_app.people.teams.commands import let_stand_in
from ilacs_app.worklist.news import action_news
from ilacs_app.worklist.news.rules import NEWS_KINDS, SHOWN_DAYS
from tests.auditor import read
from tests.conftest import BY, TODAY
from tests.factories import CLAIM, fresh, send, set_plan, the_record

news = fresh(action_news.news)


def _told(world, role: str) -> list[tuple[str, str]]:
    """The reference and title of each change on My work, new or not."""
    page = read(world.client(role).get("/").text)
    panels = page.all("section", id="news")
    links = panels[0].all("a") if panels else []
    assert all(world.client(role).get(a.attrs["href"].partition("#")[0]).status_code == 200 for a in links)
    told = [tuple(a.text.split(" ", 1)) for a in links]
    assert told == [(item.row.ref, item.title) for item in news(world.actor(role), clock.today())]
    return told


def _sent_back(world) -> None:
    assert send(world.client("lead"), world.actions["5.2"], **CLAIM).status_code == 303
    answer = send(
        world.client("verifier"), world.actions["5.2"], "status", status="in_progress", reason="Test twenty records."
    )
    assert answer.status_code == 303


def _happened(world, verb: str, ref: str, *, by: str = "programme_manager", **after: object) -> None:
    with transaction():
        record(world.author(by), verb, plan_id=world.plan_id, action_id=world.actions[ref], about="Why.", after=after)


def test_who_claimed_reads_that_it_was_sent_back_by_whom_and_why(world):
    assert _told(world, "lead") == []
    _sent_back(world)
    assert _told(world, "lead") == [("5.2", "Sent back")]
    panel = read(world.client("lead").get("/").text).one("section", id="news").text
    assert "Test twenty records." in panel and "Quality Assurance Manager, 7 April 2018" in panel
    assert _told(world, "verifier") == _told(world, "other_lead") == _told(world, "viewer") == []


@pytest.mark.parametrize("verb", [verb for verb, kind in NEWS_KINDS.items() if kind.holders])
def test_whoever_leads_owns_or_contributes_is_told_and_no_one_without_a_part(world, verb):
    _happened(world, verb, "5.3")
    title = NEWS_KINDS[verb].title
    assert _told(world, "lead") == _told(world, "contributor") == [("5.3", title)]
    officers = [("5.3", title)] if NEWS_KINDS[verb].officers else []
    assert _told(world, "chair") == _told(world, "secretary") == officers
    for role in ("other_lead", "viewer", "board_member", "partner", "programme_manager", "administrator"):
        assert _told(world, role) == [], role


@pytest.mark.parametrize(
    ("answer", "asked"), [(verb, kind.answers) for verb, kind in NEWS_KINDS.items() if kind.answers]
)
def test_whoever_asked_last_is_told_of_the_answer_whether_or_not_they_have_a_part(world, answer, asked):
    _happened(world, asked, "6.1", by="viewer")
    _happened(world, asked, "6.1", by="chair")
    _happened(world, answer, "6.1")
    assert _told(world, "chair") == [("6.1", NEWS_KINDS[answer].title)]
    assert _told(world, "viewer") == []


def test_no_one_is_told_of_what_they_did_themselves(world):
    for verb in NEWS_KINDS:
        _happened(world, verb, "5.3", by="lead")
    assert _told(world, "lead") == []
    assert len(_told(world, "contributor")) == sum(kind.holders for kind in NEWS_KINDS.values())


def test_a_delegate_is_told_what_those_they_stand_in_for_are(world):
    with transaction():
        let_stand_in(BY, world.people["viewer"], world.people["lead"], TODAY, TODAY, "Leave.")
    _sent_back(world)
    assert _told(world, "viewer") == [("5.2", "Sent back")]


def test_a_partner_is_not_told_of_what_they_may_no_longer_see(world):
    _happened(world, "date_asked", "9.1", by="partner")
    _happened(world, "date_refused", "9.1")
    assert _told(world, "partner") == [], "it is not on their board"
    _happened(world, "date_asked", "5.3", by="partner")
    _happened(world, "date_refused", "5.3")
    assert _told(world, "partner") == [("5.3", "Date change refused")]


def test_what_happened_to_a_plan_that_is_not_live_is_told_to_no_one(world):
    _sent_back(world)
    set_plan(world.plan_id, state="closed")
    assert news(world.actor("lead"), TODAY) == []


def test_after_fourteen_days_it_is_no_news(world, on):
    _sent_back(world)
    on(TODAY + timedelta(days=SHOWN_DAYS))
    assert len(_told(world, "lead")) == 1
    on(TODAY + timedelta(days=SHOWN_DAYS + 1))
    assert _told(world, "lead") == []


def test_new_is_what_happened_since_the_session_before_and_looking_stores_nothing(world):
    _sent_back(world)
    lead = world.client("lead")
    assert "1 change since you last signed in" in read(lead.get("/").text).one("main").text
    before = the_record()
    with transaction():
        earlier = clock.real_now() - timedelta(hours=1)
        db.session.execute(update(SignInSession).values(opened_at=earlier, seen_at=earlier))
    other = world.fresh_client("lead")
    assert "1 change since you last signed in" in read(other.get("/").text).one("main").text, "it came after that"
    with transaction():
        later = clock.real_now() + timedelta(seconds=1)
        db.session.execute(update(SignInSession).where(SignInSession.opened_at == earlier).values(seen_at=later))
    page = read(other.get("/").text)
    assert "since you last signed in" not in page.one("main").one("p", class_="lead").parent.text
    panel = page.one("section", id="news")
    assert "Nothing new." in panel.text and "1 earlier, from the last 14 days" in panel.one("details").text
    assert the_record() == before


def test_a_corrected_reading_and_an_agreed_date_say_the_date(world):
    _happened(world, "reading_corrected", "5.3", due_on="2018-06-30")
    _happened(world, "date_agreed", "5.4", due_on=None, timescale="Ongoing, review June 2018")
    panel = read(world.client("lead").get("/").text).one("section", id="news").text
    assert "Now due on 30 June 2018" in panel and "Now “Ongoing, review June 2018”" in panel


def test_the_officers_of_the_oversight_board_are_told_of_corrected_readings_too(world):
    with transaction():
        overseeing = board_named(BY, "Improvement Board")
        grant_role(BY, world.people["viewer"], "chair", board_id=overseeing)
    set_plan(world.plan_id, oversight_board_id=overseeing)
    _happened(world, "reading_corrected", "6.1", due_on="2018-06-30")
    assert _told(world, "viewer") == [("6.1", "Due date reading corrected")]

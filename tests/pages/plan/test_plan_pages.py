"""Plans, a plan, a recommendation, an action: what is there, for whom, and what a filter narrows it to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ilacs_app.dates import long_date, short_date
from ilacs_app.db import db, transaction
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.commands import Home, add_action
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.rules import BRAG_WORDS, STATUS_WORDS, TIMELINESS_WORDS, rating, timeliness
from tests.auditor import read
from tests.conftest import BY, DATED_ON, SAMPLES, TODAY
from tests.factories import HTMX, NOTE, send, set_fact, set_recommendation


def _refs(text: str) -> list[str]:
    return [node.attrs["data-ref"] for node in read(text).walk() if "data-ref" in node.attrs]


def _all(world):
    return action_rows(world.actor("viewer"), Filter(plan_id=world.plan_id), TODAY, size=None)


def _found(text: str) -> str:
    return read(text).all("p", class_="chosen")[0].text


def test_with_one_plan_the_list_leads_on_to_it_and_with_two_it_shows_both(world):
    client = world.client("programme_manager")
    assert client.get("/plans").headers["Location"] == "/plans/twin"
    _second(world)
    page = read(client.get("/plans").text)
    assert {link.attrs["href"] for link in page.one("tbody").all("a")} == {"/plans/twin", "/plans/second"}


def test_an_action_without_an_update_names_the_days_of_the_reporting_window(world):
    with transaction():
        db.session.execute(update(Plan).values(reporting_window=40))
    page = world.client("viewer").get("/plans/twin/recommendations/1").text
    assert "nothing new for more than 40 days, the plan’s reporting window" in page


def _second(world, state: str = "live") -> int:
    with transaction():
        return take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "second", DATED_ON, state=state)


def test_a_plan_shows_every_recommendation_with_its_counts(world):
    page = read(world.client("viewer").get("/plans/twin").text)
    assert page.one("section", id="summary").one("h2").text == "12 recommendations, 59 actions"
    overdue, claimed = page.one("a", data_count="overdue"), page.one("a", data_count="completed")
    assert overdue.text.startswith("16 ") and overdue.attrs["href"] == "/plans/twin?timeliness=overdue"
    assert claimed.text.startswith("4 ") and claimed.attrs["href"] == "/plans/twin?status=completed"
    assert page.one("span", data_count="verified").text == "0", "nothing to show is no link"
    rows = [node for node in page.all("tr") if node.attrs.get("id", "").startswith("recommendation-")]
    assert [row.attrs["id"] for row in rows] == [f"recommendation-{n}" for n in range(1, 13)]
    five = page.one("tr", id="recommendation-5").text
    assert "MASH Service Manager with Detective Superintendent" in five and "MASH Board" in five


def test_filters_by_rule_narrow_exactly_as_the_pure_rules(world):
    client = world.client("viewer")
    for ref, days, more in (  # the edges of every rule
        ("1.1", -1, {}),
        ("1.2", 0, {"status": "in_progress"}),
        ("1.3", 28, {"status": "in_progress"}),
        ("1.4", 29, {"status": "in_progress"}),
        ("2.2", 29, {"status": "in_progress", "last_word_on": TODAY - timedelta(days=35)}),
        ("2.3", 29, {"status": "in_progress", "last_word_on": TODAY - timedelta(days=36)}),
        ("2.4", 60, {"status": "paused", "paused_until": TODAY - timedelta(days=1)}),
        ("3.1", 60, {"status": "paused", "paused_until": TODAY + timedelta(days=28)}),
        ("3.2", -60, {"status": "withdrawn"}),
        ("4.1", -60, {"status": "verified", "completed_on": TODAY}),
        ("4.2", 60, {"status": "embedded", "completed_on": TODAY}),
        ("4.3", 60, {"status": "slipped_back"}),
        ("5.1", 29, {"status": "partly_complete", "stage_due_on": TODAY - timedelta(days=1)}),
    ):
        set_fact(world.actions[ref], due_on=TODAY + timedelta(days=days), **more)
    rows = _all(world)
    for name, words, rule in (
        ("status", STATUS_WORDS, lambda row: row.facts.status),
        ("timeliness", TIMELINESS_WORDS, lambda row: timeliness(row.facts, TODAY)),
        ("brag", BRAG_WORDS, lambda row: rating(row.facts, TODAY)[0]),
    ):
        for value in words:
            text = client.get("/plans/twin", query_string={name: value}).text
            wanted = [row.ref for row in rows if rule(row) == value]
            assert _refs(text) == wanted, (name, value)
            assert _found(text).startswith(f"{len(wanted)} action"), (name, value)


def test_filters_by_board_lead_and_words_narrow_and_go_together(world):
    client = world.client("viewer")
    mash = [row.ref for row in _all(world) if row.ref.startswith("5.")]
    assert _refs(client.get("/plans/twin?board=mash-board&q=a").text) == mash
    one = client.get("/plans/twin", query_string={"lead": "MASH Service Manager"}).text
    assert [n.attrs["id"] for n in read(one).all("tr") if "id" in n.attrs] == ["recommendation-5"]
    police = client.get("/plans/twin?q=POLICE").text
    wanted = [r.ref for r in _all(world) if "police" in (r.text + r.recommendation_text).lower()]
    assert _refs(police) == wanted != []
    both = client.get("/plans/twin?board=mash-board&timeliness=overdue&brag=red").text
    assert _refs(both) == [r.ref for r in _all(world) if r.ref in mash and r.timeliness == "overdue"]
    form = read(both).one("form", class_="filters")
    for name, value in (("board", "mash-board"), ("timeliness", "overdue"), ("brag", "red")):
        chosen = [o.attrs["value"] for o in form.one("select", name=name).all("option") if "selected" in o.attrs]
        assert chosen == [value]


def test_hostile_filters_answer_calmly_and_stay_text(world):
    client = world.client("viewer")
    for query in (
        {"status": "nonsense", "brag": "'; drop table action; --", "timeliness": "<b>", "board": "no-such"},
        {"q": "<script>alert(1)</script>"},
        {"q": "%"},
        {"q": "_" * 3000},
        {"q": "\0\x01"},
        {"lead": "<img src=x>", "q": "Ü" * 500},
        {"page": "0"},
        {"page": "-1"},
        {"page": "99999999999999999999"},
        {"page": "2.5", "open": "x"},
        {"page": "٣"},
        {"open": "99999999"},
        {"status": ["overdue", "completed"]},
    ):
        answer = client.get("/plans/twin", query_string=query)
        assert answer.status_code == 200, query
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
    assert _refs(client.get("/plans/twin?q=%25").text) == [r.ref for r in _all(world) if "%" in r.text], "not a pattern"
    whole = read(client.get("/plans/twin?status=nonsense").text)
    assert whole.one("section", id="summary").one("h2").text == "12 recommendations, 59 actions"


def test_a_long_list_is_cut_at_60_rows_and_page_2_has_the_rest(world):
    file = read_plan(SAMPLES / "plan.csv", DATED_ON)
    with transaction():
        first = db.session.scalar(select(Recommendation.id).where(Recommendation.number == "1"))
        for n in range(11):
            given = replace(file.actions[0], ref=f"1.{n + 20}")
            add_action(BY, Home(world.plan_id, DATED_ON, first, n + 20), given)
        db.session.execute(update(Action).values(status="in_progress"))
    client = world.client("viewer")
    wanted = [row.ref for row in _all(world)]
    assert len(wanted) == 70
    first_page = client.get("/plans/twin?status=in_progress")
    assert _refs(first_page.text) == wanted[:60]
    second = client.get(read(first_page.text).one("a", rel="next").attrs["href"])
    assert _refs(second.text) == wanted[60:]
    assert read(second.text).one("a", rel="prev")
    assert _found(second.text) == _found(first_page.text)
    assert _found(second.text).startswith("70 actions")
    beyond = client.get("/plans/twin?status=in_progress&page=99")
    assert beyond.status_code == 200 and _refs(beyond.text) == []


def test_a_recommendation_shows_its_twelve_columns(world):
    page = read(world.client("viewer").get("/plans/twin/recommendations/5").text)
    text = page.one("main").text
    for words in (
        "Review how domestic abuse notifications are triaged",
        "MASH Service Manager (accountable)",
        "Detective Superintendent",
        "MASH Dashboard",
        "Rate of domestic abuse referrals",
        "Joint notification guidance for social workers and police",
        "MASH Strategy",
        "MASH Board",
        "Children living with domestic abuse will get help earlier",
        "End Mar 2018",
    ):
        assert words in text or words == "End Mar 2018", words
    assert _refs(world.client("viewer").get("/plans/twin/recommendations/5").text) == [f"5.{n}" for n in range(1, 8)]
    assert page.one("a", rel="prev").attrs["href"].endswith("/4")
    assert page.one("a", rel="next").attrs["href"].endswith("/6")


def test_a_number_with_odd_signs_has_its_page(world):
    set_recommendation(world.plan_id, "5", number="5 (a) & ü?", text="<b>Bold</b> & more")
    client = world.client("viewer")
    link = next(n for n in read(client.get("/plans/twin").text).all("a") if n.text == "<b>Bold</b> & more")
    page = read(client.get(link.attrs["href"]).text)
    assert page.one("h1").text == "<b>Bold</b> & more"


def test_an_action_shows_its_notes_dates_and_history_newest_first(world):
    lead, action = world.client("lead"), world.actions["5.2"]
    for n in range(25):
        assert send(lead, action, "notes", did=f"Step {n}.").status_code == 303
    page = read(lead.get(f"/actions/{action}").text)
    assert page.one("h1").text == "Issue new guidance to police officers on domestic abuse notifications"
    noted = page.one("ol", class_="notes").all("li")
    assert len(noted) == 25 and "Step 24." in noted[0].text
    assert "End Mar 2018" in page.one("main").text
    assert len(page.one("ol", class_="history").all("li")) == 20
    every = read(lead.get(page.all("a", href=f"/actions/{action}?history=all")[0].attrs["href"]).text)
    assert len(every.one("ol", class_="history").all("li")) > 25
    assert "Imported" in every.one("ol", class_="history").text


def test_a_reading_begins_with_a_capital_and_keeps_that_of_its_month(world):
    action = world.actions["5.2"]
    set_fact(action, due_on=None, original_due_on=None, timescale_kind="ongoing", review_on=TODAY)
    page = read(world.client("viewer").get(f"/actions/{action}").text)
    assert f"Ongoing, next review on {TODAY.day} {TODAY:%B %Y}" in page.one("dl", class_="line").text


def test_a_review_date_is_shown_once_with_the_days_until_it(world):
    action = world.actions["5.2"]
    review_on = TODAY + timedelta(days=60)
    set_fact(action, due_on=None, original_due_on=None, timescale_kind="ongoing", review_on=review_on)
    facts = read(world.client("viewer").get(f"/actions/{action}").text).one("dl", class_="line").text
    assert "Review in 60 days" in facts and f"next review on {long_date(review_on)}" in facts
    assert short_date(review_on) not in facts
    for path in (f"/plans/{world.slug}/actions", f"/plans/{world.slug}/recommendations/5"):
        row = read(world.client("viewer").get(path).text).one(id=f"action-{action}")
        assert f"Review {short_date(review_on)}" in row.text, "a list has no other place for the day"


def test_an_unclear_date_is_reported_once(world):
    action = world.actions["5.2"]
    set_fact(action, due_on=None, original_due_on=None, timescale_kind="not_understood")
    facts = read(world.client("viewer").get(f"/actions/{action}").text).one("dl", class_="line").text
    timeliness = facts[facts.index("Timeliness") : facts.index("Rating")]
    assert timeliness.lower().count("date unclear") == 1


def test_stages_are_with_their_dates(world):
    page = read(world.client("viewer").get(f"/actions/{world.actions['8.3']}").text)
    stages = next(t for t in page.all("table") if "Stages" in t.all("caption")[0].text)
    assert "28 Feb 2018" in stages.text and "30 Apr 2018" in stages.text


def test_long_and_odd_words_are_kept_as_text(world):
    odd = "w" * 400 + " <i>x</i> \u202e עברית 👩‍👧"
    set_fact(world.actions["5.2"], text=odd)
    for address in ("/plans/twin?q=wwww", "/plans/twin/recommendations/5", f"/actions/{world.actions['5.2']}"):
        text = world.client("viewer").get(address).text
        assert "<i>x" not in text
        assert "w" * 400 in read(text).one("main").text


DRAFT_ONLY = {"programme_manager", "administrator"}


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_a_draft_plan_is_the_managers_and_the_administrators_and_in_no_count(world, state):
    before = {a: _counts(world.client("chair").get(a).text) for a in ("/governance", "/boards/mash-board")}
    second = _second(world, state)
    action = action_rows(world.actor("programme_manager"), Filter(plan_id=second), TODAY, size=None)[0].id
    for role in ("lead", "verifier", "chair", "viewer", "inspector", "partner", "programme_manager", "administrator"):
        expected = 200 if role in DRAFT_ONLY else 404
        client = world.client(role)
        for address in ("/plans/second", "/plans/second/recommendations/5", f"/actions/{action}"):
            assert client.get(address).status_code == expected, (role, address)
        assert ("/plans/second" in client.get("/plans", follow_redirects=True).text) == (role in DRAFT_ONLY)
    for address, counted in before.items():
        for role in ("chair", "programme_manager"):
            assert _counts(world.client(role).get(address).text) == counted, (role, address)
    lead = read(world.client("lead").get("/").text)
    assert all(n.attrs["data-ref"].startswith("5.") for n in lead.walk() if "data-ref" in n.attrs)
    assert len([n for n in lead.walk() if "data-ref" in n.attrs]) < 8


@pytest.mark.parametrize("role", sorted(DRAFT_ONLY))
def test_a_partner_sees_no_draft_plan_whatever_role_they_are_given(world, role):
    _second(world, "draft")
    with transaction():
        grant_role(BY, world.people["partner"], role)
    client = world.client("partner")
    assert client.get("/plans/second").status_code == 404
    assert "/plans/second" not in client.get("/plans", follow_redirects=True).text


def _counts(text: str) -> str:
    page = read(text)
    found = page.all("section", id="summary") or page.all("table", class_="boards")
    return found[0].text


def test_an_inspector_of_one_plan_sees_that_plan_alone(world):
    _second(world)
    client = world.client("inspector")
    assert client.get("/plans").headers["Location"] == "/plans/twin"
    assert client.get("/plans/second").status_code == 404
    assert "59 actions" in read(client.get("/plans/twin").text).one("section", id="summary").text


def test_a_partner_sees_only_its_boards_items_in_lists_and_in_counts(world):
    client = world.client("partner")
    page = read(client.get("/plans/twin").text)
    assert page.one("section", id="summary").one("h2").text == "1 recommendation, 7 actions"
    listed = client.get("/plans/twin?open=1").text
    assert _refs(listed) == [f"5.{n}" for n in range(1, 8)]
    assert _refs(client.get("/plans/twin?q=a").text) == [f"5.{n}" for n in range(1, 8)]
    filters = page.one("form", class_="filters")
    leads = {o.attrs["value"] for o in filters.one("select", name="lead").all("option")}
    assert leads == {"", "MASH Service Manager", "Detective Superintendent"}
    boards = {o.attrs["value"] for o in filters.one("select", name="board").all("option")}
    assert boards == {"", "mash-board"}
    text = client.get("/plans/twin/recommendations/5").text
    assert "/recommendations/4" not in text and "/recommendations/6" not in text


def test_wrong_verbs_missing_ids_and_htmx(world):
    client = world.client("viewer")
    for address in ("/plans", "/plans/twin", "/plans/twin/recommendations/5", f"/actions/{world.actions['5.2']}"):
        assert client.post(address).status_code == 405
        assert client.delete(address, headers=HTMX).status_code == 405
    for address in ("/plans/none", "/plans/none/recommendations/5", "/plans/twin/recommendations/none", "/actions/0"):
        assert client.get(address).status_code == 404
        assert client.get(address, headers=HTMX).status_code == 404


def test_one_action_in_two_recommendations_is_one_with_one_status(world):
    action = world.actions["5.2"]
    with transaction():
        other = db.session.scalar(select(Recommendation.id).where(Recommendation.number == "6"))
        db.session.add(ActionPlace(recommendation_id=other, action_id=action, position=90, ref="6.9"))
    manager = world.client("programme_manager")
    assert send(manager, action, status="in_progress", **NOTE).status_code == 303
    for number, ref in (("5", "5.2"), ("6", "6.9")):
        row = read(manager.get(f"/plans/twin/recommendations/{number}").text).one(id=f"action-{action}")
        assert (row.attrs["data-ref"], row.attrs["data-status"]) == (ref, "in_progress")
    page = read(manager.get("/plans/twin").text)
    assert "59 actions" in page.one("section", id="summary").text, "counts are of distinct actions"
    assert "one action in 2 places" in manager.get(f"/actions/{action}").text


def test_one_action_in_two_recommendations_is_in_a_list_without_the_same_id_twice(world):
    with transaction():
        other = db.session.scalar(select(Recommendation.id).where(Recommendation.number == "6"))
        place = ActionPlace(recommendation_id=other, action_id=world.actions["5.2"], position=90, ref="6.9")
        db.session.add(place)
    text = world.client("viewer").get("/plans/twin?q=police").text  # the auditor looks at the ids
    assert "5.2" in _refs(text)

"""My work: what each person has to do, each action once, in the first group that fits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ilacs_app.db import transaction
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.assignments import name_people
from ilacs_app.worklist import queries
from ilacs_app.worklist.rules import GROUP_WORDS
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import CLAIM, HTMX, NOTE, fresh, send, set_fact

waiting, what_waits = map(fresh, (queries.waiting, queries.what_waits))


def _groups(text: str) -> dict[str, list[str]]:
    """The references under each heading."""
    return {
        section.one("h2").all()[0].parent.text.rsplit(" ", 1)[0]: [
            n.attrs["data-ref"] for n in section.walk() if "data-ref" in n.attrs
        ]
        for section in read(text).all("section", class_="group")
    }


def test_a_leads_items_are_in_the_groups_of_the_rule_each_once(world):
    shown = _groups(world.client("lead").get("/").text)
    wanted: dict[str, list[str]] = {}
    for item in waiting(world.actor("lead"), TODAY):
        wanted.setdefault(GROUP_WORDS[item.group], []).append(item.row.ref)
    assert shown == wanted
    refs = [ref for refs in shown.values() for ref in refs]
    assert len(refs) == len(set(refs)) == what_waits(world.actor("lead"), TODAY).updates > 0
    assert all(ref.startswith("5.") for ref in refs)


def test_the_numbers_beside_each_heading_are_those_of_its_rows(world):
    page = read(world.client("lead").get("/").text)
    for section in page.all("section", class_="group"):
        rows = [n for n in section.walk() if "data-ref" in n.attrs]
        assert section.one("h2").one("span", class_="pill").text == str(len(rows))


def _asked(world, ref: str, question: str = "How many families wait?") -> int:
    """Ask the lead about an action, as a member of the MASH Board; answers the question's id."""
    with transaction():
        wish = QuestionWish(
            board_named(BY, "MASH Board"),
            question,
            CHARACTERS["lead"],
            due_on=TODAY + timedelta(days=9),
            action_id=world.actions[ref],
        )
        return ask_question(world.author("board_member"), wish)


def test_an_action_that_is_due_and_of_which_a_board_asks_is_there_once_with_both_reasons(world):
    set_fact(world.actions["5.1"], due_on=TODAY + timedelta(days=12))
    lead = world.client("lead")
    assert "5.1" in _groups(lead.get("/").text)["Due within 28 days"]
    _asked(world, "5.1")
    page = read(lead.get("/").text)
    (item,) = [li for li in page.all("li", class_="row") if "How many families wait?" in li.text]
    assert item.attrs["id"] == f"action-{world.actions['5.1']}" and item.all("textarea", name="answer")
    assert "Due in 12 days" in item.text and "A board asks" in item.text
    assert "5.1" not in _groups(lead.get("/").text).get("Due within 28 days", [])
    assert not page.one(id="asked").all("li")
    title = page.one(id="group-asked")
    assert title.one("span", class_="pill").text == "1" and item in title.parent.all("li")
    shown = [section.one("h2") for section in page.all("section", class_="group")]
    for heading in (heading for heading in shown if heading.attrs["id"] == "group-due_soon"):
        rows = [n for n in heading.parent.walk() if "data-ref" in n.attrs]
        assert heading.one("span", class_="pill").text == str(len(rows))


def test_an_overdue_action_of_which_a_board_asks_stays_with_the_overdue_ones_and_is_named_under_the_boards(world):
    set_fact(world.actions["5.1"], status="in_progress", due_on=TODAY - timedelta(days=5))
    lead, action = world.client("lead"), world.actions["5.1"]
    _asked(world, "5.1")
    text = lead.get("/").text
    assert "5.1" in _groups(text)["Overdue"] and text.count("How many families wait?</p>") == 1
    page = read(text)
    title = page.one(id="group-asked")
    assert title.one("span", class_="pill").text == "1"
    assert [link.attrs["href"] for link in title.parent.all("p")[0].all("a")] == [f"#action-{action}"]
    assert "1 question from a board to answer" in page.one(id="waiting").text


@pytest.mark.parametrize("days", [-5, 12])
def test_a_question_in_a_row_is_answered_there_and_the_row_keeps_its_own_reason(world, days):
    set_fact(world.actions["5.1"], status="in_progress", due_on=TODAY + timedelta(days=days))
    lead, question = world.client("lead"), _asked(world, "5.1")
    page = read(lead.get("/").text)
    form = page.one("form", action=f"/challenges/{question}/answers")
    fields = {box.attrs["name"]: box.attrs.get("value", "") for box in form.all("input")}
    sent = lead.post(f"/challenges/{question}/answers", data={**fields, "answer": "Nine."})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/")
    text = lead.get("/").text
    assert "5.1" in _groups(text)["Overdue" if days < 0 else "Due within 28 days"]
    assert "Answer sent: Action 5.1" in text and "How many families wait?" not in read(text).one(id="updates").text


def test_a_row_that_htmx_draws_again_keeps_its_question_and_a_question_beside_it_does_not_bring_it_twice(world):
    for ref in ("5.1", "5.2"):
        set_fact(world.actions[ref], status="in_progress", due_on=TODAY + timedelta(days=12))
    set_fact(world.actions["5.4"], status="not_started", due_on=TODAY + timedelta(days=200), review_on=None)
    lead = world.client("lead")
    _asked(world, "5.1", "How many families wait?")
    alone = _asked(world, "5.4", "Who trains them?")
    action = world.actions["5.1"]
    opened = lead.get(f"/actions/{action}/row?open=1", headers={**HTMX, "HX-Current-URL": "http://localhost/"})
    assert opened.status_code == 200 and "How many families wait?" in opened.text
    page = read(lead.get("/").text)
    assert [li.attrs["id"] for li in page.one(id="asked").all("li")] == [f"asked-{alone}"]
    form = page.one("form", action=f"/challenges/{alone}/answers")
    fields = {box.attrs["name"]: box.attrs.get("value", "") for box in form.all("input")}
    sent = lead.post(f"/challenges/{alone}/answers", data={**fields, "answer": "The college."}, headers=HTMX)
    assert sent.status_code == 200 and "How many families wait?" not in sent.text
    assert 'Asked by a board <span class="pill">1</span>' in sent.text


def test_save_and_next_goes_from_an_overdue_action_to_one_that_a_board_asks_about(world):
    for ref in ("5.1", "5.2", "5.3", "5.4", "5.5", "5.6"):
        set_fact(world.actions[ref], status="in_progress", due_on=TODAY + timedelta(days=10))
    set_fact(world.actions["5.1"], due_on=TODAY - timedelta(days=5))
    set_fact(world.actions["5.6"], due_on=TODAY + timedelta(days=20))
    _asked(world, "5.6")
    sent = send(world.client("lead"), world.actions["5.1"], answer="on_track", view="work", back="/", go_on="1")
    assert sent.headers["Location"] == f"/?open={world.actions['5.6']}#action-{world.actions['5.6']}"


def test_a_contributor_finds_the_one_action_that_is_theirs(world):
    shown = _groups(world.client("contributor").get("/").text)
    assert [ref for refs in shown.values() for ref in refs] == ["5.3"]


def test_a_verifier_finds_the_claims_to_test(world):
    text = world.client("verifier").get("/").text
    assert _groups(text)["Actions to verify"] == ["2.1", "6.1", "7.1", "8.1"]
    assert send(world.client("lead"), world.actions["5.2"], **CLAIM).status_code == 303
    assert "5.2" in _groups(world.client("verifier").get("/").text)["Actions to verify"]


def test_a_board_member_finds_their_board_with_its_counts(world):
    page = read(world.client("board_member").get("/").text)
    boards = page.one("section", aria_labelledby="boards-title")
    assert boards.all("a")[0].attrs["href"] == "/boards/mash-board"
    assert "7 actions" in boards.text and "No meeting planned" in boards.text


def test_an_administrator_has_nothing_waiting_and_is_shown_the_way(world):
    page = read(world.client("administrator").get("/").text)
    assert "You’re up to date." in page.one(id="waiting").text
    assert page.one("main").all("a", href="/plans")


def test_a_claim_leaves_the_list_and_a_claim_sent_back_leads_it(world):
    lead, action = world.client("lead"), world.actions["5.2"]
    assert "5.2" in _groups(lead.get("/").text)["Overdue"]
    assert send(lead, action, **CLAIM).status_code == 303
    assert "5.2" not in str(_groups(lead.get("/").text))
    assert send(world.client("verifier"), action, "status", status="in_progress", reason="Test 20.").status_code == 303
    groups = _groups(lead.get("/").text)
    assert next(iter(groups.items())) == ("Sent back to you", ["5.2"])
    assert send(lead, action, "notes", **NOTE).status_code == 303
    assert "Sent back to you" not in _groups(lead.get("/").text), "a word answers it"


def test_a_row_opens_by_address_and_saves_back_to_the_list(world):
    lead, action = world.client("lead"), world.actions["5.2"]
    page = read(lead.get(f"/?open={action}").text)
    form = page.one("form", id=f"a{action}-form")
    assert form.attrs["action"] == f"/actions/{action}/answer"
    saved = send(lead, action, **NOTE)
    assert saved.headers["Location"] == f"/#action-{action}"
    told = read(lead.get("/").text).one(id="status").text
    assert told.startswith("Saved: 5.2")
    assert read(lead.get("/").text).one(id="status").text == "", "it is said once"


def test_nothing_of_others_opens_by_address(world):
    for role in ("viewer", "other_lead"):
        page = read(world.client(role).get(f"/?open={world.actions['5.2']}").text)
        assert page.all("form", class_="answer") == []


def test_strangers_wrong_verbs_and_people_without_a_role(world):
    assert world.client(None).get("/").headers["Location"] == "/sign-in?next=/"
    assert world.client(None).get("/", headers=HTMX).headers["HX-Redirect"] == "/sign-in?next=/"
    assert world.client("lead").post("/").status_code == 405
    assert world.client("nobody").get("/").headers["Location"] == "/account"


def test_an_answer_takes_the_row_off_for_a_week_and_out_of_no_count(world, on):
    lead, action = world.client("lead"), world.actions["5.3"]  # due on 30 April
    counted = read(lead.get("/boards/mash-board").text).one("section", id="summary").text
    waits = what_waits(world.actor("lead"), TODAY).updates
    assert send(lead, action, answer="no_change").status_code == 303
    assert "5.3" not in str(_groups(lead.get("/").text))
    assert what_waits(world.actor("lead"), TODAY).updates == waits - 1
    assert read(lead.get("/boards/mash-board").text).one("section", id="summary").text == counted
    assert action in [item.row.id for item in waiting(world.actor("lead"), TODAY, resting=True)]
    on(TODAY + timedelta(days=7))
    assert "5.3" in _groups(world.fresh_client("lead").get("/").text)["Due within 28 days"]


def test_what_was_sent_back_is_counted_until_its_own_update_whatever_happens_to_other_actions(world):
    lead, action, other = world.client("lead"), world.actions["5.3"], world.actions["5.4"]
    assert send(lead, action, answer="done", **CLAIM).status_code == 303
    assert send(world.client("verifier"), action, "status", status="in_progress", reason="Test 20.").status_code == 303
    assert send(lead, other, answer="on_track", did="The guidance went to the board.").status_code == 303
    assert _groups(lead.get("/").text)["Sent back to you"] == ["5.3"]
    assert what_waits(world.actor("lead"), TODAY).updates == len(waiting(world.actor("lead"), TODAY))


def test_an_answered_row_comes_back_the_day_after_its_date(world, on):
    action = world.actions["5.3"]
    on(date(2018, 4, 28))
    assert send(world.client("lead"), action, answer="on_track").status_code == 303
    on(date(2018, 4, 30))
    assert "5.3" not in str(_groups(world.client("lead").get("/").text))
    on(date(2018, 5, 1))
    assert "5.3" in _groups(world.client("lead").get("/").text)["Overdue"]


def test_after_its_lead_board_has_met_a_started_action_needs_an_update(world, on):
    lead, action = world.client("lead"), world.actions["5.3"]
    set_fact(action, status="in_progress", due_on=date(2018, 12, 31), last_word_on=TODAY)
    on(TODAY + timedelta(days=10))
    assert "5.3" not in str(_groups(lead.get("/").text))
    with transaction():
        meeting = set_meeting(BY, board_named(BY, "MASH Board"), TODAY + timedelta(days=9))
    assert _groups(lead.get("/").text)["Update due"] == ["5.3"]
    with transaction():
        cancel_meeting(BY, meeting, 1, "No quorum.")
    assert "5.3" not in str(_groups(lead.get("/").text))


def test_whoever_can_decide_on_a_date_change_finds_it_on_my_work(world):
    def offered(role: str) -> list[str]:
        page = read(world.client(role).get("/").text)
        sections = [s for s in page.all("section", class_="group") if s.all(id="group-dates")]
        return [a.attrs["href"] for s in sections for a in s.all("a", class_="verb")]

    wish = {"words": "End May 2018", "reason_class": "vacancy", "effect": "None."}
    assert send(world.client("lead"), world.actions["5.4"], "date-requests", **wish).status_code == 303
    (address,) = offered("programme_manager")
    assert world.client("programme_manager").get(address).status_code == 200
    for role in ("lead", "chair", "secretary", "board_member", "viewer", "administrator", "partner"):
        assert offered(role) == [], role
    longer = wish | {"words": "End August 2018"}
    assert send(world.client("lead"), world.actions["5.4"], "date-requests", **longer).status_code == 303
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), TODAY)
    assert offered("programme_manager") == [], "a board decides"
    for role in ("chair", "secretary"):
        (address,) = offered(role)
        assert world.client(role).get(address).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "inspector"])
def test_those_who_only_read_land_on_the_plan_and_have_no_entry_for_work(world, role):
    client = world.client(role)
    landed = client.get("/", follow_redirects=True)
    assert landed.request.path == "/plans/twin"
    entries = [link.text for link in read(landed.text).one("ul", class_="nav__list").all("a")]
    assert entries == ["Plan", "Governance"]


def test_a_viewer_with_something_to_answer_keeps_my_work(world):
    with transaction():
        wish = QuestionWish(
            board_named(BY, "MASH Board"),
            "When will it be done?",
            CHARACTERS["viewer"],
            due_on=TODAY,
            action_id=world.actions["5.2"],
        )
        ask_question(world.author("board_member"), wish)
    page = read(world.client("viewer").get("/").text)
    assert "1 question from a board to answer" in page.one(id="waiting").text
    assert page.one(id="waiting").one("a").attrs["href"] == "/#group-asked" and page.one(id="group-asked")


@pytest.mark.parametrize("role", ["chair", "secretary", "board_member"])
def test_those_who_serve_on_boards_see_them_first_by_next_meeting_with_what_waits_there(world, role):
    with transaction():
        later = board_named(BY, "LAC Strategy Group")
        grant_role(BY, world.people[role], role, board_id=later)
        set_meeting(BY, later, TODAY + timedelta(days=3), "10:00", "Room 1")
        set_meeting(BY, board_named(BY, "MASH Board"), TODAY + timedelta(days=9), "10:00", "Room 1")
    page = read(world.client(role).get("/").text)
    first = page.one("main").all("section")[0]
    assert [board.text for board in first.all("h3")] == ["LAC Strategy Group", "MASH Board"]
    lac, mash = first.one("ul", class_="work-list").all("li", class_="row")
    assert "in 3 days" in lac.text and "in 9 days" in mash.text
    assert "2 overdue, 2 red" in mash.text.replace(", MASH Board", "")
    assert "2 overdue with no date change requested" in mash.one("ul").text
    for href in {link.attrs["href"] for link in mash.all("a")}:
        assert world.client(role).get(href).status_code == 200, href
    assert not [panel for panel in page.all("section", class_="panel") if panel.one("h2").text == "Your boards"]


def test_a_chair_with_an_action_of_their_own_sees_what_waits_for_them_first(world):
    with transaction():
        name_people(BY, world.actions["5.2"], "owner", [CHARACTERS["chair"]])
    page = read(world.client("chair").get("/").text)
    assert page.one("main").all("section")[0].one("h2").text.startswith("Overdue")
    assert [panel.one("h2").text for panel in page.all("section", class_="panel")][-1] == "Your boards"


@pytest.mark.parametrize("role", ["lead", "chair", "programme_manager", "verifier"])
def test_every_number_of_my_work_leads_to_a_list_of_as_many(world, role):
    client = world.client(role)
    page = read(client.get("/").text)
    followed = 0
    for link in page.one("main").all("a"):
        href, number = link.attrs["href"], link.text.split(" ")[0]
        if not number.isdigit() or href.startswith("#") or "#" in href or "date-requests" in href:
            continue
        listed = read(client.get(href, follow_redirects=True).text)
        assert listed.all("p", class_="chosen")[0].text.split(" ")[0] == number, href
        followed += 1
    assert followed or role in {"programme_manager", "verifier"}
    for link in page.one(id="waiting").all("a"):
        assert page.one(id=link.attrs["href"].removeprefix("/#"))

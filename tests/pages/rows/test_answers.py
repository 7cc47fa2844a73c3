"""The four answers, save and next, and calls for help with their replies."""

from __future__ import annotations

import re
from datetime import date

import pytest

from ilacs_app.plan.lists import rows as plan_queries
from ilacs_app.progress.help import queries as help_queries
from ilacs_app.progress.notes import queries
from ilacs_app.rows import list_page as listing
from ilacs_app.rows import next_row as walk_listing
from tests.auditor import is_page, read
from tests.conftest import TODAY
from tests.factories import BOTH_WAYS, HTMX, NOTE, PROOF, fact, fresh, send, set_fact, the_record, token

notes, calls, newest_calls = map(fresh, (queries.notes, help_queries.calls, help_queries.newest_calls))
WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])


def helped(client, action: int, *, htmx: bool = False, **fields):
    data = {"csrf_token": token(client), "once": f"h{action}{fields.get('reply', '')[:9]}", "view": "work", "back": "/"}
    return client.post(f"/actions/{action}/help", data={**data, **fields}, headers=HTMX if htmx else {})


@pytest.mark.parametrize("answer", ["no_change", "on_track"])
def test_an_answer_needs_no_text_and_is_a_word_that_leaves_the_status(world, answer):
    client, action = world.client("lead"), world.actions["5.2"]
    before = fact(action, "status"), fact(action, "version")
    assert send(client, action, answer=answer).status_code == 303
    newest = notes(action)[0]
    assert (newest.answer, newest.did, newest.who) == (answer, "", "MASH Service Manager")
    assert (fact(action, "last_word_on"), fact(action, "answered_on")) == (TODAY, TODAY)
    assert (fact(action, "status"), fact(action, "version")) == before
    page = client.get(f"/actions/{action}").text
    assert newest.answer_words in read(page).one("ol", class_="notes").text
    assert newest.answer_words in read(client.get("/plans/twin/recommendations/5").text).one(id=f"action-{action}").text


def test_an_answer_may_carry_note_status_and_evidence_with_it(world):
    client, action = world.client("lead"), world.actions["5.2"]
    sent = send(client, action, answer="on_track", status="in_progress", **NOTE, **PROOF)
    assert sent.status_code == 303
    assert (fact(action, "status"), notes(action)[0].did) == ("in_progress", NOTE["did"])
    told = read(client.get("/").text).one(id="status").text
    for words in ("On track.", "Note added.", "Evidence added.", "Delivery status: In progress."):
        assert words in told


@WAYS
@pytest.mark.parametrize(
    ("fields", "says", "at"),
    [
        ({"answer": "fine"}, "Choose one of the four answers.", "answer"),
        ({"answer": "need_help"}, "Write what is in the way", "blocker"),
        ({"answer": "need_help", "blocker": "  "}, "Write what is in the way", "blocker"),
        ({"answer": "done", "month": "2018-04"}, "What is done needs a note.", "did"),
        ({"answer": "done", "month": "2018-04", "did": "x"}, "needs a piece of evidence.", "file"),
        ({"answer": "done", **NOTE, **PROOF}, "Choose the month in which it was completed.", "month"),
        ({"answer": "on_track", "url": "nonsense", "shows": "x"}, "Write a whole address", "url"),
        ({}, "Choose how it is going, or write what you did.", "answer"),
    ],
)
def test_what_lacks_something_is_refused_whole_with_the_text_kept(world, way, headers, fields, says, at):
    client, action = world.client("lead"), world.actions["5.2"]
    before = the_record()
    answer = send(client, action, htmx=bool(headers), **fields)
    assert answer.status_code == 422 and is_page(answer.text) == (way == "plain")
    form = read(answer.text).one("form", id=f"a{action}-form")
    assert says in form.one("div", role="alert").text
    assert says in form.one(id=f"a{action}-{at}-error").text
    if fields.get("answer") in {"done", "need_help", "on_track"}:
        chosen = [i.attrs["value"] for i in form.all("input", name="answer") if "checked" in i.attrs]
        assert chosen == [fields["answer"]]
    assert the_record() == before


@WAYS
def test_done_is_a_claim_with_its_month_note_and_evidence(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    sent = send(client, action, htmx=bool(headers), answer="done", month="2018-03", **NOTE, **PROOF)
    assert sent.status_code in {200, 303}
    assert (fact(action, "status"), fact(action, "completed_on")) == ("completed", date(2018, 3, 31))
    assert fact(action, "claimed_by_id") == world.people["lead"]


def test_done_may_stand_on_the_note_and_evidence_that_are_there_already(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, "evidence", **PROOF).status_code == 303
    assert send(client, action, answer="no_change").status_code == 303
    refused = send(client, action, answer="done", month="2018-04")
    assert refused.status_code == 422, "an answer without words is not the note that a claim needs"
    assert send(client, action, "notes", did="All of it.").status_code == 303
    assert send(client, action, answer="done", month="2018-04").status_code == 303
    assert (fact(action, "status"), notes(action)[0].answer) == ("completed", "done")


def test_done_from_an_old_sight_conflicts_and_saves_nothing(world):
    client, action = world.client("lead"), world.actions["5.2"]
    set_fact(action, status="in_progress", version=2)
    before = the_record()
    sent = send(client, action, answer="done", month="2018-04", version=1, **NOTE, **PROOF)
    assert sent.status_code == 409 and NOTE["did"] in sent.text
    assert the_record() == before


def test_what_is_not_open_needs_no_answer(world):
    client, action = world.client("other_lead"), world.actions["6.1"]
    assert read(client.get(f"/actions/{action}?open={action}").text).all("input", name="answer") == []
    refused = send(client, action, answer="on_track")
    assert refused.status_code == 422 and "it needs no answer" in refused.text
    assert send(client, action, "notes", did="Still so.").status_code == 303


@WAYS
def test_help_goes_to_the_accountable_lead_and_a_reply_closes_it(world, way, headers):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    sent = send(
        asker, action, htmx=bool(headers), answer="need_help", blocker="The trainer has left.", did="Four of six."
    )
    assert sent.status_code in {200, 303}
    assert (fact(action, "help_asked_on"), calls(action)[0].goes_to) == (TODAY, "MASH Service Manager")
    assert "help is asked for" in lead.get("/plans/twin/recommendations/5").text or fact(action, "due_on") < TODAY
    shown = read(lead.get("/").text).one(id="help")
    assert "The trainer has left." in shown.text and "Training Officer, 7 April 2018" in shown.text
    assert read(asker.get("/").text).all(id=f"action-{action}") == [], "an answered row rests"
    assert "The trainer has left." in asker.get(f"/actions/{action}").text
    assert read(world.client("programme_manager").get("/").text).all(id="help") == []

    answer = helped(lead, action, htmx=bool(headers), reply="Another division lends one from Monday.")
    assert answer.status_code == (200 if headers else 303)
    assert (fact(action, "help_asked_on"), calls(action)[0].replied_by) == (None, "MASH Service Manager")
    assert read(lead.get("/").text).all(id="help") == []
    shown = read(asker.get(f"/actions/{action}").text).one("main").text
    assert "MASH Service Manager, 7 April 2018, replied: Another division lends one from Monday." in shown
    page = read(world.client("viewer").get(f"/actions/{action}?history=all").text)
    assert "Another division lends one" in page.one("main").text
    for words in ("Help asked for", "Help answered"):
        assert words in page.one("ol", class_="history").text


def test_help_of_the_accountable_lead_goes_to_the_programme_manager_and_is_not_answered_by_the_asker(world):
    lead, manager, action = world.client("lead"), world.client("programme_manager"), world.actions["5.2"]
    assert send(lead, action, answer="need_help", blocker="No room for the sessions.").status_code == 303
    assert "No room for the sessions." in read(manager.get("/").text).one(id="help").text
    assert read(lead.get("/").text).all(id="help") == []
    asked = read(lead.get(f"/actions/{action}").text).one("main")
    assert "You asked for this help." in asked.text and asked.all("textarea", name="reply") == []
    assert [one.text for one in asked.all("a", href=f"/actions/{action}?open={action}#action-{action}")][-1:] == [
        "answer On track"
    ]
    assert read(manager.get(f"/actions/{action}").text).all("textarea", name="reply")
    own = helped(lead, action, reply="I will find one.")
    assert own.status_code == 422 and "answer On track" in own.text and "I will find one." in own.text
    assert helped(world.client("chair"), action, reply="Use the board’s room.").status_code == 303
    assert fact(action, "help_asked_on") is None


def test_a_reply_stands_on_the_row_until_the_next_word(world):
    action = world.actions["5.3"]
    assert send(world.client("contributor"), action, answer="need_help", blocker="No room.").status_code == 303
    assert helped(world.client("lead"), action, reply="Use ours.").status_code == 303
    assert newest_calls([action])[action].reply == "Use ours."
    assert send(world.client("contributor"), action, "notes", did="We meet in theirs.").status_code == 303
    assert newest_calls([action]) == {}


def test_only_what_changes_a_rating_or_a_status_draws_the_bar_of_my_work_anew(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert "#mine" not in send(client, action, "notes", htmx=True, did="A word.").text
    assert "#mine" in send(client, action, "status", htmx=True, status="in_progress").text


@pytest.mark.parametrize(("answer", "ends"), [("on_track", True), ("no_change", False)])
def test_a_later_answer_that_it_goes_on_ends_the_call(world, answer, ends):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, answer="need_help", blocker="No room.").status_code == 303
    assert send(client, action, answer=answer).status_code == 303
    assert (fact(action, "help_asked_on") is None) == ends
    assert (calls(action)[0].closed_at is not None, calls(action)[0].reply) == (ends, "")


def test_a_claim_ends_the_call_and_a_second_call_keeps_the_first_day(world, on):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, answer="need_help", blocker="No room.").status_code == 303
    on(date(2018, 4, 20))
    assert send(client, action, answer="need_help", blocker="Still no room.").status_code == 303
    assert fact(action, "help_asked_on") == TODAY
    assert send(client, action, answer="done", month="2018-04", **NOTE, **PROOF).status_code == 303
    assert fact(action, "help_asked_on") is None and all(one.closed_at for one in calls(action))


@WAYS
def test_an_empty_reply_and_one_that_comes_second_lose_nothing(world, way, headers):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    assert send(asker, action, answer="need_help", blocker="The trainer has left.").status_code == 303
    before = the_record()
    empty = helped(lead, action, htmx=bool(headers), reply=" ")
    assert empty.status_code == 422 and "Write a reply." in empty.text
    assert is_page(empty.text) == (way == "plain") and the_record() == before
    assert helped(world.client("chair"), action, reply="Ask the college.").status_code == 303
    before = the_record()
    late = helped(lead, action, htmx=bool(headers), reply="Ask the police.")
    assert late.status_code == 409 and the_record() == before
    text = read(late.text).one("div", class_="conflict").text
    assert "Ask the police." in text and "Independent Chair replied: Ask the college." in text


def test_the_same_reply_twice_is_one(world):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    assert send(asker, action, answer="need_help", blocker="The trainer has left.").status_code == 303
    assert helped(lead, action, reply="Next week.").status_code == 303
    before = the_record()
    assert helped(lead, action, reply="Next week.").status_code == 303
    assert the_record() == before


def test_who_may_not_reply_is_told_who_may(world):
    action = world.actions["5.3"]
    assert send(world.client("contributor"), action, answer="need_help", blocker="No trainer.").status_code == 303
    before = the_record()
    for role, code in (("contributor", 403), ("viewer", 403), ("verifier", 403), ("nobody", 404)):
        assert helped(world.client(role), action, reply="No.").status_code == code, role
    assert helped(world.client("partner"), world.actions["6.2"], reply="No.").status_code == 404
    assert world.client("lead").get(f"/actions/{action}/help").status_code == 405
    assert the_record() == before


LISTS = {
    "work": "/",
    "recommendation": "/plans/twin/recommendations/5",
    "plan": "/plans/twin?q=police",
    "board": "/boards/mash-board?timeliness=overdue",
}


@pytest.mark.parametrize("view", LISTS)
def test_save_and_next_walks_the_whole_list_of_its_page_under_its_filter(world, view):
    client = world.client("lead")
    listed = [n.attrs["id"] for n in read(client.get(LISTS[view]).text).walk() if "data-ref" in n.attrs]
    mine = [
        int(id_.removeprefix("action-"))
        for id_ in listed
        if read(client.get(LISTS[view]).text).one(id=id_).all("a", class_="verb")
    ]
    assert len(mine) > 1
    at = mine[0]
    for n, following in enumerate(mine[1:]):
        htmx = n % 2 == 0
        sent = send(
            client, at, htmx=htmx, view=view, back=LISTS[view], answer="no_change", go_on="1", once=f"walk-{at}"
        )
        if htmx:
            part = read(sent.text).one("hx-partial", hx_target=f"#action-{following}")
            assert (
                part.one("form", id=f"a{following}-form").all("input", name="answer")[0].attrs.get("data-focus")
                is not None
            )
            assert read(sent.text).one(id=f"action-{at}").all("form") == []
            once = part.one("form", id=f"a{following}-form").one("input", name="once").attrs["value"]
            assert once != f"walk-{at}", "the next row is a form of its own"
            assert "checked" not in part.one(id=f"a{following}-answer").attrs
        else:
            joined = "&" if "?" in LISTS[view] else "?"
            assert sent.headers["Location"] == f"{LISTS[view]}{joined}open={following}#action-{following}"
        at = following


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("address", ["/plans/twin?q=a", "/boards/mash-board?status=not_started"])
def test_save_and_next_crosses_the_end_of_a_page_as_next_does(world, monkeypatch, address, htmx):
    client, view = world.client("lead"), "plan" if "plans" in address else "board"
    whole = [
        n.attrs["id"]
        for n in read(client.get(address).text).walk()
        if "data-ref" in n.attrs and n.all("a", class_="verb")
    ]
    mine = [int(id_.removeprefix("action-")) for id_ in whole]
    assert len(mine) > 2
    for module in (plan_queries, listing, walk_listing):
        monkeypatch.setattr(module, "PAGE_ROWS", 2)
    monkeypatch.setattr(plan_queries.action_rows, "__kwdefaults__", {"page": 1, "size": 2})
    monkeypatch.setattr(plan_queries.recommendation_rows, "__kwdefaults__", {"page": 1, "size": 2})
    walked, place = [mine[0]], address
    for _ in mine[1:]:
        sent = send(client, walked[-1], htmx=htmx, view=view, back=place, answer="no_change", go_on="1")
        to = sent.headers.get("HX-Redirect") if htmx else sent.headers["Location"]
        if to is None:
            walked.append(int(re.search(r'hx-target="#action-(\d+)"', sent.text)[1]))
            continue
        walked.append(int(re.search(r"open=(\d+)", to)[1]))
        place = to.partition("#")[0]
        opened = read(client.get(place).text)
        assert opened.one("form", id=f"a{walked[-1]}-form"), "the next one stands open on its page"
    assert walked == mine and "page=" in place


def test_save_without_next_comes_back_to_the_row(world):
    client, action = world.client("lead"), world.actions["5.2"]
    sent = send(client, action, view="plan", back="/plans/twin?q=police&page=1", answer="on_track")
    assert sent.headers["Location"] == f"/plans/twin?q=police&page=1#action-{action}"


def test_the_first_button_of_the_form_is_save_and_next(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for address, words in (("/", ["Save and next", "Save"]), (f"/actions/{action}", ["Save"])):
        form = read(client.get(f"{address}?open={action}").text).one("form", id=f"a{action}-form")
        assert [b.text for b in form.all("button", type="submit")] == words

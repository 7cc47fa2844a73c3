"""The four answers, what counts as an update, and save and next."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from ilacs_app.plan.lists import rows as plan_queries
from ilacs_app.progress.notes import queries
from ilacs_app.rows import list_page as listing
from ilacs_app.rows import next_row as walk_listing
from tests.auditor import is_page, read
from tests.conftest import TODAY
from tests.factories import BOTH_WAYS, CLAIM, NOTE, PROOF, fact, fresh, send, set_fact, the_record

notes = fresh(queries.notes)
WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])


@pytest.mark.parametrize("answer", ["no_change", "on_track"])
def test_an_answer_needs_no_text_and_is_an_update_that_leaves_the_status(world, answer):
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
        ({"answer": "fine"}, "Select one of the answers.", "answer"),
        ({"answer": "need_help"}, "Enter what is stopping progress", "blocker"),
        ({"answer": "need_help", "blocker": "  "}, "Enter what is stopping progress", "blocker"),
        ({"answer": "done", "month": "2018-04"}, "Enter what you did.", "did"),
        ({"answer": "done", "month": "2018-04", "did": "x"}, "Add evidence that the action is complete", "file"),
        ({"answer": "done", **NOTE, **PROOF}, "Select the month it was completed.", "month"),
        ({"answer": "on_track", "url": "nonsense", "shows": "x"}, "Enter a full web address", "url"),
        ({}, "Select how it is going, or enter what you did.", "answer"),
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


def test_done_may_rest_on_the_note_and_evidence_that_are_there_already(world):
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


def test_only_what_changes_a_rating_or_a_status_draws_the_bar_of_my_work_again(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert "#mine" not in send(client, action, "notes", htmx=True, did="A word.").text
    assert "#mine" in send(client, action, "status", htmx=True, status="in_progress").text


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
@pytest.mark.parametrize(
    ("address", "view"),
    [
        ("/plans/twin?q=a", "plan"),
        ("/boards/mash-board?status=not_started", "board"),
        ("/plans/twin/actions?sort=-due&mine=1", "actions"),
    ],
)
def test_save_and_next_crosses_the_end_of_a_page_as_next_does(world, monkeypatch, address, view, htmx):
    client = world.client("lead")
    whole = [
        n.attrs["id"]
        for n in read(client.get(address).text).walk()
        if "data-ref" in n.attrs and n.all("a", class_="verb")
    ]
    mine = [int(id_.removeprefix("action-")) for id_ in whole]
    assert len(mine) > 2
    for module in (plan_queries, listing, walk_listing):
        monkeypatch.setattr(module, "PAGE_ROWS", 2)
    for rows_of in (plan_queries.action_rows, plan_queries.recommendation_rows):
        monkeypatch.setattr(rows_of, "__kwdefaults__", {**rows_of.__kwdefaults__, "size": 2})
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


def test_the_first_two_no_changes_without_text_are_updates_and_later_ones_are_not(world, on):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, "notes", did="Both teams have had the session.").status_code == 303
    days = [TODAY + timedelta(days=7 * n) for n in range(1, 5)]
    for day in days:
        on(day)
        assert send(client, action, answer="no_change").status_code == 303
    assert fact(action, "last_word_on") == days[1], "the third and the fourth are none"
    assert fact(action, "answered_on") == days[3]
    row = read(client.get("/plans/twin/recommendations/5").text).one(id=f"action-{action}").text
    assert "Both teams have had the session. (7 Apr 2018)" in row
    assert "No change since, 5 May 2018 (4 times)" in row
    on(days[3] + timedelta(days=1))
    assert send(client, action, answer="on_track").status_code == 303
    assert fact(action, "last_word_on") == days[3] + timedelta(days=1)
    on(days[3] + timedelta(days=9))
    assert send(client, action, answer="no_change").status_code == 303
    assert fact(action, "last_word_on") == days[3] + timedelta(days=9), "two more count after a real update"


def test_no_change_with_text_is_an_update_each_time(world, on):
    client, action = world.client("lead"), world.actions["5.2"]
    for n in range(4):
        on(TODAY + timedelta(days=n))
        assert send(client, action, answer="no_change", did=f"Waiting for tenders, week {n}.").status_code == 303
        assert fact(action, "last_word_on") == TODAY + timedelta(days=n)


def test_two_keys_do_not_buy_a_green_for_ever(world, on):
    client, action = world.client("lead"), world.actions["5.2"]
    set_fact(action, status="in_progress", due_on=date(2020, 3, 31), last_word_on=TODAY)
    for n in range(1, 7):
        on(TODAY + timedelta(days=30 * n))
        assert send(client, action, answer="no_change").status_code == 303
    page = read(client.get(f"/actions/{action}").text)
    assert page.one(id=f"action-{action}").attrs["data-brag"] == "amber"


@WAYS
def test_no_change_is_neither_offered_nor_taken_without_text_where_a_claim_was_sent_back(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, **CLAIM).status_code == 303
    back = send(world.client("verifier"), action, "status", status="in_progress", reason="No records were sampled.")
    assert back.status_code == 303
    form = read(client.get(f"/?open={action}").text).one("form", id=f"a{action}-form")
    offered = [i.attrs["value"] for i in form.all("input", name="answer")]
    assert offered == ["on_track", "need_help", "done"]
    before = the_record()
    refused = send(client, action, htmx=bool(headers), answer="no_change")
    assert refused.status_code == 422 and "Enter what you have done since" in refused.text
    assert the_record() == before
    told = send(client, action, htmx=bool(headers), answer="no_change", did="We have asked for the sample.")
    assert told.status_code in {200, 303}
    assert send(client, action, htmx=bool(headers), answer="no_change").status_code in {200, 303}


@WAYS
def test_an_update_on_another_action_does_not_answer_the_verifier(world, way, headers):
    client, action, other = world.client("lead"), world.actions["5.2"], world.actions["5.4"]
    assert send(client, action, **CLAIM).status_code == 303
    back = send(world.client("verifier"), action, "status", status="in_progress", reason="No records were sampled.")
    assert back.status_code == 303
    assert send(client, other, answer="on_track", did="The guidance went to the board.").status_code == 303
    form = read(client.get(f"/?open={action}").text).one("form", id=f"a{action}-form")
    assert [i.attrs["value"] for i in form.all("input", name="answer")] == ["on_track", "need_help", "done"]
    before = the_record()
    refused = send(client, action, htmx=bool(headers), answer="no_change")
    assert refused.status_code == 422 and "Enter what you have done since" in refused.text
    assert the_record() == before


def test_what_is_stopping_progress_is_kept_with_another_answer(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, answer="on_track", blocker="The room is booked in June.").status_code == 303
    assert notes(action)[0].blocker == "The room is booked in June."
    assert "The room is booked in June." in client.get(f"/actions/{action}").text

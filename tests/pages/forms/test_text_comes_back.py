"""A form that is refused as a whole shows what was written into it, so that it can be copied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.people.sign_in.model import SignInSession
from ilacs_app.progress.notes import queries
from tests.auditor import read
from tests.factories import all_rows, fact, fresh, send, set_plan, token

notes = fresh(queries.notes)
WORDS = "Both teams <b>met</b> and agreed."


def shown(answer) -> list[str]:
    return [one.whole_text for one in read(answer.text).one("main").all("textarea")]


def test_a_form_with_a_file_that_is_too_large_shows_its_text(world):
    client, action = world.client("lead"), world.actions["5.2"]
    large = ("Film.pdf", b"%PDF-1.7\n" + b"x" * (28 * 1024 * 1024))
    answer = send(client, action, did=WORDS, shows="What came after the file", file=large)
    assert answer.status_code == 413 and {WORDS, "What came after the file"} <= set(shown(answer))
    assert not {token(client), "audit\0"} & set(shown(answer)) and notes(action) == []
    answer.request.environ["wsgi.input"].close()  # the temporary file of the test's own browser


@pytest.mark.parametrize(("role", "path", "status"), [("viewer", "/actions/{}/notes", 403), ("partner", "{}", 404)])
def test_a_form_that_may_not_be_sent_shows_its_text(world, role, path, status):
    client, action = world.client(role), world.actions["6.2" if status == 404 else "5.2"]
    address = path.format(action) if status == 403 else f"/actions/{action}/notes"
    answer = client.post(address, data={"csrf_token": token(client), "once": "k", "did": WORDS, "next_step": "Yes"})
    assert answer.status_code == status and shown(answer) == [WORDS, "Yes"]


def test_a_form_whose_plan_was_closed_meanwhile_shows_its_text(world):
    client, action = world.client("lead"), world.actions["5.2"]
    set_plan(world.plan_id, state="closed")
    answer = send(client, action, did=WORDS)
    assert answer.status_code in {403, 404, 422} and WORDS in shown(answer)


@pytest.mark.parametrize("words", [WORDS, "Yes"])
def test_a_form_without_a_good_token_shows_its_text_however_short(world, words):
    answer = world.client("lead").post(f"/actions/{world.actions['5.2']}/notes", data={"did": words})
    assert answer.status_code == 400 and shown(answer) == [words]


def test_a_form_under_a_sign_in_that_was_ended_shows_its_text_and_no_password(world):
    client, action = world.fresh_client("lead"), world.actions["5.2"]
    token(client)
    with transaction():
        db.session.execute(update(SignInSession).values(ended_at=clock.real_now()))
    answer = send(client, action, did=WORDS)
    assert answer.status_code == 401 and WORDS in shown(answer) and notes(action) == []
    refused = client.post("/sign-in", data={"email": "lead@tests.example", "password": "secret words"})
    assert "secret words" not in refused.text


def test_a_form_under_an_expired_sign_in_is_kept_however_long_it_is(world):
    client, action = world.fresh_client("lead"), world.actions["5.2"]
    token(client)
    with transaction():
        db.session.execute(update(SignInSession).values(seen_at=clock.real_now() - timedelta(minutes=31)))
    answer = send(client, action, did="Long. " * 20_000)
    assert answer.status_code == 401 and "We saved what you wrote" in answer.text
    again = world.fresh_client("lead").get(f"/?open={action}")
    assert "Long. Long. " * 1000 in again.text and fact(action, "version") == 1


CASES = {
    "a blocker without an answer": {"blocker": "No room."},
    "what evidence shows, without a file": {"did": "Yes.", "shows": "Canary"},
    "a period, without a file": {"did": "Yes.", "period": "Canary"},
    "a kind of evidence, without a file": {"did": "Yes.", "kind": "voice"},
    "who may see evidence, without a file": {"did": "Yes.", "sensitivity": "restricted"},
    "a reason without a status": {"did": "Yes.", "reason": "Canary"},
    "a review without a status": {"did": "Yes.", "review_on": "31 May 2018"},
    "a review that is no day, without a status": {"did": "Yes.", "review_on": "Canary"},
    "a successor with another status": {"did": "Yes.", "status": "in_progress", "successor": "5.3"},
    "a sample with another status": {"did": "Yes.", "status": "in_progress", "sample": "Canary"},
    "a day of a test without one": {"did": "Yes.", "tested_on": "1 March 2018"},
}


@pytest.mark.parametrize("case", CASES)
def test_what_has_no_place_is_refused_with_a_sentence_and_stays_in_the_form(world, case):
    client, action = world.client("programme_manager"), world.actions["5.2"]
    answer = send(client, action, view="plan", back="/plans/twin", **CASES[case])
    assert answer.status_code == 422 and notes(action) == [] and fact(action, "status") == "not_started"
    assert "There is a problem" in answer.text
    for name, text in CASES[case].items():
        assert text in answer.text, name


@pytest.mark.parametrize("answered", ["on_track", "no_change"])
def test_a_blocker_with_another_answer_is_kept_with_the_note_and_is_no_call(world, answered):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, answer=answered, blocker="No room.").status_code == 303
    newest = notes(action)[0]
    assert (newest.blocker, newest.answer) == ("No room.", answered)
    assert "No room." in world.client("viewer").get(f"/actions/{action}").text
    assert fresh(lambda: queries.db.session.execute(queries.db.text("select count(*) from help_call")).scalar())() == 0


def test_a_day_that_was_drawn_yesterday_is_no_day_of_a_test(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, did="Yes.", tested_on="6 April 2018").status_code == 303


def test_a_test_form_keeps_every_field_of_a_test(world):
    client, action = world.client("verifier"), world.actions["6.1"]
    fields = {"status": "verified", "reason": "It holds.", "sample": "Twenty records", "tested_on": "3 April 2018"}
    answer = send(client, action, "status", view="plan", back="/plans/twin", **fields)
    assert answer.status_code == 303, answer.text
    kept = repr(all_rows()["status_move"])
    assert all(text in kept for text in ("It holds.", "Twenty records", "date(2018, 4, 3)"))

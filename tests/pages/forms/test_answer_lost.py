"""The answer to a save was lost, the form was changed and sent again with the same key: nothing of it is dropped."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.forms.model import Draft
from ilacs_app.plan.model import Inspection
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.notes import queries
from ilacs_app.progress.notes.model import ProgressNote
from tests.auditor import read
from tests.factories import BOTH_WAYS, HTMX, PDF, all_rows, fact, files_in, fresh, send, the_record, token
from tests.pages.editing.recommendations.test_keeping_the_content import fields_of

notes = fresh(queries.notes)
WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
ACCEPTED = {200, 303}


def said(model, column: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(getattr(model, column)).order_by(model.id)))


@WAYS
def test_other_words_under_the_same_key_are_a_further_note(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    for did in ("Half of it.", "Half of it. And the rest.", "Half of it. And the rest."):
        assert send(client, action, htmx=bool(headers), once="k", did=did).status_code in ACCEPTED
    assert said(ProgressNote, "did") == ["Half of it.", "Half of it. And the rest."]


def test_a_file_that_is_added_before_the_second_try_is_saved_and_the_note_is_not_said_twice(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, once="k", did="We met.").status_code == 303
    proof = {"shows": "Who came", "file": ("List.pdf", PDF)}
    assert send(client, action, once="k", did="We met.", **proof).status_code == 303
    other = {"shows": "Who came", "file": ("Other list.pdf", PDF + b"%")}
    assert send(client, action, once="k", did="We met.", **other).status_code == 303
    assert send(client, action, once="k", did="We met.", **other).status_code == 303
    assert said(ProgressNote, "did") == ["We met."]
    assert said(Evidence, "file_name") == ["List.pdf", "Other list.pdf"]


def test_another_file_of_the_same_name_under_the_same_key_is_a_further_piece(world):
    client, action = world.client("lead"), world.actions["5.2"]

    def upload(data: bytes):
        fields = {"csrf_token": token(client), "once": "k", "shows": "It", "kind": "audit", "sensitivity": "open"}
        sent = {**fields, "file": (io.BytesIO(data), "List.pdf")}
        return client.post(f"/actions/{action}/evidence/new", data=sent, content_type="multipart/form-data")

    for data in (PDF, PDF + b"%", PDF + b"%", PDF):
        assert upload(data).status_code == 303
    assert len(set(said(Evidence, "sha256"))) == len(said(Evidence, "sha256")) == 2
    assert len(files_in(world.app.config["ILACS"].evidence_folder)) == 2


@WAYS
def test_another_status_under_the_same_key_is_a_conflict_that_shows_every_word(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    version = fact(action, "version")
    first = {"once": "k", "version": version, "status": "in_progress"}
    assert send(client, action, htmx=bool(headers), **first).status_code in ACCEPTED
    again = send(client, action, htmx=bool(headers), **{**first, "status": "partly_complete"}, did="Nearly.")
    assert again.status_code == 409 and "Nearly." in again.text and "Partly complete" in again.text
    assert fact(action, "status") == "in_progress" and notes(action) == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/plans/twin/edit", "title"),
        ("/plans/twin/recommendations/5/edit", "impact"),
        ("/actions/{5.2}/edit", "text"),
        ("/settings/boards/1", "other_names"),
    ],
)
def test_another_value_under_the_same_key_is_a_conflict_and_the_same_is_answered_as_before(world, path, field):
    path, client = path.replace("{5.2}", str(world.actions["5.2"])), world.client("programme_manager")
    form = {**fields_of(world, path), "once": "k", "csrf_token": token(client)}
    for _ in range(2):
        assert client.post(path, data={**form, field: "What I wrote"}).status_code == 303
    refused = client.post(path, data={**form, field: "What I wrote, and more"})
    assert refused.status_code == 409 and "What I wrote, and more" in refused.text
    assert fields_of(world, path)[field] == "What I wrote"


def test_something_new_under_the_same_key_is_asked_about_and_saved_when_it_is_sent_again(world):
    client = world.client("programme_manager")
    form = {**fields_of(world, "/inspections/new"), "once": "k", "csrf_token": token(client)}
    form |= {"authority": "Northshire", "framework": "ILACS", "received_on": "1 February 2018"}
    first = client.post("/inspections/new", data=form)
    assert first.status_code == 303, first.text
    changed = client.post("/inspections/new", data={**form, "authority": "Northshire and Bay"})
    assert changed.status_code == 422 and "Northshire and Bay" in changed.text and "and then changed it" in changed.text
    assert said(Inspection, "authority").count("Northshire and Bay") == 0
    key = changed.text.split('name="once" value="')[1].split('"')[0]
    assert key != "k"
    sent = client.post("/inspections/new", data={**form, "authority": "Northshire and Bay", "once": key})
    assert sent.status_code == 303 and "Northshire and Bay" in said(Inspection, "authority")


def test_what_is_typed_after_a_save_that_was_not_heard_is_kept_as_a_draft(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, once="k", did="Half of it.").status_code == 303
    typed = {"csrf_token": token(client), "once": "k", "view": "work", "back": "/", "did": "Half of it. And more."}
    kept = client.post(f"/drafts?of=/actions/{action}/answer", data=typed, headers=HTMX)
    assert kept.text.startswith("Draft saved at ")
    assert [one["did"] for one in said(Draft, "fields")] == ["Half of it. And more."]


def test_a_save_in_one_window_leaves_what_is_typed_in_another(world):
    client, action = world.client("lead"), world.actions["5.2"]
    typed = {"csrf_token": token(client), "once": "first", "view": "work", "back": "/", "did": "A long text of mine."}
    client.post(f"/drafts?of=/actions/{action}/answer", data=typed, headers=HTMX)
    assert send(client, action, once="second", did="Another word.").status_code == 303
    assert len(said(Draft, "fields")) == 1
    page = client.get(f"/?open={action}").text
    assert "A long text of mine." in page and 'name="taken_up" value="first"' in page
    assert send(client, action, once="third", taken_up="first", did="A long text, and shorter.").status_code == 303
    assert said(Draft, "fields") == []


def test_the_same_sent_again_writes_nothing(world):
    client, action = world.client("lead"), world.actions["5.2"]
    fields = {"once": "k", "answer": "on_track", "did": "We met.", "version": fact(action, "version")}
    assert send(client, action, **fields).status_code == 303
    before = the_record()
    assert send(client, action, **fields).status_code == 303
    assert the_record() == before and all_rows()


def test_a_step_of_the_plan_that_was_taken_already_shows_the_words_that_were_typed_for_it(world):
    client = world.client("programme_manager")
    sent = {"csrf_token": token(client), "once": "k", "version": 1, "to": "submitted", "reason": "Sent too early."}
    assert client.post("/plans/twin/state", data=sent).status_code == 303
    for more in ({"reason": "Sent too early, and without the annex."}, {"on_day": "no day", "reason": "The annex."}):
        answer = client.post("/plans/twin/state", data={**sent, **more})
        assert answer.status_code == 409 and more["reason"] in read(answer.text).one("table", class_="compare").text


def test_a_test_that_was_saved_and_not_heard_shows_every_word_of_the_second_try(world):
    client, action = world.client("verifier"), world.actions["6.1"]
    form = {"once": "k", "version": fact(action, "version"), "status": "verified", "reason": "It holds."}
    form |= {"sample": "Twenty records", "tested_on": "3 April 2018", "view": "plan", "back": "/plans/twin"}
    assert send(client, action, "status", **form).status_code == 303
    more = {"sample": "Forty records", "reason": "It holds in each team.", "tested_on": "5 April 2018"}
    answer = send(client, action, "status", **{**form, **more})
    assert answer.status_code == 409 and all(text in answer.text for text in more.values())

"""A note is corrected by who wrote it: a new entry that points at the old one, which stays."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from ilacs_app.db import transaction
from ilacs_app.errors import Stale
from ilacs_app.history import Author
from ilacs_app.progress.notes import queries as notes_queries
from ilacs_app.progress.notes.commands import correct_note, log_progress
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.progress.status import queries as status_queries
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import CLAIM, HTMX, PROOF, all_rows, changed, fact, fresh, send, set_plan, token

notes, newest = fresh(notes_queries.notes), fresh(notes_queries.newest_notes)
BORN = "One family, born on 3 May 2012, was looked at."


def written(world, did="Half the teams.", *, role="lead", ref="5.2", **more):
    with transaction():
        return log_progress(world.author(role), world.actions[ref], NoteText(did, **more))


def correct(client, note_id, did="All of the teams.", *, htmx=False, **fields):
    data = {"csrf_token": token(client), "once": uuid4().hex, "view": "action", "did": did, **fields}
    return client.post(f"/notes/{note_id}/correct", data=data, headers=HTMX if htmx else {})


def test_a_note_is_corrected_by_a_new_one_that_points_at_it_and_the_old_one_stays(world):
    client, action, note = world.client("lead"), world.actions["5.2"], written(world, difference="Fewer came back.")
    listed = client.get(f"/actions/{action}")
    assert f'href="/notes/{note}/correct"' in listed.text
    form = read(client.get(f"/notes/{note}/correct").text)
    assert [one.text.strip() for one in form.all("textarea")] == ["Half the teams.", "Fewer came back.", ""]
    done = correct(client, note, difference="Fewer came back.")
    assert done.status_code == 303 and done.headers["Location"].startswith(f"/actions/{action}")
    new, old = notes(action)
    assert (new.did, new.corrects_id, old.did, old.corrected.id) == (
        "All of the teams.",
        note,
        "Half the teams.",
        new.id,
    )
    shown = client.get(f"/actions/{action}").text
    assert "Note corrected" in shown and "Half the teams." in shown
    assert f'href="#note-{new.id}"' in shown and f'Corrects <a href="#note-{note}">' in shown
    assert f'href="/notes/{note}/correct"' not in shown and f'href="/notes/{new.id}/correct"' in shown


def test_htmx_is_answered_with_the_same(world):
    note = written(world)
    assert correct(world.client("lead"), note, htmx=True).status_code in {200, 303}
    assert [one.did for one in notes(world.actions["5.2"])] == ["All of the teams.", "Half the teams."]


def test_the_newest_note_of_an_action_is_as_it_was_corrected_last(world):
    first, action = written(world), world.actions["5.2"]
    client = world.client("lead")
    second = written(world, "A second session is set.")
    correct(client, first)
    assert newest([action])[action].id == second, "the correction of an older note is not the newest word"
    correct(client, second, "A second session was held.")
    assert newest([action])[action].did == "A second session was held."


def test_a_correction_is_corrected_in_its_turn(world):
    client, note = world.client("lead"), written(world)
    correct(client, note)
    again = notes(world.actions["5.2"])[0].id
    sent_on = client.get(f"/notes/{note}/correct")
    assert sent_on.status_code == 302 and sent_on.headers["Location"] == f"/notes/{again}/correct"
    assert correct(client, again, "Nine of ten teams.").status_code == 303
    third, second, first = notes(world.actions["5.2"])
    assert (first.corrected.id, second.corrected.id, third.corrected) == (second.id, third.id, None)


@pytest.mark.parametrize("role", ["other_lead", "programme_manager", "viewer", "contributor", "partner"])
def test_no_one_corrects_the_note_of_someone_else(world, role):
    note = written(world)
    client, before = world.client(role), all_rows()
    assert client.get(f"/notes/{note}/correct").status_code in {403, 404}
    assert correct(client, note).status_code in {403, 404}
    assert "progress_note" not in changed(before, all_rows())
    assert f"/notes/{note}/correct" not in client.get(f"/actions/{world.actions['5.2']}").text


def test_a_stranger_signs_in_first_and_a_note_that_is_not_there_is_not_found(world):
    note = written(world)
    assert world.client(None).get(f"/notes/{note}/correct").status_code == 302
    assert world.client("lead").get("/notes/999999/correct").status_code == 404
    assert world.client("lead").delete(f"/notes/{note}/correct").status_code == 405


def test_whom_it_was_written_for_may_correct_it(world):
    by = Author(
        world.people["programme_manager"], "Programme Manager", for_person_id=world.people["lead"], for_name="Lead"
    )
    with transaction():
        note = log_progress(by, world.actions["5.2"], NoteText("Half the teams."))
    assert correct(world.client("lead"), note).status_code == 303


def test_nothing_is_corrected_in_a_closed_plan(world):
    note = written(world)
    set_plan(world.plan_id, state="closed")
    assert world.client("lead").get(f"/notes/{note}/correct").status_code == 403
    assert correct(world.client("lead"), note).status_code == 403


def test_what_is_empty_too_long_or_the_same_is_refused_and_the_text_kept(world):
    client, note = world.client("lead"), written(world)
    empty = correct(client, note, " ")
    assert empty.status_code == 422 and "Enter what you did, what difference it made" in empty.text
    same = correct(client, note, "Half the teams.")
    assert same.status_code == 422 and "Change what is wrong" in same.text
    long = correct(client, note, "Teams. " * 700)
    assert long.status_code == 422 and "Teams. Teams." in long.text and "4000 characters" in long.text
    assert len(notes(world.actions["5.2"])) == 1


def test_sent_twice_it_is_one_correction(world):
    client, note = world.client("lead"), written(world)
    assert [correct(client, note, once="same").status_code for _ in range(2)] == [303, 303]
    assert len(notes(world.actions["5.2"])) == 2


def test_of_two_corrections_the_second_sees_both_texts_and_loses_none(world):
    client, note = world.client("lead"), written(world)
    correct(client, note)
    late = correct(client, note, "Nine of ten teams.")
    assert late.status_code == 409 and "All of the teams." in late.text and "Nine of ten teams." in late.text
    latest = notes(world.actions["5.2"])[0].id
    assert f'action="/notes/{latest}/correct"' in late.text and len(notes(world.actions["5.2"])) == 2
    assert correct(client, latest, "Nine of ten teams.").status_code == 303
    with pytest.raises(Stale), transaction():
        correct_note(world.author("lead"), note, NoteText("Late."))


def test_words_that_look_as_if_they_name_a_child_are_reported(world):
    client, note = world.client("lead"), written(world)
    correct(client, note, BORN)
    assert "date of birth" in client.get(f"/actions/{world.actions['5.2']}").text


def test_a_correction_is_no_new_word_and_keeps_the_answer(world, on):
    action, note = world.actions["5.2"], written(world, answer="on_track")
    kept = [fact(action, name) for name in ("last_word_on", "answered_on", "review_on", "version")]
    on(TODAY + timedelta(days=3))
    assert correct(world.client("lead"), note).status_code == 303
    assert [fact(action, name) for name in ("last_word_on", "answered_on", "review_on", "version")] == kept
    assert notes(action)[0].answer == "on_track"


def test_a_claim_cannot_rest_on_the_correction_of_a_note_from_before_the_last_one(world, on):
    client, verifier, action = world.client("lead"), world.client("verifier"), world.actions["5.2"]
    assert send(client, action, **CLAIM).status_code == 303
    note = notes(action)[0].id
    on(TODAY + timedelta(days=1))
    assert send(verifier, action, "status", status="in_progress", reason="Too few records.").status_code == 303
    on(TODAY + timedelta(days=2))
    assert correct(client, note).status_code == 303
    refused = send(client, action, **PROOF, status="completed", month="2018-04")
    assert refused.status_code == 422 and "Before you can mark this as completed" in refused.text
    assert fresh(status_queries.sent_back)([action]), "a correction does not answer the verifier"


def test_a_search_finds_both_and_marks_the_old_one(world):
    client, note = world.client("lead"), written(world, "Half the zebra crossings.")
    correct(client, note, "All of the zebra crossings.")
    found = client.get("/search?q=zebra&kind=notes").text
    assert found.count('<span class="boxed">Corrected</span>') == 1 and "Half" in found and "All of" in found

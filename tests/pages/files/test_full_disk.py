"""A disk that is full: what was typed is there to be sent again, and sending it again saves it once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import event

from ilacs_app.db import db
from ilacs_app.progress.notes import queries
from tests.auditor import read
from tests.factories import BOTH_WAYS, PDF, changed, fresh, send, the_record

notes = fresh(queries.notes)
LONG = {name: f"{name} " + "word " * 700 for name in ("did", "difference", "next_step")}


@contextmanager
def _full() -> Iterator[None]:
    """No connection may make the database larger meanwhile: SQLite says of it that its disk is full."""
    pages = db.session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    db.session.rollback()

    def no_larger(connection, *_):
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(db.engine, "checkout", no_larger)
    try:
        yield
    finally:
        event.remove(db.engine, "checkout", no_larger)
        event.listen(db.engine, "checkout", lambda one, *_: one.execute("PRAGMA max_page_count=1000000"))


@pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
def test_where_the_record_is_full_the_text_is_not_lost_and_is_saved_once_there_is_room(world, way, headers, caplog):
    client, action, once = world.client("lead"), world.actions["5.2"], uuid4().hex
    had, before = len(notes(action)), the_record()
    with _full():
        answer = send(client, action, "notes", htmx=bool(headers), once=once, **LONG)
    assert answer.status_code == 503 and "Not saved" in answer.text
    assert the_record() == before
    assert "disk is full" in caplog.text and "word word" not in caplog.text, "a log keeps nothing that somebody wrote"
    if not headers:  # with scripts the open form stays as it is, with all that was typed
        kept = read(answer.text)
        for name, text in LONG.items():
            assert kept.one("textarea", name=name).whole_text == text, name
        assert kept.one("input", name="once").attrs["value"] == once
    for _ in range(2):
        assert send(client, action, "notes", htmx=bool(headers), once=once, **LONG).status_code in {200, 303}
    assert len(notes(action)) == had + 1
    assert changed(before, the_record())


@pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
def test_where_the_evidence_folder_is_full_the_words_about_the_file_are_not_lost(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    folder = world.app.config["ILACS"].evidence_folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"")  # a file is where the folder should be, so nothing can be written into it
    before = the_record()
    words = {"shows": "Nine in ten records are of the standard", "kind": "audit", "did": "Looked at ten records."}
    answer = send(client, action, "evidence", htmx=bool(headers), file=("audit.pdf", PDF), **words)
    assert answer.status_code == 422 and the_record() == before
    assert "Tell the administrator that the evidence folder is full" in html.unescape(answer.text)
    form = read(answer.text).one("form", id=f"a{action}-form")
    assert form.one("input", name="shows").attrs["value"] == words["shows"]
    assert form.one("textarea", name="did").whole_text == words["did"]
    assert re.search(r'<option[^>]*value="audit"[^>]*selected', answer.text)
    folder.unlink()
    assert send(client, action, "evidence", htmx=bool(headers), file=("audit.pdf", PDF), **words).status_code in {
        200,
        303,
    }

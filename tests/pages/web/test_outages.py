"""What a page and a form do while the database does not answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event, exc, select, update

from ilacs_app import clock
from ilacs_app.db import db, sqlite_library, transaction, write_if_free
from ilacs_app.people.sign_in.model import SignInSession
from tests.auditor import read
from tests.conftest import csrf_of
from tests.factories import send, version_of

DONE = "The panel met and agreed the new threshold document."


def _file(world) -> Path:
    return Path(world.app.config["SQLALCHEMY_DATABASE_URI"].database)


@contextmanager
def _locked(world) -> Iterator[None]:
    """Another writer has the database. Its library is ours: two in one process break each other's locks."""
    connection = sqlite_library().connect(str(_file(world)), isolation_level=None)
    connection.execute("begin immediate")
    try:
        yield
    finally:
        connection.execute("rollback")
        connection.close()


def _unseen_for_ten_minutes() -> None:
    with transaction():
        db.session.execute(update(SignInSession).values(seen_at=clock.real_now() - timedelta(minutes=10)))
    db.session.remove()


def test_a_page_is_read_at_once_where_that_someone_is_here_cannot_be_noted(world):
    _unseen_for_ten_minutes()
    client = world.client("lead")
    with _locked(world):
        began = time.monotonic()
        assert client.get("/").status_code == 200
        assert time.monotonic() - began < 2
    was = clock.real_now() - timedelta(minutes=9)
    assert db.session.scalars(select(SignInSession.seen_at).where(SignInSession.seen_at > was)).all() == []
    assert client.get("/").status_code == 200
    db.session.rollback()
    assert len(db.session.scalars(select(SignInSession.seen_at).where(SignInSession.seen_at > was)).all()) == 1


def test_a_form_is_refused_after_five_seconds_and_shows_every_text(world):
    client, action = world.client("lead"), world.actions["5.3"]
    csrf_of(client)
    version_of(action)
    difference = "Fewer referrals\ncome twice."
    with _locked(world):
        began = time.monotonic()
        answer = send(client, action, "notes", did=DONE, difference=difference)
        assert 4.5 < time.monotonic() - began < 8, answer.status_code
    assert answer.status_code == 503
    shown = {box.attrs["name"]: box.whole_text for box in read(answer.text).all("textarea")}
    assert shown["did"] == DONE and shown["difference"] == difference


def test_an_error_page_asks_the_database_nothing(world, caplog):
    client, asked = world.client("lead"), []

    def count(*_):
        asked.append(1)
        raise exc.OperationalError("select", None, Exception("gone"))

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        answer = client.get("/plans/twin")
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert answer.status_code == 503 and "We cannot reach the record" in answer.text
    assert len(asked) == 1


def test_an_unknown_address_is_a_calm_503_too_while_the_database_is_gone(world):
    file = _file(world)
    client = world.client("lead")
    db.session.remove()
    file.rename(file.with_name("away.db"))
    try:
        assert client.get("/no/such/page").status_code == 503
        assert client.get("/healthz").status_code == 503
        assert client.get("/accessibility").status_code in {200, 503}
    finally:
        file.with_name("away.db").rename(file)
    assert client.get("/no/such/page").status_code == 404
    assert client.get("/healthz").status_code == 200


def test_what_may_be_left_out_is_not_waited_for(world):
    with _locked(world):
        began = time.monotonic()
        assert not write_if_free(lambda: db.session.execute(update(SignInSession).values(ended_at=None)))
        assert time.monotonic() - began < 1
    assert write_if_free(lambda: db.session.execute(update(SignInSession).values(ended_at=None)))

"""What the database itself refuses, whatever a command forgets; and the one way to write."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from ilacs_app import clock
from ilacs_app.db import SAFE_SQLITE, answers, db, sqlite_library, transaction
from ilacs_app.forms.model import Submission
from ilacs_app.history import HistoryEvent
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.status.model import StatusMove

NOW = datetime(2018, 4, 7, 9, tzinfo=UTC)


def note(world, **changes):
    row = {"action_id": world.actions["5.1"], "person_id": world.people["lead"], "written_at": NOW, "did": "Done."}
    return insert(ProgressNote).values(**{**row, **changes})


def piece(world, **changes):
    row = {
        "action_id": world.actions["5.1"],
        "person_id": world.people["lead"],
        "added_at": NOW,
        "shows": "Figures",
        "kind": "data",
        "sensitivity": "open",
        "url": "https://intranet.example/figures",
    }
    return insert(Evidence).values(**{**row, **changes})


def move(world, **changes):
    row = {
        "action_id": world.actions["5.1"],
        "person_id": world.people["lead"],
        "at": NOW,
        "kind": "move",
        "from_status": "not_started",
        "to_status": "in_progress",
    }
    return insert(StatusMove).values(**{**row, **changes})


def action(world, **values):
    return update(Action).where(Action.id == world.actions["5.1"]).values(**values)


BAD = {
    "a note that says nothing": lambda w: note(w, did=""),
    "a note of nobody": lambda w: note(w, person_id=999_999),
    "a note on no action": lambda w: note(w, action_id=999_999),
    "evidence that is neither file nor link": lambda w: piece(w, url=None),
    "evidence that is both": lambda w: piece(w, store_key="key"),
    "evidence of an unknown kind": lambda w: piece(w, kind="rumour"),
    "evidence of an unknown sensitivity": lambda w: piece(w, sensitivity="secret"),
    "a status that is none": lambda w: action(w, status="overdue"),
    "a timescale that is none": lambda w: action(w, timescale_kind="soon"),
    "a move of the date without its day": lambda w: action(w, moves=1, last_moved_on=None),
    "a day of a move without the move": lambda w: action(w, moves=0, last_moved_on=date(2018, 3, 1)),
    "an action of no plan": lambda w: action(w, plan_id=999_999),
    "a status move to nowhere": lambda w: move(w, to_status="overdue"),
    "a status move of no kind": lambda w: move(w, kind="jump"),
    "a plan in no state": lambda w: update(Plan).values(state="lost"),
    "two plans at one address": lambda w: insert(Plan).values(
        slug="twin", short_name="T", title="T", state="live", dated_on=date(2018, 2, 22), columns=[]
    ),
    "two recommendations of one number": lambda w: insert(Recommendation).values(
        plan_id=w.plan_id, number="5", position=99, text="Improve"
    ),
    "an action twice in one recommendation": lambda w: insert(ActionPlace).from_select(
        ["recommendation_id", "action_id", "position", "ref"],
        select(ActionPlace.recommendation_id, ActionPlace.action_id, ActionPlace.position + 90, ActionPlace.ref),
    ),
}


def test_the_database_refuses_each_of_these(world):
    for what, made in BAD.items():
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(made(world))
            pytest.fail(f"it took {what}")
    # the rows they are made from are valid, so each is refused only for what it changes
    with transaction():
        for good in (note(world), piece(world), move(world), piece(world, url=None, store_key="key")):
            db.session.execute(good)


def test_a_form_is_entered_once_for_a_person(world):
    row = {"person_id": world.people["lead"], "once": "abc", "said": "Saved.", "at": NOW}
    with transaction():
        db.session.execute(insert(Submission).values(**row))
        db.session.execute(insert(Submission).values(**{**row, "person_id": world.people["viewer"]}))
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(insert(Submission).values(**row))


def test_an_instant_without_its_zone_is_refused(world):
    with pytest.raises(StatementError, match="time zone"), transaction():
        db.session.execute(note(world, written_at=datetime(2018, 4, 7, 9)))  # noqa: DTZ001


def test_an_instant_comes_back_in_utc_whatever_its_zone_was(world):
    there = datetime(2018, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    with transaction():
        db.session.execute(note(world, written_at=there, did="At midnight."))
    db.session.expire_all()
    back = db.session.scalar(select(ProgressNote.written_at).where(ProgressNote.did == "At midnight."))
    assert back == there and back.tzinfo == UTC
    assert clock.london_day(back) == date(2018, 7, 1)


def test_all_or_nothing(world):
    before = db.session.scalar(select(db.func.count()).select_from(HistoryEvent))
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.execute(note(world))
        db.session.add(HistoryEvent(at=NOW, who="tests", verb="tried"))
        db.session.flush()
        raise ZeroDivisionError
    assert db.session.scalar(select(db.func.count()).select_from(HistoryEvent)) == before
    assert db.session.scalar(select(db.func.count()).select_from(ProgressNote)) == 0


def test_a_transaction_does_not_hold_another(world):
    with pytest.raises(RuntimeError, match="open already"), transaction(), transaction():
        pass
    with transaction():
        db.session.execute(note(world))


def test_a_view_that_only_reads_cannot_write(world):
    with world.app.test_request_context("/"), pytest.raises(RuntimeError, match="did not declare"), transaction():
        pass


def test_a_save_is_on_the_disk_and_waits_for_its_turn(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has its own")
    said = {
        name: db.session.execute(text(f"PRAGMA {name}")).scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    assert sqlite_library().sqlite_version_info >= SAFE_SQLITE


def test_the_database_answers(app):
    assert answers()


def test_writers_of_one_process_stand_in_a_queue_and_do_not_knock(world):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has its own")
    engine, writers = db.engine, 4

    def refused_at_first_knock(connection, *_):
        connection.execute("PRAGMA busy_timeout=0")

    def write(n):
        with world.app.app_context(), transaction():
            db.session.execute(note(world, did=f"By writer {n}."))
            time.sleep(0.05)

    db.session.remove()
    event.listen(engine, "checkout", refused_at_first_knock)
    try:
        with ThreadPoolExecutor(writers) as pool:
            list(pool.map(write, range(writers)))
    finally:
        event.remove(engine, "checkout", refused_at_first_knock)
        engine.dispose()
    assert db.session.scalar(select(db.func.count()).select_from(ProgressNote)) == writers

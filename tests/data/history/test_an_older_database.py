"""A database that an older program filled is upgraded, and its record is made again from history alone.

Each file holds the rows of every table as the program before a migration wrote them with its own commands.
``before_0006.jsonl`` is of the program with 5 migrations: each of its commands once, with requests for help and for
dates that were answered, agreed, refused, withdrawn and still wait, plan files, undone changes, reassigned actions,
restricted evidence, a partner and delegates. ``before_0011.jsonl`` is of the program with 10 migrations: random
commands. The programs that wrote them are not needed to run this test.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import Connection, Date, DateTime, MetaData, Table, func, select, text

from ilacs_app import clock, create_app
from ilacs_app.as_at.replica import copy_before
from ilacs_app.changes.queries import HistoryFilter, every_line
from ilacs_app.db import check_schema, db, upgrade_schema
from ilacs_app.history import HistoryChange, HistoryEvent
from ilacs_app.history.catalogue import RECORD
from ilacs_app.people.model import Person
from ilacs_app.plan.visibility import actor_of
from tests.conftest import empty_postgres, settings_for
from tests.data.changes.test_lines_of_history import faults
from tests.rebuilt import differences, from_history, from_tables, rows_of

LAST_MIGRATIONS = ("0005", "0010")
"""The last migration of each older program."""
ITEMS = ("person", "team", "board", "inspection", "plan", "recommendation", "action")


@dataclass(frozen=True)
class Older:
    """A database that an older program filled, and the rows that it wrote, by table."""

    last_migration: str
    rows: dict[str, list[dict[str, Any]]]


def rows_by_table(last_migration: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the older program, by their table."""
    rows = defaultdict(list)
    path = Path(__file__).with_name(f"before_{int(last_migration) + 1:04}.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        told = json.loads(line)
        rows[told["table"]].append(told["row"])
    return rows


def write(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Write rows into the tables of the older program."""
    postgres = connection.dialect.name == "postgresql"
    for table in reversed(_tables(connection)):
        connection.execute(table.delete())  # the boards that a new database has
    for table in _tables(connection):
        for row in rows.get(table.name, ()):
            connection.execute(table.insert().values({name: _value(table, name, row[name]) for name in row}))
        if postgres and rows.get(table.name) and "id" in table.columns:
            highest = select(func.max(table.c.id)).scalar_subquery()
            connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))


def _tables(connection: Connection) -> list[Table]:
    """Return the tables of the database, those that others name first. An action names others of its own table."""
    metadata = MetaData()
    metadata.reflect(connection)
    ordered: list[Table] = metadata.sorted_tables
    return [table for table in ordered if not table.name.startswith(("alembic", "search"))]


def _value(table: Table, name: str, value: Any) -> Any:
    column = table.columns[name]
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


DATABASES = [(migration, kind) for migration in LAST_MIGRATIONS for kind in ("sqlite", "postgresql")]


@pytest.fixture(params=DATABASES, ids=" ".join)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Older]:
    """A database that the older program filled, not upgraded yet, in the context of the application."""
    last_migration, kind = request.param
    path, older = tmp_path / "older.db", Older(last_migration, rows_by_table(last_migration))
    app = create_app(settings_for(tmp_path, f"sqlite:///{path}" if kind == "sqlite" else empty_postgres(request)))
    with app.app_context():
        if kind == "sqlite":
            path.touch()
        flask_migrate.Migrate(app, db, directory=app.config["MIGRATIONS"])
        flask_migrate.upgrade(revision=last_migration)
        with db.engine.begin() as connection:
            write(connection, older.rows)
        yield older
        db.session.remove()
        db.engine.dispose()
    clock.move_today(None)


def test_an_older_database_is_upgraded_and_made_again_from_history(older):
    rows = older.rows
    assert len(rows["history_event"]) > 250 and {len(rows[name]) > 0 for name in ITEMS} == {True}
    upgrade_schema()
    check_schema()
    record = from_tables()
    assert not differences(record, from_history())
    for name, written in rows.items():
        if name in RECORD:
            assert len(record[name]) == len(written), name
    events = list(db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "as_found")))
    assert len(events) == sum(len(rows[name]) for name in ITEMS)
    kept = {row["id"]: row["text"] for row in rows["action"]}
    assert {int(key): row["text"] for key, row in record["action"].items()} == kept


def test_every_line_of_an_older_history_reads_as_words_and_no_row_is_lost_in_a_view_of_the_past(older):
    upgrade_schema()
    (person,) = db.session.scalars(select(Person).where(Person.email == "programme_manager@tests.example"))
    manager = actor_of(person.id, person.name, person.email, False, clock.today())
    lines = every_line(manager, HistoryFilter())
    told = {row["id"] for row in older.rows["history_event"]}
    assert len(told & {line.id for line in lines}) > 250
    assert faults(lines) == []
    db.session.rollback()
    tomorrow = clock.real_now() + timedelta(days=1)  # the upgrade has written its events at the real time
    copied = rows_of(copy_before(tomorrow))
    assert {name: len(rows) for name, rows in copied.items()} == {
        name: len(rows) for name, rows in from_tables().items()
    }


def test_a_row_that_the_upgrade_leaves_out_of_history_is_found(older):
    upgrade_schema()
    connection = db.session.connection()
    connection.execute(HistoryChange.__table__.delete().where(HistoryChange.entity == "action_person"))
    db.session.commit()
    lost = differences(from_tables(), from_history())
    assert lost and all(line.startswith("action_person") and "not in history" in line for line in lost)


def test_nothing_of_an_older_account_but_its_password_is_missing_from_history(older):
    upgrade_schema()
    held = str(db.session.execute(text("select after from history_change where entity = 'person'")).all())
    assert "password_hash" not in held and "programme_manager@tests.example" in held


def test_what_was_answered_and_asked_before_is_in_the_record_after(older):
    """A request for help once held its reply itself: each reply is a row of its own since."""
    rows = older.rows
    upgrade_schema()
    replies = from_tables()["help_reply"].values()
    wanted = sorted((call["id"], call["reply"]) for call in rows["help_call"] if call.get("reply"))
    assert sorted((reply["call_id"], reply["words"]) for reply in replies if reply["words"]) == wanted
    requests = from_tables()["date_request"]
    assert {int(key): row["state"] for key, row in requests.items()} == {
        row["id"]: row["state"] for row in rows["date_request"]
    }
    if older.last_migration == "0005":
        assert len(wanted) >= 3 and {row["state"] for row in requests.values()} >= {"waiting", "agreed", "refused"}
        assert {row["sensitivity"] for row in from_tables()["evidence"].values()} == {"open", "restricted"}

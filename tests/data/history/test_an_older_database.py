"""A database that an older program filled is upgraded, and its record is made again from history alone.

``before_0011.jsonl`` holds the rows of every table as the program before migration 0011 wrote them with its own
commands: added actions, moved dates, withdrawn recommendations, evidence, accounts linked to names. The program that
wrote it is not needed to run this test.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
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

ROWS = Path(__file__).with_name("before_0011.jsonl")
BEFORE = "0010"
ITEMS = ("person", "team", "board", "inspection", "plan", "recommendation", "action")


def rows_by_table() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the older program, by their table."""
    rows = defaultdict(list)
    for line in ROWS.read_text(encoding="utf-8").splitlines()[1:]:
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


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database that the older program filled, not upgraded yet."""
    path = tmp_path / "older.db"
    app = create_app(
        settings_for(tmp_path, f"sqlite:///{path}" if request.param == "sqlite" else empty_postgres(request))
    )
    with app.app_context():
        if request.param == "sqlite":
            path.touch()
        flask_migrate.Migrate(app, db, directory=app.config["MIGRATIONS"])
        flask_migrate.upgrade(revision=BEFORE)
        with db.engine.begin() as connection:
            write(connection, rows_by_table())
        yield app
        db.session.remove()
        db.engine.dispose()
    clock.move_today(None)


def test_an_older_database_is_upgraded_and_made_again_from_history(older):
    rows = rows_by_table()
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
    told = {row["id"] for row in rows_by_table()["history_event"]}
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

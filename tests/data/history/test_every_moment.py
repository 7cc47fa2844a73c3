"""Every table of the record is made again from history alone, as it is now and as it was at moments on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.db import db, upgrade_schema
from ilacs_app.history import HistoryChange, HistoryEvent
from ilacs_app.history.replay import Tables
from ilacs_app.people.model import Person
from tests.conftest import TODAY, World
from tests.data.history.commands import Everybody
from tests.rebuilt import HistoryReader, differences, from_history, from_tables

SEED = 20261127
COMMANDS = 20  # of a sequence
MOMENT_EVERY = 7  # commands
MOMENTS_KEPT = 30
EVERY_KIND_IN = 50  # sequences
BEFORE = "0010"  # the last migration without the rows of history


def run(world: World, sequences: int, record_property: Any) -> None:
    """Do ``sequences`` times 20 commands, and keep the tables at moments on the way. Make them again from history after
    each sequence: as they are, and as they were at the last moment and at three others at random since the beginning.
    At the end, read the whole of history once more and make every moment that was kept again.
    """
    clock.move_today(TODAY)
    everybody, reader = Everybody(world, SEED), HistoryReader()
    done, compared, kept = 0, 0, list[tuple[datetime, Tables]]()
    for number in range(sequences):
        for _ in range(COMMANDS):
            everybody.command()
            done += 1
            if done % MOMENT_EVERY == 0:
                if len(kept) == MOMENTS_KEPT:
                    kept.pop(everybody.draw.randrange(MOMENTS_KEPT))
                kept.append((_moment(), from_tables()))
        reader.read_on()
        lost = differences(from_tables(), reader.tables())
        assert not lost, (number, lost[:5])
        others = everybody.draw.sample(kept[:-1], min(3, len(kept) - 1))
        for until, tables in [kept[-1], *others]:
            lost = differences(tables, reader.tables(until))
            assert not lost, (number, until, lost[:5])
        compared += 2 + len(others)
    for until, tables in [(None, from_tables()), *kept]:
        lost = differences(tables, from_history(until))
        assert not lost, (until, lost[:5])
        compared += 1
    db.session.rollback()
    record_property("commands", done)
    record_property("compared", compared)
    kinds = {name for name in everybody.done if name != "refused"}
    missing = set(everybody.steps()) - kinds
    assert sequences < EVERY_KIND_IN or not missing, missing
    print(f"{done:,} commands of {len(kinds)} kinds in {sequences} sequences, {everybody.done['refused']:,} refused;")
    print(f"the record was made again {compared:,} times from history alone, as now and as at moments; seed {SEED}")


def _as_the_version_before(world: World) -> None:
    """Take from the database what the version before did not keep of history."""
    db.session.remove()
    flask_migrate.Migrate(world.app, db, directory=world.app.config["MIGRATIONS"])
    flask_migrate.downgrade(revision=BEFORE)


def test_a_database_of_the_version_before_is_made_again_from_what_the_upgrade_found(world, whole_history):
    clock.move_today(TODAY)
    everybody = Everybody(world, SEED)
    everybody.asks = False
    for _ in range(3 * COMMANDS):
        everybody.command()
    kept = from_tables()
    _as_the_version_before(world)
    upgrade_schema()
    assert not differences(kept, from_tables()), "the upgrade changed the record"
    assert not differences(kept, from_history())
    events = list(db.session.scalars(select(HistoryEvent.verb).where(HistoryEvent.verb == "as_found")))
    items = ("person", "team", "board", "inspection", "plan", "recommendation", "action")
    assert len(events) == sum(len(kept[name]) for name in items)
    everybody.asks = True
    for _ in range(COMMANDS):
        everybody.command()
    assert not differences(from_tables(), from_history())


def test_a_password_is_nowhere_in_history(world):
    secrets = set(db.session.scalars(select(Person.password_hash)))
    held = [*db.session.scalars(select(HistoryChange.after)), *db.session.scalars(select(HistoryEvent.after))]
    assert secrets and not [secret for secret in secrets if any(secret in str(row) for row in held)]
    _as_the_version_before(world)
    upgrade_schema()
    found = str(list(db.session.scalars(select(HistoryChange.after))))
    assert "password_hash" not in found and not [secret for secret in secrets if secret in found]


def _moment() -> datetime:
    """An instant after all that was done, and before all that will be: the next day begins here."""
    clock.move_today(clock.today() + timedelta(days=1))
    return clock.now()


def test_the_record_is_made_again_from_history_after_random_commands(world, whole_history, record_property):
    run(world, 5, record_property)


@pytest.mark.proof
def test_10000_random_commands_are_made_again_from_history(world, whole_history, record_property):
    run(world, 500, record_property)

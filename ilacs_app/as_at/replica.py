"""The record as it was before an instant: a database in memory, made from history alone.

It has the tables of the program, so the queries that draw a page today draw it as it was. Copies that were made lately
are kept for the next page, and ``checkpoints`` keeps some as files. A copy is checked against history each time that it
is used, and never written again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, ColumnElement, Text, cast, func, or_, select

from ilacs_app import clock
from ilacs_app.as_at.checkpoints import (
    FOLDER,
    WHOLE_EVERY,
    Checkpoint,
    Copy,
    checkpoints_before,
    days_to_keep,
    remove_checkpoints,
    write_checkpoint,
)
from ilacs_app.db import UtcInstant, data_folder, db, lower, sqlite_library
from ilacs_app.history import HistoryChange, HistoryEvent
from ilacs_app.history.catalogue import OUTSIDE, RECORD
from ilacs_app.history.replay import Folded, RowChange, folded

KEPT = 6
"""How many copies a process keeps."""
READ_TOGETHER = 10_000
"""How many changes are read at once."""

_kept: list[Copy] = []
_lock = Lock()


def copy_before(until: datetime) -> Any:
    """Return a connection to a new database in memory with the record as it was before an instant.

    Whoever asks may change it, and closes it.
    """
    with _lock:
        copy = next((old for old in _kept if old.until == until and _holds(old)), None)
        if copy is None:
            copy = _made(until)
            _kept.insert(0, copy)
            for old in _kept[KEPT:]:
                old.connection.close()
            del _kept[KEPT:]
        connection = _connection()
        copy.connection.backup(connection)
    return connection


def write_events(connection: Any, which: Iterable[ColumnElement[bool]]) -> None:
    """Add events to a copy, for the pages that list history."""
    table = db.metadata.tables["history_event"]
    rows = db.session.execute(select(table).where(*which).order_by(table.c.id)).mappings()
    names = [column.name for column in table.columns]
    marks = ", ".join("?" for _ in names)
    connection.executemany(
        f"insert into history_event values ({marks})", [[_event_value(row[name]) for name in names] for row in rows]
    )


def _event_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return _instant(value.isoformat())
    return json.dumps(value) if isinstance(value, dict) else value


def part_before(until: datetime, *, recommendations: Collection[int], actions: Collection[int]) -> Any:
    """Return a connection to a database in memory with some items, and what belongs to none, as they were before an
    instant. It reads the history of those items alone, so it is kept for no other page.
    """
    shared = HistoryChange.entity.in_(SHARED)
    mine = (HistoryChange.recommendation_id.in_(recommendations), HistoryChange.action_id.is_(None))
    known = or_(HistoryChange.event_id.is_(None), HistoryEvent.at < until)
    changes = [
        row.change
        for which in ((shared,), mine, (HistoryChange.action_id.in_(actions),))
        for row in _changes(known, *which)
    ]
    connection = _connection()
    for statement in _schema():
        connection.execute(statement)
    _write(connection, folded(changes))
    return connection


SHARED = (
    "person",
    "membership",
    "team",
    "team_member",
    "stand_in",
    "board",
    "meeting",
    "agenda_entry",  # what is exempt
    "inspection",
    "plan",
)
"""The tables of which every page may ask anything."""


def forget_copies() -> None:
    """Discard every copy that is kept."""
    with _lock:
        for copy in _kept:
            copy.connection.close()
        _kept.clear()


def keep_checkpoints() -> int:
    """Write the checkpoints that are missing, and delete those that are no longer right. Return how many there are.

    Raises:
        OSError: the data folder cannot be written to.
    """
    folder, days = _folder(), days_to_keep()
    wholes = {day: days[place - place % WHOLE_EVERY] for place, day in enumerate(days)}
    right: dict[date, Checkpoint] = {}
    for checkpoint in checkpoints_before(folder, clock.end_of(clock.today()), _schema_text()):
        day = clock.london_day(checkpoint.until - timedelta(microseconds=1))
        whole = wholes.get(day)
        if whole and (checkpoint.whole or checkpoint.path).stem == whole.isoformat() and _holds(checkpoint):
            right[day] = checkpoint
    remove_checkpoints(folder, but=sorted(right))
    for day, whole in wholes.items():
        if day not in right:
            copy = _made(clock.end_of(day))
            base = right[whole] if whole != day else None
            right[day] = write_checkpoint(folder, day, copy, _schema_text(), whole=base)
            copy.connection.close()
    return len(days)


def _folder() -> Path:
    return data_folder() / FOLDER


def _made(until: datetime) -> Copy:
    """A copy, from the newest that is kept and older, or else from the beginning."""
    known, connection = _known(until), _connection()
    for base in _bases(until):
        if not _holds(base):
            continue
        rows = _changes(HistoryEvent.at >= base.until, HistoryEvent.at < until)
        if rows and rows[0].id <= base.last:
            continue
        try:
            base.copy_into(connection)
        except sqlite_library().DatabaseError:  # a file is damaged
            connection.close()
            connection = _connection()
            continue
        last = rows[-1].id if rows else base.last
        break
    else:
        for statement in _schema():
            connection.execute(statement)
        rows = _changes(or_(HistoryChange.event_id.is_(None), HistoryEvent.at < until))
        last = rows[-1].id if rows else 0
    _write(connection, folded(row.change for row in rows))
    connection.execute("pragma analysis_limit = 400")
    connection.execute("analyze")  # without it, SQLite reads large tables where an index would do
    return Copy(until, last, _mark(last, known), connection)


def _bases(until: datetime) -> Iterator[Copy | Checkpoint]:
    """Yield the copies of earlier days, newest first: those that this process keeps, and the checkpoints."""
    copies = sorted((copy for copy in _kept if copy.until < until), key=lambda copy: copy.until, reverse=True)
    for checkpoint in checkpoints_before(_folder(), until, _schema_text()):
        while copies and copies[0].until >= checkpoint.until:
            yield copies.pop(0)
        yield checkpoint
    yield from copies


class _Change(NamedTuple):
    id: int
    change: RowChange


def _changes(*when: Any) -> list[_Change]:
    """Return changes in their order. Their JSON is read in one go: row by row it takes twice as long."""
    after = cast(HistoryChange.after, Text)
    query = (
        select(HistoryChange.id, HistoryChange.entity, HistoryChange.key, after.label("after"))
        .outerjoin(HistoryEvent, HistoryEvent.id == HistoryChange.event_id)
        .where(*when)
        .order_by(HistoryChange.id)
    )
    changes: list[_Change] = []
    for part in db.session.execute(query).partitions(READ_TOGETHER):
        texts = json.loads(f"[{','.join([row.after or 'null' for row in part])}]")
        changes += [
            _Change(row.id, RowChange(row.entity, row.key, values)) for row, values in zip(part, texts, strict=True)
        ]
    return changes


def _known(until: datetime) -> tuple[int, int]:
    """Return how much history there is before an instant: events, and changes of no event. Both only ever grow."""
    events = select(func.count()).select_from(HistoryEvent).where(HistoryEvent.at < until)
    others = select(func.count()).select_from(HistoryChange).where(HistoryChange.event_id.is_(None))
    return db.session.scalar(events) or 0, db.session.scalar(others) or 0


def _mark(last: int, known: tuple[int, int]) -> str:
    query = (
        select(HistoryChange.event_id, HistoryChange.entity, HistoryChange.key, HistoryEvent.at, HistoryEvent.who)
        .outerjoin(HistoryEvent, HistoryEvent.id == HistoryChange.event_id)
        .where(HistoryChange.id == last)
    )
    return repr((str(db.engine.url), *known, *(db.session.execute(query).first() or ())))


def _holds(copy: Copy | Checkpoint) -> bool:
    """Return whether a copy is of this database, and history before it has not grown since (if a clock went back)."""
    return _mark(copy.last, _known(copy.until)) == copy.mark


def _connection() -> Any:
    connection = sqlite_library().connect("file::memory:", uri=True, check_same_thread=False)
    connection.isolation_level = None
    connection.create_function("lower", 1, lower, deterministic=True)
    return connection


@cache
def _schema() -> tuple[str, ...]:
    """Return the statements that make the tables and indexes, without constraints: the data was accepted once."""
    statements = []
    for name in (*RECORD, *OUTSIDE):
        table = db.metadata.tables[name]
        columns = ", ".join(f'"{c.name}" {c.type.compile()}' for c in table.columns)
        key = ", ".join(f'"{c.name}"' for c in table.primary_key.columns)
        statements.append(f'create table "{name}" ({columns}, primary key ({key}))')
        for index in sorted(table.indexes, key=lambda index: str(index.name)):  # a set, in another order each time
            over = ", ".join(f'"{column.name}"' for column in index.columns)
            statements.append(f'create index "{index.name}" on "{name}" ({over})')
    return tuple(statements)


@cache
def _schema_text() -> str:
    return "; ".join(_schema())


def _write(connection: Any, tables: Folded) -> None:
    connection.execute("begin")
    for entity, rows in tables.items():
        table = db.metadata.tables[entity]
        names = [column.name for column in table.columns]
        special = [(at, writer) for at, column in enumerate(table.columns) if (writer := _writer(column))]
        absent = [(at, _absent(column)) for at, column in enumerate(table.columns) if not column.nullable]
        writers = {names[at]: writer for at, writer in special}
        blank = {names[at]: value for at, value in absent}
        key = [column.name for column in table.primary_key.columns]
        where = " and ".join(f'"{name}" = ?' for name in key)
        whole, gone, changed = [], [], defaultdict[tuple[str, ...], list[list[Any]]](list)
        for at, row in rows.items():
            if row is None:
                gone.append(at.split("/"))
            elif all(name in row for name in key):
                values = [*map(row.get, names)]
                for place, writer in special:
                    values[place] = writer(values[place])
                if None in values:
                    for place, value in absent:
                        values[place] = value if values[place] is None else values[place]
                whole.append(values)
            else:
                written = [writers[name](value) if name in writers else value for name, value in row.items()]
                if None in written:
                    written = [
                        blank.get(name) if value is None else value for name, value in zip(row, written, strict=True)
                    ]
                changed[tuple(row)].append([*written, *at.split("/")])
        for columns, parameters in changed.items():
            sets = ", ".join(f'"{name}" = ?' for name in columns)
            connection.executemany(f'update "{entity}" set {sets} where {where}', parameters)
        connection.executemany(f'delete from "{entity}" where {where}', gone)
        marks = ", ".join("?" for _ in names)
        connection.executemany(f'insert or replace into "{entity}" values ({marks})', whole)
    connection.execute("commit")


def _writer(column: Column[Any]) -> Callable[[Any], Any] | None:
    """Return how a value of history is written into a column of SQLite; None where it is written as it is."""
    if isinstance(column.type, UtcInstant):
        return _instant
    if isinstance(column.type, JSON):
        return json.dumps
    return None


def _absent(column: Column[Any]) -> int | str:
    """Return what a column that is never empty holds in a row of which history does not say it."""
    default = getattr(column.default, "arg", "")
    return default if isinstance(default, int | str) else ""


_WHOLE_SECOND = len("2026-11-27T09:00:00")


def _instant(value: str | None) -> str | None:
    """Return an instant as SQLAlchemy stores it in SQLite; most are in UTC already."""
    if value is None:
        return None
    if not value.endswith("+00:00"):
        return f"{datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
    plain = value.removesuffix("+00:00")
    second, fraction = plain[:_WHOLE_SECOND].replace("T", " "), plain[_WHOLE_SECOND + 1 :]
    return f"{second}.{fraction:0<6}"

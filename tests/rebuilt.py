"""The record made again from history alone, and the record as the tables hold it, in the same form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select

from ilacs_app.db import UtcInstant, db
from ilacs_app.history import HistoryChange, HistoryEvent, written
from ilacs_app.history.capture import in_history, key_of
from ilacs_app.history.catalogue import RECORD
from ilacs_app.history.replay import RowChange, Tables, replay


def from_history(until: datetime | None = None) -> Tables:
    """Every table of the record, from nothing but what history holds."""
    return _rebuilt(written(until=until))


class HistoryReader:
    """Reads history in parts, each line of it once, and makes the record again from the lines that it has read."""

    def __init__(self) -> None:
        self._lines: list[tuple[datetime | None, RowChange]] = []
        self._last = 0

    def read_on(self) -> None:
        """Read what was added to history since the last time."""
        query = (
            select(HistoryChange.id, HistoryEvent.at, HistoryChange.entity, HistoryChange.key, HistoryChange.after)
            .outerjoin(HistoryEvent, HistoryEvent.id == HistoryChange.event_id)
            .where(HistoryChange.id > self._last)
            .order_by(HistoryChange.id)
        )
        for row in db.session.execute(query):
            self._lines.append((row.at, RowChange(row.entity, row.key, row.after)))
            self._last = row.id
        db.session.rollback()

    def tables(self, until: datetime | None = None) -> Tables:
        """Return every table of the record after the lines that were read; after those before ``until``, if given."""
        return _rebuilt(line for at, line in self._lines if until is None or at is None or at < until)


def _rebuilt(lines: Iterable[RowChange]) -> Tables:
    tables = replay(lines)
    return {name: {key: _plain(name, row) for key, row in tables.get(name, {}).items()} for name in RECORD}


def from_tables() -> Tables:
    """Every table of the record as the database holds it now, without what history must not hold."""
    db.session.rollback()
    found: Tables = {}
    for name, never in RECORD.items():
        table = db.metadata.tables[name]
        rows = db.session.execute(select(table)).mappings()
        found[name] = {
            key_of(table, row): _plain(name, {n: in_history(v) for n, v in row.items() if n not in never})
            for row in rows
        }
    db.session.rollback()
    return found


def _plain(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with instants that two databases write differently made the same."""
    for instant in _instants(name):
        if row.get(instant):
            row[instant] = datetime.fromisoformat(row[instant])
    return row


@cache
def _instants(name: str) -> tuple[str, ...]:
    return tuple(c.name for c in db.metadata.tables[name].columns if isinstance(c.type, UtcInstant))


def differences(kept: Tables, rebuilt: Tables) -> list[str]:
    """Every row that is not the same in both, in a line."""
    out = []
    for name, rows in kept.items():
        if rows == rebuilt[name]:
            continue
        for key in sorted({*rows, *rebuilt[name]}):
            mine, its = rows.get(key), rebuilt[name].get(key)
            if mine is None or its is None:
                out.append(f"{name} {key}: {'only in history' if mine is None else 'not in history'}")
            elif mine != its:
                parts = {n: (mine.get(n), its.get(n)) for n in {*mine, *its} if mine.get(n) != its.get(n)}
                out.append(f"{name} {key}: {parts or sorted(mine.keys() ^ its.keys())}")
    return out


def rows_of(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the record in a copy of an earlier day, which is closed."""
    rows = {name: sorted(connection.execute(f"select * from {name}").fetchall(), key=repr) for name in RECORD}
    connection.close()
    return rows

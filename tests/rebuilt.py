"""The record made again from history alone, and the record as the tables hold it, in the same form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from ilacs_app.db import UtcInstant, db
from ilacs_app.history import written
from ilacs_app.history.capture import in_history, key_of
from ilacs_app.history.catalogue import RECORD
from ilacs_app.history.replay import Tables, replay


def from_history(until: datetime | None = None) -> Tables:
    """Every table of the record, from nothing but what history holds."""
    found = replay(written(until=until))
    return {name: {key: _plain(name, row) for key, row in found.get(name, {}).items()} for name in RECORD}


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
    instants = {c.name for c in db.metadata.tables[name].columns if isinstance(c.type, UtcInstant)}
    return {n: datetime.fromisoformat(v) if n in instants and v else v for n, v in row.items()}


def differences(kept: Tables, rebuilt: Tables) -> list[str]:
    """Every row that is not the same in both, in a line."""
    out = []
    for name, rows in kept.items():
        for key in sorted({*rows, *rebuilt[name]}):
            mine, its = rows.get(key), rebuilt[name].get(key)
            if mine is None or its is None:
                out.append(f"{name} {key}: {'only in history' if mine is None else 'not in history'}")
            elif mine != its:
                parts = {n: (mine.get(n), its.get(n)) for n in {*mine, *its} if mine.get(n) != its.get(n)}
                out.append(f"{name} {key}: {parts or sorted(mine.keys() ^ its.keys())}")
    return out

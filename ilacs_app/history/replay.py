"""Changes in, rows out: the record as it stood after any of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

RowValues = dict[str, Any]
"""A row as history keeps it: column -> value, with days and instants in ISO 8601."""

Tables = dict[str, dict[str, RowValues]]
"""Table -> key -> row."""


@dataclass(frozen=True)
class RowChange:
    """A row after a change: its changed columns, all of them where the row is new, or None where it is gone."""

    entity: str
    key: str
    after: Mapping[str, Any] | None


def replay(changes: Iterable[RowChange], start: Mapping[str, Mapping[str, RowValues]] | None = None) -> Tables:
    """Return the tables after these changes, in their order, from ``start`` (nothing, if left out), which stays."""
    tables: Tables = {entity: {key: dict(row) for key, row in rows.items()} for entity, rows in (start or {}).items()}
    for change in changes:
        rows = tables.setdefault(change.entity, {})
        if change.after is None:
            rows.pop(change.key, None)
        elif change.key in rows:
            rows[change.key].update(change.after)
        else:
            rows[change.key] = dict(change.after)
    return tables

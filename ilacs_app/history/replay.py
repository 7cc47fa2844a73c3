"""Changes in, rows out: the record as it stood after any of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

RowValues = dict[str, Any]
"""A row as history keeps it: column -> value, with days and instants in ISO 8601."""

Tables = dict[str, dict[str, RowValues]]
"""Table -> key -> row."""


class RowChange(NamedTuple):
    """A row after a change: its changed columns, all of them where the row is new, or None where it is gone."""

    entity: str
    key: str
    after: Mapping[str, Any] | None


Folded = dict[str, dict[str, RowValues | None]]
"""Table -> key -> the combined changes of a row: its columns, or None if it was deleted."""


def folded(changes: Iterable[RowChange]) -> Folded:
    """Return what these changes come to, row by row, in their order."""
    tables: Folded = {}
    for change in changes:
        rows = tables.setdefault(change.entity, {})
        earlier = rows.get(change.key)
        if earlier is not None and change.after is not None:
            earlier.update(change.after)
        else:
            rows[change.key] = None if change.after is None else dict(change.after)
    return tables


def replay(changes: Iterable[RowChange]) -> Tables:
    """Return the tables after these changes, in their order, from nothing."""
    return {
        entity: {key: row for key, row in rows.items() if row is not None} for entity, rows in folded(changes).items()
    }

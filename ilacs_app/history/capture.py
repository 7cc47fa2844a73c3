"""What a transaction changed in the record, row by row, until the event that tells of it takes it.

Every write of the program goes through the session, so every write is seen here: rows that are added to it, and the
statements that change many. A command cannot forget a column, and a transaction that changed the record without an
event is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, Table, event, insert, select
from sqlalchemy import inspect as look_at
from sqlalchemy.engine import Result
from sqlalchemy.orm import ORMExecuteState, Session

from ilacs_app.db import db
from ilacs_app.history.catalogue import RECORD
from ilacs_app.history.model import HistoryChange

REFUSES = [True]
"""Whether a transaction that changed the record without an event is refused. Only tests that set a scene turn it off.
What they change stands in history with no event."""


@dataclass
class Changed:
    """A row that was written: where it belongs, and its changed columns, or None where it is gone."""

    recommendation_id: int | None
    action_id: int | None
    after: dict[str, Any] | None


@dataclass
class _Pending:
    """What one transaction wrote since its last event, and that event."""

    rows: dict[tuple[str, str], Changed] = field(default_factory=dict)
    last_event: int | None = None


@dataclass(frozen=True)
class Told:
    """An event that accounts for what was written: its id and its items."""

    event_id: int
    recommendation_id: int | None = None
    action_id: int | None = None


def take(events: Sequence[Told]) -> None:
    """Assign what was written since the last event to these events, each row to that of its action or recommendation.

    Rows of any other item go to the last event.
    """
    if not events:
        return
    pending = _pending(db.session())
    pending.last_event = events[-1].event_id
    if not pending.rows:
        return
    of_action: dict[int | None, Told] = {told.action_id: told for told in events if told.action_id}
    of_recommendation: dict[int | None, Told] = {
        told.recommendation_id: told for told in events if told.recommendation_id and not told.action_id
    }
    rows = []
    for (entity, key), changed in pending.rows.items():
        told = of_action.get(changed.action_id) or of_recommendation.get(changed.recommendation_id) or events[-1]
        if entity in {"help_reply", "challenge_answer"}:  # the row names what it answers, and that names the item
            changed.action_id, changed.recommendation_id = told.action_id, told.recommendation_id
        rows.append({"event_id": told.event_id, "entity": entity, "key": key, **vars(changed)})
    pending.rows = {}
    _keep(rows)


def _keep(rows: list[dict[str, Any]]) -> None:
    statement = insert(HistoryChange)
    db.session.execute(statement, rows, execution_options={"render_nulls": True})


def _pending(session: Session) -> _Pending:
    pending: _Pending = session.info.setdefault("history", _Pending())
    return pending


def in_history(value: Any) -> Any:
    """A value as history keeps it: days and instants in ISO 8601, instants in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def key_of(table: Table, row: Mapping[str, Any]) -> str:
    """The primary key of a row, as history keeps it."""
    return "/".join(str(row[column.name]) for column in table.primary_key.columns)


def _note(session: Session, table: Table, row: Mapping[str, Any], after: Mapping[str, Any] | None) -> None:
    """Remember that a row was written: ``row`` is all of it, ``after`` what differs now, or None where it is gone."""
    changed = None if after is None else {n: in_history(v) for n, v in after.items() if n not in RECORD[table.name]}
    if after is not None and not changed:
        return
    pending, at = _pending(session), (table.name, key_of(table, row))
    earlier = pending.rows.pop(at, None)
    if earlier and earlier.after is not None and changed is not None:
        changed = earlier.after | changed
    of = {"recommendation": "recommendation_id", "action": "action_id"}.get(table.name)
    home = {**row, of: row["id"]} if of else row
    pending.rows[at] = Changed(home.get("recommendation_id"), home.get("action_id"), changed)


def _table(entity: Any) -> Table | None:
    """Return the table of the record behind an entity, without annotations of the ORM."""
    return db.metadata.tables[entity.name] if isinstance(entity, Table) and entity.name in RECORD else None


@event.listens_for(db.session, "after_flush")
def _on_flush(session: Session, _context: object) -> None:
    for item in session.new:
        if (table := _table(look_at(item).mapper.local_table)) is not None:
            row = _row(item, table)
            _note(session, table, row, row)
    for item in session.dirty:
        if (table := _table(look_at(item).mapper.local_table)) is not None:
            row = _row(item, table)
            history = look_at(item).attrs
            _note(session, table, row, {n: v for n, v in row.items() if history[n].history.has_changes()})
    for item in session.deleted:
        if (table := _table(look_at(item).mapper.local_table)) is not None:
            _note(session, table, _row(item, table), None)


def _row(item: Any, table: Table) -> dict[str, Any]:
    return {column.name: getattr(item, column.name) for column in table.columns}


@event.listens_for(db.session, "do_orm_execute")
def _on_statement(state: ORMExecuteState) -> Result[Any] | None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    table = _table(getattr(state.statement, "table", None))
    if table is None:
        return None
    state.session.flush()
    given = {getattr(column, "name", column) for column in getattr(state.statement, "_values", None) or ()}
    keys = {column.name for column in table.primary_key.columns}
    other_key = state.is_update and bool(keys & given)
    whole = state.is_insert or other_key  # what a statement leaves out has its default
    wanted = [column for column in table.columns if whole or column.name in keys | given | _HOMES]
    for row in _rows_of(state, table) if other_key else ():
        _note(state.session, table, row, None)
    rows, result = _read_back(state, wanted)
    for row in rows:
        if state.is_delete:
            _note(state.session, table, row, None)
        else:
            _note(state.session, table, row, row if whole else {name: row[name] for name in given})
    return result


def _read_back(state: ORMExecuteState, columns: Sequence[Column[Any]]) -> tuple[list[dict[str, Any]], Result[Any]]:
    """Execute a statement that writes. Return these columns of the rows that it wrote, and the result that it asks for.

    A count of rows is not part of that result.
    """
    statement: Any = state.statement
    done = state.invoke_statement(statement.returning(*columns)).freeze()
    names = [column.name for column in columns]
    rows = [dict(zip(names, tuple(row)[-len(names) :], strict=True)) for row in done()]
    asked = len(done().keys()) - len(names)
    return rows, done().columns(*range(asked)) if statement._returning else done()


_HOMES = {"recommendation_id", "action_id"}


def _rows_of(state: ORMExecuteState, table: Table) -> list[dict[str, Any]]:
    """The rows that a statement is about to write, as they are now, held until it has."""
    clause = getattr(state.statement, "whereclause", None)
    query = select(table) if clause is None else select(table).where(clause)
    return [dict(row) for row in state.session.execute(query.with_for_update(of=table)).mappings()]


@event.listens_for(db.session, "before_commit")
def _on_commit(session: Session) -> None:
    session.flush()
    pending = _pending(session)
    if not pending.rows:
        return
    if pending.last_event is None and REFUSES[0]:
        tables = ", ".join(sorted({entity for entity, _ in pending.rows}))
        raise RuntimeError(f"rows of {tables} changed without an event")
    rows = [
        {"event_id": pending.last_event, "entity": entity, "key": key, **vars(changed)}
        for (entity, key), changed in pending.rows.items()
    ]
    pending.rows = {}
    _keep(rows)


@event.listens_for(db.session, "after_commit")
def _on_committed(session: Session) -> None:
    session.info.pop("history", None)


@event.listens_for(db.session, "after_rollback")
def _on_rollback(session: Session) -> None:
    session.info.pop("history", None)

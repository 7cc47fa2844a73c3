"""Events written and read. No event is ever changed or deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.history.capture import Told, in_history, take
from ilacs_app.history.catalogue import VERBS
from ilacs_app.history.model import HistoryChange, HistoryEvent
from ilacs_app.history.replay import RowChange


@dataclass(frozen=True)
class Author:
    """Who makes a change: an account, the channel it came by (empty for a screen), and for whom, if they stand in."""

    person_id: int | None
    name: str
    via: str = ""
    for_person_id: int | None = None
    for_name: str = ""

    @property
    def signed(self) -> str:
        """The name that a change carries; both names where someone writes on another's behalf."""
        return f"{self.name}, for {self.for_name}" if self.for_name else self.name


@dataclass(frozen=True)
class Cause:
    """Where a change comes from, if not from its own form: a line of history, a file, or a change of many items."""

    undoes: int | None = None
    imported_from: str = ""
    together: str = ""
    """What all lines of one change of many items have in common."""

    @property
    def payload(self) -> dict[str, Any]:
        """As an event keeps it beside the values after the change."""
        return {name: value for name, value in vars(self).items() if value}


BY_FORM = Cause()


@dataclass(frozen=True)
class Event:
    """One line of a history page; ``at`` is a UTC instant."""

    id: int
    at: datetime
    who: str
    via: str
    verb: str
    about: str
    before: dict[str, Any]
    after: dict[str, Any]
    plan_id: int | None = None


def record(
    by: Author,
    verb: str,
    *,
    plan_id: int | None = None,
    recommendation_id: int | None = None,
    action_id: int | None = None,
    about: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append one event to the open transaction: who did what to which item, with the values before and after.

    The event takes what the transaction wrote since the one before it (``capture``).

    Raises:
        ValueError: the verb is not in ``VERBS``, or a key is not one of the verb's.
    """
    _check(verb, before, after)
    items = {"plan_id": plan_id, "recommendation_id": recommendation_id, "action_id": action_id}
    told = HistoryEvent(**_signed(by, verb), **items, about=about, before=before, after=after)
    db.session.add(told)
    db.session.flush()
    take([Told(told.id, recommendation_id, action_id)])


def hold_still() -> None:
    """Make every other writer wait until the open transaction ends, after those that were before it have committed.

    What is then read is the record at one moment. On SQLite a transaction does so by itself.
    """
    if db.engine.dialect.name == "postgresql":  # a change of the record always writes an event
        db.session.execute(text("lock table history_event in share mode"))


def record_each(by: Author, verb: str, events: Iterable[Mapping[str, Any]]) -> None:
    """Append many events of one verb, each with the items and values that ``record`` takes, all with the same keys.

    Raises:
        ValueError: as ``record``.
    """
    rows = [{**_signed(by, verb), "before": None, **event} for event in events]
    for row in rows:
        _check(verb, row["before"], row.get("after"))
    if not rows:
        return
    db.session.flush()
    ids = db.session.scalars(insert(HistoryEvent).returning(HistoryEvent.id, sort_by_parameter_order=True), rows)
    take(
        [
            Told(id_, row.get("recommendation_id"), row.get("action_id"))
            for id_, row in zip(ids.all(), rows, strict=True)
        ]
    )


def _check(verb: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    if verb not in VERBS:
        raise ValueError(f"{verb!r} is not a verb of history")
    unknown = {*(before or {}), *(after or {})} - VERBS[verb].keys
    if unknown:
        raise ValueError(f"{verb!r} has no key {', '.join(sorted(unknown))}")


def _signed(by: Author, verb: str) -> dict[str, Any]:
    return {"at": clock.now(), "person_id": by.person_id, "who": by.signed, "via": by.via, "verb": verb}


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of the values before and after a change those that differ, as an event keeps them; two empty ones if none do."""
    names = [name for name, value in after.items() if before.get(name) != value]
    return {name: in_history(before.get(name)) for name in names}, {name: in_history(after[name]) for name in names}


def of_action(action_id: int, *, newest: int | None = None) -> list[Event]:
    """The events of one action, newest first; at most ``newest`` of them."""
    return _events(HistoryEvent.action_id == action_id, newest=newest)


def of_recommendation(recommendation_id: int, *, newest: int | None = None) -> list[Event]:
    """The events of one recommendation itself, not of its actions, newest first; at most ``newest`` of them."""
    own = (HistoryEvent.recommendation_id == recommendation_id, HistoryEvent.action_id.is_(None))
    return _events(*own, newest=newest)


def of_actions(ids: Collection[int], verbs: Collection[str]) -> dict[int, list[Event]]:
    """The events with these verbs of each of several actions, newest first."""
    return _of_each(HistoryEvent.action_id, HistoryEvent.action_id.in_(ids), HistoryEvent.verb.in_(verbs))


def of_recommendations(ids: Collection[int], verbs: Collection[str]) -> dict[int, list[Event]]:
    """The events with these verbs of each of several recommendations themselves, newest first."""
    own = (HistoryEvent.recommendation_id.in_(ids), HistoryEvent.action_id.is_(None))
    return _of_each(HistoryEvent.recommendation_id, *own, HistoryEvent.verb.in_(verbs))


def of_plan(plan_id: int, *, newest: int | None = None) -> list[Event]:
    """The events of one plan itself, not of what is in it, newest first; at most ``newest`` of them."""
    own = (HistoryEvent.recommendation_id.is_(None), HistoryEvent.action_id.is_(None))
    return _events(HistoryEvent.plan_id == plan_id, *own, newest=newest)


def of_plans(plan_ids: Collection[int], verbs: Collection[str], *, newest: int | None = None) -> list[Event]:
    """The events with these verbs of several plans themselves, newest first; at most ``newest`` of them."""
    own = (HistoryEvent.recommendation_id.is_(None), HistoryEvent.action_id.is_(None))
    return _events(HistoryEvent.plan_id.in_(plan_ids), HistoryEvent.verb.in_(verbs), *own, newest=newest)


def lines(ids: Collection[int]) -> list[Event]:
    """The events with these ids, newest first."""
    return _events(HistoryEvent.id.in_(ids), newest=None) if ids else []


def written(*which: ColumnElement[bool], until: datetime | None = None) -> Iterator[RowChange]:
    """Yield what events changed in the record, in order; those before the instant ``until``, if one is given.

    ``which`` are conditions on ``HistoryChange``. What belongs to no event has been there from the start.
    """
    changes = select(HistoryChange.entity, HistoryChange.key, HistoryChange.after).where(*which)
    if until is not None:
        before = or_(HistoryChange.event_id.is_(None), HistoryEvent.at < until)
        changes = changes.outerjoin(HistoryEvent, HistoryEvent.id == HistoryChange.event_id).where(before)
    for row in db.session.execute(changes.order_by(HistoryChange.id)):
        yield RowChange(**row._mapping)


def _events(*which: ColumnElement[bool], newest: int | None) -> list[Event]:
    newest_first = select(HistoryEvent).where(*which).order_by(HistoryEvent.id.desc()).limit(newest)
    return [_line(event) for event in db.session.scalars(newest_first)]


def _of_each(item: InstrumentedAttribute[int | None], *which: ColumnElement[bool]) -> dict[int, list[Event]]:
    events: dict[int, list[Event]] = {}
    rows = select(item, HistoryEvent).where(*which).order_by(HistoryEvent.id.desc())
    for id_, event in db.session.execute(rows):
        if id_ is not None:
            events.setdefault(id_, []).append(_line(event))
    return events


def _line(e: HistoryEvent) -> Event:
    return Event(e.id, e.at, e.who, e.via, e.verb, e.about, e.before or {}, e.after or {}, e.plan_id)

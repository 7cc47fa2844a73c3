"""The append-only ledger of every change.

A command calls ``record`` in the transaction that makes the change; nothing listens behind its back. Nothing is ever
updated or deleted here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from ilacs_app import clock
from ilacs_app.db import Document, Model, UtcInstant, db, write_rows


@dataclass(frozen=True)
class Author:
    """Who makes a change: an account, the road it came by (empty for a screen), and for whom, if they stand in."""

    person_id: int | None
    name: str
    via: str = ""
    for_person_id: int | None = None
    for_name: str = ""

    @property
    def signed(self) -> str:
        """The name that a change carries; both names where somebody writes on another's behalf."""
        return f"{self.name}, for {self.for_name}" if self.for_name else self.name


@dataclass(frozen=True)
class Cause:
    """Where a change comes from, if not from its own form: a line of history, a file, or a change of many items."""

    undoes: int | None = None
    imported_from: str = ""
    together: str = ""
    """What all lines of one change of many items have in common."""

    @property
    def kept(self) -> dict[str, Any]:
        """As an event keeps it beside the values after the change."""
        return {name: value for name, value in vars(self).items() if value}


BY_FORM = Cause()


class HistoryEvent(Model):
    __tablename__ = "history_event"
    __table_args__ = (
        Index("ix_history_event_action", "action_id", "id"),
        Index("ix_history_event_recommendation", "recommendation_id", "id"),
        Index("ix_history_event_plan", "plan_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    who: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text, default="")
    verb: Mapped[str] = mapped_column(Text)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    about: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    after: Mapped[dict[str, Any] | None] = mapped_column(Document)


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
    """Append one event to the open transaction: who did what to which item, with the values before and after."""
    items = {"plan_id": plan_id, "recommendation_id": recommendation_id, "action_id": action_id}
    db.session.add(HistoryEvent(**_signed(by, verb), **items, about=about, before=before, after=after))


def record_each(by: Author, verb: str, events: Iterable[Mapping[str, Any]]) -> None:
    """Append many events of one verb, each with the items and values that ``record`` takes, all with the same keys."""
    write_rows(HistoryEvent, ({**_signed(by, verb), "before": None, **event} for event in events))


def _signed(by: Author, verb: str) -> dict[str, Any]:
    return {"at": clock.now(), "person_id": by.person_id, "who": by.signed, "via": by.via, "verb": verb}


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of the values before and after a change those that differ, as an event keeps them; two empty ones if none do."""
    names = [name for name, value in after.items() if before.get(name) != value]
    return {name: _kept(before.get(name)) for name in names}, {name: _kept(after[name]) for name in names}


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


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
    """The events of one plan itself, not of what stands in it, newest first; at most ``newest`` of them."""
    own = (HistoryEvent.recommendation_id.is_(None), HistoryEvent.action_id.is_(None))
    return _events(HistoryEvent.plan_id == plan_id, *own, newest=newest)


def of_plans(plan_ids: Collection[int], verbs: Collection[str], *, newest: int | None = None) -> list[Event]:
    """The events with these verbs of several plans themselves, newest first; at most ``newest`` of them."""
    own = (HistoryEvent.recommendation_id.is_(None), HistoryEvent.action_id.is_(None))
    return _events(HistoryEvent.plan_id.in_(plan_ids), HistoryEvent.verb.in_(verbs), *own, newest=newest)


def lines(ids: Collection[int]) -> list[Event]:
    """The events with these ids, newest first."""
    return _events(HistoryEvent.id.in_(ids), newest=None) if ids else []


def _events(*which: ColumnElement[bool], newest: int | None) -> list[Event]:
    found = select(HistoryEvent).where(*which).order_by(HistoryEvent.id.desc()).limit(newest)
    return [_line(one) for one in db.session.scalars(found)]


def _of_each(item: InstrumentedAttribute[int | None], *which: ColumnElement[bool]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    rows = select(item, HistoryEvent).where(*which).order_by(HistoryEvent.id.desc())
    for id_, one in db.session.execute(rows):
        if id_ is not None:
            found.setdefault(id_, []).append(_line(one))
    return found


def _line(e: HistoryEvent) -> Event:
    return Event(e.id, e.at, e.who, e.via, e.verb, e.about, e.before or {}, e.after or {}, e.plan_id)

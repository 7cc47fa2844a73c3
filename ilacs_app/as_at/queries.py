"""The record as one person may see it at the end of a past day, and from when on history knows an item."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Engine, create_engine, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.as_at.replica import copy_before, write_events
from ilacs_app.db import db, sqlite_library
from ilacs_app.history import HistoryChange, HistoryEvent
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.visibility import board_for, plan_for, plans, recommendation_for, visible_action, visible_to
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.evidence.queries import shown_to

LONGEST_LOOK = timedelta(days=100)
"""For how long before a day a board's page asks what happened."""


@dataclass(frozen=True)
class Item:
    """What a page is about: a row of a table of the record."""

    entity: str
    id: int


def item_at(actor: Actor, names: dict[str, Any]) -> Item:
    """Return what the parts of an address name today, to a person who may see it today.

    Raises:
        NotKnown: there is none, or it is not theirs to know of.
    """
    if "action_id" in names:
        return Item("action", visible_action(actor, names["action_id"]))
    if "board_slug" in names:
        return Item("board", board_for(actor, names["board_slug"]).id)
    plan = plan_for(actor, names["plan_slug"])
    if "number" in names:
        return Item("recommendation", recommendation_for(actor, plan.id, names["number"]))
    return Item("plan", plan.id)


def recorded_since(item: Item) -> datetime | None:
    """The instant of the first event that tells of an item; None where it was there from the start."""
    of_item = [HistoryChange.entity == item.entity, HistoryChange.key == str(item.id)]
    its = {"action": HistoryChange.action_id, "recommendation": HistoryChange.recommendation_id}.get(item.entity)
    if its is not None:  # by the index
        of_item.append(its == item.id)
    first = select(func.min(HistoryChange.id)).where(*of_item).scalar_subquery()
    found = select(HistoryEvent.at).join(HistoryChange, HistoryChange.event_id == HistoryEvent.id)
    return db.session.scalar(found.where(HistoryChange.id == first))


@dataclass(frozen=True)
class Hidden:
    """What a person may not see today, by id."""

    plans: frozenset[int]
    recommendations: frozenset[int]
    actions: frozenset[int]
    evidence: frozenset[int]


def hidden_from(actor: Actor) -> Hidden:
    """Return what this person may not see today, which they may not see in the past either."""
    seen = (
        select(Recommendation.id).join(Plan, Plan.id == Recommendation.plan_id).where(visible_to(actor)).correlate(None)
    )
    placed = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(seen))
    shown = select(Evidence.id).join(Action, Action.id == Evidence.action_id).where(shown_to(actor))
    known = {plan.id for plan in plans(actor)}
    return Hidden(
        frozenset(db.session.scalars(select(Plan.id))) - known,
        frozenset(db.session.scalars(select(Recommendation.id).where(Recommendation.id.not_in(seen)))),
        frozenset(db.session.scalars(select(Action.id).where(Action.id.not_in(placed)))),
        frozenset(db.session.scalars(select(Evidence.id).where(Evidence.id.not_in(shown)))),
    )


@contextmanager
def looking_back(actor: Actor, day: date, item: Item) -> Iterator[None]:
    """Make every query answer what it would have answered at the end of a past day, without what is hidden today.

    Nothing can be written meanwhile.
    """
    until = clock.end_of(day)
    hidden = hidden_from(actor)
    connection = copy_before(until)
    try:
        _hide(connection, hidden)
        write_events(connection, _events_of(item, until))
        with _session_on(connection), clock.at_the_end_of(day):
            yield
    finally:
        connection.close()


def number_then(recommendation_id: int) -> str | None:
    """The number that a recommendation has; None where there is no such one."""
    return db.session.scalar(select(Recommendation.number).where(Recommendation.id == recommendation_id))


def is_there(item: Item) -> bool:
    """Return whether an item is in the record."""
    table = db.metadata.tables[item.entity]
    return db.session.scalar(select(table.c.id).where(table.c.id == item.id)) is not None


def _events_of(item: Item, until: datetime) -> list[ColumnElement[bool]]:
    """Return which events a page about an item reads."""
    before = HistoryEvent.at < until
    if item.entity == "action":
        return [before, HistoryEvent.action_id == item.id]
    if item.entity == "board":
        return [before, HistoryEvent.at >= until - LONGEST_LOOK, HistoryEvent.verb == "reading_corrected"]
    return [before, HistoryEvent.recommendation_id == item.id, HistoryEvent.action_id.is_(None)]


_OF_ACTIONS = (
    "action_place",
    "action_stage",
    "action_person",
    "date_entry",
    "date_request",
    "progress_note",
    "evidence",
    "help_call",
    "status_move",
    "claim_hand",
)


def _hide(connection: Any, hidden: Hidden) -> None:
    """Take from a copy what is hidden."""
    for entity, ids in (
        ("plan", hidden.plans),
        ("recommendation", hidden.recommendations),
        ("action", hidden.actions),
        ("evidence", hidden.evidence),
    ):
        connection.executemany(f"delete from {entity} where id = ?", [(id_,) for id_ in ids])
    connection.executemany("delete from recommendation where plan_id = ?", [(id_,) for id_ in hidden.plans])
    connection.executemany(
        "delete from action_place where recommendation_id = ?", [(id_,) for id_ in hidden.recommendations]
    )
    if hidden.actions:
        for table in _OF_ACTIONS:
            connection.execute(f"delete from {table} where action_id not in (select id from action)")
        connection.execute("delete from help_reply where call_id not in (select id from help_call)")


_copy: ContextVar[Any] = ContextVar("copy")


@cache
def _engine() -> Engine:
    """Return the dialect that all copies share, so that a query is compiled only once."""
    return create_engine("sqlite://", module=sqlite_library(), creator=_copy.get, poolclass=NullPool)


@contextmanager
def _session_on(connection: Any) -> Iterator[None]:
    """Make the queries of the program ask this database."""
    token = _copy.set(connection)
    now = db.session()
    try:
        with _engine().connect() as opened, Session(bind=opened, autoflush=False) as then:
            db.session.registry.set(then)  # type: ignore[arg-type]
            try:
                yield
            finally:
                db.session.registry.set(now)
    finally:
        _copy.reset(token)

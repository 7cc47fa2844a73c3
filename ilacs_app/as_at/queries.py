"""The record as one person may see it at the end of a past day, and from when on history knows an item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import ColumnElement, Engine, Select, create_engine, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.pool import NullPool

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.as_at.replica import copy_before, part_before, write_events
from ilacs_app.as_at.rules import ItemKey, ItemState
from ilacs_app.dates import long_date, month_year
from ilacs_app.db import db, sqlite_library
from ilacs_app.history import HistoryChange, HistoryEvent
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    Plan,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.plan.visibility import board_for, plan_for, plans, recommendation_for, visible_action, visible_to
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.evidence.queries import shown_to
from ilacs_app.progress.notes.model import ProgressNote

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
    query = select(HistoryEvent.at).join(HistoryChange, HistoryChange.event_id == HistoryEvent.id)
    return db.session.scalar(query.where(HistoryChange.id == first))


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
def looking_back(actor: Actor, day: date, item: Item, *, whole: bool = False) -> Iterator[None]:
    """Make every query answer what it would have answered at the end of a past day, without what is hidden today.

    ``whole``: also of what the page about the item does not ask, such as the list that it was opened from. Nothing can
    be written meanwhile.
    """
    until = clock.end_of(day)
    hidden = hidden_from(actor)
    connection = copy_before(until) if whole else _copy_for(item, until)
    try:
        _hide(connection, hidden)
        write_events(connection, _events_of(item, until, connection))
        with _session_on(connection), clock.at_the_end_of(day):
            yield
    finally:
        connection.close()


def _copy_for(item: Item, until: datetime) -> Any:
    """Return a database as it was, with as much in it as a page about the item asks of."""
    if item.entity == "action":
        its = [*db.session.scalars(_actions_beside(item.id)), item.id]
        homes = select(HistoryChange.recommendation_id).where(HistoryChange.action_id.in_(its))
        return part_before(until, recommendations=_ids(homes), actions=its)
    if item.entity == "recommendation":
        held = select(HistoryChange.action_id).where(HistoryChange.recommendation_id == item.id)
        actions = _ids(held)
        homes = select(HistoryChange.recommendation_id).where(HistoryChange.action_id.in_(actions))
        beside = _recommendations_beside(item.id)
        return part_before(until, recommendations=_ids(homes) + _ids(beside), actions=actions)
    return copy_before(until)


def _ids(query: Select[int | None]) -> list[int]:
    return sorted({id_ for id_ in db.session.scalars(query) if id_ is not None})


SIBLINGS = 60
"""How many recommendations of a plan the page of one of them knows of, for previous and next."""


def _recommendations_beside(recommendation_id: int) -> Select[int]:
    """Return the recommendations of the same plan that are nearest to one today, with itself."""
    this = aliased(Recommendation)
    return (
        select(Recommendation.id)
        .join(this, this.plan_id == Recommendation.plan_id)
        .where(this.id == recommendation_id)
        .order_by(func.abs(Recommendation.position - this.position), Recommendation.id)
        .limit(SIBLINGS)
    )


def _actions_beside(action_id: int) -> Select[int]:
    """Return the actions that the page of an action names: linked with it, in its place, or replaced by it."""
    this = aliased(Action)
    beside = or_(
        Action.linked_into_id == action_id,
        Action.successor_id == action_id,
        Action.id == this.linked_into_id,
        Action.id == this.successor_id,
    )
    return select(Action.id).join(this, this.id == action_id).where(beside)


class RecommendationAddress(NamedTuple):
    """Where a recommendation is found: its plan and its number."""

    plan_slug: str
    number: str

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"/plans/{self.plan_slug}/recommendations/{quote(self.number)}"


def number_then(recommendation_id: int) -> str | None:
    """The number that a recommendation has; None where there is no such one."""
    return db.session.scalar(select(Recommendation.number).where(Recommendation.id == recommendation_id))


def addresses_then() -> dict[int, RecommendationAddress]:
    """Return the plan and number of each recommendation, by id, as they are where queries are answered now."""
    rows = db.session.execute(
        select(Recommendation.id, Recommendation.number, Plan.slug).join(Plan, Plan.id == Recommendation.plan_id)
    )
    return {id_: RecommendationAddress(plan_slug=slug, number=number) for id_, number, slug in rows}


def is_there(item: Item) -> bool:
    """Return whether an item is in the record."""
    table = db.metadata.tables[item.entity]
    return db.session.scalar(select(table.c.id).where(table.c.id == item.id)) is not None


def items_then(actor: Actor, item: Item) -> dict[ItemKey, ItemState]:
    """Return the recommendations and actions that a page is about, as they are where queries are answered now."""
    rows = db.session.execute(
        select(Recommendation, Plan.slug)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(visible_to(actor), *_recommendations_of(item))
        .order_by(Plan.id, Recommendation.position)
    ).all()
    ids = [row.Recommendation.id for row in rows]
    leads = _by_item(
        select(RecommendationLead.recommendation_id.label("item_id"), RecommendationLead.name), ids, RecommendationLead
    )
    named = _by_item(
        select(RecommendationBoard.recommendation_id.label("item_id"), RecommendationBoard.named_as.label("name")),
        ids,
        RecommendationBoard,
    )
    states: dict[ItemKey, ItemState] = {}
    if item.entity != "action":
        for row in rows:
            recommendation = row.Recommendation
            states["recommendation", recommendation.id] = _recommendation_state(recommendation, row.slug, leads, named)
    return states | _actions_then(item, ids)


def _recommendation_state(
    recommendation: Recommendation, slug: str, leads: Mapping[int, list[str]], boards: Mapping[int, list[str]]
) -> ItemState:
    values = {
        "number": recommendation.number,
        "wording": recommendation.text,
        "leads": ", ".join(leads.get(recommendation.id, ())),
        "boards": ", ".join(boards.get(recommendation.id, ())),
        "measures": "; ".join(recommendation.measures),
        "impact wanted": recommendation.impact,
        "exit criteria": recommendation.exit_criteria,
        "withdrawn": long_date(recommendation.withdrawn_on),
    }
    return ItemState(
        f"Recommendation {recommendation.number}", f"/plans/{slug}/recommendations/{recommendation.number}", values
    )


def _recommendations_of(item: Item) -> list[ColumnElement[bool]]:
    if item.entity == "plan":
        return [Recommendation.plan_id == item.id]
    if item.entity == "recommendation":
        return [Recommendation.id == item.id]
    if item.entity == "action":
        return [Recommendation.id.in_(select(ActionPlace.recommendation_id).where(ActionPlace.action_id == item.id))]
    governed = select(RecommendationBoard.recommendation_id).where(RecommendationBoard.board_id == item.id)
    return [
        or_(Recommendation.id.in_(governed), Plan.oversight_board_id == item.id),
        Plan.state == "live",
    ]


def _actions_then(item: Item, recommendation_ids: Collection[int]) -> dict[ItemKey, ItemState]:
    rows = db.session.execute(
        select(Action, ActionPlace.ref)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .where(ActionPlace.recommendation_id.in_(recommendation_ids))
        .where(*([Action.id == item.id] if item.entity == "action" else []))
        .order_by(ActionPlace.recommendation_id, ActionPlace.position)
    ).all()
    ids = {row.Action.id for row in rows}
    people = {
        part: _by_item(
            select(ActionPerson.action_id.label("item_id"), ActionPerson.name).where(ActionPerson.part == part),
            ids,
            ActionPerson,
        )
        for part in ("owner", "contributor")
    }
    notes, pieces = _count_of(ProgressNote, ids), _count_of(Evidence, ids)
    states: dict[ItemKey, ItemState] = {}
    for row in rows:
        action = row.Action
        values = {
            "reference": row.ref,
            "wording": action.text,
            "owners": ", ".join(people["owner"].get(action.id, ())),
            "contributors": ", ".join(people["contributor"].get(action.id, ())),
            "timescale": action.timescale_text,
            "due date": long_date(action.due_on),
            "review date": long_date(action.first_review_on),
            "delivery status": STATUS_WORDS[action.status],
            "month of completion": month_year(action.completed_on) if action.completed_on else "",
            "rating override": action.brag_override or "",
            "number of notes": str(notes[action.id]) if notes[action.id] else "",
            "pieces of evidence": str(pieces[action.id]) if pieces[action.id] else "",
            "linked with a repeated action": "yes" if action.linked_into_id else "",
        }
        states.setdefault(("action", action.id), ItemState(f"Action {row.ref}", f"/actions/{action.id}", values))
    return states


def _by_item(query: Any, ids: Collection[int], table: Any) -> dict[int, list[str]]:
    """Return names by the id of their item, in the order in which it has them."""
    order = getattr(table, "position", None)
    mine = query.where(query.selected_columns.item_id.in_(ids))
    names: dict[int, list[str]] = {}
    for row in db.session.execute(mine.order_by(table.id if order is None else order)):
        names.setdefault(row.item_id, []).append(row.name)
    return names


def _count_of(table: type[ProgressNote | Evidence], ids: Collection[int]) -> Counter[int]:
    query = select(table.action_id, func.count().label("number")).where(table.action_id.in_(ids))
    return Counter({row.action_id: row.number for row in db.session.execute(query.group_by(table.action_id))})


def _events_of(item: Item, until: datetime, connection: Any) -> list[ColumnElement[bool]]:
    """Return which events a page about an item reads; a board's those of the dates that were read again by then."""
    before = HistoryEvent.at < until
    if item.entity == "action":
        return [before, HistoryEvent.action_id == item.id]
    if item.entity == "board":
        read_again = connection.execute("select distinct action_id from date_entry where kind = 'reading'").fetchall()
        its = HistoryEvent.action_id.in_([action_id for (action_id,) in read_again])
        return [before, HistoryEvent.at >= until - LONGEST_LOOK, HistoryEvent.verb == "reading_corrected", its]
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
        "delete from challenge where recommendation_id = ?", [(id_,) for id_ in hidden.recommendations]
    )
    connection.executemany(
        "delete from decision where recommendation_id = ?", [(id_,) for id_ in hidden.recommendations]
    )
    connection.executemany(
        "delete from action_place where recommendation_id = ?", [(id_,) for id_ in hidden.recommendations]
    )
    if hidden.actions:
        for table in _OF_ACTIONS:
            connection.execute(f"delete from {table} where action_id not in (select id from action)")
        for table in ("challenge", "decision"):
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

"""Which actions of a plan repeat each other, and which are linked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.editing.twins.rules import Placed, twins
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.visibility import visible_to


@dataclass(frozen=True)
class Linked:
    """An action that is linked into another, under its reference; ``version`` is its own."""

    id: int
    ref: str
    kept_id: int
    version: int


def twins_of(actor: Actor, plan_id: int, today: date) -> list[tuple[ActionRow, ...]]:
    """The repeated actions of a plan that could be linked, group by group, each action once, in its first place."""
    rows: dict[int, ActionRow] = {}
    every = action_rows(actor, Filter(plan_id=plan_id), today, size=None)
    for row in every:
        rows.setdefault(row.id, row)
    placed = (Placed(row.id, row.recommendation_id, row.text) for row in every)
    return [tuple(rows[id_] for id_ in group) for group in twins(placed)]


def linked_in(actor: Actor, plan_id: int) -> list[Linked]:
    """The linked actions of a plan, if this person can see where they were."""
    return _linked(actor, Action.plan_id == plan_id)


def linked_into(actor: Actor, action_ids: Collection[int]) -> list[Linked]:
    """The actions that are linked into these, if this person can see where they were."""
    return _linked(actor, Action.linked_into_id.in_(action_ids))


def _linked(actor: Actor, which: ColumnElement[bool]) -> list[Linked]:
    keeper = aliased(Action)
    rows = db.session.execute(
        select(Action.id, ActionPlace.ref, keeper.id.label("kept_id"), Action.version)
        .join(keeper, keeper.id == Action.linked_into_id)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(which, visible_to(actor))
        .order_by(Recommendation.position, ActionPlace.ref)
    )
    return [Linked(**row._mapping) for row in rows]

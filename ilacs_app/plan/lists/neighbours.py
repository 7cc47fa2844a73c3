"""The previous and the next item of a list, by its filter and order: one query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.plan.lists.filters import Filter, filter_clauses, recommendation_clauses, with_matching_action
from ilacs_app.plan.lists.sorting import ORDER, PLAN_ORDER, Sort, order_of
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.visibility import visible_to


@dataclass(frozen=True)
class Neighbour:
    """A neighbour in a list: an action by its id, a recommendation by its plan and number."""

    name: str
    id: int
    plan_slug: str


Neighbours = tuple[Neighbour | None, Neighbour | None]


def actions_beside(actor: Actor, wanted: Filter, today: date, action_id: int, *, sort: Sort = PLAN_ORDER) -> Neighbours:
    """The actions before and after this one in the list that filter and order give; none if it is not there."""
    listed = (
        select(Action.id, *_either_side(order_of(sort, today), name=ActionPlace.ref, id=Action.id, plan_slug=Plan.slug))
        .select_from(ActionPlace)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(visible_to(actor), *filter_clauses(wanted, today))
        .subquery()
    )
    return _neighbours(listed, action_id)


def recommendations_beside(actor: Actor, wanted: Filter, today: date, recommendation_id: int) -> Neighbours:
    """Return the same for recommendations; a filter about actions keeps those that have such an action."""
    clauses: list[ColumnElement[bool]] = [visible_to(actor), *recommendation_clauses(wanted)]
    if wanted.of_actions:
        clauses.append(Recommendation.id.in_(with_matching_action(wanted, today)))
    listed = (
        select(
            Recommendation.id,
            *_either_side(ORDER[:3], name=Recommendation.number, id=Recommendation.id, plan_slug=Plan.slug),
        )
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(*clauses)
        .subquery()
    )
    return _neighbours(listed, recommendation_id)


def _either_side(order: Any, **columns: Any) -> list[Any]:
    """The columns of the one before (``before_...``) and of the one after (``after_...``)."""
    return [
        side(column).over(order_by=order).label(f"{prefix}_{name}")
        for prefix, side in (("before", func.lag), ("after", func.lead))
        for name, column in columns.items()
    ]


def _neighbours(listed: Any, item_id: int) -> Neighbours:
    row = db.session.execute(select(listed).where(listed.c.id == item_id).limit(1)).first()
    if row is None:
        return None, None
    before = Neighbour(name=row.before_name, id=row.before_id, plan_slug=row.before_plan_slug)
    after = Neighbour(name=row.after_name, id=row.after_id, plan_slug=row.after_plan_slug)
    return (before if before.id else None), (after if after.id else None)

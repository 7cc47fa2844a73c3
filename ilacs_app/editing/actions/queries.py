"""What the forms of an action are drawn from."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.parsing.timescales import Timing
from ilacs_app.plan.queries import assigned


@dataclass(frozen=True)
class Place:
    """Where an action is; ``place`` counts from 1."""

    recommendation_id: int
    number: str
    ref: str
    place: int


@dataclass(frozen=True)
class EditableAction:
    """An action as its forms show it, at a version. ``draft``: its plan is a draft, so its timescale can be edited."""

    id: int
    plan_id: int
    text: ActionContent
    version: int
    timescale: str
    dated: bool
    places: tuple[Place, ...]
    linked: bool
    submitted_text: str | None
    draft: bool
    plan_dated_on: date


def action_says(action_id: int) -> dict[str, Any]:
    """Return what each field of an action that is changed on its form says, as its history names it."""
    return actions_say([action_id])[action_id]


def actions_say(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """As ``action_says``, of several."""
    people = assigned(ids)
    return {
        a.id: {"text": a.text, "owners": list(people[a.id].owners), "contributors": list(people[a.id].contributors)}
        for a in db.session.scalars(select(Action).where(Action.id.in_(ids)))
    }


def editable_action(action_id: int) -> EditableAction:
    """Return what an action says and where it is. The caller has checked that it is theirs to see."""
    a = db.session.get_one(Action, action_id, populate_existing=True)
    plan = db.session.execute(select(Plan.state, Plan.dated_on).where(Plan.id == a.plan_id)).one()
    rows = db.session.execute(
        select(Recommendation.id.label("recommendation_id"), Recommendation.number, ActionPlace.ref)
        .join(ActionPlace, ActionPlace.recommendation_id == Recommendation.id)
        .where(ActionPlace.action_id == action_id, ActionPlace.position >= 0)
        .order_by(Recommendation.position)
    ).all()
    people = assigned([a.id])[a.id]
    return EditableAction(
        id=a.id,
        plan_id=a.plan_id,
        text=ActionContent(a.text, people.owners, people.contributors, a.timescale_text),
        version=a.version,
        timescale=a.timescale_text,
        dated=a.timescale_kind not in {Timing.NONE, Timing.NOT_UNDERSTOOD},
        places=tuple(Place(**row._mapping, place=order_in(row.recommendation_id).index(a.id) + 1) for row in rows),
        linked=a.linked_into_id is not None,
        submitted_text=a.submitted_text,
        draft=plan.state == "draft",
        plan_dated_on=plan.dated_on,
    )


def order_in(recommendation_id: int) -> list[int]:
    """The ids of the actions that are in a recommendation, in its order, without linked ones, whose place is parked."""
    standing = (ActionPlace.recommendation_id == recommendation_id, ActionPlace.position >= 0)
    places = select(ActionPlace.action_id).where(*standing)
    return list(db.session.scalars(places.order_by(ActionPlace.position)))


def next_ref(recommendation_id: int) -> str:
    """The reference that a new action of a recommendation is offered: ``5.7`` where 5.6 is the highest."""
    number = db.session.scalar(select(Recommendation.number).where(Recommendation.id == recommendation_id)) or ""
    refs = db.session.scalars(select(ActionPlace.ref).where(ActionPlace.recommendation_id == recommendation_id))
    ours = (re.fullmatch(rf"{re.escape(number)}\.(\d{{1,6}})", ref) for ref in refs)
    return f"{number}.{max((int(match[1]) for match in ours if match), default=0) + 1}"

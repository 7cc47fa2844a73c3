"""What the forms of recommendations and actions are drawn from."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from ..access import Actor
from ..db import db
from .model import (
    Action,
    ActionPlace,
    Plan,
    Recommendation,
    RecommendationBoard,
)
from .queries import lead_parts, workers
from .reach import sees
from .texts import OWN_COLUMNS, ActionText, RecommendationText
from .timescale import Kind


@dataclass(frozen=True)
class RecommendationFacts:
    """A recommendation as its form shows it, at a version. ``place`` counts from 1."""

    id: int
    number: str
    place: int
    text: RecommendationText
    version: int
    withdrawn_on: date | None
    submitted_text: str | None


@dataclass(frozen=True)
class Place:
    """Where an action stands; ``place`` counts from 1."""

    recommendation_id: int
    number: str
    ref: str
    place: int


@dataclass(frozen=True)
class ActionFacts:
    """An action as its forms show it, at a version."""

    id: int
    plan_id: int
    text: ActionText
    version: int
    timescale: str
    dated: bool
    places: tuple[Place, ...]
    linked: bool
    submitted_text: str | None


@dataclass(frozen=True)
class Named:
    """A recommendation as a list names it."""

    id: int
    number: str
    text: str


def recommendation_facts(recommendation_id: int) -> RecommendationFacts:
    """What a recommendation says. The caller has checked that it is theirs to see."""
    r = db.session.get_one(Recommendation, recommendation_id, populate_existing=True)
    order = select(Recommendation.id).where(Recommendation.plan_id == r.plan_id)
    place = list(db.session.scalars(order.order_by(Recommendation.position, Recommendation.id))).index(r.id) + 1
    leads, boards = lead_parts([r.id]).get(r.id, ()), boards_of(r.id)
    kept = ((name, getattr(r, name)) for name in OWN_COLUMNS)
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept}
    text = RecommendationText(
        **values,
        leads=tuple(lead.name for lead in leads),
        accountable=next((lead.name for lead in leads[1:] if lead.accountable), ""),
        board_ids=tuple(boards),
        lead_board_id=next((board_id for board_id, (_, lead) in boards.items() if lead), None),
    )
    return RecommendationFacts(r.id, r.number, place, text, r.version, r.withdrawn_on, r.submitted_text)


def recommendation_says(recommendation_id: int) -> dict[str, Any]:
    """What each field of a recommendation says, as its history names it."""
    return recommendations_say([recommendation_id])[recommendation_id]


def recommendations_say(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """As ``recommendation_says``, of several."""
    leads, boards = lead_parts(ids), _boards_of_each(ids)
    return {
        r.id: {name: getattr(r, name) for name in OWN_COLUMNS}
        | {
            "leads": [lead.name for lead in leads.get(r.id, ())],
            "accountable": next((lead.name for lead in leads.get(r.id, ()) if lead.accountable), ""),
            "boards": [words for words, _ in boards[r.id].values()],
            "lead_board": next((words for words, lead in boards[r.id].values() if lead), ""),
        }
        for r in db.session.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))
    }


def action_says(action_id: int) -> dict[str, Any]:
    """What each field of an action that is changed on its form says, as its history names it."""
    return actions_say([action_id])[action_id]


def actions_say(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """As ``action_says``, of several."""
    people = workers(ids)
    return {
        a.id: {"text": a.text, "owners": list(people[a.id].owners), "contributors": list(people[a.id].contributors)}
        for a in db.session.scalars(select(Action).where(Action.id.in_(ids)))
    }


def boards_of(recommendation_id: int) -> dict[int, tuple[str, bool]]:
    """The boards of a recommendation in its order: id -> the plan's own words, and whether it leads."""
    return _boards_of_each([recommendation_id])[recommendation_id]


def _boards_of_each(ids: Collection[int]) -> dict[int, dict[int, tuple[str, bool]]]:
    board = RecommendationBoard
    rows = select(board.recommendation_id, board.board_id, board.named_as, board.lead)
    found: dict[int, dict[int, tuple[str, bool]]] = {id_: {} for id_ in ids}
    for id_, board_id, words, lead in db.session.execute(
        rows.where(board.recommendation_id.in_(ids)).order_by(board.position)
    ):
        found[id_][board_id] = (words, lead)
    return found


def action_facts(action_id: int) -> ActionFacts:
    """What an action says and where it stands. The caller has checked that it is theirs to see."""
    a = db.session.get_one(Action, action_id, populate_existing=True)
    rows = db.session.execute(
        select(Recommendation.id, Recommendation.number, ActionPlace.ref)
        .join(ActionPlace, ActionPlace.recommendation_id == Recommendation.id)
        .where(ActionPlace.action_id == action_id, ActionPlace.position >= 0)
        .order_by(Recommendation.position)
    ).all()
    people = workers([a.id])[a.id]
    return ActionFacts(
        id=a.id,
        plan_id=a.plan_id,
        text=ActionText(a.text, people.owners, people.contributors),
        version=a.version,
        timescale=a.timescale_text,
        dated=a.timescale_kind not in {Kind.NONE, Kind.NOT_UNDERSTOOD},
        places=tuple(Place(*row, place=order_in(row[0]).index(a.id) + 1) for row in rows),
        linked=a.linked_into_id is not None,
        submitted_text=a.submitted_text,
    )


def order_in(recommendation_id: int) -> list[int]:
    """The ids of the actions that stand in a recommendation, in its order; a linked twin's own place is parked."""
    standing = (ActionPlace.recommendation_id == recommendation_id, ActionPlace.position >= 0)
    places = select(ActionPlace.action_id).where(*standing)
    return list(db.session.scalars(places.order_by(ActionPlace.position)))


def standing(plan_id: int) -> list[Named]:
    """The recommendations of a plan that were not withdrawn, in its order."""
    return _listed(Recommendation.plan_id == plan_id, Recommendation.withdrawn_on.is_(None))


def withdrawn(actor: Actor, plan_id: int) -> list[Named]:
    """The recommendations of a plan that were withdrawn and that this person may see, in its order."""
    return _listed(Recommendation.plan_id == plan_id, Recommendation.withdrawn_on.is_not(None), sees(actor))


def _listed(*which: ColumnElement[bool]) -> list[Named]:
    rows = db.session.execute(
        select(Recommendation.id, Recommendation.number, Recommendation.text)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(*which)
        .order_by(Recommendation.position)
    )
    return [Named(*row) for row in rows]


def next_number(plan_id: int) -> str:
    """The number that a new recommendation of a plan is offered: one beyond the highest."""
    numbers = db.session.scalars(select(Recommendation.number).where(Recommendation.plan_id == plan_id))
    return str(max((int(one) for one in numbers if one.isascii() and one.isdecimal()), default=0) + 1)


def next_ref(recommendation_id: int) -> str:
    """The reference that a new action of a recommendation is offered: ``5.7`` where 5.6 is the highest."""
    number = db.session.scalar(select(Recommendation.number).where(Recommendation.id == recommendation_id)) or ""
    refs = db.session.scalars(select(ActionPlace.ref).where(ActionPlace.recommendation_id == recommendation_id))
    ours = (re.fullmatch(rf"{re.escape(number)}\.(\d{{1,6}})", ref) for ref in refs)
    return f"{number}.{max((int(found[1]) for found in ours if found), default=0) + 1}"

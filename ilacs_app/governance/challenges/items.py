"""What a board may ask about, and whom: actions and recommendations of live plans that it governs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.people.boards.model import Board
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.lists.filters import governed_by
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    Plan,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)
from ilacs_app.plan.visibility import visible_with_questions


@dataclass(frozen=True)
class Askable:
    """An item that a board governs and may ask about. ``owner`` is the name that is asked unless another is given.

    One of the two ids is set.
    """

    plan_id: int
    plan_slug: str
    plan_short: str
    ref: str
    text: str
    owner: str
    action_id: int | None = None
    recommendation_id: int | None = None

    @property
    def label(self) -> str:
        return f"{'Action' if self.action_id else 'Recommendation'} {self.ref}"


def askable(
    actor: Actor, board_id: int, *, action_id: int | None = None, recommendation_id: int | None = None
) -> Askable | None:
    """Return an item of a live plan, by its id, if this board governs it and this person may see it."""
    at_id = Action.id == action_id if action_id else Recommendation.id == recommendation_id
    items = _askable(actor, board_id, at_id, of_actions=bool(action_id))
    return items[0] if items else None


def askable_of(
    actor: Actor, board_id: int, action_ids: Collection[int], recommendation_ids: Collection[int]
) -> list[Askable]:
    """Return those of these items, by their ids, that ``askable`` returns: at most two queries."""
    actions = _askable(actor, board_id, Action.id.in_(action_ids), of_actions=True) if action_ids else []
    named = Recommendation.id.in_(recommendation_ids)
    return [*actions, *(_askable(actor, board_id, named, of_actions=False) if recommendation_ids else [])]


def askable_named(actor: Actor, board_id: int, typed: str) -> list[Askable]:
    """Return the items with this reference or number, one for each live plan that has it.

    A plan's short name before it says which plan is meant: ``Plan 2026 5.3``.
    """
    reference = typed.split()[-1].rstrip(".") if typed.split() else ""
    before = typed.strip()[: -len(typed.split()[-1])].strip() if reference else ""
    kind = before.rpartition(" ")[2].lower()
    wants_action, wants_recommendation = kind == "action", kind == "recommendation"
    if wants_action or wants_recommendation:
        before = before[: -len(kind)].strip()
    items: list[Askable] = []
    if not wants_recommendation:
        items += _askable(actor, board_id, ActionPlace.ref == reference, of_actions=True)
    if not wants_action:
        items += _askable(actor, board_id, Recommendation.number == reference, of_actions=False)
    named = [item for item in items if before.lower() in {item.plan_short.lower(), item.plan_slug.lower()}]
    return named if before else items


def boards_to_ask_for(
    actor: Actor, *, action_id: int | None = None, recommendation_id: int | None = None
) -> list[BoardName]:
    """Return the boards on which this person serves and which govern the item: those that they may ask for."""
    if not actor.board_ids or actor.looks_back:
        return []
    places = (
        select(ActionPlace.recommendation_id)
        .join(Action, Action.id == ActionPlace.action_id)
        .where(Action.id == action_id, Action.linked_into_id.is_(None))
    )
    homes = (
        select(Recommendation.id, Plan.oversight_board_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(
            or_(Recommendation.id == recommendation_id, Recommendation.id.in_(places)),
            visible_with_questions(actor),
            Plan.state == "live",
            Recommendation.withdrawn_on.is_(None),
        )
        .subquery()
    )
    named = select(RecommendationBoard.board_id).where(RecommendationBoard.recommendation_id.in_(select(homes.c.id)))
    governing = or_(Board.id.in_(named), Board.id.in_(select(homes.c.oversight_board_id)))
    rows = db.session.execute(
        select(Board.id, Board.slug, Board.name, Board.leads_page)
        .where(Board.id.in_(actor.board_ids), governing)
        .order_by(func.lower(Board.name))
    )
    return [BoardName(**row._mapping) for row in rows]


def _askable(actor: Actor, board_id: int, which: ColumnElement[bool], *, of_actions: bool) -> list[Askable]:
    may_ask = (
        visible_with_questions(actor),
        Plan.state == "live",
        Recommendation.withdrawn_on.is_(None),
        Recommendation.id.in_(governed_by(board_id)),
        which,
    )
    asked = (_actions() if of_actions else _recommendations()).where(*may_ask)
    rows = db.session.execute(asked.order_by(Plan.dated_on.desc(), Plan.id.desc(), Recommendation.position))
    once: dict[tuple[int | None, int | None], Askable] = {}
    for row in rows:
        item = Askable(**row._mapping)
        once.setdefault((item.action_id, item.recommendation_id), item)
    return list(once.values())


def names_on(actor: Actor, item: Askable) -> tuple[str, ...]:
    """Return who leads, owns or contributes to an item, as the plan names them, where this person sees it."""
    homes = (
        select(ActionPlace.recommendation_id).where(ActionPlace.action_id == item.action_id)
        if item.action_id
        else select(Recommendation.id).where(Recommendation.id == item.recommendation_id)
    )
    works = select(ActionPerson.name).where(ActionPerson.action_id == item.action_id).order_by(ActionPerson.id)
    leads = (
        select(RecommendationLead.name)
        .join(Recommendation, Recommendation.id == RecommendationLead.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(RecommendationLead.recommendation_id.in_(homes), visible_with_questions(actor))
        .order_by(RecommendationLead.recommendation_id, RecommendationLead.position)
    )
    return tuple(dict.fromkeys([*db.session.scalars(works), *db.session.scalars(leads)]))


def may_see_item(actor: Actor, item: Askable) -> bool:
    """Return whether someone sees the item that a question would be asked about."""
    if item.action_id:
        on = ActionPlace.action_id == item.action_id
    else:
        on = Recommendation.id == item.recommendation_id
    seen = (
        select(Recommendation.id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .outerjoin(ActionPlace, ActionPlace.recommendation_id == Recommendation.id)
        .where(on, visible_with_questions(actor))
    )
    return db.session.scalar(seen.limit(1)) is not None


_PLAN = (Plan.id.label("plan_id"), Plan.slug.label("plan_slug"), Plan.short_name.label("plan_short"))


def _actions() -> Any:
    """Every place of an action as an ``Askable``: its first owner is asked, or else who leads the recommendation."""
    owner = (
        select(ActionPerson.name)
        .where(ActionPerson.action_id == Action.id, ActionPerson.part == "owner")
        .order_by(ActionPerson.id)
        .limit(1)
        .correlate(Action)
        .scalar_subquery()
    )
    return (
        select(
            *_PLAN,
            ActionPlace.ref,
            Action.text,
            func.coalesce(owner, _lead(), "").label("owner"),
            Action.id.label("action_id"),
        )
        .select_from(ActionPlace)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(Action.linked_into_id.is_(None))
    )


def _recommendations() -> Any:
    """Every recommendation as an ``Askable``: who leads it is asked."""
    return select(
        *_PLAN,
        Recommendation.number.label("ref"),
        Recommendation.text,
        func.coalesce(_lead(), "").label("owner"),
        Recommendation.id.label("recommendation_id"),
    ).join(Plan, Plan.id == Recommendation.plan_id)


def _lead() -> ScalarSelect[Any]:
    """The name that leads a recommendation: the accountable one, or else the first."""
    return (
        select(RecommendationLead.name)
        .where(RecommendationLead.recommendation_id == Recommendation.id)
        .order_by(RecommendationLead.accountable.desc(), RecommendationLead.position)
        .limit(1)
        .correlate(Recommendation)
        .scalar_subquery()
    )

"""Twins linked into one action, and parted again. Nothing is merged: the other keeps its row, notes and history.

While it is linked, a twin's own place is parked and the kept action stands there in its stead, under its reference.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, select, update

from ilacs_app import clock
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused
from ilacs_app.history import Author, record
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.model import Action, ActionPlace, Recommendation
from ilacs_app.plan.queries import assigned
from ilacs_app.plan.rules import help_is_open
from ilacs_app.plan.writing import index_action, open_plan
from ilacs_app.text import plain

PARKED = 1_000_000
"""A parked place is this far below zero, and its action's id: in no order, and in nobody's way."""


def link_twins(by: Author, keep_id: int, seen: Mapping[int, int]) -> None:
    """Let one action stand in the place of each of its twins: one action with one status, shown in each recommendation.

    ``seen`` are the twins (id -> the version that was seen). Who owns or contributes to one is named on the kept one.

    Raises:
        Refused: the plan is closed, they are no twins, or one of them cannot be linked as it stands.
        Stale: somebody changed one of them since the version that was seen.
    """
    kept = db.session.get_one(Action, keep_id, with_for_update=True)
    open_plan(kept.plan_id)
    if kept.linked_into_id is not None:
        raise Refused("This action is linked into another already. Part them first.")
    if not seen:
        raise Refused("Choose an action that has a twin.")
    for twin_id, version in seen.items():
        twin = db.session.get_one(Action, twin_id)
        if twin_id == keep_id or twin.plan_id != kept.plan_id or plain(twin.text) != plain(kept.text):
            raise Refused("These are no twins: twins have the same words, in one plan.")
        _link(by, kept, twin, version)
    index_action(keep_id)


def _link(by: Author, kept: Action, twin: Action, version: int) -> None:
    refs = [ref for _, ref in _places(kept.id)]
    places = _places(twin.id)
    own = ", ".join(ref for _, ref in places)
    held = select(Action.id).where(Action.linked_into_id == twin.id).limit(1)
    if twin.linked_into_id is not None or db.session.scalar(held) is not None:
        raise Refused(f"Action {own} is linked already. Part it first.")
    if help_is_open(twin.help_asked_on, twin.help_replied_on, clock.today()):
        raise Refused(f"Help is asked for on {own}. Answer it before you link it.")
    if {place.recommendation_id for place, _ in places} & {place.recommendation_id for place, _ in _places(kept.id)}:
        raise Refused(f"Action {own} stands in the same recommendation. Withdraw one of the two instead.")
    write_at(Action, twin.id, version, linked_into_id=kept.id)
    for place, ref in places:
        recommendation_id, position = place.recommendation_id, place.position
        here = update(ActionPlace).where(
            ActionPlace.action_id == twin.id, ActionPlace.recommendation_id == recommendation_id
        )
        db.session.execute(here.values(position=-PARKED - twin.id))
        db.session.add(ActionPlace(recommendation_id=recommendation_id, action_id=kept.id, position=position, ref=ref))
        db.session.flush()
    people = assigned([twin.id])[twin.id]
    name_people(by, kept.id, "owner", list(people.owners))
    name_people(by, kept.id, "contributor", list(people.contributors))
    for action_id, about in ((twin.id, f"into {refs[0]}"), (kept.id, f"{own} is linked into this one")):
        record(by, "twin_linked", plan_id=kept.plan_id, action_id=action_id, about=about, after={"kept": kept.id})


def _places(action_id: int) -> list[tuple[ActionPlace, str]]:
    found = (
        select(ActionPlace)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .where(ActionPlace.action_id == action_id, ActionPlace.position >= 0)
        .order_by(Recommendation.position)
    )
    return [(place, place.ref) for place in db.session.scalars(found.execution_options(populate_existing=True))]


def part_twin(by: Author, twin_id: int, version: int) -> None:
    """Part a linked twin: it stands in its own place again, as it was left.

    Raises:
        Refused: the plan is closed, or it is not linked.
        Stale: somebody changed it since the version that was seen.
    """
    twin = db.session.get_one(Action, twin_id)
    open_plan(twin.plan_id)
    kept_id = twin.linked_into_id
    if kept_id is None:
        raise Refused("This action is not linked.")
    write_at(Action, twin_id, version, linked_into_id=None)
    parked = select(ActionPlace.recommendation_id, ActionPlace.ref).where(
        ActionPlace.action_id == twin_id, ActionPlace.position < 0
    )
    refs = []
    for recommendation_id, ref in db.session.execute(parked).all():
        in_its_stead = (ActionPlace.recommendation_id == recommendation_id, ActionPlace.action_id == kept_id)
        stood = db.session.execute(select(ActionPlace.position, ActionPlace.ref).where(*in_its_stead)).first()
        last = select(func.max(ActionPlace.position)).where(ActionPlace.recommendation_id == recommendation_id)
        position, now = stood or (max(db.session.scalar(last) or 0, 0) + 1, ref)
        if stood:
            db.session.execute(delete(ActionPlace).where(*in_its_stead))
        own = update(ActionPlace).where(
            ActionPlace.recommendation_id == recommendation_id, ActionPlace.action_id == twin_id
        )
        db.session.execute(own.values(position=position, ref=now))
        refs.append(now)
    index_action(twin_id)
    index_action(kept_id)
    for action_id, about in (
        (twin_id, "stands by itself again"),
        (kept_id, f"{', '.join(refs)} stands by itself again"),
    ):
        record(by, "twin_parted", plan_id=twin.plan_id, action_id=action_id, about=about, before={"kept": kept_id})

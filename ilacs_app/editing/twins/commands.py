"""Link repeated actions into one, and unlink them. Nothing is merged: each keeps its row, notes and history.

While it is linked, an action's own place is parked, and the kept action has a place there under its reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

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
from ilacs_app.progress.dates.queries import new_dates
from ilacs_app.text import plain

PARKED = 1_000_000
"""A parked place has a position this far below zero, less its action's id: in no order, and unique."""


def link_twins(by: Author, keep_id: int, seen: Mapping[int, int]) -> None:
    """Link repeated actions into one of them: one action with one status, shown in each recommendation.

    ``seen`` are the others (id -> the version that was seen). Their owners and contributors are named on the kept one.

    Raises:
        Refused: the plan is closed, the actions do not repeat each other, or one of them cannot be linked now.
        Stale: someone changed one of them since the version that was seen.
    """
    actions = _held({keep_id, *seen})
    keeper = actions[keep_id]
    open_plan(keeper.plan_id)
    twins = [actions[id_] for id_ in seen]
    places = _places(actions)
    wrong = _why_not_linked(keeper, twins, places)
    if wrong:
        raise Refused(wrong)
    people = assigned(seen)
    for twin in twins:
        _link(by, keeper, twin, seen[twin.id], places)
    name_people(by, keeper.id, "owner", [name for id_ in seen for name in people[id_].owners])
    name_people(by, keeper.id, "contributor", [name for id_ in seen for name in people[id_].contributors])
    index_action(keep_id)


Places = Mapping[int, Sequence[ActionPlace]]
"""The places of each action, by its id, in the plan's order; parked ones are left out."""


def _held(ids: Collection[int]) -> dict[int, Action]:
    """The actions, which no one else changes or requests a date change for until this transaction ends."""
    held = select(Action).where(Action.id.in_(ids)).order_by(Action.id).with_for_update()
    actions = {action.id: action for action in db.session.scalars(held.execution_options(populate_existing=True))}
    if set(actions) != set(ids):
        raise Refused(NOT_REPEATED)
    return actions


NOT_REPEATED = "Choose actions with the same words, in different recommendations of one plan"


def _why_not_linked(keeper: Action, twins: Sequence[Action], places: Places) -> str | None:
    """Return why these cannot be linked as they are; None if they can be."""
    if keeper.linked_into_id is not None:
        return "This action is already linked into another. Unlink it first"
    if not twins:
        return "Choose a repeated action"
    ids = [twin.id for twin in twins]
    held = set(db.session.scalars(select(Action.linked_into_id).where(Action.linked_into_id.in_(ids))))
    waiting = new_dates(ids)
    taken = {place.recommendation_id for place in places[keeper.id]}
    for twin in twins:
        own = _refs(places[twin.id])
        its_homes = {place.recommendation_id for place in places[twin.id]}
        if twin.id == keeper.id or twin.plan_id != keeper.plan_id or plain(twin.text) != plain(keeper.text):
            return NOT_REPEATED
        if twin.linked_into_id is not None or twin.id in held:
            return f"Action {own} is already linked. Unlink it first"
        if help_is_open(twin.help_asked_on, twin.help_replied_on, clock.today()):
            return f"Help is requested for {own}. Answer the request before you link it"
        if twin.id in waiting:
            return f"A date change is requested for {own}. Decide it before you link it"
        if its_homes & taken:
            return f"Action {own} is in the same recommendation. Withdraw one of the two instead"
        taken |= its_homes
    return None


def _link(by: Author, keeper: Action, twin: Action, version: int, places: Places) -> None:
    write_at(Action, twin.id, version, linked_into_id=keeper.id)
    for place in places[twin.id]:
        recommendation_id, position, ref = place.recommendation_id, place.position, place.ref
        here = update(ActionPlace).where(
            ActionPlace.action_id == twin.id, ActionPlace.recommendation_id == recommendation_id
        )
        db.session.execute(here.values(position=-PARKED - twin.id))
        db.session.add(
            ActionPlace(recommendation_id=recommendation_id, action_id=keeper.id, position=position, ref=ref)
        )
        db.session.flush()
    into, own = f"into {places[keeper.id][0].ref}", f"{_refs(places[twin.id])} is linked into this one"
    for action_id, about in ((twin.id, into), (keeper.id, own)):
        record(by, "twin_linked", plan_id=keeper.plan_id, action_id=action_id, about=about, after={"kept": keeper.id})


def _refs(places: Iterable[ActionPlace]) -> str:
    return ", ".join(place.ref for place in places)


def _places(action_ids: Collection[int]) -> dict[int, list[ActionPlace]]:
    rows = (
        select(ActionPlace)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .where(ActionPlace.action_id.in_(action_ids), ActionPlace.position >= 0)
        .order_by(Recommendation.position)
    )
    places: dict[int, list[ActionPlace]] = {id_: [] for id_ in action_ids}
    for place in db.session.scalars(rows.execution_options(populate_existing=True)):
        places[place.action_id].append(place)
    return places


def part_twin(by: Author, twin_id: int, version: int) -> None:
    """Unlink a repeated action: it goes back to its own place, as it was left.

    Raises:
        Refused: the plan is closed, or it is not linked.
        Stale: someone changed it since the version that was seen.
    """
    twin = db.session.get_one(Action, twin_id)
    open_plan(twin.plan_id)
    kept_id = twin.linked_into_id
    if kept_id is None:
        raise Refused("This action is not linked. Refresh the page to see it as it is now")
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
        (twin_id, "unlinked"),
        (kept_id, f"{', '.join(refs)} unlinked"),
    ):
        record(by, "twin_parted", plan_id=twin.plan_id, action_id=action_id, about=about, before={"kept": kept_id})

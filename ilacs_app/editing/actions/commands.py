"""What the programme manager changes of an action: words, people and place; in a draft plan its timescale too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from ilacs_app.db import db, write_at
from ilacs_app.editing.actions.queries import actions_say, order_in
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.timescales.rules import REQUEST_WAITS, SUBMITTED
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import BY_FORM, Author, Cause, changes, in_history, record
from ilacs_app.plan.assignments import name_people, set_assigned_of
from ilacs_app.plan.commands import Home, add_action
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.parsing.timescales import Timescale, read_timescale
from ilacs_app.plan.plan_file import FileAction
from ilacs_app.plan.writing import draft_dates, hold, index_action, index_actions, open_plan, submitted_words
from ilacs_app.progress.dates.queries import new_dates
from ilacs_app.text import tidy


def put_action(by: Author, recommendation_id: int, ref: str, text: ActionContent, timescale: str) -> int:
    """Add an action at the end of a recommendation, written on screen. Returns its id.

    Raises:
        Refused: the plan is closed, the recommendation is withdrawn, or the reference is taken.
    """
    home = db.session.get_one(Recommendation, recommendation_id)
    plan = open_plan(home.plan_id)
    if home.withdrawn_on is not None:
        raise Refused("This recommendation is withdrawn. Restore it before you add an action")
    _check_ref(plan.id, ref)
    positions = select(ActionPlace.position).where(ActionPlace.recommendation_id == recommendation_id)
    place = Home(plan.id, plan.dated_on, recommendation_id, max(db.session.scalars(positions), default=-1) + 1)
    scale = read_timescale(timescale, plan.dated_on)
    given = FileAction(ref=ref, text=text.text, timescale=scale, at="", owners=text.owners)
    action_id = add_action(by, place, given)
    name_people(by, action_id, "contributor", list(text.contributors))
    return action_id


def _check_ref(plan_id: int, ref: str, its_own: int | None = None) -> None:
    if not ref:
        raise Refused("Enter a reference, like 5.7")
    taken = (
        select(ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .where(Recommendation.plan_id == plan_id, ActionPlace.ref == ref, ActionPlace.position >= 0)
    )
    if set(db.session.scalars(taken)) - {its_own}:
        raise Refused(f"This plan already has an action {ref}. Enter another reference")


def change_action(
    by: Author,
    action_id: int,
    version: int,
    text: ActionContent,
    *,
    scale: Timescale | None = None,
    cause: Cause = BY_FORM,
) -> None:
    """Change the words of an action, its owners and contributors; in a draft plan its timescale, if one is given.

    ``scale`` is how a file reads that timescale; without it, its words are read as they are. Once the plan was
    submitted, the submitted words stay beside the new ones. Nothing is written where nothing differs.

    Raises:
        Refused: the plan is closed; or another timescale is given, and the plan is no draft or a date change waits.
        Stale: someone changed it since the version that was seen.
    """
    action = db.session.get_one(Action, action_id)
    plan = open_plan(action.plan_id, held=text.timescale is not None)
    dates = _draft_dates(by, action_id, plan, text, scale)
    change_actions(by, [ActionChange(action_id, version, text, dates, cause)])


@dataclass(frozen=True)
class ActionChange:
    """What an action is to say, at the version that was seen. ``dates`` are the columns of another timescale."""

    action_id: int
    version: int
    content: ActionContent
    dates: Mapping[str, Any] = field(default_factory=dict)
    cause: Cause = BY_FORM


def change_actions(by: Author, wanted: Sequence[ActionChange]) -> None:
    """Change several actions as ``change_action`` does; makes as many queries for two as for many.

    Raises:
        Refused: one of their plans is closed.
        Stale: someone changed one of them since the version that was seen, or there is none of this id.
    """
    ids = [change.action_id for change in wanted]
    items = {action.id: action for action in db.session.scalars(select(Action).where(Action.id.in_(ids)))}
    if len(items) < len(ids):
        raise Stale
    plans = {plan_id: open_plan(plan_id) for plan_id in sorted({item.plan_id for item in items.values()})}
    says = actions_say(ids)
    written: list[tuple[ActionChange, dict[str, Any], dict[str, Any]]] = []
    for change in wanted:
        action, content, dates = items[change.action_id], change.content, change.dates
        now = {"text": content.text, "owners": list(content.owners), "contributors": list(content.contributors)}
        before, after = changes(says[action.id], now)
        if dates:
            before |= {"timescale": action.timescale_text, "due_on": in_history(action.due_on)}
            after |= {"timescale": content.timescale, "due_on": in_history(dates["due_on"])}
        if not after and action.version == change.version:
            continue
        values: dict[str, Any] = {"text": content.text, **dates}
        if "text" in after:
            values["submitted_text"] = submitted_words(plans[action.plan_id], action, content.text)
        write_at(Action, action.id, change.version, **values)
        written.append((change, before, after))
    owners = {change.action_id: change.content.owners for change, _, after in written if "owners" in after}
    helpers = {change.action_id: change.content.contributors for change, _, after in written if "contributors" in after}
    for part, assigned in (("owner", owners), ("contributor", helpers)):
        if assigned:
            set_assigned_of(part, assigned)
    index_actions([change.action_id for change, _, _ in written])
    for change, before, after in written:
        action = items[change.action_id]
        record(
            by,
            "action_changed",
            plan_id=action.plan_id,
            action_id=action.id,
            before=before,
            after=after | change.cause.payload,
        )


def _draft_dates(
    by: Author, action_id: int, plan: Plan, text: ActionContent, scale: Timescale | None
) -> dict[str, Any]:
    """Return the columns of another timescale of an action in a draft plan; none if it did not change.

    Raises:
        Refused: the plan is not a draft, or a date change is requested.
    """
    action = db.session.get_one(Action, action_id)
    if text.timescale is None or text.timescale == tidy(action.timescale_text):
        return {}
    if plan.state != "draft":
        raise SettledTimescale(SUBMITTED)
    hold(action_id)
    if new_dates([action_id]):
        raise SettledTimescale(REQUEST_WAITS)
    return draft_dates(by, action, plan, scale or read_timescale(text.timescale, plan.dated_on))


class SettledTimescale(Refused):
    """The timescale of this action cannot be edited like other text."""


def move_action(
    by: Author, action_id: int, version: int, from_id: int, to_id: int, ref: str, place: int | None = None
) -> None:
    """Give an action another reference or place (from 1; the last if none is given) in this or another recommendation.

    Raises:
        Refused: the plan is closed, the reference is taken, or it is there already.
        Stale: someone changed it since the version that was seen.
    """
    action = db.session.get_one(Action, action_id)
    open_plan(action.plan_id)
    _check_ref(action.plan_id, ref, action_id)
    target = db.session.get_one(Recommendation, to_id)
    if target.plan_id != action.plan_id or target.withdrawn_on is not None:
        raise Refused("Select a recommendation in this plan that is not withdrawn")
    order = order_in(to_id)
    if from_id != to_id and action_id in order:
        raise Refused(f"It is already in recommendation {target.number}. Select another one")
    source = db.session.get_one(Recommendation, from_id)
    was = db.session.scalars(
        select(ActionPlace).where(ActionPlace.action_id == action_id, ActionPlace.recommendation_id == from_id)
    ).one()
    stood = order_in(from_id).index(action_id) + 1
    if from_id == to_id:
        order.remove(action_id)
    order.insert(len(order) if place is None else max(place, 1) - 1, action_id)
    before, after = changes(
        {"recommendation": source.number, "ref": was.ref, "place": stood},
        {"recommendation": target.number, "ref": ref, "place": order.index(action_id) + 1},
    )
    if not after and action.version == version:
        return
    write_at(Action, action_id, version)
    its = update(ActionPlace).where(ActionPlace.action_id == action_id, ActionPlace.recommendation_id == from_id)
    db.session.execute(its.values(recommendation_id=to_id, ref=ref, position=-1))
    _put_in_order(to_id, order)
    index_action(action_id)
    record(by, "action_moved", plan_id=action.plan_id, action_id=action_id, about=ref, before=before, after=after)


def _put_in_order(recommendation_id: int, order: list[int]) -> None:
    """Write positions in two rounds, because two actions may never have the same one, even for a moment."""
    for start in (-len(order) - 2, 0):
        for position, action_id in enumerate(order):
            place = update(ActionPlace).where(
                ActionPlace.recommendation_id == recommendation_id, ActionPlace.action_id == action_id
            )
            db.session.execute(place.values(position=start + position))


@dataclass(frozen=True)
class NewReference:
    """Another reference for an action in one recommendation; ``version`` is the action's, as it was seen."""

    action_id: int
    version: int
    recommendation_id: int
    ref: str


def change_references(
    by: Author, plan_id: int, wanted: Sequence[NewReference], *, cause: Cause = BY_FORM
) -> list[NewReference]:
    """Give actions of a plan other references. Returns those that could not be given: another action has them.

    Raises:
        Refused: the plan is closed.
        Stale: someone changed one of the actions since the version that was seen.
    """
    open_plan(plan_id)
    stand = _standing(plan_id)
    given = _free(stand, wanted)
    for action_id, version in {reference.action_id: reference.version for reference in given}.items():
        write_at(Action, action_id, version)
    for reference in given:
        at = reference.recommendation_id, reference.action_id
        its = update(ActionPlace).where(ActionPlace.recommendation_id == at[0], ActionPlace.action_id == at[1])
        db.session.execute(its.values(ref=reference.ref))
        index_action(reference.action_id)
        before, after = {"ref": stand[at]}, {"ref": reference.ref} | cause.payload
        record(by, "action_moved", plan_id=plan_id, action_id=at[1], about=reference.ref, before=before, after=after)
    return [reference for reference in wanted if reference not in given]


def _standing(plan_id: int) -> dict[tuple[int, int], str]:
    """The reference of each action of a plan, by recommendation and action."""
    rows = db.session.execute(
        select(ActionPlace.recommendation_id, ActionPlace.action_id, ActionPlace.ref)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .where(Recommendation.plan_id == plan_id, ActionPlace.position >= 0)
    )
    return {(recommendation_id, action_id): ref for recommendation_id, action_id, ref in rows}


def _free(stand: dict[tuple[int, int], str], wanted: Sequence[NewReference]) -> list[NewReference]:
    """Return the new references that collide with none. A refused one may keep another from being free."""
    given = list(wanted)
    while True:
        then = {**stand, **{(reference.recommendation_id, reference.action_id): reference.ref for reference in given}}
        holders: dict[str, set[int]] = defaultdict(set)
        for (_, action_id), ref in then.items():
            holders[ref].add(action_id)
        free = [reference for reference in given if holders[reference.ref] == {reference.action_id}]
        if free == given:
            return given
        given = free

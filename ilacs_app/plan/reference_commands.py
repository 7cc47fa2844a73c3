"""The references of actions, changed several at a time: two of them may change places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from ..db import db
from ..history import BY_FORM, Author, Cause, record
from .findable import keep_action
from .model import Action, ActionPlace, Recommendation
from .versions import open_plan, write_at


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
        Stale: somebody changed one of the actions since the version that was seen.
    """
    open_plan(plan_id)
    stand = _standing(plan_id)
    given = _free(stand, wanted)
    for action_id, version in {one.action_id: one.version for one in given}.items():
        write_at(Action, action_id, version)
    for one in given:
        at = one.recommendation_id, one.action_id
        its = update(ActionPlace).where(ActionPlace.recommendation_id == at[0], ActionPlace.action_id == at[1])
        db.session.execute(its.values(ref=one.ref))
        keep_action(one.action_id)
        before, after = {"ref": stand[at]}, {"ref": one.ref} | cause.kept
        record(by, "action_moved", plan_id=plan_id, action_id=at[1], about=one.ref, before=before, after=after)
    return [one for one in wanted if one not in given]


def _standing(plan_id: int) -> dict[tuple[int, int], str]:
    """The reference of each action of a plan, by recommendation and action."""
    rows = db.session.execute(
        select(ActionPlace.recommendation_id, ActionPlace.action_id, ActionPlace.ref)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .where(Recommendation.plan_id == plan_id, ActionPlace.position >= 0)
    )
    return {(recommendation_id, action_id): ref for recommendation_id, action_id, ref in rows}


def _free(stand: dict[tuple[int, int], str], wanted: Sequence[NewReference]) -> list[NewReference]:
    """Those that leave each reference with one action. One that cannot be given may keep another from being free."""
    given = list(wanted)
    while True:
        then = {**stand, **{(one.recommendation_id, one.action_id): one.ref for one in given}}
        holders: dict[str, set[int]] = defaultdict(set)
        for (_, action_id), ref in then.items():
            holders[ref].add(action_id)
        free = [one for one in given if holders[one.ref] == {one.action_id}]
        if free == given:
            return given
        given = free

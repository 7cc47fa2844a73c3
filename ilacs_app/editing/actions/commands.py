"""What the programme manager changes of an action: words, people, place, a first date, how its words are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.access import ActsAs
from ilacs_app.db import db, write_at
from ilacs_app.editing.actions.queries import action_says, order_in
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.errors import Refused
from ilacs_app.history import BY_FORM, Author, Cause, changes, record
from ilacs_app.plan.assignments import name_people, set_assigned
from ilacs_app.plan.commands import Home, add_action
from ilacs_app.plan.model import Action, ActionPlace, DateEntry, Plan, Recommendation
from ilacs_app.plan.parsing.timescales import Kind, Timescale, describe, read_timescale
from ilacs_app.plan.plan_file import FileAction
from ilacs_app.plan.rules import why_not_date
from ilacs_app.plan.visibility import leads_or_owns
from ilacs_app.plan.writing import hold, index_action, open_plan, reread, submitted_words

NO_DATE = frozenset({Kind.NONE, Kind.NOT_UNDERSTOOD})


def put_action(by: Author, recommendation_id: int, ref: str, text: ActionContent, timescale: str) -> int:
    """Add an action at the end of a recommendation, written on screen. Returns its id.

    Raises:
        Refused: the plan is closed, the recommendation is withdrawn, or the reference is taken.
    """
    home = db.session.get_one(Recommendation, recommendation_id)
    plan = open_plan(home.plan_id)
    if home.withdrawn_on is not None:
        raise Refused("This recommendation is withdrawn. Take it up again before you add to it.")
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
        raise Refused("Write the reference of the action, such as 5.7.")
    taken = (
        select(ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .where(Recommendation.plan_id == plan_id, ActionPlace.ref == ref, ActionPlace.position >= 0)
    )
    if set(db.session.scalars(taken)) - {its_own}:
        raise Refused(f"There is an action {ref} in this plan already. Choose another reference.")


def change_action(by: Author, action_id: int, version: int, text: ActionContent, *, cause: Cause = BY_FORM) -> None:
    """Change the words of an action, its owners and contributors. Its timescale is not among them.

    Once the plan was submitted, the submitted words stay beside the new ones. Nothing is written where nothing differs.

    Raises:
        Refused: the plan is closed.
        Stale: somebody changed it since the version that was seen.
    """
    kept = db.session.get_one(Action, action_id)
    plan = open_plan(kept.plan_id)
    now = {"text": text.text, "owners": list(text.owners), "contributors": list(text.contributors)}
    before, after = changes(action_says(action_id), now)
    if not after and kept.version == version:
        return
    values: dict[str, Any] = {"text": text.text}
    if "text" in after:
        values["submitted_text"] = submitted_words(plan, kept, text.text)
    write_at(Action, action_id, version, **values)
    for part, names in (("owner", text.owners), ("contributor", text.contributors)):
        if f"{part}s" in after:
            set_assigned(action_id, part, names)
    index_action(action_id)
    record(by, "action_changed", plan_id=plan.id, action_id=action_id, before=before, after=after | cause.kept)


def move_action(
    by: Author, action_id: int, version: int, from_id: int, to_id: int, ref: str, place: int | None = None
) -> None:
    """Give an action another reference or place (from 1; the last if none is given) in this or another recommendation.

    Raises:
        Refused: the plan is closed, the reference is taken, or it stands there already.
        Stale: somebody changed it since the version that was seen.
    """
    kept = db.session.get_one(Action, action_id)
    open_plan(kept.plan_id)
    _check_ref(kept.plan_id, ref, action_id)
    target = db.session.get_one(Recommendation, to_id)
    if target.plan_id != kept.plan_id or target.withdrawn_on is not None:
        raise Refused("Choose a recommendation of this plan that is not withdrawn.")
    order = order_in(to_id)
    if from_id != to_id and action_id in order:
        raise Refused(f"It stands in recommendation {target.number} already.")
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
    if not after and kept.version == version:
        return
    write_at(Action, action_id, version)
    its = update(ActionPlace).where(ActionPlace.action_id == action_id, ActionPlace.recommendation_id == from_id)
    db.session.execute(its.values(recommendation_id=to_id, ref=ref, position=-1))
    _put_in_order(to_id, order)
    index_action(action_id)
    record(by, "action_moved", plan_id=kept.plan_id, action_id=action_id, about=ref, before=before, after=after)


def _put_in_order(recommendation_id: int, order: list[int]) -> None:
    """Two rounds, because no two actions may have one position even for a moment."""
    for start in (-len(order) - 2, 0):
        for position, action_id in enumerate(order):
            place = update(ActionPlace).where(
                ActionPlace.recommendation_id == recommendation_id, ActionPlace.action_id == action_id
            )
            db.session.execute(place.values(position=start + position))


def give_first_date(by: Author, action_id: int, version: int, words: str, acts_as: ActsAs) -> None:
    """Give an action that has no date its first one, in new words; in the ledger, and no move.

    Raises:
        Refused: the plan is closed, ``hands`` lead or own it, it has a date already, or the words are no date.
        Stale: somebody changed it since the version that was seen.
    """
    _not_their_own(action_id, acts_as)
    kept = db.session.get_one(Action, action_id)
    plan = open_plan(kept.plan_id)
    if kept.timescale_kind not in NO_DATE:
        raise Refused("It has a date already. Ask for a new date instead.")
    scale = _understood(words, plan)
    _read(by, kept, version, scale, "first_date", says="first date")


def correct_timescale(by: Author, action_id: int, version: int, words: str, acts_as: ActsAs) -> None:
    """Read an action's unchanged words as ``words`` would be read; in the ledger, and no move.

    Raises:
        Refused: the plan is closed, ``hands`` lead or own it, there are no words to read, or ``words`` are no date.
        Stale: somebody changed it since the version that was seen.
    """
    _not_their_own(action_id, acts_as)
    kept = db.session.get_one(Action, action_id)
    plan = open_plan(kept.plan_id)
    if not kept.timescale_text:
        raise Refused("The plan gives no timescale here. Give a first date instead.")
    scale = _understood(words, plan)
    _read(by, kept, version, scale, "reading", says=f"read as “{words}”: {describe(scale)}")


def _not_their_own(action_id: int, acts_as: ActsAs) -> None:
    hold(action_id)
    cannot = why_not_date(leads_or_owns(action_id, acts_as))
    if cannot:
        raise Refused(cannot)


class Unread(Refused):
    """The words give no date that is certain."""


def _understood(words: str, plan: Plan) -> Timescale:
    scale = read_timescale(words, plan.dated_on)
    if scale.kind in NO_DATE or scale.guessed or scale.original_due_on:
        raise Unread(
            "Write a date that can be read with certainty, such as 31 March 2027 or Ongoing, review June 2027."
        )
    return scale


def _read(by: Author, kept: Action, version: int, scale: Timescale, kind: str, *, says: str) -> None:
    was = {"timescale": kept.timescale_text, "due_on": kept.due_on, "review_on": kept.review_on}
    values = reread(kept.id, scale, kept.last_word_on)
    if kept.moves == 0:
        values["original_due_on"] = scale.due_on
    if kind == "first_date":
        values["timescale_text"] = scale.text
    write_at(Action, kept.id, version, **values)
    words = values.get("timescale_text", was["timescale"])
    db.session.add(
        DateEntry(
            action_id=kept.id,
            kind=kind,
            words=words,
            due_on=scale.due_on,
            says=says,
            person_id=by.person_id,
            at=clock.now(),
        )
    )
    now = {"timescale": words, "due_on": scale.due_on, "review_on": values["review_on"]}
    before, after = changes(was, now)
    verb = "first_date_given" if kind == "first_date" else "reading_corrected"
    record(by, verb, plan_id=kept.plan_id, action_id=kept.id, about=scale.text, before=before, after=after)


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
        index_action(one.action_id)
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

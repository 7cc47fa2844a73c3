"""Which changes in a history can be undone, which undid another, and which were undone.

Many items that were changed together have one line in their plan's history, by which they are undone together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import func, select

from ilacs_app.db import db
from ilacs_app.editing.actions.queries import actions_say
from ilacs_app.editing.recommendations.queries import recommendations_say
from ilacs_app.editing.undo.rules import ACTION, RECOMMENDATION, Undoable, put_back, undoable, undone
from ilacs_app.errors import NotKnown
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.history import Event, lines, of_actions, of_plans, of_recommendations
from ilacs_app.plan.model import Action, ActionPlace, Recommendation

UndoItem = TypeVar("UndoItem", Action, Recommendation)


@dataclass(frozen=True)
class Undoing:
    """``can`` are the ids of the lines that may be undone. ``of`` holds the line that one undoes, ``fields`` what that
    put back, and ``by`` the line that undid one and still applies, each by the id of that one."""

    can: frozenset[int] = frozenset()
    of: Mapping[int, Event] = field(default_factory=dict)
    fields: Mapping[int, Sequence[str]] = field(default_factory=dict)
    by: Mapping[int, Event] = field(default_factory=dict)
    shown: frozenset[int] = frozenset()
    """The ids of the lines that the page shows."""


def undoing(shown: Sequence[Event], now: Mapping[str, Any], of: Undoable, *, may: bool) -> Undoing:
    """As above, of the newest lines of an item, newest first; ``now`` is what its fields say, ``may`` who may undo."""
    old = {line.id: line.after["undoes"] for line in shown if "undoes" in line.after}
    known = {line.id: line for line in shown}
    known |= {line.id: line for line in lines(set(old.values()) - set(known))}
    return Undoing(
        undoable(shown, now, of) if may else frozenset(),
        {id_: known[what] for id_, what in old.items() if what in known},
        {id_: of.of_line(known[id_]) for id_ in old},
        undone(shown),
        frozenset(line.id for line in shown),
    )


LINKED = "It is now linked into another action."
AskedOf = dict[str, Any]
"""The columns of a question that say who is asked: a name, and the account or team that it reaches."""
REASSIGNED = ("challenge_owner_changed",)
TOGETHER = ("changed_together", "undone_together")


@dataclass(frozen=True)
class BulkItem:
    """An item of a change of many, as it is. ``back`` is what undoing puts back, or why it stays as it is."""

    of_action: bool
    id: int
    version: int
    ref: str
    text: str
    line: Event
    now: Mapping[str, Any]
    back: Mapping[str, Any] | str

    @property
    def then(self) -> dict[str, Any]:
        """What each of its fields says once it has gone back."""
        return {**self.now} if isinstance(self.back, str) else {**self.now, **self.back}

    @property
    def stays(self) -> str:
        """Why it stays as it is, in short; empty if it goes back."""
        return (self.back if self.back == LINKED else "Changed since.") if isinstance(self.back, str) else ""

    @property
    def seen(self) -> str:
        """How a form says which item was seen at which version."""
        return f"{'action' if self.of_action else 'recommendation'}-{self.id}-{self.version}"


@dataclass(frozen=True)
class BulkChange:
    """A change of many items of a plan, and the line by which it was undone, if it was."""

    line: Event
    undone: Event | None

    @property
    def items(self) -> int:
        return len(self.line.after["actions"]) + len(self.line.after["recommendations"])


def changed_lately(plan_ids: Collection[int], newest: int = 5) -> list[BulkChange]:
    """The newest changes of many items in these plans."""
    lines_of = of_plans(plan_ids, TOGETHER, newest=2 * newest) if plan_ids else []
    gone = undone(lines_of)
    return [BulkChange(line, gone.get(line.id)) for line in lines_of if line.verb == TOGETHER[0]][:newest]


def changed_together(plan_id: int, event_id: int) -> BulkChange:
    """A change of many items of this plan.

    Raises:
        NotKnown: there is none of this id.
    """
    lines_of = of_plans([plan_id], TOGETHER)
    for line in lines_of:
        if line.id == event_id and line.verb == TOGETHER[0]:
            return BulkChange(line, undone(lines_of).get(line.id))
    raise NotKnown(str(event_id))


def one_by_one(change: Event) -> list[BulkItem]:
    """Every item of a bulk change as it is now, recommendations first."""
    key, of = change.after["together"], change.after
    return [*_recommendations(of["recommendations"], key), *_actions(of["actions"], key)]


def _recommendations(ids: Sequence[int], key: str) -> Iterator[BulkItem]:
    rows = _now(Recommendation, ids)
    known, says = of_recommendations(ids, RECOMMENDATION.verbs), recommendations_say(ids)
    for id_ in ids:
        r, lines_of = rows[id_], known.get(id_, [])
        for line in _made_together(lines_of, key):
            back = put_back(line.id, lines_of, says[id_], RECOMMENDATION)
            yield BulkItem(False, id_, r.version, r.number, r.text, line, says[id_], back)


def _actions(ids: Sequence[int], key: str) -> Iterator[BulkItem]:
    rows = _now(Action, ids)
    known, says = of_actions(ids, ACTION.verbs), actions_say(ids)
    places = select(ActionPlace.action_id, func.min(ActionPlace.ref)).where(ActionPlace.action_id.in_(ids))
    refs = dict(db.session.execute(places.group_by(ActionPlace.action_id)).all())
    for id_ in ids:
        a, lines_of = rows[id_], known.get(id_, [])
        for line in _made_together(lines_of, key):
            back = LINKED if a.linked_into_id else put_back(line.id, lines_of, says[id_], ACTION)
            yield BulkItem(True, id_, a.version, refs.get(id_, ""), a.text, line, says[id_], back)


def _made_together(events: Sequence[Event], key: str) -> list[Event]:
    return [line for line in events if line.after.get("together") == key]


def questions_handed_over(
    key: str, *, actions: Collection[int], recommendations: Collection[int]
) -> dict[int, AskedOf]:
    """The open questions that a bulk change gave to another name, by their ids, with who was asked before.

    They are about these actions or recommendations, or actions inside the latter. Those given to a third name since are
    left out.
    """
    inside = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(recommendations))
    on_actions = of_actions({*actions, *db.session.scalars(inside)}, REASSIGNED)
    on_recommendations = of_recommendations(recommendations, REASSIGNED)
    told = [line for of_item in (*on_actions.values(), *on_recommendations.values()) for line in of_item]
    made = {line.after["challenge_id"]: line for line in _made_together(told, key)}
    still_asked = select(Challenge.id, Challenge.owner).where(
        Challenge.id.in_(made), Challenge.state.in_(("open", "answered"))
    )
    return {
        row.id: made[row.id].before
        for row in db.session.execute(still_asked)
        if row.owner == made[row.id].after["owner"]
    }


def _now(kind: type[UndoItem], ids: Collection[int]) -> dict[int, UndoItem]:
    """Read the items again from the record, ignoring what was read before."""
    rows = select(kind).where(kind.id.in_(ids)).execution_options(populate_existing=True)
    return {item.id: item for item in db.session.scalars(rows)}

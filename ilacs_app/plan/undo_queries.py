"""What the lines of a history say of undoing: which can be undone, which undid another, which were undone.

Many items that were changed together have one line in their plan's history, by which they are undone together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from ..access import NotKnown
from ..db import db
from ..history import Event, lines, of_action, of_plans, of_recommendation
from .content_queries import action_says, recommendation_says
from .model import Action, ActionPlace, Recommendation
from .undo_rules import ACTION, RECOMMENDATION, Undoable, put_back, undoable, undone


@dataclass(frozen=True)
class Undoing:
    """``can`` are the ids of the lines that may be undone. ``of`` holds the line that one undoes, ``fields`` what that
    put back, and ``by`` the line that undid one and stands, each by the id of that one."""

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


LINKED = "Another action stands in its place now."
TOGETHER = ("changed_together", "undone_together")


@dataclass(frozen=True)
class OneOfMany:
    """An item of a change of many, as it stands. ``back`` is what undoing puts back, or why it stays as it is."""

    of_action: bool
    id: int
    version: int
    ref: str
    text: str
    line: Event
    back: Mapping[str, Any] | str

    @property
    def stays(self) -> str:
        """Why it stays as it is, in short; empty where it goes back."""
        return (self.back if self.back == LINKED else "It was changed since.") if isinstance(self.back, str) else ""

    @property
    def seen(self) -> str:
        """How a form says which item was seen at which version."""
        return f"{'action' if self.of_action else 'recommendation'}-{self.id}-{self.version}"


@dataclass(frozen=True)
class Lately:
    """A change of many items of a plan, and the line by which it was undone, if it was."""

    line: Event
    undone: Event | None

    @property
    def items(self) -> int:
        return len(self.line.after["actions"]) + len(self.line.after["recommendations"])


def changed_lately(plan_ids: Collection[int], newest: int = 5) -> list[Lately]:
    """The newest changes of many items in these plans."""
    found = of_plans(plan_ids, TOGETHER, newest=2 * newest) if plan_ids else []
    gone = undone(found)
    return [Lately(one, gone.get(one.id)) for one in found if one.verb == TOGETHER[0]][:newest]


def changed_together(plan_id: int, event_id: int) -> Lately:
    """A change of many items of this plan.

    Raises:
        NotKnown: there is none of this id.
    """
    found = of_plans([plan_id], TOGETHER)
    for one in found:
        if one.id == event_id and one.verb == TOGETHER[0]:
            return Lately(one, undone(found).get(one.id))
    raise NotKnown(str(event_id))


def one_by_one(change: Event) -> list[OneOfMany]:
    """Each item that a change of many changed, recommendations first, as it stands now."""
    return [
        *(one for id_ in change.after["recommendations"] for one in _recommendation(id_, change.after["together"])),
        *(one for id_ in change.after["actions"] for one in _action(id_, change.after["together"])),
    ]


def _recommendation(id_: int, key: str) -> list[OneOfMany]:
    r = db.session.get_one(Recommendation, id_, populate_existing=True)
    known, now = of_recommendation(id_), recommendation_says(id_)
    return [
        OneOfMany(False, id_, r.version, r.number, r.text, line, put_back(line.id, known, now, RECOMMENDATION))
        for line in known
        if line.after.get("together") == key
    ]


def _action(id_: int, key: str) -> list[OneOfMany]:
    a = db.session.get_one(Action, id_, populate_existing=True)
    ref = db.session.scalar(select(func.min(ActionPlace.ref)).where(ActionPlace.action_id == id_)) or ""
    known, now, linked = of_action(id_), action_says(id_), LINKED if a.linked_into_id else ""
    return [
        OneOfMany(True, id_, a.version, ref, a.text, line, linked or put_back(line.id, known, now, ACTION))
        for line in known
        if line.after.get("together") == key
    ]

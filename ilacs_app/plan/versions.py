"""How a change of what a plan says is written: in an open plan, at the version that was seen, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from ..db import db
from ..history import Author, HistoryEvent, record
from ..people.commands import Refused, Stale
from .model import Action, ActionPlace, Inspection, Plan, Recommendation
from .state_rules import keeps_submitted_words


@dataclass(frozen=True, order=True)
class Chosen:
    """An item as it was seen; ``part`` is lead or board of a recommendation, or owner or contributor of an action."""

    part: str
    id: int
    version: int

    @property
    def of_action(self) -> bool:
        return self.part in {"owner", "contributor"}


def write_at(table: type[Inspection | Plan | Recommendation | Action], id_: int, version: int, **values: Any) -> None:
    """Give one row other values, and the next version.

    Raises:
        Stale: somebody changed it since the version that was seen.
    """
    written = db.session.scalar(
        update(table)
        .where(table.id == id_, table.version == version)
        .values(version=version + 1, **values)
        .returning(table.id)
    )
    if written is None:
        raise Stale


def hold(action_id: int) -> None:
    """Let nobody else change an action, or the recommendations in which it stands, until this transaction ends.

    Who leads, owns or contributes to it stays as it is from what is decided until it is written.
    """
    homes = select(ActionPlace.recommendation_id).where(ActionPlace.action_id == action_id)
    held = select(Recommendation.id).where(Recommendation.id.in_(homes)).order_by(Recommendation.id)
    db.session.execute(held.with_for_update(read=True)).all()
    db.session.execute(select(Action.id).where(Action.id == action_id).with_for_update(key_share=True)).all()


def together_key() -> str:
    """A new key for the lines of one change of many items (``Cause.together``)."""
    return secrets.token_hex(8)


def record_together(by: Author, key: str, says: str, items: Iterable[tuple[int, Chosen]]) -> None:
    """One line in the history of each plan (the first of each pair) that names all its items that changed together."""
    of: dict[int, list[Chosen]] = {}
    for plan_id, one in items:
        of.setdefault(plan_id, []).append(one)
    for plan_id, some in of.items():
        ids = {name: sorted({one.id for one in some if one.of_action is is_it}) for name, is_it in _ITEMS}
        record(by, "changed_together", plan_id=plan_id, about=says, after={"together": key, **ids})


_ITEMS = (("actions", True), ("recommendations", False))
CLOSED = "This plan is closed, so nothing in it is changed. Open it again first."


def open_plan(plan_id: int) -> Plan:
    """The plan, if its content may be changed.

    Raises:
        Refused: it is closed.
    """
    plan = db.session.get_one(Plan, plan_id)
    if plan.state == "closed":
        raise Refused(CLOSED)
    return plan


def submitted_words(plan: Plan, item: Recommendation | Action, new: str) -> str | None:
    """The submitted words to keep beside new ones: none where they are the same, or nothing was submitted.

    What was added after the plan was submitted never was. What counts is when it was submitted here, not the day that
    was typed for it: a plan may have been submitted before it came here.
    """
    if not keeps_submitted_words(plan.state):
        return None
    if item.submitted_text is None and _added_at(item) > _submitted_at(plan.id):
        return None
    submitted = item.submitted_text if item.submitted_text is not None else item.text
    return submitted if submitted != new else None


def _added_at(item: Recommendation | Action) -> int:
    """The line of history with which an item came into its plan; 0 where it is older than its history."""
    its = {"action_id": item.id} if isinstance(item, Action) else {"recommendation_id": item.id, "action_id": None}
    added = select(func.min(HistoryEvent.id)).filter_by(plan_id=item.plan_id, **its)
    return db.session.scalar(added.where(HistoryEvent.verb.in_(_ADDING))) or 0


def _submitted_at(plan_id: int) -> int:
    """The line of history with which a plan was submitted here, for the last time.

    Where it never was: with which it first became live, or else was imported or made.
    """
    steps = db.session.execute(
        select(HistoryEvent.id, HistoryEvent.verb, HistoryEvent.before, HistoryEvent.after)
        .where(HistoryEvent.plan_id == plan_id, HistoryEvent.verb.in_(("plan_moved", "plan_imported", "plan_made")))
        .order_by(HistoryEvent.id)
    ).all()
    moved = [(id_, before["state"], after["state"]) for id_, verb, before, after in steps if verb == "plan_moved"]
    submitted = [id_ for id_, before, after in moved if (before, after) == ("draft", "submitted")]
    live = [id_ for id_, _, after in moved if after == "live"]
    came = [id_ for id_, verb, _, _ in steps if verb != "plan_moved"]
    return next(iter((*submitted[-1:], *live[:1], *came[-1:])), 0)


_ADDING = ("action_added", "imported", "recommendation_added")

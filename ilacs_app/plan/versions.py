"""How a change of what a plan says is written: in an open plan, at the version that was seen, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from .. import clock
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


def submitted_words(plan: Plan, kept: str | None, old: str, new: str, added: dict[str, Any]) -> str | None:
    """The submitted words to keep beside new ones: none where they are the same, or nothing was submitted.

    ``added`` finds the event that added the item: what was added after the plan was submitted never was.
    """
    if not keeps_submitted_words(plan.state):
        return None
    submitted = kept if kept is not None else old
    since = plan.submitted_on or plan.live_on
    if kept is None and since is not None:
        at = db.session.scalar(select(HistoryEvent.at).filter_by(**added).limit(1))
        if at is not None and clock.london_day(at) > since:
            return None
    return submitted if submitted != new else None

"""Calls for help: those of one action, and those that wait for somebody's reply."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from ilacs_app.access import Actor, ActsAs
from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action, Plan
from ilacs_app.plan.visibility import accountable_by
from ilacs_app.progress.help.model import HelpCall
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.queries import ON_BEHALF, signed


@dataclass(frozen=True)
class Call:
    """A call for help; the instants are UTC. Open while ``closed_at`` is not set; closed without a reply by an answer.

    ``goes_to`` is empty where it goes to the programme manager.
    """

    id: int
    action_id: int
    asked_by_id: int
    who: str
    at: datetime
    blocker: str
    goes_to: str
    reply: str
    replied_by: str
    closed_at: datetime | None


_GOES_TO, _CLOSER = aliased(Person), aliased(Person)
_CALL: tuple[Any, ...] = (
    HelpCall.id,
    HelpCall.action_id,
    HelpCall.asked_by_id,
    signed(),
    HelpCall.asked_at,
    HelpCall.blocker,
    func.coalesce(_GOES_TO.name, ""),
    HelpCall.reply,
    func.coalesce(_CLOSER.name, ""),
    HelpCall.closed_at,
)
_CALLS = (
    select(*_CALL)
    .join(Person, Person.id == HelpCall.asked_by_id)
    .join(ProgressNote, ProgressNote.id == HelpCall.note_id)
    .outerjoin(ON_BEHALF, ON_BEHALF.id == ProgressNote.for_person_id)
    .outerjoin(_GOES_TO, _GOES_TO.id == HelpCall.to_person_id)
    .outerjoin(_CLOSER, _CLOSER.id == HelpCall.closed_by_id)
)


def calls(action_id: int) -> list[Call]:
    """Every call on an action, newest first."""
    found = _CALLS.where(HelpCall.action_id == action_id).order_by(HelpCall.id.desc())
    return [Call(*row) for row in db.session.execute(found)]


def _newest_calls() -> Select[Any]:
    of_these = HelpCall.action_id.in_(bindparam("action_ids", expanding=True))
    newest = select(func.max(HelpCall.id)).where(of_these).group_by(HelpCall.action_id)
    since = aliased(ProgressNote)
    word_since = exists().where(
        since.action_id == HelpCall.action_id, since.corrects_id.is_(None), since.written_at > HelpCall.closed_at
    )
    fresh = or_(HelpCall.closed_at.is_(None), and_(HelpCall.reply != "", ~word_since))
    return _CALLS.where(HelpCall.id.in_(newest), fresh)


_NEWEST_CALLS = _newest_calls()  # made once: each row that is saved asks it


def newest_calls(action_ids: Collection[int]) -> dict[int, Call]:
    """Of these actions, the newest call of each that is open, or that was replied to with no word since."""
    if not action_ids:
        return {}
    return {row[1]: Call(*row) for row in db.session.execute(_NEWEST_CALLS, {"action_ids": list(action_ids)})}


def calls_to_answer(actor: Actor, today: date) -> list[tuple[ActionRow, Call]]:
    """The open calls in live plans that go to this person, oldest first.

    Those of the accountable lead, by name or in a team; of the programme manager where nobody else is named.
    """
    if not actor.has_items and not actor.has("programme_manager"):
        return []
    open_calls = [Call(*row) for row in db.session.execute(_open_calls_to(actor))]
    if not open_calls:
        return []
    wanted = Filter(action_ids=frozenset(call.action_id for call in open_calls))
    rows: dict[int, ActionRow] = {}
    for row in action_rows(actor, wanted, today, size=None):
        rows.setdefault(row.id, row)
    return [(rows[call.action_id], call) for call in open_calls if call.action_id in rows]


@lru_cache(maxsize=64)
def _open_calls_to(actor: Actor) -> Select[Any]:
    managed = {g.plan_id for g in actor.grants if g.role == "programme_manager"}
    manages = true() if None in managed else Action.plan_id.in_(managed) if managed else false()
    return (
        _CALLS.join(Action, Action.id == HelpCall.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(
            Plan.state == "live",
            HelpCall.closed_at.is_(None),
            HelpCall.asked_by_id != actor.id,
            or_(
                HelpCall.to_person_id.in_(actor.acts_as.person_ids),
                and_(
                    HelpCall.to_person_id.is_(None),
                    or_(manages, accountable_by(ActsAs((actor.id,), actor.team_ids))),
                ),
            ),
        )
        .order_by(HelpCall.id)
    )

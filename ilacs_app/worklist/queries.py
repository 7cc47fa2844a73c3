"""The one query "what waits for whom", behind My work and the letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, literal, or_, select

from ..access import Actor
from ..db import db
from ..plan.filters import is_counted, is_due_soon, is_open, is_overdue, is_quiet, is_review_due
from ..plan.model import Action, Plan
from ..plan.narrowing import Filter
from ..plan.queries import ActionRow, action_rows, council_name
from ..plan.reach import delivered_by
from ..progress.model import ProgressNote, StatusMove
from ..progress.queries import sent_back
from ..progress.rules import MoveKind
from .rules import Group, group_of


@dataclass(frozen=True)
class Waiting:
    """An action that waits for somebody, in the first group that fits; ``back`` says who sent it back, when and why."""

    row: ActionRow
    group: Group
    back: tuple[str, datetime, str] | None = None


def delivered(actor: Actor, today: date) -> list[ActionRow]:
    """Every action of a live plan that this person leads, owns or contributes to, each once."""
    once: dict[int, ActionRow] = {}
    for row in action_rows(actor, Filter(delivered_by=actor.hands), today, size=None):
        once.setdefault(row.id, row)
    return list(once.values())


def waiting(actor: Actor, today: date) -> list[Waiting]:
    """What waits for this person: groups in their order, the most overdue first, then the soonest due."""
    rows = delivered(actor, today) if actor.has_items else []
    returned = sent_back([row.id for row in rows if row.status == "in_progress"])
    found = []
    for row in rows:
        group = group_of(row.facts, row.id in returned, today)
        if group:
            found.append(Waiting(row, group, returned.get(row.id)))
    order = list(Group)
    return sorted(found, key=lambda w: (order.index(w.group), -w.row.days, w.row.due_on or date.max))


def count_waiting(actor: Actor, today: date) -> int:
    """How many actions wait for this person: the number beside My work.

    The SQL of ``waiting``; ``tests/data/test_filters.py`` holds the two together.
    """
    return db.session.scalar(_number_waiting(actor, today)) or 0 if actor.has_items else 0


def frame_facts(actor: Actor, today: date) -> tuple[str, int]:
    """What stands around every page, in one question: the council's name, and how many actions wait."""
    waits = _number_waiting(actor, today).scalar_subquery() if actor.has_items else literal(0)
    council, number = db.session.execute(select(council_name().scalar_subquery(), waits)).one()
    return council or "", number


def _number_waiting(actor: Actor, today: date) -> Select[int]:
    last = select(func.max(StatusMove.id)).where(StatusMove.action_id == Action.id).correlate(Action).scalar_subquery()
    noted = exists().where(ProgressNote.action_id == Action.id, ProgressNote.written_at > StatusMove.at)
    returned = exists().where(StatusMove.id == last, StatusMove.kind == MoveKind.SENT_BACK, ~noted)
    asked = or_(is_overdue(today), is_due_soon(today), is_review_due(today), is_quiet(today), returned)
    return (
        select(func.count())
        .select_from(Action)
        .join(Plan, Plan.id == Action.plan_id)
        .where(Plan.state == "live", is_counted(), delivered_by(actor.hands), is_open(), asked)
    )

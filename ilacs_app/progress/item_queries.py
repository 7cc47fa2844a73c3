"""What the page of one action says of its stages, its proof and a judgement that stands on its rating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from .. import clock
from ..db import db
from ..people.model import Person
from ..plan.model import Action, ActionStage
from .model import Evidence, StatusMove
from .rules import MoveKind


@dataclass(frozen=True)
class StageLine:
    """One stage, and when and by whom it was ticked."""

    position: int
    label: str
    due_on: date
    done_on: date | None
    done_by: str | None


def stages(action_id: int) -> list[StageLine]:
    """The stages of an action in the plan's order."""
    rows = db.session.execute(
        select(ActionStage.position, ActionStage.label, ActionStage.due_on, ActionStage.done_on, Person.name)
        .outerjoin(Person, Person.id == ActionStage.done_by_id)
        .where(ActionStage.action_id == action_id)
        .order_by(ActionStage.position)
    )
    return [StageLine(*row) for row in rows]


def judged_by(action_id: int) -> tuple[str, date | None] | None:
    """Who set the rating by judgement, and on which day."""
    row = db.session.execute(
        select(Person.name, Action.override_on)
        .join(Person, Person.id == Action.override_by_id)
        .where(Action.id == action_id)
    ).first()
    return (row[0], row[1]) if row else None


@dataclass(frozen=True)
class Proof:
    """The London day of the newest evidence, and the UTC instant at which a claim was last sent back."""

    last_proved_on: date | None
    last_sent_back: datetime | None


def proof(action_id: int) -> Proof:
    """When an action was last proved by evidence, and when a claim of it was last sent back."""
    newest = (
        select(func.max(Evidence.added_at))
        .where(Evidence.action_id == action_id, Evidence.withdrawn_on.is_(None))
        .scalar_subquery()
    )
    back = (
        select(func.max(StatusMove.at))
        .where(StatusMove.action_id == action_id, StatusMove.kind == MoveKind.SENT_BACK)
        .scalar_subquery()
    )
    added_at, sent_back_at = db.session.execute(select(newest, back)).one()
    return Proof(clock.london_day(added_at) if added_at else None, sent_back_at)

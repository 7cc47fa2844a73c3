"""The stages of one action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.plan.model import ActionStage


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
        select(
            ActionStage.position,
            ActionStage.label,
            ActionStage.due_on,
            ActionStage.done_on,
            Person.name.label("done_by"),
        )
        .outerjoin(Person, Person.id == ActionStage.done_by_id)
        .where(ActionStage.action_id == action_id)
        .order_by(ActionStage.position)
    )
    return [StageLine(**row._mapping) for row in rows]

"""Who judged a rating otherwise than the rules."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action


def judged_by(action_id: int) -> tuple[str, date | None] | None:
    """Who set the rating by judgement, and on which day."""
    row = db.session.execute(
        select(Person.name, Action.override_on)
        .join(Person, Person.id == Action.override_by_id)
        .where(Action.id == action_id)
    ).first()
    return (row[0], row[1]) if row else None

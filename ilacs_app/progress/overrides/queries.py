"""Who overrode a rating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action


@dataclass(frozen=True)
class OverriddenBy:
    """Who overrode a rating, and on which day."""

    who: str
    on: date | None


def overridden_by(action_id: int) -> OverriddenBy | None:
    """Return who overrode the rating of an action; None if no one did."""
    row = db.session.execute(
        select(Person.name.label("who"), Action.override_on.label("on"))
        .join(Person, Person.id == Action.override_by_id)
        .where(Action.id == action_id)
    ).first()
    return OverriddenBy(**row._mapping) if row else None

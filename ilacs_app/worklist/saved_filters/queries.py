"""The views that someone saved."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from ilacs_app.db import db
from ilacs_app.worklist.saved_filters.model import SavedFilter


@dataclass(frozen=True)
class KeptFilter:
    """The address of a filtered list, under a name that its owner chose."""

    id: int
    name: str
    address: str


def kept_filters(person_id: int) -> list[KeptFilter]:
    """Return the saved views of this person, by name."""
    rows = db.session.execute(
        select(SavedFilter.id, SavedFilter.name, SavedFilter.address)
        .where(SavedFilter.person_id == person_id)
        .order_by(func.lower(SavedFilter.name), SavedFilter.id)
    )
    return [KeptFilter(**row._mapping) for row in rows]

"""The filters that somebody keeps."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from ilacs_app.db import db
from ilacs_app.worklist.saved_filters.model import SavedFilter


@dataclass(frozen=True)
class KeptFilter:
    """A list's address under its owner's own name for it."""

    id: int
    name: str
    address: str


def kept_filters(person_id: int) -> list[KeptFilter]:
    """The filters of this person, by name."""
    rows = db.session.execute(
        select(SavedFilter.id, SavedFilter.name, SavedFilter.address)
        .where(SavedFilter.person_id == person_id)
        .order_by(func.lower(SavedFilter.name), SavedFilter.id)
    )
    return [KeptFilter(*row) for row in rows]

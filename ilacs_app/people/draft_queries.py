"""What somebody typed and has not saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ..db import db
from .model import Draft


@dataclass(frozen=True)
class KeptDraft:
    """The fields of a form by name, as they were typed; ``saved_at`` is a UTC instant."""

    fields: dict[str, str]
    saved_at: datetime


def draft_of(person_id: int, address: str) -> KeptDraft | None:
    """What this person typed into the form that is sent to ``address`` and has not saved."""
    row = db.session.execute(
        select(Draft.fields, Draft.saved_at).where(Draft.person_id == person_id, Draft.address == address)
    ).first()
    return KeptDraft(row[0], row[1]) if row else None

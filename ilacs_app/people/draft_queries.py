"""What somebody typed and has not saved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ..db import db
from .model import Draft


@dataclass(frozen=True)
class KeptDraft:
    """The fields of a form by name, as they were typed; ``saved_at`` is a UTC instant, ``once`` the form's key."""

    fields: dict[str, str]
    saved_at: datetime
    once: str = ""


def drafts_of(person_id: int, addresses: Collection[str]) -> dict[str, KeptDraft]:
    """What this person typed into the forms that are sent to these addresses and has not saved, by address."""
    rows = db.session.execute(
        select(Draft.address, Draft.fields, Draft.saved_at, Draft.once).where(
            Draft.person_id == person_id, Draft.address.in_(addresses)
        )
    )
    return {address: KeptDraft(fields, saved_at, once) for address, fields, saved_at, once in rows}

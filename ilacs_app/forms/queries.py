"""Drafts, and forms that were already saved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.forms.model import Draft, Submission


@dataclass(frozen=True)
class KeptDraft:
    """A draft: what was typed, by field name. ``saved_at`` is a UTC instant, ``once`` the form's key."""

    fields: dict[str, str]
    saved_at: datetime
    once: str = ""


def drafts_of(person_id: int, addresses: Collection[str]) -> dict[str, KeptDraft]:
    """Return this person's drafts of the forms that are sent to these addresses, by address."""
    rows = db.session.execute(
        select(Draft.address, Draft.fields, Draft.saved_at, Draft.once).where(
            Draft.person_id == person_id, Draft.address.in_(addresses)
        )
    )
    return {address: KeptDraft(fields, saved_at, once) for address, fields, saved_at, once in rows}


def answer_for_once_key(person_id: int, once: str, content: str) -> str | None:
    """Return what this person was told when the form with this key and content was saved, or None."""
    its = (Submission.person_id == person_id, Submission.once == once, Submission.content == content)
    return db.session.scalar(select(Submission.said).where(*its))


def typed_before(person_id: int, once: str) -> list[dict[str, str]]:
    """Return what was typed in each saved form of this person with this key.

    There is one, unless it was changed and sent again after the answer to the first was lost.
    """
    its = (Submission.person_id == person_id, Submission.once == once)
    return list(db.session.scalars(select(Submission.typed).where(*its))) if once else []

"""What somebody types and has not saved is kept for them on the server, never in the browser's storage."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from .. import clock
from ..db import db
from .model import Draft

LONGEST_DRAFT = 60_000  # characters of all fields together: a dozen full texts of a form
LONGEST_NAME = 60


def keep_draft(person_id: int, address: str, back: str, fields: Mapping[str, str]) -> bool:
    """Keep what stands in the form that is sent to ``address``, in place of what was kept of it before.

    Answers whether it was kept: a form without a word is forgotten, one that is too long is left as it was.
    """
    typed = {name: text for name, text in fields.items() if len(name) <= LONGEST_NAME}
    if sum(map(len, typed.values())) > LONGEST_DRAFT:
        return False
    if not any(typed.values()):
        drop_draft(person_id, (address,))
        return False
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"back": back, "fields": typed, "saved_at": clock.now()}
    db.session.execute(
        insert(Draft)
        .values(person_id=person_id, address=address, **values)
        .on_conflict_do_update(index_elements=["person_id", "address"], set_=values)
    )
    return True


def drop_draft(person_id: int, addresses: Collection[str]) -> None:
    """Forget what was kept of the forms that are sent to these addresses: it was saved."""
    db.session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.address.in_(addresses)))

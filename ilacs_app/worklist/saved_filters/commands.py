"""Save a list as it is filtered, under a name, and remove it."""

from __future__ import annotations

from sqlalchemy import delete, select

from ilacs_app import clock
from ilacs_app.db import db, insert_once
from ilacs_app.errors import Refused
from ilacs_app.history import Author, record
from ilacs_app.worklist.saved_filters.model import SavedFilter

MOST_FILTERS = 60


def save_filter(by: Author, name: str, address: str) -> int:
    """Save the address of a list under a name that its owner chose. Return its id.

    Raises:
        Refused: they have a saved view with this name, or as many as one person may have.
    """
    mine = select(SavedFilter.id).where(SavedFilter.person_id == by.person_id)
    if len(db.session.scalars(mine).all()) >= MOST_FILTERS:
        raise Refused(f"You have {MOST_FILTERS} saved views. Remove one you no longer use, then save this one")
    saved = insert_once(SavedFilter, person_id=by.person_id, name=name, address=address, saved_at=clock.now())
    if saved is None:
        raise Refused("You already have a saved view with this name. Enter another name, or remove that one first")
    record(by, "filter_kept", about=name, after={"address": address})
    return saved


def take_filter_away(by: Author, filter_id: int) -> str | None:
    """Remove one of a person's saved views. Return its name, or nothing if it is not theirs or not there."""
    gone = db.session.execute(
        delete(SavedFilter)
        .where(SavedFilter.id == filter_id, SavedFilter.person_id == by.person_id)
        .returning(SavedFilter.name, SavedFilter.address)
    ).first()
    if gone is None:
        return None
    record(by, "filter_taken_away", about=gone.name, before={"address": gone.address})
    return str(gone.name)

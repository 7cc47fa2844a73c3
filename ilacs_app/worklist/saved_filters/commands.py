"""What keeps a list's filter under a name, and takes it away."""

from __future__ import annotations

from sqlalchemy import delete, select

from ilacs_app import clock
from ilacs_app.db import db, insert_once
from ilacs_app.errors import Refused
from ilacs_app.history import Author, record
from ilacs_app.worklist.saved_filters.model import SavedFilter

MOST_FILTERS = 60


def save_filter(by: Author, name: str, address: str) -> int:
    """Keep an address of one of our lists under a name of its owner's own. Returns its id.

    Raises:
        Refused: they have a filter of this name, or as many as one person may have.
    """
    mine = select(SavedFilter.id).where(SavedFilter.person_id == by.person_id)
    if len(db.session.scalars(mine).all()) >= MOST_FILTERS:
        raise Refused(f"You have {MOST_FILTERS} filters. Take away one that you no longer use, then keep this one.")
    saved = insert_once(SavedFilter, person_id=by.person_id, name=name, address=address, saved_at=clock.now())
    if saved is None:
        raise Refused("You have a filter of this name. Choose another name, or take that one away first.")
    record(by, "filter_kept", about=name, after={"address": address})
    return saved


def take_filter_away(by: Author, filter_id: int) -> str | None:
    """Take away one of a person's own filters. Returns its name, if there was one to take away."""
    gone = db.session.execute(
        delete(SavedFilter)
        .where(SavedFilter.id == filter_id, SavedFilter.person_id == by.person_id)
        .returning(SavedFilter.name, SavedFilter.address)
    ).first()
    if gone is None:
        return None
    record(by, "filter_taken_away", about=gone[0], before={"address": gone[1]})
    return str(gone[0])

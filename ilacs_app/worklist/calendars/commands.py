"""Create and stop private calendar links."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.errors import Refused
from ilacs_app.history import Author, record
from ilacs_app.people.boards.model import Board
from ilacs_app.people.sign_in.passwords import token_hash
from ilacs_app.worklist.calendars.model import CalendarFeed

MOST_ADDRESSES = 20


def make_calendar_address(by: Author, *, board_id: int | None = None) -> str:
    """Create a private link to someone's own dates, or to those of one board. Return its token, which is not stored.

    Raises:
        Refused: they have as many links as one person may have.
    """
    mine = select(CalendarFeed.id).where(CalendarFeed.person_id == by.person_id, CalendarFeed.revoked_at.is_(None))
    if len(db.session.scalars(mine).all()) >= MOST_ADDRESSES:
        raise Refused(f"You have {MOST_ADDRESSES} calendar links. Stop one you no longer use, then create this one")
    token = secrets.token_urlsafe(32)
    db.session.add(
        CalendarFeed(person_id=by.person_id, board_id=board_id, token_hash=token_hash(token), made_at=clock.now())
    )
    record(by, "calendar_address_made", about=_about(board_id), after={"board_id": board_id})
    return token


def revoke_calendar_address(by: Author, feed_id: int) -> bool:
    """Stop one of a person's links for good. Return whether there was one to stop."""
    row = db.session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.id == feed_id, CalendarFeed.person_id == by.person_id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(CalendarFeed.board_id)
    ).first()
    if row is None:
        return False
    record(by, "calendar_address_stopped", about=_about(row.board_id), after={"board_id": row.board_id})
    return True


def _about(board_id: int | None) -> str:
    if board_id is None:
        return "own items"
    return db.session.scalar(select(Board.name).where(Board.id == board_id)) or ""

"""What people keep for themselves: filters by name, and private calendar addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Model, UtcInstant


class SavedFilter(Model):
    """A list's address under a name of its owner's own."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("person_id", "name", name="uq_saved_filter_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)


class CalendarFeed(Model):
    """A private calendar address of a person, for their own items or for one board; only its SHA-256 is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)

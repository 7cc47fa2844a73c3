"""Boards and the days on which they meet."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import JsonDocument, Model


class Board(Model):
    __tablename__ = "board"
    __table_args__ = (CheckConstraint("quorum is null or quorum > 0", name="quorum"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    other_names: Mapped[list[str]] = mapped_column(JsonDocument, default=list)
    leads_page: Mapped[int | None] = mapped_column(doc="1 to 3: leads every governance page in this order")
    version: Mapped[int] = mapped_column(default=1)
    quorum: Mapped[int | None] = mapped_column(doc="how many members must attend before it decides; none: any")


class Meeting(Model):
    """A meeting of a board: its day and, where it is known, its time (``14:00``)."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("board_id", "on_day", name="uq_meeting_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    on_day: Mapped[date]
    at_time: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    cancelled_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")

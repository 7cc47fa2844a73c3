"""Calls for help. Each is closed once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant


class HelpCall(Model):
    """A call for help: open until it is replied to, or until a later answer says on track or done."""

    __tablename__ = "help_call"
    __table_args__ = (Index("ix_help_call_action", "action_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    note_id: Mapped[int] = mapped_column(ForeignKey("progress_note.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    blocker: Mapped[str] = mapped_column(Text)
    to_person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), doc="the accountable lead; none: the programme manager"
    )
    reply: Mapped[str] = mapped_column(Text, default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)

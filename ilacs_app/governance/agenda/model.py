"""What was changed in the agenda that the rules make of a meeting, and what was on it when the meeting began."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model


class AgendaEntry(Model):
    """An item that was moved, struck, made exempt or chosen; ``key`` names it as ``rules.AgendaFact`` does."""

    __tablename__ = "agenda_entry"
    __table_args__ = (UniqueConstraint("meeting_id", "key", name="uq_agenda_entry_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    key: Mapped[str] = mapped_column(Text)
    place: Mapped[int | None] = mapped_column(doc="in the whole agenda, from 1; none: where the rules put it")
    struck: Mapped[bool] = mapped_column(default=False)
    exempt: Mapped[bool] = mapped_column(default=False)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"), doc="of a deep dive")
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"), doc="of a deep dive")
    opened: Mapped[bool] = mapped_column(default=False, doc="moved out of the exempt part, where it was by the rules")


class MeetingItem(Model):
    """An item as it was on the agenda when the meeting began or the board first decided on it. It is never changed."""

    __tablename__ = "meeting_item"
    __table_args__ = (UniqueConstraint("meeting_id", "key", name="uq_meeting_item_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="", doc="the line under its title")
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"))

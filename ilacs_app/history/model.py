"""Events, and the rows that each of them changed. Appended, never changed and never deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import JsonDocument, Model, UtcInstant


class HistoryEvent(Model):
    __tablename__ = "history_event"
    __table_args__ = (
        Index("ix_history_event_action", "action_id", "id"),
        Index("ix_history_event_recommendation", "recommendation_id", "id"),
        Index("ix_history_event_plan", "plan_id", "id"),
        Index("ix_history_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    who: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text, default="")
    verb: Mapped[str] = mapped_column(Text)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    about: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)


class HistoryChange(Model):
    """One row of the record after an event: the columns that the event changed, or nothing where the row is gone.

    ``entity`` is a table of ``RECORD`` and ``key`` the row's primary key, joined by ``/``. Days and instants are in
    ISO 8601, instants in UTC. Rows that a new database is made with belong to no event.
    """

    __tablename__ = "history_change"
    __table_args__ = (
        Index("ix_history_change_event", "event_id", "id"),
        Index("ix_history_change_action", "action_id", "id"),
        Index("ix_history_change_recommendation", "recommendation_id", "id"),
        Index("ix_history_change_entity", "entity", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("history_event.id"))
    entity: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    recommendation_id: Mapped[int | None] = mapped_column(doc="the recommendation that the row belongs to")
    action_id: Mapped[int | None] = mapped_column(doc="the action that the row belongs to")
    after: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    )

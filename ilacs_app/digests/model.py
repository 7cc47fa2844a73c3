"""The outbox: a letter is a row before it is mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import JsonDocument, Model, UtcInstant, one_of

LETTER_KINDS = ("lead", "chair", "manager")
LEASE = timedelta(minutes=10)
"""How long sending one letter may take. After that its sender has stopped; a slow mail server takes far less."""
LETTER_STATES = ("queued", "sending", "sent", "unsure", "refused")


class Letter(Model):
    """One letter to one person. ``sending`` while a sender has claimed it; ``unsure`` if that sender stopped.

    Unique by person, kind and period: an ISO week such as ``2026-W20``, or a month such as ``2026-05``.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "period", name="uq_letter_period"),
        CheckConstraint(one_of("kind", LETTER_KINDS), name="kind"),
        CheckConstraint(one_of("state", LETTER_STATES), name="state"),
        Index("ix_letter_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    to_email: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    action_ids: Mapped[list[int]] = mapped_column(JsonDocument, default=list)
    state: Mapped[str] = mapped_column(Text, default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcInstant)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    problem: Mapped[str] = mapped_column(Text, default="")
    challenge_ids: Mapped[list[int]] = mapped_column(
        JsonDocument, default=list, doc="the board questions that it names"
    )
    recommendation_ids: Mapped[list[int]] = mapped_column(
        JsonDocument, default=list, doc="the recommendations whose changes it tells of"
    )

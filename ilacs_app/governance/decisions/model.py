"""What a board decided at a meeting. A decision is never changed: a later one points at it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant, one_of
from ilacs_app.governance.decisions.rules import DecisionKind


class Decision(Model):
    """A decision of a board on an item of its agenda; ``key`` names the item as ``agenda.rules.AgendaFact`` does.

    ``detail`` completes its kind: the date that was agreed, until when it is paused, the board that it was referred to.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(one_of("kind", tuple(DecisionKind)), name="kind"),
        CheckConstraint("(kind = 'refer') = (referred_to_id is not null)", name="referred_to_id"),
        Index("ix_decision_meeting", "meeting_id", "id"),
        Index("ix_decision_action", "action_id"),
        Index("ix_decision_recommendation", "recommendation_id"),
        Index("ix_decision_referred_to", "referred_to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, doc="what the agenda called the item")
    detail: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="", doc="for the minutes")
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"))
    referred_to_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), doc="who recorded it")
    at: Mapped[datetime] = mapped_column(UtcInstant)

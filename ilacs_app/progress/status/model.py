"""Moves of the delivery status, appended and never changed, and who delivered the action at a claim."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant, one_of
from ilacs_app.plan.rules import STATUSES
from ilacs_app.progress.status.rules import MoveKind


class StatusMove(Model):
    __tablename__ = "status_move"
    __table_args__ = (
        CheckConstraint(one_of("from_status", STATUSES), name="from_status"),
        CheckConstraint(one_of("to_status", STATUSES), name="to_status"),
        CheckConstraint(one_of("kind", tuple(MoveKind)), name="kind"),
        Index("ix_status_move_action", "action_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    kind: Mapped[str] = mapped_column(Text)
    from_status: Mapped[str] = mapped_column(Text)
    to_status: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    month: Mapped[date | None]
    review_on: Mapped[date | None]
    sample: Mapped[str] = mapped_column(Text, default="", doc="what a verifier looked at")
    tested_on: Mapped[date | None]
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), doc="on whose behalf it was moved")
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), doc="where a board decided it")


class ClaimHolder(Model):
    """Who delivered an action when it was last claimed, and who claimed it: none of them can verify it.

    They led, owned or contributed to it, by name, in a team or as a stand-in; it may have been reassigned since.
    """

    __tablename__ = "claim_hand"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

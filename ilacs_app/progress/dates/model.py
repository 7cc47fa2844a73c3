"""Requests for another date. Each is closed once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant, one_of
from ilacs_app.progress.dates.rules import REASON_CLASSES, REQUEST_STATES, DecidedBy


class DateRequest(Model):
    """New words requested for a timescale, and what was decided (product rule 4, date requests)."""

    __tablename__ = "date_request"
    __table_args__ = (
        CheckConstraint(one_of("reason_class", tuple(REASON_CLASSES)), name="reason_class"),
        CheckConstraint(one_of("state", tuple(REQUEST_STATES)), name="state"),
        CheckConstraint(one_of("decided_as", ("", *DecidedBy)), name="decided_as"),
        CheckConstraint("(decided_as = 'board') = (decided_meeting_id is not null)", name="decided_meeting_id"),
        Index("ix_date_request_action", "action_id", "id"),
        Index("ix_date_request_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), doc="null: a plan file that was imported again"
    )
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), doc="on whose behalf")
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    words: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(doc="how the words are read")
    reason_class: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text, default="", doc="effect on children")
    cover: Mapped[str] = mapped_column(Text, default="", doc="what happens in the meantime")
    source: Mapped[str] = mapped_column(Text, default="", doc="the name of the plan file, if it came from one")
    needs_board: Mapped[bool] = mapped_column(default=False, doc="a board at a meeting must decide")
    asked_before_id: Mapped[int | None] = mapped_column(
        ForeignKey("meeting.id"), doc="the meeting, at most 14 days later, of a board that governs the item"
    )
    state: Mapped[str] = mapped_column(Text, default="waiting")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_words: Mapped[str] = mapped_column(Text, default="")
    says: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    decided_as: Mapped[str] = mapped_column(Text, default="", doc="a value of DecidedBy; empty while open or withdrawn")
    decided_meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), doc="where a board decided")

"""Requests for help and the replies to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, and_, exists, or_
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant


class HelpCall(Model):
    """A request for help. Closed by *yes, it helped*, by a later answer that needs none, or by a newer request."""

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
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class HelpReply(Model):
    """A reply to a request, and whether it helped those who asked."""

    __tablename__ = "help_reply"
    __table_args__ = (Index("ix_help_reply_call", "call_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("help_call.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    words: Mapped[str] = mapped_column(Text)
    helped: Mapped[bool | None] = mapped_column(doc="yes, not yet, or nobody has said")
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcInstant)


def waits_for_reply() -> ColumnElement[bool]:
    """The clause on ``HelpCall`` for open requests without a reply, or only with replies that did not help."""
    stands = or_(HelpReply.helped.is_(None), HelpReply.helped.is_(True))
    answered = exists().where(HelpReply.call_id == HelpCall.id, stands)
    return and_(HelpCall.closed_at.is_(None), ~answered)

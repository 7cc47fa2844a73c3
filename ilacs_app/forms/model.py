"""Tables behind forms: those already saved, and drafts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import JsonDocument, Model, UtcInstant


class Submission(Model):
    """A form that was saved. Sent again with the same key and content, it gets the same answer and writes nothing.

    Other content with the same key is a form of its own: the first answer was lost, and what was typed since must not
    be lost with it.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("person_id", "once", "content", name="uq_submission_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    once: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    content: Mapped[str] = mapped_column(Text, default="", doc="SHA-256 of where it was sent, its fields and its files")
    typed: Mapped[dict[str, str]] = mapped_column(JsonDocument, default=dict, doc="what a draft of it would hold")


class Draft(Model):
    """What someone typed into a form and has not saved. One for each form, deleted when it is saved."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "address", name="uq_draft_address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(Text, doc="where the form is sent to")
    back: Mapped[str] = mapped_column(Text, default="", doc="the page that shows the form")
    fields: Mapped[dict[str, str]] = mapped_column(JsonDocument, default=dict)
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)
    once: Mapped[str] = mapped_column(Text, default="", doc="of the form in which it was typed last")

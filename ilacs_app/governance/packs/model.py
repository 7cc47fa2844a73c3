"""Packs: the papers that a board is given before a meeting, fixed when they are published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import JsonDocument, Model, UtcInstant, one_of

PACK_FORMATS = ("page", "pdf", "docx")
"""``page`` is the document itself, as JSON: the page is drawn from it, and a later day is compared with it."""


class Pack(Model):
    """A version of the papers for a meeting; never changed. ``as_at`` is the instant whose record it shows."""

    __tablename__ = "pack"
    __table_args__ = (UniqueConstraint("meeting_id", "number", name="uq_pack_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    as_at: Mapped[datetime] = mapped_column(UtcInstant)
    as_at_day: Mapped[date] = mapped_column(doc="the London day by which the rules looked at the plan")
    last_event_id: Mapped[int | None] = mapped_column(
        ForeignKey("history_event.id"), doc="the newest line of history that it shows"
    )
    published_at: Mapped[datetime] = mapped_column(UtcInstant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_by: Mapped[str] = mapped_column(Text)
    plan_ids: Mapped[list[Any]] = mapped_column(JsonDocument, doc="the plans of which it holds something")


class PackFile(Model):
    """One format of a pack: where its bytes are stored, and their SHA-256. ``exempt``: the copy with that part."""

    __tablename__ = "pack_file"
    __table_args__ = (
        UniqueConstraint("pack_id", "format", "exempt", name="uq_pack_file_format"),
        CheckConstraint(one_of("format", PACK_FORMATS), name="format"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    format: Mapped[str] = mapped_column(Text)
    exempt: Mapped[bool]
    store_key: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(doc="bytes")
    sha256: Mapped[str] = mapped_column(Text)

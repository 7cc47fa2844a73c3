"""The minutes of a meeting, in versions. A version is never changed, and neither are its bytes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant, one_of

MINUTES_FORMATS = ("json", "docx")
"""``json`` is the document that the page shows; no one downloads it."""


class Minutes(Model):
    """A version of the minutes of a meeting, as it was published."""

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "number", name="uq_minutes_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcInstant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_by: Mapped[str] = mapped_column(Text)


class MinutesFile(Model):
    """One format of a version: its bytes and their SHA-256. ``exempt``: the copy with that part."""

    __tablename__ = "minutes_file"
    __table_args__ = (
        UniqueConstraint("minutes_id", "format", "exempt", name="uq_minutes_file_format"),
        CheckConstraint(one_of("format", MINUTES_FORMATS), name="format"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    format: Mapped[str] = mapped_column(Text)
    exempt: Mapped[bool]
    sha256: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)

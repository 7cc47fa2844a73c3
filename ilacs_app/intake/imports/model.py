"""An uploaded plan file: what was read, what was corrected, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import JsonDocument, Model, UtcInstant, one_of

IMPORT_STATES = ("reading", "read", "refused", "confirmed", "discarded")


class PlanImport(Model):
    """One file. The file itself is in the evidence store, and stays there once it is confirmed.

    ``read`` is the contract of product rule 7. ``choices`` is what someone corrected or chose before confirming,
    and under ``before`` what the council had answered in earlier files.
    """

    __tablename__ = "plan_import"
    __table_args__ = (
        CheckConstraint(one_of("state", IMPORT_STATES), name="state"),
        Index("ix_plan_import_plan", "plan_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"), doc="the plan it goes into, or became")
    file_name: Mapped[str] = mapped_column(Text)
    store_key: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(doc="bytes")
    dated_on: Mapped[date]
    state: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text, default="", doc="why it was refused, or what was done")
    read: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)
    choices: Mapped[dict[str, Any]] = mapped_column(JsonDocument, default=dict)
    uploaded_at: Mapped[datetime] = mapped_column(UtcInstant)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    version: Mapped[int] = mapped_column(default=1)

"""Lists that people save as they are filtered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant


class SavedFilter(Model):
    """The address of a filtered list, under a name that its owner chose."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("person_id", "name", name="uq_saved_filter_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)

"""What leads do: notes, evidence and status moves. All three are appended and never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Model, UtcInstant
from ..people.model import one_of
from ..plan.rules import STATUSES
from .rules import EVIDENCE_KINDS, SENSITIVITIES, MoveKind


class ProgressNote(Model):
    __tablename__ = "progress_note"
    __table_args__ = (
        CheckConstraint("did <> '' or difference <> '' or next_step <> ''", name="says_something"),
        Index("ix_progress_note_action", "action_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    did: Mapped[str] = mapped_column(Text, default="")
    difference: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")


class Evidence(Model):
    """A file in the evidence store, or a link. A restricted piece is seen as product rule 1 says."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(one_of("kind", tuple(EVIDENCE_KINDS)), name="kind"),
        CheckConstraint(one_of("sensitivity", tuple(SENSITIVITIES)), name="sensitivity"),
        CheckConstraint("(url is null) <> (store_key is null)", name="file_or_link"),
        Index("ix_evidence_action", "action_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    shows: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    sensitivity: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    store_key: Mapped[str | None] = mapped_column(Text, unique=True)
    file_name: Mapped[str | None] = mapped_column(Text)
    media_type: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(doc="bytes")
    sha256: Mapped[str | None] = mapped_column(Text)


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

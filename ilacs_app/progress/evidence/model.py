"""Evidence, appended to an action; withdrawn with a reason, never deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant, one_of
from ilacs_app.progress.evidence.rules import EVIDENCE_KINDS, SENSITIVITIES


class Evidence(Model):
    """A file in the evidence store, or a link. A restricted piece is seen as product rule 1 says.

    Nothing is deleted once it is saved: a piece that should not count any more is withdrawn, with a reason.
    """

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
    period: Mapped[str] = mapped_column(Text, default="", doc="the time that it covers, in words")
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), doc="on whose behalf it was added")
    withdrawn_on: Mapped[date | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

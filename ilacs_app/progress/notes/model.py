"""Progress notes, appended and never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model, UtcInstant, one_of
from ilacs_app.progress.notes.rules import ANSWERS


class ProgressNote(Model):
    __tablename__ = "progress_note"
    __table_args__ = (
        CheckConstraint(
            "did <> '' or difference <> '' or next_step <> '' or blocker <> '' or answer is not null",
            name="says_something",
        ),
        CheckConstraint(f"answer is null or {one_of('answer', tuple(ANSWERS))}", name="answer"),
        Index("ix_progress_note_action", "action_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcInstant)
    did: Mapped[str] = mapped_column(Text, default="")
    difference: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str | None] = mapped_column(Text, doc="the choice of My work, if one was made")
    blocker: Mapped[str] = mapped_column(Text, default="")
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("progress_note.id"), doc="the note as it was first written, of which this is a correction"
    )
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), doc="on whose behalf it was written")


def first_id(note: type[ProgressNote] = ProgressNote) -> ColumnElement[int]:
    """The note as it was first written: the same for a note and all of its corrections."""
    return func.coalesce(note.corrects_id, note.id)

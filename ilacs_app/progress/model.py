"""What leads do: notes, evidence, status moves, calls for help and date requests.

Notes, evidence and moves are appended and never changed; a call and a request are closed once.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Model, UtcInstant
from ..people.model import one_of
from ..plan.rules import STATUSES
from .rules import ANSWERS, EVIDENCE_KINDS, REASON_CLASSES, REQUEST_STATES, SENSITIVITIES, MoveKind


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


class Evidence(Model):
    """A file in the evidence store, or a link. A restricted piece is seen as product rule 1 says.

    Nothing is taken away once it is saved: a piece that should not count any more is withdrawn, with a reason.
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
    sample: Mapped[str] = mapped_column(Text, default="", doc="what a verifier looked at")
    tested_on: Mapped[date | None]
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), doc="on whose behalf it was moved")


class ClaimHand(Model):
    """Who had an action in hand when it was last claimed, and who claimed it: none of them tests that claim.

    They led, owned or contributed to it, by name, in a team or as a stand-in; it may have changed hands since.
    """

    __tablename__ = "claim_hand"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class HelpCall(Model):
    """A call for help: open until it is replied to, or until a later answer says on track or done."""

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
    reply: Mapped[str] = mapped_column(Text, default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class DateRequest(Model):
    """New words asked for a timescale, and what became of it (product rule 4, date requests)."""

    __tablename__ = "date_request"
    __table_args__ = (
        CheckConstraint(one_of("reason_class", tuple(REASON_CLASSES)), name="reason_class"),
        CheckConstraint(one_of("state", tuple(REQUEST_STATES)), name="state"),
        Index("ix_date_request_action", "action_id", "id"),
        Index("ix_date_request_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), doc="none: a file that was imported again")
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), doc="on whose behalf it was asked")
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    words: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(doc="how the words are read")
    reason_class: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text, default="", doc="effect on children")
    cover: Mapped[str] = mapped_column(Text, default="", doc="what covers for it meanwhile")
    source: Mapped[str] = mapped_column(Text, default="", doc="the file that it came from, if it came from one")
    needs_board: Mapped[bool] = mapped_column(default=False, doc="only the lead board at a meeting may agree")
    asked_before_id: Mapped[int | None] = mapped_column(
        ForeignKey("meeting.id"), doc="the meeting, at most 14 days later, of a board that governs the item"
    )
    state: Mapped[str] = mapped_column(Text, default="waiting")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_words: Mapped[str] = mapped_column(Text, default="")
    says: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

"""Accounts, boards, who has which role, and the sessions that a sign-in opens."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..access import GRANTED_ROLES
from ..db import Document, Model, UtcInstant


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The SQL text of a check that ``column`` holds one of ``values``."""
    return f"{column} in ({', '.join(repr(str(v)) for v in values)})"


class Person(Model):
    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    partner: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)


class Board(Model):
    __tablename__ = "board"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    other_names: Mapped[list[str]] = mapped_column(Document, default=list)
    leads_page: Mapped[int | None] = mapped_column(doc="1 to 3: leads every governance page in this order")


class Membership(Model):
    """A role, for a plan or a board or neither, from a day until a day."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(one_of("role", tuple(GRANTED_ROLES)), name="role"),
        CheckConstraint("board_id is not null or role not in ('board_member', 'chair', 'secretary')", name="board"),
        Index("ix_membership_person", "person_id"),
        Index("ix_membership_board", "board_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(Text)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    board_id: Mapped[int | None] = mapped_column(ForeignKey("board.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class SignInSession(Model):
    """One sign-in. The cookie carries a random token; only its SHA-256 is kept, and it dies here at sign-out."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    seen_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Submission(Model):
    """A form that was saved. The same ``once`` again writes nothing and is answered as the first was."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("person_id", "once", name="uq_submission_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    once: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcInstant)

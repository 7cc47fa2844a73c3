"""Accounts, and who has which role."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.access import GRANTED_ROLES
from ilacs_app.db import Model, UtcInstant, one_of


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
    title: Mapped[str] = mapped_column(Text, default="", doc="role title, for papers that name nobody")


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

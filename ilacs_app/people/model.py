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
    title: Mapped[str] = mapped_column(Text, default="", doc="role title, for papers that name nobody")


class Board(Model):
    __tablename__ = "board"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    other_names: Mapped[list[str]] = mapped_column(Document, default=list)
    leads_page: Mapped[int | None] = mapped_column(doc="1 to 3: leads every governance page in this order")
    version: Mapped[int] = mapped_column(default=1)


class Meeting(Model):
    """A meeting of a board: its day and, where it is known, its time (``14:00``)."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("board_id", "on_day", name="uq_meeting_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"))
    on_day: Mapped[date]
    at_time: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    cancelled_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")


class Team(Model):
    """A name that leads or owns in a plan and stands for several people."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    version: Mapped[int] = mapped_column(default=1)


class TeamMember(Model):
    __tablename__ = "team_member"
    __table_args__ = (Index("ix_team_member_person", "person_id", "team_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class StandIn(Model):
    """Who writes for whom, from a day until a day; both names are kept on what they write."""

    __tablename__ = "stand_in"
    __table_args__ = (
        CheckConstraint("person_id <> for_person_id", name="two_people"),
        Index("ix_stand_in_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")


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
    """A form that was saved. The same ``once`` again with the same content is answered as the first was.

    It writes nothing then. Other content under the same ``once`` is a form of its own: the answer to the first was
    lost, and what was typed since is not to be lost with it.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("person_id", "once", "content", name="uq_submission_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    once: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    content: Mapped[str] = mapped_column(Text, default="", doc="SHA-256 of where it was sent, its fields and its files")
    typed: Mapped[dict[str, str]] = mapped_column(Document, default=dict, doc="what a draft of it would hold")


class Draft(Model):
    """What somebody typed into a form and has not saved; one for each form, gone once it is saved."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "address", name="uq_draft_address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(Text, doc="where the form is sent to")
    back: Mapped[str] = mapped_column(Text, default="", doc="the page that the form stands on")
    fields: Mapped[dict[str, str]] = mapped_column(Document, default=dict)
    saved_at: Mapped[datetime] = mapped_column(UtcInstant)
    once: Mapped[str] = mapped_column(Text, default="", doc="of the form in which it was typed last")

"""Teams, their members, and who stands in for whom."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ilacs_app.db import Model


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

"""Teams, their members, and who stands in for whom on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.people.model import Person
from ilacs_app.people.queries import during
from ilacs_app.people.teams.model import StandIn, Team, TeamMember
from ilacs_app.text import plain_name


@dataclass(frozen=True)
class TeamPerson:
    """Someone who belongs to a team."""

    id: int
    name: str


@dataclass(frozen=True)
class TeamLine:
    """A team with the names of its active members on a day."""

    id: int
    name: str
    version: int
    members: tuple[TeamPerson, ...] = ()


@dataclass(frozen=True)
class StandInLine:
    """Delegates: who acts for whom, from and until when, and why."""

    id: int
    person_id: int
    who: str
    for_person_id: int
    for_whom: str
    from_on: date
    until_on: date | None
    reason: str

    def concerns(self, person_id: int) -> bool:
        """Return whether this person is one of the two."""
        return person_id in {self.person_id, self.for_person_id}


def team_named(name: str) -> int | None:
    """The id of the team with this name."""
    wanted = plain_name(name)
    named = (row.id for row in db.session.execute(select(Team.id, Team.name)) if plain_name(row.name) == wanted)
    return next(named, None)


def teams(today: date | None = None) -> list[TeamLine]:
    """Every team by name; with the members that it has on ``today``, if a day is given."""
    return _team_lines(today)


def team_for(team_id: int, today: date) -> TeamLine:
    """Return a team with the members that it has on ``today``.

    Raises:
        NotKnown: there is none.
    """
    for line in _team_lines(today, Team.id == team_id):
        return line
    raise NotKnown(str(team_id))


def _team_lines(today: date | None, *which: ColumnElement[bool]) -> list[TeamLine]:
    lines = select(Team.id, Team.name, Team.version).where(*which).order_by(func.lower(Team.name))
    rows = db.session.execute(lines).all()
    members: dict[int, list[TeamPerson]] = {}
    if today is not None:
        rows_of_members = db.session.execute(
            select(TeamMember.team_id, Person.id, Person.name)
            .join(Person, Person.id == TeamMember.person_id)
            .join(Team, Team.id == TeamMember.team_id)
            .where(Person.active, *during(TeamMember, today), *which)
            .order_by(Person.name, Person.id)
        )
        for team_id, person_id, name in rows_of_members:
            members.setdefault(team_id, []).append(TeamPerson(id=person_id, name=name))
    return [TeamLine(**row._mapping, members=tuple(members.get(row.id, ()))) for row in rows]


def teams_of(person_ids: Collection[int], today: date) -> tuple[int, ...]:
    """The ids of the teams that these people belong to on ``today``."""
    team_ids = select(TeamMember.team_id).where(TeamMember.person_id.in_(person_ids), *during(TeamMember, today))
    return tuple(sorted(set(db.session.scalars(team_ids))))


def stand_ins(today: date, of_person: int | None = None) -> list[StandInLine]:
    """Those that hold on ``today`` or later; with ``of_person``, those in which this person has a part."""
    if of_person is None:
        return _stand_in_lines(today)
    return _stand_in_lines(today, or_(StandIn.person_id == of_person, StandIn.for_person_id == of_person))


def stand_in_for(stand_in_id: int, today: date) -> StandInLine:
    """Return one that holds on ``today`` or later.

    Raises:
        NotKnown: there is none.
    """
    for line in _stand_in_lines(today, StandIn.id == stand_in_id):
        return line
    raise NotKnown(str(stand_in_id))


def _stand_in_lines(today: date, *which: ColumnElement[bool]) -> list[StandInLine]:
    other = aliased(Person)
    lines = (
        select(
            StandIn.id,
            StandIn.person_id,
            Person.name.label("who"),
            StandIn.for_person_id,
            other.name.label("for_whom"),
            StandIn.from_on,
            StandIn.until_on,
            StandIn.reason,
        )
        .join(Person, Person.id == StandIn.person_id)
        .join(other, other.id == StandIn.for_person_id)
        .where(or_(StandIn.until_on.is_(None), StandIn.until_on >= today), *which)
        .order_by(StandIn.from_on, StandIn.id)
    )
    return [StandInLine(**row._mapping) for row in db.session.execute(lines)]

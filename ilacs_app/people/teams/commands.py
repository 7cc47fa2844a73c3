"""Commands that add and change teams, and add and remove delegates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused
from ilacs_app.history import Author, in_history, record
from ilacs_app.people.model import Person
from ilacs_app.people.queries import during
from ilacs_app.people.teams.model import StandIn, Team, TeamMember
from ilacs_app.people.teams.queries import team_named


def make_team(by: Author, name: str, member_ids: Collection[int]) -> int:
    """Add a team and return its id.

    Raises:
        Refused: the name is empty, or another team has it.
    """
    _check_name(name, None)
    team = Team(name=name.strip())
    db.session.add(team)
    db.session.flush()
    record(by, "team_made", about=team.name, after={"team_id": team.id, "members": sorted(member_ids)})
    _set_members(team.id, member_ids)
    return team.id


def change_team(by: Author, team_id: int, version: int, name: str, member_ids: Collection[int]) -> None:
    """Rename a team or change its members. Those who leave were members until yesterday.

    Raises:
        Refused: the name is empty, or another team has it.
        Stale: someone changed the team after the form was opened.
    """
    _check_name(name, team_id)
    before = db.session.scalar(select(Team.name).where(Team.id == team_id))
    members = sorted(_members(team_id))
    write_at(Team, team_id, version, name=name.strip())
    _set_members(team_id, member_ids)
    record(
        by,
        "team_changed",
        about=name.strip(),
        before={"name": before, "members": members},
        after={"name": name.strip(), "members": sorted(member_ids)},
    )


def _check_name(name: str, team_id: int | None) -> None:
    if not name.strip():
        raise Refused("Enter the team name, as it appears in the plan.")
    if team_named(name) not in {None, team_id}:
        raise Refused("There is already a team with this name. Enter another name, or change that team.")


def _members(team_id: int) -> set[int]:
    members = select(TeamMember.person_id).where(TeamMember.team_id == team_id, *during(TeamMember, clock.today()))
    return set(db.session.scalars(members))


def _set_members(team_id: int, member_ids: Collection[int]) -> None:
    today, now, wanted = clock.today(), _members(team_id), set(member_ids)
    for person_id in sorted(wanted - now):
        db.session.add(TeamMember(team_id=team_id, person_id=person_id, from_on=today))
    db.session.execute(
        update(TeamMember)
        .where(
            TeamMember.team_id == team_id,
            TeamMember.person_id.in_(now - wanted),
            *during(TeamMember, today),
        )
        .values(until_on=today - timedelta(days=1))
    )


def let_stand_in(
    by: Author, person_id: int, for_person_id: int, from_on: date, until_on: date | None, reason: str
) -> int:
    """Add a delegate, who may write as the other person could between two days. Return the id.

    Raises:
        Refused: both are the same person, the last day is past or before the first, or they are a delegate already.
    """
    if person_id == for_person_id:
        raise Refused("Select someone else. You cannot be your own delegate.")
    if until_on is not None and until_on < from_on:
        raise Refused("The last day must be the same as or after the first.")
    if until_on is not None and until_on < clock.today():
        raise Refused("The last day must be today or in the future.")
    same = select(StandIn.id).where(
        StandIn.person_id == person_id, StandIn.for_person_id == for_person_id, *during(StandIn, from_on)
    )
    if db.session.scalar(same.limit(1)):
        raise Refused("This person is already a delegate on that day. Remove them first, or enter a later day.")
    row = StandIn(person_id=person_id, for_person_id=for_person_id, from_on=from_on, until_on=until_on, reason=reason)
    db.session.add(row)
    db.session.flush()
    record(
        by,
        "stand_in_named",
        about=f"{_name(person_id)}, for {_name(for_person_id)}",
        after={"from": from_on.isoformat(), "until": in_history(until_on), "reason": reason},
    )
    return row.id


def end_stand_in(by: Author, stand_in_id: int) -> bool:
    """Remove a delegate from today. Return whether there was one to remove."""
    yesterday = clock.today() - timedelta(days=1)
    row = db.session.execute(
        update(StandIn)
        .where(StandIn.id == stand_in_id, (StandIn.until_on.is_(None)) | (StandIn.until_on > yesterday))
        .values(until_on=yesterday)
        .returning(StandIn.person_id, StandIn.for_person_id)
    ).first()
    if row is None:
        return False
    record(
        by,
        "stand_in_ended",
        about=f"{_name(row.person_id)}, for {_name(row.for_person_id)}",
        after={"until": yesterday.isoformat()},
    )
    return True


def _name(person_id: int) -> str:
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""

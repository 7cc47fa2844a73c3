"""Who is signed in, which roles they hold, and the boards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from ..db import db
from .model import Board, Membership, Person, SignInSession, StandIn, Submission, Team, TeamMember
from .passwords import token_hash


@dataclass(frozen=True)
class OpenSession:
    """A sign-in that has not ended, and whose it is."""

    id: int
    opened_at: datetime
    seen_at: datetime
    person_id: int
    name: str
    email: str
    partner: bool


@dataclass(frozen=True)
class BoardName:
    id: int
    slug: str
    name: str
    leads_page: int | None


def open_session(token: str) -> OpenSession | None:
    """The session of this cookie token, if it was not ended and its account is active."""
    row = db.session.execute(_OPEN_SESSION, {"hash": token_hash(token)}).first()
    return OpenSession(*row) if row else None


_OPEN_SESSION = (
    select(
        SignInSession.id,
        SignInSession.opened_at,
        SignInSession.seen_at,
        Person.id,
        Person.name,
        Person.email,
        Person.partner,
    )
    .join(Person, Person.id == SignInSession.person_id)
    .where(SignInSession.token_hash == bindparam("hash"), SignInSession.ended_at.is_(None), Person.active)
)


def grants_on(person_id: int, today: date) -> Select[str, int | None, int | None]:
    """The question for the roles that this person holds on ``today``: role, plan id, board id."""
    return select(Membership.role, Membership.plan_id, Membership.board_id).where(
        Membership.person_id == person_id, *during(Membership, today)
    )


def during(table: type[Membership | StandIn | TeamMember], today: date) -> tuple[ColumnElement[bool], ...]:
    """The clauses that hold on ``today`` for a row that lasts from a day until a day."""
    return table.from_on <= today, or_(table.until_on.is_(None), table.until_on >= today)


def person_by_email(email: str) -> tuple[int, str] | None:
    """Id and name of the account with this address."""
    row = db.session.execute(select(Person.id, Person.name).where(Person.email == email.strip().lower())).first()
    return (row[0], row[1]) if row else None


def plain_name(name: str) -> str:
    """A full name as it is compared: without regard to capitals and spaces."""
    return " ".join(name.casefold().split())


def active_people() -> list[tuple[int, str, str]]:
    """(id, name, email) of every active account, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email).where(Person.active).order_by(Person.name, Person.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True)
class TeamLine:
    """A team with the names of its active members on a day."""

    id: int
    name: str
    version: int
    members: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class StandInLine:
    """Who stands in for whom, from and until when, and why."""

    id: int
    person_id: int
    who: str
    for_person_id: int
    for_whom: str
    from_on: date
    until_on: date | None
    reason: str

    def concerns(self, person_id: int) -> bool:
        """Whether this person is one of the two."""
        return person_id in {self.person_id, self.for_person_id}


def team_named(name: str) -> int | None:
    """The id of the team with this name."""
    return next((team.id for team in teams() if plain_name(team.name) == plain_name(name)), None)


def teams(today: date | None = None) -> list[TeamLine]:
    """Every team by name; with the members that it has on ``today``, if a day is given."""
    rows = db.session.execute(select(Team.id, Team.name, Team.version).order_by(func.lower(Team.name))).all()
    members: dict[int, list[tuple[int, str]]] = {}
    if today is not None:
        found = db.session.execute(
            select(TeamMember.team_id, Person.id, Person.name)
            .join(Person, Person.id == TeamMember.person_id)
            .where(Person.active, *during(TeamMember, today))
            .order_by(Person.name, Person.id)
        )
        for team_id, person_id, name in found:
            members.setdefault(team_id, []).append((person_id, name))
    return [TeamLine(*row, members=tuple(members.get(row[0], ()))) for row in rows]


def teams_of(person_ids: Collection[int], today: date) -> tuple[int, ...]:
    """The ids of the teams that these people belong to on ``today``."""
    found = select(TeamMember.team_id).where(TeamMember.person_id.in_(person_ids), *during(TeamMember, today))
    return tuple(sorted(set(db.session.scalars(found))))


def stand_ins(today: date, of_person: int | None = None) -> list[StandInLine]:
    """Those that hold on ``today`` or later; with ``of_person``, those in which this person has a part."""
    other = aliased(Person)
    found = (
        select(
            StandIn.id,
            StandIn.person_id,
            Person.name,
            StandIn.for_person_id,
            other.name,
            StandIn.from_on,
            StandIn.until_on,
            StandIn.reason,
        )
        .join(Person, Person.id == StandIn.person_id)
        .join(other, other.id == StandIn.for_person_id)
        .where(or_(StandIn.until_on.is_(None), StandIn.until_on >= today))
        .order_by(StandIn.from_on, StandIn.id)
    )
    if of_person is not None:
        found = found.where(or_(StandIn.person_id == of_person, StandIn.for_person_id == of_person))
    return [StandInLine(*row) for row in db.session.execute(found)]


def boards() -> list[BoardName]:
    """Every board; the three that lead each governance page first, then by name."""
    rows = db.session.execute(
        select(Board.id, Board.slug, Board.name, Board.leads_page).order_by(
            Board.leads_page.is_(None), Board.leads_page, func.lower(Board.name)
        )
    )
    return [BoardName(*row) for row in rows]


@dataclass(frozen=True)
class BoardLine:
    """A board with the other names by which plans know it."""

    id: int
    slug: str
    name: str
    other_names: tuple[str, ...]
    version: int


def board_lines() -> list[BoardLine]:
    """Every board with its other names, by name."""
    rows = db.session.execute(
        select(Board.id, Board.slug, Board.name, Board.other_names, Board.version).order_by(func.lower(Board.name))
    )
    return [BoardLine(id_, slug, name, tuple(others), version) for id_, slug, name, others, version in rows]


def board_by_slug(slug: str) -> BoardName | None:
    row = db.session.execute(
        select(Board.id, Board.slug, Board.name, Board.leads_page).where(Board.slug == slug)
    ).first()
    return BoardName(*row) if row else None


def said_before(person_id: int, once: str, content: str) -> str | None:
    """What was said when this person's form with this ``once`` and this content was saved, if it was."""
    its = (Submission.person_id == person_id, Submission.once == once, Submission.content == content)
    return db.session.scalar(select(Submission.said).where(*its))


def typed_before(person_id: int, once: str) -> list[dict[str, str]]:
    """What was typed in each form of this person that was saved with this ``once``.

    One, unless it was changed and sent again after the answer to the first was lost.
    """
    its = (Submission.person_id == person_id, Submission.once == once)
    return list(db.session.scalars(select(Submission.typed).where(*its))) if once else []

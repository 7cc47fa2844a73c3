"""Who is signed in, which roles they hold, and the boards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select

from ..db import db
from .model import Board, Membership, Person, SignInSession, Submission
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


@dataclass(frozen=True)
class Officers:
    """Who serves on a board: names of the chairs and secretaries, and how many members."""

    chairs: tuple[str, ...]
    secretaries: tuple[str, ...]
    members: int


def open_session(token: str) -> OpenSession | None:
    """The session of this cookie token, if it was not ended and its account is active."""
    row = db.session.execute(
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
        .where(SignInSession.token_hash == token_hash(token), SignInSession.ended_at.is_(None), Person.active)
    ).first()
    return OpenSession(*row) if row else None


def grants_on(person_id: int, today: date) -> Select[str, int | None, int | None]:
    """The question for the roles that this person holds on ``today``: role, plan id, board id."""
    return select(Membership.role, Membership.plan_id, Membership.board_id).where(
        Membership.person_id == person_id,
        Membership.from_on <= today,
        or_(Membership.until_on.is_(None), Membership.until_on >= today),
    )


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


def boards() -> list[BoardName]:
    """Every board; the three that lead each governance page first, then by name."""
    rows = db.session.execute(
        select(Board.id, Board.slug, Board.name, Board.leads_page).order_by(
            Board.leads_page.is_(None), Board.leads_page, func.lower(Board.name)
        )
    )
    return [BoardName(*row) for row in rows]


def board_by_slug(slug: str) -> BoardName | None:
    row = db.session.execute(
        select(Board.id, Board.slug, Board.name, Board.leads_page).where(Board.slug == slug)
    ).first()
    return BoardName(*row) if row else None


def officers(board_id: int, today: date) -> Officers:
    """Who serves on this board on ``today``."""
    rows = db.session.execute(
        select(Membership.role, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.board_id == board_id,
            Person.active,
            Membership.from_on <= today,
            or_(Membership.until_on.is_(None), Membership.until_on >= today),
        )
        .order_by(Person.name)
    ).all()
    return Officers(
        tuple(name for role, name in rows if role == "chair"),
        tuple(name for role, name in rows if role == "secretary"),
        len({name for role, name in rows if role == "board_member"}),
    )


def said_before(person_id: int, once: str) -> str | None:
    """What was said when this person's form with this ``once`` was saved, if it was."""
    return db.session.scalar(select(Submission.said).where(Submission.person_id == person_id, Submission.once == once))

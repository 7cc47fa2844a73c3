"""Accounts and the roles that they hold on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select

from ilacs_app.db import db
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.teams.model import StandIn, TeamMember
from ilacs_app.text import plain_name


def grants_on(person_id: int, today: date) -> Select[str, int | None, int | None]:
    """The query for the roles that this person holds on ``today``: role, plan id, board id."""
    return select(Membership.role, Membership.plan_id, Membership.board_id).where(
        Membership.person_id == person_id, *during(Membership, today)
    )


def during(table: type[Membership | StandIn | TeamMember], today: date) -> tuple[ColumnElement[bool], ...]:
    """The clauses that hold on ``today`` for a row that lasts from a day until a day."""
    return table.from_on <= today, or_(table.until_on.is_(None), table.until_on >= today)


@dataclass(frozen=True)
class Account:
    """An account as a list offers it, and where its letters go."""

    id: int
    name: str
    email: str


def accounts_meant(text: str, known: Iterable[Account]) -> list[Account]:
    """Return those of the known accounts that have this email address, else those with this full name."""
    accounts = list(known)
    by_email = [account for account in accounts if account.email == text.strip().lower()]
    return by_email or [account for account in accounts if plain_name(account.name) == plain_name(text)]


_ACCOUNT = (Person.id, Person.name, Person.email)


def person_by_email(email: str) -> Account | None:
    """Return the account with this address, active or not."""
    row = db.session.execute(select(*_ACCOUNT).where(Person.email == email.strip().lower())).first()
    return Account(**row._mapping) if row else None


@dataclass(frozen=True)
class Contact:
    """Someone to turn to."""

    name: str
    email: str


def administrators(today: date) -> list[Contact]:
    """Return the administrators of all plans on ``today``, by name: whom to ask about an account."""
    rows = db.session.execute(
        select(Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.active,
            Membership.role == "administrator",
            Membership.plan_id.is_(None),
            *during(Membership, today),
        )
        .distinct()
        .order_by(Person.name, Person.email)
    )
    return [Contact(**row._mapping) for row in rows]


def active_people() -> list[Account]:
    """Return every active account, by name."""
    rows = db.session.execute(select(*_ACCOUNT).where(Person.active).order_by(Person.name, Person.id))
    return [Account(**row._mapping) for row in rows]

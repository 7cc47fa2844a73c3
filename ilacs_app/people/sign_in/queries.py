"""The session that a request belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.people.sign_in.model import SignInSession
from ilacs_app.people.sign_in.passwords import token_hash


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


def session_of(token: str) -> OpenSession | None:
    """The session of this cookie token, if it was not ended and its account is active."""
    row = db.session.execute(_OPEN_SESSION, {"hash": token_hash(token)}).first()
    return OpenSession(**row._mapping) if row else None


_OPEN_SESSION = (
    select(
        SignInSession.id,
        SignInSession.opened_at,
        SignInSession.seen_at,
        Person.id.label("person_id"),
        Person.name,
        Person.email,
        Person.partner,
    )
    .join(Person, Person.id == SignInSession.person_id)
    .where(SignInSession.token_hash == bindparam("hash"), SignInSession.ended_at.is_(None), Person.active)
)


def last_used_before(session_id: int) -> datetime | None:
    """Return when the person of this session last used an earlier one, a real UTC instant; nothing if none is known.

    Sessions are kept for ``commands.SESSIONS_KEPT_FOR``.
    """
    this = select(SignInSession.person_id, SignInSession.opened_at).where(SignInSession.id == session_id).subquery()
    return db.session.scalar(
        select(func.max(SignInSession.seen_at)).where(
            SignInSession.person_id == this.c.person_id,
            SignInSession.id != session_id,
            SignInSession.opened_at < this.c.opened_at,
        )
    )


def last_seen(person_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each of these people last used the service, a real UTC instant; not of those for whom none is known.

    Sessions are kept for ``commands.SESSIONS_KEPT_FOR``.
    """
    rows = db.session.execute(
        select(SignInSession.person_id, func.max(SignInSession.seen_at).label("seen_at"))
        .where(SignInSession.person_id.in_(person_ids))
        .group_by(SignInSession.person_id)
    )
    return {row.person_id: row.seen_at for row in rows}

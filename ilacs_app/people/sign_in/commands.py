"""Signing in and out: the session is a row. Each opens no transaction of its own."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.forms.model import Submission
from ilacs_app.people.model import Person
from ilacs_app.people.sign_in.model import SignInSession
from ilacs_app.people.sign_in.passwords import matches, token_hash

SEEN_EVERY = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)
SESSIONS_KEPT_FOR = timedelta(days=15)
"""A day longer than changes are news, so that My work knows which are new since someone's last session."""


def signed_in_person(email: str, password: str) -> int | None:
    """The id of the active account with this address and password; takes equally long where there is none."""
    person = db.session.scalar(select(Person).where(Person.email == email.strip().lower()))
    password_hash = person.password_hash if person and person.active else None
    return person.id if matches(password_hash, password) and person else None


def open_session(person_id: int) -> str:
    """Open a session and return the token for the cookie, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    instant = clock.real_now()
    db.session.add(SignInSession(token_hash=token_hash(token), person_id=person_id, opened_at=instant, seen_at=instant))
    return token


def end_session(session_id: int) -> None:
    """End a session for good: a copied cookie is worth nothing after this."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.real_now())
    )


def see_session(session_id: int, now: datetime) -> None:
    """Note that the session is in use. Callers do so at most once in ``SEEN_EVERY``."""
    db.session.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now))


def forget_old(now: datetime) -> None:
    """Delete sessions that no one has used for ``SESSIONS_KEPT_FOR``, and once-keys older than ``KEPT_FOR``.

    A session lasts 12 hours at most, so no form that such a key belongs to is still open.
    """
    db.session.execute(delete(SignInSession).where(SignInSession.seen_at < now - SESSIONS_KEPT_FOR))
    db.session.execute(delete(Submission).where(Submission.at < now - KEPT_FOR))

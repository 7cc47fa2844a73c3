"""What changes accounts, roles, boards and sessions. Each opens no transaction of its own."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from .. import clock
from ..access import BOARD_ROLES, GRANTED_ROLES
from ..db import db
from ..history import Author, record
from .model import Board, Membership, Person, SignInSession, Submission
from .passwords import hashed, matches, token_hash
from .queries import said_before, typed_before

SEEN_EVERY = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)


class Refused(ValueError):
    """The change cannot be made; the message is a sentence that says what to do instead."""


class Stale(RuntimeError):
    """Somebody changed it after the form was opened; nothing was saved."""


def slug_of(name: str) -> str:
    """Lower case, apostrophes dropped, other signs to one hyphen (product rule 3, Board)."""
    plain = unicodedata.normalize("NFKD", re.sub("[’'‘`]", "", name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def add_person(by: Author, email: str, name: str, password: str, *, partner: bool = False) -> int:
    """Make an account and return its id.

    Raises:
        Refused: the address is not one, is known already, or the name is empty.
    """
    try:
        email = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False).normalized.lower()
    except EmailNotValidError:
        raise Refused(f"“{email}” is not an email address. Write one such as name@example.gov.uk.") from None
    if not name.strip():
        raise Refused("The name is empty. Write the person's full name with --name.")
    if db.session.scalar(select(Person.id).where(Person.email == email)):
        raise Refused(f"There is an account for {email} already.")
    person = Person(
        email=email,
        name=name.strip(),
        password_hash=hashed(password),
        partner=partner,
        created_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    record(by, "account_added", about=person.name, after={"email": email, "partner": partner})
    return person.id


def grant_role(
    by: Author, person_id: int, role: str, *, plan_id: int | None = None, board_id: int | None = None
) -> None:
    """Give a role from today, for a plan or a board or neither. The same role twice stays one.

    Raises:
        Refused: the role is unknown, or a board role lacks its board.
    """
    if role not in GRANTED_ROLES:
        raise Refused(f"“{role}” is not a role. Choose one of: {', '.join(GRANTED_ROLES)}.")
    if role in BOARD_ROLES and board_id is None:
        raise Refused(f"The role {role} is for one board. Name it with --board, such as --board mash-board.")
    if role not in BOARD_ROLES and board_id is not None:
        raise Refused(f"The role {role} is not for a board. Leave --board out.")
    held = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.role == role,
        Membership.plan_id.is_not_distinct_from(plan_id),
        Membership.board_id.is_not_distinct_from(board_id),
        Membership.until_on.is_(None),
    )
    if db.session.scalar(held):
        return
    name = db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
    db.session.add(
        Membership(person_id=person_id, role=role, plan_id=plan_id, board_id=board_id, from_on=clock.today())
    )
    record(
        by,
        "role_given",
        plan_id=plan_id,
        about=name,
        after={"role": role, "board_id": board_id, "plan_id": plan_id},
    )


def board_named(by: Author, name: str) -> int:
    """The board of this name or other name; made if there is none. Returns its id."""
    slug = slug_of(name)
    for board_id, known, others in db.session.execute(select(Board.id, Board.slug, Board.other_names)):
        if slug == known or slug in {slug_of(other) for other in others}:
            found: int = board_id
            return found
    board = Board(slug=slug, name=name.strip(), other_names=[])
    db.session.add(board)
    db.session.flush()
    record(by, "board_made", about=board.name, after={"slug": slug})
    return board.id


def signed_in_person(email: str, password: str) -> int | None:
    """The id of the active account with this address and password; takes equally long where there is none."""
    person = db.session.scalar(select(Person).where(Person.email == email.strip().lower()))
    kept = person.password_hash if person and person.active else None
    return person.id if matches(kept, password) and person else None


def open_session(person_id: int) -> str:
    """Open a session and return the token for the cookie, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    instant = clock.real_now()
    db.session.add(SignInSession(token_hash=token_hash(token), person_id=person_id, opened_at=instant, seen_at=instant))
    return token


def forget_old(now: datetime) -> None:
    """Delete sign-ins that nobody has used, and once-keys of forms that were saved, more than ``KEPT_FOR`` ago.

    A sign-in lasts 12 hours at most, so that no form still stands open that such a key belongs to.
    """
    db.session.execute(delete(SignInSession).where(SignInSession.seen_at < now - KEPT_FOR))
    db.session.execute(delete(Submission).where(Submission.at < now - KEPT_FOR))


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


@dataclass(frozen=True)
class Sent:
    """A form as it was sent: its key, the sum of what it holds, and what was typed into it."""

    once: str
    content: str
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """What became of a form's key. ``said`` is nothing the first time; ``changed``: it was saved with other content."""

    said: str | None = None
    changed: bool = False


def enter_once(person_id: int, sent: Sent, said: str) -> Entry:
    """Enter a form before its change is made.

    The second time that the same is sent, the entry holds what was said the first time, and the caller writes nothing.
    Two at the same moment: the database lets one through.
    """
    changed = bool(typed_before(person_id, sent.once))
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    entered = db.session.execute(
        insert(Submission)
        .values(person_id=person_id, at=clock.real_now(), said=said, **vars(sent))
        .on_conflict_do_nothing()
        .returning(Submission.id)
    ).scalar()
    if entered:
        return Entry(changed=changed)
    return Entry(said_before(person_id, sent.once, sent.content) or said)


def say_once(person_id: int, sent: Sent, said: str) -> None:
    """Let the form that was entered in this transaction be answered so, where that is known only once it is saved."""
    its = (Submission.person_id == person_id, Submission.once == sent.once, Submission.content == sent.content)
    db.session.execute(update(Submission).where(*its).values(said=said))

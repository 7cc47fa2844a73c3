"""Commands that add accounts and give roles, in the caller’s transaction."""

from __future__ import annotations

from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.access import BOARD_ROLES, GRANTED_ROLES
from ilacs_app.db import db
from ilacs_app.errors import Refused
from ilacs_app.history import Author, record
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.sign_in.passwords import hashed


def add_person(by: Author, email: str, name: str, password: str, *, partner: bool = False) -> int:
    """Add an account and return its id.

    Raises:
        Refused: the email address is not valid or already has an account, or the name is empty.
    """
    from email_validator import EmailNotValidError, validate_email  # slow to import, and accounts are added rarely

    try:
        email = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False).normalized.lower()
    except EmailNotValidError:
        raise Refused(f"“{email}” is not an email address. Enter one in the format name@example.gov.uk.") from None
    if not name.strip():
        raise Refused("Enter the person’s full name.")
    if db.session.scalar(select(Person.id).where(Person.email == email)):
        raise Refused(f"There is already an account for {email}. Enter another address, or give that account a role.")
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
    """Give a role from today, for a plan, a board or neither. Do nothing if they already have it.

    Raises:
        Refused: the role is unknown, or a board role lacks its board.
    """
    if role not in GRANTED_ROLES:
        raise Refused(f"“{role}” is not a role. Choose one of: {', '.join(GRANTED_ROLES)}.")
    if role in BOARD_ROLES and board_id is None:
        raise Refused(f"The role {role} is for one board. Say which board, for example mash-board.")
    if role not in BOARD_ROLES and board_id is not None:
        raise Refused(f"The role {role} is not for a board. Leave out the board.")
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

"""The ``ilacs people`` commands: accounts and roles."""

from __future__ import annotations

import sys

import click

from ilacs_app import clock
from ilacs_app.access import GRANTED_ROLES, OPERATOR
from ilacs_app.console import CommandGroup, application
from ilacs_app.dates import long_date
from ilacs_app.db import transaction
from ilacs_app.errors import Refused
from ilacs_app.history import Author
from ilacs_app.people.boards.queries import board_by_slug, boards
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.queries import person_by_email
from ilacs_app.people.sign_in.passwords import SHORTEST, random_password
from ilacs_app.plan.assignments import link_account
from ilacs_app.plan.visibility import plans
from ilacs_app.text import many


@click.group(cls=CommandGroup)
def people() -> None:
    """Accounts and their roles."""


@people.command("add")
@click.argument("email")
@click.option("--name", help="Full name, as it appears in plans.")
@click.option("--role", type=click.Choice(list(GRANTED_ROLES)), help="Role to give.")
@click.option("--board", help="Board for a board role, for example mash-board.")
@click.option("--plan", "plan_slug", help="Limit the role to one plan.")
@click.option("--partner", is_flag=True, help="Partner: sees only their boards' recommendations and their own actions.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(
    email: str,
    name: str | None,
    role: str | None,
    board: str | None,
    plan_slug: str | None,
    partner: bool,
    password_stdin: bool,
) -> None:
    """Add an account, or give an existing account another role."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else random_password()
    if len(password) < SHORTEST:
        raise Refused(f"The password is too short. Use at least {SHORTEST} characters.")
    with application():
        known = person_by_email(email)
        if known is None and not name:
            raise click.UsageError("A new account needs --name.")
        if known and (partner or password_stdin):
            raise Refused(
                f"There is already an account for {email}. "
                "Leave out --partner and the password to give it another role."
            )
        by = Author(None, "command line", "command line")
        with transaction():
            board_id = _board(board)
            plan_id = _plan(plan_slug)
            person_id = known.id if known else add_person(by, email, name or "", password, partner=partner)
            if role:
                grant_role(by, person_id, role, plan_id=plan_id, board_id=board_id)
            linked = link_account(by, person_id)
        today = clock.today()
    if known is None:
        click.echo(f"Account added for {email}.")
        if not password_stdin:
            click.echo(f"Password (shown only once): {password}")
    if role:
        click.echo(f"{GRANTED_ROLES[role]} from {long_date(today)}.")
    if linked:
        click.echo(f"Linked to {many(linked, 'name')} in the plan.")


def _board(slug: str | None) -> int | None:
    if slug is None:
        return None
    board = board_by_slug(slug)
    if board is None:
        raise Refused(f"There is no board “{slug}”. Boards: {', '.join(b.slug for b in boards())}.")
    return board.id


def _plan(slug: str | None) -> int | None:
    if slug is None:
        return None
    known = plans(OPERATOR)
    for plan in known:
        if plan.slug == slug:
            return plan.id
    raise Refused(f"There is no plan “{slug}”. Plans: {', '.join(p.slug for p in known) or 'none yet'}.")

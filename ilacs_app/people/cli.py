"""``ilacs people``: accounts and roles from the command line."""

from __future__ import annotations

import sys

import click

from ilacs_app import clock
from ilacs_app.access import GRANTED_ROLES, OPERATOR
from ilacs_app.console import Group, application
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


@click.group(cls=Group)
def people() -> None:
    """Accounts and their roles."""


@people.command("add")
@click.argument("email")
@click.option("--name", help="The person's full name, as plans write it.")
@click.option("--role", type=click.Choice(list(GRANTED_ROLES)), help="A role to give.")
@click.option("--board", help="The board of a board role, such as mash-board.")
@click.option("--plan", "plan_slug", help="The one plan that the role is for.")
@click.option("--partner", is_flag=True, help="Sees only its boards' recommendations and its own items.")
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
    """Make an account, or give a known one a further role."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else random_password()
    if len(password) < SHORTEST:
        raise Refused(f"The password is too short. Use at least {SHORTEST} characters.")
    with application():
        known = person_by_email(email)
        if known is None and not name:
            raise click.UsageError("A new account needs --name.")
        if known and (partner or password_stdin):
            raise Refused(f"There is an account for {email} already. Only a further role can be given to it here.")
        by = Author(None, "command line", "command line")
        with transaction():
            board_id = _board(board)
            plan_id = _plan(plan_slug)
            person_id = known[0] if known else add_person(by, email, name or "", password, partner=partner)
            if role:
                grant_role(by, person_id, role, plan_id=plan_id, board_id=board_id)
            linked = link_account(by, person_id)
        today = clock.today()
    if known is None:
        click.echo(f"Account made for {email}.")
        if not password_stdin:
            click.echo(f"Password, shown once: {password}")
    if role:
        click.echo(f"{GRANTED_ROLES[role]} from {long_date(today)}.")
    if linked:
        click.echo(f"{linked} of the plan's names now reach this account.")


def _board(slug: str | None) -> int | None:
    if slug is None:
        return None
    found = board_by_slug(slug)
    if found is None:
        raise Refused(f"There is no board “{slug}”. Boards: {', '.join(b.slug for b in boards())}.")
    return found.id


def _plan(slug: str | None) -> int | None:
    if slug is None:
        return None
    known = plans(OPERATOR)
    for plan in known:
        if plan.slug == slug:
            return plan.id
    raise Refused(f"There is no plan “{slug}”. Plans: {', '.join(p.slug for p in known) or 'none yet'}.")

"""``ilacs digests``: write letters, send them, and show the outbox."""

from __future__ import annotations

import json
from collections import Counter
from time import monotonic, sleep

import click

from ilacs_app import clock
from ilacs_app.console import CommandGroup, Failed, application
from ilacs_app.db import transaction
from ilacs_app.digests.commands import (
    claim_next,
    give_up_leases,
    mark_refused,
    mark_sent,
    mark_unsure,
    queue_again,
    queue_letters,
    refuse_inactive,
    retry_letters,
    rewrite_letter,
)
from ilacs_app.digests.compose import mail_host, month_of, week_of
from ilacs_app.digests.letters import no_longer_theirs
from ilacs_app.digests.model import LETTER_KINDS
from ilacs_app.digests.pages import DayOfLetters, letters_of, written_again
from ilacs_app.digests.queries import Outbox, Stuck, in_the_outbox, outbox, queued_letters
from ilacs_app.digests.transport import FAULTS, Fault, Later, Mail, Never, Transport, Unknown, Unreachable, transport_of
from ilacs_app.errors import Refused
from ilacs_app.history import Author
from ilacs_app.people.queries import person_by_email
from ilacs_app.people.sign_in.commands import forget_old
from ilacs_app.settings import Settings
from ilacs_app.text import joined_with_and, many

BY = Author(None, "command line", "command line")
READERS = {"lead": "to people with work to do", "chair": "to chairs", "manager": "to programme managers"}
NO_LONGER_THEIRS = "Since it was queued, this person has lost the role or the actions, so it was not sent."
LEFT_OUT = "actions they no longer have were left out."
MOMENT = 5.0  # seconds in which a running sender finishes a letter, unless its mail server is slow
AGAIN = "ilacs digests retry --unsure"


@click.group(cls=CommandGroup)
def digests() -> None:
    """Write and send emails about what is to be done and what is overdue."""


@digests.command("queue")
def queue() -> None:
    """Write this week's and this month's emails, each once, and put them in the outbox."""
    base_url = str(Settings.from_env().needed("base_url").base_url)
    with application():
        post = letters_of(base_url, clock.today())
        with transaction():
            queued = queue_letters(BY, post.letters)
            forget_old(clock.real_now())
    kinds = ", ".join(f"{queued.new[kind]} {READERS[kind]}" for kind in LETTER_KINDS if kind in queued.new)
    click.echo(f"Queued: {many(queued.number, 'email')}{f' ({kinds})' if kinds else ''}.")
    if queued.already:
        click.echo(f"Already in the outbox: {many(queued.already, 'email')}.")
    _warn_untold(post)


@digests.command("show")
@click.option("--person", "email", help="Only emails to the account with this address.")
@click.option("--kind", type=click.Choice(LETTER_KINDS), help="Only emails of this kind.")
@click.option("--html", "as_html", is_flag=True, help="Show HTML instead of plain text.")
def show(email: str | None, kind: str | None, as_html: bool) -> None:
    """Show today's emails. Changes nothing."""
    base_url = str(Settings.from_env().needed("base_url").base_url)
    with application():
        today = clock.today()
        known = person_by_email(email) if email else None
        if email and known is None:
            raise Refused(f"There is no account for {email}. Check the address.")
        post = letters_of(base_url, today)
        states = in_the_outbox((week_of(today), month_of(today)))
        changed = _changed()
    shown = [
        letter
        for letter in post.letters
        if (known is None or letter.draft.to.person_id == known.id) and kind in {None, letter.draft.kind}
    ]
    for number, letter in enumerate(shown):
        draft = letter.draft
        if as_html:
            click.echo(letter.html)
            continue
        state = states.get((draft.to.person_id, draft.kind, draft.period))
        click.echo(("\n" + "=" * 72 + "\n\n" if number else "") + f"To: {draft.to.email}\nSubject: {draft.subject}")
        click.echo(f"Email: {draft.kind}, {draft.period}{f', in the outbox already ({state})' if state else ''}\n")
        click.echo(letter.text)
    if not shown:
        click.echo("No emails today.", err=True)
    for (person_id, of_kind, _), says in changed.items():
        if (known is None or person_id == known.id) and kind in {None, of_kind}:
            click.echo(says, err=True)
    _warn_untold(post)


@digests.command("send")
def send() -> None:
    """Send the queued emails to the mail server or folder in ILACS_MAIL_URL."""
    base_url = str(Settings.from_env().needed("base_url").base_url)
    with application() as app:
        transport = transport_of(app.config["ILACS"], mail_host(base_url))
        with transaction():
            unsure = give_up_leases(BY, clock.real_now())
            inactive = refuse_inactive(BY)
            held = outbox(clock.real_now()).held
        if inactive:
            click.echo(f"Not sent, because the account is no longer active: {many(inactive, 'email')}.", err=True)
        try:
            became, stopped = _send_all(transport, base_url)
        finally:
            transport.close()
        left = _left(held)
    click.echo(f"Sent: {many(became['sent'], 'email')}.")
    _remind(left)
    failed = unsure + inactive + became.total() - became["sent"]
    still = [each for each in left.stuck if (each.id, each.attempts) in held]
    for each in still:
        click.echo(_line(each), err=True)
    if failed or stopped or still:
        waiting = f"{many(left.counts['queued'], 'email')} in the queue for the next run."
        messages = [stopped or (f"{many(failed, 'email')} could not be sent." if failed else "")]
        if still:
            messages.append(f"{many(len(still), 'email is', 'emails are')} being sent by another sender.")
        raise Failed(" ".join(filter(None, (*messages, waiting))))


def _left(held: frozenset[tuple[int, int]]) -> Outbox:
    """Return the outbox after a run. Gives another sender a moment to finish the letters that it had claimed."""
    until = monotonic() + MOMENT
    while True:
        with transaction():  # reads it again each time
            left = outbox(clock.real_now())
        if not held & left.held or monotonic() > until:
            return left
        sleep(0.1)


def _send_all(transport: Transport, base_url: str) -> tuple[Counter[str], str]:
    """Send one letter after the other. Return what became of them, and why the run ended early, if it did."""
    became: Counter[str] = Counter()
    last = 0
    while mail := _claimed(last):
        last = mail.id
        fault: Fault | None = None
        try:
            mail = _for_its_reader(mail, base_url)
            transport.deliver(mail, clock.real_now())
        except FAULTS as problem:
            fault = problem
        with transaction():
            state, then = _settled(mail, fault)
        if isinstance(fault, Unreachable):
            return became, str(fault)
        became[state] += 1
        if fault:
            click.echo(f"Not sent to {mail.to_email}: {fault} {then}", err=True)
    return became, ""


def _claimed(after: int) -> Mail | None:
    """Claim the next letter before anything is sent."""
    with transaction():
        return claim_next(clock.real_now(), after)


def _for_its_reader(mail: Mail, base_url: str) -> Mail:
    """Return the letter without what its reader may no longer be told: as it was queued, or written again.

    Raises:
        Never: its reader may be told nothing of it any more.
        Later: another sender has claimed it meanwhile.
    """
    today = clock.today()
    with transaction():
        if not no_longer_theirs(mail, today):
            return mail
        letter = written_again(mail.person_id, mail.kind, base_url, today)
        if letter is None:
            raise Never(NO_LONGER_THEIRS)
        again = rewrite_letter(BY, mail, letter)
    if again is None:
        raise Later("Another sender is sending this email.")
    click.echo(f"Written again for {mail.to_email}: {LEFT_OUT}", err=True)
    return again


def _changed() -> dict[tuple[int, str, str], str]:
    """Say what becomes of each queued letter whose reader lost a role or an action, by (person, kind, period)."""
    today, summary = clock.today(), {}
    for each in queued_letters():
        gone = no_longer_theirs(each, today)
        if gone:
            things = joined_with_and([many(number, thing) for thing, number in gone.items()])
            what = f"{things} in it {'is' if sum(gone.values()) == 1 else 'are'} no longer theirs."
            key = each.person_id, each.kind, each.period
            summary[key] = (
                f"queued: {each.kind}, {each.period}, {each.to_email}: {what} It will be updated or not sent."
            )
    return summary


def _settled(mail: Mail, fault: Fault | None) -> tuple[str, str]:
    """Record what became of a letter. Return its state and what happens next."""
    match fault:
        case None:
            mark_sent(BY, mail)
            return "sent", ""
        case Never():
            mark_refused(BY, mail, str(fault))
            return "refused", "It will not be tried again."
        case Unknown():
            mark_unsure(BY, mail, str(fault))
            return "unsure", f"To send it again: {AGAIN}."
        case _:
            queue_again(mail, str(fault))
            return "queued", "The next run will try again."


@digests.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Show how many emails are queued, sent or in trouble."""
    with application():
        letters = outbox(clock.real_now())
        changed = _changed()
    if as_json:
        problems = [
            {
                "to": each.to_email,
                "kind": each.kind,
                "period": each.period,
                "state": each.state,
                "attempts": each.attempts,
                "queued_at": each.queued_at.isoformat(),
                "problem": each.problem,
            }
            for each in letters.stuck
        ]
        told = {"counts": letters.counts, "problems": problems, "changed": list(changed.values())}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for state, number in letters.counts.items():
        click.echo(f"{state}\t{number}")
    for each in letters.stuck:
        click.echo(_line(each))
    for says in changed.values():
        click.echo(says)


def _line(each: Stuck) -> str:
    return f"{each.state}: {each.kind}, {each.period}, {each.to_email}: {each.problem}"


@digests.command("retry")
@click.option("--unsure", is_flag=True, help="Include those that may have arrived. Someone may get one twice.")
def retry(unsure: bool) -> None:
    """Queue refused emails again."""
    with application():
        with transaction():
            give_up_leases(BY, clock.real_now())
            number = retry_letters(BY, unsure=unsure)
        held = outbox(clock.real_now()).counts["unsure"]
    click.echo(f"Queued again: {many(number, 'email')}.")
    if held:
        click.echo(
            f"Not sent again, because they may have arrived: {many(held, 'email')}. To send them: {AGAIN}.", err=True
        )


def _remind(left: Outbox) -> None:
    if left.counts["unsure"]:
        unsure = many(left.counts["unsure"], "email")
        click.echo(f"{unsure} may or may not have arrived. To send again: {AGAIN}.", err=True)
    if left.counts["refused"]:
        refused = many(left.counts["refused"], "email")
        click.echo(f"{refused} refused. See ilacs digests status; to send again: ilacs digests retry.", err=True)


def _warn_untold(post: DayOfLetters) -> None:
    if post.untold:
        click.echo(
            f"warning: {many(post.untold, 'action has', 'actions have')} no one to update them. No active account "
            "leads or owns them, and no programme manager can see them. Add one with: "
            "ilacs people add --role programme_manager.",
            err=True,
        )

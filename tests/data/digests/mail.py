"""A mail server, the command that writes to it, and letters in the outbox, for the tests of letters."""

from __future__ import annotations

import asyncio
import email
import socket
from collections import Counter
from dataclasses import dataclass
from datetime import date
from email import policy
from threading import Event

import pytest
from sqlalchemy import func, select

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.digests.commands import queue_letters
from ilacs_app.digests.compose import LetterItem, LetterParts, Recipient, lead_letter, message_id
from ilacs_app.digests.model import Letter
from ilacs_app.digests.pages import letters_of
from ilacs_app.people.model import Person
from ilacs_app.plan.commands import Home, add_action, add_recommendation, make_plan
from ilacs_app.plan.model import ActionPerson
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import FileAction, FileRecommendation
from ilacs_app.worklist.rules import Group
from tests.conftest import BY, DATED_ON

BASE = "https://plan.example.gov.uk"
SENDER = "Improvement plan <plan@example.gov.uk>"


on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])
"""For what does not turn on the database."""


class Server:
    """What a mail server received, and how it answers."""

    def __init__(self) -> None:
        self.mail: list[email.message.EmailMessage] = []
        self.refuse: set[str] = set()
        self.delay: set[str] = set()
        self.hold: Event | None = None
        self.holding = Event()
        self.cut = False
        self.pause = 0.0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return "550 5.1.1 No such mailbox"
        if address in self.delay:
            return "450 4.2.1 Try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mail.append(email.message_from_bytes(envelope.content, policy=policy.default))
        if self.hold:
            self.holding.set()
            while not self.hold.is_set():
                await asyncio.sleep(0.01)
        if self.cut:
            server.transport.abort()
        if self.pause:
            await asyncio.sleep(self.pause)
        return "250 OK"

    @property
    def readers(self) -> Counter[str]:
        return Counter(message["To"] for message in self.mail)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(app, mail: str | None, changes: dict[str, str]) -> dict[str, str | None]:
    """The settings of ``ilacs`` on the test's database; an empty one is deleted."""
    settings = app.config["ILACS"]
    ours = {
        "ILACS_DATA": str(settings.data),
        "ILACS_DATABASE_URL": settings.database_url,
        "ILACS_BASE_URL": BASE,
        "ILACS_TODAY": clock.today().isoformat(),
        "ILACS_MAIL_FROM": SENDER,
        "ILACS_MAIL_URL": mail or "",
        **changes,
    }
    return {name: value or None for name, value in ours.items()}


@dataclass(frozen=True)
class Ended:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def states() -> dict[str, int]:
    db.session.rollback()
    rows = db.session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    return {row[0]: row[1] for row in rows}


def queued(day: date = date(2018, 4, 7)) -> int:
    """Put the letters of a day into the outbox."""
    clock.move_today(day)
    letters = letters_of(BASE, day).letters
    with transaction():
        return queue_letters(BY, letters).number


def letters_to_many(number: int) -> None:
    """One queued letter to each of ``number`` accounts, about the one action of a live plan that is theirs."""
    with transaction():
        plan_id = make_plan(BY, "letters", "Letters", DATED_ON, state="live")
        wanted = FileRecommendation("1", "Staff are supervised", "row 1")
        home = Home(plan_id, DATED_ON, add_recommendation(BY, plan_id, wanted, 0), 0)
        timescale = read_timescale("End January 2018", DATED_ON)
        action_id = add_action(BY, home, FileAction("1.1", "Track supervision", timescale, "row 1"))
    item = LetterItem(action_id, "", "1.1", "Track supervision", f"{BASE}/actions/1", "Overdue by 2 days", True, "red")
    with transaction():
        people = [
            Person(email=f"p{n}@tests.example", name=f"P {n}", password_hash="-", created_at=clock.now())
            for n in range(number)
        ]
        db.session.add_all(people)
        db.session.flush()
        theirs = {"action_id": action_id, "part": "contributor"}
        db.session.add_all(ActionPerson(**theirs, name=person.name, person_id=person.id) for person in people)
        drafts = [
            lead_letter(Recipient(person.id, person.email), DATED_ON, BASE, {Group.OVERDUE: [item]})
            for person in people
        ]
        queue_letters(BY, [LetterParts(draft, "text\n", "<p>html</p>\n", message_id(draft, BASE)) for draft in drafts])

"""Letters: who is told what, and each arrives once. Sent by the real command to a real mail server."""

from __future__ import annotations

import asyncio
import email
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from email import policy
from pathlib import Path
from threading import Event

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner
from flask import appcontext_pushed
from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.digests.cli import digests
from ilacs_app.digests.commands import claim_next, mark_sent, queue_letters, retry_letters
from ilacs_app.digests.compose import Item, To, Written, lead_letter, message_id
from ilacs_app.digests.letters import letters_of
from ilacs_app.digests.model import Letter
from ilacs_app.digests.queries import unreached
from ilacs_app.digests.send import Smtp, transport_of
from ilacs_app.history import HistoryEvent
from ilacs_app.intake.commands import take_in
from ilacs_app.intake.plan_file import read_plan
from ilacs_app.people.commands import add_person, board_named, grant_role
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action, Plan
from ilacs_app.plan.narrowing import Filter
from ilacs_app.plan.queries import action_rows
from ilacs_app.plan.reach import actor_of
from ilacs_app.progress.model import StatusMove
from ilacs_app.settings import Settings, SettingsError
from ilacs_app.worklist.rules import Group
from tests.conftest import BY, CHARACTERS, DATED_ON, PASSWORD, SAMPLES, email_of

BASE = "https://plan.example.gov.uk"
DAYS = {date(2018, 2, 22): 4, date(2018, 4, 7): 16, date(2018, 5, 1): 42, date(2018, 10, 1): 48}
SENDER = "Improvement plan <plan@example.gov.uk>"
OVERDUE_ROW = re.compile(rf"Overdue by \d+ days?\. ◆ Red: off track\n +{BASE}/actions/(\d+)$", re.M)


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


@pytest.fixture
def server():
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), ready_timeout=30)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    yield handler
    controller.stop()


def environment(app, mail: str | None, changes: dict[str, str]) -> dict[str, str | None]:
    """The settings of ``ilacs`` on the test's database; an empty one is taken away."""
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
class Said:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def ilacs(app):
    """Run ``ilacs`` as a command of this process, with an application and database connections of its own."""

    def run(*words: str, mail: str | None = None, **changes: str) -> Said:
        db.session.rollback()
        made = []
        with appcontext_pushed.connected_to(lambda sender: made.append(sender)):
            ended = CliRunner().invoke(digests, words, env=environment(app, mail, changes))
        for other in made:
            with other.app_context():
                db.engine.dispose()
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return Said(ended.exit_code, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def start_ilacs(app):
    """Start ``ilacs`` as a process of its own."""

    def start(*words: str, mail: str | None = None) -> subprocess.Popen[str]:
        db.session.rollback()
        ours = {name: value for name, value in environment(app, mail, {}).items() if value}
        return subprocess.Popen(
            [sys.executable, "-m", "ilacs_app.cli", "digests", *words],
            env={**os.environ, **ours},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    return start


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
    """One queued letter to each of ``number`` accounts."""
    item = Item(1, "", "1.1", "Track supervision", f"{BASE}/actions/1", "Overdue by 2 days", True, "red")
    with transaction():
        people = [
            Person(email=f"p{n}@tests.example", name=f"P {n}", password_hash="-", created_at=clock.now())
            for n in range(number)
        ]
        db.session.add_all(people)
        db.session.flush()
        drafts = [
            lead_letter(To(person.id, person.email), DATED_ON, BASE, {Group.OVERDUE: [item]}) for person in people
        ]
        queue_letters(BY, [Written(draft, "text\n", "<p>html</p>\n", message_id(draft, BASE)) for draft in drafts])


# Who is told what


def test_all_letters_together_hold_exactly_what_is_overdue(world, on):
    for day, number in DAYS.items():
        on(day)
        wanted = Filter(timeliness="overdue")
        overdue = {row.id for row in action_rows(world.actor("programme_manager"), wanted, day, size=None)}
        post = letters_of(BASE, day)
        told = {int(id_) for letter in post.letters for id_ in OVERDUE_ROW.findall(letter.text)}
        assert (len(overdue), told, post.untold) == (number, overdue, 0)


def test_without_any_lead_s_account_all_of_it_is_the_programme_manager_s(app, on):
    on(DATED_ON)
    with transaction():
        take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "twin", DATED_ON, state="live")
    for day, number in DAYS.items():
        post = letters_of(BASE, day)
        assert post.letters == ()
        assert post.untold >= number
    with transaction():
        manager = add_person(BY, "pm@tests.example", "Programme Manager", PASSWORD)
        grant_role(BY, manager, "programme_manager")
    for day, number in DAYS.items():
        post = letters_of(BASE, day)
        (letter,) = post.letters
        assert letter.draft.kind == "manager"
        assert len(set(OVERDUE_ROW.findall(letter.text))) == number
        assert post.untold == 0


def test_what_was_sent_back_stands_first_and_says_nothing_that_anybody_wrote(world, on):
    on(day := date(2018, 5, 1))
    with transaction():
        id_ = world.actions["5.3"]
        db.session.execute(update(Action).where(Action.id == id_).values(status="in_progress"))
        db.session.add(
            StatusMove(
                action_id=id_,
                person_id=world.people["verifier"],
                at=clock.now(),
                kind="sent_back",
                from_status="completed",
                to_status="in_progress",
                reason="Test twenty records",
            )
        )
    letter = next(x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people["lead"])
    first = letter.draft.groups[0]
    assert (first.heading, [item.ref for item in first.items]) == ("Sent back to you", ["5.3"])
    assert str(id_) in OVERDUE_ROW.findall(letter.text)
    assert "Test twenty records" not in letter.text + letter.html


def test_a_lead_s_letter_holds_what_waits_for_them(world, on):
    on(day := date(2018, 4, 7))
    letter = next(x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people["lead"])
    assert letter.draft.kind == "lead"
    assert {item.ref.split(".")[0] for group in letter.draft.groups for item in group.items} == {"5"}
    assert letter.draft.period == "2018-W14"


def test_nobody_gets_an_empty_letter(world, on):
    for day in DAYS:
        on(day)
        letters = letters_of(BASE, day).letters
        assert all(letter.draft.action_ids for letter in letters)
        to = {letter.draft.to.email for letter in letters}
        for role in ("nobody", "viewer", "verifier", "board_member", "secretary", "administrator", "inspector"):
            assert email_of(role) not in to


def test_everybody_is_told_only_what_they_may_see(world, on):
    with transaction():
        grant_role(BY, world.people["partner"], "chair", board_id=board_named(BY, "MASH Board"))
    on(day := date(2018, 10, 1))
    letters = letters_of(BASE, day).letters
    roles = {id_: role for role, id_ in world.people.items()}
    for letter in letters:
        actor = world.actor(roles[letter.draft.to.person_id])
        seen = {row.id for row in action_rows(actor, Filter(), day, size=None)}
        assert set(letter.draft.action_ids) <= seen
    partner = next(x for x in letters if x.draft.to.person_id == world.people["partner"])
    mine = action_rows(
        world.actor("partner"), Filter(timeliness="overdue", board_id=board_named(BY, "MASH Board")), day, size=None
    )
    assert partner.draft.kind == "chair"
    assert set(partner.draft.action_ids) == {row.id for row in mine}


def test_a_chair_reads_what_is_overdue_at_their_boards_in_one_letter(world, on):
    on(day := date(2018, 10, 1))
    with transaction():
        grant_role(BY, world.people["chair"], "chair", board_id=board_named(BY, "LAC Strategy Group"))
    on(day)
    (letter,) = [x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people["chair"]]
    actor = world.actor("chair")
    assert (letter.draft.kind, letter.draft.period) == ("chair", "2018-10")
    assert [group.heading for group in letter.draft.groups] == ["LAC Strategy Group", "MASH Board"]
    for group in letter.draft.groups:
        wanted = Filter(board_id=board_named(BY, group.heading), timeliness="overdue")
        assert {item.action_id for item in group.items} == {
            row.id for row in action_rows(actor, wanted, day, size=None)
        }


@pytest.mark.parametrize("state", ["draft", "submitted", "closed"])
def test_a_plan_that_is_not_live_is_in_no_letter(world, on, state):
    with transaction():
        db.session.execute(update(Plan).values(state=state))
    on(date(2018, 10, 1))
    assert letters_of(BASE, date(2018, 10, 1)).letters == ()
    assert unreached(date(2018, 10, 1)) == frozenset()


def test_with_two_live_plans_the_short_name_stands_on_references(world, on):
    on(day := date(2018, 5, 1))
    assert "Twin 5." not in letters_of(BASE, day).letters[0].text
    with transaction():
        take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "other-plan", DATED_ON, state="live")
    post = letters_of(BASE, day)
    letter = next(x for x in post.letters if x.draft.to.person_id == world.people["lead"])
    assert re.search(r"^Twin 5\.\d  ", letter.text, re.M)
    assert re.search(r"^Other plan 5\.\d  ", letter.text, re.M)
    assert re.search(r"<strong>Twin 5\.\d</strong>", letter.html)
    told = {int(id_) for each in post.letters for id_ in OVERDUE_ROW.findall(each.text)}
    assert len(told) == 2 * DAYS[day]


def test_what_an_inactive_account_led_goes_to_the_programme_manager(world, on):
    on(day := date(2018, 5, 1))
    before = letters_of(BASE, day).letters
    lead = next(set(x.draft.action_ids) for x in before if x.draft.to.person_id == world.people["lead"])
    with transaction():
        db.session.execute(
            update(Person).where(Person.name.in_([CHARACTERS["lead"], CHARACTERS["contributor"]])).values(active=False)
        )
    after = {x.draft.to.person_id: x.draft for x in letters_of(BASE, day).letters}
    assert world.people["lead"] not in after
    assert lead <= set(after[world.people["programme_manager"]].action_ids)


def test_a_programme_manager_of_one_plan_is_not_told_of_another(world, on):
    on(DATED_ON)
    with transaction():
        other = take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "other-plan", DATED_ON, state="live")
        manager = add_person(BY, "one@tests.example", "Manager of one", PASSWORD)
        grant_role(BY, manager, "programme_manager", plan_id=other)
    on(day := date(2018, 5, 1))
    (letter,) = [x for x in letters_of(BASE, day).letters if x.draft.to.person_id == manager]
    seen = action_rows(actor_of(manager, "", "", False, day), Filter(plan_id=other), day, size=None)
    assert set(letter.draft.action_ids) <= {row.id for row in seen}


def test_a_letter_holds_no_note_and_escapes_what_the_plan_says(world, on):
    with transaction():
        db.session.execute(
            update(Action)
            .where(Action.id == world.actions["5.1"])
            .values(text="Test <b>& tell</b>\nin two lines", imported_note="A note nobody mails")
        )
    on(day := date(2018, 5, 1))
    letter = next(x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people["lead"])
    assert "Test &lt;b&gt;&amp; tell&lt;/b&gt; in two lines" in letter.html
    assert "5.1  Test <b>& tell</b> in two lines\n" in letter.text
    assert not any("A note nobody mails" in part for part in (letter.html, letter.text))


# Queue


def test_queueing_twice_doubles_nothing_and_writes_history(world, ilacs):
    first = ilacs("queue")
    assert first.returncode == 0, first.stderr
    number = sum(states().values())
    assert f"Queued: {number} letters" in first.stdout
    events = select(func.count()).select_from(HistoryEvent).where(HistoryEvent.verb == "letter_queued")
    assert db.session.scalar(events) == number
    again = ilacs("queue")
    assert "Queued: 0 letters." in again.stdout
    assert f"In the outbox already: {number} letters." in again.stdout
    assert states() == {"queued": number}
    assert db.session.scalar(events) == number


def test_a_new_week_writes_to_leads_again_and_a_new_month_to_chairs(world):
    def kinds() -> Counter[str]:
        db.session.rollback()
        return Counter(db.session.scalars(select(Letter.kind)))

    queued(date(2018, 4, 7))
    first = kinds()
    assert first["chair"] == 1
    assert queued(date(2018, 4, 8)) == 0
    queued(date(2018, 4, 9))
    second = kinds()
    assert second["chair"] == 1
    assert second["lead"] > first["lead"]
    assert second["manager"] == first["manager"] + 1
    queued(date(2018, 5, 1))
    assert kinds()["chair"] == 2


@on_sqlite
def test_queue_and_show_name_the_address_that_they_lack(world, ilacs):
    for command in ("queue", "show"):
        told = ilacs(command, ILACS_BASE_URL="")
        assert told.returncode == 1
        assert "ILACS_BASE_URL is not set" in told.stderr
    assert states() == {}


@on_sqlite
def test_queue_warns_of_what_nobody_at_all_is_told(world, ilacs):
    with transaction():
        db.session.execute(update(Person).where(Person.name == "Programme Manager").values(active=False))
    told = ilacs("queue")
    assert told.returncode == 0
    assert re.search(r"warning: \d+ actions reach nobody", told.stderr)


@on_sqlite
def test_show_previews_and_writes_nothing(world, ilacs):
    told = ilacs("show", "--person", email_of("lead"), "--kind", "lead")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("To: lead@tests.example\nSubject: ")
    assert "wait for you, Saturday 7 April 2018" in told.stdout
    assert "=" * 72 not in told.stdout
    page = ilacs("show", "--person", email_of("lead"), "--html").stdout
    assert page.startswith("<!doctype html>")
    assert 'aria-hidden="true"' in page
    assert states() == {}
    unknown = ilacs("show", "--person", "who@tests.example")
    assert unknown.returncode == 1
    assert "There is no account for who@tests.example" in unknown.stderr
    nothing = ilacs("show", "--person", email_of("viewer"))
    assert (nothing.returncode, nothing.stdout) == (0, "")


# Send


def test_a_letter_arrives_by_mail_in_both_forms(world, ilacs, server):
    number = queued()
    told = ilacs("send", mail=server.url)
    assert told.returncode == 0, told.stderr
    assert f"Sent: {number} letters." in told.stdout
    assert states() == {"sent": number}
    message = next(m for m in server.mail if m["To"] == email_of("lead"))
    assert message["From"] == SENDER
    assert re.fullmatch(r"\d+ actions wait for you, Saturday 7 April 2018", message["Subject"])
    assert message["Message-ID"] == f"<lead-2018-W14-{world.people['lead']}@plan.example.gov.uk>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.date() == clock.london_day(clock.real_now())
    assert message.get_content_type() == "multipart/alternative"
    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    ids = db.session.scalar(select(Letter.action_ids).where(Letter.to_email == email_of("lead")))
    for id_ in ids:
        assert f"\n    {BASE}/actions/{id_}\n" in text
        assert f'href="{BASE}/actions/{id_}"' in html
    assert "◆ Red: off track" in text
    assert ilacs("send", mail=server.url).stdout == "Sent: 0 letters.\n"
    assert len(server.mail) == number


@on_sqlite
def test_a_letter_goes_into_a_folder(world, ilacs, tmp_path):
    number = queued()
    folder = tmp_path / "some letters"
    told = ilacs("send", mail=folder.as_uri(), ILACS_MAIL_FROM="")
    assert told.returncode == 0, told.stderr
    files = sorted(folder.iterdir())
    assert len(files) == number
    assert f"lead-2018-W14-{world.people['lead']}.eml" in {file.name for file in files}
    message = email.message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert message["From"].addresses[0].domain == "plan.example.gov.uk"


@on_sqlite
def test_send_names_the_setting_that_it_lacks_and_keeps_the_letters(world, ilacs, server):
    number = queued()
    told = ilacs("send")
    assert told.returncode == 1
    assert "ILACS_MAIL_URL is not set" in told.stderr
    told = ilacs("send", mail=server.url, ILACS_MAIL_FROM="")
    assert told.returncode == 1
    assert "ILACS_MAIL_FROM is not set" in told.stderr
    assert states() == {"queued": number}
    assert server.mail == []


@on_sqlite
def test_while_the_mail_server_is_away_letters_wait(world, ilacs, server):
    number = queued()
    away = f"smtp://127.0.0.1:{free_port()}"
    told = ilacs("send", mail=away)
    assert told.returncode == 1
    assert "cannot be used: Connection refused" in told.stderr
    assert f"{number} letters in the queue" in told.stderr
    assert states() == {"queued": number}
    told = json.loads(ilacs("status", "--json").stdout)
    assert told["counts"]["queued"] == number
    assert [(each["state"], each["attempts"]) for each in told["problems"]] == [("queued", 1)]
    assert ilacs("send", mail=server.url).returncode == 0
    assert states() == {"sent": number}


@on_sqlite
def test_a_refused_reader_is_told_and_the_others_get_theirs(world, ilacs, server):
    number = queued()
    server.refuse = {email_of("lead")}
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "Not sent to lead@tests.example: The mail server answered: 550 5.1.1 No such mailbox" in told.stderr
    assert states() == {"sent": number - 1, "refused": 1}
    assert "refused: lead, 2018-W14, lead@tests.example: The mail server answered: 550" in (ilacs("status").stdout)
    again = ilacs("send", mail=server.url)
    assert again.returncode == 0
    assert "1 letter refused" in again.stderr
    server.refuse = set()
    assert "Queued again: 1 letter." in ilacs("retry").stdout
    assert ilacs("send", mail=server.url).returncode == 0
    assert server.readers[email_of("lead")] == 1


@on_sqlite
def test_a_passing_fault_is_tried_again_by_the_next_run(world, ilacs, server):
    number = queued()
    server.delay = {email_of("lead")}
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "450 4.2.1 Try again. The next run tries again." in told.stderr
    assert states() == {"sent": number - 1, "queued": 1}
    server.delay = set()
    assert ilacs("send", mail=server.url).returncode == 0
    assert server.readers[email_of("lead")] == 1


@on_sqlite
def test_a_letter_whose_answer_was_lost_is_unsure_and_stays_so(app, ilacs, server):
    letters_to_many(1)
    server.cut = True
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "It may or may not have arrived. To send it again: ilacs digests retry --unsure." in told.stderr
    assert states() == {"unsure": 1}
    server.cut = False
    again = ilacs("send", mail=server.url)
    assert (again.returncode, len(server.mail)) == (0, 1)
    assert "1 letter may or may not have arrived" in again.stderr


def test_a_sender_killed_on_the_way_leaves_its_letter_unsure(app, ilacs, start_ilacs, server):
    letters_to_many(2)
    server.hold = Event()
    sender = start_ilacs("send", mail=server.url)
    assert server.holding.wait(30)
    sender.kill()
    sender.communicate()
    server.hold.set()
    assert states() == {"queued": 1, "sending": 1}

    assert ilacs("send", mail=server.url).returncode == 0
    assert states() == {"sent": 1, "sending": 1}, "a letter that may still be under way is left alone"
    with transaction():
        held = Letter.state == "sending"
        db.session.execute(update(Letter).where(held).values(claimed_at=clock.real_now() - timedelta(minutes=11)))
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "1 letter could not be sent" in told.stderr
    assert "1 letter may or may not have arrived. To send again: ilacs digests retry --unsure." in told.stderr
    assert states() == {"sent": 1, "unsure": 1}
    assert server.readers == {"p0@tests.example": 1, "p1@tests.example": 1}

    left = ilacs("retry")
    assert "Queued again: 0 letters." in left.stdout
    assert "Left alone" in left.stderr
    assert "Queued again: 1 letter." in ilacs("retry", "--unsure").stdout
    assert ilacs("send", mail=server.url).returncode == 0
    assert states() == {"sent": 2}
    ids = [m["Message-ID"] for m in server.mail if m["To"] == "p0@tests.example"]
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_a_sender_that_was_only_slow_still_marks_its_letter(app):
    letters_to_many(1)
    with transaction():
        mail = claim_next(clock.real_now() - timedelta(minutes=11))
    with transaction():
        db.session.execute(update(Letter).values(state="unsure"))
        assert retry_letters(BY, unsure=True) == 1
    with transaction():
        mark_sent(BY, mail)
    assert states() == {"sent": 1}
    with transaction():
        assert claim_next(clock.real_now()) is None


@on_sqlite
def test_an_account_that_is_no_longer_active_gets_no_letter(app, ilacs, server):
    letters_to_many(2)
    with transaction():
        db.session.execute(update(Person).where(Person.name == "P 0").values(active=False))
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "the account is no longer active: 1 letter" in told.stderr
    assert states() == {"sent": 1, "refused": 1}
    assert server.readers == {"p1@tests.example": 1}


def test_four_senders_at_once_send_each_of_a_hundred_letters_once(app, start_ilacs, server):
    letters_to_many(100)
    server.pause = 0.02
    senders = [start_ilacs("send", mail=server.url) for _ in range(4)]
    ends = [(sender.communicate(timeout=120), sender.returncode) for sender in senders]
    assert [code for _, code in ends] == [0] * 4, ends
    assert states() == {"sent": 100}
    assert server.readers == {f"p{n}@tests.example": 1 for n in range(100)}
    shares = [int(out.split()[1]) for (out, _), _ in ends]
    assert sum(shares) == 100
    assert sum(share > 0 for share in shares) > 1, f"only one of them worked: {shares}"


def test_four_who_queue_at_once_queue_each_letter_once(world, start_ilacs):
    runs = [start_ilacs("queue") for _ in range(4)]
    ends = [(run.communicate(timeout=120), run.returncode) for run in runs]
    assert [code for _, code in ends] == [0] * 4, ends
    number = len(letters_of(BASE, clock.today()).letters)
    assert states() == {"queued": number}
    assert sum(int(re.search(r"Queued: (\d+)", out)[1]) for (out, _), _ in ends) == number


@on_sqlite
@pytest.mark.parametrize("tls", ["starttls", "ssl"])
@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_a_mail_server_with_encryption_and_a_password_is_served(app, ilacs, tmp_path, tls):
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = [str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")]
    subprocess.run(["openssl", *words.split(), "-keyout", files[0], "-out", files[1]], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files[1], files[0])
    handler = Server()
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=free_port(),
        ready_timeout=30,
        **({"ssl_context": context} if tls == "ssl" else {"tls_context": context, "require_starttls": True}),
        authenticator=lambda _server, _session, _envelope, _mechanism, data: AuthResult(
            success=(data.login, data.password) == (b"plan@x", b"p/w?"), handled=False
        ),
        auth_required=tls == "starttls",
        auth_require_tls=tls == "starttls",
    )
    letters_to_many(2)
    if tls == "ssl":
        # its own first call would not trust the certificate
        controller._trigger_server = lambda: socket.create_connection(("127.0.0.1", controller.port)).close()
    controller.start()
    try:
        address = f"smtp://plan%40x:{{}}@localhost:{controller.port}?tls={tls}"
        told = ilacs("send", mail=address.format("p%2Fw%3F"))
        assert told.returncode == 1
        assert "certificate verify failed" in told.stderr
        told = ilacs("send", mail=address.format("wrong-word"), SSL_CERT_FILE=files[1])
        assert told.returncode == 1
        assert "535" in told.stderr
        assert "wrong-word" not in told.stderr
        assert states() == {"queued": 2}
        told = ilacs("send", mail=address.format("p%2Fw%3F"), SSL_CERT_FILE=files[1])
        assert told.returncode == 0, told.stderr
        assert states() == {"sent": 2}
    finally:
        controller.stop()


# Settings


def settings(url: str, sender: str | None = "plan@example.gov.uk") -> Settings:
    return Settings(Path(), "", Path(), mail_url=url, mail_from=sender)


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://u%40x:p%2Fw@mail.example.gov.uk:2587?tls=starttls", 2587, "starttls"),
        ("smtp://u%40x:p%2Fw@mail.example.gov.uk", 587, "starttls"),
        ("smtp://u%40x:p%2Fw@mail.example.gov.uk?tls=ssl", 465, "ssl"),
        ("smtp://u%40x:p%2Fw@127.0.0.1", 25, "none"),
    ],
)
def test_the_address_of_the_mail_server_is_read(url, port, tls):
    found = transport_of(settings(url), "localhost")
    assert isinstance(found, Smtp)
    assert (found.port, found.tls, found.user, found.password) == (port, tls, "u@x", "p/w")


@pytest.mark.parametrize(
    ("url", "sender", "names"),
    [
        ("smtp://mail.example.gov.uk?tls=none", "plan@example.gov.uk", "ILACS_MAIL_URL"),
        ("smtp://mail.example.gov.uk?tls=sometimes", "plan@example.gov.uk", "ILACS_MAIL_URL"),
        ("smtp://mail.example.gov.uk?verify=no", "plan@example.gov.uk", "ILACS_MAIL_URL"),
        ("smtp://mail.example.gov.uk:0x", "plan@example.gov.uk", "ILACS_MAIL_URL"),
        ("smtp://?tls=ssl", "plan@example.gov.uk", "ILACS_MAIL_URL"),
        ("file:///", None, "ILACS_MAIL_URL"),
        ("file://letters", None, "ILACS_MAIL_URL"),
        ("smtp://127.0.0.1", None, "ILACS_MAIL_FROM"),
        ("smtp://127.0.0.1", "the council", "ILACS_MAIL_FROM"),
        ("smtp://127.0.0.1", "plan@example.gov.uk\nBcc: all@example.gov.uk", "ILACS_MAIL_FROM"),
    ],
)
def test_unsafe_mail_settings_are_refused_by_name(url, sender, names):
    with pytest.raises(SettingsError, match=names):
        transport_of(settings(url, sender), "localhost")

"""Letters on their way: each arrives once. Sent by the real command to a real mail server."""

from __future__ import annotations

import email
import json
import re
import shutil
import socket
import ssl
import subprocess
from datetime import timedelta
from email import policy
from pathlib import Path
from threading import Event

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.digests.commands import claim_next, mark_sent, retry_letters
from ilacs_app.digests.model import Letter
from ilacs_app.digests.pages import letters_of
from ilacs_app.digests.transport import Smtp, transport_of
from ilacs_app.people.model import Person
from ilacs_app.settings import Settings, SettingsError
from tests.conftest import BY, email_of
from tests.data.digests.mail import BASE, SENDER, Server, free_port, letters_to_many, on_sqlite, queued, states

# Send


def test_a_letter_arrives_by_mail_in_both_forms(world, ilacs, server):
    number = queued()
    told = ilacs("send", mail=server.url)
    assert told.returncode == 0, told.stderr
    assert f"Sent: {number} emails." in told.stdout
    assert states() == {"sent": number}
    message = next(m for m in server.mail if m["To"] == email_of("lead"))
    assert message["From"] == SENDER
    assert re.fullmatch(r"\d+ improvement plan actions to update, 7 April", message["Subject"])
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
    assert ilacs("send", mail=server.url).stdout == "Sent: 0 emails.\n"
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
    assert f"{number} emails in the queue" in told.stderr
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
    assert "1 email refused" in again.stderr
    server.refuse = set()
    assert "Queued again: 1 email." in ilacs("retry").stdout
    assert ilacs("send", mail=server.url).returncode == 0
    assert server.readers[email_of("lead")] == 1


@on_sqlite
def test_a_passing_fault_is_tried_again_by_the_next_run(world, ilacs, server):
    number = queued()
    server.delay = {email_of("lead")}
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "450 4.2.1 Try again. The next run will try again." in told.stderr
    assert states() == {"sent": number - 1, "queued": 1}
    server.delay = set()
    assert ilacs("send", mail=server.url).returncode == 0
    assert server.readers[email_of("lead")] == 1


@on_sqlite
def test_a_letter_whose_answer_was_lost_is_unsure_and_stays_so(world, ilacs, server):
    letters_to_many(1)
    server.cut = True
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "It may or may not have arrived. To send it again: ilacs digests retry --unsure." in told.stderr
    assert states() == {"unsure": 1}
    server.cut = False
    again = ilacs("send", mail=server.url)
    assert (again.returncode, len(server.mail)) == (0, 1)
    assert "1 email may or may not have arrived" in again.stderr


def test_a_sender_killed_on_the_way_leaves_its_letter_unsure(world, ilacs, start_ilacs, server):
    letters_to_many(2)
    server.hold = Event()
    sender = start_ilacs("send", mail=server.url)
    assert server.holding.wait(30)
    sender.kill()
    sender.communicate()
    server.hold.set()
    assert states() == {"queued": 1, "sending": 1}

    told = ilacs("status")
    assert "sending\t1" in told.stdout
    assert "sending: lead, 2018-W08, p0@tests.example: A sender has had this email since" in told.stdout
    assert json.loads(ilacs("status", "--json").stdout)["problems"][0]["to"] == "p0@tests.example"
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "Sent: 1 email." in told.stdout
    assert "sending: lead, 2018-W08, p0@tests.example: A sender has had this email since" in told.stderr
    assert "1 email is being sent by another sender." in told.stderr
    assert states() == {"sent": 1, "sending": 1}, "a letter that may still be under way is left alone"
    with transaction():
        held = Letter.state == "sending"
        db.session.execute(update(Letter).where(held).values(claimed_at=clock.real_now() - timedelta(minutes=11)))
    told = ilacs("status")
    assert "p0@tests.example: The program stopped while sending this email" in told.stdout, "said before any run"
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "1 email could not be sent" in told.stderr
    assert "1 email may or may not have arrived. To send again: ilacs digests retry --unsure." in told.stderr
    assert states() == {"sent": 1, "unsure": 1}
    assert server.readers == {"p0@tests.example": 1, "p1@tests.example": 1}

    left = ilacs("retry")
    assert "Queued again: 0 emails." in left.stdout
    assert "Not sent again" in left.stderr
    assert "Queued again: 1 email." in ilacs("retry", "--unsure").stdout
    assert ilacs("send", mail=server.url).returncode == 0
    assert states() == {"sent": 2}
    ids = [m["Message-ID"] for m in server.mail if m["To"] == "p0@tests.example"]
    assert len(ids) == 2
    assert ids[0] == ids[1]


def test_a_sender_that_was_only_slow_still_marks_its_letter(world):
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
def test_an_account_that_is_no_longer_active_gets_no_letter(world, ilacs, server):
    letters_to_many(2)
    with transaction():
        db.session.execute(update(Person).where(Person.name == "P 0").values(active=False))
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert "the account is no longer active: 1 email" in told.stderr
    assert states() == {"sent": 1, "refused": 1}
    assert server.readers == {"p1@tests.example": 1}


def test_four_senders_at_once_send_each_of_a_hundred_letters_once(world, start_ilacs, server):
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
def test_a_mail_server_with_encryption_and_a_password_is_served(world, ilacs, tmp_path, tls):
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

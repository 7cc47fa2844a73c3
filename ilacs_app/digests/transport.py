"""Send letters to a mail server or a folder. A letter that is not sent raises one of four faults.

Knows no database. Messages of faults name the server's host and port, never a user name or password.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import url2pathname

from ilacs_app.settings import Settings, SettingsError, for_its_owner, make_private
from ilacs_app.text import printable

TIMEOUT = 30  # seconds for each step of the talk with the mail server
EACH_CALL = 50  # letters over one connection; mail servers end longer ones in their own way
LONGEST_PLAIN_SUBJECT = 60  # characters; a longer one would have to be folded
EACH_ENCODED_WORD = 39  # bytes: 64 once encoded, which leaves room for “Subject: ” in a line of 76 (RFC 2047)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
PORTS = {"starttls": 587, "ssl": 465, "none": 25}


class Later(Exception):
    """This letter was not sent, but the next run may send it."""


class Unreachable(Exception):
    """No letter can be sent now: the mail server is away or does not accept us. The run ends."""


class Never(Exception):
    """This letter cannot be delivered as it is."""


class Unknown(Exception):
    """The connection broke after the letter was handed over: it may or may not have been sent."""


Fault = Later | Unreachable | Never | Unknown
FAULTS = (Later, Unreachable, Never, Unknown)


@dataclass(frozen=True)
class Mail:
    """A letter that is being sent. ``attempt`` tells this attempt from any other."""

    id: int
    attempt: int
    person_id: int
    kind: str
    period: str
    to_email: str
    subject: str
    text: str
    html: str
    message_id: str
    action_ids: tuple[int, ...] = ()
    challenge_ids: tuple[int, ...] = ()
    recommendation_ids: tuple[int, ...] = ()

    @property
    def about(self) -> str:
        return f"{self.kind}, {self.period}, {self.to_email}"

    def as_bytes(self, sender: str, at: datetime) -> bytes:
        """Return the letter as a mail message.

        Raises:
            Never: it cannot be written as mail, such as a line break in an address.
        """
        try:
            message = EmailMessage(policy.SMTP if self.to_email.isascii() else policy.SMTPUTF8)
            message["From"] = sender
            message["To"] = self.to_email
            message["Date"] = format_datetime(at)
            message["Message-ID"] = self.message_id
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(self.text, cte="quoted-printable")
            message.add_alternative(self.html, subtype="html", cte="quoted-printable")
            return b"Subject: " + _subject(self.subject) + b"\r\n" + message.as_bytes()
        except ValueError as error:
            raise Never(f"The email cannot be created: {error}.") from error


def _subject(text: str) -> bytes:
    """Return a subject header that every mail program decodes to these words (RFC 2047), with line breaks as spaces.

    Encoded here, because the library's own folding loses spaces and splits characters of several bytes.
    """
    text = re.sub(r"[\r\n]+", " ", printable(text))
    plain = text.isascii() and text.isprintable() and "=?" not in text and text == text.strip()
    if plain and len(text) <= LONGEST_PLAIN_SUBJECT:
        return text.encode()
    parts = [b""]
    for character in text:
        written = character.encode()
        if len(parts[-1]) + len(written) > EACH_ENCODED_WORD:
            parts.append(b"")
        parts[-1] += written
    return b"\r\n ".join(b"=?utf-8?b?" + b64encode(part) + b"?=" for part in parts)


class Transport(Protocol):
    """A way to send letters."""

    def deliver(self, mail: Mail, at: datetime) -> None:
        """Hand one letter over.

        Raises:
            Later, Unreachable, Never, Unknown: it was not sent, or may not have been.
        """

    def close(self) -> None:
        """Close the connection to the mail server."""


@dataclass
class Folder:
    """Write each letter as one file, whole or not at all."""

    path: Path
    sender: str

    def deliver(self, mail: Mail, at: datetime) -> None:
        written = mail.as_bytes(self.sender, at)
        target = self.path / f"{mail.kind}-{mail.period}-{mail.person_id}.eml"
        part = target.with_suffix(".part")
        try:
            make_private(self.path)
            part.unlink(missing_ok=True)  # left by a sender that was killed
            with open(part, "xb", opener=for_its_owner) as file:
                file.write(written)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            raise Unreachable(f"The folder for emails cannot be written: {error.strerror}.") from error

    def close(self) -> None:
        pass


@dataclass
class Smtp:
    """Hand letters to a mail server, over one connection while it lasts."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password: str = ""
    _server: smtplib.SMTP | None = field(default=None, init=False)
    _carried: int = field(default=0, init=False)

    def deliver(self, mail: Mail, at: datetime) -> None:
        written = mail.as_bytes(self.sender, at)
        server = self._connected()
        try:
            self._address(server, mail)
            self._hand_over(server, written)
        except BaseException:
            self._drop()
            raise
        self._carried += 1

    def close(self) -> None:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server, self._carried = None, 0

    def _connected(self) -> smtplib.SMTP:
        if self._carried == EACH_CALL:
            self.close()
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._server.noop()[0] == 250:
                    return self._server
            self._drop()
        try:
            context = ssl.create_default_context()
            if self.tls == "ssl":
                self._server = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
            else:
                self._server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
            if self.tls == "starttls":
                self._server.starttls(context=context)
            if self.user:
                self._server.login(self.user, self.password)
            self._server.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unreachable(f"The mail server {self.host}:{self.port} cannot be used: {_said(error)}.") from error
        return self._server

    def _address(self, server: smtplib.SMTP, mail: Mail) -> None:
        """Name the sender and the recipient. Nothing has been handed over yet."""
        plain = mail.to_email.isascii()
        if not plain and not server.has_extn("smtputf8"):
            raise Never("The mail server does not accept email addresses with letters other than a to z.")
        try:
            answer = server.mail(parseaddr(self.sender)[1], () if plain else ("SMTPUTF8", "BODY=8BITMIME"))
            if answer[0] != 250:
                raise Unreachable(f"The mail server does not accept our sender {self.sender}: {_answer(answer)}.")
            answer = server.rcpt(mail.to_email)
        except (smtplib.SMTPException, OSError) as error:
            raise Later(f"The mail server closed the connection: {_said(error)}.") from error
        if answer[0] not in {250, 251}:
            raise _fault(answer)

    def _hand_over(self, server: smtplib.SMTP, written: bytes) -> None:
        try:
            answer = server.data(written)
        except smtplib.SMTPDataError as error:
            answer = (error.smtp_code, _bytes(error.smtp_error))
        except (smtplib.SMTPException, OSError) as error:
            raise Unknown(
                f"The mail server closed the connection after the email was sent: {_said(error)}. "
                "It may or may not have arrived."
            ) from error
        if answer[0] != 250:
            raise _fault(answer)


def transport_of(settings: Settings, host: str) -> Transport:
    """Return the transport that the settings name. ``host`` is our own, for the sender of letters in a folder.

    Raises:
        SettingsError: ``ILACS_MAIL_URL`` or ``ILACS_MAIL_FROM`` is missing or cannot be used.
    """
    url = str(settings.needed("mail_url").mail_url)
    sender = settings.mail_from or ""
    if sender and ("@" not in parseaddr(sender)[1] or not sender.isprintable()):
        raise SettingsError("ILACS_MAIL_FROM is not an email address. Set it to one like plan@example.gov.uk.")
    parts = urlsplit(url)
    if parts.scheme == "file":
        if not parts.path.strip("/") or parts.netloc not in {"", "localhost"}:
            raise SettingsError("ILACS_MAIL_URL has no folder. Set it to a URL like file:///path/to/folder.")
        return Folder(Path(url2pathname(parts.path)), sender or f"Improvement plan <improvement-plan@{host}>")
    settings.needed("mail_from")
    try:
        port = parts.port
    except ValueError:
        raise SettingsError(
            "The port in ILACS_MAIL_URL is wrong. Use a URL like smtp://host:587?tls=starttls."
        ) from None
    if not parts.hostname:
        raise SettingsError("ILACS_MAIL_URL has no mail server. Set it to a URL like smtp://host:587?tls=starttls.")
    tls = _tls(parts.query, parts.hostname)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Smtp(parts.hostname, port or PORTS[tls], tls, sender, user, password)


def _tls(query: str, host: str) -> str:
    """Return ``starttls`` or ``ssl``, or ``none``, which only a mail server on this machine may have as default."""
    asked = parse_qs(query, keep_blank_values=True)
    default = "none" if host in _LOOPBACK else "starttls"
    tls = asked.pop("tls", [default])[-1]
    if asked or tls not in PORTS:
        raise SettingsError("ILACS_MAIL_URL can only end in ?tls=starttls or ?tls=ssl.")
    if tls == "none" and host not in _LOOPBACK:
        raise SettingsError(
            "ILACS_MAIL_URL turns encryption off. Only a mail server on this machine may do that. "
            "Use ?tls=starttls or ?tls=ssl."
        )
    return tls


def _fault(answer: tuple[int, bytes]) -> Never | Later:
    says = f"The mail server answered: {_answer(answer)}."
    return Never(says) if 500 <= answer[0] < 600 else Later(says)


def _answer(answer: tuple[int, bytes]) -> str:
    reason = " ".join(answer[1].decode("utf-8", "replace").split())
    return f"{answer[0]} {reason}".strip().rstrip(".")


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer((error.smtp_code, _bytes(error.smtp_error)))
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()

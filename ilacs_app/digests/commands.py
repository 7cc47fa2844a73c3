"""The outbox: queue letters, claim one to send it, and record what became of it. Opens no transaction of its own.

A sender claims a letter by a conditional UPDATE and commits before it sends, so that no two send the same one. The
number of attempts is the sender's token: what it records later applies only to the attempt that it made. Claiming and
putting back are leases and write no history; everything else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update

from ilacs_app import clock
from ilacs_app.db import db, insert_once
from ilacs_app.digests.compose import LetterParts
from ilacs_app.digests.model import LEASE, Letter
from ilacs_app.digests.queries import ID_LISTS
from ilacs_app.digests.transport import Mail
from ilacs_app.history import Author, record
from ilacs_app.people.model import Person


@dataclass(frozen=True)
class Queued:
    """How many letters were queued, by kind, and how many were in the outbox already."""

    new: dict[str, int]
    already: int

    @property
    def number(self) -> int:
        return sum(self.new.values())


def queue_letters(by: Author, letters: Sequence[LetterParts]) -> Queued:
    """Put letters into the outbox: one for each person, kind and period, however many run this at once."""
    new: dict[str, int] = {}
    for letter in letters:
        draft = letter.draft
        entered = insert_once(
            Letter,
            person_id=draft.to.person_id,
            kind=draft.kind,
            period=draft.period,
            to_email=draft.to.email,
            subject=draft.subject,
            text=letter.text,
            html=letter.html,
            message_id=letter.message_id,
            action_ids=list(draft.action_ids),
            challenge_ids=list(draft.challenge_ids),
            recommendation_ids=list(draft.recommendation_ids),
            state="queued",
            attempts=0,
            queued_at=clock.now(),
            problem="",
        )
        if entered:
            new[draft.kind] = new.get(draft.kind, 0) + 1
            record(
                by,
                "letter_queued",
                about=f"{draft.kind}, {draft.period}, {draft.to.email}",
                after={"letter_id": entered, "actions": len(draft.action_ids)},
            )
    return Queued(new, len(letters) - sum(new.values()))


def claim_next(now: datetime, after: int = 0) -> Mail | None:
    """Claim the next queued letter whose id is above ``after``; nothing if there is none. ``now`` is the real instant.

    The caller commits before it sends.
    """
    next_one = (
        select(Letter.id)
        .where(Letter.state == "queued", Letter.id > after)
        .order_by(Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db.session.execute(
        update(Letter)
        .where(Letter.id == next_one.scalar_subquery(), Letter.state == "queued")
        .values(state="sending", claimed_at=now, attempts=Letter.attempts + 1)
        .returning(
            Letter.id,
            Letter.attempts,
            Letter.person_id,
            Letter.kind,
            Letter.period,
            Letter.to_email,
            Letter.subject,
            Letter.text,
            Letter.html,
            Letter.message_id,
            Letter.action_ids,
            Letter.challenge_ids,
            Letter.recommendation_ids,
        )
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        return None
    columns = dict(row._mapping)
    attempt = columns.pop("attempts")
    ids = {name: tuple(columns[name]) for name in ID_LISTS}
    return Mail(**(columns | ids | {"attempt": attempt}))


def rewrite_letter(by: Author, mail: Mail, letter: LetterParts) -> Mail | None:
    """Replace a claimed letter by what its reader may see now. Return it; nothing if another sender has claimed it."""
    draft = letter.draft
    values = {
        "subject": draft.subject,
        "text": letter.text,
        "html": letter.html,
        "action_ids": list(draft.action_ids),
        "challenge_ids": list(draft.challenge_ids),
        "recommendation_ids": list(draft.recommendation_ids),
    }
    if not _settle(mail, ("sending",), **values):
        return None
    record(
        by,
        "letter_rewritten",
        about=mail.about,
        after={"letter_id": mail.id, "actions": len(draft.action_ids)},
    )
    return replace(
        mail,
        subject=draft.subject,
        text=letter.text,
        html=letter.html,
        action_ids=draft.action_ids,
        challenge_ids=draft.challenge_ids,
        recommendation_ids=draft.recommendation_ids,
    )


def queue_again(mail: Mail, problem: str) -> None:
    """Put a letter back into the queue for the next run, after a fault that may pass."""
    _settle(mail, ("sending", "unsure"), state="queued", claimed_at=None, problem=problem)


def mark_sent(by: Author, mail: Mail) -> None:
    """Record that the mail system took the letter, even if the lease has run out meanwhile."""
    values = {"state": "sent", "sent_at": clock.now(), "problem": ""}
    if _settle(mail, ("sending", "unsure", "queued"), **values):
        _tell(by, "letter_sent", mail.id, mail.about)


def mark_refused(by: Author, mail: Mail, problem: str) -> None:
    """Record that the mail system will never take the letter as it is; ``problem`` says why."""
    if _settle(mail, ("sending", "unsure"), state="refused", problem=problem):
        _tell(by, "letter_refused", mail.id, mail.about, problem)


def mark_unsure(by: Author, mail: Mail, problem: str) -> None:
    """Record that the email may or may not have been sent. It is not sent again unless someone asks."""
    if _settle(mail, ("sending",), state="unsure", problem=problem):
        _tell(by, "letter_unsure", mail.id, mail.about, problem)


def give_up_leases(by: Author, now: datetime) -> int:
    """Mark letters whose sender stopped while sending as unsure. Return how many. ``now`` is the real instant."""
    problem = "The program stopped while sending this email, so it may or may not have arrived."
    return _sweep(
        by,
        "letter_unsure",
        (Letter.state == "sending", Letter.claimed_at < now - LEASE),
        {"state": "unsure", "problem": problem},
    )


def refuse_inactive(by: Author) -> int:
    """Refuse queued letters to accounts that are no longer active. Return how many."""
    active = exists().where(Person.id == Letter.person_id, Person.active).correlate(Letter)
    return _sweep(
        by,
        "letter_refused",
        (Letter.state == "queued", ~active),
        {"state": "refused", "problem": "The account is no longer active."},
    )


def retry_letters(by: Author, *, unsure: bool = False) -> int:
    """Queue refused letters again, and with ``unsure`` also those that may have arrived. Return how many."""
    states = ("refused", "unsure") if unsure else ("refused",)
    return _sweep(
        by,
        "letter_queued_again",
        (Letter.state.in_(states),),
        {"state": "queued", "claimed_at": None, "problem": ""},
    )


def _settle(mail: Mail, held: tuple[str, ...], **values: Any) -> bool:
    settled = db.session.execute(
        update(Letter)
        .where(Letter.id == mail.id, Letter.attempts == mail.attempt, Letter.state.in_(held))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(settled.rowcount)  # type: ignore[attr-defined]


def _sweep(by: Author, verb: str, which: tuple[Any, ...], values: dict[str, Any]) -> int:
    rows = db.session.execute(
        update(Letter)
        .where(*which)
        .values(**values)
        .returning(Letter.id, Letter.kind, Letter.period, Letter.to_email)
        .execution_options(synchronize_session=False)
    ).all()
    for row in rows:
        _tell(by, verb, row.id, f"{row.kind}, {row.period}, {row.to_email}", values["problem"])
    return len(rows)


def _tell(by: Author, verb: str, letter_id: int, about: str, problem: str = "") -> None:
    after: dict[str, Any] = {"letter_id": letter_id}
    record(by, verb, about=about, after=after | ({"problem": problem} if problem else {}))

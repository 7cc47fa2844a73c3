"""Commands for drafts and for forms that are sent twice. Drafts are on the server, never in the browser."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update

from ilacs_app import clock
from ilacs_app.db import db, insert_once, insert_or_update
from ilacs_app.errors import Refused
from ilacs_app.forms.model import Draft, Submission
from ilacs_app.forms.queries import answer_for_once_key, typed_before

LONGEST_DRAFT = 60_000  # characters of all fields together: a dozen full texts of a form
_LONGEST_NAME = 60


class DraftTooLong(Refused):
    """The text is longer than a draft may be. An earlier draft of the form stays."""

    def __init__(self) -> None:
        super().__init__(
            f"Draft not saved: it is longer than {LONGEST_DRAFT:,} characters. Save the form, or shorten it."
        )


def keep_draft(
    person_id: int, address: str, back: str, fields: Mapping[str, str], *, once: str = "", any_length: bool = False
) -> bool:
    """Save the draft of the form that is sent to ``address``, in place of an earlier one.

    ``once`` is the form's key. Return whether a draft was saved: the draft of an empty form is deleted.

    Raises:
        DraftTooLong: it is longer than ``LONGEST_DRAFT``, and not of ``any_length``.
    """
    typed = {name: text for name, text in fields.items() if len(name) <= _LONGEST_NAME}
    if sum(map(len, typed.values())) > LONGEST_DRAFT and not any_length:
        raise DraftTooLong
    if not any(typed.values()):
        drop_draft(person_id, (address,), lambda draft, key: key == once)
        return False
    key = {"person_id": person_id, "address": address}
    insert_or_update(Draft, key, back=back, fields=typed, once=once, saved_at=clock.now())
    return True


def drop_draft(
    person_id: int,
    addresses: Collection[str],
    where: Callable[[Mapping[str, str], str], bool] = lambda _fields, _once: True,
) -> None:
    """Delete the drafts of the forms that are sent to these addresses, where ``where(fields, key)`` holds."""
    drafts = select(Draft.id, Draft.fields, Draft.once).where(
        Draft.person_id == person_id, Draft.address.in_(addresses)
    )
    going = [id_ for id_, fields, once in db.session.execute(drafts) if where(fields, once)]
    if going:
        db.session.execute(delete(Draft).where(Draft.id.in_(going)))


@dataclass(frozen=True)
class Sent:
    """A form as it was sent: its key, the SHA-256 of its content, and what was typed."""

    once: str
    content: str
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EarlierSave:
    """Whether a form was saved before. ``message``: what the person was told; ``changed``: it had other content."""

    message: str | None = None
    changed: bool = False


def enter_once(person_id: int, sent: Sent, message: str) -> EarlierSave:
    """Register a form before its change is made.

    The second time, the entry has what the person was told the first time, and the caller writes nothing. Of two at
    the same moment, the database lets one through.
    """
    changed = bool(typed_before(person_id, sent.once))
    if insert_once(Submission, person_id=person_id, at=clock.real_now(), said=message, **vars(sent)):
        return EarlierSave(changed=changed)
    return EarlierSave(answer_for_once_key(person_id, sent.once, sent.content) or message)


def say_once(person_id: int, sent: Sent, message: str) -> None:
    """Change what the person is told about a form that this transaction registered."""
    its = (Submission.person_id == person_id, Submission.once == sent.once, Submission.content == sent.content)
    db.session.execute(update(Submission).where(*its).values(said=message))

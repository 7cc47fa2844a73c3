"""Letters as they arrive: each draft drawn as plain text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template

from ilacs_app.digests.compose import LetterDraft, LetterParts, message_id
from ilacs_app.digests.letters import draft_again, letter_drafts
from ilacs_app.text import printable


@dataclass(frozen=True)
class DayOfLetters:
    """Every letter of a day; ``untold`` counts the actions that no one is told about, programme managers included."""

    letters: tuple[LetterParts, ...]
    untold: int


def letters_of(base_url: str, today: date) -> DayOfLetters:
    """Return every letter for ``today``, in the outbox already or not."""
    drafts, untold = letter_drafts(base_url, today)
    return DayOfLetters(tuple(_drawn(draft, base_url) for draft in drafts), untold)


def written_again(person_id: int, kind: str, base_url: str, today: date) -> LetterParts | None:
    """Return the letter of this kind as it would be written to this person today; nothing if there is none."""
    draft = draft_again(person_id, kind, base_url, today)
    return _drawn(draft, base_url) if draft else None


def _drawn(draft: LetterDraft, base_url: str) -> LetterParts:
    return LetterParts(
        draft=draft,
        text=printable(render_template("digests/letter.txt", letter=draft)),
        html=printable(render_template("digests/letter.html", letter=draft)),
        message_id=message_id(draft, base_url),
    )

"""What a list offers someone to do with a row: answer it, change an answer that stands, update it or verify it."""

from __future__ import annotations

from collections.abc import Collection

from ilacs_app.access import Actor
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.progress.notes.queries import Words
from ilacs_app.progress.notes.rules import Answer
from ilacs_app.progress.queries import verb_for

CHANGE = "Change"


def row_verb(actor: Actor, row: ActionRow, tests: Collection[int], note: Words | None) -> str | None:
    """Return what a list offers this person to do with a row, of which they may test ``tests``.

    ``note`` is the row's newest. An open action whose newest answer is "done" was sent back, so it needs a new one.
    """
    verb = verb_for(actor, row, tests)
    if verb != "Answer" or row.answered_on is None:
        return verb
    newest = note.latest if note else None
    reopened = newest is not None and newest.text.answer == Answer.DONE and newest.no_change_on is None
    return verb if reopened else CHANGE

"""What follows from the history of an action: its newest text, its dates, and whether help is open.

Pages, exports and letters read columns that the commands keep. This is the same from the events alone, and a property
test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ilacs_app.progress.notes.rules import Entry, Latest, NoteText, is_word, latest

NOTE_TEXTS = ("did", "difference", "next_step", "blocker")


@dataclass(frozen=True)
class Happened:
    """An event of one action: its London day, its verb, and the values after it."""

    on: date
    verb: str
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """What is known of an action. ``no_changes``: how often *no change* alone was said since the last update."""

    status: str
    due_on: date | None
    last_word_on: date
    moves: int = 0
    answered_on: date | None = None
    help_asked_on: date | None = None
    help_replied_on: date | None = None
    entries: tuple[Entry, ...] = ()
    no_changes: int = 0

    @property
    def latest(self) -> Latest | None:
        """The newest words."""
        return latest(self.entries)


def story(start: Story, events: Iterable[Happened]) -> Story:
    """Return what is known of an action after these events, oldest first."""
    known = start
    for number, event in enumerate(events, start=1):
        known = _after(known, event, number)
    return known


def _after(known: Story, event: Happened, number: int) -> Story:
    match event.verb:
        case "note_logged":
            return _noted(known, event, number)
        case "note_corrected":
            return _corrected(known, event, number)
        case "help_asked":
            waits = known.help_asked_on is not None and known.help_replied_on is None
            return replace(known, help_asked_on=known.help_asked_on if waits else event.on, help_replied_on=None)
        case "help_answered":
            return replace(known, help_replied_on=event.on)
        case "help_not_yet":
            return replace(known, help_asked_on=event.on, help_replied_on=None)
        case "help_worked":
            closed = replace(known, help_asked_on=None, help_replied_on=None)
            return replace(closed, last_word_on=event.on, no_changes=0)
        case "help_ended":
            return replace(known, help_asked_on=None, help_replied_on=None)
        case "date_agreed" | "first_date_given" | "reading_corrected":
            due_on = event.after.get("due_on")
            moved = event.verb == "date_agreed"
            return replace(known, due_on=date.fromisoformat(due_on) if due_on else None, moves=known.moves + moved)
        case _ if event.after.get("status"):
            return replace(known, status=event.after["status"])
        case _:
            return known


def _noted(known: Story, event: Happened, number: int) -> Story:
    texts = {name: event.after.get(name, "") for name in NOTE_TEXTS}
    note = NoteText(**texts, answer=event.after.get("answer"))
    entry = Entry(number, number, event.on, note, event.after["note_id"])
    counts = is_word(note, known.no_changes)
    is_more = counts and not note.only_no_change
    return replace(
        known,
        entries=(*known.entries, entry),
        last_word_on=event.on if counts else known.last_word_on,
        answered_on=event.on if note.answer else known.answered_on,
        no_changes=0 if is_more else known.no_changes + note.only_no_change,
    )


def _corrected(known: Story, event: Happened, number: int) -> Story:
    first = next(entry for entry in known.entries if entry.note_id == event.after["note_id"])
    current = [entry for entry in known.entries if entry.first_id == first.id][-1]
    changed = {name: event.after[name] for name in NOTE_TEXTS if name in event.after}
    correction = Entry(number, first.id, event.on, replace(current.text, **changed))
    return replace(known, entries=(*known.entries, correction))

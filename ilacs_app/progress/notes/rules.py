"""The pure rules of a note: its answers, when it is an update, what lists and exports say of it, who may correct it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ilacs_app.dates import long_date, short_date
from ilacs_app.text import many

SAY_WHAT_CHANGED = "This action was sent back to you. Enter what you have done since, or choose another answer."
COUNTED_NO_CHANGES = 2
"""How many times *no change* without text is an update, since the last one that was more."""


@dataclass(frozen=True)
class NoteText:
    """The three prompts of a progress note and the answer of My work; at least one of the four is given.

    ``blocker`` is what is in the way; an answer that asks for help needs it.
    """

    did: str = ""
    difference: str = ""
    next_step: str = ""
    answer: str | None = None
    blocker: str = ""

    @property
    def has_text(self) -> bool:
        """Whether one of the three prompts was answered; a claim needs that."""
        return bool(self.did or self.difference or self.next_step)

    @property
    def only_no_change(self) -> bool:
        """Whether it says *no change* and nothing else."""
        return self.answer == Answer.NO_CHANGE and not self.has_text


class Answer(StrEnum):
    """What a lead says in My work: their view, never a rating."""

    NO_CHANGE = "no_change"
    ON_TRACK = "on_track"
    NEED_HELP = "need_help"
    DONE = "done"


ANSWERS: Mapping[str, str] = {
    "no_change": "No change",
    "on_track": "On track",
    "need_help": "Need help",
    "done": "Done",
}
ENDS_HELP = frozenset({Answer.ON_TRACK, Answer.DONE})


def is_word(note: NoteText, no_changes: int) -> bool:
    """Return whether a note is an update of its action (product rule 5, "Word").

    ``no_changes``: how often *no change* alone was said since the last update that was more.
    """
    if note.answer == Answer.NEED_HELP:
        return False
    if note.only_no_change:
        return no_changes < COUNTED_NO_CHANGES
    return note.has_text or note.answer in ENDS_HELP


@dataclass(frozen=True)
class Entry:
    """A note of an action for the rules, in the order of ``id``: ``on`` is its London day.

    ``first_id`` is what it corrects, or itself. ``note_id`` is its id in the database, where a correction names it.
    """

    id: int
    first_id: int
    on: date
    text: NoteText
    note_id: int = 0


@dataclass(frozen=True)
class Latest:
    """What an action last heard: the newest note that says more than *no change*, and how often that was said since.

    Where nothing more was ever said, ``text`` is *no change* itself and ``no_changes`` counts all of them.
    """

    text: NoteText
    on: date
    no_changes: int = 0
    no_change_on: date | None = None

    @property
    def since(self) -> str:
        """“No change since, 27 Nov 2026 (2 times)”; nothing if nothing was said since."""
        if self.no_change_on is None:
            return ""
        times = f" ({many(self.no_changes, 'time')})" if self.no_changes > 1 else ""
        since = "" if self.text.only_no_change else " since"
        return f"No change{since}, {short_date(self.no_change_on)}{times}"

    def asked(self, *, help_open: bool) -> str:
        """Return what help was asked for, if that is the newest; ``help_open``: whether the request is open today."""
        if self.text.answer != Answer.NEED_HELP:
            return ""
        return (
            f"Help requested: {self.text.blocker}" if help_open else f"Help requested, now closed: {self.text.blocker}"
        )

    @property
    def stopping(self) -> str:
        """What is in the way, where it was written with another answer than a request for help."""
        return self.text.blocker if self.text.answer != Answer.NEED_HELP else ""

    def line(self, *, help_open: bool) -> str:
        """The newest words in one line of a list, without ``since``."""
        if self.text.only_no_change:
            return ""
        texts = (self.text.did, self.text.difference, self.text.next_step)
        first = self.asked(help_open=help_open) or next(filter(None, texts), "")
        return first or ANSWERS.get(self.text.answer or "", "")

    def printed(self, *, help_open: bool) -> str:
        """All of it as an export prints it, in lines: an answer with its date where there are no words."""
        text = self.text
        lines = [self.asked(help_open=help_open), text.did, text.difference, text.next_step]
        if self.stopping:
            lines.append(f"Stopping progress: {self.stopping}")
        if not any(lines) and not text.only_no_change:
            lines.append(f"{ANSWERS[text.answer or '']}, {long_date(self.on)}")
        return "\n".join(filter(None, (*lines, self.since)))


@dataclass(frozen=True)
class PlanWords:
    """What an imported plan says of the progress of an action, and the plan's own date; None where it may differ."""

    text: str
    on: date | None

    @property
    def label(self) -> str:
        """Where the words are from: “From the plan, 22 Feb 2018”."""
        return f"From the plan, {short_date(self.on)}" if self.on else "From the plan"


_NOTHING_SAID = frozenset({"", "n/a", "na", "none", "-"})


def words_of_plan(note: str, status_text: str) -> str:
    """Return what the progress column of a plan says beyond a delivery status; nothing where it says no more."""
    text = note.strip()
    return "" if text.casefold() in {*_NOTHING_SAID, status_text.strip().casefold()} else text


def latest(entries: Iterable[Entry]) -> Latest | None:
    """Return the latest update of an action, from all of its notes in the order of their ids; nothing if there is none.

    A correction is in the place of what it corrects.
    """
    written = list(entries)
    more = [entry.first_id for entry in written if not entry.text.only_no_change]
    if more:
        base = max(more)
        first = next(entry for entry in written if entry.id == base)
        now = [entry for entry in written if entry.first_id == base][-1]
        repeats = [entry for entry in written if entry.id == entry.first_id > base]
        last = repeats[-1].on if repeats else None
        return Latest(now.text, first.on, len(repeats), last)
    return Latest(written[0].text, written[-1].on, len(written), written[-1].on) if written else None


def may_correct(person_id: int, writers: tuple[int | None, ...]) -> bool:
    """Return whether someone may correct a note: they or their delegate wrote it. ``writers`` are those two."""
    return person_id in writers

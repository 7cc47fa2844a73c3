"""The pure rules of a note: the answers that it may give, and who may correct it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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


def may_correct(person_id: int, writers: tuple[int | None, ...]) -> bool:
    """Whether somebody may correct a note: it is theirs, or was written in their stead. ``writers`` are those two."""
    return person_id in writers

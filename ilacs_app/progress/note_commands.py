"""Correcting a note: a new entry that points at the old one, which stays as it was written."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from ..db import db
from ..history import Author, record
from ..people.commands import Refused, Stale
from ..plan.model import Action
from ..plan.versions import hold
from .commands import NoteText, append_note
from .model import ProgressNote
from .queries import first_id, may_write
from .rules import WHO_MAY_WRITE, may_correct

PROMPTS = ("did", "difference", "next_step")
WHO_MAY_CORRECT = "Only who wrote a note, or whom it was written for, may correct it. Write a note of your own instead."


def correct_note(by: Author, note_id: int, text: NoteText) -> int:
    """Append the three prompts of a note as they should have been. Returns the id of the correction.

    It is no new word on the action: it ends no judgement and proves no later claim, and the answer stays what it was.

    Raises:
        Refused: it is not theirs to correct, they may not write there, nothing is left of it, or nothing was changed.
        Stale: it was corrected since.
    """
    action_id = db.session.scalar(select(ProgressNote.action_id).where(ProgressNote.id == note_id))
    if action_id is None:
        raise Stale
    hold(action_id)
    if not may_write(by, action_id):
        raise Refused(WHO_MAY_WRITE)
    old = db.session.get_one(ProgressNote, note_id)
    if by.person_id is None or not may_correct(by.person_id, (old.person_id, old.for_person_id)):
        raise Refused(WHO_MAY_CORRECT)
    first = old.corrects_id or old.id
    newest = select(func.max(ProgressNote.id)).where(ProgressNote.action_id == action_id, first_id() == first)
    if db.session.scalar(newest) != note_id:
        raise Stale
    if not text.has_text:
        raise Refused("Write what you did, what difference it made, or what comes next.")
    changed = [name for name in PROMPTS if getattr(old, name) != getattr(text, name)]
    if not changed:
        raise Refused("Change what was wrong in the note, or go back without a correction.")
    corrected = replace(text, answer=old.answer, blocker=old.blocker)
    correction_id = append_note(by, action_id, corrected, corrects_id=first)
    record(
        by,
        "note_corrected",
        plan_id=db.session.scalar(select(Action.plan_id).where(Action.id == action_id)),
        action_id=action_id,
        before={name: getattr(old, name) for name in changed},
        after={name: getattr(text, name) for name in changed},
    )
    return correction_id

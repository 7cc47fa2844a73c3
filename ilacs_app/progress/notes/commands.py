"""Progress notes: written and never changed; a correction is a new note that points at the old one."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, record
from ilacs_app.plan.model import Action
from ilacs_app.plan.parsing.timescales import next_review
from ilacs_app.plan.writing import hold
from ilacs_app.progress.help.commands import call_for_help, end_help
from ilacs_app.progress.notes.model import ProgressNote, first_id
from ilacs_app.progress.notes.rules import ENDS_HELP, Answer, NoteText, may_correct
from ilacs_app.progress.queries import may_write
from ilacs_app.progress.rules import WHO_MAY_WRITE
from ilacs_app.search.index import Kind, keep

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


def log_progress(by: Author, action_id: int, note: NoteText) -> int:
    """Append a signed note of today; it is the newest word on the action and ends a judgement. Returns its id.

    An answer in it takes the action off My work for a while; one that asks for help opens a call, and one that says on
    track or done ends those that are open.

    Raises:
        Refused: nobody signs it, who signs it may not write there, or help is asked for without what is in the way.
    """
    if by.person_id is None:
        raise Refused("A progress note needs the person who signs it.")
    if not may_write(by, action_id):
        raise Refused(WHO_MAY_WRITE)
    if note.answer == Answer.NEED_HELP and not note.blocker:
        raise Refused("Write what is in the way.")
    today = clock.today()
    note_id = append_note(by, action_id, note)
    plan_id, first_review, judged = db.session.execute(
        select(Action.plan_id, Action.first_review_on, Action.brag_override).where(Action.id == action_id)
    ).one()
    values: dict[str, Any] = {"last_word_on": today}
    if note.answer:
        values["answered_on"] = today
    if first_review is not None:
        values["review_on"] = next_review(first_review, today)
    if judged is not None:
        values |= {"brag_override": None, "override_reason": "", "override_by_id": None, "override_on": None}
    db.session.execute(update(Action).where(Action.id == action_id).values(**values))
    after = asdict(note)
    record(by, "note_logged", plan_id=plan_id, action_id=action_id, after={k: v for k, v in after.items() if v})
    if judged is not None:
        record(
            by,
            "rating_lifted",
            plan_id=plan_id,
            action_id=action_id,
            about="a note was written",
            before={"brag": judged},
            after={"brag": None},
        )
    if note.answer == Answer.NEED_HELP:
        call_for_help(by, action_id, note_id, note.blocker)
    elif note.answer in ENDS_HELP:
        end_help(by, action_id, "answered since")
    return note_id


def append_note(by: Author, action_id: int, note: NoteText, *, corrects_id: int | None = None) -> int:
    """A signed note as a row that search finds, and nothing else: no history, no word on the action. Returns its id."""
    written = ProgressNote(
        action_id=action_id,
        person_id=by.person_id,
        written_at=clock.now(),
        **asdict(note),
        corrects_id=corrects_id,
        for_person_id=by.for_person_id,
    )
    db.session.add(written)
    db.session.flush()
    keep(Kind.NOTE, written.id, note.did, note.difference, note.next_step, note.blocker)
    return written.id

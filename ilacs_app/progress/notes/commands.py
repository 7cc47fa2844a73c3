"""Progress notes: written and never changed; a correction is a new note that points at the old one."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, record
from ilacs_app.plan.model import Action
from ilacs_app.plan.writing import hold, word_columns
from ilacs_app.progress.help.commands import call_for_help, end_help
from ilacs_app.progress.help.model import HelpCall, HelpReply
from ilacs_app.progress.notes.model import ProgressNote, first_id
from ilacs_app.progress.notes.queries import only_no_change
from ilacs_app.progress.notes.rules import ENDS_HELP, SAY_WHAT_CHANGED, Answer, NoteText, is_word, may_correct
from ilacs_app.progress.queries import check_may_write, is_sent_back
from ilacs_app.search.index import SearchKind, keep

PROMPTS = ("did", "difference", "next_step")
WHO_MAY_CORRECT = (
    "Only the person who wrote a note, or the person it was written for, can correct it. Add your own note instead."
)


def correct_note(by: Author, note_id: int, text: NoteText) -> int:
    """Append the three prompts of a note as they should have been. Returns the id of the correction.

    It is no new update: it ends no override and supports no later claim, and the answer stays as it was.

    Raises:
        Refused: it is not theirs to correct, they may not write there, nothing is left of it, or nothing was changed.
        Stale: it was corrected since.
    """
    action_id = db.session.scalar(select(ProgressNote.action_id).where(ProgressNote.id == note_id))
    if action_id is None:
        raise Stale
    hold(action_id)
    check_may_write(by, action_id)
    old = db.session.get_one(ProgressNote, note_id)
    if by.person_id is None or not may_correct(by.person_id, (old.person_id, old.for_person_id)):
        raise Refused(WHO_MAY_CORRECT)
    first = old.corrects_id or old.id
    newest = select(func.max(ProgressNote.id)).where(ProgressNote.action_id == action_id, first_id() == first)
    if db.session.scalar(newest) != note_id:
        raise Stale
    if not text.has_text:
        raise Refused("Enter what you did, what difference it made, or what comes next.")
    changed = [name for name in PROMPTS if getattr(old, name) != getattr(text, name)]
    if not changed:
        raise Refused("Change what is wrong in the note, or cancel.")
    corrected = replace(text, answer=old.answer, blocker=old.blocker)
    correction_id = append_note(by, action_id, corrected, corrects_id=first)
    record(
        by,
        "note_corrected",
        plan_id=db.session.scalar(select(Action.plan_id).where(Action.id == action_id)),
        action_id=action_id,
        before={name: getattr(old, name) for name in changed},
        after={"note_id": first} | {name: getattr(text, name) for name in changed},
    )
    return correction_id


def log_progress(by: Author, action_id: int, note: NoteText) -> int:
    """Append a signed note of today; it ends an override of the rating. Returns its id.

    ``is_word`` decides whether it is an update of the action. An answer in it takes the action off My work for a
    while; one that asks for help opens a request, and one that says on track or done ends those that are open.

    Raises:
        Refused: no one signs it, who signs it may not write there, help is asked for without what is stopping
            progress, or *no change* is the whole answer to a claim that was sent back.
    """
    if by.person_id is None:
        raise Refused("Sign in to add a progress note. It needs the person who writes it.")
    hold(action_id)
    check_may_write(by, action_id)
    if note.answer == Answer.NEED_HELP and not note.blocker:
        raise Refused("Enter what is stopping progress.")
    if note.only_no_change and is_sent_back(action_id):
        raise Refused(SAY_WHAT_CHANGED)
    counts = is_word(note, _no_changes(action_id))
    note_id = append_note(by, action_id, note)
    _note_on_action(by, action_id, note_id, note, counts=counts)
    if note.answer == Answer.NEED_HELP:
        call_for_help(by, action_id, note_id, note.blocker)
    elif note.answer in ENDS_HELP:
        end_help(by, action_id, "answered since")
    return note_id


def _note_on_action(by: Author, action_id: int, note_id: int, note: NoteText, *, counts: bool) -> None:
    """Write what a note changes on the action, with its history event; ``counts``: it is an update."""
    today = clock.today()
    action = db.session.execute(
        select(Action.plan_id, Action.first_review_on, Action.brag_override).where(Action.id == action_id)
    ).one()
    values: dict[str, Any] = word_columns(action.first_review_on, today) if counts else {}
    if note.answer:
        values["answered_on"] = today
    judged = action.brag_override
    if judged is not None:
        values |= {"brag_override": None, "override_reason": "", "override_by_id": None, "override_on": None}
    if values:
        db.session.execute(update(Action).where(Action.id == action_id).values(**values))
    written = {"note_id": note_id} | {name: value for name, value in asdict(note).items() if value}
    record(by, "note_logged", plan_id=action.plan_id, action_id=action_id, after=written)
    if judged is not None:
        record(
            by,
            "rating_lifted",
            plan_id=action.plan_id,
            action_id=action_id,
            about="a note was written",
            before={"brag": judged},
            after={"brag": None},
        )


def _no_changes(action_id: int) -> int:
    """Return how often *no change* alone was said since the last update that was more, *yes, it helped* included."""
    of_action = (ProgressNote.action_id == action_id, ProgressNote.corrects_id.is_(None))
    is_more = or_(
        ProgressNote.answer.in_(ENDS_HELP),
        and_(
            func.coalesce(ProgressNote.answer, "") != Answer.NEED_HELP,
            or_(ProgressNote.did != "", ProgressNote.difference != "", ProgressNote.next_step != ""),
        ),
    )
    since = db.session.scalar(select(func.max(ProgressNote.id)).where(*of_action, is_more))
    helped_at = db.session.scalar(
        select(func.max(HelpReply.judged_at))
        .join(HelpCall, HelpCall.id == HelpReply.call_id)
        .where(HelpCall.action_id == action_id, HelpReply.helped.is_(True))
    )
    count = select(func.count()).where(*of_action, only_no_change(ProgressNote), ProgressNote.id > (since or 0))
    if helped_at is not None:
        count = count.where(ProgressNote.written_at > helped_at)
    return db.session.scalar(count) or 0


def append_note(by: Author, action_id: int, note: NoteText, *, corrects_id: int | None = None) -> int:
    """Write a signed note as a row that search finds, and nothing else: no history, no update. Returns its id."""
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
    keep(SearchKind.NOTE, written.id, note.did, note.difference, note.next_step, note.blocker)
    return written.id

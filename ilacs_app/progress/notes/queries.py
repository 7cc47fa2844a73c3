"""The notes of an action, each as it is after its corrections."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from ilacs_app.access import Actor
from ilacs_app.clock import london_day
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action, Plan
from ilacs_app.plan.rules_sql import is_open
from ilacs_app.plan.visibility import visible_action
from ilacs_app.progress.notes.model import ProgressNote, first_id
from ilacs_app.progress.notes.rules import ANSWERS, Answer, Latest, NoteText, PlanWords, words_of_plan
from ilacs_app.progress.queries import ON_BEHALF, THESE, signed


@dataclass(frozen=True)
class Note:
    """A progress note; ``at`` is a UTC instant."""

    id: int
    action_id: int
    who: str
    at: datetime
    did: str
    difference: str
    next_step: str
    answer: str | None = None
    blocker: str = ""
    person_id: int = 0
    for_person_id: int | None = None
    corrects_id: int | None = None
    """The note as it was first written, where this one corrects it."""
    corrects_at: datetime | None = None
    """When that one was written (UTC)."""
    corrected: Note | None = None
    """The correction that came after this one; known to ``notes`` alone."""

    @property
    def first_id(self) -> int:
        """The note as it was first written: itself, or the one that it corrects."""
        return self.corrects_id or self.id

    @property
    def line(self) -> str:
        """The note in one line: the first of its texts that was given, else the answer."""
        return self.did or self.difference or self.next_step or self.blocker or self.answer_words

    @property
    def answer_words(self) -> str:
        return ANSWERS.get(self.answer or "", "")


_FIRST = aliased(ProgressNote)
_NOTE = (
    ProgressNote.id,
    ProgressNote.action_id,
    signed().label("who"),
    ProgressNote.written_at.label("at"),
    ProgressNote.did,
    ProgressNote.difference,
    ProgressNote.next_step,
    ProgressNote.answer,
    ProgressNote.blocker,
    ProgressNote.person_id,
    ProgressNote.for_person_id,
    ProgressNote.corrects_id,
    _FIRST.written_at.label("corrects_at"),
)


_SIGNED = (
    select(*_NOTE)
    .join(Person, Person.id == ProgressNote.person_id)
    .outerjoin(ON_BEHALF, ON_BEHALF.id == ProgressNote.for_person_id)
    .outerjoin(_FIRST, _FIRST.id == ProgressNote.corrects_id)
)


def notes(action_id: int) -> list[Note]:
    """Every note of an action, newest first, each with the correction that came after it."""
    rows = db.session.execute(_SIGNED.where(ProgressNote.action_id == action_id).order_by(ProgressNote.id.desc()))
    later: dict[int, Note] = {}
    shown = []
    for note in (Note(**row._mapping) for row in rows):
        shown.append(replace(note, corrected=later.get(note.first_id)))
        later[note.first_id] = note
    return shown


def note_for(actor: Actor, note_id: int) -> Note:
    """A note of an action that is theirs to see, with the correction that came after it.

    Raises:
        NotKnown: there is none, or they may not know of it.
    """
    action_id = db.session.scalar(select(ProgressNote.action_id).where(ProgressNote.id == note_id))
    if action_id is None:
        raise NotKnown(str(note_id))
    visible_action(actor, action_id)
    return next(note for note in notes(action_id) if note.id == note_id)


def as_it_stands(note: Note) -> Note:
    """The newest correction of a note; the note itself where there is none."""
    return next(shown for shown in notes(note.action_id) if shown.first_id == note.first_id)


def newest_notes(action_ids: Collection[int]) -> dict[int, Note]:
    """The newest note of each of these actions, as it was corrected last.

    A correction takes the place of the note it corrects, so the correction of an older note is never the newest.
    """
    if not action_ids:
        return {}
    rows = db.session.execute(_NEWEST_NOTES, {"action_ids": list(action_ids)})
    return {row.action_id: Note(**row._mapping) for row in rows}


def _newest_notes() -> Any:
    theirs = ProgressNote.action_id.in_(THESE)
    written_last = select(func.max(first_id())).where(theirs).group_by(ProgressNote.action_id)
    newest = select(func.max(ProgressNote.id)).where(theirs, first_id().in_(written_last)).group_by(first_id())
    return _SIGNED.where(ProgressNote.id.in_(newest))


_NEWEST_NOTES = _newest_notes()


@dataclass(frozen=True)
class Words:
    """What lists and exports say of an action, and the id of the newest of all its notes."""

    latest: Latest
    newest_id: int


def newest_words(action_ids: Collection[int], *, without_help: Collection[int] = ()) -> dict[int, Words]:
    """Return the latest update of each of these actions: ``notes.rules.latest``, without reading all of its notes.

    Of the actions ``without_help`` the latest that is no request for help.
    """
    hidden = frozenset(without_help)
    asked = ((_NEWEST_WORDS, [id_ for id_ in action_ids if id_ not in hidden]), (_NEWEST_BUT_HELP, list(hidden)))
    return {
        row.action_id: _words(row)
        for query, ids in asked
        if ids
        for row in db.session.execute(query, {"action_ids": ids})
    }


def _words(row: Any) -> Words:
    text = NoteText(row.did, row.difference, row.next_step, answer=row.answer, blocker=row.blocker)
    on = london_day(row.said_at)
    repeated_on = london_day(row.repeated_at) if row.repeated_at else None
    return Words(Latest(text, on, row.repeats, repeated_on), row.newest_id)


def plan_words(action_ids: Collection[int]) -> dict[int, PlanWords]:
    """Return what imported plans say of the progress of these actions, for those of which no one has said more."""
    if not action_ids:
        return {}
    noted = exists().where(ProgressNote.action_id == Action.id)
    columns = (Action.id, Action.imported_note, Action.imported_status_text, Action.last_word_on, noted.label("noted"))
    rows = db.session.execute(select(*columns).where(Action.id.in_(action_ids), Action.imported_note != ""))
    return {
        row.id: PlanWords(text, None if row.noted else row.last_word_on)
        for row in rows
        if (text := words_of_plan(row.imported_note, row.imported_status_text))
    }


def only_no_change(note: type[ProgressNote]) -> ColumnElement[bool]:
    """A note that says *no change* and nothing else: ``NoteText.only_no_change`` in SQL."""
    texts = (note.did, note.difference, note.next_step)
    return and_(func.coalesce(note.answer, "") == Answer.NO_CHANGE, *(text == "" for text in texts))


def no_change_since(note: type[ProgressNote]) -> ColumnElement[bool]:
    """A note that says *no change* and nothing else, after the last update of its action that said more."""
    later = aliased(ProgressNote)
    more_said = exists().where(later.action_id == note.action_id, ~only_no_change(later), first_id(later) >= note.id)
    return and_(only_no_change(note), note.corrects_id.is_(None), ~more_said)


def with_no_change_alone() -> frozenset[int]:
    """Return the open actions of live plans of which nothing but *no change* was said since their last update."""
    return frozenset(
        db.session.scalars(
            select(ProgressNote.action_id)
            .join(Action, Action.id == ProgressNote.action_id)
            .join(Plan, Plan.id == Action.plan_id)
            .where(Plan.state == "live", is_open(), no_change_since(ProgressNote))
            .distinct()
        )
    )


def _newest_words(*, help_too: bool) -> Any:
    every, version, later = (aliased(ProgressNote) for _ in range(3))
    more = func.max(case((~only_no_change(every), first_id(every))))
    base = (
        select(
            every.action_id.label("action_id"),
            func.coalesce(more, func.max(every.id)).label("first_id"),
            more.is_(None).label("only_no_change"),
            func.max(every.id).label("newest_id"),
        )
        .where(every.action_id.in_(THESE), true() if help_too else func.coalesce(every.answer, "") != Answer.NEED_HELP)
        .group_by(every.action_id)
        .subquery()
    )
    newest_version = (
        select(func.max(version.id))
        .where(version.action_id == base.c.action_id, first_id(version) == base.c.first_id)
        .scalar_subquery()
    )
    repeated = and_(
        later.action_id == base.c.action_id,
        later.corrects_id.is_(None),
        or_(base.c.only_no_change, later.id > base.c.first_id),
    )
    return (
        select(
            base.c.action_id,
            base.c.newest_id,
            ProgressNote.did,
            ProgressNote.difference,
            ProgressNote.next_step,
            ProgressNote.answer,
            ProgressNote.blocker,
            func.coalesce(_FIRST.written_at, ProgressNote.written_at).label("said_at"),
            select(func.count()).where(repeated).scalar_subquery().label("repeats"),
            select(func.max(later.written_at)).where(repeated).scalar_subquery().label("repeated_at"),
        )
        .select_from(base)
        .join(ProgressNote, ProgressNote.id == newest_version)
        .outerjoin(_FIRST, _FIRST.id == ProgressNote.corrects_id)
    )


_NEWEST_WORDS, _NEWEST_BUT_HELP = _newest_words(help_too=True), _newest_words(help_too=False)

"""How somebody stands to an action, and what was written there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from .. import clock
from ..access import Actor, Hands, NotKnown
from ..db import db
from ..history import Author
from ..people.model import Person
from ..people.queries import teams_of
from ..plan.filters import is_counted
from ..plan.model import Action, ActionPlace, Plan, Recommendation, RecommendationBoard
from ..plan.queries import ActionRow
from ..plan.reach import accountable_by, action_for, actor_with, delivered_by, led_or_owned_by, sees
from ..plan.rules import OPEN, STATUS_WORDS, Status
from .model import ClaimHand, Evidence, ProgressNote, StatusMove
from .rules import ANSWERS, MoveKind, Position, Standing


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


@dataclass(frozen=True)
class Stand:
    """An action before a change: where it stands, how the actor stands to it, and the version they see."""

    action_id: int
    plan_id: int
    position: Position
    standing: Standing
    version: int
    behalf: tuple[int, str] | None = None
    """Whom they stand in for on this action (id, name), where they have no part in it of their own."""
    noted: bool = False
    """Whether a note with words stands there since the last claim, as a claim needs one."""
    evidenced: bool = False
    """Whether a piece of evidence stands there since the last claim."""

    @property
    def status_words(self) -> str:
        return STATUS_WORDS[self.position.status]


def stand_of(actor: Actor, action_id: int, today: date) -> Stand:
    """Where the action stands and what this person is to it.

    Raises:
        NotKnown: there is no such action, or it is not theirs to know of.
    """
    row = db.session.execute(_facts_of_stand(actor), {"action_id": action_id}).first()
    if row is None:
        raise NotKnown(str(action_id))
    plan_id, status, before, due_on, version, claimed_by, delivers, *rest = row
    noted, evidenced, leads, accountable, had_it, state, counted = rest
    shut = state == "closed" or not counted
    standing = Standing(
        delivers=bool(delivers) and not shut,
        manager=actor.is_a("programme_manager", plan_id=plan_id) and not shut,
        verifier=actor.is_a("verifier", plan_id=plan_id) and not shut,
        governs=not shut and _governs(actor, action_id),
        claimed=claimed_by == actor.id,
        had_it=bool(had_it),
        leads=bool(leads),
        accountable=bool(accountable) and not shut,
    )
    overdue = status in OPEN and due_on is not None and due_on < today
    behalf = _behalf(actor, action_id, today) if actor.stands_for and standing.delivers else None
    position = Position(status, before, overdue, bool(noted and evidenced))
    return Stand(action_id, plan_id, position, standing, version, behalf, bool(noted), bool(evidenced))


def may_write(by: Author, action_id: int) -> bool:
    """Whether who signs a change may write on the action at this moment, or is the command line.

    Raises:
        NotKnown: there is no such action, or it is not theirs to know of.
    """
    if by.person_id is None:
        return True
    today = clock.today()
    who = actor_with(by.person_id, today)
    return who is not None and stand_of(who, action_id, today).standing.may_write


@lru_cache(maxsize=64)
def _facts_of_stand(actor: Actor) -> Any:
    this: BindParameter[int] = bindparam("action_id")
    seen = (
        select(ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id == this, sees(actor))
        .correlate(None)
    )
    return (
        select(
            Action.plan_id,
            Action.status,
            Action.status_before,
            Action.due_on,
            Action.version,
            Action.claimed_by_id,
            delivered_by(actor.hands),
            *_proved(this),
            led_or_owned_by(actor.hands),
            accountable_by(actor.hands),
            _had_by(actor.hands),
            Plan.state,
            is_counted(),
        )
        .join(Plan, Plan.id == Action.plan_id)
        .where(Action.id == this, Action.id.in_(seen))
    )


def _had_by(hands: Hands) -> ColumnElement[bool]:
    """The clause on ``Action`` for those that one of these people had in hand when it was claimed."""
    return exists().where(ClaimHand.action_id == Action.id, ClaimHand.person_id.in_(hands.person_ids))


def _behalf(actor: Actor, action_id: int, today: date) -> tuple[int, str] | None:
    """The first of those they stand in for who delivers the action; nobody where it is theirs in any case."""
    own = Hands((actor.id,), teams_of((actor.id,), today))
    mine = select(Action.id).where(Action.id == action_id)
    if db.session.scalar(mine.where(delivered_by(own))):
        return None
    for person_id in actor.stands_for:
        theirs = Hands((person_id,), teams_of((person_id,), today))
        if db.session.scalar(mine.where(delivered_by(theirs))):
            return person_id, db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
    return None


def testable(actor: Actor, rows: Collection[ActionRow]) -> set[int]:
    """The ids of those of these actions whose claim this person may test."""
    claimed = [row.id for row in rows if row.status == Status.COMPLETED and actor.is_a("verifier", plan_id=row.plan_id)]
    return (
        set(db.session.scalars(select(Action.id).where(Action.id.in_(claimed), _may_test(actor)))) if claimed else set()
    )


def _may_test(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Action`` for those that this verifier neither has in hand, nor had, nor claimed."""
    return and_(
        or_(Action.claimed_by_id.is_(None), Action.claimed_by_id != actor.id),
        ~delivered_by(actor.hands),
        ~_had_by(actor.hands),
    )


def verb_for(actor: Actor, row: ActionRow, tests: Collection[int]) -> str | None:
    """What a list offers this person to do with a row, of which they may test ``tests``.

    The row's own form asks ``stand_of`` again.
    """
    if row.plan_state == "closed":
        return None
    if row.delivers and row.status in OPEN:
        return "Answer"
    if row.delivers or actor.is_a("programme_manager", plan_id=row.plan_id):
        return "Update"
    if row.id in tests:
        return "Test"
    return None


def _governs(actor: Actor, action_id: int) -> bool:
    held = [g.board_id for g in actor.grants if g.role in {"chair", "secretary"}]
    if not held:
        return False
    found = (
        select(RecommendationBoard.board_id)
        .join(ActionPlace, ActionPlace.recommendation_id == RecommendationBoard.recommendation_id)
        .where(
            ActionPlace.action_id == action_id,
            RecommendationBoard.lead,
            RecommendationBoard.board_id.in_(held),
        )
    )
    return db.session.scalar(found.limit(1)) is not None


def _proved(action_id: BindParameter[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether a note with words, and a piece of evidence, were written since the last claim."""
    claimed_at = (
        select(func.max(StatusMove.at))
        .where(StatusMove.action_id == action_id, StatusMove.kind == MoveKind.CLAIM)
        .scalar_subquery()
    )
    note = exists().where(
        ProgressNote.action_id == action_id,
        ProgressNote.corrects_id.is_(None),
        or_(ProgressNote.did != "", ProgressNote.difference != "", ProgressNote.next_step != ""),
        or_(claimed_at.is_(None), ProgressNote.written_at > claimed_at),
    )
    piece = exists().where(
        Evidence.action_id == action_id,
        Evidence.withdrawn_on.is_(None),
        or_(claimed_at.is_(None), Evidence.added_at > claimed_at),
    )
    return note, piece


def last_move(action_id: int) -> tuple[int | None, str, datetime] | None:
    """Who moved the status last (id, name), and when (UTC)."""
    row = db.session.execute(
        select(StatusMove.person_id, Person.name, StatusMove.at)
        .outerjoin(Person, Person.id == StatusMove.person_id)
        .where(StatusMove.action_id == action_id)
        .order_by(StatusMove.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1] or "", row[2]) if row else None


def moved_here(action_ids: Collection[int]) -> set[int]:
    """Those of these actions whose delivery status was moved since the plan came."""
    return set(db.session.scalars(select(StatusMove.action_id).where(StatusMove.action_id.in_(action_ids))))


ON_BEHALF = aliased(Person)


def signed() -> ColumnElement[str]:
    """The name that a note or a piece carries; both names where it was written on another's behalf."""
    return case((ON_BEHALF.name.is_(None), Person.name), else_=Person.name + ", for " + ON_BEHALF.name)


_FIRST = aliased(ProgressNote)
_NOTE = (
    ProgressNote.id,
    ProgressNote.action_id,
    signed(),
    ProgressNote.written_at,
    ProgressNote.did,
    ProgressNote.difference,
    ProgressNote.next_step,
    ProgressNote.answer,
    ProgressNote.blocker,
    ProgressNote.person_id,
    ProgressNote.for_person_id,
    ProgressNote.corrects_id,
    _FIRST.written_at,
)


_SIGNED = (
    select(*_NOTE)
    .join(Person, Person.id == ProgressNote.person_id)
    .outerjoin(ON_BEHALF, ON_BEHALF.id == ProgressNote.for_person_id)
    .outerjoin(_FIRST, _FIRST.id == ProgressNote.corrects_id)
)


def first_id(note: type[ProgressNote] = ProgressNote) -> ColumnElement[int]:
    """The note as it was first written: the same for a note and all of its corrections."""
    return func.coalesce(note.corrects_id, note.id)


def notes(action_id: int) -> list[Note]:
    """Every note of an action, newest first, each with the correction that came after it."""
    rows = db.session.execute(_SIGNED.where(ProgressNote.action_id == action_id).order_by(ProgressNote.id.desc()))
    later: dict[int, Note] = {}
    found = []
    for note in (Note(*row) for row in rows):
        found.append(replace(note, corrected=later.get(note.first_id)))
        later[note.first_id] = note
    return found


def note_for(actor: Actor, note_id: int) -> Note:
    """A note of an action that is theirs to see, with the correction that came after it.

    Raises:
        NotKnown: there is none, or it is not theirs to know of.
    """
    action_id = db.session.scalar(select(ProgressNote.action_id).where(ProgressNote.id == note_id))
    if action_id is None:
        raise NotKnown(str(note_id))
    action_for(actor, action_id)
    return next(note for note in notes(action_id) if note.id == note_id)


def as_it_stands(note: Note) -> Note:
    """The newest correction of a note; the note itself where there is none."""
    return next(one for one in notes(note.action_id) if one.first_id == note.first_id)


def newest_notes(action_ids: Collection[int]) -> dict[int, Note]:
    """The newest note of each of these actions, as it was corrected last.

    A correction stands in the place of what it corrects: that of an older note is never the newest word.
    """
    if not action_ids:
        return {}
    rows = db.session.execute(_NEWEST_NOTES, {"action_ids": list(action_ids)})
    return {row[1]: Note(*row) for row in rows}


def _newest_notes() -> Any:
    theirs = ProgressNote.action_id.in_(_THESE)
    written_last = select(func.max(first_id())).where(theirs).group_by(ProgressNote.action_id)
    newest = select(func.max(ProgressNote.id)).where(theirs, first_id().in_(written_last)).group_by(first_id())
    return _SIGNED.where(ProgressNote.id.in_(newest))


_THESE: BindParameter[int] = bindparam("action_ids", expanding=True)
_NEWEST_NOTES = _newest_notes()


def sent_back(action_ids: Collection[int]) -> dict[int, tuple[str, datetime, str]]:
    """Of these actions, those whose last move sent a claim back, with no note since: who, when (UTC) and why."""
    if not action_ids:
        return {}
    rows = db.session.execute(_SENT_BACK, {"action_ids": list(action_ids)})
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _sent_back() -> Any:
    last = select(func.max(StatusMove.id)).where(StatusMove.action_id.in_(_THESE)).group_by(StatusMove.action_id)
    noted = exists().where(
        ProgressNote.action_id == StatusMove.action_id,
        ProgressNote.corrects_id.is_(None),
        ProgressNote.written_at > StatusMove.at,
    )
    return (
        select(StatusMove.action_id, Person.name, StatusMove.at, StatusMove.reason)
        .join(Person, Person.id == StatusMove.person_id)
        .where(StatusMove.id.in_(last), StatusMove.kind == MoveKind.SENT_BACK, ~noted)
    )


_SENT_BACK = _sent_back()


def claims_to_test(actor: Actor) -> list[int]:
    """The ids of claimed actions in live plans that this verifier may test, oldest claim first."""
    plans = {g.plan_id for g in actor.grants if g.role == "verifier"}
    if not plans:
        return []
    claimed = (
        select(Action.id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(
            Plan.state == "live",
            is_counted(),
            Action.status == "completed",
            _may_test(actor),
        )
        .order_by(Action.completed_on, Action.id)
    )
    if None not in plans:
        claimed = claimed.where(Action.plan_id.in_(plans))
    return list(db.session.scalars(claimed))

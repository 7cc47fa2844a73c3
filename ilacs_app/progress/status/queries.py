"""The last move of an action, what was sent back, and the claims that wait to be tested."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, exists, func, select

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action, Plan
from ilacs_app.plan.rules import Status
from ilacs_app.plan.rules_sql import is_counted
from ilacs_app.progress.evidence.queries import EvidenceItem, evidence
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.queries import Note, notes
from ilacs_app.progress.queries import ON_BEHALF, THESE, may_test, signed
from ilacs_app.progress.status.model import StatusMove
from ilacs_app.progress.status.rules import ClaimFacts, MoveKind, claim_doubts


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


def sent_back(action_ids: Collection[int]) -> dict[int, tuple[str, datetime, str]]:
    """Of these actions, those whose last move sent a claim back, with no note since: who, when (UTC) and why."""
    if not action_ids:
        return {}
    rows = db.session.execute(_SENT_BACK, {"action_ids": list(action_ids)})
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _sent_back() -> Any:
    last = select(func.max(StatusMove.id)).where(StatusMove.action_id.in_(THESE)).group_by(StatusMove.action_id)
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
    claimed = _claims(actor)
    return list(db.session.scalars(claimed.order_by(Action.completed_on, Action.id))) if claimed is not None else []


def number_to_test(actor: Actor) -> Select[int] | None:
    """The question how many claims ``claims_to_test`` lists; nothing for somebody who tests none."""
    claimed = _claims(actor)
    return claimed.with_only_columns(func.count()) if claimed is not None else None


@lru_cache(maxsize=64)
def _claims(actor: Actor) -> Select[Any] | None:
    plans = {g.plan_id for g in actor.grants if g.role == "verifier"}
    if not plans:
        return None
    claimed = (
        select(Action.id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(Plan.state == "live", is_counted(), Action.status == Status.COMPLETED, may_test(actor))
    )
    return claimed if None in plans else claimed.where(Action.plan_id.in_(plans))


@dataclass(frozen=True)
class Claim:
    """A claim for whoever tests it: who made it and when (UTC; nobody and never, if it came with the plan).

    ``month`` is the last day of the month of completion. ``note`` and ``evidence`` are those since the claim before,
    as far as this person may see them. ``doubts`` are sentences.
    """

    who: str
    at: datetime | None
    month: date | None
    note: Note | None
    imported_note: str
    evidence: tuple[EvidenceItem, ...]
    doubts: tuple[str, ...]


def claim_of(actor: Actor, action_id: int, today: date) -> Claim:
    """The claim that stands on a completed action."""
    action = db.session.execute(
        select(Action.completed_on, Action.completion_imported, Action.imported_note, Plan.dated_on)
        .join(Plan, Plan.id == Action.plan_id)
        .where(Action.id == action_id)
    ).one()
    moves = db.session.execute(
        select(StatusMove.at, signed().label("who"))
        .outerjoin(Person, Person.id == StatusMove.person_id)
        .outerjoin(ON_BEHALF, ON_BEHALF.id == StatusMove.for_person_id)
        .where(StatusMove.action_id == action_id, StatusMove.kind == MoveKind.CLAIM)
        .order_by(StatusMove.id.desc())
        .limit(2)
    ).all()
    made = None if action.completion_imported or not moves else moves[0]
    earlier = moves[-1] if len(moves) > (made is not None) else None
    note = _note_of_claim(action_id, earlier.at if earlier else None)
    since = [
        piece
        for piece in evidence(actor, action_id)
        if piece.withdrawn_on is None and (earlier is None or piece.at > earlier.at)
    ]
    facts = ClaimFacts(
        action.completed_on,
        action.completion_imported,
        action.dated_on,
        has_note=note is not None,
        has_evidence=bool(since),
    )
    return Claim(
        who=made.who if made else "",
        at=made.at if made else None,
        month=action.completed_on,
        note=note,
        imported_note=action.imported_note,
        evidence=tuple(since),
        doubts=tuple(claim_doubts(facts, today)),
    )


def _note_of_claim(action_id: int, since: datetime | None) -> Note | None:
    """The newest note with words that was written after an instant (UTC), as it was corrected last."""
    for note in notes(action_id):
        has_words = bool(note.did or note.difference or note.next_step)
        if has_words and (since is None or (note.corrects_at or note.at) > since):
            return note
    return None

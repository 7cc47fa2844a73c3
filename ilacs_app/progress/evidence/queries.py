"""The evidence of actions, for those who may see it; the claims it supports; and which files the record names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.clock import london_day
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.people.model import Person
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.model import Action, ActionPlace, Plan, RecommendationBoard
from ilacs_app.plan.visibility import delivered_by, visible_action
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.evidence.rules import Outcome, Verdict, verdict_of
from ilacs_app.progress.queries import ON_BEHALF, signed
from ilacs_app.progress.status.model import StatusMove
from ilacs_app.progress.status.rules import MoveKind


@dataclass(frozen=True)
class EvidenceItem:
    """A piece of evidence as a list shows it; ``size`` in bytes, ``at`` a UTC instant.

    It stops counting on the day it was withdrawn.
    """

    id: int
    action_id: int
    who: str
    at: datetime
    shows: str
    kind: str
    sensitivity: str
    period: str
    url: str | None
    file_name: str | None
    size: int | None
    sha256: str | None
    store_key: str | None
    media_type: str | None
    withdrawn_on: date | None
    withdrawn_by: str | None
    withdrawn_reason: str

    @property
    def title(self) -> str:
        """Its file's name, or its link."""
        return self.file_name or self.url or ""


def _may_see_restricted(actor: Actor):  # type: ignore[no-untyped-def]
    """Return who sees restricted evidence (product rule 1).

    The item's leads, with its owners and contributors and whoever added the piece; verifiers; its boards' members; the
    programme manager.
    """
    ways = [Evidence.person_id == actor.id, delivered_by(actor.acts_as)]
    for role in ("verifier", "programme_manager"):
        for grant in actor.grants:
            if grant.role == role:
                ways.append(Action.id.is_not(None) if grant.plan_id is None else Action.plan_id == grant.plan_id)
    if actor.board_ids:
        governed = (
            select(ActionPlace.action_id)
            .join(RecommendationBoard, RecommendationBoard.recommendation_id == ActionPlace.recommendation_id)
            .where(RecommendationBoard.board_id.in_(actor.board_ids))
        )
        overseen = select(Plan.id).where(Plan.oversight_board_id.in_(actor.board_ids))
        ways.extend((Action.id.in_(governed), Action.plan_id.in_(overseen)))
    return or_(false(), *ways)


def shown_to(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Evidence`` joined with ``Action`` for the pieces that this person may see of items they see."""
    return or_(Evidence.sensitivity == "open", _may_see_restricted(actor))


_WITHDRAWN_BY = aliased(Person)


def _pieces(actor: Actor, *which: Any) -> list[EvidenceItem]:
    """The pieces that this person may see by what they are to the action; newest first, withdrawn ones last."""
    rows: Any = db.session.execute(
        select(
            Evidence.id,
            Evidence.action_id,
            signed().label("who"),
            Evidence.added_at.label("at"),
            Evidence.shows,
            Evidence.kind,
            Evidence.sensitivity,
            Evidence.period,
            Evidence.url,
            Evidence.file_name,
            Evidence.size,
            Evidence.sha256,
            Evidence.store_key,
            Evidence.media_type,
            Evidence.withdrawn_on,
            _WITHDRAWN_BY.name.label("withdrawn_by"),
            Evidence.withdrawn_reason,
        )
        .join(Person, Person.id == Evidence.person_id)
        .outerjoin(ON_BEHALF, ON_BEHALF.id == Evidence.for_person_id)
        .outerjoin(_WITHDRAWN_BY, _WITHDRAWN_BY.id == Evidence.withdrawn_by_id)
        .join(Action, Action.id == Evidence.action_id)
        .where(*which, shown_to(actor))
        .order_by(Evidence.withdrawn_on.is_not(None), Evidence.id.desc())
    )
    return [EvidenceItem(**row._mapping) for row in rows]


def evidence(actor: Actor, action_id: int) -> list[EvidenceItem]:
    """The evidence of an action that this person may see, newest first; withdrawn pieces after the others."""
    return _pieces(actor, Evidence.action_id == action_id)


def evidence_of(actor: Actor, action_ids: Collection[int]) -> dict[int, list[EvidenceItem]]:
    """As ``evidence``, for several actions that are theirs to see."""
    by_action: dict[int, list[EvidenceItem]] = {}
    for piece in _pieces(actor, Evidence.action_id.in_(action_ids)) if action_ids else ():
        by_action.setdefault(piece.action_id, []).append(piece)
    return by_action


@dataclass(frozen=True)
class PieceLine:
    """A piece of evidence, and what became of the claim that rests on it."""

    piece: EvidenceItem
    verdict: Verdict


@dataclass(frozen=True)
class ActionEvidence:
    """An action, and its evidence that someone may see."""

    row: ActionRow
    lines: tuple[PieceLine, ...]


def evidence_by_action(actor: Actor, rows: Collection[ActionRow]) -> list[ActionEvidence]:
    """Return the evidence of each of these actions, which are theirs to see, in the order given."""
    ids = [row.id for row in rows]
    pieces, moved = evidence_of(actor, ids), outcomes(ids)
    return [
        ActionEvidence(
            row,
            tuple(PieceLine(piece, verdict_of(piece.at, moved.get(row.id, ()))) for piece in pieces.get(row.id, ())),
        )
        for row in rows
    ]


def piece_for(actor: Actor, evidence_id: int) -> EvidenceItem:
    """A piece of evidence.

    Raises:
        NotKnown: there is none, or they may not know of it.
    """
    pieces = _pieces(actor, Evidence.id == evidence_id)
    if not pieces:
        raise NotKnown(str(evidence_id))
    visible_action(actor, pieces[0].action_id)
    return pieces[0]


def outcomes(action_ids: Collection[int]) -> dict[int, list[Outcome]]:
    """Return what became of the claims of each of these actions, oldest first."""
    kinds = (MoveKind.CLAIM, MoveKind.VERIFICATION, MoveKind.SENT_BACK, MoveKind.TAKEN_BACK, MoveKind.SLIP)
    by_action: dict[int, list[Outcome]] = {}
    rows = db.session.execute(
        select(StatusMove.action_id, StatusMove.kind, StatusMove.at, Person.name)
        .outerjoin(Person, Person.id == StatusMove.person_id)
        .where(StatusMove.action_id.in_(action_ids), StatusMove.kind.in_(kinds))
        .order_by(StatusMove.id)
    )
    for row in rows if action_ids else ():
        by_action.setdefault(row.action_id, []).append(Outcome(row.kind, row.at, row.name or ""))
    return by_action


def last_proved(action_ids: Collection[int]) -> dict[int, date]:
    """The day on which the newest evidence of each of these actions was added; withdrawn pieces do not count.

    Restricted pieces count for everyone: a date says nothing of what is in them.
    """
    if not action_ids:
        return {}
    rows = db.session.execute(
        select(Evidence.action_id, func.max(Evidence.added_at).label("at"))
        .where(Evidence.action_id.in_(action_ids), Evidence.withdrawn_on.is_(None))
        .group_by(Evidence.action_id)
    )
    return {row.action_id: london_day(row.at) for row in rows}


def evidence_files_named() -> dict[str, str]:
    """The key of every file that evidence names, withdrawn or not, with its SHA-256."""
    rows = db.session.execute(select(Evidence.store_key, Evidence.sha256).where(Evidence.store_key.is_not(None)))
    return {row.store_key or "": row.sha256 or "" for row in rows}


@dataclass(frozen=True)
class Proof:
    """The London day of the newest evidence, and the UTC instant at which a claim was last sent back."""

    last_proved_on: date | None
    last_sent_back: datetime | None


def proof(action_id: int) -> Proof:
    """Return the day of an action's latest evidence, and when a claim of it was last sent back."""
    newest = (
        select(func.max(Evidence.added_at))
        .where(Evidence.action_id == action_id, Evidence.withdrawn_on.is_(None))
        .scalar_subquery()
    )
    back = (
        select(func.max(StatusMove.at))
        .where(StatusMove.action_id == action_id, StatusMove.kind == MoveKind.SENT_BACK)
        .scalar_subquery()
    )
    added_at, sent_back_at = db.session.execute(select(newest, back)).one()
    return Proof(clock.london_day(added_at) if added_at else None, sent_back_at)

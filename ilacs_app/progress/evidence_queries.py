"""The evidence of an action, for those who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, or_, select

from ..access import Actor
from ..db import db
from ..people.model import Person
from ..plan.model import Action, ActionPlace, Plan, RecommendationBoard
from ..plan.reach import action_for, delivered_by
from .model import Evidence
from .queries import ON_BEHALF, signed


@dataclass(frozen=True)
class EvidenceItem:
    """A piece of evidence as a list shows it; ``size`` in bytes, ``at`` a UTC instant."""

    id: int
    who: str
    at: datetime
    shows: str
    kind: str
    sensitivity: str
    url: str | None
    file_name: str | None
    size: int | None


@dataclass(frozen=True)
class StoredEvidence:
    """What a download needs."""

    store_key: str
    sha256: str
    file_name: str
    media_type: str


def _may_see_restricted(actor: Actor):  # type: ignore[no-untyped-def]
    """Who sees restricted evidence (product rule 1).

    The item's leads, with its owners and contributors and whoever added the piece; verifiers; its boards' members; the
    programme manager.
    """
    ways = [Evidence.person_id == actor.id, delivered_by(actor.hands)]
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


def evidence(actor: Actor, action_id: int) -> list[EvidenceItem]:
    """The evidence of an action that this person may see, newest first."""
    rows = db.session.execute(
        select(
            Evidence.id,
            signed(),
            Evidence.added_at,
            Evidence.shows,
            Evidence.kind,
            Evidence.sensitivity,
            Evidence.url,
            Evidence.file_name,
            Evidence.size,
        )
        .join(Person, Person.id == Evidence.person_id)
        .outerjoin(ON_BEHALF, ON_BEHALF.id == Evidence.for_person_id)
        .join(Action, Action.id == Evidence.action_id)
        .where(Evidence.action_id == action_id, or_(Evidence.sensitivity == "open", _may_see_restricted(actor)))
        .order_by(Evidence.id.desc())
    )
    return [EvidenceItem(*row) for row in rows]


def stored_evidence(actor: Actor, evidence_id: int) -> StoredEvidence | None:
    """The file of a piece of evidence, if there is one and this person may see it."""
    row = db.session.execute(
        select(Evidence.action_id, Evidence.store_key, Evidence.sha256, Evidence.file_name, Evidence.media_type)
        .join(Action, Action.id == Evidence.action_id)
        .where(
            Evidence.id == evidence_id,
            Evidence.store_key.is_not(None),
            or_(Evidence.sensitivity == "open", _may_see_restricted(actor)),
        )
    ).first()
    if row is None:
        return None
    action_for(actor, row[0])
    return StoredEvidence(row[1] or "", row[2] or "", row[3] or "", row[4] or "")

"""What the page of one recommendation and of one action says beyond its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from ..access import Actor
from ..db import db
from .model import Action, ActionPlace, Inspection, Plan, Recommendation
from .queries import BoardPart, LeadPart, board_parts, lead_parts, workers
from .reach import sees


@dataclass(frozen=True)
class RecommendationPage:
    """The twelve columns of one recommendation."""

    id: int
    number: str
    text: str
    monitoring: tuple[str, ...]
    measures: tuple[str, ...]
    partnership_focus: str
    link_plans: tuple[str, ...]
    impact: str
    extra: dict[str, str]
    leads: tuple[LeadPart, ...]
    boards: tuple[BoardPart, ...]
    kind: str
    judgement_area: str
    exit_criteria: str
    carried_forward_from: str
    submitted_text: str | None
    withdrawn_on: date | None
    withdrawn_reason: str


@dataclass(frozen=True)
class PlaceInPlan:
    """Where an action stands: its reference there, and whether the recommendation was withdrawn."""

    ref: str
    recommendation_number: str
    plan_slug: str
    withdrawn_on: date | None
    withdrawn_reason: str


@dataclass(frozen=True)
class InItsPlace:
    """Another action that this person sees, which took the place of a withdrawn one, or whose place was taken."""

    id: int
    ref: str


@dataclass(frozen=True)
class ActionDetail:
    """What the page of one action says beyond its row."""

    owners: tuple[str, ...]
    contributors: tuple[str, ...]
    imported_note: str
    imported_evidence: str | None
    extra: dict[str, str]
    places: tuple[PlaceInPlan, ...]
    submitted_text: str | None
    linked_into_id: int | None
    successor: InItsPlace | None
    predecessors: tuple[InItsPlace, ...]

    @property
    def withdrawn(self) -> bool:
        """Whether each recommendation that it stands in was withdrawn."""
        return all(place.withdrawn_on is not None for place in self.places)


def recommendation_page(actor: Actor, recommendation_id: int) -> RecommendationPage:
    """The twelve columns of one recommendation. The caller has checked that it is theirs to see."""
    r = db.session.get_one(Recommendation, recommendation_id)
    return RecommendationPage(
        id=r.id,
        number=r.number,
        text=r.text,
        monitoring=tuple(r.monitoring),
        measures=tuple(r.measures),
        partnership_focus=r.partnership_focus,
        link_plans=tuple(r.link_plans),
        impact=r.impact,
        extra=dict(r.extra),
        leads=lead_parts([r.id]).get(r.id, ()),
        boards=board_parts([r.id]).get(r.id, ()),
        kind=r.kind,
        judgement_area=r.judgement_area,
        exit_criteria=r.exit_criteria,
        carried_forward_from=r.carried_forward_from,
        submitted_text=r.submitted_text,
        withdrawn_on=r.withdrawn_on,
        withdrawn_reason=r.withdrawn_reason,
    )


def action_detail(actor: Actor, action_id: int) -> ActionDetail:
    """People, places and origin of one action. The caller has checked that it is theirs to see."""
    a = db.session.get_one(Action, action_id)
    people = workers([a.id])[a.id]
    places = db.session.execute(
        select(
            ActionPlace.ref,
            Recommendation.number,
            Plan.slug,
            Recommendation.withdrawn_on,
            Recommendation.withdrawn_reason,
        )
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id == a.id, sees(actor))
        .order_by(Recommendation.position)
    )
    beside = db.session.execute(
        select(Action.id, func.min(ActionPlace.ref), Action.successor_id)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(or_(Action.id == a.successor_id, Action.successor_id == a.id), sees(actor))
        .group_by(Action.id, Action.successor_id)
        .order_by(Action.id)
    ).all()
    return ActionDetail(
        owners=people.owners,
        contributors=people.contributors,
        imported_note=a.imported_note,
        imported_evidence=a.imported_evidence,
        extra=dict(a.extra),
        places=tuple(PlaceInPlan(*row) for row in places),
        submitted_text=a.submitted_text,
        linked_into_id=a.linked_into_id,
        successor=next((InItsPlace(id_, ref) for id_, ref, _ in beside if id_ == a.successor_id), None),
        predecessors=tuple(InItsPlace(id_, ref) for id_, ref, after in beside if after == a.id),
    )


def inspection_of(plan_id: int) -> tuple[str, date | None] | None:
    """Framework and publication day of the inspection that a plan answers."""
    row = db.session.execute(
        select(Inspection.framework, Inspection.published_on)
        .join(Plan, Plan.inspection_id == Inspection.id)
        .where(Plan.id == plan_id)
    ).first()
    return (row[0], row[1]) if row else None

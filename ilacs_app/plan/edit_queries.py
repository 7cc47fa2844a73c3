"""What the forms of a plan are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ..access import Actor, NotAllowed, NotKnown
from ..db import db
from .model import Inspection, Plan
from .reach import PlanHead, plan_for, plans
from .texts import InspectionText, PlanText

WHO_EDITS = "Only the programme manager of this plan changes it."


@dataclass(frozen=True)
class InspectionLine:
    id: int
    text: InspectionText
    version: int

    @property
    def name(self) -> str:
        """What a list calls it: framework, authority and when it was published, or when it was."""
        on = self.text.published_on or self.text.on_site_from
        return f"{self.text.framework}, {self.text.authority}" + (f", {on:%B %Y}" if on else "")


@dataclass(frozen=True)
class PlanFacts:
    """A plan as its form shows it, at a version."""

    id: int
    text: PlanText
    version: int
    state: str
    submitted_on: date | None
    live_on: date | None
    closed_on: date | None


def inspections(actor: Actor) -> list[InspectionLine]:
    """Every inspection, the newest entry first; to a partner, those that the plans which it sees answer."""
    wanted = select(Inspection).order_by(Inspection.id.desc())
    if actor.partner:
        wanted = wanted.where(Inspection.id.in_({plan.inspection_id for plan in plans(actor)}))
    return [_line(row) for row in db.session.scalars(wanted)]


def inspection_for(actor: Actor, inspection_id: int) -> InspectionLine:
    """One inspection.

    Raises:
        NotKnown: there is none of this id, or it is not theirs to know of.
    """
    found = db.session.get(Inspection, inspection_id)
    if found is None or (actor.partner and inspection_id not in {plan.inspection_id for plan in plans(actor)}):
        raise NotKnown(str(inspection_id))
    return _line(found)


def _line(row: Inspection) -> InspectionLine:
    text = InspectionText(
        row.authority, row.framework, row.on_site_from, row.on_site_until, row.received_on, row.published_on
    )
    return InspectionLine(row.id, text, row.version)


def plans_of(actor: Actor, inspection_id: int) -> list[PlanHead]:
    """The plans that answer an inspection, as far as this person may see them."""
    return [plan for plan in plans(actor) if plan.inspection_id == inspection_id]


def plan_facts(plan_id: int) -> PlanFacts:
    """What a plan says of itself. The caller has checked that it is theirs to see."""
    plan = db.session.get_one(Plan, plan_id, populate_existing=True)
    text = PlanText(**{name: getattr(plan, name) for name in PlanText.__dataclass_fields__})
    return PlanFacts(plan.id, text, plan.version, plan.state, plan.submitted_on, plan.live_on, plan.closed_on)


def plan_to_change(actor: Actor, slug: str) -> PlanHead:
    """The plan at this address, for its programme manager.

    Raises:
        NotKnown: there is none, or it is not theirs to know of.
        NotAllowed: they may look and not change it.
    """
    head = plan_for(actor, slug)
    if not actor.is_a("programme_manager", plan_id=head.id):
        raise NotAllowed(WHO_EDITS)
    return head

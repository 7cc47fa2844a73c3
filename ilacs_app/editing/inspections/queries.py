"""Inspections, and the plans that answer each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ilacs_app.access import Actor
from ilacs_app.dates import month_year
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.plan.model import Inspection
from ilacs_app.plan.visibility import PlanHead, plans


@dataclass(frozen=True)
class InspectionContent:
    """``framework`` is its name with its version, such as “ILACS, April 2026”."""

    authority: str
    framework: str
    on_site_from: date | None = None
    on_site_until: date | None = None
    received_on: date | None = None
    published_on: date | None = None


@dataclass(frozen=True)
class InspectionLine:
    id: int
    text: InspectionContent
    version: int

    @property
    def name(self) -> str:
        """Its name in lists: framework, authority, and when it was published or took place."""
        on = self.text.published_on or self.text.on_site_from
        return f"{self.text.framework}, {self.text.authority}" + (f", {month_year(on)}" if on else "")


def inspections(actor: Actor) -> list[InspectionLine]:
    """Every inspection, the newest entry first; to a partner, those that the plans which it sees answer."""
    wanted = select(Inspection).order_by(Inspection.id.desc())
    if actor.partner:
        wanted = wanted.where(Inspection.id.in_({plan.inspection_id for plan in plans(actor)}))
    return [_line(row) for row in db.session.scalars(wanted)]


def inspection_for(actor: Actor, inspection_id: int) -> InspectionLine:
    """One inspection.

    Raises:
        NotKnown: there is none of this id, or they may not know of it.
    """
    inspection = db.session.get(Inspection, inspection_id)
    if inspection is None or (actor.partner and inspection_id not in {plan.inspection_id for plan in plans(actor)}):
        raise NotKnown(str(inspection_id))
    return _line(inspection)


def _line(row: Inspection) -> InspectionLine:
    text = InspectionContent(
        row.authority, row.framework, row.on_site_from, row.on_site_until, row.received_on, row.published_on
    )
    return InspectionLine(row.id, text, row.version)


def plans_of(actor: Actor, inspection_id: int) -> list[PlanHead]:
    """The plans that answer an inspection, as far as this person may see them."""
    return [plan for plan in plans(actor) if plan.inspection_id == inspection_id]

"""What the forms of a plan are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ilacs_app.db import db
from ilacs_app.plan.model import Plan


@dataclass(frozen=True)
class PlanContent:
    """``reporting_window`` in days; ``status_key`` the council's words and what they mean."""

    title: str
    short_name: str
    dated_on: date
    reporting_window: int
    inspection_id: int | None = None
    oversight_board_id: int | None = None
    reporting_committee: str = ""
    link_plans: list[str] = field(default_factory=list)
    glossary: Mapping[str, str] = field(default_factory=dict)
    role_titles: Mapping[str, str] = field(default_factory=dict)
    status_key: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class EditablePlan:
    """A plan as its form shows it, at a version."""

    id: int
    text: PlanContent
    version: int
    state: str
    submitted_on: date | None
    live_on: date | None
    closed_on: date | None


def editable_plan(plan_id: int) -> EditablePlan:
    """Return what a plan says of itself. The caller has checked that it is theirs to see."""
    plan = db.session.get_one(Plan, plan_id, populate_existing=True)
    text = PlanContent(**{name: getattr(plan, name) for name in PlanContent.__dataclass_fields__})
    return EditablePlan(plan.id, text, plan.version, plan.state, plan.submitted_on, plan.live_on, plan.closed_on)


"""What a recommendation keeps in its own row; its leads and boards have rows of theirs."""

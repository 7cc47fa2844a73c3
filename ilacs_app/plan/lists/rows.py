"""The plan as finished records for a page, an export or a letter.

Parts of queries that are the same each time are kept (``lru_cache``): building one costs more than running it.

One query for each question. Each takes the actor, so that what someone cannot see is not in lists or totals; and
``today``, so that no lateness is ever stored. Counts are of distinct actions, of live plans unless one plan is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, case, func, select

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.plan.lists.address import PlanChoice
from ilacs_app.plan.lists.counts import ratings_by_recommendation
from ilacs_app.plan.lists.filters import Filter, filter_clauses, governed_by, recommendation_clauses
from ilacs_app.plan.model import Action, ActionPlace, ActionStage, Plan, Recommendation, RecommendationLead
from ilacs_app.plan.queries import board_parts, lead_names
from ilacs_app.plan.rules import (
    DONE,
    OPEN,
    Brag,
    Facts,
    Status,
    Timeliness,
    Why,
    days_overdue,
    help_is_open,
    outlook,
    timeliness,
)
from ilacs_app.plan.rules_sql import brag_is
from ilacs_app.plan.visibility import delivered_by, visible_to

PAGE_ROWS = 60


@dataclass(frozen=True)
class ActionRow:
    """One place of one action, read by the rules. ``days`` is how many days late, else 0.

    ``stage`` is the earliest stage that is not ticked; ``override_reason`` says why ``brag`` is not ``by_rule``, which
    is what the rule gives, for the reason ``why``.
    """

    id: int
    ref: str
    text: str
    plan_id: int
    plan_slug: str
    plan_short: str
    plan_state: str
    recommendation_id: int
    recommendation_number: str
    recommendation_text: str
    timescale_text: str
    timescale_kind: str
    original_due_on: date | None
    moves: int
    version: int
    guessed: bool
    several: bool
    delivers: bool
    stage: str | None
    override_reason: str
    facts: Facts
    timeliness: Timeliness
    days: int
    brag: Brag
    by_rule: Brag
    why: Why
    help_open: bool

    @property
    def overridden(self) -> bool:
        """Whether someone has overridden the rule's rating."""
        return self.brag != self.by_rule

    @property
    def status(self) -> str:
        return self.facts.status

    @property
    def is_open(self) -> bool:
        """Whether it is still to do, and not paused."""
        return self.status in OPEN

    @property
    def is_paused(self) -> bool:
        return self.status == Status.PAUSED

    @property
    def is_done(self) -> bool:
        """Whether it is completed, verified or embedded."""
        return self.status in DONE

    @property
    def is_embedded(self) -> bool:
        return self.status == Status.EMBEDDED

    @property
    def due_on(self) -> date | None:
        return self.facts.due_on

    @property
    def met_original(self) -> bool:
        """Whether it was completed in the month of its original date, or before."""
        done, first = self.facts.completed_on, self.original_due_on
        return done is not None and (first is None or (done.year, done.month) <= (first.year, first.month))

    @property
    def slipped(self) -> int:
        """Days between the original and the current date."""
        return (self.due_on - self.original_due_on).days if self.due_on and self.original_due_on else 0


@dataclass(frozen=True)
class RecommendationRow:
    """One recommendation with the counts of its actions; ``worst`` is the rating of its worst open action."""

    id: int
    number: str
    text: str
    plan_slug: str
    plan_short: str
    leads: tuple[str, ...]
    boards: tuple[str, ...]
    by_brag: dict[str, int]
    worst: Brag
    actions: int
    overdue: int
    most_days: int
    next_due_on: date | None


_FACTS: dict[str, Any] = {
    "status": Action.status,
    "due_on": Action.due_on,
    "review_on": Action.review_on,
    "paused_until": Action.paused_until,
    "stage_due_on": Action.stage_due_on,
    "completed_on": Action.completed_on,
    "completion_imported": Action.completion_imported,
    "plan_dated_on": Plan.dated_on,
    "last_word_on": Action.last_word_on,
    "last_moved_on": Action.last_moved_on,
    "window": Plan.reporting_window,
    "second_move_asked": Action.second_move_asked,
    "help_asked_on": Action.help_asked_on,
    "help_replied_on": Action.help_replied_on,
    "brag_override": Action.brag_override,
}
"""A field of ``Facts`` -> its column."""
_NEXT_STAGE = (
    select(ActionStage.label)
    .where(ActionStage.action_id == Action.id, ActionStage.done_on.is_(None))
    .order_by(ActionStage.due_on, ActionStage.position)
    .limit(1)
    .correlate(Action)
    .scalar_subquery()
)


def sees_several(actor: Actor) -> ScalarSelect[bool]:
    """Return whether references need the plan's short name, because this person sees several live plans."""
    live = Plan.state == "live"
    if actor.reads_all_plans:
        return select(func.count() > 1).select_from(Plan).where(live).scalar_subquery()
    seen = (
        select(func.count(Recommendation.plan_id.distinct()) > 1)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(live, visible_to(actor))
    )
    return seen.correlate(None).scalar_subquery()


def _place(actor: Actor) -> dict[str, Any]:
    """The fields of ``ActionRow`` that are read as they are -> their columns."""
    return {
        "id": Action.id,
        "ref": ActionPlace.ref,
        "text": Action.text,
        "plan_id": Plan.id,
        "plan_slug": Plan.slug,
        "plan_short": Plan.short_name,
        "plan_state": Plan.state,
        "recommendation_id": Recommendation.id,
        "recommendation_number": Recommendation.number,
        "recommendation_text": Recommendation.text,
        "timescale_text": Action.timescale_text,
        "timescale_kind": Action.timescale_kind,
        "original_due_on": Action.original_due_on,
        "moves": Action.moves,
        "version": Action.version,
        "guessed": Action.timescale_guessed,
        "several": sees_several(actor),
        "delivers": delivered_by(actor.acts_as),
        "stage": _NEXT_STAGE,
        "override_reason": Action.override_reason,
    }


@lru_cache(maxsize=256)
def _rows_of(actor: Actor) -> Any:
    columns = {**_place(actor), **_FACTS}
    return (
        select(*(column.label(name) for name, column in columns.items()))
        .select_from(ActionPlace)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
    )


def _row(row: Any, today: date) -> ActionRow:
    place: dict[str, Any] = dict(row._mapping)
    facts = Facts(**{name: place.pop(name) for name in _FACTS})
    brag, by_rule, why = outlook(facts, today)
    when, days = timeliness(facts, today), days_overdue(facts, today)
    helped = help_is_open(facts.help_asked_on, facts.help_replied_on, today)
    return ActionRow(
        **place, facts=facts, timeliness=when, days=days, brag=brag, by_rule=by_rule, why=why, help_open=helped
    )


ORDER = (Plan.dated_on.desc(), Plan.id.desc(), Recommendation.position, ActionPlace.position)


def action_rows(
    actor: Actor, wanted: Filter, today: date, *, page: int = 1, size: int | None = PAGE_ROWS
) -> list[ActionRow]:
    """The actions that fit, in the plan's order; ``size`` of them from ``page`` (counted from 1), or all (``None``)."""
    return [_row(row, today) for row in db.session.execute(_rows_that_fit(actor, wanted, today, page, size))]


@lru_cache(maxsize=64)
def _rows_that_fit(actor: Actor, wanted: Filter, today: date, page: int, size: int | None) -> Any:
    rows = _rows_of(actor).where(visible_to(actor), *filter_clauses(wanted, today)).order_by(*ORDER)
    return rows if size is None else rows.limit(size).offset((page - 1) * size)


def rows_rated(actor: Actor, wanted: Filter, brags: Sequence[Brag], today: date, *, size: int) -> list[ActionRow]:
    """Return the actions that fit and have one of these ratings, each once: in the order of the ratings.

    Of one rating the earliest due comes first, and no due date last; at most ``size`` of them.
    """
    once: dict[int, ActionRow] = {}
    for row in db.session.execute(_rows_of_ratings(actor, wanted, tuple(brags), today, size)):
        once.setdefault(row.id, _row(row, today))
    return list(once.values())


@lru_cache(maxsize=64)
def _rows_of_ratings(actor: Actor, wanted: Filter, brags: tuple[Brag, ...], today: date, size: int) -> Any:
    rated = brag_is(today)
    place = case({str(brag): number for number, brag in enumerate(brags)}, value=rated)
    order = (place, Action.due_on.is_(None), Action.due_on, *ORDER)
    rows = _rows_of(actor).where(visible_to(actor), *filter_clauses(wanted, today), rated.in_(brags))
    return rows.order_by(*order).limit(size)


def action_row(actor: Actor, action_id: int, today: date, recommendation_id: int | None = None) -> ActionRow:
    """One action as a row, at the place named if it has that place, else at its first one that was not withdrawn.

    The caller has checked that it is theirs to see.
    """
    asked = {"action_id": action_id, "recommendation_id": recommendation_id or 0}
    return _row(db.session.execute(_first_row(actor), asked).one(), today)


@lru_cache(maxsize=64)
def _first_row(actor: Actor) -> Any:
    named = Recommendation.id == bindparam("recommendation_id")
    rows = _rows_of(actor).where(Action.id == bindparam("action_id"), visible_to(actor))
    return rows.order_by(named.desc(), Recommendation.withdrawn_on.is_not(None), *ORDER).limit(1)


def recommendation_rows(
    actor: Actor, wanted: Filter, today: date, *, page: int = 1, size: int | None = PAGE_ROWS
) -> list[RecommendationRow]:
    """The recommendations that fit (by plan, board and lead), each with the counts of all its actions."""
    heads = (
        select(
            Recommendation.id,
            Recommendation.number,
            Recommendation.text,
            Plan.slug.label("plan_slug"),
            Plan.short_name.label("plan_short"),
        )
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(visible_to(actor), *recommendation_clauses(wanted))
        .order_by(*ORDER[:3])
    )
    if size is not None:
        heads = heads.limit(size).offset((page - 1) * size)
    rows = db.session.execute(heads).all()
    ids = [row.id for row in rows]
    rated, leads, boards = ratings_by_recommendation(ids, today), lead_names(ids), board_parts(ids)
    return [
        RecommendationRow(
            **row._mapping,
            leads=leads.get(row.id, ()),
            boards=tuple(part.name for part in boards.get(row.id, ())),
            by_brag=rated[row.id].by_brag,
            worst=rated[row.id].worst,
            actions=sum(rated[row.id].by_brag.values()),
            overdue=rated[row.id].overdue,
            most_days=rated[row.id].most_days,
            next_due_on=rated[row.id].next_due_on,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Offered:
    """What a list's filter offers: every lead's name, and the plans by their short names."""

    leads: list[str]
    plans: list[PlanChoice]


def offered(actor: Actor, base: Filter) -> Offered:
    """Return what the filter of a list offers, in one query."""
    rows = db.session.execute(_offered(actor, base.plan_id, base.board_id)).all()
    plans = {row.slug: PlanChoice(id=row.id, slug=row.slug, short_name=row.short_name) for row in rows}
    return Offered(
        leads=sorted({row.name for row in rows if row.name}, key=str.casefold),
        plans=sorted(plans.values(), key=lambda plan: plan.short_name.casefold()),
    )


@lru_cache(maxsize=64)
def _offered(actor: Actor, plan_id: int | None, board_id: int | None) -> Any:
    where = [Plan.state == "live" if plan_id is None else Plan.id == plan_id]
    where.append(Recommendation.withdrawn_on.is_(None))
    rows = (
        select(RecommendationLead.name, Plan.slug, Plan.id, Plan.short_name)
        .select_from(Recommendation)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .outerjoin(RecommendationLead, RecommendationLead.recommendation_id == Recommendation.id)
        .where(visible_to(actor), *where)
        .distinct()
    )
    return rows if board_id is None else rows.where(Recommendation.id.in_(governed_by(board_id)))

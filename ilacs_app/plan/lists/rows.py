"""The plan as finished records for a page, an export or a letter.

Parts of queries that are the same each time are kept (``lru_cache``): building one costs more than running it.

One query for each question. Each takes the actor, so that what someone cannot see is not in lists or totals; and
``today``, so that no lateness is ever stored. Counts are of distinct actions, of live plans unless one plan is named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, and_, bindparam, case, func, literal, null, select, union

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.plan.lists.address import PlanChoice
from ilacs_app.plan.lists.counts import ratings_by_recommendation
from ilacs_app.plan.lists.filters import Filter, filter_clauses, governed_by, recommendation_clauses
from ilacs_app.plan.lists.sorting import ORDER, PLAN_ORDER, Sort, order_of
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    ActionStage,
    Plan,
    Recommendation,
    RecommendationLead,
)
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
    is_answered,
    outlook,
    tag_of,
    timeliness,
    why_without_help,
)
from ilacs_app.plan.rules_sql import brag_is
from ilacs_app.plan.visibility import delivered_by, visible_to

PAGE_ROWS = 60


@dataclass(frozen=True)
class People:
    """The owners of an action, and the leads of the recommendation at this place, as the plan names them."""

    owners: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The people that a list names: the owners, else the leads."""
        return self.owners or self.leads

    @property
    def label(self) -> str:
        """What they are to the action: ``Owner``, or ``Lead`` where it has none; plural where there are several."""
        what = "Owner" if self.owners or not self.leads else "Lead"
        return f"{what}s" if len(self.names) > 1 else what

    @property
    def labelled_names(self) -> str:
        """Who they are, such as ``Lead: MASH Service Manager``; empty where no one is named."""
        return f"{self.label}: {', '.join(self.names)}" if self.names else ""


@dataclass(frozen=True)
class ActionRow:
    """One place of one action, read by the rules. ``days`` is how many days late, else 0.

    ``stage`` is the earliest stage that is not ticked; ``override_reason`` says why ``brag`` is not ``by_rule``, which
    is what the rule gives, for the reason ``why``. ``answered_on`` is the day of the newest answer while it stands
    (``plan.rules.is_answered``).
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
    people: People
    facts: Facts
    timeliness: Timeliness
    days: int
    brag: Brag
    by_rule: Brag
    why: Why
    help_open: bool
    answered_on: date | None

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
    def is_set_aside(self) -> bool:
        """Whether it is paused or withdrawn, for a reason."""
        return self.status in {Status.PAUSED, Status.WITHDRAWN}

    @property
    def tag(self) -> str:
        """Which tag shows its rating: the rating itself, ``embedded``, ``paused`` or ``withdrawn``."""
        return tag_of(self.brag, self.status)

    @property
    def is_done(self) -> bool:
        """Whether it is completed, verified or embedded."""
        return self.status in DONE

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
    has_open: bool
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


_BETWEEN = "\n"  # names, none of which has a line break
_OWNERS = (
    select(func.aggregate_strings(ActionPerson.name, _BETWEEN).aggregate_order_by(ActionPerson.id))
    .where(ActionPerson.action_id == Action.id, ActionPerson.part == "owner")
    .correlate(Action)
    .scalar_subquery()
)
_LEADS = (
    select(func.aggregate_strings(RecommendationLead.name, _BETWEEN).aggregate_order_by(RecommendationLead.position))
    .where(RecommendationLead.recommendation_id == Recommendation.id)
    .correlate(Recommendation)
    .scalar_subquery()
)


PEOPLE_COLUMNS: dict[str, Any] = {"owners": _OWNERS, "leads": _LEADS}
"""The columns that ``people_of`` reads -> what they select on a join of Action and Recommendation."""


def people_of(owners: str | None, leads: str | None) -> People:
    """Return the people from the two columns of ``PEOPLE_COLUMNS``."""
    own = tuple(owners.split(_BETWEEN)) if owners else ()
    return People(owners=own, leads=tuple(leads.split(_BETWEEN)) if leads else ())


def people_of_actions(action_ids: Collection[int]) -> dict[int, People]:
    """Return the people of each of these actions, at the first of its places."""
    columns = (column.label(name) for name, column in PEOPLE_COLUMNS.items())
    rows = db.session.execute(
        _places(select(Action.id, *columns))
        .where(Action.id.in_(action_ids))
        .order_by(Recommendation.withdrawn_on.is_not(None), *ORDER)
    )
    people: dict[int, People] = {}
    for row in rows:
        people.setdefault(row.id, people_of(row.owners, row.leads))
    return people


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
        **PEOPLE_COLUMNS,
        "answered_on": Action.answered_on,
    }


@lru_cache(maxsize=256)
def _rows_of(actor: Actor) -> Any:
    columns = {**_place(actor), **_FACTS}
    return _places(select(*(column.label(name) for name, column in columns.items())))


def _places(columns: Any) -> Any:
    return (
        columns.select_from(ActionPlace)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
    )


def _row(actor: Actor, row: Any, today: date) -> ActionRow:
    place: dict[str, Any] = dict(row._mapping)
    facts = Facts(**{name: place.pop(name) for name in _FACTS})
    place["people"] = people_of(place.pop("owners"), place.pop("leads"))
    if not is_answered(facts, place["answered_on"], today):
        place["answered_on"] = None
    brag, by_rule, why = outlook(facts, today)
    if facts.help_asked_on and actor.only_inspects(row.plan_id):
        why = why_without_help(facts, today)
    when, days = timeliness(facts, today), days_overdue(facts, today)
    helped = help_is_open(facts.help_asked_on, facts.help_replied_on, today)
    return ActionRow(
        **place, facts=facts, timeliness=when, days=days, brag=brag, by_rule=by_rule, why=why, help_open=helped
    )


def action_rows(
    actor: Actor,
    wanted: Filter,
    today: date,
    *,
    page: int = 1,
    size: int | None = PAGE_ROWS,
    sort: Sort = PLAN_ORDER,
) -> list[ActionRow]:
    """The actions that fit, in the order of ``sort``; ``size`` of them from ``page`` (from 1), or all (``None``)."""
    return [
        _row(actor, row, today) for row in db.session.execute(_rows_that_fit(actor, wanted, today, page, size, sort))
    ]


@lru_cache(maxsize=64)
def _rows_that_fit(actor: Actor, wanted: Filter, today: date, page: int, size: int | None, sort: Sort) -> Any:
    order = order_of(sort, today)
    if size is None:
        return _rows_of(actor).where(visible_to(actor), *filter_clauses(wanted, today)).order_by(*order)
    # the places of the page are found first, so that no column is read, and no stage looked for, of all the others
    of_page = (
        _places(select(ActionPlace.recommendation_id, ActionPlace.action_id))
        .where(visible_to(actor), *filter_clauses(wanted, today))
        .order_by(*order)
        .limit(size)
        .offset((page - 1) * size)
        .subquery()
    )
    here = and_(
        ActionPlace.recommendation_id == of_page.c.recommendation_id, ActionPlace.action_id == of_page.c.action_id
    )
    return _rows_of(actor).join(of_page, here).order_by(*order)


def rows_rated(actor: Actor, wanted: Filter, brags: Sequence[Brag], today: date, *, size: int) -> list[ActionRow]:
    """Return the actions that fit and have one of these ratings, each once: in the order of the ratings.

    Of one rating the earliest due comes first, and no due date last; at most ``size`` of them.
    """
    once: dict[int, ActionRow] = {}
    for row in db.session.execute(_rows_of_ratings(actor, wanted, tuple(brags), today, size)):
        once.setdefault(row.id, _row(actor, row, today))
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
    return _row(actor, db.session.execute(_first_row(actor), asked).one(), today)


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
            has_open=rated[row.id].has_open,
            actions=sum(rated[row.id].by_brag.values()),
            overdue=rated[row.id].overdue,
            most_days=rated[row.id].most_days,
            next_due_on=rated[row.id].next_due_on,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Offered:
    """What a list's filter offers: every lead's, owner's and contributor's name, and the plans by their short names."""

    leads: list[str]
    plans: list[PlanChoice]
    owners: list[str]
    contributors: list[str]


def offered(actor: Actor, base: Filter, *, workers: bool = False) -> Offered:
    """Return what the filter of a list offers, in one query; ``workers``: owners and contributors too."""
    rows = db.session.execute(_offered(actor, base.plan_id, base.board_id, workers)).all()
    plans = {row.slug: PlanChoice(id=row.id, slug=row.slug, short_name=row.short_name) for row in rows if row.slug}
    named = {
        part: sorted({row.name for row in rows if row.name and row.part == part}, key=str.casefold)
        for part in ("lead", "owner", "contributor")
    }
    return Offered(
        leads=named["lead"],
        plans=sorted(plans.values(), key=lambda plan: plan.short_name.casefold()),
        owners=named["owner"],
        contributors=named["contributor"],
    )


@lru_cache(maxsize=64)
def _offered(actor: Actor, plan_id: int | None, board_id: int | None, workers: bool) -> Any:
    where = [visible_to(actor), Plan.state == "live" if plan_id is None else Plan.id == plan_id]
    where.append(Recommendation.withdrawn_on.is_(None))
    if board_id is not None:
        where.append(Recommendation.id.in_(governed_by(board_id)))
    leads = (
        select(RecommendationLead.name, literal("lead").label("part"), Plan.slug, Plan.id, Plan.short_name)
        .select_from(Recommendation)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .outerjoin(RecommendationLead, RecommendationLead.recommendation_id == Recommendation.id)
        .where(*where)
        .distinct()
    )
    if not workers:
        return leads
    named = (
        select(ActionPerson.name, ActionPerson.part, literal(""), null(), literal(""))
        .select_from(ActionPerson)
        .join(ActionPlace, ActionPlace.action_id == ActionPerson.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(*where)
    )
    return union(leads, named)

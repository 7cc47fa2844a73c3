"""How many: distinct actions by rating, by delivery status and overdue, for a list, a board or a recommendation.

Nothing is stored: today changes every count (decision 0005). Counts are of live plans unless one plan is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.plan.lists.filters import (
    Filter,
    action_clauses,
    filter_clauses,
    led_by_name,
    of_board,
    recommendation_clauses,
    text_contains,
)
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.rules import OPEN, Brag, worst_open
from ilacs_app.plan.rules_sql import (
    brag_is,
    is_counted,
    is_open,
    is_overdue,
    stands_for_itself,
    withdrawn_recommendations,
)
from ilacs_app.plan.visibility import DRAFT_ROLES, SHOWN_STATES, visible_to


@dataclass(frozen=True)
class Counts:
    """Distinct actions: how many by rating, how many overdue, how many in all, and in how many places."""

    by_brag: dict[str, int] = field(default_factory=dict)
    overdue: int = 0
    by_status: dict[str, int] = field(default_factory=dict)
    further_places: int = 0
    overdue_asked: int = 0
    """How many of the overdue ones a new date was requested for, where that was asked."""

    @property
    def overdue_unasked(self) -> int:
        return self.overdue - self.overdue_asked

    @property
    def actions(self) -> int:
        return sum(self.by_brag.values())

    @property
    def places(self) -> int:
        """How many rows a list of them has: a linked action has one for each of its places."""
        return self.actions + self.further_places


@dataclass(frozen=True)
class RatingCounts:
    """The actions of one recommendation by rating. ``has_open``: whether any of them is still to do."""

    by_brag: dict[str, int]
    worst: Brag
    has_open: bool
    overdue: int
    most_days: int
    next_due_on: date | None


def counts(actor: Actor, wanted: Filter, today: date) -> Counts:
    """Distinct actions that fit, by rating and by delivery status, and how many of them are overdue."""
    return _as_counts(db.session.execute(_rated(actor, wanted, today)).one())


@dataclass(frozen=True)
class Fitting:
    """How many distinct actions fit a filter, and how many places of theirs beyond the first do."""

    actions: int
    further_places: int

    @property
    def places(self) -> int:
        """How many rows a list of them has."""
        return self.actions + self.further_places


def count_actions(actor: Actor, wanted: Filter, today: date) -> Fitting:
    """Count the distinct actions that fit, without their ratings."""
    return Fitting(**db.session.execute(_number_fitting(actor, wanted, today)).one()._mapping)


@lru_cache(maxsize=64)
def _number_fitting(actor: Actor, wanted: Filter, today: date) -> Any:
    return (
        select(func.count().label("actions"), _further_places(actor, wanted, today).label("further_places"))
        .select_from(Action)
        .join(Plan, Plan.id == Action.plan_id)
        .where(*_distinct(actor, wanted, today))
    )


@dataclass(frozen=True)
class Summary:
    """The counts of what fits, how many recommendations fit, and the values that were asked beside, by their labels."""

    counts: Counts
    recommendations: int
    beside: Mapping[str, Any]


def summary(actor: Actor, wanted: Filter, today: date, *beside: Label[Any]) -> Summary:
    """Count what fits, and the recommendations that fit by plan, board and lead, in one query.

    The labelled columns ``beside`` are asked in the same query, which is built once for the same columns.
    """
    row = db.session.execute(_summary(actor, wanted, today, beside)).one()
    values = {column.name: row._mapping[column.name] for column in beside}
    return Summary(counts=_as_counts(row), recommendations=row.recommendations, beside=values)


def count_recommendations(actor: Actor, wanted: Filter) -> int:
    """Return how many recommendations fit by plan, board and lead."""
    return db.session.scalar(_recommendations(actor, wanted)) or 0


@lru_cache(maxsize=64)
def _summary(actor: Actor, wanted: Filter, today: date, beside: tuple[Label[Any], ...]) -> Any:
    return _rated(actor, wanted, today).add_columns(
        _recommendations(actor, wanted).scalar_subquery().label("recommendations"), *beside
    )


def _recommendations(actor: Actor, wanted: Filter) -> Select[int]:
    return (
        select(func.count())
        .select_from(Recommendation)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(visible_to(actor), *recommendation_clauses(wanted))
        .correlate(None)
    )


@lru_cache(maxsize=64)
def _rated(actor: Actor, wanted: Filter, today: date) -> Select[str | None, str | None, int | None, int]:
    """One row: the rating of each action and its status as words with commas, for grouping in SQL costs half as much
    again as counting them here; how many are overdue; and the further places.
    """
    return (
        select(
            func.aggregate_strings(brag_is(today), ",").label("brags"),
            func.aggregate_strings(Action.status, ",").label("statuses"),
            func.sum(case((is_overdue(today), 1), else_=0)).label("overdue"),
            _further_places(actor, wanted, today).label("further_places"),
        )
        .select_from(Action)
        .join(Plan, Plan.id == Action.plan_id)
        .where(*_distinct(actor, wanted, today))
    )


_TWIN = aliased(Action)
_KEPT_TWINS = select(_TWIN.linked_into_id).where(_TWIN.linked_into_id.is_not(None))


def _further_places(actor: Actor, wanted: Filter, today: date) -> ScalarSelect[int]:
    """In how many places beyond its first each linked action is; asks for linked ones alone, which are few."""
    return (
        select(func.count() - func.count(distinct(ActionPlace.action_id)))
        .select_from(ActionPlace)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id.in_(_KEPT_TWINS), visible_to(actor), *filter_clauses(wanted, today))
        .correlate(None)
        .scalar_subquery()
    )


def _as_counts(row: Any) -> Counts:
    return Counts(
        by_brag=_tally(row.brags),
        overdue=row.overdue or 0,
        by_status=_tally(row.statuses),
        further_places=row.further_places,
    )


def _tally(joined: str | None) -> dict[str, int]:
    """Return how often each word is in words with commas."""
    return dict(Counter(joined.split(","))) if joined else {}


_INNER = aliased(Action)


def _distinct(actor: Actor, wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    """The clauses on Action joined with Plan alone: an action of two recommendations is one."""
    clauses = [stands_for_itself(), *_of_plan(actor, wanted)]
    clauses.extend(action_clauses(replace(wanted, q=""), today))
    placed = _placed(actor, wanted)
    if not placed:
        return [*clauses, is_counted()]
    if wanted.recommendation_id is None:
        placed.append(ActionPlace.recommendation_id.not_in(withdrawn_recommendations()))
    return [*clauses, Action.id.in_(_places(actor, wanted).where(*placed).correlate(None))]


def _of_plan(actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    """The clauses on Plan: the plan that is named, as far as this person sees it, or every live one."""
    if wanted.plan_id is None:
        return [Plan.state == "live"]
    clauses = [Action.plan_id == wanted.plan_id]
    if not any(actor.is_a(role, plan_id=wanted.plan_id) for role in DRAFT_ROLES):
        clauses.append(Plan.state.in_(SHOWN_STATES))
    return clauses


def _placed(actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    """The clauses that one of an action's places has to fit; none where every place does."""
    placed: list[ColumnElement[bool]] = []
    if wanted.recommendation_id is not None:
        placed.append(ActionPlace.recommendation_id == wanted.recommendation_id)
    if wanted.number:
        numbered = select(Recommendation.id).where(Recommendation.number == wanted.number)
        placed.append(ActionPlace.recommendation_id.in_(numbered))
    if wanted.board_id is not None:
        placed.append(ActionPlace.recommendation_id.in_(of_board(wanted)))
    if wanted.lead:
        placed.append(ActionPlace.recommendation_id.in_(led_by_name(wanted.lead)))
    if wanted.q:
        placed.append(or_(text_contains(_INNER.text, wanted.q), text_contains(Recommendation.text, wanted.q)))
    if not actor.reads_all_plans:
        placed.append(visible_to(actor))
    return placed


def _places(actor: Actor, wanted: Filter) -> Select[int]:
    """The actions of all places, joined with what ``_placed`` asks about."""
    hidden = not actor.reads_all_plans
    places = select(ActionPlace.action_id)
    if wanted.q or hidden:
        places = places.join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
    if wanted.q:
        places = places.join(_INNER, _INNER.id == ActionPlace.action_id)
    if hidden:
        places = places.join(Plan, Plan.id == Recommendation.plan_id)
    return places


def board_counts(
    actor: Actor, today: date, *, only: frozenset[int] | None = None, asked: Collection[int] = ()
) -> tuple[dict[int, tuple[Counts, int]], Counts]:
    """For each board the counts of its distinct actions in live plans and of its recommendations; and the total.

    ``only`` are the ids of the boards that are asked for, if not all are; the total is then of what they govern.
    ``asked`` are the ids of the actions for which a new date is requested.

    Asks which actions have which rating, and which actions each board governs, then counts here: grouping their join
    in SQL costs three times as much.
    """
    rated = db.session.execute(_groups(actor, today, only))
    groups = {(status, word, bool(is_late)): frozenset(ids.split(",")) for status, word, is_late, ids in rated}
    governed = db.session.execute(_governed(actor, only))
    by_board = {}
    for board_id, recommendations, ids in governed:
        held = frozenset(ids.split(",")) if ids else frozenset[str]()
        by_board[board_id] = (_counted({key: group & held for key, group in groups.items()}, asked), recommendations)
    whole = bool(groups) and (actor.reads_all_plans or only is not None)
    return by_board, _counted(groups, asked) if whole else counts(actor, Filter(), today)


@lru_cache(maxsize=64)
def _groups(actor: Actor, today: date, only: frozenset[int] | None) -> Any:
    """Return the query for the ids of live actions by status, rating and whether they are overdue."""
    brag, late = brag_is(today).label("brag"), case((is_overdue(today), 1), else_=0).label("late")
    parts = _board_parts(actor, only)
    governed_by_them = select(ActionPlace.action_id).join(
        parts, parts.c.recommendation_id == ActionPlace.recommendation_id
    )
    return (
        select(Action.status, brag, late, func.aggregate_strings(cast(Action.id, String), ","))
        .join(Plan, Plan.id == Action.plan_id)
        .where(Plan.state == "live", is_counted(), *([] if only is None else [Action.id.in_(governed_by_them)]))
        .group_by(Action.status, brag, late)
    )


@lru_cache(maxsize=64)
def _governed(actor: Actor, only: frozenset[int] | None) -> Any:
    """Return the query for the boards, each with how many recommendations and which actions it governs."""
    parts = _board_parts(actor, only)
    return (
        select(
            parts.c.board_id,
            func.count(distinct(parts.c.recommendation_id)),
            func.aggregate_strings(cast(ActionPlace.action_id, String), ","),
        )
        .outerjoin(ActionPlace, ActionPlace.recommendation_id == parts.c.recommendation_id)
        .group_by(parts.c.board_id)
    )


def _counted(groups: Mapping[tuple[str, str, bool], frozenset[str]], asked: Collection[int]) -> Counts:
    """Return the counts of these actions: their ids by status, rating and whether they are overdue."""
    by_brag: dict[str, int] = defaultdict(int)
    by_status: dict[str, int] = defaultdict(int)
    overdue = late_asked = 0
    new_dates = frozenset(map(str, asked))
    for (status, brag, late), ids in groups.items():
        if ids:
            by_brag[brag] += len(ids)
            by_status[status] += len(ids)
            overdue += len(ids) if late else 0
            late_asked += len(ids & new_dates) if late else 0
    return Counts(dict(by_brag), overdue, dict(by_status), overdue_asked=late_asked)


def _board_parts(actor: Actor, only: frozenset[int] | None) -> Any:
    boards = () if only is None else sorted(only)
    named = (
        select(RecommendationBoard.board_id, RecommendationBoard.recommendation_id)
        .join(Recommendation, Recommendation.id == RecommendationBoard.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(
            visible_to(actor),
            Plan.state == "live",
            Recommendation.withdrawn_on.is_(None),
            *([RecommendationBoard.board_id.in_(boards)] if boards else []),
        )
    )
    overseen = (
        select(Plan.oversight_board_id, Recommendation.id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(
            visible_to(actor),
            Plan.state == "live",
            Recommendation.withdrawn_on.is_(None),
            Plan.oversight_board_id.in_(boards) if boards else Plan.oversight_board_id.is_not(None),
        )
    )
    return named.union(overseen).subquery()


def ratings_by_recommendation(recommendation_ids: Collection[int], today: date) -> dict[int, RatingCounts]:
    """For each of these recommendations, its actions by rating; a recommendation without any has an empty bar."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_bars(today), {"recommendation_ids": list(recommendation_ids)}):
        groups[row.recommendation_id].append(row)
    return {id_: _bar(groups[id_], today) for id_ in recommendation_ids}


@lru_cache(maxsize=4)
def _bars(today: date) -> Any:
    return (
        select(
            ActionPlace.recommendation_id,
            brag_is(today).label("brag"),
            Action.status.label("status"),
            func.count().label("actions"),
            func.sum(case((is_overdue(today), 1), else_=0)).label("overdue"),
            func.min(case((is_overdue(today), Action.due_on))).label("first_overdue"),
            func.min(case((and_(is_open(), Action.due_on >= today), Action.due_on))).label("next_due"),
        )
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(ActionPlace.recommendation_id.in_(bindparam("recommendation_ids", expanding=True)), stands_for_itself())
        .group_by(ActionPlace.recommendation_id, "brag", "status")
    )


def _bar(rows: Iterable[Any], today: date) -> RatingCounts:
    by_brag: dict[str, int] = defaultdict(int)
    rated: list[tuple[str, Brag]] = []
    overdue, first_overdue, next_due = 0, None, None
    for row in rows:
        by_brag[row.brag] += row.actions
        rated.append((row.status, Brag(row.brag)))
        overdue += row.overdue or 0
        first_overdue = min(filter(None, (first_overdue, row.first_overdue)), default=None)
        next_due = min(filter(None, (next_due, row.next_due)), default=None)
    return RatingCounts(
        by_brag=dict(by_brag),
        worst=worst_open(rated),
        has_open=any(status in OPEN for status, _ in rated),
        overdue=overdue,
        most_days=(today - first_overdue).days if first_overdue else 0,
        next_due_on=next_due,
    )

"""The rules of ``rules.py`` as SQL, so that the database can filter and count by them.

``tests/data/plan/lists/test_filters.py`` generates actions and days and fails if one word differs from the pure
rule. The larger expressions are kept for the day that they were built for: building one costs more than running
it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, exists, extract, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.rules import DONE, HELP_DAYS, OPEN, REPLY_DAYS, SOON_DAYS, STARTED, Brag, Status, Timeliness


class days_between(FunctionElement[int]):
    """Whole days from the second date to the first, in either database."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(days_between, "sqlite")
def _sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    later, earlier = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


@compiles(days_between, "postgresql")
def _postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    later, earlier = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(cast({later} as date) - {earlier})"


def _month(day: Any) -> ColumnElement[int]:
    return extract("year", day) * 12 + extract("month", day)


def _month_of(day: date) -> int:
    return day.year * 12 + day.month


@lru_cache(maxsize=4)
def is_overdue(today: date) -> ColumnElement[bool]:
    """Open and past its due date."""
    return and_(Action.status.in_(OPEN), Action.due_on < today)


def stands_for_itself() -> ColumnElement[bool]:
    """Not linked into another action. Written so that the database avoids the index of links, which is nearly empty."""
    return func.coalesce(Action.linked_into_id, 0) == 0


def withdrawn_recommendations() -> Select[int]:
    """The ids of the recommendations that were withdrawn: not in lists or totals."""
    return select(Recommendation.id).where(Recommendation.withdrawn_on.is_not(None))


@lru_cache(maxsize=1)
def is_counted() -> ColumnElement[bool]:
    """In its own place, and in a recommendation that was not withdrawn.

    Asks for what is withdrawn, which is little, so that counting reads the index of ratings alone.
    """
    other = aliased(ActionPlace)
    gone = withdrawn_recommendations()
    elsewhere = exists().where(
        other.action_id == ActionPlace.action_id, other.recommendation_id.not_in(gone.correlate(None))
    )
    only_there = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(gone), ~elsewhere)
    return and_(stands_for_itself(), Action.id.not_in(only_there.correlate(None)))


def is_open() -> ColumnElement[bool]:
    return Action.status.in_(OPEN)


def is_due_soon(today: date) -> ColumnElement[bool]:
    """Open and due within 28 days."""
    return and_(Action.status.in_(OPEN), Action.due_on >= today, Action.due_on <= today + timedelta(days=SOON_DAYS))


def is_review_due(today: date) -> ColumnElement[bool]:
    """Open, with no due date, and its review within 28 days or past."""
    return and_(Action.status.in_(OPEN), Action.due_on.is_(None), Action.review_on <= today + timedelta(days=SOON_DAYS))


def is_quiet(today: date) -> ColumnElement[bool]:
    """Started, and without a word within the reporting window (joined with its plan)."""
    return and_(Action.status.in_(STARTED), days_between(today, Action.last_word_on) > Plan.reporting_window)


def is_without_update(today: date) -> ColumnElement[bool]:
    """Started or due within 28 days, and without an update in the reporting window: ``rules.is_silent`` in SQL."""
    review_near = and_(is_review_due(today), Action.review_on >= today)
    expected = or_(Action.status.in_(STARTED), is_due_soon(today), review_near)
    return and_(expected, days_between(today, Action.last_word_on) > Plan.reporting_window)


def has_open_help(today: date) -> ColumnElement[bool]:
    """A request for help is open: ``help_is_open`` in SQL."""
    lately = days_between(today, Action.help_replied_on) < REPLY_DAYS
    return and_(Action.help_asked_on.is_not(None), or_(Action.help_replied_on.is_(None), lately))


@lru_cache(maxsize=4)
def timeliness_is(today: date) -> ColumnElement[str]:
    """The timeliness of each action (joined with its plan) as its word."""
    soon = today + timedelta(days=SOON_DAYS)
    review = case((Action.status == Status.PAUSED, Action.paused_until), else_=Action.review_on)
    doubtful = or_(
        Action.completed_on.is_(None),
        _month(Action.completed_on) > _month_of(today),
        and_(Action.completion_imported, _month(Action.completed_on) > _month(Plan.dated_on)),
    )
    return case(
        (Action.status == Status.WITHDRAWN, Timeliness.NO_DATE.value),
        (and_(Action.status.in_(DONE), doubtful), Timeliness.DONE_DOUBTFUL.value),
        (
            and_(
                Action.status.in_(DONE),
                or_(Action.due_on.is_(None), _month(Action.completed_on) <= _month(Action.due_on)),
            ),
            Timeliness.DONE_ON_TIME.value,
        ),
        (Action.status.in_(DONE), Timeliness.DONE_LATE.value),
        (and_(Action.status != Status.PAUSED, Action.due_on < today), Timeliness.OVERDUE.value),
        (and_(Action.status != Status.PAUSED, Action.due_on <= soon), Timeliness.DUE_SOON.value),
        (and_(Action.status != Status.PAUSED, Action.due_on.is_not(None)), Timeliness.NOT_DUE.value),
        (review.is_(None), Timeliness.NO_DATE.value),
        (review < today, Timeliness.REVIEW_OVERDUE.value),
        (review <= soon, Timeliness.REVIEW_DUE.value),
        else_=Timeliness.REVIEW_LATER.value,
    )


@lru_cache(maxsize=4)
def brag_is(today: date) -> ColumnElement[str]:
    """The BRAG rating that applies to each action (joined with its plan) as its word, an override with it."""
    soon = today + timedelta(days=SOON_DAYS)
    no_due = Action.due_on.is_(None)
    due_soon = or_(Action.due_on <= soon, and_(no_due, Action.review_on <= soon))
    quiet = days_between(today, Action.last_word_on) > Plan.reporting_window
    off_track = or_(
        Action.status == Status.SLIPPED_BACK,
        Action.second_move_asked,
        and_(Action.help_replied_on.is_(None), days_between(today, Action.help_asked_on) >= HELP_DAYS),
    )
    at_risk = or_(
        Action.stage_due_on < today,
        and_(no_due, or_(Action.review_on.is_(None), Action.review_on < today)),
        has_open_help(today),
        Action.last_word_on < Action.last_moved_on,
        and_(due_soon, Action.status == Status.NOT_STARTED),
        and_(or_(due_soon, Action.status.in_(STARTED)), quiet),
    )
    return case(
        (Action.status.in_((Status.WITHDRAWN, Status.PAUSED)), Brag.GREY.value),
        (Action.status.in_((Status.VERIFIED, Status.EMBEDDED)), Brag.BLUE.value),
        (Action.status == Status.COMPLETED, Brag.BLUE_OUTLINE.value),
        (Action.due_on < today, Brag.RED.value),
        (off_track, case((Action.brag_override == Brag.AMBER, Brag.AMBER.value), else_=Brag.RED.value)),
        (at_risk, func.coalesce(Action.brag_override, Brag.AMBER.value)),
        (Action.status == Status.NOT_STARTED, Brag.GREY.value),
        else_=func.coalesce(Action.brag_override, Brag.GREEN.value),
    )

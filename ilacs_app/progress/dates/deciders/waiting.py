"""Which requested date changes wait: all of them, those that one person can decide now, and each board's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, false, func, or_, select, true
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.people.boards.model import Meeting
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.rules_sql import is_counted
from ilacs_app.plan.visibility import DRAFT_ROLES, in_sight_of, led_or_owned_by, visible_to
from ilacs_app.progress.dates.deciders.queries import OFFICERS, WhoDecides, decisions_on
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.queries import AskedDate, asked_anew, requests_open_on
from ilacs_app.progress.dates.rules import (
    Dated,
    DecidedBy,
    boards_to_decide,
    needs_board,
    who_decides,
)


@dataclass(frozen=True)
class WaitingDate:
    """A request that awaits a decision, the action it is about, and who decides."""

    row: ActionRow
    asked: AskedDate
    decision: WhoDecides

    @property
    def days(self) -> int | None:
        """By how many days the due date would move; None if one of the two has no date."""
        if self.asked.due_on is None or self.row.due_on is None:
            return None
        return (self.asked.due_on - self.row.due_on).days


def waiting_dates(
    actor: Actor, today: date, *, board_id: int | None = None, among: frozenset[int] | None = None
) -> list[WaitingDate]:
    """Return the open requests of live plans that this person may see, oldest first.

    With ``board_id`` only those on actions that this board governs and that a board must decide, whichever it is.
    ``among`` are the actions with one, for a page that knows them already.
    """
    ids = asked_anew() if among is None else among
    if not ids:
        return []
    rows: dict[int, ActionRow] = {}
    for row in action_rows(actor, Filter(action_ids=ids, board_id=board_id), today, size=None):
        rows.setdefault(row.id, row)
    if not rows:
        return []
    requests = requests_open_on(rows)
    decisions = decisions_on(actor, requests, rows, today)
    waits = [WaitingDate(rows[request.action_id], request, decisions[request.id]) for request in requests]
    return [wait for wait in waits if board_id is None or wait.decision.by != DecidedBy.MANAGER]


def managed_dates(actor: Actor, today: date) -> list[WaitingDate]:
    """Return the open requests of the live plans that this person manages, whoever decides on them, oldest first."""
    return [
        wait
        for wait in waiting_dates(actor, today)
        if any(actor.is_a(role, plan_id=wait.row.plan_id) for role in DRAFT_ROLES)
    ]


def dates_to_decide(actor: Actor, today: date) -> list[WaitingDate]:
    """Return the open requests that this person can decide now, oldest first."""
    if not (actor.has("programme_manager") or any(actor.has(role) for role in OFFICERS)):
        return []
    return [wait for wait in waiting_dates(actor, today) if wait.decision.is_ready]


@dataclass(frozen=True)
class BoardDate:
    """A request that waits, as a list of boards says it. ``boards``: the ids of those that may decide, if one must."""

    id: int
    action_id: int
    ref: str
    moves: int
    boards: frozenset[int]


def dates_for_boards(actor: Actor) -> list[BoardDate]:
    """Return the open requests on actions of live plans that this person may see, oldest first: one query."""
    by_request: dict[int, list[Any]] = {}
    for row in db.session.execute(_waiting_with_boards(actor)):
        by_request.setdefault(row.id, []).append(row)
    dates = []
    for id_, rows in by_request.items():
        asked = rows[0]
        leading = {row.board_id for row in rows if row.board_id is not None}
        overseeing = {asked.oversight_board_id} if asked.oversight_board_id is not None else set()
        deciding = boards_to_decide(leading, overseeing)
        by = who_decides(_needs_board(asked), deciding)
        boards = deciding if by == DecidedBy.BOARD else frozenset()
        dates.append(BoardDate(id_, asked.action_id, asked.ref, moves=asked.moves, boards=boards))
    return dates


_AS_ASKED = (
    DateRequest.needs_board,
    DateRequest.due_on.label("asked_due_on"),
    Action.status,
    Action.timescale_kind,
    Action.timescale_text,
    Action.due_on,
    Action.moves,
)


def _needs_board(row: Any) -> bool:
    """Return whether a board must decide a request of which a row has the columns ``_AS_ASKED``: then, or now."""
    at = Dated(row.status, row.timescale_kind, row.timescale_text, row.due_on, row.moves)
    return bool(row.needs_board) or needs_board(at, row.asked_due_on)


@lru_cache(maxsize=64)
def _waiting_with_boards(actor: Actor) -> Any:
    home, leads = aliased(Recommendation), RecommendationBoard
    first_ref = (
        select(ActionPlace.ref)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .where(ActionPlace.action_id == Action.id, Recommendation.withdrawn_on.is_(None), visible_to(actor))
        .order_by(Recommendation.position, ActionPlace.position)
        .limit(1)
        .correlate(Action, Plan)
        .scalar_subquery()
    )
    place = aliased(ActionPlace)
    return (
        select(
            DateRequest.id,
            Action.id.label("action_id"),
            func.coalesce(first_ref, "").label("ref"),
            *_AS_ASKED,
            Plan.oversight_board_id,
            leads.board_id,
        )
        .select_from(DateRequest)
        .join(Action, Action.id == DateRequest.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .join(place, place.action_id == Action.id)
        .outerjoin(home, and_(home.id == place.recommendation_id, home.withdrawn_on.is_(None)))
        .outerjoin(leads, and_(leads.recommendation_id == home.id, leads.lead))
        .where(DateRequest.state == "waiting", Plan.state == "live", is_counted(), in_sight_of(actor))
        .order_by(DateRequest.id)
    )


def number_to_decide(actor: Actor, today: date) -> int:
    """Return how many requests ``dates_to_decide`` lists, in one query."""
    managed = {grant.plan_id for grant in actor.grants if grant.role == "programme_manager"}
    served = sorted({g.board_id for g in actor.grants if g.role in OFFICERS and g.board_id is not None})
    if not managed and not served:
        return 0
    return sum(map(_is_decidable, db.session.execute(_decidable(actor, managed, served, today))))


def _is_decidable(row: Any) -> bool:
    """Return whether the person of ``_decidable`` can decide now: as manager, or for a board that has met since."""
    by = who_decides(_needs_board(row), [0] if row.has_board else [])
    if by == DecidedBy.BOARD:
        return row.met_on is not None and row.met_on >= clock.london_day(row.asked_at)
    return bool(row.manages)


def _decidable(actor: Actor, managed: set[int | None], served: list[int], today: date) -> Any:
    """The open requests of others in the plans that this person manages, or for whose boards they record decisions.

    Each with the last meeting of those of their boards that may decide it.
    """
    leading = (
        select(RecommendationBoard.board_id)
        .join(Recommendation, Recommendation.id == RecommendationBoard.recommendation_id)
        .join(ActionPlace, ActionPlace.recommendation_id == Recommendation.id)
        .where(ActionPlace.action_id == Action.id, RecommendationBoard.lead, Recommendation.withdrawn_on.is_(None))
        .correlate(Action)
    )
    manages = (true() if None in managed else Plan.id.in_(managed)) if managed else false()
    has_board = or_(leading.exists(), Plan.oversight_board_id.is_not(None))
    deciding = or_(Meeting.board_id.in_(leading), and_(~leading.exists(), Meeting.board_id == Plan.oversight_board_id))
    met_on = (
        select(func.max(Meeting.on_day))
        .where(Meeting.board_id.in_(served), Meeting.on_day <= today, Meeting.cancelled_on.is_(None), deciding)
        .correlate(Action, Plan)
        .scalar_subquery()
    )
    people = actor.acts_as.person_ids
    return (
        select(
            manages.label("manages"),
            has_board.label("has_board"),
            met_on.label("met_on"),
            DateRequest.asked_at,
            *_AS_ASKED,
        )
        .select_from(DateRequest)
        .join(Action, Action.id == DateRequest.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(DateRequest.state == "waiting", Plan.state == "live", is_counted(), in_sight_of(actor))
        .where(or_(manages, met_on.is_not(None)), ~led_or_owned_by(actor.acts_as))
        .where(func.coalesce(DateRequest.asked_by_id, 0).not_in(people))
        .where(func.coalesce(DateRequest.for_person_id, 0).not_in(people))
    )

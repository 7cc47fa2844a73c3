"""The filter of a list, and its SQL clauses. One rule for screens, counts, exports and letters.

Parts of queries that are the same each time are kept (``lru_cache``): building one costs more than running it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, or_, select

from ilacs_app.access import ActsAs
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    Plan,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)
from ilacs_app.plan.rules import Timeliness
from ilacs_app.plan.rules_sql import brag_is, is_overdue, is_without_update, stands_for_itself, timeliness_is
from ilacs_app.plan.visibility import delivered_by


@dataclass(frozen=True)
class Filter:
    """The filter of a list; empty means all.

    ``lead``, ``owner`` and ``contributor`` are names as the plan writes them, ``number`` is that of a recommendation.
    ``moved``: the due date was changed at least once. ``due_before`` is a day before which the action is due, whatever
    its status. ``delivered_by``: led, owned or contributed to by these people and teams. ``action_ids``: only these
    actions; ``except_ids``: none of these. ``decides``: of a board's items only those that it decides on, as their lead
    board or, where they have none, as the oversight board of their plan.

    What is in a withdrawn recommendation fits only a filter that names that recommendation by its id.
    """

    plan_id: int | None = None
    board_id: int | None = None
    lead: str = ""
    status: str = ""
    timeliness: str = ""
    brag: str = ""
    q: str = ""
    recommendation_id: int | None = None
    action_ids: frozenset[int] | None = None
    delivered_by: ActsAs | None = None
    number: str = ""
    owner: str = ""
    contributor: str = ""
    no_owner: bool = False
    silent: bool = False
    moved: bool = False
    due_before: date | None = None
    except_ids: frozenset[int] = frozenset()
    decides: bool = False

    @property
    def of_actions(self) -> bool:
        """Whether it asks about single actions, not only about whole recommendations."""
        people = self.owner or self.contributor or self.no_owner or self.delivered_by
        return bool(
            self.status
            or self.timeliness
            or self.brag
            or self.q
            or people
            or self.silent
            or self.moved
            or self.due_before
            or self.action_ids is not None
            or self.except_ids
        )


def filter_clauses(wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    """The clauses of a filter on a join of Action, ActionPlace, Recommendation and Plan."""
    return [*recommendation_clauses(wanted), stands_for_itself(), *action_clauses(wanted, today)]


def recommendation_clauses(wanted: Filter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.plan_id is None:
        clauses.append(Plan.state == "live")
    else:
        clauses.append(Recommendation.plan_id == wanted.plan_id)
    if wanted.recommendation_id is not None:
        clauses.append(Recommendation.id == wanted.recommendation_id)
    else:
        clauses.append(Recommendation.withdrawn_on.is_(None))
    if wanted.number:
        clauses.append(Recommendation.number == wanted.number)
    if wanted.board_id is not None:
        clauses.append(Recommendation.id.in_(of_board(wanted)))
    if wanted.lead:
        clauses.append(Recommendation.id.in_(led_by_name(wanted.lead)))
    return clauses


def with_matching_action(wanted: Filter, today: date) -> Select[Any]:
    """The ids of the recommendations that have an action which fits."""
    return (
        select(Recommendation.id)
        .select_from(ActionPlace)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(*filter_clauses(wanted, today))
        .correlate(None)
    )


def action_clauses(wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    """The clauses on Action joined with Plan; those of ``q`` ask about Recommendation too."""
    clauses = [*_people_clauses(wanted), *_id_clauses(wanted)]
    if wanted.status:
        clauses.append(Action.status == wanted.status)
    if wanted.timeliness == Timeliness.OVERDUE:
        clauses.append(is_overdue(today))
    elif wanted.timeliness:
        clauses.append(timeliness_is(today) == wanted.timeliness)
    if wanted.brag:
        clauses.append(brag_is(today) == wanted.brag)
    if wanted.silent:
        clauses.append(is_without_update(today))
    if wanted.moved:
        clauses.append(Action.moves > 0)
    if wanted.due_before:
        clauses.append(Action.due_on < wanted.due_before)
    if wanted.q:
        clauses.append(or_(text_contains(Action.text, wanted.q), text_contains(Recommendation.text, wanted.q)))
    return clauses


def _people_clauses(wanted: Filter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.delivered_by is not None:
        clauses.append(delivered_by(wanted.delivered_by))
    if wanted.owner:
        clauses.append(Action.id.in_(_having("owner").where(ActionPerson.name == wanted.owner)))
    if wanted.contributor:
        clauses.append(Action.id.in_(_having("contributor").where(ActionPerson.name == wanted.contributor)))
    if wanted.no_owner:
        clauses.append(Action.id.not_in(_having("owner")))
    return clauses


def _id_clauses(wanted: Filter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.action_ids is not None:
        clauses.append(Action.id.in_(wanted.action_ids))
    if wanted.except_ids:
        clauses.append(Action.id.not_in(wanted.except_ids))
    return clauses


def _having(part: str) -> Select[int]:
    """The ids of the actions that have someone in this part: ``owner`` or ``contributor``."""
    return select(ActionPerson.action_id).where(ActionPerson.part == part)


def text_contains(text: Any, wanted: str) -> ColumnElement[bool]:
    """Return whether a text holds these words; the characters % and _ stand for themselves."""
    clause: ColumnElement[bool] = text.icontains(wanted, autoescape=True)
    return clause


@lru_cache(maxsize=256)
def governed_by(board_id: int) -> CompoundSelect[Any]:
    """Recommendations that a board governs, some twice; the oversight board of a plan governs all of it."""
    named = select(RecommendationBoard.recommendation_id).where(RecommendationBoard.board_id == board_id)
    watched = select(Plan.id).where(Plan.oversight_board_id == board_id)
    overseen = select(Recommendation.id).where(Recommendation.plan_id.in_(watched))
    return named.union_all(overseen)


def of_board(wanted: Filter) -> CompoundSelect[Any]:
    """The recommendations that the board of a filter governs, or those about which it decides."""
    board_id = wanted.board_id or 0
    return decided_by(board_id) if wanted.decides else governed_by(board_id)


@lru_cache(maxsize=256)
def decided_by(board_id: int) -> CompoundSelect[Any]:
    """Recommendations that a board leads, and those without a lead board in plans that it oversees."""
    led = select(RecommendationBoard.recommendation_id).where(RecommendationBoard.lead)
    watched = select(Plan.id).where(Plan.oversight_board_id == board_id)
    overseen = select(Recommendation.id).where(Recommendation.plan_id.in_(watched), Recommendation.id.not_in(led))
    return led.where(RecommendationBoard.board_id == board_id).union_all(overseen)


def led_by_name(name: str) -> Select[Any]:
    return select(RecommendationLead.recommendation_id).where(RecommendationLead.name == name)

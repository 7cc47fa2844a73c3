"""The order of a list: the plan's own, or by one column either way. Every list, its neighbours and its download use it.

Where two actions are equal, and where the column is empty, the plan's own order decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import case, func, select

from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Plan, Recommendation, RecommendationLead
from ilacs_app.plan.rules import Brag
from ilacs_app.plan.rules_sql import brag_is


class SortKey(StrEnum):
    """What a list can be sorted by, as the address names it."""

    REFERENCE = "reference"
    DUE = "due"
    RATING = "rating"
    OWNER = "owner"
    WORD = "word"


@dataclass(frozen=True)
class Sort:
    """The order of a list. The address has a hyphen before the name of a column that is sorted the other way."""

    key: SortKey = SortKey.REFERENCE
    descending: bool = False

    @property
    def parameter(self) -> str:
        """The value of ``sort`` in an address; empty for the plan's own order."""
        return "" if self == PLAN_ORDER else f"{'-' if self.descending else ''}{self.key}"

    @property
    def label(self) -> str:
        """The order in words, after “sorted by”."""
        return SORT_WORDS[f"{'-' if self.descending else ''}{self.key}"]


PLAN_ORDER = Sort()
SORT_WORDS: Mapping[str, str] = {
    "reference": "number",
    "-reference": "number, last first",
    "due": "due date, earliest first",
    "-due": "due date, latest first",
    "rating": "rating, red first",
    "-rating": "rating, grey first",
    "owner": "owner, A to Z",
    "-owner": "owner, Z to A",
    "word": "latest update, oldest first",
    "-word": "latest update, newest first",
}


def read_sort(given: str | None) -> Sort:
    """Return the order that an address asks for; the plan's own where it asks for none that there is."""
    name = given or ""
    key = name.removeprefix("-")
    return Sort(SortKey(key), name.startswith("-")) if name in SORT_WORDS else PLAN_ORDER


ORDER = (Plan.dated_on.desc(), Plan.id.desc(), Recommendation.position, ActionPlace.position)
"""The plan's own order; the newest plan first."""
_BACKWARDS = (Plan.dated_on, Plan.id, Recommendation.position.desc(), ActionPlace.position.desc())


def order_of(sort: Sort, today: date) -> tuple[Any, ...]:
    """Return the order on a join of Action, ActionPlace, Recommendation and Plan.

    An action without a due date, and one without an owner or lead, comes last either way.
    """
    if sort.key == SortKey.REFERENCE:
        return _BACKWARDS if sort.descending else ORDER
    value = _value(sort.key, today)
    return ((value.desc() if sort.descending else value.asc()).nulls_last(), *ORDER)


def _value(key: SortKey, today: date) -> Any:
    match key:
        case SortKey.DUE:
            return Action.due_on
        case SortKey.RATING:
            return case({str(brag): number for number, brag in enumerate(Brag)}, value=brag_is(today))
        case SortKey.OWNER:
            return func.coalesce(_first_owner(), _first_lead())
        case _:
            return Action.last_word_on


def _first_owner() -> Any:
    named = (
        select(func.lower(ActionPerson.name))
        .where(ActionPerson.action_id == Action.id, ActionPerson.part == "owner")
        .order_by(ActionPerson.id)
        .limit(1)
    )
    return named.correlate(Action).scalar_subquery()


def _first_lead() -> Any:
    named = (
        select(func.lower(RecommendationLead.name))
        .where(RecommendationLead.recommendation_id == Recommendation.id)
        .order_by(RecommendationLead.position)
        .limit(1)
    )
    return named.correlate(Recommendation).scalar_subquery()

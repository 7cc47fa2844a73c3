"""The lists in which an action is a row: one table, for pages, save and next, previous and next, and counts alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from ilacs_app.access import Actor
from ilacs_app.errors import NotKnown
from ilacs_app.governance.decisions.acceptance import turned_down
from ilacs_app.people.boards.queries import BoardName, boards
from ilacs_app.plan.lists.address import PlanChoice, read_filter
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.sorting import PLAN_ORDER, Sort
from ilacs_app.plan.visibility import board_for, knows_board, plan_for, plans, recommendation_for
from ilacs_app.progress.dates.queries import asked_anew
from ilacs_app.progress.notes.queries import with_no_change_alone
from ilacs_app.progress.status.queries import claims_to_test
from ilacs_app.web import actor

Names = Mapping[str, Any]
"""What an address names: its plan and recommendation, or its board."""


@dataclass(frozen=True)
class ListKind:
    """A page with a list of actions. ``base``: what the page itself narrows it to; none where it has no filter.

    ``view`` is what a row's form says of the page. ``pages``: whether a long list is cut into pages. ``sorts``: whether
    it can be sorted.
    """

    view: str
    base: Callable[[Actor, Names], Filter] | None = None
    pages: bool = True
    sorts: bool = False


def _of_plan(person: Actor, names: Names) -> Filter:
    return Filter(plan_id=plan_for(person, names["plan_slug"]).id)


def _of_live_plans(_person: Actor, _names: Names) -> Filter:
    return Filter()


def _of_recommendation(person: Actor, names: Names) -> Filter:
    plan_id = plan_for(person, names["plan_slug"]).id
    return Filter(plan_id=plan_id, recommendation_id=recommendation_for(person, plan_id, names["number"]))


def _of_board(person: Actor, names: Names) -> Filter:
    return Filter(board_id=board_for(person, names["board_slug"]).id)


LIST_KINDS: Mapping[str, ListKind] = {
    "worklist.my_work": ListKind("work"),
    "plan.plan": ListKind("plan", _of_plan),
    "plan.actions": ListKind("actions", _of_plan, sorts=True),
    "plan.all_actions": ListKind("actions", _of_live_plans, sorts=True),
    "plan.recommendation": ListKind("recommendation", _of_recommendation, pages=False),
    "governance.board": ListKind("board", _of_board),
    "search.search": ListKind("search"),
}
"""The endpoint of each page with a list."""
NO_LIST = ListKind("action")


@dataclass(frozen=True)
class ListAt:
    """The list at an address: what the page narrows it to, its filter with that, the number of the page, its order."""

    base: Filter
    filter: Filter
    page: int
    pages: bool
    sort: Sort = PLAN_ORDER


def kind_at(address: str) -> tuple[ListKind, Names]:
    """Return the kind of page at one of our addresses, and what the address names."""
    try:
        endpoint, names = current_app.url_map.bind("").match(urlsplit(address).path)
    except HTTPException:
        return NO_LIST, {}
    return LIST_KINDS.get(str(endpoint), NO_LIST), dict(names)


def actions_behind_numbers(name: str, board_id: int | None) -> Collection[int]:
    """Return the ids of the actions that one of the filters ``BEHIND_NUMBERS`` is about, in the list of a board."""
    if name == "to_verify":
        return claims_to_test(actor())
    if name == "to_embed":
        return {entry.action_id for entry in turned_down(board_id)}
    return with_no_change_alone() if name == "no_change" else asked_anew()


def list_at(address: str) -> ListAt | None:
    """Return the filtered list at an address; nothing if there is none, or it is not theirs to see."""
    kind, names = kind_at(address)
    if kind.base is None:
        return None
    person = actor()
    try:
        base = kind.base(person, names)
    except NotKnown:
        return None
    if not kind.pages:
        return ListAt(base, base, 1, pages=False)
    given = dict(parse_qsl(urlsplit(address).query))
    known: list[BoardName] = []
    live: list[PlanChoice] = []
    if "board" in given and base.board_id is None:
        known = [board for board in boards() if knows_board(person, board.id)]
    if "plan" in given and base.plan_id is None:
        live = [
            PlanChoice(id=plan.id, slug=plan.slug, short_name=plan.short_name)
            for plan in plans(person)
            if plan.state == "live"
        ]
    asked = read_filter(
        given, base, known, live, acts_as=person.acts_as, behind=actions_behind_numbers, sorts=kind.sorts
    )
    return ListAt(base, asked.filter, asked.page, pages=True, sort=asked.sort)

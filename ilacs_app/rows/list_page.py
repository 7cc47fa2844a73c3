"""What a list of actions needs on any page: its filter, its rows, how many, and which page of them.

It reads the request; the routes of every room with such a list import it (decision 0017).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from ilacs_app import clock
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.lists.address import BEHIND_NUMBERS, SWITCHES, Choice, ListQuery, read_filter
from ilacs_app.plan.lists.counts import Counts, Fitting, ratings_by_recommendation
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import PAGE_ROWS, ActionRow, offered
from ilacs_app.plan.rules import BRAG_WORDS, STATUS_WORDS, TIMELINESS_WORDS
from ilacs_app.plan.visibility import knows_board
from ilacs_app.progress.dates.queries import AskedDate, new_dates
from ilacs_app.progress.notes.queries import Words, newest_words
from ilacs_app.progress.queries import testable, with_help_hidden
from ilacs_app.progress.status.queries import reasons_set_aside
from ilacs_app.rows.lists import actions_behind_numbers
from ilacs_app.rows.open_row import OpenRow, asked_open
from ilacs_app.rows.place import RowPlace, this_address
from ilacs_app.rows.verbs import row_verb
from ilacs_app.web import actor


@dataclass(frozen=True)
class BesideRows:
    """What a list shows beside its rows, by the action's id; ``open_rows`` are those that are open for an update."""

    notes: Mapping[int, Words]
    new_dates: Mapping[int, AskedDate]
    verbs: Mapping[int, str]
    open_rows: Mapping[int, OpenRow]
    reasons: Mapping[int, str]
    """Why an action is paused or withdrawn."""


def beside_rows(
    rows: Sequence[ActionRow], asked: frozenset[int] | None = None, *, elsewhere: Collection[ActionRow] = ()
) -> BesideRows:
    """Return what a list of rows shows beside them.

    ``asked`` are the actions for which a new date waits, where the page knows them already. ``elsewhere`` are rows
    that the page shows outside the list, with their newest notes and new dates.
    """
    who = actor()
    tests = testable(who, rows)
    ids = list(dict.fromkeys(row.id for row in (*rows, *elsewhere)))
    notes = newest_words(ids, without_help=with_help_hidden(who, (*rows, *elsewhere)))
    able = {row.id: verb for row in rows if (verb := row_verb(who, row, tests, notes.get(row.id)))}
    return BesideRows(
        notes=notes,
        new_dates=new_dates(ids if asked is None else asked.intersection(ids)),
        verbs=able,
        open_rows=asked_open(),
        reasons=reasons_set_aside((*rows, *elsewhere)),
    )


@dataclass(frozen=True)
class FilterField:
    """One field of a list's filter: a select with ``choices``, a tick box (``ticked``), or a day as it was typed."""

    name: str
    label: str
    choices: Sequence[Choice] = ()
    ticked: bool | None = None
    typed: str = ""
    problem: str = ""


def asked_filter(base: Filter, *, flat: bool = False) -> tuple[ListQuery, list[FilterField]]:
    """The filter in this page's address, and the fields of its form.

    ``flat``: the page is one list of actions, which can be sorted, and its form offers every filter. Other pages have
    the fields of the further filters only where they are used.
    """
    who = actor()
    one_board = base.board_id is not None
    known = [] if one_board else [board for board in boards() if knows_board(who, board.id)]
    offers = offered(who, base, workers=flat or not WORKERS.isdisjoint(request.args))
    live = [] if base.plan_id else offers.plans
    asked = read_filter(request.args, base, known, live, acts_as=who.acts_as, behind=actions_behind_numbers, sorts=flat)
    selects = [
        ("lead", "Lead", {name: name for name in offers.leads}, "All leads"),
        ("owner", "Owner", {name: name for name in offers.owners}, "All owners"),
        ("contributor", "Contributor", {name: name for name in offers.contributors}, "All contributors"),
        ("status", "Delivery status", STATUS_WORDS, "Any"),
        ("timeliness", "Timeliness", TIMELINESS_WORDS, "Any"),
        ("brag", "Rating", BRAG_WORDS, "All ratings"),
    ]
    if not one_board:
        selects.insert(0, ("board", "Board", {board.slug: board.name for board in known}, "All boards"))
    if len(live) > 1:
        selects.insert(0, ("plan", "Plan", {plan.slug: plan.short_name for plan in live}, "All plans"))
    fields = [
        FilterField(name, label, asked.choices(name, options, everything))
        for name, label, options, everything in selects
    ]
    typed = asked.values.get("due_before", "")
    fields.append(FilterField("due_before", "Due before", typed=typed, problem=asked.due_problem))
    fields += [FilterField(name, label, ticked=name in asked.values) for name, label in SWITCHES.items()]
    fields += [FilterField(name, label, ticked=True) for name, label in BEHIND_NUMBERS.items() if name in asked.values]
    return asked, [field for field in fields if flat or field.name not in FURTHER or field.name in asked.values]


WORKERS = frozenset({"owner", "contributor"})
FURTHER = frozenset({*WORKERS, "due_before", *SWITCHES})
"""The filters that only the list of all actions always offers."""


def list_of(
    rows: list[ActionRow], view: str, asked: frozenset[int] | None = None, *, elsewhere: Collection[ActionRow] = ()
) -> dict[str, Any]:
    """Return what the rows of a list need beside themselves; ``asked`` and ``elsewhere`` as for ``beside_rows``."""
    groups: dict[int, list[ActionRow]] = {}
    first: dict[int, int] = {}
    for row in rows:
        groups.setdefault(row.recommendation_id, []).append(row)
        first.setdefault(row.id, row.recommendation_id)
    ids = list(groups) if view != "actions" else []
    return {
        "rows": rows,
        "groups": groups,
        "first_place": first,
        "bars": ratings_by_recommendation(ids, clock.today()) if ids else {},
        "place": RowPlace(view, this_address()),
        **vars(beside_rows(rows, asked, elsewhere=elsewhere)),
    }


def counted(asked: ListQuery, fitting: Counts | Fitting) -> dict[str, Any]:
    """Return how many actions fit, in how many places if that is more, and which page of how many."""
    places = fitting.places if fitting.further_places else None
    return {"found": fitting.actions, "places": places, **paged(asked, fitting.places)}


def paged(asked: ListQuery, total: int) -> dict[str, Any]:
    """Return which page of how many."""
    return {"page": asked.page, "pages": max(1, -(-total // PAGE_ROWS))}

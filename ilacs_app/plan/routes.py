"""The plan's pages: all plans, one plan with filters, a recommendation with its twelve columns, an action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, may, requires
from ilacs_app.plan.lists.address import Choice, ListQuery
from ilacs_app.plan.lists.counts import (
    count_actions,
    count_recommendations,
    counts,
    ratings_by_recommendation,
    summary,
)
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows, recommendation_rows
from ilacs_app.plan.lists.sorting import SORT_WORDS, Sort, SortKey, read_sort
from ilacs_app.plan.queries import inspection_of, recommendation_page, withdrawn
from ilacs_app.plan.rules import RECOMMENDATION_KINDS, STATUS_WORDS
from ilacs_app.plan.visibility import PlanHead, knows_board, plan_for, recommendation_for, visible_action
from ilacs_app.plan.visibility import plans as plans_of
from ilacs_app.rows.action_page import answer_action_page, decisions_of_recommendation, questions_of_recommendation
from ilacs_app.rows.list_page import asked_filter, beside_rows, counted, list_of, paged
from ilacs_app.rows.neighbours import came_from, neighbours_of_action, neighbours_of_recommendation
from ilacs_app.rows.open_row import asked_open
from ilacs_app.rows.place import RowPlace, this_address
from ilacs_app.web import actor, page

blueprint = Blueprint("plan", __name__)


@blueprint.get("/plans")
@requires("belongs")
def plans() -> Response:
    visible = plans_of(actor())
    if len(visible) == 1:
        return make_response(redirect(url_for("plan.plan", plan_slug=visible[0].slug)))
    return page("plan/plans.html", plans=visible, makes=may(actor(), Act.MAKE_PLANS))


@blueprint.get("/plans/<plan_slug>")
@requires("belongs")
def plan(plan_slug: str) -> Response:
    who, today = actor(), clock.today()
    head = plan_for(who, plan_slug)
    asked, filters = asked_filter(Filter(plan_id=head.id))
    context: dict[str, Any] = {
        "plan": head,
        "inspection": inspection_of(head.id),
        "summary": summary(who, Filter(plan_id=head.id), today),
        "asked": asked,
        "filters": filters,
        "path": url_for("plan.plan", plan_slug=plan_slug),
        "today": today,
        "manages": may(who, Act.EDIT_PLAN, head.id),
        "checks": may(who, Act.READ_CHECK, head.id),
        "status_means": STATUS_WORDS,
    }
    if asked.filter.of_actions or request.args.get("open"):
        rows = action_rows(who, asked.filter, today, page=asked.page)
        fitting_actions = counts(who, asked.filter, today)
        beside = list_of(rows, "plan") | counted(asked, fitting_actions)
        return page("plan/plan.html", **context, **beside)
    fitting = count_recommendations(who, asked.filter)
    rows_of = recommendation_rows(who, asked.filter, today, page=asked.page)
    gone = [] if asked.filter_words else withdrawn(who, head.id)
    return page(
        "plan/plan.html",
        **context,
        found=fitting,
        rows=None,
        summaries=rows_of,
        withdrawn=gone,
        **paged(asked, fitting),
    )


@blueprint.get("/plans/<plan_slug>/actions")
@requires("belongs")
def actions(plan_slug: str) -> Response:
    """Every action of a plan as one list, narrowed and sorted by its address."""
    return _every_action(plan_for(actor(), plan_slug))


@blueprint.get("/actions")
@requires("belongs")
def all_actions() -> Response:
    """The same of all live plans; with one only, it leads on to that plan's list with the same filter."""
    live = [plan for plan in plans_of(actor()) if plan.state == "live"]
    if len(live) == 1:
        query = request.query_string.decode()
        onward = url_for("plan.actions", plan_slug=live[0].slug)
        return make_response(redirect(f"{onward}?{query}" if query else onward))
    return _every_action(None)


def _every_action(head: PlanHead | None) -> Response:
    who, today = actor(), clock.today()
    asked, filters = asked_filter(Filter(plan_id=head.id if head else None), flat=True)
    fitting = count_actions(who, asked.filter, today)
    rows = action_rows(who, asked.filter, today, page=asked.page, sort=asked.sort)
    path = url_for("plan.actions", plan_slug=head.slug) if head else url_for("plan.all_actions")
    return page(
        "plan/actions.html",
        status=422 if asked.due_problem else 200,
        has_errors=bool(asked.due_problem),
        plan=head,
        asked=asked,
        filters=filters,
        path=path,
        sorts=[Choice(name, order.capitalize(), read_sort(name) == asked.sort) for name, order in SORT_WORDS.items()],
        columns=[_column(asked, path, key, heading, width) for key, heading, width in SORTABLE_COLUMNS],
        today=today,
        **list_of(rows, "actions"),
        **counted(asked, fitting),
    )


@dataclass(frozen=True)
class SortableColumn:
    """The head of a column: ``sorted_as`` says how the list is sorted by it now, ``href`` sorts it, or turns it."""

    heading: str
    width: str
    sorted_as: str = ""
    href: str = ""


SORTABLE_COLUMNS: Sequence[tuple[SortKey | None, str, str]] = (
    (SortKey.REFERENCE, "Ref.", "c-ref"),
    (None, "Action and latest update", ""),
    (SortKey.OWNER, "Owner", "c-owner"),
    (SortKey.DUE, "Due", "c-date"),
    (None, "Delivery status", "c-status"),
    (SortKey.RATING, "Rating", "c-rating"),
    (SortKey.WORD, "Updated", "c-due"),
)


def _column(asked: ListQuery, path: str, key: SortKey | None, heading: str, width: str) -> SortableColumn:
    if key is None:
        return SortableColumn(heading, width)
    sorted_now = asked.sort.key == key
    onward = Sort(key, descending=sorted_now and not asked.sort.descending)
    sorted_as = ("descending" if asked.sort.descending else "ascending") if sorted_now else ""
    return SortableColumn(heading, width, sorted_as, asked.address(path, sort=onward.parameter))


@blueprint.get("/plans/<plan_slug>/recommendations/<number>")
@requires("belongs")
def recommendation(plan_slug: str, number: str) -> Response:
    who, today = actor(), clock.today()
    head = plan_for(who, plan_slug)
    shown = recommendation_page(who, recommendation_for(who, head.id, number))
    rows = action_rows(who, Filter(plan_id=head.id, recommendation_id=shown.id), today, size=None)
    around = beside_rows(rows)
    if shown.withdrawn_on:
        around = replace(around, verbs={}, open_rows={})
    return page(
        "plan/recommendation.html",
        plan=head,
        recommendation=shown,
        bar=ratings_by_recommendation([shown.id], today)[shown.id],
        rows=rows,
        place=RowPlace("recommendation", this_address()),
        beside=neighbours_of_recommendation(head.id, shown.id),
        today=today,
        kinds=RECOMMENDATION_KINDS,
        known_boards={board.id for board in shown.boards if knows_board(who, board.id)},
        manages=may(who, Act.EDIT_PLAN, head.id) and head.state != "closed",
        questions=questions_of_recommendation(shown.id, withdrawn=bool(shown.withdrawn_on)),
        decisions=decisions_of_recommendation(shown.id),
        **vars(around),
    )


@blueprint.get("/actions/<item:action_id>")
@requires("belongs")
def action(action_id: int) -> Response:
    visible_action(actor(), action_id)
    return answer_action_page(
        action_id,
        opened=asked_open().get(action_id),
        place=RowPlace("action", this_address()) if came_from() else None,
        beside=neighbours_of_action(action_id),
    )

"""The governance page, with every board side by side, and the page of one board."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, PackReach, may, requires
from ilacs_app.governance.challenges.rules import ChallengeState
from ilacs_app.governance.meetings.queries import MeetingLine, MeetingsAround, meetings_around, officers
from ilacs_app.governance.overview.queries import Pressing, board_head, pressing
from ilacs_app.governance.overview.queries import governance as side_by_side
from ilacs_app.governance.since.queries import SHOWN_REFS, SinceMet, changed_since_met
from ilacs_app.governance.since.rules import MetChange
from ilacs_app.plan.lists.address import LAST_PAGE
from ilacs_app.plan.lists.counts import counts
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import PAGE_ROWS, action_rows, people_of_actions
from ilacs_app.plan.visibility import board_for
from ilacs_app.progress.dates.deciders.waiting import waiting_dates
from ilacs_app.progress.dates.queries import asked_anew
from ilacs_app.progress.notes.queries import plan_words
from ilacs_app.rows.list_page import asked_filter, counted, list_of
from ilacs_app.text import whole_number
from ilacs_app.web import actor, page

blueprint = Blueprint("governance", __name__)


@blueprint.get("/governance")
@requires("belongs")
def governance() -> Response:
    today = clock.today()
    shown = side_by_side(actor(), today)
    reads_papers = {column.board.id: _reads_papers(column.board.id) for column in shown.columns}
    return page(
        "governance/overview/governance.html",
        governance=shown,
        reads_papers=reads_papers,
        reads_questions=actor().reads_questions,
        today=today,
    )


@blueprint.get("/boards/<board_slug>")
@requires("belongs")
def board(board_slug: str) -> Response:
    who, today = actor(), clock.today()
    board = board_for(who, board_slug)
    base = Filter(board_id=board.id)
    asked, filters = asked_filter(base)
    serving, next_meeting = officers(board.id, today)
    head = board_head(who, board.id, today)
    narrowed = head.summary.counts if asked.filter == base else counts(who, asked.filter, today)
    whole = asked.filter == base and asked.page == 1
    open_questions = [question for question in head.asked if question.state == ChallengeState.OPEN]
    rows = action_rows(who, asked.filter, today, page=asked.page)
    first = pressing(who, board.id, today) if whole else Pressing()
    elsewhere = [*first.exceptions, *first.claims]
    new_dates = asked_anew() if head.any_request else frozenset()
    listed = list_of(rows, "board", new_dates, elsewhere=elsewhere)
    waiting = waiting_dates(who, today, board_id=board.id, among=new_dates)
    return page(
        "governance/overview/board.html",
        board=board,
        officers=serving,
        next_meeting=next_meeting,
        reads_papers=_reads_papers(board.id),
        since_met=_since(board.id, head.met_on, next_meeting, SHOWN_REFS) if whole else None,
        unanswered=head.unanswered,
        reads_questions=who.reads_questions,
        unanswered_refs=", ".join(dict.fromkeys(question.ref for question in open_questions[:SHOWN_REFS])),
        pressing=first,
        told={row.id for row in first.exceptions},
        waiting=waiting,
        to_decide=sum(wait.decision.led_by(board.id) for wait in waiting),
        corrected=head.corrected,
        asked_here=head.asked,
        asks=may(who, Act.ASK_QUESTION, board.id),
        summary=head.summary,
        no_change=head.no_change,
        asked=asked,
        filters=filters,
        path=url_for("governance.board", board_slug=board_slug),
        today=today,
        plan_words=plan_words({row.id for row in elsewhere}.difference(listed["notes"])),
        **listed,
        **counted(asked, narrowed),
    )


@blueprint.get("/boards/<board_slug>/since")
@requires("belongs")
def since_last_met(board_slug: str) -> Response:
    """The actions behind the numbers of *Since you last met*; ``?change=`` shows all of one kind, page by page."""
    who, today = actor(), clock.today()
    board = board_for(who, board_slug)
    meets = meetings_around(today).get(board.id, MeetingsAround())
    change = request.args.get("change", "")
    change = change if change in set(MetChange) else ""
    number = (whole_number(request.args.get("page"), LAST_PAGE) or 1) if change else 1
    since_met = _since(board.id, meets.last_on, meets.next, PAGE_ROWS, number)
    if change:
        since_met = replace(since_met, changes=tuple(kind for kind in since_met.changes if kind.change == change))
    named = frozenset[int]().union(*(changed.action_ids for changed in since_met.changes))
    return page(
        "governance/since/since.html",
        board=board,
        since_met=since_met,
        people=people_of_actions(named) if named else {},
        change=change,
        page=number,
        path=url_for("governance.since_last_met", board_slug=board.slug),
        today=today,
    )


def _reads_papers(board_id: int) -> bool:
    """Return whether the reader is offered a board's papers. Those of plans that they do not see say so when opened."""
    return may(actor(), Act.READ_PACK, PackReach(board_id, frozenset()))


def _since(board_id: int, met_on: date | None, meets: MeetingLine | None, most: int, number: int = 1) -> SinceMet:
    meets_on = meets.on_day if meets else None
    return changed_since_met(actor(), board_id, clock.today(), met_on=met_on, meets_on=meets_on, most=most, page=number)

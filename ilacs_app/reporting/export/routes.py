"""Print a plan or download a list: exactly what its reader may see, in the format that they choose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, current_app, request

from ilacs_app import clock
from ilacs_app.access import Act, requires
from ilacs_app.errors import NotKnown
from ilacs_app.governance.challenges.queries import questions_for_meeting, questions_of_board
from ilacs_app.governance.challenges.rules import STATE_LABELS, ChallengeState
from ilacs_app.governance.meetings.queries import MeetingsAround, meetings_around
from ilacs_app.governance.since.queries import EVERY_CHANGE, changed_since_met
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import people_of_actions
from ilacs_app.plan.visibility import PlanHead, board_for, knows_board, plan_for
from ilacs_app.plan.visibility import plans as plans_of
from ilacs_app.reporting.export.formats import (
    LIST_FORMATS,
    MEDIA_TYPES,
    PRINT_FORMS,
    REPORT_FORMATS,
    PrintRequest,
    formats_here,
    print_plan,
    printed_table,
)
from ilacs_app.reporting.export.progress_report import progress_table
from ilacs_app.reporting.export.queries import list_cover, plan_check, progress_lines
from ilacs_app.reporting.export.table import CannotWrite
from ilacs_app.reporting.questions.table import question_table
from ilacs_app.reporting.since.table import since_table, since_title
from ilacs_app.rows.list_page import asked_filter
from ilacs_app.web import actor, as_download, page

blueprint = Blueprint("reporting", __name__)
BOARD_FORMATS = (*REPORT_FORMATS, "csv")


@blueprint.get("/plans/<plan_slug>/export")
@requires("belongs")
def export(plan_slug: str) -> Response:
    """The page that offers the files; ``board`` and ``form`` in the address are chosen already."""
    who = actor()
    return page(
        "reporting/export/export.html",
        plan=plan_for(who, plan_slug),
        formats=formats_here(),
        forms=PRINT_FORMS,
        boards=[board for board in boards() if knows_board(who, board.id)],
        board=request.args.get("board", ""),
        form="progress" if request.args.get("form") == "progress" else "plan",
    )


@blueprint.get("/plans/<plan_slug>/export/file")
@requires("belongs")
def export_file(plan_slug: str) -> Response:
    """The file, always as a download. The address says ``format``, ``form``, ``board`` and ``published``."""
    who, today = actor(), clock.today()
    asked = request.args.get("format", "docx")
    head = plan_for(who, plan_slug)
    if asked not in formats_here():
        raise NotKnown(asked)
    # CSV and JSON have one form: whoever asks for the report in them gets the plan
    form = "progress" if request.args.get("form") == "progress" and asked in REPORT_FORMATS else "plan"
    board = board_for(who, request.args["board"]) if request.args.get("board") else None
    wanted = PrintRequest(
        plan_slug,
        asked,
        form,
        board.id if board else None,
        board.name if board else "",
        bool(request.args.get("published")),
    )
    try:
        data = print_plan(who, wanted, today, data=current_app.config["ILACS"].data)
    except CannotWrite as refusal:
        return _cannot_print(refusal)
    parts = (head.slug, board.slug if board else "", "progress" if form == "progress" else "")
    return _file(data, asked, _name(*parts, today=today))


@blueprint.get("/plans/<plan_slug>/export/list")
@requires("belongs")
def export_list(plan_slug: str) -> Response:
    """The list of a plan's actions with the filters and the order of its address, as Excel or CSV."""
    head = plan_for(actor(), plan_slug)
    return _list(Filter(plan_id=head.id), tuple(LIST_FORMATS), title=head.title, name=head.slug, plan_id=head.id)


@blueprint.get("/actions/export/list")
@requires("belongs")
def export_actions() -> Response:
    """The list of the actions of all live plans with the filters and the order of its address, as Excel or CSV."""
    return _list(Filter(), tuple(LIST_FORMATS), title="All actions", name="actions", plan_id=None)


@blueprint.get("/boards/<board_slug>/export")
@requires("belongs")
def export_board(board_slug: str) -> Response:
    """The page that offers what a board prints: its progress report, and its part of each live plan."""
    who = actor()
    board = board_for(who, board_slug)
    return page(
        "reporting/export/board.html",
        board=board,
        formats={name: label for name, label in formats_here().items() if name in BOARD_FORMATS},
        plans=_live_plans(),
    )


@blueprint.get("/boards/<board_slug>/export/list")
@requires("belongs")
def export_board_list(board_slug: str) -> Response:
    """The board page's list with the filters of its address; also as Word or PDF, for the meeting."""
    board = board_for(actor(), board_slug)
    live = _live_plans()
    only = live[0].id if len(live) == 1 else None
    return _list(Filter(board_id=board.id), BOARD_FORMATS, title=board.name, name=board.slug, plan_id=only)


@blueprint.get("/boards/<board_slug>/since/file")
@requires("belongs")
def export_since(board_slug: str) -> Response:
    """Download what has changed since the board last met, all of it; ``format`` is docx, pdf, xlsx or csv."""
    who, today = actor(), clock.today()
    board = board_for(who, board_slug)
    asked = request.args.get("format", "docx")
    if asked not in BOARD_FORMATS or asked not in formats_here():
        raise NotKnown(asked)
    meets = meetings_around(today).get(board.id, MeetingsAround())
    meets_on = meets.next.on_day if meets.next else None
    since_met = changed_since_met(who, board.id, today, met_on=meets.last_on, meets_on=meets_on, most=EVERY_CHANGE)
    named = frozenset[int]().union(*(changed.action_ids for changed in since_met.changes))
    unanswered = [q for q in questions_for_meeting(who, board.id, today) if q.state == ChallengeState.OPEN]
    table = since_table(since_met, people_of_actions(named) if named else {}, unanswered)
    cover = list_cover(since_title(board.name, since_met), today)
    try:
        data = printed_table(table, asked, cover, data=current_app.config["ILACS"].data)
    except CannotWrite as refusal:
        return _cannot_print(refusal)
    return _file(data, asked, _name(board.slug, "since-last-met", today=today))


@blueprint.get("/boards/<board_slug>/challenges/file")
@requires("belongs")
def export_questions(board_slug: str) -> Response:
    """Download the board's questions, narrowed to one state as on their page; ``format`` is xlsx or csv."""
    who, today = actor(), clock.today()
    board = board_for(who, board_slug)
    state = request.args.get("state", "")
    state = state if state in STATE_LABELS else ""
    asked = request.args.get("format", "xlsx")
    if asked not in LIST_FORMATS or asked not in formats_here():
        raise NotKnown(asked)
    questions = questions_of_board(who, board.id, state, size=None)
    chosen = (STATE_LABELS[state],) if state else ()
    cover = list_cover(f"Questions from the {board.name}", today, chosen=chosen)
    try:
        data = printed_table(question_table(questions.questions), asked, cover, data=current_app.config["ILACS"].data)
    except CannotWrite as refusal:
        return _cannot_print(refusal)
    return _file(data, asked, _name(board.slug, "questions", today=today))


@blueprint.get("/plans/<plan_slug>/check")
@requires("belongs")
def check(plan_slug: str) -> Response:
    who, today = actor(), clock.today()
    head = plan_for(who, plan_slug, to=Act.READ_CHECK)
    return page("reporting/check/check.html", plan=head, remarks=plan_check(who, plan_slug, today), today=today)


def _live_plans() -> list[PlanHead]:
    return [plan for plan in plans_of(actor()) if plan.state == "live"]


def _list(base: Filter, offered: Sequence[str], *, title: str, name: str, plan_id: int | None) -> Response:
    who, today = actor(), clock.today()
    asked = request.args.get("format", "xlsx")
    if asked not in offered or asked not in formats_here():
        raise NotKnown(asked)
    narrowed, _ = asked_filter(base, flat=base.board_id is None)
    if narrowed.due_problem:
        return _cannot_print(narrowed.due_problem)
    cover = list_cover(title, today, chosen=narrowed.filter_words, plan_id=plan_id)
    table = progress_table(progress_lines(who, narrowed.filter, today, sort=narrowed.sort))
    try:
        data = printed_table(table, asked, cover, data=current_app.config["ILACS"].data)
    except CannotWrite as refusal:
        return _cannot_print(refusal)
    return _file(data, asked, _name(name, "list", today=today))


def _file(data: bytes, file_format: str, name: str) -> Response:
    return as_download(Response(data, mimetype=MEDIA_TYPES[file_format]), f"{name}.{file_format}")


def _name(*parts: str, today: date) -> str:
    return "-".join(part for part in (*parts, today.isoformat()) if part)


def _cannot_print(refusal: CannotWrite | str) -> Response:
    title = "This file could not be made"
    return page("web/problem.html", status=422, title=title, says=str(refusal))

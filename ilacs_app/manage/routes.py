"""The page for managing a plan: who is silent, who has no account, what waits, and where everything else is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import HiddenField

from ilacs_app import clock
from ilacs_app.access import ANY_PLAN, Act, check_may, may, requires
from ilacs_app.editing.inspections.queries import InspectionLine, inspections
from ilacs_app.errors import NotKnown
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.fields import HouseForm, line
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.governance.meetings.queries import MeetingLine, next_meetings
from ilacs_app.intake.imports.queries import ImportLine, imports
from ilacs_app.manage.queries import (
    LETTERS_FOR,
    PlanRef,
    Silent,
    UnreachedName,
    matched_names,
    silent_actions,
    silent_names,
    unreached_names,
)
from ilacs_app.people.boards.queries import BoardName, boards
from ilacs_app.people.forms import account_meant
from ilacs_app.people.queries import Account, active_people
from ilacs_app.people.sign_in.commands import SESSIONS_KEPT_FOR
from ilacs_app.people.teams.queries import TeamLine, teams
from ilacs_app.plan.assignments import match_account, part_account
from ilacs_app.plan.visibility import PlanHead, managed_plans
from ilacs_app.plan.writing import open_plan
from ilacs_app.progress.dates.deciders.waiting import WaitingDate, managed_dates
from ilacs_app.progress.help.queries import CallToAnswer, calls_without_reply
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import LARGEST_ID, actor, after_saving, local_address, page

blueprint = Blueprint("manage", __name__, url_prefix="/manage")

FIRST_FEW = 5


@dataclass(frozen=True)
class BoardAndMeeting:
    """A board, its next meeting if one is planned, and whether the reader manages its meetings."""

    board: BoardName
    next: MeetingLine | None
    managed: bool


@dataclass(frozen=True)
class Overview:
    """What the page shows: of each list as many as ``FIRST_FEW``, and how many there are in all."""

    silent: Sequence[Silent]
    silent_actions: Mapping[PlanRef, int]
    names: Sequence[UnreachedName]
    dates: Sequence[WaitingDate]
    requests: Sequence[CallToAnswer]
    plans: Sequence[PlanHead]
    files: Sequence[ImportLine]
    teams: Sequence[TeamLine]
    accounts: int
    boards: Sequence[BoardAndMeeting]
    inspections: Sequence[InspectionLine]

    @property
    def empty_teams(self) -> list[TeamLine]:
        return [team for team in self.teams if not team.members]

    @property
    def without_meeting(self) -> list[BoardAndMeeting]:
        return [meets for meets in self.boards if meets.next is None]


class MatchForm(HouseForm):
    """Matches a name of a plan to an account."""

    ABOUT = ("plan", "name")
    plan = HiddenField(filters=[tidy])
    name = HiddenField(filters=[tidy])
    to = line("Account", description="Full name or email address")


def _check() -> None:
    check_may(actor(), Act.OPEN_MANAGE)


def _few() -> dict[str, Any]:
    """Return what every list of this room needs beside its lines."""
    return {
        "few": FIRST_FEW,
        "letter_days": LETTERS_FOR.days,
        "session_days": SESSIONS_KEPT_FOR.days,
        "reassigns": may(actor(), Act.REASSIGN, ANY_PLAN),
        "manages_teams": may(actor(), Act.MANAGE_TEAMS),
        "matches": {plan.id for plan in managed_plans(actor()) if may(actor(), Act.REASSIGN, plan.id)},
    }


@blueprint.get("")
@requires("belongs")
def overview() -> Response:
    _check()
    who, today = actor(), clock.today()
    known, next_of = active_people(), next_meetings(today)
    uploads = imports(who) if may(who, Act.IMPORT_PLAN, ANY_PLAN) else []
    all_boards = [
        BoardAndMeeting(board, next_of.get(board.id), may(who, Act.MANAGE_MEETINGS, board.id)) for board in boards()
    ]
    shown = Overview(
        silent=silent_names(who, today),
        silent_actions=silent_actions(who, today),
        names=unreached_names(who, today, known),
        dates=managed_dates(who, today),
        requests=calls_without_reply(who, today),
        plans=managed_plans(who),
        files=[upload for upload in uploads if upload.is_open],
        teams=teams(today),
        accounts=len(known),
        boards=sorted(all_boards, key=lambda meets: meets.next is not None),
        inspections=inspections(who),
    )
    return page(
        "manage/manage.html",
        shown=shown,
        today=today,
        imports=may(who, Act.IMPORT_PLAN, ANY_PLAN),
        makes=may(who, Act.MAKE_PLANS),
        reads_delegates=may(who, Act.READ_ALL_DELEGATES),
        manages_boards=may(who, Act.MANAGE_BOARDS),
        **_few(),
    )


@blueprint.get("/silent")
@requires("belongs")
def silent() -> Response:
    _check()
    who, today = actor(), clock.today()
    return page(
        "manage/silent.html", lines=silent_names(who, today), per_plan=silent_actions(who, today), today=today, **_few()
    )


@blueprint.get("/help")
@requires("belongs")
def requests_for_help() -> Response:
    _check()
    return page("manage/help.html", requests=calls_without_reply(actor(), clock.today()), today=clock.today())


@blueprint.get("/names")
@requires("belongs")
def names() -> Response:
    _check()
    who, known = actor(), active_people()
    return page(
        "manage/names.html",
        lines=unreached_names(who, clock.today(), known),
        matched=matched_names(who, known),
        **_few(),
    )


def _plan(slug: str) -> PlanHead:
    """Return the plan whose names are matched, to those who may.

    Raises:
        NotKnown: there is none that this person manages.
        NotAllowed: they may only read it.
    """
    _check()
    head = next((plan for plan in managed_plans(actor()) if plan.slug == slug), None)
    if head is None:
        raise NotKnown(slug)
    check_may(actor(), Act.REASSIGN, head.id)
    return head


def _line_of(plan_slug: str, name: str, known: Sequence[Account]) -> UnreachedName | None:
    lines = unreached_names(actor(), clock.today(), known)
    return next((line for line in lines if line.plan.slug == plan_slug and line.name == name), None)


def _may_match() -> PlanHead:
    return _plan(request.form.get("plan", ""))


def _where_it_opens() -> str:
    return url_for("manage.match", plan=request.form.get("plan", ""), name=request.form.get("name", ""))


@blueprint.get("/names/match")
@requires("belongs")
def match() -> Response:
    """The form that matches one name; ``?plan=`` and ``?name=`` say which."""
    _plan(request.args.get("plan", ""))
    form = MatchForm(formdata=None, plan=request.args.get("plan", ""), name=request.args.get("name", ""))
    return _match_page(form, draft=take_up(form, "manage.save_match"))


@blueprint.post("/names/match")
@requires("belongs", writes=True)
@drafted(MatchForm, _may_match, _where_it_opens)
def save_match() -> Response:
    head, form, by, known = _may_match(), MatchForm(), author(), active_people()
    is_valid, meant = form.validate(), account_meant(form, form.to, known, empty="Enter who this is")
    if not is_valid or meant.account is None:
        return _match_page(form, 422, candidates=meant.candidates)
    account, name = meant.account, form.name.data or ""
    message = (
        f"Saved: {name} in {head.short_name} is {account.name}, {account.email}. They get emails about these actions."
    )

    def write() -> None:
        open_plan(head.id)
        match_account(by, head.id, name, account.id)

    status = save_once(form, message, write, form.to)
    if status == SAVED:
        return after_saving(message, local_address(form.back.data) or url_for("manage.names"))
    return _match_page(form, status)


def _match_page(
    form: MatchForm, status: int = 200, draft: KeptDraft | None = None, candidates: Sequence[Account] = ()
) -> Response:
    known = active_people()
    return page(
        "manage/match.html",
        status=status,
        form=form,
        draft=draft,
        line=_line_of(form.plan.data or "", form.name.data or "", known),
        candidates=candidates,
        back=local_address(form.back.data),
        has_errors=status == 422,
    )


@blueprint.post("/names/unmatch")
@requires("belongs", writes=True)
def unmatch() -> Response:
    """Take back one match: ``plan``, ``name`` and ``person`` say which."""
    head, form, by = _may_match(), MatchForm(), author()
    person_id, name = whole_number(request.form.get("person"), LARGEST_ID) or 0, form.name.data or ""
    message = f"Saved: {name} in {head.short_name} is no longer matched."

    def write() -> None:
        open_plan(head.id)
        part_account(by, head.id, name, person_id)

    status = save_once(form, message, write, form.to)
    if status == SAVED:
        return after_saving(message, url_for("manage.names"))
    return after_saving(str(next(iter(form.to.errors), "Nothing was changed.")), url_for("manage.names"))

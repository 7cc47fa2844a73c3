"""Pages for teams, which the programme manager manages, and for delegates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, Actor, check_may, may, requires
from ilacs_app.dates import long_date
from ilacs_app.db import transaction
from ilacs_app.errors import NotKnown
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.forms.versioned import versioned_page
from ilacs_app.people.forms import AccountMeant, account_meant
from ilacs_app.people.queries import Account, active_people
from ilacs_app.people.teams.commands import change_team, end_stand_in, let_stand_in, make_team
from ilacs_app.people.teams.forms import StandInForm, TeamForm
from ilacs_app.people.teams.queries import StandInLine, TeamLine, stand_in_for, stand_ins, team_for, teams
from ilacs_app.plan.assignments import link_team
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("teams", __name__)


def _check() -> None:
    check_may(actor(), Act.MANAGE_TEAMS)


def _team(team_id: int) -> TeamLine:
    _check()
    return team_for(team_id, clock.today())


@blueprint.get("/settings/teams")
@requires("belongs")
def all_teams() -> Response:
    check_may(actor(), Act.READ_SHARED)
    return page("people/teams/teams.html", teams=teams(clock.today()), keeps=may(actor(), Act.MANAGE_TEAMS))


@blueprint.get("/settings/teams/new")
@requires("belongs")
def new_team() -> Response:
    _check()
    form = TeamForm.of(active_people())
    return _team_page(None, form, draft=take_up(form, "teams.add_team"))


@blueprint.post("/settings/teams/new")
@requires("belongs", writes=True)
@drafted(TeamForm, _check)
def add_team() -> Response:
    _check()
    return _save_team(None)


@blueprint.get("/settings/teams/<item:team_id>")
@requires("belongs")
def team(team_id: int) -> Response:
    line = _team(team_id)
    form = _form_of(line)
    return _team_page(line, form, draft=take_up(form, "teams.save_team"))


@blueprint.post("/settings/teams/<item:team_id>")
@requires("belongs", writes=True)
@drafted(TeamForm, _team)
def save_team(team_id: int) -> Response:
    return _save_team(_team(team_id))


def _form_of(line: TeamLine) -> TeamForm:
    members = [member.id for member in line.members]
    return TeamForm.of(active_people(), name=line.name, members=members, version=str(line.version))


def _team_page(line: TeamLine | None, form: TeamForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    theirs = partial(_form_of, line) if line else None
    return versioned_page("people/teams/team.html", form, status=status, theirs=theirs, team=line, draft=draft)


def _save_team(line: TeamLine | None) -> Response:
    people = active_people()
    form = TeamForm.of(people)
    if not (line is None or form.take(_form_of(line))) or not form.validate():
        return _team_page(line, form, 422)
    name, members = form.name.data or "", form.chosen(people)
    message = f"Saved: {name.strip()}."

    def write() -> None:
        if line is None:
            team_id = make_team(author(), name, members)
        else:
            team_id = line.id
            change_team(author(), team_id, form.seen_version or 0, name, members)
        link_team(author(), team_id)

    status = save_once(form, message, write, form.name)
    if status != SAVED:
        return _team_page(_team(line.id) if line else None, form, status)
    return after_saving(message, url_for("teams.all_teams"))


@blueprint.get("/stand-ins")
@requires("belongs")
def all_stand_ins() -> Response:
    check_may(actor(), Act.HAVE_DELEGATES)
    form = StandInForm.of(by_email=not may(actor(), Act.READ_ACCOUNTS))
    return _stand_in_page(form, draft=take_up(form, "teams.add_stand_in"))


def _may_name_stand_in() -> None:
    """Go on only for yourself, or where someone may add delegates for others."""
    who = actor()
    check_may(who, Act.HAVE_DELEGATES)
    asked = " ".join(request.form.get("for_person", "").split())
    if asked and asked.lower() not in {who.email, who.name.lower()}:
        check_may(who, Act.NAME_ANY_DELEGATE)


@blueprint.post("/stand-ins")
@requires("belongs", writes=True)
@drafted(StandInForm, _may_name_stand_in)
def add_stand_in() -> Response:
    """Add a delegate for yourself; a programme manager of all plans may add one for anyone."""
    _may_name_stand_in()
    who, people = actor(), active_people()
    form = StandInForm.of(by_email=not may(who, Act.READ_ACCOUNTS))
    is_valid, stands = form.validate(), form.stands(people)
    whose = _acts_for(form, people)
    from_on = read_day(form.from_on.data) if form.from_on.data else clock.today()
    until_on = read_day(form.until_on.data)
    if from_on is None:
        form.from_on.errors, is_valid = ["Enter a real date, like 31 March 2027."], False
    if form.until_on.data and until_on is None:
        form.until_on.errors, is_valid = ["Enter a real date, like 31 March 2027."], False
    delegate, acts_for = stands.account, whose.account
    if not is_valid or delegate is None or acts_for is None or from_on is None:
        candidates = {"person": stands.candidates, "for_person": whose.candidates}
        return _stand_in_page(form, 422, candidates=candidates)
    theirs = "your" if acts_for.id == who.id else f"{acts_for.name}’s"
    message = f"Saved: from {long_date(from_on)} {delegate.name} can update {theirs} actions. Both names are recorded."
    status = save_once(
        form,
        message,
        lambda: let_stand_in(author(), delegate.id, acts_for.id, from_on, until_on, form.reason.data or ""),
        form.person,
    )
    if status != SAVED:
        return _stand_in_page(form, status)
    return after_saving(message, url_for("teams.all_stand_ins"))


@blueprint.post("/stand-ins/<item:stand_in_id>/end")
@requires("belongs", writes=True)
def stop_stand_in(stand_in_id: int) -> Response:
    """Remove a delegate: either of the two may, or a programme manager of all plans."""
    who = actor()
    line = stand_in_for(stand_in_id, clock.today())
    if not line.concerns(who.id):
        if not may(who, Act.READ_ALL_DELEGATES):
            raise NotKnown(str(stand_in_id))
        check_may(who, Act.NAME_ANY_DELEGATE)
    with transaction():
        end_stand_in(author(), stand_in_id)
    return after_saving("Delegate removed. What they wrote keeps both names.", url_for("teams.all_stand_ins"))


def _acts_for(form: StandInForm, people: Sequence[Account]) -> AccountMeant:
    """Return who the delegate acts for: the reader, unless they may add one for anyone."""
    who = actor()
    if not may(who, Act.NAME_ANY_DELEGATE):
        return AccountMeant(Account(who.id, who.name, who.email))
    return account_meant(form, form.for_person, people, empty="Enter who they act for.")


def _known_stand_ins(who: Actor) -> list[StandInLine]:
    """Return every delegate for a programme manager, and for others those that concern them."""
    return stand_ins(clock.today(), None if may(who, Act.READ_ALL_DELEGATES) else who.id)


def _stand_in_page(
    form: StandInForm,
    status: int = 200,
    draft: KeptDraft | None = None,
    candidates: Mapping[str, Sequence[Account]] | None = None,
) -> Response:
    who = actor()
    return page(
        "people/teams/stand_ins.html",
        status=status,
        form=form,
        draft=draft,
        candidates=candidates or {},
        suggests=may(who, Act.READ_ACCOUNTS),
        lines=_known_stand_ins(who),
        manages=may(who, Act.NAME_ANY_DELEGATE),
        who_id=who.id,
        reads=may(who, Act.READ_ALL_DELEGATES),
        today=clock.today(),
        has_errors=status == 422,
    )

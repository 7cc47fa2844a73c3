"""Teams, kept by the programme manager; and who stands in for whom."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, Actor, check_may, may, requires
from ilacs_app.db import transaction
from ilacs_app.errors import NotKnown
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, STALE, author, save_once
from ilacs_app.people.queries import active_people
from ilacs_app.people.teams.commands import change_team, end_stand_in, let_stand_in, make_team
from ilacs_app.people.teams.forms import StandInForm, TeamForm
from ilacs_app.people.teams.queries import StandInLine, TeamLine, stand_ins, teams
from ilacs_app.plan.assignments import link_team
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("teams", __name__)


def _check() -> None:
    check_may(actor(), Act.MANAGE_TEAMS)


def _team(team_id: int) -> TeamLine:
    _check()
    found = next((one for one in teams(clock.today()) if one.id == team_id), None)
    if found is None:
        raise NotKnown(str(team_id))
    return found


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
    found = _team(team_id)
    members = [id_ for id_, _ in found.members]
    form = TeamForm.of(active_people(), name=found.name, members=members, version=str(found.version))
    return _team_page(found, form, draft=take_up(form, "teams.save_team"))


@blueprint.post("/settings/teams/<item:team_id>")
@requires("belongs", writes=True)
@drafted(TeamForm, _team)
def save_team(team_id: int) -> Response:
    return _save_team(_team(team_id))


def _team_page(found: TeamLine | None, form: TeamForm, status: int = 200, **context: object) -> Response:
    return page("people/teams/team.html", status=status, team=found, form=form, has_errors=status == 422, **context)


def _save_team(found: TeamLine | None) -> Response:
    people = active_people()
    form = TeamForm.of(people)
    if not form.validate():
        return _team_page(found, form, 422)
    name, members = form.name.data or "", form.chosen(people)
    said = f"Saved: the team {name.strip()}."

    def write() -> None:
        if found is None:
            team_id = make_team(author(), name, members)
        else:
            team_id = found.id
            change_team(author(), team_id, form.seen_version or 0, name, members)
        link_team(author(), team_id)

    status = save_once(form, said, write, form.name)
    if status == STALE:
        theirs = _team(found.id) if found else None
        form.version.data = str(theirs.version) if theirs else ""
        return _team_page(theirs, form, STALE, stale=True)
    if status != SAVED:
        return _team_page(found, form, status)
    return after_saving(said, url_for("teams.all_teams"))


@blueprint.get("/stand-ins")
@requires("belongs")
def all_stand_ins() -> Response:
    form = StandInForm.of(active_people(), by_email=actor().partner)
    return _stand_in_page(form, draft=take_up(form, "teams.add_stand_in"))


def _may_name_stand_in() -> None:
    """Raises what somebody is told who names a stand-in for another person and may not."""
    who = actor()
    asked = request.form.get("for_person", "")
    if asked not in {"", str(who.id)}:
        check_may(who, Act.NAME_ANY_DELEGATE)


@blueprint.post("/stand-ins")
@requires("belongs", writes=True)
@drafted(StandInForm, _may_name_stand_in)
def add_stand_in() -> Response:
    """By the person whose items they are; for anybody, by a programme manager of all plans."""
    _may_name_stand_in()
    who, people = actor(), active_people()
    form = StandInForm.of(people, by_email=who.partner)
    known = {str(id_): id_ for id_, _, _ in people}
    stood_for = known.get(form.for_person.data or "") if may(who, Act.NAME_ANY_DELEGATE) else who.id
    good = form.validate()
    stands = form.stands(people)
    if stands is None:
        says = "Write the email address of an account here." if who.partner else "Choose who stands in."
        form.person.errors, good = [says], False
    if stood_for is None:
        form.for_person.errors, good = ["Choose for whom."], False
    from_on = read_day(form.from_on.data) if form.from_on.data else clock.today()
    until_on = read_day(form.until_on.data)
    if from_on is None:
        form.from_on.errors, good = ["Write a day that exists, such as 31 March 2027."], False
    if form.until_on.data and until_on is None:
        form.until_on.errors, good = ["Write a day that exists, such as 31 March 2027."], False
    if not good or stands is None or stood_for is None or from_on is None:
        return _stand_in_page(form, 422)
    said = "Saved: from that day on they see and write as if the items were theirs, under both names."
    status = save_once(
        form,
        said,
        lambda: let_stand_in(author(), stands, stood_for, from_on, until_on, form.reason.data or ""),
        form.person,
    )
    if status != SAVED:
        return _stand_in_page(form, status)
    return after_saving(said, url_for("teams.all_stand_ins"))


@blueprint.post("/stand-ins/<item:stand_in_id>/end")
@requires("belongs", writes=True)
def stop_stand_in(stand_in_id: int) -> Response:
    """By whom it concerns, or by a programme manager of all plans."""
    who = actor()
    found = next((one for one in _known_stand_ins(who) if one.id == stand_in_id), None)
    if found is None:
        raise NotKnown(str(stand_in_id))
    if not found.concerns(who.id):
        check_may(who, Act.NAME_ANY_DELEGATE)
    with transaction():
        end_stand_in(author(), stand_in_id)
    return after_saving(
        "Saved: it ended yesterday. What was written stays, with both names.", url_for("teams.all_stand_ins")
    )


def _known_stand_ins(who: Actor) -> list[StandInLine]:
    """Every stand-in, for a programme manager; else those in which this person has a part."""
    return stand_ins(clock.today(), None if may(who, Act.READ_ALL_DELEGATES) else who.id)


def _stand_in_page(form: StandInForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    who = actor()
    return page(
        "people/teams/stand_ins.html",
        status=status,
        form=form,
        draft=draft,
        lines=_known_stand_ins(who),
        manages=may(who, Act.NAME_ANY_DELEGATE),
        who_id=who.id,
        reads=may(who, Act.READ_ALL_DELEGATES),
        today=clock.today(),
        has_errors=status == 422,
    )

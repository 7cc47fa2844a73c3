"""Who holds roles for single plans alone: an item in one of them opens no other plan, by no road."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from ilacs_app.db import db, transaction
from ilacs_app.digests.pages import letters_of
from ilacs_app.editing.actions.commands import put_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.commands import put_recommendation
from ilacs_app.editing.recommendations.rules import RecommendationContent
from ilacs_app.history import Author
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.model import Membership
from ilacs_app.people.teams.commands import let_stand_in, make_team
from ilacs_app.plan.assignments import link_team, name_people
from ilacs_app.plan.commands import make_plan
from ilacs_app.plan.model import Action, ActionPerson, Recommendation
from ilacs_app.worklist.calendars.commands import make_calendar_address
from ilacs_app.worklist.saved_filters.commands import save_filter
from tests.conftest import BY, PASSWORD, SAMPLES, TODAY, sign_in
from tests.factories import the_record, token

NAME = "Manager of One"
SINGLE = ("programme_manager", "viewer", "verifier", "inspector", "administrator")


@dataclass
class Confined:
    """Someone with a role for the plan Alpha alone, who owns its action 1.1; 1.2 is no one's."""

    client: FlaskClient
    id: int
    alpha: int
    recommendation: int
    owned: int
    other: int


def _confined(world, role: str, *names: str) -> Confined:
    with transaction():
        id_ = add_person(BY, "one@tests.example", NAME, PASSWORD)
        alpha = make_plan(BY, "alpha", "Alpha", TODAY, state="live")
        grant_role(BY, id_, role, plan_id=alpha)
        home = put_recommendation(BY, alpha, "1", RecommendationContent("Children are seen in time."))
        owned = put_action(BY, home, "1.1", ActionContent("See them.", names), "End April 2018")
        other = put_action(BY, home, "1.2", ActionContent("Hear them."), "End April 2018")
    return Confined(sign_in(world.app, "one@tests.example"), id_, alpha, home, owned, other)


@pytest.fixture
def confined(world) -> Confined:
    return _confined(world, "programme_manager", NAME)


def _post(who: Confined, address: str, **fields):
    return who.client.post(address, data={"csrf_token": token(who.client), **fields})


def _reads_the_twin(client: FlaskClient, world) -> set[bool]:
    addresses = ("/plans/twin", "/plans/twin/recommendations/5", f"/actions/{world.actions['5.3']}")
    return {client.get(address).status_code == 200 for address in addresses}


def _version(action_id: int) -> int:
    db.session.rollback()
    return db.session.scalars(select(Action.version).where(Action.id == action_id)).one()


def test_a_manager_of_one_plan_who_names_themself_in_it_reads_no_other(world):
    who = _confined(world, "programme_manager")
    fields = {"text": "See them.", "owners": NAME, "contributors": "", "version": _version(who.owned)}
    assert _post(who, f"/actions/{who.owned}/edit", **fields).status_code == 303
    db.session.rollback()
    assert who.id in set(db.session.scalars(select(ActionPerson.person_id)))
    assert _reads_the_twin(who.client, world) == {False}


@pytest.mark.parametrize("role", SINGLE)
def test_an_item_in_the_plan_of_their_role_opens_no_other(world, role):
    who = _confined(world, role, NAME)
    assert who.client.get("/plans/alpha").status_code == 200
    assert _reads_the_twin(who.client, world) == {False}


@pytest.mark.parametrize("part", ["owner", "contributor"])
def test_they_read_another_plan_in_which_they_were_given_an_item(world, confined, part):
    with transaction():
        name_people(BY, world.actions["5.3"], part, [NAME])
    assert _reads_the_twin(confined.client, world) == {True}


def test_they_read_another_plan_through_a_team_and_as_a_delegate(world, confined):
    with transaction():
        team = make_team(BY, "Police", [confined.id])
        link_team(BY, team)
        name_people(BY, world.actions["6.2"], "contributor", ["Police"])
    assert _reads_the_twin(confined.client, world) == {True}


def test_they_read_the_plan_of_whom_they_stand_in_for_while_they_do(world, confined):
    assert _reads_the_twin(confined.client, world) == {False}
    with transaction():
        let_stand_in(BY, confined.id, world.people["lead"], TODAY, None, "Leave")
    assert _reads_the_twin(confined.client, world) == {True}


def test_who_has_items_and_no_role_reads_all_live_plans(world, confined):
    with transaction():
        name_people(BY, confined.other, "owner", ["New Starter"])
    assert _reads_the_twin(world.client("nobody"), world) == {True}
    assert world.client("lead").get("/plans/alpha").status_code == 200


def test_a_role_for_all_plans_beside_one_for_a_single_plan_reads_all(world, confined):
    with transaction():
        grant_role(BY, confined.id, "viewer")
    assert _reads_the_twin(confined.client, world) == {True}


def test_no_list_file_search_or_letter_shows_them_another_plan(world, confined):
    """The twin's words are looked for wherever plans are listed together."""
    with transaction():
        key = make_calendar_address(Author(confined.id, NAME))
        save_filter(Author(confined.id, NAME), "Twin", "/plans/twin?brag=red")
    words = db.session.scalars(select(Action.text).where(Action.id == world.actions["5.3"])).one()[:40]
    told = {
        address: confined.client.get(address, follow_redirects=True).text
        for address in (
            "/",
            "/plans",
            "/governance",
            "/manage",
            "/filters",
            "/boards/mash-board",
            "/boards/mash-board/export/list?format=csv",
            "/plans/twin?brag=red",
            "/plans/alpha/twins",
            "/people/hand-over",
            f"/people/{world.people['lead']}/hand-over",
            f"/search?q={words.split()[-1]}",
            f"/calendar/{key}.ics",
        )
    }
    letters = [
        one for one in letters_of("https://plan.example", TODAY).letters if one.draft.to.person_id == confined.id
    ]
    told |= {"letter": "".join(one.text + one.html for one in letters)}
    assert words in world.client("lead").get("/boards/mash-board").text, "the words that are looked for"
    assert [address for address, text in told.items() if words in text or "/plans/twin/" in text] == []
    assert 'data-ref="1.1"' in told["/"], "their own item"


def _refused(who: Confined, address: str, **fields) -> None:
    before = the_record()
    assert _post(who, address, **fields).status_code in {403, 404, 409, 422}, address
    assert the_record() == before, address


def test_they_put_nothing_of_theirs_into_another_plan_and_take_nothing_out(world, confined):
    """Linking, moving, owners and boards of many, a leaver's items, undoing: each with an item of the twin in it."""
    theirs, mine = world.actions["5.3"], confined.owned
    far = db.session.scalars(
        select(Recommendation.id).where(Recommendation.plan_id == world.plan_id, Recommendation.number == "5")
    ).one()
    with transaction():
        for action_id in (mine, theirs):  # words alike, as twins have them
            db.session.get_one(Action, action_id).text = "The same words."
    _refused(
        confined, "/plans/alpha/twins/link", keep=mine, seen=f"{mine}:{_version(mine)} {theirs}:{_version(theirs)}"
    )
    stood = {"stood": confined.recommendation, "ref": "5.99", "place": 1, "version": _version(mine)}
    _refused(confined, f"/actions/{mine}/place", recommendation=far, **stood)
    seen = _version(theirs)
    for address in ("/plans/alpha/owners", "/plans/twin/owners", f"/people/{world.people['contributor']}/hand-over"):
        for part in ("owner", "contributor"):
            _refused(confined, address, to=NAME, item=f"{part}-{theirs}-{seen}", save="1", once="a" * 20)
    _refused(confined, f"/people/{world.people['lead']}/hand-over", to=NAME, item=f"lead-{far}-1", save="1")
    _refused(confined, "/plans/alpha/boards", board="1", how="add", item=f"board-{far}-1", save="1")
    _refused(confined, f"/actions/{theirs}/undo", event="1", version=str(seen))
    assert _reads_the_twin(confined.client, world) == {False}


def test_they_import_into_no_other_plan_and_no_new_one(world, confined):
    for into in ("twin", ""):
        with (SAMPLES / "plan.csv").open("rb") as file:
            _refused(confined, "/import", file=(file, "plan.csv"), into=into, title="Beta", dated_on="1 May 2018")
    assert _reads_the_twin(confined.client, world) == {False}


def test_a_role_that_ends_while_a_leavers_items_are_checked_reassigns_none_of_that_plan(world, confined, monkeypatch):
    """They keep both plans when they press the button, and only Alpha when the transaction begins."""
    from ilacs_app.editing.handover import routes

    with transaction():
        grant_role(BY, confined.id, "programme_manager", plan_id=world.plan_id)
    read, asked = routes.held_by, []

    def meanwhile(actor, person_id):
        items = read(actor, person_id)
        if not asked:
            with transaction():
                theirs = (Membership.person_id == confined.id, Membership.plan_id == world.plan_id)
                db.session.execute(update(Membership).where(*theirs).values(until_on=TODAY.replace(year=2017)))
            asked.append(the_record())
        return items

    monkeypatch.setattr(routes, "held_by", meanwhile)
    item = f"contributor-{world.actions['5.3']}-{_version(world.actions['5.3'])}"
    answer = _post(confined, f"/people/{world.people['contributor']}/hand-over", to=NAME, item=item, save="1")
    assert answer.status_code == 409
    assert the_record() == asked[0]

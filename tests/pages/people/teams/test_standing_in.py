"""Teams and those who stand in: what they see and write, under which names, and when it ends."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.digests.queries import unreached
from ilacs_app.people.commands import add_person
from ilacs_app.people.teams.commands import change_team, let_stand_in, make_team
from ilacs_app.people.teams.model import StandIn, Team, TeamMember
from ilacs_app.plan.assignments import link_team
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.queries import lead_names
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.status.model import StatusMove
from ilacs_app.progress.status.queries import claims_to_test
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, PASSWORD, TODAY, email_of, sign_in
from tests.factories import BOTH_WAYS, CLAIM, HTMX, NOTE, all_rows, changed, fact, fresh, send, token


def stand_in(world, who: str, whom: str, from_on: date = TODAY, until_on: date | None = None) -> int:
    with transaction():
        return let_stand_in(BY, world.people[who], world.people[whom], from_on, until_on, "Leave")


def team(world, name: str, *members: str) -> int:
    with transaction():
        team_id = make_team(BY, name, [world.people[m] for m in members])
        link_team(BY, team_id)
    return team_id


def every(table) -> list:
    """The rows of a table as they are now, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(table).order_by(table.id)))


def post(world, role: str, address: str, headers=None, **fields):
    client = world.client(role)
    return client.post(address, data={"csrf_token": token(client), **fields}, headers=headers or {})


def mine(world, role: str) -> set[str]:
    who = world.actor(role)
    return {row.ref for row in action_rows(who, Filter(delivered_by=who.acts_as), TODAY, size=None)}


def test_who_stands_in_sees_the_other_s_work_and_writes_with_both_names(world):
    assert 'data-ref="5.2"' not in world.client("viewer").get("/").text
    stand_in(world, "viewer", "lead")
    assert mine(world, "viewer") == mine(world, "lead")
    assert 'data-ref="5.2"' in world.client("viewer").get("/").text
    assert send(world.client("viewer"), world.actions["5.2"], **NOTE).status_code == 303
    note = every(ProgressNote)[0]
    assert (note.person_id, note.for_person_id) == (world.people["viewer"], world.people["lead"])
    page = world.client("lead").get(f"/actions/{world.actions['5.2']}").text
    assert page.count("Scrutiny Officer, for MASH Service Manager") == 2, "at the note and in the history"


def test_what_is_theirs_in_any_case_is_signed_with_one_name(world):
    stand_in(world, "contributor", "lead")
    assert send(world.client("contributor"), world.actions["5.3"], **NOTE).status_code == 303
    assert every(ProgressNote)[0].for_person_id is None
    assert send(world.client("contributor"), world.actions["5.2"], **NOTE).status_code == 303
    assert every(ProgressNote)[1].for_person_id


def test_a_claim_by_a_stand_in_carries_both_names(world):
    stand_in(world, "viewer", "lead")
    assert send(world.client("viewer"), world.actions["5.2"], **CLAIM).status_code == 303
    move = every(StatusMove)[0]
    assert (move.person_id, move.for_person_id) == (world.people["viewer"], world.people["lead"])


def test_a_verifier_who_stands_in_for_a_lead_cannot_test_what_the_lead_claims(world):
    assert send(world.client("lead"), world.actions["5.2"], **CLAIM).status_code == 303
    assert world.actions["5.2"] in fresh(claims_to_test)(world.actor("verifier"))
    stand_in(world, "verifier", "lead")
    assert world.actions["5.2"] not in fresh(claims_to_test)(world.actor("verifier"))
    answer = send(world.client("verifier"), world.actions["5.2"], "status", status="verified", reason="Held.")
    assert answer.status_code in {403, 422}
    assert fact(world.actions["5.2"], "status") == "completed"


def test_it_begins_and_ends_on_its_days(world, on):
    stand_in(world, "viewer", "lead", date(2018, 4, 10), date(2018, 4, 12))
    for day, sees in ((date(2018, 4, 9), False), (date(2018, 4, 10), True), (date(2018, 4, 12), True)):
        on(day)
        assert bool(world.actor("viewer").stands_for) == sees, day
    on(date(2018, 4, 13))
    assert world.actor("viewer").stands_for == ()
    assert send(world.client("viewer"), world.actions["5.2"], **NOTE).status_code == 403


def test_ended_means_that_nothing_more_can_be_written(world):
    id_ = stand_in(world, "viewer", "lead")
    assert send(world.client("viewer"), world.actions["5.2"], **NOTE).status_code == 303
    assert post(world, "lead", f"/stand-ins/{id_}/end").status_code == 303
    assert send(world.client("viewer"), world.actions["5.2"], **NOTE).status_code == 403
    assert post(world, "lead", f"/stand-ins/{id_}/end").status_code == 404, "it is over"


def test_only_whom_it_concerns_or_the_manager_ends_it(world):
    id_ = stand_in(world, "viewer", "lead")
    assert post(world, "other_lead", f"/stand-ins/{id_}/end").status_code == 404
    assert post(world, "programme_manager", f"/stand-ins/{id_}/end").status_code == 303


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_lead_chooses_a_delegate_for_themselves_alone(world, _way, headers):
    fields = {"person": email_of("viewer"), "reason": "Leave"}
    other = post(world, "lead", "/stand-ins", headers, **fields, for_person=email_of("other_lead"))
    assert other.status_code == 403 and "programme manager of all plans" in other.text
    assert every(StandIn) == []
    assert post(world, "lead", "/stand-ins", headers, **fields).status_code == 303
    assert [row.for_person_id for row in every(StandIn)] == [world.people["lead"]]


def test_the_manager_makes_anyone_a_delegate_of_anyone(world):
    fields = {"person": email_of("viewer"), "for_person": email_of("other_lead"), "from_on": "1 May 2018"}
    assert post(world, "programme_manager", "/stand-ins", **fields).status_code == 303
    row = every(StandIn)[0]
    assert (row.for_person_id, row.from_on) == (world.people["other_lead"], date(2018, 5, 1))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Enter who the delegate is."),
        ({"person": "lead"}, "Select someone else"),
        ({"person": "viewer", "from_on": "31 April 2018"}, "Enter a real date"),
        ({"person": "viewer", "until_on": "soon"}, "Enter a real date"),
        ({"person": "viewer", "from_on": "1 May 2018", "until_on": "30 April 2018"}, "the same as or after the first"),
        ({"person": "viewer", "from_on": "1 March 2018", "until_on": "2 March 2018"}, "today or in the future"),
    ],
)
def test_a_form_that_cannot_be_saved_says_what_to_do_and_keeps_its_text(world, fields, says):
    if "person" in fields:
        fields = {**fields, "person": email_of(fields["person"])}
    before = all_rows()
    answer = post(world, "lead", "/stand-ins", **fields, reason="Parental leave")
    assert answer.status_code == 422
    assert says in read(answer.text).one("main").text
    assert 'value="Parental leave"' in answer.text
    assert changed(before, all_rows()) <= {"session"}


def test_the_same_twice_is_refused(world):
    stand_in(world, "viewer", "lead")
    assert post(world, "lead", "/stand-ins", person=email_of("viewer")).status_code == 422


def test_each_member_of_a_team_leads_what_the_team_leads(world):
    before = set(unreached(TODAY))
    assert mine(world, "viewer") == set()
    led = next(
        row for row in action_rows(world.actor("programme_manager"), Filter(), TODAY, size=None) if row.id in before
    )
    name = next(iter(_leads(world, led.recommendation_id)))
    team(world, name, "viewer")
    assert led.ref in mine(world, "viewer")
    assert led.id not in unreached(TODAY)
    assert send(world.client("viewer"), led.id, **NOTE).status_code == 303


def _leads(world, recommendation_id: int) -> list[str]:
    return [n for n in lead_names([recommendation_id])[recommendation_id] if n not in {"MASH Service Manager"}]


def test_who_leaves_a_team_leaves_its_items(world, on):
    id_ = team(world, "MASH Service Manager", "viewer")
    assert "5.2" in mine(world, "viewer")
    with transaction():
        change_team(BY, id_, 1, "MASH Service Manager", [])
    assert mine(world, "viewer") == set()


def test_a_renamed_team_lets_go_of_what_named_it(world):
    id_ = team(world, "MASH Service Manager", "viewer")
    answer = post(
        world, "programme_manager", f"/settings/teams/{id_}", name="Other", members=[world.people["viewer"]], version=1
    )
    assert answer.status_code == 303
    assert mine(world, "viewer") == set()


def test_two_managers_at_one_team_lose_nothing(world):
    id_ = team(world, "Locality heads", "viewer")
    first = {"name": "Heads of locality", "members": [world.people["viewer"]], "version": 1}
    assert post(world, "programme_manager", f"/settings/teams/{id_}", **first).status_code == 303
    late = {"name": "Locality leads", "members": [world.people["inspector"]], "version": 1}
    answer = post(world, "programme_manager", f"/settings/teams/{id_}", **late)
    assert answer.status_code == 409
    page = read(answer.text).one("main").text
    assert "Heads of locality" in page and 'value="Locality leads"' in answer.text
    rows = [field.attrs["value"] for field in read(answer.text).all("input", name="differs")]
    assert sorted(rows) == ["members", "name"]
    again = {**late, "version": read(answer.text).one("input", name="version").attrs["value"], "differs": rows}
    undecided = post(world, "programme_manager", f"/settings/teams/{id_}", **again)
    assert undecided.status_code == 422 and every(Team)[0].name == "Heads of locality"
    decided = {**again, "keep-name": "theirs", "keep-members": "mine"}
    assert post(world, "programme_manager", f"/settings/teams/{id_}", **decided).status_code == 303
    assert every(Team)[0].name == "Heads of locality"
    members = [row.person_id for row in every(TeamMember) if row.until_on is None]
    assert members == [world.people["inspector"]]


@pytest.mark.parametrize("name", ["", "  ", "locality  HEADS"])
def test_a_team_needs_a_name_of_its_own(world, name):
    team(world, "Locality heads")
    answer = post(world, "programme_manager", "/settings/teams/new", name=name)
    assert answer.status_code == 422
    assert "name" in read(answer.text).one("main").text


def test_a_form_sent_twice_makes_one_team(world):
    for _ in range(2):
        assert post(world, "programme_manager", "/settings/teams/new", name="Heads", once="one").status_code == 303
    assert len(every(Team)) == 1


def test_a_stranger_sees_none_of_it(world):
    for address in ("/stand-ins", "/settings/teams"):
        assert world.client(None).get(address).status_code == 302
        assert world.client(None).get(address, headers=HTMX).status_code == 401
        assert world.client("lead").put(address).status_code == 405
    assert clock.today() == TODAY


def test_a_delegate_is_named_by_full_name_and_namesakes_are_asked_which(world):
    with transaction():
        ids = [add_person(BY, f"sam{number}@tests.example", "Sam Twin", PASSWORD) for number in (1, 2)]
    before = all_rows()
    misspelt = post(world, "lead", "/stand-ins", person="Sam Twinn", reason="Leave")
    radios = read(misspelt.text).all("input", name="which-person")
    assert misspelt.status_code == 422 and [radio.attrs["value"] for radio in radios] == [
        "sam1@tests.example",
        "sam2@tests.example",
    ]
    shared = post(world, "lead", "/stand-ins", person="Sam Twin", reason="Leave")
    assert shared.status_code == 422 and "2 accounts have this name" in shared.text and 'value="Leave"' in shared.text
    assert changed(before, all_rows()) <= {"session"}
    other_text = {"person": "Nobody Such", "asked-person": "Sam Twin", "which-person": "sam2@tests.example"}
    assert post(world, "lead", "/stand-ins", **other_text).status_code == 422, "a choice about another text"
    chosen = {"person": "Sam Twin", "asked-person": "Sam Twin", "which-person": "sam2@tests.example"}
    assert post(world, "lead", "/stand-ins", **chosen, reason="Leave").status_code == 303
    assert [row.person_id for row in every(StandIn)] == [ids[1]]
    client = sign_in(world.app, "sam2@tests.example")
    assert send(client, world.actions["5.2"], **NOTE).status_code == 303, "and they can update the lead's actions"


def test_a_viewer_is_offered_no_names_and_names_a_delegate_by_address(world):
    page = world.client("viewer").get("/stand-ins").text
    assert "data-names" not in page and "email address" in read(page).one("main").text
    assert post(world, "viewer", "/stand-ins", person=CHARACTERS["lead"]).status_code == 422
    assert post(world, "viewer", "/stand-ins", person=email_of("lead")).status_code == 303

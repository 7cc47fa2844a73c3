"""A name that is saved and reaches no one: who may be meant, one press to take that name, and its way back."""

from __future__ import annotations

from urllib.parse import quote
from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.queries import editable_action
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.history import of_action
from ilacs_app.people.commands import add_person
from ilacs_app.plan.assignments import name_people, set_leads_of
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import ActionPerson, Recommendation, RecommendationLead
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, PASSWORD, TODAY, email_of
from tests.factories import BOTH_WAYS, HTMX, the_record, token, version_of

LEAD = CHARACTERS["lead"]
TYPED = "MASH Servise Manager"
"""The lead's name with one letter wrong."""


def post(world, address: str, *, role: str = "programme_manager", headers=None, **fields):
    client = world.client(role)
    return client.post(
        address, data={"csrf_token": token(client), "once": uuid4().hex, **fields}, headers=headers or {}
    )


def edit(world, ref: str, **fields):
    db.session.rollback()
    facts = editable_action(world.actions[ref])
    now = {"text": facts.text.text, "owners": "\n".join(facts.text.owners), "version": facts.version}
    return post(world, f"/actions/{facts.id}/edit", **(now | fields))


def owners(action_id: int) -> list[tuple[str, int | None]]:
    db.session.rollback()
    of = (ActionPerson.action_id == action_id, ActionPerson.part == "owner")
    rows = db.session.execute(select(ActionPerson.name, ActionPerson.person_id).where(*of).order_by(ActionPerson.id))
    return [(row.name, row.person_id) for row in rows]


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_misspelt_owner_is_asked_about_and_corrected_with_one_press(world, _way, headers):
    id_ = world.actions["6.2"]
    saved = edit(world, "6.2", owners=TYPED)
    assert saved.status_code == 303
    asked_at = saved.headers["Location"]
    assert asked_at == f"/actions/{id_}/names?name={quote(TYPED, safe='').replace('%20', '+')}"
    page = read(world.client("programme_manager").get(asked_at).text)
    assert "No account, so no one will get emails" in page.one("main").text
    assert f"{CHARACTERS['administrator']} can add an account" in page.one("main").text
    form = next(form for form in page.all("form") if form.attrs.get("action") == asked_at)
    fields = {field.attrs["name"]: field.attrs["value"] for field in form.all("input")}
    assert fields["to"] == LEAD and fields["version"] == str(version_of(id_))
    taken = world.client("programme_manager").post(asked_at, data=fields, headers=headers)
    assert (taken.status_code, taken.headers["Location"]) == (303, f"/actions/{id_}")
    assert owners(id_) == [(LEAD, world.people["lead"])]
    again = world.client("programme_manager").post(asked_at, data=fields, headers=headers)
    assert again.status_code == 303 and len(of_action(id_)) >= 2, "the same form again changes nothing"
    event = of_action(id_)[0]
    assert (event.verb, event.after["owners"]) == ("action_changed", [LEAD])
    undone = post(world, f"/actions/{id_}/undo", event=event.id, version=version_of(id_))
    assert undone.status_code == 303 and owners(id_) == [(TYPED, None)]


def test_who_is_named_so_has_the_action_in_my_work_lists_and_search(world):
    id_ = world.actions["6.2"]
    name = CHARACTERS["contributor"]
    edit(world, "6.2", owners=f"{name[:-1]}x")
    post(world, f"/actions/{id_}/names", name=f"{name[:-1]}x", to=name, version=version_of(id_))
    assert owners(id_) == [(name, world.people["contributor"])]
    actor = world.actor("contributor")
    assert id_ in [row.id for row in action_rows(actor, Filter(owner=name), TODAY, size=None)]
    assert "6.2" in world.client("contributor").get("/plans/twin/actions?mine=1").text
    assert name in read(world.client("viewer").get(f"/search?q={quote(name)}").text).one("main").text


def test_several_names_between_signs_are_saved_as_several(world):
    edit(world, "6.2", owners=f"{LEAD}; {CHARACTERS['verifier']} / Another One")
    assert [name for name, _ in owners(world.actions["6.2"])] == [LEAD, CHARACTERS["verifier"], "Another One"]
    assert owners(world.actions["6.2"])[1][1] == world.people["verifier"]
    with transaction():
        name_people(BY, world.actions["6.3"], "owner", ["Health & Care"])
    edit(world, "6.3", text="Reworded")
    assert [name for name, _ in owners(world.actions["6.3"])] == ["Health & Care"], "a name that is there stays one"


def test_names_that_reach_someone_and_those_that_were_there_ask_nothing(world):
    with transaction():
        name_people(BY, world.actions["6.2"], "owner", ["Somebody Quiet"])
    id_ = world.actions["6.2"]
    assert edit(world, "6.2", text="Reworded").headers["Location"] == f"/actions/{id_}"
    assert edit(world, "6.2", owners=f"Somebody Quiet\n{LEAD}").headers["Location"] == f"/actions/{id_}"


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_stale_page_changes_nothing_and_shows_the_names_again(world, _way, headers):
    id_ = world.actions["6.2"]
    edit(world, "6.2", owners=TYPED)
    seen = version_of(id_)
    edit(world, "6.2", text="Reworded by someone else")
    before = the_record()
    answer = post(world, f"/actions/{id_}/names", name=TYPED, to=LEAD, version=seen, headers=headers)
    assert answer.status_code == 409 and the_record() == before
    assert "Someone else changed this" in answer.text
    assert f'name="version" value="{version_of(id_)}"' in answer.text, "the next press is at the version now"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": TYPED, "to": "Nobody Such"}, "does not reach anyone"),
        ({"name": "Not Named Here", "to": LEAD}, "is not named here any more"),
        ({"name": TYPED, "to": LEAD, "version": ""}, "Refresh the page"),
        ({}, "does not reach anyone"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(world, fields, says):
    id_ = world.actions["6.2"]
    edit(world, "6.2", owners=TYPED)
    before = the_record()
    answer = post(world, f"/actions/{id_}/names", **({"version": version_of(id_)} | fields))
    assert answer.status_code == 422 and the_record() == before
    assert says in read(answer.text).one("main").text


def _recommendation(world, number: str) -> int:
    at = (Recommendation.plan_id == world.plan_id, Recommendation.number == number)
    return db.session.scalars(select(Recommendation.id).where(*at)).one()


def test_a_lead_is_corrected_and_stays_accountable(world):
    id_ = _recommendation(world, "8")
    with transaction():
        set_leads_of({id_: (["First Lead", TYPED], TYPED)})
    facts = editable_recommendation(id_)
    address = "/plans/twin/recommendations/8/names"
    page = read(world.client("programme_manager").get(address).text).one("main").text
    assert TYPED in page and "First Lead" in page and LEAD in page
    assert post(world, address, name=TYPED, to=LEAD, version=facts.version).status_code == 303
    db.session.rollback()
    lead = RecommendationLead
    rows = db.session.execute(
        select(lead.name, lead.person_id, lead.accountable).where(lead.recommendation_id == id_).order_by(lead.position)
    ).all()
    assert [tuple(row) for row in rows] == [("First Lead", None, False), (LEAD, world.people["lead"], True)]


def test_two_accounts_of_one_name_are_asked_which_and_the_choice_can_be_taken_back(world):
    with transaction():
        ids = [add_person(BY, f"sam{number}@tests.example", "Sam Twin", PASSWORD) for number in (1, 2)]
    id_ = world.actions["6.2"]
    asked_at = edit(world, "6.2", owners="Sam Twin").headers["Location"]
    page = read(world.client("programme_manager").get(asked_at).text)
    form = next(form for form in page.all("form") if "sam2@tests.example" in form.text)
    fields = {field.attrs["name"]: field.attrs["value"] for field in form.all("input")}
    chosen = world.client("programme_manager").post(form.attrs["action"], data=fields)
    assert (chosen.status_code, chosen.headers["Location"]) == (303, f"/actions/{id_}")
    assert owners(id_) == [("Sam Twin", ids[1])]
    listed = read(world.client("programme_manager").get("/manage/names").text).one("main").text
    assert "sam2@tests.example" in listed
    back = post(world, "/manage/names/unmatch", plan="twin", name="Sam Twin", person=ids[1])
    assert back.status_code == 303 and owners(id_) == [("Sam Twin", None)]


def test_a_new_action_and_a_new_recommendation_ask_too(world):
    fields = {"text": "Do it", "ref": "6.99", "owners": TYPED, "timescale": "June 2018"}
    asked_at = post(world, "/plans/twin/recommendations/6/actions/new", **fields).headers["Location"]
    assert "/names?name=MASH" in asked_at and LEAD in world.client("programme_manager").get(asked_at).text
    made = post(world, "/plans/twin/recommendations/new", number="77", text="Do it well", leads=TYPED)
    assert made.headers["Location"].startswith("/plans/twin/recommendations/77/names?name=MASH")


def test_htmx_and_a_plain_browser_see_the_same_page(world):
    edit(world, "6.2", owners=TYPED)
    address = f"/actions/{world.actions['6.2']}/names"
    assert world.client("programme_manager").get(address, headers=HTMX).status_code == 200
    assert email_of("administrator") in world.client("programme_manager").get(address).text


def test_the_way_to_a_page_of_names_leads_over_the_plan_and_the_recommendation(world):
    client, plan = world.client("programme_manager"), f"/plans/{world.slug}"
    ways = {
        f"/actions/{world.actions['6.2']}/names": [plan, f"{plan}/recommendations/6"],
        f"{plan}/recommendations/6/names": [plan],
    }
    for address, way in ways.items():
        crumbs = read(client.get(address).text).one("nav", class_="govuk-breadcrumbs")
        hrefs = [link.attrs["href"] for link in crumbs.walk() if link.tag == "a"]
        assert hrefs[: len(way)] == way and len(hrefs) == len(way) + 1, address

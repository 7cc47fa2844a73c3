"""A leaver's items go to another name, and chosen actions get another owner: looked at first, then all or none."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from ilacs_app.db import db, transaction
from ilacs_app.editing.handover.queries import Held, held_by, owners_of
from ilacs_app.history import HistoryEvent
from ilacs_app.people.model import Membership
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.model import Action, Plan, Recommendation, RecommendationLead
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, DATED_ON
from tests.factories import HTMX, all_rows, changed, token

LEAD = CHARACTERS["lead"]


def value(one: Held) -> str:
    return f"{one.part}-{one.id}-{one.version}"


def held(world, role: str = "lead") -> list[Held]:
    db.session.rollback()
    return held_by(world.actor("programme_manager"), world.people[role])


def give(world, items: list[str], to: str, *, save: bool = False, leaver: str = "lead", once: str = "", headers=None):
    client = world.client("programme_manager")
    data = {"csrf_token": token(client), "once": once or uuid4().hex, "item": items, "to": to}
    if save:
        data["save"] = "yes"
    return client.post(f"/people/{world.people[leaver]}/hand-over", data=data, headers=headers or {})


def own(world, items: list[str], to: str, *, save: bool = False, **more: str):
    client = world.client("programme_manager")
    data = {"csrf_token": token(client), "once": uuid4().hex, "item": items, "to": to, **more}
    if save:
        data["save"] = "yes"
    return client.post("/plans/twin/owners", data=data)


def owners(*actions: int) -> dict[int, tuple[str, ...]]:
    db.session.rollback()
    return owners_of(actions)


def handed() -> list[HistoryEvent]:
    db.session.rollback()
    return list(db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "handed_over")))


def leads(world, number: str) -> list[tuple[str, bool, int | None]]:
    db.session.rollback()
    rows = db.session.execute(
        select(RecommendationLead.name, RecommendationLead.accountable, RecommendationLead.person_id)
        .join(Recommendation, Recommendation.id == RecommendationLead.recommendation_id)
        .where(Recommendation.number == number)
        .order_by(RecommendationLead.position)
    )
    return [tuple(row) for row in rows]


@pytest.fixture
def with_parts(world):
    """The lead of recommendation 5 owns 5.1 and contributes to 6.2 as well."""
    with transaction():
        name_people(BY, world.actions["5.1"], "owner", [LEAD])
        name_people(BY, world.actions["6.2"], "contributor", [LEAD])
    return world


def test_one_screen_shows_all_that_someone_holds_and_who_holds_something(with_parts):
    manager = with_parts.client("programme_manager")
    assert LEAD in read(manager.get("/people/hand-over").text).one("table").text
    page = read(manager.get(f"/people/{with_parts.people['lead']}/hand-over").text)
    boxes = [box.attrs["value"] for box in page.all("input", name="item")]
    assert boxes == [value(one) for one in held(with_parts)]
    assert {one.part for one in held(with_parts)} == {"lead", "owner", "contributor"}
    nothing = manager.get(f"/people/{with_parts.people['viewer']}/hand-over")
    assert "has no actions in the plans you manage" in nothing.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_preview_writes_nothing_and_says_who_the_name_reaches(with_parts, headers):
    items = [value(one) for one in held(with_parts)]
    token(with_parts.client("programme_manager"))
    before = all_rows()
    for to, says in (
        (CHARACTERS["other_lead"], "This person has an account"),
        ("Somebody New", "no one will get emails"),
    ):
        answer = give(with_parts, items, to, headers=headers)
        assert answer.status_code == 200
        assert says in answer.text
        page = read(answer.text)
        assert [box.attrs["value"] for box in page.all("input", name="item")] == items
        assert page.one("button", name="save").text.endswith(f"to {to}")
    assert changed(before, all_rows()) == set()


def test_saved_all_goes_to_the_new_name_with_its_account_versions_and_history(with_parts):
    items = held(with_parts)
    answer = give(with_parts, [value(one) for one in items], CHARACTERS["other_lead"], save=True)
    assert answer.status_code == 303
    assert held(with_parts) == []
    others = {one.key: one.version for one in held(with_parts, "other_lead")}
    assert {one.key for one in items} <= set(others)
    assert all(others[one.key] == one.version + 1 for one in items)
    name, accountable, person_id = leads(with_parts, "5")[0]
    assert (name, accountable, person_id) == (CHARACTERS["other_lead"], True, with_parts.people["other_lead"])
    events = handed()
    assert len(events) == len(items)
    assert all(event.who == "Programme Manager" and event.before and event.after for event in events)
    page = with_parts.client("programme_manager").get("/plans/twin")
    assert page.status_code == 200


def test_only_what_was_chosen_goes(with_parts):
    first, *rest = held(with_parts)
    assert give(with_parts, [value(first)], "Quality Lead", save=True).status_code == 303
    assert [one.key for one in held(with_parts)] == [one.key for one in rest]


def test_a_name_that_is_there_already_is_kept_once(world):
    with transaction():
        name_people(BY, world.actions["5.1"], "owner", [LEAD, "Training Officer"])
    (mine,) = [one for one in held(world) if one.part == "owner"]
    assert give(world, [value(mine)], "training  officer", save=True).status_code == 303
    assert [name.lower() for name in owners(mine.id)[mine.id]] == ["training officer"]


def test_what_someone_changed_meanwhile_stops_the_whole_and_keeps_what_was_chosen(with_parts):
    items = held(with_parts)
    with transaction():
        db.session.execute(update(Action).where(Action.id == with_parts.actions["5.1"]).values(version=99))
    token(with_parts.client("programme_manager"))
    before = all_rows()
    for save in (False, True):
        answer = give(with_parts, [value(one) for one in items], "Quality Lead", save=save)
        assert answer.status_code == 409
        page = read(answer.text)
        assert "Changed since: 5.1" in page.one("div", class_="conflict").text
        assert page.one("input", name="to").attrs["value"] == "Quality Lead"
        assert all("checked" in box.attrs for box in page.all("input", name="item"))
    assert changed(before, all_rows()) == set()


def test_what_went_elsewhere_meanwhile_is_not_taken_from_there(with_parts):
    items = [value(one) for one in held(with_parts)]
    give(with_parts, items, "Quality Lead", save=True)
    assert give(with_parts, items, "Another Lead", save=True).status_code == 409
    assert leads(with_parts, "5")[0][0] == "Quality Lead"


def test_the_same_form_sent_twice_hands_over_once(with_parts):
    items, once = [value(one) for one in held(with_parts)], uuid4().hex
    said = [give(with_parts, items, "Quality Lead", save=True, once=once).status_code for _ in range(2)]
    assert said == [303, 303]
    assert len(handed()) == len(items)


@pytest.mark.parametrize(
    ("items", "to", "says"),
    [(True, "", "Enter the name"), (False, "Quality Lead", "Select at least one"), (True, "x" * 301, "300 characters")],
)
def test_a_form_that_lacks_something_says_so_and_keeps_the_rest(with_parts, items, to, says):
    chosen = [value(one) for one in held(with_parts)][:1] if items else ["lead-x-1", "owner-0-1", "boss-1-1"]
    answer = give(with_parts, chosen, to, save=True)
    assert answer.status_code == 422
    page = read(answer.text)
    assert says in page.one("main").text
    assert page.one("input", name="to").attrs.get("value", "") == to
    assert len([box for box in page.all("input", name="item") if "checked" in box.attrs]) == int(items)


def test_chosen_actions_get_another_owner_and_nothing_else_changes(world):
    actions = [world.actions[ref] for ref in ("5.1", "5.2", "6.2")]
    facts = select(Action.status, Action.due_on, Action.last_word_on).where(Action.id.in_(actions)).order_by(Action.id)
    before = db.session.execute(facts).all()
    items = [f"owner-{id_}-1" for id_ in actions]
    shown = own(world, items, "Quality Lead")
    assert "3 items will go to" in read(shown.text).one("main").text
    assert own(world, items, "Quality Lead", save=True, back="/plans/twin/owners?brag=red").headers["Location"] == (
        "/plans/twin/owners?brag=red"
    )
    assert owners(*actions) == dict.fromkeys(actions, ("Quality Lead",))
    history = read(world.client("viewer").get(f"/actions/{actions[0]}").text).one("main").text
    assert "Owners: nobody → Quality Lead" in history
    db.session.rollback()
    assert db.session.execute(facts).all() == before
    assert own(world, items, "Another Lead", save=True).status_code == 409
    assert owners(*actions) == dict.fromkeys(actions, ("Quality Lead",))


def test_an_action_that_they_own_already_is_shown_to_stay_and_gets_no_line(world):
    one, two = world.actions["5.1"], world.actions["5.2"]
    assert own(world, [f"owner-{one}-1"], "Quality Lead", save=True).status_code == 303
    items = [f"owner-{one}-2", f"owner-{two}-1"]
    look = read(own(world, items, "Quality Lead").text).one("main")
    assert (
        "1 item will go to Quality Lead; 1 item of 2 stays as it is." in look.text
        and "Will not change" in look.one("table").text
    )
    assert "Reassign 1 item to Quality Lead" in look.text
    assert own(world, items, "Quality Lead", save=True).status_code == 303
    assert owners(one, two) == dict.fromkeys((one, two), ("Quality Lead",))
    lines = select(HistoryEvent.action_id).where(HistoryEvent.verb == "owner_changed").order_by(HistoryEvent.id)
    assert list(db.session.scalars(lines)) == [one, two]
    assert own(world, [f"owner-{one}-1", f"owner-{two}-2"], "Quality Lead", save=True).status_code == 409, (
        "seen too early"
    )
    none = own(world, [f"owner-{one}-2"], "Quality Lead")
    assert none.status_code == 422 and "They already own all of these." in none.text


def test_the_owners_page_is_narrowed_by_the_filter_of_the_plan(world):
    page = read(world.client("programme_manager").get("/plans/twin/owners?board=mash-board").text)
    listed = {box.attrs["value"].split("-")[1] for box in page.all("input", name="item")}
    assert listed == {str(id_) for ref, id_ in world.actions.items() if ref.startswith("5.")}
    assert not [box for box in page.all("input", name="item") if "checked" in box.attrs]
    assert not [a for a in page.one("main").all("a") if "keep=" in a.attrs["href"]], "only lists are kept under a name"


def test_a_manager_of_one_plan_reaches_no_other(with_parts):
    with transaction():
        other = Plan(slug="o", short_name="O", title="O", state="live", dated_on=DATED_ON, columns=[])
        db.session.add(other)
        db.session.flush()
        plan_id = other.id
        db.session.execute(
            update(Membership)
            .where(Membership.person_id == with_parts.people["programme_manager"])
            .values(plan_id=plan_id)
        )
    assert held(with_parts) == []
    client = with_parts.client("programme_manager")
    assert client.get("/plans/twin/owners").status_code in (403, 404)
    assert f"/people/{with_parts.people['lead']}/" not in client.get("/people/hand-over").text

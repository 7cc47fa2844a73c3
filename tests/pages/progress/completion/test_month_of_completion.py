"""A month of completion that is missing, in the future or later than its plan is asked for and can be corrected."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from ilacs_app.plan.rules import Timeliness
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import fact, set_fact, the_record, token, version_of

DONE = {"status": "completed", "due_on": date(2018, 3, 31), "completion_imported": True}


def confirm(world, role: str = "lead", month: str = "March 2018", **fields):
    action, client = world.actions["5.3"], world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, "version": version_of(action), "month": month, **fields}
    return client.post(f"/actions/{action}/completion-month", data=data)


def page_of(world, role: str) -> str:
    return " ".join(read(world.client(role).get(f"/actions/{world.actions['5.3']}").text).text.split())


@pytest.mark.parametrize(
    ("month", "says"),
    [
        (None, "No month of completion is recorded."),
        (date(2018, 6, 30), "June 2018 is in the future."),
        (date(2018, 3, 31), "March 2018 is later than the plan it came from, dated 22 February 2018."),
    ],
)
@pytest.mark.parametrize("role", ["lead", "contributor", "programme_manager"])
def test_an_unclear_month_is_explained_and_can_be_confirmed(world, role, month, says):
    set_fact(world.actions["5.3"], completed_on=month, **DONE)
    assert says in page_of(world, role)
    assert confirm(world, role).status_code == 303
    action = world.actions["5.3"]
    assert (fact(action, "completed_on"), fact(action, "completion_imported")) == (date(2018, 3, 31), False)
    shown = read(world.client("viewer").get(f"/actions/{action}").text)
    assert shown.one(id=f"action-{action}").attrs["data-timeliness"] == Timeliness.DONE_ON_TIME
    assert "Month of completion confirmed: March 2018" in " ".join(shown.text.split())
    assert "Confirm when this was completed" not in page_of(world, role)
    late = confirm(world, role, month="January 2018")
    assert late.status_code == 422, "a month that is certain is not changed here"
    said = " ".join(read(late.text).text.split())
    assert "“January 2018” was not saved. The month of completion is now March 2018." in said


def test_everyone_else_sees_who_can_confirm_it(world):
    set_fact(world.actions["5.3"], completed_on=None, **DONE)
    before = the_record()
    for role in ("viewer", "chair", "other_lead", "inspector"):
        assert "or the programme manager, can confirm the month." in page_of(world, role)
        assert confirm(world, role).status_code == 403
    assert the_record() == before


@pytest.mark.parametrize(
    ("month", "says"),
    [
        ("soon", "Enter a month and a year, like April 2026."),
        ("", "Enter a month and a year, like April 2026."),
        ("May 2018", "Select a month that has begun."),
    ],
)
def test_a_wrong_month_says_what_to_enter_and_is_kept(world, month, says):
    set_fact(world.actions["5.3"], completed_on=None, **DONE)
    answer = confirm(world, month=month)
    assert answer.status_code == 422 and says in answer.text
    assert read(answer.text).one("input", id="m-month").attrs["value"] == month
    assert fact(world.actions["5.3"], "completed_on") is None


def test_a_change_made_meanwhile_is_not_overwritten(world):
    set_fact(world.actions["5.3"], completed_on=None, **DONE)
    answer = confirm(world, version=version_of(world.actions["5.3"]) + 7)
    assert answer.status_code == 409 and "Someone else changed this action" in answer.text
    assert fact(world.actions["5.3"], "completed_on") is None


def test_the_same_form_sent_twice_confirms_once(world):
    set_fact(world.actions["5.3"], completed_on=None, **DONE)
    once, version = uuid4().hex, version_of(world.actions["5.3"])
    assert [confirm(world, once=once, version=version).status_code for _ in range(2)] == [303, 303]


def test_an_open_action_and_a_certain_month_ask_nothing(world):
    assert "Confirm when this was completed" not in page_of(world, "lead")
    answer = confirm(world)
    assert answer.status_code == 422 and "This action is not complete." in answer.text
    set_fact(world.actions["5.3"], **{**DONE, "completion_imported": False}, completed_on=TODAY)
    assert "Confirm when this was completed" not in page_of(world, "lead")

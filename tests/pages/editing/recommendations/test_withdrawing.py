"""An action that is withdrawn may say which other one takes its place; both say so."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ilacs_app.db import db
from ilacs_app.plan.model import Action
from tests.auditor import read
from tests.factories import token


def withdraw(world, ref="5.2", role="programme_manager", to="withdrawn", **fields):
    client = world.client(role)
    db.session.rollback()
    version = db.session.get_one(Action, world.actions[ref]).version
    data = {
        "csrf_token": token(client),
        "once": uuid4().hex,
        "status": to,
        "version": version,
        "reason": "Done elsewhere",
    }
    return client.post(f"/actions/{world.actions[ref]}/status", data=data | fields)


def successor(world, ref="5.2") -> int | None:
    db.session.rollback()
    return db.session.get_one(Action, world.actions[ref]).successor_id


def shown(world, ref: str, role="viewer") -> str:
    return " ".join(world.client(role).get(f"/actions/{world.actions[ref]}").text.split())


def test_the_one_that_takes_its_place_is_kept_and_both_say_so(world):
    assert withdraw(world, successor="5.3").status_code == 303
    assert successor(world) == world.actions["5.3"]
    assert f'<strong>Replaced by</strong> <a href="/actions/{world.actions["5.3"]}">5.3</a>' in shown(world, "5.2")
    assert f'<strong>Replaces</strong> <a href="/actions/{world.actions["5.2"]}">5.2</a>' in shown(world, "5.3")


def test_the_history_of_a_withdrawal_names_what_took_its_place(world):
    withdraw(world, successor="5.3")
    (line,) = [
        one.text for one in read(shown(world, "5.2")).one("ol", class_="history").all("li") if "Withdrawn" in one.text
    ]
    assert "Replaced by 5.3" in line
    back = world.client("programme_manager")
    withdraw(world, ref="5.4")
    assert "Replaced by" not in read(back.get(f"/actions/{world.actions['5.4']}").text).one("ol", class_="history").text


def test_it_may_be_left_empty(world):
    assert withdraw(world).status_code == 303
    assert successor(world) is None
    assert "Replaced by</strong>" not in shown(world, "5.2")


@pytest.mark.parametrize("ref", ["5.2", "99.9", "nonsense", "6.2"])
def test_what_is_no_other_action_that_exists_is_refused_and_the_text_is_kept(world, ref):
    assert withdraw(world, "6.2").status_code == 303
    answer = withdraw(world, successor=ref)
    assert answer.status_code == 422
    assert "Enter the reference of another action in this plan" in answer.text
    assert f'value="{ref}"' in answer.text and "Done elsewhere" in answer.text
    assert successor(world) is None
    assert db.session.get_one(Action, world.actions["5.2"]).status != "withdrawn"


def test_an_action_that_is_taken_up_again_has_none(world):
    withdraw(world, successor="5.3")
    assert "Replaced by" in shown(world, "5.2", "programme_manager")
    db.session.rollback()
    before = db.session.get_one(Action, world.actions["5.2"]).status_before
    assert withdraw(world, to=before).status_code == 303
    assert successor(world) is None


def test_of_another_move_it_is_not_read(world):
    assert withdraw(world, to="paused", review_on="31 March 2019", successor="5.3").status_code in {303, 422}
    assert successor(world) is None

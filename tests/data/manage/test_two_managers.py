"""Two programme managers match one name at one moment: one of them does, the other is told, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.queries import editable_action
from ilacs_app.history import HistoryEvent
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.model import ActionPerson
from tests.conftest import BY, CHARACTERS, World, email_of
from tests.factories import token
from tests.rebuilt import differences, from_history, from_tables

NAME = "MASH Servise Manager"
ROUNDS = 4


def at_once(*acts: Callable[[], int]) -> list[int]:
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], int]) -> int:
        barrier.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(60) for done in [threads.submit(run, act) for act in acts]]


def sent(world: World, role: str, address: str, **fields: Any) -> Callable[[], int]:
    client = world.client(role)
    data = {"csrf_token": Context().run(token, client), "once": uuid4().hex, **fields}
    return lambda: client.post(address, data=data).status_code


def owner(world: World) -> int | None:
    db.session.rollback()
    of = (ActionPerson.action_id == world.actions["6.2"], ActionPerson.name == NAME)
    return db.session.scalars(select(ActionPerson.person_id).where(*of)).one()


def events(verb: str) -> int:
    db.session.rollback()
    return len(list(db.session.scalars(select(HistoryEvent.id).where(HistoryEvent.verb == verb))))


def test_of_two_matches_of_one_name_at_once_one_counts_and_the_other_is_told(world):
    with transaction():
        grant_role(BY, world.people["viewer"], "programme_manager")
        name_people(BY, world.actions["6.2"], "owner", [NAME])
    for number in range(1, ROUNDS + 1):
        fields = {"plan": "twin", "name": NAME}
        first = sent(world, "programme_manager", "/manage/names/match", **fields, to=email_of("lead"))
        second = sent(world, "viewer", "/manage/names/match", **fields, to=email_of("other_lead"))
        assert sorted(at_once(first, second)) == [303, 422]
        assert owner(world) in {world.people["lead"], world.people["other_lead"]}
        assert events("name_matched") == number
        back = {"plan": "twin", "name": NAME, "person": owner(world)}
        assert set(
            at_once(
                sent(world, "programme_manager", "/manage/names/unmatch", **back),
                sent(world, "viewer", "/manage/names/unmatch", **back),
            )
        ) == {303}
        assert owner(world) is None and events("name_unmatched") == number
    assert not differences(from_history(), from_tables())


def test_of_two_presses_that_take_another_name_at_once_one_counts(world):
    with transaction():
        grant_role(BY, world.people["viewer"], "programme_manager")
    action_id = world.actions["6.2"]
    for _ in range(ROUNDS):
        db.session.rollback()
        facts = editable_action(action_id)
        edit = {"text": facts.text.text, "owners": NAME, "version": facts.version}
        assert sent(world, "programme_manager", f"/actions/{action_id}/edit", **edit)() == 303
        db.session.rollback()
        take = {"name": NAME, "version": editable_action(action_id).version}
        statuses = at_once(
            sent(world, "programme_manager", f"/actions/{action_id}/names", **take, to=CHARACTERS["lead"]),
            sent(world, "viewer", f"/actions/{action_id}/names", **take, to=CHARACTERS["other_lead"]),
        )
        assert statuses[0] != statuses[1] and 303 in statuses and set(statuses) <= {303, 409, 422}
        db.session.rollback()
        assert editable_action(action_id).text.owners in {(CHARACTERS["lead"],), (CHARACTERS["other_lead"],)}
    assert not differences(from_history(), from_tables())


def test_of_two_undos_of_a_taken_name_at_once_one_counts_and_an_edit_beside_one_is_never_lost(world):
    with transaction():
        grant_role(BY, world.people["viewer"], "programme_manager")
    action_id = world.actions["6.2"]
    roles = ("programme_manager", "viewer")

    def taken() -> dict[str, int]:
        """Name someone whom no account has, take another name; answers the fields that undo it."""
        db.session.rollback()
        facts = editable_action(action_id)
        edit = {"text": facts.text.text, "owners": NAME, "version": facts.version}
        assert sent(world, roles[0], f"/actions/{action_id}/edit", **edit)() == 303
        db.session.rollback()
        take = {"name": NAME, "version": editable_action(action_id).version, "to": CHARACTERS["lead"]}
        assert sent(world, roles[0], f"/actions/{action_id}/names", **take)() == 303
        db.session.rollback()
        event = db.session.scalars(select(HistoryEvent.id).order_by(HistoryEvent.id.desc())).first()
        return {"event": event or 0, "version": editable_action(action_id).version}

    def owners() -> tuple[str, ...]:
        db.session.rollback()
        return editable_action(action_id).text.owners

    for _ in range(ROUNDS):
        fields = taken()
        statuses = at_once(*(sent(world, role, f"/actions/{action_id}/undo", **fields) for role in roles))
        assert 303 in statuses and statuses[0] != statuses[1] and set(statuses) <= {303, 409, 422}
        assert owners() == (NAME,)
    for number in range(ROUNDS):
        fields = taken()
        edit = {"text": f"Reworded {number}.", "owners": CHARACTERS["lead"], "version": fields["version"]}
        undone, edited = at_once(
            sent(world, roles[0], f"/actions/{action_id}/undo", **fields),
            sent(world, roles[1], f"/actions/{action_id}/edit", **edit),
        )
        assert {undone, edited} in ({303, 409}, {303, 422})
        db.session.rollback()
        facts = editable_action(action_id)
        assert (facts.text.owners, facts.text.text == f"Reworded {number}.") == (
            ((NAME,), False) if undone == 303 else ((CHARACTERS["lead"],), True)
        )
    assert not differences(from_history(), from_tables())

"""What history lists of real changes is written for people: every command's, and the demonstration's."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.changes.queries import HistoryFilter, HistoryLine, every_line
from ilacs_app.db import db, transaction
from ilacs_app.demo.cast import PEOPLE
from ilacs_app.demo.commands import load_demo
from ilacs_app.history import HistoryEvent
from ilacs_app.people.model import Person
from ilacs_app.plan.visibility import actor_of
from tests.conftest import TODAY
from tests.data.history.commands import Everybody
from tests.pure.changes.test_change_labels import RAW

SEED = 20261128


def faults(lines: list[HistoryLine]) -> list[str]:
    """Return what lines say that is not written for people."""
    said = [(line, f"{line.label}: {line.about}") for line in lines]
    said += [(line, f"{told.label}: {told.before} → {told.after}") for line in lines for told in line.differences]
    return [f"{line.id} {line.label}: {text}" for line, text in said if RAW.search(_without_addresses(text))]


def _without_addresses(text: str) -> str:
    return re.sub(r"https?://\S+|/\S+\?\S+|\S+@\S+", "", text)


def _all_lines(actor: Actor) -> list[HistoryLine]:
    db.session.rollback()
    return every_line(actor, HistoryFilter())


def test_no_line_of_random_commands_holds_a_code_an_id_or_a_stored_date(world):
    clock.move_today(TODAY)
    everybody = Everybody(world, SEED)
    for _ in range(100):
        everybody.command()
    lines = _all_lines(world.actor("programme_manager"))
    assert faults(lines) == []
    assert len({line.label for line in lines}) > 20


def test_no_line_of_the_demonstration_holds_a_code_an_id_or_a_stored_date(app):
    with transaction():
        passwords = dict.fromkeys(PEOPLE, "a password")
        signs = load_demo(passwords, "a password", app.extensions["evidence"], clock.today())
    email = next(sign.email for sign in signs if sign.role == "programme_manager")
    person = db.session.scalars(select(Person).where(Person.email == email)).one()
    actor = actor_of(person.id, person.name, email, False, clock.today())
    lines = _all_lines(actor)
    assert faults(lines) == []
    assert len({line.label for line in lines}) > 20


@pytest.mark.parametrize(("key", "value"), [("did", "2018-04-30"), ("did", "in_progress"), ("did", "{'a': 1}")])
def test_a_code_in_a_line_is_found(world, key, value):
    with transaction():
        db.session.add(
            HistoryEvent(at=clock.now(), who="A test", verb="note_logged", plan_id=world.plan_id, after={key: value})
        )
    assert len(faults(_all_lines(world.actor("programme_manager")))) == 1

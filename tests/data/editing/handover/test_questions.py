"""Reassigning many actions makes as many queries about names for two thousand as for two."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from ilacs_app.db import db, transaction
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.handover.commands import change_owners, hand_over
from ilacs_app.plan.assignments import set_assigned_of
from tests.factories import version_of

REFS = ("5.3", "5.4", "5.5", "5.6", "6.4", "6.6", "8.2", "9.2", "9.3", "10.2", "10.3", "12.1")


def questions(change) -> list[str]:
    """The queries that a change makes in its transaction, without its writes."""
    sent: list[str] = []

    def on_execute(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", on_execute)
    try:
        with transaction():
            change()
    finally:
        event.remove(db.engine, "before_cursor_execute", on_execute)
    return [statement for statement in sent if statement.startswith("SELECT")]


@pytest.mark.parametrize("way", ["owners", "leaver"])
def test_questions_do_not_grow_with_the_items(world, way):
    lead = world.people["lead"]
    name = world.actor("lead").name
    counted = {}
    for many, to in ((2, "Verifier"), (len(REFS), "Board Secretary")):
        actions = [world.actions[ref] for ref in REFS[:many]]
        with transaction():
            set_assigned_of("owner", {action: [name] for action in actions})
        chosen = [Chosen("owner", action, version_of(action)) for action in actions]
        by = world.author("programme_manager")
        db.session.rollback()
        counted[many] = questions(
            lambda chosen=chosen, to=to, by=by: (
                change_owners(by, chosen, to) if way == "owners" else hand_over(by, lead, chosen, to)
            )
        )
    assert len(counted[len(REFS)]) == len(counted[2])
    for sent in counted.values():
        assert sum("FROM person" in statement for statement in sent) <= 2, "the names are matched once for all"

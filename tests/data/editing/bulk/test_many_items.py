"""Boards given to many recommendations, and a change of many items undone, make the same queries for 2 items and 10."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from ilacs_app.db import db, transaction
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.governing_boards.commands import change_boards
from ilacs_app.editing.governing_boards.rules import BoardChange, BoardsChange
from ilacs_app.editing.handover.commands import change_owners, hand_over
from ilacs_app.editing.recommendations.queries import recommendations_say
from ilacs_app.editing.undo.commands import undo_together
from ilacs_app.editing.undo.queries import changed_lately, one_by_one
from ilacs_app.people.boards.commands import make_board
from ilacs_app.plan.assignments import set_assigned_of
from ilacs_app.plan.model import Recommendation
from ilacs_app.plan.queries import assigned
from tests.factories import version_of

REFS = ("5.3", "5.4", "5.5", "5.6", "6.4", "6.6", "8.2", "9.2", "9.3", "10.2")


def questions(change) -> int:
    """Count the queries that a change makes in its transaction, without its writes."""
    sent: list[str] = []

    def on_execute(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", on_execute)
    try:
        with transaction():
            change()
    finally:
        event.remove(db.engine, "before_cursor_execute", on_execute)
    db.session.rollback()
    return sum(statement.startswith("SELECT") for statement in sent)


def recommendations(world, many: int) -> list[Chosen]:
    rows = db.session.query(Recommendation.id, Recommendation.version).filter_by(plan_id=world.plan_id)
    return [Chosen("board", row.id, row.version) for row in rows.order_by(Recommendation.id).limit(many)]


def give_a_board(world, many: int, name: str) -> int:
    by = world.author("programme_manager")
    with transaction():
        board_id = make_board(by, name, [])
    chosen = recommendations(world, many)
    return questions(lambda: change_boards(by, chosen, BoardChange(BoardsChange.ADD, board_id), f"{name} added"))


def undo_newest(world) -> int:
    (made,) = changed_lately([world.plan_id], newest=1)
    seen = [item.seen for item in one_by_one(made.line)]
    return questions(
        lambda: undo_together(world.author("programme_manager"), world.plan_id, made.line.id, seen),
    )


def test_giving_a_board_to_ten_recommendations_asks_as_much_as_to_two(world):
    assert give_a_board(world, 10, "Tenth Board") == give_a_board(world, 2, "Second Board")


def test_undoing_boards_of_ten_recommendations_asks_as_much_as_of_two_and_puts_all_back(world):
    ids = [item.id for item in recommendations(world, 10)]
    before = recommendations_say(ids)
    asked = []
    for many in (2, 10):
        give_a_board(world, many, f"Board of {many}")
        assert recommendations_say(ids) != before
        asked.append(undo_newest(world))
        assert recommendations_say(ids) == before
    assert asked[0] == asked[1]


@pytest.mark.parametrize("way", ["owners", "leaver"])
def test_undoing_a_change_of_ten_actions_asks_as_much_as_of_two_and_puts_all_back(world, way):
    by, leaver = world.author("programme_manager"), world.people["lead"]
    asked = []
    for many in (2, 10):
        ids = [world.actions[ref] for ref in REFS[:many]]
        with transaction():
            set_assigned_of("owner", {id_: [world.actor("lead").name] for id_ in ids})
        before = assigned(ids)
        chosen = [Chosen("owner", id_, version_of(id_)) for id_ in ids]
        with transaction():
            if way == "owners":
                change_owners(by, chosen, f"Officer {many}")
            else:
                hand_over(by, leaver, chosen, f"Officer {many}")
        assert assigned(ids) != before
        asked.append(undo_newest(world))
        assert assigned(ids) == before
    assert asked[0] == asked[1]

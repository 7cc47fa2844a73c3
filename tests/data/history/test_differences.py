"""The difference of two views of the past is what happened between them, by what history holds and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ilacs_app import clock
from ilacs_app.access import OPERATOR
from ilacs_app.as_at.queries import Item, items_then, looking_back
from ilacs_app.as_at.rules import changes_between
from ilacs_app.db import db
from ilacs_app.history.replay import Tables
from tests.conftest import TODAY, World
from tests.data.history.commands import Everybody
from tests.rebuilt import HistoryReader

SEED = 20261127
COLUMNS = {
    "recommendation": {"number": "number", "text": "wording", "impact": "impact wanted", "withdrawn_on": "withdrawn"},
    "action": {
        "text": "wording",
        "timescale_text": "timescale",
        "due_on": "due date",
        "first_review_on": "review date",
        "status": "delivery status",
        "brag_override": "rating override",
    },
}


def happened(before: Tables, after: Tables) -> set[tuple[str, int, str]]:
    """Return what differs: kind of item, its id, and what; nothing where it was added."""
    out = set()
    for entity, columns in COLUMNS.items():
        for key, row in after[entity].items():
            was = before[entity].get(key)
            if was is None:
                out.add((entity, int(key), ""))
                continue
            out |= {(entity, int(key), what) for name, what in columns.items() if was[name] != row[name]}
    for table, part in (("progress_note", "number of notes"), ("evidence", "pieces of evidence")):
        new = {row["action_id"] for key, row in after[table].items() if key not in before[table]}
        out |= {("action", id_, part) for id_ in new if str(id_) in before["action"]}
    return out


def run(world: World, histories: int, record_property: Any) -> None:
    """Do a few things, look at two days at random, and compare what the views differ in with what happened."""
    clock.move_today(TODAY)
    everybody, reader = Everybody(world, SEED), HistoryReader()
    item, days, compared = Item("plan", world.plan_id), [], 0
    told = {*COLUMNS["recommendation"].values(), *COLUMNS["action"].values(), ""}
    told |= {"number of notes", "pieces of evidence"}
    for _ in range(histories):
        for _ in range(everybody.draw.randint(1, 6)):
            everybody.command()
        days = [*days[-9:], clock.today()]
        clock.move_today(clock.today() + timedelta(days=1))
        if len(days) < 2:
            continue
        earlier = everybody.draw.choice(days[:-1])
        shown = {}
        for day in (earlier, days[-1]):
            with looking_back(OPERATOR, day, item):
                shown[day] = items_then(OPERATOR, item)
        seen = {
            (*_key(shown, one), one.what)
            for one in changes_between(shown[earlier], shown[days[-1]])
            if one.what in told
        }
        reader.read_on()
        wanted = happened(*(reader.tables(clock.end_of(day)) for day in (earlier, days[-1])))
        placed = {key for day in shown.values() for key in day}
        assert seen - _gone(shown, earlier, days[-1]) == {
            one for one in wanted if (one[0], one[1]) in placed & set(shown[days[-1]])
        }
        compared += len(wanted)
        db.session.rollback()
    record_property("histories", histories)
    print(f"{histories:,} histories, {compared:,} differences: each of two views as at is what happened; seed {SEED}")


def _key(shown: dict[Any, Any], one: Any) -> tuple[str, int]:
    for items in reversed(list(shown.values())):
        for key, state in items.items():
            if (state.name, state.address) == (one.name, one.address) or (not one.address and state.name == one.name):
                return key
    raise KeyError(one)


def _gone(shown: dict[Any, Any], earlier: Any, later: Any) -> set[tuple[str, int, str]]:
    return {(*key, "") for key in shown[earlier] if key not in shown[later]}


def test_the_difference_of_two_views_is_what_happened_between_them(world, record_property):
    run(world, 10, record_property)


@pytest.mark.proof
def test_the_difference_of_two_views_is_what_happened_in_1000_histories(world, record_property):
    run(world, 1000, record_property)


def test_an_instant_is_before_the_end_of_its_day(world):
    assert isinstance(clock.end_of(TODAY), datetime) and clock.now() < clock.end_of(clock.today())

"""The figures of the plan, on both databases, as lists, counts and rules give them."""

from datetime import date

import pytest

from ilacs_app.plan.lists.counts import counts
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows

DAYS = {
    date(2018, 2, 22): {"red": 4, "green": 7, "grey": 44, "blue_outline": 4},
    date(2018, 4, 7): {"red": 16, "amber": 32, "grey": 7, "blue_outline": 4},
    date(2018, 5, 1): {"red": 42, "amber": 6, "grey": 7, "blue_outline": 4},
    date(2018, 10, 1): {"red": 48, "amber": 6, "grey": 1, "blue_outline": 4},
}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_plan_reads_the_same_in_counts_and_in_rows(world, on, day):
    on(day)
    manager = world.actor("programme_manager")
    found = counts(manager, Filter(), day)
    rows = action_rows(manager, Filter(), day, size=None)
    assert found.by_brag == DAYS[day]
    assert found.overdue == DAYS[day]["red"] == sum(row.timeliness == "overdue" for row in rows)
    for brag, number in DAYS[day].items():
        assert len(action_rows(manager, Filter(brag=brag), day, size=None)) == number
        assert sum(row.brag == brag for row in rows) == number

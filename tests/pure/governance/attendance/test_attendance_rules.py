"""What can be recorded of a member at a meeting, and when a board has its quorum."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.governance.attendance.rules import ATTENDANCE_LABELS, Attended, quorum_of, why_not_attendance

DAY = date(2026, 12, 3)
ANYONE = st.builds(
    Attended, attendance=st.sampled_from(sorted(ATTENDANCE_LABELS)), deputy=st.sampled_from(("", "Health Partner"))
)


@pytest.mark.parametrize(
    ("attended", "days_before", "refused"),
    [
        (Attended("present"), 0, False),
        (Attended("present"), 1, True),
        (Attended("absent"), 1, True),
        (Attended("absent"), -1, False),
        (Attended("apologies"), 30, False),
        (Attended("apologies", "Health Partner"), 30, False),
        (Attended("present", "Health Partner"), 0, True),
        (Attended("", "Health Partner"), 0, True),
        (Attended("", "", "Chairs the trust"), 30, False),
        (Attended("elsewhere"), 0, True),
    ],
)
def test_who_came_is_recorded_from_the_day_and_apologies_before_it(attended, days_before, refused):
    assert bool(why_not_attendance(attended, DAY, DAY - timedelta(days=days_before))) is refused


@given(st.lists(ANYONE, max_size=12), st.integers(1, 12))
def test_a_board_has_its_quorum_with_enough_members_or_deputies(members, needed):
    quorum = quorum_of(needed, members)
    seats = [m for m in members if m.attendance == "present" or (m.deputy and m.attendance)]
    assert quorum.filled == len(seats)
    assert quorum.is_met == (len(seats) >= needed)
    assert quorum_of(None, members).is_met


def test_apologies_alone_do_not_say_who_came():
    assert "not recorded yet" in quorum_of(3, [Attended("apologies"), Attended()]).sentence
    assert "cannot make decisions" in quorum_of(3, [Attended("present"), Attended("apologies")]).sentence
    assert "can make decisions" in quorum_of(2, [Attended("present"), Attended("apologies", "A deputy")]).sentence


def test_a_deputy_named_in_advance_does_not_say_who_came():
    assert "not recorded yet" in quorum_of(3, [Attended("apologies", "A deputy"), Attended()]).sentence
    deputies = [Attended("apologies", "A deputy"), Attended("apologies", "Another")]
    assert "can make decisions" in quorum_of(2, deputies).sentence, "everyone is recorded"

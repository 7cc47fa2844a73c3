"""What the governance page says that each board must settle next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.governance.overview.rules import REFS_NAMED, AskedOfBoard, to_settle

NOTHING = {"overdue_unasked": 0, "to_verify": 0, "unanswered": 0}
ASKED = st.lists(st.builds(AskedOfBoard, st.sampled_from(("1.1", "3.2", "12.1")), st.integers(0, 7)), max_size=12)
NUMBER = st.integers(0, 3)


def test_dates_come_first_with_their_references_and_how_often_they_have_changed():
    things = to_settle([AskedOfBoard("8.3", 0), AskedOfBoard("12.1", 2)], overdue_unasked=2, to_verify=6, unanswered=1)
    assert [thing.says for thing in things] == [
        "Agree or refuse 2 date changes: 8.3, 12.1 (third change)",
        "2 overdue with no date change requested",
        "1 unanswered question",
        "6 completed, awaiting verification",
    ]
    assert [thing.place for thing in things] == [
        "#new-dates",
        "?timeliness=overdue&no_request=1",
        "/challenges?state=open",
        "?status=completed",
    ]


def test_a_long_list_of_dates_says_how_many_more_there_are():
    (thing,) = to_settle([AskedOfBoard(f"1.{n}", 0) for n in range(1, 9)], **NOTHING)
    assert thing.says == "Agree or refuse 8 date changes: 1.1, 1.2, 1.3, 1.4, 1.5 and 3 more"
    (thing,) = to_settle([AskedOfBoard("1.1", 9)], **NOTHING)
    assert thing.says == "Agree or refuse 1 date change: 1.1 (change 10)"


def test_a_board_for_which_nothing_waits_is_told_nothing():
    assert to_settle([], **NOTHING) == ()


@given(ASKED, NUMBER, NUMBER, NUMBER)
def test_each_thing_is_told_once_and_nothing_that_is_not_there(dates, late, claims, questions):
    things = to_settle(dates, overdue_unasked=late, to_verify=claims, unanswered=questions)
    assert len(things) == sum(map(bool, (dates, late, claims, questions)))
    assert len({thing.place for thing in things}) == len(things)
    for thing in things:
        assert "0 " not in thing.says.partition(":")[0].replace("10 ", "")
    if dates:
        more = len(dates) - REFS_NAMED
        assert things[0].says.endswith(f" and {more} more") == (more > 0)


def test_a_board_is_told_what_it_has_to_embed_and_to_approve():
    things = to_settle([], **NOTHING, to_embed=2, to_approve=1)
    assert [(thing.says, thing.place) for thing in things] == [
        ("2 verified, to accept as embedded", "?status=verified&to_embed=1"),
        ("Minutes of 1 meeting to approve", "/meetings"),
    ]
    (thing,) = to_settle([], **NOTHING, to_approve=2)
    assert thing.says == "Minutes of 2 meetings to approve"

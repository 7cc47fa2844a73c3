"""What becomes of the boards of a recommendation when several get or lose one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.editing.governing_boards.rules import BoardChange, BoardsChange, Governing, governed_after

ONE_AND_TWO = Governing((1, 2), 1)


@pytest.mark.parametrize(
    ("how", "board", "instead", "then"),
    [
        (BoardsChange.ADD, 3, None, Governing((1, 2, 3), 1)),
        (BoardsChange.ADD, 2, None, ONE_AND_TWO),
        (BoardsChange.LEAD, 2, None, Governing((1, 2), 2)),
        (BoardsChange.LEAD, 3, None, Governing((1, 2, 3), 3)),
        (BoardsChange.REMOVE, 1, None, Governing((2,), 2)),
        (BoardsChange.REMOVE, 3, None, ONE_AND_TWO),
        (BoardsChange.REPLACE, 3, 1, Governing((3, 2), 3)),
        (BoardsChange.REPLACE, 2, 1, Governing((2,), 2)),
        (BoardsChange.REPLACE, 3, 4, ONE_AND_TWO),
    ],
)
def test_a_board_is_added_made_to_lead_put_in_anothers_place_or_removed(how, board, instead, then):
    assert governed_after(ONE_AND_TWO, BoardChange(how, board, instead)) == then


def test_the_first_board_of_all_leads():
    assert governed_after(Governing((), None), BoardChange(BoardsChange.ADD, 3)) == Governing((3,), 3)
    assert governed_after(Governing((3,), 3), BoardChange(BoardsChange.REMOVE, 3)) == Governing((), None)


@given(
    st.lists(st.integers(1, 5), unique=True),
    st.sampled_from(BoardsChange),
    st.integers(1, 5),
    st.integers(1, 5),
)
def test_one_of_the_boards_leads_if_there_is_any_and_none_is_there_twice(ids, how, board, instead):
    then = governed_after(Governing(tuple(ids), ids[-1] if ids else None), BoardChange(how, board, instead))
    assert len(set(then.ids)) == len(then.ids)
    assert then.lead in then.ids if then.ids else then.lead is None

"""Product rule 5, fact 1: which status may become which, and by whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.access import Standing
from ilacs_app.plan.rules import OPEN, Status
from ilacs_app.progress.status.rules import Move, MoveKind, Position, move_to, moves

standings = st.builds(
    Standing,
    delivers=st.booleans(),
    manager=st.booleans(),
    verifier=st.booleans(),
    governs=st.booleans(),
    claimed=st.booleans(),
    had_it=st.booleans(),
)
statuses = st.sampled_from(Status)
positions = st.builds(
    Position,
    status=statuses,
    status_before=st.none() | st.sampled_from(sorted(OPEN)),
    overdue=st.booleans(),
    proved=st.booleans(),
)
LEAD, MANAGER, VERIFIER, BOARD, NOBODY = (
    Standing(delivers=True),
    Standing(manager=True),
    Standing(verifier=True),
    Standing(governs=True),
    Standing(),
)

# The moves of product.md, section 5, spelled once more: from, to, and who may.
WORKERS, OFFICERS, SLIPPERS = (LEAD, MANAGER), (MANAGER, BOARD), (VERIFIER, MANAGER, BOARD)
LEGAL = {
    ("not_started", "in_progress"): WORKERS,
    ("not_started", "partly_complete"): WORKERS,
    ("not_started", "completed"): WORKERS,
    ("in_progress", "partly_complete"): WORKERS,
    ("in_progress", "completed"): WORKERS,
    ("in_progress", "not_started"): WORKERS,
    ("partly_complete", "in_progress"): WORKERS,
    ("partly_complete", "completed"): WORKERS,
    ("partly_complete", "not_started"): WORKERS,
    ("slipped_back", "in_progress"): WORKERS,
    ("slipped_back", "partly_complete"): WORKERS,
    ("slipped_back", "completed"): WORKERS,
    ("completed", "verified"): (VERIFIER,),
    ("completed", "in_progress"): (VERIFIER,),
    ("verified", "slipped_back"): SLIPPERS,
    ("embedded", "slipped_back"): SLIPPERS,
    **{(one, "paused"): OFFICERS for one in OPEN},
    **{(one, "withdrawn"): OFFICERS for one in OPEN},
}
EACH = [(a, b) for a in Status for b in Status]


@pytest.mark.parametrize(("here", "there"), EACH)
def test_a_move_is_open_to_exactly_those_whom_the_rule_names(here, there):
    at = Position(here, proved=True)
    for who in (LEAD, MANAGER, VERIFIER, BOARD, NOBODY):
        allowed = who in LEGAL.get((here, there), ())
        assert isinstance(move_to(there, at, who), Move) == allowed, who


@pytest.mark.parametrize("shelf", ["paused", "withdrawn"])
def test_what_was_laid_aside_goes_back_to_where_it_was(shelf):
    for before in sorted(OPEN):
        found = moves(Position(shelf, status_before=before), BOARD)
        assert [(m.to, m.kind, m.reason) for m in found] == [(before, MoveKind.RETURN, True)]
    assert moves(Position(shelf, status_before="in_progress"), LEAD) == []


@given(positions, standings)
def test_a_lead_never_verifies(at, who):
    if who.delivers:
        assert all(move.to != Status.VERIFIED for move in moves(at, who))
        assert isinstance(move_to(Status.VERIFIED, at, who), str)


@given(positions, standings)
def test_no_one_tests_a_claim_of_what_they_had_in_hand(at, who):
    if who.claimed or who.had_it:
        assert all(move.kind not in {MoveKind.VERIFICATION, MoveKind.SENT_BACK} for move in moves(at, who))


@given(positions, standings)
def test_a_reader_moves_nothing(at, who):
    if not (who.delivers or who.manager or who.verifier or who.governs):
        assert moves(at, who) == []


@given(positions, standings)
def test_blue_comes_only_from_a_claim(at, who):
    for move in moves(at, who):
        if move.to == Status.VERIFIED:
            assert at.status == Status.COMPLETED and who.verifier and move.reason
        assert move.to != Status.EMBEDDED, "by a decision of the lead board only"


@given(positions, standings)
def test_a_claim_names_its_month_and_is_proved(at, who):
    for move in moves(at, who):
        if move.to == Status.COMPLETED:
            assert move.month
            answer = move_to(Status.COMPLETED, at, who)
            assert isinstance(answer, Move) == at.proved


@given(positions, standings)
def test_going_down_needs_a_reason(at, who):
    down = {Status.NOT_STARTED, Status.SLIPPED_BACK, Status.PAUSED, Status.WITHDRAWN}
    for move in moves(at, who):
        if move.to in down or (at.status == Status.COMPLETED and move.to == Status.IN_PROGRESS):
            assert move.reason


@given(positions, standings)
def test_only_the_lead_board_pauses_what_is_overdue(at, who):
    if at.overdue and not who.governs:
        assert all(move.to != Status.PAUSED for move in moves(at, who))


@given(positions, standings)
def test_a_pause_has_a_day_of_review(at, who):
    for move in moves(at, who):
        assert move.review == (move.kind == MoveKind.PAUSE)


@given(positions, standings)
def test_no_move_is_offered_twice_or_to_where_it_is(at, who):
    found = [move.to for move in moves(at, who)]
    assert len(found) == len(set(found))
    assert at.status not in found


@given(positions, standings, statuses)
def test_a_refusal_is_a_sentence_and_what_is_offered_is_not_refused(at, who, to):
    answer = move_to(to, at, who)
    offered = {move.to for move in moves(at, who)}
    if isinstance(answer, str):
        assert answer.endswith(".") and answer[0].isupper()
        assert to not in offered or to == Status.COMPLETED
    else:
        assert answer.to == to and to in offered


@given(positions, standings, st.sampled_from(list(Status)))
def test_a_refusal_says_who_can_or_what_can_be_selected_instead(at, who, to):
    answer = move_to(to, at, who)
    ways_on = ("Only ", "You can select ", "Select another", "Then select", "Ask the board")
    assert isinstance(answer, Move) or any(way in answer for way in ways_on), answer


@given(positions, standings)
def test_the_claimer_may_take_a_claim_back(at, who):
    if at.status == Status.COMPLETED and who.claimed and who.may_write:
        assert [(m.to, m.kind) for m in moves(at, who)] == [(Status.IN_PROGRESS, MoveKind.TAKEN_BACK)]


@pytest.mark.parametrize(
    ("at", "to", "says"),
    [
        (Position("verified"), "slipped_back", "Only a verifier, the programme manager or the lead board"),
        (Position("embedded"), "slipped_back", "Only a verifier, the programme manager or the lead board"),
        (Position("paused", "in_progress"), "in_progress", "Only the programme manager or the lead board can restore"),
        (
            Position("withdrawn", "not_started"),
            "not_started",
            "Only the programme manager or the lead board can restore",
        ),
    ],
)
def test_the_refusal_of_a_move_that_others_may_make_says_who_can(at, to, says):
    assert str(move_to(to, at, Standing(delivers=True))).startswith(says)

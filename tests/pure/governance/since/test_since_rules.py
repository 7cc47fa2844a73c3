"""What counts as a change since a board last met."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.governance.since.rules import (
    MET_CHANGE_WORDS,
    NEVER_MET_DAYS,
    History,
    MetChange,
    MoveSince,
    changes_since,
    is_newly_late,
    lacks_word,
    since_day,
)
from ilacs_app.plan.rules import OPEN, STATUSES, Facts, Timeliness, timeliness

TODAY = date(2018, 4, 7)
MET = date(2018, 3, 19)
DAYS = st.dates(date(2018, 1, 1), date(2018, 6, 30))
MOVES = st.lists(
    st.builds(
        MoveSince,
        st.sampled_from(("move", "claim", "sent_back", "verification", "slip")),
        st.sampled_from(STATUSES),
        st.sampled_from(STATUSES),
    ),
    max_size=3,
).map(tuple)
FACTS = st.builds(
    Facts,
    st.sampled_from(STATUSES),
    due_on=st.none() | DAYS,
    review_on=st.none() | DAYS,
    last_word_on=DAYS,
)


def test_a_board_that_has_not_met_looks_back_35_days():
    assert since_day(None, TODAY) == TODAY - timedelta(days=NEVER_MET_DAYS) == date(2018, 3, 3)
    assert since_day(MET, TODAY) == MET


def test_a_date_that_passed_on_the_day_of_the_meeting_or_later_is_newly_late():
    for due_on, newly in ((MET - timedelta(days=1), False), (MET, True), (TODAY - timedelta(days=1), True)):
        assert is_newly_late(Facts("in_progress", due_on=due_on), (), MET, TODAY) is newly
    assert not is_newly_late(Facts("in_progress", due_on=TODAY), (), MET, TODAY), "due today is not late"
    assert not is_newly_late(Facts("completed", due_on=MET), (), MET, TODAY), "a claim stops the clock"


def test_a_completion_that_was_sent_back_is_newly_late_whatever_its_date():
    late = Facts("in_progress", due_on=MET - timedelta(days=40))
    sent_back = MoveSince("sent_back", "completed", "in_progress")
    assert is_newly_late(late, (sent_back,), MET, TODAY)
    claim = MoveSince("claim", "in_progress", "completed")
    assert not is_newly_late(late, (claim, sent_back), MET, TODAY), "it was late when the board met"


def test_a_word_is_missed_only_where_one_was_to_be_expected():
    before = MET - timedelta(days=1)
    soon, far = TODAY + timedelta(days=28), TODAY + timedelta(days=29)
    assert lacks_word(Facts("in_progress", last_word_on=before), MET, TODAY)
    assert not lacks_word(Facts("in_progress", last_word_on=MET), MET, TODAY)
    assert not lacks_word(Facts("completed", last_word_on=before), MET, TODAY)
    assert lacks_word(Facts("not_started", due_on=soon, last_word_on=before), MET, TODAY)
    assert not lacks_word(Facts("not_started", due_on=far, last_word_on=before), MET, TODAY)
    assert lacks_word(Facts("not_started", review_on=soon, last_word_on=before), MET, TODAY)
    assert not lacks_word(Facts("not_started", last_word_on=before), MET, TODAY)


@given(FACTS, MOVES, st.booleans(), st.booleans(), DAYS, DAYS)
def test_every_change_that_is_told_is_so(facts, moves, moved, withdrawn, since, today):
    since = min(since, today)
    told = changes_since(History(facts, moves, date_moved=moved, evidence_withdrawn=withdrawn), since, today)
    kinds = {move.kind for move in moves}
    assert (MetChange.CLAIMED in told) == ("claim" in kinds)
    assert (MetChange.DATE_MOVED in told) == moved
    assert (MetChange.EVIDENCE_REFUSED in told) == (withdrawn or "sent_back" in kinds)
    if MetChange.NEWLY_LATE in told:
        assert timeliness(facts, today) == Timeliness.OVERDUE
    if MetChange.NO_WORD in told:
        assert facts.status in OPEN and facts.last_word_on < since


@given(FACTS, DAYS, DAYS)
def test_a_longer_look_back_never_tells_less_of_what_became_late(facts, one, other):
    earlier, later = sorted((one, other))
    if is_newly_late(facts, (), later, TODAY):
        assert is_newly_late(facts, (), earlier, TODAY)


def test_each_kind_of_change_has_words():
    assert set(MET_CHANGE_WORDS) == set(MetChange)
    assert all(words.marked.count("{}") == bool(words.mark) for words in MET_CHANGE_WORDS.values())

"""Product rule 5, facts 2 and 3: timeliness and BRAG, each row of the table and what must never be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.plan.rules import (
    BRAG_WORDS,
    DONE,
    OPEN,
    STARTED,
    STATUS_WORDS,
    TIMELINESS_WORDS,
    Brag,
    Facts,
    Status,
    Timeliness,
    Why,
    days_overdue,
    overridden,
    rating,
    timeliness,
    why_without_help,
    worst_open,
)

TODAY = date(2018, 4, 7)


def day(n: int) -> date:
    """``n`` days from today."""
    return TODAY + timedelta(days=n)


# 6 and 20 days are inside every window, 28 and 35 are the edges of the rules
near = st.sampled_from((-400, -36, -35, -34, -29, -28, -27, -7, -1, 0, 1, 27, 28, 29, 36, 400)) | st.integers(-90, 90)
dates = near.map(day)
perhaps = st.none() | dates
facts = st.builds(
    Facts,
    status=st.sampled_from(Status),
    due_on=perhaps,
    review_on=perhaps,
    paused_until=perhaps,
    stage_due_on=perhaps,
    completed_on=perhaps,
    completion_imported=st.booleans(),
    plan_dated_on=dates,
    last_word_on=dates,
    last_moved_on=perhaps,
    window=st.integers(1, 60),
    second_move_asked=st.booleans(),
    help_asked_on=perhaps,
)

# An action that nothing is wrong with: under way, due far ahead, a word last week.
WELL = Facts(Status.IN_PROGRESS, due_on=day(90), last_word_on=day(-7), plan_dated_on=day(-44))
CALM = replace(WELL, status=Status.NOT_STARTED)

TABLE = [
    # grey
    ("withdrawn", replace(WELL, status=Status.WITHDRAWN, due_on=day(-9)), Brag.GREY, Why.WITHDRAWN),
    ("paused", replace(WELL, status=Status.PAUSED, due_on=day(-9), paused_until=day(-1)), Brag.GREY, Why.PAUSED),
    # blue
    ("verified", replace(WELL, status=Status.VERIFIED, due_on=day(-9)), Brag.BLUE, Why.VERIFIED),
    ("embedded", replace(WELL, status=Status.EMBEDDED, due_on=day(-9)), Brag.BLUE, Why.EMBEDDED),
    # blue outline
    ("completed", replace(WELL, status=Status.COMPLETED, due_on=day(-9)), Brag.BLUE_OUTLINE, Why.CLAIMED),
    # red
    ("overdue", replace(WELL, due_on=day(-1)), Brag.RED, Why.OVERDUE),
    ("overdue, not started", replace(CALM, due_on=day(-1)), Brag.RED, Why.OVERDUE),
    ("slipped back", replace(WELL, status=Status.SLIPPED_BACK), Brag.RED, Why.SLIPPED_BACK),
    ("second move asked", replace(WELL, second_move_asked=True), Brag.RED, Why.SECOND_MOVE_ASKED),
    ("help unanswered for 28 days", replace(WELL, help_asked_on=day(-28)), Brag.RED, Why.HELP_UNANSWERED),
    # amber
    ("a stage late", replace(WELL, stage_due_on=day(-1)), Brag.AMBER, Why.STAGE_LATE),
    ("review overdue", replace(WELL, due_on=None, review_on=day(-1)), Brag.AMBER, Why.REVIEW_OVERDUE),
    ("no date understood", replace(WELL, due_on=None), Brag.AMBER, Why.NO_DATE),
    ("help asked", replace(WELL, help_asked_on=day(-27)), Brag.AMBER, Why.HELP_ASKED),
    ("moved, no word since", replace(WELL, last_moved_on=day(-6)), Brag.AMBER, Why.MOVED_NO_WORD),
    ("due soon, not started", replace(CALM, due_on=day(28)), Brag.AMBER, Why.SOON_NOT_STARTED),
    ("due today, not started", replace(CALM, due_on=day(0)), Brag.AMBER, Why.SOON_NOT_STARTED),
    (
        "review due, not started",
        replace(CALM, due_on=None, review_on=day(28)),
        Brag.AMBER,
        Why.SOON_NOT_STARTED,
    ),
    ("started, no word in the window", replace(WELL, last_word_on=day(-36)), Brag.AMBER, Why.NO_WORD),
    ("due soon, no word in the window", replace(WELL, due_on=day(5), last_word_on=day(-36)), Brag.AMBER, Why.NO_WORD),
    # grey
    ("not started and not due", replace(CALM, due_on=day(29)), Brag.GREY, Why.NOT_STARTED),
    ("not started, long silent", replace(CALM, last_word_on=day(-400)), Brag.GREY, Why.NOT_STARTED),
    ("review later, not started", replace(CALM, due_on=None, review_on=day(29)), Brag.GREY, Why.NOT_STARTED),
    # green
    ("started, not due, a word in the window", WELL, Brag.GREEN, Why.ON_TRACK),
    ("a word on the last day of the window", replace(WELL, last_word_on=day(-35)), Brag.GREEN, Why.ON_TRACK),
    ("due soon, under way, a word", replace(WELL, due_on=day(3)), Brag.GREEN, Why.ON_TRACK),
    ("moved, a word on the same day", replace(WELL, last_moved_on=day(-7)), Brag.GREEN, Why.ON_TRACK),
    ("a stage due today", replace(WELL, stage_due_on=day(0)), Brag.GREEN, Why.ON_TRACK),
]


@pytest.mark.parametrize(("given_facts", "brag", "why"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_each_row_of_the_table(given_facts, brag, why):
    assert rating(given_facts, TODAY) == (brag, why)


def test_a_reader_without_requests_for_help_gets_another_reason_for_the_same_rating():
    asked = replace(WELL, help_asked_on=day(-3))
    assert why_without_help(WELL, TODAY) == Why.ON_TRACK
    assert why_without_help(asked, TODAY) == Why.NOT_SHARED
    assert why_without_help(replace(asked, last_word_on=day(-36)), TODAY) == Why.NO_WORD
    unanswered = replace(WELL, help_asked_on=day(-28))
    assert why_without_help(unanswered, TODAY) == Why.NOT_SHARED
    assert why_without_help(replace(unanswered, due_on=None), TODAY) == Why.NOT_SHARED, "amber is no reason for red"
    assert why_without_help(replace(unanswered, due_on=day(-1)), TODAY) == Why.OVERDUE


@given(facts)
def test_no_reason_for_such_a_reader_tells_of_help(given_facts):
    told, without = why_without_help(given_facts, TODAY), replace(given_facts, help_asked_on=None)
    assert told not in {Why.HELP_ASKED, Why.HELP_UNANSWERED}
    assert told == Why.NOT_SHARED or told == rating(without, TODAY)[1]


def test_the_first_match_wins():
    """A late stage and a slip together: the table is read from the top."""
    everything = replace(
        WELL,
        due_on=day(-1),
        status=Status.SLIPPED_BACK,
        second_move_asked=True,
        help_asked_on=day(-90),
        stage_due_on=day(-2),
    )
    assert rating(everything, TODAY)[1] == Why.OVERDUE
    later = replace(everything, due_on=day(90))
    assert rating(later, TODAY)[1] == Why.SLIPPED_BACK
    assert rating(replace(later, status=Status.IN_PROGRESS), TODAY)[1] == Why.SECOND_MOVE_ASKED


@pytest.mark.parametrize(
    ("given_facts", "expected"),
    [
        (replace(WELL, due_on=date(2018, 4, 30)), "due_soon"),
        (replace(WELL, due_on=day(28)), "due_soon"),
        (replace(WELL, due_on=day(29)), "not_due"),
        (replace(WELL, due_on=day(0)), "due_soon"),
        (replace(WELL, due_on=day(-1)), "overdue"),
        (replace(WELL, due_on=None, review_on=day(29)), "review_later"),
        (replace(WELL, due_on=None, review_on=day(28)), "review_due"),
        (replace(WELL, due_on=None, review_on=day(-1)), "review_overdue"),
        (replace(WELL, due_on=None), "no_date"),
        (replace(WELL, status="paused", due_on=day(-90), paused_until=day(90)), "review_later"),
        (replace(WELL, status="paused", due_on=day(-90), paused_until=day(-1)), "review_overdue"),
        (replace(WELL, status="paused", due_on=day(-90)), "no_date"),
        (replace(WELL, status="withdrawn", due_on=day(-90)), "no_date"),
        (replace(WELL, status="completed", due_on=date(2018, 3, 2), completed_on=date(2018, 3, 31)), "done_on_time"),
        (replace(WELL, status="completed", due_on=date(2018, 2, 28), completed_on=date(2018, 3, 31)), "done_late"),
        (replace(WELL, status="completed", due_on=day(90), completed_on=None), "done_doubtful"),
        (replace(WELL, status="completed", due_on=None, completed_on=date(2018, 3, 31)), "done_on_time"),
        # April names a month that has begun; May does not
        (replace(WELL, status="completed", due_on=day(90), completed_on=date(2018, 4, 30)), "done_on_time"),
        (replace(WELL, status="completed", due_on=day(90), completed_on=date(2018, 5, 31)), "done_doubtful"),
        # stated in an imported plan of 22 February: after the plan's own date is doubtful, for an import only
        (
            replace(
                WELL,
                status="completed",
                completion_imported=True,
                plan_dated_on=date(2018, 2, 22),
                completed_on=date(2018, 3, 31),
            ),
            "done_doubtful",
        ),
        (
            replace(WELL, status="completed", plan_dated_on=date(2018, 2, 22), completed_on=date(2018, 3, 31)),
            "done_on_time",
        ),
    ],
)
def test_timeliness_by_example(given_facts, expected):
    assert timeliness(given_facts, TODAY) == expected


def test_the_end_of_april_is_overdue_from_the_first_of_may():
    april = replace(WELL, due_on=date(2018, 4, 30))
    assert timeliness(april, date(2018, 4, 30)) == Timeliness.DUE_SOON
    assert timeliness(april, date(2018, 5, 1)) == Timeliness.OVERDUE
    assert days_overdue(april, date(2018, 5, 1)) == 1


@given(facts)
def test_overdue_is_always_red_and_never_green(f):
    if timeliness(f, TODAY) == Timeliness.OVERDUE:
        assert rating(f, TODAY)[0] == Brag.RED


@given(facts, st.none() | st.sampled_from(Brag))
def test_no_override_lifts_overdue(f, wanted):
    if timeliness(f, TODAY) == Timeliness.OVERDUE:
        assert overridden(rating(f, TODAY)[0], wanted, f, TODAY) == Brag.RED


@given(facts)
def test_blue_is_only_what_someone_tested(f):
    assert (rating(f, TODAY)[0] == Brag.BLUE) == (f.status in {Status.VERIFIED, Status.EMBEDDED})
    assert (rating(f, TODAY)[0] == Brag.BLUE_OUTLINE) == (f.status == Status.COMPLETED)


@given(facts)
def test_every_action_has_one_word_of_each_scale(f):
    when, (brag, why) = timeliness(f, TODAY), rating(f, TODAY)
    assert when in TIMELINESS_WORDS and brag in BRAG_WORDS and why in Why
    assert (f.status in DONE) == when.startswith("done")


@given(facts)
def test_overdue_is_open_with_a_due_date_before_today(f):
    late = f.status in OPEN and f.due_on is not None and f.due_on < TODAY
    assert (timeliness(f, TODAY) == Timeliness.OVERDUE) == late


@given(facts)
def test_days_overdue_are_counted_only_where_it_is_late(f):
    when = timeliness(f, TODAY)
    assert (days_overdue(f, TODAY) > 0) == (when in {Timeliness.OVERDUE, Timeliness.REVIEW_OVERDUE})


@given(facts)
def test_green_has_an_update_in_the_window_and_a_date(f):
    if rating(f, TODAY)[0] == Brag.GREEN:
        assert f.status in STARTED
        assert (TODAY - f.last_word_on).days <= f.window
        assert timeliness(f, TODAY) in {"not_due", "due_soon", "review_later", "review_due"}
        assert f.help_asked_on is None and not f.second_move_asked


@given(facts, st.integers(0, 400))
def test_time_alone_never_makes_an_open_action_better(f, days):
    """Red stays red while no one does anything; what is not red can only fall."""
    fall = {Brag.GREY: 0, Brag.GREEN: 0, Brag.AMBER: 1, Brag.RED: 2}
    if f.status in OPEN:
        now, then = rating(f, TODAY)[0], rating(f, TODAY + timedelta(days=days))[0]
        assert fall[then] >= fall[now]


@given(facts, st.none() | st.sampled_from(Brag))
def test_an_override_goes_one_step_better_or_any_worse(f, wanted):
    scale = [Brag.GREEN, Brag.AMBER, Brag.RED]
    by_rule = rating(f, TODAY)[0]
    stands = overridden(by_rule, wanted, f, TODAY)
    assert stands in {by_rule, wanted}
    if f.status not in OPEN or by_rule not in scale:
        assert stands == by_rule
    elif wanted in scale and timeliness(f, TODAY) != Timeliness.OVERDUE:
        far_better = by_rule == Brag.RED and wanted == Brag.GREEN
        assert stands == (by_rule if far_better else wanted)
    else:
        assert stands == by_rule


ratings = st.lists(facts.map(lambda f: (f.status, rating(f, TODAY)[0])), max_size=8)


@given(ratings)
def test_a_recommendation_shows_the_worst_of_its_open_actions(rated):
    worst = worst_open(rated)
    order = [Brag.RED, Brag.AMBER, Brag.GREEN, Brag.GREY]
    open_ones = [brag for status, brag in rated if status in OPEN]
    if open_ones:
        assert worst == min(open_ones, key=order.index)
    elif any(status == Status.COMPLETED for status, _ in rated):
        assert worst == Brag.BLUE_OUTLINE
    elif any(status in {Status.VERIFIED, Status.EMBEDDED} for status, _ in rated):
        assert worst == Brag.BLUE
    else:
        assert worst == Brag.GREY
    assert worst_open(reversed(rated)) == worst


def test_a_recommendation_without_actions_is_grey():
    assert worst_open([]) == Brag.GREY


def test_every_word_of_a_scale_is_shown_on_screen():
    assert set(STATUS_WORDS) == set(Status)
    assert set(TIMELINESS_WORDS) == set(Timeliness)
    assert set(BRAG_WORDS) == set(Brag)

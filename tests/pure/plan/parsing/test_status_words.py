"""A council's status words and what they mean (product rule: sections 5 and 7)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilacs_app.plan.parsing.statuses import read_brag, read_status
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.plan.rules import Status as S


@pytest.mark.parametrize(
    ("cell", "status_text", "status", "guessed"),
    [
        ("Not Due", "Not Due", S.NOT_STARTED, False),
        ("not yet started.", "not yet started", S.NOT_STARTED, False),
        ("In progress - draft with partners", "In progress", S.IN_PROGRESS, False),
        ("Ongoing", "Ongoing", S.IN_PROGRESS, False),
        ("Partially Complete – Standards rewritten Jan 2018", "Partially Complete", S.PARTLY_COMPLETE, False),
        ("Partially Completed – Date set for 7th Feb 18", "Partially Completed", S.PARTLY_COMPLETE, False),
        ("COMPLETE", "COMPLETE", S.COMPLETED, False),
        ("Completed – Jan 2018", "Completed", S.COMPLETED, False),
        ("Completed in January", "Completed", S.COMPLETED, False),
        ("Complete - awaiting sign off", "Complete", S.COMPLETED, True),
        ("On hold", "On hold", S.PAUSED, False),
        ("No longer required", "No longer required", S.WITHDRAWN, False),
        ("Rewriting in progress. Draft on 26th Feb 2018", "", S.IN_PROGRESS, True),
        ("Pilot phase completed – new dates to be agreed", "", S.PARTLY_COMPLETE, True),
        ("Completed in part", "", S.PARTLY_COMPLETE, True),
        ("Completed 3 of 5", "", S.PARTLY_COMPLETE, True),
        ("Not complete", "", None, False),
        ("To be completed", "", None, False),
        ("Closed down the old team", "", None, False),
        ("Awaiting sign off", "", None, False),
        ("N/a", "", None, False),
        ("", "", None, False),
    ],
)
def test_only_words_that_lead_are_the_status(cell: str, status_text: str, status: S | None, guessed: bool) -> None:
    reading = read_status(cell)
    assert (reading.status_text, reading.status, reading.guessed) == (status_text, status, guessed)


@pytest.mark.parametrize(
    ("cell", "completed_on"),
    [
        ("Completed – Jan 2018", date(2018, 1, 31)),
        ("Completed Jan 18", date(2018, 1, 31)),
        ("Complete (January 2018)", date(2018, 1, 31)),
        ("Completed 15/01/2018", date(2018, 1, 31)),
        ("Completed on 15th January 2018", date(2018, 1, 31)),
        ("Completed – Guidance rewritten and sent to managers Dec 2018", date(2018, 12, 31)),
        ("Completed Jan 2018. Next review March 2019", date(2018, 1, 31)),
        ("Completed – next audit in March 2019", None),
        ("Completed – draft Jan 2018, signed off Feb 2018", None),
        ("Completed – January", None),
        ("Completed 23 Feb", None),
        ("Completed", None),
        ("Partially Complete – Jan 2018", None),
        ("Not Due", None),
    ],
)
def test_completion_is_the_last_day_of_the_one_month_named(cell: str, completed_on: date | None) -> None:
    assert read_status(cell).completed_on == completed_on


@pytest.mark.parametrize(
    ("words", "brag"),
    [
        ("Red", "red"),
        ("AMBER", "amber"),
        ("G", "green"),
        ("Blue.", "blue"),
        ("gray", "grey"),
        ("Amber/Green", None),
        ("", None),
    ],
)
def test_a_single_colour_word_is_a_brag_value(words: str, brag: str | None) -> None:
    assert read_brag(words) == brag


@given(st.text())
def test_no_text_makes_the_reading_fail(cell: str) -> None:
    reading = read_status(cell)
    assert cell.strip().startswith(reading.status_text)
    read_brag(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "Closed, did not achieve",
        "Closed \u2013 incomplete",
        "Complete, failed the sample in May",
        "Completed; the second part was never begun",
        "Closed - superseded by 2.3",
    ],
)
def test_a_sentence_that_goes_on_to_deny_its_status_leaves_it_uncertain(cell: str) -> None:
    reading = read_status(cell)
    assert reading.guessed or reading.status is None


@pytest.mark.parametrize(
    "cell",
    ["Completed, no further action", "Complete \u2013 no issues", "Completed March 2018. Not all staff came in June."],
)
def test_that_nothing_is_left_to_do_denies_nothing(cell: str) -> None:
    reading = read_status(cell)
    assert (reading.status, reading.guessed) == (S.COMPLETED, False)


def test_the_words_of_our_own_exports_are_read_back_with_certainty():
    reading = read_status(STATUS_WORDS["completed"])
    assert (reading.status, reading.guessed) == (S.COMPLETED, False)

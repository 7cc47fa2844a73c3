"""What an imported plan says of progress, and what is in the way, in words."""

from __future__ import annotations

from datetime import date

import pytest

from ilacs_app.progress.notes.rules import Latest, NoteText, PlanWords, words_of_plan
from ilacs_app.text import days_later, sentence

DAY = date(2018, 2, 22)


@pytest.mark.parametrize(
    ("note", "status", "says"),
    [
        ("Not Due", "Not Due", ""),
        ("not due ", "Not Due", ""),
        ("N/a", "", ""),
        ("-", "", ""),
        ("", "", ""),
        ("Completed, January", "Completed", "Completed, January"),
        ("Led by two teams", "", "Led by two teams"),
    ],
)
def test_a_plan_says_something_where_its_progress_is_more_than_a_status(note, status, says):
    assert words_of_plan(note, status) == says


def test_words_of_a_plan_are_dated_only_where_the_date_is_certain():
    assert PlanWords("Begun", DAY).label == "From the plan, 22 Feb 2018"
    assert PlanWords("Begun", None).label == "From the plan"


def test_what_is_in_the_way_is_apart_from_a_request_for_help():
    stopped = Latest(NoteText("Begun.", answer="no_change", blocker="No room."), DAY)
    asks = Latest(NoteText(answer="need_help", blocker="No room."), DAY)
    assert (stopped.stopping, asks.stopping) == ("No room.", "")
    assert asks.asked(help_open=True) == "Help requested: No room."


def test_days_are_later_or_earlier_and_a_sentence_ends_once():
    assert [days_later(days) for days in (31, 1, 0, -1, -31)] == [
        "31 days later",
        "1 day later",
        "0 days later",
        "1 day earlier",
        "31 days earlier",
    ]
    assert [sentence(text) for text in ("overdue", "Why?", "Yes.")] == ["Overdue.", "Why?", "Yes."]

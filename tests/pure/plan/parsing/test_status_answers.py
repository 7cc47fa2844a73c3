"""Statuses by a colour with its meaning beside it, and by "Y" or "N" below a heading that asks."""

import pytest

from ilacs_app.plan.parsing.statuses import explained_colour, read_answer, read_brag, read_status
from ilacs_app.plan.rules import Status


@pytest.mark.parametrize(
    ("answer", "heading", "status"),
    [
        ("Y", "Completed (Y/N)", Status.COMPLETED),
        ("Yes", "Is it done?", Status.COMPLETED),
        ("N", "Completed (Y/N)", Status.IN_PROGRESS),
        ("no", "Started?", Status.NOT_STARTED),
        ("y", "Has work begun", Status.IN_PROGRESS),
        ("Yes", "On track?", Status.IN_PROGRESS),
        ("N", "On track to be completed (Y/N)", Status.IN_PROGRESS),
        ("Y", "Status", None),
        ("Y", "Priority action?", None),
        ("Partial", "Completed (Y/N)", None),
        ("", "Completed (Y/N)", None),
    ],
)
def test_an_answer_means_what_its_heading_asks(answer: str, heading: str, status: Status | None) -> None:
    assert read_answer(answer, heading) is status


@pytest.mark.parametrize(
    ("rating", "colour", "means"),
    [
        ("Blue – complete", "blue", "complete"),
        ("Amber (some slippage)", "amber", "some slippage"),
        ("GREEN: on track", "green", "on track"),
        ("Red/overdue", "red", "overdue"),
        ("Amber (was Red)", None, ""),
        ("Red - Amber", None, ""),
        ("Green", "green", ""),
        ("Blue badge scheme", None, ""),
    ],
)
def test_a_colour_may_have_its_meaning_beside_it(rating: str, colour: str | None, means: str) -> None:
    assert (read_brag(rating), explained_colour(rating)) == (colour, means)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Begun", Status.IN_PROGRESS),
        ("Doing", Status.IN_PROGRESS),
        ("Commenced - two teams trained", Status.IN_PROGRESS),
        ("Not yet commenced", Status.NOT_STARTED),
        ("Fully achieved", Status.COMPLETED),
        ("Doing well", None),
    ],
)
def test_further_words_of_councils_and_task_boards_are_statuses(text: str, status: Status | None) -> None:
    assert read_status(text).status is status

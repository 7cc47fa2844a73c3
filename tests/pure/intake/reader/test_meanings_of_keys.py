"""What the words of a council's own key come nearest to."""

from datetime import date

import pytest

from ilacs_app.intake.reader.contents.document import Line, Paragraph, document, grid
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.intake.reader.status_key import meant_by
from ilacs_app.plan.rules import Status

DATED_ON = date(2024, 6, 3)


@pytest.mark.parametrize(
    ("meaning", "status"),
    [
        ("Action complete", Status.COMPLETED),
        ("All actions are completed", Status.COMPLETED),
        ("Work not started", Status.NOT_STARTED),
        ("Action not yet due to start", Status.NOT_STARTED),
        ("Tasks have not been started", Status.NOT_STARTED),
        ("Action on track", Status.IN_PROGRESS),
        ("The action is off track", Status.IN_PROGRESS),
        ("Embedded in practice", Status.EMBEDDED),
        ("Fully embedded and tested", Status.EMBEDDED),
        ("Fully achieved", Status.COMPLETED),
        ("Agreed by the partnership", None),
    ],
)
def test_a_meaning_is_read_with_or_without_the_word_action(meaning: str, status: Status | None) -> None:
    assert meant_by(meaning) is status


HEAD = ["Recommendation", "Action", "Owner", "Timescale"]
ROWS = [
    ["Contacts wait", "Appoint a manager for the front door", "Head of Service", "30 July 2024"],
    ["Plans are late", "Review every plan with its family", "Team Manager", "30 August 2024"],
    ["Visits are late", "Write guidance on visits", "Team Manager", "30 September 2024"],
]
SCORES = "1 = not started, 2 = started, 3 = nearly complete, 4 = complete"
STATED = [Status.NOT_STARTED, Status.PARTLY_COMPLETE, Status.COMPLETED]
BY_LETTER = [Status.COMPLETED, Status.IN_PROGRESS, Status.NOT_STARTED]


@pytest.mark.parametrize("heading", ["Status", "Rating", "Progress"])
@pytest.mark.parametrize(
    ("line", "marks", "statuses"),
    [
        ([SCORES], ["1", "3", "4"], STATED),
        ([f"Scoring: {SCORES.replace(', ', '; ')}"], ["1", "3", "4"], STATED),
        ([f"({SCORES.replace(' = ', '=')})"], ["1", "3", "4"], STATED),
        (["1 - Not started, 2 - Started, 3 - Nearly complete, 4 - Complete"], ["1", "3", "4"], STATED),
        (["Key: 1 = not started", "2 = started", "3 = nearly complete", "4 = complete"], ["1", "3", "4"], STATED),
        (["C = complete, IP = in progress, NS = not started"], ["C", "IP", "NS"], BY_LETTER),
        (["B = complete, G = on track, R = not started"], ["B", "G", "R"], BY_LETTER),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_key_in_a_line_above_or_below_the_table_gives_the_meaning_of_its_scores_and_letters(
    line: list[str], marks: list[str], statuses: list[Status], heading: str, above: bool
) -> None:
    table = [[*HEAD, heading], *([*row, mark] for row, mark in zip(ROWS, marks, strict=True))]
    key = [*line, *[""] * (5 - len(line))]
    plan = plan_from(document(grid([key, *table] if above else [*table, key])), DATED_ON).plan(DATED_ON)
    assert [(action.status, action.status_guessed) for action in plan.actions] == [
        (status, True) for status in statuses
    ]
    assert not any("did not import" in problem.says for problem in plan.problems)


def test_a_key_in_paragraphs_of_one_score_each_is_used() -> None:
    table = [[*HEAD, "Status"], *([*row, mark] for row, mark in zip(ROWS, "134", strict=True))]
    lines = [Paragraph(f"paragraph {n}", Line(text)) for n, text in enumerate(SCORES.split(", "), 1)]
    plan = plan_from(document(*lines, grid(table)), DATED_ON).plan(DATED_ON)
    assert [action.status for action in plan.actions] == STATED


@pytest.mark.parametrize(
    "line", ["AD = Assistant Director, HS = Head of Service", "1: Front door, 2: Care, 3: Adoption", "Phase 1 = 2024"]
)
def test_initials_and_numbered_lists_are_no_key(line: str) -> None:
    table = [[*HEAD, "Status"], *([*row, mark] for row, mark in zip(ROWS, "123", strict=True))]
    plan = plan_from(document(grid([*table, [line, "", "", "", ""]])), DATED_ON).plan(DATED_ON)
    assert [action.status for action in plan.actions[:3]] == [None, None, None]


def test_a_rating_beside_an_action_explains_no_colour() -> None:
    rows = [["BRAG", "Recommendation", "Action", "Ward"], ["Red", "Contacts wait", "", ""]]
    rows += [["Amber", "", "Review every plan", ""], ["Red", "", "Write guidance on visits", ""]]
    plan = plan_from(document(grid(rows)), DATED_ON)
    assert plan.key == {}

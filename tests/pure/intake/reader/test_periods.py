"""Trackers with the news, the status or the rating of each quarter, month or meeting in a column of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import PatternFill

from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.plan.plan_file import FileAction, PlanFile
from tests.pure.intake.reader.plans import DATED_ON, d, workbook

DUTY = "Children wait too long for an answer from the duty team"
PANEL = "Few young people take part in decisions about the service"
ACTIONS = ("Appoint a duty manager", "Write duty guidance", "Invite two young people")
OF_PLAN = ["Recommendation", "Action", "Who", "By when"]


def _read(tmp_path: Path, headings: list[str], cells: list[tuple[Any, ...]], **made: Any) -> PlanFile:
    rows: list[list[Any]] = [[*OF_PLAN, *headings]]
    for aim, action, own in zip((DUTY, DUTY, PANEL), ACTIONS, cells, strict=True):
        rows.append([aim, action, "Head of Service", d(2024, 9, 30), *own])
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook({"Plan": rows}, **made)())
    return plan_from(read_document(path), DATED_ON).plan(DATED_ON)


def _actions(plan: PlanFile) -> list[FileAction]:
    return [action for each in plan.recommendations for action in each.actions]


def _said(plan: PlanFile) -> str:
    return "\n".join(f"{problem.at}: {problem.says}" for problem in plan.problems)


OLD, NEW = ("Not started", "Not started", "In progress"), ("Complete", "In progress", "Complete")
PAIRS = [
    ("Status Q1", "Status Q2"),
    ("Qtr 4 23/24 status", "Qtr 1 24/25 status"),
    ("Status (March)", "Status (June)"),
    ("Status 31/03/2024", "Status 30/06/2024"),
    ("Status December 2023", "Status January 2024"),
    ("Status last year", "Status this year"),
    ("Previous status", "Current status"),
]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_statuses_the_newer_one_counts_and_the_older_one_is_kept(
    pair: tuple[str, str], turned: bool, tmp_path: Path
) -> None:
    headings = list(pair[::-1] if turned else pair)
    cells = list(zip(NEW, OLD, strict=True) if turned else zip(OLD, NEW, strict=True))
    actions = _actions(_read(tmp_path, headings, cells))
    assert [action.status for action in actions] == ["completed", "in_progress", "completed"]
    assert [action.extra[pair[0]] for action in actions] == list(OLD)


def test_where_the_newest_status_is_blank_the_one_before_it_is_a_guess(tmp_path: Path) -> None:
    cells = [("Not started", "Complete", None), ("In progress", None, None), ("Not started", "In progress", None)]
    plan = _read(tmp_path, ["Q1 status", "Q2 status", "Q3 status"], cells)
    made = [(action.status, action.status_guessed) for action in _actions(plan)]
    assert made == [("completed", False), ("in_progress", True), ("in_progress", False)]
    assert "row 1, column F: 3 columns are statuses, one for each period" in _said(plan)


@pytest.mark.parametrize("headings", [("Q1 RAG", "Q2 RAG"), ("RAG last month", "RAG this month"), ("Q1", "Q2")])
def test_of_two_ratings_the_newer_one_counts(headings: tuple[str, str], tmp_path: Path) -> None:
    cells = [("Red", "Green"), ("Amber", "Red"), ("Red", "Amber")]
    actions = _actions(_read(tmp_path, list(headings), cells))
    assert [action.brag for action in actions] == ["green", "red", "amber"]
    assert [action.extra[headings[0]] for action in actions] == ["Red", "Amber", "Red"]


def test_of_two_painted_ratings_the_newer_one_counts(tmp_path: Path) -> None:
    colours = {"E2": "FF0000", "F2": "00B050", "E3": "FFC000", "F3": "FF0000", "E4": "FF0000", "F4": "FFC000"}

    def paint(book: Any) -> None:
        for at, colour in colours.items():
            book.worksheets[0][at].fill = PatternFill("solid", fgColor=colour)

    actions = _actions(_read(tmp_path, ["Q1 RAG", "Q2 RAG"], [(None, None)] * 3, change=paint))
    assert [action.brag for action in actions] == ["green", "red", "amber"]


@pytest.mark.parametrize(
    "headings",
    [
        ("Q1 update", "Q2 update"),
        ("Update 1", "Update 2"),
        ("July update", "October update"),
        ("Previous update", "Latest update"),
        ("Progress at 31 March 2024", "Progress at 30 June 2024"),
    ],
)
def test_news_of_two_periods_is_one_note_with_the_newest_first(headings: tuple[str, str], tmp_path: Path) -> None:
    cells = [("Advert placed", "Manager in post"), ("Draft written", None), (None, "Two came in May")]
    plan = _read(tmp_path, list(headings), cells)
    first, second = headings
    assert [action.note for action in _actions(plan)] == [
        f"{second}: Manager in post\n{first}: Advert placed",
        f"{first}: Draft written",
        f"{second}: Two came in May",
    ]
    assert "2 columns are updates, one for each period" in _said(plan)


def test_news_and_ratings_of_two_quarters_under_a_heading_for_each_are_read_apart(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [*OF_PLAN, "Quarter 1", None, "Quarter 2", None],
        [None, None, None, None, "Progress", "RAG", "Progress", "RAG"],
        [DUTY, ACTIONS[0], "Head of Service", d(2024, 9, 30), "Advert placed", "Red", "Manager in post", "Green"],
        [DUTY, ACTIONS[1], "Head of Service", d(2024, 9, 30), "Draft written", "Amber", "Sent to teams", "Red"],
        [PANEL, ACTIONS[2], "Head of Service", d(2024, 9, 30), "None came", "Red", "Two came in May", "Amber"],
    ]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook({"Plan": rows}, merges=("E1:F1", "G1:H1"))())
    actions = _actions(plan_from(read_document(path), DATED_ON).plan(DATED_ON))
    assert [action.brag for action in actions] == ["green", "red", "amber"]
    assert all(action.note.startswith("Quarter 2 Progress: ") for action in actions)


def test_updates_beside_numbered_actions_stay_with_their_actions(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Recommendation", "Action 1", "Who 1", "Update 1", "Action 2", "Who 2", "Update 2"],
        [DUTY, ACTIONS[0], "Head of Service", "Advert placed", ACTIONS[1], "Duty Manager", "Draft written"],
        [PANEL, ACTIONS[2], "IRO Manager", "Two came in May", "Train the chairs", "IRO Manager", "Dates set"],
    ]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook({"Plan": rows})())
    actions = _actions(plan_from(read_document(path), DATED_ON).plan(DATED_ON))
    assert [action.note for action in actions] == ["Advert placed", "Draft written", "Two came in May", "Dates set"]


def test_a_status_without_a_period_is_the_one_of_now(tmp_path: Path) -> None:
    cells = [("Not started", "In progress", "Complete")] * 3
    actions = _actions(_read(tmp_path, ["Status Q1", "Status Q2", "Status"], cells))
    assert {action.status for action in actions} == {"completed"}

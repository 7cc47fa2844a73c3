"""The plan that the product comes from, in its three formats.

Its files are not ours to keep in the repository: they are read from the folder that ILACS_REAL_PLAN_DIR
names, and the test says that it was skipped where there is none.
"""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ilacs_app.intake.reader.read import read_plan
from ilacs_app.plan.plan_file import PlanFile

FORMATS = ("docx", "xlsx", "csv")
DATED_ON = date(2018, 2, 22)
FOLDER = os.environ.get("ILACS_REAL_PLAN_DIR")

if not FOLDER:
    pytest.skip("ILACS_REAL_PLAN_DIR is not set: the original plan was not read", allow_module_level=True)


def read(extension: str) -> PlanFile:
    return read_plan(Path(str(FOLDER)) / f"post_inspection_action_plan_2018.{extension}", DATED_ON)


def compared(value: Any) -> Any:
    """JSON without addresses, with one kind of apostrophe and dash: the files differ in nothing else."""
    if isinstance(value, dict):
        return {key: compared(item) for key, item in value.items() if key != "at"}
    if isinstance(value, list):
        return [compared(item) for item in value]
    if isinstance(value, str):
        return value.translate({0x2018: "'", 0x2019: "'", 0x2013: "-", 0x2014: "-"})
    return value


@pytest.mark.parametrize("extension", FORMATS)
def test_the_original_plan_is_read_whole(extension: str) -> None:
    plan = read(extension)
    assert [len(one.actions) for one in plan.recommendations] == [6, 5, 5, 7, 7, 6, 4, 3, 3, 5, 3, 5]
    counts = plan.counts
    assert [counts[kind] for kind in ("dated", "window", "ongoing", "none", "not_understood")] == [
        53,
        1,
        5,
        0,
        0,
    ]
    assert counts["by_status_text"]["Not Due"] == 44
    statuses = {action.ref: action.status for action in plan.actions}
    assert [ref for ref, status in statuses.items() if status == "completed"] == ["2.1", "6.1", "7.1", "8.1"]
    assert [ref for ref, status in statuses.items() if status == "partly_complete"] == [
        "3.1",
        "3.2",
        "5.1",
        "8.3",
    ]
    assert [ref for ref, status in statuses.items() if status == "in_progress"] == ["4.2"]
    assert [ref for ref, status in statuses.items() if status is None] == [
        "1.1",
        "1.4",
        "1.6",
        "3.3",
        "4.6",
        "4.7",
    ]


@pytest.mark.parametrize("extension", FORMATS)
def test_its_odd_cells_are_read_as_they_are(extension: str) -> None:
    plan = read(extension)
    actions = {action.ref: action for action in plan.actions}
    assert actions["8.3"].timescale.due_dates == (date(2018, 2, 28), date(2018, 4, 30))
    assert actions["6.1"].completed_on == date(2018, 12, 31)
    assert len(actions["3.2"].note.split("\n")) == 2
    boards = {one.number: len(one.boards) for one in plan.recommendations}
    assert (boards["6"], boards["9"], boards["12"]) == (2, 2, 3)
    assert any(problem.severity == "warning" and "6.1" in problem.says for problem in plan.problems)


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_the_three_files_agree(extension: str) -> None:
    first, other = (compared(read(one).to_json()["recommendations"]) for one in ("docx", extension))
    assert other == first

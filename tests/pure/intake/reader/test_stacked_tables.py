"""Tables of the same headings below each other are split, each under what leads in to it, whoever knows the words."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from tests.corpus.reading import read_file

DATED_ON = date(2025, 3, 3)


def _read(rows: list[list[str]], folder: Path) -> dict[str, list[str]]:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path = folder / "plan.csv"
    path.write_text(out.getvalue(), "utf-8-sig")
    read = read_file(path, DATED_ON)
    assert read.plan is not None, read.refusal
    return {one.text: [action.text for action in one.actions] for one in read.plan.recommendations}


def test_a_line_above_each_table_is_its_recommendation_whatever_the_headings(tmp_path: Path) -> None:
    rows = [
        ["Children wait too long for a first visit"],
        ["Steps we are taking", "Person leading this", "Complete by date"],
        ["Start a duty rota across all teams", "Duty Manager", "30/06/2025"],
        ["Publish waiting times each Monday", "Data Analyst", "31/05/2025"],
        [],
        ["Plans are not shared with families"],
        ["Steps we are taking", "Person leading this", "Complete by date"],
        ["Post every plan within three days", "Business Manager", "31/07/2025"],
        [],
        ["Page 1 of 1"],
    ]
    assert _read(rows, tmp_path) == {
        "Children wait too long for a first visit": [
            "Start a duty rota across all teams",
            "Publish waiting times each Monday",
        ],
        "Plans are not shared with families": ["Post every plan within three days"],
    }


def test_labels_above_each_table_are_known_because_they_come_again(tmp_path: Path) -> None:
    head = ["What is going to happen", "Officer leading", "Finish date"]
    rows = [
        ["Weak spot", "Too few children see a dentist in their first months of care"],
        ["Sponsor", "Director of Public Health"],
        head,
        ["Agree a route into two dental practices", "Health Manager", "30/06/2025"],
        [],
        ["Weak spot", "Brothers and sisters are placed far away from each other"],
        ["Sponsor", "Director of Care"],
        head,
        ["Extend the homes of four carers", "Property Manager", "31/12/2025"],
        ["Recruit carers who take three or more", "Fostering Manager", "30/09/2025"],
    ]
    assert _read(rows, tmp_path) == {
        "Too few children see a dentist in their first months of care": ["Agree a route into two dental practices"],
        "Brothers and sisters are placed far away from each other": [
            "Extend the homes of four carers",
            "Recruit carers who take three or more",
        ],
    }


def test_a_heading_row_typed_again_without_a_line_above_it_parts_nothing(tmp_path: Path) -> None:
    head = ["Recommendation", "Action", "Owner", "Due date"]
    rows = [
        head,
        ["Better matching", "Hold a matching meeting", "Matching Manager", "30/06/2025"],
        ["", "Write a matching checklist", "Practice Manager", "31/07/2025"],
        head,
        ["", "Share it with carers", "Practice Manager", "31/08/2025"],
        ["Clear fees", "Publish a fee table", "Fostering Manager", "30/09/2025"],
    ]
    assert _read(rows, tmp_path) == {
        "Better matching": ["Hold a matching meeting", "Write a matching checklist", "Share it with carers"],
        "Clear fees": ["Publish a fee table"],
    }


def test_a_label_whose_values_are_numbers_does_not_hide_the_one_that_holds_the_recommendation(tmp_path: Path) -> None:
    head = ["What is going to happen", "Officer leading", "Finish date"]
    rows = [
        ["Rec #", "Rec 1"],
        ["Weak spot", "Too few children see a dentist in their first months of care"],
        head,
        ["Agree a route into two dental practices", "Health Manager", "30/06/2025"],
        [],
        ["Rec #", "Rec 2"],
        ["Weak spot", "Brothers and sisters are placed far away from each other"],
        head,
        ["Extend the homes of four carers", "Property Manager", "31/12/2025"],
    ]
    assert _read(rows, tmp_path) == {
        "Too few children see a dentist in their first months of care": ["Agree a route into two dental practices"],
        "Brothers and sisters are placed far away from each other": ["Extend the homes of four carers"],
    }

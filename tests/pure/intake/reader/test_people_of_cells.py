"""Whether a cell of owners names several people or one title, what is asked about it, and who only supports."""

from __future__ import annotations

from datetime import date

import pytest

from ilacs_app.intake.reader.contents.document import document, grid
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.intake.reader.rows.people import KnownPeople, people_in
from ilacs_app.plan.plan_file import HEADINGS, PlanFile

DATED_ON = date(2024, 6, 3)
NOBODY_ALONE = KnownPeople()


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Head of Service / Team Manager", ("Head of Service", "Team Manager")),
        ("Practice Lead & Head of Service", ("Practice Lead", "Head of Service")),
        ("DCS/PSW", ("DCS", "PSW")),
        ("Casey Lane & Robin Hart", ("Casey Lane", "Robin Hart")),
        ("Head of Service; Team Manager\nPractice Lead", ("Head of Service", "Team Manager", "Practice Lead")),
        ("R&D Manager", ("R&D Manager",)),
        ("N/A", ("N/A",)),
        ("Quality and Assurance Team", ("Quality and Assurance Team",)),
        ("Head of Fostering and Adoption", ("Head of Fostering and Adoption",)),
        ("Head of Fostering and Adoption Service", ("Head of Fostering and Adoption Service",)),
        ("Training and Development Manager", ("Training and Development Manager",)),
        ("Head of Quality and Service Improvement", ("Head of Quality and Service Improvement",)),
        ("Early Help and Family Support", ("Early Help and Family Support",)),
        ("Lead: Head of Service", ("Head of Service",)),
    ],
)
def test_titles_that_are_clear_are_taken_without_a_question(cell: str, names: tuple[str, ...]) -> None:
    people = people_in(cell, NOBODY_ALONE)
    assert (people.names, people.says) == (names, "")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Casey & Robin", ("Casey", "Robin")),
        ("Police / Health", ("Police", "Health")),
        ("Head of Fostering & Adoption", ("Head of Fostering & Adoption",)),
        ("Quality & Assurance Team", ("Quality & Assurance Team",)),
        ("Fostering/Adoption Manager", ("Fostering/Adoption Manager",)),
        ("Audit Manager and Practice Lead", ("Audit Manager", "Practice Lead")),
        ("MASH Manager and Police", ("MASH Manager", "Police")),
        (
            "Director and Lead Member for Children and Young People",
            ("Director", "Lead Member for Children and Young People"),
        ),
        (
            "Head of Service for Children in Care and Care Leavers and Team Manager",
            ("Head of Service for Children in Care and Care Leavers", "Team Manager"),
        ),
    ],
)
def test_a_cell_that_may_name_one_or_several_is_asked_about(cell: str, names: tuple[str, ...]) -> None:
    people = people_in(cell, NOBODY_ALONE)
    assert people.names == names
    assert cell in people.says and people.do


@pytest.mark.parametrize(
    "cell",
    [
        "Lead: Head of Service / Support: Team Manager",
        "Lead: Head of Service, Support: Team Manager",
        "Support: Team Manager\nLead: Head of Service",
        "Lead - Head of Service; Support - Team Manager",
        "Head of Service (lead) / Team Manager (support)",
    ],
)
def test_labels_within_a_cell_are_removed_the_lead_is_first_and_support_is_asked_about(cell: str) -> None:
    people = people_in(cell, NOBODY_ALONE)
    assert people.names == ("Head of Service", "Team Manager")
    assert "supports" in people.says and "contributor" in people.do


HEAD = ["Recommendation", "Action", "Owner", "Timescale"]


def _plan(*owners: str, head: list[str] | None = None) -> PlanFile:
    rows = [[f"Aim {n} is late", f"Review step {n} of it", who, "30 July 2024"] for n, who in enumerate(owners, 1)]
    return plan_from(document(grid([head or HEAD, *rows])), DATED_ON).plan(DATED_ON)


def _asked(plan: PlanFile) -> list[str]:
    return [problem.at for problem in plan.problems if problem.kind == "owner_several"]


def test_names_that_stand_alone_in_other_cells_are_two_people_without_a_question() -> None:
    plan = _plan("Casey", "Robin", "Casey & Robin", "Casey & Alex")
    assert [action.owners for action in plan.actions] == [("Casey",), ("Robin",), ("Casey", "Robin"), ("Casey", "Alex")]
    assert _asked(plan) == ["table 1, row 5, column 3"]


def test_a_team_that_stands_alone_in_another_cell_is_not_parted() -> None:
    plan = _plan("Quality Team", "Assurance Team and Quality Team", "Assurance Team")
    assert [len(action.owners) for action in plan.actions] == [1, 2, 1]


def test_under_our_own_headings_each_person_has_a_line_and_and_parts_no_one() -> None:
    cells = {
        "recommendation": "Visits are late",
        "action": "Review each visit",
        "leads": "Practice Lead and Head of Service",
    }
    rows = [[*HEADINGS.values()], [cells.get(field, "") for field in HEADINGS]]
    plan = plan_from(document(grid(rows)), DATED_ON).plan(DATED_ON)
    assert plan.recommendations[0].leads == ("Practice Lead and Head of Service",)


@pytest.mark.parametrize(
    "cell",
    [
        "Casey Lane, Principal Social Worker / Robin Hart, HR Business Partner",
        "Casey Lane, Service Manager Assessment & Robin Hart, Director of Children's Services",
        "Service Manager Assessment / Head of Early Help",
        "Team Manager Front Door & Independent Reviewing Manager",
        "Detective Inspector & Head of Safeguarding",
    ],
)
def test_titles_on_both_sides_are_two_people_whatever_stands_behind_the_first(cell: str) -> None:
    assert people_in(cell, NOBODY_ALONE).names == tuple(cell.replace(" & ", " / ").split(" / "))


def test_a_question_about_leads_says_that_it_is_about_the_recommendation() -> None:
    people = people_in("Casey & Robin", NOBODY_ALONE, lead=True)
    assert "one lead of the recommendation or several" in people.says and "between the leads" in people.do

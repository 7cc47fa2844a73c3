"""Answers of the check page: what gives way, what one answer serves, and what an earlier file's answers mean."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from ilacs_app.errors import Refused
from ilacs_app.intake.checking import problem_groups as problem_titles
from ilacs_app.intake.checking.answers import answers_for, chosen_columns, chosen_for_all, corrected_row
from ilacs_app.intake.checking.problem_groups import needs_year, problem_groups
from ilacs_app.intake.reader.choices import Choices, Reading, RowChoice
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import HEADINGS, FileAction, FileColumn, FileProblem, FileSource

DATED = date(2018, 2, 22)
REPORTING = {"FileProblem", "_problem"}


def _reading(*columns: tuple[str, str | None], key: dict[str, str] | None = None) -> Reading:
    made = tuple(FileColumn(heading, field, "exact" if field else "unknown") for heading, field in columns)
    return Reading(FileSource("plan.csv", "csv"), made, (), (), {}, key or {})


def _action(n: int, timescale: str, status: str = "") -> FileAction:
    return FileAction(f"1.{n}", f"Action {n}", read_timescale(timescale, DATED), f"row {n + 1}", note=status)


def test_a_column_chosen_for_a_field_takes_it_from_the_column_that_had_it():
    reading = _reading(("Until", "timescale"), ("Agreed", None))
    columns, gave_way = chosen_columns(reading, {}, {"column-1": "timescale"}, HEADINGS)
    assert columns == {"Agreed": "timescale", "Until": ""} and gave_way == ["Until"]


def test_two_columns_may_change_places_in_one_go():
    reading = _reading(("Until", "timescale"), ("State", "note"))
    columns, gave_way = chosen_columns(reading, {}, {"column-0": "note", "column-1": "timescale"}, HEADINGS)
    assert columns == {"Until": "note", "State": "timescale"} and gave_way == []


@pytest.mark.parametrize("sent", [{"column-0": "nonsense"}, {"column-0": "impact", "column-1": "impact"}])
def test_what_cannot_be_is_refused(sent):
    with pytest.raises(Refused):
        chosen_columns(_reading(("Until", "timescale"), ("State", "note")), {}, sent, HEADINGS)


def test_an_answer_of_an_earlier_file_gives_way_to_the_key_of_the_new_one():
    before = Choices(statuses={"green": "completed", "amber": "in_progress"})
    assert answers_for(_reading(key={"Green": "On track"}), before).statuses == {"amber": "in_progress"}


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ("End March", True),
        ("31 March", True),
        ("April", True),
        ("March 2018", False),
        ("TBC", False),
        ("Ongoing", False),
    ],
)
def test_a_date_needs_a_year_only_where_a_year_makes_it_one(words, needed):
    assert needs_year(words, DATED) is needed


def test_one_year_and_one_status_serve_every_row_of_their_kind():
    actions = [_action(1, "End March", "Half done"), _action(2, "April"), _action(3, "TBC", "Half done")]
    problems = [
        FileProblem(a.at, "warning", f"{a.ref}: “{a.timescale.text}” is unclear.", "", "date_unclear") for a in actions
    ]
    problems += [FileProblem(a.at, "warning", f"{a.ref}: Unclear.", "", "status_unclear") for a in actions if a.note]
    groups = problem_groups(problems, actions, DATED)
    assert [(group.kind, group.count) for group in groups] == [
        ("date_year", 2),
        ("date_unclear", 1),
        ("status_unclear", 2),
    ]
    sent = {"all-date_year": "2018", "all-status_unclear": "in_progress", "all-date_unclear": "2018"}
    rows = chosen_for_all(groups, actions, sent, rows={}, statuses={"in_progress": ""}, years=range(2015, 2022))
    assert rows == {
        "row 2": RowChoice("End March 2018", "in_progress"),
        "row 3": RowChoice("April 2018"),
        "row 4": RowChoice("", "in_progress"),
    }


@pytest.mark.parametrize("year", ["1", "9999", "two", ""])
def test_a_year_that_is_not_offered_changes_nothing(year):
    actions = [_action(1, "End March")]
    problem = FileProblem("row 2", "warning", "1.1: “End March” is unclear.", "", "date_unclear")
    groups = problem_groups([problem], actions, DATED)
    sent = {"all-date_year": year}
    assert chosen_for_all(groups, actions, sent, rows={}, statuses={}, years=range(2015, 2022)) == {}


def test_a_date_serves_the_rows_with_its_wording_and_leaves_their_status():
    actions = [_action(1, "Easter"), _action(2, "Easter"), _action(3, "TBC")]
    choices = Choices(rows={"row 3": RowChoice(status="completed")})
    given = RowChoice("1 April 2018")
    assert corrected_row(choices, actions, actions[0], given, same=True).rows == {
        "row 2": given,
        "row 3": RowChoice("1 April 2018", "completed"),
    }
    assert corrected_row(choices, actions, actions[0], given, same=False).rows == {**choices.rows, "row 2": given}


def test_problems_without_a_kind_are_grouped_where_only_quotes_and_numbers_differ():
    problems = [
        FileProblem("row 3", "info", "“A” is struck out in 2 cells.", "Check it."),
        FileProblem("row 9", "info", "“B” is struck out in 14 cells.", "Check it."),
        FileProblem("row 1", "error", "No text.", "Add it."),
    ]
    groups = problem_groups(problems, [], DATED)
    assert [(group.severity, group.count, len(group.lines)) for group in groups] == [("error", 1, 1), ("info", 2, 2)]


def test_many_questions_about_the_layout_are_one_group_with_one_line():
    says = "The table could be read in another way, so this may not be the recommendation of the actions below it."
    problems = [FileProblem(f"row {n}", "warning", says, "Check it.", kind="layout_guess") for n in range(2, 62)]
    groups = problem_groups(problems, [], DATED)
    assert [(group.title, len(group.lines)) for group in groups] == [("We guessed the layout in 60 places", 1)]
    assert len(groups[0].lines[0].shown) < 10 and groups[0].lines[0].more > 50


def test_every_kind_of_problem_that_the_reader_reports_has_a_title():
    reader = Path(problem_titles.__file__).parents[1] / "reader"
    calls = [node for path in reader.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    kinds = {
        keyword.value.value
        for call in calls
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in REPORTING
        for keyword in call.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }
    assert len(kinds) > 20
    assert kinds <= set(problem_titles.TITLES)

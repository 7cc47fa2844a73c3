"""What every row and column was taken for, how sure we are, and what is asked where no column says it."""

from __future__ import annotations

import json
from datetime import date

import openpyxl
from click.testing import CliRunner

from ilacs_app.intake.cli import plan_import
from ilacs_app.intake.reader.choices import Reading
from ilacs_app.intake.reader.contents.document import Cell, Heading, Line, Paragraph, document, grid
from ilacs_app.intake.reader.explain import Explained, explained_lines
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.intake.reader.problems import COLUMN_NAMES

DATED_ON = date(2025, 1, 6)
ACROSS = grid(
    [
        ["Ref", "Action", "Lead", "Timescale", "RAG"],
        [Cell("Theme 1: Visits are late", columns=5), "", "", "", ""],
        ["1.1", "Print the late list each Monday", "Duty Manager", "31/01/2025", "Green"],
        [Cell("Theme 2: Records are thin", columns=5), "", "", "", ""],
        ["2.1", "Read five records a week", "Quality Officer", "Monthly", "Red"],
    ],
    "sheet Plan",
    lettered=True,
)
RISKS = grid([["Risk", "Likelihood", "Effect"], ["Vacancies", "High", "Medium"]], "sheet Risks", lettered=True)


def test_every_row_and_column_says_what_it_was_taken_for() -> None:
    plan, risks = plan_from(document(ACROSS, RISKS, name="plan.xlsx"), DATED_ON).explained.grids
    assert [(row.role, row.cells[0]) for row in plan.rows] == [
        ("heading", "Ref"),
        ("recommendation", "Theme 1: Visits are late"),
        ("action", "1.1"),
        ("recommendation", "Theme 2: Records are thin"),
        ("action", "2.1"),
    ]
    assert [(column.heading, column.field) for column in plan.columns][1:] == [
        ("Action", "action"),
        ("Lead", "leads"),
        ("Timescale", "timescale"),
        ("RAG", "brag"),
    ]
    assert all(0 < column.certainty <= 1 and column.why for column in plan.columns)
    assert not risks.is_plan and {row.role for row in risks.rows} == {"left_out"}


def test_what_was_kept_of_a_reading_comes_back_as_it_was() -> None:
    table = grid(
        [
            ["Recommendation", "Action", "Timescale"],
            ["Visits are late", "Print the list", "03/25/2025"],
            ["", "Ring each family", "04/05/2025"],
        ]
    )
    reading = plan_from(document(table), DATED_ON)
    kept = Reading.from_json(json.loads(json.dumps(reading.to_json())), DATED_ON)
    assert kept == reading
    due = [action.timescale.due_on for one in kept.recommendations for action in one.actions]
    assert due == [date(2025, 3, 25), date(2025, 4, 5)]
    assert all(action.timescale.guessed for one in kept.recommendations for action in one.actions)
    assert any("month comes before the day" in problem.says for problem in kept.problems)


def test_notes_that_name_days_do_not_turn_the_dates_of_the_timescale() -> None:
    table = grid(
        [
            ["Recommendation", "Action", "Timescale", "Progress"],
            ["Visits are late", "Print the list", "03/25/2025", "14/12/2024: the list is printed"],
        ]
    )
    ((action,),) = (one.actions for one in plan_from(document(table), DATED_ON).recommendations)
    assert (action.timescale.due_on, action.timescale.guessed) == (date(2025, 3, 25), True)


def test_the_lines_of_explain_name_each_column_and_the_first_rows() -> None:
    lines = list(explained_lines(plan_from(document(ACROSS, RISKS), DATED_ON).explained, COLUMN_NAMES))
    assert lines[0] == "Sheet Plan: the plan (read as rows across)."
    assert any(line.startswith("  column D “Timescale”: Timescale, certain, by its name") for line in lines)
    assert any("recommendation (it goes across the table): Theme 1" in line for line in lines)
    assert any(line.startswith("Sheet Risks: left out") for line in lines)


def test_the_command_line_explains_a_file_and_says_in_a_dry_run_how_sure_it_is(tmp_path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Aim,Steps,Until\nVisits are on time,Print the list,31/01/2025\n", encoding="utf-8")
    explained = CliRunner().invoke(plan_import, [str(path), "--explain", "--dated", "2025-01-06"])
    assert explained.exit_code == 0, explained.output
    assert "column B “Steps”: Action" in explained.output
    assert "row 2: action (its recommendation begins here): Visits are on time | Print the list" in explained.output
    dry = CliRunner().invoke(plan_import, [str(path), "--dry-run", "--dated", "2025-01-06"])
    assert "“Until”: Timescale, " in dry.output
    assert CliRunner().invoke(plan_import, [str(path), "--explain", "--json"]).exit_code == 2


def test_recommendations_without_a_column_of_actions_are_kept_as_their_own_and_are_asked_about() -> None:
    table = grid(
        [
            ["No.", "Recommendation", "Responsibility", "Date", "Progress"],
            ["1", "Visits should be made on time", "Head of Service", "March 2025", "A rota is in place"],
            ["2", "Records should be read each month", "Head of Quality", "May 2025", ""],
        ]
    )
    plan = plan_from(document(table), DATED_ON).plan(DATED_ON)
    assert [(one.text, one.actions[0].text) for one in plan.recommendations] == [
        ("Visits should be made on time", "Visits should be made on time"),
        ("Records should be read each month", "Records should be read each month"),
    ]
    assert any("No column holds actions" in problem.says for problem in plan.problems)


def test_a_list_under_headings_that_are_dates_is_a_list_of_actions_due_then() -> None:
    blocks = [
        Heading("heading 1", "Priority 4: Homes near to home", 1),
        Heading("heading 2", "By September 2025", 2),
        Paragraph("paragraph 1", Line("Recruit ten carers for teenagers", 1, "•")),
        Paragraph("paragraph 2", Line("Open a second family home", 1, "•")),
        Heading("heading 3", "By December 2025", 2),
        Paragraph("paragraph 3", Line("Review every placement over twenty miles away", 1, "•")),
    ]
    plan = plan_from(document(*blocks), DATED_ON).plan(DATED_ON)
    assert [(action.text, action.timescale.due_on) for action in plan.actions] == [
        ("Recruit ten carers for teenagers", date(2025, 9, 30)),
        ("Open a second family home", date(2025, 9, 30)),
        ("Review every placement over twenty miles away", date(2025, 12, 31)),
    ]
    assert [one.text for one in plan.recommendations] == ["Homes near to home"]


def test_a_row_that_is_struck_out_whole_stays_where_it_was_and_is_taken_as_withdrawn() -> None:
    def struck(text: str) -> Cell:
        return Cell(text, marked=(Line(text, struck=((0, len(text)),)),))

    table = grid(
        [
            ["No", "Recommendation", "Action", "Timescale"],
            ["1", "Visits are late", "Print the list", "May 2025"],
            [struck("2"), struck("Records are thin"), struck("Read five a week"), struck("June 2025")],
        ]
    )
    plan = plan_from(document(table), DATED_ON).plan(DATED_ON)
    (action,) = plan.recommendations[1].actions
    assert (plan.recommendations[1].text, action.text) == ("Records are thin", "Read five a week")
    assert (action.status, action.status_guessed) == ("withdrawn", True)
    assert any("struck out" in problem.says and problem.at == "table 1, row 3" for problem in plan.problems)


KEY = grid([["Red", "Off track"], ["Amber", "At risk"], ["Green", "On track"]], "sheet Key", lettered=True)
PHONES = grid([["Desk", "Extension"], ["Duty", "4401"], ["Review", "4402"]], "sheet Desks", lettered=True)


def test_a_table_that_is_left_out_says_its_first_words_why_and_how_to_take_it_in() -> None:
    reading = plan_from(document(ACROSS, RISKS, KEY, PHONES, name="plan.xlsx"), DATED_ON)
    out = {table.at: table for table in reading.explained.grids if not table.is_plan}
    assert {at: (table.begins, table.why) for at, table in out.items()} == {
        "sheet Risks": ("Risk, Likelihood, Effect", "its name or headings say “risks”, “risk” and “likelihood”"),
        "sheet Key": ("Red, Off track", "it explains colours, symbols or words"),
        "sheet Desks": ("Desk, Extension", "it has no dates, people, status or progress to go with actions"),
    }
    assert all("import the file again" in out[at].do for at in ("sheet Risks", "sheet Desks"))
    left = {problem.at: problem for problem in reading.problems if problem.kind == "left_out"}
    for at, table in out.items():
        assert left[at].says == f"It begins “{table.begins}”. We left it out, because {table.why}."
        assert left[at].do == table.do
    lines = list(explained_lines(reading.explained, COLUMN_NAMES))
    place = lines.index(f"Sheet Desks: left out ({out['sheet Desks'].why}).")
    assert lines[place + 1 : place + 3] == ["  It begins “Desk, Extension”.", f"  {out['sheet Desks'].do}"]


def test_a_dry_run_names_the_first_words_of_a_table_that_is_left_out(tmp_path) -> None:
    book = openpyxl.Workbook()
    for title, rows in (("Plan", ACROSS.rows), ("Risks", RISKS.rows)):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([cell.text for cell in row.cells])
    del book["Sheet"]
    book.save(tmp_path / "plan.xlsx")
    dry = CliRunner().invoke(plan_import, [str(tmp_path / "plan.xlsx"), "--dry-run", "--dated", "2025-01-06"])
    assert "It begins “Risk, Likelihood, Effect”. We left it out, because" in dry.output


def test_a_reading_kept_before_tables_said_their_first_words_is_still_shown() -> None:
    stored = json.loads(json.dumps(plan_from(document(ACROSS, RISKS), DATED_ON).explained.to_json()))
    for table in stored["grids"]:
        del table["begins"], table["do"]
    assert [(table.begins, table.do) for table in Explained.from_json(stored).grids] == [("", ""), ("", "")]

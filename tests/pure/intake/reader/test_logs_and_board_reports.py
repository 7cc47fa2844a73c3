"""Action logs with ticks, old copies, comments and struck-out rows, and board reports that refer to recommendations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from ilacs_app.intake.reader.choices import Choices
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.plan.plan_file import FileAction, PlanFile
from tests.pure.intake.reader.plans import DATED_ON, across, document, heading, line, para, table, workbook

VISITS, PLANS = "Visits to children are late", "Plans for children drift"


def plan_of(data: bytes, kind: str, folder: Path) -> PlanFile:
    """Read a plan with everything to look at in it."""
    path = folder / f"plan.{kind}"
    path.write_bytes(data)
    return plan_from(read_document(path), DATED_ON).plan(DATED_ON, Choices())


def actions(plan: PlanFile) -> list[FileAction]:
    return [action for one in plan.recommendations for action in one.actions]


def says(plan: PlanFile, start: str = "") -> list[str]:
    return [problem.says for problem in plan.problems if problem.at.startswith(start)]


# Action logs ------------------------------------------------------------------------------------------------

LOG = ["Recommendation", "Action", "Owner", "Due", "Not started", "In progress", "Done", "Slipped"]


def log(tick: str) -> list[list[Any]]:
    return [
        LOG,
        [VISITS, "Count visits every week", "Team Manager", "30/06/2024", None, tick],
        [VISITS, "Recruit two visiting officers", "Service Manager", "31/07/2024", tick],
        [PLANS, "Review every plan", "Head of Review", "31/05/2024", None, None, tick],
        [PLANS, "Train reviewing officers", "Head of Review", "30/04/2024", None, None, None, tick],
    ]


@pytest.mark.parametrize("tick", ["\u2713", "x", "Y", "\u2611"])
def test_the_column_that_is_ticked_is_the_status(tick: str, tmp_path: Path) -> None:
    plan = plan_of(workbook({"Log": log(tick)})(), "xlsx", tmp_path)
    assert [(one.status_text, one.status) for one in actions(plan)] == [
        ("In progress", "in_progress"),
        ("Not started", "not_started"),
        ("Done", "completed"),
        ("Slipped", "in_progress"),
    ]
    assert actions(plan)[3].status_guessed


def test_two_ticks_in_a_row_are_asked_about(tmp_path: Path) -> None:
    rows = log("x")
    rows[1][6:] = ["x"]
    rows += [[PLANS, f"Chair meeting {n}", "Head of Review", "30/04/2024", None, "x"] for n in range(3)]
    first = actions(plan_of(workbook({"Log": rows})(), "xlsx", tmp_path))[0]
    assert first.status is None or first.status_guessed


@pytest.mark.parametrize("name", ["Archive May 24", "Old log", "Log - do not use"])
def test_an_older_copy_of_the_log_is_left_out_and_named(name: str, tmp_path: Path) -> None:
    copy = [row[:] for row in log("x")]
    for row in copy[1:]:
        row[3] = "31/03/2024"
    plan = plan_of(workbook({"Log": log("x"), name: copy})(), "xlsx", tmp_path)
    assert [one.timescale.text for one in actions(plan)] == ["30/06/2024", "31/07/2024", "31/05/2024", "30/04/2024"]
    assert says(plan, f"sheet {name}") == [
        f"It begins “{', '.join(LOG)}”. We left it out, because it is called an older copy, and its actions are in "
        "sheet Log too."
    ]


def test_a_sheet_of_closed_actions_that_repeats_none_is_read(tmp_path: Path) -> None:
    closed = [LOG, [VISITS, "Write a visiting standard", "Service Manager", "31/01/2024", None, None, "x"]]
    closed.append([PLANS, "Appoint a reviewing officer", "Head of Review", "29/02/2024", None, None, "x"])
    plan = plan_of(workbook({"Log": log("x"), "Closed": closed})(), "xlsx", tmp_path)
    assert {"Write a visiting standard", "Appoint a reviewing officer"} < {one.text for one in actions(plan)}


def test_a_comment_on_a_cell_is_shown_for_its_row(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.worksheets[0]["D3"].comment = Comment("A new date comes to the July meeting", "Programme Office")

    plan = plan_of(workbook({"Log": log("x")}, (), change)(), "xlsx", tmp_path)
    found = [problem for problem in plan.problems if problem.kind == "comment"]
    assert [(one.at, one.severity) for one in found] == [("sheet Log, row 3, column D", "warning")]
    assert "“A new date comes to the July meeting”" in found[0].says


def struck(rows: list[int]) -> Any:
    def change(book: Any) -> None:
        for row in rows:
            for column in range(1, 5):
                book.worksheets[0].cell(row, column).font = Font(strike=True)

    return change


def test_a_struck_out_action_that_is_ticked_as_done_is_completed_and_keeps_its_date(tmp_path: Path) -> None:
    plan = plan_of(workbook({"Log": log("x")}, (), struck([4]))(), "xlsx", tmp_path)
    done = actions(plan)[2]
    assert (done.text, done.owners, done.timescale.text) == ("Review every plan", ("Head of Review",), "31/05/2024")
    assert (done.status, done.status_guessed) == ("completed", True)
    assert any("completed, because its status says so" in text for text in says(plan, done.at))


def test_a_file_that_says_struck_out_means_done_has_such_actions_completed(tmp_path: Path) -> None:
    rows = [["Actions that are struck through are complete"], [], *[row[:5] for row in log("")]]
    rows[2][4] = "Notes"
    plan = plan_of(workbook({"Log": rows}, (), struck([5]))(), "xlsx", tmp_path)
    assert [(one.status, one.status_guessed) for one in actions(plan)][1] == ("completed", True)


def test_a_struck_out_action_without_a_status_is_asked_with_both_readings(tmp_path: Path) -> None:
    plan = plan_of(workbook({"Log": [row[:4] for row in log("")]}, (), struck([3]))(), "xlsx", tmp_path)
    gone = actions(plan)[1]
    assert gone.status_guessed
    assert any("It may be done or withdrawn" in text for text in says(plan, gone.at))


def test_a_row_that_counts_the_actions_is_no_action(tmp_path: Path) -> None:
    rows = [
        ["No", "Recommendation", "Ref", "Action", "Owner", "Due"],
        [1, VISITS, "1a", "Count visits every week", "Team Manager", "30/06/2024"],
        [2, PLANS, "2a", "Review every plan", "Head of Review", "31/07/2024"],
        [],
        [None, None, "Total actions", 2],
    ]
    plan = plan_of(workbook({"Plan": rows})(), "xlsx", tmp_path)
    assert [one.ref for one in actions(plan)] == ["1a", "2a"]


# Board reports ----------------------------------------------------------------------------------------------

SUMMARY = table(
    line("Rec.", "Recommendation", "Sponsor"),
    line("R1", VISITS, "Assistant Director"),
    line("R2", PLANS, "Director of Practice"),
    columns=3,
)
LIVE = ("Rec.", "No.", "Action and latest position", "Lead", "Timescale")
FIRST = (
    ("R1", "1", "Count visits every week\nLatest: The first count was shared", "Team Manager", "30 June 2024"),
    ("R1", "2", "Recruit two visiting officers", "Service Manager", "31 July 2024"),
    ("R2", "3", "Review every plan\nLatest: Thirty of ninety were reviewed", "Head of Review", "31 August 2024"),
)
SECOND = (
    ("R2", "4", "Train reviewing officers\nLatest: A trainer was booked", "Head of Review", "30 September 2024"),
    ("R1", "5", "Report missed visits to the board", "Data Officer", "31 October 2024"),
)


def report(*more: str) -> bytes:
    return document(
        heading("Improvement Board, 10 June 2024, item 5", 1),
        heading("Summary"),
        SUMMARY,
        heading("Live actions (colour = RAG)"),
        table(line(*LIVE), *(line(*row) for row in FIRST), columns=5),
        para("Live actions (continued)"),
        table(*(line(*row) for row in SECOND), columns=5),
        *more,
    )()


def test_references_stand_for_the_recommendations_that_another_table_spells_out(tmp_path: Path) -> None:
    plan = plan_of(report(), "docx", tmp_path)
    assert [(one.number, one.text, [a.ref for a in one.actions]) for one in plan.recommendations] == [
        ("R1", VISITS, ["1", "2", "5"]),
        ("R2", PLANS, ["3", "4"]),
    ]


def test_the_latest_position_below_an_action_is_its_progress(tmp_path: Path) -> None:
    found = {one.ref: one for one in actions(plan_of(report(), "docx", tmp_path))}
    assert (found["1"].text, found["1"].note) == ("Count visits every week", "The first count was shared")
    assert (found["4"].text, found["4"].note) == ("Train reviewing officers", "A trainer was booked")
    assert found["2"].note == ""


def test_a_heading_that_says_how_far_actions_are_is_no_recommendation(tmp_path: Path) -> None:
    done = table(
        line("No.", "Action", "Lead", "Completed on"),
        line("C1", "Write a visiting standard", "Service Manager", "6 May 2024"),
        line("C2", "Appoint a reviewing officer", "Head of Review", "19 April 2024"),
        columns=4,
    )
    plan = plan_of(report(heading("Completed since the last board"), done), "docx", tmp_path)
    assert "Completed since the last board" not in {one.text for one in plan.recommendations}
    last = plan.recommendations[-1]
    assert [(a.status, a.status_guessed) for a in last.actions] == [("completed", True)] * 2
    assert any("which recommendation" in text for text in says(plan, last.at))
    assert not any("“”" in text or "No timescale" in text for text in says(plan, last.actions[0].at))


def test_a_key_of_scores_names_no_recommendations(tmp_path: Path) -> None:
    scores = table(
        line("Score", "Meaning"),
        line("1", "On target for its date"),
        line("2", "In progress, but some weeks late"),
        columns=2,
    )
    rows = [("Count visits every week", "1"), ("Recruit two visiting officers", "2"), ("Review visits monthly", "2")]
    body = [
        line("Action", "Stage reached", "Lead", "Due"),
        *(line(*row, "Team Manager", "30 June 2024") for row in rows),
    ]
    plan = plan_of(document(heading(VISITS), table(*body, columns=4), heading("Key"), scores)(), "docx", tmp_path)
    assert [one.text for one in plan.recommendations] == [VISITS]


def test_a_key_of_rating_letters_names_no_recommendations(tmp_path: Path) -> None:
    key = table(
        line("R", "Late, and no plan to recover"),
        line("A", "In progress, with some risk"),
        line("G", "In progress, and on track now"),
        columns=2,
    )
    rows = [("Count visits every week", "G"), ("Recruit two visiting officers", "A"), ("Review visits monthly", "A")]
    body = [line("Action", "RAG"), *(line(*row) for row in rows)]
    plan = plan_of(document(key, heading(f"Recommendation 1: {VISITS}"), table(*body, columns=2))(), "docx", tmp_path)
    assert [one.text for one in plan.recommendations] == [VISITS]


# Cards ------------------------------------------------------------------------------------------------------


def card(ref: str, words: str, owner: str, due: str) -> str:
    rows = (line("What we will do", words), line("Action owner", owner), line("Completion date", due))
    return table(across(f"Action {ref}", 2), *rows, columns=2)


def test_a_line_above_a_card_that_holds_only_a_reference_is_the_actions_own(tmp_path: Path) -> None:
    body = (
        heading(f"Recommendation 1: {VISITS}"),
        card("A1", "Count visits every week", "Team Manager", "30 June 2024"),
        para(),
        card("A2", "Recruit two visiting officers", "Service Manager", "31 July 2024"),
        heading(f"Recommendation 2: {PLANS}"),
        card("B1", "Review every plan", "Head of Review", "31 August 2024"),
    )
    plan = plan_of(document(*body)(), "docx", tmp_path)
    assert [[(a.ref, a.own_ref) for a in one.actions] for one in plan.recommendations] == [
        [("A1", True), ("A2", True)],
        [("B1", True)],
    ]
    assert [one.text for one in plan.recommendations] == [VISITS, PLANS]


# Sentences --------------------------------------------------------------------------------------------------


def test_columns_that_a_council_does_not_use_are_named_once_as_information(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Owner", "Due"],
        [VISITS, "Count visits every week", "Team Manager", "30/6/24"],
    ]
    rows.append([PLANS, "Review every plan", "Head of Review", "31/07/2024"])
    plan = plan_of(workbook({"One": rows, "Two": [row[:3] for row in rows]})(), "xlsx", tmp_path)
    unused = [one for one in plan.problems if one.kind == "columns_not_used"]
    assert [one.severity for one in unused] == ["info"]
    assert "“Link Plans”" in unused[0].says and "“Partnership Focus”" in unused[0].says


def test_a_status_in_a_column_of_ratings_is_not_called_a_colour(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Owner", "Due", "RAG"],
        [VISITS, "Count visits every week", "Team Manager", "30/06/2024", "Green"],
        [PLANS, "Review every plan", "Head of Review", "31/07/2024", "NOT STARTED"],
    ]
    plan = plan_of(workbook({"Plan": rows})(), "xlsx", tmp_path)
    assert not any("colour" in text for text in says(plan, actions(plan)[1].at))
    assert (actions(plan)[1].status, actions(plan)[1].status_guessed) == ("not_started", True)

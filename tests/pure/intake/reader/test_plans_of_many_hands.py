"""Plans as different officers keep them: keys below, closed actions beside, lists with news, priorities in boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import PatternFill

from ilacs_app.plan.plan_file import FileAction, PlanFile
from ilacs_app.plan.rules import Status
from tests.corpus.reading import read_file
from tests.pure.intake.reader.plans import document, heading, line, para, table, workbook

DATED_ON = date(2026, 11, 28)


def read(data: Callable[[], bytes], kind: str, folder: Path) -> PlanFile:
    path = folder / f"plan.{kind}"
    path.write_bytes(data())
    made = read_file(path, DATED_ON)
    assert made.plan is not None, made.refusal
    return made.plan


def actions(plan: PlanFile) -> list[FileAction]:
    return [action for recommendation in plan.recommendations for action in recommendation.actions]


def texts(plan: PlanFile) -> list[tuple[str, str]]:
    return [(each.text, action.text) for each in plan.recommendations for action in each.actions]


def field_of(plan: PlanFile, heading: str) -> str | None:
    return next(column.field for column in plan.columns if column.heading == heading)


HEADINGS = ("Recommendation", "Action", "Owner", "Due", "RAG", "Update")
ROWS: tuple[Sequence[Any], ...] = (
    ("Records are late", "Write recording standards", "TM", "31 January 2027", "A", "Draft written."),
    (None, "Hold a weekly recording hour", "PL", "28 February 2027", "G", "Held twice."),
    ("Visits are missed", "Count visits every week", "TM", "31 March 2027", "R", "Not counted in May."),
)
WRITTEN = ["Write recording standards", "Hold a weekly recording hour", "Count visits every week"]


# A key below the plan ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", [("Who is who",), ()])
def test_lines_below_the_plan_that_say_whose_initials_they_are_name_the_owners(
    title: Sequence[str], tmp_path: Path
) -> None:
    below = [[None, text] for text in (*title, "TM = Team Manager", "PL = Practice Lead")]
    plan = read(workbook({"Plan": [HEADINGS, *ROWS, [], *below]}), "xlsx", tmp_path)
    assert [action.text for action in actions(plan)] == WRITTEN
    assert [action.owners for action in actions(plan)] == [("Team Manager",), ("Practice Lead",), ("Team Manager",)]


def test_a_list_of_initials_is_no_key_to_ratings(tmp_path: Path) -> None:
    below = [["TM = Team Manager"], ["PL = Practice Lead"]]
    plan = read(workbook({"Plan": [HEADINGS, *ROWS, [], *below]}), "xlsx", tmp_path)
    assert {action.status for action in actions(plan)} == {Status.IN_PROGRESS}


def test_the_colours_of_a_key_written_with_equals_signs_are_meanings_and_no_actions(tmp_path: Path) -> None:
    fills = {5: "92D050", 6: "FFC000", 7: "0070C0"}
    rows = [(*row[:4], None, row[5]) for row in ROWS]
    key = [["Key", "Blue = complete"], [None, "Green = on track"], [None, "Amber = some risk"]]

    def coloured(book: Any) -> None:
        sheet = book["Plan"]
        for cell, colour in zip(("E2", "E3", "E4", "B6", "B7", "B8"), ("92D050", "FFC000", "0070C0") * 2, strict=True):
            sheet[cell].fill = PatternFill("solid", fgColor=colour)
        for cell, colour in zip(("B6", "B7", "B8"), (fills[7], fills[5], fills[6]), strict=True):
            sheet[cell].fill = PatternFill("solid", fgColor=colour)

    plan = read(workbook({"Plan": [HEADINGS, *rows, [], *key]}, change=coloured), "xlsx", tmp_path)
    assert [action.text for action in actions(plan)] == WRITTEN
    assert [action.brag for action in actions(plan)] == ["green", "amber", "blue"]
    assert [action.status for action in actions(plan)] == [Status.IN_PROGRESS, Status.IN_PROGRESS, Status.COMPLETED]
    assert all(action.status_guessed for action in actions(plan))


# People -----------------------------------------------------------------------------------------------------


def test_who_is_accountable_leads_and_who_is_responsible_owns_the_action(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Accountable", "Responsible", "Due"],
        ["Records are late", "Write recording standards", "Director of Practice", "Practice Lead", "31 January 2027"],
        ["Records are late", "Hold a recording hour", "Director of Practice", "Team Manager", "28 February 2027"],
        ["Visits are missed", "Count visits every week", "Head of Visits", "Data Officer", "31 March 2027"],
    ]
    plan = read(workbook({"Plan": rows}), "xlsx", tmp_path)
    assert [action.owners for action in actions(plan)] == [("Practice Lead",), ("Team Manager",), ("Data Officer",)]
    assert [each.leads for each in plan.recommendations] == [("Director of Practice",), ("Head of Visits",)]


@pytest.mark.parametrize("beside", ["Completed by", "Closed by"])
def test_who_finished_an_action_does_not_own_the_others(beside: str, tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Assigned to", "Due date", "Status", beside],
        ["Records", "Write recording standards", "Practice Lead", "31/01/2027", "In progress", None],
        ["Records", "Hold a weekly recording hour", "Team Manager", "30/06/2026", "Completed", "Team Manager"],
        ["Visits", "Count visits every week", None, "31/03/2027", "Not started", None],
    ]
    plan = read(workbook({"Plan": rows}), "xlsx", tmp_path)
    assert field_of(plan, beside) is None
    assert [action.owners for action in actions(plan)] == [("Practice Lead",), ("Team Manager",), ()]
    assert all(not each.leads for each in plan.recommendations)


def test_what_a_chair_says_of_an_action_is_neither_an_owner_nor_its_news(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Service action", "Reporting officer", "Target", "Position in November", "Chair's comments"],
        ["Records are late", "Write recording standards", "Practice Lead", "31/01/2027", "Draft agreed", None],
        [
            "Records are late",
            "Hold a recording hour",
            "Team Manager",
            "28/02/2027",
            "Not begun",
            "Chair asked for more",
        ],
        ["Visits are missed", "Count visits every week", "Data Officer", "31/03/2027", "Counted since May", None],
    ]
    plan = read(workbook({"Plan": rows}), "xlsx", tmp_path)
    assert field_of(plan, "Chair's comments") is None
    assert [action.note for action in actions(plan)] == ["Draft agreed", "Not begun", "Counted since May"]
    assert actions(plan)[1].extra == {"Chair's comments": "Chair asked for more"}
    assert "Chair asked for more" not in {name for action in actions(plan) for name in action.owners}


# Closed actions on a sheet of their own ---------------------------------------------------------------------

OPEN = [
    ["Recommendation", "Action", "Owner", "Due", "Status", "Progress"],
    ["Records are late", "Write recording standards", "Practice Lead", "31/01/2027", "In progress", "Draft agreed"],
    ["Visits are missed", "Count visits every week", "Data Officer", "31/03/2027", "Not started", ""],
]
CLOSED = [
    ["Recommendation", "Action", "Owner", "Date closed", "Closed by (board date)", "Signed off"],
    ["Records are late", "Buy a recording guide", "Practice Lead", "12/06/2026", "Progress Board 24/06/26", "Yes"],
    ["Visits are missed", "Name a visits lead", "Head of Visits", "30/10/2026", "Progress Board 25/11/26", "Yes"],
]


def test_closed_actions_on_their_own_sheet_come_in_without_a_due_date(tmp_path: Path) -> None:
    plan = read(workbook({"Open actions": OPEN, "Closed actions": CLOSED}), "xlsx", tmp_path)
    closed = [action for action in actions(plan) if action.at.startswith("sheet Closed actions")]
    assert [action.text for action in closed] == ["Buy a recording guide", "Name a visits lead"]
    assert [action.timescale.kind for action in closed] == ["none", "none"]
    assert [(action.status, action.status_guessed) for action in closed] == [(Status.COMPLETED, True)] * 2
    assert [action.completed_on for action in closed] == [date(2026, 6, 30), date(2026, 10, 31)]
    assert closed[0].extra["Closed by (board date)"] == "Progress Board 24/06/26"


def test_who_is_responsible_owns_a_closed_action_too_where_its_sheet_names_no_one_accountable(tmp_path: Path) -> None:
    live = [
        ["Recommendation", "Action", "Accountable", "Responsible", "Due"],
        ["Records are late", "Write recording standards", "Director of Practice", "Practice Lead", "31/01/2027"],
        ["Visits are missed", "Count visits every week", "Head of Visits", "Data Officer", "31/03/2027"],
    ]
    closed = [
        ["Recommendation", "Action", "Responsible", "Date closed"],
        ["Plans drift", "Review every plan", "Team Manager", "12/06/2026"],
        ["Plans drift", "Name a planning lead", "Head of Service", "30/10/2026"],
    ]
    plan = read(workbook({"Open actions": live, "Closed actions": closed}), "xlsx", tmp_path)
    drift = next(each for each in plan.recommendations if each.text == "Plans drift")
    assert drift.leads == ()
    assert [action.owners for action in drift.actions] == [("Team Manager",), ("Head of Service",)]


# A recommendation merged over actions with numbers of their own ------------------------------------------------


def test_numbers_of_actions_under_a_merged_recommendation_stay_theirs_above_a_line_of_sums(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Executive lead", "Ref", "Action", "Finish", "%"],
        ["Plans are unclear", "Director of Practice", "1a", "Write a shorter plan", "30/09/2026", "100%"],
        [None, None, "1b", "Check each plan after the meeting", "31/03/2027", "60%"],
        ["Rights are not known", "Director of Housing", "2a", "Sign a joint protocol", "30/10/2026", "50%"],
        [None, None, "2b", "Offer each young person an advocate", "29/01/2027", "25%"],
        [],
        [None, None, None, "Average", None, "59%"],
    ]

    def merged(book: Any) -> None:
        for cells in ("A2:A3", "B2:B3", "A4:A5", "B4:B5"):
            book["Plan"].merge_cells(cells)

    plan = read(workbook({"Plan": rows}, change=merged), "xlsx", tmp_path)
    under = {action.ref: each.text for each in plan.recommendations for action in each.actions}
    assert {ref: under[ref] for ref in ("1a", "1b", "2a", "2b")} == {
        "1a": "Plans are unclear",
        "1b": "Plans are unclear",
        "2a": "Rights are not known",
        "2b": "Rights are not known",
    }


# Lists ------------------------------------------------------------------------------------------------------


def bullet(words: str, level: int = 1) -> str:
    return para(words, f'<w:pStyle w:val="ListBullet{level if level > 1 else ""}"/>')


AIM_1, AIM_2 = "The quality of planning", "Decisions when children move"
NARRATIVE = (
    heading(f"Area for improvement 1: {AIM_1}"),
    para("We will:"),
    bullet("Write a shorter plan (Practice Lead, by 18 December 2026)"),
    bullet("Update Nov: tested with six families", 2),
    bullet("Give each family a copy (Team Managers, from 4 January 2027)"),
    bullet("Sample twelve plans a month (Head of Quality, 31 January 2027)"),
    heading(f"Area for improvement 2: {AIM_2}"),
    para("We will:"),
    bullet("Hold a meeting for each move (Service Manager, complete)"),
    bullet("Update Nov: all 38 moves had a meeting", 2),
    bullet("Write down each decision in a day (Service Manager, by end of January 2027)"),
    para("How we will know it is working"),
    bullet("Plans judged good rise to 65%"),
    bullet("Fewer than one family in ten is without a copy"),
)


def test_a_list_with_news_under_its_lines_and_measures_at_its_end_is_one_action_a_line(tmp_path: Path) -> None:
    plan = read(document(*NARRATIVE), "docx", tmp_path)
    assert texts(plan) == [
        (AIM_1, "Write a shorter plan"),
        (AIM_1, "Give each family a copy"),
        (AIM_1, "Sample twelve plans a month"),
        (AIM_2, "Hold a meeting for each move"),
        (AIM_2, "Write down each decision in a day"),
    ]
    first, second, _, done, last = actions(plan)
    assert (first.owners, first.timescale.due_on, first.note) == (
        ("Practice Lead",),
        date(2026, 12, 18),
        "tested with six families",
    )
    assert (second.owners, second.timescale.kind, second.timescale.text) == (
        ("Team Managers",),
        "not_understood",
        "from 4 January 2027",
    )
    assert (done.owners, done.status, done.note) == (
        ("Service Manager",),
        Status.COMPLETED,
        "all 38 moves had a meeting",
    )
    assert (last.timescale.due_on, last.note) == (date(2027, 1, 31), "")


def test_measures_in_a_list_below_the_actions_go_with_the_recommendation(tmp_path: Path) -> None:
    plan = read(document(*NARRATIVE), "docx", tmp_path)
    assert [each.measures for each in plan.recommendations] == [
        (),
        ("Plans judged good rise to 65%", "Fewer than one family in ten is without a copy"),
    ]


def test_measures_of_the_whole_plan_in_a_list_at_its_end_are_named_and_no_actions(tmp_path: Path) -> None:
    of_all = (heading("How we will know"), bullet("Reduce the share of late visits to 5%"), bullet("Reach 65% good"))
    plan = read(document(*NARRATIVE[:11], *of_all), "docx", tmp_path)
    assert len(actions(plan)) == 5
    said = " ".join(problem.says for problem in plan.problems)
    assert "Reduce the share of late visits to 5%" in said and "Reach 65% good" in said


# Word -------------------------------------------------------------------------------------------------------


def box(words: str) -> str:
    inside = f"<w:txbxContent>{para(words)}</w:txbxContent>"
    shape = f"<v:rect xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>{inside}</v:textbox></v:rect>"
    return f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>"


def card(action: str, who: str, when: str) -> str:
    rows = (("What we will do", action), ("Who is responsible", who), ("Completion date", when), ("Status", "On track"))
    return table(*(line(*row) for row in rows), columns=2) + para()


def test_priorities_in_text_boxes_are_the_recommendations_of_the_cards_below_them(tmp_path: Path) -> None:
    body = (
        box("What we are putting right"),
        box("Priority 1 - Help for care leavers"),
        card("Give each care leaver a passport", "Leaving Care Manager", "1 February 2027"),
        card("Open a weekly drop-in", "Housing Manager", "1 March 2027"),
        box("Priority 2 - Missing children"),
        card("Map where children are found", "Exploitation Lead", "15 January 2027"),
    )
    plan = read(document(*body), "docx", tmp_path)
    assert [(each.number, each.text) for each in plan.recommendations] == [
        ("1", "Help for care leavers"),
        ("2", "Missing children"),
    ]
    assert [len(each.actions) for each in plan.recommendations] == [2, 1]


def test_priorities_in_text_boxes_are_the_recommendations_of_the_lists_below_them(tmp_path: Path) -> None:
    body = (
        box("Priority 1 - Help for care leavers"),
        bullet("Give each care leaver a passport (Leaving Care Manager, 1 February 2027)"),
        bullet("Open a weekly drop-in (Housing Manager, 1 March 2027)"),
        box("Priority 2 - Missing children"),
        bullet("Map where children are found (Exploitation Lead, 15 January 2027)"),
    )
    plan = read(document(*body), "docx", tmp_path)
    assert texts(plan) == [
        ("Help for care leavers", "Give each care leaver a passport"),
        ("Help for care leavers", "Open a weekly drop-in"),
        ("Missing children", "Map where children are found"),
    ]


def test_a_plan_on_a_page_has_its_priorities_across_the_top(tmp_path: Path) -> None:
    rows = (
        line("", "Priority 1: Help at once", "Priority 2: Strong practice", "Priority 3: A settled team"),
        line("What we will do", "Publish one directory", "Observe each worker twice", "Offer a career path"),
        line("Who leads", "Head of Early Help", "Practice Lead", "HR Business Partner"),
        line("By when", "March 2027", "September 2027", "June 2027"),
        line("RAG", "Green", "Amber", "Red"),
    )
    plan = read(document(table(*rows, columns=4)), "docx", tmp_path)
    assert [action.text for action in actions(plan)] == [
        "Publish one directory",
        "Observe each worker twice",
        "Offer a career path",
    ]
    assert [each.text.split(": ")[-1] for each in plan.recommendations] == [
        "Help at once",
        "Strong practice",
        "A settled team",
    ]
    assert [action.timescale.due_on for action in actions(plan)] == [
        date(2027, 3, 31),
        date(2027, 9, 30),
        date(2027, 6, 30),
    ]

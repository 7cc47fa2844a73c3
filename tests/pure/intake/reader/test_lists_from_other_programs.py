"""Lists that task boards, forms and project programs write, and the habits of those who keep them by hand."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment
from openpyxl.workbook import Workbook

from ilacs_app.intake.reader.contents.document import Document, document, grid
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.plan.plan_file import FileAction, PlanFile
from tests.corpus.files import word_package
from tests.pure.intake.reader.plans import DATED_ON, cell, line, para, table

DUTY, PANEL = "Make the duty system safe for children", "Hear children when panels decide"


def read(source: Document | list[list[str]]) -> PlanFile:
    """A document as a plan, or rows under their headings."""
    rows = source if isinstance(source, Document) else document(grid(source, "", lettered=True), kind="csv")
    return plan_from(rows, DATED_ON).plan(DATED_ON)


def placed(plan: PlanFile) -> dict[str, list[str]]:
    """The words of the actions by their recommendation."""
    return {made.text: [action.text for action in made.actions] for made in plan.recommendations}


def asked(plan: PlanFile, action: FileAction) -> bool:
    """Return whether something is asked about an action's own row."""
    return any(problem.at == action.at or problem.at.startswith(f"{action.at}, ") for problem in plan.problems)


def saved(book: Workbook, folder: Path) -> Document:
    path = folder / "plan.xlsx"
    book.save(path)
    return read_document(path)


def test_an_action_in_the_words_of_its_recommendation_is_read_and_asked_about():
    plan = read(
        [
            ["No", "Recommendation", "Action", "Timescale"],
            ["1", DUTY, DUTY, "End April 2018"],
            ["", "", DUTY, "End May 2018"],
            ["2", PANEL, "Train the chairs", "End June 2018"],
        ]
    )
    assert placed(plan) == {DUTY: [DUTY, DUTY], PANEL: ["Train the chairs"]}
    assert asked(plan, plan.actions[1])


@pytest.mark.parametrize("below", [("a", "b"), (".1", ".2")])
@pytest.mark.parametrize("more", [False, True])
def test_milestones_numbered_under_an_action_leave_it_an_action(below: tuple[str, str], more: bool):
    head = ["Ref", "Recommendation", "Action", "Lead", "Timescale", "Status"]
    rows = [
        ["5.1", "Improve the timeliness of assessments", "Set up a duty rota", "Head of Service", "30/06/2026", ""],
        [f"5.1{below[0]}", "", "Draft the rota", "Team Manager", "30/04/2026", ""],
        [f"5.1{below[1]}", "", "Agree the rota with staff", "Team Manager", "31/05/2026", ""],
        ["5.2", "", "Audit ten cases a month", "Principal Social Worker", "31/07/2026", ""],
    ]
    if more:
        rows.append(["7.1", "Hear children in every plan", "Train every worker", "Head of Service", "31/07/2026", ""])
    plan = read([head, *rows])
    assert [action.text for action in plan.actions] == [row[2] for row in rows]
    assert [made.text for made in plan.recommendations] == [row[1] for row in rows if row[1]]


def test_one_text_like_a_reference_however_often_it_is_there_is_none():
    rows = [["Ward", "No", "Recommendation", "Action", "Timescale"], ["W2", "1", DUTY, "Appoint", "End April 2018"]]
    plan = read([*rows, ["W2", "", "", "Train", "End May 2018"], ["", "", "", "Publish", "End June 2018"]])
    assert [action.ref for action in plan.actions] == ["1.1", "1.2", "1.3"]
    assert [action.extra.get("Ward", "") for action in plan.actions] == ["W2", "W2", ""]


@pytest.mark.parametrize("wards", [["4 2", "4 2 1"], ["20 7946", "20 7946"]])
def test_numbers_with_spaces_between_are_no_references(wards: list[str]):
    rows = [["No", "Ward", "Recommendation", "Action", "Timescale"], ["1", wards[0], DUTY, "Appoint", "End April 2018"]]
    plan = read([*rows, ["", wards[1], "", "Train", "End May 2018"]])
    assert [action.ref for action in plan.actions] == ["1.1", "1.2"]
    assert [action.extra["Ward"] for action in plan.actions] == wards


def test_the_type_of_a_task_is_no_recommendation_and_what_holds_tasks_is_no_task():
    head = ["Summary", "Issue key", "Issue Type", "Status", "Assignee", "Due date", "Parent summary"]
    tasks = [
        (DUTY, "Appoint a duty manager", "To Do"),
        (DUTY, "Write duty guidance", "Done"),
        (PANEL, "Invite two young people", "Doing"),
        (PANEL, "Train the chairs", "To Do"),
    ]
    rows = [head]
    for n, (holder, task, status) in enumerate(tasks):
        if n % 2 == 0:
            rows.append([holder, f"CS-{n}0", "Epic", "To Do", "", "", ""])
        rows.append([task, f"CS-{n}1", "Task", status, "Head of Service", "15/Jul/24 12:00 AM", holder])
    plan = read(rows)
    assert placed(plan) == {DUTY: [tasks[0][1], tasks[1][1]], PANEL: [tasks[2][1], tasks[3][1]]}
    assert {str(action.timescale.due_on) for action in plan.actions} == {"2024-07-15"}
    assert [action.status for action in plan.actions] == ["not_started", "completed", "in_progress", "not_started"]
    left = [problem for problem in plan.problems if "is the recommendation of other rows" in problem.says]
    assert [problem.at for problem in left] == ["row 2", "row 5"]


def test_a_column_of_types_that_is_taken_as_the_recommendation_is_asked():
    rows = [["Area", "Action", "Lead", "Due"]]
    rows += [
        [kind, f"Write guide {n}", "Head of Service", "July 2024"] for n, kind in enumerate(["Quick win", "Main"] * 3)
    ]
    plan = read(rows)
    assert any("“Area” as “Recommendation”" in problem.says for problem in plan.problems)


def test_a_rating_for_each_month_is_read_as_the_newest_and_asked():
    rows = [
        ["Recommendation", "Action", "Officer", "Target date", "Mar 24", "Apr 24", "May 24", "Comments"],
        [DUTY, "Appoint a duty manager", "Head of Service", "31/07/2024", "R", "A", "G", "Interviews held"],
        [DUTY, "Write duty guidance", "Duty Manager", "30/04/2024", "A", "B", "", "Sent to all teams"],
        [PANEL, "Invite two young people", "Participation Officer", "30/09/2024", "", "R", "R", "No one came"],
        ["", "", "", "", "", "", "", ""],
        ["", "Key: B = complete, G = on track, A = at risk, R = late", "", "", "", "", "", ""],
    ]
    plan = read(rows)
    assert [(action.brag_text, action.status) for action in plan.actions] == [
        ("G", "in_progress"),
        ("B", "completed"),
        ("R", "in_progress"),
    ]
    assert all(action.status_guessed for action in plan.actions)
    assert [str(action.timescale.due_on) for action in plan.actions] == ["2024-07-31", "2024-04-30", "2024-09-30"]
    assert any("3 columns are ratings, one for each period" in problem.says for problem in plan.problems)


def test_one_letter_under_months_is_still_a_mark_of_work():
    rows = [
        ["Recommendation", "Action", "Officer", "Jul 24", "Aug 24", "Sep 24"],
        [DUTY, "Appoint a duty manager", "Head of Service", "x", "x", ""],
        [PANEL, "Invite two young people", "Participation Officer", "", "x", "x"],
    ]
    assert [str(action.timescale.due_on) for action in read(rows).actions] == ["2024-08-31", "2024-09-30"]


def test_a_column_that_the_author_hid_gives_way_to_one_that_is_seen(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Recommendation", "Action", "Officer", "Due", "Status last year", "Status this year"])
    sheet.append([DUTY, "Appoint a duty manager", "Head of Service", "July 2024", "Not started", "Completed"])
    sheet.append([DUTY, "Write duty guidance", "Duty Manager", "May 2024", "Not started", "In progress"])
    sheet.append([PANEL, "Invite two young people", "Participation Officer", "June 2024", "In progress", "Completed"])
    sheet.column_dimensions["E"].hidden = True
    plan = read(saved(book, tmp_path))
    assert [action.status for action in plan.actions] == ["completed", "in_progress", "completed"]


def test_ditto_below_a_recommendation_goes_on_with_it_and_says_so():
    rows = [
        ["Recommendation", "Action", "Officer", "Due"],
        [DUTY, "Appoint a duty manager", "Head of Service", "July 2024"],
        ["ditto", "Write duty guidance", "Duty Manager", "May 2024"],
        ["As above", "Train the duty team", "Duty Manager", "May 2024"],
        [PANEL, "Invite two young people", "Participation Officer", "June 2024"],
        ["\u3003", "Train the chairs", "Participation Officer", "June 2024"],
    ]
    plan = read(rows)
    assert {text: len(actions) for text, actions in placed(plan).items()} == {DUTY: 3, PANEL: 2}
    about = [problem for problem in plan.problems if "refers to the row above" in problem.says]
    assert [problem.at for problem in about] == ["row 3, column A", "row 4, column A", "row 6, column A"]


def test_an_emoji_before_a_status_or_in_place_of_one_is_read_and_asked():
    states = {
        "\u2705 Done": "completed",
        "\U0001f7e2 On track": "in_progress",
        "\u274c not started": "not_started",
        "\U0001f534": "in_progress",
        "\u23f3": None,
        "\u2705 Not started": "not_started",
    }
    rows = [["Recommendation", "Action", "Officer", "Due", "State"]]
    rows += [[DUTY, f"Write guide {n}", "Duty Manager", "July 2024", state] for n, state in enumerate(states)]
    plan = read(rows)
    assert {
        action.status_text or state: action.status for state, action in zip(states, plan.actions, strict=True)
    } == states
    assert all(action.status_guessed or action.status is None for action in plan.actions)
    assert all(asked(plan, action) for action in plan.actions)


def test_who_supports_an_action_is_not_its_owner():
    rows = [
        ["Recommendation", "Action", "Lead", "Support", "Due"],
        [DUTY, "Appoint a duty manager", "Head of Service", "Human Resources Adviser", "July 2024"],
        [DUTY, "Write duty guidance", "Duty Manager", "Practice Lead", "May 2024"],
        [PANEL, "Invite two young people", "Participation Officer", "Head of Service", "June 2024"],
    ]
    owners = [action.owners for action in read(rows).actions]
    assert owners == [("Head of Service",), ("Duty Manager",), ("Participation Officer",)]


def test_a_text_box_above_a_table_that_names_the_recommendation_is_its_recommendation(tmp_path):
    def boxed(text: str) -> str:
        inner = f"<w:txbxContent>{para(text)}</w:txbxContent>"
        shape = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{inner}</v:textbox></v:shape>'
        return f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>"

    def actions(*texts: str) -> str:
        rows = (line(text, "Head of Service", "31 July 2024") for text in texts)
        return table(line("Action", "Lead", "Deadline"), *rows, columns=3)

    body = boxed(f"Recommendation 1: {DUTY}") + actions("Appoint a duty manager", "Write duty guidance") + para()
    body += boxed(f"Recommendation 2: {PANEL}") + actions("Invite two young people", "Train the chairs") + para()
    path = tmp_path / "plan.docx"
    path.write_bytes(word_package(body))
    assert {text: len(made) for text, made in placed(read(read_document(path))).items()} == {DUTY: 2, PANEL: 2}


def test_a_heading_with_only_a_number_is_completed_by_the_sentence_below_it(tmp_path):
    def thing(n: int, text: str, *actions: str) -> str:
        made = para(f"Big thing {n}", '<w:pStyle w:val="Heading1"/>') + para(f"{text}.")
        for action in actions:
            made += para(f"We will: {action}") + para("Who: Head of Service") + para("When: July 2024")
        return made

    path = tmp_path / "plan.docx"
    path.write_bytes(
        word_package(
            thing(1, DUTY, "Appoint a duty manager", "Write duty guidance")
            + thing(2, PANEL, "Invite two young people", "Train the chairs")
        )
    )
    plan = read(read_document(path))
    assert [(made.number, made.text.rstrip("."), len(made.actions)) for made in plan.recommendations] == [
        ("1", DUTY, 2),
        ("2", PANEL, 2),
    ]


TASKS = (
    (1, DUTY, "", ""),
    (2, "Appoint a duty manager", "Head of Service", "31/07/2024"),
    (2, "Write duty guidance", "Duty Manager", "30/09/2024"),
    (1, PANEL, "", ""),
    (2, "Invite two young people", "Participation Officer", "30/08/2024"),
)
HOLDING = {DUTY: ["Appoint a duty manager", "Write duty guidance"], PANEL: ["Invite two young people"]}


def test_indented_tasks_are_the_actions_of_the_task_above_them(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Task Name", "Assigned To", "Finish", "Status"])
    for depth, text, owner, due in TASKS:
        sheet.append([text, owner, due, "In Progress" if depth > 1 else None])
        sheet.cell(sheet.max_row, 1).alignment = Alignment(indent=depth - 1)
    plan = read(saved(book, tmp_path))
    assert placed(plan) == HOLDING
    assert [action.owners for action in plan.actions] == [(owner,) for depth, _, owner, _ in TASKS if depth > 1]


def test_a_column_of_levels_tells_recommendations_from_actions():
    rows = [["ID", "Task Mode", "Task Name", "Duration", "Finish", "Outline Level", "Resource Names", "% Complete"]]
    for n, (depth, text, owner, due) in enumerate(TASKS, start=1):
        rows.append([str(n), "Auto Scheduled", text, "30 days", due or "30/09/2024", str(depth), owner, "50%"])
    plan = read(rows)
    assert placed(plan) == HOLDING
    assert [action.owners for action in plan.actions] == [(owner,) for depth, _, owner, _ in TASKS if depth > 1]
    beside = [problem for problem in plan.problems if "without an action" in problem.says]
    assert {(problem.kind, problem.severity) for problem in beside} == {("value_without_action", "info")}
    assert not any(problem.kind == "no_action" for problem in plan.problems)


def test_a_list_of_one_depth_is_not_taken_for_a_tree():
    rows = [["Recommendation", "Action", "Level", "Due"]]
    rows += [[DUTY, "Appoint a duty manager", "2", "July 2024"], [PANEL, "Invite two young people", "2", "June 2024"]]
    assert placed(read(rows)) == {DUTY: ["Appoint a duty manager"], PANEL: ["Invite two young people"]}


BULLET = '<w:pStyle w:val="ListBullet"/>'
MANAGER, BACKLOG, STAFF = "Appoint a duty manager", "Clear the duty backlog by 18 cases", "Train all staff, agency too"
ENDS = (
    (f"{MANAGER} (Head of Service) \u2013 July 2024", MANAGER, "Head of Service", "2024-07-31"),
    (f"{BACKLOG} \u2013 Duty Manager, by 30 June 2024", BACKLOG, "Duty Manager", "2024-06-30"),
    (f"{STAFF} (Practice Lead, by May 2024)", STAFF, "Practice Lead", "2024-05-31"),
)


def ended(plan: PlanFile) -> list[tuple[str, str, str]]:
    return [(action.text, *action.owners, str(action.timescale.due_on)) for action in plan.actions]


def test_who_and_when_at_the_end_of_each_line_are_its_owner_and_date(tmp_path):
    body = para(f"Recommendation 1: {DUTY}", '<w:pStyle w:val="Heading2"/>')
    body += "".join(para(text, BULLET) for text, *_ in ENDS)
    path = tmp_path / "plan.docx"
    path.write_bytes(word_package(body))
    plan = read(read_document(path))
    assert [made.text for made in plan.recommendations] == [DUTY]
    assert ended(plan) == [tuple(answer) for _, *answer in ENDS]


def test_lists_side_by_side_on_a_page_are_read_under_the_line_above_each(tmp_path):
    def side(title: str, *texts: str) -> str:
        return cell(para(title) + "".join(para(text, BULLET) for text in texts))

    left, right = side(DUTY, ENDS[0][0], ENDS[1][0]), side(PANEL, ENDS[2][0], ENDS[0][0])
    path = tmp_path / "plan.docx"
    path.write_bytes(word_package(table(f"<w:tr>{left}{right}</w:tr>", columns=2)))
    plan = read(read_document(path))
    assert placed(plan) == {DUTY: [ENDS[0][1], ENDS[1][1]], PANEL: [ENDS[2][1], ENDS[0][1]]}
    assert not any("left it out" in problem.says for problem in plan.problems)

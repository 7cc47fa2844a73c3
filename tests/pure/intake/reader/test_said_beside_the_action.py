"""What stands behind an action in its own text, and columns that only make sense beside each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.plan.plan_file import FileAction, PlanFile
from tests.pure.intake.reader.plans import DATED_ON, cell, d, document, heading, line, para, table, text, workbook

DUTY, PANEL = "Make the duty system safe", "Hear children at panel"
LISTED = '<w:pStyle w:val="ListBullet"/>'


def _read(folder: Path, name: str, data: bytes) -> PlanFile:
    path = folder / name
    path.write_bytes(data)
    return plan_from(read_document(path), DATED_ON).plan(DATED_ON)


def _actions(plan: PlanFile) -> list[FileAction]:
    return [action for recommendation in plan.recommendations for action in recommendation.actions]


# Lists --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "end",
    [
        " (Lead: Duty Manager; by 31 July 2024; on track)",
        " [Lead: Duty Manager | Due: 31 July 2024 | Status: on track]",
        ". Lead: Duty Manager. By when: 31 July 2024. Status: on track",
        " \u2013 Owner: Duty Manager \u2013 Deadline: 31 July 2024 \u2013 RAG: on track",
        ". Duty Manager. 31 July 2024. GREEN",
    ],
)
def test_who_when_and_how_it_stands_behind_each_item_of_a_list_are_read(end: str, tmp_path: Path) -> None:
    items = ("Appoint a second duty manager", "Write duty guidance", "Invite two young people", "Report to the board")
    body = [
        block
        for name, listed in ((DUTY, items[:2]), (PANEL, items[2:]))
        for block in (heading(f"Recommendation: {name}"), *(para(item + end, LISTED) for item in listed))
    ]
    plan = _read(tmp_path, "plan.docx", document(*body)())
    actions = _actions(plan)
    assert [recommendation.text for recommendation in plan.recommendations] == [DUTY, PANEL]
    assert [action.text.rstrip(".") for action in actions] == list(items)
    assert {action.owners for action in actions} == {("Duty Manager",)}
    assert {action.timescale.due_on for action in actions} == {date(2024, 7, 31)}
    assert {(action.status, action.status_guessed) for action in actions} == {("in_progress", True)}


def test_a_bracket_that_only_explains_stays_with_its_action(tmp_path: Path) -> None:
    items = ("Appoint a duty manager (permanent, full time)", "Write guidance (threshold; consent; escalation)")
    body = (heading(f"Recommendation: {DUTY}"), *(para(item, LISTED) for item in items))
    assert [action.text for action in _actions(_read(tmp_path, "plan.docx", document(*body)()))] == list(items)


# Lines in a cell ----------------------------------------------------------------------------------------------


def test_a_line_target_below_an_action_is_its_date_and_a_label_that_is_not_known_stays(tmp_path: Path) -> None:
    def cell_of(action: str, who: str, day: str) -> str:
        lines = (action, f"Lead: {who}", f"Target: {day}", "Cost code: 4411")
        return cell("".join(para(each) for each in lines))

    rows = [
        line(*(cell(para(name)) for name in ("What inspectors said", "What we are going to do", "Where are we now?"))),
        line(
            cell(para(DUTY)),
            cell_of("Appoint a duty manager.", "Duty Manager", "31 July 2024"),
            cell(para("In progress.")),
        ),
        line(
            cell(para(PANEL)),
            cell_of("Invite two children.", "Panel Adviser", "May 2025"),
            cell(para("Not started.")),
        ),
    ]
    plan = _read(tmp_path, "plan.docx", document(table(*rows))())
    appoint, invite = _actions(plan)
    assert [each.leads for each in plan.recommendations] == [("Duty Manager",), ("Panel Adviser",)]
    assert (appoint.timescale.due_on, invite.timescale.due_on) == (date(2024, 7, 31), date(2025, 5, 31))
    assert (appoint.text, invite.text) == (
        "Appoint a duty manager.\nCost code: 4411",
        "Invite two children.\nCost code: 4411",
    )


# Columns beside each other --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ("RAG (last month)", "RAG (this month)"),
        ("Last month's RAG", "This month's RAG"),
        ("RAG (previous)", "RAG (current)"),
        ("RAG last quarter", "RAG this quarter"),
        ("Prior RAG", "RAG"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_rating_of_an_earlier_report_is_not_the_rating(
    earlier: str, now: str, turned: bool, tmp_path: Path
) -> None:
    ratings = [("Amber", "Green"), ("Red", "Amber"), ("Green", "Blue")]
    columns, at = ([now, earlier], 1) if turned else ([earlier, now], 0)
    rows = [
        ["Recommendation", "Action", "Owner", "Deadline", *columns],
        *(
            [DUTY, action, "Duty Manager", d(2024, 7, 31), *(pair[::-1] if turned else pair)]
            for action, pair in zip(("Appoint a manager", "Write guidance", "Train the team"), ratings, strict=True)
        ),
    ]
    actions = _actions(_read(tmp_path, "plan.xlsx", workbook({"Plan": rows})()))
    assert [action.brag for action in actions] == ["green", "amber", "blue"]
    assert [action.extra[columns[at]] for action in actions] == ["Amber", "Red", "Green"]


def test_progress_since_the_last_meeting_is_the_note(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Owner", "Deadline", "Progress since the last meeting"],
        [DUTY, "Appoint a manager", "Duty Manager", d(2024, 7, 31), "Two people were interviewed"],
        [DUTY, "Write guidance", "Duty Manager", d(2024, 7, 31), "A first draft went to the team"],
    ]
    actions = _actions(_read(tmp_path, "plan.xlsx", workbook({"Plan": rows})()))
    assert [action.note for action in actions] == ["Two people were interviewed", "A first draft went to the team"]


@pytest.mark.parametrize(
    "note", ["Delayed. Two people were interviewed", "On track - a draft is out", "At risk: no bids"]
)
def test_a_note_that_begins_with_how_it_goes_is_guessed_to_be_of_work_under_way(note: str, tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Owner", "Deadline", "Where are we now?"],
        [DUTY, "Appoint a manager", "Duty Manager", d(2024, 7, 31), note],
        [DUTY, "Write guidance", "Duty Manager", d(2024, 7, 31), "A first draft went to the team"],
    ]
    first, second = _actions(_read(tmp_path, "plan.xlsx", workbook({"Plan": rows})()))
    assert (first.status, first.status_guessed, first.note) == ("in_progress", True, note)
    assert second.status is None


@pytest.mark.parametrize("turned", [False, True])
def test_beside_each_other_the_accountable_leads_and_the_responsible_own(turned: bool, tmp_path: Path) -> None:
    pairs = [("Responsible", "Accountable"), ("Duty Manager", "Assistant Director"), ("Panel Adviser", "Head of Care")]
    heads, *people = [pair[::-1] for pair in pairs] if turned else pairs
    rows = [
        ["Recommendation", "Action", *heads, "Deadline"],
        [DUTY, "Appoint a manager", *people[0], d(2024, 7, 31)],
        [PANEL, "Invite two young people", *people[1], d(2024, 9, 30)],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert [recommendation.leads for recommendation in plan.recommendations] == [
        ("Assistant Director",),
        ("Head of Care",),
    ]
    assert [action.owners for action in _actions(plan)] == [("Duty Manager",), ("Panel Adviser",)]


# Lists of a web site, signs and fills -----------------------------------------------------------------------------


def test_an_exported_list_has_its_joined_headings_parted_and_numbers_of_people_left_out(tmp_path: Path) -> None:
    lines = (
        "Title,Recommendation,AssignedTo,DueDate,Status,Modified,Path",
        "Appoint a manager,Safe duty,Duty Manager;#14,2024-07-31T00:00:00Z,In Progress,2024-06-01T09:12:00Z,sites/plan",
        "Write guidance,Safe duty,Duty Manager;#14;#Panel Adviser;#22,2024-09-30T00:00:00Z,Not Started,"
        "2024-06-02T09:12:00Z,sites/plan",
    )
    plan = _read(tmp_path, "plan.csv", text("\r\n".join(lines))())
    appoint, write = _actions(plan)
    assert (appoint.owners, write.owners) == (("Duty Manager",), ("Duty Manager", "Panel Adviser"))
    assert [action.timescale.due_on for action in (appoint, write)] == [date(2024, 7, 31), date(2024, 9, 30)]
    assert {"Modified", "Path"} <= appoint.extra.keys()
    how = {column.heading: (column.field, column.how) for column in plan.columns}
    assert (how["AssignedTo"], how["DueDate"]) == (("owners", "synonym"), ("timescale", "synonym"))


@pytest.mark.parametrize(
    ("status", "meant"),
    [("\u2714 Complete", "completed"), ("\u2705 Done May 2024", "completed"), ("\u25cb Not started", "not_started")],
)
def test_a_sign_before_a_status_makes_it_a_guess_and_no_other_status(status: str, meant: str, tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Owner", "Deadline", "Status"],
        [DUTY, "Appoint a manager", "Duty Manager", d(2024, 5, 31), status],
        [DUTY, "Write guidance", "Duty Manager", d(2024, 7, 31), "\u25b2 At risk"],
    ]
    first, _ = _actions(_read(tmp_path, "plan.xlsx", workbook({"Plan": rows})()))
    assert (first.status, first.status_guessed) == (meant, True)


def test_a_fill_of_gold_is_amber_also_where_the_key_calls_it_gold(tmp_path: Path) -> None:
    book = Workbook()
    key = book.active
    key.title = "Key"
    fills = {name: PatternFill("solid", fgColor=f"FF{code}") for name, code in
             {"blue": "0070C0", "green": "00B050", "gold": "FFC000", "red": "FF0000"}.items()}  # fmt: skip
    meanings = ("Complete and checked", "On target", "Some slippage", "Off target")
    for row, (fill, meaning) in enumerate(zip(fills.values(), meanings, strict=True), start=1):
        key.cell(row, 1).fill = fill
        key.cell(row, 2, meaning)
    sheet = book.create_sheet("Plan")
    sheet.append(["Recommendation", "Action", "Owner", "Deadline", "BRAG"])
    for row, (action, fill) in enumerate(
        (("Appoint a manager", "gold"), ("Write guidance", "red"), ("Train the team", "blue")), start=2
    ):
        sheet.append([DUTY, action, "Duty Manager", d(2024, 7, 31)])
        sheet.cell(row, 5).fill = fills[fill]
    path = tmp_path / "plan.xlsx"
    book.save(path)
    actions = _actions(plan_from(read_document(path), DATED_ON).plan(DATED_ON))
    assert [(action.brag, action.status, action.status_guessed) for action in actions] == [
        ("amber", "in_progress", True),
        ("red", "in_progress", True),
        ("blue", "completed", True),
    ]


# Numbers, marks and sides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ["{n}. {name}", "{n}) {name}", "Recommendation {n}: {name}", "Rec {n} - {name}", "R{n} {name}"]
)
def test_numbers_before_the_recommendations_of_a_column_are_their_numbers(form: str, tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Owner", "Deadline"],
        [form.format(n=3, name=DUTY), "Appoint a manager", "Duty Manager", d(2024, 7, 31)],
        [form.format(n=3, name=DUTY), "Write guidance", "Duty Manager", d(2024, 9, 30)],
        [form.format(n=7, name=PANEL), "Invite two young people", "Panel Adviser", d(2024, 9, 30)],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert [(each.number.lstrip("R"), each.text) for each in plan.recommendations] == [("3", DUTY), ("7", PANEL)]
    assert [len(each.actions) for each in plan.recommendations] == [2, 1]


def test_a_number_that_is_part_of_one_recommendation_stays_with_it(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Owner", "Deadline"],
        ["16 and 17 year olds who are homeless", "Agree a protocol", "Duty Manager", d(2024, 7, 31)],
        [PANEL, "Invite two young people", "Panel Adviser", d(2024, 9, 30)],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert [each.text for each in plan.recommendations] == ["16 and 17 year olds who are homeless", PANEL]


def test_the_marks_of_a_list_of_people_are_not_part_of_their_names(tmp_path: Path) -> None:
    rows = [
        ["Finding", "Response", "Who", "Deadline"],
        [
            DUTY,
            "a) Appoint a manager\nb) Write guidance",
            "a) Duty Manager\nb) Panel Adviser",
            "a) 31/07/2024\nb) 30/09/2024",
        ],
        [PANEL, "Invite two young people", "A. Lane, Panel Adviser", "31/10/2024"],
    ]
    first, second = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})()).recommendations
    assert first.leads == ("Duty Manager", "Panel Adviser")
    assert [action.owners for action in first.actions] == [("Duty Manager",), ("Panel Adviser",)]
    assert second.leads == ("A. Lane, Panel Adviser",)


def test_tables_on_their_side_under_headings_that_name_the_recommendation_are_read(tmp_path: Path) -> None:
    def side(*rows: tuple[str, ...]) -> str:
        return table(*(line(*(cell(para(words)) for words in row)) for row in rows))

    plan = _read(
        tmp_path,
        "plan.docx",
        document(
            heading(f"Recommendation 5: {DUTY}"),
            side(
                ("", "Action 5.1", "Action 5.2", "Action 5.3"),
                ("What", "Appoint a manager", "Write guidance", "Train the team"),
                ("Who", "Duty Manager", "Head of Service", "Principal Social Worker"),
                ("When", "31 July 2024", "30 Sept 2024", "31 Oct 2024"),
                ("Status", "In progress", "Not started", "Not started"),
            ),
            heading(f"Recommendation 6: {PANEL}"),
            side(
                ("", "Action 6.1", "Action 6.2"),
                ("What", "Invite two young people", "Audit ten panels"),
                ("Who", "Panel Adviser", "Quality Manager"),
                ("When", "31 July 2024", "30 Nov 2024"),
                ("Status", "In progress", "Not started"),
            ),
        )(),
    )
    assert [(each.number, each.text) for each in plan.recommendations] == [("5", DUTY), ("6", PANEL)]
    assert [(action.ref, action.text) for action in _actions(plan)] == [
        ("5.1", "Appoint a manager"),
        ("5.2", "Write guidance"),
        ("5.3", "Train the team"),
        ("6.1", "Invite two young people"),
        ("6.2", "Audit ten panels"),
    ]
    assert _actions(plan)[4].timescale.due_on == date(2024, 11, 30)


def test_a_column_that_asks_how_it_is_going_is_the_note(tmp_path: Path) -> None:
    rows = [
        ["What needs to change", "What we will do", "By when", "How is it going?"],
        [DUTY, "Appoint a manager", d(2024, 7, 31), "The advert is out"],
        [PANEL, "Invite two young people", d(2024, 9, 30), "Not yet begun"],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert [action.note for action in _actions(plan)] == ["The advert is out", "Not yet begun"]


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Rec 1 \u2013 Leaders' oversight of performance", "Rec 2 \u2013 Partnership working"),
        ("Recommendation 1: Safe duty", "Recommendation 2: Children at panel"),
        ("Progress of children in care is tracked", "Actions of plans are followed up"),
        ("Priority 1: Voice of the child", "Priority 2: Impact of plans"),
    ],
)
@pytest.mark.parametrize("heads", ["Recommendation,Action,Owner,Deadline", "Ofsted finding,What we will do,Who,When"])
def test_a_small_table_below_known_headings_is_no_card_though_its_words_are_those_of_labels(
    heads: str, first: str, second: str, size: int, tmp_path: Path
) -> None:
    rows = [
        [first, "Appoint a manager", "Duty Manager", d(2024, 7, 31)],
        [first, "Write guidance", "Lead Officer, Progress", d(2024, 9, 30)],
        [second, "Invite two young people", "Panel Adviser", d(2024, 9, 30)],
        [second, "Report outcomes to the board", "Performance Manager", d(2024, 10, 30)],
    ][4 - size :]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": [heads.split(","), *rows]})())
    assert [action.text for action in _actions(plan)] == [row[1] for row in rows]
    assert all(action.timescale.due_on for action in _actions(plan))
    assert [len(each.actions) for each in plan.recommendations] == ([2] if size == 2 else [size - 2, 2])


# Rows and columns that go on --------------------------------------------------------------------------------------


def test_a_table_without_headings_below_a_page_break_goes_on_though_its_first_cell_is_blank(tmp_path: Path) -> None:
    def rows(*each: tuple[str, ...]) -> str:
        return table(*(line(*(cell(para(words)) for words in row)) for row in each))

    plan = _read(
        tmp_path,
        "plan.docx",
        document(
            rows(
                ("Recommendation", "Action", "Who", "When"),
                (DUTY, "Recruit 15 social workers", "Duty Manager", "31/07/2024"),
                ("", "Weekly report of cases", "Quality Manager", "30/09/2024"),
            ),
            para(),
            rows(
                ("", "Exit interviews for all leavers", "Duty Manager", "31/01/2025"),
                (PANEL, "Invite two young people", "Panel Adviser", "28/02/2025"),
            ),
        )(),
    )
    assert [(each.text, len(each.actions)) for each in plan.recommendations] == [(DUTY, 3), (PANEL, 1)]


@pytest.mark.parametrize("names", [("Revised date", "2nd revised date"), ("Revised due date 1", "Revised due date 2")])
def test_of_several_revised_dates_the_last_that_is_filled_in_counts(names: tuple[str, str], tmp_path: Path) -> None:
    first, second = names
    rows = [
        ["Recommendation", "Action", "Owner", "Original due date", first, second],
        [DUTY, "Appoint a manager", "Duty Manager", d(2024, 5, 31), d(2024, 7, 31), d(2024, 9, 30)],
        [DUTY, "Write guidance", "Duty Manager", d(2024, 5, 31), d(2024, 8, 31), None],
        [PANEL, "Invite two young people", "Panel Adviser", d(2024, 10, 31), None, None],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    actions = _actions(plan)
    assert [action.timescale.due_on for action in actions] == [
        date(2024, 9, 30),
        date(2024, 8, 31),
        date(2024, 10, 31),
    ]
    assert actions[0].extra[first] == "31/07/2024"
    assert any("columns are revised dates" in problem.says for problem in plan.problems)


def test_a_list_whose_items_begin_with_action_is_read(tmp_path: Path) -> None:
    items = [
        "ACTION: Train 40 staff \u2013 Duty Manager \u2013 by 28 February 2025 \u2013 IN PROGRESS",
        "ACTION: Agree a protocol \u2013 Head of Service \u2013 by 31 October 2024 \u2013 NOT STARTED",
        "ACTION: Invite two young people \u2013 Panel Adviser \u2013 by 31 March 2025 \u2013 NOT STARTED",
    ]
    body = [heading(f"1. {DUTY}"), *(para(item, LISTED) for item in items[:2]), heading(f"2. {PANEL}")]
    actions = _actions(_read(tmp_path, "plan.docx", document(*body, para(items[2], LISTED))()))
    assert [(action.text, action.owners[0], action.status) for action in actions] == [
        ("Train 40 staff", "Duty Manager", "in_progress"),
        ("Agree a protocol", "Head of Service", "not_started"),
        ("Invite two young people", "Panel Adviser", "not_started"),
    ]
    assert [action.timescale.due_on for action in actions] == [
        date(2025, 2, 28),
        date(2024, 10, 31),
        date(2025, 3, 31),
    ]


@pytest.mark.parametrize("year", ["", " 24/25"])
def test_news_and_ratings_of_each_quarter_are_one_note_and_the_newest_rating(year: str, tmp_path: Path) -> None:
    heads = [f"Q{n}{year} {what}" for n in (1, 2, 3) for what in ("update", "RAG")]
    rows = [
        ["No", "Recommendation", "Action", "Owner", "Deadline", *heads],
        [1, DUTY, "Appoint a manager", "Duty Manager", d(2024, 7, 31), "Scoping", "G", "Draft", "A", "At panel", "A"],
        [1, DUTY, "Write guidance", "Duty Manager", d(2024, 9, 30), "Begun", "G", "In use", "B", None, None],
        [2, PANEL, "Invite two young people", "Panel Adviser", d(2024, 9, 30), None, "R", "Asked", "A", "Came", "G"],
    ]
    actions = _actions(_read(tmp_path, "plan.xlsx", workbook({"Plan": rows})()))
    assert [action.text for action in actions] == ["Appoint a manager", "Write guidance", "Invite two young people"]
    assert [action.brag for action in actions] == ["amber", "blue", "green"]
    assert actions[0].note.split("\n") == [
        f"Q3{year} update: At panel",
        f"Q2{year} update: Draft",
        f"Q1{year} update: Scoping",
    ]


def test_an_outline_below_a_column_of_numbers_that_is_called_after_recommendations_is_one(tmp_path: Path) -> None:
    rows = [
        ["Rec #", "What is going to happen", "Senior sponsor", "Target for completing", "Narrative for the board"],
        ["1", DUTY],
        ["1.1", "Appoint a second duty manager", "Head of Service", "31/07/2024", "In progress."],
        ["1.2", "Write duty guidance", "Duty Manager", "30/09/2024", "Not started."],
        ["2", PANEL],
        ["2.1", "Invite two young people", "Panel Adviser", "30/09/2024", "In progress."],
    ]
    plan = _read(tmp_path, "plan.csv", text("\r\n".join(",".join(row) for row in rows))())
    assert [(each.number, each.text) for each in plan.recommendations] == [("1", DUTY), ("2", PANEL)]
    assert [action.ref for action in _actions(plan)] == ["1.1", "1.2", "2.1"]


def test_outcomes_left_of_the_actions_are_proposed_as_recommendations_where_no_column_names_them(
    tmp_path: Path,
) -> None:
    rows = [
        ["Priority outcome", "Actions", "Lead", "Timeframe", "Progress to date"],
        ["Children in need get help that makes a difference", "Review plans", "Duty Manager", "July 2024", "Begun"],
        ["Care leavers live in homes that suit them", "Buy ten flats", "Head of Service", "May 2025", "Four bought"],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert [each.text for each in plan.recommendations] == [row[0] for row in rows[1:]]
    assert next(column.how for column in plan.columns if column.field == "recommendation") == "guess"


@pytest.mark.parametrize("impact", [".,", "...", ":"])
def test_a_cell_of_stops_alone_is_kept(impact: str, tmp_path: Path) -> None:
    rows = [
        ["No", "Recommendation", "Action", "Lead", "Timescale", "Impact"],
        ["1", DUTY, "Appoint a manager", "Duty Manager", "31 July 2024", impact],
        ["2", PANEL, "Invite two young people", "Panel Adviser", "31 July 2024", "Children are heard"],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert [each.impact for each in plan.recommendations] == [impact, "Children are heard"]

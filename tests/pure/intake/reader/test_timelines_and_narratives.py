"""Plans with bars under months, plans written as running text, and cells that list actions with their dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.styles import PatternFill

from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.plan.plan_file import FileAction
from ilacs_app.plan.rules import Status
from tests.pure.intake.reader.plans import cell, document, heading, line, para, run, table, workbook

DATED_ON = date(2026, 11, 27)
MONTHS = ["Nov", "Dec", "Jan", "Feb", "Mar", "Apr"]
BULLET = '<w:pStyle w:val="ListBullet"/>'


def actions(data: bytes, kind: str, folder: Path, dated_on: date = DATED_ON) -> list[FileAction]:
    """Return the actions of a file, in its order."""
    path = folder / f"plan.{kind}"
    path.write_bytes(data)
    reading = plan_from(read_document(path), dated_on)
    return [action for one in reading.recommendations for action in one.actions]


def bars(spans: dict[int, tuple[int, int]]) -> Any:
    """Fill the cells of a sheet's row from one column to another."""

    def change(book: Any) -> None:
        for row, (first, last) in spans.items():
            for column in range(first, last + 1):
                book.worksheets[0].cell(row, column).fill = PatternFill("solid", fgColor="70AD47")

    return change


def due(found: list[FileAction]) -> list[tuple[date | None, bool]]:
    return [(one.timescale.due_on, one.timescale.guessed) for one in found]


# Bars under months ------------------------------------------------------------------------------------------


def test_a_column_of_end_dates_counts_more_than_the_bars_beside_it(tmp_path: Path) -> None:
    rows = [
        ["Ref", "Activity", "Lead", "Start", "End", *MONTHS, "Status"],
        ["Ofsted recommendation: Decisions at the front door are too slow"],
        ["A1", "Open a second duty desk", "Duty Manager", "Nov 26", "Feb 27", *[None] * 6, "In progress"],
        ["A2", "Write a guide for referrers", "Policy Officer", "Dec 26", "15 Jan 27", *[None] * 6, "Not started"],
        ["A3", "Review decisions every week", "Service Manager", "Nov 26", "Ongoing", *[None] * 6, "In progress"],
    ]
    found = actions(workbook({"Timeline": rows}, (), bars({3: (6, 9), 4: (7, 8), 5: (6, 11)}))(), "xlsx", tmp_path)
    assert due(found) == [(date(2027, 2, 28), False), (date(2027, 1, 15), False), (None, False)]
    assert [one.ref for one in found] == ["A1", "A2", "A3"]


def test_a_bar_that_ends_in_another_month_than_the_end_column_makes_the_date_a_guess(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Lead", "End", *MONTHS],
        ["Visits are late", "Count visits every week", "Team Manager", "Feb 27"],
        ["Visits are late", "Recruit two visiting officers", "Service Manager", "Mar 27"],
        ["Visits are late", "Report missed visits to the board", "Service Manager", "Jan 27"],
    ]
    data = workbook({"Timeline": rows}, (), bars({2: (5, 8), 3: (5, 7), 4: (5, 7)}))()
    assert due(actions(data, "xlsx", tmp_path)) == [
        (date(2027, 2, 28), False),
        (date(2027, 3, 31), True),
        (date(2027, 1, 31), False),
    ]


def test_the_years_of_the_row_above_count_for_the_months_under_them(tmp_path: Path) -> None:
    rows = [
        [None, None, None, 2026, None, 2027],
        ["Recommendation", "Action", "Lead", *MONTHS],
        ["Visits are late", "Count visits every week", "Team Manager"],
        ["Visits are late", "Recruit two visiting officers", "Service Manager"],
        ["Plans drift", "Review every plan", "Service Manager"],
    ]
    data = workbook({"Timeline": rows}, ("D1:E1", "F1:I1"), bars({3: (4, 4), 4: (5, 7), 5: (6, 9)}))()
    ends = due(actions(data, "xlsx", tmp_path))
    assert [day for day, _ in ends] == [date(2026, 11, 30), date(2027, 2, 28), date(2027, 4, 30)]


def test_months_without_a_year_go_on_into_the_next_year_and_every_date_from_them_is_a_guess(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Lead", *MONTHS],
        ["Visits are late", "Count visits every week", "Team Manager"],
        ["Visits are late", "Recruit two visiting officers", "Service Manager"],
        ["Plans drift", "Review every plan", "Service Manager"],
    ]
    data = workbook({"Timeline": rows}, (), bars({2: (4, 5), 3: (5, 7), 4: (6, 9)}))()
    assert due(actions(data, "xlsx", tmp_path)) == [
        (date(2026, 12, 31), True),
        (date(2027, 2, 28), True),
        (date(2027, 4, 30), True),
    ]


def test_a_financial_year_of_bare_months_is_the_one_of_the_plans_date(tmp_path: Path) -> None:
    months = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    rows = [
        ["Recommendation", "Action", "Lead", *months],
        ["Visits are late", "Count visits every week", "Team Manager"],
        ["Visits are late", "Recruit two visiting officers", "Service Manager"],
        ["Plans drift", "Review every plan", "Service Manager"],
    ]
    data = workbook({"Timeline": rows}, (), bars({2: (4, 6), 3: (10, 12), 4: (12, 15)}))()
    ends = due(actions(data, "xlsx", tmp_path, date(2027, 2, 10)))
    assert ends == [(date(2026, 6, 30), True), (date(2026, 12, 31), True), (date(2027, 3, 31), True)]


# Running text -----------------------------------------------------------------------------------------------


def bold(words: str) -> str:
    return run(words, "<w:b/>")


def written(ref: str, words: str, lead: str, by: str, status: str, progress: str = "") -> str:
    made = f"<w:p>{bold(f'Action {ref}: ')}{run(words)}</w:p>"
    made += (
        f"<w:p>{bold('Lead: ')}{run(f'{lead}.  ')}{bold('By: ')}{run(f'{by}.  ')}{bold('Status: ')}{run(status)}</w:p>"
    )
    return made + (para(f"Progress: {progress}", BULLET) if progress else "")


def test_several_labels_in_one_line_are_read_one_by_one_and_progress_is_no_action(tmp_path: Path) -> None:
    body = (
        heading("Area for priority improvement: Core visits are missed", 1),
        written("1.1", "Set a rota for visits.", "Team Manager", "31 January 2027", "in progress", "Rota drafted."),
        written("1.2", "Report missed visits.", "Data Officer", "May 2027", "not started"),
        heading("Area for improvement: Plans for children drift", 1),
        written("2.1", "Review every plan.", "Head of Review", "ongoing", "in progress", "Thirty were reviewed."),
        heading("How we check", 1),
        para("The head of review samples ten records in March 2027."),
    )
    path = tmp_path / "plan.docx"
    path.write_bytes(document(*body)())
    made = plan_from(read_document(path), DATED_ON).recommendations
    assert [one.text for one in made] == [
        "Area for priority improvement: Core visits are missed",
        "Plans for children drift",
    ]
    first, second = made
    assert [(a.ref, a.own_ref, a.owners, a.timescale.due_on, a.status, a.note) for a in first.actions] == [
        ("1.1", True, ("Team Manager",), date(2027, 1, 31), Status.IN_PROGRESS, "Rota drafted."),
        ("1.2", True, ("Data Officer",), date(2027, 5, 31), Status.NOT_STARTED, ""),
    ]
    assert [(a.ref, a.text, a.note) for a in second.actions] == [("2.1", "Review every plan.", "Thirty were reviewed.")]
    assert second.actions[0].timescale.kind == "ongoing"


# Lists in cells ---------------------------------------------------------------------------------------------


def test_numbered_actions_take_their_own_owner_and_date_and_a_struck_out_date_is_the_first_one(tmp_path: Path) -> None:
    struck = "<w:strike/>"
    dates = (
        para("1) 18 December 2026")
        + f"<w:p>{run('2) ')}{run('30 November 2026', struck)}{run(' 29 January 2027')}</w:p>"
        + para("3) Ongoing")
    )
    rows = (
        line("What inspectors told us", "We will", "Lead", "By", "Where we are"),
        line(
            "Records are too thin",
            "1) Write recording standards\n2) Run a recording surgery\n3) Audit forty records",
            "1) Practice Lead\n2) Practice Educators\n3) Audit Manager",
            cell(dates),
            "Amber",
        ),
        line("Meetings lead to nothing", "Chase every decision", "Designated Officer", "5 March 2027", "Green"),
    )
    found = actions(document(table(*rows, columns=5))(), "docx", tmp_path)
    assert [(one.text, one.owners, one.timescale.due_on, one.timescale.original_due_on) for one in found[:2]] == [
        ("Write recording standards", ("Practice Lead",), date(2026, 12, 18), None),
        ("Run a recording surgery", ("Practice Educators",), date(2027, 1, 29), date(2026, 11, 30)),
    ]
    assert (found[2].owners, found[2].timescale.kind) == (("Audit Manager",), "ongoing")
    assert found[3].timescale.due_on == date(2027, 3, 5)


def test_a_column_headed_by_is_people_where_people_are_in_it(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "By", "Due"],
        ["Visits are late", "Count visits every week", "Team Manager", "31 January 2027"],
        ["Visits are late", "Recruit two visiting officers", "Service Manager", "28 February 2027"],
        ["Plans drift", "Review every plan", "Head of Review", "31 March 2027"],
    ]
    found = actions(workbook({"Plan": rows})(), "xlsx", tmp_path)
    assert [one.owners for one in found] == [("Team Manager",), ("Service Manager",), ("Head of Review",)]
    assert [one.timescale.due_on for one in found] == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


def test_words_of_pace_are_in_progress_at_most_as_a_guess(tmp_path: Path) -> None:
    rows = [
        ["Recommendation", "Action", "Lead", "Due", "Status"],
        ["Visits are late", "Count visits every week", "Team Manager", "31 January 2027", "On track"],
        ["Visits are late", "Recruit two visiting officers", "Service Manager", "28 February 2027", "Behind"],
        ["Plans drift", "Review every plan", "Head of Review", "31 March 2027", "Not started"],
    ]
    found = actions(workbook({"Plan": rows})(), "xlsx", tmp_path)
    assert [(one.status, one.status_guessed) for one in found] == [
        (Status.IN_PROGRESS, True),
        (Status.IN_PROGRESS, True),
        (Status.NOT_STARTED, False),
    ]


def test_marks_under_weeks_give_the_weeks_of_work_and_are_asked_about(tmp_path: Path) -> None:
    weeks = ["w/c 06/04/2026", "w/c 13/04/2026", "w/c 20/04/2026", "w/c 27/04/2026", "w/c 04/05/2026"]
    rows = [
        ["Recommendation", "Action", "Lead", *weeks],
        ["Improve assessments", "Set up a duty rota", "Head of Service", "x", "x", "", "", ""],
        ["", "Audit ten cases a month", "Team Manager", "", "", "", "", "x"],
        ["", "Train every worker", "Team Manager", "", "", "", "", ""],
    ]
    found = actions(workbook({"Plan": rows})(), "xlsx", tmp_path, date(2026, 4, 1))
    spans = [(action.timescale.starts_on, action.timescale.due_on, action.timescale.guessed) for action in found]
    assert spans == [
        (date(2026, 4, 6), date(2026, 4, 17), True),
        (date(2026, 5, 4), date(2026, 5, 8), True),
        (None, None, False),
    ]

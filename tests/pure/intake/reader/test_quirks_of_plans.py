"""What files hold besides plain words: controls, signs, colours, struck-out text, numbers with a format, doubts.

A value is right, or asked for where the file leaves a doubt; it is never wrong in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.corpus.answers import RecommendationAnswer
from tests.corpus.reading import read_file
from tests.pure.intake.reader.plans import (
    DATED_ON,
    Kind,
    act,
    cell,
    control,
    d,
    document,
    doubtful,
    line,
    misses,
    on,
    para,
    rec,
    table,
    text,
    workbook,
)

KINDS: list[Kind] = []


def kind(
    name: str, extension: str, data: Callable[[], bytes], *answer: RecommendationAnswer, may_ask: str = ""
) -> None:
    KINDS.append(Kind(name, extension, data, answer, frozenset(may_ask.split())))


# Rows and tables inside content controls
_HEAD = line("No", "Recommendation", "Action", "Lead", "Timescale", "Progress Note")
kind(
    "rows inside content controls",
    "docx",
    document(
        table(
            _HEAD,
            control(
                line("1", "Plan for crises", "Add a crisis page", "Planning Manager", "31 July 2024", "In progress")
            ),
            control(
                line(
                    "2", "More advocates", "Offer one at each review", "Rights Officer", "31 August 2024", "Not started"
                )
            ),
            control(line("", "", "Poster in six languages", "Rights Officer", "30 September 2024", "")),
        )
    ),
    rec("Plan for crises", act("Add a crisis page", on(2024, 7, 31), status="in_progress"), leads=["Planning Manager"]),
    rec(
        "More advocates",
        act("Offer one at each review", on(2024, 8, 31), status="not_started"),
        act("Poster in six languages", on(2024, 9, 30)),
        leads=["Rights Officer"],
    ),
)
kind(
    "the whole table and then each row inside a control",
    "docx",
    document(
        control(
            table(
                _HEAD,
                control(
                    control(
                        line("1", "Plan for breaks", "Ask each carer", "Fostering Manager", "30 June 2024", "Complete")
                    )
                    + control(line("", "", "Book two houses", "Fostering Manager", "31 July 2024", "In progress")),
                    "",
                ),
            ),
            "",
        )
    ),
    rec(
        "Plan for breaks",
        act("Ask each carer", on(2024, 6, 30), status="completed"),
        act("Book two houses", on(2024, 7, 31), status="in_progress"),
        leads=["Fostering Manager"],
    ),
)
kind(
    "a drop-down round a whole cell",
    "docx",
    document(
        table(
            line("No", "Recommendation", "Action", "Timescale", "Status", "Progress", "BRAG"),
            line(
                "1",
                "See children alone",
                "Write a visiting guide",
                "31/05/2024",
                control(cell("Complete")),
                "On the hub",
                "Blue",
            ),
            line(
                "",
                "",
                "Coach new workers",
                "30/09/2024",
                control(cell("In progress")),
                "Three of eight coached",
                "Amber",
            ),
            line(
                "2",
                "Share plans",
                "Audit forty plans",
                "31/10/2024",
                control(cell("Not started")),
                "Waits for an auditor",
                "Grey",
            ),
        )
    ),
    rec(
        "See children alone",
        act("Write a visiting guide", on(2024, 5, 31), status="completed", note="On the hub", brag="blue"),
        act("Coach new workers", on(2024, 9, 30), status="in_progress", note="Three of eight coached", brag="amber"),
    ),
    rec(
        "Share plans",
        act("Audit forty plans", on(2024, 10, 31), status="not_started", note="Waits for an auditor", brag="grey"),
    ),
)
kind(
    "a date picker round a cell in the middle",
    "docx",
    document(
        table(
            line("Recommendation", "Action", "Due date", "Owner", "Status"),
            line(
                "Safe transport",
                "Check drivers",
                control(cell("12/07/2024"), "<w:date/>"),
                "Transport Manager",
                "In progress",
            ),
            line("", "Log each journey", control(cell("30/08/2024"), "<w:date/>"), "Transport Manager", "Not started"),
        )
    ),
    rec(
        "Safe transport",
        act("Check drivers", on(2024, 7, 12), "Transport Manager", status="in_progress"),
        act("Log each journey", on(2024, 8, 30), "Transport Manager", status="not_started"),
    ),
)


# Signs and colours
def _theme_colours(book: Any) -> None:
    sheet = book["Plan"]
    for at, colour in ((2, Color(theme=4)), (3, "FF00B050"), (4, "FF92D050"), (5, Color(theme=7))):
        sheet.cell(at, 7).fill = PatternFill("solid", fgColor=colour)


kind(
    "signs of a key and colours of the theme",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["No", "Recommendation", "Action", "Lead", "Due date", "Status", "RAG"],
                ["1", "Strengthen night cover", "Rota template", "Duty Manager", d(2024, 3, 31), "✔"],
                ["1", "Strengthen night cover", "Meeting each month", "Duty Manager", d(2024, 9, 30), "◑"],
                ["2", "Raise school attendance", "Call before nine", "Virtual Head", d(2024, 10, 31), "60%"],
                ["2", "Raise school attendance", "Tuition by day ten", "Virtual Head", d(2024, 11, 30), "2"],
            ],
            "Key": [
                ["Sign", "Meaning"],
                ["✔", "Complete"],
                ["◑", "Half done"],
                ["2", "Started"],
                ["Blue", "Complete"],
                ["Green", "On track"],
                ["Gold", "Some slippage"],
            ],
        },
        change=_theme_colours,
    ),
    rec(
        "Strengthen night cover",
        act("Rota template", on(2024, 3, 31), status=doubtful("completed")),
        act("Meeting each month", on(2024, 9, 30), status=doubtful("partly_complete", "in_progress")),
        leads=["Duty Manager"],
    ),
    rec(
        "Raise school attendance",
        act("Call before nine", on(2024, 10, 31), status=doubtful("partly_complete", "in_progress")),
        act("Tuition by day ten", on(2024, 11, 30), status=doubtful("in_progress")),
        leads=["Virtual Head"],
    ),
    may_ask="brag",
)


# Struck out
_STRUCK = "<w:strike/>"
kind(
    "struck out in Word",
    "docx",
    document(
        table(
            line("No", "Recommendation", "Lead", "Action", "Timescale", "Progress", "BRAG"),
            line(
                "1",
                "Make visits regular",
                "Head of Care",
                "Write the visits policy",
                "31/03/2024",
                "Complete – Mar 2024",
                "Blue",
            ),
            line(
                "",
                "",
                "",
                "Coach visiting staff",
                cell(para("30/06/2024", style=_STRUCK) + para("31/10/2024")),
                "In progress – one of six teams",
                "Amber",
            ),
        )
    ),
    rec(
        "Make visits regular",
        act("Write the visits policy", on(2024, 3, 31), status="completed", done_on=date(2024, 3, 31), brag="blue"),
        act("Coach visiting staff", on(2024, 10, 31, moved=True), status="in_progress", brag="amber"),
        leads=["Head of Care"],
    ),
    may_ask="timescale",
)


def _gone(words: str, now: str = "") -> CellRichText:
    return CellRichText(TextBlock(InlineFont(strike=True), words), TextBlock(InlineFont(), now))


kind(
    "struck out in Excel",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Due date", "Status"],
                [
                    "Make visits regular",
                    "Coach visiting staff",
                    _gone("Deputy Head", " Head of Care"),
                    _gone("30/06/2024", " 31/10/2024"),
                    "In progress",
                ],
                [None, "Plan joint visits", "Head of Care", "30/11/2024", "Not started"],
            ]
        }
    ),
    rec(
        "Make visits regular",
        act("Coach visiting staff", on(2024, 10, 31, moved=True), "Head of Care", status="in_progress"),
        act("Plan joint visits", on(2024, 11, 30), "Head of Care", status="not_started"),
    ),
    may_ask="timescale owners",
)

# What Word keeps beside its text
_TICK = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>'


def _choice(result: int, *entries: str) -> str:
    listed = "".join(f'<w:listEntry w:val="{entry}"/>' for entry in entries)
    field_data = (
        f'<w:ffData><w:name w:val="s"/><w:enabled/><w:ddList><w:result w:val="{result}"/>{listed}</w:ddList></w:ffData>'
    )
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin">{field_data}</w:fldChar></w:r>'
        '<w:r><w:instrText xml:space="preserve"> FORMDROPDOWN </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


kind(
    "an old form's drop-down and a tick",
    "docx",
    document(
        table(
            line("No", "Recommendation", "Action", "Timescale", "Status", "Achieved (tick)"),
            line(
                "1",
                "Keep visits up",
                "Write a visits guide",
                "31/05/2024",
                cell(_choice(1, "Not started", "Completed", "Delayed")),
                cell(_TICK),
            ),
            line("", "", "Coach new staff", "30/09/2024", cell(_choice(0, "Not started", "Completed", "Delayed")), ""),
            line("", "", "Check twenty visits", "31/10/2024", cell(_TICK), ""),
        )
    ),
    rec(
        "Keep visits up",
        act("Write a visits guide", on(2024, 5, 31), status="completed"),
        act("Coach new staff", on(2024, 9, 30), status="not_started"),
        act("Check twenty visits", on(2024, 10, 31), status=doubtful("completed", None)),
    ),
)

# What Excel keeps beside its text
kind(
    "references as numbers with a format",
    "xlsx",
    workbook(
        {
            "Sheet": [
                ["No", "Recommendation", "Action ref", "Action", "Timescale"],
                ["2", "Make reviews timely", (2.1, "0.0"), "Step one", "30/09/2024"],
                [None, None, (2.9, "0.0"), "Step nine", "30/09/2024"],
                [None, None, (2.1, "0.00"), "Step ten", "30/09/2024"],
                [None, None, (2.2, "0.00"), "Step twenty", "30/09/2024"],
            ]
        }
    ),
    rec(
        "Make reviews timely",
        act("Step one", on(2024, 9, 30), ref="2.1"),
        act("Step nine", on(2024, 9, 30), ref="2.9"),
        act("Step ten", on(2024, 9, 30), ref="2.10"),
        act("Step twenty", on(2024, 9, 30), ref="2.20"),
    ),
)


def _years_from_1904(book: Any) -> None:
    book.epoch = CALENDAR_MAC_1904


kind(
    "years counted from 1904",
    "xlsx",
    workbook(
        {
            "Sheet": [
                ["No", "Recommendation", "Lead", "Action", "Timescale", "Progress"],
                ["1", "Make reviews timely", "Head of Care", "Write the guide", d(2024, 4, 30), "In progress"],
                [None, None, None, "Coach chairs", 44073, "In progress"],
                ["2", "Make visits timely", "Head of Care", "Audit visits", d(2024, 10, 31), "Not started"],
            ]
        },
        change=_years_from_1904,
    ),
    rec(
        "Make reviews timely",
        act("Write the guide", on(2024, 4, 30), status="in_progress"),
        act("Coach chairs", on(2024, 8, 31), status="in_progress"),
    ),
    rec("Make visits timely", act("Audit visits", on(2024, 10, 31), status="not_started")),
    may_ask="timescale",
)

# A column of priorities is none of ours
for _priorities, _column in (
    (("High", "High", "Low"), "Priority"),
    (("1", "3", "2"), "Priority"),
    (("M", "H", "L"), "Priority level"),
):
    kind(
        f"{_column} {'/'.join(_priorities)}",
        "xlsx",
        workbook(
            {
                "Plan": [
                    ["Ref", _column, "Area for improvement", "Action", "Timescale", "Progress"],
                    ["1", _priorities[0], "Visits", "Write the guide", "31/07/2024", "In progress"],
                    ["2", _priorities[1], "Reviews", "Audit forty", "30/08/2024", "Not started"],
                    ["3", _priorities[2], "Advocacy", "Ask thirty", "30/09/2024", "Not started"],
                ]
            }
        ),
        rec("Visits", act("Write the guide", on(2024, 7, 31), status="in_progress")),
        rec("Reviews", act("Audit forty", on(2024, 8, 30), status="not_started")),
        rec("Advocacy", act("Ask thirty", on(2024, 9, 30), status="not_started")),
    )

# Signs that no one sees
kind(
    "zero-width signs in headings and cells",
    "csv",
    text(
        "No,Recommen\u200bdation,\ufeffAct\u00adion,Time\u2060scale,Status\n"
        "1,Make visits regular,Write\u00a0the guide,30/09/2024\u200b,Com\u00adplete\u200b\n"
        "1,Make visits regular,Coach staff,\u200b31/10/2024,In\u00a0progress\n"
    ),
    rec(
        "Make visits regular",
        act("Write the guide", on(2024, 9, 30), status="completed"),
        act("Coach staff", on(2024, 10, 31), status="in_progress"),
    ),
)


@pytest.mark.parametrize("one", KINDS, ids=lambda one: f"{one.name}, {one.kind}")
def test_a_plan_of_this_kind_is_read_as_its_author_meant_it(one: Kind, tmp_path: Path) -> None:
    assert misses(one, tmp_path) == []


# Two dates that are no stages
_TWO = (
    ("Target date: 30/04/24\nActual date: 20/06/24", date(2024, 4, 30)),
    ("Due: 30/04/2024\nCompletion: 20/06/2024", date(2024, 4, 30)),
    ("Planned: Apr 2024\nActual: Jun 2024", date(2024, 4, 30)),
    ("Started: Feb 2024\nDue: Apr 2024", date(2024, 4, 30)),
    ("Due: April 2024\nSlipped: July 2024", None),
    ("Reviewed: May 2024; Due: April 2024", date(2024, 4, 30)),
    ("Start: 01/02/2024\nEnd: 30/04/2024", None),
    ("Original: 30/04/2024; Achieved: 20/06/2024", date(2024, 4, 30)),
    ("24-04-30", None),
)


@pytest.mark.parametrize(("words", "due"), _TWO)
def test_two_dates_of_one_promise_are_never_stages(words: str, due: date | None, tmp_path: Path) -> None:
    quoted = words.replace('"', '""')
    rows = f'No,Recommendation,Action,Timescale,Progress\n1,Make visits regular,Write a guide,"{quoted}",In progress\n'
    path = tmp_path / "plan.csv"
    path.write_text(rows, "utf-8-sig")
    read = read_file(path, DATED_ON)
    assert read.plan is not None, read.refusal
    (action,) = read.plan.actions
    scale = action.timescale
    assert scale.kind != "stages"
    certain = scale.due_on is not None and not scale.guessed
    if certain and words.startswith("Due: April"):
        assert scale.due_on == date(2024, 7, 31) and scale.original_due_on == date(2024, 4, 30)
    elif certain and words.startswith("Start: "):
        assert (scale.starts_on, scale.due_on) == (date(2024, 2, 1), date(2024, 4, 30))
    elif certain:
        assert scale.due_on == due
    if scale.kind in ("not_understood", "none") or scale.guessed:
        assert any(problem.at.startswith(action.at) for problem in read.plan.problems)


# Not quite complete
_NOT_QUITE = (
    "Complete (70%)",
    "Complete – 60%",
    "Complete: No",
    "Complete? N",
    "Closed – not delivered",
    "Closed, did not achieve",
    "Embedded: No",
    "Completed – 2 of 5 teams",
    "Achieved in two teams out of five",
    "Completed (subject to sign off)",
    "Complete pending board approval",
    "Delivered by the end of August",
    "To be completed",
    "Completed: not yet",
    "Almost done",
    "Verified - no",
    "Complete except the leaflet",
)


@pytest.mark.parametrize("words", _NOT_QUITE)
def test_a_status_that_its_own_cell_contradicts_is_never_certain(words: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(
        "No,Recommendation,Action,Timescale,Status\n"
        f'1,Make visits regular,Write a guide,30/09/2024,"{words}"\n'
        "1,Make visits regular,Coach staff,30/09/2024,In progress\n",
        "utf-8-sig",
    )
    read = read_file(path, DATED_ON)
    assert read.plan is not None, read.refusal
    action = read.plan.actions[0]
    if action.status in ("completed", "verified", "embedded"):
        assert action.status_guessed
    assert not (action.status in ("completed", "verified", "embedded") and action.completed_on)
    assert action.status not in (None,) or any(problem.at.startswith(action.at) for problem in read.plan.problems)


def test_a_formula_that_was_never_calculated_is_named_and_its_row_goes_to_no_other_action(tmp_path: Path) -> None:
    made = workbook(
        {
            "Sheet": [
                ["No", "Recommendation", "Action", "Timescale", "Progress"],
                ["1", "Make visits regular", "Write a guide", "31/07/2024", "In progress"],
                [None, None, '="Coach"&" staff"', "=DATE(2024,9,30)", "Complete – May 2024"],
                ["2", "Make reviews short", "Audit forty", "30/10/2024", "Not started"],
            ]
        }
    )
    path = tmp_path / "plan.xlsx"
    path.write_bytes(made())
    read = read_file(path, DATED_ON)
    assert read.plan is not None, read.refusal
    first = next(action for action in read.plan.actions if action.text == "Write a guide")
    assert (first.status, first.note) == ("in_progress", "In progress")
    assert any("row 3" in problem.at and "Excel" in f"{problem.says} {problem.do}" for problem in read.plan.problems)


def test_a_row_that_is_struck_out_whole_is_withdrawn_or_asked_for(tmp_path: Path) -> None:
    struck = [
        cell(para(words, style=_STRUCK))
        for words in ("2", "Make reviews short", "Audit forty reviews", "30/09/2024", "Not started")
    ]
    made = document(
        table(
            line("No", "Recommendation", "Action", "Timescale", "Status"),
            line("1", "Make visits regular", "Write a guide", "31/07/2024", "In progress"),
            line(*struck),
        )
    )
    path = tmp_path / "plan.docx"
    path.write_bytes(made())
    read = read_file(path, DATED_ON)
    assert read.plan is not None, read.refusal
    there = [action for action in read.plan.actions if "Audit forty reviews" in action.text]
    assert [len(one.actions) for one in read.plan.recommendations] == [1, 1]
    named = [problem for problem in read.plan.problems if "row 3" in problem.at]
    assert named
    assert all(action.status == "withdrawn" or action.status_guessed or action.status is None for action in there)

# ruff: noqa: E501 - a row of a table is a line here
"""Habits of council officers that no list foresees: each small plan is read rightly, or what is doubtful is asked.

A question is as good as the answer; a lost or invented action, and a value that is wrong in silence, are not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from ilacs_app.intake.reader.choices import Choices
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.plan import plan_from
from tests.corpus.answers import RecommendationAnswer
from tests.pure.intake.reader.plans import (
    DATED_ON,
    UNKNOWN,
    Kind,
    across,
    act,
    cell,
    control,
    d,
    document,
    doubtful,
    heading,
    line,
    misses,
    on,
    ongoing,
    para,
    rec,
    run,
    table,
    text,
    workbook,
)

ASK = "recommendation leads action owners timescale status note brag ref completed place"
PLANS: list[Kind] = []
BULLET = '<w:pStyle w:val="ListBullet"/>'


def plan(name: str, extension: str, data: Callable[[], bytes], *answer: RecommendationAnswer) -> None:
    PLANS.append(Kind(name, extension, data, answer, frozenset(ASK.split())))


def painted(colours: dict[str, str]) -> Callable[..., None]:
    """Fill cells of the first sheet."""

    def change(book) -> None:  # type: ignore[no-untyped-def]
        for at, rgb in colours.items():
            book.worksheets[0][at].fill = PatternFill("solid", start_color=rgb)

    return change


DUTY, PANEL = "Make the duty system safe", "Hear children at panel"

plan(
    "a merged title block, a logo line and a date line above the headings",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Northshire County Council", None, None, None, None],
                ["Children's Services improvement plan", None, None, None, None],
                ["Position at 31 May 2024", None, None, None, None],
                [],
                ["Recommendation", "Action", "Owner", "By when", "Status"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 7, 31), "Not started"],
                [None, "Write duty guidance", "Duty Manager", d(2024, 9, 30), "In progress"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "In progress"],
            ]
        },
        merges=("A1:E1", "A2:E2", "A3:E3"),
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="not_started"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status="in_progress")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="in_progress")),
)  # fmt: skip
plan(
    "ratings by fill alone with no key",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Improvement", "Action", "Lead", "Due", "RAG"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 7, 31), None],
                [DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), None],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), None],
            ]
        },
        change=painted({"E2": "FF00B050", "E3": "FFFFC000", "E4": "FFFF0000"}),
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), brag="green", status=doubtful()), act("Write duty guidance", on(2024, 9, 30), brag="amber", status=doubtful())),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), brag="red", status=doubtful())),
)  # fmt: skip
plan(
    "months across the top with a cross where work is planned",
    "xlsx",
    workbook(
        {
            "Gantt": [
                ["Priority", "Task", "Who", "Jun-24", "Jul-24", "Aug-24", "Sep-24"],
                [DUTY, "Appoint a duty manager", "Head of Service", "X", "X", None, None],
                [DUTY, "Write duty guidance", "Duty Manager", None, None, "X", "X"],
                [PANEL, "Invite two young people", "Participation Officer", None, "X", None, None],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", None, "Head of Service"), act("Write duty guidance", None, "Duty Manager")),
    rec(PANEL, act("Invite two young people", on(2024, 7, 31), "Participation Officer")),
)  # fmt: skip
plan(
    "a sheet for each recommendation with its words in the second row",
    "xlsx",
    workbook(
        {
            "Rec 1": [["Recommendation 1"], [DUTY], [], ["Action", "Owner", "Deadline", "Update"], ["Appoint a duty manager", "Head of Service", d(2024, 7, 31), "Advert is out"]],
            "Rec 2": [["Recommendation 2"], [PANEL], [], ["Action", "Owner", "Deadline", "Update"], ["Invite two young people", "Participation Officer", d(2024, 8, 30), "Letter drafted"]],
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", note="Advert is out")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", note="Letter drafted")),
)  # fmt: skip
plan(
    "a tab for each quarter with the actions that fall due in it",
    "xlsx",
    workbook(
        {
            "Q1 2024-25": [["Recommendation", "Action", "Owner", "Due", "Status"], [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 6, 28), "In progress"]],
            "Q2 2024-25": [
                ["Recommendation", "Action", "Owner", "Due", "Status"],
                [DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), "Not started"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "Not started"],
            ],
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 6, 28), "Head of Service", status="in_progress"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status="not_started")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "owner and deadline on two lines of one cell",
    "docx",
    document(
        table(
            line("Recommendation", "Action", "Owner/Deadline", "Progress"),
            line(DUTY, "Appoint a duty manager", "Head of Service\n31/07/2024", "Advert is out"),
            line(DUTY, "Write duty guidance", "Duty Manager\nSeptember 2024", "First draft"),
            line(PANEL, "Invite two young people", "Participation Officer\nOngoing", "Two came in May"),
        )
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", note="Advert is out"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", note="First draft")),
    rec(PANEL, act("Invite two young people", ongoing(), "Participation Officer", note="Two came in May")),
)  # fmt: skip
plan(
    "a column of comments for each month, the newest last",
    "xlsx",
    workbook(
        {
            "Tracker": [
                ["Recommendation", "Action", "Owner", "Due date", "March comments", "April comments", "May comments"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 7, 31), "Job description agreed", "Advert is out", "Four applied"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), None, "Letter drafted", None],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer")),
)  # fmt: skip


def _struck_row(book) -> None:  # type: ignore[no-untyped-def]
    for at in ("B2", "D2"):
        book.worksheets[0][at].font = Font(strike=True)


plan(
    "what is done is struck through, its owner and status are not",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Due", "Status"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 3, 29), "Done"],
                [DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), "Begun"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "Begun"],
            ]
        },
        change=_struck_row,
    ),
    rec(DUTY, act("Appoint a duty manager", UNKNOWN, "Head of Service", status=doubtful("completed", "withdrawn", None)), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status=doubtful("in_progress"))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status=doubtful("in_progress"))),
)  # fmt: skip
plan(
    "three levels of numbers in one column",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Ref", "What", "Who", "When", "RAG"],
                ["1", DUTY, None, None, None],
                ["1.1", "Appoint a duty manager", "Head of Service", d(2024, 7, 31), "G"],
                ["1.1.1", "Agree the job description", "HR Adviser", d(2024, 6, 28), "A"],
                ["1.2", "Write duty guidance", "Duty Manager", d(2024, 9, 30), "G"],
                ["2", PANEL, None, None, None],
                ["2.1", "Invite two young people", "Participation Officer", d(2024, 8, 30), "R"],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", brag="green", ref="1.1"), act("Agree the job description", on(2024, 6, 28), "HR Adviser", brag="amber", ref="1.1.1"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", brag="green", ref="1.2")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", brag="red", ref="2.1")),
)  # fmt: skip


def _hidden_column(book) -> None:  # type: ignore[no-untyped-def]
    sheet = book.worksheets[0]
    sheet.column_dimensions["D"].hidden = True
    sheet.auto_filter.ref = "A1:G4"
    sheet.row_dimensions[3].hidden = True


plan(
    "a hidden column of old dates and a row hidden by a filter",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Old due date", "Due date", "Status", "Notes"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2023, 12, 29), d(2024, 7, 31), "In progress", "Advert is out"],
                [DUTY, "Write duty guidance", "Duty Manager", d(2023, 12, 29), d(2024, 9, 30), "Complete", "Signed off in May 2024"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 1, 31), d(2024, 8, 30), "In progress", "Letter drafted"],
            ]
        },
        change=_hidden_column,
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31, moved=True), "Head of Service", status="in_progress"), act("Write duty guidance", on(2024, 9, 30, moved=True), "Duty Manager", status="completed", done_on=date(2024, 5, 31))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30, moved=True), "Participation Officer", status="in_progress")),
)  # fmt: skip


def _validated(book) -> None:  # type: ignore[no-untyped-def]
    sheet = book.worksheets[0]
    choice = DataValidation(type="list", formula1='"Not started,In progress,Complete"')
    sheet.add_data_validation(choice)
    choice.add("E2:E40")
    sheet.protection.sheet = True
    sheet["B2"].comment = Comment("Check with HR", "Programme office")


plan(
    "a protected sheet with drop-downs, a cell comment and rows ready to fill",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Due", "Status"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 7, 31), "In progress"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "Not started"],
                [None, None, None, None, "Not started"],
                [None, None, None, None, "Not started"],
            ]
        },
        change=_validated,
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="in_progress")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "a landscape table whose sections are split by headings, the columns named once",
    "docx",
    document(
        heading("Improvement plan", 1),
        heading(f"1. {DUTY}", 2),
        table(
            line("Action", "Owner", "Date", "Progress"),
            line("Appoint a duty manager", "Head of Service", "July 2024", "Advert is out"),
        ),
        heading(f"2. {PANEL}", 2),
        table(line("Invite two young people", "Participation Officer", "August 2024", "Letter drafted")),
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", note="Advert is out")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 31), "Participation Officer", note="Letter drafted")),
)  # fmt: skip
plan(
    "an action table inside a recommendation's form",
    "docx",
    document(
        *(
            table(
                line("Recommendation", words),
                line("Accountable lead", lead),
                line("Actions", cell(table(line("Action", "By when", "RAG"), line(action, when, rag)) + para())),
            )
            + para()
            for words, lead, action, when, rag in (
                (DUTY, "Director of Care", "Appoint a duty manager", "31/07/2024", "Green"),
                (PANEL, "Head of Quality", "Invite two young people", "30/08/2024", "Amber"),
            )
        )
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), brag="green"), leads=("Director of Care",)),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), brag="amber"), leads=("Head of Quality",)),
)  # fmt: skip


def inserted(words: str) -> str:
    return f'<w:ins w:id="9" w:author="A" w:date="2024-05-01T09:00:00Z">{run(words)}</w:ins>'


def deleted(words: str) -> str:
    return (
        f'<w:del w:id="8" w:author="A" w:date="2024-05-01T09:00:00Z"><w:r><w:delText>{words}</w:delText></w:r></w:del>'
    )


plan(
    "a date and a status changed with tracking on",
    "docx",
    document(
        table(
            line("Recommendation", "Action", "Owner", "Deadline", "Status"),
            line(DUTY, "Appoint a duty manager", "Head of Service", cell(f"<w:p>{deleted('31/05/2024')}{inserted('31/07/2024')}</w:p>"), cell(f"<w:p>{deleted('Complete')}{inserted('In progress')}</w:p>")),
            line(PANEL, "Invite two young people", "Participation Officer", "30/08/2024", "Not started"),
        )
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="in_progress")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
_BOX = (
    '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
    f"{para('Key: G = on track, A = at risk, B = complete')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)
plan(
    "the key in a text box beside the table",
    "docx",
    document(
        _BOX,
        table(
            line("Recommendation", "Action", "Owner", "Deadline", "RAG"),
            line(DUTY, "Appoint a duty manager", "Head of Service", "31/07/2024", "G"),
            line(PANEL, "Invite two young people", "Participation Officer", "30/04/2024", "B"),
        ),
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", brag="green", status=doubtful("in_progress", None))),
    rec(PANEL, act("Invite two young people", on(2024, 4, 30), "Participation Officer", brag="blue", status=doubtful("completed", None))),
)  # fmt: skip
plan(
    "content controls round a date and an owner, one never filled in",
    "docx",
    document(
        table(
            line("Recommendation", "Action", "Owner", "Deadline"),
            line(DUTY, "Appoint a duty manager", cell(f"<w:p>{control(run('Head of Service'))}</w:p>"), control(cell("31/07/2024"), "<w:date/>")),
            line(PANEL, "Invite two young people", cell(f"<w:p>{control(run('Choose an item.'), '<w:showingPlcHdr/><w:dropDownList/>')}</w:p>"), "30/08/2024"),
        )
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30))),
)  # fmt: skip
plan(
    "a column of initials and no list of them",
    "csv",
    text(
        "Recommendation,Action,Lead,When,Status\n"
        f"{DUTY},Appoint a duty manager,JB,July 2024,Started\n"
        f"{DUTY},Write duty guidance,JB/KP,Sept 2024,Started\n"
        f"{PANEL},Invite two young people,KP,Aug 2024,Not started\n"
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "JB", status=doubtful("in_progress")), act("Write duty guidance", on(2024, 9, 30), "JB", "KP", status=doubtful("in_progress"))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 31), "KP", status="not_started")),
)  # fmt: skip
plan(
    "a priority column of High, Medium and Low before the action",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Priority", "Action", "Owner", "Start", "End", "RAG"],
                [DUTY, "High", "Appoint a duty manager", "Head of Service", d(2024, 4, 1), d(2024, 7, 31), "Amber"],
                [DUTY, "Low", "Write duty guidance", "Duty Manager", d(2024, 7, 1), d(2024, 9, 30), "Green"],
                [PANEL, "Medium", "Invite two young people", "Participation Officer", d(2024, 5, 1), d(2024, 8, 30), "Red"],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", brag="amber"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", brag="green")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", brag="red")),
)  # fmt: skip
plan(
    "statuses such as BAU and complete with a note to see",
    "csv",
    text(
        "Recommendation,Action,Owner,Deadline,Status,Comments\n"
        f"{DUTY},Appoint a duty manager,Head of Service,31/05/2024,Complete - see note,Interim only until March\n"
        f"{DUTY},Write duty guidance,Duty Manager,30/09/2024,BAU,Reviewed every quarter\n"
        f"{PANEL},Invite two young people,Participation Officer,30/08/2024,Complete*,\n"
        f"{PANEL},Publish what children said,Participation Officer,30/08/2024,Moved to BAU,\n"
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 5, 31), "Head of Service", status=doubtful("completed", "partly_complete", None)), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status=doubtful("completed", "embedded", None))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status=doubtful("completed", None)), act("Publish what children said", on(2024, 8, 30), "Participation Officer", status=doubtful("completed", "embedded", None))),
)  # fmt: skip
plan(
    "references of four figures and more",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["ID", "Recommendation", "Action", "Owner", "Due", "Status"],
                [10412, DUTY, "Appoint a duty manager", "Head of Service", d(2024, 7, 31), "In progress"],
                [10413, DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), "Not started"],
                [10420, PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "Not started"],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="in_progress"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status="not_started")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "references with a year and four figures, lines under the same action without one",
    "csv",
    text(
        "Reference,Recommendation,Action,Owner,Due,Progress\n"
        f"ILACS-2024-0001,{DUTY},Appoint a duty manager,Head of Service,31/07/2024,Advert is out\n"
        f"ILACS-2024-0002,{DUTY},Write duty guidance,Duty Manager,30/09/2024,First draft\n"
        f"ILACS-2024-0003,{PANEL},Invite two young people,Participation Officer,30/08/2024,Letter drafted\n"
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", ref="ILACS-2024-0001"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", ref="ILACS-2024-0002")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", ref="ILACS-2024-0003")),
)  # fmt: skip
plan(
    "a row of four figures alone, an action below it that has none",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["No", "Recommendation", "Action no", "Action", "Owner", "Due"],
                [2041, DUTY, None, None, None, None],
                [None, None, 20411, "Appoint a duty manager", "Head of Service", d(2024, 7, 31)],
                [None, None, 20412, "Write duty guidance", "Duty Manager", d(2024, 9, 30)],
                [2042, PANEL, None, None, None, None],
                [None, None, 20421, "Invite two young people", "Participation Officer", d(2024, 8, 30)],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer")),
)  # fmt: skip
plan(
    "the key to the ratings in the rows below",
    "csv",
    text(
        "Recommendation,Action,Owner,Due,RAG\n"
        f"{DUTY},Appoint a duty manager,Head of Service,31/07/2024,A\n"
        f"{PANEL},Invite two young people,Participation Officer,30/08/2024,G\n"
        "\n"
        "RAG,Meaning,,,\n"
        "R,Off track,,,\n"
        "A,At risk of delay,,,\n"
        "G,On track,,,\n"
        "B,Complete,,,\n"
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", brag="amber", status=doubtful("in_progress", None))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", brag="green", status=doubtful("in_progress", None))),
)  # fmt: skip
plan(
    "the status key straight below the last row, its own heading in words of its own",
    "csv",
    text(
        "What inspectors said,What we will do,Who,When,Where are we\n"
        f"{DUTY},Appoint a duty manager,Head of Service,31/07/2024,Under way\n"
        f"{PANEL},Invite two young people,Participation Officer,30/08/2024,Not begun\n"
        "Key to status,,,,\n"
        "Not begun,No work has been done yet,,,\n"
        "Under way,Work has begun and is on time,,,\n"
        "Stuck,Work has stopped and needs help,,,\n"
        "Finished,Done and checked by a manager,,,\n"
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status=doubtful("in_progress"))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status=doubtful("not_started"))),
)  # fmt: skip
plan(
    "cards of two labels a row whose lead was never filled in",
    "docx",
    document(
        *(
            table(
                line("Recommendation", cell(words, '<w:gridSpan w:val="3"/>')),
                line("Lead", "", "Status", status),
                line("Action", action, "Due date", due),
            )
            + para()
            for words, status, action, due in (
                (DUTY, "In progress", "Appoint a duty manager", "31/07/2024"),
                (PANEL, "Not started", "Invite two young people", "30/08/2024"),
            )
        )
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), status="in_progress")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), status="not_started")),
)  # fmt: skip
plan(
    "cards with the label above its value",
    "docx",
    document(
        *(
            table(
                line("Recommendation", "Lead"),
                line(words, lead),
                line("Action", "Deadline"),
                line(action, due),
                line("Progress", "RAG"),
                line(note, rag),
            )
            + para()
            for words, lead, action, due, note, rag in (
                (DUTY, "Head of Service", "Appoint a duty manager", "31/07/2024", "Advert is out", "Green"),
                (PANEL, "Participation Officer", "Invite two young people", "30/08/2024", "Letter drafted", "Amber"),
            )
        )
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), note="Advert is out", brag="green")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), note="Letter drafted", brag="amber")),
)  # fmt: skip
plan(
    "the first date, a first and a second new date",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Original date", "Revised date 1", "Revised date 2", "Status"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 1, 31), d(2024, 4, 30), d(2024, 7, 31), "In progress"],
                [DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), None, None, "Not started"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 3, 29), d(2024, 8, 30), None, "In progress"],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31, moved=True), "Head of Service", status="in_progress"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status="not_started")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30, moved=True), "Participation Officer", status="in_progress")),
)  # fmt: skip
plan(
    "numbered steps run on in one line of a cell",
    "docx",
    document(
        table(
            line("Recommendation", "Actions", "Owner", "Deadline", "Status"),
            line(DUTY, "1) Appoint a duty manager 2) Write duty guidance 3) Train the duty team", "Head of Service", "31/07/2024", "Complete"),
            line(PANEL, "1) Invite two young people 2) Publish what they said", "Participation Officer", "30/08/2024", "In progress"),
        )
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31, asks=True)), act("Write duty guidance", on(2024, 7, 31, asks=True)), act("Train the duty team", on(2024, 7, 31, asks=True))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30, asks=True)), act("Publish what they said", on(2024, 8, 30, asks=True))),
)  # fmt: skip
plan(
    "the date of the last update beside the deadline",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Deadline", "Update", "Update given on", "RAG"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 7, 31), "Advert is out", d(2024, 5, 20), "Green"],
                [DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), "First draft", d(2024, 5, 22), "Green"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "Letter drafted", d(2024, 5, 28), "Amber"],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", note="Advert is out", brag="green"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", note="First draft", brag="green")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", note="Letter drafted", brag="amber")),
)  # fmt: skip
plan(
    "a table turned on its side, each action a column",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", DUTY, DUTY, PANEL],
                ["Action", "Appoint a duty manager", "Write duty guidance", "Invite two young people"],
                ["Owner", "Head of Service", "Duty Manager", "Participation Officer"],
                ["Due date", d(2024, 7, 31), d(2024, 9, 30), d(2024, 8, 30)],
                ["Status", "In progress", "Not started", "In progress"],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="in_progress"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status="not_started")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="in_progress")),
)  # fmt: skip
plan(
    "rows sorted by date, so that recommendations come and go",
    "csv",
    text(
        "Due,Action,Recommendation,Owner,Status\n"
        f"30/06/2024,Appoint a duty manager,{DUTY},Head of Service,In progress\n"
        f"31/07/2024,Invite two young people,{PANEL},Participation Officer,Not started\n"
        f"31/08/2024,Write duty guidance,{DUTY},Duty Manager,Not started\n"
        f"30/09/2024,Publish what they said,{PANEL},Participation Officer,Not started\n"
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 6, 30), "Head of Service", status="in_progress"), act("Write duty guidance", on(2024, 8, 31), "Duty Manager", status="not_started")),
    rec(PANEL, act("Invite two young people", on(2024, 7, 31), "Participation Officer", status="not_started"), act("Publish what they said", on(2024, 9, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "the same recommendation typed with and without a full stop and a capital",
    "csv",
    text(
        "Recommendation,Action,Owner,Due,Status\n"
        f"{DUTY},Appoint a duty manager,Head of Service,31/07/2024,In progress\n"
        f"{DUTY}.,Write duty guidance,Duty Manager,30/09/2024,Not started\n"
        f"{PANEL},Invite two young people,Participation Officer,30/08/2024,Not started\n"
        f"{PANEL.lower()} ,Publish what they said,Participation Officer,30/09/2024,Not started\n"
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="in_progress"), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status="not_started")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="not_started"), act("Publish what they said", on(2024, 9, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "instructions, risks and decisions on sheets of their own",
    "xlsx",
    workbook(
        {
            "Instructions": [["Column", "What to write"], ["Action", "Say what will be done"], ["Owner", "One name only"], ["Due", "Give a real date"], ["Status", "Choose from the list"]],
            "Plan": [
                ["Recommendation", "Action", "Owner", "Due", "Status"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 7, 31), "In progress"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "Not started"],
            ],
            "Risk register": [["Risk", "Mitigating action", "Owner", "Review date", "RAG"], ["Nobody applies", "Use an agency", "HR Adviser", d(2024, 6, 28), "Amber"], ["Costs rise", "Report to the board", "Finance Manager", d(2024, 7, 31), "Green"]],
            "Decision log": [["Date", "Decision", "Made by"], [d(2024, 5, 1), "Agree the plan", "Improvement Board"]],
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="in_progress")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "sections named after teams above rows that have their own recommendation",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Due", "Status"],
                ["FRONT DOOR", None, None, None, None],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 7, 31), "In progress"],
                ["PARTICIPATION", None, None, None, None],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "Not started"],
            ]
        },
        merges=("A2:E2", "A4:E4"),
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="in_progress")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "semicolons, a title line and a line that says how to fill it in",
    "csv",
    text(
        "Improvement plan 2024;;;;\n"
        "Fill in all columns and return to the programme office;;;;\n"
        ";;;;\n"
        "Recommendation;Action;Owner;Due;Status\n"
        f"{DUTY};Appoint a duty manager;Head of Service;31/07/2024;In progress\n"
        f"{PANEL};Invite two young people;Participation Officer;30/08/2024;Not started\n"
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", status="in_progress")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "time given in weeks and months from now",
    "csv",
    text(
        "Recommendation,Action,Owner,Timescale,Status\n"
        f"{DUTY},Appoint a duty manager,Head of Service,Within 6 weeks,In progress\n"
        f"{DUTY},Write duty guidance,Duty Manager,3 months,Not started\n"
        f"{PANEL},Invite two young people,Participation Officer,End of term,Not started\n"
    ),
    rec(DUTY, act("Appoint a duty manager", UNKNOWN, "Head of Service", status="in_progress"), act("Write duty guidance", UNKNOWN, "Duty Manager", status="not_started")),
    rec(PANEL, act("Invite two young people", UNKNOWN, "Participation Officer", status="not_started")),
)  # fmt: skip


def _shares(book) -> None:  # type: ignore[no-untyped-def]
    for n in (2, 3, 4):
        book.worksheets[0][f"E{n}"].number_format = "0%"


plan(
    "how much is done as a number shown as a share",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Due", "% complete"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 5, 31), 1],
                [DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), 0.5],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), 0],
            ]
        },
        change=_shares,
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 5, 31), "Head of Service", status=doubtful("completed", None)), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status=doubtful("in_progress", "partly_complete", None))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status=doubtful("not_started", None))),
)  # fmt: skip
plan(
    "an old date struck out above the new one in the same cell",
    "docx",
    document(
        table(
            line("Recommendation", "Action", "Owner", "Deadline", "Status"),
            line(DUTY, "Appoint a duty manager", "Head of Service", cell(f"<w:p>{run('30/04/2024', '<w:strike/>')}</w:p><w:p>{run('31/07/2024')}</w:p>"), "In progress"),
            line(PANEL, "Invite two young people", "Participation Officer", cell(f"<w:p>{run('28/06/2024', '<w:dstrike/>')}</w:p><w:p>{run('30/08/2024')}</w:p>"), "Not started"),
        )
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 7, 31, moved=True), "Head of Service", status="in_progress")),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30, moved=True), "Participation Officer", status="not_started")),
)  # fmt: skip
plan(
    "the lead in brackets after the recommendation in a row across",
    "docx",
    document(
        table(
            line("Action", "Owner", "Deadline", "RAG"),
            across(f"1. {DUTY} (Lead: Director of Care)", 4),
            line("Appoint a duty manager", "Head of Service", "31/07/2024", "Green"),
            across(f"2. {PANEL} (Lead: Head of Quality)", 4),
            line("Invite two young people", "Participation Officer", "30/08/2024", "Amber"),
            columns=4,
        )
    ),
    rec(f"{DUTY} (Lead: Director of Care)", act("Appoint a duty manager", on(2024, 7, 31), "Head of Service", brag="green")),
    rec(f"{PANEL} (Lead: Head of Quality)", act("Invite two young people", on(2024, 8, 30), "Participation Officer", brag="amber")),
)  # fmt: skip
plan(
    "months named above bulleted work, without a heading style",
    "docx",
    document(
        para("Improvement plan", '<w:pStyle w:val="Heading1"/>'),
        para("July 2024", style="<w:b/>"),
        para("Appoint a duty manager", BULLET),
        para("Write duty guidance", BULLET),
        para("August 2024", style="<w:b/>"),
        para("Invite two young people", BULLET),
    ),
    rec("Improvement plan", act("Appoint a duty manager", on(2024, 7, 31, asks=True)), act("Write duty guidance", on(2024, 7, 31, asks=True)), act("Invite two young people", on(2024, 8, 31, asks=True)), asks=True),
)  # fmt: skip
plan(
    "done or not as Y and N, the day it was done beside it",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Target", "Achieved? (Y/N)", "Date achieved"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 4, 30), "Y", d(2024, 4, 12)],
                [DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), "N", None],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "N", None],
            ]
        }
    ),
    rec(DUTY, act("Appoint a duty manager", on(2024, 4, 30), "Head of Service", status=doubtful("completed"), done_on=date(2024, 4, 30)), act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status=doubtful())),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status=doubtful())),
)  # fmt: skip
plan(
    "completed actions in a second table under their own line on the same sheet",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Owner", "Due", "Status"],
                [DUTY, "Write duty guidance", "Duty Manager", d(2024, 9, 30), "Not started"],
                [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "In progress"],
                [],
                ["Completed actions"],
                ["Recommendation", "Action", "Owner", "Due", "Status"],
                [DUTY, "Appoint a duty manager", "Head of Service", d(2024, 3, 29), "Complete"],
            ]
        }
    ),
    rec(DUTY, act("Write duty guidance", on(2024, 9, 30), "Duty Manager", status="not_started"), act("Appoint a duty manager", on(2024, 3, 29), "Head of Service", status=doubtful("completed"))),
    rec(PANEL, act("Invite two young people", on(2024, 8, 30), "Participation Officer", status="in_progress")),
)  # fmt: skip


@pytest.mark.parametrize("one", PLANS, ids=lambda one: one.name)
def test_an_officers_habit_is_read_rightly_or_asked_about(one: Kind, tmp_path: Path) -> None:
    assert misses(one, tmp_path) == []


FORMS = {
    "a title and headings": ("xlsx", workbook({"Plan": [["Our improvement plan"], [], ["Recommendation", "Action", "Owner", "Due"]]})),
    "a title and headings as text": ("csv", text("Our improvement plan,,,\n\nRecommendation,Action,Owner,Due\n")),
    "headings and empty rows": ("docx", document(table(line("Recommendation", "Action", "Owner", "Due"), line("", "", "", "")))),
    "headings and drop-downs": ("xlsx", workbook({"Plan": [["Recommendation", "Action", "Owner", "Status"], [None, None, None, "Not started"]]})),
    "owners and dates of nothing": ("xlsx", workbook({"Plan": [["No", "Recommendation", "Action", "Owner", "Due"], [1, None, None, "Head of Service", d(2024, 7, 31)]]})),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_was_never_filled_in_is_refused_as_such(name: str, tmp_path: Path) -> None:
    kind, data = FORMS[name]
    path = tmp_path / f"form.{kind}"
    path.write_bytes(data())
    with pytest.raises(NotAPlan, match="fill them in and try again"):
        plan_from(read_document(path), DATED_ON)


def test_a_letter_without_table_or_list_is_refused_for_that_reason(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(document(heading("Our letter"), para("Thank you for your visit."), para("We reply below."))())
    with pytest.raises(NotAPlan, match="no table and no list of actions"):
        plan_from(read_document(path), DATED_ON)


def test_recommendations_without_an_action_yet_come_in_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(
        workbook(
            {
                "Plan": [
                    ["No", "Recommendation", "Action", "Owner"],
                    [1, DUTY, None, "Head of Service"],
                    [2, PANEL, None, None],
                ]
            }
        )()
    )
    made = plan_from(read_document(path), DATED_ON).plan(DATED_ON, Choices())
    assert [(one.number, one.text, one.actions) for one in made.recommendations] == [("1", DUTY, ()), ("2", PANEL, ())]
    assert {"Recommendation 1 has no action.", "Recommendation 2 has no action."} <= {one.says for one in made.problems}


CELLS = {
    "bullets": "\u2022 Appoint a duty manager\n\u2022 Write duty guidance\n\u2022 Train the duty team",
    "numbers in one line": "1) Appoint a duty manager 2) Write duty guidance 3) Train the duty team",
    "lines without a mark": "Appoint a duty manager\nWrite duty guidance\nTrain the duty team",
}


@pytest.mark.parametrize("cell_text", CELLS.values(), ids=CELLS)
def test_several_actions_beside_one_date_are_reported_and_have_no_certain_status(
    cell_text: str, tmp_path: Path
) -> None:
    path = tmp_path / "plan.xlsx"
    rows = [
        ["Recommendation", "Action", "Owner", "Due", "Status"],
        [DUTY, cell_text, "Head of Service", d(2024, 5, 31), "Complete"],
        [PANEL, "Invite two young people", "Participation Officer", d(2024, 8, 30), "Complete"],
    ]
    path.write_bytes(workbook({"Plan": rows})())
    made = plan_from(read_document(path), DATED_ON).plan(DATED_ON, Choices())
    first, second = (one.actions[0] for one in made.recommendations)
    assert first.status_guessed and not second.status_guessed
    assert "This cell lists 3 things to do. We read them as one action, with one date and one status." in {
        one.says for one in made.problems if one.at == first.at
    }

# ruff: noqa: E501 - a row of a table is a line here
"""Five plans in Excel as council officers keep them for a director: each typed by hand, with its actions and dates.

The words are invented and people are job titles. An expected date is a day, "ongoing", or "ask" where the plan itself
does not say when.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill

from tests.samples.officers.expected import OfficersPlan

RED, AMBER, GREEN, BLUE = (PatternFill("solid", fgColor=f"FF{rgb}") for rgb in ("FF0000", "FFC000", "00B050", "0070C0"))


def _saved(write: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    write(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _tracker(book: Any) -> None:
    sheet = book.active
    sheet.title = "Tracker"
    sheet["A1"] = "Children's Services Improvement Tracker"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = "Updated for DCS 1-2-1, 9 September 2024"
    heads = ("Ref", "What Ofsted told us", "What we're doing about it", "Who", "Due", "RAG", "Latest position")
    for column, words in enumerate(heads, start=1):
        sheet.cell(4, column, words).font = Font(bold=True)
    rows: tuple[tuple[Any, ...], ...] = (
        ("1.1", "Social work assessments do not always reflect children's history", "Chronology to be started at first visit - practice note to all teams", "HoS Assessment", date(2024, 6, 28), BLUE, "Issued 24/6"),
        ("1.2", None, "Dip sample of 30 assessments", "QA Manager", date(2024, 9, 30), GREEN, "20 done. On course for end of month"),
        ("1.3", None, "Training - analytical writing (4 cohorts)", "Workforce Dev", date(2024, 12, 20), AMBER, "Cohorts 1 & 2 delivered, trainer off sick so cohort 3 moved to Nov"),
        ("2.1", "Supervision is irregular in some teams", "New supervision policy", "PSW", date(2024, 5, 31), BLUE, "Signed off at CSLT"),
        ("2.2", None, "Weekly compliance report to team managers", "Performance", "Ongoing", GREEN, None),
        ("2.3", None, "Supervision audit", "QA Manager", date(2024, 10, 31), GREEN, "Sample drawn"),
        ("3.1", "Care leavers' health histories are not shared with them", "Agree health passport with ICB", "Designated Nurse / HoS CLA", date(2024, 8, 30), RED, "ICB want to redesign - meeting 16 Sept"),
        ("3.2", None, "Roll out to all 17 yr olds", "HoS CLA", "TBC once passport agreed", None, None),
    )  # fmt: skip
    for at, (ref, told, doing, who, due, fill, latest) in enumerate(rows, start=5):
        for column, value in enumerate((ref, told, doing, who, due, None, latest), start=1):
            cell = sheet.cell(at, column, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(due, date):
            sheet.cell(at, 5).number_format = "dd-mmm-yy"
        if fill:
            sheet.cell(at, 6).fill = fill
    for merge in ("B5:B7", "B8:B10", "B11:B12"):
        sheet.merge_cells(merge)
    sheet["A15"] = "Key: blue = done, green = on track, amber = some slippage, red = off track"


TRACKER = OfficersPlan(
    "tracker.xlsx",
    lambda: _saved(_tracker),
    date(2024, 9, 9),
    {
        "Social work assessments do not always reflect children's history": {
            "Chronology to be started at first visit - practice note to all teams": date(2024, 6, 28),
            "Dip sample of 30 assessments": date(2024, 9, 30),
            "Training - analytical writing (4 cohorts)": date(2024, 12, 20),
        },
        "Supervision is irregular in some teams": {
            "New supervision policy": date(2024, 5, 31),
            "Weekly compliance report to team managers": "ongoing",
            "Supervision audit": date(2024, 10, 31),
        },
        "Care leavers' health histories are not shared with them": {
            "Agree health passport with ICB": date(2024, 8, 30),
            "Roll out to all 17 yr olds": "ask",
        },
    },
)


def _quarters(book: Any) -> None:
    sheet = book.active
    sheet.title = "Plan 25-26"
    sheet.append(["Post-inspection plan 2025/26 - quarterly reporting to Improvement Board"])
    sheet.append([])
    sheet.append(
        ["Priority", "Milestone", "Accountable", "Target", "Q1 update", "Q2 update", "Q3 update", "Q4 update", "BRAG"]
    )
    rows = (
        ("1 Front door", "Threshold document republished", "AD Safeguarding", "Q1 2025/26", "Published 12 June", "", "", "", "B"),
        ("1 Front door", "Daily triage with police and health", "Front Door Manager", "Q2 2025/26", "Agreed in principle", "Started 8 Sept", "", "", "B"),
        ("1 Front door", "Repeat contacts analysis", "Performance Manager", "Q3 2025/26", "", "Data spec written", "Draft to board Dec", "", "A"),
        ("2 Permanence", "Permanence tracker live", "Head of Permanence", "End of Q2 25/26", "Built", "Live", "", "", "B"),
        ("2 Permanence", "All children with a plan for permanence by second review", "IRO Manager", "Q4 2025/26", "62%", "71%", "78%", "", "G"),
        ("2 Permanence", "Life story backlog cleared", "Head of Permanence", "31 March 2026", "40 outstanding", "31", "22", "", "A"),
        ("3 Workforce", "Agency below 12%", "HR Business Partner", "Q4 2025/26", "19%", "17%", "16%", "", "R"),
        ("3 Workforce", "ASYE academy - first cohort", "PSW", "Sept 2025", "", "14 started", "", "", "B"),
    )  # fmt: skip
    for row in rows:
        sheet.append(list(row))
    risks = book.create_sheet("Risks")
    risks.append(["Risk", "Owner", "Mitigation", "Review"])
    risks.append(["Loss of grant funding", "Finance BP", "Bid for extension", "Dec 2025"])
    risks.append(["ICT cutover slips", "CIO", "Parallel run", "Jan 2026"])


QUARTERS = OfficersPlan(
    "quarterly.xlsx",
    lambda: _saved(_quarters),
    date(2025, 12, 15),
    {
        "1 Front door": {
            "Threshold document republished": date(2025, 6, 30),
            "Daily triage with police and health": date(2025, 9, 30),
            "Repeat contacts analysis": date(2025, 12, 31),
        },
        "2 Permanence": {
            "Permanence tracker live": date(2025, 9, 30),
            "All children with a plan for permanence by second review": date(2026, 3, 31),
            "Life story backlog cleared": date(2026, 3, 31),
        },
        "3 Workforce": {
            "Agency below 12%": date(2026, 3, 31),
            "ASYE academy - first cohort": date(2025, 9, 30),
        },
    },
)


def _must_do(book: Any) -> None:
    sheet = book.active
    sheet.title = "Actions"
    sheet.append(["", "", "Owner", "", "Dates", "", "", "Where we are", ""])
    sheet.append(["#", "Action", "Lead", "Support", "Start", "Finish", "Revised finish", "Status", "Comment"])
    sheet.append(["MUST DO: Children in care are seen alone and their views recorded"])
    rows: tuple[list[Any], ...] = (
        [1, "Team managers to check seen-alone field at every supervision", "Head of Care", "Performance", date(2025, 1, 6), date(2025, 3, 31), None, "Complete", "Check built into form"],
        [2, "Refresh direct work toolkit", "PSW", "Participation Officer", date(2025, 2, 3), date(2025, 5, 30), date(2025, 7, 31), "In progress", "Toolkit drafted, printing delayed"],
        [3, "Survey children after review", "IRO Manager", None, date(2025, 4, 1), date(2025, 9, 30), None, "Not started", None],
    )  # fmt: skip
    for row in rows:
        sheet.append(row)
    sheet.append(["SHOULD DO: Management oversight is visible on every file"])
    more: tuple[list[Any], ...] = (
        [4, "Oversight prompts added to case system", "Systems Lead", "Head of Care", date(2025, 2, 3), date(2025, 4, 30), None, "Complete", None],
        [5, "Spot checks by service managers, 5 each a month", "Service Managers", None, date(2025, 3, 3), date(2025, 12, 31), None, "In progress", "March 22 of 25 done"],
    )  # fmt: skip
    for row in more:
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=4, min_col=5, max_col=7):
        for cell in cells:
            cell.number_format = "dd/mm/yyyy"
    for at in (3, 7):
        sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=9)
    for merge in ("C1:D1", "E1:G1", "H1:I1"):
        sheet.merge_cells(merge)


MUST_DO = OfficersPlan(
    "must_do.xlsx",
    lambda: _saved(_must_do),
    date(2025, 5, 12),
    {
        "MUST DO: Children in care are seen alone and their views recorded": {
            "Team managers to check seen-alone field at every supervision": date(2025, 3, 31),
            "Refresh direct work toolkit": date(2025, 7, 31),
            "Survey children after review": date(2025, 9, 30),
        },
        "SHOULD DO: Management oversight is visible on every file": {
            "Oversight prompts added to case system": date(2025, 4, 30),
            "Spot checks by service managers, 5 each a month": date(2025, 12, 31),
        },
    },
)


def _simple_list(book: Any) -> None:
    sheet = book.active
    sheet.title = "Sheet1"
    rows: tuple[list[Any], ...] = (
        ["Area", "Task", "Who", "When", "Done?", "Notes"],
        ["Private fostering", "Leaflet to schools", "Comms", "end Feb", "Y", "went out with school bulletin"],
        ["Private fostering", "Speak at heads' forum", "Service Manager", "14/03/2025", "Y", None],
        ["Private fostering", "Train admissions staff", "Service Manager", "30/04/2025", "N", "dates being found"],
        ["Missing", "Return interview form redesign", "Missing Coordinator", "28/03/2025", "Y", None],
        ["Missing", "Weekly list to TMs", "Missing Coordinator", "weekly", "Y", "since January"],
        ["Missing", "Joint protocol with police signed", "HoS / DI", "May 2025", "N", "with legal"],
        [
            "Court",
            "Pre-proceedings tracker",
            "Court Manager",
            "11/04/2025",
            "part",
            "tracker built, not all teams using it",
        ],
        ["Court", "Statement writing course", "Workforce Dev", "June or July", "N", None],
    )
    for row in rows:
        sheet.append(row)


SIMPLE_LIST = OfficersPlan(
    "list.xlsx",
    lambda: _saved(_simple_list),
    date(2025, 3, 24),
    {
        "Private fostering": {
            "Leaflet to schools": "ask",
            "Speak at heads' forum": date(2025, 3, 14),
            "Train admissions staff": date(2025, 4, 30),
        },
        "Missing": {
            "Return interview form redesign": date(2025, 3, 28),
            "Weekly list to TMs": "ongoing",
            "Joint protocol with police signed": date(2025, 5, 31),
        },
        "Court": {
            "Pre-proceedings tracker": date(2025, 4, 11),
            "Statement writing course": "ask",
        },
    },
)


def _programme(book: Any) -> None:
    book.active.title = "Cover"
    book["Cover"]["B2"] = "Improvement Programme"
    book["Cover"]["B3"] = "Version 4 - for Director"
    for title, sponsor, rows in (
        (
            "WS1 Practice",
            "AD Safeguarding",
            (
                ("P1", "Practice standards launched at staff conference", "PSW", "w/c 7 July 2025", 1.0, "Complete"),
                ("P2", "Every team to hold monthly practice hour", "Team Managers", "31/08/2025", 0.6, "On track"),
                ("P3", "Group supervision pilot evaluated", "PSW", "30/11/2025", 0.2, "On track"),
            ),
        ),
        (
            "WS2 Partners",
            "Head of Partnerships",
            (
                ("A1", "Data sharing agreement with schools", "Information Governance", "30/06/2025", 0.9, "Overdue"),
                ("A2", "Multi-agency audit programme", "Business Manager LSCP", "Quarterly", 0.5, "On track"),
            ),
        ),
    ):
        sheet = book.create_sheet(title)
        sheet["A1"], sheet["B1"] = "Workstream", title[4:]
        sheet["A2"], sheet["B2"] = "Sponsor", sponsor
        for column, words in enumerate(
            ("ID", "Deliverable", "Delivery lead", "Baseline date", "% done", "Status"), start=1
        ):
            sheet.cell(4, column, words).font = Font(bold=True)
        for at, row in enumerate(rows, start=5):
            for column, value in enumerate(row, start=1):
                sheet.cell(at, column, value)
            sheet.cell(at, 5).number_format = "0%"


PROGRAMME = OfficersPlan(
    "programme.xlsx",
    lambda: _saved(_programme),
    date(2025, 7, 21),
    {
        "Practice": {
            "Practice standards launched at staff conference": date(2025, 7, 7),
            "Every team to hold monthly practice hour": date(2025, 8, 31),
            "Group supervision pilot evaluated": date(2025, 11, 30),
        },
        "Partners": {
            "Data sharing agreement with schools": date(2025, 6, 30),
            "Multi-agency audit programme": "ongoing",
        },
    },
)

EXCEL_PLANS = (TRACKER, QUARTERS, MUST_DO, SIMPLE_LIST, PROGRAMME)

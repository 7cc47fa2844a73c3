# ruff: noqa: E501 - a row of a table is a line here
"""Five plans in Word as council officers keep them for a director: each typed by hand, with its actions and dates.

The words are invented and people are job titles. An expected date is a day, "ongoing", or "ask" where the plan itself
does not say when.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import docx

from tests.samples.officers.expected import OfficersPlan


def _saved(write: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    write(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(document: Any, rows: Sequence[Sequence[str]]) -> Any:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    return table


def _priorities(document: Any) -> None:
    document.add_heading("Improving services for children: our action plan", 0)
    document.add_paragraph("Owner: Director of Children's Services. Reviewed monthly at the Improvement Board.")
    document.add_heading("Priority 1: Help and protection", 1)
    document.add_paragraph("Inspectors found that some children wait too long for a visit.")
    _table(
        document,
        (
            ("We will", "Lead officer", "By when", "How will we know?", "Progress (September)"),
            ("Set a standard for first visits and tell every team", "Service Manager Assessment", "31 July 2024", "Standard published", "Complete. Published 29 July."),
            ("Report visit timeliness by team each week", "Performance Officer", "From August 2024, weekly", "Report in place", "First report 5 August."),
            ("Recruit two duty social workers", "Head of Service", "30 November 2024", "Posts filled", "One offer made."),
        ),
    )  # fmt: skip
    document.add_heading("Priority 2: Children in care", 1)
    document.add_paragraph("Inspectors found that placement stability is declining.")
    _table(
        document,
        (
            ("We will", "Lead officer", "By when", "How will we know?", "Progress (September)"),
            ("Hold a stability meeting before any unplanned move", "Placements Manager", "30 September 2024", "Fewer moves", "Template agreed."),
            ("Commission out of hours support for carers", "Commissioning Manager", "31 January 2025", "Contract let", "Specification drafted."),
        ),
    )  # fmt: skip


PRIORITIES = OfficersPlan(
    "priorities.docx",
    lambda: _saved(_priorities),
    date(2024, 9, 23),
    {
        "Help and protection": {
            "Set a standard for first visits and tell every team": date(2024, 7, 31),
            "Report visit timeliness by team each week": "ongoing",
            "Recruit two duty social workers": date(2024, 11, 30),
        },
        "Children in care": {
            "Hold a stability meeting before any unplanned move": date(2024, 9, 30),
            "Commission out of hours support for carers": date(2025, 1, 31),
        },
    },
)


def _briefing(document: Any) -> None:
    document.add_heading("Director's briefing: Ofsted actions", 1)
    document.add_paragraph("Position at 3 February 2025")
    for title, actions in (
        (
            "Recommendation 1 - Quality of plans for children in need",
            (
                ("1.1", "Rewrite the CIN plan template", "Practice Lead", "31 January 2025", "Done, in use since 27 January"),
                ("1.2", "CIN review panel to look at every plan over 9 months", "Service Manager CIN", "28 February 2025", "Panel met twice, 18 of 41 plans seen"),
            ),
        ),
        (
            "Recommendation 2 - Timely response to children at risk of exploitation",
            (
                ("2.1", "Exploitation screening tool in every assessment", "Exploitation Lead", "31 March 2025", "Tool approved"),
                ("2.2", "Mapping meetings with police", "Exploitation Lead", "Monthly", "January meeting held"),
                ("2.3", "Taxi and hotel staff training", "Licensing Manager", "Not yet agreed", ""),
            ),
        ),
    ):  # fmt: skip
        document.add_heading(title, 2)
        for number, action, owner, due, update in actions:
            for label, words in ((f"Action {number}", action), ("Owner", owner), ("Deadline", due), ("Update", update)):
                paragraph = document.add_paragraph()
                paragraph.add_run(f"{label}: ").bold = True
                paragraph.add_run(words)


BRIEFING = OfficersPlan(
    "briefing.docx",
    lambda: _saved(_briefing),
    date(2025, 2, 3),
    {
        "Quality of plans for children in need": {
            "Rewrite the CIN plan template": date(2025, 1, 31),
            "CIN review panel to look at every plan over 9 months": date(2025, 2, 28),
        },
        "Timely response to children at risk of exploitation": {
            "Exploitation screening tool in every assessment": date(2025, 3, 31),
            "Mapping meetings with police": "ongoing",
            "Taxi and hotel staff training": "ask",
        },
    },
)


def _milestones(document: Any) -> None:
    document.add_paragraph("OFFICIAL")
    document.add_heading("Improvement plan: milestones", 1)
    table = _table(
        document,
        (
            ("Area for development", "Milestones", "Responsible", "Target", "RAG"),
            ("1. Leaders do not know themselves well enough", "Self-assessment rewritten with staff and partners", "AD Improvement", "End Oct 2025", "Green"),
            ("", "Audit programme reset", "QA Manager", "End Nov 2025", "Green"),
            ("", "First thematic audit reported: neglect", "QA Manager", "End Jan 2026", "Amber"),
            ("2. Too many social workers leave in their first year", "Exit interview themes to leadership team", "HR BP", "Quarterly", "Green"),
            ("", "Protected caseload for new starters", "Heads of Service", "1 October 2025", "Blue"),
            ("", "Mentor for each new starter", "PSW", "Jan 2026 (was Oct 2025)", "Amber"),
        ),
    )  # fmt: skip
    for first, last in ((1, 3), (4, 6)):
        table.cell(first, 0).merge(table.cell(last, 0))
    document.add_paragraph("")
    document.add_paragraph("RAG key: Blue - complete; Green - on track; Amber - behind; Red - will not be met.")
    document.add_paragraph("Next update to the director: 8 December 2025")


MILESTONES = OfficersPlan(
    "milestones.docx",
    lambda: _saved(_milestones),
    date(2025, 11, 10),
    {
        "1. Leaders do not know themselves well enough": {
            "Self-assessment rewritten with staff and partners": date(2025, 10, 31),
            "Audit programme reset": date(2025, 11, 30),
            "First thematic audit reported: neglect": date(2026, 1, 31),
        },
        "2. Too many social workers leave in their first year": {
            "Exit interview themes to leadership team": "ongoing",
            "Protected caseload for new starters": date(2025, 10, 1),
            "Mentor for each new starter": date(2026, 1, 31),
        },
    },
)


def _bullets(document: Any) -> None:
    document.add_heading("What we are doing about the inspection findings", 1)
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, words in zip(table.rows[0].cells, ("Finding", "Actions", "Timescale"), strict=True):
        cell.text = words
    for finding, actions, dates in (
        (
            "Personal education plans vary in quality",
            (
                "Virtual school to quality assure every PEP",
                "Designated teachers' training",
                "Pupil premium linked to targets",
            ),
            ("30/09/2025", "31/10/2025", "31/12/2025"),
        ),
        (
            "Initial health assessments are late",
            ("Notify health within 2 days of a child coming into care", "Extra clinic on Fridays"),
            ("31/08/2025", "30/11/2025"),
        ),
    ):
        cells = table.add_row().cells
        cells[0].text = finding
        cells[1].paragraphs[0].text, cells[1].paragraphs[0].style = actions[0], "List Bullet"
        for words in actions[1:]:
            cells[1].add_paragraph(words, style="List Bullet")
        cells[2].paragraphs[0].text, cells[2].paragraphs[0].style = dates[0], "List Bullet"
        for words in dates[1:]:
            cells[2].add_paragraph(words, style="List Bullet")


BULLETS = OfficersPlan(
    "bullets.docx",
    lambda: _saved(_bullets),
    date(2025, 9, 1),
    {
        "Personal education plans vary in quality": {
            "Virtual school to quality assure every PEP": date(2025, 9, 30),
            "Designated teachers' training": date(2025, 10, 31),
            "Pupil premium linked to targets": date(2025, 12, 31),
        },
        "Initial health assessments are late": {
            "Notify health within 2 days of a child coming into care": date(2025, 8, 31),
            "Extra clinic on Fridays": date(2025, 11, 30),
        },
    },
)


def _tables_by_state(document: Any) -> None:
    document.add_heading("Recommendations tracker - report to Director", 1)
    heads = ("Rec", "Agreed action", "Responsible manager", "Original due date", "Revised due date", "Current position")
    document.add_paragraph("Table A: Live")
    _table(
        document,
        (
            heads,
            ("R1 Fostering recruitment", "New fostering website", "Fostering Manager", "30/04/2025", "31/07/2025", "Content being written"),
            ("R1 Fostering recruitment", "Refer a friend scheme", "Fostering Manager", "30/06/2025", "", "Open, 3 referrals so far"),
            ("R2 Return home interviews", "Recruit second interviewer", "Missing Coordinator", "31/05/2025", "30/09/2025", "Advert closed with no applicants, going out again"),
        ),
    )  # fmt: skip
    document.add_paragraph("Table B: Completed since last report")
    _table(
        document,
        (
            heads,
            ("R2 Return home interviews", "72 hour performance in weekly dashboard", "Performance Manager", "31/03/2025", "", "Complete"),
            ("R3 Data quality", "Fix duplicate records", "Systems Manager", "28/02/2025", "", "Complete"),
        ),
    )  # fmt: skip
    document.add_paragraph("Table C: Not yet due")
    _table(
        document,
        (
            heads,
            ("R3 Data quality", "Annual data audit", "Performance Manager", "31/10/2025", "", "Not due"),
        ),
    )  # fmt: skip


TABLES_BY_STATE = OfficersPlan(
    "tables_by_state.docx",
    lambda: _saved(_tables_by_state),
    date(2025, 6, 16),
    {
        "R1 Fostering recruitment": {
            "New fostering website": date(2025, 7, 31),
            "Refer a friend scheme": date(2025, 6, 30),
        },
        "R2 Return home interviews": {
            "Recruit second interviewer": date(2025, 9, 30),
            "72 hour performance in weekly dashboard": date(2025, 3, 31),
        },
        "R3 Data quality": {
            "Fix duplicate records": date(2025, 2, 28),
            "Annual data audit": date(2025, 10, 31),
        },
    },
)

WORD_PLANS = (PRIORITIES, BRIEFING, MILESTONES, BULLETS, TABLES_BY_STATE)

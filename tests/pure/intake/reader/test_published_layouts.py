# ruff: noqa: E501 - a row of a table is a line here
"""Plans laid out and headed as published ones are, in words of our own, each read as its author meant it.

The headings and shapes are those that public bodies use (reviews, trackers, templates of inspectorates); a value may be
right or asked for, and is never wrong in silence.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.corpus.answers import RecommendationAnswer
from tests.pure.intake.reader.plans import (
    UNKNOWN,
    Kind,
    across,
    act,
    cell,
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
    table,
    text,
    workbook,
)

ASK = "recommendation leads action owners timescale status note brag ref completed place"
PLANS: list[Kind] = []


def plan(name: str, extension: str, data, *answer: RecommendationAnswer) -> None:  # type: ignore[no-untyped-def]
    PLANS.append(Kind(name, extension, data, answer, frozenset(ASK.split())))


plan(
    "an inspectorate's template with numbered columns",
    "docx",
    document(
        heading("Action plan", 1),
        para("Establishment: North Hostel. Date of publication: May 2024"),
        table(
            line("1. Rec No", "2. Recommendation", "3. Agreed/ Partly Agreed/ Not Agreed", "4. Response Action Taken/Planned", "5. Responsible Owner", "6. Target Date"),
            across("Key concerns", 6),
            line("5.01", "Young people should see a nurse on arrival", "Agreed", "A nurse will be on duty until eight each evening", "Head of Healthcare", "September 2024"),
            line("5.02", "Complaints should be answered within five days", "Partly Agreed", "A tracker of complaints will be kept and sampled", "Deputy Governor", "Completed and ongoing"),
            across("Recommendations", 6),
            line("5.03", "Rooms should be free of graffiti", "Agreed", "Each room will be painted in turn", "Facilities Manager", "31 December 2024"),
            columns=6,
        ),
    ),
    rec("Young people should see a nurse on arrival", act("A nurse will be on duty until eight each evening", on(2024, 9, 30), "Head of Healthcare")),
    rec("Complaints should be answered within five days", act("A tracker of complaints will be kept and sampled", UNKNOWN, "Deputy Governor", status=doubtful("completed", "in_progress", None))),
    rec("Rooms should be free of graffiti", act("Each room will be painted in turn", on(2024, 12, 31), "Facilities Manager")),
)  # fmt: skip
plan(
    "what, how, who, when, success, current status",
    "docx",
    document(
        table(
            line("NOS", "What?", "How?", "Who?", "When?", "Success measures", "Current Status"),
            across("LEADERSHIP AND MANAGEMENT", 7),
            line("1", "Leaders know what happens in practice", "Senior leaders observe practice once a month", "DCS", "Jul 2024", "12 visits a year", "COMPLETED\nFour visits made so far."),
            line("2", "", "Findings shared at the staff forum", "PSW", "Sep 2024", "Minutes", "On track"),
            across("EARLY HELP", 7),
            line("3", "Families get help at the right time", "Open two hubs", "Head of Early Help", "Dec 2024", "200 families", "Phase 1 completed, phase 2 begun"),
            columns=7,
        )
    ),
    rec("Leaders know what happens in practice", act("Senior leaders observe practice once a month", on(2024, 7, 31), "DCS", status=doubtful("completed")), act("Findings shared at the staff forum", on(2024, 9, 30), "PSW", status=doubtful("in_progress", None))),
    rec("Families get help at the right time", act("Open two hubs", on(2024, 12, 31), "Head of Early Help", status=doubtful())),
)  # fmt: skip
plan(
    "a tracker with a category from 1 to 4 and its key below",
    "docx",
    document(
        heading("Review of the partnership: progress", 1),
        table(
            line("No.", "Recommendation", "Responsibility", "Date", "Progress presented to Committee May 2024", "Assessment of progress Categories 1 - 4"),
            line("1", "Write a charter with young carers", "Participation Officer", "July 2024", "Drafted with twelve young carers", "2"),
            line("2", "Train school nurses in neglect", "Designated Nurse", "March 2024", "All 14 trained", "1"),
            line("3", "Publish waiting times", "Performance Manager", "February 2024", "Systems are not ready", "3"),
        ),
        para(),
        table(line("1", "Achieved (Fully)"), line("2", "On Track but not yet due for completion"), line("3", "Slipped"), line("4", "Not Achieved")),
    ),
    rec("Write a charter with young carers", act("Write a charter with young carers", on(2024, 7, 31), note="Drafted with twelve young carers")),
    rec("Train school nurses in neglect", act("Train school nurses in neglect", on(2024, 3, 31), note="All 14 trained", status=doubtful("completed", None))),
    rec("Publish waiting times", act("Publish waiting times", on(2024, 2, 29), note="Systems are not ready", status=doubtful("in_progress", None))),
)  # fmt: skip
plan(
    "two tick columns and a new date",
    "docx",
    document(
        table(
            line("Ref", "Improvement needed", "Action", "Responsible Officer", "Target date", "Achieved (tick)", "On Target to Achieve (tick)", "Give expected new achievement date"),
            line("2 (i)", "Stronger duty system", "Appoint a duty manager", "Head of Service", "31/03/2024", "✓", "", ""),
            line("2 (ii)", "Stronger duty system", "Write duty guidance", "Duty Manager", "30/06/2024", "", "✓", ""),
            line("3 (i)", "Clear thresholds", "Reprint the guide", "Policy Officer", "30/04/2024", "", "", "30/09/2024"),
        )
    ),
    rec("Stronger duty system", act("Appoint a duty manager", on(2024, 3, 31), "Head of Service", status=doubtful("completed", None)), act("Write duty guidance", on(2024, 6, 30), "Duty Manager", status=doubtful("in_progress", None))),
    rec("Clear thresholds", act("Reprint the guide", on(2024, 9, 30, moved=True), "Policy Officer")),
)  # fmt: skip
plan(
    "a block with committee and minute above each table",
    "docx",
    document(
        table(line("Committee:", "Children's Scrutiny"), line("Meeting date:", "12 March 2024"), line("Minute no:", "84"), line("Topic:", "Placement sufficiency")),
        para(),
        table(
            line("Recommendation[i]", "Cabinet Member[ii]", "Response[iii]", "Timetable[iv]", "Lead Officer[v]"),
            line("a) That twenty more foster homes are found", "Cabinet Member for Children", "Agreed. A campaign will be run", "By October 2024", "Fostering Manager"),
            line("b) That costs are reported each quarter", "Cabinet Member for Finance", "Agreed. Added to the budget report", "Quarterly", "Finance Business Partner"),
        ),
        para("[i] as agreed by the committee"),
    ),
    rec("a) That twenty more foster homes are found", act("Agreed. A campaign will be run", on(2024, 10, 31, asks=True))),
    rec("b) That costs are reported each quarter", act("Agreed. Added to the budget report", ongoing())),
)  # fmt: skip
plan(
    "a heading a pledge and four labels under it, again and again",
    "docx",
    document(
        heading("Our pledges to you", 1),
        heading("Pledge 1: We will listen to you", 2),
        para("Action: Run a yearly survey with every child in care"),
        para("Responsible officer: Participation Officer"),
        para("Timeline: September 2024"),
        para("Expected outcome: Children see what changed"),
        para("Action: Hold a takeover day"),
        para("Responsible officer: Head of Care"),
        para("Timeline: November 2024"),
        para("Expected outcome: Young people lead a meeting"),
        heading("Pledge 2: We will keep you close to home", 2),
        para("Action: Open a home in the borough"),
        para("Responsible officer: Commissioning Manager"),
        para("Timeline: March 2025"),
        para("Expected outcome: Fewer moves"),
    ),
    rec("Pledge 1: We will listen to you", act("Run a yearly survey with every child in care", on(2024, 9, 30), "Participation Officer"), act("Hold a takeover day", on(2024, 11, 30), "Head of Care")),
    rec("Pledge 2: We will keep you close to home", act("Open a home in the borough", on(2025, 3, 31), "Commissioning Manager")),
)  # fmt: skip
plan(
    "outcome headings above tables, quarters with the year in the title",
    "docx",
    document(
        heading("Year ahead delivery plan 2024/25", 1),
        heading("Outcome: Children are safe", 2),
        table(
            line("Ref", "Activity", "Timescales for completion", "Lead directorate", "Lead officer"),
            line("1.1", "Open the new contact centre", "Quarter 3 2024/25", "Children's", "Head of Care"),
            line("1.2", "Relaunch the missing protocol", "Quarter 2 2024/25", "Children's", "Missing Coordinator"),
        ),
        heading("Outcome: Young people are ready for work", 2),
        table(
            line("Ref", "Activity", "Timescales for completion", "Lead directorate", "Lead officer"),
            line("2.1", "Offer forty apprenticeships", "Quarter 4 2024/25", "Regeneration", "Skills Manager"),
        ),
    ),
    rec("Outcome: Children are safe", act("Open the new contact centre", on(2024, 12, 31), "Head of Care"), act("Relaunch the missing protocol", on(2024, 9, 30), "Missing Coordinator")),
    rec("Outcome: Young people are ready for work", act("Offer forty apprenticeships", on(2025, 3, 31), "Skills Manager")),
)  # fmt: skip
plan(
    "a column for each per cent",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Must do", "Action", "Owner", "Completion date", "25", "50", "75", "100", "Assurance"],
                ["Safe staffing at weekends", "Agree a weekend rota", "Ward Manager", d(2024, 6, 28), "x", "x", "x", "x", "Rota audit"],
                [None, "Recruit four nurses", "Matron", d(2024, 11, 29), "x", None, None, None, "Vacancy report"],
                ["Prompt discharge letters", "Template for letters", "Clinical Lead", d(2024, 8, 30), "x", "x", None, None, "Sample of 20"],
            ]
        }
    ),
    rec("Safe staffing at weekends", act("Agree a weekend rota", on(2024, 6, 28), "Ward Manager"), act("Recruit four nurses", on(2024, 11, 29), "Matron")),
    rec("Prompt discharge letters", act("Template for letters", on(2024, 8, 30), "Clinical Lead")),
)  # fmt: skip
plan(
    "an audit tracker with original and revised dates and a closed date",
    "xlsx",
    workbook(
        {
            "Tracker": [
                ["Ref", "Audit finding", "Agreed management action", "Responsible manager", "Original due date", "Revised due date", "Closed date", "Status of recommendation", "Priority"],
                ["24 SRR 01", "Payments to carers are not checked", "Monthly check by a second officer", "Finance Manager", d(2024, 1, 31), None, d(2024, 1, 26), "Closed", "High"],
                ["24 SRR 02", "Access rights are not removed", "Leavers' report to system owner each week", "Systems Manager", d(2024, 2, 29), d(2024, 7, 31), None, "Open", "Medium"],
                ["24 SRR 03", "Inventory of devices is incomplete", "Count all devices", "Business Manager", d(2024, 9, 30), None, None, "Open", "Low"],
            ]
        }
    ),
    rec("Payments to carers are not checked", act("Monthly check by a second officer", on(2024, 1, 31), "Finance Manager", status="completed", done_on=date(2024, 1, 31))),
    rec("Access rights are not removed", act("Leavers' report to system owner each week", on(2024, 7, 31, moved=True), "Systems Manager", status=doubtful())),
    rec("Inventory of devices is incomplete", act("Count all devices", on(2024, 9, 30), "Business Manager", status=doubtful())),
)  # fmt: skip
plan(
    "dates as headings with the work beneath",
    "docx",
    document(
        heading("Priority 4: Stable teams", 1),
        heading("By September 2024", 2),
        para("Advertise all vacant posts", '<w:pStyle w:val="ListBullet"/>'),
        para("Agree a retention offer", '<w:pStyle w:val="ListBullet"/>'),
        heading("By December 2024", 2),
        para("Start the first group of new social workers", '<w:pStyle w:val="ListBullet"/>'),
    ),
    rec("Priority 4: Stable teams", act("Advertise all vacant posts", on(2024, 9, 30, asks=True)), act("Agree a retention offer", on(2024, 9, 30, asks=True)), act("Start the first group of new social workers", on(2024, 12, 31, asks=True))),
)  # fmt: skip
plan(
    "a form with prompts left where nobody wrote",
    "docx",
    document(
        table(
            line("Recommendation from the Review", "Action required", "Relevant Agencies", "Indicate when action is likely to be completed", "RAG Status", "Supporting Evidence"),
            line("Share information sooner", "Write a shared protocol", "Health; Police", "October 2024", "Amber", "To be completed by agency"),
            line("Share information sooner", "Brief all duty teams", "Children's Services", "November 2024", "To be completed by agency", "To be completed by agency"),
            line("Hear the child", "Add a page for the child's words", "Children's Services", "To be completed by agency", "Green", ""),
        )
    ),
    rec("Share information sooner", act("Write a shared protocol", on(2024, 10, 31), brag="amber"), act("Brief all duty teams", on(2024, 11, 30))),
    rec("Hear the child", act("Add a page for the child's words", UNKNOWN, brag="green")),
)  # fmt: skip
plan(
    "whole phrases with the date inside",
    "csv",
    text(
        "Objective/ Improvement,Specific Actions,Timescale/Target,Responsible lead/ group,RAG rating\n"
        "Better information sharing,Agree a data sharing contract,Agreed and in place by October 2024,Information Governance Group,G\n"
        "Better information sharing,Test it with three agencies,To run across financial year 2024/25,Business Manager,A\n"
        "A skilled workforce,Joint training plan,Completed by September 2024,Learning Group,G\n"
        "A skilled workforce,Evaluate the training,As per strategy and action plan,Learning Group,R\n"
    ),
    rec("Better information sharing", act("Agree a data sharing contract", on(2024, 10, 31, asks=True), "Information Governance Group", brag="green"), act("Test it with three agencies", UNKNOWN, "Business Manager", brag="amber")),
    rec("A skilled workforce", act("Joint training plan", on(2024, 9, 30, asks=True), "Learning Group", brag="green"), act("Evaluate the training", UNKNOWN, "Learning Group", brag="red")),
)  # fmt: skip
plan(
    "terms under one heading, and a question under each heading",
    "xlsx",
    workbook(
        {
            "VSIP": [
                ["Key Objectives", "Actions", "Lead", "When", "Governors Monitoring", None, None, "RAG"],
                ["What do we want?", "What will we do?", "Who?", "By when?", "Summer", "Autumn", "Spring", "R/A/G"],
                ["Attendance of children in care rises", "Daily calls from the virtual school", "Virtual Head", "July 2024", "Began in May", None, None, "G"],
                ["Attendance of children in care rises", "Reward scheme", "Deputy Head", "December 2024", None, None, None, "A"],
                ["Plans are of good quality", "Moderate every plan", "Adviser", "October 2024", "Forms agreed", None, None, "G"],
            ]
        },
        merges=("E1:G1",),
    ),
    rec("Attendance of children in care rises", act("Daily calls from the virtual school", on(2024, 7, 31), "Virtual Head", brag="green"), act("Reward scheme", on(2024, 12, 31), "Deputy Head", brag="amber")),
    rec("Plans are of good quality", act("Moderate every plan", on(2024, 10, 31), "Adviser", brag="green")),
)  # fmt: skip
plan(
    "bulleted actions with fewer dates than actions",
    "docx",
    document(
        table(
            line("Recommendation", "Key Actions", "Timescale", "Status"),
            line(
                "Prepare the service for a merger",
                cell("".join(para(words, '<w:pStyle w:val="ListBullet"/>') for words in ("Map all posts", "Consult staff", "Publish the structure"))),
                "July 2024",
                "Ongoing",
            ),
            line("Review the contact offer", "Visit three other councils", "Ongoing", "Complete"),
        )
    ),
    rec("Prepare the service for a merger", act("Map all posts", on(2024, 7, 31, asks=True)), act("Consult staff", on(2024, 7, 31, asks=True)), act("Publish the structure", on(2024, 7, 31, asks=True))),
    rec("Review the contact offer", act("Visit three other councils", ongoing(), status=doubtful("completed"))),
)  # fmt: skip


@pytest.mark.parametrize("one", PLANS, ids=lambda one: one.name)
def test_a_plan_of_a_published_layout_is_right_or_asked_for(one: Kind, tmp_path: Path) -> None:
    assert misses(one, tmp_path) == []

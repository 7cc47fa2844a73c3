"""Plans laid out in ways that no list of headings foresees, each read as its author meant it.

Every layout has two files or more that differ in words and in form.
"""

from __future__ import annotations

from collections.abc import Callable
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

KINDS: list[Kind] = []


def kind(
    name: str, extension: str, data: Callable[[], bytes], *answer: RecommendationAnswer, may_ask: str = ""
) -> None:
    KINDS.append(Kind(name, extension, data, answer, frozenset(may_ask.split())))


# Headings that no one has listed
_LATE = "Dentists see too few of our children"
kind(
    "unknown headings, repeated",
    "xlsx",
    workbook(
        {
            "Sheet1": [
                ["The inspectors' words", "Our answer", "With", "End", "State now"],
                [
                    _LATE,
                    "Agree a care pathway with two dental practices",
                    "Health Manager",
                    d(2024, 10, 31),
                    "In progress",
                ],
                [_LATE, "List children without a check each month", "Data Analyst", d(2024, 7, 31), "Complete"],
                [
                    _LATE,
                    "Remind carers six weeks before a check is due",
                    "Fostering Manager",
                    "Quarterly",
                    "Not started",
                ],
                [
                    "Files lack a photograph",
                    "Take a photograph at each review",
                    "Reviewing Officer",
                    d(2025, 1, 20),
                    "Started",
                ],
            ]
        }
    ),
    rec(
        _LATE,
        act("Agree a care pathway with two dental practices", on(2024, 10, 31), "Health Manager", status="in_progress"),
        act("List children without a check each month", on(2024, 7, 31), "Data Analyst", status="completed"),
        act("Remind carers six weeks before a check is due", ongoing(), "Fostering Manager", status="not_started"),
    ),
    rec(
        "Files lack a photograph",
        act("Take a photograph at each review", on(2025, 1, 20), "Reviewing Officer", status="in_progress"),
    ),
    may_ask="recommendation owners timescale status completed",
)
kind(
    "unknown headings, first row only",
    "docx",
    document(
        table(
            line("Weak spot", "Remedy", "Finish", "Hands", "Word on it"),
            line("Panels meet too seldom", "Hold the panel every week", "31/07/2024", "Panel Chair", "Done"),
            line("", "Publish its dates for the year", "30/08/2024", "Panel Clerk", "Not started"),
            line(
                "Notes are hard to find", "Agree one naming rule for notes", "15/09/2024", "Systems Manager", "Underway"
            ),
            line("", "Move old notes into the case system", "31/12/2024", "Systems Manager", "Not started"),
        )
    ),
    rec(
        "Panels meet too seldom",
        act("Hold the panel every week", on(2024, 7, 31), "Panel Chair", status="completed"),
        act("Publish its dates for the year", on(2024, 8, 30), "Panel Clerk", status="not_started"),
    ),
    rec(
        "Notes are hard to find",
        act("Agree one naming rule for notes", on(2024, 9, 15), "Systems Manager", status="in_progress"),
        act("Move old notes into the case system", on(2024, 12, 31), "Systems Manager", status="not_started"),
    ),
    may_ask="recommendation owners timescale status completed",
)

# The recommendation is above its table
kind(
    "heading above",
    "docx",
    document(
        heading("1 Referrals from schools are thin"),
        table(
            line("Action", "Lead", "By when", "Progress"),
            line("Write a one page guide for schools", "Schools Officer", "31 July 2024", "Draft shared"),
            line("Visit the ten largest schools", "Front Door Manager", "October 2024", "Complete"),
        ),
        heading("2 Visits are not written up in time"),
        table(
            line("Action", "Lead", "By when", "Progress"),
            line("Give workers a tablet", "IT Manager", "1 September 2024", ""),
        ),
    ),
    rec(
        "Referrals from schools are thin",
        act("Write a one page guide for schools", on(2024, 7, 31), "Schools Officer", note="Draft shared"),
        act("Visit the ten largest schools", on(2024, 10, 31), "Front Door Manager", status="completed"),
    ),
    rec("Visits are not written up in time", act("Give workers a tablet", on(2024, 9, 1), "IT Manager")),
)
kind(
    "bold line above, with an outer title",
    "docx",
    document(
        heading("Improvement plan 2024", 1),
        para("This plan was agreed by the board in May."),
        para("Area 1 – Children move home too often", style="<w:b/>"),
        table(
            line("What we will do", "Owner", "Due date"),
            line("Match carers before a move", "Placements Manager", "30/09/2024"),
            line("Offer respite in the first month", "Fostering Manager", "31/10/2024"),
        ),
        para(),
        para("Area 2 – Advocates are offered late", style="<w:b/>"),
        table(
            line("What we will do", "Owner", "Due date"),
            line("Offer an advocate at first contact", "Rights Officer", "31/08/2024"),
        ),
    ),
    rec(
        "Children move home too often",
        act("Match carers before a move", on(2024, 9, 30), "Placements Manager"),
        act("Offer respite in the first month", on(2024, 10, 31), "Fostering Manager"),
    ),
    rec("Advocates are offered late", act("Offer an advocate at first contact", on(2024, 8, 31), "Rights Officer")),
    may_ask="recommendation",
)

# A row across the table names the recommendation
kind(
    "rows across, numbered actions",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Ref", "Action", "Lead", "Timescale", "RAG"],
                ["Theme 1 – Plans are not shared with children"],
                ["1.1", "Give each child a copy of the plan", "Team Managers", "31/08/2024", "Green"],
                ["1.2", "Check ten plans a month", "Quality Officer", "Monthly", "Amber"],
                ["Theme 2 – Contact centres are too few"],
                ["2.1", "Rent rooms in two libraries", "Commissioner", "30/11/2024", "Red"],
            ]
        },
        merges=("A2:E2", "A5:E5"),
    ),
    rec(
        "Plans are not shared with children",
        act("Give each child a copy of the plan", on(2024, 8, 31), "Team Managers", brag="green", ref="1.1"),
        act("Check ten plans a month", ongoing(), "Quality Officer", brag="amber", ref="1.2"),
    ),
    rec(
        "Contact centres are too few",
        act("Rent rooms in two libraries", on(2024, 11, 30), "Commissioner", brag="red", ref="2.1"),
    ),
    may_ask="recommendation",
)
kind(
    "rows across, first one above the headings",
    "docx",
    document(
        table(
            across("Priority 1: Finding families early", 4),
            line("Action", "Lead", "Timescale", "Progress"),
            line("Open a family hub in the south", "Hub Manager", "July 2024", "In progress"),
            across("Priority 2: Better records", 4),
            line("Audit forty records", "Head of Quality", "August 2024", "Not started"),
            across("Priority 3: Stable teams", 4),
            line("Fill six posts", "Director", "September 2024", "Not started"),
            columns=4,
        )
    ),
    rec(
        "Finding families early",
        act("Open a family hub in the south", on(2024, 7, 31), "Hub Manager", status="in_progress"),
    ),
    rec("Better records", act("Audit forty records", on(2024, 8, 31), "Head of Quality", status="not_started")),
    rec("Stable teams", act("Fill six posts", on(2024, 9, 30), "Director", status="not_started")),
    may_ask="recommendation",
)
kind(
    "rows across, no numbers and not merged",
    "csv",
    text(
        "Action,Lead,Timescale,Status\n"
        "Children wait too long for a social worker,,,\n"
        "Start a duty rota across teams,Duty Manager,31/07/2024,In progress\n"
        "Count waiting children every Monday,Data Analyst,Weekly,In progress\n"
        "Parents do not see assessments,,,\n"
        "Post each assessment within three days,Business Manager,30/09/2024,Not started\n"
    ),
    rec(
        "Children wait too long for a social worker",
        act("Start a duty rota across teams", on(2024, 7, 31), "Duty Manager", status="in_progress"),
        act("Count waiting children every Monday", ongoing(), "Data Analyst", status="in_progress"),
    ),
    rec(
        "Parents do not see assessments",
        act("Post each assessment within three days", on(2024, 9, 30), "Business Manager", status="not_started"),
    ),
    may_ask="recommendation",
)

# Labelled cells above each table
kind(
    "labels above, a sheet each",
    "xlsx",
    workbook(
        {
            "Attendance": [
                ["Recommendation:", "Help children back into school sooner"],
                ["Accountable director:", "Director of Education"],
                [],
                ["Action", "Owner", "Due date", "Progress"],
                ["Visit on the fifth day of absence", "Attendance Manager", d(2024, 9, 30), "Visits began"],
                ["Offer a mentor at day fifteen", "Youth Manager", d(2024, 12, 31), None],
            ],
            "Fostering": [
                ["Recommendation:", "Keep siblings in one home"],
                ["Accountable director:", "Director of Care"],
                [],
                ["Action", "Owner", "Due date", "Progress"],
                ["Extend four carers' homes", "Property Manager", d(2025, 3, 31), "One begun"],
            ],
        }
    ),
    rec(
        "Help children back into school sooner",
        act("Visit on the fifth day of absence", on(2024, 9, 30), "Attendance Manager", note="Visits began"),
        act("Offer a mentor at day fifteen", on(2024, 12, 31), "Youth Manager"),
        leads=["Director of Education"],
    ),
    rec(
        "Keep siblings in one home",
        act("Extend four carers' homes", on(2025, 3, 31), "Property Manager", note="One begun"),
        leads=["Director of Care"],
    ),
)
kind(
    "labels above, in Word",
    "docx",
    document(
        table(line("Area for improvement", "Return to home is poorly planned"), line("Lead", "Head of Permanence")),
        para(),
        table(
            line("Action", "By whom", "By when", "Status"),
            line("Write a return plan template", "Practice Lead", "31/08/2024", "In progress"),
            line("Hold a panel each month", "Service Manager", "30/09/2024", "Not started"),
        ),
        para(),
        table(line("Area for improvement", "Health plans are out of date"), line("Lead", "Designated Nurse")),
        para(),
        table(
            line("Action", "By whom", "By when", "Status"),
            line("Review every plan twice a year", "Nurse Manager", "31/12/2024", "Not started"),
        ),
    ),
    rec(
        "Return to home is poorly planned",
        act("Write a return plan template", on(2024, 8, 31), "Practice Lead", status="in_progress"),
        act("Hold a panel each month", on(2024, 9, 30), "Service Manager", status="not_started"),
        leads=["Head of Permanence"],
    ),
    rec(
        "Health plans are out of date",
        act("Review every plan twice a year", on(2024, 12, 31), "Nurse Manager", status="not_started"),
        leads=["Designated Nurse"],
    ),
    may_ask="leads recommendation",
)

# Labelled paragraphs
kind(
    "labelled paragraphs with labels of their own",
    "docx",
    document(
        heading("What was found and what follows", 1),
        para("They found: Strategy meetings start late."),
        para("We are going to: Fix a start time with the police."),
        para("Person: Conference Manager"),
        para("Finished by: 31 August 2024"),
        para("So far: Police have agreed."),
        para("We are going to: Record who was late."),
        para("Person: Duty Manager"),
        para("Finished by: September 2024"),
        para("So far: "),
        para("They found: Too few fathers are seen."),
        para("We are going to: Ask for the father at the first visit."),
        para("Person: Principal Social Worker"),
        para("Finished by: as soon as possible"),
        para("So far: Done in 30 of 45."),
    ),
    rec(
        "Strategy meetings start late.",
        act("Fix a start time with the police.", on(2024, 8, 31), "Conference Manager", note="Police have agreed."),
        act("Record who was late.", on(2024, 9, 30), "Duty Manager"),
    ),
    rec(
        "Too few fathers are seen.",
        act("Ask for the father at the first visit.", UNKNOWN, "Principal Social Worker", status=doubtful()),
    ),
    may_ask="recommendation action owners timescale note",
)

# Two rows of headings, and three
kind(
    "two heading rows",
    "xlsx",
    workbook(
        {
            "Sheet": [
                ["Inspection", None, "Response", None, None, "Position", None],
                ["No", "Text", "Text", "Owner", "Date", "Text", "RAG"],
                [
                    1,
                    "Plans are not reviewed",
                    "Publish a list of late reviews",
                    "Data Analyst",
                    d(2024, 10, 31),
                    "First list out",
                    "Green",
                ],
                [
                    1,
                    "Plans are not reviewed",
                    "Cover for a chair who is away",
                    "Chairs Manager",
                    d(2024, 11, 29),
                    None,
                    "Amber",
                ],
                [
                    2,
                    "Carers lack training",
                    "Run twelve evening courses",
                    "Fostering Manager",
                    d(2025, 1, 31),
                    "Booked",
                    "Green",
                ],
            ]
        },
        merges=("A1:B1", "C1:E1", "F1:G1"),
    ),
    rec(
        "Plans are not reviewed",
        act("Publish a list of late reviews", on(2024, 10, 31), "Data Analyst", note="First list out", brag="green"),
        act("Cover for a chair who is away", on(2024, 11, 29), "Chairs Manager", brag="amber"),
    ),
    rec(
        "Carers lack training",
        act("Run twelve evening courses", on(2025, 1, 31), "Fostering Manager", note="Booked", brag="green"),
    ),
    may_ask="note recommendation owners timescale brag",
)
kind(
    "a title and two heading rows, some merged down",
    "docx",
    document(
        table(
            f"<w:tr>{cell('Improvement plan', '<w:gridSpan w:val=' + chr(34) + '5' + chr(34) + '/>')}</w:tr>",
            line(
                cell("Recommendation", '<w:vMerge w:val="restart"/>'),
                cell("What we will do", '<w:gridSpan w:val="3"/>'),
                cell("Status", '<w:vMerge w:val="restart"/>'),
            ),
            line(cell("", "<w:vMerge/>"), "Action", "Owner", "Due", cell("", "<w:vMerge/>")),
            line(
                "Chairs change too often",
                "Name one chair for each child",
                "Chairs Manager",
                "30/09/2024",
                "In progress",
            ),
            line("", "Tell families who it is", "Chairs Manager", "31/10/2024", "Not started"),
            line(
                "Letters are full of jargon",
                "Rewrite twelve letters",
                "Participation Officer",
                "30/11/2024",
                "Complete",
            ),
            columns=5,
        )
    ),
    rec(
        "Chairs change too often",
        act("Name one chair for each child", on(2024, 9, 30), "Chairs Manager", status="in_progress"),
        act("Tell families who it is", on(2024, 10, 31), "Chairs Manager", status="not_started"),
    ),
    rec(
        "Letters are full of jargon",
        act("Rewrite twelve letters", on(2024, 11, 30), "Participation Officer", status="completed"),
    ),
)

# Several actions in a cell
kind(
    "lines in a cell, statuses line by line",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Lead", "Timescale", "Progress"],
                [
                    "Write better case summaries",
                    "Agree a model summary\nCoach every team\nSample thirty summaries",
                    "Practice Lead",
                    "31/07/2024\n30/09/2024\n31/12/2024",
                    "Done\nUnder way\n",
                ],
                [
                    "Hear from grandparents",
                    "Invite them to each meeting\nAdd them to the family tree",
                    "Reviewing Manager\nAssessment Lead",
                    "31/08/2024\n31/10/2024",
                    None,
                ],
            ]
        }
    ),
    rec(
        "Write better case summaries",
        act("Agree a model summary", on(2024, 7, 31), "Practice Lead", status="completed"),
        act("Coach every team", on(2024, 9, 30), "Practice Lead", status="in_progress"),
        act("Sample thirty summaries", on(2024, 12, 31), "Practice Lead"),
    ),
    rec(
        "Hear from grandparents",
        act("Invite them to each meeting", on(2024, 8, 31), "Reviewing Manager"),
        act("Add them to the family tree", on(2024, 10, 31), "Assessment Lead"),
    ),
    may_ask="action owners timescale status completed",
)
kind(
    "lettered lines in a cell",
    "docx",
    document(
        table(
            line("No", "Recommendation", "Action", "Timescale", "Progress"),
            line(
                "1",
                "Prompt health checks",
                "(a) Raise prompt checks to 95%\n(b) Write to surgeries each week\n(c) Discuss it with carers",
                "May 2025\nAugust 2024\nMay 2025",
                "",
            ),
        )
    ),
    rec(
        "Prompt health checks",
        act("Raise prompt checks to 95%", on(2025, 5, 31)),
        act("Write to surgeries each week", on(2024, 8, 31)),
        act("Discuss it with carers", on(2025, 5, 31)),
    ),
    may_ask="action timescale",
)
_BULLET = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
kind(
    "Word's own bullets in a cell",
    "docx",
    document(
        table(
            line("No", "Recommendation", "Action", "Timescale", "Progress"),
            line(
                "1",
                "Agree one route into early help",
                cell(
                    "".join(
                        para(words, _BULLET) for words in ("Map today's routes", "Close three of them", "Tell schools")
                    )
                ),
                "By 31/08/2024\nBy 30/09/2024\nBy 31/10/2024",
                "",
            ),
        )
    ),
    rec(
        "Agree one route into early help",
        act("Map today's routes", on(2024, 8, 31)),
        act("Close three of them", on(2024, 9, 30)),
        act("Tell schools", on(2024, 10, 31)),
    ),
    may_ask="action timescale",
)

# Sheets that go on with the same recommendations
kind(
    "closed actions on a second sheet, refs of their own",
    "xlsx",
    workbook(
        {
            "Live": [
                ["Ref", "Recommendation", "Action", "Owner", "Due date", "Status"],
                [
                    "R1-2",
                    "Reduce delay in court",
                    "Weekly court tracker",
                    "Court Manager",
                    d(2024, 9, 30),
                    "In progress",
                ],
                [
                    "R2-1",
                    "Better contact for babies",
                    "Train nine supervisors",
                    "Contact Lead",
                    d(2024, 12, 30),
                    "Not started",
                ],
            ],
            "Finished": [
                ["Ref", "Recommendation", "Action", "Owner", "Due date", "Status"],
                [
                    "R1-1",
                    "Reduce delay in court",
                    "Statement template revised",
                    "Court Manager",
                    d(2024, 4, 30),
                    "Complete",
                ],
                ["R2-2", "Better contact for babies", "Buy toys and mats", "Contact Lead", d(2024, 3, 29), "Complete"],
            ],
        }
    ),
    rec(
        "Reduce delay in court",
        act("Weekly court tracker", on(2024, 9, 30), "Court Manager", status="in_progress", ref="R1-2"),
        act("Statement template revised", on(2024, 4, 30), "Court Manager", status="completed", ref="R1-1"),
    ),
    rec(
        "Better contact for babies",
        act("Train nine supervisors", on(2024, 12, 30), "Contact Lead", status="not_started", ref="R2-1"),
        act("Buy toys and mats", on(2024, 3, 29), "Contact Lead", status="completed", ref="R2-2"),
    ),
)
kind(
    "three sheets without numbers",
    "xlsx",
    workbook(
        {
            name: [["Area for improvement", "Action", "Lead", "Deadline", "Status"], *rows]
            for name, rows in {
                "Open": [["Better handover", "Joint visits", "Locality Manager", "31/07/2024", "In progress"]],
                "On hold": [["Better handover", "Shared diary", "IT Manager", "30/09/2024", "On hold"]],
                "Completed": [["Clear plans", "Two page plan", "Practice Lead", "30/04/2024", "Complete"]],
            }.items()
        }
    ),
    rec(
        "Better handover",
        act("Joint visits", on(2024, 7, 31), "Locality Manager", status="in_progress"),
        act("Shared diary", on(2024, 9, 30), "IT Manager", status="paused"),
    ),
    rec("Clear plans", act("Two page plan", on(2024, 4, 30), "Practice Lead", status="completed")),
)

# A grid inside a cell
kind(
    "a table inside a cell",
    "docx",
    document(
        table(
            line("No", "Recommendation", "Actions"),
            line(
                "1",
                "Family networks are not asked",
                cell(
                    table(
                        line("Action", "Owner", "Due"),
                        line("Ask for the network at referral", "Assessment Lead", "31/08/2024"),
                        line("Hold a network meeting", "Family Group Manager", "30/09/2024"),
                    )
                    + para()
                ),
            ),
            line(
                "2",
                "Reports are too long",
                cell(
                    table(
                        line("Action", "Owner", "Due"), line("Cap reports at six pages", "Practice Lead", "31/07/2024")
                    )
                    + para()
                ),
            ),
        )
    ),
    rec(
        "Family networks are not asked",
        act("Ask for the network at referral", on(2024, 8, 31), "Assessment Lead"),
        act("Hold a network meeting", on(2024, 9, 30), "Family Group Manager"),
    ),
    rec("Reports are too long", act("Cap reports at six pages", on(2024, 7, 31), "Practice Lead")),
)

# Who and by when in one column
kind(
    "owner and date, comma and bracket",
    "csv",
    text(
        "No,Recommendation,Action,Lead / deadline,Progress\n"
        '1,Better matching,Joint matching meeting,"Matching Manager, 31/08/2024",Started\n'
        '1,Better matching,Matching checklist,"Practice Manager, Oct 2024",Done\n'
        "2,Children see their file,Offer a visit each year,Records Manager (ongoing),\n"
        '2,Children see their file,Redact within a month,"Business Manager, 29/11/2024",\n'
    ),
    rec(
        "Better matching",
        act("Joint matching meeting", on(2024, 8, 31), "Matching Manager", status="in_progress"),
        act("Matching checklist", on(2024, 10, 31), "Practice Manager", status="completed"),
    ),
    rec(
        "Children see their file",
        act("Offer a visit each year", ongoing(), "Records Manager"),
        act("Redact within a month", on(2024, 11, 29), "Business Manager"),
    ),
    may_ask="owners timescale",
)
kind(
    "owner and date, one above the other",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Recommendation", "Action", "Who and when", "Status"],
                ["Sound decisions", "Write a decision log", "Panel Chair\n31 July 2024", "In progress"],
                [None, "Share it with partners", "Panel Clerk\n30 September 2024", "Not started"],
                ["Fewer moves", "Support carers at night", "Fostering Manager\nDecember 2024", "Not started"],
            ]
        }
    ),
    rec(
        "Sound decisions",
        act("Write a decision log", on(2024, 7, 31), "Panel Chair", status="in_progress"),
        act("Share it with partners", on(2024, 9, 30), "Panel Clerk", status="not_started"),
    ),
    rec("Fewer moves", act("Support carers at night", on(2024, 12, 31), "Fostering Manager", status="not_started")),
    may_ask="owners timescale",
)

# Outline numbers
kind(
    "outline of three levels",
    "csv",
    text(
        "Ref,Description,Lead,Due date,Status\n"
        "1,Make better use of kinship care,,,\n"
        "1.1,Ask about kin before any other plan,Kinship Manager,31/08/2024,In progress\n"
        "1.1.1,Train eight assessors,Kinship Manager,30/06/2024,Complete\n"
        "2,Reduce delay in matching,,,\n"
        "2.1,Hold a matching day each month,Adoption Manager,30/09/2024,Not started\n"
    ),
    rec(
        "Make better use of kinship care",
        act("Ask about kin before any other plan", on(2024, 8, 31), "Kinship Manager", status="in_progress", ref="1.1"),
        act("Train eight assessors", on(2024, 6, 30), "Kinship Manager", status="completed", ref="1.1.1"),
    ),
    rec(
        "Reduce delay in matching",
        act("Hold a matching day each month", on(2024, 9, 30), "Adoption Manager", status="not_started", ref="2.1"),
    ),
    may_ask="recommendation",
)
kind(
    "figures and then letters",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["No", "What", "Lead", "By when", "Status"],
                ["1", "Chronologies are missing"],
                ["1a", "Write one for each child in care", "Team Manager", "30/09/2024", "In progress"],
                ["1b", "Show it in the case system", "Systems Manager", "31/12/2024", "Not started"],
                ["2", "Siblings meet too rarely"],
                ["2a", "Set a number of meetings a year", "Head of Permanence", "31/08/2024", "Not started"],
            ]
        }
    ),
    rec(
        "Chronologies are missing",
        act("Write one for each child in care", on(2024, 9, 30), "Team Manager", status="in_progress", ref="1a"),
        act("Show it in the case system", on(2024, 12, 31), "Systems Manager", status="not_started", ref="1b"),
    ),
    rec(
        "Siblings meet too rarely",
        act("Set a number of meetings a year", on(2024, 8, 31), "Head of Permanence", status="not_started", ref="2a"),
    ),
    may_ask="recommendation",
)

# Lines below the plan
kind(
    "a key and a signature below",
    "xlsx",
    workbook(
        {
            "Sheet": [
                ["Recommendation", "Action", "Lead", "Timescale", "RAG"],
                ["Speed up housing", "Two more flats", "Housing Manager", d(2024, 9, 30), "Green"],
                [None, "Offer at seventeen", "Housing Manager", d(2024, 11, 30), "Amber"],
                ["Improve remand", "Protocol with courts", "Youth Justice Manager", d(2024, 8, 30), "Red"],
                [],
                ["RAG: Red is late, Amber is at risk, Green is on track"],
                ["Compiled by the Improvement Team, 3 June 2024"],
            ]
        }
    ),
    rec(
        "Speed up housing",
        act("Two more flats", on(2024, 9, 30), brag="green"),
        act("Offer at seventeen", on(2024, 11, 30), brag="amber"),
        leads=["Housing Manager"],
    ),
    rec("Improve remand", act("Protocol with courts", on(2024, 8, 30), brag="red"), leads=["Youth Justice Manager"]),
)
kind(
    "totals and a note below, without a gap",
    "csv",
    text(
        "Recommendation,Action,Owner,Due date,Status\n"
        "Fair fees,Agree a fee table,Fostering Manager,31/07/2024,In progress\n"
        "Fair fees,Write to every carer,Fostering Manager,30/08/2024,Not started\n"
        "Clear rules,Publish a handbook,Policy Officer,30/09/2024,Complete\n"
        "Total: 3 actions,,,,\n"
        "Source: improvement board papers of May 2024,,,,\n"
    ),
    rec(
        "Fair fees",
        act("Agree a fee table", on(2024, 7, 31), "Fostering Manager", status="in_progress"),
        act("Write to every carer", on(2024, 8, 30), "Fostering Manager", status="not_started"),
    ),
    rec("Clear rules", act("Publish a handbook", on(2024, 9, 30), "Policy Officer", status="completed")),
)

# Groups of columns
kind(
    "groups of columns with a figure",
    "xlsx",
    workbook(
        {
            "Replies": [
                ["No", "Recommendation", "Action 1", "Owner 1", "Due 1", "Action 2", "Owner 2", "Due 2"],
                [
                    1,
                    "Short breaks are few",
                    "Ask parents",
                    "Short Breaks Lead",
                    d(2024, 8, 30),
                    "Open at weekends",
                    "Centre Manager",
                    d(2024, 10, 31),
                ],
                [2, "Travel costs are high", "Review routes", "Transport Manager", d(2024, 9, 30), None, None, None],
            ]
        }
    ),
    rec(
        "Short breaks are few",
        act("Ask parents", on(2024, 8, 30), "Short Breaks Lead"),
        act("Open at weekends", on(2024, 10, 31), "Centre Manager"),
    ),
    rec("Travel costs are high", act("Review routes", on(2024, 9, 30), "Transport Manager")),
)
kind(
    "groups of columns under headings merged above",
    "xlsx",
    workbook(
        {
            "Replies": [
                [None, "First step", None, None, "Second step", None, None],
                ["Recommendation", "Action", "Owner", "Due date", "Action", "Owner", "Due date"],
                [
                    "Clearer letters",
                    "Rewrite five",
                    "Policy Officer",
                    "31/07/2024",
                    "Test with parents",
                    "Rights Officer",
                    "30/09/2024",
                ],
                ["Fewer agency staff", "Advertise posts", "HR Partner", "31/08/2024", None, None, None],
            ]
        },
        merges=("B1:D1", "E1:G1"),
    ),
    rec(
        "Clearer letters",
        act("Rewrite five", on(2024, 7, 31), "Policy Officer"),
        act("Test with parents", on(2024, 9, 30), "Rights Officer"),
    ),
    rec("Fewer agency staff", act("Advertise posts", on(2024, 8, 31), "HR Partner")),
)


@pytest.mark.parametrize("one", KINDS, ids=lambda one: f"{one.name}, {one.kind}")
def test_a_plan_of_this_layout_is_read_as_its_author_meant_it(one: Kind, tmp_path: Path) -> None:
    assert misses(one, tmp_path) == []

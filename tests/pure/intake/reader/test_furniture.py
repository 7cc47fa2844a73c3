"""Lines round a plan are told from its actions and recommendations, however alike they begin."""

from __future__ import annotations

import pytest

from ilacs_app.intake.reader.furniture import is_furniture
from tests.corpus.wording import THEMES

FURNITURE = (
    "Page 1 of 1",
    "page 3",
    "3 of 12 pages",
    "OFFICIAL",
    "OFFICIAL – SENSITIVE",
    "Confidential",
    "Not for publication",
    "DRAFT v0.3",
    "Draft for comment",
    "Working draft",
    "Version 2.0, agreed by the board",
    "v1.4",
    "Version 3 – March 2026",
    "Version control: 2.1",
    "Last updated: 14/03/2026",
    "Updated 3 June 2024",
    "Updated for the improvement board, 9 September 2024",
    "Position at 3 February 2025",
    "As at 31 March 2025",
    "Prepared by the programme office",
    "Prepared by the Programme Office, 6 January 2025",
    "Compiled by the Improvement Team, 3 June 2024",
    "Agreed by the Improvement Board on 12 May 2024",
    "Approved by cabinet",
    "Source: improvement board papers of May 2024",
    "Total: 3 actions",
    "Total",
    "Total actions 14",
    "Number of actions: 12",
    "Key",
    "RAG key: Blue - complete; Green - on track",
    "RAG: Red is late, Amber is at risk, Green is on track",
    "Green = on track, Red = late",
    "Notes: dates are month ends",
    "End of plan",
    "--- END ---",
    "Continued overleaf",
    "Author: Head of Improvement",
    "© Northlea County Council 2026",
    "Hallowmere Council: improvement action plan",
    "Improvement plan 2025/26",
    "Ofsted action plan – March 2026",
    "Post-inspection action plan",
    "Contents",
)
OF_THE_PLAN = (
    "Version control for case files is set up",
    "Draft a policy on missing children",
    "Draft protocol shared with the police",
    "Source twenty placements within the county",
    "Total redesign of the front door",
    "Key worker for each child in care",
    "Key actions are tracked at supervision",
    "Update the protocol by March 2025",
    "Updated protocol to be launched in June 2025",
    "Review the threshold document",
    "Reviewed plans are shared with children",
    "Agree a fee table with the board",
    "Prepare care leavers for living on their own",
    "Prepared meals for families in temporary homes",
    "Page through ten files a month",
    "Approve 25 new fostering households",
    "Action plan for each school below 90%",
    "Publish the improvement plan",
    "Improvement plan to be shared with staff",
    "Ofsted action plan meetings every month",
    "Confidential helpline for staff",
    "Private fostering",
    "Notes of visits are typed within five days",
    "Red flags are acted on the same day",
    "Introduction of a new recording form",
    "Summary of the plan for children",
    "Date each entry in the chronology",
    "End reliance on agency staff",
    "1",
    "",
)


@pytest.mark.parametrize("text", FURNITURE)
def test_a_line_of_the_page_is_none_of_the_plan(text: str) -> None:
    assert is_furniture(text)


@pytest.mark.parametrize("text", OF_THE_PLAN)
def test_a_line_of_the_plan_is_no_furniture(text: str) -> None:
    assert not is_furniture(text)


def test_no_recommendation_or_action_of_the_corpus_is_furniture() -> None:
    lines = [line for aim, short, works in THEMES for line in (aim, short, *works)]
    assert [line for line in lines if is_furniture(line)] == []

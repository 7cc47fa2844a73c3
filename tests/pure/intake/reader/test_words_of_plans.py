"""A council's own words: its keys, letters, shares, half-answers, initials and encodings.

What a key says may be certain or asked for; what no key says is never certain.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import PatternFill

from tests.corpus.answers import RecommendationAnswer, StatusAnswer
from tests.pure.intake.reader.plans import (
    NONE,
    UNKNOWN,
    Kind,
    act,
    cell,
    d,
    document,
    doubtful,
    line,
    misses,
    on,
    ongoing,
    para,
    rec,
    run,
    table,
    workbook,
)

KINDS: list[Kind] = []


def kind(
    name: str, extension: str, data: Callable[[], bytes], *answer: RecommendationAnswer, may_ask: str = ""
) -> None:
    KINDS.append(Kind(name, extension, data, answer, frozenset(may_ask.split())))


_HEAD = ["Recommendation", "Action", "Owner", "Due date", "Status"]


def _with_key(statuses: tuple[Any, Any, Any], key: list[list[Any]], heading: str = "Status") -> Callable[[], bytes]:
    first, second, third = statuses
    return workbook(
        {
            "Plan": [
                [*_HEAD[:4], heading],
                ["Safer front door", "Joint triage each morning", "Front Door Manager", d(2024, 7, 31), first],
                ["Safer front door", "Weekly sample of contacts", "Quality Officer", d(2024, 9, 30), second],
                ["Better plans", "Two page plan for each child", "Practice Lead", d(2024, 10, 31), third],
            ],
            "Key": key,
        }
    )


def _answer(first: StatusAnswer, second: StatusAnswer, third: StatusAnswer) -> tuple[RecommendationAnswer, ...]:
    return (
        rec(
            "Safer front door",
            act("Joint triage each morning", on(2024, 7, 31), "Front Door Manager", status=first),
            act("Weekly sample of contacts", on(2024, 9, 30), "Quality Officer", status=second),
        ),
        rec("Better plans", act("Two page plan for each child", on(2024, 10, 31), "Practice Lead", status=third)),
    )


_DONE, _GOING, _BEFORE = doubtful("completed"), doubtful("in_progress", "partly_complete"), doubtful("not_started")
_UNSAID = doubtful(None)
kind(
    "letters of a key",
    "xlsx",
    _with_key(
        ("C", "IP", "NS"),
        [["Code", "Meaning"], ["C", "Complete"], ["IP", "In progress"], ["NS", "Not started"], ["O", "Overdue"]],
    ),
    *_answer(_DONE, _GOING, _BEFORE),
)
kind(
    "a council's own words and what they mean",
    "xlsx",
    _with_key(
        ("Landed", "Motoring", "Parked"),
        [["Word", "What it means"], ["Landed", "Complete"], ["Motoring", "In progress"], ["Parked", "On hold"]],
    ),
    *_answer(_DONE, _GOING, doubtful("paused")),
)
kind(
    "amber is on track and green is done",
    "xlsx",
    _with_key(
        ("Green", "Amber", "Red"),
        [["RAG", "Meaning"], ["Green", "Complete"], ["Amber", "On track"], ["Red", "Off track"], ["Blue", "Checked"]],
        "RAG",
    ),
    *_answer(_DONE, _GOING, doubtful("in_progress", None)),
)
kind(
    "colours that no key explains",
    "xlsx",
    workbook(
        {
            "Plan": [
                [*_HEAD[:4], "RAG"],
                ["Safer front door", "Joint triage each morning", "Front Door Manager", d(2024, 7, 31), "Green"],
                ["Safer front door", "Weekly sample of contacts", "Quality Officer", d(2024, 9, 30), "Blue"],
                ["Better plans", "Two page plan for each child", "Practice Lead", d(2024, 10, 31), "Red"],
            ]
        }
    ),
    *_answer(_UNSAID, _UNSAID, _UNSAID),
)
kind(
    "complete, yes or no or in part",
    "xlsx",
    _with_key(("Y", "N", "Partial"), [["Lists"], ["Y"], ["N"], ["Partial"]], "Complete? (Y/N)"),
    *_answer(_DONE, doubtful("not_started", "in_progress", None), doubtful("partly_complete", None)),
)
kind(
    "a share of each action",
    "xlsx",
    _with_key(((1.0, "0%"), (0.4, "0%"), (0, "0%")), [["x"]], "% complete"),
    *_answer(_DONE, _GOING, _BEFORE),
)
kind(
    "arrows say which way and not how far",
    "xlsx",
    workbook(
        {
            "Plan": [
                [*_HEAD, "Direction of travel"],
                [
                    "Safer front door",
                    "Joint triage each morning",
                    "Front Door Manager",
                    d(2024, 7, 31),
                    "Complete",
                    "↑",
                ],
                ["Safer front door", "Weekly sample of contacts", "Quality Officer", d(2024, 9, 30), "", "→"],
                ["Better plans", "Two page plan for each child", "Practice Lead", d(2024, 10, 31), "In progress", "↓"],
            ]
        }
    ),
    *_answer(doubtful("completed"), _UNSAID, doubtful("in_progress")),
)


def _filled(book: Any) -> None:
    sheet = book["Plan"]
    for at, rgb in ((2, "00B050"), (3, "FFC000"), (4, "7030A0")):
        sheet.cell(at, 5).fill = PatternFill("solid", fgColor=f"FF{rgb}")


kind(
    "fills under words that say something else",
    "xlsx",
    workbook(
        {
            "Plan": [
                _HEAD,
                ["Safer front door", "Joint triage each morning", "Front Door Manager", d(2024, 7, 31), "Not started"],
                ["Safer front door", "Weekly sample of contacts", "Quality Officer", d(2024, 9, 30), "In progress"],
                ["Better plans", "Two page plan for each child", "Practice Lead", d(2024, 10, 31), "Complete"],
            ]
        },
        change=_filled,
    ),
    *_answer(doubtful("not_started"), doubtful("in_progress"), doubtful("completed")),
)


def _rated(book: Any) -> None:
    sheet = book["Plan"]
    for at, rgb in ((2, "F79646"), (3, "00B050"), (4, "C00000")):
        sheet.cell(at, 5).fill = PatternFill("solid", fgColor=f"FF{rgb}")


kind(
    "ratings that are a fill and no word",
    "xlsx",
    workbook(
        {
            "Plan": [
                [*_HEAD[:4], "RAG"],
                ["Safer front door", "Joint triage each morning", "Front Door Manager", d(2024, 7, 31)],
                ["Safer front door", "Weekly sample of contacts", "Quality Officer", d(2024, 9, 30)],
                ["Better plans", "Two page plan for each child", "Practice Lead", d(2024, 10, 31)],
            ]
        },
        change=_rated,
    ),
    rec(
        "Safer front door",
        act("Joint triage each morning", on(2024, 7, 31), "Front Door Manager", brag="amber"),
        act("Weekly sample of contacts", on(2024, 9, 30), "Quality Officer", brag="green"),
    ),
    rec("Better plans", act("Two page plan for each child", on(2024, 10, 31), "Practice Lead", brag="red")),
    may_ask="brag",
)
kind(
    "scores under a heading that nobody knows",
    "xlsx",
    workbook(
        {
            "Plan": [
                ["Zurv", "Krilfum", "Jilf", "Splonder", "Glample"],
                [
                    "Thresholds are applied differently by each team at the front door",
                    "Hold joint triage each morning",
                    "Front Door Manager",
                    d(2024, 7, 31),
                    "4",
                ],
                [
                    "Thresholds are applied differently by each team at the front door",
                    "Sample contacts each week",
                    "Quality Officer",
                    d(2024, 9, 30),
                    "2",
                ],
                [
                    "Thresholds are applied differently by each team at the front door",
                    "Report repeat contacts",
                    "Performance Manager",
                    d(2024, 8, 31),
                    "3",
                ],
                [
                    "Plans for children are long and families do not understand them",
                    "Write a two page plan for each child",
                    "Practice Lead",
                    d(2024, 10, 31),
                    "2",
                ],
                [
                    "Plans for children are long and families do not understand them",
                    "Train all teams in plain English",
                    "Practice Lead",
                    d(2024, 11, 30),
                    "1",
                ],
            ]
        }
    ),
    rec(
        "Thresholds are applied differently by each team at the front door",
        act("Hold joint triage each morning", on(2024, 7, 31), "Front Door Manager"),
        act("Sample contacts each week", on(2024, 9, 30), "Quality Officer"),
        act("Report repeat contacts", on(2024, 8, 31), "Performance Manager"),
    ),
    rec(
        "Plans for children are long and families do not understand them",
        act("Write a two page plan for each child", on(2024, 10, 31), "Practice Lead"),
        act("Train all teams in plain English", on(2024, 11, 30), "Practice Lead"),
    ),
    may_ask="recommendation owners timescale",
)
kind(
    "complete and ongoing in the column of dates",
    "docx",
    document(
        table(
            line("Recommendation", "Action", "Lead", "By when", "Progress"),
            line("Fair access", "Open two evenings a week", "Hub Manager", "Completed", "Since April"),
            line("", "Ask families each term", "Hub Manager", "Ongoing", ""),
            line("", "Add a third evening", "Hub Manager", "July 2024 and ongoing", ""),
            line("Clear letters", "Rewrite the first letter", "Policy Officer", "30/08/2024", ""),
        )
    ),
    rec(
        "Fair access",
        act("Open two evenings a week", UNKNOWN, status=doubtful("completed", None)),
        act("Ask families each term", ongoing()),
        act("Add a third evening", on(2024, 7, 31, asks=True)),
        leads=["Hub Manager"],
    ),
    rec("Clear letters", act("Rewrite the first letter", on(2024, 8, 30)), leads=["Policy Officer"]),
)
kind(
    "a date that was changed with the changes tracked",
    "docx",
    document(
        table(
            line("Recommendation", "Action", "Owner", "Due date", "Status"),
            line(
                "Sound advice",
                "Legal clinic each week",
                "Court Manager",
                cell(
                    '<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>30/06/2024</w:delText></w:r></w:del>'
                    f'<w:ins w:id="2" w:author="a">{run("30/09/2024")}</w:ins></w:p>'
                ),
                "In progress",
            ),
            line("", "Guide to thresholds in court", "Court Manager", "31/10/2024", "Not started"),
        )
    ),
    rec(
        "Sound advice",
        act("Legal clinic each week", on(2024, 9, 30), "Court Manager", status="in_progress"),
        act("Guide to thresholds in court", on(2024, 10, 31), "Court Manager", status="not_started"),
    ),
)
kind(
    "initials explained in a line",
    "docx",
    document(
        para("Leads: HC = Head of Care; PL = Practice Lead"),
        table(
            line("Recommendation", "Action", "Lead", "Timescale", "Status"),
            line("Steady homes", "Call carers each week", "HC", "31/07/2024", "In progress"),
            line("", "Train carers in play", "PL", "30/09/2024", "Not started"),
            line("Good records", "Sample twelve files", "PL", "30/08/2024", "Complete"),
        ),
    ),
    rec(
        "Steady homes",
        act("Call carers each week", on(2024, 7, 31), "HC", status="in_progress"),
        act("Train carers in play", on(2024, 9, 30), "PL", status="not_started"),
    ),
    rec("Good records", act("Sample twelve files", on(2024, 8, 30), "PL", status="completed")),
    may_ask="owners",
)
kind(
    "nothing where there is nothing to say",
    "xlsx",
    workbook(
        {
            "Plan": [
                [*_HEAD, "Progress"],
                ["Steady homes", "Call carers each week", "N/A", "N/A", "N/A", "n/a"],
                ["Steady homes", "Train carers in play", "TBC", "TBC", "", "-"],
                ["Good records", "Sample twelve files", "Practice Lead", d(2024, 8, 30), "In progress", None],
            ]
        }
    ),
    rec(
        "Steady homes",
        act("Call carers each week", NONE, status=doubtful(None)),
        act("Train carers in play", UNKNOWN, status=doubtful(None)),
    ),
    rec("Good records", act("Sample twelve files", on(2024, 8, 30), "Practice Lead", status="in_progress")),
)


def _hide_last_year(book: Any) -> None:
    book["2023"].sheet_state = "hidden"
    book["2024"].row_dimensions[3].hidden = True


kind(
    "an older copy on a hidden sheet, and a row that a filter hides",
    "xlsx",
    workbook(
        {
            "2023": [
                _HEAD,
                ["Steady homes", "Call carers each month", "Head of Care", d(2023, 7, 31), "Complete"],
                ["Steady homes", "Buy toys", "Head of Care", d(2023, 7, 31), "Complete"],
            ],
            "2024": [
                _HEAD,
                ["Steady homes", "Call carers each week", "Head of Care", d(2024, 7, 31), "In progress"],
                ["Steady homes", "Train carers in play", "Practice Lead", d(2024, 9, 30), "Complete"],
                ["Good records", "Sample twelve files", "Practice Lead", d(2024, 8, 30), "Not started"],
            ],
        },
        change=_hide_last_year,
    ),
    rec(
        "Steady homes",
        act("Call carers each week", on(2024, 7, 31), "Head of Care", status="in_progress"),
        act("Train carers in play", on(2024, 9, 30), "Practice Lead", status="completed"),
    ),
    rec("Good records", act("Sample twelve files", on(2024, 8, 30), "Practice Lead", status="not_started")),
)
_MAC = (
    "Recommendation;Action;Owner;Due date;Status\r"
    "Children’s plans – shorter;Cap plans at “four” pages;Head of Care;31/07/2024;In progress\r"
    "Children’s plans – shorter;Ask each family’s view;Practice Lead;30/09/2024;Not started\r"
    "Café mornings for carers;Book the hall;Hub Manager;30/08/2024;Complete\r"
)
kind(
    "a file of a Mac",
    "csv",
    lambda: _MAC.encode("mac-roman"),
    rec(
        "Children’s plans – shorter",
        act("Cap plans at “four” pages", on(2024, 7, 31), "Head of Care", status="in_progress"),
        act("Ask each family’s view", on(2024, 9, 30), "Practice Lead", status="not_started"),
    ),
    rec("Café mornings for carers", act("Book the hall", on(2024, 8, 30), "Hub Manager", status="completed")),
)


@pytest.mark.parametrize("one", KINDS, ids=lambda one: one.name)
def test_a_councils_own_words_are_read_with_the_whole_file(one: Kind, tmp_path: Path) -> None:
    assert misses(one, tmp_path) == []

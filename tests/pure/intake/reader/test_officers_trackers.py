"""Trackers as officers keep them from quarter to quarter: rows to fill in, sums, risks, mixed dates, typed breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.plan import plan_from
from ilacs_app.plan.plan_file import FileAction, PlanFile
from tests.pure.intake.reader.plans import DATED_ON, across, d, document, heading, line, para, run, table, workbook

DUTY, PANEL = "Make the duty system safe", "Hear children at panel"
APPOINT, GUIDANCE, INVITE = "Appoint a duty manager", "Write duty guidance", "Invite two young people"


def _read(folder: Path, name: str, data: bytes) -> PlanFile:
    path = folder / name
    path.write_bytes(data)
    return plan_from(read_document(path), DATED_ON).plan(DATED_ON)


def _actions(plan: PlanFile) -> dict[str, FileAction]:
    return {action.text: action for recommendation in plan.recommendations for action in recommendation.actions}


def _by_recommendation(plan: PlanFile) -> dict[str, list[str]]:
    return {each.text: [action.text for action in each.actions] for each in plan.recommendations}


def _said(plan: PlanFile) -> str:
    return "\n".join(f"{problem.at}: {problem.says}" for problem in plan.problems)


# Rows that wait to be filled in -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["{}", "{}.", "A{}", "1.{}"])
@pytest.mark.parametrize("empty", [1, 8])
def test_numbered_rows_that_wait_to_be_filled_in_are_not_part_of_the_action_above(
    form: str, empty: int, tmp_path: Path
) -> None:
    head = ["No.", "What we will do", "Who", "By when", "Status"]
    waiting = [[form.format(n)] for n in range(3, 3 + empty)]
    rows: list[list[Any]] = [
        ["Recommendation 1: " + DUTY],
        head,
        [form.format(1), APPOINT, "Head of Service", d(2024, 7, 31), "Not started"],
        [form.format(2), GUIDANCE, "Duty Manager", d(2024, 9, 30), "In progress"],
        *waiting,
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Rec 1": rows})())
    assert _by_recommendation(plan) == {DUTY: [APPOINT, GUIDANCE]}
    assert all(" " not in action.ref and "\n" not in action.ref for action in _actions(plan).values())
    assert plan.recommendations[0].number == "1"


def test_a_sheet_with_one_action_above_many_numbered_empty_rows_is_read(tmp_path: Path) -> None:
    head = ["No.", "What we will do", "Who", "By when", "Status"]
    waiting = [[n] for n in range(2, 10)]
    first = [["Recommendation 1: " + DUTY], head, [1, APPOINT, "Head of Service", d(2024, 7, 31), "Open"], *waiting]
    second = [["Recommendation 2: " + PANEL], head, [1, INVITE, "IRO Manager", d(2024, 8, 30), "Open"], *waiting]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Rec 1": first, "Rec 2": second})())
    assert _by_recommendation(plan) == {DUTY: [APPOINT], PANEL: [INVITE]}
    alone = _read(tmp_path, "alone.xlsx", workbook({"Rec 2": second})())
    assert _by_recommendation(alone) == {PANEL: [INVITE]}


def test_a_number_alone_above_the_row_that_it_numbers_is_kept(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["No.", "Recommendation", "Action", "Who", "By when"],
        [1, DUTY, APPOINT, "Head of Service", d(2024, 7, 31)],
        [2],
        [None, PANEL, INVITE, "IRO Manager", d(2024, 8, 30)],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert _by_recommendation(plan)[DUTY] == [APPOINT]
    assert _by_recommendation(plan)[PANEL] == [INVITE]


# Sums under the rows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sums",
    [
        ["Total", None, "2 actions", None, None, "1 amber"],
        ["Totals", None, "2 actions", None, None, "1 green, 1 amber"],
        ["Total actions", None, 2, None, None, "50% complete"],
        [None, "Total", "2 actions", None, None, "0 red"],
    ],
)
def test_a_row_of_sums_is_no_action_whatever_it_counts(sums: list[Any], tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Ref", "Recommendation", "Action", "Who", "By when", "BRAG"],
        ["1.1", DUTY, APPOINT, "Head of Service", d(2024, 7, 31), "Green"],
        ["2.1", PANEL, INVITE, "IRO Manager", d(2024, 8, 30), "Amber"],
        sums,
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert _by_recommendation(plan) == {DUTY: [APPOINT], PANEL: [INVITE]}
    assert "Total" in _said(plan)


# Tables beside the plan -------------------------------------------------------------------------------------


def test_a_table_of_measures_below_a_table_of_risks_with_as_many_columns_invents_no_action(tmp_path: Path) -> None:
    body = (
        heading("Action plan"),
        table(
            line("Recommendation", "Action", "Who", "By when", "Status"),
            line(DUTY, APPOINT, "Head of Service", "31 July 2024", "Not started"),
            line(PANEL, INVITE, "IRO Manager", "30 August 2024", "In progress"),
            columns=5,
        ),
        heading("Risks"),
        table(
            line("Risk", "Score", "Mitigating action", "Owner"),
            line("Posts stay empty", "12", "Advertise every month", "Head of Service"),
            columns=4,
        ),
        heading("Measures"),
        table(
            line("Indicator", "2023/24", "Target", "Latest"),
            line("Visits on time", "70%", "90%", "81%"),
            line("Reviews on time", "88%", "95%", "93%"),
            columns=4,
        ),
    )
    plan = _read(tmp_path, "plan.docx", document(*body)())
    assert _by_recommendation(plan) == {DUTY: [APPOINT], PANEL: [INVITE]}
    assert {"table 2", "table 3"} <= {problem.at for problem in plan.problems}


# Rows that a page break cuts --------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["(cont.)", "(continued)", "cont'd", "continued", "cont"])
def test_a_row_continued_under_its_own_reference_is_the_same_action(sign: str, tmp_path: Path) -> None:
    body = table(
        line("Ref", "Action", "Lead", "By when", "Progress"),
        across("Priority 1: " + DUTY, 5),
        line("1.1", APPOINT, "Head of Service", "31 July 2024", "The advert was written in May and"),
        line(f"1.1 {sign}", "", "", "", "placed in two journals"),
        line("1.2", GUIDANCE, "Duty Manager", "30 September 2024", "Begun"),
        columns=5,
    )
    plan = _read(tmp_path, "plan.docx", document(body)())
    assert {text: action.ref for text, action in _actions(plan).items()} == {APPOINT: "1.1", GUIDANCE: "1.2"}
    assert _actions(plan)[APPOINT].note == "The advert was written in May and\nplaced in two journals"


@pytest.mark.parametrize("sign", ["(cont.)", "(continued)", "- cont'd"])
def test_a_recommendation_named_again_after_a_page_break_is_the_same_one(sign: str, tmp_path: Path) -> None:
    body = table(
        line("Ref", "Action", "Lead", "By when", "Progress"),
        across("Priority 1: " + DUTY, 5),
        line("1.1", APPOINT, "Head of Service", "31 July 2024", "Begun"),
        across(f"Priority 1: {DUTY} {sign}", 5),
        line("1.2", GUIDANCE, "Duty Manager", "30 September 2024", "Begun"),
        across("Priority 2: " + PANEL, 5),
        line("2.1", INVITE, "IRO Manager", "30 August 2024", "Begun"),
        columns=5,
    )
    plan = _read(tmp_path, "plan.docx", document(body)())
    assert _by_recommendation(plan) == {DUTY: [APPOINT, GUIDANCE], PANEL: [INVITE]}


def test_a_recommendation_in_a_column_that_goes_on_after_a_page_break_is_the_same_one(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["No.", "Recommendation", "Action", "Who", "By when"],
        ["1", DUTY, APPOINT, "Head of Service", d(2024, 7, 31)],
        ["1 (cont.)", f"{DUTY} (cont.)", GUIDANCE, "Duty Manager", d(2024, 9, 30)],
        ["2", PANEL, INVITE, "IRO Manager", d(2024, 8, 30)],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert _by_recommendation(plan) == {DUTY: [APPOINT, GUIDANCE], PANEL: [INVITE]}
    assert [each.number for each in plan.recommendations] == ["1", "2"]


def test_work_that_must_be_continued_keeps_its_last_word(tmp_path: Path) -> None:
    aim = "The work with schools must be continued"
    rows: list[list[Any]] = [
        ["Recommendation", "Action", "Who", "By when"],
        [aim, APPOINT, "Head of Service", d(2024, 7, 31)],
    ]
    assert _by_recommendation(_read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())) == {aim: [APPOINT]}


# A narrative with the action above its labels ---------------------------------------------------------------


def test_a_line_above_lead_and_date_is_the_action_that_they_speak_of(tmp_path: Path) -> None:
    body = [heading("Our plan", 1), para("This plan answers the inspection.")]
    for aim, actions in (
        (DUTY, ((APPOINT, "Head of Service", "31 July 2024"), (GUIDANCE, "Duty Manager", "30 September 2024"))),
        (PANEL, ((INVITE, "IRO Manager", "30 August 2024"),)),
    ):
        body += [heading(f"Recommendation: {aim}"), para("Inspectors said that this was uneven.")]
        for text, lead, day in actions:
            bold = f"<w:p>{run(text, '<w:b/>')}</w:p>"
            body += [bold, para(f"Lead: {lead}"), para(f"By when: {day}"), para("Progress: under way")]
    plan = _read(tmp_path, "plan.docx", document(*body)())
    assert _by_recommendation(plan) == {DUTY: [APPOINT, GUIDANCE], PANEL: [INVITE]}
    assert [action.owners for action in _actions(plan).values()] == [
        ("Head of Service",),
        ("Duty Manager",),
        ("IRO Manager",),
    ]


# Dates typed by two hands -----------------------------------------------------------------------------------


def test_where_a_file_has_dates_of_both_orders_those_that_fit_both_are_guesses(tmp_path: Path) -> None:
    days = ["12/25/2024", "30/11/2024", "03/02/2025", "05/05/2025"]
    rows: list[list[Any]] = [["Recommendation", "Action", "Who", "By when"]]
    rows += [[DUTY, f"Appoint duty manager {n}", "Head of Service", day] for n, day in enumerate(days, start=1)]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    month_first, day_first, either, same = (action.timescale for action in _actions(plan).values())
    assert month_first.guessed or month_first.due_on is None
    assert str(day_first.due_on) == "2024-11-30" and not day_first.guessed
    assert either.guessed
    assert str(same.due_on) == "2025-05-05" and not same.guessed
    assert "row 4, column D" in _said(plan)


def test_dates_that_fit_both_orders_are_sure_where_the_whole_file_is_day_first(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Recommendation", "Action", "Who", "By when"]]
    rows += [[DUTY, APPOINT, "Head of Service", "30/11/2024"], [PANEL, INVITE, "IRO Manager", "03/02/2025"]]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert not any(action.timescale.guessed for action in _actions(plan).values())


# A struck-out action that is blue ---------------------------------------------------------------------------


def test_of_a_struck_out_action_no_colour_is_said_to_mean_withdrawn(tmp_path: Path) -> None:
    from openpyxl.styles import Font

    rows: list[list[Any]] = [
        ["Recommendation", "Action", "Who", "By when", "BRAG"],
        [DUTY, APPOINT, "Head of Service", d(2024, 5, 31), "Blue"],
        [PANEL, INVITE, "IRO Manager", d(2024, 8, 30), "Green"],
    ]

    def strike(book: Any) -> None:
        book.worksheets[0]["B2"].font = Font(strike=True)

    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows}, change=strike)())
    assert _actions(plan)[APPOINT].status_guessed
    assert "The text of this action is struck out" in _said(plan)
    assert "“Blue” to mean withdrawn" not in _said(plan)


# A tick under the word that it chooses ----------------------------------------------------------------------


def test_a_tick_in_a_group_of_columns_named_status_is_the_status_above_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Recommendation", "Action", "Who", "By when", "Status", None, None],
        [None, None, None, None, "Not started", "In progress", "Complete"],
        [DUTY, APPOINT, "Head of Service", d(2024, 7, 31), None, "✓", None],
        [DUTY, GUIDANCE, "Duty Manager", d(2024, 9, 30), "✓", None, None],
        [PANEL, INVITE, "IRO Manager", d(2024, 5, 31), None, None, "✓"],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows}, merges=("E1:G1",))())
    assert {text: action.status for text, action in _actions(plan).items()} == {
        APPOINT: "in_progress",
        GUIDANCE: "not_started",
        INVITE: "completed",
    }


# References and headings of trackers ------------------------------------------------------------------------


@pytest.mark.parametrize("heading_", ["ID", "Cyf / Ref", "Our ref no", "Log ref."])
@pytest.mark.parametrize("sign", ["", "A", "SC-"])
def test_references_that_number_the_actions_are_theirs(heading_: str, sign: str, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [heading_, "Recommendation", "Action", "Who", "By when"],
        [f"{sign}1", DUTY, APPOINT, "Head of Service", d(2024, 7, 31)],
        [f"{sign}2", DUTY, GUIDANCE, "Duty Manager", d(2024, 9, 30)],
        [f"{sign}3", PANEL, INVITE, "IRO Manager", d(2024, 8, 30)],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert [action.ref for action in _actions(plan).values()] == [f"{sign}{n}" for n in (1, 2, 3)]
    assert _by_recommendation(plan) == {DUTY: [APPOINT, GUIDANCE], PANEL: [INVITE]}


def test_a_hidden_column_of_references_gives_way_to_one_that_is_seen(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["ID", "Recommendation", "Action", "Internal ref", "Who", "By when"],
        ["A1", DUTY, APPOINT, "zz-101", "Head of Service", d(2024, 7, 31)],
        ["A2", DUTY, GUIDANCE, "zz-102", "Duty Manager", d(2024, 9, 30)],
        ["A3", PANEL, INVITE, "zz-103", "IRO Manager", d(2024, 8, 30)],
    ]

    def hide(book: Any) -> None:
        book.worksheets[0].column_dimensions["D"].hidden = True

    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows}, change=hide)())
    assert [(action.ref, action.extra["Internal ref"]) for action in _actions(plan).values()] == [
        ("A1", "zz-101"),
        ("A2", "zz-102"),
        ("A3", "zz-103"),
    ]


def test_a_score_that_differs_between_the_actions_is_no_reference(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Score", "Recommendation", "Action", "Who", "By when"],
        [12, DUTY, APPOINT, "Head of Service", d(2024, 7, 31)],
        [8, DUTY, GUIDANCE, "Duty Manager", d(2024, 9, 30)],
        [16, PANEL, INVITE, "IRO Manager", d(2024, 8, 30)],
    ]
    actions = _actions(_read(tmp_path, "plan.xlsx", workbook({"Plan": rows})()))
    assert [(action.ref, action.extra["Score"]) for action in actions.values()] == [
        ("1.1", "12"),
        ("1.2", "8"),
        ("2.1", "16"),
    ]


@pytest.mark.parametrize("heading_", ["Improvement needed", "Improvements required"])
def test_a_short_improvement_needed_is_the_recommendation(heading_: str, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [heading_, "Steps to be taken", "Named lead", "Complete by"],
        ["Timely pathway plans", APPOINT, "Head of Service", d(2024, 7, 31)],
        ["Timely pathway plans", GUIDANCE, "Duty Manager", d(2024, 9, 30)],
        ["Enough places to live", INVITE, "IRO Manager", d(2024, 8, 30)],
    ]
    plan = _read(tmp_path, "plan.xlsx", workbook({"Plan": rows})())
    assert _by_recommendation(plan) == {
        "Timely pathway plans": [APPOINT, GUIDANCE],
        "Enough places to live": [INVITE],
    }

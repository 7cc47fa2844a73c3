"""Cards with empty columns or a rating that is a colour alone, tables on their side, and recommendations in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.contents.document import Cell, Grid, Row, document, grid
from ilacs_app.intake.reader.layout.explanations.together import explain_all
from ilacs_app.intake.reader.layout.explanations.weighing import weighed_frame
from ilacs_app.intake.reader.layout.sections import matrices_of
from ilacs_app.intake.reader.read import plan_from
from ilacs_app.plan.plan_file import PlanFile

DATED_ON = date(2025, 3, 3)
MAY_BE_OTHER = "this may not be the recommendation"


def _plan(rows: Sequence[Sequence[str | Cell]], *, whole: Grid | None = None) -> PlanFile:
    return plan_from(document(whole or grid(rows)), DATED_ON).plan(DATED_ON)


def _painted(rows: Sequence[Sequence[str | Cell]]) -> Grid:
    """The rows as they are in a sheet, where a cell that is coloured and empty is there too."""
    return Grid("sheet Plan", tuple(Row(f"sheet Plan, row {n}", _cells(row)) for n, row in enumerate(rows, start=1)))


def _cells(row: Sequence[str | Cell]) -> tuple[Cell, ...]:
    return tuple(one if isinstance(one, Cell) else Cell(one) for one in row)


# Cards ------------------------------------------------------------------------------------------------------


def test_cards_are_read_though_an_empty_column_is_before_them_or_between_label_and_value() -> None:
    cards = [
        ("Ring families on the day after a visit", "Duty Manager", "30/06/2025", "Two teams have begun"),
        ("Write down what the child said", "Practice Lead", "31/07/2025", ""),
        ("Sample ten visits each month", "Audit Manager", "31/08/2025", "The first sample is done"),
    ]
    labels = ("Action", "Owner", "Due date", "Progress")
    before = [
        row
        for card in cards
        for row in (*[["", label, text] for label, text in zip(labels, card, strict=True)], ["", "", ""])
    ]
    between = [[row[1], "", row[2]] for row in before]
    for rows in (
        [[Cell("1. Visits are not written up", columns=3), "", ""], *before],
        [["1. Visits are not written up", "", ""], *between],
    ):
        plan = _plan(rows)
        assert [one.text for one in plan.recommendations] == ["Visits are not written up"]
        found = [(a.text, a.owners, a.timescale.text, a.note) for a in plan.actions]
        assert found == [(text, (owner,), due, note) for text, owner, due, note in cards]


def test_two_labels_a_row_keep_their_values_though_an_empty_column_parts_them() -> None:
    rows: list[list[str | Cell]] = []
    cards = [
        ("Visits are late", "Hold a stock of visiting slots", "Duty Manager", "30/06/2025"),
        ("Visits are late", "Ask for a second worker", "HR Business Partner", "31/07/2025"),
        ("Plans are long", "Cut the form to four pages", "Forms Manager", "31/08/2025"),
    ]
    for aim, action, owner, due in cards:
        rows += [
            ["Recommendation", "", aim, "Action", action],
            ["Lead officer", "", owner, "Target date", due],
            [""] * 5,
        ]
    found = [(r.text, a.text, a.owners, a.timescale.text) for r in _plan(rows).recommendations for a in r.actions]
    assert found == [(aim, action, (owner,), due) for aim, action, owner, due in cards]


def test_a_rating_that_is_only_a_colour_under_its_label_belongs_to_its_card() -> None:
    rows: list[list[str | Cell]] = [["1. Visits are not written up", ""]]
    colours = ("red", "blue", "amber")
    actions = ("Ring families on the day after a visit", "Write down what the child said", "Sample ten visits a month")
    for action, colour in zip(actions, colours, strict=True):
        rows += [
            ["Action", "Due date"],
            [action, "30/06/2025"],
            ["Owner", "Progress"],
            ["Practice Lead", "Two teams have begun"],
            ["RAG", ""],
            [Cell("", fill=colour), ""],
            ["", ""],
        ]
    plan = _plan(rows, whole=_painted(rows))
    assert [(a.text, a.brag) for a in plan.actions] == list(zip(actions, colours, strict=True))


def test_a_coloured_line_between_the_rows_of_a_table_is_no_row() -> None:
    rows: list[list[str | Cell]] = [
        ["Recommendation", "Action", "Owner", "Due date", "RAG"],
        [Cell("", fill="blue")] * 5,
        ["Visits are late", "Hold a stock of visiting slots", "Duty Manager", "30/06/2025", "Amber"],
        ["", "Ask for a second worker", "Practice Lead", "31/07/2025", "Green"],
    ]
    plan = _plan(rows, whole=_painted(rows))
    assert [(r.text, len(r.actions)) for r in plan.recommendations] == [("Visits are late", 2)]


# A table on its side ----------------------------------------------------------------------------------------


def test_initials_that_read_like_a_heading_do_not_hide_a_table_on_its_side() -> None:
    rows = [
        ["Improvement the inspectors asked for", "Visits are late", "Visits are late", "Plans are long"],
        ["Delivery tasks", "Hold a stock of visiting slots", "Ask for a second worker", "Cut the form to four pages"],
        ["Complete by date", "30/06/2025", "31/07/2025", "31/08/2025"],
        ["Overall lead", "DP", "NO", "JM"],
        ["Done or not", "Started", "Paused", "Started"],
    ]
    plan = _plan(rows)
    assert [(r.text, [a.owners for a in r.actions]) for r in plan.recommendations] == [
        ("Visits are late", [("DP",), ("NO",)]),
        ("Plans are long", [("JM",)]),
    ]


def test_dates_in_no_order_beside_their_label_are_no_columns_of_months() -> None:
    rows = [
        ["Weakness identified", "Visits are late", "Visits are late", "Plans are long", "Plans are long"],
        [
            "Work to be undertaken",
            "Hold a stock of visiting slots",
            "Ask for a second worker",
            "Cut the form to four pages",
            "Test the form with ten families",
        ],
        ["Date this will be done by", "August 2025", "October 2025", "June 2025", "December 2025"],
        ["Done or not", "90%", "100%", "0%", "25%"],
    ]
    plan = _plan(rows)
    assert [(a.text, a.timescale.text) for a in plan.actions] == list(zip(rows[1][1:], rows[2][1:], strict=True))


# Doubt ------------------------------------------------------------------------------------------------------


def test_every_recommendation_is_asked_about_where_another_column_could_hold_them() -> None:
    visits, plans = "Visits to children are often late and written up badly", "Plans are too long for families to use"
    safe, clear = "Children are seen and heard in good time", "Families understand what is expected of them"
    rows = [
        ["Blomb", "Frunt", "Skard", "Wimmow", "Trask"],
        [visits, safe, "Hold a stock of visiting slots", "30/06/2025", "In progress"],
        [visits, safe, "Ask for a second worker", "31/07/2025", "Not started"],
        [plans, clear, "Cut the form to four pages", "31/08/2025", "Complete"],
        [plans, clear, "Test the form with ten families", "30/09/2025", "Not started"],
    ]
    plan = _plan(rows)
    asked = {problem.at for problem in plan.problems if MAY_BE_OTHER in problem.says}
    assert {one.at for one in plan.recommendations} == asked
    named = _plan([["Recommendation", "Impact", *rows[0][2:]], *rows[1:]])
    assert not [problem for problem in named.problems if MAY_BE_OTHER in problem.says]


def test_values_in_the_place_of_headings_say_nothing_of_columns_though_one_was_split_into_who_and_when() -> None:
    rows = [
        ["Action", "Lead and deadline", "Status", "Board"],
        ["Hold a stock of visiting slots", "Duty Manager, 30/06/25", "Partly complete", "Workforce Board"],
        ["Ask for a second worker", "Practice Lead, 31/07/25", "Paused", "Quality Board"],
        ["Send reports to families", "Practice Lead, 31/10/25", "Started", "Workforce Board"],
        ["Offer parents advocacy", "Virtual School Head, 30/11/25", "Started", "Workforce Board"],
    ]
    matrices = matrices_of(document(grid(rows)), DATED_ON)
    found = explain_all(matrices, DATED_ON, {}, EvidenceKinds())
    assert [one.frame.bonus for one in found] == [2.0]
    taken_for_headings = replace(found[0].frame, headings=("Partly complete",) * 5, column_evidence=(), quality=-0.5)
    weighed = weighed_frame(taken_for_headings, DATED_ON, {}, EvidenceKinds())
    assert [column.heading.weights for column in weighed.columns] == [{}] * 5


def test_a_person_named_on_many_lines_is_no_label_above_the_board() -> None:
    blocks = [
        ("Rec 1", "Private fostering is not well known", "Commissioning Manager", "Care Board"),
        ("Rec 2", "Early help comes late", "Team Manager Front Door", "Care Board"),
        ("Rec 3", "Children are not heard", "Virtual School Head", "Schools Board"),
    ]
    grids: list[Grid] = []
    for number, aim, sponsor, board in blocks:
        grids += [
            grid(
                [
                    ["Rec #", number],
                    ["Issue raised at inspection", aim],
                    ["Senior sponsor", sponsor],
                    ["Forum overseeing this", board],
                ],
                f"table {len(grids) + 1}",
            ),
            grid(
                [
                    ["So we will", "Finish date", "Manager responsible"],
                    [f"Write a guide for part {number[-1]}", "30/06/2025", "Team Manager Front Door"],
                    [f"Train the teams on part {number[-1]}", "31/07/2025", "Team Manager Front Door"],
                ],
                f"table {len(grids) + 2}",
            ),
        ]
    plan = plan_from(document(*grids), DATED_ON).plan(DATED_ON)
    assert [(one.text, one.leads) for one in plan.recommendations] == [(aim, (lead,)) for _, aim, lead, _ in blocks]


def test_four_headings_are_not_two_labels_with_their_values() -> None:
    rows = [
        ["IMPROVEMENT THEME", "AGREED NEXT STEPS", "DIRECTOR ACCOUNTABLE", "EXPECTED TO FINISH"],
        ["Visits are late", "Hold a stock of visiting slots", "Director of Care", "30/06/2025"],
        ["Plans are long", "Cut the form to four pages", "Director of Care", "31/07/2025"],
    ]
    found = [(one.text, [action.text for action in one.actions]) for one in _plan(rows).recommendations]
    assert found == [(row[0], [row[1]]) for row in rows[1:]]

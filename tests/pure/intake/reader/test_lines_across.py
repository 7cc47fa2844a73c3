"""A line alone in its row: a recommendation, a theme, an action that fills only its first cell, a total, or a remark.

What it is decides which recommendation the rows below it answer, so where two readings fit, a problem names the rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.table import Table

from ilacs_app.plan.plan_file import PlanFile
from tests.corpus.reading import read_file
from tests.pure.intake.reader.plans import DATED_ON, across, document, line, table, workbook

HEADINGS = ["Action", "Lead", "Timescale", "Progress"]
ROTA = ["Start a duty rota across the teams", "Duty Manager", "31 July 2024", "In progress"]
REVIEW = ["Review waiting lists every Monday", "Data Analyst", "30 June 2024", "In progress"]
SEND = ["Send each assessment within three days", "Business Manager", "30 September 2024", "Not started"]
TEACH = ["Teach every team to write for families", "Learning Lead", "31 October 2024", "Not started"]
RENT = ["Rent rooms in two libraries", "Commissioner", "30 November 2024", "Not started"]
WAIT = "Children wait too long for a social worker"
UNSEEN = "Parents do not see their children's assessments"
PLACES = "Family centres are too few and too far away"
FORMATS = ("csv", "docx")


def _delimited(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([*row, *[""] * (len(HEADINGS) - len(row))] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _word(rows: Sequence[Sequence[str]]) -> bytes:
    """A table in which a row of one text is merged over all columns."""
    size = len(HEADINGS)
    return document(table(*(across(*row, size) if len(row) == 1 else line(*row) for row in rows), columns=size))()


def _read(rows: Sequence[Sequence[str]], kind: str, folder: Path) -> PlanFile:
    path = folder / f"plan.{kind}"
    path.write_bytes({"csv": _delimited, "docx": _word}[kind]([HEADINGS, *rows]))
    read = read_file(path, DATED_ON)
    assert read.plan is not None, read.refusal
    return read.plan


def _actions(plan: PlanFile) -> dict[str, list[str]]:
    return {each.text: [action.text for action in each.actions] for each in plan.recommendations}


def _doubted(plan: PlanFile, row: int) -> bool:
    """Return whether a problem of the layout is about a row of the file, counted from its headings as 1."""
    return any(
        problem.kind == "layout_guess" and problem.at.split(",")[-1].strip() == f"row {row}"
        for problem in plan.problems
    )


# Recommendations ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("rest", [["", "31 October 2024", ""], ["", "", "Not started"], ["Learning Lead", "", ""]])
def test_the_last_recommendation_may_have_one_short_row(rest: list[str], kind: str, tmp_path: Path) -> None:
    plan = _read([[WAIT], ROTA, REVIEW, [UNSEEN], SEND, [PLACES], [RENT[0], *rest]], kind, tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0]], PLACES: [RENT[0]]}


@pytest.mark.parametrize("kind", FORMATS)
def test_two_short_rows_may_end_the_table(kind: str, tmp_path: Path) -> None:
    short = [[TEACH[0], "", "May 2024", ""], [RENT[0], "", "July 2024", ""]]
    plan = _read([[WAIT], ROTA, REVIEW, [UNSEEN], *short], kind, tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [TEACH[0], RENT[0]]}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_numbered_recommendation_without_an_action_stays_one(kind: str, tmp_path: Path) -> None:
    rows = [[f"1. {WAIT}"], ROTA, REVIEW, [f"2. {UNSEEN}"], [f"3. {PLACES}"], RENT]
    plan = _read(rows, kind, tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [], PLACES: [RENT[0]]}
    assert [each.number for each in plan.recommendations] == ["1", "2", "3"]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_numbered_recommendation_at_the_end_may_have_no_action_yet(kind: str, tmp_path: Path) -> None:
    plan = _read([[f"1. {WAIT}"], ROTA, REVIEW, [f"2. {UNSEEN}"], SEND, [f"3. {PLACES}"]], kind, tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0]], PLACES: []}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_theme_over_numbered_recommendations_is_their_section(kind: str, tmp_path: Path) -> None:
    rows = [["FRONT DOOR"], [f"1. {WAIT}"], ROTA, REVIEW, ["FAMILIES"], [f"2. {UNSEEN}"], SEND, [f"3. {PLACES}"], RENT]
    plan = _read(rows, kind, tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0]], PLACES: [RENT[0]]}
    assert [each.extra["Section"] for each in plan.recommendations] == ["FRONT DOOR", "FAMILIES", "FAMILIES"]


@pytest.mark.parametrize("kind", FORMATS)
def test_headings_that_read_like_labels_and_their_values_are_headings(kind: str, tmp_path: Path) -> None:
    head = ["What is going to happen", "Expected to finish", "Highlights and progress", "Delivery position"]
    rows = [[row[0], row[2], "", row[3]] for row in (ROTA, REVIEW, SEND)]
    path = tmp_path / f"plan.{kind}"
    path.write_bytes(
        {"csv": _delimited, "docx": _word}[kind]([head, [f"1. {WAIT}"], *rows[:2], [f"2. {UNSEEN}"], rows[2]])
    )
    read = read_file(path, DATED_ON)
    assert read.plan is not None
    assert _actions(read.plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0]]}


# Actions that fill only their first cell ------------------------------------------------------------------------


def test_an_action_alone_in_its_row_is_no_recommendation_beside_lines_that_are_merged(tmp_path: Path) -> None:
    rows = [[WAIT], ROTA, [TEACH[0], "", "", ""], REVIEW, [UNSEEN], SEND, [RENT[0], "", "", ""]]
    plan = _read(rows, "docx", tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], TEACH[0], REVIEW[0]], UNSEEN: [SEND[0], RENT[0]]}


def test_an_action_alone_in_the_first_row_below_its_recommendation_is_an_action(tmp_path: Path) -> None:
    rows = [[WAIT], [TEACH[0], "", "", ""], ROTA, REVIEW, [UNSEEN], [RENT[0], "", "", ""], SEND]
    plan = _read(rows, "docx", tmp_path)
    assert _actions(plan) == {WAIT: [TEACH[0], ROTA[0], REVIEW[0]], UNSEEN: [RENT[0], SEND[0]]}


def test_an_action_alone_in_its_row_is_no_recommendation_beside_lines_that_count(tmp_path: Path) -> None:
    rows = [[f"1. {WAIT}"], ROTA, [TEACH[0]], REVIEW, [f"2. {UNSEEN}"], SEND, [f"3. {PLACES}"], [RENT[0]]]
    plan = _read(rows, "csv", tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], TEACH[0], REVIEW[0]], UNSEEN: [SEND[0]], PLACES: [RENT[0]]}


def test_a_line_that_may_be_an_action_or_a_recommendation_is_asked_about(tmp_path: Path) -> None:
    plan = _read([[WAIT], ROTA, REVIEW, [TEACH[0]], SEND, [PLACES], RENT], "csv", tmp_path)
    assert _doubted(plan, 5)
    assert not _doubted(plan, 2)
    assert not _doubted(plan, 7)


def test_of_two_lines_in_a_row_the_one_that_may_be_an_action_is_asked_about(tmp_path: Path) -> None:
    plan = _read([[WAIT], ROTA, REVIEW, [UNSEEN], [TEACH[0]], SEND, [PLACES], RENT], "csv", tmp_path)
    assert _doubted(plan, 5) or _doubted(plan, 6)


# Totals and remarks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("total", ["Total actions: 2", "Subtotal 2"])
def test_a_total_below_each_recommendation_begins_none(total: str, kind: str, tmp_path: Path) -> None:
    plan = _read([[WAIT], ROTA, REVIEW, [total], [UNSEEN], SEND, TEACH, [total]], kind, tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0], TEACH[0]]}


def _list_with_totals(book: Any) -> None:
    sheet = book.active
    sheet["A6"], sheet["D6"] = "All of them", "=SUBTOTAL(103,Plan[Progress])"
    listed = Table(displayName="Plan", ref="A1:D6", totalsRowCount=1)
    listed._initialise_columns()
    sheet.add_table(listed)


def test_the_totals_row_of_an_excel_list_is_no_action_whatever_it_is_called(tmp_path: Path) -> None:
    rows = [["Recommendation", *HEADINGS[:1], *HEADINGS[2:]]]
    rows += [[aim, row[0], *row[2:]] for aim, row in ((WAIT, ROTA), (WAIT, REVIEW), (UNSEEN, SEND), (PLACES, RENT))]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook({"Plan": rows}, change=_list_with_totals)())
    read = read_file(path, DATED_ON)
    assert read.plan is not None
    assert _actions(read.plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0]], PLACES: [RENT[0]]}
    assert any(problem.kind == "left_out" and "All of them" in problem.says for problem in read.plan.problems)


@pytest.mark.parametrize(
    ("formula", "is_total"),
    [
        ("=SUBTOTAL(3,B2:B4)", True),
        ("=SUBTOTAL(103,$B$2:$B$4)", True),
        ("=AGGREGATE(3,5,B2:B4)", True),
        ("=SUBTOTAL(3,$B$2:B5)", False),
        ("=SUBTOTAL(3,B6:B9)", False),
    ],
)
def test_a_subtotal_of_the_rows_above_is_no_action(formula: str, is_total: bool, tmp_path: Path) -> None:
    rows = [["Recommendation", "Number", "Action", "Timescale"]]
    rows += [[aim, n, *row[::2][:2]] for n, (aim, row) in enumerate(((WAIT, ROTA), (WAIT, REVIEW), (UNSEEN, SEND)))]
    rows += [["" if is_total else UNSEEN, formula, "All of it so far" if is_total else TEACH[0], ""]]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook({"Plan": [*rows, [PLACES, 5, RENT[0], RENT[2]]]})())
    read = read_file(path, DATED_ON)
    assert read.plan is not None
    below = [] if is_total else [TEACH[0]]
    assert _actions(read.plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0], *below], PLACES: [RENT[0]]}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_remark_across_the_table_begins_no_recommendation(kind: str, tmp_path: Path) -> None:
    rows = [[f"1. {WAIT}"], ROTA, ["The board asked for monthly figures."], REVIEW, [f"2. {UNSEEN}"], SEND]
    plan = _read(rows, kind, tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0]]} or _doubted(plan, 4)


def test_a_line_without_a_number_among_numbered_ones_gets_a_number_that_is_free(tmp_path: Path) -> None:
    rows = [[f"1. {WAIT}"], ROTA, [PLACES], RENT, [f"2. {UNSEEN}"], SEND]
    plan = _read(rows, "docx", tmp_path)
    assert [each.number for each in plan.recommendations] == ["1", "4", "2"]
    assert not any(problem.kind == "same_number" for problem in plan.problems)
    assert _doubted(plan, 4)


def test_a_key_below_the_table_is_no_recommendation(tmp_path: Path) -> None:
    rows = [[WAIT], ROTA, REVIEW, [UNSEEN], SEND, [], ["What the colours mean"], ["Blue", "Complete"], ["Red", "Late"]]
    plan = _read(rows, "csv", tmp_path)
    assert _actions(plan) == {WAIT: [ROTA[0], REVIEW[0]], UNSEEN: [SEND[0]]}


def test_rows_below_a_line_that_was_left_out_are_asked_about(tmp_path: Path) -> None:
    rows = [[WAIT], ROTA, REVIEW, [UNSEEN], SEND, [], [PLACES], [RENT[0], "", "30 November 2024", ""]]
    plan = _read(rows, "csv", tmp_path)
    assert _actions(plan).get(PLACES) == [RENT[0]] or _doubted(plan, 9)

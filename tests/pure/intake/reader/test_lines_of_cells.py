"""A cell that lists several actions, line by line, with their dates and people beside them."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from ilacs_app.plan.plan_file import HEADINGS, PlanFile
from tests.corpus.reading import read_file
from tests.pure.intake.reader.plans import DATED_ON

ACTIONS = (
    "Appoint a manager for the front door",
    "Write guidance on repeat contacts",
    "Brief every duty team on the new threshold",
)
DATES = ("End of July 2024", "End of September 2024", "End of November 2024")


def _written(rows: list[list[str]], folder: Path) -> Path:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path = folder / "plan.csv"
    path.write_text(out.getvalue(), "utf-8-sig")
    return path


def _read(rows: list[list[str]], folder: Path) -> PlanFile:
    read = read_file(_written(rows, folder), DATED_ON)
    assert read.plan is not None, read.refusal
    return read.plan


@pytest.mark.parametrize("mark", ["", "• ", "{n}. "])
@pytest.mark.parametrize("heading", ["Owner", "Who will do it"])
def test_people_in_fewer_lines_than_the_actions_own_all_of_them_and_are_asked_about(
    heading: str, mark: str, tmp_path: Path
) -> None:
    listed = "\n".join(f"{mark.format(n=n)}{text}" for n, text in enumerate(ACTIONS, 1))
    people = "Head of Service\nPrincipal Social Worker"
    rows = [["Recommendation", "Action", heading, "Timescale"], ["Contacts wait", listed, people, "\n".join(DATES)]]
    plan = _read([*rows, ["Plans are late", "Review every plan", "Team Manager", "30 August 2024"]], tmp_path)
    first = plan.recommendations[0]
    assert [action.text for action in first.actions] == list(ACTIONS)
    assert [action.timescale.due_on.month for action in first.actions if action.timescale.due_on] == [7, 9, 11]
    assert {people for action in first.actions for people in [action.owners or first.leads]} == {
        ("Head of Service", "Principal Social Worker")
    }
    assert any(problem.at == "row 2" and "all the people" in problem.says for problem in plan.problems)


def test_a_column_of_several_dates_a_cell_is_the_timescale_whatever_its_heading(tmp_path: Path) -> None:
    rows = [["Blomb", "Kreska", "Vaxle", "Thezz"]]
    for aim, lead in (("Contacts wait", "Head of Service"), ("Plans are late", "Team Manager")):
        rows.append([aim, "\n".join(f"{text} for {aim}" for text in ACTIONS), "\n".join([lead] * 3), "\n".join(DATES)])
    plan = _read(rows, tmp_path)
    assert [(column.heading, column.field) for column in plan.columns][-1] == ("Thezz", "timescale")
    assert len(plan.actions) == 6


def test_bullets_below_a_number_belong_to_it_and_are_no_actions_of_their_own(tmp_path: Path) -> None:
    task = "1. Review the threshold\n• with every school\n• with the police"
    people = "Head of Service\nTeam Manager\nPrincipal Social Worker"
    rows = [["Recommendation", "Action", "Owner", "Timescale"], ["Contacts wait", task, people, DATES[0]]]
    plan = _read([*rows, ["Plans are late", "Review every plan", "Team Manager", "30 August 2024"]], tmp_path)
    assert [action.text for action in plan.recommendations[0].actions] == [task]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("ASAP", "It may mean 22 February 2018 (the date of the plan)."),
        ("Q3", "It may mean 31 December 2018 (quarter 3 of the financial year ends in December)."),
        ("year end", "It may mean 31 March 2018 (the end of the financial year)."),
        ("May half term", "It may mean 1 June 2018 (most schools’ half term ends on that Friday)."),
        ("end of term", "It may mean 31 March 2018 (the school term ends in March)."),
        ("w/c 9 April", "It may mean 13 April 2018 (the next one after the date of the plan, 22 February 2018)."),
    ],
)
def test_words_that_name_no_day_are_asked_about_with_a_likely_day_and_are_never_taken_as_a_date(
    words: str, offered: str, tmp_path: Path
) -> None:
    rows = [["Recommendation", "Action", "Owner", "Timescale"], ["Contacts wait", ACTIONS[0], "Head of Service", words]]
    path = _written([*rows, ["Plans are late", ACTIONS[1], "Team Manager", "30 August 2018"]], tmp_path)
    read = read_file(path, date(2018, 2, 22)).plan
    assert read is not None
    timescale = read.actions[0].timescale
    assert (timescale.text, timescale.kind.value, timescale.due_on) == (words, "not_understood", None)
    assert [offered in problem.says for problem in read.problems if problem.kind == "date_unclear"] == [True]


def test_an_item_that_goes_on_in_a_line_without_a_mark_is_not_parted_because_two_people_are_beside_it(
    tmp_path: Path,
) -> None:
    task = "• Appoint a manager\n• Write guidance on contacts\nand brief the duty teams"
    rows = [["Recommendation", "Action", "Owner", "Timescale"]]
    rows += [["Contacts wait", task, "Head of Service\nTeam Manager", DATES[0]]]
    plan = _read([*rows, ["Plans are late", "Review every plan", "Team Manager", "30 August 2024"]], tmp_path)
    assert [action.text for action in plan.recommendations[0].actions] == [task]
    assert plan.actions[0].owners == ("Head of Service", "Team Manager")
    assert any(problem.kind == "several_in_a_cell" and problem.at == "row 2" for problem in plan.problems)


def test_under_all_the_headings_that_we_print_an_action_of_two_steps_and_two_people_stays_one(tmp_path: Path) -> None:
    cells = {"number": "1", "recommendation": "Contacts wait", "timescale": DATES[0]}
    cells["action"] = "- Appoint a manager\n- Write guidance on contacts"
    row = [*(cells.get(field, "") for field in HEADINGS), "Head of Service\nTeam Manager"]
    plan = _read([[*HEADINGS.values(), "Owner"], row], tmp_path)
    assert [action.text for action in plan.actions] == [cells["action"]]
    cells["timescale"] = "\n".join(DATES[:2])
    row = [*(cells.get(field, "") for field in HEADINGS), "Head of Service\nTeam Manager"]
    assert len(_read([[*HEADINGS.values(), "Owner"], row], tmp_path).actions) == 2


@pytest.mark.parametrize(
    "line", ['Ask 44 schools how far "the guide: helps', "# how far {it}: goes", "<b> update: yes"]
)
def test_a_line_of_an_action_with_other_signs_than_words_before_its_colon_is_no_label(
    line: str, tmp_path: Path
) -> None:
    rows = [["Recommendation", "Action", "Progress"], ["Contacts wait", f"{ACTIONS[0]}\n{line}", "Not started"]]
    plan = _read([*rows, ["Plans are late", ACTIONS[1], "Not started"]], tmp_path)
    assert (plan.actions[0].text, plan.actions[0].note) == (f"{ACTIONS[0]}\n{line}", "Not started")


LONG = ("team reviews and visits are not on time", "the records of each family are late", "plans need to be better")


@pytest.mark.parametrize("own", [("Ward", "Cabinet member"), ("Cost code", "Ward")])
@pytest.mark.parametrize("texts", [("abc", "R&D", "N/a"), ("xyz #1", "1.2 abc", "do it")])
def test_a_column_by_our_own_heading_keeps_its_short_texts_beside_a_council_s_column_of_long_ones(
    texts: tuple[str, ...], own: tuple[str, str], tmp_path: Path
) -> None:
    fields = [*HEADINGS]
    head = [own[0], *(HEADINGS[field] for field in fields), own[1]]
    short = {"recommendation": texts, "note": ("ok", "R&D", "a b"), "action": ("Sort xyz", "Tidy it", "abc def")}
    rows = [[LONG[n], *(short[field][n] if field in short else "" for field in fields), LONG[n - 1]] for n in range(3)]
    plan = _read([head, *rows], tmp_path)
    assert {column.heading: column.field for column in plan.columns} == {
        own[0]: None,
        own[1]: None,
        **{heading: field for field, heading in HEADINGS.items()},
    }
    assert [one.text for one in plan.recommendations] == list(texts)


def test_a_short_recommendation_column_by_its_own_name_stays_beside_longer_texts_under_a_heading_of_no_meaning(
    tmp_path: Path,
) -> None:
    rows = [["Ward", "Recommendation", "Action", "Owner"]]
    rows += [[LONG[n], ("Visits", "Plans", "Health")[n], ACTIONS[n], "Team Manager"] for n in range(3)]
    plan = _read(rows, tmp_path)
    assert [one.text for one in plan.recommendations] == ["Visits", "Plans", "Health"]

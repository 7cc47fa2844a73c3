"""The check page: the file as its author sees it, each choice applied at once, one answer for all that is alike."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.plan.model import Action, Plan
from tests.auditor import read
from tests.factories import HTMX
from tests.pages.intake.imports.test_import import _start, _version, chosen, send

HEAD = "Concern,Response,Contact,Until,Where it is\n"
PLAN = (
    HEAD
    + "Chronologies are missing,Write a chronology guide,Practice Lead,End March,Half are written\n"
    + "Chronologies are missing,Check ten files a month,Quality Officer,End March,Nothing yet to show\n"
    + "Siblings meet too rarely,Set a yearly number,Head of Permanence,Spring term,Half are written\n"
    + "Siblings meet too rarely,Offer a room for visits,Head of Permanence,30/08/2018,Complete\n"
)


def _place(page: str, heading: str) -> str:
    """The name of the choice above a column."""
    label = next(node for node in read(page).all("label") if node.text == f"Import “{heading}” as")
    return label.attrs["for"]


def _saved(slug: str = "new-plan") -> dict[str, Action]:
    db.session.rollback()
    actions = db.session.scalars(select(Action).join(Plan).where(Plan.slug == slug))
    return {action.text: action for action in actions}


def test_the_file_is_shown_as_its_author_sees_it_with_our_reading_in_the_margin(world):
    client = world.client("programme_manager")
    page = read(client.get(_start(client, text=PLAN)).text)
    sheet = page.one("table", class_="sheet")
    rows = [(row.all("th")[0].text, [cell.text for cell in row.all("td")]) for row in sheet.one("tbody").all("tr")]
    assert rows[0][0].startswith("Headings") and rows[0][1] == HEAD.strip().split(",")
    assert rows[1][0].startswith("Recommendation 1, Action 1.1") and rows[1][1][1] == "Write a chronology guide"
    assert rows[2][0].startswith("Action 1.2")
    assert rows[3][0].startswith("Recommendation 2, Action 2.1")
    assert {select.attrs["name"] for select in sheet.all("select")} == {f"column-{n}" for n in range(5)}


def test_a_table_that_is_left_out_is_named_with_its_first_words_why_and_how_to_take_it_in(world):
    client = world.client("programme_manager")
    book = openpyxl.Workbook()
    rows = {
        "Plan": [line.split(",") for line in PLAN.splitlines()],
        "Risks": [["Risk", "Effect"], ["Vacancies", "High"]],
    }
    for title, cells in rows.items():
        sheet = book.create_sheet(title)
        for row in cells:
            sheet.append(row)
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    page = read(client.get(_start(client, text=out.getvalue(), name="plan.xlsx")).text)
    details = next(node for node in page.all("details") if "left out" in node.one("summary").text)
    assert details.one("summary").text == "1 other table left out: Sheet “Risks”"
    told = details.all("p")[0].text
    assert told.startswith("Begins “Risk, Effect”. Left out because its name or headings say “risks” and “risk”.")
    assert told.endswith("import the file again. Rename it too.")


def test_a_wrong_column_is_corrected_and_what_had_its_field_gives_way(world):
    client = world.client("programme_manager")
    address = _start(client, text=PLAN)
    page = client.get(address).text
    note = _place(page, "Where it is")
    other = _place(page, "Until")
    assert chosen(page, other) == "timescale"
    answer = send(client, f"{address}/choices", version=_version(), headers=HTMX, **{note: "timescale"})
    assert answer.status_code == 200 and "is now kept as an extra column" in answer.text
    assert 'id="check"' in answer.text and "<!doctype" not in answer.text
    assert (chosen(answer.text, note), chosen(answer.text, other)) == ("timescale", "")
    assert chosen(client.get(address).text, other) == ""


def test_dates_without_a_year_get_it_in_one_place(world):
    client = world.client("programme_manager")
    address = _start(client, text=PLAN)
    page = client.get(address).text
    assert "2 dates need a year" in page and "1 date is unclear" in page
    send(client, f"{address}/choices", version=_version(), **{"all-date_year": "2018"})
    page = client.get(address).text
    assert "need a year" not in page and "31 March 2018" in page
    send(client, f"{address}/confirm", version=_version())
    made = _saved()
    for text in ("Write a chronology guide", "Check ten files a month"):
        assert (made[text].timescale_text, str(made[text].due_on)) == ("End March", "2018-03-31")
    assert made["Set a yearly number"].due_on is None


def test_a_date_corrected_in_one_row_may_serve_every_row_with_its_wording(world):
    client = world.client("programme_manager")
    address = _start(client, text=PLAN)
    page = client.get(f"{address}?row=0").text
    assert "Use this date for 1 other action with the wording “End March”" in page
    saved = send(client, f"{address}/rows/0", version=_version(), due="30 April 2018", same="y", status="")
    assert saved.status_code == 303
    assert "1.1 and 1 other action with the same wording" in client.get(address).text
    send(client, f"{address}/confirm", version=_version())
    assert {str(action.due_on) for action in _saved().values()} == {"2018-04-30", "None", "2018-08-30"}


def test_one_status_serves_every_action_without_a_clear_one(world):
    client = world.client("programme_manager")
    address = _start(client, text=PLAN)
    page = client.get(address).text
    assert "3 actions have no clear status" in page
    send(client, f"{address}/choices", version=_version(), **{"all-status_unclear": "in_progress"})
    send(client, f"{address}/confirm", version=_version())
    statuses = {text: action.status for text, action in _saved().items()}
    assert statuses.pop("Offer a room for visits") == "completed" and set(statuses.values()) == {"in_progress"}


def test_equal_remarks_are_one_line_with_every_place(world):
    client = world.client("programme_manager")
    page = read(client.get(_start(client, text=PLAN)).text)
    problem = next(item for item in page.all("li", class_="problem") if "no board" in item.one("h3").text)
    assert "2 recommendations have no board" in problem.one("h3").text
    assert [line.text.split() for line in problem.all("li")] == [["Recommendations", "1,", "2"]]
    half = next(line for line in page.all("li") if "“Half are written”" in line.text and not line.all("li"))
    assert [link.text for link in half.all("a")] == ["1.1", "2.1"]


def test_what_was_answered_for_one_file_is_used_for_the_next_and_only_new_words_are_asked(world):
    client = world.client("programme_manager")
    text = "Concern,Response,Who,When,Where it is,Colour\nVisits are late,Write a rota,Lead,May 2018,,Chestnut\n"
    address = _start(client, text=text)
    page = client.get(address).text
    column = _place(page, "Colour")
    answers = {column: "status", _place(page, "Where it is"): "evidence"}
    send(client, f"{address}/choices", version=_version(), **answers)
    page = client.get(address).text
    word = next(label.attrs["for"] for label in read(page).all("label") if "“Chestnut”" in label.text)
    send(client, f"{address}/choices", version=_version(), **{word: "partly_complete"})
    assert send(client, f"{address}/confirm", version=_version()).status_code == 303
    newer = text + "Visits are late,Check the rota,Lead,June 2018,,Walnut\n"
    page = client.get(_start(client, text=newer, title="Second plan")).text
    assert chosen(page, _place(page, "Colour")) == "status" and "As in your last file" in page
    known = read(page).one("details", class_="govuk-details words-known")
    assert "1 word read as in your last file" in known.text and "Chestnut" in known.text
    assert "Walnut" not in known.text and "Delivery status of “Walnut”" in page


def test_a_choice_that_meets_another_keeps_what_was_chosen(world):
    client = world.client("programme_manager")
    address = _start(client, text=PLAN)
    old = _version()
    name = _place(client.get(address).text, "Contact")
    send(client, f"{address}/choices", version=old, **{name: ""})
    stale = send(client, f"{address}/choices", version=old, headers=HTMX, **{name: "leads"})
    assert stale.status_code == 409 and chosen(stale.text, name) == "leads"
    assert "Someone else changed this import" in stale.text


@pytest.mark.parametrize("sent", ["nonsense", "number-9"])
def test_a_field_that_is_none_of_ours_is_refused(world, sent):
    client = world.client("programme_manager")
    address = _start(client, text=PLAN)
    answer = send(client, f"{address}/choices", version=_version(), **{"column-0": sent})
    assert answer.status_code == 422 and "Select what each column is from the list" in answer.text


@pytest.mark.parametrize("rows", [130, pytest.param(10_000, marks=pytest.mark.proof)])
def test_a_long_plan_is_shown_sixty_rows_at_a_time(world, rows):
    client = world.client("programme_manager")
    text = HEAD + "".join(f"Late {n // 50},Write {n},Lead,May 2018,\n" for n in range(rows))
    answer = client.get(_start(client, text=text))
    page = read(answer.text)
    assert len(page.all("tbody")[0].all("tr")) <= 12
    assert sum("row-" in node.attrs.get("id", "") for node in page.all("tbody")) == 60
    assert f"Page 1 of {-(-rows // 60)}" in page.text and len(answer.data) < 400_000

"""A plan is printed: by whom, which part of it, and always as a download."""

from __future__ import annotations

import csv
import io
import json
import re

import docx
import pytest

from ilacs_app.db import transaction
from ilacs_app.people.boards.commands import board_named
from ilacs_app.plan.plan_file import restored
from tests.auditor import read
from tests.conftest import BY
from tests.factories import BOTH_WAYS, NOTE, send

PATH = "/plans/twin/export/file"


def rows(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return [[restored(c) for c in row] for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))]


def actions(answer) -> set[str]:
    head, *found = rows(answer)
    return {row[head.index("Action")] for row in found} - {""}


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
@pytest.mark.parametrize("form", ["docx", "xlsx", "csv", "pdf", "json"])
def test_each_form_is_a_download_and_never_a_page(world, form, _way, headers):
    answer = world.client("viewer").get(PATH, query_string={"format": form}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename=twin-2018-04-07.{form}"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_newest_note_is_printed_in_place_of_the_one_that_came(world):
    assert send(world.client("lead"), world.actions["5.2"], **NOTE).status_code == 303
    text = world.client("viewer").get(PATH + "?format=csv").data.decode("utf-8-sig")
    assert NOTE["did"] in text and NOTE["next_step"] in text


def test_a_moved_status_has_a_column_of_its_own(world):
    assert "Status" not in rows(world.client("viewer").get(PATH + "?format=csv"))[0]
    send(world.client("lead"), world.actions["5.2"], status="in_progress")
    head, *found = rows(world.client("viewer").get(PATH + "?format=csv"))
    assert "In progress" in {row[head.index("Status")] for row in found}


def test_one_board_s_part_is_what_it_governs(world):
    whole = actions(world.client("viewer").get(PATH + "?format=csv"))
    part = actions(world.client("viewer").get(PATH + "?format=csv&board=mash-board"))
    assert len(part) == 7 and part < whole


def test_a_partner_prints_exactly_what_they_may_see(world):
    assert len(actions(world.client("partner").get(PATH + "?format=csv"))) == 7
    page = read(world.client("partner").get("/plans/twin/export").text)
    offered = page.one("select", id="board").text
    assert "MASH Board" in offered and "LAC Strategy Group" not in offered


def test_as_published_no_lead_is_named_who_has_a_title_in_the_plan(world):
    out = json.loads(world.client("viewer").get(PATH + "?format=json&published=yes").data)
    assert len(out["recommendations"]) == 12
    assert all(one["leads"] for one in out["recommendations"])


def test_a_form_that_is_not_printed_here_is_an_address_of_nothing(world):
    assert world.client("viewer").get(PATH + "?format=odt").status_code == 404
    assert world.client("viewer").post(PATH).status_code == 405
    assert world.client(None).get(PATH).status_code == 302
    assert world.client("nobody").get(PATH).status_code == 404


def test_the_page_offers_every_form_and_every_board(world):
    page = read(world.client("viewer").get("/plans/twin/export").text)
    assert len(page.all("input", name="format")) == 5
    assert "/plans/twin/export" in world.client("viewer").get("/plans/twin").text


@pytest.mark.parametrize("form", ["docx", "xlsx", "csv", "pdf", "json"])
def test_a_note_with_any_sign_that_people_paste_breaks_no_export(world, form):
    pasted = "\uf0b7 Asked 😀 中 \x80\x9f\ufffe\uffff\uf0a7 again"
    for ref in ("5.2", "5.3"):
        sent = send(world.client("lead"), world.actions[ref], **{**NOTE, "did": pasted})
        assert sent.status_code == 303
    answer = world.client("viewer").get(PATH, query_string={"format": form})
    assert answer.status_code == 200 and len(answer.data) > 1000
    if form in {"csv", "json"}:
        assert "• Asked 😀 中 • again" in answer.data.decode("utf-8-sig")


LIST = "/plans/twin/export/list"


def report(answer) -> list[dict[str, str]]:
    head, *found = rows(answer)
    return [dict(zip(head, row, strict=True)) for row in found]


@pytest.mark.parametrize("form", ["docx", "xlsx", "pdf"])
def test_the_progress_report_comes_in_word_pdf_and_excel(world, form):
    answer = world.client("viewer").get(PATH, query_string={"format": form, "form": "progress"})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename=twin-progress-2018-04-07.{form}"


def test_the_progress_report_in_word_is_12_point_and_has_the_key_and_the_plan_as_published_has_none(world):
    def word(form: str):
        answer = world.client("viewer").get(PATH, query_string={"format": "docx", "form": form})
        return docx.Document(io.BytesIO(answer.data))

    plan, progress = word("plan"), word("progress")
    assert progress.styles["Normal"].font.size.pt >= 12
    assert [cell.text for cell in progress.tables[0].rows[0].cells][:4] == ["Reference", "Action", "Owner", "Due"]
    assert any("◆ Red" in paragraph.text for paragraph in progress.paragraphs)
    assert not any("◆ Red" in paragraph.text for paragraph in plan.paragraphs)


def test_a_list_is_downloaded_with_exactly_the_rows_of_its_filters(world):
    viewer = world.client("viewer")
    page = viewer.get("/plans/twin?timeliness=overdue").text
    found = report(viewer.get(LIST + "?timeliness=overdue&format=csv"))
    shown = set(re.findall(r'data-ref="([^"]+)"', page))
    assert {row["Reference"] for row in found} == shown and shown
    assert all(row["Lateness"].startswith("Overdue by") and row["Rating"].startswith("◆ Red") for row in found)
    assert "export/list?timeliness=overdue&amp;format=csv" in page


def test_a_partner_downloads_no_row_that_they_may_not_see(world):
    mine = report(world.client("partner").get(LIST + "?format=csv"))
    board = report(world.client("partner").get("/boards/mash-board/export/list?format=csv"))
    assert len(mine) == len(board) == 7
    assert world.client("partner").get("/boards/lac-strategy-group/export/list").status_code == 404
    assert world.client("partner").get("/boards/lac-strategy-group/export").status_code == 404


def test_the_list_says_who_is_asked_and_what_was_written_last_and_comes_next(world):
    assert send(world.client("lead"), world.actions["5.2"], **NOTE).status_code == 303
    found = {row["Reference"]: row for row in report(world.client("viewer").get(LIST + "?format=csv"))}
    assert found["5.2"]["Latest update"].startswith("7 Apr 2018: " + NOTE["did"])
    assert found["5.2"]["What next"] == NOTE["next_step"]
    assert found["5.2"]["Owner"].split("\n")[0] == "MASH Service Manager"
    assert found["5.1"]["Latest update"] and ":" not in found["5.1"]["Latest update"][:12]


def test_a_list_comes_as_excel_or_csv_and_a_board_s_also_for_paper(world):
    viewer = world.client("viewer")
    assert viewer.get(LIST + "?format=docx").status_code == 404
    assert viewer.get("/boards/mash-board/export/list?format=docx").status_code == 200
    assert viewer.get("/boards/mash-board/export/list?format=json").status_code == 404
    offered = read(viewer.get("/boards/mash-board/export").text)
    assert [box.attrs["value"] for box in offered.all("input", name="format")] == ["docx", "xlsx", "csv", "pdf"]
    assert "/boards/mash-board/export" in viewer.get("/boards/mash-board").text


def test_the_export_page_remembers_what_was_chosen_before_it(world):
    page = read(world.client("viewer").get("/plans/twin/export?board=mash-board&form=progress").text)
    assert "checked" in page.one("input", id="form-progress").attrs
    assert 'value="mash-board" selected' in world.client("viewer").get("/plans/twin/export?board=mash-board").text


def note_of(world, ref: str) -> str:
    out = json.loads(world.client("viewer").get(PATH + "?format=json").data)
    return next(action["note"] for one in out["recommendations"] for action in one["actions"] if action["ref"] == ref)


def test_an_answer_is_printed_with_its_date_and_never_the_older_words_of_the_file(world):
    lead, action = world.client("lead"), world.actions["5.2"]
    came = note_of(world, "5.2")
    send(lead, action, to="answer", answer="need_help", blocker="The supplier has not answered")
    assert note_of(world, "5.2") == "Help requested: The supplier has not answered"
    send(lead, action, to="answer", answer="on_track")
    assert note_of(world, "5.2") == "On track, 7 April 2018"
    send(lead, action, to="answer", answer="no_change")
    assert note_of(world, "5.2") == "On track, 7 April 2018\nNo change since, 7 Apr 2018"
    assert came and came not in note_of(world, "5.2")


def test_the_report_keeps_help_that_was_asked_for_beside_what_comes_next(world):
    lead, action = world.client("lead"), world.actions["5.2"]
    send(lead, action, to="answer", answer="need_help", blocker="No room to train in", next_step="Ask the academy")
    row = next(row for row in report(world.client("viewer").get(LIST + "?format=csv")) if row["Reference"] == "5.2")
    assert row["Latest update"] == "7 Apr 2018: Help requested: No room to train in"
    assert row["What next"] == "Ask the academy"


@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx", "csv"])
def test_a_board_without_actions_prints_a_report_without_rows(world, form):
    with transaction():
        board_named(BY, "Quiet Board")
    answer = world.client("viewer").get("/boards/quiet-board/export/list", query_string={"format": form})
    assert answer.status_code == 200 and answer.data

"""A board's page: what has changed since it last met, its exceptions first; and what each board must settle next."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import docx
import openpyxl
import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.history import Author
from ilacs_app.people.boards.model import Meeting
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.progress.dates.deciders.commands import agree_new_date
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.evidence.model import Evidence
from tests.auditor import Node, read
from tests.conftest import CHARACTERS, TODAY
from tests.factories import CLAIM, NOTE, send, set_fact

MET = TODAY - timedelta(days=19)
NEXT = TODAY + timedelta(days=12)
BOARD = "/boards/mash-board"
ASK = {"words": "End July 2018", "reason_class": "vacancy", "effect": "None waits longer.", "cover": "Two locums"}


def _meets(*days: date, slug: str = "mash-board", cancelled: date | None = None) -> None:
    board = board_by_slug(slug)
    assert board
    with transaction():
        for day in days:
            db.session.add(Meeting(board_id=board.id, on_day=day, cancelled_on=cancelled))


def _page(world, role: str = "chair", address: str = BOARD) -> Node:
    return read(world.client(role).get(address).text)


def _numbers(page: Node) -> dict[str, tuple[int, str]]:
    """The numbers of *Since you last met*: label -> (number, second line)."""
    numbers = {}
    for item in page.one("section", id="since-met").all("li", class_="number"):
        found = re.match(r"(\d+) (.*)", item.text)
        assert found
        label = next(text for text in LABELS if found[2].startswith(text))
        numbers[label] = (int(found[1]), found[2].removeprefix(label).strip())
    return numbers


LABELS = (
    "newly overdue",
    "newly completed",
    "verified",
    "slipped back",
    "dates changed",
    "evidence sent back or withdrawn",
    "questions unanswered",
    "question unanswered",
    "not updated since",
)


@pytest.fixture
def met(world):
    """A board that last met 19 days ago and meets in 12; its actions are not late, and were updated on that day."""
    _meets(MET, NEXT)
    for ref in (f"5.{n}" for n in range(1, 8)):
        set_fact(world.actions[ref], due_on=TODAY + timedelta(days=90), status="in_progress", last_word_on=MET)
    return world


def test_a_board_for_which_nothing_changed_is_told_so(met):
    page = _page(met)
    assert page.one(id="since-title").text == "Since you last met, 19 March 2018"
    numbers = _numbers(page)
    assert len(numbers) == 8
    assert set(numbers.values()) == {(0, "")}
    assert not page.one("section", id="since-met").all("a"), "zero is not a link"
    assert "No action is red or amber." in page.one("section", id="exceptions").text


def test_each_kind_of_change_is_counted_named_and_listed(met):
    lead, verifier = met.client("lead"), met.client("verifier")
    set_fact(met.actions["5.1"], due_on=TODAY - timedelta(days=3))
    assert send(lead, met.actions["5.2"], **CLAIM).status_code == 303
    assert send(lead, met.actions["5.3"], **CLAIM).status_code == 303
    assert (
        send(verifier, met.actions["5.3"], "status", status="verified", reason="Holds.", sample="20").status_code == 303
    )
    assert send(verifier, met.actions["5.3"], "status", status="slipped_back", reason="No longer.").status_code == 303
    assert send(lead, met.actions["5.4"], **CLAIM).status_code == 303
    refused = send(verifier, met.actions["5.4"], "status", status="in_progress", reason="Too few.", sample="2")
    assert refused.status_code == 303
    set_fact(met.actions["5.5"], last_word_on=MET - timedelta(days=1))
    board = board_by_slug("mash-board")
    asker = Author(met.people["chair"], CHARACTERS["chair"])
    with transaction():
        wish = QuestionWish(board.id, "How many wait?", CHARACTERS["lead"], due_on=NEXT, action_id=met.actions["5.6"])
        ask_question(asker, wish)
    page = _page(met)
    numbers = _numbers(page)
    assert numbers["newly overdue"] == (1, "5.1")
    assert numbers["newly completed"][0] == 3
    assert numbers["verified"] == (1, "5.3")
    assert numbers["slipped back"] == (1, "5.3")
    assert numbers["evidence sent back or withdrawn"] == (1, "5.4")
    assert numbers["not updated since"] == (1, "5.5")
    assert numbers["question unanswered"] == (1, "5.6")
    listed = _page(met, address=f"{BOARD}/since")
    for link in page.one("section", id="since-met").all("a"):
        href = link.attrs["href"]
        if href == f"{BOARD}/challenges?state=open":
            assert len(_page(met, address=href).one("tbody").all("tr")) == 1
            continue
        section = listed.one("section", id=href.partition("#")[2])
        number = int(re.match(r"\d+", link.parent.text)[0])
        assert len(section.one("tbody").all("tr")) == number
        for action in section.one("tbody").all("a"):
            assert met.client("chair").get(action.attrs["href"]).status_code == 200


def test_all_changes_of_one_kind_are_read_page_by_page(met, monkeypatch):
    for ref in ("5.1", "5.2", "5.3"):
        set_fact(met.actions[ref], due_on=TODAY - timedelta(days=2), status="in_progress")
    for module in ("governance.since.queries", "governance.overview.routes"):
        monkeypatch.setattr(f"ilacs_app.{module}.PAGE_ROWS", 2)
    (link,) = [a for a in _page(met).one("section", id="since-met").all("a") if "newly_late" in a.attrs["href"]]
    assert link.attrs["href"] == f"{BOARD}/since?change=newly_late"
    assert "View all 3" in _page(met, address=f"{BOARD}/since").one("section", id="newly_late").text
    refs = []
    for number in (1, 2):
        (section,) = _page(met, address=f"{link.attrs['href']}&page={number}").one("main").all("section")
        refs += [cell.text for cell in section.all("td", class_="ref")]
    assert sorted(refs) == ["5.1", "5.2", "5.3"]
    past_the_end = _page(met, address=f"{link.attrs['href']}&page=3").one("main").text
    assert "There is nothing on page 3" in past_the_end


def test_a_date_that_was_requested_shortly_before_the_board_meets_is_marked(met):
    asked = ASK | {"words": "30 July 2018"}
    assert send(met.client("lead"), met.actions["5.2"], "date-requests", **asked).status_code == 303
    with transaction():
        request_id = db.session.scalar(select(DateRequest.id))
        agree_new_date(Author(met.people["programme_manager"], "Programme Manager"), request_id, 1)
    moved = _numbers(_page(met))["dates changed"]
    assert moved == (1, "5.2; 1 requested or agreed within 14 days before a meeting")
    section = _page(met, address=f"{BOARD}/since").one("section", id="date_moved")
    assert "Within 14 days before a meeting" in section.text
    assert "New date: 30 Jul 2018" in section.text


def test_a_board_without_an_earlier_meeting_is_told_of_35_days_and_that_it_is_so(world):
    _meets(NEXT)
    _meets(MET, cancelled=MET)
    page = _page(world)
    assert page.one(id="since-title").text == "Since 3 March 2018"
    assert "No earlier meeting is recorded, so this covers the last 35 days." in page.one("main").text
    since = _page(world, address=f"{BOARD}/since")
    assert "No earlier meeting of the MASH Board is recorded" in since.one("main").text
    late = {
        row.ref
        for row in action_rows(world.actor("chair"), Filter(board_id=board_by_slug("mash-board").id), TODAY, size=None)
        if row.timeliness == "overdue" and row.due_on >= date(2018, 3, 3)
    }
    number, refs = _numbers(page)["newly overdue"]
    assert number == len(late) > 0
    assert not refs or set(refs.split(", ")) == late


def test_a_meeting_of_today_has_not_been_and_the_newest_before_it_counts(world):
    _meets(TODAY, MET, MET - timedelta(days=28))
    page = _page(world)
    assert page.one(id="since-title").text == "Since you last met, 19 March 2018"
    assert "Today" in page.one("section", class_="panel").text


def test_each_red_and_amber_action_is_first_with_why_next_and_the_distance(met):
    set_fact(met.actions["5.2"], due_on=TODAY - timedelta(days=14))
    first = TODAY - timedelta(days=40)
    set_fact(
        met.actions["5.4"],
        original_due_on=first,
        due_on=TODAY + timedelta(days=52),
        moves=2,
        last_moved_on=TODAY,
    )
    set_fact(met.actions["5.5"], brag_override="amber", override_reason="Two posts are empty.")
    assert send(met.client("lead"), met.actions["5.2"], **NOTE).status_code == 303
    section = _page(met).one("section", id="exceptions")
    rows = section.one("tbody").all("tr")
    assert [row.one("td", class_="ref").text for row in rows] == ["5.2", "5.4", "5.5"], (
        "red first, then the earliest due"
    )
    assert "1 red and 2 amber of 7 actions" in section.text
    late, moved, set_by_hand = (row.text for row in rows)
    assert "Why: Overdue." in late and f"Next: {NOTE['next_step']}" in late
    assert "Overdue by 14 days" in late and "not moved" in late
    assert "2 moves, 92 days" in moved and "52 days to go" in moved and "Next: not recorded yet" in moved
    assert "Two posts are empty." in set_by_hand
    assert "Findings, measure readings and impact: not recorded yet." in section.text


def _exceptions(world, role: str = "chair") -> dict[str, str]:
    """The text of each exception by its reference."""
    rows = _page(world, role).one("section", id="exceptions").one("tbody").all("tr")
    return {row.one("td", class_="ref").text: row.text for row in rows}


def test_an_exception_says_what_stops_it_and_why_another_date_was_requested(met):
    for ref in ("5.2", "5.3"):
        set_fact(met.actions[ref], due_on=TODAY - timedelta(days=14))
    blocker = "The police have no date for the workshop."
    stopped = send(met.client("lead"), met.actions["5.2"], answer="no_change", did="Rooms are booked.", blocker=blocker)
    assert stopped.status_code == 303
    assert send(met.client("lead"), met.actions["5.3"], "date-requests", **ASK).status_code == 303
    told = _exceptions(met)
    assert f"Stopping progress: {blocker}" in told["5.2"] and "Update: Rooms are booked." in told["5.2"]
    assert "Why: Overdue. Date change requested: vacancy." in told["5.3"]
    assert "Update: No update yet" in told["5.3"]


def test_the_words_of_an_imported_plan_stand_until_someone_says_more(met):
    workshop = "Partially completed: workshop booked for 7 February"
    for ref, progress in (("5.2", workshop), ("5.3", "Not due"), ("5.4", "N/a")):
        set_fact(
            met.actions[ref],
            due_on=TODAY - timedelta(days=14),
            imported_note=progress,
            imported_status_text=progress.split(":")[0],
            last_word_on=date(2018, 2, 22),
        )
    told = _exceptions(met)
    assert f"From the plan, 22 Feb 2018: “{workshop}”" in told["5.2"] and "No update yet" not in told["5.2"]
    for ref in ("5.3", "5.4"):
        assert "From the plan" not in told[ref] and "Update: No update yet" in told[ref], ref
    book = met.client("chair").get("/plans/twin/export/file?format=xlsx&form=progress&board=mash-board")
    latest = {
        row[0]: row[7] for row in openpyxl.load_workbook(io.BytesIO(book.data)).active.iter_rows(values_only=True)
    }
    assert latest["5.2"] == f"From the plan, 22 Feb 2018: {workshop}"
    assert latest["5.3"] == latest["5.4"] == "No update yet"
    assert send(met.client("lead"), met.actions["5.2"], **NOTE).status_code == 303
    told = _exceptions(met)["5.2"]
    assert workshop not in told and NOTE["did"] in told


def test_completions_that_wait_are_listed_and_filters_leave_only_the_list(met):
    assert send(met.client("lead"), met.actions["5.2"], **CLAIM).status_code == 303
    claims = _page(met).one("section", id="claims")
    assert "5.2" in claims.text and "April 2018" in claims.text
    for query in ("?status=completed", "?brag=red"):
        narrowed = _page(met, address=f"{BOARD}{query}")
        assert not narrowed.all("section", id="exceptions") and not narrowed.all("section", id="since-met")
        assert "Next meeting: Thursday 19 April 2018" in narrowed.one("main").text


def test_restricted_evidence_that_was_withdrawn_is_told_only_to_those_who_may_see_it(met):
    with transaction():
        piece = Evidence(action_id=met.actions["5.2"], person_id=met.people["lead"], shows="A sample", kind="audit")
        piece.sensitivity, piece.url, piece.withdrawn_on = "restricted", "https://intranet.example/a", TODAY
        piece.added_at = datetime(2018, 4, 1, 12, tzinfo=UTC)
        db.session.add(piece)
    told = {role: _numbers(_page(met, role))["evidence sent back or withdrawn"][0] for role in ("chair", "viewer")}
    assert told == {"chair": 1, "viewer": 0}


def _columns(page: Node) -> dict[str, dict[str, str]]:
    columns: dict[str, dict[str, str]] = {}
    for table in page.all("table", class_="boards"):
        slugs = [link.attrs["href"].removeprefix("/boards/") for link in table.one("thead").all("a")]
        for line in table.one("tbody").all("tr"):
            label = line.all("td")[0].attrs["data-label"]
            for slug, cell in zip(slugs, line.all("td"), strict=True):
                columns.setdefault(slug, {})[label] = cell.text
    return columns


def test_governance_says_when_each_board_meets_and_what_it_must_settle(met):
    _meets(TODAY + timedelta(days=5), slug="lac-strategy-group")
    assert (
        send(
            met.client("lead"), met.actions["5.2"], "date-requests", **ASK | {"words": "End December 2018"}
        ).status_code
        == 303
    )
    set_fact(met.actions["5.3"], due_on=TODAY - timedelta(days=4))
    page = _page(met, "viewer", "/governance")
    column = _columns(page)["mash-board"]
    assert column["Date changes to agree"].startswith("1")
    assert column["Last met"].startswith("19 Mar 2018")
    assert "Thu 19 Apr 2018" in column["Next meeting"] and "in 12 days" in column["Next meeting"]
    links = [link.attrs["href"] for link in page.all("a")]
    assert f"{BOARD}/meetings/2018-04-19" in links and f"{BOARD}/meetings/2018-03-19" in links
    assert f"{BOARD}/meetings/2018-04-19/pack" in links
    assert "1 date change to agree" in page.one("main").text
    rows = [row.text for row in page.one("section", id="settle").one("tbody").all("tr")]
    assert "LAC Strategy Group" in rows[0] and "MASH Board" in rows[1], "by the day of the next meeting"
    assert "Agree or refuse 1 date change: 5.2" in rows[1] and "1 overdue with no date change requested" in rows[1]
    assert all("None planned" in row for row in rows[2:])


@pytest.mark.parametrize(("role", "offered"), [("viewer", True), ("board_member", True), ("inspector", False)])
def test_papers_are_offered_to_those_who_can_read_them(met, role, offered):
    for address in ("/governance", BOARD):
        links = [link.attrs["href"] for link in _page(met, role, address).all("a")]
        assert any(link.endswith("/pack") for link in links) == offered, address


def test_a_request_of_an_action_of_several_boards_is_its_lead_boards_and_counts_once(met):
    assert (
        send(
            met.client("lead"), met.actions["5.2"], "date-requests", **ASK | {"words": "End December 2018"}
        ).status_code
        == 303
    )
    columns = _columns(_page(met, "viewer", "/governance"))
    assert {slug for slug, cells in columns.items() if cells["Date changes to agree"][0] != "0"} == {"mash-board"}


def test_a_partner_is_told_nothing_of_other_boards(met):
    _meets(TODAY - timedelta(days=2), TODAY + timedelta(days=3), slug="lac-strategy-group")
    set_fact(
        met.actions["7.4"], due_on=TODAY - timedelta(days=1), status="in_progress", text="Zqcanary of another board"
    )
    send(met.client("programme_manager"), met.actions["7.4"], "date-requests", **ASK | {"words": "End December 2018"})
    own, others = met.client("partner"), met.client("viewer")
    assert "Zqcanary" in others.get("/boards/lac-strategy-group/since").text
    for address in ("/governance", BOARD, f"{BOARD}/since"):
        text = own.get(address).text
        assert (
            "Zqcanary" not in text and "LAC Strategy" not in text and "lac-strategy" not in text and ">7.4<" not in text
        )
    assert own.get("/boards/lac-strategy-group/since").status_code == 404


def test_the_page_of_a_past_day_tells_what_had_changed_by_then(met, on):
    assert send(met.client("lead"), met.actions["5.2"], **CLAIM).status_code == 303
    on(TODAY + timedelta(days=1))
    assert send(met.client("lead"), met.actions["5.3"], **CLAIM).status_code == 303
    past = _page(met, address=f"{BOARD}?at={TODAY:%Y-%m-%d}")
    assert _numbers(past)["newly completed"][0] == 1
    (link,) = [a for a in past.one("section", id="since-met").all("a") if "claimed" in a.attrs["href"]]
    assert "at=2018-04-07" in link.attrs["href"]
    then = _page(met, address=link.attrs["href"].partition("#")[0])
    assert [row.one("td", class_="ref").text for row in then.one("section", id="claimed").one("tbody").all("tr")] == [
        "5.2"
    ]
    assert _numbers(_page(met))["newly completed"][0] == 2


def test_what_has_changed_is_downloaded_in_every_format_with_all_that_the_page_shows(met):
    board = board_by_slug("mash-board")
    set_fact(met.actions["5.1"], due_on=MET + timedelta(days=3), status="in_progress")
    with transaction():
        wish = QuestionWish(board.id, "How many wait?", CHARACTERS["lead"], due_on=NEXT, action_id=met.actions["5.6"])
        ask_question(Author(met.people["chair"], CHARACTERS["chair"]), wish)
    chair = met.client("chair")
    assert f"{BOARD}/export#since" in chair.get(f"{BOARD}/since").text
    assert f"{BOARD}/since/file?format=docx" in chair.get(f"{BOARD}/export").text
    listed = _page(met, address=f"{BOARD}/since").one("main")
    shown = [row.all("td")[0].text for row in listed.all("tr") if row.all("td")]
    rows = list(csv.reader(chair.get(f"{BOARD}/since/file?format=csv").data.decode("utf-8-sig").splitlines()))
    told = [row for row in rows if len(row) > 1 and row[1]]
    assert sorted(row[1] for row in told if row[1] != "Reference") == sorted([*shown, "5.6"])
    assert told[-1][:3] == ["Questions that are not answered", "5.6", "How many wait?"]
    document = docx.Document(io.BytesIO(chair.get(f"{BOARD}/since/file?format=docx").data))
    text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "Newly overdue" in text and "Was due" in text and "How many wait?" in text
    book = openpyxl.load_workbook(io.BytesIO(chair.get(f"{BOARD}/since/file?format=xlsx").data))
    assert "How many wait?" in [cell.value for row in book.active.iter_rows() for cell in row]
    assert chair.get(f"{BOARD}/since/file?format=pdf").data.startswith(b"%PDF-")
    assert "How many wait?" not in met.client("inspector").get(f"{BOARD}/since/file?format=csv").data.decode()


def test_a_board_to_which_nothing_happened_says_so_in_its_file(world):
    _meets(TODAY - timedelta(days=1))
    rows = (
        world.client("viewer").get("/boards/corporate-parenting-panel/since/file?format=csv").data.decode("utf-8-sig")
    )
    assert "Slipped back,,None" in rows and "Questions that are not answered,,None" in rows

"""The papers of a meeting: published by its chair or secretary, fixed, and read by those who may read them."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import docx
import pytest
from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.governance.packs.model import Pack, PackFile
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.commands import board_named
from ilacs_app.plan.assignments import name_people
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import HTMX, set_fact, set_plan, token
from tests.pure.reporting.export.test_printed_pages import Printed

DAY = TODAY + timedelta(days=7)
MEETING = f"/boards/mash-board/meetings/{DAY.isoformat()}"
PAPERS = f"{MEETING}/pack"
SECTIONS = [
    "Where the plan is now",
    "Since 3 March 2018",
    "Overdue and why",
    "Date changes requested",
    "Completed, awaiting verification",
    "Verified and embedded",
    "Slipped back",
    "Ongoing, with a late review",
    "Questions and answers",
    "Key and abbreviations",
]


@pytest.fixture
def meeting(world) -> int:
    """A meeting next week: 5.3 asks for a date, 5.1 is late, 5.4 verified, 5.2 completed, and one question is open."""
    set_fact(world.actions["5.3"], due_on=TODAY - timedelta(days=7), status="in_progress")
    set_fact(world.actions["5.1"], due_on=TODAY - timedelta(days=30), status="in_progress")
    set_fact(world.actions["5.4"], status="verified")
    set_fact(world.actions["5.2"], status="completed", completed_on=TODAY)
    with transaction():
        board = board_named(BY, "MASH Board")
        wish = DateWish("End August 2018", "vacancy", "Six children wait longer.", "Two managers share the work.")
        ask_new_date(world.author("lead"), world.actions["5.3"], wish)
        question = QuestionWish(board, "How many wait?", CHARACTERS["lead"], DAY, action_id=world.actions["5.5"])
        ask_question(world.author("board_member"), question)
        log_progress(
            world.author("lead"), world.actions["5.1"], NoteText("Half are done.", "Fewer waits.", "The rest.")
        )
        return set_meeting(BY, board, DAY, "14:00", "Room 1")


def publish(world, role: str = "secretary", number: int = 1, once: str = "", **headers: str):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": once or uuid4().hex, "number": str(number)}
    return client.post(PAPERS, data=data, headers=headers)


def papers(world, role: str = "viewer", at: str = PAPERS):
    return world.client(role).get(at)


def the_file(world, file_format: str, role: str = "viewer", number: int = 1) -> bytes:
    answer = world.client(role).get(f"{PAPERS}/{number}/file?format={file_format}")
    assert answer.status_code == 200, answer.text
    return answer.data


def word_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def pdf_text(data: bytes) -> str:
    """The words of a PDF without spaces: the plain ones, then those in bold."""
    printed = Printed(data)
    return "".join([*printed.on_each_page(bold=False), *printed.on_each_page(bold=True)])


def without_spaces(text: str) -> str:
    return "".join(text.split())


def make_exempt(world, meeting: int, key: str) -> None:
    client = world.client("secretary")
    data = {"csrf_token": token(client), "once": uuid4().hex, "key": key, "change": "close"}
    assert client.post(f"/boards/mash-board/meetings/{meeting}/agenda", data=data).status_code == 303


@pytest.mark.parametrize("role", ["chair", "secretary"])
def test_who_runs_the_meeting_publishes_its_papers(world, meeting, role):
    assert publish(world, role).status_code == 303
    page = papers(world)
    assert page.status_code == 200
    assert f"Published by {CHARACTERS[role]}" in page.text
    titles = [heading.text for heading in read(page.text).one("div", class_="pack").all("h2")]
    assert titles == SECTIONS


def test_papers_say_who_owns_an_action_or_else_who_leads_its_recommendation(world, meeting):
    with transaction():
        name_people(BY, world.actions["5.3"], "owner", ["Workforce Development Officer"])
    assert publish(world).status_code == 303
    on_paper = word_text(the_file(world, "docx"))
    assert "Owner: Workforce Development Officer" in on_paper
    assert "Leads: MASH Service Manager" in on_paper and "Owner: MASH Service Manager" not in on_paper


def test_papers_give_the_words_of_the_plan_where_no_one_has_said_more(world, meeting):
    progress = "Partially completed: workshop booked for 7 February"
    plan = {"imported_status_text": "Partially completed", "last_word_on": TODAY - timedelta(days=44)}
    for ref in ("5.1", "5.3"):
        set_fact(world.actions[ref], imported_note=progress, **plan)
    set_fact(world.actions["5.2"], imported_note="Partially completed", **plan)
    assert publish(world).status_code == 303
    on_paper = word_text(the_file(world, "docx"))
    assert f"From the plan, 22 Feb 2018: {progress}" in on_paper, "5.3, which is late"
    assert on_paper.count(progress) == 2, (
        "on the first page and under what is overdue, and not of 5.1, which has an update"
    )
    assert "No update yet" in on_paper, "5.2, of which the plan gives only a status"


def test_the_papers_say_what_the_board_has_to_know(world, meeting):
    publish(world)
    text = papers(world).text
    for words in (
        "Agree or refuse new dates for 5.3.",
        "Ask why 5.1 is late with no date change requested.",
        "Note that 1 completed action is not verified yet.",
        "Six children wait longer.",
        "Two managers share the work.",
        "Overdue by 30 days",
        "Half are done.",
        "The rest.",
        "How many wait?",
        "impact judgements: not recorded yet",
    ):
        assert words in text, words


@pytest.mark.parametrize("file_format", ["pdf", "docx"])
def test_each_format_says_the_same(world, meeting, file_format):
    publish(world)
    text = {"pdf": pdf_text, "docx": word_text}[file_format](the_file(world, file_format))
    for words in (*SECTIONS, "Half are done.", "How many wait?", "Six children wait longer."):
        assert without_spaces(words) in without_spaces(text), words


def test_the_first_part_is_one_page_however_much_there_is(world, meeting):
    text = "We will do this with every team of the service and of our partners, and say so in writing. " * 4
    with transaction():
        for ref in ("5.1", "5.2", "5.3", "5.4", "5.5", "5.6"):
            log_progress(world.author("lead"), world.actions[ref], NoteText(text, "", text))
    for ref in ("5.1", "5.2", "5.3", "5.5", "5.6"):
        late = TODAY - timedelta(days=40)
        set_fact(world.actions[ref], text=f"{ref} {text}", status="in_progress", due_on=late)
    client = world.client("secretary")
    for about in ("5.1", "5.2", "5.3", "5.5", "5.6", "5"):
        sent = {"csrf_token": token(client), "once": uuid4().hex, "about": about}
        assert client.post(f"/boards/mash-board/meetings/{meeting}/deep-dives", data=sent).status_code == 303
    publish(world)
    pages = Printed(the_file(world, "pdf")).on_each_page(bold=True)
    assert "Wheretheplanisnow" in pages[0] and "Differencemade" in pages[0]
    assert "Since3March2018" in pages[1]


def test_papers_do_not_change_when_the_plan_does(world, meeting):
    publish(world)
    before = papers(world).text, the_file(world, "pdf"), the_file(world, "docx")
    with transaction():
        log_progress(world.author("lead"), world.actions["5.1"], NoteText("All are done now.", "", ""))
    set_fact(world.actions["5.1"], status="not_started")
    set_fact(world.actions["5.2"], text="Another wording")
    assert (the_file(world, "pdf"), the_file(world, "docx")) == before[1:]
    page = papers(world).text
    assert "All are done now." not in page and "Another wording" not in page
    assert read(page).one("div", class_="pack").text == read(before[0]).one("div", class_="pack").text


def test_to_publish_again_makes_a_further_version(world, meeting):
    publish(world)
    with transaction():
        log_progress(world.author("lead"), world.actions["5.1"], NoteText("All are done now.", "", ""))
    assert publish(world, "chair", 2).status_code == 303
    assert "All are done now." in papers(world).text
    old = papers(world, at=f"{PAPERS}/1").text
    assert "All are done now." not in old and "There is a newer version of these papers." in old
    assert [pack.number for pack in db.session.scalars(select(Pack).order_by(Pack.number))] == [1, 2]


def test_two_who_publish_at_once_make_one_version(world, meeting):
    publish(world)
    answer = publish(world, "chair", 1)
    assert answer.status_code == 422 and "Someone else has just published papers" in answer.text
    assert len(db.session.scalars(select(Pack)).all()) == 1
    assert stored(world) == {file.store_key for file in db.session.scalars(select(PackFile))}, "nothing is left behind"


def stored(world) -> set[str]:
    folder = world.app.config["ILACS"].evidence_folder
    return {path.name for path in folder.glob("??/*")}


def test_the_same_form_publishes_once(world, meeting):
    once = uuid4().hex
    assert [publish(world, once=once).status_code for _ in range(2)] == [303, 303]
    assert len(db.session.scalars(select(Pack)).all()) == 1


@pytest.mark.parametrize("role", ["lead", "board_member", "programme_manager", "administrator", "viewer", "partner"])
def test_no_one_else_publishes(world, meeting, role):
    assert publish(world, role).status_code == 403
    assert "Publish papers" not in papers(world, role).text
    assert world.client(role).get(f"{PAPERS}/preview").status_code == 403


@pytest.mark.parametrize("role", ["lead", "verifier", "board_member", "programme_manager", "viewer", "partner"])
def test_who_sees_the_board_reads_its_papers(world, meeting, role):
    publish(world)
    assert "Half are done." in papers(world, role).text
    assert the_file(world, "docx", role)


def test_an_inspector_does_not_read_the_questions_of_a_board_in_its_papers(world, meeting):
    publish(world)
    assert "How many wait?" not in papers(world, "inspector").text
    for at in (f"{PAPERS}/1", f"{PAPERS}/1/file?format=pdf", f"{PAPERS}/1/changes"):
        assert papers(world, "inspector", at).status_code == 403


def test_history_keeps_what_was_published(world, meeting):
    publish(world)
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "pack_published")).one()
    files = {file.format: file.sha256 for file in db.session.scalars(select(PackFile))}
    assert event.after["hashes"] == files and set(files) == {"page", "pdf", "docx"}
    assert event.after["meeting_id"] == meeting and event.after["version"] == 1
    assert event.who == CHARACTERS["secretary"]
    page = world.client("viewer").get("/boards/mash-board/history").text
    assert "Papers published" in page and files["pdf"] not in page


def test_papers_are_not_published_for_a_meeting_that_is_over_or_cancelled(world, meeting, on):
    on(DAY + timedelta(days=1))
    assert "This meeting is over. Publish papers for a later meeting." in publish(world).text
    on(TODAY)
    with transaction():
        cancel_meeting(BY, meeting, 1, "No room")
    assert "This meeting is cancelled. Publish papers for a later meeting." in publish(world).text
    assert not db.session.scalars(select(Pack)).all() and not stored(world)


def test_before_papers_are_published_everyone_is_told_so(world, meeting):
    assert "No papers have been published for this meeting." in papers(world).text
    page = papers(world, "secretary").text
    assert "No papers have been published for this meeting yet." in page and "Publish papers" in page


def test_who_publishes_sees_a_preview_first(world, meeting):
    page = world.client("secretary").get(f"{PAPERS}/preview").text
    assert "These papers are not published." in page and "Half are done." in page and "Publish papers" in page
    assert not db.session.scalars(select(Pack)).all()


def test_what_is_exempt_is_only_in_the_copy_of_members(world, meeting):
    make_exempt(world, meeting, f"late-{world.actions['5.1']}")
    make_exempt(world, meeting, "question-1")
    publish(world)
    said, asked = "Half are done.", "How many wait?"
    for role in ("viewer", "lead", "programme_manager"):
        texts = (
            papers(world, role).text,
            pdf_text(the_file(world, "pdf", role)),
            word_text(the_file(world, "docx", role)),
        )
        hidden = [without_spaces(words) for words in (said, asked, "Exempt part")]
        assert not [words for text in texts for words in hidden if words in without_spaces(text)]
    for role in ("board_member", "chair", "secretary", "partner"):
        page = papers(world, role).text
        exempt = read(page).one("section", id="pack-exempt").text
        assert said in exempt and asked in exempt and "This copy has an exempt part" in page
        assert without_spaces(said) in pdf_text(the_file(world, "pdf", role))
        assert said in word_text(the_file(world, "docx", role))
    shown = read(papers(world, "chair").text)
    assert said not in shown.one("section", id="pack-overdue").text


def test_what_members_are_asked_in_the_exempt_part_leads_to_that_part(world, meeting):
    make_exempt(world, meeting, f"late-{world.actions['5.1']}")
    make_exempt(world, meeting, "question-1")
    publish(world)
    page = read(papers(world, "chair").text)
    exempt = page.one("section", id="pack-exempt")
    led = [link.attrs["href"].removeprefix("#") for link in exempt.all("a")]
    assert led == ["pack-exempt_overdue", "pack-exempt_questions"]
    assert [exempt.one(id=target).text for target in led] == ["Overdue and why", "Questions and answers"]
    word = docx.Document(io.BytesIO(the_file(world, "docx", "chair"))).element
    assert {"pack_exempt_overdue", "pack_exempt_questions"} <= set(word.xpath("//w:bookmarkStart/@w:name"))
    assert set(word.xpath("//w:hyperlink/@w:anchor")) <= set(word.xpath("//w:bookmarkStart/@w:name"))


def test_a_date_change_requested_before_an_earlier_meeting_names_that_meeting(world, meeting):
    later = DAY + timedelta(days=30)
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), later)
        ask_new_date(world.author("lead"), world.actions["5.1"], DateWish("End July 2018", "vacancy", "None.", ""))
    assert "Requested 7 days before you meet" in world.client("chair").get("/boards/mash-board").text
    clock.move_today(DAY + timedelta(days=1))
    client = world.client("secretary")
    at = f"/boards/mash-board/meetings/{later.isoformat()}/pack"
    client.post(at, data={"csrf_token": token(client), "once": uuid4().hex, "number": "1"})
    said = "Requested 7 days before you met on 14 Apr 2018"
    assert said in papers(world, at=at).text
    assert said in world.client("chair").get("/boards/mash-board").text
    lead = world.client("lead").get("/plans/twin/recommendations/5").text
    assert "Requested 7 days before MASH Board met on 14 Apr 2018" in lead


def test_papers_say_each_date_once_and_how_many_days_are_left(world, meeting):
    set_fact(world.actions["5.4"], due_on=DAY + timedelta(days=100), status="slipped_back")
    publish(world)
    section = read(papers(world).text).one("section", id="pack-slipped").text
    assert "23 Jul 2018" in section and "107 days to go" in section and "Due 23 Jul 2018" not in section


def test_the_key_says_which_abbreviations_no_one_has_explained(world, meeting):
    set_fact(world.actions["5.1"], text="Train IROs and the CLA team")
    publish(world)
    key = read(papers(world).text).one("section", id="pack-key").text
    assert "The plan does not explain CLA, IRO" in key
    set_plan(world.plan_id, glossary={"CLA": "children looked after", "IRO": "independent reviewing officer"})
    publish(world, number=2)
    key = read(papers(world).text).one("section", id="pack-key").text
    assert "CLA children looked after" in key and "does not explain CLA" not in key


def test_an_unknown_version_or_format_is_not_found(world, meeting):
    publish(world)
    for at in (
        f"{PAPERS}/2",
        f"{PAPERS}/1/file?format=json",
        f"{PAPERS}/1/file?format=page",
        f"{PAPERS}/1/file?format=",
    ):
        assert papers(world, at=at).status_code == 404


def test_a_form_that_says_no_version_publishes_nothing(world, meeting):
    client = world.client("secretary")
    answer = client.post(PAPERS, data={"csrf_token": token(client), "once": uuid4().hex}, headers=HTMX)
    assert answer.status_code == 422 and "Refresh the page and try again." in answer.text
    assert not db.session.scalars(select(Pack)).all()

"""The sheet for the day of a meeting: what has changed since its papers were published."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from ilacs_app.db import transaction
from ilacs_app.governance.challenges.commands import QuestionWish, answer_question, ask_question
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import grant_role
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, DATED_ON, SAMPLES, TODAY
from tests.factories import set_fact, token

DAY = TODAY + timedelta(days=7)
PAPERS = f"/boards/mash-board/meetings/{DAY.isoformat()}/pack"


@pytest.fixture
def papers(world) -> int:
    """Papers published for a meeting next week, with one question, and a late action that is exempt: the meeting."""
    set_fact(world.actions["5.1"], due_on=TODAY - timedelta(days=30), status="in_progress")
    with transaction():
        board = board_named(BY, "MASH Board")
        wish = QuestionWish(board, "How many wait?", CHARACTERS["lead"], DAY, action_id=world.actions["5.5"])
        ask_question(world.author("board_member"), wish)
        meeting = set_meeting(BY, board, DAY, "14:00", "Room 1")
    client = world.client("secretary")
    close = {"key": f"late-{world.actions['5.1']}", "change": "close", "once": uuid4().hex}
    at = f"/boards/mash-board/meetings/{meeting}/agenda"
    assert client.post(at, data={"csrf_token": token(client), **close}).status_code == 303
    sent = {"csrf_token": token(client), "once": uuid4().hex, "number": "1"}
    assert client.post(PAPERS, data=sent).status_code == 303
    return meeting


def sheet(world, role: str = "viewer"):
    answer = world.client(role).get(f"{PAPERS}/1/changes")
    assert answer.status_code == 200
    return read(answer.text)


def rows(world, role: str = "viewer") -> dict[str, str]:
    """Return what the sheet says of each item, by the name that it gives it."""
    found = {}
    for row in sheet(world, role).all("tr")[1:]:
        cells = [node.text for node in row.walk() if node.tag in {"th", "td"}]
        found[cells[0].strip()] = " ".join(cells[2].split())
    return found


def test_right_after_publication_nothing_has_changed(world, papers):
    assert "Nothing has changed." in sheet(world).one("main").text


def test_the_sheet_lists_what_has_changed(world, papers):
    with transaction():
        log_progress(world.author("lead"), world.actions["5.2"], NoteText("All teams are trained.", "", ""))
        answer_question(world.author("lead"), 1, "Three children.")
    set_fact(world.actions["5.3"], due_on=TODAY - timedelta(days=1), status="in_progress")
    changed = rows(world)
    assert set(changed) == {"5.2", "5.3", "Action 5.5"}
    assert "Update: All teams are trained." in changed["5.2"]
    assert "→ Red: off track" in changed["5.3"] and f"→ {6} Apr 2018" in changed["5.3"]
    assert "Answered" in changed["Action 5.5"]


def test_what_is_exempt_is_only_on_the_sheet_of_members(world, papers):
    with transaction():
        log_progress(world.author("lead"), world.actions["5.1"], NoteText("A word that is apart.", "", ""))
    for role in ("viewer", "lead", "programme_manager"):
        assert "apart" not in sheet(world, role).one("main").text
    for role in ("chair", "secretary", "board_member"):
        page = sheet(world, role).one("main").text
        assert "A word that is apart." in page and "Exempt part" in page


def test_what_was_exempt_when_papers_were_published_stays_exempt_on_the_sheet(world, papers):
    client = world.client("secretary")
    reopen = {"key": f"late-{world.actions['5.1']}", "change": "open", "once": uuid4().hex}
    at = f"/boards/mash-board/meetings/{papers}/agenda"
    assert client.post(at, data={"csrf_token": token(client), **reopen}).status_code == 303
    with transaction():
        log_progress(world.author("lead"), world.actions["5.1"], NoteText("A word that is apart.", "", ""))
    assert "apart" not in sheet(world).one("main").text


def test_who_sees_one_plan_reads_no_sheet_with_items_of_another(world, papers):
    with transaction():
        grant_role(BY, world.people["nobody"], "viewer", plan_id=world.plan_id)
    assert world.client("nobody").get(f"{PAPERS}/1/changes").status_code == 200
    with transaction():
        take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "second", DATED_ON, state="live")
    answer = world.client("nobody").get(f"{PAPERS}/1/changes")
    assert answer.status_code == 403 and "New for this board" not in answer.text
    assert world.client("nobody").get(f"{PAPERS}/1").status_code == 200, "these papers hold nothing of the second plan"
    assert "New for this board" in world.client("viewer").get(f"{PAPERS}/1/changes").text

"""What a board decides is typed at its meeting, on the page of the item, and is at once what it stands for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from ilacs_app import clock
from ilacs_app.dates import short_date
from ilacs_app.db import db, transaction
from ilacs_app.governance.agenda.model import MeetingItem
from ilacs_app.governance.attendance.commands import AttendanceEntry, record_attendance
from ilacs_app.governance.attendance.rules import Attended
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.commands import board_named, change_board
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.model import DateEntry
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.progress.status.model import StatusMove
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import BOTH_WAYS, fact, set_fact, the_record, token

MASH, LAC = "mash-board", "lac-strategy-group"
DAY = f"/boards/{MASH}/meetings/{TODAY.isoformat()}"


@pytest.fixture
def meeting(world) -> int:
    """A meeting today: 5.3 asks for a date (date-1), 5.1 is late, 5.4 verified, and there is one question (on 5.5)."""
    set_fact(world.actions["5.1"], due_on=date(2018, 3, 31), status="in_progress")
    set_fact(world.actions["5.4"], status="verified")
    with transaction():
        board = board_named(BY, "MASH Board")
        ask_new_date(world.author("lead"), world.actions["5.3"], DateWish("End June 2018", "vacancy", "None."))
        wish = QuestionWish(board, "How many wait?", CHARACTERS["lead"], TODAY, action_id=world.actions["5.5"])
        ask_question(world.author("board_member"), wish)
        return set_meeting(BY, board, TODAY, "14:00", "Room 1")


def address(key: str, slug: str = MASH, day: date = TODAY) -> str:
    return f"/boards/{slug}/meetings/{day.isoformat()}/items/{key}"


def drawn(world, key: str, role: str = "secretary", slug: str = MASH, day: date = TODAY) -> dict[str, str]:
    """Return the hidden fields that a browser would send of the form as it is drawn."""
    form = read(world.client(role).get(address(key, slug, day)).text).one("form", id="k-form")
    return {n.attrs["name"]: n.attrs.get("value", "") for n in form.walk() if n.attrs.get("type") == "hidden"}


def decide(world, meeting: int, key: str, kind: str, role: str = "secretary", headers=None, seen=None, **fields: str):
    """Send a decision: the form as it is drawn now, or as it was ``seen``."""
    slug = fields.pop("slug", MASH)
    seen = seen if seen is not None else drawn(world, key, role, slug)
    data = {**seen, "csrf_token": token(world.client(role)), "once": uuid4().hex, "kind": kind, **fields}
    return world.client(role).post(
        f"/boards/{slug}/meetings/{meeting}/items/{key}/decisions", data=data, headers=headers or {}
    )


def kinds(world, key: str, role: str = "secretary", slug: str = MASH) -> list[str]:
    page = read(world.client(role).get(address(key, slug)).text)
    return [n.attrs["value"] for n in page.walk() if n.tag == "button" and n.attrs.get("name") == "kind"]


def said(world, key: str, role: str = "secretary", slug: str = MASH) -> str:
    return " ".join(read(world.client(role).get(address(key, slug)).text).one("main").text.split())


def decisions() -> list[Decision]:
    db.session.rollback()
    return list(db.session.scalars(select(Decision).order_by(Decision.id)))


def embed(world) -> str:
    return f"embed-{world.actions['5.4']}"


def late(world) -> str:
    return f"late-{world.actions['5.1']}"


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
@pytest.mark.parametrize("role", ["chair", "secretary"])
def test_a_date_agreed_at_the_meeting_is_the_new_date_and_its_ledger_names_the_meeting(
    world, meeting, role, _way, headers
):
    answer = decide(world, meeting, "date-1", "agree", role, headers, words="To be done by July.")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address('date-1')}#decided")
    action = world.actions["5.3"]
    assert (fact(action, "due_on"), fact(action, "moves")) == (date(2018, 6, 30), 1)
    request = db.session.get_one(DateRequest, 1, populate_existing=True)
    assert (request.state, request.decided_as, request.decided_meeting_id) == ("agreed", "board", meeting)
    assert db.session.scalar(select(DateEntry.meeting_id).where(DateEntry.request_id == 1)) == meeting
    (decision,) = decisions()
    assert (decision.kind, decision.detail, decision.words) == ("agree", "30 June 2018", "To be done by July.")
    for reader in ("viewer", "partner", "lead"):
        told = said(world, "date-1", reader)
        assert "Agreed: 30 June 2018. To be done by July." in told and f"Recorded by {CHARACTERS[role]}" in told


def test_an_earlier_date_and_a_refusal_are_typed_with_what_they_need(world, meeting):
    for kind, says in (
        ("agree_earlier", "Enter the date or month that the board agreed."),
        ("refuse", "Enter why the new date is refused."),
        ("note", "Enter what the minutes are to note."),
        ("nothing", "Select what the board decided."),
    ):
        answer = decide(world, meeting, "date-1", kind)
        assert answer.status_code == 422 and says in answer.text, kind
    later = decide(world, meeting, "date-1", "agree_earlier", earlier="End August 2018", words="As discussed.")
    assert later.status_code == 422 and 'value="End August 2018"' in later.text and "As discussed." in later.text
    both = decide(world, meeting, "date-1", "agree", earlier="End May 2018")
    assert both.status_code == 422 and "Agree an earlier date” to decide this, or clear it." in both.text
    assert decisions() == [] and fact(world.actions["5.3"], "moves") == 0
    assert decide(world, meeting, "date-1", "agree_earlier", earlier="End May 2018").status_code == 303
    assert fact(world.actions["5.3"], "due_on") == date(2018, 5, 31)
    assert decisions()[0].detail == "31 May 2018"


def test_the_page_of_an_item_says_what_is_in_the_way_and_which_way_a_date_moved(world, meeting):
    action = world.actions["5.3"]
    set_fact(action, due_on=date(2018, 7, 31), original_due_on=date(2018, 8, 31), moves=1, last_moved_on=TODAY)
    set_fact(action, imported_note="Started: first draft", imported_status_text="Started", last_word_on=TODAY)
    page = read(world.client("chair").get(address("date-1")).text).one("main").text
    assert "31 July 2018, 31 days earlier" in page and "30 June 2018, 31 days earlier" in page
    assert f"From the plan, {short_date(TODAY)}“Started: first draft”" in page
    assert "1 move, 31 days earlier" in world.client("chair").get("/boards/mash-board").text
    with transaction():
        log_progress(world.author("lead"), action, NoteText("Half is done.", answer="no_change", blocker="No room."))
    page = read(world.client("chair").get(address("date-1")).text).one("main").text
    assert "What is stopping progressNo room." in page and "first draft" not in page


def test_a_refused_date_stays_and_the_lead_reads_why(world, meeting):
    assert decide(world, meeting, "date-1", "refuse", words="Two posts are filled.").status_code == 303
    assert fact(world.actions["5.3"], "moves") == 0
    page = " ".join(read(world.client("lead").get(f"/actions/{world.actions['5.3']}").text).one("main").text.split())
    assert "refused on 7 April 2018 by MASH Board, at its meeting on 7 April 2018" in page
    assert "Two posts are filled." in page
    assert "Date change refused" in read(world.client("lead").get("/").text).one(id="news").text


@pytest.mark.parametrize("kind", ["agree", "refuse"])
def test_nothing_says_that_a_date_waits_once_the_board_has_decided_it(world, meeting, kind):
    """The action is overdue, and no list puts it before the same meeting again because its change was refused."""
    set_fact(world.actions["5.3"], due_on=date(2018, 3, 31), status="in_progress")
    assert decide(world, meeting, "date-1", kind, words="One month is enough.").status_code == 303
    for path in (DAY, address("date-1"), f"/boards/{MASH}", "/governance", "/date-requests", "/"):
        page = read(world.client("secretary").get(path).text).one("main").text
        waits = re.findall(
            "change to decide|this board to agree|Agree or refuse|[1-9] (?:date change|request)s? to", page
        )
        assert not waits, (path, waits)
    agenda = read(world.client("secretary").get(DAY).text).one(id="agenda")
    line = agenda.one("li", id="agenda-date-1").text
    assert "Date change requested. From 31 March 2018 to End June 2018" in line
    assert ("Agreed: 30 June 2018" if kind == "agree" else "Date change refused") in line
    keys = [node.attrs["id"] for node in agenda.walk() if node.tag == "li" and "id" in node.attrs]
    assert f"agenda-late-{world.actions['5.3']}" not in keys
    clock.move_today(TODAY + timedelta(days=1))
    past = read(world.client("secretary").get(DAY).text).one(id="agenda").text
    assert "to decide" not in past and past.count("5.3 ") == 1


def test_nothing_says_that_minutes_or_an_action_wait_once_the_board_has_accepted_them(world, meeting):
    with transaction():
        earlier = set_meeting(BY, board_named(BY, "MASH Board"), TODAY - timedelta(days=7))
        record_attendance(BY, earlier, [AttendanceEntry(world.people["chair"], Attended("present"), 0)])
    client = world.client("secretary")
    sent = {"csrf_token": token(client), "once": uuid4().hex, "seen": "0"}
    assert client.post(f"/boards/{MASH}/meetings/{earlier}/minutes", data=sent).status_code == 303
    assert decide(world, meeting, f"minutes-{earlier}", "approve").status_code == 303
    assert decide(world, meeting, embed(world), "embed").status_code == 303
    for path in (DAY, address(f"minutes-{earlier}"), address(embed(world)), f"/boards/{MASH}", "/governance"):
        page = read(client.get(path).text).one("main").text
        assert not re.search("to approve|to accept|accept as embedded", page), path


def test_a_verified_action_is_accepted_as_embedded_or_not(world, meeting):
    not_yet = decide(world, meeting, embed(world), "not_embed", words="One more quarter of sampling.")
    assert not_yet.status_code == 303 and fact(world.actions["5.4"], "status") == "verified"
    assert decide(world, meeting, embed(world), "embed", words="Held for two quarters.").status_code == 303
    assert fact(world.actions["5.4"], "status") == "embedded"
    move = db.session.scalars(select(StatusMove).where(StatusMove.action_id == world.actions["5.4"])).one()
    assert (move.kind, move.to_status, move.meeting_id) == ("acceptance", "embedded", meeting)
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "acceptance")).one()
    assert event.after["meeting_id"] == meeting
    told = read(world.client("lead").get("/").text).one(id="news").text
    assert "Accepted as embedded" in told and "Not accepted as embedded" in told


def test_an_action_is_paused_slipped_back_withdrawn_and_restored_by_the_board(world, meeting):
    key = late(world)
    answer = decide(world, meeting, key, "pause", words="The system is late.")
    assert answer.status_code == 422 and "Enter the date to review the pause." in answer.text
    assert "The system is late." in answer.text
    past = decide(world, meeting, key, "pause", words="The system is late.", until="1 March 2018")
    assert past.status_code == 422 and "It must be in the future" in past.text
    assert decide(world, meeting, key, "pause", words="The system is late.", until="31 July 2018").status_code == 303
    assert fact(world.actions["5.1"], "status") == "paused", "it is overdue, and its lead board may pause it"
    assert fact(world.actions["5.1"], "paused_until") == date(2018, 7, 31)
    assert "pause" not in kinds(world, key) and "restore" in kinds(world, key)
    assert decide(world, meeting, key, "restore", words="It came.").status_code == 303
    assert fact(world.actions["5.1"], "status") == "in_progress"
    assert decide(world, meeting, key, "withdraw", words="Merged with 5.2.").status_code == 303
    assert fact(world.actions["5.1"], "status") == "withdrawn"
    assert decide(world, meeting, embed(world), "slip", words="Two records in ten.").status_code == 303
    assert fact(world.actions["5.4"], "status") == "slipped_back"
    assert [d.kind for d in decisions()] == ["pause", "restore", "withdraw", "slip"]
    assert {m.meeting_id for m in db.session.scalars(select(StatusMove))} == {meeting}


def test_deferring_inviting_and_noting_change_nothing_but_are_recorded_and_told(world, meeting):
    before = {ref: fact(world.actions[ref], "status") for ref in ("5.1", "5.3", "5.5")}
    assert decide(world, meeting, late(world), "invite").status_code == 303
    assert decide(world, meeting, "date-1", "defer", words="Wait for the audit.").status_code == 303
    assert decide(world, meeting, "question-1", "note", words="Answer seen.").status_code == 303
    assert {ref: fact(world.actions[ref], "status") for ref in before} == before
    told = read(world.client("lead").get("/").text).one(id="news").text
    assert "Owner invited to a board" in told and "Deferred by a board" in told
    assert "Wait for the audit." not in told, "what is written for the minutes is not news"


def test_an_item_referred_to_another_board_is_on_its_agenda_and_the_lead_board_still_decides(world, meeting):
    lac = board_named(BY, "LAC Strategy Group")
    with transaction():
        grant_role(BY, world.people["viewer"], "chair", board_id=lac)
        there = set_meeting(BY, lac, TODAY)
    assert decide(world, meeting, late(world), "refer").status_code == 422
    assert decide(world, meeting, late(world), "refer", board=str(lac), words="For their view.").status_code == 303
    assert decisions()[0].detail == "LAC Strategy Group"
    assert kinds(world, "refer-1", "viewer", LAC) == ["note", "invite", "refer"]
    told = said(world, "refer-1", "viewer", LAC)
    assert "By the MASH Board, 7 April 2018" in told and "Only MASH Board can decide this." in told
    wrong = decide(world, there, "refer-1", "withdraw", "viewer", slug=LAC, words="Drop it.")
    assert wrong.status_code == 422 and "Only MASH Board can decide this." in wrong.text and "Drop it." in wrong.text
    assert decide(world, there, "refer-1", "note", "viewer", slug=LAC, words="Seen.").status_code == 303
    with transaction():
        set_meeting(BY, lac, TODAY + timedelta(days=7))
    ahead = world.client("viewer").get(f"/boards/{LAC}/meetings/{(TODAY + timedelta(days=7)).isoformat()}").text
    assert "refer-1" not in ahead, "it is dealt with"


def test_no_one_decides_on_an_item_that_they_lead_or_own(world, meeting):
    with transaction():
        grant_role(BY, world.people["lead"], "chair", board_id=board_named(BY, "MASH Board"))
        name_people(BY, world.actions["5.1"], "owner", [CHARACTERS["secretary"]])
    before = the_record()
    for role, key, kind in (
        ("lead", "date-1", "agree"),
        ("lead", embed(world), "embed"),
        ("secretary", late(world), "withdraw"),
        ("secretary", late(world), "defer"),
    ):
        answer = decide(world, meeting, key, kind, role, words="As I wish.")
        assert answer.status_code == 422, (role, key)
        text = " ".join(read(answer.text).one("main").text.split())
        assert "You cannot decide on an item that you lead or own. Ask " in text and "As I wish." in text
    assert the_record() == before
    assert decide(world, meeting, late(world), "note", words="Heard.").status_code == 303
    assert decide(world, meeting, late(world), "withdraw", "chair", words="Merged.").status_code == 303


def test_who_requested_a_date_or_claimed_an_action_does_not_decide_on_it(world, meeting):
    with transaction():
        grant_role(BY, world.people["contributor"], "secretary", board_id=board_named(BY, "MASH Board"))
        db.session.execute(DateRequest.__table__.update().values(asked_by_id=world.people["contributor"]))
    set_fact(world.actions["5.4"], claimed_by_id=world.people["contributor"])
    asked = decide(world, meeting, "date-1", "agree", "contributor")
    assert asked.status_code == 422 and "You cannot decide on a date that you requested." in asked.text
    claimed = decide(world, meeting, embed(world), "embed", "contributor")
    assert claimed.status_code == 422 and "that you delivered or marked as completed" in claimed.text
    assert decisions() == []


def test_without_a_quorum_a_board_notes_defers_and_invites(world, meeting):
    with transaction():
        change_board(BY, board_named(BY, "MASH Board"), 1, "MASH Board", [], quorum=2)
    assert kinds(world, "date-1") == ["note", "defer", "invite"]
    seen = drawn(world, "date-1")
    for kind in ("agree", "refuse", "refer"):
        answer = decide(world, meeting, "date-1", kind, seen=seen, words="We say so.")
        assert answer.status_code == 422 and "The quorum is 2. Attendance is not recorded yet." in answer.text, kind
    assert decide(world, meeting, "date-1", "note", words="We would agree.").status_code == 303
    with transaction():
        rows = [AttendanceEntry(world.people[r], Attended("present"), 0) for r in ("chair", "board_member")]
        record_attendance(world.author("secretary"), meeting, rows)
    assert "agree" in kinds(world, "date-1")
    assert decide(world, meeting, "date-1", "agree").status_code == 303


def test_nothing_is_decided_at_a_meeting_that_is_cancelled_or_to_come(world, meeting):
    ahead = TODAY + timedelta(days=7)
    with transaction():
        next_week = set_meeting(BY, board_named(BY, "MASH Board"), ahead)
    page = world.client("secretary").get(address("date-1", day=ahead)).text
    assert "You can record decisions from the day of the meeting, 14 April 2018." in page
    assert 'id="k-form"' not in page
    seen = drawn(world, "date-1")
    assert decide(world, next_week, "date-1", "agree", seen=seen).status_code == 422
    with transaction():
        cancel_meeting(BY, meeting, 1, "Snow.")
    answer = decide(world, meeting, "date-1", "agree", seen=seen)
    assert answer.status_code == 422 and "This meeting is cancelled" in answer.text
    assert decisions() == []


def test_a_meeting_of_last_week_decides_only_what_was_there_then(world, on):
    earlier = TODAY - timedelta(days=7)
    with transaction():
        board = board_named(BY, "MASH Board")
        last_week = set_meeting(BY, board, earlier)
        ask_new_date(world.author("lead"), world.actions["5.3"], DateWish("End June 2018", "vacancy", "None."))
    assert "agree" not in kinds_on(world, "date-1", earlier)
    seen = drawn(world, "date-1", day=earlier)
    answer = decide(world, last_week, "date-1", "agree", seen=seen)
    assert answer.status_code == 422 and "was requested on 7 April 2018, after the meeting" in answer.text
    set_fact(world.actions["5.1"], due_on=date(2018, 3, 31), status="in_progress")
    assert decide(world, last_week, late(world), "note", seen=drawn(world, late(world), day=earlier), words="Late.")
    assert [item.key for item in db.session.scalars(select(MeetingItem))] == [late(world)]


def kinds_on(world, key: str, day: date) -> list[str]:
    page = read(world.client("secretary").get(address(key, day=day)).text)
    return [n.attrs["value"] for n in page.walk() if n.tag == "button" and n.attrs.get("name") == "kind"]


def test_the_second_secretary_sees_what_the_first_decided_and_loses_nothing_typed(world, meeting):
    mine, theirs = drawn(world, "date-1", "chair"), drawn(world, "date-1")
    assert decide(world, meeting, "date-1", "agree", seen=theirs, words="Agreed at once.").status_code == 303
    answer = decide(world, meeting, "date-1", "refuse", "chair", seen=mine, words="No case was made.")
    assert answer.status_code == 409
    told = read(answer.text).one("div", class_="conflict").text
    assert "Agreed: 30 June 2018. Agreed at once. Recorded by Governance Officer." in told
    assert "No case was made." in told and "No case was made." in read(answer.text).one("textarea", name="words").text
    assert [d.kind for d in decisions()] == ["agree"]
    note = decide(world, meeting, "date-1", "note", "chair", seen=mine, words="One member disagreed.")
    assert note.status_code == 303, "a note is added and never meets another"


def test_the_same_form_sent_twice_decides_once(world, meeting):
    seen, once = drawn(world, embed(world)), uuid4().hex
    for _ in range(2):
        answer = decide(world, meeting, embed(world), "embed", seen=seen, once=once)
        assert answer.status_code == 303
    assert len(decisions()) == 1


def test_an_action_that_changed_since_it_was_seen_is_not_moved(world, meeting):
    seen = drawn(world, embed(world))
    set_fact(world.actions["5.4"], version=fact(world.actions["5.4"], "version") + 1)
    answer = decide(world, meeting, embed(world), "embed", seen=seen, words="It held.")
    assert answer.status_code == 409 and "It held." in answer.text
    assert fact(world.actions["5.4"], "status") == "verified"


def test_a_decision_is_corrected_only_by_a_further_one_that_points_at_it(world, meeting):
    key = late(world)
    assert decide(world, meeting, key, "withdraw", words="Merged.").status_code == 303
    assert decide(world, meeting, key, "restore", words="It was 5.2.", corrects="1").status_code == 303
    first, second = decisions()
    assert (second.corrects_id, first.words) == (1, "Merged.")
    told = said(world, key)
    assert "It corrects an earlier decision" in told and "Corrected by a later decision" in told
    again = decide(world, meeting, key, "note", words="Once more.", corrects="1")
    assert again.status_code == 422 and "was corrected already" in again.text
    assert decide(world, meeting, "date-1", "note", words="Other item.", corrects="2").status_code == 422


@pytest.mark.parametrize("role", ["chair", "secretary"])
def test_an_action_that_arises_is_a_question_with_an_owner_and_a_day(world, meeting, role):
    def send(**fields: str):
        data = {
            "csrf_token": token(world.client(role)),
            "task": "Send the audit round.",
            "due": "21 May 2018",
            **fields,
        }
        path = f"/boards/{MASH}/meetings/{meeting}/items/date-1/arising"
        return world.client(role).post(path, data={"owner": CHARACTERS["lead"], **data})

    for fields, says in (
        ({"task": ""}, "Enter what is to be done."),
        ({"owner": ""}, "Enter who is to do it."),
        ({"due": "soon"}, "Enter a real date"),
        ({"due": "1 May 2017"}, "today or in the future"),
    ):
        answer = send(**fields)
        assert answer.status_code == 422 and says in answer.text
    assert send().status_code == 303
    asked = db.session.scalars(select(Challenge).where(Challenge.meeting_id == meeting)).one()
    assert (asked.question, asked.due_on) == ("Send the audit round.", date(2018, 5, 21))
    assert (asked.action_id, asked.owner_person_id) == (world.actions["5.3"], world.people["lead"])
    assert "Send the audit round." in said(world, "date-1", "viewer")


def test_the_page_of_a_past_meeting_tells_what_was_before_it_then(world, meeting, on):
    client = world.client("chair")
    begun = client.post(f"/boards/{MASH}/meetings/{meeting}/begin", data={"csrf_token": token(client)})
    assert begun.status_code == 303
    first = read(world.client("viewer").get(DAY).text).one(id="agenda").text
    assert decide(world, meeting, "date-1", "agree").status_code == 303
    assert decide(world, meeting, late(world), "withdraw", words="Merged.").status_code == 303
    on(TODAY + timedelta(days=30))
    set_fact(world.actions["5.4"], status="slipped_back")
    after = read(world.client("viewer").get(DAY).text).one(id="agenda").text
    for title in ("5.3 ", "5.1 ", "5.4 ", "From 30 April 2018 to End June 2018", "7 days overdue"):
        assert title in first and title in after, title
    assert "Agreed: 30 June 2018" in after and "Withdrawn: Merged." in after
    kept = set(db.session.scalars(select(MeetingItem.key)))
    assert {"date-1", late(world), embed(world), "question-1"} <= kept


def test_what_came_after_a_meeting_is_not_on_its_agenda(world, meeting, on):
    assert decide(world, meeting, "date-1", "agree").status_code == 303
    on(TODAY + timedelta(days=7))
    asked = DateWish("End August 2018", "vacancy", "None.")
    with transaction():
        key = f"date-{ask_new_date(world.author('lead'), world.actions['5.6'], asked)}"
    for role in ("viewer", "secretary"):
        agenda = read(world.client(role).get(DAY).text).one(id="agenda")
        numbered = [node.attrs["id"] for part in agenda.all("ol") for node in part.all("li") if "id" in node.attrs]
        assert "agenda-date-1" in numbered and f"agenda-{key}" not in numbered, role
    later = agenda.one("details")
    assert "They were not on the agenda of this meeting." in later.text
    assert f"agenda-{key}" in [node.attrs.get("id") for node in later.all("li")], "for those who decide late"
    item = read(world.client("secretary").get(address("date-1")).text).one("main").text
    assert "5.6" not in item, "the items beside it are those of the meeting"


def test_the_first_decision_on_the_day_keeps_the_whole_agenda(world, meeting):
    assert db.session.scalar(select(func.count()).select_from(MeetingItem)) == 0
    assert decide(world, meeting, "date-1", "agree").status_code == 303
    db.session.rollback()
    kept = set(db.session.scalars(select(MeetingItem.key)))
    assert {"date-1", late(world), embed(world), "question-1"} <= kept
    row = db.session.scalars(select(MeetingItem).where(MeetingItem.key == "date-1")).one()
    assert row.why == "From 30 April 2018 to End June 2018", "as it was before the decision"


def test_what_is_decided_in_the_exempt_part_is_for_the_board_alone(world, meeting, on):
    client = world.client("secretary")
    closed = client.post(
        f"/boards/{MASH}/meetings/{meeting}/agenda",
        data={"csrf_token": token(client), "key": "date-1", "change": "close"},
    )
    assert closed.status_code == 303
    assert decide(world, meeting, "date-1", "refuse", words="The officer is suspended.").status_code == 303
    action = f"/actions/{world.actions['5.3']}"
    for role in ("viewer", "lead", "programme_manager", "administrator", "inspector"):
        assert world.client(role).get(address("date-1")).status_code == 404, role
        for path in (DAY, action, "/", "/history" if role == "administrator" else DAY, f"/boards/{MASH}"):
            assert "suspended" not in world.client(role).get(path).text, (role, path)
    assert "suspended" in said(world, "date-1", "board_member")
    assert "Decided in the exempt part of the meeting." in world.client("lead").get(action).text
    on(TODAY + timedelta(days=2))
    for path in (f"{action}?at=2018-04-08", f"/boards/{MASH}?at=2018-04-08"):
        then = world.client("lead").get(path)
        assert then.status_code == 200 and "suspended" not in then.text, path


def test_only_those_who_run_the_meeting_decide(world, meeting):
    seen = drawn(world, "date-1")
    before = the_record()
    for role in ("board_member", "partner", "viewer", "lead", "programme_manager", "administrator", "verifier"):
        page = world.client(role).get(address("date-1"))
        assert page.status_code == 200 and 'id="k-form"' not in page.text, role
        assert decide(world, meeting, "date-1", "agree", role, seen=seen).status_code == 403, role
    assert the_record() == before
    assert world.client("nobody").get(address("date-1")).status_code == 404
    assert world.client("chair").get(address("date-999")).status_code == 404
    assert world.client(None).get(address("date-1")).status_code == 302
    assert world.client("chair").put(address("date-1")).status_code == 405


def test_what_was_typed_comes_back_after_the_session_expired(world, meeting):
    client = world.client("chair")
    path = f"/boards/{MASH}/meetings/{meeting}/items/date-1/decisions"
    fields = {"csrf_token": token(client), "words": "Wait for the audit.", "seen": "0", "version": "1"}
    assert client.post(f"/drafts?of={path}", data=fields).status_code < 400
    form = read(client.get(address("date-1")).text).one("form", id="k-form")
    assert form.one("textarea", name="words").whole_text.strip() == "Wait for the audit."


def arrange(world, meeting: int, key: str, change: str) -> int:
    client = world.client("chair")
    data = {"csrf_token": token(client), "once": uuid4().hex, "key": key, "change": change}
    return client.post(f"/boards/{MASH}/meetings/{meeting}/agenda", data=data).status_code


def test_what_the_board_has_decided_on_is_not_struck_from_the_agenda(world, meeting):
    assert decide(world, meeting, late(world), "note", words="Three posts are filled.").status_code == 303
    assert arrange(world, meeting, late(world), "strike") == 422
    for page in (DAY, address(late(world))):
        assert "Three posts are filled." in world.client("viewer").get(page).text, page


def test_nothing_is_decided_on_an_item_that_someone_struck_meanwhile(world, meeting):
    seen = drawn(world, late(world))
    assert arrange(world, meeting, late(world), "strike") == 303
    answer = decide(world, meeting, late(world), "note", seen=seen, words="Three posts are filled.")
    assert answer.status_code == 409 and "You entered: Three posts are filled." in answer.text
    assert decisions() == []


def test_a_meeting_at_which_the_board_decided_keeps_its_day_and_is_not_cancelled(world, meeting):
    assert decide(world, meeting, late(world), "note", words="Three posts are filled.").status_code == 303
    client = world.client("secretary")
    day = {"csrf_token": token(client), "version": "1", "time": "14:00", "place": "Room 1"}
    another = {**day, "once": uuid4().hex, "on_day": "7 May 2018"}
    answer = client.post(f"/boards/{MASH}/meetings/{meeting}/change", data=another)
    assert (
        answer.status_code == 422
        and "has already begun. You cannot change its day. Add a meeting on another day instead" in answer.text
    )
    gone = {**day, "once": uuid4().hex, "reason": "Snow."}
    answer = client.post(f"/boards/{MASH}/meetings/{meeting}/cancel", data=gone)
    assert (
        answer.status_code == 422
        and "has already begun. You cannot cancel it. Add a meeting on another day if the board meets again"
        in answer.text
    )
    elsewhere = {**day, "once": uuid4().hex, "on_day": "7 April 2018", "place": "Room 2"}
    assert client.post(f"/boards/{MASH}/meetings/{meeting}/change", data=elsewhere).status_code == 303
    assert "Three posts are filled." in world.client("viewer").get(DAY).text


def test_who_owns_an_item_does_not_correct_what_the_board_decided_on_it(world, meeting):
    assert decide(world, meeting, "date-1", "refuse", words="No.").status_code == 303
    with transaction():
        name_people(BY, world.actions["5.3"], "owner", [CHARACTERS["chair"]])
    refused = str(decisions()[-1].id)
    answer = decide(world, meeting, "date-1", "note", "chair", words="It was agreed.", corrects=refused)
    assert answer.status_code == 422 and "You cannot decide on an item that you lead or own." in answer.text
    assert "It was agreed." in answer.text and len(decisions()) == 1
    assert decide(world, meeting, "date-1", "note", "chair", words="I own this.").status_code == 303


def test_a_question_that_is_referred_is_read_by_no_more_people(world, meeting):
    lac, msh = board_named(BY, "LAC Strategy Group"), board_named(BY, "Strategic Housing Board")
    with transaction():
        for board in (lac, msh):
            grant_role(BY, world.people["chair"], "chair", board_id=board)
        there, further = set_meeting(BY, lac, TODAY), set_meeting(BY, msh, TODAY)
    assert decide(world, meeting, "question-1", "refer", board=str(lac)).status_code == 303
    assert decide(world, there, "refer-1", "refer", "chair", slug=LAC, board=str(msh)).status_code == 303
    housing = "strategic-housing-board"
    assert decide(world, further, "refer-2", "note", "chair", slug=housing, words="For the audit.").status_code == 303
    for slug in (LAC, housing):
        page = f"/boards/{slug}/meetings/{TODAY.isoformat()}"
        assert "How many wait?" in world.client("viewer").get(page).text
        assert "How many wait?" not in world.client("inspector").get(page).text, "inspectors read no questions"
    action = f"/actions/{world.actions['5.5']}"
    assert "For the audit." in world.client("viewer").get(action).text
    assert "For the audit." not in world.client("inspector").get(action).text


def begin(world, meeting: int):
    """Begin a meeting of the board, and return the secretary's browser."""
    client = world.client("secretary")
    begun = client.post(f"/boards/{MASH}/meetings/{meeting}/begin", data={"csrf_token": token(client)})
    assert begun.status_code == 303
    return client


def test_an_old_meeting_decides_nothing_once_the_board_has_met_again(world, meeting, on):
    """Held 300 days ago: whatever moves an action or a date is decided where the board meets now."""
    client = begin(world, meeting)
    seen = {key: drawn(world, key) for key in ("date-1", late(world), embed(world))}
    on(TODAY + timedelta(days=300))
    with transaction():
        again = set_meeting(BY, board_named(BY, "MASH Board"), TODAY + timedelta(days=290))
    before = the_record()
    tried = [
        ("date-1", "agree", {}),
        ("date-1", "agree_earlier", {"earlier": "End May 2019"}),
        ("date-1", "refuse", {}),
        (late(world), "pause", {"until": "31 July 2019"}),
        (late(world), "withdraw", {}),
        (late(world), "invite", {}),
        (late(world), "defer", {}),
        (late(world), "refer", {"board": str(board_named(BY, "LAC Strategy Group"))}),
        (embed(world), "embed", {}),
        (embed(world), "not_embed", {}),
        (embed(world), "slip", {}),
    ]
    for key, kind, fields in tried:
        for role in ("chair", "secretary"):
            answer = decide(world, meeting, key, kind, role, seen=seen[key], words="Typed late.", **fields)
            assert answer.status_code == 422, (kind, role)
            assert "The board has met again since, on 22 January 2019." in answer.text, kind
            assert "Its chair or secretary records decisions at that meeting" in answer.text
            assert "Typed late." in answer.text, "nothing typed is lost"
    task = {"task": "Send the audit.", "owner": CHARACTERS["lead"], "due": "21 May 2019"}
    path = f"/boards/{MASH}/meetings/{meeting}/items/date-1/arising"
    answer = client.post(path, data={"csrf_token": token(client), **task})
    assert answer.status_code == 422 and "has met again since" in answer.text and "Send the audit." in answer.text
    assert the_record() == before
    page = world.client("secretary").get(address("date-1")).text
    assert kinds(world, "date-1") == ["note"] and 'id="r-form"' not in page
    assert decide(world, meeting, "date-1", "note", words="Mr A was there too.").status_code == 303
    moved = decide(world, again, "date-1", "agree", seen=seen["date-1"])
    assert moved.status_code == 303, "it is decided at the newest meeting"


def test_what_an_old_meeting_did_not_have_on_its_agenda_is_refused_with_the_same_reason(world, meeting, on):
    seen = drawn(world, late(world))
    on(TODAY + timedelta(days=40))
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), TODAY + timedelta(days=30))
    answer = decide(world, meeting, late(world), "pause", seen=seen, words="Typed late.", until="31 July 2018")
    assert answer.status_code in {409, 422}
    assert "The board has met again since, on 7 May 2018." in answer.text and "Typed late." in answer.text
    assert decisions() == []
    agenda = read(world.client("secretary").get(DAY).text).one(id="agenda").text
    assert "Record a decision on something else" not in agenda


def test_a_meeting_that_was_cancelled_or_has_not_begun_does_not_close_the_one_before(world, meeting, on):
    on(TODAY + timedelta(days=7))
    with transaction():
        board = board_named(BY, "MASH Board")
        cancelled = set_meeting(BY, board, TODAY + timedelta(days=3))
        cancel_meeting(BY, cancelled, 1, "Snow.")
        today = set_meeting(BY, board, TODAY + timedelta(days=7))
    assert decide(world, meeting, late(world), "invite", words="Typed a week later.").status_code == 303
    begin(world, today)
    answer = decide(world, meeting, late(world), "withdraw", words="Too late.")
    assert answer.status_code == 422 and "has met again since, on 14 April 2018" in answer.text


@pytest.mark.parametrize("kind", ["restore", "slip"])
def test_what_became_of_an_action_after_a_meeting_is_not_undone_at_it(world, meeting, on, kind):
    """Typed a week late: the meeting cannot have known of it."""
    begin(world, meeting)
    ref, status = ("5.1", "paused") if kind == "restore" else ("5.4", "verified")
    key = late(world) if kind == "restore" else embed(world)
    on(TODAY + timedelta(days=7))
    action = world.actions[ref]
    set_fact(action, status=status, status_before="in_progress")
    with transaction():
        db.session.add(
            StatusMove(
                action_id=action, at=clock.now(), kind="pause", from_status="in_progress", to_status=status, reason="x"
            )
        )
    answer = decide(world, meeting, key, kind, words="As decided.")
    assert answer.status_code == 422 and "on 14 April 2018, after the meeting." in answer.text
    assert fact(action, "status") == status


def test_a_decision_typed_late_is_corrected_at_the_same_meeting(world, meeting, on):
    on(TODAY + timedelta(days=7))
    assert decide(world, meeting, late(world), "withdraw", words="Merged.").status_code == 303
    assert decide(world, meeting, late(world), "restore", words="It was 5.2.", corrects="1").status_code == 303
    assert fact(world.actions["5.1"], "status") == "in_progress"

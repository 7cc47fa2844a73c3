"""The minutes of a meeting: built from what was recorded, published in versions, approved at a later meeting."""

from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta
from uuid import uuid4

import docx
import pytest
from sqlalchemy import select, update

from ilacs_app.db import db, transaction
from ilacs_app.governance.attendance.commands import AttendanceEntry, record_attendance
from ilacs_app.governance.attendance.rules import Attended
from ilacs_app.governance.challenges.commands import answer_question, judge_answer, withdraw_question
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.governance.minutes.model import Minutes, MinutesFile
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.model import RecommendationBoard
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import BOTH_WAYS, set_fact, the_record, token

MASH = "/boards/mash-board"
PAGE = f"{MASH}/meetings/{TODAY.isoformat()}/minutes"


@pytest.fixture
def meeting(world) -> int:
    """A meeting today, with who came, a refused date on 5.3, an exempt note on 5.1 and an action that arises."""
    set_fact(world.actions["5.1"], due_on=date(2018, 3, 31), status="in_progress")
    with transaction():
        board = board_named(BY, "MASH Board")
        ask_new_date(world.author("lead"), world.actions["5.3"], DateWish("End June 2018", "vacancy", "None."))
        held = set_meeting(BY, board, TODAY, "14:00", "Room 1")
        came = {"chair": Attended("present", interest="Trustee of a provider"), "board_member": Attended("apologies")}
        entries = [AttendanceEntry(world.people[role], attended, 0) for role, attended in came.items()]
        record_attendance(world.author("secretary"), held, entries)
    key = f"late-{world.actions['5.1']}"
    assert post(world, held, "agenda", key=key, change="close") == 303
    assert post(world, held, f"items/{key}/decisions", kind="note", words="An officer is unwell.", seen="0") == 303
    assert post(world, held, "items/date-1/decisions", kind="refuse", words="No case was made.", asked="1.1") == 303
    sent = {"task": "Send the audit round.", "owner": CHARACTERS["lead"], "due": "21 May 2018"}
    assert post(world, held, "items/date-1/arising", **sent) == 303
    return held


def post(world, meeting: int, part: str, role: str = "secretary", headers=None, **fields: str) -> int:
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    answer = client.post(f"{MASH}/meetings/{meeting}/{part}", data=data, headers=headers or {})
    db.session.rollback()
    return answer.status_code


def publish(world, meeting: int, seen: int = 0, role: str = "secretary", headers=None) -> int:
    return post(world, meeting, "minutes", role, headers, seen=str(seen))


def said(world, role: str, path: str = PAGE) -> str:
    return " ".join(read(world.client(role).get(path).text).one("main").text.split())


def word_text(world, role: str, number: int = 1) -> str:
    return word_of(world, role, f"{PAGE}/{number}/file")


def word_of(world, role: str, address: str) -> str:
    answer = world.client(role).get(address)
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(answer.data)).paragraphs)


def approve(world, key: str, **fields: str) -> int:
    """Decide on minutes at a meeting a week later."""
    later = TODAY + timedelta(days=7)
    with transaction():
        there = set_meeting(BY, board_named(BY, "MASH Board"), later)
    return post(world, there, f"items/{key}/decisions", **{"kind": "approve", "seen": "0", "version": "1", **fields})


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
@pytest.mark.parametrize("role", ["chair", "secretary"])
def test_minutes_are_built_from_what_was_recorded_and_published_for_everyone(world, meeting, role, _way, headers):
    assert "not published yet" in said(world, "viewer")
    draft = said(world, role)
    assert "Draft: this is what would be published now." in draft and "An officer is unwell." in draft
    assert publish(world, meeting, role=role, headers=headers) == 303
    for reader in ("viewer", "lead", "partner", "board_member", "programme_manager"):
        told = said(world, reader)
        for part in (
            f"Version 1, published by {CHARACTERS[role]} on 7 April 2018.",
            f"{CHARACTERS['chair']}, Board chair: Present",
            f"{CHARACTERS['board_member']}, Board member: Apologies",
            f"{CHARACTERS['chair']}: Trustee of a provider",
            "Date change requested. From 30 April 2018 to End June 2018. "
            "Leads: MASH Service Manager, Detective Superintendent",
            "Date change refused: No case was made.",
            f"Action arising: Send the audit round. {CHARACTERS['lead']}, by 21 May 2018.",
            "To be approved at a later meeting.",
        ):
            assert part in told, (reader, part)
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "minutes_published")).one()
    assert event.after["meeting_id"] == meeting and event.after["version"] == 1


def test_the_exempt_part_is_in_the_copy_of_the_board_alone(world, meeting):
    assert publish(world, meeting) == 303
    for role in ("chair", "secretary", "board_member", "partner"):
        assert "Exempt part" in said(world, role) and "An officer is unwell." in said(world, role), role
        assert "An officer is unwell." in word_text(world, role), role
    for role in ("viewer", "lead", "programme_manager", "administrator"):
        assert "unwell" not in world.client(role).get(PAGE).text and "5.1 " not in said(world, role), role
        assert "unwell" not in word_text(world, role), role


def test_the_word_file_has_what_the_page_has_in_large_print(world, meeting):
    assert publish(world, meeting) == 303
    text = word_text(world, "viewer")
    for part in (
        "MASH Board: minutes of Saturday 7 April 2018, 2pm",
        "Room 1. Version 1, published by Governance Officer on 7 April 2018.",
        f"{CHARACTERS['chair']}, Board chair: Present",
        "Date change refused: No case was made.",
        f"Action arising: Send the audit round. {CHARACTERS['lead']}, by 21 May 2018.",
        "to End June 2018. Leads: MASH Service Manager, Detective Superintendent",
    ):
        assert part in text, part
    file = docx.Document(io.BytesIO(world.client("viewer").get(f"{PAGE}/1/file").data))
    assert file.styles["Normal"].font.size.pt >= 12
    assert [p.text for p in file.paragraphs if p.style.name == "Heading 2"] == ["Attendance", "Interests", "Items"]


def test_a_further_version_is_published_when_something_changed_and_the_first_stays(world, meeting):
    assert publish(world, meeting) == 303
    first = world.client("viewer").get(f"{PAGE}/1/file").data
    assert publish(world, meeting, seen=1) == 422, "nothing has changed"
    assert post(world, meeting, "items/date-1/decisions", kind="note", words="Ask again in May.", seen="2") == 303
    assert publish(world, meeting, seen=0) == 409, "this version is there already"
    assert publish(world, meeting, seen=1) == 303
    assert "Ask again in May." in said(world, "viewer")
    assert "Ask again in May." not in said(world, "viewer", f"{PAGE}?version=1")
    assert world.client("viewer").get(f"{PAGE}/1/file").data == first, "its bytes never change"
    assert world.client("viewer").get(f"{PAGE}?version=3").status_code == 404
    rows = list(db.session.scalars(select(MinutesFile)))
    assert len(rows) == 8 and all(hashlib.sha256(row.content).hexdigest() == row.sha256 for row in rows)


def test_bytes_that_were_changed_are_noticed_at_every_opening(world, meeting):
    assert publish(world, meeting) == 303
    with transaction():
        for row in db.session.scalars(select(MinutesFile)):
            changed = bytes([row.content[0] ^ 1]) + row.content[1:]
            db.session.execute(update(MinutesFile).where(MinutesFile.id == row.id).values(content=changed))
    for path in (PAGE, f"{PAGE}/1/file"):
        answer = world.client("viewer").get(path)
        assert answer.status_code == 500 and "different from what was published" in answer.text


def test_minutes_are_approved_at_a_later_meeting_and_then_nothing_more_is_decided_at_theirs(world, meeting, on):
    assert publish(world, meeting) == 303
    on(TODAY + timedelta(days=7))
    key = f"minutes-{meeting}"
    assert approve(world, key) == 303
    agenda = f"{MASH}/meetings/{(TODAY + timedelta(days=7)).isoformat()}"
    assert "Minutes approved" in said(world, "viewer", agenda)
    assert "Approved by the board at its meeting on 14 April 2018." in said(world, "viewer")
    again = post(world, meeting, "items/date-1/decisions", kind="note", words="One more thing.", seen="2")
    assert again == 422, "the minutes of that meeting are approved"
    assert publish(world, meeting, seen=1) == 422
    assert "The board approved these minutes on 14 April 2018" in said(world, "secretary", f"{PAGE}?version=draft")


def test_minutes_wait_on_each_agenda_until_they_are_approved(world, meeting, on):
    later = TODAY + timedelta(days=7)
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), later)
    agenda = f"{MASH}/meetings/{later.isoformat()}"
    assert f"agenda-minutes-{meeting}" not in world.client("viewer").get(agenda).text, "they are not published"
    assert publish(world, meeting) == 303
    assert "Minutes of 7 April 2018" in said(world, "viewer", agenda)
    papers = said(world, "secretary", f"{agenda}/pack/preview")
    assert "Approve the minutes of 7 April 2018." in papers
    on(later)
    put_off = f"{agenda}/items/minutes-{meeting}"
    assert "Approve the minutes" in world.client("secretary").get(put_off).text
    assert 'id="r-form"' not in world.client("secretary").get(put_off).text, "no action arises from minutes"
    with transaction():
        after = set_meeting(BY, board_named(BY, "MASH Board"), later + timedelta(days=7))
    there = f"{MASH}/meetings/{(later + timedelta(days=7)).isoformat()}"
    assert "Minutes of 7 April 2018" in said(world, "viewer", there) and after


def test_only_those_who_run_the_meeting_publish_and_only_when_there_is_something(world, meeting):
    before = the_record()
    for role in ("board_member", "partner", "viewer", "lead", "programme_manager", "administrator"):
        assert publish(world, meeting, role=role) == 403, role
        assert "Publish version" not in world.client(role).get(f"{PAGE}?version=draft").text
    assert the_record() == before
    ahead = TODAY + timedelta(days=9)
    with transaction():
        to_come = set_meeting(BY, board_named(BY, "MASH Board"), ahead)
    assert publish(world, to_come) == 422
    with transaction():
        cancel_meeting(BY, to_come, 1, "Snow.")
    assert publish(world, to_come) == 422
    assert list(db.session.scalars(select(Minutes))) == []
    assert world.client("nobody").get(PAGE).status_code == 404
    assert world.client(None).get(PAGE).status_code == 302
    assert world.client("chair").put(PAGE).status_code == 405


def test_a_reader_who_does_not_see_an_item_reads_the_minutes_without_it(world, meeting):
    assert publish(world, meeting) == 303
    with transaction():
        lac = board_named(BY, "LAC Strategy Group")
        db.session.execute(
            update(RecommendationBoard)
            .where(RecommendationBoard.board_id == board_named(BY, "MASH Board"))
            .values(board_id=lac)
        )
        grant_role(BY, world.people["partner"], "board_member", board_id=board_named(BY, "MASH Board"))
    told = said(world, "partner")
    assert "No case was made." not in told and "Some items are left out of this copy" in told
    assert world.client("partner").get(f"{PAGE}/1/file").status_code == 404
    assert "No case was made." in said(world, "viewer")
    assert len(list(db.session.scalars(select(Decision)))) == 2


def test_what_is_made_exempt_after_publication_is_read_by_the_board_alone(world, meeting):
    assert post(world, meeting, "items/date-1/decisions", kind="note", words="A family is named.", seen="2") == 303
    assert post(world, meeting, "minutes", seen="0") == 303
    assert "A family is named." in world.client("viewer").get(PAGE).text
    assert post(world, meeting, "agenda", key="date-1", change="close") == 303
    page, file = f"{PAGE}?version=1", f"{PAGE}/1/file"
    assert "A family is named." not in world.client("viewer").get(page).text
    assert world.client("viewer").get(file).status_code == 404
    assert "A family is named." in world.client("board_member").get(page).text
    assert world.client("board_member").get(file).status_code == 200


def test_minutes_that_were_published_again_are_read_before_they_are_approved(world, meeting, on):
    """One secretary publishes version 2 while the chair has the page with version 1 open."""
    assert publish(world, meeting) == 303
    on(TODAY + timedelta(days=7))
    later = TODAY + timedelta(days=7)
    with transaction():
        there = set_meeting(BY, board_named(BY, "MASH Board"), later)
    key = f"minutes-{meeting}"
    page = world.client("chair").get(f"{MASH}/meetings/{later.isoformat()}/items/{key}").text
    form = read(page).one("form", id="k-form")
    seen = {n.attrs["name"]: n.attrs.get("value", "") for n in form.walk() if n.attrs.get("type") == "hidden"}
    assert seen["version"] == "1" and "Approve the minutes, version 1" in page
    assert post(world, meeting, "items/date-1/decisions", kind="note", words="Ask again in May.", seen="2") == 303
    client = world.client("chair")
    data = {**seen, "csrf_token": token(client), "once": uuid4().hex, "kind": "approve", "words": "As read."}
    answer = client.post(f"{MASH}/meetings/{there}/items/{key}/decisions", data=data)
    assert answer.status_code == 422 and "publishes version 2 first" in answer.text and "As read." in answer.text
    assert publish(world, meeting, seen=1) == 303
    answer = client.post(f"{MASH}/meetings/{there}/items/{key}/decisions", data={**data, "once": uuid4().hex})
    assert answer.status_code == 409 and "As read." in answer.text
    assert "Version 2 of these minutes was published. Read it before the board approves it." in answer.text
    assert "Approve the minutes, version 2" in answer.text
    assert "Approved by the board" not in said(world, "viewer")
    assert approve_at(world, there, key, "2") == 303
    decided = db.session.scalars(select(Decision).order_by(Decision.id.desc())).first()
    assert decided is not None and (decided.kind, decided.detail) == ("approve", "version 2")


def approve_at(world, meeting: int, key: str, version: str) -> int:
    return post(world, meeting, f"items/{key}/decisions", kind="approve", seen="0", version=version)


def test_attendance_is_not_changed_under_approved_minutes(world, meeting, on):
    assert publish(world, meeting) == 303
    on(TODAY + timedelta(days=7))
    assert approve(world, f"minutes-{meeting}") == 303
    person = world.people["board_member"]
    fields = {f"attendance-{person}": "present", f"interest-{person}": "", f"seen-{person}": "1:other"}
    client = world.client("secretary")
    answer = client.post(f"{MASH}/meetings/{meeting}/attendance", data={"csrf_token": token(client), **fields})
    assert (
        answer.status_code == 422
        and "approved the minutes of this meeting on 14 April 2018. Have a correction minuted at a later meeting"
        in answer.text
    )


def test_matters_arising_from_the_newest_minutes_are_noted_at_the_next_meeting_and_stand_in_its_minutes(
    world, meeting, on
):
    later = TODAY + timedelta(days=7)
    with transaction():
        there = set_meeting(BY, board_named(BY, "MASH Board"), later)
    agenda, key = f"{MASH}/meetings/{later.isoformat()}", f"matters-{meeting}"
    before = said(world, "secretary", agenda)
    assert "Matters arising from" not in before and "Matters arising" in before, "no minutes are published yet"
    assert publish(world, meeting) == 303
    for role in ("viewer", "lead", "partner", "secretary"):
        told = said(world, role, agenda)
        assert "Matters arising from the minutes of 7 April 2018" in told, role
        opening = read(world.client(role).get(agenda).text).one("ul", class_="agenda agenda--opening").text
        assert "Matters arising" not in opening and "Minutes of the last meeting" not in opening, role
    on(later)
    page = world.client("secretary").get(f"{agenda}/items/{key}").text
    assert "Read the minutes" in page and 'id="r-form"' not in page
    for kind in ("approve", "defer", "refer", "withdraw"):
        assert post(world, there, f"items/{key}/decisions", kind=kind, words="Why.", seen="0") == 422, kind
    for role in ("board_member", "viewer", "programme_manager"):
        assert post(world, there, f"items/{key}/decisions", role, kind="note", words="Why.", seen="0") == 403, role
    assert post(world, there, f"items/{key}/decisions", kind="note", words="The audit was sent.", seen="0") == 303
    assert post(world, there, "minutes", seen="0") == 303
    assert "Noted: The audit was sent." in word_of(world, "viewer", f"{agenda}/minutes/1/file")
    noted = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "decision_made")).all()[-1]
    assert (noted.after["meeting_id"], noted.after["decision_kind"]) == (there, "note")
    assert noted.about.endswith(": Noted") and "The audit was sent." not in str(noted.after), (
        "words stay in the minutes"
    )
    history = said(world, "viewer", f"{MASH}/history")
    assert "Noted" in history and "The audit was sent." not in history
    for role in ("viewer", "partner", "board_member"):
        told = said(world, role, f"{agenda}/minutes")
        assert "Matters arising from the minutes of 7 April 2018" in told, role
        assert "Noted: The audit was sent." in told, role
    after = later + timedelta(days=7)
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), after)
    following = said(world, "viewer", f"{MASH}/meetings/{after.isoformat()}")
    assert "Matters arising from the minutes of 14 April 2018" in following
    assert "Matters arising from the minutes of 7 April 2018" not in following


OUTCOMES = {
    "open": "Not answered yet",
    "late": "Not answered yet, and late",
    "answered": "Answered on 8 April 2018",
    "satisfied": "Done: the board is satisfied with the answer of 8 April 2018",
    "withdrawn": "Withdrawn: Asked twice.",
}


def becomes(world, question: int, outcome: str) -> None:
    """Answer a question, say that it satisfied, or withdraw it, on the day after the meeting."""
    with transaction():
        if outcome in {"answered", "satisfied"}:
            answered = answer_question(world.author("lead"), question, "It is done.")
        if outcome == "satisfied":
            judge_answer(world.author("chair"), question, answered, satisfied=True)
        if outcome == "withdrawn":
            withdraw_question(world.author("secretary"), question, "Asked twice.")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_action_arising_of_the_last_meeting_shows_what_became_of_it(world, meeting, on, outcome):
    """On the agenda, on its item's page, in the papers and in the minutes, as the record has it."""
    assert publish(world, meeting) == 303
    question = db.session.scalars(select(Challenge.id)).one()
    on(TODAY + timedelta(days=1))
    becomes(world, question, outcome)
    later = TODAY + timedelta(days=60 if outcome == "late" else 7)
    with transaction():
        there = set_meeting(BY, board_named(BY, "MASH Board"), later)
    on(later)
    agenda, key = f"{MASH}/meetings/{later.isoformat()}", f"matters-{meeting}"
    client = world.client("secretary")
    sent = {"csrf_token": token(client), "once": uuid4().hex, "number": "1"}
    assert client.post(f"{agenda}/pack", data=sent).status_code == 303
    assert post(world, there, f"items/{key}/decisions", kind="note", words="Heard.", seen="0") == 303
    assert post(world, there, "minutes", seen="0") == 303
    for role in ("viewer", "partner", "chair"):
        for path in (agenda, f"{agenda}/items/{key}", f"{agenda}/pack", f"{agenda}/minutes"):
            told = said(world, role, path)
            assert "Send the audit round." in told and OUTCOMES[outcome] in told, (role, path)
            assert outcome == "late" or "and late" not in told, (role, path)
    assert OUTCOMES[outcome] in word_of(world, "viewer", f"{agenda}/minutes/1/file")


def test_what_arose_from_an_exempt_item_is_for_the_board_among_later_matters_arising(world, meeting, on):
    sent = {"task": "Cover for the officer.", "owner": CHARACTERS["lead"], "due": "21 May 2018"}
    assert post(world, meeting, f"items/late-{world.actions['5.1']}/arising", **sent) == 303
    assert publish(world, meeting) == 303
    later = TODAY + timedelta(days=7)
    with transaction():
        there = set_meeting(BY, board_named(BY, "MASH Board"), later)
    on(later)
    agenda, key = f"{MASH}/meetings/{later.isoformat()}", f"matters-{meeting}"
    client = world.client("secretary")
    form = {"csrf_token": token(client), "once": uuid4().hex, "number": "1"}
    assert client.post(f"{agenda}/pack", data=form).status_code == 303
    assert post(world, there, f"items/{key}/decisions", kind="note", words="Heard.", seen="0") == 303
    assert post(world, there, "minutes", seen="0") == 303
    paths = (agenda, f"{agenda}/items/{key}", f"{agenda}/pack", f"{agenda}/minutes")
    for role in ("viewer", "lead", "programme_manager", "administrator"):
        seen = [said(world, role, path) for path in paths] + [word_of(world, role, f"{agenda}/minutes/1/file")]
        owned = role == "lead"  # who is asked reads the question, though not the papers and minutes that name it
        assert [role for text in seen[2 if owned else 0 :] if "Cover for the officer" in text] == []
        assert all("Send the audit round." in text for text in seen)
    for role in ("chair", "board_member"):
        seen = [said(world, role, path) for path in paths] + [word_of(world, role, f"{agenda}/minutes/1/file")]
        assert all("Cover for the officer" in text for text in seen), role

"""Who came to a board's meeting: recorded on its page by the chair or the secretary, and read by everyone else."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.governance.attendance.model import MeetingAttendance
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.commands import board_named, change_board
from ilacs_app.people.commands import grant_role
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import BOTH_WAYS, all_rows, changed, token


@pytest.fixture
def meeting(world) -> int:
    with transaction():
        return set_meeting(BY, board_named(BY, "MASH Board"), TODAY, "14:00", "Room 1")


PAGE = f"/boards/mash-board/meetings/{TODAY.isoformat()}"


def drawn(world, role: str = "secretary") -> dict[str, str]:
    """Return what a browser would send of the form as it is drawn."""
    form = read(world.client(role).get(PAGE).text).one("form", id="t-form")
    fields = {n.attrs["name"]: n.attrs.get("value", "") for n in form.walk() if n.tag == "input" and "name" in n.attrs}
    for select_ in (n for n in form.walk() if n.tag == "select"):
        chosen = [o.attrs.get("value", "") for o in select_.walk() if o.tag == "option" and "selected" in o.attrs]
        fields[select_.attrs["name"]] = chosen[0] if chosen else ""
    return fields


def post(world, meeting: int, fields: dict[str, str], role: str = "secretary", headers=None, **changes: str):
    client = world.client(role)
    names = {f"{name}-{world.people[who]}": text for (name, who), text in _split(changes).items()}
    data = {**fields, **names, "csrf_token": token(client)}
    return client.post(f"/boards/mash-board/meetings/{meeting}/attendance", data=data, headers=headers or {})


def _split(changes: dict[str, str]) -> dict[tuple[str, str], str]:
    return {(key.partition("__")[0], key.partition("__")[2]): text for key, text in changes.items()}


def recorded() -> dict[int, tuple[str, str, str, int]]:
    db.session.rollback()
    rows = db.session.scalars(select(MeetingAttendance))
    return {row.person_id: (row.attendance, row.deputy, row.interest, row.version) for row in rows}


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
@pytest.mark.parametrize("role", ["chair", "secretary"])
def test_who_came_is_recorded_and_everyone_on_the_page_reads_it(world, meeting, role, _way, headers):
    answer = post(
        world,
        meeting,
        drawn(world, role),
        role,
        headers,
        attendance__chair="present",
        attendance__board_member="apologies",
        deputy__board_member="Deputy Head of Care",
        interest__chair="Trustee of a provider",
    )
    assert answer.status_code == 303
    assert recorded() == {
        world.people["chair"]: ("present", "", "Trustee of a provider", 1),
        world.people["board_member"]: ("apologies", "Deputy Head of Care", "", 1),
    }
    for reader in ("viewer", "partner", "lead", "board_member"):
        text = read(world.client(reader).get(PAGE).text).one(id="attendance").text
        assert "Apologies, deputy: Deputy Head of Care" in text and "Trustee of a provider" in text, reader
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "attendance_recorded")).one()
    assert event.after == {
        "meeting_id": meeting,
        "attendance": [
            f"{CHARACTERS['chair']}: Present (interest: Trustee of a provider)",
            f"{CHARACTERS['board_member']}: Apologies, deputy: Deputy Head of Care",
        ],
    }


def test_two_who_record_different_members_at_once_both_keep_what_they_wrote(world, meeting):
    mine, theirs = drawn(world, "chair"), drawn(world)
    assert post(world, meeting, theirs, attendance__board_member="present").status_code == 303
    assert post(world, meeting, mine, "chair", attendance__partner="apologies").status_code == 303
    assert {id_: row[0] for id_, row in recorded().items()} == {
        world.people["board_member"]: "present",
        world.people["partner"]: "apologies",
    }


def test_of_two_who_record_one_member_otherwise_the_later_sees_both_and_decides(world, meeting):
    mine, theirs = drawn(world, "chair"), drawn(world)
    assert post(world, meeting, theirs, attendance__board_member="present").status_code == 303
    answer = post(
        world,
        meeting,
        mine,
        "chair",
        attendance__board_member="apologies",
        deputy__board_member="Health Partner",
        attendance__partner="present",
    )
    assert answer.status_code == 409
    told = read(answer.text).one("div", class_="conflict").text
    assert "they recorded “Present”" in told and "You entered “Apologies, deputy: Health Partner”" in told
    assert 'value="Health Partner"' in answer.text, "what was typed stays"
    assert [row[0] for row in recorded().values()] == ["present"], "nothing is saved by halves"
    form = read(answer.text).one("form", id="t-form")
    again = {n.attrs["name"]: n.attrs.get("value", "") for n in form.walk() if n.tag == "input" and "name" in n.attrs}
    sent = {**mine, **again}
    answer = post(world, meeting, sent, "chair", attendance__board_member="apologies", attendance__partner="present")
    assert answer.status_code == 303
    assert recorded()[world.people["board_member"]] == ("apologies", "Health Partner", "", 2)
    assert recorded()[world.people["partner"]][0] == "present"


def test_the_same_form_sent_twice_records_once(world, meeting):
    fields = drawn(world)
    for _ in range(2):
        assert post(world, meeting, fields, attendance__chair="present").status_code == 303
    assert recorded()[world.people["chair"]][3] == 1


def test_a_deputy_of_someone_present_is_refused_and_the_text_stays(world, meeting):
    before = all_rows()
    answer = post(world, meeting, drawn(world), attendance__chair="present", deputy__chair="Health Partner")
    assert answer.status_code == 422
    assert "Select apologies or absent to record a deputy" in read(answer.text).one("main").text
    assert 'value="Health Partner"' in answer.text
    assert changed(before, all_rows()) <= {"session"}


def test_before_the_day_only_apologies_are_recorded(world, meeting, on):
    on(date(2018, 4, 1))
    answer = post(world, meeting, drawn(world), attendance__chair="present")
    assert answer.status_code == 422 and "from the day of the meeting" in read(answer.text).one("main").text
    assert post(world, meeting, drawn(world), attendance__chair="apologies").status_code == 303


def test_the_page_says_whether_the_board_has_its_quorum(world, meeting):
    def said() -> str:
        return read(world.client("viewer").get(PAGE).text).one(id="quorum").text

    assert said() == "No quorum is set for this board."
    with transaction():
        change_board(BY, board_named(BY, "MASH Board"), 1, "MASH Board", [], quorum=2)
    assert "Attendance is not recorded yet" in said()
    assert post(world, meeting, drawn(world), attendance__chair="present", attendance__secretary="present")
    assert "1 member attended, so the board can discuss items but cannot make decisions" in said(), "not the secretary"
    answer = post(
        world, meeting, drawn(world), attendance__board_member="absent", deputy__board_member="Health Partner"
    )
    assert answer.status_code == 303
    assert "2 members attended, so the board can make decisions" in said()


def test_the_quorum_is_edited_with_the_board(world):
    client = world.client("programme_manager")
    board = board_named(BY, "MASH Board")
    fields = {"csrf_token": token(client), "name": "MASH Board", "version": "1"}
    answer = client.post(f"/settings/boards/{board}", data={**fields, "quorum": "some"})
    assert answer.status_code == 422 and "Enter a number from 1 to 99" in answer.text and 'value="some"' in answer.text
    assert client.post(f"/settings/boards/{board}", data={**fields, "quorum": "4"}).status_code == 303
    assert 'name="quorum" type="text" value="4"' in client.get(f"/settings/boards/{board}").text
    assert client.post(f"/settings/boards/{board}", data={**fields, "version": "2", "quorum": ""}).status_code == 303
    assert client.post(f"/settings/boards/{board}", data={**fields, "version": "3", "quorum": "0"}).status_code == 422


def test_what_a_member_leads_or_owns_is_marked_beside_them(world, meeting):
    with transaction():
        grant_role(BY, world.people["lead"], "board_member", board_id=board_named(BY, "MASH Board"))

    def items_of(role: str) -> str:
        rows = [n for n in read(world.client("viewer").get(PAGE).text).one(id="attendance").walk() if n.tag == "tr"]
        (row,) = [row for row in rows if CHARACTERS[role] in row.text]
        return row.text

    assert "5.3" in items_of("lead")
    assert "5.3" not in items_of("chair") and items_of("chair").endswith("None")


def test_only_the_chair_and_secretary_record_and_a_cancelled_meeting_records_nothing(world, meeting):
    fields = drawn(world)
    for role in ("viewer", "lead", "programme_manager", "administrator", "board_member", "partner"):
        assert "Save attendance" not in world.client(role).get(PAGE).text
        assert post(world, meeting, fields, role, attendance__chair="present").status_code == 403
    with transaction():
        cancel_meeting(BY, meeting, 1, "Snow")
    assert post(world, meeting, fields, attendance__chair="apologies").status_code == 422
    assert "Snow" in read(world.client("viewer").get(PAGE).text).one("main").text
    assert recorded() == {}
    assert world.client("viewer").get("/boards/mash-board/meetings/2018-04-31").status_code == 404
    assert world.client(None).get(PAGE).status_code == 302
    assert world.client("chair").put(PAGE).status_code == 405

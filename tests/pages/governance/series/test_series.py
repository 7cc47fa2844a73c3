"""Regular meetings of a board: described once, shown day by day, added together and cancelled one by one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.boards.model import Meeting
from tests.auditor import read
from tests.conftest import BY
from tests.factories import BOTH_WAYS, HTMX, all_rows, changed, token

PATH = "/boards/mash-board/meetings/series"
MONTHLY = {
    "every": "1_month",
    "which": "1",
    "weekday": "0",
    "first_on": "1 May 2018",
    "last_on": "30 September 2018",
    "at_time": "2pm",
    "place": "Room 1",
}
DAYS = ["2018-05-07", "2018-06-04", "2018-07-02", "2018-08-06", "2018-09-03"]


def post(world, role: str = "programme_manager", path: str = PATH, headers=None, **fields):
    client = world.client(role)
    return client.post(path, data={"csrf_token": token(client), **fields}, headers=headers or {})


def met() -> list[str]:
    db.session.rollback()
    return [str(day) for day in db.session.scalars(select(Meeting.on_day).order_by(Meeting.on_day))]


def ticked(text: str) -> list[str]:
    return re.findall(r'name="day" type="checkbox"\s+value="([^"]+)" checked', text)


@pytest.mark.parametrize("role", ["programme_manager", "chair", "secretary", "administrator"])
@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_the_days_are_shown_first_and_those_that_are_ticked_are_added(world, role, _way, headers):
    before = all_rows()
    shown = post(world, role, headers=headers, **MONTHLY)
    assert shown.status_code == 200
    assert changed(before, all_rows()) <= {"session"}, "a preview writes nothing"
    assert ticked(shown.text) == DAYS[1:], "a bank holiday is not ticked"
    assert "Monday 7 May 2018 Early May bank holiday" in read(shown.text).one("main").text
    answer = post(world, role, headers=headers, **MONTHLY, shown=DAYS, day=DAYS[1:], save="yes")
    assert answer.status_code == 303
    assert met() == DAYS[1:]
    page = read(world.client("viewer").get("/boards/mash-board/meetings").text).one("main").text
    assert "Monday 4 June 2018" in page and "2pm" in page and "Room 1" in page


def test_a_day_on_which_the_board_meets_already_cannot_be_chosen(world):
    with transaction():
        board = board_named(BY, "MASH Board")
        set_meeting(BY, board, date(2018, 6, 4))
        cancelled = set_meeting(BY, board, date(2018, 7, 2))
        cancel_meeting(BY, cancelled, 1, "Snow")
    shown = post(world, **MONTHLY)
    text = read(shown.text).one("main").text
    assert "Monday 4 June 2018: the board already meets on this day" in text
    assert "Monday 2 July 2018: cancelled before, and added again if you tick it" in text
    assert ticked(shown.text) == [DAYS[2], *DAYS[3:]]


def test_two_series_that_cross_meet_once_on_the_day_that_they_share(world):
    post(world, **MONTHLY, shown=DAYS, day=DAYS[1:], save="yes")
    fortnightly = {**MONTHLY, "every": "2_weeks", "first_on": "21 May 2018", "last_on": "31 July 2018"}
    crossing = ["2018-05-21", "2018-06-04", "2018-06-18", "2018-07-02", "2018-07-16", "2018-07-30"]
    shown = post(world, **fortnightly)
    shared = {"2018-06-04", "2018-07-02"}
    free = [day for day in crossing if day not in shared]
    assert ticked(shown.text) == free
    refused = post(world, **fortnightly, shown=crossing, day=crossing, save="yes")
    assert refused.status_code == 422 and met() == DAYS[1:], "all or none"
    assert post(world, **fortnightly, shown=crossing, day=free, save="yes").status_code == 303
    assert met() == sorted({*DAYS[1:], *free})


def test_one_cancelled_meeting_of_a_series_is_set_again_by_the_next_and_no_other_changes(world):
    post(world, **MONTHLY, shown=DAYS, day=DAYS[1:], save="yes")
    id_ = db.session.scalar(select(Meeting.id).where(Meeting.on_day == date(2018, 7, 2)))
    post(world, path=f"/boards/mash-board/meetings/{id_}/cancel", version=1, reason="Summer")
    again = {**MONTHLY, "at_time": "10am", "place": "Room 2"}
    assert post(world, **again, shown=DAYS, day=["2018-07-02"], save="yes").status_code == 303
    db.session.rollback()
    rows = db.session.execute(select(Meeting.on_day, Meeting.at_time, Meeting.place, Meeting.cancelled_on)).all()
    at_ten = {str(row.on_day) for row in rows if (row.at_time, row.place) == ("10:00", "Room 2")}
    assert at_ten == {"2018-07-02"} and len(rows) == 4
    assert {row.cancelled_on for row in rows} == {None}


def test_a_meeting_that_someone_else_sets_meanwhile_stops_all_of_it_and_keeps_the_ticks(world):
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), date(2018, 8, 6))
    answer = post(world, **MONTHLY, shown=DAYS, day=DAYS[2:], save="yes")
    assert answer.status_code == 422
    assert "already meets on 6 August 2018" in read(answer.text).one("main").text
    assert ticked(answer.text) == [DAYS[2], DAYS[4]]
    assert met() == ["2018-08-06"]


def test_a_series_that_was_changed_after_its_days_were_shown_is_shown_again(world):
    answer = post(world, **{**MONTHLY, "weekday": "1"}, shown=DAYS, day=DAYS, save="yes")
    assert answer.status_code == 422
    assert "You changed the series after its days were shown" in read(answer.text).one("main").text
    assert "2018-05-01" in ticked(answer.text) and met() == []


def test_sent_twice_it_adds_each_meeting_once(world):
    fields = {**MONTHLY, "shown": DAYS, "day": DAYS[1:], "save": "yes", "once": "o" * 20}
    for _ in range(2):
        assert post(world, **fields).status_code == 303
    assert met() == DAYS[1:]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"first_on": "soon"}, "Enter a real date"),
        ({"last_on": ""}, "Enter a real date"),
        ({"first_on": "1 April 2018"}, "Enter today, 7 April 2018, or a later date"),
        ({"last_on": "1 April 2018"}, "Enter a date after the first"),
        ({"last_on": "1 January 2099"}, "within 5 years"),
        ({"last_on": "3 May 2018"}, "There is no such day"),
        ({"every": "1_week", "last_on": "1 January 2021"}, "more than 60 meetings"),
        ({"at_time": "25:00"}, "Enter a time"),
        ({"every": "always"}, "Select one of these"),
        ({"which": "9"}, "Select one of these"),
        ({"weekday": "9"}, "Select a day of the week"),
    ],
)
def test_each_wrong_field_has_its_message_and_the_text_stays(world, fields, says):
    answer = post(world, **{**MONTHLY, **fields})
    assert answer.status_code == 422
    assert says in read(answer.text).one("main").text and 'value="Room 1"' in answer.text


def test_nothing_ticked_is_refused(world):
    answer = post(world, **MONTHLY, shown=DAYS, save="yes")
    assert answer.status_code == 422
    assert "Select at least one day" in read(answer.text).one("main").text


def test_each_meeting_is_cancelled_by_itself(world):
    post(world, **MONTHLY, shown=DAYS, day=DAYS[1:], save="yes")
    id_ = db.session.scalar(select(Meeting.id).where(Meeting.on_day == date(2018, 7, 2)))
    answer = post(world, path=f"/boards/mash-board/meetings/{id_}/cancel", version=1, reason="Summer")
    assert answer.status_code == 303
    db.session.rollback()
    cancelled = db.session.scalars(select(Meeting.on_day).where(Meeting.cancelled_on.is_not(None))).all()
    assert cancelled == [date(2018, 7, 2)]


def test_others_and_strangers(world):
    for role in ("viewer", "lead", "board_member", "partner"):
        assert world.client(role).get(PATH).status_code == 403
        assert post(world, role, **MONTHLY).status_code == 403
    assert world.client(None).get(PATH).status_code == 302
    assert world.client(None).get(PATH, headers=HTMX).status_code == 401
    assert world.client("chair").get("/boards/lac-strategy-group/meetings/series").status_code == 403
    assert world.client("chair").get("/boards/no-such-board/meetings/series").status_code == 404
    assert world.client("chair").put(PATH).status_code == 405

"""When a board meets: set, changed and cancelled by its officers, seen wherever the board is shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ilacs_app.dates import read_time, time_words
from ilacs_app.db import db, transaction
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.boards.model import Meeting
from ilacs_app.people.commands import grant_role
from tests.auditor import read
from tests.conftest import BY
from tests.factories import BOTH_WAYS, HTMX, all_rows, changed, token

PATH = "/boards/mash-board/meetings"
MAY = {"on_day": "21 May 2018", "at_time": "2pm", "place": "Room 1"}


def post(world, role: str, path: str = PATH, headers=None, **fields):
    client = world.client(role)
    return client.post(path, data={"csrf_token": token(client), **fields}, headers=headers or {})


def rows() -> list[Meeting]:
    db.session.rollback()
    return list(db.session.scalars(select(Meeting).order_by(Meeting.id)))


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
@pytest.mark.parametrize("role", ["chair", "secretary", "administrator", "programme_manager"])
def test_a_meeting_is_set_and_seen_wherever_the_board_is_shown(world, role, _way, headers):
    assert post(world, role, headers=headers, **MAY).status_code == 303
    (row,) = rows()
    assert (row.on_day, row.at_time, row.place) == (date(2018, 5, 21), "14:00", "Room 1")
    in_words = {
        PATH: "Monday 21 May 2018",
        "/boards/mash-board": "Monday 21 May 2018",
        "/governance": "Mon 21 May 2018",
    }
    for address, day in in_words.items():
        text = read(world.client("viewer").get(address).text).one("main").text
        assert day in text and "2pm" in text, address


def test_the_next_meeting_is_the_first_that_is_neither_past_nor_cancelled(world, on):
    for day in ("21 May 2018", "18 June 2018"):
        assert post(world, "chair", on_day=day).status_code == 303
    first = rows()[0]
    assert post(world, "chair", f"{PATH}/{first.id}/cancel", version=1, reason="No quorum").status_code == 303
    page = read(world.client("viewer").get("/boards/mash-board").text).one("main").text
    assert "Next meeting: Monday 18 June 2018" in page
    assert "Cancelled on 7 April 2018: No quorum" in read(world.client("viewer").get(PATH).text).one("main").text
    on(date(2018, 6, 19))
    assert "No meeting planned." in read(world.client("viewer").get("/boards/mash-board").text).one("main").text
    assert "18 June 2018" in world.client("viewer").get(PATH).text, "no row is lost"


def test_someone_without_actions_sees_the_board_that_meets_next_first(world):
    def boards() -> list[str]:
        page = read(world.client("chair").get("/").text)
        lines = page.one("section", class_="your-boards").all("li", class_="row")
        return [line.text for line in lines]

    with transaction():
        grant_role(BY, world.people["chair"], "chair", board_id=board_named(BY, "LAC Strategy Group"))
    assert all("No meeting planned" in line for line in boards())
    assert post(world, "chair", "/boards/lac-strategy-group/meetings", on_day="22 May 2018").status_code == 303
    assert boards()[0].startswith("LAC Strategy Group Tuesday 22 May 2018")
    assert post(world, "chair", **MAY).status_code == 303
    assert boards()[0].startswith("MASH Board Monday 21 May 2018, 2pm")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"on_day": ""}, "Enter a real date"),
        ({"on_day": "31 April 2018"}, "Enter a real date"),
        ({"on_day": "21 May 2018", "at_time": "soon"}, "Enter a time"),
        ({"on_day": "21 May 2018", "at_time": "25:00"}, "Enter a time"),
    ],
)
def test_what_cannot_be_saved_says_what_to_enter_and_keeps_the_text(world, fields, says):
    before = all_rows()
    answer = post(world, "chair", **{"place": "The long room", **fields})
    assert answer.status_code == 422
    assert says in read(answer.text).one("main").text and 'value="The long room"' in answer.text
    assert changed(before, all_rows()) <= {"session"}


def test_a_board_meets_once_a_day(world):
    assert post(world, "chair", **MAY).status_code == 303
    answer = post(world, "secretary", **MAY)
    assert answer.status_code == 422
    assert "already meets on 21 May 2018" in read(answer.text).one("main").text
    assert len(rows()) == 1


def test_a_form_sent_twice_sets_one_meeting(world):
    for _ in range(2):
        assert post(world, "chair", once="one", **MAY).status_code == 303
    assert len(rows()) == 1


def test_a_cancelled_day_may_be_set_again(world):
    post(world, "chair", **MAY)
    post(world, "chair", f"{PATH}/{rows()[0].id}/cancel", version=1, reason="Snow")
    assert post(world, "chair", **MAY).status_code == 303
    (row,) = rows()
    assert (row.cancelled_on, row.version) == (None, 3)


def test_of_two_who_change_one_meeting_the_later_sees_both(world):
    post(world, "chair", **MAY)
    path = f"{PATH}/{rows()[0].id}/change"
    assert (
        post(world, "chair", path, version=1, on_day="22 May 2018", at_time="10:00", place="Room 2").status_code == 303
    )
    answer = post(world, "secretary", path, version=1, on_day="23 May 2018", place="Room 3")
    assert answer.status_code == 409
    text = read(answer.text).one("main").text
    assert "22 May 2018" in text and 'value="23 May 2018"' in answer.text and 'value="Room 3"' in answer.text
    assert rows()[0].place == "Room 2"
    assert post(world, "secretary", path, version=2, on_day="23 May 2018", place="Room 3").status_code == 303
    assert rows()[0].place == "Room 3"


def test_another_reason_for_a_meeting_that_is_cancelled_already_stays_on_the_page(world):
    """The first may be one's own, whose answer was lost."""
    post(world, "chair", PATH, on_day="21 May 2027", at_time="2pm")
    address = f"{PATH}/{rows()[0].id}/cancel"
    once = "o" * 20
    assert post(world, "chair", address, version=1, once=once, reason="Snow").status_code == 303
    answer = post(world, "chair", address, version=1, once=once, reason="Snow, and no quorum")
    assert answer.status_code == 409
    told = read(answer.text).one("main").text
    assert "The meeting is now cancelled: Snow. The reason you entered: Snow, and no quorum" in told
    assert "You entered" not in told
    assert rows()[0].cancelled_reason == "Snow"


def test_a_cancellation_needs_its_reason(world):
    post(world, "chair", **MAY)
    answer = post(world, "chair", f"{PATH}/{rows()[0].id}/cancel", version=1, reason=" ")
    assert answer.status_code == 422
    assert "Enter why the meeting is cancelled" in read(answer.text).one("main").text
    assert rows()[0].cancelled_on is None


def test_others_read_and_do_not_set(world):
    for role in ("viewer", "lead", "board_member"):
        assert "Add a meeting" not in world.client(role).get(PATH).text
        assert post(world, role, **MAY).status_code == 403
    assert post(world, "chair", "/boards/lac-strategy-group/meetings", **MAY).status_code == 403
    assert rows() == []


def test_strangers_missing_meetings_and_wrong_verbs(world):
    assert world.client(None).get(PATH).status_code == 302
    assert world.client(None).get(PATH, headers=HTMX).status_code == 401
    assert post(world, "chair", f"{PATH}/999/change", version=1, **MAY).status_code == 404
    assert world.client("partner").get("/boards/lac-strategy-group/meetings").status_code == 404
    assert world.client("chair").put(PATH).status_code == 405
    assert world.client("chair").get(PATH + "?change=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("2pm", "14:00"),
        ("14:00", "14:00"),
        ("9.30am", "09:30"),
        ("12 noon", None),
        ("noon", "12:00"),
        ("12am", "00:00"),
        ("14", None),
        ("25:00", None),
        ("13pm", None),
        ("", None),
        ("soon", None),
        ("10:60", None),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(words, time):
    assert read_time(words) == time


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_as_the_page_shows_it_is_read_back(hour, minute):
    at = f"{hour:02}:{minute:02}"
    assert read_time(time_words(at)) == at

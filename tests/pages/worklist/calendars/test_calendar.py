"""Private calendar addresses: the dates that they give, to whom, and how they end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import insert, select, update

from ilacs_app.db import db, transaction
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.commands import grant_role
from ilacs_app.people.model import Membership, Person
from ilacs_app.worklist.calendars.commands import MOST_ADDRESSES
from ilacs_app.worklist.calendars.model import CalendarFeed
from tests.auditor import read
from tests.conftest import BY
from tests.factories import BOTH_WAYS, set_fact, token


def make(world, role: str, board: str = "", once: str = "", headers=None):
    client = world.client(role)
    data = {"csrf_token": token(client), "board": board, "once": once}
    return client.post("/calendar", data=data, headers=headers or {})


def address_of(answer) -> str:
    """The path of the address that an answer shows, this once."""
    assert answer.status_code == 200, answer.text
    return read(answer.text).one("input", id="address").attrs["value"].removeprefix("http://localhost")


def dates(world, path: str) -> dict[str, date | datetime]:
    answer = world.client(None).get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return {str(e["summary"]): e["dtstart"].dt for e in Calendar.from_ical(answer.data).walk("VEVENT")}


def board_id(slug: str) -> int:
    return db.session.scalar(select(Board.id).where(Board.slug == slug))


def meet(slug: str, on_day: date, **more) -> None:
    """Put a meeting into a board's list."""
    row = {"board_id": board_id(slug), "on_day": on_day, "at_time": "", "place": "", "version": 1, **more}
    with transaction():
        db.session.execute(insert(Meeting).values(**row))


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_lead_reads_due_dates_and_meetings_of_their_own_items_without_a_sign_in(world, _way, headers):
    meet("mash-board", date(2018, 5, 21), at_time="10:00")
    meet("lac-strategy-group", date(2018, 5, 22))
    found = dates(world, address_of(make(world, "lead", headers=headers)))
    due = {title.split()[1]: on for title, on in found.items() if title.startswith("Due: ")}
    assert due["5.3"] == date(2018, 4, 30)
    assert set(due) == {"5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7"}
    assert found["MASH Board"] == datetime(2018, 5, 21, 9, 0, tzinfo=UTC), "ten in the morning of a London summer"
    assert "LAC Strategy Group" not in found


def test_a_board_s_address_gives_its_meetings_and_its_items(world):
    meet("mash-board", date(2018, 5, 21))
    found = dates(world, address_of(make(world, "board_member", "mash-board")))
    assert found["MASH Board"] == date(2018, 5, 21)
    assert {title.split()[1].split(".")[0] for title in found if title.startswith("Due: ")} == {"5"}


def test_a_cancelled_meeting_is_shown_to_be_cancelled(world):
    meet("mash-board", date(2018, 5, 21), cancelled_on=date(2018, 5, 1))
    answer = world.client(None).get(address_of(make(world, "lead")))
    (event,) = [e for e in Calendar.from_ical(answer.data).walk("VEVENT") if str(e["summary"]) == "MASH Board"]
    assert event["status"] == "CANCELLED"


def test_what_is_done_or_paused_is_no_longer_due(world):
    set_fact(world.actions["5.2"], status="completed", completed_on=date(2018, 4, 30))
    set_fact(world.actions["5.3"], status="paused", status_before="not_started", paused_until=date(2018, 6, 1))
    found = dates(world, address_of(make(world, "lead")))
    titles = {tuple(title.split()[:2]) for title in found}
    assert not {("Due:", "5.2"), ("Due:", "5.3")} & titles
    (review,) = [on for title, on in found.items() if title.startswith("Pause reviewed: 5.3")]
    assert review == date(2018, 6, 1)


def test_an_ongoing_action_gives_its_review(world):
    found = dates(world, address_of(make(world, "programme_manager", "childrens-management-team")))
    assert any(title.startswith("Review: ") for title in found)


def test_a_stopped_address_is_an_address_of_nothing(world):
    path = address_of(make(world, "lead"))
    client = world.client("lead")
    feed_id = db.session.scalar(select(CalendarFeed.id))
    assert client.post(f"/calendar/{feed_id}/stop", data={"csrf_token": token(client)}).status_code == 303
    assert world.client(None).get(path).status_code == 404
    assert "Stop" not in read(client.get("/calendar").text).one("main").text
    assert client.post(f"/calendar/{feed_id}/stop", data={"csrf_token": token(client)}).status_code == 404


def test_no_one_stops_the_address_of_another(world):
    path = address_of(make(world, "lead"))
    other = world.client("programme_manager")
    feed_id = db.session.scalar(select(CalendarFeed.id))
    assert other.post(f"/calendar/{feed_id}/stop", data={"csrf_token": token(other)}).status_code == 404
    assert world.client(None).get(path).status_code == 200


def test_an_address_ends_with_its_account(world):
    path = address_of(make(world, "lead"))
    with transaction():
        db.session.execute(update(Person).where(Person.id == world.people["lead"]).values(active=False))
    assert world.client(None).get(path).status_code == 404


def test_a_board_s_address_ends_when_its_owner_no_longer_serves_there(world, on):
    path = address_of(make(world, "partner", "mash-board"))
    assert world.client(None).get(path).status_code == 200
    with transaction():
        mine = update(Membership).where(Membership.person_id == world.people["partner"])
        db.session.execute(mine.values(until_on=date(2018, 4, 30)))
        grant_role(BY, world.people["partner"], "board_member", board_id=board_id("lac-strategy-group"))
    on(date(2018, 5, 1))
    assert world.client(None).get(path).status_code == 404


def test_a_partner_gets_no_address_of_a_board_that_is_not_theirs(world):
    assert make(world, "partner", "lac-strategy-group").status_code == 404
    offered = read(world.client("partner").get("/calendar").text).one("select", id="board").text
    assert "MASH Board" in offered and "LAC Strategy Group" not in offered


def test_an_unknown_board_or_address_is_not_found(world):
    assert make(world, "lead", "no-such-board").status_code == 404
    for path in ("/calendar/abc.ics", "/calendar/" + "x" * 500 + ".ics"):
        assert world.client(None).get(path).status_code == 404


def test_a_form_sent_twice_makes_one_address_and_says_so(world):
    address_of(make(world, "lead", once="one"))
    again = make(world, "lead", once="one")
    assert again.status_code == 200
    assert "already created" in read(again.text).one("main").text
    assert len(db.session.scalars(select(CalendarFeed.id)).all()) == 1


def test_more_addresses_than_anyone_needs_are_refused_with_what_to_do(world):
    for _ in range(MOST_ADDRESSES):
        address_of(make(world, "lead"))
    answer = make(world, "lead")
    assert answer.status_code == 422
    assert "Stop one" in read(answer.text).one("main").text


def test_a_stranger_and_someone_without_a_role_have_no_calendar_page(world):
    assert world.client(None).get("/calendar").headers["Location"] == "/sign-in?next=/calendar"
    assert world.client("nobody").get("/calendar").status_code == 404
    assert world.client("lead").put("/calendar").status_code == 405

"""A request for help: whom it goes to, the reply, and who closes it when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ilacs_app.progress.help import queries as help_queries
from tests.auditor import is_page, read
from tests.conftest import TODAY
from tests.factories import BOTH_WAYS, HTMX, NOTE, PROOF, fact, fresh, send, set_fact, the_record, token

calls, open_calls = map(fresh, (help_queries.calls, help_queries.open_calls))
WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])


def helped(client, action: int, *, htmx: bool = False, **fields):
    said = fields.get("reply", fields.get("helped", ""))[:9]
    data = {"csrf_token": token(client), "once": f"h{action}{said}", "view": "work", "back": "/"}
    return client.post(f"/actions/{action}/help", data={**data, **fields}, headers=HTMX if htmx else {})


@WAYS
def test_help_goes_to_the_accountable_lead_and_stays_open_after_the_reply_until_it_helped(world, way, headers):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    sent = send(
        asker, action, htmx=bool(headers), answer="need_help", blocker="The trainer has left.", did="Four of six."
    )
    assert sent.status_code in {200, 303}
    assert (fact(action, "help_asked_on"), calls(action)[0].goes_to) == (TODAY, "MASH Service Manager")
    shown = read(lead.get("/").text).one(id="help")
    assert "The trainer has left." in shown.text and "Training Officer, 7 April 2018" in shown.text
    assert read(asker.get("/").text).all(id=f"action-{action}") == [], "an answered row rests"
    assert "The trainer has left." in asker.get(f"/actions/{action}").text
    assert read(world.client("programme_manager").get("/").text).all(id="help") == []

    answer = helped(lead, action, htmx=bool(headers), reply="Another division lends one from Monday.")
    assert answer.status_code == (200 if headers else 303)
    call = calls(action)[0]
    assert (call.state, call.reply.who, call.closed_at) == ("replied", "MASH Service Manager", None)
    assert (fact(action, "help_asked_on"), fact(action, "help_replied_on")) == (TODAY, TODAY)
    assert read(lead.get("/").text).all(id="help") == [], "nothing waits for a reply"
    page = asker.get(f"/actions/{action}").text
    assert "MASH Service Manager, 7 April 2018, replied: Another division lends one from Monday." in read(page).text
    assert read(page).all("button", name="helped"), "whoever may write there can say whether it helped"
    assert not read(world.client("viewer").get(f"/actions/{action}").text).all("button", name="helped")

    closed = helped(asker, action, htmx=bool(headers), helped="yes")
    assert closed.status_code in {200, 303}
    assert (fact(action, "help_asked_on"), fact(action, "help_replied_on")) == (None, None)
    page = read(world.client("viewer").get(f"/actions/{action}?history=all").text)
    assert "Training Officer, 7 April 2018: Yes, it helped" in page.one("main").text
    assert "Another division lends one" in page.one("main").text
    for words in ("Help requested", "Request for help answered", "Help received"):
        assert words in page.one("ol", class_="history").text


def rating(world, action: int) -> str:
    page = world.client("viewer").get(f"/actions/{action}").text
    return read(page).one(id=f"action-{action}").attrs["data-brag"]


def test_a_reply_does_not_turn_the_action_green_but_yes_or_14_days_do(world, on):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    set_fact(action, status="in_progress", due_on=date(2019, 3, 31), last_word_on=TODAY)
    assert rating(world, action) == "green"
    assert send(asker, action, answer="need_help", blocker="No room.").status_code == 303
    assert helped(lead, action, reply="Use ours.").status_code == 303
    assert rating(world, action) == "amber"
    on(TODAY + timedelta(days=13))
    assert rating(world, action) == "amber" and open_calls([action])[action].state == "replied"
    on(TODAY + timedelta(days=14))
    assert rating(world, action) == "green" and open_calls([action]) == {}
    assert "Closed on 21 April 2018, 14 days after the reply" in asker.get(f"/actions/{action}").text
    late = helped(asker, action, helped="not_yet")
    assert late.status_code == 409 and "If you still need help, ask again" in late.text
    assert fact(action, "help_asked_on") == TODAY, "no event and no row says that it closed"


def test_not_yet_starts_the_28_days_that_day_and_asks_the_same_person_again(world, on):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    set_fact(action, status="in_progress", due_on=date(2019, 3, 31), last_word_on=TODAY)
    assert send(asker, action, answer="need_help", blocker="No room.").status_code == 303
    assert helped(lead, action, reply="Use ours.").status_code == 303
    later = TODAY + timedelta(days=10)
    on(later)
    assert helped(asker, action, helped="not_yet").status_code == 303
    assert (fact(action, "help_asked_on"), fact(action, "help_replied_on")) == (later, None)
    shown = read(lead.get("/").text).one(id="help").text
    assert "No room." in shown and "Use ours." in shown and "Not yet" in shown
    set_fact(action, last_word_on=later)
    on(later + timedelta(days=27))
    assert rating(world, action) == "amber"
    on(later + timedelta(days=28))
    assert rating(world, action) == "red"
    assert helped(lead, action, reply="Use the hall.", once="second").status_code == 303
    assert rating(world, action) != "red"
    assert [reply.words for reply in calls(action)[0].replies] == ["Use ours.", "Use the hall."]


def test_a_new_request_after_a_reply_starts_the_28_days_that_day(world, on):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    assert send(asker, action, answer="need_help", blocker="No room.").status_code == 303
    assert helped(lead, action, reply="Use ours.").status_code == 303
    for days in (5, 30):
        on(TODAY + timedelta(days=days))
        assert send(asker, action, answer="need_help", blocker=f"Still none after {days}.").status_code == 303
        assert (fact(action, "help_asked_on"), fact(action, "help_replied_on")) == (TODAY + timedelta(days=days), None)
        assert len([call for call in calls(action) if call.is_open]) == 1
        assert helped(lead, action, reply=f"Reply {days}.").status_code == 303


def test_yes_it_helped_is_an_update_and_only_those_who_write_there_say_it(world, on):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    assert send(asker, action, answer="need_help", blocker="No room.", did="Four of six.").status_code == 303
    assert fact(action, "last_word_on") != TODAY, "a request for help is no update, whatever is typed with it"
    early = helped(asker, action, helped="yes")
    assert early.status_code == 409, "there is no reply yet"
    assert helped(lead, action, reply="Use ours.").status_code == 303
    before = the_record()
    for role, code in (("chair", 403), ("viewer", 403), ("verifier", 403), ("nobody", 404)):
        assert helped(world.client(role), action, helped="yes").status_code == code, role
    assert the_record() == before
    on(TODAY + timedelta(days=1))
    assert helped(asker, action, helped="yes", once="y1").status_code == 303
    assert fact(action, "last_word_on") == TODAY + timedelta(days=1)
    again = helped(lead, action, helped="not_yet", once="y2")
    assert again.status_code == 409 and "Training Officer said that it helped." in again.text


def test_help_of_the_accountable_lead_goes_to_the_programme_manager_and_is_not_answered_by_the_asker(world):
    lead, manager, action = world.client("lead"), world.client("programme_manager"), world.actions["5.2"]
    assert send(lead, action, answer="need_help", blocker="No room for the sessions.").status_code == 303
    assert "No room for the sessions." in read(manager.get("/").text).one(id="help").text
    assert read(lead.get("/").text).all(id="help") == []
    asked = read(lead.get(f"/actions/{action}").text).one("main")
    assert "This is your own request." in asked.text and asked.all("textarea", name="reply") == []
    assert [one.text for one in asked.all("a", href=f"/actions/{action}?open={action}#action-{action}")][-1:] == [
        "choose On track"
    ]
    assert read(manager.get(f"/actions/{action}").text).all("textarea", name="reply")
    own = helped(lead, action, reply="I will find one.")
    assert own.status_code == 422 and "choose On track" in own.text and "I will find one." in own.text
    assert helped(world.client("chair"), action, reply="Use the board’s room.").status_code == 303
    assert fact(action, "help_replied_on") == TODAY


def test_the_row_shows_the_reply_until_the_request_is_closed(world):
    action = world.actions["5.3"]
    set_fact(action, due_on=TODAY - timedelta(days=1))
    assert send(world.client("lead"), action, answer="need_help", blocker="No room.", once="a").status_code == 303
    set_fact(action, answered_on=None)
    assert helped(world.client("programme_manager"), action, reply="Use ours.").status_code == 303
    row = read(world.client("lead").get("/").text).one(id=f"action-{action}")
    assert "Use ours." in row.text and len(row.all("button", name="helped")) == 2
    assert send(world.client("contributor"), action, "notes", did="We meet in theirs.").status_code == 303
    assert open_calls([action])[action].reply.words == "Use ours.", "a note alone closes nothing"
    assert helped(world.client("lead"), action, helped="yes").status_code == 303
    assert open_calls([action]) == {}


@pytest.mark.parametrize(("answer", "ends"), [("on_track", True), ("no_change", False)])
def test_a_later_answer_that_it_goes_on_ends_the_call(world, answer, ends):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, answer="need_help", blocker="No room.").status_code == 303
    assert send(client, action, answer=answer).status_code == 303
    assert (fact(action, "help_asked_on") is None) == ends
    assert (calls(action)[0].is_open, calls(action)[0].reply) == (not ends, None)


def test_a_claim_ends_the_call_and_a_second_call_keeps_the_first_day(world, on):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, answer="need_help", blocker="No room.").status_code == 303
    on(date(2018, 4, 20))
    assert send(client, action, answer="need_help", blocker="Still no room.").status_code == 303
    assert fact(action, "help_asked_on") == TODAY
    assert send(client, action, answer="done", month="2018-04", **NOTE, **PROOF).status_code == 303
    assert fact(action, "help_asked_on") is None and all(one.closed_at for one in calls(action))


@WAYS
def test_an_empty_reply_and_one_that_comes_second_lose_nothing(world, way, headers):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    assert send(asker, action, answer="need_help", blocker="The trainer has left.").status_code == 303
    before = the_record()
    empty = helped(lead, action, htmx=bool(headers), reply=" ")
    assert empty.status_code == 422 and "Enter your reply." in empty.text
    assert is_page(empty.text) == (way == "plain") and the_record() == before
    assert helped(world.client("chair"), action, reply="Ask the college.").status_code == 303
    before = the_record()
    late = helped(lead, action, htmx=bool(headers), reply="Ask the police.")
    assert late.status_code == 409 and the_record() == before
    text = read(late.text).one("div", class_="conflict").text
    assert "Ask the police." in text and "Independent Chair replied: Ask the college." in text


def test_the_same_reply_twice_is_one(world):
    asker, lead, action = world.client("contributor"), world.client("lead"), world.actions["5.3"]
    assert send(asker, action, answer="need_help", blocker="The trainer has left.").status_code == 303
    assert helped(lead, action, reply="Next week.").status_code == 303
    before = the_record()
    assert helped(lead, action, reply="Next week.").status_code == 303
    assert the_record() == before


def test_who_may_not_reply_is_told_who_may(world):
    action = world.actions["5.3"]
    assert send(world.client("contributor"), action, answer="need_help", blocker="No trainer.").status_code == 303
    before = the_record()
    for role, code in (("contributor", 403), ("viewer", 403), ("verifier", 403), ("nobody", 404)):
        assert helped(world.client(role), action, reply="No.").status_code == code, role
    assert helped(world.client("partner"), world.actions["6.2"], reply="No.").status_code == 404
    assert world.client("lead").get(f"/actions/{action}/help").status_code == 405
    assert the_record() == before

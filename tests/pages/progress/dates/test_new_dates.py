"""Date changes: requested in place, read in plain words, agreed, refused, withdrawn; and the ledger."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from ilacs_app.db import db, transaction
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.model import Action, ActionStage, DateEntry
from ilacs_app.progress.dates.commands import ask_from_file
from ilacs_app.progress.dates.deciders.waiting import waiting_dates
from ilacs_app.progress.dates.model import DateRequest
from tests.auditor import is_page, read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import BOTH_WAYS, HTMX, changed, fact, fresh, send, set_fact, set_plan, the_record, token

ASK = {
    "words": "End May 2018",
    "reason_class": "vacancy",
    "effect": "Two families wait four weeks longer.",
    "cover": "The duty team sees them each week.",
}


def ask(world, role: str = "lead", ref: str = "5.3", **fields):
    return send(
        world.client(role), world.actions[ref], "date-requests", view="action", back="/plans", **{**ASK, **fields}
    )


def requests() -> list[DateRequest]:
    db.session.rollback()
    return list(db.session.scalars(select(DateRequest).order_by(DateRequest.id)))


def ledger(action_id: int) -> list[tuple[str, date | None]]:
    db.session.rollback()
    rows = db.session.execute(
        select(DateEntry.kind, DateEntry.due_on).where(DateEntry.action_id == action_id).order_by(DateEntry.id)
    )
    return [(row[0], row[1]) for row in rows]


def decide(world, answer: str = "agreed", role: str = "programme_manager", request_id: int = 1, **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, "version": 1, "answer": answer, **fields}
    return client.post(f"/date-requests/{request_id}/decide", data=data)


@pytest.mark.parametrize("role", ["lead", "contributor", "programme_manager"])
def test_those_who_may_write_can_request_a_new_date_and_the_current_one_applies(world, role):
    answer = ask(world, role)
    assert answer.status_code == 303
    said = read(world.client(role).get("/plans/twin").text).one(id="status").text
    assert "New date requested: due on 31 May 2018, the last day of the month." in said
    (one,) = requests()
    assert (one.words, one.due_on, one.reason_class, one.effect, one.cover) == (
        "End May 2018",
        date(2018, 5, 31),
        "vacancy",
        ASK["effect"],
        ASK["cover"],
    )
    assert (one.asked_by_id, one.needs_board, one.state) == (world.people[role], False, "waiting")
    action = world.actions["5.3"]
    assert (fact(action, "due_on"), fact(action, "moves"), fact(action, "version")) == (date(2018, 4, 30), 0, 1)
    assert ledger(action) == [("original", date(2018, 4, 30))]


@pytest.mark.parametrize("role", ["other_lead", "verifier", "chair", "viewer", "inspector"])
def test_no_one_else_can_request_a_new_date(world, role):
    before = the_record()
    assert ask(world, role).status_code == 403
    assert the_record() == before


def test_a_request_with_a_note_and_a_status_saves_all_or_nothing(world):
    client, action = world.client("lead"), world.actions["5.3"]
    before = the_record()
    both = {**ASK, "did": "The post is out.", "status": "in_progress"}
    refused = send(client, action, htmx=True, **{**both, "words": "soon"})
    assert refused.status_code == 422 and not is_page(refused.text)
    form = read(refused.text).one("form", id=f"a{action}-form")
    assert "Enter a month or a date, like End June 2026" in form.one("div", role="alert").text
    assert form.one("input", name="words").attrs["value"] == "soon"
    assert form.one("textarea", name="effect").whole_text == ASK["effect"]
    assert the_record() == before
    saved = send(client, action, htmx=True, **both)
    assert saved.status_code == 200
    assert "Date change requested: 31 May 2018" in read(saved.text).one(id=f"action-{action}").text
    assert changed(before, the_record()) == {
        "action",
        "date_request",
        "history_change",
        "history_event",
        "progress_note",
        "status_move",
        "submission",
    }


@pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"words": ""}, "Enter the new month or date"),
        ({"words": "30 April 2018"}, "The action is already due on 30 April 2018. Enter a later date or month."),
        ({"words": "15 April 2018"}, "You do not need a new date to finish sooner."),
        ({"words": "TBC"}, "Enter a month or a date, like End June 2026"),
        ({"reason_class": "weather"}, "Select the main reason."),
        ({"reason_class": ""}, "Select the main reason."),
        ({"effect": " "}, "Enter how the delay will affect children"),
    ],
)
def test_a_request_that_cannot_be_made_says_what_to_enter_and_keeps_the_rest(world, fields, says, way, headers):
    before = the_record()
    answer = ask(world, htmx=bool(headers), **fields)
    assert answer.status_code == 422 and says in answer.text
    assert ASK["cover"] in answer.text
    assert the_record() == before


def test_the_reading_is_shown_before_anything_is_sent(world):
    client, action = world.client("lead"), world.actions["5.3"]
    before = the_record()

    def said(words: str, ref: str = "5.3") -> str:
        path = f"/actions/{world.actions[ref]}/date-requests/reading"
        answer = client.get(path, query_string={"words": words}, headers=HTMX)
        assert answer.status_code == 200
        return " ".join(read(answer.text).text.split())

    assert said("End May 2018").startswith(
        "This means: due on 31 May 2018, the last day of the month. The programme manager"
    )
    assert "MASH Board must agree it at a meeting." in said("End June 2018")
    assert "Enter a month or a date" in said("soonish")
    assert said("") == ""
    assert the_record() == before
    plain = client.get(f"/actions/{action}/date-requests/reading?words=x")
    assert (plain.status_code, plain.headers["Location"]) == (302, f"/actions/{action}")
    hidden = world.client("partner").get(f"/actions/{world.actions['6.2']}/date-requests/reading", headers=HTMX)
    assert hidden.status_code == 404


def test_a_second_request_replaces_your_own_and_is_refused_over_someone_elses(world):
    ask(world)
    told = ask(world, "contributor", words="End June 2018")
    assert told.status_code == 422
    assert "MASH Service Manager requested “End May 2018” on 7 April 2018, and it is not decided yet." in told.text
    assert ask(world, words="End June 2018").status_code == 303
    assert [(one.words, one.state) for one in requests()] == [
        ("End May 2018", "taken_back"),
        ("End June 2018", "waiting"),
    ]


def test_the_same_request_sent_twice_is_one(world):
    once = uuid4().hex
    assert [ask(world, once=once).status_code for _ in range(2)] == [303, 303]
    assert len(requests()) == 1


def test_the_programme_manager_agrees_a_first_month_and_the_ledger_says_who_and_when(world):
    ask(world)
    page = read(world.client("programme_manager").get("/date-requests").text)
    assert "30 Apr 2018" in page.text and "31 May 2018" in page.text and "31 days later" in page.text
    assert f"Effect on children: {ASK['effect']}" in " ".join(page.text.split())
    answer = decide(world, back="/date-requests")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/date-requests")
    action = world.actions["5.3"]
    names = ("timescale_text", "due_on", "original_due_on", "moves", "last_moved_on", "version", "second_move_asked")
    assert [fact(action, name) for name in names] == [
        "End May 2018",
        date(2018, 5, 31),
        date(2018, 4, 30),
        1,
        TODAY,
        2,
        False,
    ]
    assert ledger(action) == [("original", date(2018, 4, 30)), ("move", date(2018, 5, 31))]
    shown = " ".join(read(world.client("viewer").get(f"/actions/{action}").text).text.split())
    assert "First change: 31 days later. Vacancy" in shown
    assert "Requested by MASH Service Manager, 7 April 2018. Agreed on 7 April 2018 by Programme Manager." in shown
    assert "1 change, 31 days from the original date." in shown
    assert "Date change agreed" in shown
    again = decide(world)
    assert again.status_code == 409, "it was decided already"
    assert "Agreed by Programme Manager, 7 April 2018" in again.text


def test_the_same_decision_sent_twice_is_answered_as_the_first_was(world):
    ask(world)
    once = uuid4().hex
    assert [decide(world, once=once).status_code for _ in range(2)] == [303, 303]
    assert fact(world.actions["5.3"], "moves") == 1


def test_an_earlier_date_can_be_agreed_and_a_refusal_needs_a_reason(world):
    ask(world)
    for words, says in (("", "Enter the date or month that you agree."), ("End May 2018", "before 31 May 2018")):
        answer = decide(world, "agreed_shorter", shorter=words)
        assert answer.status_code == 422 and says in answer.text
    refused = decide(world, "refused", refusal="")
    assert refused.status_code == 422 and "Enter why the new date is refused." in refused.text
    assert decide(world, "neither").status_code == 422
    assert decide(world, "agreed_shorter", shorter="15 May 2018").status_code == 303
    assert fact(world.actions["5.3"], "due_on") == date(2018, 5, 15)
    (one,) = requests()
    assert (one.state, one.decided_words, one.version) == ("agreed_shorter", "15 May 2018", 2)
    ask(world, ref="5.4")
    assert decide(world, "refused", request_id=2, refusal="The post is filled.").status_code == 303
    assert fact(world.actions["5.4"], "due_on") == date(2018, 4, 30)
    assert fact(world.actions["5.4"], "version") == 1
    assert "refused on 7 April 2018 by Programme Manager. The post is filled." in " ".join(
        read(world.client("lead").get(f"/actions/{world.actions['5.4']}").text).text.split()
    )


def test_a_longer_or_a_second_change_goes_to_the_lead_board(world):
    ask(world, words="End June 2018")
    answer = decide(world)
    assert (
        answer.status_code == 422
        and "The lead board must agree this: it is more than a month, or a second change." in answer.text
    )
    page = read(world.client("programme_manager").get("/date-requests").text)
    assert "For others to decide" in page.text and not page.all("form", action="/date-requests/1/decide")
    board = read(world.client("chair").get("/boards/mash-board").text)
    assert "Date changes for this board to agree" in board.text
    assert "30 June 2018" not in read(world.client("chair").get("/boards/lac-strategy-group").text).text
    assert world.client("chair").get("/date-requests").status_code == 403
    assert decide(world, role="board_member").status_code == 403
    ask(world, ref="5.4")
    decide(world, request_id=2)
    assert ask(world, ref="5.4", words="End June 2018").status_code == 303
    action = world.actions["5.4"]
    assert fact(action, "second_move_asked") is True
    row = read(world.client("lead").get("/plans/twin/recommendations/5").text).one(id=f"action-{action}")
    assert row.attrs["data-brag"] == "red" and "a second date change is requested" in row.text
    third = requests()[-1]
    assert third.needs_board
    client = world.client("lead")
    back = client.post(
        f"/date-requests/{third.id}/take-back",
        data={"csrf_token": token(client), "once": uuid4().hex, "version": 1},
    )
    assert back.status_code == 303
    assert fact(action, "second_move_asked") is False
    assert requests()[-1].state == "taken_back"


def test_you_cannot_decide_on_your_own_action_or_your_own_request(world):
    ask(world, "programme_manager")
    own = decide(world)
    assert own.status_code == 422 and "You cannot decide on a date for your own action or your own request." in own.text
    with transaction():
        name_people(BY, world.actions["5.4"], "owner", [CHARACTERS["programme_manager"]])
        name_people(BY, world.actions["5.5"], "contributor", [CHARACTERS["programme_manager"]])
    ask(world, ref="5.4")
    assert decide(world, request_id=2).status_code == 422
    ask(world, ref="5.5")
    assert decide(world, request_id=3).status_code == 303, "who only contributes neither leads nor owns"
    with transaction():
        grant_role(BY, world.people["lead"], "programme_manager")
    ask(world, "contributor")
    assert decide(world, role="lead", request_id=1).status_code == 422
    assert fact(world.actions["5.3"], "moves") == fact(world.actions["5.4"], "moves") == 0


def test_only_the_person_who_requested_a_date_can_withdraw_it(world):
    ask(world)
    for role, code in (("contributor", 403), ("programme_manager", 403), ("partner", 403), ("nobody", 404)):
        client = world.client(role)
        answer = client.post("/date-requests/1/take-back", data={"csrf_token": token(client), "version": 1})
        assert answer.status_code == code, role
    assert requests()[0].state == "waiting"
    assert decide(world, request_id=99).status_code == 404


def test_the_date_of_a_closed_action_cannot_change(world):
    ask(world)
    set_fact(world.actions["5.3"], status="completed", completed_on=date(2018, 4, 30))
    answer = decide(world)
    assert answer.status_code == 422 and "You can only change the date of an open action." in answer.text
    assert ask(world, words="End June 2018").status_code == 422
    assert decide(world, "refused", refusal="It is done.").status_code == 303


def test_a_request_shortly_before_a_meeting_is_marked_until_the_meeting_is_cancelled(world):
    mash, lac = board_by_slug("mash-board"), board_by_slug("lac-strategy-group")
    with transaction():
        set_meeting(BY, lac.id, date(2018, 4, 8))
        set_meeting(BY, mash.id, date(2018, 5, 30))
    ask(world)
    assert requests()[0].asked_before_id is None
    with transaction():
        near = set_meeting(BY, mash.id, date(2018, 4, 17))
    ask(world, words="End June 2018")
    assert requests()[1].asked_before_id == near
    assert "Requested 10 days before you meet" in world.client("chair").get("/boards/mash-board").text
    page = world.client("lead").get("/plans/twin/recommendations/5").text
    assert "Requested 10 days before MASH Board meets" in page
    client = world.client("chair")
    client.post(
        f"/boards/mash-board/meetings/{near}/cancel",
        data={"csrf_token": token(client), "version": 1, "reason": "Election week."},
    )
    assert "Requested 10 days" not in client.get("/boards/mash-board").text


def test_stages_move_with_the_date_and_keep_their_ticks(world):
    action = world.actions["8.3"]
    manager = world.client("programme_manager")
    with transaction():
        db.session.execute(
            update(ActionStage).where(ActionStage.action_id == action, ActionStage.position == 0).values(done_on=TODAY)
        )
    label = db.session.scalar(select(ActionStage.label).where(ActionStage.action_id == action))
    words = f"{label} - End Feb 2018; Everywhere - End May 2018"
    assert send(manager, action, "date-requests", **{**ASK, "words": words}).status_code == 303
    with transaction():
        db.session.execute(update(DateRequest).values(asked_by_id=world.people["lead"]))
    assert decide(world).status_code == 303
    stages = db.session.execute(
        select(ActionStage.label, ActionStage.due_on, ActionStage.done_on).where(ActionStage.action_id == action)
    ).all()
    assert [tuple(row) for row in stages] == [
        (label, date(2018, 2, 28), TODAY),
        ("Everywhere", date(2018, 5, 31), None),
    ]
    assert (fact(action, "stage_due_on"), fact(action, "due_on")) == (date(2018, 5, 31), date(2018, 5, 31))


def test_a_different_date_in_a_file_becomes_a_request_like_any_other(world):
    action = world.actions["5.3"]
    with transaction():
        ask_from_file(BY, action, "by Easter 2019", "plan-2.docx")
        second = ask_from_file(BY, action, "End May 2018", "plan-3.docx")
    assert [(one.state, one.asked_by_id, one.source) for one in requests()] == [
        ("taken_back", None, "plan-2.docx"),
        ("waiting", None, "plan-3.docx"),
    ]
    assert "plan-3.docx" in ask(world).text, "somebody who asks is told of it"
    assert "In plan-3.docx" in world.client("programme_manager").get("/date-requests").text
    assert decide(world, request_id=second).status_code == 303
    assert fact(action, "due_on") == date(2018, 5, 31)
    ask(world, ref="5.4")
    with transaction():
        assert ask_from_file(BY, world.actions["5.4"], "End May 2019", "plan-3.docx") is None


def test_a_board_decides_on_an_end_for_an_ongoing_action(world):
    ref = "1.1"
    assert send(world.client("programme_manager"), world.actions[ref], "date-requests", **ASK).status_code == 303
    assert requests()[0].needs_board


def test_my_work_counts_open_requests_for_the_manager_and_the_page_says_when_there_are_none(world):
    manager = world.client("programme_manager")
    assert "No date changes to decide." in manager.get("/date-requests").text
    assert "asked for" not in read(manager.get("/").text).one(class_="side").text
    ask(world)
    ask(world, ref="5.4")
    assert "2 date changes requested" in manager.get("/").text
    assert "2 date changes requested" not in world.client("lead").get("/").text
    assert len(fresh(waiting_dates)(world.actor("partner"), TODAY)) == 2


def test_a_decision_made_meanwhile_is_shown_beside_your_own(world):
    ask(world)
    decide(world, "refused", refusal="Not now.")
    late = decide(world, "agreed_shorter", shorter="15 May 2018", back="/date-requests")
    assert late.status_code == 409
    said = " ".join(read(late.text).one(class_="conflict").text.split())
    assert "Refused by Programme Manager" in said and "Not now." in said and "Yours: Agree “15 May 2018”" in said
    assert fact(world.actions["5.3"], "moves") == 0


def test_no_date_changes_in_a_closed_plan(world):
    ask(world)
    set_plan(world.plan_id, state="closed")
    assert decide(world).status_code == 403
    assert ask(world).status_code == 403
    assert db.session.scalar(select(Action.moves).where(Action.id == world.actions["5.3"])) == 0

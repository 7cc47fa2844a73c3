"""Correcting how a timescale is read: only what its words can mean, once, with a reason, and no one misses it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.editing.timescales.queries import corrected_readings
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.model import ActionStage, DateEntry
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import all_rows, fact, send, set_fact, set_plan, the_record, version_of

MANAGER = "programme_manager"


def correct(world, ref: str, words: str, reason: str = "Typed wrongly.", role: str = MANAGER, **fields):
    action = world.actions[ref]
    sent = {"version": version_of(action), "words": words, "reason": reason, **fields}
    return send(world.client(role), action, "reading", **sent)


def edit_page(world, ref: str):
    return read(world.client(MANAGER).get(f"/actions/{world.actions[ref]}/edit").text).one("main")


def ledger(action_id: int) -> list[tuple[str, date | None, str]]:
    db.session.rollback()
    lines = select(DateEntry).where(DateEntry.action_id == action_id).order_by(DateEntry.id)
    return [(line.kind, line.due_on, line.says) for line in db.session.scalars(lines)]


def test_a_certain_date_is_not_moved_by_correcting_its_reading(world):
    before = all_rows()
    refused = correct(world, "5.3", "31 March 2028")
    assert refused.status_code == 422 and all_rows() == before
    main = read(refused.text).one("main")
    assert "can only mean 1 April 2018 to 30 April 2018" in main.text and "request a date change" in main.text
    assert main.one("input", id="r-words").attrs["value"] == "31 March 2028", "nothing typed is lost"
    assert main.one("input", id="r-reason").attrs["value"] == "Typed wrongly."


def test_a_reason_is_needed_and_shown_beside_the_date_and_in_the_history(world):
    refused = correct(world, "5.3", "20 April 2018", reason="")
    assert refused.status_code == 422 and "Enter a reason" in read(refused.text).one("main").text
    saved = correct(world, "5.3", "20 April 2018", "The board meets on the 20th.")
    assert saved.status_code == 303
    action = world.actions["5.3"]
    assert fact(action, "due_on") == date(2018, 4, 20) and fact(action, "moves") == 0
    assert ledger(action)[-1][0] == "reading" and "The board meets on the 20th." in ledger(action)[-1][2]
    page = world.client("viewer").get(f"/actions/{action}").text
    assert page.count("The board meets on the 20th.") == 2, "once in the ledger, once in the history"


def test_the_answer_names_the_action_and_its_new_reading(world):
    client = world.client(MANAGER)
    action = world.actions["5.3"]
    sent = {"version": version_of(action), "words": "20 April 2018", "reason": "Typed wrongly."}
    answer = send(client, action, "reading", **sent)
    page = read(client.get(answer.location).text)
    assert "Saved: 5.3 is now read as due on 20 April 2018" in page.text


def test_a_reading_is_corrected_once_and_again_only_on_the_same_day(world, on):
    assert correct(world, "5.3", "20 April 2018").status_code == 303
    assert correct(world, "5.3", "12 April 2018").status_code == 303, "again on the same day"
    on(TODAY + timedelta(days=1))
    late = correct(world, "5.3", "20 April 2018")
    assert late.status_code == 422
    assert "was corrected on 7 April 2018. It can be corrected once" in read(late.text).one("main").text
    main = edit_page(world, "5.3")
    assert "It can be corrected once" in main.text and main.all("form", id="read") == []


def test_a_guess_is_corrected_to_any_date_and_on_the_same_day_to_any_other(world, on):
    set_fact(world.actions["5.3"], timescale_guessed=True)
    assert correct(world, "5.3", "30 September 2019").status_code == 303
    assert correct(world, "5.3", "30 September 2018").status_code == 303
    assert fact(world.actions["5.3"], "due_on") == date(2018, 9, 30)
    on(TODAY + timedelta(days=1))
    assert correct(world, "5.3", "20 April 2018").status_code == 422


def test_a_guess_may_be_confirmed_as_it_is_and_a_certain_reading_not(world):
    set_fact(world.actions["5.3"], timescale_guessed=True)
    assert correct(world, "5.3", "End April 2018", "It is right.").status_code == 303
    assert fact(world.actions["5.3"], "timescale_guessed") is False
    again = correct(world, "5.4", "End April 2018", "It is right.")
    assert again.status_code == 422 and "We already read it like that" in again.text


def test_not_while_a_date_change_is_requested(world):
    with transaction():
        ask_new_date(world.author("lead"), world.actions["5.3"], DateWish("15 May 2018", "vacancy", "None."))
    main = edit_page(world, "5.3")
    assert "A date change is requested for this action" in main.text and main.all("form", id="read") == []
    before = the_record()
    refused = correct(world, "5.3", "20 April 2018")
    assert refused.status_code == 422 and the_record() == before
    words = read(refused.text).one("main").text
    assert "A date change is requested for this action" in words and "You entered: 20 April 2018" in words


def test_stages_keep_their_names_and_their_ticks(world):
    action = world.actions["8.3"]
    stages = select(ActionStage.label, ActionStage.due_on, ActionStage.done_on).where(ActionStage.action_id == action)
    ticked = db.session.execute(stages.order_by(ActionStage.position)).all()
    assert [stage.label for stage in ticked] == ["Pilot", "All Localities"]
    with transaction():
        stage = db.session.scalars(select(ActionStage).where(ActionStage.action_id == action)).first()
        stage.done_on = TODAY
    refused = correct(world, "8.3", "20 April 2018")
    assert refused.status_code == 422 and "Enter a date for each stage" in refused.text
    assert correct(world, "8.3", "12 Feb 2018; 20 April 2018").status_code == 303
    db.session.rollback()
    assert [tuple(stage) for stage in db.session.execute(stages.order_by(ActionStage.position))] == [
        ("Pilot", date(2018, 2, 12), TODAY),
        ("All Localities", date(2018, 4, 20), None),
    ]
    assert fact(action, "due_on") == date(2018, 4, 20)


def test_the_page_says_what_the_words_can_mean_and_offers_nothing_for_a_named_day(world):
    assert "The words can mean: 1 April 2018 to 30 April 2018" in edit_page(world, "5.3").text
    assert "A review date from today to 31 July 2018" in edit_page(world, "1.1").text
    set_fact(world.actions["5.4"], timescale_text="30/04/2018")
    main = edit_page(world, "5.4")
    assert "The plan’s words name a day" in main.text and main.all("form", id="read") == []


@pytest.mark.parametrize("role", ["lead", "chair", "administrator", "viewer", "verifier"])
def test_no_one_but_the_programme_manager_corrects_a_reading(world, role):
    before = the_record()
    assert correct(world, "5.3", "20 April 2018", role=role).status_code == 403 and the_record() == before


def test_the_board_of_the_action_sees_the_correction_for_60_days(world):
    assert correct(world, "5.7", "9 May 2018", "The audit is on the 9th.").status_code == 303
    for role in ("chair", "secretary", "board_member", MANAGER):
        shown = read(world.client(role).get("/boards/mash-board").text).one("section", id="corrected")
        for words in ("5.7", "“End May 2018”", "31 May 2018", "9 May 2018", "The audit is on the 9th.", "7 April 2018"):
            assert words in shown.text, words
    other = read(world.client(MANAGER).get("/boards/lac-strategy-group").text)
    assert other.all("section", id="corrected") == []
    db.session.rollback()
    board = next(board.id for board in boards() if board.slug == "mash-board")
    actor, last_day = world.actor(MANAGER), TODAY + timedelta(days=60)
    assert [one.row.ref for one in corrected_readings(actor, last_day, board)] == ["5.7"]
    assert corrected_readings(actor, last_day + timedelta(days=1), board) == []


def test_who_may_not_see_an_action_sees_nothing_of_its_correction(world):
    assert correct(world, "6.4", "20 April 2018").status_code == 303
    db.session.rollback()
    board = next(board.id for board in boards() if board.slug == "mscb")
    assert corrected_readings(world.actor(MANAGER), TODAY, board)
    assert corrected_readings(world.actor("partner"), TODAY, board) == []


def test_a_correction_in_a_draft_is_no_news_for_a_board(world):
    set_plan(world.plan_id, state="draft")
    assert correct(world, "5.7", "30 June 2019").status_code == 303
    set_plan(world.plan_id, state="live")
    db.session.rollback()
    board = next(board.id for board in boards() if board.slug == "mash-board")
    assert corrected_readings(world.actor(MANAGER), TODAY, board) == []


def test_two_corrections_at_once_meet_and_the_later_sees_both(world):
    action = world.actions["5.3"]
    seen = version_of(action)
    assert correct(world, "5.3", "20 April 2018").status_code == 303
    late = correct(world, "5.3", "12 April 2018", version=seen)
    assert late.status_code == 409 and fact(action, "due_on") == date(2018, 4, 20)
    compared = read(late.text).one("table", class_="compare").text
    assert "12 April 2018" in compared and "due on 20 April 2018" in compared and "Reason" not in compared


def test_history_says_what_the_reading_was_before(world):
    correct(world, "5.3", "20 April 2018", "The board meets on the 20th.")
    db.session.rollback()
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "reading_corrected")).one()
    assert event.before == {"due_on": "2018-04-30"}
    assert event.after == {"due_on": "2018-04-20", "reason": "The board meets on the 20th."}

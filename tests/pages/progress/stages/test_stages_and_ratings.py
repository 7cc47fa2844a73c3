"""Stages ticked and opened again, ratings set by judgement, claims tested, and a move undone from the history."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.access import OPERATOR
from ilacs_app.db import db, transaction
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.lists.counts import counts
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.progress.status.model import StatusMove
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import CLAIM, NOTE, fact, fresh, send, set_fact, the_record, token, version_of

row_of = fresh(action_row)


def post(world, role: str, ref: str, part: str, **fields):
    client, action = world.client(role), world.actions[ref]
    data = {
        "csrf_token": token(client),
        "once": uuid4().hex,
        "view": "action",
        "version": version_of(action),
        **fields,
    }
    return client.post(f"/actions/{action}/{part}", data=data)


def shown(world, role: str, ref: str) -> str:
    return " ".join(read(world.client(role).get(f"/actions/{world.actions[ref]}").text).text.split())


# Stages -----------------------------------------------------------------------------------------------------


def test_a_stage_is_ticked_and_opened_again_and_the_earliest_of_the_others_counts(world):
    action = world.actions["8.3"]
    label = row_of(OPERATOR, action, TODAY).stage
    before = row_of(OPERATOR, action, TODAY)
    assert (before.brag, before.why) == ("amber", "stage_late")
    plan = read(world.client("viewer").get("/plans/twin/recommendations/8").text)
    assert f"the stage “{label}” is late" in plan.one(id=f"action-{action}").text, "a late stage is named"
    assert post(world, "programme_manager", "8.3", "stages", stage=0, done="yes").status_code == 303
    assert fact(action, "stage_due_on") == date(2018, 4, 30)
    assert fact(action, "version") == 2
    assert row_of(OPERATOR, action, TODAY).why == "no_word"
    assert "ticked by Programme Manager" in shown(world, "viewer", "8.3")
    silent = post(world, "programme_manager", "8.3", "stages", stage=0, done="no")
    assert silent.status_code == 422 and "Enter why you are reopening this stage." in silent.text
    again = post(world, "programme_manager", "8.3", "stages", stage=0, done="no", reason="One team was left out.")
    assert again.status_code == 303
    assert fact(action, "stage_due_on") == date(2018, 2, 28)
    history = shown(world, "viewer", "8.3")
    assert f"Stage reopened: {label}: One team was left out." in history and f"Stage done: {label}" in history


def test_an_action_is_overdue_only_after_its_last_stage(world, on):
    action = world.actions["8.3"]
    assert row_of(OPERATOR, action, date(2018, 4, 30)).timeliness == "due_soon"
    assert row_of(OPERATOR, action, date(2018, 5, 1)).timeliness == "overdue"


def test_a_stage_is_ticked_from_the_version_that_was_seen_by_those_who_may_write(world):
    before = the_record()
    stale = post(world, "programme_manager", "8.3", "stages", stage=0, done="yes", version=7)
    assert stale.status_code == 409 and "Someone else changed this action" in stale.text
    assert post(world, "programme_manager", "8.3", "stages", stage=9, done="yes").status_code == 422
    for role in ("lead", "verifier", "chair", "viewer"):
        assert post(world, role, "8.3", "stages", stage=0, done="yes").status_code == 403
    assert post(world, "nobody", "8.3", "stages", stage=0, done="yes").status_code == 404
    assert the_record() == before
    set_fact(world.actions["8.3"], status="verified")
    closed = post(world, "programme_manager", "8.3", "stages", stage=0, done="yes")
    assert closed.status_code == 422


def test_the_same_tick_sent_twice_is_one(world):
    once = uuid4().hex
    for _ in range(2):
        assert post(world, "programme_manager", "8.3", "stages", stage=0, done="yes", once=once).status_code == 303
    assert fact(world.actions["8.3"], "version") == 2


# Ratings ----------------------------------------------------------------------------------------------------


def at_risk(world, ref: str = "5.3") -> int:
    """An action that the rule rates amber on 7 April 2018: due within 28 days, and not started."""
    action = world.actions[ref]
    assert row_of(OPERATOR, action, TODAY).brag == "amber"
    return action


@pytest.mark.parametrize("role", ["programme_manager", "chair", "secretary"])
def test_judgement_sets_a_rating_that_every_list_and_count_follows_until_the_next_note(world, role):
    action = at_risk(world)
    greens = fresh(counts)(OPERATOR, Filter(), TODAY).by_brag.get("green", 0)
    answer = post(world, role, "5.3", "rating", brag="green", reason="The trainer is booked for the 16th.")
    assert answer.status_code == 303
    row = row_of(OPERATOR, action, TODAY)
    assert (row.brag, row.by_rule, row.overridden) == ("green", "amber", True)
    assert fresh(counts)(OPERATOR, Filter(), TODAY).by_brag["green"] == greens + 1
    text = shown(world, "viewer", "5.3")
    assert "Overridden: The trainer is booked for the 16th." in text
    assert f"{CHARACTERS[role]}, 7 April 2018. The rule says amber: due within 28 days, and not started." in text
    listed = read(world.client("viewer").get("/plans/twin?brag=green").text).one(id=f"action-{action}")
    assert listed.attrs["data-brag"] == "green"
    assert "The trainer is booked for the 16th. The rule says amber" in listed.text
    assert send(world.client("lead"), action, "notes", **NOTE).status_code == 303
    assert row_of(OPERATOR, action, TODAY).brag == "amber"
    assert [fact(action, name) for name in ("brag_override", "override_reason", "override_by_id", "override_on")] == [
        None,
        "",
        None,
        None,
    ]
    assert "Rating override removed: a note was written" in shown(world, "viewer", "5.3")


@pytest.mark.parametrize(
    ("facts", "brag", "says"),
    [
        ({"due_on": date(2018, 4, 6)}, "amber", "It is overdue, and overdue is always red."),
        ({"due_on": date(2018, 4, 6)}, "red", "It is overdue, and overdue is always red."),
        ({"status": "slipped_back"}, "green", "The rule says red. One step better or any step worse: choose amber."),
        ({}, "amber", "The rule says amber already."),
        ({}, "blue", "The rule says amber. One step better or any step worse: choose green or red."),
        ({"status": "verified"}, "red", "Verified: you can only override"),
        ({"due_on": date(2019, 4, 6)}, "amber", "The rule says grey: not started, and not due yet."),
        ({}, "", "The rating is already automatic."),
    ],
)
def test_a_judgement_that_the_rule_leaves_no_room_for_is_refused_with_what_it_leaves(world, facts, brag, says):
    action = at_risk(world)
    if facts:
        set_fact(action, **facts)
    before = the_record()
    answer = post(world, "programme_manager", "5.3", "rating", brag=brag, reason="Because.")
    assert answer.status_code == 422 and says in answer.text
    assert "Because." in answer.text
    assert the_record() == before


def test_a_judgement_needs_its_reason_and_the_version_that_was_seen(world):
    at_risk(world)
    silent = post(world, "programme_manager", "5.3", "rating", brag="red")
    assert silent.status_code == 422 and "Enter why you are overriding the rating." in silent.text
    assert post(world, "chair", "5.3", "rating", brag="red", reason="No trainer.").status_code == 303
    late = post(world, "programme_manager", "5.3", "rating", brag="green", reason="There is one.", version=1)
    assert late.status_code == 409
    both = read(late.text).one("table", class_="compare").text
    assert "Red: off track" in both and "No trainer." in both and "There is one." in both
    assert read(late.text).one("textarea", id="r-reason").whole_text == "There is one."
    assert fact(world.actions["5.3"], "brag_override") == "red"
    assert post(world, "programme_manager", "5.3", "rating", brag="").status_code == 303
    assert fact(world.actions["5.3"], "brag_override") is None


def test_only_the_manager_and_the_lead_boards_officers_judge_and_never_what_they_lead_or_own(world):
    at_risk(world)
    before = the_record()
    for role in ("lead", "contributor", "verifier", "board_member", "administrator", "viewer", "inspector", "partner"):
        refused = post(world, role, "5.3", "rating", brag="green", reason="Because.")
        assert refused.status_code == 403, role
    assert post(world, "nobody", "5.3", "rating", brag="green", reason="Because.").status_code == 404
    assert post(world, "chair", "6.2", "rating", brag="green", reason="Because.").status_code == 403
    assert the_record() == before
    with transaction():
        name_people(BY, world.actions["5.3"], "owner", [CHARACTERS["programme_manager"], CHARACTERS["chair"]])
    for role in ("programme_manager", "chair"):
        assert post(world, role, "5.3", "rating", brag="green", reason="Because.").status_code == 403


def test_a_judgement_does_not_hold_once_the_action_is_overdue(world):
    action = at_risk(world)
    post(world, "programme_manager", "5.3", "rating", brag="green", reason="The trainer is booked.")
    row = row_of(OPERATOR, action, date(2018, 5, 1))
    assert (row.brag, row.overridden) == ("red", False)


# Claims -----------------------------------------------------------------------------------------------------


def claimed(world, ref: str = "5.3") -> int:
    action = world.actions[ref]
    assert send(world.client("lead"), action, **CLAIM).status_code == 303
    return action


TEST = {"sample": "Twenty records of March.", "tested_on": "6 April 2018", "reason": "Nineteen hold."}


def test_a_verifier_says_what_was_looked_at_when_and_what_it_showed(world):
    action = claimed(world)
    client = world.client("verifier")
    form = read(client.get(f"/actions/{action}?open={action}").text).one("form", id=f"a{action}-form")
    assert [b.attrs["value"] for b in form.all("button")] == ["verified", "in_progress"]
    assert form.one("input", name="tested_on").attrs["value"] == "7 April 2018"
    back = {"view": "action", "back": f"/actions/{action}"}
    empty = send(client, action, "status", status="verified", **back, **{**TEST, "sample": ""})
    assert empty.status_code == 422 and "Enter what you looked at" in empty.text
    ahead = send(client, action, "status", status="verified", **back, **{**TEST, "tested_on": "8 April 2018"})
    assert ahead.status_code == 422 and "Enter a real date that is today or in the past" in ahead.text
    assert send(client, action, "status", status="verified", **back, **TEST).status_code == 303
    db.session.rollback()
    move = db.session.scalars(select(StatusMove).order_by(StatusMove.id.desc())).first()
    assert (move.sample, move.tested_on, move.reason) == (TEST["sample"], date(2018, 4, 6), TEST["reason"])
    text = shown(world, "viewer", "5.3")
    assert "Looked at: Twenty records of March." in text and "Latest evidence: today" in text


def test_a_claim_that_is_sent_back_says_so_to_the_next_who_tests_it(world):
    action = claimed(world)
    back = {"view": "action", "back": f"/actions/{action}"}
    sent = send(world.client("verifier"), action, "status", status="in_progress", **back, **TEST)
    assert sent.status_code == 303
    send(world.client("lead"), action, **CLAIM)
    page = world.client("verifier").get(f"/actions/{action}?open={action}").text
    assert "This action was sent back on 7 April 2018." in page


def test_a_failed_test_of_what_was_verified_is_slipped_back(world):
    action = claimed(world)
    client, back = world.client("verifier"), {"view": "action", "back": "/plans"}
    send(client, action, "status", status="verified", **back, **TEST)
    form = read(client.get(f"/actions/{action}?open={action}").text).one("form", id=f"a{action}-form")
    assert [b.text.strip() for b in form.all("button")] == ["Mark as slipped back"]
    failed = {**TEST, "sample": "Ten records of April.", "reason": "Four hold."}
    assert send(client, action, "status", status="slipped_back", **back, **failed).status_code == 303
    assert fact(action, "status") == "slipped_back"
    assert row_of(OPERATOR, action, TODAY).brag == "red"


@pytest.mark.parametrize("role", ["lead", "contributor", "programme_manager", "chair", "other_lead"])
def test_no_one_with_a_part_in_it_and_no_one_without_the_role_tests_it(world, role):
    action = claimed(world)
    answer = send(world.client(role), action, "status", status="verified", view="action", back="/plans", **TEST)
    assert answer.status_code in {403, 422}
    assert fact(action, "status") == "completed"


def test_evidence_ages_beside_the_claim(world, on):
    claimed(world)
    on(date(2019, 1, 20))
    assert "Latest evidence: 9 months ago" in shown(world, "viewer", "5.3")
    assert "No evidence here yet" in shown(world, "viewer", "6.1")


def test_what_was_sent_back_is_not_shown_to_be_proved(world):
    action = claimed(world)
    index = "/plans/twin/recommendations/5/evidence"
    assert "Latest evidence: today" in world.client("viewer").get(index).text
    back = {"view": "action", "back": f"/actions/{action}"}
    assert send(world.client("verifier"), action, "status", status="in_progress", **back, **TEST).status_code == 303
    for text in (shown(world, "viewer", "5.3"), world.client("viewer").get(index).text):
        assert "Latest evidence: today" in text


# Undoing ----------------------------------------------------------------------------------------------------


def test_the_newest_move_is_undone_from_the_history_as_a_new_line(world):
    action = world.actions["5.3"]
    client = world.client("lead")
    send(client, action, "status", status="in_progress")
    page = read(client.get(f"/actions/{action}").text)
    form = page.one("form", id="u-form")
    fields = {node.attrs["name"]: node.attrs.get("value", "") for node in form.all("input")}
    assert fields["status"] == "not_started"
    answer = client.post(form.attrs["action"], data={**fields, "reason": "Chosen in the wrong row."})
    assert answer.status_code == 303
    assert (fact(action, "status"), fact(action, "version")) == ("not_started", 3)
    text = shown(world, "lead", "5.3")
    assert "Delivery status: In progress to Not started. Chosen in the wrong row." in text
    assert "Delivery status: Not started to In progress" in text, "the line above stays"


def test_what_the_rules_do_not_take_back_offers_no_undo(world):
    action = claimed(world)
    assert "Undo: change back to" in shown(world, "lead", "5.3"), "the claimer may take a claim back"
    assert "Undo: change back to" not in shown(world, "verifier", "5.3")
    back = {"view": "action", "back": "/plans"}
    send(world.client("verifier"), action, "status", status="verified", **back, **TEST)
    for role in ("lead", "verifier", "programme_manager", "chair"):
        assert "Undo: change back to" not in shown(world, role, "5.3"), role

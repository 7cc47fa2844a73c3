"""What is in a plan, kept: recommendations and actions added, reworded, moved, withdrawn, and read again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.history import HistoryEvent
from ilacs_app.people.model import Person
from ilacs_app.plan.commands import Home, add_action
from ilacs_app.plan.lists.counts import board_counts, counts
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    DateEntry,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import FileAction
from ilacs_app.reporting.export.queries import plan_export
from ilacs_app.worklist.queries import waiting, what_waits
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import BOTH_WAYS, HTMX, all_rows, changed, fact, set_plan, token, version_of

FIVE = "/plans/twin/recommendations/5"


def post(world, path: str, role: str = "programme_manager", headers=None, **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(path, data=data, headers=headers or {})


def recommendation(number: str) -> Recommendation:
    db.session.rollback()
    return db.session.scalars(select(Recommendation).where(Recommendation.number == number)).one()


def fields_of(world, path: str) -> dict[str, Any]:
    """Return what the first form of a page would send, as a browser does."""
    form = read(world.client("programme_manager").get(path).text).one("main").all("form")[0]
    sent: dict[str, object] = {}
    for node in form.all():
        kind, name = node.attrs.get("type"), node.attrs.get("name", "")
        if node.tag == "textarea":
            sent[name] = node.whole_text
        elif node.tag == "select":
            chosen = [one.attrs["value"] for one in node.all("option") if "selected" in one.attrs]
            sent[name] = chosen[0] if chosen else ""
        elif node.tag == "input" and kind == "checkbox":
            if "checked" in node.attrs:
                sent[name] = [*sent.get(name, []), node.attrs["value"]]
        elif node.tag == "input":
            sent[name] = node.attrs.get("value", "")
    del sent["csrf_token"], sent["once"]
    return sent


def words_of(answer) -> str:
    return read(answer.text).one("main").text


def events(verb: str) -> list[HistoryEvent]:
    db.session.rollback()
    return list(db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == verb)))


def leads(id_: int) -> list[tuple[str, bool, int | None]]:
    rows = db.session.execute(
        select(RecommendationLead.name, RecommendationLead.accountable, RecommendationLead.person_id)
        .where(RecommendationLead.recommendation_id == id_)
        .order_by(RecommendationLead.position)
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_recommendation_is_added_with_its_leads_and_boards(world, _way, headers):
    form = fields_of(world, "/plans/twin/recommendations/new")
    assert form["number"] == "13"
    boards = list(db.session.scalars(select(RecommendationBoard.board_id).distinct()))[:2]
    answer = post(
        world,
        "/plans/twin/recommendations/new",
        headers=headers,
        **{
            **form,
            "text": "Hear children before each plan is written.",
            "leads": "Quality Assurance Manager\nHead of Service",
            "accountable": "head of service",
            "boards": [str(one) for one in boards],
            "lead_board": str(boards[1]),
            "exit_criteria": "Nine in ten plans hold the child's words.",
            "kind": "own",
        },
    )
    asked_who_is_meant = "/plans/twin/recommendations/13/names?name=Head+of+Service"
    assert (answer.status_code, answer.headers["Location"]) == (303, asked_who_is_meant)
    made = recommendation("13")
    assert (made.position, made.kind) == (12, "own")
    verifier = world.people["verifier"]
    assert leads(made.id) == [("Quality Assurance Manager", False, verifier), ("Head of Service", True, None)]
    page = words_of(world.client("viewer").get("/plans/twin/recommendations/13"))
    assert "Head of Service (accountable)" in page and "Nine in ten plans" in page and "The council’s own" in page
    lead = db.session.scalars(
        select(RecommendationBoard.board_id).where(
            RecommendationBoard.recommendation_id == made.id, RecommendationBoard.lead
        )
    ).one()
    assert lead == boards[1]
    assert len(events("recommendation_added")) == 13


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": ""}, "Enter the recommendation"),
        ({"number": ""}, "Enter a number for the recommendation"),
        ({"number": "5"}, "This plan already has a recommendation 5."),
        ({"number": "a/b"}, "cannot be used in a web address"),
        ({"accountable": "Somebody Else"}, "Enter one of the leads above, or leave this empty"),
        ({"lead_board": "1"}, "Select one of the boards you ticked"),
    ],
)
def test_a_recommendation_that_cannot_be_added_says_what_to_write_and_keeps_the_text(world, fields, says):
    before = all_rows()
    given = {"number": "13", "text": "Hear children.", "measures": "Nine in ten", **fields}
    answer = post(world, "/plans/twin/recommendations/new", **given)
    assert answer.status_code == 422 and says in words_of(answer)
    assert read(answer.text).one("textarea", id="measures").whole_text == "Nine in ten"
    assert changed(before, all_rows()) <= {"session"}


def test_saving_a_recommendation_as_it_is_writes_nothing(world):
    for number in range(1, 13):
        path = f"/plans/twin/recommendations/{number}/edit"
        form = fields_of(world, path)
        before = all_rows()
        assert post(world, path, **form).status_code == 303
        assert changed(before, all_rows()) <= {"session", "submission"}, number


def test_rewording_a_submitted_recommendation_keeps_the_submitted_words_and_shows_both(world):
    old, form = recommendation("5").text, fields_of(world, f"{FIVE}/edit")
    assert post(world, f"{FIVE}/edit", **{**form, "text": "Look at each notice within a day."}).status_code == 303
    page = words_of(world.client("viewer").get(FIVE))
    assert "Look at each notice within a day." in page and f"In the submitted plan: {old}" in page
    (event,) = events("recommendation_changed")
    assert event.before == {"text": old} and event.recommendation_id == recommendation("5").id
    again = {**form, "version": 2, "text": "Look at each notice."}
    assert post(world, f"{FIVE}/edit", **again).status_code == 303
    assert recommendation("5").submitted_text == old, "the submitted words, not the last ones"
    assert post(world, f"{FIVE}/edit", **{**form, "version": 3}).status_code == 303
    assert recommendation("5").submitted_text is None, "the two are the same again"


def test_words_of_a_draft_and_of_what_was_added_later_are_not_called_submitted(world, on):
    set_plan(world.plan_id, state="draft")
    post(world, f"{FIVE}/edit", **{**fields_of(world, f"{FIVE}/edit"), "text": "Other words."})
    assert recommendation("5").submitted_text is None
    set_plan(world.plan_id, state="submitted", submitted_on=TODAY)
    on(date(2018, 4, 8))
    post(world, "/plans/twin/recommendations/new", number="13", text="Added later.")
    form = fields_of(world, "/plans/twin/recommendations/13/edit")
    post(world, "/plans/twin/recommendations/13/edit", **{**form, "text": "Reworded."})
    assert (recommendation("13").text, recommendation("13").submitted_text) == ("Reworded.", None)


def test_a_lead_who_is_put_in_sees_the_item_and_one_who_is_taken_out_does_not(world):
    assert post(world, f"/actions/{world.actions['5.2']}/notes", "viewer", view="work", did="x").status_code == 403
    form = fields_of(world, f"{FIVE}/edit")
    post(world, f"{FIVE}/edit", **{**form, "leads": "Scrutiny Officer"})
    assert post(world, f"/actions/{world.actions['5.2']}/notes", "viewer", view="work", did="x").status_code == 303
    assert post(world, f"/actions/{world.actions['5.2']}/notes", "lead", view="work", did="x").status_code in {403, 404}


def test_boards_keep_the_plans_own_words_and_their_order(world):
    form = fields_of(world, "/plans/twin/recommendations/12/edit")
    id_ = recommendation("12").id
    before = _named_as(id_)
    assert len(before) > 1
    second = form["boards"][-1] if isinstance(form["boards"], list) else ""
    post(world, "/plans/twin/recommendations/12/edit", **{**form, "lead_board": second})
    assert _named_as(id_) == before
    assert len(events("recommendation_changed")) == 1


def _named_as(id_: int) -> list[str]:
    found = select(RecommendationBoard.named_as).where(RecommendationBoard.recommendation_id == id_)
    return list(db.session.scalars(found.order_by(RecommendationBoard.position)))


def test_of_two_who_change_one_recommendation_the_later_sees_both(world):
    form = fields_of(world, f"{FIVE}/edit")
    assert post(world, f"{FIVE}/edit", **{**form, "impact": "Fewer children wait."}).status_code == 303
    answer = post(world, f"{FIVE}/edit", **{**form, "impact": "No child waits."})
    assert answer.status_code == 409
    row = next(row for row in read(answer.text).all("tr") if row.text.startswith("Impact wanted"))
    assert "Fewer children wait." in row.text and "No child waits." in row.text
    assert recommendation("5").impact == "Fewer children wait."
    version = read(answer.text).one("main").all("form")[0].one("input", name="version").attrs["value"]
    assert post(world, f"{FIVE}/edit", **{**form, "version": version, "impact": "No child waits."}).status_code == 303


def test_a_recommendation_gets_another_number_and_its_references_follow(world):
    answer = post(world, f"{FIVE}/move", version=1, number="5A", place="1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/plans/twin/recommendations/5A")
    listed = read(world.client("viewer").get("/plans/twin").text).one("tbody").all("td", class_="ref")
    assert [cell.text for cell in listed[:3]] == ["5A", "1", "2"]
    assert (
        read(world.client("viewer").get(f"/actions/{world.actions['5.2']}").text)
        .one("title")
        .text.startswith("Action 5A.2")
    )
    (event,) = events("recommendation_moved")
    assert (event.before, event.after) == ({"number": "5", "place": 5}, {"number": "5A", "place": 1})
    wrong_place = "Enter a whole number from 1 to 99,999"
    for fields, says in (
        ({"number": "6"}, "a recommendation 6"),
        ({"place": "first"}, wrong_place),
        ({"place": f"000001{'9' * 25}"}, wrong_place),
        ({"item": f"{'0' * 11}{'9' * 25}", "number": "6"}, "a recommendation 6"),
    ):
        path = "/plans/twin/recommendations/5A/move"
        refused = post(world, path, **{"version": 2, "number": "5", "place": "1", **fields})
        assert refused.status_code == 422 and says in words_of(refused)
    assert post(world, "/plans/twin/recommendations/5A/move", version=1, number="5", place="5").status_code == 409


def test_a_withdrawn_recommendation_is_in_no_list_and_no_count(world):
    everything, led = counts(world.actor("viewer"), Filter(), TODAY), world.actor("lead")
    by_board, total = board_counts(world.actor("viewer"), TODAY)
    assert total == everything
    gone = {ref for ref in world.actions if ref.startswith("5.")}
    assert post(world, f"{FIVE}/withdraw", version=1, reason="Part of recommendation 6 now").status_code == 303
    db.session.rollback()
    left = everything.actions - len(gone)
    for role in ("viewer", "partner", "inspector", "programme_manager"):
        for wanted in (Filter(), Filter(plan_id=world.plan_id)):
            seen = counts(world.actor(role), wanted, TODAY).actions
            assert seen == (0 if role == "partner" else left), (role, wanted)
    by_board_now, total_now = board_counts(world.actor("viewer"), TODAY)
    assert total_now.actions == left
    (board_id,) = world.actor("chair").board_ids
    assert by_board_now.get(board_id, (None, 0))[1] == by_board[board_id][1] - 1
    assert counts(world.actor("viewer"), Filter(board_id=board_id), TODAY).actions == 0
    assert what_waits(led, TODAY).updates == len(waiting(led, TODAY)) == 0
    assert {one.number for one in plan_export(world.actor("viewer"), "twin", TODAY).file.recommendations} == {
        str(n) for n in range(1, 13) if n != 5
    }
    plan = words_of(world.client("viewer").get("/plans/twin"))
    assert f"11 recommendations, {left} actions" in plan and "Withdrawn recommendations" in plan
    page = words_of(world.client("viewer").get(FIVE))
    assert "Withdrawn on 7 April 2018: Part of recommendation 6 now" in page
    assert "Previous" not in page.split("Actions")[0] or "4" in page
    neighbours = words_of(world.client("viewer").get("/plans/twin/recommendations/4"))
    assert "Recommendation 4" in neighbours
    assert (
        read(world.client("viewer").get("/plans/twin/recommendations/4").text)
        .one("a", rel="next")
        .attrs["href"]
        .endswith("/6")
    )


def test_nothing_is_written_in_a_withdrawn_recommendation_until_it_is_taken_up_again(world):
    action = world.actions["5.2"]
    post(world, f"{FIVE}/withdraw", version=1, reason="Not needed")
    for role in ("lead", "programme_manager"):
        assert post(world, f"/actions/{action}/notes", role, view="work", did="x").status_code == 403
        page = words_of(world.client(role).get(f"/actions/{action}"))
        assert "Recommendation 5 was withdrawn on 7 April 2018: Not needed" in page
    refused = post(world, f"{FIVE}/actions/new", ref="5.9", text="More")
    assert refused.status_code == 422 and "This recommendation is withdrawn." in words_of(refused)
    assert post(world, f"{FIVE}/withdraw", version=2, reason="Again").status_code == 422
    assert post(world, f"{FIVE}/return", version=2, reason="").status_code == 422
    assert post(world, f"{FIVE}/return", version=2, reason="It is needed").status_code == 303
    assert post(world, f"/actions/{action}/notes", "lead", view="work", did="x").status_code == 303
    assert [event.about for event in events("recommendation_returned")] == ["5: It is needed"]


def test_a_withdrawal_needs_its_reason(world):
    answer = post(world, f"{FIVE}/withdraw", version=1, reason=" ")
    assert answer.status_code == 422
    assert "Enter why you are withdrawing this recommendation" in words_of(answer)
    assert post(world, f"{FIVE}/withdraw", version=9, reason="x").status_code == 409


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_an_action_is_added_with_its_timescale_and_people(world, _way, headers):
    form = fields_of(world, f"{FIVE}/actions/new")
    fields = {
        "text": "Ask twenty families each quarter.",
        "timescale": "End June 2018",
        "owners": "Scrutiny Officer\nScrutiny Officer",
        "contributors": "Training Officer",
    }
    assert post(world, f"{FIVE}/actions/new", headers=headers, **{**form, **fields}).status_code == 303
    db.session.rollback()
    made = db.session.scalars(select(Action).order_by(Action.id.desc())).first()
    assert (made.due_on, made.original_due_on, made.moves) == (date(2018, 6, 30), date(2018, 6, 30), 0)
    people = db.session.execute(
        select(ActionPerson.part, ActionPerson.person_id).where(ActionPerson.action_id == made.id)
    )
    assert set(people) == {("owner", world.people["viewer"]), ("contributor", world.people["contributor"])}
    place = db.session.scalars(select(ActionPlace).where(ActionPlace.action_id == made.id)).one()
    assert place.ref == form["ref"] and "Ask twenty families" in words_of(world.client("lead").get(FIVE))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": ""}, "Enter what will be done"),
        ({"ref": ""}, "Enter a reference"),
        ({"ref": "6.1"}, "This plan already has an action 6.1."),
    ],
)
def test_an_action_that_cannot_be_added_says_what_to_write_and_keeps_the_text(world, fields, says):
    before = all_rows()
    answer = post(world, f"{FIVE}/actions/new", **{"ref": "5.9", "text": "Ask.", "timescale": "June 2018", **fields})
    assert answer.status_code == 422 and says in words_of(answer) and 'value="June 2018"' in answer.text
    assert changed(before, all_rows()) <= {"session"}


def test_rewording_an_action_keeps_the_submitted_words_and_its_status_and_date(world):
    action = world.actions["5.2"]
    path, old = f"/actions/{action}/edit", fact(action, "text")
    form = fields_of(world, path)
    answer = post(world, path, **{**form, "text": "Ask each team.", "owners": "Scrutiny Officer"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/actions/{action}")
    page = words_of(world.client("viewer").get(f"/actions/{action}"))
    assert "Ask each team." in page and f"In the submitted plan: {old}" in page and "Owner: Scrutiny Officer" in page
    assert f"Words: {old} → Ask each team." in page
    stale = post(world, path, **{**form, "text": "Ask every team."})
    assert stale.status_code == 409 and "Ask each team." in words_of(stale) and "Ask every team." in stale.text
    row = next(one for one in plan_export(world.actor("viewer"), "twin", TODAY).file.actions if one.ref == "5.2")
    assert row.status_text == fact(action, "imported_status_text"), "its status was not moved here"
    assert "timescale" not in form


def test_saving_an_action_as_it_is_writes_nothing(world):
    for ref in ("1.1", "5.3", "8.3"):
        path = f"/actions/{world.actions[ref]}/edit"
        form = fields_of(world, path)
        before = all_rows()
        assert post(world, path, **form).status_code == 303
        assert changed(before, all_rows()) <= {"session", "submission"}


def test_an_action_gets_another_place_and_reference(world):
    action, six = world.actions["5.2"], recommendation("6").id
    five = recommendation("5").id
    fields = {"version": 1, "stood": five, "recommendation": five, "ref": "5.2", "place": "1"}
    assert post(world, f"/actions/{action}/place", **fields).status_code == 303
    assert _order(five)[:2] == [action, world.actions["5.1"]]
    fields |= {"version": 2, "recommendation": six, "ref": "6.9", "place": "99"}
    assert post(world, f"/actions/{action}/place", **fields).status_code == 303
    assert _order(six)[-1] == action and action not in _order(five)
    assert "Action 6.9" in world.client("viewer").get(f"/actions/{action}").text
    assert events("action_moved")[0].after == {"place": 1}
    taken = {**fields, "stood": six, "version": 3, "ref": "6.1"}
    refused = post(world, f"/actions/{action}/place", **taken)
    assert refused.status_code == 422 and "This plan already has an action 6.1" in words_of(refused)
    assert post(world, f"/actions/{action}/place", **{**taken, "ref": "6.8", "version": 1}).status_code == 409
    assert post(world, f"/actions/{action}/place", **{**taken, "stood": 999}).status_code == 422


def _order(recommendation_id: int) -> list[int]:
    db.session.rollback()
    found = select(ActionPlace.action_id).where(ActionPlace.recommendation_id == recommendation_id)
    return list(db.session.scalars(found.order_by(ActionPlace.position)))


def _ledger(action_id: int) -> list[tuple[str, str, date | None]]:
    db.session.rollback()
    found = select(DateEntry.kind, DateEntry.words, DateEntry.due_on).where(DateEntry.action_id == action_id)
    return [tuple(row) for row in db.session.execute(found.order_by(DateEntry.id))]


def test_a_reading_is_corrected_beside_unchanged_words_and_is_no_move(world):
    action = world.actions["5.2"]
    words, due = fact(action, "timescale_text"), fact(action, "due_on")
    answer = post(world, f"/actions/{action}/reading", version=1, words="15 March 2018", reason="Typed wrongly.")
    assert answer.status_code == 303
    assert [fact(action, name) for name in ("timescale_text", "due_on", "original_due_on", "moves")] == [
        words,
        date(2018, 3, 15),
        date(2018, 3, 15),
        0,
    ]
    assert _ledger(action) == [("original", words, due), ("reading", words, date(2018, 3, 15))]
    page = words_of(world.client("viewer").get(f"/actions/{action}"))
    assert "Due date reading corrected" in page and "Typed wrongly." in page and "Move 1" not in page
    assert "→ 15 March 2018" in page, "a line of history says its days in words"
    assert page.count("due on 15 March 2018") == 1, "and the ledger says it once"
    for wrong in ("soon", "", "June", "April 2018 (revised May 2018)"):
        refused = post(world, f"/actions/{action}/reading", version=2, words=wrong, reason="x")
        assert refused.status_code == 422 and "Enter a date we can read with certainty" in words_of(refused), wrong
        assert read(refused.text).one("input", id="r-words").attrs["aria-invalid"] == "true", "said at the field"
    stale = post(world, f"/actions/{action}/reading", version=1, words="16 June 2018", reason="x")
    assert stale.status_code == 409


def test_an_action_without_a_date_gets_its_first_one(world):
    post(world, f"{FIVE}/actions/new", ref="5.9", text="Ask families.", timescale="TBC")
    db.session.rollback()
    action = db.session.scalars(select(Action.id).order_by(Action.id.desc())).first()
    assert "Date unclear" in words_of(world.client("viewer").get(f"/actions/{action}"))
    assert "Give it a date" in words_of(world.client("programme_manager").get(f"/actions/{action}/edit"))
    given = {"words": "End June 2018", "reason": "Agreed with the team."}
    assert post(world, f"/actions/{action}/first-date", version=1, **given).status_code == 303
    assert _ledger(action) == [("original", "TBC", None), ("first_date", "End June 2018", date(2018, 6, 30))]
    assert (fact(action, "moves"), fact(action, "timescale_text")) == (0, "End June 2018")
    again = post(world, f"/actions/{action}/first-date", version=version_of(action), words="End July 2018", reason="x")
    assert again.status_code == 422 and "This action already has a date. Request a date change instead." in words_of(
        again
    )


def test_who_owns_an_action_is_told_that_another_dates_it_and_gets_no_form_for_it(world):
    form = fields_of(world, f"/actions/{world.actions['5.2']}/edit")
    action = world.actions["5.2"]
    manager = db.session.get_one(Person, world.people["programme_manager"]).name
    assert post(world, f"/actions/{action}/edit", **{**form, "owners": manager}).status_code == 303
    page = read(world.client("programme_manager").get(f"/actions/{action}/edit").text).one("main")
    assert "You cannot date an action that you lead or own." in page.text and page.all("form", id="read") == []
    refused = post(world, f"/actions/{action}/reading", version=version_of(action), words="15 June 2018", reason="x")
    assert refused.status_code == 422 and "You cannot date an action that you lead or own." in words_of(refused)


def test_nothing_in_a_closed_plan_is_changed(world):
    form = fields_of(world, f"{FIVE}/edit")
    set_plan(world.plan_id, state="closed")
    action = world.actions["5.2"]
    for path, fields in (
        (f"{FIVE}/edit", {**form, "text": "Other"}),
        (f"{FIVE}/move", {"version": 1, "number": "50", "place": "1"}),
        (f"{FIVE}/withdraw", {"version": 1, "reason": "x"}),
        (f"{FIVE}/actions/new", {"ref": "5.9", "text": "x"}),
        ("/plans/twin/recommendations/new", {"number": "50", "text": "x"}),
        (f"/actions/{action}/edit", {"version": 1, "text": "x"}),
        (f"/actions/{action}/reading", {"version": 1, "words": "31 May 2018", "reason": "x"}),
    ):
        answer = post(world, path, **fields)
        assert answer.status_code == 422 and "This plan is closed" in words_of(answer), path
    assert "Change, move or withdraw" not in world.client("programme_manager").get(FIVE).text
    assert f"/actions/{action}/edit" not in world.client("programme_manager").get(f"/actions/{action}").text


def test_others_are_offered_nothing_and_strangers_are_sent_away(world):
    action = world.actions["5.2"]
    for role in ("lead", "viewer", "chair"):
        assert "/edit" not in world.client(role).get(FIVE).text
        assert "/edit" not in world.client(role).get(f"/actions/{action}").text
    for path in (f"{FIVE}/edit", f"/actions/{action}/edit", f"{FIVE}/actions/new", "/plans/twin/recommendations/new"):
        assert world.client(None).get(path).status_code == 302
        assert world.client(None).get(path, headers=HTMX).status_code == 401
        assert world.client("programme_manager").put(path).status_code == 405
    assert post(world, "/plans/twin/recommendations/99/edit", text="x").status_code == 404
    assert post(world, "/actions/999999/edit", text="x").status_code == 404


def test_each_form_of_these_pages_goes_to_an_address_that_takes_it(world):
    action = world.actions["5.2"]
    reach = world.app.url_map.bind("localhost")
    found = set()
    for path in (f"{FIVE}/edit", f"{FIVE}/actions/new", f"/actions/{action}/edit", "/plans/twin/recommendations/new"):
        for form in read(world.client("programme_manager").get(path).text).one("main").all("form"):
            found.add(reach.match(form.attrs["action"], method="POST")[0])
    of_actions = {f"actions.{name}" for name in ("save_action", "reading", "place_action", "add_action")}
    names = ("save_recommendation", "add_recommendation", "move", "withdraw")
    assert found == of_actions | {f"recommendations.{name}" for name in names}


def reworded(world, path: str, words: str) -> None:
    assert post(world, path, **{**fields_of(world, path), "text": words}).status_code == 303


@pytest.mark.parametrize("typed_day", ["1 January 2018", "7 April 2018"])
def test_what_was_submitted_is_what_applied_when_the_plan_was_submitted_here_whatever_day_was_typed(world, typed_day):
    set_plan(world.plan_id, state="draft")
    action = world.actions["5.2"]
    old = {"action": fact(action, "text"), "recommendation": recommendation("5").text}
    moved = post(world, "/plans/twin/state", version=1, to="submitted", on_day=typed_day)
    assert moved.status_code == 303
    reworded(world, f"{FIVE}/edit", "Look at each notice.")
    reworded(world, f"/actions/{action}/edit", "Ask each team.")
    assert fact(action, "submitted_text") == old["action"]
    assert recommendation("5").submitted_text == old["recommendation"]


@pytest.mark.parametrize("submitted_here", [True, False])
def test_what_was_added_after_the_plan_was_submitted_or_came_here_has_no_submitted_words(world, submitted_here):
    if submitted_here:
        set_plan(world.plan_id, state="draft")
        assert post(world, "/plans/twin/state", version=1, to="submitted", on_day="7 April 2018").status_code == 303
    new = {"ref": "5.9", "text": "Ask.", "timescale": "June 2018"}
    assert post(world, f"{FIVE}/actions/new", **new).status_code == 303
    post(world, "/plans/twin/recommendations/new", number="13", text="Added later.")
    db.session.rollback()
    action = db.session.scalars(select(Action.id).where(Action.text == "Ask.")).one()
    reworded(world, f"/actions/{action}/edit", "Ask each team.")
    reworded(world, "/plans/twin/recommendations/13/edit", "Reworded.")
    assert (fact(action, "text"), fact(action, "submitted_text")) == ("Ask each team.", None)
    assert (recommendation("13").text, recommendation("13").submitted_text) == ("Reworded.", None)


def test_what_a_newer_file_brought_after_the_plan_was_submitted_has_no_submitted_words(world):
    with transaction():
        (home,) = db.session.scalars(select(ActionPlace).where(ActionPlace.action_id == world.actions["5.2"]))
        text = "Brought by a newer file."
        given = FileAction(ref="5.9", text=text, timescale=read_timescale("June 2018", TODAY), at="row 90")
        to = Home(world.plan_id, TODAY, home.recommendation_id, 90)
        action = add_action(world.author("programme_manager"), to, given, imported_from="newer.csv")
    reworded(world, f"/actions/{action}/edit", "Reworded.")
    assert (fact(action, "text"), fact(action, "submitted_text")) == ("Reworded.", None)

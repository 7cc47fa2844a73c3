"""A plan kept after its import: made, changed, moved from draft to closed; and the inspections that plans answer."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.editing.plans.forms import read_pairs, shown_pairs
from ilacs_app.editing.plans.rules import STATE_WORDS, plan_move, plan_moves
from ilacs_app.history import HistoryEvent
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.commands import make_plan
from ilacs_app.plan.model import Action, Inspection, Plan
from tests.auditor import read
from tests.conftest import BY, TODAY
from tests.factories import BOTH_WAYS, HTMX, all_rows, changed, fact, set_plan, token

INSPECTION = {
    "authority": "Northmoor County Council",
    "framework": "ILACS, April 2026",
    "on_site_from": "5 March 2018",
    "on_site_until": "16 March 2018",
    "received_on": "27/03/2018",
}
PLAN = {
    "title": "Improvement plan",
    "short_name": "Plan 2018",
    "dated_on": "22 February 2018",
    "reporting_window": "28",
    "oversight_board": "",
    "inspection": "",
    "reporting_committee": "Scrutiny committee",
    "link_plans": "Early help strategy\nSufficiency strategy",
    "status_key": "Green = Completed\nWhite = Not yet looked at",
    "glossary": "MASH = Multi-agency safeguarding hub",
    "role_titles": "",
}


def post(world, path: str, role: str = "programme_manager", headers=None, **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(path, data=data, headers=headers or {})


def the_plan(plan_id: int) -> Plan:
    db.session.rollback()
    return db.session.scalars(select(Plan).where(Plan.id == plan_id)).one()


def words_of(answer) -> str:
    return read(answer.text).one("main").text


def events(verb: str) -> list[HistoryEvent]:
    db.session.rollback()
    return list(db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == verb)))


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_an_inspection_is_entered_and_read_by_everyone(world, _way, headers):
    assert post(world, "/inspections/new", headers=headers, **INSPECTION).status_code == 303
    found = db.session.scalars(select(Inspection)).one()
    assert (found.on_site_from, found.received_on) == (date(2018, 3, 5), date(2018, 3, 27))
    for path in ("/inspections", f"/inspections/{found.id}"):
        text = words_of(world.client("viewer").get(path))
        assert "ILACS, April 2026" in text and "Northmoor County Council" in text and "2018" in text, path
        assert "Create a plan" not in text
    assert len(events("inspection_entered")) == 1


def test_a_plan_is_made_from_an_inspection_and_is_a_draft(world):
    post(world, "/inspections/new", **INSPECTION)
    page = world.client("programme_manager").get("/inspections/1").text
    form = read(world.client("programme_manager").get(_link(page, "Create a plan")).text)
    assert [o.attrs["value"] for o in form.all("option") if "selected" in o.attrs] == ["1"]
    answer = post(world, "/plans/new", title="Answer to the inspection", inspection="1", dated_on="30 March 2018")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/plans/answer-to-the-inspection")
    made = db.session.scalars(select(Plan).where(Plan.slug == "answer-to-the-inspection")).one()
    assert (made.state, made.dated_on, made.inspection_id) == ("draft", date(2018, 3, 30), 1)
    assert world.client("viewer").get("/plans/answer-to-the-inspection").status_code == 404
    page = words_of(world.client("programme_manager").get("/plans/answer-to-the-inspection"))
    assert "Draft: not included in totals or emails." in page
    assert "Answer to the inspection" in words_of(world.client("programme_manager").get("/inspections/1"))
    assert "Answer to the inspection" not in words_of(world.client("viewer").get("/inspections/1"))


def _link(text: str, words: str) -> str:
    return next(link.attrs["href"] for link in read(text).all("a") if link.text == words)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "Enter the plan’s title"),
        ({"title": "Second", "slug": "twin"}, "There is a plan called “twin” already"),
        ({"title": "Second", "slug": "new"}, "is the address of a page"),
        ({"title": "Second", "slug": "Second plan"}, "such as second-plan"),
        ({"title": "Second", "dated_on": "31 April 2018"}, "Enter a real date"),
    ],
)
def test_a_plan_that_cannot_be_made_says_what_to_write_and_keeps_the_text(world, fields, says):
    before = all_rows()
    answer = post(world, "/plans/new", **fields)
    assert answer.status_code == 422
    assert says in words_of(answer)
    for value in fields.values():
        assert f'value="{value}"' in answer.text
    assert changed(before, all_rows()) <= {"session"}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"authority": ""}, "Enter the authority that was inspected"),
        ({"framework": ""}, "Enter the framework"),
        ({"published_on": "soon"}, "Enter a real date"),
        ({"on_site_until": "1 March 2018"}, "Enter a date that is not before the first day on site"),
        ({"published_on": "26 March 2018"}, "Enter a date that is not before the report was received"),
    ],
)
def test_an_inspection_that_cannot_be_entered_says_what_to_write(world, fields, says):
    answer = post(world, "/inspections/new", **{**INSPECTION, **fields})
    assert answer.status_code == 422 and says in words_of(answer)
    assert db.session.scalars(select(Inspection)).all() == []


def test_of_two_who_correct_one_inspection_the_later_sees_both(world):
    post(world, "/inspections/new", **INSPECTION)
    path = "/inspections/1/edit"
    assert post(world, path, version=1, **{**INSPECTION, "framework": "ILACS, May 2026"}).status_code == 303
    answer = post(world, path, version=1, **{**INSPECTION, "framework": "SIF"})
    assert answer.status_code == 409
    assert "ILACS, May 2026" in words_of(answer) and 'value="SIF"' in answer.text
    assert read(answer.text).one("input", name="version").attrs["value"] == "2"
    assert post(world, path, version=2, **{**INSPECTION, "framework": "SIF"}).status_code == 303
    event = events("inspection_changed")[-1]
    assert (event.before, event.after["framework"]) == ({"framework": "ILACS, May 2026"}, "SIF")


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_a_plan_says_of_itself_what_its_manager_wrote(world, _way, headers):
    mash = read(world.client("programme_manager").get("/plans/twin/edit").text)
    board = next(o.attrs["value"] for o in mash.all("option") if o.text == "MASH Board")
    answer = post(world, "/plans/twin/edit", headers=headers, version=1, **{**PLAN, "oversight_board": board})
    assert answer.status_code == 303
    plan = the_plan(world.plan_id)
    assert (plan.title, plan.short_name, plan.slug) == ("Improvement plan", "Plan 2018", "twin")
    assert (plan.reporting_window, plan.oversight_board_id) == (28, int(board))
    assert plan.link_plans == ["Early help strategy", "Sufficiency strategy"]
    assert plan.status_key == [
        {"word": "Green", "means": "completed"},
        {"word": "White", "means": "Not yet looked at"},
    ]
    assert plan.glossary == {"MASH": "Multi-agency safeguarding hub"}
    (event,) = events("plan_changed")
    assert event.before["reporting_window"] == 35 and "dated_on" not in event.after
    page = words_of(world.client("viewer").get("/plans/twin"))
    assert "The council’s own status words" in page and "Green means: Completed, awaiting verification" in page
    again = read(world.client("programme_manager").get("/plans/twin/edit").text)
    assert again.one("textarea", id="status_key").whole_text == (
        "Green = Completed, awaiting verification\nWhite = Not yet looked at"
    )


def test_saving_a_plan_as_it_is_writes_nothing(world):
    page = read(world.client("programme_manager").get("/plans/twin/edit").text)
    fields = {node.attrs["name"]: node.attrs.get("value", "") for node in page.one("main").all("input")}
    fields |= {node.attrs["name"]: node.whole_text for node in page.all("textarea")}
    before = all_rows()
    assert post(world, "/plans/twin/edit", **fields).status_code == 303
    assert changed(before, all_rows()) <= {"session", "submission"}


@pytest.mark.parametrize(
    ("field", "words", "says"),
    [
        ("title", "", "Enter the plan’s title"),
        ("short_name", "", "Enter a short name"),
        ("dated_on", "", "Enter a real date"),
        ("reporting_window", "some", "Enter a number of days from 1 to 366"),
        ("reporting_window", f"000001{'9' * 25}", "Enter a number of days from 1 to 366"),
        ("reporting_window", "0", "Enter a number of days from 1 to 366"),
        ("glossary", "MASH", "Line 1: enter a name, then =, then what it means"),
        ("role_titles", "A = B\n\nA = C", "Line 3: “A” is here twice."),
    ],
)
def test_a_plan_that_cannot_be_saved_says_what_to_write_and_keeps_the_text(world, field, words, says):
    before = all_rows()
    answer = post(world, "/plans/twin/edit", version=1, **{**PLAN, field: words})
    assert answer.status_code == 422 and says in words_of(answer)
    assert 'value="Scrutiny committee"' in answer.text
    assert changed(before, all_rows()) <= {"session"}


def test_of_two_who_change_one_plan_the_later_sees_both(world):
    assert post(world, "/plans/twin/edit", version=1, **PLAN).status_code == 303
    mine = {"title": "Our plan", "glossary": "LAC = Care", "status_key": ""}
    answer = post(world, "/plans/twin/edit", version=1, **{**PLAN, **mine})
    assert answer.status_code == 409
    rows = read(answer.text).one("tbody").all("tr")
    assert [[cell.text for cell in row.all() if cell.tag in {"th", "td"}][:3] for row in rows] == [
        ["Title", "Our plan", "Improvement plan"],
        [
            "The council’s own status words",
            "Empty",
            "Green = Completed, awaiting verification White = Not yet looked at",
        ],
        ["Glossary", "LAC = Care", "MASH = Multi-agency safeguarding hub"],
    ]
    assert the_plan(world.plan_id).title == "Improvement plan"


def test_what_was_counted_from_the_plans_own_date_follows_it(world):
    ongoing = db.session.scalars(select(Action).where(Action.timescale_kind == "ongoing")).first()
    id_, review = ongoing.id, ongoing.first_review_on
    post(world, "/plans/twin/edit", version=1, **{**PLAN, "dated_on": "31 March 2018"})
    assert fact(id_, "first_review_on") > review
    assert fact(world.actions["5.2"], "last_word_on") == date(2018, 3, 31)


def test_only_the_manager_of_this_plan_changes_it(world):
    with transaction():
        other = make_plan(BY, "other", "Other", TODAY, state="live")
        grant_role(BY, world.people["viewer"], "programme_manager", plan_id=world.plan_id)
        grant_role(BY, world.people["verifier"], "programme_manager", plan_id=other)
    assert post(world, "/plans/twin/edit", "viewer", version=1, **PLAN).status_code == 303
    assert post(world, "/plans/twin/edit", "verifier", version=2, **PLAN).status_code == 403
    assert post(world, "/plans/new", "viewer", title="Another").status_code == 403, "that is for managers of all plans"
    assert "Edit this plan" in world.client("viewer").get("/plans/twin").text
    assert "Edit this plan" not in world.client("lead").get("/plans/twin").text


def test_a_plans_status_is_shown_once_and_its_day_only_while_it_holds(world):
    set_plan(world.plan_id, submitted_on=date(2018, 3, 1), live_on=date(2018, 3, 2))
    manager = world.client("programme_manager")
    live = words_of(manager.get("/plans/twin/state"))
    assert "Live since 2 March 2018." in live and "The plan is" not in live
    version = the_plan(world.plan_id).version
    assert post(world, "/plans/twin/state", version=version, to="submitted", reason="Too early").status_code == 303
    back = words_of(manager.get("/plans/twin/state"))
    assert "Live since" not in back and "The plan is submitted." in back
    assert "Submitted on 1 March 2018. First live on 2 March 2018." in back


def test_a_plan_goes_from_draft_to_closed_step_by_step(world):
    set_plan(world.plan_id, state="draft", live_on=None)
    for version, to in enumerate(("submitted", "live", "closed"), 1):
        assert post(world, "/plans/twin/state", version=version, to=to, on_day="6 April 2018").status_code == 303
    plan = the_plan(world.plan_id)
    day = date(2018, 4, 6)
    assert (plan.state, plan.submitted_on, plan.live_on, plan.closed_on) == ("closed", day, day, day)
    text = words_of(world.client("programme_manager").get("/plans/twin/state"))
    assert "Closed on 6 April 2018." in text and "State: live → closed" in text
    refused = post(world, "/plans/twin/edit", version=4, **PLAN)
    assert refused.status_code == 422 and "This plan is closed" in words_of(refused)


@pytest.mark.parametrize(
    ("state", "to", "fields", "says"),
    [
        ("live", "submitted", {}, "Enter a reason"),
        ("draft", "live", {"reason": "x"}, "A plan that is draft cannot become live in one step."),
        ("live", "live", {}, "The plan is live already."),
        ("live", "closed", {"on_day": "8 April 2018"}, "Enter a date that is today or in the past"),
        ("live", "closed", {"on_day": "never"}, "Enter a real date"),
        ("live", "gone", {}, "cannot become gone"),
    ],
)
def test_a_step_that_is_not_one_is_refused_with_the_reason(world, state, to, fields, says):
    set_plan(world.plan_id, state=state)
    answer = post(world, "/plans/twin/state", version=1, to=to, **fields)
    assert answer.status_code == 422 and says in words_of(answer)
    at = "submitted-reason" if to == "submitted" else "closed-on_day" if fields.get("on_day") else ""
    assert [one.attrs["href"] for one in read(answer.text).one("div", data_error_summary="").all("a")] == [
        f"#{at}"
    ] * bool(at)
    assert the_plan(world.plan_id).state == state


def test_a_step_back_keeps_its_reason(world):
    set_plan(world.plan_id, submitted_on=date(2018, 3, 1))
    assert post(world, "/plans/twin/state", version=1, to="submitted", reason="Sent too early").status_code == 303
    assert world.client("viewer").get("/plans/twin").status_code == 404
    assert post(world, "/plans/twin/state", version=2, to="draft", reason="Council asked").status_code == 303
    assert the_plan(world.plan_id).submitted_on is None
    assert [event.about for event in events("plan_moved")] == ["Sent too early", "Council asked"]


def test_a_step_from_a_page_that_is_out_of_date_is_not_taken(world):
    post(world, "/plans/twin/edit", version=1, **PLAN)
    answer = post(world, "/plans/twin/state", version=1, to="submitted", reason="Sent too early")
    assert answer.status_code == 409
    assert "Someone else changed this plan" in words_of(answer) and "Sent too early" in answer.text
    assert the_plan(world.plan_id).state == "live"


def test_a_form_sent_twice_makes_one_plan(world):
    for _ in range(2):
        assert post(world, "/plans/new", once="one", title="Second plan").status_code == 303
    assert len(events("plan_made")) == 2, "the twin, and this one"


def test_strangers_missing_items_and_wrong_verbs(world):
    with transaction():
        enter_inspection(BY, "Northmoor", "ILACS")
    for path in ("/inspections", "/inspections/1", "/plans/new", "/plans/twin/edit", "/plans/twin/state"):
        assert world.client(None).get(path).status_code == 302
        assert world.client(None).get(path, headers=HTMX).status_code == 401
        assert world.client("programme_manager").put(path).status_code == 405
    assert post(world, "/inspections/99/edit", **INSPECTION).status_code == 404
    assert post(world, "/plans/none/edit", **PLAN).status_code == 404


def test_every_step_on_has_a_step_back():
    for state in STATE_WORDS:
        for move in plan_moves(state):
            back = plan_move(move.to, state)
            assert not isinstance(back, str) and back.back != move.back


@given(
    st.dictionaries(
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9),
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30),
    )
)
def test_pairs_that_are_shown_are_read_back(pairs):
    assert read_pairs(shown_pairs(pairs)) == pairs

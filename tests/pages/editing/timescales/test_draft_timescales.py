"""The timescale in a draft plan is a text like any other; once the plan leaves draft it moves by request alone."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.history import HistoryEvent
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.plan.model import Action, ActionPlace, DateEntry, Plan
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.dates.deciders.commands import agree_new_date
from ilacs_app.progress.dates.model import DateRequest
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import PLAN_FILE, all_rows, changed, fact, set_plan, the_record, token, version_of

MANAGER = "programme_manager"


def post(world, path: str, **fields):
    client = world.client(MANAGER)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(path, data=data, content_type="multipart/form-data")


def edit_fields(world, action_id: int) -> dict[str, str]:
    """Return what the form of an action would send."""
    form = read(world.client(MANAGER).get(f"/actions/{action_id}/edit").text).one("form", id="changed")
    fields = {one.attrs["name"]: one.whole_text for one in form.all("textarea")}
    return fields | {one.attrs["name"]: one.attrs.get("value", "") for one in form.all("input")}


def save(world, action_id: int, **changed):
    return post(world, f"/actions/{action_id}/edit", **{**edit_fields(world, action_id), "once": "", **changed})


def move(world, to: str, **fields) -> None:
    version = db.session.scalar(select(Plan.version).where(Plan.id == world.plan_id))
    assert post(world, "/plans/twin/state", version=version, to=to, **fields).status_code == 303
    db.session.rollback()


def ledger(action_id: int) -> list[tuple[str, str, date | None]]:
    db.session.rollback()
    lines = select(DateEntry).where(DateEntry.action_id == action_id).order_by(DateEntry.id)
    return [(line.kind, line.words, line.due_on) for line in db.session.scalars(lines)]


def agree(world, action_id: int, words: str) -> None:
    """Request a first change by one month as the lead, and agree it as the programme manager."""
    with transaction():
        wish = DateWish(words, "vacancy", "None.")
        request = ask_new_date(world.author("lead"), action_id, wish)
    with transaction():
        agree_new_date(world.author(MANAGER), request, 1)
    db.session.rollback()


@pytest.fixture
def draft(world):
    """The twin plan as if it had been a draft since its import."""
    set_plan(world.plan_id, state="draft", live_on=None)
    return world


def test_a_timescale_is_edited_with_the_other_words_and_is_the_original_date(draft):
    action = draft.actions["5.3"]
    saved = save(draft, action, timescale="End June 2019", text="Train every officer")
    assert saved.status_code == 303
    page = read(draft.client(MANAGER).get(saved.location).text)
    assert "5.3 is now read as due on 30 June 2019" in page.text
    facts = [fact(action, name) for name in ("timescale_text", "due_on", "original_due_on", "moves", "last_moved_on")]
    assert facts == ["End June 2019", date(2019, 6, 30), date(2019, 6, 30), 0, None]
    assert fact(action, "text") == "Train every officer"
    assert ledger(action) == [("original", "End June 2019", date(2019, 6, 30))]
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "action_changed")).one()
    assert (event.before["timescale"], event.after["timescale"]) == ("End Apr 2018", "End June 2019")


@pytest.mark.parametrize(
    ("words", "kind", "due_on"),
    [
        ("", "none", None),
        ("by Easter", "not_understood", None),
        ("Ongoing", "ongoing", None),
        ("Pilot - End Feb 2019\nRoll Out - End April 2019", "stages", date(2019, 4, 30)),
        ("Throughout 2019", "window", date(2019, 12, 31)),
    ],
)
def test_a_draft_takes_whatever_words_a_timescale_has(draft, words, kind, due_on):
    action = draft.actions["5.3"]
    assert save(draft, action, timescale=words).status_code == 303
    assert (fact(action, "timescale_text"), fact(action, "timescale_kind"), fact(action, "due_on")) == (
        words,
        kind,
        due_on,
    )
    assert ledger(action) == [("original", words, due_on)]


def test_a_date_that_the_words_say_was_moved_before_is_one_move(draft):
    action = draft.actions["5.3"]
    assert save(draft, action, timescale="April 2018 (revised September 2018)").status_code == 303
    assert (fact(action, "moves"), fact(action, "original_due_on"), fact(action, "due_on")) == (
        1,
        date(2018, 4, 30),
        date(2018, 9, 30),
    )
    assert [line[0] for line in ledger(action)] == ["original", "move"]
    assert save(draft, action, timescale="End May 2018").status_code == 303
    assert (fact(action, "moves"), fact(action, "last_moved_on")) == (0, None)
    assert ledger(action) == [("original", "End May 2018", date(2018, 5, 31))]


def test_what_applied_when_the_plan_left_draft_stays_the_original_date(draft):
    action = draft.actions["5.3"]
    save(draft, action, timescale="End June 2018")
    move(draft, "submitted")
    before = the_record()
    late = post(
        draft, f"/actions/{action}/edit", version=version_of(action), text="Other", timescale="End June 2019", owners=""
    )
    assert late.status_code == 422 and the_record() == before
    main = read(late.text).one("main")
    assert "This plan is no longer a draft" in main.text and "request a date change" in main.text
    assert "End June 2019" in [one.whole_text for one in main.all("textarea")], "nothing typed is lost"
    assert "timescale" not in edit_fields(draft, action)
    assert save(draft, action, text="Other words").status_code == 303
    assert ledger(action) == [("original", "End June 2018", date(2018, 6, 30))]


def test_a_plan_taken_back_to_draft_keeps_the_earlier_lines_of_its_ledger(draft):
    action = draft.actions["5.3"]
    move(draft, "submitted")
    move(draft, "draft", reason="Not agreed by the council.")
    assert save(draft, action, timescale="End June 2019").status_code == 303
    assert ledger(action) == [
        ("original", "End Apr 2018", date(2018, 4, 30)),
        ("original", "End June 2019", date(2019, 6, 30)),
    ]
    page = read(draft.client(MANAGER).get(f"/actions/{action}").text).one("main").text
    assert "changed while the plan was a draft again" in page
    assert fact(action, "original_due_on") == date(2019, 6, 30)


def test_the_original_date_is_the_one_with_which_the_plan_last_left_draft_and_moves_count_from_it(draft):
    edited, untouched = draft.actions["5.3"], draft.actions["5.4"]
    for to in ("submitted", "live"):
        move(draft, to)
    agree(draft, edited, "End May 2018")
    agree(draft, untouched, "End May 2018")
    move(draft, "submitted", reason="The board asks for more.")
    move(draft, "draft", reason="The board asks for more.")
    assert save(draft, edited, timescale="End June 2019").status_code == 303
    for to in ("submitted", "live"):
        move(draft, to)
    assert [fact(edited, name) for name in ("original_due_on", "due_on", "moves", "last_moved_on")] == [
        date(2019, 6, 30),
        date(2019, 6, 30),
        0,
        None,
    ]
    assert [line[0] for line in ledger(edited)] == ["original", "move", "original"], "nothing of it is lost"
    assert [fact(untouched, name) for name in ("original_due_on", "moves")] == [date(2018, 4, 30), 1]
    agree(draft, edited, "End July 2019")
    page = read(draft.client(MANAGER).get(f"/actions/{edited}").text).one("main").text
    assert page.count("First change: 31 days later") == 2, "before, and since"
    assert "Second change" not in page and "1 change, 31 days from the original date" in page


def test_a_reading_is_corrected_freely_in_a_draft_and_is_no_correction_later(draft, on):
    action = draft.actions["5.3"]
    for day in ("31 May 2019", "30 June 2019"):
        sent = {"version": version_of(action), "words": day, "reason": "The team says so."}
        assert post(draft, f"/actions/{action}/reading", **sent).status_code == 303
        on(TODAY + timedelta(days=1))
    assert (fact(action, "timescale_text"), fact(action, "due_on")) == ("End Apr 2018", date(2019, 6, 30))
    assert ledger(action) == [("original", "End Apr 2018", date(2019, 6, 30))]
    move(draft, "submitted")
    sent = {"version": version_of(action), "words": "3 April 2018", "reason": "It was wrong."}
    assert post(draft, f"/actions/{action}/reading", **sent).status_code == 303


def test_a_first_date_in_a_draft_is_the_original_date(draft):
    action = draft.actions["5.3"]
    save(draft, action, timescale="TBC")
    sent = {"version": version_of(action), "words": "End June 2019", "reason": "Agreed."}
    assert post(draft, f"/actions/{action}/first-date", **sent).status_code == 303
    assert ledger(action) == [("original", "End June 2019", date(2019, 6, 30))]


def test_a_date_change_that_is_requested_is_settled_first(draft):
    action = draft.actions["5.3"]
    with transaction():
        ask_new_date(draft.author(MANAGER), action, DateWish("15 May 2018", "vacancy", "None."))
    before = the_record()
    refused = save(draft, action, timescale="End June 2019")
    assert refused.status_code == 422 and the_record() == before
    assert "A date change is requested for this action" in read(refused.text).one("main").text


def test_saving_a_draft_action_as_it_is_writes_nothing(draft):
    for ref in ("5.3", "8.3", "1.1"):
        fields = edit_fields(draft, draft.actions[ref])
        before = all_rows()
        assert post(draft, f"/actions/{draft.actions[ref]}/edit", **fields).status_code == 303
        assert changed(before, all_rows()) == {"submission"}


def test_two_who_change_one_draft_timescale_see_both(draft):
    action = draft.actions["5.3"]
    mine = edit_fields(draft, action)
    assert save(draft, action, timescale="End May 2018").status_code == 303
    late = post(draft, f"/actions/{action}/edit", **{**mine, "once": uuid4().hex, "timescale": "End June 2018"})
    assert late.status_code == 409
    compared = read(late.text).one("table", class_="compare").text
    assert "End May 2018" in compared and "End June 2018" in compared


NEWER = PLAN_FILE.replace("End April 2018", "End June 2018")


def bring(world, text: str, name: str, **where: str) -> str:
    fields = {"into": "", "title": "New plan", "dated_on": "22 February 2018", **where}
    address = post(world, "/import", file=(io.BytesIO(text.encode()), name), **fields).location
    assert post(world, f"{address}/read", version=1).status_code == 303
    return address


def import_version() -> int:
    db.session.rollback()
    return db.session.scalars(select(PlanImport.version).order_by(PlanImport.id.desc())).first() or 0


def merge(world, address: str, page: str):
    names = dict.fromkeys(re.findall(r'name="(take-[0-9a-f]+)"', page), "file")
    return post(world, f"{address}/merge", version=import_version(), **names)


def imported(world) -> tuple[int, str]:
    """A draft plan from a file: an action that is due at the end of April, and its reference."""
    address = bring(world, PLAN_FILE, "first.csv")
    assert post(world, f"{address}/confirm", version=import_version()).status_code == 303
    db.session.rollback()
    found = select(Action.id, ActionPlace.ref).join(ActionPlace, ActionPlace.action_id == Action.id)
    return tuple(
        db.session.execute(found.where(Action.timescale_text == "End April 2018").order_by(Action.id.desc())).first()
    )


def test_a_newer_file_changes_the_timescale_of_a_draft_like_any_text(world):
    action, _ = imported(world)
    assert "End April 2018" in PLAN_FILE and fact(action, "due_on") == date(2018, 4, 30)
    address = bring(world, NEWER, "newer.csv", into="new-plan")
    page = world.client(MANAGER).get(address).text
    assert "Request this date change" not in page and "becomes a date change request" not in page
    assert merge(world, address, page).status_code == 303
    assert (fact(action, "timescale_text"), fact(action, "due_on"), fact(action, "original_due_on")) == (
        "End June 2018",
        date(2018, 6, 30),
        date(2018, 6, 30),
    )
    assert ledger(action) == [("original", "End June 2018", date(2018, 6, 30))]
    assert db.session.scalars(select(DateRequest)).all() == []


@pytest.mark.parametrize("state", ["submitted", "live"])
def test_a_newer_file_asks_for_a_date_change_in_a_plan_that_left_draft(world, state):
    action, _ = imported(world)
    plan_id = fact(action, "plan_id")
    address = bring(world, NEWER, "newer.csv", into="new-plan")
    page = world.client(MANAGER).get(address).text
    set_plan(plan_id, state=state)  # after the page was shown
    assert merge(world, address, page).status_code == 303
    assert (fact(action, "timescale_text"), fact(action, "due_on")) == ("End April 2018", date(2018, 4, 30))
    request = db.session.scalars(select(DateRequest)).one()
    assert (request.action_id, request.words, request.state) == (action, "End June 2018", "waiting")


def test_a_file_leaves_a_draft_timescale_for_which_a_date_change_is_requested(world):
    action, ref = imported(world)
    with transaction():
        ask_new_date(world.author(MANAGER), action, DateWish("15 May 2018", "vacancy", "None."))
    address = bring(world, NEWER, "newer.csv", into="new-plan")
    done = merge(world, address, world.client(MANAGER).get(address).text)
    assert done.status_code == 303 and fact(action, "due_on") == date(2018, 4, 30)
    said = read(world.client(MANAGER).get(done.location).text).text
    assert f"A date change is requested for {ref}, so its timescale was left as it is." in said

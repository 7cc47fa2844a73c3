"""A change of an action or a recommendation, undone from its history as a new line that says what it undid."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from ilacs_app.db import transaction
from ilacs_app.editing.undo.pages import NEWEST
from ilacs_app.history import Author, of_action, of_recommendation, record
from tests.auditor import read
from tests.factories import BOTH_WAYS, all_rows, changed, fact, set_plan, token, version_of
from tests.pages.editing.recommendations.test_keeping_the_content import fields_of


def post(world, path: str, role: str = "programme_manager", headers=None, **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(path, data=data, headers=headers or {})


def edit(world, action: int, **fields: str) -> None:
    given = {"text": fact(action, "text"), "owners": "", "contributors": "", **fields}
    assert post(world, f"/actions/{action}/edit", version=version_of(action), **given).status_code == 303


def newest(action: int):
    version_of(action)
    return of_action(action, newest=1)[0]


def button(world, action: int | str, role: str = "programme_manager") -> dict[str, str] | None:
    """Return what the button beside the newest change that can be undone would send, if the page has one."""
    page = read(world.client(role).get(f"/actions/{action}" if isinstance(action, int) else action).text)
    for form in page.one("main").all("form"):
        if form.attrs.get("action", "").endswith("/undo"):
            return {one.attrs["name"]: one.attrs.get("value", "") for one in form.all("input")}
    return None


def said(answer) -> str:
    return re.sub(r"\s+", " ", read(answer.text).one("main").text)


@pytest.fixture
def reworded(world):
    """An action whose words and owners were changed by mistake, and what it said before."""
    action = world.actions["5.2"]
    edit(world, action, owners="Head of Service")
    old = fact(action, "text")
    edit(world, action, text="Words in the wrong row.", owners="Team Manager")
    return action, old


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_the_button_puts_words_and_owners_back_as_a_new_line_that_names_the_old(world, reworded, _way, headers):
    action, old = reworded
    sent, undone = button(world, action), newest(action)
    assert sent["event"] == str(undone.id)
    answer = post(world, f"/actions/{action}/undo", headers=headers, **{**sent, "csrf_token": token_of(world)})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/actions/{action}")
    line = newest(action)
    assert fact(action, "text") == old
    assert (line.verb, line.who, line.after["undoes"]) == ("action_changed", undone.who, undone.id)
    assert (line.before["text"], line.after["text"], line.after["owners"]) == (
        "Words in the wrong row.",
        old,
        ["Head of Service"],
    )
    page = said(world.client("programme_manager").get(f"/actions/{action}"))
    assert "Change undone" in page and "Undid a change" in page and "Owner: Head of Service." in page
    assert "Restored the words and owners from before the change by Programme Manager, " in page
    assert "Undone by Programme Manager, " in page
    assert of_action(action)[1] == undone
    assert fact(action, "submitted_text") is None, "the words are the submitted ones again"


def token_of(world) -> str:
    return token(world.client("programme_manager"))


def test_an_undoing_can_itself_be_undone(world, reworded):
    action, _ = reworded
    for text in (fact(action, "submitted_text"), "Words in the wrong row."):
        sent = button(world, action)
        assert post(world, f"/actions/{action}/undo", event=sent["event"], version=sent["version"]).status_code == 303
        assert fact(action, "text") == text


def test_only_who_may_change_the_action_is_offered_it_and_may_undo(world, reworded):
    action, _ = reworded
    sent = button(world, action)
    fields = {"event": sent["event"], "version": sent["version"]}
    before = all_rows()
    for role in ("lead", "verifier", "viewer"):
        assert button(world, action, role) is None
        assert post(world, f"/actions/{action}/undo", role, **fields).status_code == 403
    assert not changed(before, all_rows()) - {"session", "person"}
    other = world.actions["6.2"]
    assert post(world, f"/actions/{other}/undo", event=sent["event"], version=version_of(other)).status_code == 422


def test_the_same_form_sent_twice_undoes_once(world, reworded):
    action, old = reworded
    sent = button(world, action)
    fields = {"event": sent["event"], "version": sent["version"], "once": sent["once"]}
    first, second = (post(world, f"/actions/{action}/undo", **fields) for _ in range(2))
    assert (first.status_code, second.status_code, fact(action, "text")) == (303, 303, old)
    assert len([one for one in of_action(action) if "undoes" in one.after]) == 1


def test_a_page_from_before_someone_elses_change_undoes_nothing_and_says_so(world, reworded):
    action, _ = reworded
    sent = button(world, action)
    edit(world, action, text="Better words.", owners="Team Manager")
    stale = post(world, f"/actions/{action}/undo", event=sent["event"], version=sent["version"])
    assert stale.status_code == 409 and "Someone else changed this after" in said(stale)
    again = post(world, f"/actions/{action}/undo", event=sent["event"], version=version_of(action))
    assert again.status_code == 422 and "been changed again since" in said(again)
    assert fact(action, "text") == "Better words."


def test_a_line_that_is_no_change_of_words_or_people_is_not_undone(world, reworded):
    action, _ = reworded
    old = next(one for one in of_action(action) if one.verb != "action_changed")
    before = all_rows()
    for event, version in ((old.id, version_of(action)), ("x", version_of(action)), (old.id, ""), (999_999, 3)):
        answer = post(world, f"/actions/{action}/undo", event=event, version=version)
        assert answer.status_code in {409, 422} and "Nothing was undone" in said(answer)
    assert not changed(before, all_rows()) - {"session", "person"}


def test_nothing_is_undone_in_a_closed_plan(world, reworded):
    action, _ = reworded
    sent = button(world, action)
    set_plan(world.plan_id, state="closed")
    assert button(world, action) is None
    answer = post(world, f"/actions/{action}/undo", event=sent["event"], version=sent["version"])
    assert answer.status_code == 422 and "This plan is closed" in said(answer)


def test_each_of_the_two_lines_leads_to_the_other_even_where_one_is_not_shown(world, reworded):
    action, _ = reworded
    undone, sent = newest(action), button(world, action)
    assert post(world, f"/actions/{action}/undo", event=sent["event"], version=sent["version"]).status_code == 303
    with transaction():
        for n in range(NEWEST - 1):
            record(Author(None, "Somebody"), "reading_corrected", action_id=action, about=f"{n}")
    lines = read(world.client("viewer").get(f"/actions/{action}").text).one("ol", class_="history")
    assert f"/actions/{action}?history=all#change-{undone.id}" in [a.attrs["href"] for a in lines.all("a")]
    every = read(world.client("viewer").get(f"/actions/{action}?history=all").text)
    line = every.one("li", id=f"change-{undone.id}")
    assert [a.attrs["href"] for a in line.all("a")] == [f"#change-{of_action(action)[NEWEST - 1].id}"]


ITEM = "/plans/twin/recommendations/5"


def edit_five(world, **fields: Any) -> dict[str, Any]:
    """Change recommendation 5 on its form; answers what the form held before."""
    held = fields_of(world, f"{ITEM}/edit")
    assert post(world, f"{ITEM}/edit", **{**held, **fields}).status_code == 303
    return held


def undo_five(world, **other: Any):
    sent = button(world, f"{ITEM}/edit")
    return post(world, f"{ITEM}/undo", **{"event": sent["event"], "version": sent["version"], **other})


def test_words_leads_and_boards_of_a_recommendation_go_back_and_its_history_says_so(world):
    was = edit_five(world, text="Words in the wrong row.", leads="Somebody Else", boards=["3"], lead_board="3")
    assert undo_five(world).status_code == 303
    now = fields_of(world, f"{ITEM}/edit")
    assert {**now, "version": "", "was": ""} == {**was, "version": "", "was": ""}
    line, undone = of_recommendation(5, newest=2)
    assert (line.verb, line.after["undoes"]) == ("recommendation_changed", undone.id)
    page = said(world.client("programme_manager").get(f"{ITEM}/edit"))
    assert "Changed: 5" not in page, "a line on its own page needs no number"
    assert "Restored the words, leads, accountable lead, boards and lead board from before the change by " in page
    assert undo_five(world).status_code == 303, "an undoing can itself be undone"
    assert fields_of(world, f"{ITEM}/edit")["text"] == "Words in the wrong row."


def test_a_recommendation_that_was_changed_since_is_left_and_it_is_reported(world):
    edit_five(world, impact="Children are heard.")
    old = button(world, f"{ITEM}/edit")
    edit_five(world, impact="Children are listened to.")
    stale = undo_five(world, **{name: old[name] for name in ("event", "version")})
    assert stale.status_code == 409 and "Someone else changed this after" in said(stale)
    again = undo_five(world, event=old["event"])
    assert again.status_code == 422 and "been changed again since" in said(again)
    last = button(world, f"{ITEM}/edit")
    set_plan(world.plan_id, state="closed")
    assert button(world, f"{ITEM}/edit") is None
    closed = post(world, f"{ITEM}/undo", event=last["event"], version=last["version"])
    assert closed.status_code == 422 and "This plan is closed" in said(closed)
    assert fields_of(world, f"{ITEM}/edit")["impact"] == "Children are listened to."

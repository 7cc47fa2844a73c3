"""A change of an action's words or people, undone from its history as a new line."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from ilacs_app.history import of_action
from tests.auditor import read
from tests.factories import BOTH_WAYS, all_rows, changed, fact, set_plan, token, version_of


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


def button(world, action: int, role: str = "programme_manager") -> dict[str, str] | None:
    """What the button beside the newest change that can be undone would send, if the page has one."""
    page = read(world.client(role).get(f"/actions/{action}").text)
    for form in page.one("main").all("form"):
        if form.attrs.get("action") == f"/actions/{action}/undo":
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
    assert "the change is undone" in page and "Undid a change" in page and "Owner: Head of Service." in page
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


def test_a_page_from_before_somebody_elses_change_undoes_nothing_and_says_so(world, reworded):
    action, _ = reworded
    sent = button(world, action)
    edit(world, action, text="Better words.", owners="Team Manager")
    stale = post(world, f"/actions/{action}/undo", event=sent["event"], version=sent["version"])
    assert stale.status_code == 409 and "Someone else changed this action" in said(stale)
    again = post(world, f"/actions/{action}/undo", event=sent["event"], version=version_of(action))
    assert again.status_code == 422 and "was changed again since" in said(again)
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

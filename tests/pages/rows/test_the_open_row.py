"""The form of an open row: what was saved before it, drafts, required fields, how a new date is read, answered rows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import BOTH_WAYS, CLAIM, HTMX, NOTE, PROOF, fact, send, set_fact, token, version_of

WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
LISTS = {
    "work": "/",
    "plan": "/plans/twin?q=police",
    "recommendation": "/plans/twin/recommendations/5",
    "board": "/boards/mash-board",
}


def keep(client, action: int, **fields):
    """Save the form of a row as a draft, as the row does while it is typed."""
    data = {"csrf_token": token(client), "view": "work", "back": "/", "version": version_of(action), **fields}
    return client.post(f"/drafts?of=/actions/{action}/answer", data=data, headers=HTMX)


def row_of(client, address: str, action: int):
    return read(client.get(address).text).one(id=f"action-{action}")


def open_form(text: str):
    """The one form of a row that is open in a page or an answer."""
    return read(text).one("form", class_="answer")


def reads_aloud(form, action: int, name: str) -> str:
    """The label of a field."""
    return form.one("label", **{"for": f"a{action}-{name}"}).text


@WAYS
def test_the_row_that_opens_after_save_and_next_says_which_one_was_saved(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    answer = send(client, action, htmx=bool(headers), answer="on_track", go_on="1")
    if way == "plain":
        address = answer.headers["Location"].split("#")[0]
        answer = client.get(address)
        assert "5.2 saved." not in client.get(address).text, "it is said once"
    form = open_form(answer.text)
    assert form.attrs["id"] != f"a{action}-form"
    assert form.one(class_="row-saved").text.strip() == "5.2 saved."


def test_the_row_that_opens_after_save_and_next_repeats_a_warning_about_a_child(world):
    answer = send(
        world.client("lead"),
        world.actions["5.2"],
        htmx=True,
        answer="on_track",
        go_on="1",
        did="Rang Kayleigh’s mother, aged 7, DOB 03/04/2011.",
    )
    said = open_form(answer.text).one(class_="row-saved").text
    assert said.startswith("5.2 saved. This seems to include")


def test_the_row_that_opens_by_itself_says_nothing_of_a_save(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert open_form(client.get(f"/?open={action}").text).all(class_="row-saved") == []


def test_a_draft_of_an_open_row_can_be_discarded_and_the_row_opens_empty(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert keep(client, action, did="Half of it.", answer="on_track").text.startswith("Draft saved")
    page = read(client.get(f"/?open={action}").text)
    drop = page.one("form", class_="discard")
    assert drop.one("button", name="drop").text == "Discard draft"
    fields = {field.attrs["name"]: field.attrs["value"] for field in drop.all("input")}
    answer = client.post(drop.attrs["action"], data={**fields, "drop": "yes"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/?open={action}#action-{action}"
    form = open_form(client.get(f"/?open={action}").text)
    assert form.one("textarea", name="did").whole_text == ""
    assert [i for i in form.all("input", name="answer") if "checked" in i.attrs] == []


@pytest.mark.parametrize("view", LISTS)
def test_an_answered_row_is_marked_and_its_verb_is_change(world, view):
    client, action = world.client("lead"), world.actions["5.2"]
    assert row_of(client, LISTS[view], action).one("a", class_="verb").text == "Answer 5.2"
    saved = send(client, action, htmx=True, answer="on_track", view=view, back=LISTS[view])
    row = read(saved.text).one(id=f"action-{action}")
    assert row.one("a", class_="verb").text == "Change 5.2"
    assert "Answered today" in row.text
    if view != "work":  # it rests there
        shown = row_of(client, LISTS[view], action)
        assert shown.one("a", class_="verb").text == "Change 5.2" and "Answered today" in shown.text
    form = (
        open_form(client.get(f"{LISTS[view]}{'&' if '?' in LISTS[view] else '?'}open={action}").text)
        if view != "work"
        else None
    )
    if form:
        assert "A new answer counts instead of that one." in form.text
        assert [i for i in form.all("input", name="answer") if "checked" in i.attrs] == []


@pytest.mark.parametrize(
    ("days", "due", "verb"), [(6, 60, "Change"), (7, 60, "Answer"), (3, -1, "Answer"), (3, -4, "Change")]
)
def test_an_answer_is_marked_for_seven_days_unless_the_date_has_passed_since(world, days, due, verb):
    client, action = world.client("lead"), world.actions["5.2"]
    set_fact(action, answered_on=TODAY - timedelta(days=days), due_on=TODAY + timedelta(days=due))
    row = row_of(client, LISTS["recommendation"], action)
    assert row.one("a", class_="verb").text == f"{verb} 5.2"
    assert ("Answered" in row.text) == (verb == "Change")


def test_a_claim_that_was_sent_back_needs_a_new_answer(world):
    lead, action = world.client("lead"), world.actions["5.2"]
    assert send(lead, action, answer="done", month="2018-03", **NOTE, **PROOF).status_code == 303
    back = {"status": "in_progress", "reason": "Say which shifts.", "sample": "Six files"}
    assert send(world.client("verifier"), action, "status", **back).status_code == 303
    assert fact(action, "answered_on") == TODAY
    assert row_of(lead, LISTS["recommendation"], action).one("a", class_="verb").text == "Answer 5.2"


def test_others_do_not_read_that_a_row_was_answered(world):
    action = world.actions["5.2"]
    assert send(world.client("lead"), action, answer="on_track").status_code == 303
    for role in ("programme_manager", "viewer", "board_member"):
        row = row_of(world.client(role), LISTS["recommendation"], action)
        assert "Answered" not in row.text and "Change" not in row.text, role


def test_fields_say_that_they_are_required_before_anything_is_sent(world):
    client, action = world.client("lead"), world.actions["5.2"]
    form = open_form(client.get(f"/?open={action}").text)
    for name in ("blocker", "did", "month", "words", "reason_class", "effect", "shows"):
        assert reads_aloud(form, action, name).endswith("(required)"), name
    assert reads_aloud(form, action, "file").endswith("(a file or a link is required)")
    for name in ("difference", "next_step", "cover", "period"):
        assert "required" not in reads_aloud(form, action, name), name


def test_what_a_claim_has_already_is_not_required_again(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert send(client, action, **NOTE, **PROOF).status_code == 303
    form = open_form(client.get(f"{LISTS['recommendation']}?open={action}").text)
    assert "required" not in reads_aloud(form, action, "did")
    assert "you have evidence already" in reads_aloud(form, action, "file")
    assert send(client, action, answer="done", month="2018-03").status_code == 303


def test_a_verifier_reads_what_a_test_requires(world):
    action = world.actions["5.2"]
    assert send(world.client("lead"), action, answer="done", month="2018-03", **NOTE, **PROOF).status_code == 303
    form = open_form(world.client("verifier").get(f"/?open={action}").text)
    assert reads_aloud(form, action, "sample").endswith("(required to verify)")
    assert reads_aloud(form, action, "reason").endswith("(required)")


@WAYS
def test_how_a_new_date_is_read_is_still_said_after_an_error(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    refused = send(client, action, htmx=bool(headers), words="End June 2018")
    assert refused.status_code == 422
    reading = open_form(refused.text).one(id=f"a{action}-reading").text
    assert "This means: due on 30 June 2018, the last day of the month." in reading
    live = client.get(f"/actions/{action}/date-requests/reading?words=End+June+2018", headers=HTMX).text
    assert reading.split() == read(f"<p>{live}</p>").one("p").text.split()


@WAYS
def test_why_a_new_date_is_not_possible_is_still_said_after_an_error(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    refused = send(client, action, htmx=bool(headers), words="some day soon", did="Kept.")
    assert refused.status_code == 422
    form = open_form(refused.text)
    live = client.get(f"/actions/{action}/date-requests/reading?words=some+day+soon", headers=HTMX).text
    assert form.one(id=f"a{action}-reading").text.split() == read(f"<p>{live}</p>").one("p").text.split() != []
    assert form.one("textarea", name="did").whole_text == "Kept."


def test_a_draft_opens_with_how_its_new_date_is_read(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert keep(client, action, words="End June 2018").text.startswith("Draft saved")
    assert "due on 30 June 2018" in open_form(client.get(f"/?open={action}").text).one(id=f"a{action}-reading").text


@pytest.mark.parametrize("view", LISTS)
def test_a_row_that_opens_closes_the_one_that_is_open_and_says_that_its_draft_is_kept(world, view):
    client, first, second = world.client("lead"), world.actions["5.2"], world.actions["5.3"]
    keep(client, first, did="Half of it.")
    address = f"/actions/{second}/row?open=1&close={first}"
    answer = client.get(address, headers={**HTMX, "HX-Current-URL": f"http://localhost{LISTS[view]}"})
    part = read(answer.text).one("hx-partial", hx_target=f"#action-{first}")
    assert part.all("form", class_="answer") == []
    assert "Draft saved, not submitted" in part.text
    assert "data-focus" not in part.one("a", class_="verb").attrs
    assert open_form(answer.text).attrs["id"] == f"a{second}-form"
    assert "not submitted" not in client.get(f"/actions/{first}/row?open=1&close={second}", headers=HTMX).text


@pytest.mark.parametrize("asked", ["", "x", "0", "99999999", str(2**70)])
def test_a_row_to_close_that_is_not_there_is_left_out(world, asked):
    client, action = world.client("lead"), world.actions["5.2"]
    answer = client.get(f"/actions/{action}/row?open=1&close={asked}", headers=HTMX)
    assert answer.status_code == 200 and read(answer.text).all("hx-partial") == []


def test_evidence_and_the_date_request_have_the_whole_width_of_the_form(world):
    client, action = world.client("lead"), world.actions["5.2"]
    form = open_form(client.get(f"/?open={action}").text)
    columns = form.one("div", class_="answer__two")
    assert columns.all("input", name="file") == columns.all("input", name="words") == []
    assert form.one("input", name="file") and form.one("input", name="words")
    assert CLAIM

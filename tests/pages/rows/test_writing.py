"""Notes, status moves and answers in place: the form of a row, plain and with htmx."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from ilacs_app.progress.notes import queries as notes_queries
from ilacs_app.progress.status import queries as status_queries
from tests.auditor import is_page, read
from tests.factories import (
    BOTH_WAYS,
    CLAIM,
    HTMX,
    NOTE,
    PROOF,
    changed,
    fact,
    fresh,
    send,
    set_fact,
    set_plan,
    the_record,
    token,
    version_of,
)

notes, sent_back, claims_to_test = map(
    fresh, (notes_queries.notes, status_queries.sent_back, status_queries.claims_to_test)
)
VIEWS = {
    "work": "/",
    "plan": "/plans/twin?q=police",
    "recommendation": "/plans/twin/recommendations/5",
    "board": "/boards/mash-board",
}
HOSTILE_TEXT = "<script>alert('x')</script> \"Ünïcøde\" 👩‍👧 " + "w" * 300 + " {{ 7 * 7 }}"


def _saved(client, answer, back: str) -> str:
    """Return what the status region says, after a plain save or in an htmx answer."""
    if answer.status_code == 303:
        assert answer.headers["Location"].split("#")[0] == back
        return read(client.get(back).text).one(id="status").text
    assert answer.status_code == 200 and not is_page(answer.text), answer.text
    return read(answer.text).one("hx-partial", hx_target="#status").text


@pytest.mark.parametrize("view", VIEWS)
def test_a_note_is_saved_from_every_page_and_comes_back_in_the_row(world, view):
    client, action = world.client("lead"), world.actions["5.2"]
    for way, headers in BOTH_WAYS:
        did = f"Written {way} in {view}."
        answer = send(client, action, "notes", htmx=bool(headers), view=view, back=VIEWS[view], did=did)
        assert _saved(client, answer, VIEWS[view]).startswith("Saved: 5.2 Issue new guidance to police officers")
        assert notes(action)[0].did == did
        page = read(client.get(VIEWS[view]).text if way == "plain" else answer.text)
        if view != "work":
            assert did in page.one(id=f"action-{action}").text


def test_a_note_moves_the_last_word_and_is_signed(world):
    client, action = world.client("contributor"), world.actions["5.3"]
    assert send(client, action, "notes", **NOTE).status_code == 303
    newest = notes(action)[0]
    assert (newest.who, newest.did, newest.difference, newest.next_step) == ("Training Officer", *NOTE.values())
    assert fact(action, "last_word_on") == date(2018, 4, 7)
    assert fact(action, "version") == 1, "notes are appended and never conflict"


@pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
def test_an_empty_note_is_answered_422_with_what_to_do(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    before = the_record()
    for view, back in VIEWS.items():
        answer = send(client, action, "notes", htmx=bool(headers), view=view, back=back, did="  \r\n ")
        assert answer.status_code == 422
        assert is_page(answer.text) == (way == "plain")
        tree = read(answer.text)
        assert "Enter what you did" in tree.all("div", role="alert")[0].text
        assert tree.one(id=f"a{action}-did").attrs["aria-invalid"] == "true"
        assert tree.one(id=f"action-{action}")
    assert the_record() == before


@pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
def test_an_invalid_form_keeps_every_word_and_saves_nothing(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    before = the_record()
    typed = {
        "did": "First line\r\n  second <b>line</b>",
        "difference": "Ünïcøde & more",
        "next_step": "x" * 4001,
        "reason": "Because.",
        "url": "not an address",
        "shows": "Nine in ten",
        "kind": "voice",
        "sensitivity": "restricted",
        "status": "in_progress",
    }
    answer = send(client, action, htmx=bool(headers), **typed)
    assert answer.status_code == 422
    form = read(answer.text).one("form", id=f"a{action}-form")
    said = form.one("div", role="alert").text
    assert "Shorten this to 4000 characters or fewer." in said
    assert "Enter a full web address" in said
    for name in ("did", "difference", "next_step", "reason"):
        assert form.one("textarea", name=name).whole_text == typed[name].replace("\r\n", "\n"), name
    for name in ("url", "shows"):
        assert form.one("input", name=name).attrs["value"] == typed[name]
    for name in ("kind", "sensitivity", "status"):
        chosen = [o.attrs["value"] for o in form.one("select", name=name).all("option") if "selected" in o.attrs]
        assert chosen == [typed[name]], name
    assert the_record() == before


def test_hostile_text_is_kept_to_the_letter_and_shown_as_text(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for headers in ({}, HTMX):
        answer = send(client, action, htmx=bool(headers), did=HOSTILE_TEXT, next_step=HOSTILE_TEXT, view="plan")
        assert answer.status_code in {200, 303}
        assert "<script>alert" not in answer.text
    assert notes(action)[0].did == HOSTILE_TEXT
    for address in (f"/actions/{action}", *list(VIEWS.values())[1:]):
        page = client.get(address).text
        assert "<script>alert" not in page and "49" not in read(page).one(id=f"action-{action}").text
    words = read(client.get(f"/actions/{action}").text).all("ol", class_="notes")[0].text
    assert "<script>alert('x')</script>" in words and "{{ 7 * 7 }}" in words


def test_status_and_note_are_saved_together_in_one_step(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for way, headers in BOTH_WAYS:
        to = "in_progress" if way == "plain" else "partly_complete"
        assert send(client, action, htmx=bool(headers), status=to, did=way).status_code in {200, 303}
        assert (fact(action, "status"), notes(action)[0].did) == (to, way)
    assert fact(action, "version") == 3


@pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
def test_an_illegal_move_saves_neither_the_status_nor_the_note(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    before = the_record()
    for fields, says in (
        ({"status": "verified"}, "to verified. You can select"),
        ({"status": "embedded"}, "Only the lead board can decide"),
        ({"status": "paused", "reason": "x", "review_on": "1 June 2018"}, "Only the programme manager or the lead"),
        ({"status": "no_such"}, "Select a delivery status"),
        ({"status": "completed", "month": "2018-04"}, "add a note and evidence"),
        ({"status": "completed", **PROOF}, "Select the month it was completed."),
        ({"status": "completed", "month": "2018-05", **PROOF}, "Select a month that is not in the future."),
        ({"status": "completed", "month": "soon", **PROOF}, "Select a month"),
        ({"status": "not_started"}, "already"),
    ):
        answer = send(client, action, htmx=bool(headers), **NOTE, **fields)
        assert answer.status_code == 422, fields
        form = read(answer.text).one("form", id=f"a{action}-form")
        assert says in form.one("div", role="alert").text, fields
        assert form.one("textarea", name="did").whole_text == NOTE["did"]
        assert the_record() == before, fields


@pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
def test_a_stale_version_is_answered_409_with_both_texts_and_nothing_saved(world, way, headers):
    lead, manager, action = world.client("lead"), world.client("programme_manager"), world.actions["5.2"]
    seen = version_of(action)
    assert send(manager, action, status="partly_complete", did="Half is done.").status_code == 303
    before = the_record()
    for view, back in (*VIEWS.items(), ("action", f"/actions/{action}")):
        answer = send(
            lead, action, htmx=bool(headers), view=view, back=back, version=seen, status="in_progress", **NOTE
        )
        assert answer.status_code == 409
        assert the_record() == before
        form = read(answer.text).one("form", id=f"a{action}-form")
        compared = form.one("table", class_="compare").text
        assert "In progress" in compared and "Partly complete" in compared and "Programme Manager" in compared
        assert form.one("textarea", name="did").whole_text == NOTE["did"]
        assert form.one("input", name="version").attrs["value"] == str(seen + 1)
        assert is_page(answer.text) == (way == "plain" or view == "action")
    once = form.one("input", name="once").attrs["value"]
    again = send(lead, action, htmx=bool(headers), version=seen + 1, status="in_progress", once=once, **NOTE)
    assert again.status_code in {200, 303}
    assert (fact(action, "status"), notes(action)[0].did) == ("in_progress", NOTE["did"])


def test_of_two_moves_from_the_same_sight_one_is_refused(world):
    action = world.actions["5.2"]
    seen = version_of(action)
    answers = [
        send(world.client(role), action, "status", status=to, version=seen).status_code
        for role, to in (("lead", "in_progress"), ("programme_manager", "partly_complete"))
    ]
    assert answers == [303, 409]
    assert fact(action, "status") == "in_progress"


def test_a_status_without_the_version_it_saw_is_not_believed(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for version in (None, "", "x", "9" * 30):
        assert send(client, action, "status", status="in_progress", version=version).status_code in {409, 422}
    assert fact(action, "status") == "not_started"


@pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
def test_the_same_once_twice_writes_one_note_and_is_answered_the_same(world, way, headers):
    client, action = world.client("lead"), world.actions["5.2"]
    once, seen = uuid4().hex, version_of(action)
    files = {"file": ("a.csv", b"a,b\n"), "shows": "x"}
    fields = {**NOTE, **files, "status": "in_progress", "version": seen, "once": once}
    first = send(client, action, htmx=bool(headers), **fields)
    words = _saved(client, first, "/")
    after = the_record()
    second = send(client, action, htmx=bool(headers), **fields)
    assert _saved(client, second, "/") == words
    assert the_record() == after
    assert len(notes(action)) == 1
    stored = [p for p in (world.app.config["ILACS"].evidence_folder).rglob("*") if p.is_file()]
    assert len(stored) == 1, "the file of the second sending is taken away again"


def test_the_same_once_of_another_person_is_their_own(world):
    action, once = world.actions["5.3"], uuid4().hex
    for role in ("lead", "contributor"):
        assert send(world.client(role), action, "notes", once=once, **NOTE).status_code == 303
    assert len(notes(action)) == 2


def test_a_move_sent_twice_with_the_same_once_is_answered_as_the_first_even_where_nothing_more_may_be_done(world):
    """After a claim is sent back its verifier has no further move; the second sending is the first one's echo."""
    client, action, once = world.client("verifier"), world.actions["6.1"], uuid4().hex
    fields = {"status": "in_progress", "reason": "Eight records of one week.", "version": 1, "once": once}
    assert send(client, action, "status", **fields).status_code == 303
    after = the_record()
    assert send(client, action, "status", **fields).status_code == 303
    assert send(client, action, "status", htmx=True, **fields).status_code == 200
    assert the_record() == after


def test_a_claim_needs_note_and_evidence_and_stops_the_clock(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert fact(action, "due_on") < date(2018, 4, 7)
    assert send(client, action, **CLAIM).status_code == 303
    assert (fact(action, "status"), fact(action, "completed_on")) == ("completed", date(2018, 4, 30))
    row = read(client.get(f"/actions/{action}").text).one(id=f"action-{action}")
    assert (row.attrs["data-status"], row.attrs["data-brag"]) == ("completed", "blue_outline")
    assert action in claims_to_test(world.actor("verifier"))


def test_who_claimed_or_leads_cannot_verify(world):
    action = world.actions["5.2"]
    assert send(world.client("lead"), action, **CLAIM).status_code == 303
    answer = send(world.client("lead"), action, "status", status="verified", reason="I say so.")
    assert answer.status_code == 422 and "Only a verifier can verify this action or send it back." in answer.text
    assert send(world.client("programme_manager"), action, "status", status="verified", reason="x").status_code == 422
    assert fact(action, "status") == "completed"


def test_a_verifier_says_what_it_showed_or_sends_it_back(world):
    verifier, action = world.client("verifier"), world.actions["6.1"]
    assert send(verifier, action, "status", status="verified").status_code == 422
    back = send(verifier, action, "status", status="in_progress", reason="Test twenty.")
    assert back.status_code == 303
    assert sent_back([action])[action].reason == "Test twenty."
    lead = read(world.client("other_lead").get("/").text)
    assert "Test twenty." in lead.one(id=f"action-{action}").text
    assert fact(action, "completed_on") is None, "the clock runs again from the same date"


@pytest.mark.parametrize("role", ["verifier", "chair"])
def test_who_may_move_the_status_and_not_write_is_told_so_and_the_note_is_not_lost_in_silence(world, role):
    action = world.actions["6.1" if role == "verifier" else "5.2"]
    answer = send(world.client(role), action, **NOTE)
    assert answer.status_code == 403
    assert "Only a lead, owner or contributor" in answer.text
    assert notes(action) == []


def test_without_its_token_nothing_is_saved(world):
    client, action = world.client("lead"), world.actions["5.2"]
    before = the_record()
    for part in ("notes", "evidence", "status", "answer"):
        for headers in ({}, HTMX):
            for wrong in (None, "x", token(world.client("other_lead"))):
                data = {**NOTE, "status": "in_progress", "version": 1, **({"csrf_token": wrong} if wrong else {})}
                answer = client.post(f"/actions/{action}/{part}", data=data, headers=headers)
                assert answer.status_code == 400 and "Nothing was saved" in answer.text
    assert the_record() == before


def test_a_stranger_writes_nothing(world):
    before = the_record()
    action = world.actions["5.2"]
    for part in ("notes", "evidence", "status", "answer"):
        plain = world.client(None).post(f"/actions/{action}/{part}", data=NOTE)
        assert plain.status_code == 401 and read(plain.text).one("h1").text == "Sign in"
        asked = world.client(None).post(f"/actions/{action}/{part}", data=NOTE, headers=HTMX)
        assert asked.status_code == 401 and asked.text == "" and asked.headers["HX-Redirect"].startswith("/sign-in")
    assert the_record() == before


def test_a_reader_writes_nothing_and_is_offered_nothing(world):
    action = world.actions["5.2"]
    for role in ("viewer", "inspector", "board_member", "other_lead"):
        client = world.client(role)
        for headers in ({}, HTMX):
            answer = send(client, action, htmx=bool(headers), **NOTE)
            assert answer.status_code == 403
            assert "Only a lead, owner or contributor of this action, or the programme manager" in answer.text
        page = read(client.get(f"/actions/{action}?open={action}").text)
        assert page.all("form", id=f"a{action}-form") == []
        assert page.one(id=f"action-{action}").all("a") == []
        listed = read(client.get("/plans/twin/recommendations/5").text).one(id=f"action-{action}")
        assert listed.all("a", class_="verb") == []
    assert notes(action) == []


def test_wrong_verbs_and_missing_ids(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for part in ("notes", "evidence", "status", "answer"):
        for headers in ({}, HTMX):
            assert client.get(f"/actions/{action}/{part}", headers=headers).status_code == 405
            assert client.put(f"/actions/{action}/{part}", headers=headers).status_code == 405
            assert client.post(f"/actions/999999/{part}", data={"csrf_token": token(client)}).status_code == 404
    assert client.post(f"/actions/{action}/row").status_code == 405
    assert client.get("/actions/999999/row").status_code == 404
    assert client.get("/actions/x/row").status_code == 404


@pytest.mark.parametrize("number", ["9" * 12, "9" * 19, "9" * 25, "0", "-1"])
def test_a_number_that_no_action_can_have_is_not_found(world, number):
    client = world.client("lead")
    for address in (f"/actions/{number}", f"/actions/{number}/row", f"/evidence/{number}"):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/actions/{number}/notes", data={"csrf_token": token(client), **NOTE}).status_code == 404
    assert client.get("/plans/twin", query_string={"open": number}).status_code == 200


def test_a_row_opens_and_closes_in_place_with_htmx_and_by_address_without(world):
    client, action = world.client("lead"), world.actions["5.2"]
    for view, back in VIEWS.items():
        verb = read(client.get(back).text).one(id=f"action-{action}").one("a", class_="verb")
        plain = read(client.get(verb.attrs["href"].partition("#")[0]).text)
        assert plain.one("form", id=f"a{action}-form").one("input", name="view").attrs["value"] == view
        told = {**HTMX, "HX-Current-URL": f"http://localhost{back}"}
        asked = read(client.get(verb.attrs["hx-get"], headers=told).text)
        form = asked.one("form", id=f"a{action}-form")
        assert form.one("input", name="view").attrs["value"] == view
        assert form.one("input", name="back").attrs["value"] == back
        assert len([n for n in asked.walk() if "data-focus" in n.attrs]) == 1
        close = asked.one(id=f"action-{action}").one("a", class_="verb")
        shut = read(client.get(close.attrs["hx-get"], headers=told).text)
        assert shut.all("form") == [] and shut.one(id=f"action-{action}").tag == ("li" if view == "work" else "tbody")
        assert len([n for n in shut.walk() if "data-focus" in n.attrs]) == 1


def test_everything_that_asks_by_htmx_says_where_the_answer_goes(world):
    """Also on the page of a row that could not be saved, which a browser reaches whose script came late."""
    client, action = world.client("lead"), world.actions["5.2"]
    wrong = []
    for name, answer in (
        *((back, client.get(back, query_string={"open": action})) for back in VIEWS.values() if "?" not in back),
        ("/plans/twin", client.get(f"/plans/twin?q=police&open={action}")),
        ("the page of a row", send(client, action, "notes", view="plan", back="/plans/twin?q=police")),
    ):
        for node in read(answer.text).walk():
            if not {"hx-get", "hx-post"} & set(node.attrs) or "hx-target" in node.attrs:
                continue
            if not any("hx-target:inherited" in above.attrs for above in (node, *node.above())):
                wrong.append(f"{name}: {node}")
    assert not wrong, "\n".join(wrong)


def test_a_save_with_htmx_brings_the_counts_of_its_page_along(world):
    """`view` says which row and count fragments come back (product, section 6)."""
    client, action = world.client("lead"), world.actions["5.2"]
    missing = []
    for version, (view, to, wanted) in enumerate(
        (
            ("work", "in_progress", ("#waiting", "#group-overdue .pill", ".nav-count")),
            ("recommendation", "partly_complete", ("#bar-", ".nav-count")),
            ("plan", "in_progress", ("#summary", "#bar-")),
            ("board", "partly_complete", ("#summary", "#bar-")),
        ),
        start=1,
    ):
        fields = {"view": view, "back": VIEWS[view], "status": to, "version": version}
        tree = read(send(client, action, "status", htmx=True, **fields).text)
        targets = [part.attrs["hx-target"] for part in tree.all("hx-partial")]
        missing += [f"{view}: {one}" for one in wanted if not any(t.startswith(one) for t in targets)]
    assert not missing


def test_an_action_of_a_closed_plan_is_read_and_not_written(world):
    action = world.actions["5.2"]
    set_plan(world.plan_id, state="closed")
    for role in ("lead", "programme_manager", "chair"):
        client = world.client(role)
        assert client.get(f"/actions/{action}").status_code == 200
        assert send(client, action, **NOTE).status_code == 403


def test_a_pause_needs_reason_and_a_day_ahead_and_an_overdue_action_needs_its_lead_board(world):
    manager, chair = world.client("programme_manager"), world.client("chair")
    late, ahead = world.actions["5.2"], world.actions["5.4"]
    pause = {"status": "paused", "reason": "Vacancy.", "review_on": "31 May 2018"}
    refused = send(manager, late, "status", **pause)
    assert refused.status_code == 422 and "only its lead board can pause it" in refused.text
    for wrong in ({"reason": ""}, {"review_on": ""}, {"review_on": "1 April 2018"}, {"review_on": "31/04/2019"}):
        again = send(manager, ahead, "status", **{**pause, **wrong})
        assert again.status_code == 422, wrong
        (field,) = wrong
        assert f"#a{ahead}-{field}" in [one.attrs["href"] for one in read(again.text).one("div", role="alert").all("a")]
    assert send(manager, ahead, "status", **pause).status_code == 303
    assert send(chair, late, "status", **pause).status_code == 303
    for action in (late, ahead):
        assert (fact(action, "status"), fact(action, "paused_until")) == ("paused", date(2018, 5, 31))
        assert send(chair, action, "status", status="not_started", reason="Filled.").status_code == 303
        assert fact(action, "status") == "not_started"


def test_an_update_on_ongoing_work_is_its_review(world):
    action = world.actions["1.1"]
    set_fact(action, review_on=date(2018, 4, 30), first_review_on=date(2018, 4, 30))
    before = the_record()
    assert send(world.client("programme_manager"), action, "notes", **NOTE).status_code == 303
    assert changed(before, the_record()) == {"action", "progress_note", "history_event", "history_change", "submission"}
    if fact(action, "timescale_kind") == "ongoing":
        assert fact(action, "review_on") == date(2018, 7, 31)


def test_a_verifier_whose_claim_was_taken_back_meanwhile_gets_both_texts(world):
    """Not a refusal: what they wrote is beside what happened."""
    action = world.actions["7.1"]
    first, second = world.client("verifier"), world.client("programme_manager")
    reason = "I looked at twenty records."
    sent = send(first, action, "status", status="in_progress", reason="Too small a sample.", version=1)
    assert sent.status_code == 303
    assert second.get(f"/actions/{action}").status_code == 200
    stale = send(first, action, "status", status="verified", reason=reason, version=1)
    assert stale.status_code == 409
    assert reason in stale.text and "In progress" in stale.text

"""A verifier sees what was claimed where they test it, and is asked about what is doubtful."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.people.boards.model import Meeting
from ilacs_app.progress.dates.deciders import waiting
from ilacs_app.worklist import queries as worklist_queries
from tests.auditor import read
from tests.conftest import TODAY
from tests.factories import BOTH_WAYS, CLAIM, NOTE, PROOF, fact, fresh, send, set_fact

what_waits, dates_to_decide = map(fresh, (worklist_queries.what_waits, waiting.dates_to_decide))
WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])


def opened(client, action: int, at: str = "/"):
    return read(client.get(f"{at}?open={action}").text).one("form", id=f"a{action}-form")


@pytest.mark.parametrize("at", ["/", "/plans/twin/recommendations/5", "/actions/{}"])
def test_the_open_row_shows_who_claimed_when_the_month_the_note_and_the_evidence(world, at):
    action = world.actions["5.2"]
    assert send(world.client("lead"), action, **{**CLAIM, "month": "2018-03"}).status_code == 303
    claim = opened(world.client("verifier"), action, at.format(action)).one("section", class_="claim")
    for words in ("MASH Service Manager, 7 April 2018", "completed in March 2018", *NOTE.values(), PROOF["shows"]):
        assert words in claim.text
    assert claim.all("a", href=PROOF["url"])
    assert claim.all("p", class_="warning") == []


def test_a_file_of_a_claim_is_a_link_to_it(world):
    action = world.actions["5.2"]
    claim = {**NOTE, "shows": "Nine in ten", "status": "completed", "month": "2018-03"}
    assert send(world.client("lead"), action, file=("audit.txt", b"Nine in ten."), **claim).status_code == 303
    link = next(a for a in opened(world.client("verifier"), action).all("a") if "audit.txt" in a.text)
    assert world.client("verifier").get(link.attrs["href"]).status_code == 200


def test_of_a_second_claim_only_what_came_since_the_first_is_shown(world):
    lead, verifier, action = world.client("lead"), world.client("verifier"), world.actions["5.2"]
    assert send(lead, action, **CLAIM).status_code == 303
    assert send(verifier, action, "status", status="in_progress", reason="No records.").status_code == 303
    again = {**CLAIM, "did": "Twenty records were sampled.", "shows": "The sample", "url": "https://intranet.example/s"}
    assert send(lead, action, **again).status_code == 303
    claim = opened(verifier, action).one("section", class_="claim").text
    assert "Twenty records were sampled." in claim and "The sample" in claim
    assert PROOF["shows"] not in claim and NOTE["did"] not in claim


def test_a_claim_without_note_or_evidence_and_with_a_month_ahead_says_so(world):
    verifier, action = world.client("verifier"), world.actions["6.1"]
    set_fact(action, completed_on=date(2018, 9, 30), completion_imported=True)
    form = opened(verifier, action)
    told = " ".join(p.text for p in form.all("p", class_="warning"))
    assert "The month of completion, September 2018, is in the future." in told
    assert "There is no note about the completed work." in told and "There is no evidence of completion" in told
    chosen = [o for o in form.one("select", name="month").all("option") if "selected" in o.attrs]
    assert [o.attrs["value"] for o in chosen] in ([], [""]), "a month that cannot be right is not chosen"


@WAYS
def test_verifying_a_claim_with_a_doubtful_month_asks_for_the_month_and_keeps_it(world, way, headers):
    verifier, action = world.client("verifier"), world.actions["6.1"]
    set_fact(action, completed_on=date(2018, 9, 30), completion_imported=True)
    test = {"reason": "It holds.", "sample": "Twenty records", "tested_on": "7 April 2018", "status": "verified"}
    refused = send(verifier, action, "status", htmx=bool(headers), month="", **test)
    assert refused.status_code == 422 and "Select the month it was completed." in refused.text
    assert "Twenty records" in refused.text and fact(action, "status") == "completed"
    ahead = send(verifier, action, "status", htmx=bool(headers), month="2018-09", **test)
    assert ahead.status_code == 422 and fact(action, "completed_on") == date(2018, 9, 30)
    kept = send(verifier, action, "status", htmx=bool(headers), month="2018-02", **test)
    assert kept.status_code in {200, 303}
    assert (fact(action, "status"), fact(action, "completed_on")) == ("verified", date(2018, 2, 28))
    page = read(world.client("viewer").get(f"/actions/{action}").text)
    assert page.one(id=f"action-{action}").attrs["data-timeliness"] != "done_doubtful"


def test_where_only_the_note_is_missing_the_claimed_month_is_chosen(world):
    action = world.actions["6.1"]
    set_fact(action, completed_on=date(2018, 2, 28), completion_imported=True)
    chosen = [
        option.attrs["value"]
        for option in opened(world.client("verifier"), action).one("select", name="month").all("option")
        if "selected" in option.attrs
    ]
    assert chosen == ["2018-02"]


def claims(client) -> list[int]:
    """The claims that My work lists, in their order."""
    page = client.get("/").text
    part = page.split('id="group-claims"', 1)[1] if 'id="group-claims"' in page else ""
    return [int(id_) for id_ in re.findall(r'id="action-(\d+)"', part)]


@WAYS
def test_verify_and_next_goes_through_the_claims_in_their_order(world, way, headers):
    verifier = world.client("verifier")
    for ref, role in (("5.2", "lead"), ("5.3", "lead"), ("5.6", "lead")):
        assert send(world.client(role), world.actions[ref], **CLAIM).status_code == 303
    waiting = claims(verifier)
    assert len(waiting) >= 3
    test = {"reason": "It holds.", "sample": "Twenty records", "verdict": "verified", "month": "2018-02"}
    for at, following in zip(waiting, [*waiting[1:], None], strict=True):
        answer = send(verifier, at, "status", htmx=bool(headers), **test)
        assert answer.status_code == (200 if headers else 303)
        assert fact(at, "status") == "verified"
        if following is None:
            assert f"open={at}" not in (answer.headers.get("Location") or "")
        elif headers:
            assert read(answer.text).one("form", id=f"a{following}-form")
        else:
            assert f"open={following}" in answer.headers["Location"]
    assert claims(verifier) == []


@WAYS
def test_sending_back_is_shown_as_such(world, way, headers):
    verifier, action = world.client("verifier"), world.actions["5.2"]
    assert send(world.client("lead"), action, **CLAIM).status_code == 303
    back = send(verifier, action, "status", htmx=bool(headers), status="in_progress", reason="No records.")
    text = back.text if headers else verifier.get(back.headers["Location"]).text
    assert "Sent back." in text and "Delivery status: In progress." not in text


def number(client) -> int:
    """The number beside My work."""
    found = re.search(r'class="nav-count"[^>]*>(.*?)</', client.get("/plans/twin").text, re.S)
    return int(re.search(r"\d+", found[1] if found else "")[0]) if found and re.search(r"\d", found[1]) else 0


def test_the_number_beside_my_work_counts_claims_requests_for_help_and_date_changes(world):
    lead, verifier, manager = (world.client(role) for role in ("lead", "verifier", "programme_manager"))
    before = number(verifier)
    assert before == len(claims(verifier)) > 0
    assert send(lead, world.actions["5.2"], **CLAIM).status_code == 303
    assert number(verifier) == before + 1
    asked = send(world.client("contributor"), world.actions["5.3"], answer="need_help", blocker="No room.")
    assert asked.status_code == 303
    assert send(lead, world.actions["5.6"], answer="need_help", blocker="No trainer.").status_code == 303
    date_change = {"words": "End May 2018", "reason_class": "vacancy", "effect": "None.", "cover": "The team"}
    assert send(lead, world.actions["5.5"], "date-requests", **date_change).status_code == 303
    waits = what_waits(world.actor("lead"), TODAY)
    assert (waits.requests, number(lead)) == (1, waits.total)
    waits = what_waits(world.actor("programme_manager"), TODAY)
    assert (waits.requests, waits.dates, number(manager)) == (1, 1, waits.total)
    told = read(manager.get("/").text).one(id="waiting").text
    assert "1 request for help to answer" in told and "1 date change to decide" in told


def test_what_is_left_is_told_after_a_save(world):
    verifier = world.client("verifier")
    left = len(claims(verifier)) - 1
    test = {"reason": "It holds.", "sample": "Twenty records", "status": "verified", "month": "2018-02"}
    answer = send(verifier, claims(verifier)[0], "status", htmx=True, **test)
    assert (f"{left} left" if left else "Nothing left") in read(answer.text).text


def test_the_date_changes_in_the_number_are_those_that_can_be_decided(world, on):
    """For each role as the list of requests has it, with and without a meeting held since."""
    later = "End September 2018"
    for ref, words in (("5.3", "End May 2018"), ("5.5", later), ("5.6", later)):
        fields = {"words": words, "reason_class": "vacancy", "effect": "None.", "cover": "The team"}
        assert send(world.client("lead"), world.actions[ref], "date-requests", **fields).status_code == 303
    roles = ("lead", "programme_manager", "chair", "secretary", "board_member", "viewer")

    def agree() -> list[int]:
        counted = [what_waits(world.actor(role), clock.today()).dates for role in roles]
        assert counted == [len(dates_to_decide(world.actor(role), clock.today())) for role in roles]
        return counted

    assert agree()[1] >= 1
    with transaction():
        board = next(iter(world.actor("chair").board_ids))
        db.session.add(Meeting(board_id=board, on_day=TODAY + timedelta(days=3)))
    assert agree()[2] == 0, "the board has not met yet"
    on(TODAY + timedelta(days=3))
    assert agree()[2] == agree()[3] == 2

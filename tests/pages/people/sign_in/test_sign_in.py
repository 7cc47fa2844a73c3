"""Sign in and out, what a sign-in is worth, and where it may lead."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.sign_in.model import SignInSession
from tests.auditor import read
from tests.conftest import PASSWORD, TODAY, csrf_of, email_of
from tests.factories import BOTH_WAYS, HTMX, NOTE, all_rows, token


def _sign_in(client, **fields):
    data = {"email": email_of("lead"), "password": PASSWORD, "csrf_token": csrf_of(client, "/sign-in"), **fields}
    return client.post("/sign-in", data=data)


def test_a_lead_signs_in_and_comes_to_my_work(world):
    client = world.app.test_client()
    answer = _sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "My work" in read(client.get("/").text).one("h1").text


def test_the_address_is_known_in_any_case_and_with_space(world):
    assert _sign_in(world.app.test_client(), email="  LEAD@Tests.Example ").status_code == 303


def test_sign_in_leads_on_to_the_page_that_was_asked(world):
    client = world.app.test_client()
    asked = client.get("/plans/twin?brag=red")
    assert asked.headers["Location"] == "/sign-in?next=/plans/twin?brag%3Dred"
    form = read(client.get(asked.headers["Location"]).text).one("form", action="/sign-in")
    assert form.one("input", name="next").attrs["value"] == "/plans/twin?brag=red"
    assert _sign_in(client, next="/plans/twin?brag=red").headers["Location"] == "/plans/twin?brag=red"


HOSTILE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "evil.example",
    "///evil.example",
    "http:evil.example",
    "//[",
    "/x\r\nSet-Cookie: a=b",
)


def test_sign_in_never_leads_to_another_site(world):
    wrong = []
    for address in HOSTILE:
        client = world.app.test_client()
        if client.get("/sign-in", query_string={"next": address}).status_code != 200:
            wrong.append(f"the page breaks on {address!r}")
            continue
        answer = _sign_in(client, next=address)
        again = client.get("/sign-in", query_string={"next": address})
        for found in (answer, again):
            if found.headers.get("Location") != "/":
                wrong.append(f"{address!r} leads to {found.headers.get('Location')!r}, {found.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_form_never_leads_back_to_another_site(world):
    client, action = world.client("lead"), world.actions["5.2"]
    kept = token(client)
    wrong = []
    for address in HOSTILE:
        form = {"csrf_token": kept, "view": "plan", "back": address}
        saved = client.post(f"/actions/{action}/notes", data={**form, **NOTE})
        row = client.get(f"/actions/{action}/row", query_string={"back": address})
        again = client.post(f"/actions/{action}/notes", data=form)
        if saved.headers.get("Location") != f"/actions/{action}#action-{action}":
            wrong.append(f"saved, {address!r}: {saved.status_code} {saved.headers.get('Location')!r}")
        if row.headers.get("Location") != "/":
            wrong.append(f"row, {address!r}: {row.status_code} {row.headers.get('Location')!r}")
        if again.status_code != 422 or "evil" in again.text:
            wrong.append(f"wrong form, {address!r}: {again.status_code}")
    assert not wrong, "\n".join(wrong)


def test_the_address_that_htmx_tells_is_not_trusted(world):
    for address in ("https://evil.example/x", "//evil.example", "x" * 5000, "http://["):
        answer = world.client(None).get("/", headers={**HTMX, "HX-Current-URL": address})
        assert answer.status_code == 401, address
        assert "evil" not in answer.headers["HX-Redirect"]


def test_who_cannot_sign_in_is_told_who_to_contact(world):
    page = read(world.client(None).get("/sign-in").text).one("main")
    assert "Cannot sign in? Contact Service Administrator" in page.text
    assert page.one("a", href=f"mailto:{email_of('administrator')}")
    with transaction():
        ended = update(Membership).where(Membership.role == "administrator").values(until_on=date(2018, 1, 1))
        db.session.execute(ended)
    page = read(world.client(None).get("/sign-in").text).one("main").text
    assert "Contact the administrator of this service at your council." in page


def test_a_wrong_sign_in_says_what_to_do_keeps_the_address_and_never_the_password(world):
    for fields, says in (
        ({"password": "wrong"}, "Enter a correct email address and password."),
        ({"email": "nobody-here@tests.example"}, "Enter a correct email address and password."),
        ({"email": ""}, "Enter your email address."),
        ({"password": ""}, "Enter your password."),
    ):
        client = world.app.test_client()
        answer = _sign_in(client, **fields)
        assert answer.status_code == 422
        page = read(answer.text)
        assert says in page.text
        assert page.one("title").text.startswith("Error: ")
        assert page.one("input", name="email").attrs["value"] == fields.get("email", email_of("lead"))
        assert "value" not in page.one("input", name="password").attrs
        assert client.get("/").status_code == 302


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(world):
    client = world.app.test_client()
    scrub = re.compile(r'value="[^"]*"|"X-CSRFToken":"[^"]*"')
    first = scrub.sub("", _sign_in(client, password="wrong").text)
    assert scrub.sub("", _sign_in(client, email="x@tests.example").text) == first


def test_an_account_that_is_not_active_cannot_sign_in_and_its_sign_ins_end(world):
    client = world.client("lead")
    with transaction():
        db.session.execute(update(Person).where(Person.id == world.people["lead"]).values(active=False))
    assert client.get("/").status_code == 302
    assert _sign_in(world.app.test_client()).status_code == 422


def test_sign_in_without_its_token_is_refused(world):
    client = world.app.test_client()
    csrf_of(client, "/sign-in")
    answer = client.post("/sign-in", data={"email": email_of("lead"), "password": PASSWORD})
    assert answer.status_code == 400
    assert "out of date" in answer.text
    assert client.get("/").status_code == 302


def test_the_token_of_before_the_sign_in_is_worth_nothing_after_it(world):
    client = world.app.test_client()
    before = csrf_of(client, "/sign-in")
    _sign_in(client)
    address = f"/actions/{world.actions['5.2']}/notes"
    for way, headers in BOTH_WAYS:
        answer = client.post(address, data={"csrf_token": before, **NOTE}, headers=headers)
        assert answer.status_code == 400
        kept = [one.whole_text for one in read(answer.text).all("textarea")]
        assert kept == (list(NOTE.values()) if way == "plain" else []), "with scripts the form stands open as it was"
        assert not read(answer.text).all("form", action=address), "what came from elsewhere is not sent on"


def expired(world, role: str):
    """A browser whose sign-in has expired, and the token of a form that still is open in it."""
    client = world.fresh_client(role)
    kept = token(client)
    with transaction():
        db.session.execute(update(SignInSession).values(seen_at=clock.real_now() - timedelta(minutes=31)))
    return client, kept


def test_a_form_that_was_open_can_be_sent_after_the_same_person_signed_in_in_another_window(world):
    client, kept = expired(world, "lead")
    note = {"csrf_token": kept, "view": "action", **NOTE}
    sent = client.post(f"/actions/{world.actions['5.2']}/notes", data=note)
    assert sent.status_code == 401
    assert _sign_in(client).status_code == 303
    assert client.post(f"/actions/{world.actions['5.2']}/notes", data=note).status_code == 303


def test_it_cannot_be_sent_by_someone_else_nor_once_the_sign_in_was_ended(world):
    client, kept = expired(world, "programme_manager")
    note = {"csrf_token": kept, "view": "action", **NOTE}
    assert _sign_in(client).status_code == 303, "the lead, in the browser of the programme manager"
    assert client.post(f"/actions/{world.actions['5.2']}/notes", data=note).status_code == 400
    client, kept = expired(world, "lead")
    with transaction():
        db.session.execute(update(SignInSession).values(ended_at=clock.real_now()))
    assert _sign_in(client).status_code == 303
    assert client.post(f"/actions/{world.actions['5.2']}/notes", data={**note, "csrf_token": kept}).status_code == 400


def test_the_wrong_verb_is_refused(world):
    assert world.client("lead").get("/sign-out").status_code == 405
    assert world.client("lead").put("/sign-in").status_code == 405


def test_a_session_dies_at_sign_out_also_as_a_copied_cookie(world):
    client = world.fresh_client("lead")
    copied = client.get_cookie("ilacs").value
    answer = client.post("/sign-out", data={"csrf_token": token(client)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    thief = world.app.test_client()
    thief.set_cookie("ilacs", copied, domain="localhost")
    assert thief.get("/").status_code == 302
    assert client.get("/").status_code == 302


def test_sign_out_ends_this_sign_in_and_no_other(world):
    here, there = world.fresh_client("lead"), world.fresh_client("lead")
    here.post("/sign-out", data={"csrf_token": token(here)})
    assert there.get("/").status_code == 200


def test_sign_out_without_its_token_is_refused(world):
    client = world.fresh_client("lead")
    assert client.post("/sign-out").status_code == 400
    assert client.get("/").status_code == 200


def test_a_sign_in_ends_after_30_minutes_without_use(world):
    client = world.fresh_client("lead")
    start = clock.real_now()
    with time_machine.travel(start + timedelta(minutes=29), tick=False):
        assert client.get("/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=58), tick=False):
        assert client.get("/").status_code == 200, "use keeps it open"
    with time_machine.travel(start + timedelta(minutes=89), tick=False):
        assert client.get("/").status_code == 302
    with time_machine.travel(start + timedelta(minutes=59), tick=False):
        assert clock.today() == TODAY, "the moved day stays where it is"


def test_a_sign_in_ends_after_12_hours_however_much_it_is_used(world):
    client = world.fresh_client("lead")
    start = clock.real_now()
    for part in range(1, 26):
        with time_machine.travel(start + timedelta(minutes=28 * part), tick=False):
            assert client.get("/account").status_code == 200
    with time_machine.travel(start + timedelta(hours=12, seconds=5), tick=False):
        assert client.get("/account").status_code == 302


def test_a_moved_today_moves_no_session(world, on):
    client = world.fresh_client("lead")
    on(TODAY + timedelta(days=400))
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_form_sent_after_the_sign_in_ended_saves_nothing_and_says_so(world, headers):
    client = world.fresh_client("lead")
    kept = token(client)
    before = all_rows()
    with time_machine.travel(clock.real_now() + timedelta(minutes=31), tick=True):
        answer = client.post(
            f"/actions/{world.actions['5.2']}/notes",
            data={"csrf_token": kept, "back": "/plans/twin", **NOTE},
            headers={**headers, "HX-Current-URL": "http://localhost/plans/twin"} if headers else {},
        )
    assert answer.status_code == 401
    assert all_rows()["progress_note"] == before["progress_note"]
    if headers:
        assert answer.headers["HX-Redirect"] == "/sign-in?next=/plans/twin"
        return
    page = read(answer.text)
    assert "You were signed out, so nothing was saved" in page.text
    assert page.one("form", action="/sign-in").one("input", name="next").attrs["value"] == "/plans/twin"


def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(world):
    answer = _sign_in(world.app.test_client())
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("ilacs="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Expires" not in cookie and "Max-Age" not in cookie


def test_a_forged_cookie_is_no_one(world):
    client = world.app.test_client()
    client.set_cookie("ilacs", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", domain="localhost")
    assert client.get("/").status_code == 302


def test_a_role_that_ended_opens_nothing_from_that_day(world, on):
    client = world.client("viewer")
    assert client.get("/governance").status_code == 200
    with transaction():
        ended = update(Membership).where(Membership.person_id == world.people["viewer"])
        db.session.execute(ended.values(until_on=TODAY))
    assert client.get("/governance").status_code == 200
    on(TODAY + timedelta(days=1))
    assert client.get("/governance").status_code == 404

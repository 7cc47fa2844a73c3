"""Nothing typed is lost: drafts of an open row, and what is sent after a sign-in has expired or was ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.forms.model import Draft
from ilacs_app.people.sign_in.model import SignInSession
from ilacs_app.progress.notes import queries
from tests.auditor import read
from tests.conftest import PASSWORD, csrf_of, email_of
from tests.factories import BOTH_WAYS, HTMX, fact, fresh, send, set_fact, the_record, token, version_of

notes = fresh(queries.notes)
WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])


def drafts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draft))


def sessions(**values) -> None:
    with transaction():
        db.session.execute(update(SignInSession).values(**values))


def keep(client, action: int, part: str = "answer", **fields):
    """Return what an open row sends of itself while it is typed into."""
    fields = {"kind": "audit", "sensitivity": "open", "version": version_of(action), **fields}
    data = {"csrf_token": token(client), "view": "work", "back": "/", **fields}
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(f"/drafts?of=/actions/{action}/{part}", data=data, headers=HTMX)


def form_of(client, action: int):
    return read(client.get(f"/?open={action}").text).one("form", id=f"a{action}-form")


def test_an_open_row_is_kept_as_it_is_typed_and_is_so_when_it_is_opened_again(world):
    client, action = world.client("lead"), world.actions["5.2"]
    typed = {"answer": "need_help", "blocker": "No <room>", "did": "Half of it.", "status": "in_progress"}
    kept = keep(client, action, **typed)
    assert kept.status_code == 200 and kept.text.startswith("Draft saved at ")
    form = form_of(client, action)
    assert form.one("textarea", name="blocker").whole_text == "No <room>"
    assert form.one("textarea", name="did").whole_text == "Half of it."
    assert [i.attrs["value"] for i in form.all("input", name="answer") if "checked" in i.attrs] == ["need_help"]
    assert "Draft saved at" in form.one(id=f"a{action}-form-kept").text
    assert "Half of it." not in world.client("programme_manager").get(f"/?open={action}").text, "it is its writer's"
    assert notes(action) == []


def test_saving_takes_the_draft_away_and_one_that_comes_after_is_not_kept(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert keep(client, action, did="Half of it.").status_code == 200
    assert drafts() == 1
    assert send(client, action, did="All of it.", once="the same").status_code == 303
    assert drafts() == 0
    assert keep(client, action, did="All of", once="the same").text == ""
    assert drafts() == 0


def test_an_empty_form_keeps_nothing_and_takes_an_old_draft_away(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert keep(client, action, did="Half").text and drafts() == 1
    assert keep(client, action, did=" ", month="2018-04").text == "" and drafts() == 0
    too_long = keep(client, action, did="x" * 60_001).text
    assert too_long.startswith("Draft not saved: it is longer than 60,000 characters.") and drafts() == 0


def test_a_draft_from_an_old_sight_conflicts_and_is_kept(world):
    client, action = world.client("lead"), world.actions["5.2"]
    assert keep(client, action, did="Half", status="in_progress").status_code == 200
    set_fact(action, status="partly_complete", version=2)
    version = form_of(client, action).one("input", name="version").attrs["value"]
    assert version == "1"
    assert send(client, action, did="Half", status="in_progress", version=version).status_code == 409
    assert drafts() == 1 and fact(action, "status") == "partly_complete"


@WAYS
def test_a_form_under_an_expired_sign_in_is_kept_and_is_open_after_the_next_one(world, way, headers):
    client, action = world.fresh_client("lead"), world.actions["5.2"]
    token(client)
    sessions(seen_at=clock.real_now() - timedelta(minutes=31))
    back = "/plans/twin?q=police"
    sent = send(client, action, htmx=bool(headers), view="plan", back=back, answer="on_track", did="Written for long.")
    assert sent.status_code == 401 and notes(action) == [] and drafts() == 1
    if headers:
        address = sent.headers["HX-Redirect"]
        assert sent.text == ""
        page = read(client.get(address).text)
    else:
        address, page = "/sign-in", read(sent.text)
    assert "We saved what you wrote" in page.one("main").text
    following = page.one("input", name="next").attrs["value"]
    signed = client.post(
        "/sign-in",
        data={
            "csrf_token": csrf_of(client, "/sign-in"),
            "email": email_of("lead"),
            "password": PASSWORD,
            "next": following,
        },
    )
    assert signed.headers["Location"] == f"/plans/twin?q=police&open={action}#action-{action}"
    form = read(client.get(signed.headers["Location"].partition("#")[0]).text).one("form", id=f"a{action}-form")
    assert form.one("textarea", name="did").whole_text == "Written for long."


@WAYS
def test_a_form_under_a_sign_in_that_was_ended_keeps_nothing(world, way, headers):
    client, action = world.fresh_client("lead"), world.actions["5.2"]
    token(client)
    sessions(ended_at=clock.real_now())
    before = the_record()
    sent = send(client, action, htmx=bool(headers), did="Written by who knows whom.")
    assert sent.status_code == 401 and the_record() == before


def test_a_forged_form_under_an_expired_sign_in_keeps_nothing(world):
    client, action = world.fresh_client("lead"), world.actions["5.2"]
    token(client)
    sessions(seen_at=clock.real_now() - timedelta(minutes=31))
    assert send(client, action, did="Forged.", csrf_token="x").status_code == 401
    assert drafts() == 0


def test_who_may_not_write_keeps_no_draft(world):
    action = world.actions["5.2"]
    assert keep(world.client("viewer"), action, did="x").status_code == 403
    assert keep(world.client("nobody"), action, did="x").status_code == 404
    assert world.client("lead").get(f"/drafts?of=/actions/{action}/answer", headers=HTMX).status_code == 405
    assert drafts() == 0

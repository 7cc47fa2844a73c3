"""What is typed into a long form and not saved stands there again for who typed it, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.people.model import Draft, SignInSession
from ilacs_app.progress.commands import NoteText, log_progress
from tests.auditor import read
from tests.conftest import PASSWORD, csrf_of, email_of
from tests.factories import HTMX, send, set_plan, token, version_of

FORMS = {
    "a correction": ("lead", "/notes/{note}/correct", "did"),
    "an action": ("programme_manager", "/actions/{action}/edit", "text"),
    "a recommendation": ("programme_manager", "/plans/twin/recommendations/5/edit", "impact"),
    "a plan": ("programme_manager", "/plans/twin/edit", "glossary"),
    "a new action": ("programme_manager", "/plans/twin/recommendations/5/actions/new", "text"),
    "a new recommendation": ("programme_manager", "/plans/twin/recommendations/new", "text"),
}
TYPED = "Half = what was <typed>"


def drafts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draft))


def place(world, what: str) -> tuple[Any, str, str]:
    """The client of who writes, the address of the form, and a long field of it."""
    role, path, field = FORMS[what]
    note = 0
    if "{note}" in path:
        with transaction():
            note = log_progress(world.author("lead"), world.actions["5.2"], NoteText("All of it.", next_step="More."))
    return world.client(role), path.format(note=note, action=world.actions["5.2"]), field


def form_at(client, path: str):
    return next(one for one in read(client.get(path).text).one("main").all("form") if one.attrs["action"] == path)


def filled(client, path: str, **typed: str) -> dict[str, Any]:
    """What the form sends, with some of it typed anew."""
    sent: dict[str, Any] = {}
    for node in form_at(client, path).all():
        name = node.attrs.get("name", "")
        if node.tag == "textarea":
            sent[name] = node.whole_text
        elif node.tag == "select":
            sent[name] = next((one.attrs["value"] for one in node.all("option") if "selected" in one.attrs), "")
        elif node.tag == "input" and (node.attrs.get("type") != "checkbox" or "checked" in node.attrs):
            sent.setdefault(name, []).append(node.attrs.get("value", ""))
    return {**sent, "csrf_token": token(client), **typed}


def keep(client, path: str, **fields: Any):
    return client.post(f"/drafts?of={path}", data=fields, headers=HTMX)


def said(client, path: str, field: str) -> str:
    return form_at(client, path).one("textarea", name=field).whole_text


@pytest.mark.parametrize("what", FORMS)
def test_what_is_typed_stands_there_again_until_it_is_saved(world, what):
    client, path, field = place(world, what)
    fields = filled(client, path, **{field: TYPED})
    assert f"/drafts?of={path}" in client.get(path).text, "the form keeps itself"
    kept = keep(client, path, **fields)
    assert kept.status_code == 200 and kept.text.startswith("Draft kept at ") and drafts() == 1
    assert said(client, path, field) == TYPED and "Not saved yet" in client.get(path).text
    saved = client.post(path, data={**filled(client, path), "once": "1"})
    assert saved.status_code == 303, read(saved.text).one("main").text
    assert drafts() == 0 and "Not saved yet" not in client.get(path).text
    assert keep(client, path, **{**fields, "once": "1"}).text == "" and drafts() == 0, "it came too late"


def test_what_was_taken_out_stays_out(world):
    client, path, _ = place(world, "a recommendation")
    boards = filled(client, path)["boards"]
    assert boards and said(client, path, "impact")
    fields = {name: value for name, value in filled(client, path, impact="").items() if name != "boards"}
    keep(client, path, **fields)
    again = filled(client, path)
    assert again["impact"] == "" and "boards" not in again and again["text"] == fields["text"]


@pytest.mark.parametrize("what", ["a correction", "an action"])
def test_after_an_expired_sign_in_the_form_stands_as_it_was_sent(world, what):
    _, path, field = place(world, what)
    role = FORMS[what][0]
    client = world.fresh_client(role)
    fields = filled(client, path, **{field: TYPED})
    with transaction():
        db.session.execute(update(SignInSession).values(seen_at=clock.real_now() - timedelta(minutes=31)))
    sent = client.post(path, data=fields)
    assert sent.status_code == 401 and "What you wrote is kept" in sent.text and drafts() == 1
    following = read(sent.text).one("input", name="next").attrs["value"]
    entered = {"email": email_of(role), "password": PASSWORD, "next": following}
    signed = client.post("/sign-in", data={"csrf_token": csrf_of(client, "/sign-in"), **entered})
    assert signed.headers["Location"] == path and said(client, path, field) == TYPED


def test_a_draft_is_its_writers_and_nobody_sees_it_who_may_not_write_there_any_more(world):
    client, path, field = place(world, "a correction")
    keep(client, path, **filled(client, path, **{field: TYPED}))
    assert TYPED not in (other := world.client("programme_manager").get(path)).text and other.status_code == 403
    set_plan(world.plan_id, state="closed")
    refused = client.get(path)
    assert refused.status_code == 403 and "typed" not in refused.text
    assert keep(client, path, csrf_token=token(client), did="More").status_code == 403
    action = f"/actions/{world.actions['5.2']}/edit"
    assert keep(client, action, csrf_token=token(client), text="Mine").status_code == 403
    assert keep(world.client("nobody"), action, csrf_token=token(world.client("nobody"))).status_code == 404
    assert drafts() == 1


def test_a_draft_of_what_was_changed_since_meets_it_by_field(world):
    client, path, field = place(world, "an action")
    mine = filled(client, path, **{field: TYPED})
    assert client.post(path, data={**mine, field: "What they wrote", "once": "1"}).status_code == 303
    keep(client, path, **mine)
    met = client.post(path, data={**filled(client, path), "once": "2"})
    compared = read(met.text).one("table", class_="compare").text
    assert met.status_code == 409 and "What they wrote" in compared and TYPED in compared
    assert drafts() == 1


def test_a_draft_is_given_up_by_who_wrote_it(world):
    client, path, field = place(world, "an action")
    before = said(client, path, field)
    keep(client, path, **filled(client, path, **{field: TYPED}))
    dropped = client.post(f"/drafts?of={path}", data=filled(client, path, drop="yes"))
    assert (dropped.status_code, dropped.headers["Location"]) == (303, path)
    assert drafts() == 0 and said(client, path, field) == before


def test_what_a_verifier_looked_at_is_kept_while_it_is_typed(world):
    client, action = world.client("verifier"), world.actions["6.1"]
    path, page = f"/actions/{action}/status", f"/actions/{action}?open={action}"
    fields = {"csrf_token": token(client), "view": "action", "version": version_of(action), "tested_on": "3 April 2018"}
    assert f"/drafts?of={path}" in client.get(page).text
    keep(client, path, **fields, sample="Ten records.", reason="")
    form = read(client.get(page).text).one("form", id=f"a{action}-form")
    assert form.one("textarea", name="sample").whole_text == "Ten records."
    assert form.one("input", name="tested_on").attrs["value"] == "3 April 2018"
    test = {"status": "verified", "sample": "Ten records.", "reason": "It holds.", "tested_on": "3 April 2018"}
    assert send(client, action, "status", **test).status_code == 303 and drafts() == 0


def test_a_new_date_with_its_reason_is_kept_on_the_page_of_the_action(world):
    client, action = world.client("lead"), world.actions["5.2"]
    path, page = f"/actions/{action}/answer", f"/actions/{action}?open={action}"
    fields = {"words": "End July 2018", "reason_class": "vacancy", "effect": "None.", "cover": "The old way."}
    keep(client, path, csrf_token=token(client), view="action", version=version_of(action), **fields)
    form = read(client.get(page).text).one("form", id=f"a{action}-form")
    assert form.one("input", name="words").attrs["value"] == "End July 2018"
    assert form.one("textarea", name="cover").whole_text == "The old way."
    chosen = form.one("select", name="reason_class").all("option")
    assert [one.attrs["value"] for one in chosen if "selected" in one.attrs] == ["vacancy"]

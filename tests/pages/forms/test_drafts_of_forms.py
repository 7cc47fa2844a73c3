"""What is typed into a long form and not saved is there again for who typed it, and for no one else."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import put_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.inspections.commands import enter_inspection
from ilacs_app.editing.recommendations.commands import withdraw_recommendation
from ilacs_app.forms.model import Draft
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.sign_in.model import SignInSession
from ilacs_app.people.teams.commands import make_team
from ilacs_app.plan.visibility import recommendation_for
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import read
from tests.conftest import BY, PASSWORD, TODAY, csrf_of, email_of
from tests.factories import HTMX, PLAN_FILE, plan_file, send, set_plan, set_recommendation, token, version_of

TYPED = "Half = what was <typed>"
MANAGER = "programme_manager"


@dataclass(frozen=True)
class Kept:
    """A form that keeps a draft: who fills it in, the address that it is sent to, a field of it that is typed into.

    ``page`` is where it is, if that is another address; ``more`` is what else saving it needs.
    """

    role: str
    path: str
    field: str
    page: str = ""
    typed: str = TYPED
    more: dict[str, Any] = field(default_factory=dict)


FORMS = {
    "a correction": Kept("lead", "/notes/{note}/correct", "did"),
    "an action": Kept(MANAGER, "/actions/{action}/edit", "text"),
    "a recommendation": Kept(MANAGER, "/plans/twin/recommendations/5/edit", "impact"),
    "a plan": Kept(MANAGER, "/plans/twin/edit", "glossary"),
    "a new action": Kept(MANAGER, "/plans/twin/recommendations/5/actions/new", "text"),
    "a new recommendation": Kept(MANAGER, "/plans/twin/recommendations/new", "text"),
    "evidence": Kept("lead", "/actions/{action}/evidence/new", "shows", more={"url": "https://intranet.example/audit"}),
    "evidence that is withdrawn": Kept("lead", "/evidence/{piece}/withdraw", "reason"),
    "an inspection": Kept(MANAGER, "/inspections/new", "framework", more={"authority": "Northmoor"}),
    "a corrected inspection": Kept(MANAGER, "/inspections/{inspection}/edit", "framework"),
    "a new plan": Kept(MANAGER, "/plans/new", "title", more={"slug": "another"}),
    "a step of a plan": Kept(MANAGER, "/plans/twin/state", "reason"),
    "a board": Kept(MANAGER, "/settings/boards/new", "other_names", more={"name": "A new board"}),
    "a changed board": Kept(MANAGER, "/settings/boards/{board}", "other_names"),
    "a team": Kept(MANAGER, "/settings/teams/new", "name"),
    "a changed team": Kept(MANAGER, "/settings/teams/{team}", "name"),
    "somebody who stands in": Kept("lead", "/stand-ins", "reason", more={"person": "viewer@tests.example"}),
    "a meeting": Kept("chair", "/boards/mash-board/meetings", "place", more={"on_day": "21 May 2018"}),
    "a changed meeting": Kept(
        "chair", "/boards/mash-board/meetings/{meeting}/change", "place", "/boards/mash-board/meetings?change={meeting}"
    ),
    "a cancelled meeting": Kept(
        "chair",
        "/boards/mash-board/meetings/{meeting}/cancel",
        "reason",
        "/boards/mash-board/meetings?change={meeting}",
    ),
    "a recommendation that moves": Kept(
        MANAGER, "/plans/twin/recommendations/5/move", "number", "/plans/twin/recommendations/5/edit", "5a"
    ),
    "a recommendation that is withdrawn": Kept(
        MANAGER, "/plans/twin/recommendations/5/withdraw", "reason", "/plans/twin/recommendations/5/edit"
    ),
    "a recommendation that is taken up again": Kept(
        MANAGER, "/plans/twin/recommendations/2/return", "reason", "/plans/twin/recommendations/2/edit"
    ),
    "an action that moves": Kept(MANAGER, "/actions/{action}/place", "ref", "/actions/{action}/edit", "5.9"),
    "a date that is read anew": Kept(
        MANAGER,
        "/actions/{action}/reading",
        "words",
        "/actions/{action}/edit",
        "29 March 2018",
        more={"reason": "Typed wrongly."},
    ),
    "a first date": Kept(
        MANAGER, "/actions/{bare}/first-date", "words", "/actions/{bare}/edit", "30 May 2018", more={"reason": "New."}
    ),
    "a rating by judgement": Kept(
        MANAGER, "/actions/{called}/rating", "reason", "/actions/{called}", more={"brag": "red"}
    ),
    "a reply to a call for help": Kept("lead", "/actions/{called}/help", "reply", "/actions/{called}"),
    "a reply in My work": Kept("lead", "/actions/{called}/help", "reply", "/"),
    "a new date that is refused": Kept(MANAGER, "/date-requests/{request}/decide", "refusal", "/date-requests"),
    "a new date that is agreed shorter": Kept(
        MANAGER, "/date-requests/{request}/decide", "shorter", "/actions/{asked}", "10 May 2018"
    ),
    "a stage that opens again": Kept(MANAGER, "/actions/{staged}/stages", "reason", "/actions/{staged}"),
    "the name of a filter": Kept("viewer", "/filters", "name", "/filters?keep=/plans/twin?brag%3Dred"),
    "items of a leaver": Kept(MANAGER, "/people/{lead}/hand-over", "to", more={"save": "yes"}),
    "another owner": Kept(MANAGER, "/plans/twin/owners", "to", more={"save": "yes", "item": "owner-{action}-1"}),
    "a plan file": Kept(
        MANAGER, "/import", "title", more={"dated_on": "22 February 2018", "file": (PLAN_FILE, "our plan.csv")}
    ),
    "a row of a plan file": Kept(MANAGER, "/import/{import}/rows/0", "due", "/import/{import}?row=0", "30 May 2018"),
}


def drafts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draft))


@pytest.fixture
def named(world) -> dict[str, int]:
    """Return what the addresses of the forms name."""
    actions = world.actions
    lead, manager = world.author("lead"), world.author(MANAGER)
    with transaction():
        made = {
            "note": log_progress(lead, actions["5.2"], NoteText("All of it.", next_step="More.")),
            "piece": attach_evidence(
                lead, actions["5.2"], EvidenceText("A link", "audit", "open", "https://x.example/")
            ),
            "inspection": enter_inspection(BY, "Northmoor", "ILACS"),
            "team": make_team(BY, "A team", []),
            "board": board_named(BY, "MASH Board"),
            "meeting": set_meeting(BY, board_named(BY, "MASH Board"), TODAY + timedelta(days=30)),
            "request": ask_new_date(lead, actions["5.3"], DateWish("15 May 2018", "vacancy", "Nothing changes.")),
            "bare": put_action(
                manager, recommendation_for(world.actor(MANAGER), world.plan_id, "5"), "5.8", ActionContent("More."), ""
            ),
            "import": plan_file(world.app),
        }
        withdraw_recommendation(manager, recommendation_for(world.actor(MANAGER), world.plan_id, "2"), 1, "Done.")
    send(world.client("contributor"), actions["5.3"], answer="need_help", blocker="The trainer has left.")
    client = world.client(MANAGER)
    tick = {"csrf_token": token(client), "stage": 0, "done": "yes", "version": version_of(actions["8.3"])}
    assert client.post(f"/actions/{actions['8.3']}/stages", data=tick).status_code == 303
    places = {"action": actions["5.2"], "called": actions["5.3"], "asked": actions["5.3"], "staged": actions["8.3"]}
    return {**made, **places, **world.people}


def place(world, named, what: str) -> tuple[Any, str, str, str]:
    """The client of who writes, the address of the form, that of its page, and a field of it."""
    form = FORMS[what]
    path = form.path.format(**named)
    return world.client(form.role), path, form.page.format(**named) or path, form.field


def form_at(client, page: str, path: str, field: str = ""):
    """The form of a page that is sent to this address and has this field."""
    forms = read(client.get(page).text).one("main").all("form")
    found = [one for one in forms if one.attrs["action"].split("?")[0] == path]
    return next(one for one in found if not field or one.all(name=field))


def filled(client, page: str, path: str, **typed: Any) -> dict[str, Any]:
    """Return what the form sends, with some of it typed again."""
    sent: dict[str, Any] = {}
    for node in form_at(client, page, path, next(iter(typed), "")).all():
        name = node.attrs.get("name", "")
        if not name:
            continue
        if node.tag == "textarea":
            sent[name] = node.whole_text
        elif node.tag == "select":
            sent[name] = next((one.attrs["value"] for one in node.all("option") if "selected" in one.attrs), "")
        elif node.tag == "input" and node.attrs.get("type") == "file":
            continue
        elif node.tag == "input" and (node.attrs.get("type") != "checkbox" or "checked" in node.attrs):
            sent.setdefault(name, []).append(node.attrs.get("value", ""))
    return {**sent, "csrf_token": token(client), **typed}


def keep(client, path: str, **fields: Any):
    return client.post(f"/drafts?of={path}", data=fields, headers=HTMX)


def said(client, page: str, path: str, field: str) -> str:
    node = form_at(client, page, path, field).one(name=field)
    return node.whole_text if node.tag == "textarea" else node.attrs["value"]


def completed(what: str, named) -> dict[str, Any]:
    """Return what else the form needs to be saved."""
    more = {
        name: value.format(**named) if isinstance(value, str) else value for name, value in FORMS[what].more.items()
    }
    if "file" in more:
        more["file"] = (io.BytesIO(more["file"][0].encode()), more["file"][1])
    return more


@pytest.mark.parametrize("what", FORMS)
def test_what_is_typed_is_there_again_until_it_is_saved(world, named, what):
    client, path, page, field = place(world, named, what)
    typed = FORMS[what].typed
    fields = filled(client, page, path, **{field: typed})
    form = form_at(client, page, path, field)
    assert [one for one in form.all() if one.attrs.get("hx-post") == f"/drafts?of={path}"], "the form keeps itself"
    kept = keep(client, path, **fields)
    assert kept.status_code == 200 and kept.text.startswith("Draft saved at ") and drafts() == 1
    assert said(client, page, path, field) == typed
    assert "Draft saved at" in form_at(client, page, path, field).text
    again = filled(client, page, path, **{field: typed})
    assert again.get("version") == fields.get("version"), "what others save meanwhile meets it"
    saved = client.post(path, data={**again, **completed(what, named), "once": "1"})
    assert saved.status_code == 303, read(saved.text).one("main").text
    assert drafts() == 0 and "Draft saved at" not in client.get(page).text
    late = keep(client, path, **{**fields, "once": "1"})
    assert (late.text == "" or late.status_code == 404) and drafts() == 0, "it came too late"


def test_what_was_taken_out_stays_out(world, named):
    client, path, page, _ = place(world, named, "a recommendation")
    boards = filled(client, page, path)["boards"]
    assert boards and said(client, page, path, "impact")
    fields = {name: value for name, value in filled(client, page, path, impact="").items() if name != "boards"}
    keep(client, path, **fields)
    again = filled(client, page, path)
    assert again["impact"] == "" and "boards" not in again and again["text"] == fields["text"]


ELSEWHERE = [what for what, form in FORMS.items() if form.page]


@pytest.mark.parametrize("what", ["a correction", "an action", "evidence", *ELSEWHERE])
def test_after_an_expired_sign_in_the_form_opens_as_it_was_sent(world, named, what):
    _, path, page, field = place(world, named, what)
    role, typed = FORMS[what].role, FORMS[what].typed
    client = world.fresh_client(role)
    fields = filled(client, page, path, **{field: typed})
    with transaction():
        db.session.execute(update(SignInSession).values(seen_at=clock.real_now() - timedelta(minutes=31)))
    sent = client.post(path, data=fields)
    assert sent.status_code == 401 and "We saved what you wrote" in sent.text and drafts() == 1
    following = read(sent.text).one("input", name="next").attrs["value"]
    entered = {"email": email_of(role), "password": PASSWORD, "next": following}
    signed = client.post("/sign-in", data={"csrf_token": csrf_of(client, "/sign-in"), **entered})
    assert said(client, signed.headers["Location"].partition("#")[0], path, field) == typed


def test_a_draft_is_its_writers_and_no_one_sees_it_who_may_not_write_there_any_more(world, named):
    client, path, page, field = place(world, named, "a correction")
    keep(client, path, **filled(client, page, path, **{field: TYPED}))
    assert TYPED not in (other := world.client("programme_manager").get(path)).text and other.status_code == 403
    set_plan(world.plan_id, state="closed")
    refused = client.get(path)
    assert refused.status_code == 403 and "typed" not in refused.text
    assert keep(client, path, csrf_token=token(client), did="More").status_code == 403
    action = f"/actions/{world.actions['5.2']}/edit"
    assert keep(client, action, csrf_token=token(client), text="Mine").status_code == 403
    assert keep(world.client("nobody"), action, csrf_token=token(world.client("nobody"))).status_code == 404
    assert drafts() == 1


def test_a_draft_of_what_was_changed_since_meets_it_by_field(world, named):
    client, path, page, field = place(world, named, "an action")
    mine = filled(client, page, path, **{field: TYPED})
    assert client.post(path, data={**mine, field: "What they wrote", "once": "1"}).status_code == 303
    keep(client, path, **mine)
    met = client.post(path, data={**filled(client, page, path), "once": "2"})
    compared = read(met.text).one("table", class_="compare").text
    assert met.status_code == 409 and "What they wrote" in compared and TYPED in compared
    assert drafts() == 1


def test_a_draft_is_given_up_by_who_wrote_it(world, named):
    for what in ("an action", "a cancelled meeting", "another owner"):
        client, path, page, field = place(world, named, what)
        before = said(client, page, path, field)
        keep(client, path, **filled(client, page, path, **{field: TYPED}))
        dropped = client.post(f"/drafts?of={path}", data={**filled(client, page, path), "drop": "yes"})
        assert (dropped.status_code, dropped.headers["Location"].partition("#")[0]) == (303, page)
        assert drafts() == 0 and said(client, page, path, field) == before


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


def test_the_items_that_were_ticked_are_kept_with_the_name_that_they_go_to(world, named):
    client, path = world.client(MANAGER), "/plans/twin/owners"
    page = f"{path}?lead=MASH+Service+Manager"
    item = f"owner-{named['action']}-1"
    keep(client, path, csrf_token=token(client), back=page, to="Quality Lead", item=["owner-1-1", item])
    boxes = form_at(client, page, path, "to").all("input", name="item")
    assert [one.attrs["value"] for one in boxes if "checked" in one.attrs] == [item]
    dropped = client.post(f"/drafts?of={path}", data={"csrf_token": token(client), "back": page, "drop": "yes"})
    assert dropped.headers["Location"] == page, "the list with its filter"


def test_the_reason_for_an_undo_is_kept_and_is_in_the_open_row(world):
    client, action = world.client("lead"), world.actions["5.3"]
    send(client, action, status="in_progress")
    undo = read(client.get(f"/actions/{action}").text).one("form", id="u-form")
    fields = {one.attrs["name"]: one.attrs["value"] for one in undo.all("input", type="hidden")}
    keep(client, undo.attrs["action"], **fields, reason="The wrong row.")
    form = read(client.get(f"/actions/{action}?open={action}").text).one("form", id=f"a{action}-form")
    assert form.one("textarea", name="reason").whole_text == "The wrong row."
    chosen = form.one("select", name="status").all("option")
    assert [one.attrs["value"] for one in chosen if "selected" in one.attrs] == ["not_started"]


def test_a_name_typed_for_one_filter_is_not_offered_for_another(world):
    client, page = world.client("viewer"), "/filters?keep=/plans/twin?brag%3Dred"
    keep(client, "/filters", **filled(client, page, "/filters", name="Red ones"))
    assert said(client, page, "/filters", "name") == "Red ones"
    assert said(client, "/filters?keep=/plans/twin?brag%3Dgreen", "/filters", "name") == ""


def test_a_draft_is_not_offered_to_a_recommendation_that_has_the_number_since(world, named):
    client, path, page, field = place(world, named, "a recommendation")
    keep(client, path, **filled(client, page, path, **{field: TYPED}))
    set_recommendation(world.plan_id, "5", number="5x")
    set_recommendation(world.plan_id, "6", number="5")
    assert said(client, page, path, field) != TYPED and "Not saved yet" not in client.get(page).text

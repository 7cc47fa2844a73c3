"""What paused and withdrawn actions say, a date that is shown once, and links from an action to its recommendation."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pytest

from ilacs_app.db import transaction
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.meetings.queries import meeting_of
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.documents import pack_documents
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.boards.queries import boards
from ilacs_app.reporting.packs.pdf import pack_pdf
from ilacs_app.reporting.packs.word import pack_word
from tests.auditor import read
from tests.conftest import BY, TODAY
from tests.factories import HTMX, fact, send, set_fact, token

LIST = "/plans/twin/recommendations/5"
PAUSED = {"status": "paused", "reason": "The provider has <closed>.", "review_on": "31 July 2018"}
WITHDRAWN = {"status": "withdrawn", "reason": "Another action covers it."}
PLACES = (LIST, "/plans/twin?q=police", "/plans/twin/actions", "/boards/mash-board")


def set_aside(world, fields) -> int:
    """Pause or withdraw an action that is not late, as the programme manager does."""
    action = world.actions["5.2"]
    set_fact(action, due_on=TODAY + timedelta(days=60))
    assert send(world.client("programme_manager"), action, **fields).status_code == 303
    return action


@pytest.mark.parametrize("fields", [PAUSED, WITHDRAWN], ids=lambda fields: fields["status"])
@pytest.mark.parametrize("role", ["lead", "programme_manager", "viewer", "board_member"])
def test_an_action_set_aside_has_a_tag_of_its_own_and_says_why(world, role, fields):
    action = set_aside(world, fields)
    client = world.client(role)
    for address in PLACES:
        row = read(client.get(address).text).one(id=f"action-{action}")
        assert row.one("strong", class_="tag tag--grey").text == f"Grey: {fields['status']}", address
        assert row.attrs["data-brag"] == "grey"
        assert f"Reason: {fields['reason']}" in row.text, address
    page = read(client.get(f"/actions/{action}").text)
    line = page.one(id=f"action-{action}")
    assert line.one("strong", class_="tag tag--grey").text == f"Grey: {fields['status']}"
    assert f"Reason: {fields['reason']}" in line.text


def test_the_key_of_a_page_and_the_progress_report_have_the_tags_of_actions_set_aside(world):
    set_aside(world, PAUSED)
    client = world.client("viewer")
    key = [item.text for item in read(client.get(LIST).text).one("ul", class_="key__list").all("li")]
    assert key[-3:] == ["Grey: not due", "Grey: paused", "Grey: withdrawn"]
    report = client.get("/plans/twin/export/file?format=docx&form=progress").data
    cells = [cell.text for row in docx.Document(io.BytesIO(report)).tables[0].rows for cell in row.cells]
    assert "○ Grey: paused" in cells
    assert f"Paused\nReason: {PAUSED['reason']}" in cells


def test_a_recommendation_whose_actions_are_all_set_aside_has_no_open_action(world):
    for ref in ("11.1", "11.2", "11.3"):
        set_fact(world.actions[ref], status="paused")
    client = world.client("viewer")
    addresses = ("/plans/twin", "/plans/twin/recommendations/11", "/search?q=their+health")
    for address in addresses:
        assert "Grey: no open action" in client.get(address).text, address
    set_fact(world.actions["11.1"], status="not_started", due_on=TODAY + timedelta(days=90))
    for address in addresses:
        assert "Grey: no open action" not in client.get(address).text, address


def test_papers_show_a_paused_action_as_paused(world):
    """Its review is late, so the papers list it."""
    action = set_aside(world, PAUSED)
    set_fact(action, paused_until=TODAY - timedelta(days=1))
    with transaction():
        meeting = set_meeting(BY, board_named(BY, "MASH Board"), TODAY + timedelta(days=7))
        board = next(board for board in boards() if board.slug == "mash-board")
        material = pack_material(board, meeting_of(board.id, meeting), TODAY)
    documents = pack_documents(material, published_by="The secretary", number=1)
    late = next(section for section in documents.shown.sections if section.id == "reviews")
    assert [row[-1].rating for block in late.blocks for row in block.rows] == ["paused"]
    made = pack_word(documents.shown)
    text = [cell.text for table in docx.Document(io.BytesIO(made)).tables for row in table.rows for cell in row.cells]
    assert any(cell.startswith("○ Grey: paused") for cell in text)
    assert any(f"Why: Paused. {PAUSED['reason']}" in cell for cell in text)
    assert pack_pdf(documents.shown).startswith(b"%PDF")


def test_a_reason_goes_when_the_action_is_restored(world):
    action = set_aside(world, PAUSED)
    manager = world.client("programme_manager")
    assert send(manager, action, status="not_started", reason="It is open again.").status_code == 303
    row = read(manager.get(LIST).text).one(id=f"action-{action}")
    assert "Reason:" not in row.text and row.one("strong", class_="tag tag--grey").text == "Grey: not due"


def test_a_date_is_shown_once(world):
    action = world.actions["5.2"]
    set_fact(action, due_on=TODAY + timedelta(days=44), timescale_text="21 May 2018", moves=0)
    client = world.client("lead")
    for address in (LIST, "/plans/twin/actions"):
        row = read(client.get(address).text).one(id=f"action-{action}")
        assert row.text.count("21 May 2018") == 1 and "44 days to go" in row.text, address
    line = read(client.get(f"/actions/{action}").text).one(id=f"action-{action}").text
    assert line.count("21 May 2018") == 1 and "44 days to go" in line


def test_a_pause_is_dated_once(world):
    action = set_aside(world, PAUSED)
    line = read(world.client("lead").get(f"/actions/{action}").text).one(id=f"action-{action}").text
    assert line.count("31 Jul") == 1


@pytest.mark.parametrize("part", ["evidence/new", "edit"])
def test_pages_of_an_action_lead_to_its_recommendation(world, part):
    action = world.actions["5.2"]
    page = read(world.client("programme_manager").get(f"/actions/{action}/{part}").text)
    links = [(a.text, a.attrs["href"]) for a in page.one("nav", aria_label="Breadcrumb").all("a")]
    assert [text for text, _ in links[-2:]] == ["Recommendation 5", "Action 5.2"]
    assert [href for _, href in links[-2:]] == [LIST, f"/actions/{action}"]


def test_withdraw_is_beside_edit_and_opens_the_form_ready(world):
    action, manager = world.actions["5.2"], world.client("programme_manager")
    links = read(manager.get(f"/actions/{action}").text).one("ul", aria_label="This action").all("a")
    assert [link.text for link in links] == ["Edit this action", "Withdraw this action"]
    form = read(manager.get(links[1].attrs["href"].split("#")[0]).text).one("form", id=f"a{action}-form")
    chosen = [o.attrs["value"] for o in form.one("select", name="status").all("option") if "selected" in o.attrs]
    assert chosen == ["withdrawn"]
    assert send(manager, action, **WITHDRAWN).status_code == 303
    links = read(manager.get(f"/actions/{action}").text).one("ul", aria_label="This action").all("a")
    assert links[1].text == "Restore this action"
    form = read(manager.get(links[1].attrs["href"].split("#")[0]).text).one("form", id=f"a{action}-form")
    chosen = [o.attrs["value"] for o in form.one("select", name="status").all("option") if "selected" in o.attrs]
    assert chosen == ["not_started"] == [fact(action, "status_before")]


@pytest.mark.parametrize("role", ["lead", "verifier", "viewer", "board_member"])
def test_no_one_else_is_offered_edit_or_withdraw(world, role):
    action = world.actions["5.2"]
    page = world.client(role).get(f"/actions/{action}").text
    assert "This action" not in [ul.attrs.get("aria-label") for ul in read(page).all("ul")]
    ready = world.client(role).get(f"/actions/{action}?open={action}&move=withdrawn").text
    assert 'value="withdrawn" selected' not in ready


def test_a_recommendation_has_withdraw_beside_edit(world):
    page = read(world.client("programme_manager").get(LIST).text)
    links = page.one("ul", aria_label="This recommendation").all("a")
    assert [link.text for link in links] == ["Edit this recommendation", "Withdraw this recommendation"]
    assert read(world.client("programme_manager").get(links[1].attrs["href"].split("#")[0]).text).one(id="w-head")


def test_the_status_page_of_a_live_plan_offers_to_move_it_back_to_submitted(world):
    manager = world.client("programme_manager")
    assert "Plan status: live" in read(manager.get("/plans/twin").text).one("ul", aria_label="This plan").text
    assert "Move back to submitted" in manager.get("/plans/twin/state").text


def test_withdraw_opens_a_form_that_was_left_with_its_text_and_the_move(world):
    action, manager = world.actions["5.2"], world.client("programme_manager")
    kept = {"csrf_token": token(manager), "view": "action", "back": f"/actions/{action}", "did": "Half of it."}
    assert manager.post(f"/drafts?of=/actions/{action}/answer", data=kept, headers=HTMX).text.startswith("Draft saved")
    form = read(manager.get(f"/actions/{action}?open={action}&move=withdrawn").text).one("form", id=f"a{action}-form")
    assert form.one("textarea", name="did").whole_text == "Half of it."
    chosen = [o.attrs["value"] for o in form.one("select", name="status").all("option") if "selected" in o.attrs]
    assert chosen == ["withdrawn"]

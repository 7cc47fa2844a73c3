"""A newer file of a plan that is here: what differs is shown and chosen, and nothing is undone in silence."""

from __future__ import annotations

import io
import re
from uuid import uuid4

from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.history import Author
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.model import Action, Plan, Recommendation
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.notes.model import ProgressNote
from tests.auditor import read
from tests.factories import PLAN_FILE, set_plan, token

BY = Author(None, "A manager", "tests")
NEWER = """No,Recommendation,Lead,Action,Timescale,Status,Progress Note,Governance,Cost code
1,Visits are made on time,Head of Service,Write the rota,End June 2018,Green,Two teams have it,MASH Board,C1
,,,Ask the children,End July 2018,Green,,,C3
2,Plans are clear to children,Nobody Known,Train each team,31/04/2018,Green,,A New Board,
"""


def send(client, address: str, **fields):
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(address, data=data, content_type="multipart/form-data")


def bring(client, text: str, name: str, **where: str) -> str:
    """Upload and read a file; the address of its check."""
    fields = {"into": "", "title": "New plan", "dated_on": "22 February 2018", **where}
    address = send(client, "/import", file=(io.BytesIO(text.encode()), name), **fields).location
    assert send(client, f"{address}/read", version=1).status_code == 303
    return address


def version() -> int:
    db.session.rollback()
    return db.session.scalars(select(PlanImport.version).order_by(PlanImport.id.desc())).first() or 0


def first(client) -> None:
    address = bring(client, PLAN_FILE, "first.csv")
    assert send(client, f"{address}/confirm", version=version()).status_code == 303


def choices(page: str) -> dict[str, str]:
    """Return what each line would be sent as."""
    names = dict.fromkeys(re.findall(r'name="(take-[0-9a-f]+)"', page), "")
    names.update(re.findall(r'name="(take-[0-9a-f]+)"[^>]*value="(\w+)" checked', page))
    return names


def actions() -> dict[str, Action]:
    db.session.rollback()
    rows = db.session.scalars(select(Action).order_by(Action.id.desc()).limit(4))
    return {one.text: one for one in rows}


def test_the_same_file_again_differs_in_nothing(world):
    client = world.client("programme_manager")
    first(client)
    address = bring(client, PLAN_FILE, "again.csv", into="new-plan")
    page = client.get(address).text
    assert "No differences to decide" in page
    assert send(client, f"{address}/merge", version=version()).status_code == 422


def test_what_is_proposed_is_taken_and_a_date_only_asked_for(world):
    client = world.client("programme_manager")
    first(client)
    db.session.rollback()
    set_plan(db.session.scalars(select(Plan.id).where(Plan.slug == "new-plan")).one(), state="live")
    address = bring(client, NEWER, "newer.csv", into="new-plan")
    page = client.get(address).text
    for words in ("New in the file: 1", "No longer in the file: 1", "Request this date change", "Add as a note"):
        assert words in page
    done = send(client, f"{address}/merge", version=version(), **choices(page))
    assert done.status_code == 303 and done.location == "/plans/new-plan"
    now = actions()
    assert set(now) == {"Write the rota", "Check it each week", "Ask the children", "Train each team"}
    rota = now["Write the rota"]
    assert str(rota.due_on) == "2018-04-30"
    request = db.session.scalars(select(DateRequest).where(DateRequest.action_id == rota.id)).one()
    assert (request.words, request.state, request.source) == ("End June 2018", "waiting", "newer.csv")
    note = db.session.scalars(select(ProgressNote).where(ProgressNote.action_id == rota.id)).one()
    assert note.did == "Two teams have it"
    assert now["Check it each week"].status != "withdrawn"
    texts = db.session.scalars(select(Recommendation.text).order_by(Recommendation.id.desc()).limit(2)).all()
    assert set(texts) == {"Plans are clear to children", "Visits are made on time"}
    assert "Head of Service" in client.get("/plans/new-plan").text
    undo_what_the_file_made_of_the_second(client)
    again = bring(client, NEWER, "newer.csv", into="new-plan")
    assert "No differences to decide" in client.get(again).text


def undo_what_the_file_made_of_the_second(client) -> None:
    """Like any other change, from the line that names the file; the same file does not ask for it again."""
    item = "/plans/new-plan/recommendations/2/edit"
    line = read(client.get(item).text).one("main").one("ol", class_="history")
    sent = {one.attrs["name"]: one.attrs["value"] for one in line.all("input")}
    assert "Imported from newer.csv" in line.text
    undone = send(client, item.replace("/edit", "/undo"), event=sent["event"], version=sent["version"])
    line = read(client.get(item).text).one("main").one("ol", class_="history")
    assert undone.status_code == 303 and "from before the import of newer.csv by Programme Manager" in line.text
    db.session.rollback()
    assert "Plans are clear to children" not in db.session.scalars(select(Recommendation.text)).all()


def test_a_removed_action_is_withdrawn_only_where_that_is_chosen(world):
    client = world.client("programme_manager")
    first(client)
    address = bring(client, NEWER, "newer.csv", into="new-plan")
    page = client.get(address).text
    key = re.search(r'value="file">\s*<label[^>]*>Withdraw it', page)
    assert key
    name = re.findall(r'name="(take-[0-9a-f]+)"', page[: key.start()])[-1]
    send(client, f"{address}/merge", version=version(), **{**choices(page), name: "file"})
    gone = actions()["Check it each week"]
    assert gone.status == "withdrawn"


def test_what_was_changed_in_both_must_be_chosen(world):
    client = world.client("programme_manager")
    first(client)
    db.session.rollback()
    recommendation = db.session.scalars(select(Recommendation).order_by(Recommendation.id.desc())).first()
    address = f"/plans/new-plan/recommendations/{recommendation.number}/edit"
    form = client.get(address).text
    fields = dict(re.findall(r'name="([a-z_]+)"[^>]*value="([^"]*)"', form))
    fields.update(
        {name: value.strip() for name, value in re.findall(r'<textarea[^>]*name="([a-z_]+)"[^>]*>([^<]*)<', form)}
    )
    fields.pop("csrf_token")
    fields["text"] = "Plans are clear to families"
    saved = send(client, address, **fields)
    assert saved.status_code == 303, saved.text
    address = bring(client, NEWER, "newer.csv", into="new-plan")
    page = client.get(address).text
    assert "Changed in both: 1" in page and "Plans are clear to families" in page
    answers = choices(page)
    refused = send(client, f"{address}/merge", version=version(), **answers)
    assert refused.status_code == 422 and "Select the file’s version or the current" in refused.text
    kept = {name: value or "ours" for name, value in answers.items()}
    assert send(client, f"{address}/merge", version=version(), **kept).status_code == 303
    assert "Plans are clear to families" in client.get("/plans/new-plan").text


def test_a_plan_that_changed_meanwhile_is_told_and_nothing_is_written(world):
    client = world.client("programme_manager")
    first(client)
    address = bring(client, NEWER, "newer.csv", into="new-plan")
    answers = choices(client.get(address).text)
    db.session.rollback()
    one = db.session.scalars(select(Recommendation).where(Recommendation.text == "Visits are made on time")).first()
    one.impact = "Children are seen"
    db.session.commit()
    assert send(client, f"{address}/merge", version=version() + 1, **answers).status_code == 409
    assert "Ask the children" not in actions()


def test_into_a_plan_of_someone_else_is_refused(world):
    client = world.client("programme_manager")
    fields = {"into": "no-such-plan", "title": "", "dated_on": "22 February 2018"}
    answer = send(client, "/import", file=(io.BytesIO(NEWER.encode()), "a.csv"), **fields)
    assert answer.status_code == 422 and "Select a plan you manage" in answer.text


OWN = """No,Recommendation,Action ref,Action,Timescale
1,Visits are made on time,R1/A4,Write the rota,End April 2018
,,R1/A2,Check it each week,End May 2018
"""
OWN_NEWER = """No,Recommendation,Action ref,Action,Timescale
1,Visits are made on time,R1/A2,Check it every week,End May 2018
,,R1/A4b,Write the rota,End April 2018
2,Plans are clear,R1/A9,Train each team,End July 2018
"""


def test_a_reference_of_the_council_s_own_is_kept_found_and_known_again(world):
    client = world.client("programme_manager")
    address = bring(client, OWN, "own.csv")
    assert send(client, f"{address}/confirm", version=version()).status_code == 303
    assert "R1/A4" in client.get("/plans/new-plan/recommendations/1").text
    before, rota = actions()["Check it each week"].id, actions()["Write the rota"].id
    again = bring(client, OWN_NEWER, "newer.csv", into="new-plan")
    page = client.get(again).text
    assert "R1/A2, action" in page and "R1/A4, action reference" in page
    assert len(choices(page)) == 3, "one is reworded, one has another reference, and one recommendation is new"
    assert send(client, f"{again}/merge", version=version(), **choices(page)).status_code == 303
    assert actions()["Check it every week"].id == before
    assert "R1/A9" in client.get("/plans/new-plan/recommendations/2").text
    history = client.get(f"/actions/{rota}?history=all").text
    assert "R1/A4 → R1/A4b" in history and "Imported from newer.csv" in history
    assert f"/actions/{rota}" in client.get("/search?plan=new-plan&q=R1/A4b").text
    assert f"/actions/{rota}" not in client.get("/search?plan=new-plan&q=R1/A4").text


def test_the_actions_of_a_newer_file_are_shown_as_we_read_them_and_corrected_in_the_file(world):
    client = world.client("programme_manager")
    first(client)
    address = bring(client, NEWER, "newer.csv", into="new-plan")
    page = read(client.get(address).text)
    table = page.one("table", class_="list list--read")
    rows = [[cell.text.strip() for cell in line.all("td")][1:6] for line in table.all("tr") if line.all("td")]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("Write the rota", "End June 2018", "1.1"),
        ("Ask the children", "End July 2018", "1.2"),
        ("Train each team", "31/04/2018", "2.1"),
    ]
    assert "Correct these in the file, and upload it again" in page.one("p", id="rows-how").text
    assert not [link for link in table.all("a") if link.text.startswith("Change")]


def test_what_was_answered_for_another_plan_is_used_only_for_those_who_see_that_plan(world):
    manager = world.client("programme_manager")
    text = PLAN_FILE.replace("Cost code", "Colour")
    address = bring(manager, text, "first.csv")
    page = manager.get(address).text
    column = next(node.attrs["for"] for node in read(page).all("label") if node.text == "Import “Colour” as")
    send(manager, f"{address}/choices", version=version(), **{column: "evidence"})
    assert send(manager, f"{address}/confirm", version=version()).status_code == 303
    with transaction():
        grant_role(BY, world.people["viewer"], "programme_manager", plan_id=world.plan_id)
    of_one = world.client("viewer")
    seen = of_one.get(bring(of_one, text, "other.csv", into="twin")).text
    assert "“Colour”" in seen and "As in your last file" not in seen
    assert "As in your last file" in manager.get(bring(manager, text, "again.csv", into="twin")).text

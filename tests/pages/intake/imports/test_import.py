"""Importing a plan on the web: upload, read, check, correct, import. A refused file leaves nothing behind."""

from __future__ import annotations

import io
import re
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.intake.merging.queries import plan_differences
from ilacs_app.plan.model import Action, Plan
from tests.factories import HTMX, OWN_WORDS, PLAN_FILE, token

CSV = PLAN_FILE


def send(client, address: str, *, headers: dict[str, str] | None = None, **fields):
    """Send a form of the import as a browser does."""
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(address, data=data, headers=headers, content_type="multipart/form-data")


def _upload(client, text: str | bytes = CSV, name: str = "our plan.csv", title: str = "New plan", **more: str):
    data = text.encode() if isinstance(text, str) else text
    fields = {"into": "", "title": title, "dated_on": "22 February 2018", **more}
    return send(client, "/import", file=(io.BytesIO(data), name), **fields)


def _start(client, **more) -> str:
    answer = _upload(client, **more)
    assert answer.status_code == 303, answer.text
    address = answer.location
    read = send(client, f"{address}/read", version=1)
    assert read.status_code == 303
    return address


def _version() -> int:
    db.session.rollback()
    return db.session.scalars(select(PlanImport.version).order_by(PlanImport.id.desc())).first() or 0


def kept_as_extra(page: str) -> str:
    """The number of the first column that is kept as an extra one."""
    return re.search(r'name="column-(\d+)"[^>]*><option value="" selected>', page)[1]


def chosen(page: str, name: str) -> str:
    """Return what the choice of this name shows."""
    options = re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL)[0]
    return re.search(r'value="([^"]*)" selected', options)[1]


def _files(world) -> list[Path]:
    folder = world.app.config["ILACS"].evidence_folder
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_plan_is_uploaded_read_checked_and_imported_as_a_draft(world):
    client = world.client("programme_manager")
    address = _start(client)
    page = client.get(address).text
    assert "Check the file before you import it" in page
    assert "Import 2 recommendations and 3 actions" in page
    assert "Cost code" in page and "Not recognised" in page
    assert "“TBC” is not a date" in page and "row 3" in page
    assert "A new board with this name" in page and "without an account" in page
    done = send(client, f"{address}/confirm", version=_version())
    assert done.status_code == 303 and done.location == "/plans/new-plan"
    db.session.rollback()
    plan = db.session.scalars(select(Plan).where(Plan.slug == "new-plan")).one()
    assert (plan.state, plan.title, str(plan.dated_on)) == ("draft", "New plan", "2018-02-22")
    actions = db.session.scalars(select(Action).where(Action.plan_id == plan.id).order_by(Action.id)).all()
    assert [one.text for one in actions] == ["Write the rota", "Check it each week", "Train each team"]
    assert actions[0].extra == {"Cost code": "C1"}
    kept = db.session.scalars(select(PlanImport)).one()
    assert (kept.state, kept.plan_id) == ("confirmed", plan.id)
    assert client.get(f"{address}/file").data == CSV.encode()
    assert "was imported into" in client.get(address).text


def test_a_status_word_is_asked_once_and_a_row_is_corrected_in_place(world):
    client = world.client("programme_manager")
    address = _start(client)
    answer = send(client, f"{address}/choices", version=_version(), **{"word-0": "in_progress", "word-1": "completed"})
    assert answer.status_code == 303
    page = client.get(f"{address}?row=1").text
    assert "Completed" in page
    saved = send(client, f"{address}/rows/1", version=_version(), due="End June 2018", status="partly_complete")
    assert saved.status_code == 303 and saved.location.endswith("#row-1")
    assert "30 June 2018" in client.get(address).text
    send(client, f"{address}/confirm", version=_version())
    db.session.rollback()
    rows = db.session.execute(
        select(Action.text, Action.status, Action.due_on, Action.timescale_text)
        .join(Plan)
        .where(Plan.slug == "new-plan")
        .order_by(Action.id)
    ).all()
    assert [(text, status, str(due), words) for text, status, due, words in rows] == [
        ("Write the rota", "in_progress", "2018-04-30", "End April 2018"),
        ("Check it each week", "partly_complete", "2018-06-30", "TBC"),
        ("Train each team", "in_progress", "None", "31/04/2018"),
    ]


def test_a_column_is_chosen_and_the_file_is_read_again(world):
    client = world.client("programme_manager")
    address = _start(client)
    place = kept_as_extra(client.get(address).text)
    answer = send(client, f"{address}/choices", version=_version(), **{f"column-{place}": "owners"})
    assert answer.status_code == 303, answer.text
    assert "You chose this" in client.get(address).text
    send(client, f"{address}/confirm", version=_version())
    assert client.get("/plans/new-plan").status_code == 200
    db.session.rollback()
    assert db.session.scalars(select(Action.extra).join(Plan).where(Plan.slug == "new-plan")).first() == {}


def test_two_columns_cannot_be_the_same(world):
    client = world.client("programme_manager")
    address = _start(client)
    both = {f"column-{place}": "impact" for place in (0, 1)}
    answer = send(client, f"{address}/choices", version=_version(), **both)
    assert answer.status_code == 422 and "You selected “Impact” for two columns" in answer.text
    assert [chosen(answer.text, name) for name in both] == ["impact", "impact"]


def test_a_board_is_another_one_of_ours(world):
    client = world.client("programme_manager")
    address = _start(client)
    send(client, f"{address}/choices", version=_version(), **{"board-1": "MASH Board"})
    send(client, f"{address}/confirm", version=_version())
    assert "A New Board" not in client.get("/governance").text


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("plan.doc", b"x", "is in an older format"),
        ("plan.docm", b"x", "may hold macros"),
        ("plan.exe", b"MZ", "is not a kind of file we read"),
        ("plan.docx", b"not a zip", "plan.docx"),
        ("plan.csv", b"", "is empty"),
        ("", b"", "Select a plan file"),
    ],
)
def test_a_file_that_breaks_a_limit_is_refused_and_leaves_nothing(world, name, data, says):
    client = world.client("programme_manager")
    before = _files(world)
    answer = _upload(client, data, name)
    assert answer.status_code == 422 and says in answer.text and 'value="New plan"' in answer.text
    assert _files(world) == before
    db.session.rollback()
    assert db.session.scalars(select(PlanImport)).all() == []


def test_a_file_that_is_no_plan_is_refused_when_it_is_read_and_removed(world):
    client = world.client("programme_manager")
    before = _files(world)
    address = _start(client, text="Day,Menu\nMonday,Soup\n", name="menu.csv")
    assert "No table in menu.csv" in client.get(address).text
    assert _files(world) == before
    assert client.get(f"{address}/file").status_code == 404


def test_a_needed_column_that_is_not_known_is_asked_for_chosen_and_imported(world):
    client = world.client("programme_manager")
    before = _files(world)
    address = _start(client, text="Round,Piece,Piece,Bell\nVisits,Leek,Diary,Noon\n")
    page = client.get(address).text
    assert "We did not recognise an “Action” column, so no row was read." in page
    assert "Import “Piece (2)” as" in page and len(_files(world)) == len(before) + 1
    assert "/confirm" not in page and 'id="rows"' not in page
    assert send(client, f"{address}/confirm", version=_version()).status_code == 422
    one = send(client, f"{address}/choices", version=_version(), **{"column-2": "action", "column-0": "recommendation"})
    assert one.status_code == 303
    assert "Import 1 recommendation and 1 action" in client.get(address).text
    assert send(client, f"{address}/confirm", version=_version()).status_code == 303
    db.session.rollback()
    made = select(Action.text, Action.timescale_text, Action.extra).join(Plan).where(Plan.slug == "new-plan")
    assert [tuple(row) for row in db.session.execute(made)] == [("Diary", "", {"Piece": "Leek", "Bell": "Noon"})]


def test_columns_known_by_their_words_are_proposed_and_can_be_imported_at_once(world):
    client = world.client("programme_manager")
    address = _start(client, text="Aim,Steps,By when\nVisits are made on time,Write the rota,End May 2018\n")
    assert "Import 1 recommendation and 1 action" in client.get(address).text
    assert send(client, f"{address}/confirm", version=_version()).status_code == 303
    db.session.rollback()
    made = select(Action.text, Action.timescale_text).join(Plan).where(Plan.slug == "new-plan")
    assert [tuple(row) for row in db.session.execute(made)] == [("Write the rota", "End May 2018")]


def test_a_newer_file_whose_columns_are_not_known_takes_nothing_out_of_its_plan(world):
    client = world.client("programme_manager")
    send(client, f"{_start(client)}/confirm", version=_version())
    address = _start(client, text=OWN_WORDS, into="new-plan", title="")
    page = client.get(address).text
    assert "so no row was read" in page and "/merge" not in page and "No longer in the file" not in page
    db.session.rollback()
    kept = db.session.scalars(select(PlanImport).order_by(PlanImport.id.desc())).first()
    every = {f"take-{one.key}": "file" for one in plan_differences(kept.plan_id, kept.id)}
    refused = send(client, f"{address}/merge", version=_version(), **every)
    assert every and refused.status_code == 422 and "Select what each column is first" in refused.text
    send(client, f"{address}/choices", version=_version(), **{"column-0": "recommendation", "column-1": "action"})
    assert "/merge" in client.get(address).text


def test_a_file_with_errors_cannot_be_imported(world):
    client = world.client("programme_manager")
    address = _start(
        client,
        text=CSV + "3,,Somebody,Act,End May 2018,Green,,\n4,,Somebody,Act again,End May 2018,Green,,\n",
    )
    assert "Fix 2 errors in the file" in client.get(address).text
    assert send(client, f"{address}/confirm", version=_version()).status_code == 422
    db.session.rollback()
    assert db.session.scalars(select(Plan.slug).where(Plan.slug == "new-plan")).first() is None


def test_confirming_twice_makes_one_plan_and_a_stale_choice_is_told(world):
    client = world.client("programme_manager")
    address = _start(client)
    old = _version()
    send(client, f"{address}/choices", version=old, **{"word-0": "completed"})
    stale = send(client, f"{address}/rows/0", version=old, due="End May 2018", status="")
    assert (
        stale.status_code == 409 and "Someone else changed this import" in stale.text and "End May 2018" in stale.text
    )
    for _ in range(2):
        assert send(client, f"{address}/confirm", version=_version(), once="the same one").status_code == 303
    db.session.rollback()
    assert len(db.session.scalars(select(Plan).where(Plan.slug == "new-plan")).all()) == 1


def test_a_wrong_date_in_a_row_is_refused_and_its_text_stays(world):
    client = world.client("programme_manager")
    address = _start(client)
    answer = send(client, f"{address}/rows/1", version=_version(), due="31/04/2018", status="nonsense")
    assert answer.status_code == 422 and "Enter a real date" in answer.text and "31/04/2018" in answer.text
    assert send(client, f"{address}/rows/999", version=1).status_code == 404


def test_a_file_that_is_sent_twice_by_the_same_form_is_one_import(world):
    client = world.client("programme_manager")
    before = _files(world)
    sent, again = (_upload(client, once="the same one") for _ in range(2))
    assert (sent.status_code, again.status_code, again.location) == (303, 303, "/import")
    db.session.rollback()
    assert len(db.session.scalars(select(PlanImport)).all()) == 1 and len(_files(world)) == len(before) + 1
    assert "our plan.csv is already uploaded" in client.get("/import").text


def test_putting_it_away_takes_the_file_out_of_the_store(world):
    client = world.client("programme_manager")
    before = _files(world)
    address = _start(client)
    assert len(_files(world)) == len(before) + 1
    assert send(client, f"{address}/put-away", version=_version()).status_code == 303
    assert _files(world) == before
    assert "was discarded" in client.get(address).text


def test_htmx_reads_the_file_and_goes_on_to_the_check(world):
    client = world.client("programme_manager")
    address = _upload(client).location
    answer = send(client, f"{address}/read", version=1, headers=HTMX)
    assert answer.status_code == 204 and answer.headers["HX-Redirect"] == address


def test_only_a_programme_manager_imports(world):
    address = _upload(world.client("programme_manager")).location
    for role in ("lead", "chair", "administrator", "viewer"):
        client = world.client(role)
        assert client.get("/import").status_code == 403
        assert client.get(address).status_code == 404
        assert send(client, "/import").status_code == 403
    assert world.client("programme_manager").get("/import/999999").status_code == 404
    assert world.client("programme_manager").get(f"{address}/read").status_code == 405


@pytest.mark.parametrize("stem", ["é" * 140, "😀" * 110, "x" * 400, "中.docx" * 60])
def test_a_file_with_a_very_long_name_is_taken_under_the_beginning_of_it(world, stem):
    client = world.client("programme_manager")
    address = _start(client, name=f"{stem}.csv")
    kept = db.session.scalars(select(PlanImport)).one().file_name
    assert kept.endswith(".csv") and f"{stem}.csv".startswith(kept.removesuffix(".csv"))
    assert len(kept) <= 120 and len(kept.encode()) <= 200
    assert "Check the file before you import it" in client.get(address).text
    assert client.get(f"{address}/file").data == CSV.encode()

"""A page asks the database as often for a large plan as for a small one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from ilacs_app import clock, create_app
from ilacs_app.db import db, transaction
from ilacs_app.demo.sample import PASSWORD, load_sample
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.model import Person
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.commands import add_recommendations
from ilacs_app.plan.model import Action
from ilacs_app.plan.plan_file import FileRecommendation
from tests.auditor import AuditedClient
from tests.conftest import BY, TODAY, settings_for, sign_in
from tests.factories import HTMX, send, token

FEW, MANY = 40, 800
BOARD_MOST = 12
KEPT_MOST = 10


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends, without BEGIN and PRAGMA."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not re.match(r"\s*(BEGIN|PRAGMA|SAVEPOINT)", statement):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _served(folder: Path) -> Flask:
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'ilacs.db'}"))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.test_client_class = AuditedClient
    return app


def _sample(actions: int, migrated: Path, folder: Path) -> Path:
    shutil.copy(migrated, folder / "ilacs.db")
    with _served(folder).app_context():
        with transaction():
            load_sample(actions, TODAY)
        first = db.session.scalar(select(Action.id).order_by(Action.id))
        name = db.session.scalar(select(Person.name).where(Person.email == "chair@sample.example"))
        with transaction():
            name_people(BY, first, "owner", [name])
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        db.engine.dispose()
    return folder / "ilacs.db"


@pytest.fixture(scope="module")
def samples(migrated, tmp_path_factory) -> Iterator[tuple[Path, Path]]:
    """The sample plan small and large, made once, to copy from."""
    yield tuple(_sample(actions, migrated, tmp_path_factory.mktemp("sample")) for actions in (FEW, MANY))
    clock.move_today(None)


@pytest.fixture
def sizes(samples, tmp_path) -> Iterator[tuple[Flask, Flask]]:
    """The sample plan small and large."""
    both = []
    for name, sample in zip(("few", "many"), samples, strict=True):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(sample, folder / "ilacs.db")
        both.append(_served(folder))
    yield tuple(both)
    for app in both:
        with app.app_context():
            db.engine.dispose()
    clock.move_today(None)


PAGES = (
    "/",
    "/plans/sample",
    "/plans/sample?status=in_progress",
    "/plans/sample?timeliness=overdue&q=team",
    "/plans/sample?lead=Lead 1",
    "/plans/sample/actions",
    "/plans/sample/actions?sort=-owner&no_owner=1",
    "/plans/sample/actions?sort=rating&silent=1&due_before=31 March 2027",
    "/plans/sample/actions?mine=1&moved=1&open=1",
    "/plans/sample/actions?contributor=Owner 1",
    "/actions/1?from=/plans/sample/actions%3Fsort%3D-due",
    "/plans/sample?brag=red&open=1",
    "/plans/sample/recommendations/1",
    "/plans/sample/recommendations/1?open=1",
    "/actions/1",
    "/actions/1?open=1",
    "/actions/1?from=/boards/mash-board%3Ftimeliness%3Doverdue",
    "/actions/1?from=/",
    "/actions/1?from=/search%3Fq%3Daudit",
    "/plans/sample/recommendations/1?from=/plans/sample%3Fbrag%3Dred",
    "/actions/1/evidence/new",
    "/plans/sample/recommendations/1/evidence",
    "/search?q=audit",
    "/search?q=step&page=2",
    "/governance",
    "/boards/mash-board",
    "/boards/mash-board?timeliness=overdue",
)
MANAGED = (
    "/people/hand-over",
    "/people/1/hand-over",
    "/plans/sample/owners",
    "/plans/sample/boards",
    "/manage",
    "/manage/silent",
    "/manage/names",
    "/manage/help",
)
OWN_PAGES = {"lead0": ("/notes/1/correct",)}


def test_managing_asks_no_more_of_a_large_plan(sizes):
    counted: dict[str, list[int]] = {}
    for app in sizes:
        client = sign_in(app, "manager@sample.example", PASSWORD)
        for page in MANAGED:
            with statements(app) as seen:
                assert client.get(page).status_code == 200
            counted.setdefault(page, []).append(len(seen))
    assert all(few == many for few, many in counted.values()), counted


def test_no_page_asks_more_of_a_large_plan(sizes):
    counted: dict[tuple[str, str], list[int]] = {}
    boards = []
    for app in sizes:
        for who in ("lead0", "manager", "chair"):
            client = sign_in(app, f"{who}@sample.example", PASSWORD)
            for page in (*PAGES, *OWN_PAGES.get(who, ())):
                with statements(app) as seen:
                    assert client.get(page).status_code == 200
                counted.setdefault((who, page), []).append(len(seen))
                if page.startswith(("/boards", "/plans/sample/actions")) and "open=" not in page:
                    boards.append((len(seen), who, page))
            with statements(app) as seen:
                row = client.get("/actions/1/row?view=board&back=/boards/mash-board", headers=HTMX)
                assert row.status_code == 200
            counted.setdefault((who, "row"), []).append(len(seen))
    grown = {key: both for key, both in counted.items() if both[0] != both[1]}
    assert not grown
    assert max(boards)[0] <= BOARD_MOST, max(boards)


def test_the_pages_of_a_meeting_ask_no_more_of_a_large_plan(sizes):
    """Before it begins and after, for its chair and for a reader; of one overdue item, decided once."""
    counted: dict[str, list[int]] = {}
    for app in sizes:
        with app.app_context(), transaction():
            meeting = set_meeting(BY, board_named(BY, "MASH Board"), TODAY)
        chair = sign_in(app, "chair@sample.example", PASSWORD)
        at = f"/boards/mash-board/meetings/{TODAY.isoformat()}"
        item = re.findall(rf"{at}/items/late-[0-9]+", chair.get(at).text)[-1]
        for step in ("before", "after"):
            for who in ("chair", "lead0"):
                client = chair if who == "chair" else sign_in(app, f"{who}@sample.example", PASSWORD)
                for page in (at, item):
                    with statements(app) as seen:
                        assert client.get(page).status_code == 200
                    counted.setdefault(f"{who}, {'item' if page == item else 'meeting'}, {step}", []).append(len(seen))
            sent = {"csrf_token": token(chair), "kind": "note", "words": "Heard.", "seen": "0"}
            key = item.rpartition("/")[2]
            decided = chair.post(f"/boards/mash-board/meetings/{meeting}/items/{key}/decisions", data=sent)
            assert decided.status_code == 303
    print(counted)
    grown = {key: both for key, both in counted.items() if both[0] != both[1]}
    assert not grown


LEFT = {
    "/plans/sample/recommendations/1/edit": (
        "/plans/sample/recommendations/1/edit",
        "/plans/sample/recommendations/1/move",
        "/plans/sample/recommendations/1/withdraw",
    ),
    "/actions/1/edit": ("/actions/1/edit", "/actions/1/reading", "/actions/1/place"),
    "/actions/1?open=1": ("/actions/1/answer",),
    "/actions/1/evidence/new": ("/actions/1/evidence/new",),
    "/plans/sample/edit": ("/plans/sample/edit",),
    "/plans/sample/state": ("/plans/sample/state",),
    "/plans/sample/owners": ("/plans/sample/owners",),
    "/plans/sample/boards": ("/plans/sample/boards",),
    "/people/1/hand-over": ("/people/1/hand-over",),
    "/settings/boards/1": ("/settings/boards/1",),
}
TYPED = {"text": "Half of it.", "reason": "Half.", "number": "9", "ref": "9.9", "words": "May", "did": "Half."}
TYPED |= {"shows": "Half.", "title": "Half", "to": "closed", "how": "add", "name": "Half"}


def test_keeping_a_draft_and_showing_it_ask_no_more_of_a_large_plan(sizes):
    counted: dict[str, list[int]] = {}
    for app in sizes:
        client = sign_in(app, "manager@sample.example", PASSWORD)
        for page, addresses in LEFT.items():
            for address in addresses:
                fields = {"csrf_token": token(client), "view": "action", "version": 1, "item": 1, **TYPED}
                with statements(app) as seen:
                    kept = client.post(f"/drafts?of={address}", data=fields, headers=HTMX)
                assert kept.text.startswith("Draft saved at"), address
                counted.setdefault(f"{address} kept", []).append(len(seen))
            with statements(app) as seen:
                assert "Draft saved at" in client.get(page).text, page
            counted.setdefault(page, []).append(len(seen))
    assert all(few == many for few, many in counted.values()), counted
    assert max(both[0] for name, both in counted.items() if name.endswith("kept")) <= KEPT_MOST, counted


@pytest.mark.parametrize("view", ["work", "plan", "recommendation", "board"])
def test_saving_a_note_asks_no_more_of_a_large_plan(sizes, view):
    backs = {
        "work": "/",
        "plan": "/plans/sample",
        "recommendation": "/plans/sample/recommendations/1",
        "board": "/boards/mash-board",
    }
    found = []
    for app in sizes:
        client = sign_in(app, "lead0@sample.example", PASSWORD)
        client.get("/account")
        with app.app_context(), statements(app) as seen:
            answer = send(client, 1, htmx=True, view=view, back=backs[view], did="Done.", version=1)
            assert answer.status_code == 200
        found.append(len(seen))
    assert found[0] == found[1]


def test_recommendations_of_many_boards_ask_no_more_than_of_two(world):
    known, new = ["MASH Board", "LAC Strategy Group"], [f"Board {n}" for n in range(12)]
    counted = []
    for names in (["New Board", *known], [*new, *known, "Corporate Parenting Panel"]):
        given = [
            FileRecommendation(f"9{len(names)}.{n}", "Text", "row 1", boards=(name,)) for n, name in enumerate(names)
        ]
        with transaction(), statements(world.app) as seen:
            ids = add_recommendations(BY, world.plan_id, given, position=90)
        assert len(ids) == len(names)
        counted.append(sum(text.startswith("SELECT") for text in seen))
    assert counted[0] == counted[1]


def test_counting_sees_a_query_for_each_row(sizes):
    """This guard can fail: a loop over rows is seen."""
    found = []
    for app in sizes:
        with app.app_context(), statements(app) as seen:
            for id_ in db.session.scalars(select(Action.id)).all():
                db.session.scalar(select(Action.text).where(Action.id == id_))
        found.append(len(seen))
    assert found == [FEW + 1, MANY + 1]

"""Eight people save at once on five actions, through two server processes: nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from bench import client as c
from ilacs_app.db import db
from ilacs_app.history import HistoryEvent
from ilacs_app.people.model import Submission
from ilacs_app.plan.model import Action
from ilacs_app.progress.model import ProgressNote, StatusMove

PASSWORD = "a password of tests"  # of every character, see tests/conftest.py
CLIENTS = 8
REFS = ("5.1", "5.2", "5.3", "5.4", "5.5")
PAGE = "/plans/twin/recommendations/5"
SEED = 20180407
TO = {
    "not_started": ("in_progress", "partly_complete"),
    "in_progress": ("partly_complete",),
    "partly_complete": ("in_progress",),
}


@dataclass
class Save:
    """One form that was sent: what it held, what it saw, what it was told."""

    action: int
    kind: str  # note, status or both
    text: str = ""
    to: str = ""
    version: int = 0
    status: int = 0
    again: int | None = None  # the answer when the same form was sent once more


@dataclass
class Person:
    """One browser and what it sent."""

    number: int
    client: c.Client
    draw: Random
    sent: list[Save] = field(default_factory=list)
    fault: BaseException | None = None

    def save(self, action: int, n: int) -> None:
        """Open the row as a browser does, wait for nobody, and save."""
        kind = self.draw.choice(("note", "note", "status", "status", "both"))
        headers = c.as_htmx(self.client.port, PAGE)
        opened = self.client.ask("GET", f"/actions/{action}/row?open=1&view=recommendation", headers=headers)
        seen = re.search(r'data-status="(\w+)"', opened.text)
        version = re.search(r'name="version" value="(\d+)"', opened.text)
        assert opened.status == 200 and seen and version, opened.text
        one = Save(action, kind, version=int(version[1]))
        fields: dict[str, Any] = {"view": "recommendation", "back": PAGE, "version": one.version}
        if kind != "status":
            one.text = fields["did"] = f"Saved by {self.number} as number {n}."
        if kind != "note":
            one.to = fields["status"] = self.draw.choice(TO[seen[1]])
        fields["once"] = f"once-{self.number}-{n}"
        path = f"/actions/{action}/{ {'note': 'notes', 'status': 'status', 'both': 'answer'}[kind] }"
        one.status = self.client.post(path, fields, on=PAGE).status
        if one.status == 200 and self.draw.random() < 0.1:  # as after a cut network: the same form, the same once
            one.again = self.client.post(path, fields, on=PAGE).status
        self.sent.append(one)

    def work(self, actions: list[int], saves: int) -> None:
        try:
            for n in range(saves):
                self.save(self.draw.choice(actions), n)
        except BaseException as fault:
            self.fault = fault


def all_at_once(world: Any, folder: Path, saves: int) -> list[Save]:
    """Send so many saves from eight clients to a real server, and answer what each was told."""
    actions = [world.actions[ref] for ref in REFS]
    url = world.app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(hide_password=False)
    db.session.remove()
    settings = {"ILACS_DATABASE_URL": url, "ILACS_TODAY": "2018-04-07"}
    with c.sound_server(folder / "served", **settings) as (port, _, _):
        people = []
        for n in range(CLIENTS):
            client = c.Client(port)
            role = ("lead", "programme_manager")[n % 2]
            client.sign_in(f"{role}@tests.example", PASSWORD)
            people.append(Person(n, client, Random(SEED + n)))
        threads = [
            threading.Thread(target=person.work, args=(actions, saves // CLIENTS), name=f"client {n}")
            for n, person in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(500)
            assert not thread.is_alive(), "a save did not come back"
        for person in people:
            person.client.close()
            if person.fault:
                raise person.fault
    return [one for person in people for one in person.sent]


def check(world: Any, folder: Path, saves: int, record_property: Any, kind: str) -> None:
    actions = [world.actions[ref] for ref in REFS]
    before = {
        id_: (status, version)
        for id_, status, version in db.session.execute(
            select(Action.id, Action.status, Action.version).where(Action.id.in_(actions))
        )
    }
    notes_before = db.session.scalar(select(func.count()).select_from(ProgressNote))
    events_before = db.session.scalar(select(func.count()).select_from(HistoryEvent))
    sent = all_at_once(world, folder, saves)
    assert len(sent) == saves
    db.session.remove()

    answers = Counter((one.kind, one.status) for one in sent)
    assert {status for _, status in answers} <= {200, 409}, answers
    assert answers["note", 409] == 0, "a note never conflicts"
    assert all(one.again in {None, 200} for one in sent)

    # every acknowledged note is there, once; none of a refused form is
    written = Counter(db.session.scalars(select(ProgressNote.did)))
    for one in sent:
        if one.text:
            assert written[one.text] == (one.status == 200), one
    kept = [one for one in sent if one.status == 200]
    noted = [one for one in kept if one.text]
    assert sum(written.values()) == notes_before + len(noted)

    # every acknowledged move is there, from the version that it saw; every refused one saw an older version
    moved: dict[int, list[Save]] = defaultdict(list)
    for one in kept:
        if one.to:
            moved[one.action].append(one)
    for id_ in actions:
        status, version = before[id_]
        mine = sorted(moved[id_], key=lambda one: one.version)
        assert [one.version for one in mine] == list(range(version, version + len(mine)))
        rows = db.session.execute(
            select(StatusMove.from_status, StatusMove.to_status, StatusMove.person_id)
            .where(StatusMove.action_id == id_)
            .order_by(StatusMove.id)
        ).all()
        assert [row.to_status for row in rows] == [one.to for one in mine]
        for from_status, to_status, person_id in rows:
            assert from_status == status and person_id is not None
            status = to_status
        now, last = db.session.execute(select(Action.status, Action.version).where(Action.id == id_)).one()
        assert (now, last) == (status, version + len(mine))
    taken = {(one.action, one.version) for one in kept if one.to}
    refused = [one for one in sent if one.status == 409]
    assert all((one.action, one.version) in taken for one in refused)

    # history tells each of them, and each form was entered once
    events = db.session.scalar(select(func.count()).select_from(HistoryEvent))
    assert events - events_before == len(noted) + len(taken)
    assert db.session.scalar(select(func.count()).select_from(Submission)) == len(kept)

    counts = {
        "seed": SEED,
        "database": kind,
        "saves": len(sent),
        "notes": len(noted),
        "moves": len(taken),
        "refused_409": len(refused),
        "sent_twice": sum(one.again is not None for one in sent),
    }
    for name, value in counts.items():
        record_property(name, value)
    print(", ".join(f"{name} {value}" for name, value in counts.items()))


def test_40_saves_at_once_lose_nothing(world, tmp_path, database_kind, record_property):
    check(world, tmp_path, 40, record_property, database_kind)


@pytest.mark.proof
def test_1_000_saves_at_once_lose_nothing(world, tmp_path, database_kind, record_property):
    check(world, tmp_path, 1000, record_property, database_kind)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_worker_is_given_a_database_that_another_process_opened(migrated, tmp_path):
    """SQLite's own list of ways to damage a file names it: a connection carried across a fork.

    Looked at before the first request, so that all that a worker holds came from its parent.
    """
    data = tmp_path / "data"
    data.mkdir()
    (data / "ilacs.db").write_bytes(migrated.read_bytes())
    port = c.free_port()
    command = [sys.executable, "-m", "ilacs_app.cli", "serve", "--port", str(port), "--workers", "2"]
    started: list[int] = []

    def up() -> bool:
        return c.answers(port, "/static/app.css")  # served without the database

    with c.running(command, c.environment(data, port), up) as (pid, _):
        started += [worker for worker in c.children(pid) if c.is_worker(worker)]
        held = {worker: _files_of(worker, pid) for worker in started}
    assert started
    assert not any(held.values()), held


def _files_of(worker: int, parent: int) -> list[str]:
    """The database's files that both hold under one and the same number: handed down, not opened."""

    def of(pid: int) -> dict[str, str]:
        return {fd: os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}

    theirs, ours = of(parent), of(worker)
    return [Path(name).name for fd, name in ours.items() if "ilacs.db" in name and theirs.get(fd) == name]


def test_every_worker_answers_from_the_start(migrated, tmp_path):
    """A lock that a thread of the parent holds while the workers are forked is held in them for ever."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "ilacs.db").write_bytes(migrated.read_bytes())
    sound = []
    for _ in range(3):
        port = c.free_port()
        with c.serving(data, port):
            sound.append(c.every_worker_answers(port))
    assert all(sound), sound

"""Many people save at once on a few actions, through two server processes: nothing that was acknowledged is lost.

They write notes, answer, move the delivery status, and reword the action and name its owner. Who comes too late is told
so with both texts.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bench import client as c
from ilacs_app.db import db, transaction
from ilacs_app.forms.model import Submission
from ilacs_app.history import HistoryEvent
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.model import Action
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.plan.visibility import delivered_by
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.status.model import StatusMove
from tests.conftest import BY, CHARACTERS

PASSWORD = "a password of tests"  # of every character, see tests/conftest.py
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
    kind: str  # note, answer, status, both or reword
    text: str = ""  # of a note
    words: str = ""  # of the action
    to: str = ""
    version: int = 0
    status: int = 0
    again: int | None = None  # the answer when the same form was sent once more
    busy: int = 0  # how often it was told to try again
    page: str = ""  # what a refused one was shown

    @property
    def saved(self) -> bool:
        return self.status in {200, 303}


def _version_in(opened: c.Answer) -> int:
    found = re.search(r'name="version" value="(\d+)"', opened.text)
    assert opened.status == 200 and found, opened.text
    return int(found[1])


@dataclass
class Person:
    """One browser and what it sent."""

    number: int
    client: c.Client
    draw: Random
    manager: bool = False
    sent: list[Save] = field(default_factory=list)
    fault: BaseException | None = None

    def save(self, action: int, n: int) -> None:
        """Open the row, or the form of the action, as a browser does, and save without waiting for anyone."""
        kinds = ("note", "answer", "status", "status", "both", *(("reword",) * 3 if self.manager else ()))
        one = Save(action, self.draw.choice(kinds))
        self.sent.append(one)
        send = self.reword if one.kind == "reword" else self.update
        send(one, n)

    def reword(self, one: Save, n: int) -> None:
        address = f"/actions/{one.action}/edit"
        opened = self.client.get(address)
        one.version = _version_in(opened)
        one.words = f"Reworded by {self.number} as number {n}."
        once = f"once-{self.number}-{n}"
        fields = {
            "text": one.words,
            "owners": f"Owner {self.number}-{n}",
            "contributors": CHARACTERS["lead"],
            "once": once,
        }
        self.told(one, address, {**fields, "version": one.version})

    def update(self, one: Save, n: int) -> None:
        headers = c.as_htmx(self.client.port, PAGE)
        opened = self.client.ask("GET", f"/actions/{one.action}/row?open=1&view=recommendation", headers=headers)
        seen = re.search(r'data-status="(\w+)"', opened.text)
        assert seen, opened.text
        one.version = _version_in(opened)
        fields: dict[str, Any] = {"view": "recommendation", "back": PAGE, "version": one.version}
        if one.kind != "status":
            one.text = fields["did"] = f"Saved by {self.number} as number {n}."
        if one.kind in {"status", "both"}:
            one.to = fields["status"] = self.draw.choice(TO[seen[1]])
        if one.kind == "answer":
            fields["answer"] = "on_track"
        fields["once"] = f"once-{self.number}-{n}"
        part = {"note": "notes", "status": "status"}.get(one.kind, "answer")
        self.told(one, f"/actions/{one.action}/{part}", fields, PAGE)

    def told(self, one: Save, path: str, fields: dict[str, Any], on: str | None = None) -> None:
        answer = self.sends(one, path, fields, on)
        one.status = answer.status
        one.page = answer.text if answer.status == 409 else ""
        if one.saved and self.draw.random() < 0.1:  # as after a cut network: the same form, the same once
            one.again = self.sends(one, path, fields, on).status

    def sends(self, one: Save, path: str, fields: dict[str, Any], on: str | None) -> c.Answer:
        """Send it, and again where they are told that the database is busy, and to try again."""
        answer = self.client.post(path, fields, on=on)
        while answer.status == 503 and one.busy < 10:
            one.busy += 1
            answer = self.client.post(path, fields, on=on)
        return answer

    def work(self, actions: list[int], saves: int) -> None:
        try:
            for n in range(saves):
                self.save(self.draw.choice(actions), n)
        except BaseException as fault:
            self.fault = fault


def both_in(page: str) -> list[str]:
    """The delivery status that a refused form wanted, and the one that applies, as the page shows them."""
    cells = re.findall(r'data-label="(?:Yours|Theirs)"><div>(.*?)</div>', page)
    return [re.sub(r"</?mark>", "", cell) for cell in cells[:2]]


def all_at_once(world: Any, folder: Path, actions: list[int], saves: int, clients: int) -> list[Save]:
    """Send so many saves from as many clients to a real server, and answer what each was told."""
    url = world.app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(hide_password=False)
    db.session.remove()
    settings = {"ILACS_DATABASE_URL": url, "ILACS_TODAY": "2018-04-07"}
    with c.sound_server(folder / "served", **settings) as (port, _, _):
        people = []
        for n in range(clients):
            client = c.Client(port)
            role = "lead" if n % 4 == 0 else "programme_manager"
            client.sign_in(f"{role}@tests.example", PASSWORD)
            people.append(Person(n, client, Random(SEED + n), role == "programme_manager"))
        threads = [
            threading.Thread(target=person.work, args=(actions, saves // clients), name=f"client {n}")
            for n, person in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(3000)
            assert not thread.is_alive(), "a save did not come back"
        for person in people:
            person.client.close()
            if person.fault:
                raise person.fault
    return [one for person in people for one in person.sent]


def check(world: Any, folder: Path, saves: int, record_property: Any, kind: str, many: int, clients: int) -> None:
    theirs = set(db.session.scalars(select(Action.id).where(delivered_by(world.actor("lead").acts_as))))
    actions = sorted(theirs)[:many]
    with transaction():  # where the lead has fewer, they lead the next ones too
        for id_ in sorted(set(world.actions.values()) - theirs)[: many - len(actions)]:
            name_people(BY, id_, "contributor", [CHARACTERS["lead"]])
            actions.append(id_)
        db.session.execute(update(Action).where(Action.id.in_(actions)).values(status="in_progress"))
    before = {
        id_: (status, version, text)
        for id_, status, version, text in db.session.execute(
            select(Action.id, Action.status, Action.version, Action.text).where(Action.id.in_(actions))
        )
    }
    notes_before = db.session.scalar(select(func.count()).select_from(ProgressNote))
    events_before = db.session.scalar(select(func.count()).select_from(HistoryEvent))
    sent = all_at_once(world, folder, actions, saves, clients)
    assert len(sent) == saves
    db.session.remove()

    answers = Counter((one.kind, one.status) for one in sent)
    assert {status for _, status in answers} <= {200, 303, 409}, answers
    assert answers["note", 409] == answers["answer", 409] == 0, "what is appended never conflicts"
    assert all(one.again in {None, one.status} for one in sent)

    # every acknowledged note is there, once; none of a refused form is
    written = Counter(db.session.scalars(select(ProgressNote.did)))
    for one in sent:
        if one.text:
            assert written[one.text] == one.saved, one
    kept = [one for one in sent if one.saved]
    noted = [one for one in kept if one.text]
    assert sum(written.values()) == notes_before + len(noted)

    # every acknowledged move and wording is there, from the version that it saw
    changed: dict[int, list[Save]] = defaultdict(list)
    for one in kept:
        if one.to or one.words:
            changed[one.action].append(one)
    stood: dict[tuple[int, int], str] = {}  # the delivery status of an action, by its version
    for id_ in actions:
        status, version, text = before[id_]
        stood[id_, version] = status
        for one in sorted(changed[id_], key=lambda one: one.version):
            stood[id_, one.version + 1] = one.to or stood[id_, one.version]
        mine = sorted(changed[id_], key=lambda one: one.version)
        assert [one.version for one in mine] == list(range(version, version + len(mine)))
        rows = db.session.execute(
            select(StatusMove.from_status, StatusMove.to_status, StatusMove.person_id)
            .where(StatusMove.action_id == id_)
            .order_by(StatusMove.id)
        ).all()
        assert [row.to_status for row in rows] == [one.to for one in mine if one.to]
        for from_status, to_status, person_id in rows:
            assert from_status == status and person_id is not None
            status = to_status
        now = db.session.execute(select(Action.status, Action.version, Action.text).where(Action.id == id_)).one()
        wordings = [one.words for one in mine if one.words]
        assert tuple(now) == (status, version + len(mine), wordings[-1] if wordings else text)
        told = select(HistoryEvent.after).where(HistoryEvent.action_id == id_, HistoryEvent.verb == "action_changed")
        assert [after["text"] for after in db.session.scalars(told.order_by(HistoryEvent.id))] == wordings

    # every refused one saw an older version, and was shown both texts
    taken = {(one.action, one.version): one for ones in changed.values() for one in ones}
    refused = [one for one in sent if one.status == 409]
    for one in refused:
        assert (one.action, one.version) in taken
        page = unescape(one.page)
        if one.words:
            theirs_now = {before[one.action][2], *(other.words for other in changed[one.action] if other.words)}
            assert one.words in page and any(words in page for words in theirs_now), page
        else:
            yours, theirs = both_in(page)
            since = {STATUS_WORDS[was] for (id_, v), was in stood.items() if id_ == one.action and v > one.version}
            assert yours == STATUS_WORDS[one.to] and theirs in since and one.text in page, page

    # history tells each of them, and each form was entered once
    events = db.session.scalar(select(func.count()).select_from(HistoryEvent))
    assert events - events_before == len(noted) + len(taken)
    assert db.session.scalar(select(func.count()).select_from(Submission)) == len(kept)

    counts = {
        "seed": SEED,
        "database": kind,
        "saves": len(sent),
        "notes": len(noted),
        "answers": sum(one.kind == "answer" for one in kept),
        "moves": sum(bool(one.to) for one in taken.values()),
        "rewordings": sum(bool(one.words) for one in taken.values()),
        "refused_409": len(refused),
        "busy_503": sum(one.busy for one in sent),
        "sent_twice": sum(one.again is not None for one in sent),
    }
    for name, value in counts.items():
        record_property(name, value)
    print(", ".join(f"{name} {value}" for name, value in counts.items()))


def test_96_saves_at_once_lose_nothing(world, tmp_path, database_kind, record_property):
    check(world, tmp_path, 96, record_property, database_kind, many=4, clients=8)


@pytest.mark.proof
def test_10_000_saves_at_once_lose_nothing(world, tmp_path, database_kind, record_property):
    check(world, tmp_path, 10_000, record_property, database_kind, many=20, clients=16)


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

"""The same form with a note and a file, sent five times at once: one note, one file; and a server killed meanwhile."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from bench import client as c
from ilacs_app.db import db
from ilacs_app.forms.model import Submission
from ilacs_app.history import HistoryEvent
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.notes.model import ProgressNote
from tests.conftest import PASSWORD
from tests.data.files.test_evidence_folder import command
from tests.factories import files_in

TIMES = 5
SEED = 20180407
LARGEST = 3_000_000  # bytes of a file that a killed server was taking


def form(client: c.Client, once: str, name: str, data: bytes, **fields: str) -> tuple[bytes, dict[str, str]]:
    """The form of a row as a browser sends it, and its headers."""
    given = {"csrf_token": client.token, "once": once, "view": "action", "shows": name, **fields}
    return c.with_file({**given, "kind": "audit", "sensitivity": "open"}, name, data)


def told(world: Any) -> dict[str, str]:
    """The settings that a real server needs to be on this test's database and folder."""
    settings = world.app.config["ILACS"]
    return {
        "ILACS_DATABASE_URL": settings.database_url,
        "ILACS_EVIDENCE_URL": settings.evidence_folder.as_uri(),
        "ILACS_TODAY": "2018-04-07",
    }


def rows_of(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _sent_five_times(world: Any, folder: Path, rounds: int, record_property: Any, kind: str) -> None:
    action = world.actions["5.2"]
    before = {table: rows_of(table) for table in (ProgressNote, Evidence, HistoryEvent, Submission)}
    db.session.remove()
    answers: Counter[int] = Counter()
    with c.sound_server(folder / "served", **told(world)) as (port, _, _), ThreadPoolExecutor(TIMES) as pool:
        first = c.Client(port)
        first.sign_in("lead@tests.example", PASSWORD)
        clients = [first.copy() for _ in range(TIMES)]
        start = threading.Barrier(TIMES)

        def send(client: c.Client, body: bytes, headers: dict[str, str]) -> int:
            start.wait(60)
            return client.ask("POST", f"/actions/{action}/answer", body, headers).status

        for n in range(rounds):
            body, headers = form(first, f"round-{n}", f"round-{n}.csv", b"a,b\n" * (n + 1), did=f"Round {n}")
            sent = [pool.submit(send, client, body, headers) for client in clients]
            answers.update(one.result(120) for one in sent)
        for client in [first, *clients]:
            client.close()
    assert answers == {303: rounds * TIMES}
    added = {table: rows_of(table) - before[table] for table in before}
    assert added[ProgressNote] == added[Evidence] == added[Submission] == rounds
    assert added[HistoryEvent] == 2 * rounds
    files = files_in(world.app.config["ILACS"].evidence_folder)
    assert len(files) == rounds, "the files of the forms that came second are taken away again"
    keys = set(db.session.scalars(select(Evidence.store_key).where(Evidence.store_key.is_not(None))))
    assert {path.name for path in files} == keys
    for name, value in (
        ("database", kind),
        ("rounds", rounds),
        ("sent", rounds * TIMES),
        ("notes", added[ProgressNote]),
        ("files", len(files)),
    ):
        record_property(name, value)


def test_10_forms_sent_five_times_at_once_are_saved_once(world, tmp_path, database_kind, record_property):
    _sent_five_times(world, tmp_path, 10, record_property, database_kind)


@pytest.mark.proof
def test_1_000_forms_sent_five_times_at_once_are_saved_once(world, tmp_path, database_kind, record_property):
    _sent_five_times(world, tmp_path, 1000, record_property, database_kind)


@dataclass
class Uploads:
    """What was sent to servers that were killed and what they acknowledged, by the file's name; the seconds of each."""

    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)

    def one(self, client: c.Client, action: int, name: str, draw: Random) -> None:
        data = b"%PDF-1.7\n" + draw.randbytes(draw.randint(1000, LARGEST))
        self.sent[name] = hashlib.sha256(data).hexdigest()
        body, headers = form(client, name, name, data)
        began = time.monotonic()
        status = client.ask("POST", f"/actions/{action}/evidence/new", body, headers).status
        assert status == 303, f"{name} was answered {status}"
        self.seconds.append(time.monotonic() - began)
        self.acknowledged.add(name)

    def work(self, client: c.Client, action: int, who: str, draw: Random) -> None:
        """Send one file after another until no answer comes."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            for n in count():
                self.one(client, action, f"{who}-{n}.pdf", draw)


FORK = """
import os, signal, sys
import granian.server, ilacs_app
from ilacs_app.serving.cli import run_server

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for port in map(int, sys.stdin):
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        continue
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    run_server("127.0.0.1", port, 1)
    os._exit(1)
"""


@contextlib.contextmanager
def servers(folder: Path, settings: dict[str, str]) -> Iterator[Callable[[], tuple[int, int]]]:
    """Return a function that starts servers as ``ilacs serve`` does, from a process that has loaded the program.

    Each start answers the port and the process group, which the test kills.
    """
    env = c.environment(folder, **settings)
    line = [sys.executable, "-c", FORK]
    with subprocess.Popen(line, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forks:
        assert forks.stdin and forks.stdout
        told, said = forks.stdin, forks.stdout

        def start() -> tuple[int, int]:
            port = c.free_port()
            print(port, file=told, flush=True)
            pid = int(said.readline())
            until = time.monotonic() + 60
            while not c.answers(port, "/healthz"):
                assert time.monotonic() < until, "a server did not start"
                time.sleep(0.02)
            return port, pid

        yield start
        told.close()


def _killed(world: Any, folder: Path, kills: int, record_property: Any, kind: str) -> None:
    action, draw, uploads = world.actions["5.2"], Random(SEED), Uploads()
    evidence = world.app.config["ILACS"].evidence_folder
    db.session.remove()
    settings = told(world)
    signed_in: c.Client | None = None
    moments = []
    with servers(folder / "served", settings) as start:
        for kill in range(kills):
            port, group = start()
            try:
                if signed_in is None:
                    signed_in = c.Client(port)
                    signed_in.sign_in("lead@tests.example", PASSWORD)
                    signed_in.close()
                clients = [c.Client(port, dict(signed_in.cookies), signed_in.token) for _ in range(2)]
                for n, client in enumerate(clients):  # both are warm, and one upload has been measured
                    uploads.one(client, action, f"{kill}-{n}-first.pdf", draw)
                threads = [
                    threading.Thread(target=uploads.work, args=(client, action, f"{kill}-{n}", Random(draw.random())))
                    for n, client in enumerate(clients)
                ]
                for thread in threads:
                    thread.start()
                moments.append(draw.uniform(0, 3 * uploads.seconds[-1]))
                time.sleep(moments[-1])
            finally:
                os.killpg(group, signal.SIGKILL)
            for thread in threads:
                thread.join(60)
                assert not thread.is_alive()
    assert signed_in is not None

    rows = {
        name: (id_, sha256)
        for id_, name, sha256 in db.session.execute(select(Evidence.id, Evidence.file_name, Evidence.sha256))
    }
    db.session.remove()
    assert len(rows) == len(set(rows)) and set(rows) <= set(uploads.sent)
    assert uploads.acknowledged <= set(rows), "what was acknowledged is there"
    files = len(files_in(evidence))
    code, found = command(world, "check")
    assert (code, found["missing"], found["wrong"]) == (0, [], [])
    code, swept = command(world, "sweep", "--older-than", "0")
    assert code == 0 and len(swept["orphans"]) == files - len(rows)
    code, again = command(world, "sweep", "--older-than", "0")
    assert (code, again["orphans"]) == (0, [])
    assert len(files_in(evidence)) == len(rows)
    partial = 0
    with c.sound_server(folder / "served", **settings) as (port, _, _):
        client = c.Client(port, dict(signed_in.cookies))
        for name, (id_, sha256) in rows.items():
            answer = client.get(f"/evidence/{id_}")
            whole = answer.status == 200 and hashlib.sha256(answer.body).hexdigest() == uploads.sent[name] == sha256
            partial += not whole
        client.close()
    assert partial == 0
    for label, value in (
        ("seed", SEED),
        ("database", kind),
        ("kills", kills),
        ("latest_ms", round(max(moments) * 1000)),
        ("uploads_begun", len(uploads.sent)),
        ("acknowledged", len(uploads.acknowledged)),
        ("rows", len(rows)),
        ("rows_without_file", len(found["missing"])),
        ("partial_served", partial),
        ("orphans_before_the_sweep", len(swept["orphans"])),
        ("orphans_after_it", len(again["orphans"])),
    ):
        record_property(label, value)


def test_a_server_killed_3_times_while_it_takes_files_leaves_none_half(world, tmp_path, database_kind, record_property):
    _killed(world, tmp_path, 3, record_property, database_kind)


@pytest.mark.proof
def test_a_server_killed_300_times_while_it_takes_files_leaves_none_half(
    world, tmp_path, database_kind, record_property
):
    _killed(world, tmp_path, 300, record_property, database_kind)

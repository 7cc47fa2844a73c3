"""The server itself: slow senders, workers and parents that die."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from bench import client as c
from ilacs_app.serving.bodies import FORMS, STRANGERS
from tests.conftest import PASSWORD

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n{more}\r\n"


@pytest.fixture
def data(twin: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "ilacs.db").write_bytes(twin.read_bytes())
    return folder


@contextmanager
def slow(port: int, more: str, path: str = "/sign-in") -> Iterator[socket.socket]:
    """A line on which a form has begun and does not go on."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(HEAD.format(path=path, more=more).encode() + (b"2\r\na=\r\n" if "chunked" in more else b"a="))
        yield line


def _seconds_of(port: int, path: str) -> float:
    began = time.monotonic()
    client = c.Client(port, patience=20)
    try:
        assert client.get(path).status == 200
    finally:
        client.close()
    return time.monotonic() - began


def _heard(line: socket.socket) -> bytes:
    with suppress(ConnectionResetError):
        return line.recv(65536)
    return b""


@pytest.mark.parametrize(
    "more", ["Content-Length: 500\r\n", "Transfer-Encoding: chunked\r\n"], ids=["length", "chunked"]
)
def test_two_hundred_slow_forms_of_strangers_hold_up_no_one(data, more):
    with c.sound_server(data, ILACS_TODAY="2018-04-07") as (port, _, _), ExitStack() as stack:
        person = c.Client(port, patience=20)
        person.sign_in("lead@tests.example", PASSWORD)
        lines = [stack.enter_context(slow(port, more)) for _ in range(200)]
        time.sleep(0.5)
        took = [_seconds_of(port, path) for path in ("/sign-in", "/static/app.css", "/healthz") * 4]
        assert max(took) < 2, took
        began = time.monotonic()
        assert person.post("/sign-out", {}).status == 303, "a form of somebody signed in is received meanwhile"
        assert time.monotonic() - began < 2
        person.close()
        statuses = {_heard(line)[:12] for line in lines}
        assert statuses <= {b"HTTP/1.1 408", b"HTTP/1.1 503"}, statuses
        assert b"HTTP/1.1 408" in statuses
        other = c.Client(port, patience=20)
        other.sign_in("viewer@tests.example", PASSWORD)
        other.close()


def test_a_stranger_sends_no_more_than_a_sign_in_form(data):
    with c.sound_server(data) as (port, _, _):
        client = c.Client(port, patience=20)
        began = time.monotonic()
        size = STRANGERS.largest + 1
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = client.ask("POST", "/sign-in", b"a" * size, headers)
        assert answer.status == 400 and "Nothing was saved" in answer.text
        assert time.monotonic() - began < 2
        client.close()


def test_a_form_that_stops_halfway_is_refused_before_the_browser_gives_up(data):
    with c.sound_server(data, ILACS_TODAY="2018-04-07") as (port, _, _):
        person = c.Client(port, patience=20)
        person.sign_in("lead@tests.example", PASSWORD)
        cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        with ExitStack() as stack:
            more = f"Content-Length: 900\r\nCookie: {cookie}\r\n"
            lines = [stack.enter_context(slow(port, more, "/account")) for _ in range(12)]
            for line in lines:
                assert _heard(line).startswith(b"HTTP/1.1 408")
        person.close()
    assert FORMS.seconds < 12, "htmx waits 12 seconds for an answer"


def _workers(pid: int) -> set[int]:
    return {child for child in c.children(pid) if c.is_worker(child) and _has_port(child)}


def _has_port(pid: int) -> bool:
    """Return whether the process is a worker: it runs what its parent runs, not the watcher of the start."""
    with suppress(OSError):
        return b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _wait(true, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return False


def test_a_worker_that_is_killed_is_started_again(data):
    with c.sound_server(data) as (port, pid, _):
        before = _workers(pid)
        assert len(before) == 2
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        assert _wait(lambda: len(_workers(pid) - {killed}) == 2), _workers(pid)
        assert _wait(lambda: c.every_worker_answers(port))


def test_the_end_of_the_parent_ends_its_workers_and_frees_the_port(data):
    port = c.free_port()
    with c.serving(data, port) as (pid, _):
        family = c.children(pid)
        assert family
        os.kill(pid, signal.SIGKILL)
        assert _wait(lambda: not [one for one in family if _alive(one)]), "a worker outlived its parent"
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


def _alive(pid: int) -> bool:
    with suppress(OSError):
        return not re.search(r"^State:\s+Z", Path(f"/proc/{pid}/status").read_text(), re.M)
    return False

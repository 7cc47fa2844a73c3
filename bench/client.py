"""A plain HTTP client and a server to point it at: keep-alive, cookies and the form token, nothing else."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
ENCODINGS = {"Accept-Encoding": "br, gzip"}


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Client:
    """One browser on one kept connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    patience: float = 30
    _line: http.client.HTTPConnection | None = None
    _used_at: float = 0

    def copy(self) -> Client:
        """The same sign-in on another connection."""
        return Client(self.port, dict(self.cookies), self.token)

    def ask(self, verb: str, path: str, body: str | bytes | None = None, headers: Mapping[str, str] = {}) -> Answer:
        if time.monotonic() - self._used_at > 10:
            self.close()  # the server ends a line that is silent for long
        self._used_at = time.monotonic()
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        try:
            self._line.request(verb, path, body, sent)
            answer = self._line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, content)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, fields: Mapping[str, object], *, on: str | None = None) -> Answer:
        """Send a form with the token, and a fresh ``once`` unless it is given; ``on``: as htmx does from that page."""
        form = {"csrf_token": self.token, "once": secrets.token_urlsafe(12), **fields}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if on:
            headers |= as_htmx(self.port, on)
        return self.ask("POST", path, urlencode(form), headers)

    def sign_in(self, email: str, password: str) -> None:
        self.token = form_token(self.get("/sign-in").text)
        answer = self.post("/sign-in", {"email": email, "password": password})
        if answer.status != 303:
            raise RuntimeError(f"sign-in answered {answer.status}")
        self.token = form_token(self.get("/account").text)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def with_file(fields: Mapping[str, object], name: str, data: bytes) -> tuple[bytes, dict[str, str]]:
    """The body of a form with a file, its name to the letter, and the headers of the request."""
    mark = secrets.token_hex(16)
    head = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    )
    head += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={mark}"}


def as_htmx(port: int, page: str) -> dict[str, str]:
    """The headers of a request that htmx makes from this page."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1:{port}{page}"}


def form_token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if not found:
        raise RuntimeError("the page holds no form")
    return found[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, port: int = 8000, **more: str) -> dict[str, str]:
    """Return what the program is told: nothing of ours but this."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ILACS_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "ILACS_DATA": str(data),
        "ILACS_BASE_URL": f"http://127.0.0.1:{port}",
        "ILACS_SECRET_KEY": "k" * 48,
        **more,
    }


def ilacs(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; it must succeed."""
    return subprocess.run(
        [sys.executable, "-m", "ilacs_app.cli", *words],
        env=environment(data, **more),
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )


@contextlib.contextmanager
def running(command: list[str], env: Mapping[str, str], up: Callable[[], bool]) -> Iterator[tuple[int, float]]:
    """A server in a process group of its own, ended with the block: its process id and its seconds to ``up``."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=dict(env), stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while not up():
            if process.poll() is not None or time.perf_counter() - began > 30:
                raise RuntimeError(f"{command[1:]} did not start")
            time.sleep(0.01)
        yield process.pid, time.perf_counter() - began
    finally:
        family = [process.pid, *children(process.pid)]
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        for pid in family[1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def serving(data: Path, port: int, **more: str) -> contextlib.AbstractContextManager[tuple[int, float]]:
    """``ilacs serve`` with two worker processes."""
    command = [sys.executable, "-m", "ilacs_app.cli", "serve", "--port", str(port), "--workers", "2"]
    return running(command, environment(data, port, **more), lambda: answers(port, "/sign-in"))


def every_worker_answers(port: int) -> bool:
    """Return whether 16 new connections in a row are served: they fall on both workers."""
    return all(answers(port, "/sign-in") for _ in range(16))


@contextlib.contextmanager
def sound_server(data: Path, **more: str) -> Iterator[tuple[int, int, int]]:
    """``ilacs serve``, started again where a worker does not answer: port, process id, and how often that was so."""
    for fallen in range(6):
        port = free_port()
        with serving(data, port, **more) as (pid, _):
            if every_worker_answers(port):
                yield port, pid, fallen
                return
    raise RuntimeError("no start in six was sound")


def answers(port: int, path: str) -> bool:
    client = Client(port, patience=2)
    try:
        return client.get(path).status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def children(pid: int) -> list[int]:
    """Every descendant of a process."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        below = parents.get(todo.pop(), [])
        found += below
        todo += below
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Processor time, user and system, of these processes so far, threads that have ended included."""
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += time.clock_gettime(~pid << 3 | 2)  # the clock of another process, as clock_getcpuclockid(3) has it
    return total


def memory_mb(pid: int) -> dict[str, float]:
    """RSS and PSS of one process."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {
        name.lower(): round(int(found[1]) / 1024, 1)
        for name in ("Rss", "Pss")
        if (found := re.search(rf"^{name}:\s+(\d+)", text, re.M))
    }


def is_worker(pid: int) -> bool:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"resource_tracker" not in words
    return False

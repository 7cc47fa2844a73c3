"""The commands ``serve``, ``db upgrade`` and ``routes``."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import click

from ilacs_app import create_app
from ilacs_app.access import mark_of
from ilacs_app.console import CommandGroup, Failed, application
from ilacs_app.db import upgrade_schema
from ilacs_app.serving.bodies import Gateway, signed_in
from ilacs_app.settings import Settings, keep_private

STOPPING = 20  # seconds for which a worker that is to stop may finish what it does


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Start the server."""
    settings = Settings.from_env().needed("base_url", "secret_key")
    check_port(host, port)
    _keep_private(settings)
    with application():
        pass
    run_server(host, port, workers)


def check_port(host: str, port: int) -> None:
    """Go on only where this address can be listened on.

    Raises:
        Failed: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failed(
                f"Port {port} on {host} cannot be used: {error.strerror}. "
                "Stop the program that uses it, or choose another --port."
            ) from error


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until stopped, and print ``Ready: http://HOST:PORT`` once the first page can be opened.

    The workers read the settings from the environment.

    Raises:
        Failed: the port is taken.
    """
    check_port(host, port)
    from granian.constants import Interfaces, Loops
    from granian.server import Server

    bound_memory()
    shown = f"[{host}]" if ":" in host else host
    _say_ready(host, port, f"http://{shown}:{port}")
    Server(
        f"{worker.__module__}:{worker.__name__}",
        factory=True,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        websockets=False,
        address=host,
        port=port,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING,
        log_access=False,
        log_level="error",  # type: ignore[arg-type]
    ).serve()


def worker() -> Gateway:
    """Return what one worker process serves, which ends with the process that started it."""
    os.umask(0o077)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), name="parent", daemon=True).start()
    app = create_app()
    gateway = Gateway(app, signed_in(app))
    freeze_program()
    return gateway


def freeze_program() -> None:
    """Leave what is loaded now out of every later garbage collection: it stays for as long as the process does.

    A full collection looked at all of it, which took longer than most pages do.
    """
    gc.collect()
    gc.freeze()


def _end_with_parent(parent: int) -> None:
    """Wait until the parent is gone, then stop the server; it is killed if it does not stop in time.

    A worker without a parent would hold the port for ever, and no one could start another server.
    """
    if os.name == "posix":
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOPPING)
    elif (process := multiprocessing.parent_process()) is not None:
        process.join()
    os._exit(1)


def bound_memory() -> None:
    """Make glibc give back what threads free, in the workers too, which are forked from this process.

    By default it keeps an arena for every thread, and raises the size from which memory is returned to the system at
    once: a few passwords and exports at a time left 640 MB in a worker. Settings of the operator in the environment
    win.
    """
    if sys.platform != "linux" or any(name.startswith("MALLOC_") for name in os.environ):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and no arenas
    if mallopt is not None:
        for option, value in _MALLOPT.items():
            mallopt(option, value)


_MALLOPT = {-8: 2, -3: 256 * 1024, -1: 1024 * 1024}  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD: mallopt(3)


def _say_ready(host: str, port: int, address: str) -> None:
    """Start a process that waits for the first answer and reports it.

    A thread would not do: workers are forked from this process, and one forked while a thread imports inherits a held
    import lock and blocks for ever.
    """
    reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    waiter = subprocess.Popen(
        [sys.executable, "-I", "-c", _WAIT, reach, str(port), f"Ready: {address}", str(os.getpid())]
    )
    if os.name == "posix":
        signal.signal(signal.SIGCHLD, lambda _number, _frame: waiter.poll())  # so that it does not stay as a zombie


_WAIT = """
import http.client, os, sys, time
host, port, words, parent = sys.argv[1:]
for _ in range(600):
    if os.name == "posix" and os.getppid() != int(parent):
        sys.exit()
    try:
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.request("GET", "/healthz")
        connection.getresponse()
        print(words, flush=True)
        sys.exit()
    except OSError:
        time.sleep(0.05)
"""


@click.group("db", cls=CommandGroup)
def database() -> None:
    """Create or update the database."""


@database.command("upgrade")
def upgrade() -> None:
    """Create the database in the data folder, or update it."""
    with application(any_schema=True) as app:
        upgrade_schema()
        _keep_private(app.config["ILACS"])
    click.echo("The database is up to date.")


def _keep_private(settings: Settings) -> None:
    for folder in (settings.data, settings.evidence_folder):
        try:
            keep_private(folder)
        except OSError as error:
            click.echo(f"{folder} can be read by other accounts on this machine: {error.strerror}.", err=True)


@click.command()
def routes() -> None:
    """List every address, its methods and who may open it."""
    with application(any_schema=True) as app:
        for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
            mark = mark_of(app.view_functions[rule.endpoint])
            verbs = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            click.echo(
                f"{verbs}\t{rule.rule}\t{mark.who if mark else ''}\t{'writes' if mark and mark.writes else 'reads'}"
            )

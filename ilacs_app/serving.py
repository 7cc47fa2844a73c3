"""The commands ``serve``, ``db upgrade`` and ``routes``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import click

from .access import mark_of
from .bodies import RECEIVING, WORKING
from .cli import Failed, Group, application
from .db import upgrade_schema
from .settings import Settings

THREADS = WORKING + RECEIVING + 16  # of a process: to work, to receive what is sent, and to say that both are taken


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages."""
    Settings.from_env().needed("base_url", "secret_key")
    check_port(host, port)
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
                f"Port {port} on {host} cannot be used: {error.strerror}. Stop what uses it, or choose another --port."
            ) from error


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until stopped, and print ``Ready: http://HOST:PORT`` once the first page can be had.

    The workers read the settings from the environment.

    Raises:
        Failed: the port is taken.
    """
    check_port(host, port)
    from granian.constants import Interfaces
    from granian.server import Server

    shown = f"[{host}]" if ":" in host else host
    _say_ready(host, port, f"http://{shown}:{port}")
    Server(
        "ilacs_app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=THREADS,
        log_access=False,
        log_level="error",  # type: ignore[arg-type]
    ).serve()


def _say_ready(host: str, port: int, address: str) -> None:
    """Let a process of its own wait for the first answer and say so.

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


@click.group("db", cls=Group)
def database() -> None:
    """Make the database, or bring it up to date."""


@database.command("upgrade")
def upgrade() -> None:
    """Make the database in the data folder, or bring it up to date."""
    with application(any_schema=True):
        upgrade_schema()
    click.echo("The database is up to date.")


@click.command()
def routes() -> None:
    """List every address, its verbs and who may open it."""
    with application(any_schema=True) as app:
        for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
            mark = mark_of(app.view_functions[rule.endpoint])
            verbs = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            click.echo(
                f"{verbs}\t{rule.rule}\t{mark.who if mark else ''}\t{'writes' if mark and mark.writes else 'reads'}"
            )

"""The commands ``serve``, ``db upgrade`` and ``routes``."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import urllib.error
import urllib.request

import click

from .access import mark_of
from .cli import Failed, Group, application
from .db import upgrade_schema
from .settings import Settings

THREADS = 16


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages."""
    Settings.from_env().needed("base_url", "secret_key")
    with application():
        pass
    run_server(host, port, workers)


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until stopped, and print ``Ready: http://HOST:PORT`` once the first page can be had.

    The workers read the settings from the environment.

    Raises:
        Failed: the port is taken.
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
    from granian.constants import Interfaces
    from granian.server import Server

    logging.getLogger("_granian").setLevel(logging.WARNING)
    shown = f"[{host}]" if ":" in host else host
    threading.Thread(target=_say_ready, args=(f"http://{shown}:{port}",), daemon=True).start()
    Server(
        "ilacs_app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=THREADS,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()


def _say_ready(address: str) -> None:
    reach = address.replace("//0.0.0.0", "//127.0.0.1").replace("//[::]", "//[::1]")
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{reach}/healthz", timeout=5):
                break
        except urllib.error.HTTPError:
            break  # it answers; another host name may be wanted
        except OSError:
            time.sleep(0.05)
    click.echo(f"Ready: {address}")


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

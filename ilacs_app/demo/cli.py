"""``ilacs demo`` and ``ilacs sample``."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from pathlib import Path

import click

from ilacs_app import clock
from ilacs_app.access import OPERATOR
from ilacs_app.console import Failed, application
from ilacs_app.db import transaction, upgrade_schema
from ilacs_app.demo.cast import PEOPLE
from ilacs_app.demo.commands import load_demo
from ilacs_app.demo.sample import load_sample
from ilacs_app.files.store import EvidenceStore
from ilacs_app.people.sign_in.passwords import random_password
from ilacs_app.plan.visibility import plans
from ilacs_app.serving.cli import check_port, run_server
from ilacs_app.settings import KEPT_SETTINGS, Settings, make_private

SIGN_INS = "sign-ins.json"
OURS = (KEPT_SETTINGS, SIGN_INS, "ilacs.db", "ilacs.db-wal", "ilacs.db-shm", "evidence")


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to keep it in; ./ilacs-demo if left out.",
)
@click.option("--reset", is_flag=True, help="Delete the demonstration and start again.")
@click.option("--prepare-only", is_flag=True, hidden=True)
def demo(port: int, data: Path | None, reset: bool, prepare_only: bool) -> None:
    """Make a demonstration plan and serve it on this machine only."""
    folder = (data or Path(os.environ.get("ILACS_DATA") or "ilacs-demo")).absolute()
    if not prepare_only:
        check_port("127.0.0.1", port)
    if reset:
        if os.environ.get("ILACS_DATABASE_URL"):
            raise Failed("--reset throws away files only. Empty the database of ILACS_DATABASE_URL yourself.")
        _throw_away(folder)
    elif folder.exists() and any(folder.iterdir()) and not (folder / KEPT_SETTINGS).is_file():
        raise Failed(f"{folder} holds something else than a demonstration. Choose another folder with --data.")
    Settings.from_env(data=folder)
    base_url = f"http://127.0.0.1:{port}"
    _keep_settings(folder, base_url)
    os.environ["ILACS_DATA"] = str(folder)
    os.environ["ILACS_BASE_URL"] = base_url
    with application(any_schema=True) as app:
        upgrade_schema()
        if not plans(OPERATOR):
            _load(folder, app.extensions["evidence"])
    if not (folder / SIGN_INS).is_file():
        raise Failed("The database holds a plan that is not the demonstration, so nothing was changed.")
    for line in json.loads((folder / SIGN_INS).read_text(encoding="utf-8")):
        click.echo(f"sign-in\t{line['role']}\t{line['email']}\t{line['password']}")
    if not prepare_only:
        run_server("127.0.0.1", port, 2)


def _load(folder: Path, store: EvidenceStore) -> None:
    """Load the demonstration; its sign-ins are kept before it is committed, so that they are never lost."""
    passwords = {role: random_password() for role in PEOPLE}
    with transaction():
        made = load_demo(passwords, random_password(), store, clock.today())
        lines = [{"role": s.role, "email": s.email, "password": s.password} for s in made]
        _write_private(folder / SIGN_INS, json.dumps(lines, indent=1))


def _throw_away(folder: Path) -> None:
    if not (folder / KEPT_SETTINGS).is_file():
        if folder.exists() and any(folder.iterdir()):
            raise Failed(f"{folder} is not a demonstration, so it was not touched. Choose another folder with --data.")
        return
    for name in OURS:
        target = folder / name
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)


def _keep_settings(folder: Path, base_url: str) -> None:
    path = folder / KEPT_SETTINGS
    settings = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    settings.setdefault("secret_key", secrets.token_urlsafe(48))
    settings["base_url"] = base_url
    try:
        make_private(folder)
        _write_private(path, json.dumps(settings, indent=1))
    except OSError as error:
        raise Failed(f"{folder} cannot be written to: {error.strerror}. Choose another folder with --data.") from error


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, completely or not at all."""
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    part.replace(path)


@click.command()
@click.option("--actions", required=True, type=click.IntRange(1, 100_000), help="How many actions.")
def sample(actions: int) -> None:
    """Fill an empty database with a plan of any size, always the same, for measuring."""
    with application():
        if plans(OPERATOR):
            raise Failed("There is a plan here already, so nothing was added. Use an empty data folder.")
        with transaction():
            sizes = load_sample(actions, clock.today())
    click.echo(", ".join(f"{n:,} {what}" for what, n in sizes.items()))

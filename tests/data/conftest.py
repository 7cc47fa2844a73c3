"""Tests of the record run on both databases; and what those of letters and of the command line are given."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from flask import appcontext_pushed

from ilacs_app import clock
from ilacs_app.cli import main
from ilacs_app.db import db
from ilacs_app.digests.cli import digests
from tests.data.command_line import PLAN, Run, Said, in_a_shell
from tests.data.digests.mail import Ended, Server, environment, free_port


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server():
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), ready_timeout=30)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    yield handler
    controller.stop()


@pytest.fixture
def ilacs(app):
    """Run ``ilacs`` as a command of this process, with an application and database connections of its own."""

    def run(*words: str, mail: str | None = None, **changes: str) -> Ended:
        db.session.rollback()
        made = []
        with appcontext_pushed.connected_to(lambda sender: made.append(sender)):
            ended = CliRunner().invoke(digests, words, env=environment(app, mail, changes))
        for other in made:
            with other.app_context():
                db.engine.dispose()
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return Ended(ended.exit_code, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def start_ilacs(app):
    """Start ``ilacs`` as a process of its own."""

    def start(*words: str, mail: str | None = None) -> subprocess.Popen[str]:
        db.session.rollback()
        ours = {name: value for name, value in environment(app, mail, {}).items() if value}
        return subprocess.Popen(
            [sys.executable, "-m", "ilacs_app.cli", "digests", *words],
            env={**os.environ, **ours},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    return start


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """Run ``ilacs`` in this process. ``ILACS_DATA`` is the test's folder unless it is given."""
    for name in list(os.environ):
        if name.startswith("ILACS_"):
            monkeypatch.delenv(name)

    def call(*words: str | Path, stdin: str = "", **environment: str | None) -> Said:
        with monkeypatch.context() as here:
            for name, value in {"DATA": str(tmp_path / "data"), **environment}.items():
                if value is None:
                    here.delenv(f"ILACS_{name}", raising=False)
                else:
                    here.setenv(f"ILACS_{name}", value)
            here.setattr(sys, "argv", ["ilacs", *map(str, words)])
            here.setattr(sys, "stdin", io.StringIO(stdin))
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
            told = capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0 if code is None else 1, told.out, told.err)

    yield call
    clock.move_today(None)


@pytest.fixture
def data(tmp_path: Path, migrated: Path) -> Path:
    """A data folder with a migrated database."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated, folder / "ilacs.db")
    return folder


@pytest.fixture(scope="session")
def imported(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the twin plan was imported once, to copy from."""
    folder = tmp_path_factory.mktemp("imported") / "data"
    folder.mkdir()
    shutil.copy(migrated, folder / "ilacs.db")
    line = ("plan", "import", PLAN, "--plan", "twin", "--dated", "2018-02-22", "--yes")
    done = in_a_shell(*line, ILACS_DATA=str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def full(imported: Path, tmp_path: Path) -> Path:
    """A data folder with the twin plan in it."""
    return Path(shutil.copytree(imported, tmp_path / "data"))

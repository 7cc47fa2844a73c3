"""What the tests of the command line have in common: how a command is run, and what it may leave."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ilacs_app.db import sqlite_library

SAMPLES = Path(__file__).parent.parent / "samples"
PLAN = SAMPLES / "plan.csv"
KEY = "k" * 40
ADDRESS = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Said:
    """What a command left: its exit code and the two streams."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


def dump(folder: Path) -> str:
    """A digest of all that the database holds; the search index is read from its own tables."""
    digest = hashlib.sha256()
    with sqlite_library().connect(folder / "ilacs.db") as line:
        tables = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY 1"
        )
        for name, sql in line.execute(tables).fetchall():
            digest.update(f"{name}{sql}".encode())
            for row in sorted(map(repr, line.execute(f'SELECT * FROM "{name}"'))):
                digest.update(row.encode())
    return digest.hexdigest()


def refused(said: Said, *names: str, code: int = 1) -> None:
    """A sentence on stderr that names these, no traceback, nothing on stdout."""
    assert said.code == code, said
    assert said.out == ""
    assert "Traceback" not in said.err and said.err.strip()
    for name in names:
        assert name in said.err
    if code == 1:
        last = said.err.strip().splitlines()[-1]
        assert len(said.err.strip().splitlines()) == 1, said.err
        assert last.endswith(".") and last[0] != "<"


def in_a_shell(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ILACS_")}
    return subprocess.run(
        [sys.executable, "-m", "ilacs_app.cli", *map(str, words)],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

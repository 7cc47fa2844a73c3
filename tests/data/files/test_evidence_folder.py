"""The evidence folder against the record: changed files are reported and not served, and unused files are swept."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from bench import client as c
from ilacs_app.db import db, transaction
from ilacs_app.files.store import EvidenceStore, FileKept, StoreError
from ilacs_app.intake.imports.commands import Destination, keep_plan_file
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.serving.stored_files.cli import evidence
from tests.auditor import AuditedClient
from tests.conftest import BY, DATED_ON, TODAY
from tests.factories import files_in, token

SEED = 20180407
INDEX = "/plans/twin/recommendations/5/evidence"


def command(world: Any, *words: str) -> tuple[int, dict[str, Any]]:
    """Run ``ilacs evidence`` with an application of its own; answers its exit code and what it found."""
    settings = world.app.config["ILACS"]
    env = {
        "ILACS_DATA": str(settings.data),
        "ILACS_DATABASE_URL": settings.database_url,
        "ILACS_EVIDENCE_URL": settings.evidence_folder.as_uri(),
        "ILACS_TODAY": TODAY.isoformat(),
    }
    done = CliRunner().invoke(evidence, [*words, "--json"], env=env)
    assert done.stdout, done.stderr
    return done.exit_code, json.loads(done.stdout)


def stored(world: Any, number: int, draw: Random) -> dict[int, tuple[Path, bytes]]:
    """Add pieces of evidence, and return the file and the bytes of each."""
    store: EvidenceStore = world.app.extensions["evidence"]
    folder, made = world.app.config["ILACS"].evidence_folder, {}
    with transaction():
        for n in range(number):
            data = draw.randbytes(draw.randint(1, 60_000))
            kept = FileKept(store.put(io.BytesIO(data)), f"Sample {n}.pdf", "application/pdf")
            text = EvidenceText(f"Sample {n}", "audit", "open")
            id_ = attach_evidence(world.author("lead"), world.actions["5.2"], text, kept)
            made[id_] = folder / kept.stored.key[:2] / kept.stored.key, data
    db.session.remove()
    return made


def flip(path: Path, draw: Random) -> None:
    """Flip one bit, as a failing disk does."""
    data = bytearray(path.read_bytes())
    data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    path.write_bytes(data)


def _flipped(world: Any, number: int, record_property: Callable[[str, object], None]) -> None:
    draw = Random(SEED)
    made = stored(world, number, draw)
    assert command(world, "check") == (
        0,
        {"checked": number, "missing": [], "wrong": [], "orphans": [], "removed": False},
    )
    for path, _ in made.values():
        flip(path, draw)
    code, found = command(world, "check")
    assert code == 1
    assert sorted(found["wrong"]) == sorted(path.name for path, _ in made.values())
    world.app.test_client_class = AuditedClient
    client, served = world.client("lead"), 0
    sent = {"csrf_token": token(client), "once": "x", "view": "action"}
    for id_ in made:
        answer = client.get(f"/evidence/{id_}")
        served += answer.status_code == 200 or "Content-Disposition" in answer.headers
        assert answer.status_code == 500 and "different from what was stored" in answer.text
    bundle = client.post(INDEX, data=sent)
    assert bundle.status_code == 200
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as packed:
        served += sum(name.startswith("files/") for name in packed.namelist())
    assert served == 0
    for path, data in made.values():
        path.write_bytes(data)
    assert command(world, "check")[0] == 0
    for id_, (_, data) in made.items():
        assert client.get(f"/evidence/{id_}").data == data
    for name, value in (
        ("seed", SEED),
        ("bytes_flipped", number),
        ("reported", len(found["wrong"])),
        ("served", served),
    ):
        record_property(name, value)


def test_3_flipped_bytes_are_reported_and_none_is_served(world, record_property):
    _flipped(world, 3, record_property)


@pytest.mark.proof
def test_100_flipped_bytes_are_reported_and_none_is_served(world, record_property):
    _flipped(world, 100, record_property)


def test_a_missing_file_is_reported(world):
    ((path, _),) = stored(world, 1, Random(1)).values()
    path.unlink()
    code, found = command(world, "check")
    assert (code, found["missing"], found["wrong"]) == (1, [path.name], [])


def test_a_sweep_removes_what_nothing_names_and_nothing_else(world):
    """A half-written file goes too; a young one, a stranger's file and all that a piece or an import names stay."""
    made = stored(world, 2, Random(2))
    store: EvidenceStore = world.app.extensions["evidence"]
    with transaction():
        plan_file = store.put(io.BytesIO(b"No,Recommendation\n"))
        keep_plan_file(BY, "plan.csv", plan_file, Destination(DATED_ON, slug="other", title="Other"))
    db.session.remove()
    folder = world.app.config["ILACS"].evidence_folder
    names = {"old": "0" * 32, "half": "1" * 32 + ".part", "young": "2" * 32, "stranger": "notes of the administrator"}
    for name in names.values():
        (folder / name[:2]).mkdir(exist_ok=True)
        (folder / name[:2] / name).write_bytes(b"left")
    hour_ago = time.time() - 3700
    for path in files_in(folder):
        if path.name != names["young"]:
            os.utime(path, (hour_ago, hour_ago))
    seen = command(world, "check")
    assert seen[0] == 0 and sorted(seen[1]["orphans"]) == [names["old"], names["half"]]
    assert seen[1]["checked"] == 3
    assert len(files_in(folder)) == 7, "a check changes nothing"
    assert sorted(command(world, "sweep")[1]["orphans"]) == [names["old"], names["half"]]
    left = {path.name for path in files_in(folder)}
    named = {plan_file.key, *(path.name for path, _ in made.values())}
    assert left == {names["young"], names["stranger"], *named}
    assert command(world, "sweep", "--older-than", "0")[1]["orphans"] == [names["young"]]
    assert command(world, "sweep", "--older-than", "0")[1]["orphans"] == []
    for path, data in made.values():
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(data).digest()


def test_what_was_found_is_shown_in_words(world):
    made = [path for path, _ in stored(world, 2, Random(3)).values()]
    made[0].unlink()
    flip(made[1], Random(4))
    settings = world.app.config["ILACS"]
    env = c.environment(settings.data, ILACS_DATABASE_URL=settings.database_url)
    line = [sys.executable, "-m", "ilacs_app.cli", "evidence", "check"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert f"{made[0].name}: missing" in done.stderr and f"{made[1].name}: changed since it was stored" in done.stderr
    assert done.stdout.strip() == ("2 files checked: 1 missing, 1 changed. 0 unused.")


def test_a_file_that_was_checked_is_opened_without_hashing_it_again_unless_it_was_written_to_since(tmp_path):
    store = EvidenceStore(tmp_path / "evidence")
    stored = store.put(io.BytesIO(b"minutes of the meeting"))
    checked = store.checked(stored.key, stored.sha256)
    with checked.open() as file:
        assert file.read() == b"minutes of the meeting"
    path = tmp_path / "evidence" / stored.key[:2] / stored.key
    path.write_bytes(b"another text, same size")
    with pytest.raises(StoreError, match="different from what was stored"):
        checked.open()
    path.unlink()
    with pytest.raises(StoreError, match="missing"):
        checked.open()
    with pytest.raises(StoreError, match="missing"):
        store.checked(stored.key, stored.sha256)

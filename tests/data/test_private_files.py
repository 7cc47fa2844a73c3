"""All that is in the data folder is for its owner only."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.forms.commands import Sent, enter_once
from ilacs_app.forms.model import Submission
from ilacs_app.people.sign_in.model import SignInSession
from tests.data.command_line import in_a_shell
from tests.factories import PDF, send

posix = pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")


def _open_to_others(folder: Path) -> list[str]:
    found = [folder, *folder.rglob("*")]
    return [str(path) for path in found if stat.S_IMODE(path.lstat().st_mode) & 0o077]


@posix
def test_evidence_is_for_its_owner_only(world, tmp_path):
    settings = world.app.config["ILACS"]
    before = os.umask(0o022)
    try:
        answer = send(world.client("lead"), world.actions["5.2"], "evidence", file=("a.pdf", PDF), shows="Nine in ten")
        assert answer.status_code == 303
    finally:
        os.umask(before)
    assert list(settings.evidence_folder.rglob("*"))
    assert _open_to_others(settings.evidence_folder) == []


@posix
def test_a_new_data_folder_and_its_letters_are_for_their_owner_only(tmp_path):
    data, letters = tmp_path / "new" / "data", tmp_path / "letters"
    told = {"ILACS_DATA": str(data), "ILACS_BASE_URL": "http://localhost", "ILACS_MAIL_URL": f"file://{letters}"}
    before = os.umask(0o022)
    try:
        for words in (("db", "upgrade"), ("sample", "--actions", "60"), ("digests", "queue"), ("digests", "send")):
            done = in_a_shell(*words, **told)
            assert done.returncode == 0, done.stderr
    finally:
        os.umask(before)
    assert list(letters.glob("*.eml"))
    assert _open_to_others(data) + _open_to_others(letters) == []


@posix
def test_an_older_data_folder_is_closed_by_the_upgrade(tmp_path):
    data = tmp_path / "data"
    (data / "evidence" / "ab").mkdir(parents=True)
    (data / "evidence" / "ab" / "file").write_bytes(b"x")
    for path in (data, *data.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert _open_to_others(data)
    assert in_a_shell("db", "upgrade", ILACS_DATA=str(data)).returncode == 0
    assert _open_to_others(data) == []


@posix
def test_a_demonstration_is_for_its_owner_only(tmp_path):
    data = tmp_path / "demo"
    before = os.umask(0o022)
    try:
        done = in_a_shell("demo", "--data", str(data), "--prepare-only")
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    assert _open_to_others(data) == []


def test_old_sign_ins_and_once_keys_are_forgotten_at_a_sign_in(world):
    person = world.people["lead"]
    with transaction():
        enter_once(person, Sent("old", ""), "Saved")
        enter_once(person, Sent("new", ""), "Saved")
        long_ago = clock.real_now() - timedelta(days=16)
        db.session.execute(update(Submission).where(Submission.once == "old").values(at=long_ago))
        db.session.execute(
            update(SignInSession).where(SignInSession.person_id == world.people["viewer"]).values(seen_at=long_ago)
        )
    world.fresh_client("lead")
    db.session.rollback()
    assert db.session.scalars(select(Submission.once)).all() == ["new"]
    of_viewer = select(func.count()).where(SignInSession.person_id == world.people["viewer"])
    assert db.session.scalar(of_viewer) == 0
    assert db.session.scalar(select(func.count()).where(SignInSession.person_id == person)) == 2

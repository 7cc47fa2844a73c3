"""A long plan is confirmed in one transaction, and how long whoever writes meanwhile has to wait."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from ilacs_app.cli import main
from ilacs_app.db import db, transaction
from ilacs_app.history import HistoryEvent
from ilacs_app.intake.imports.commands import Destination, keep_plan_file, keep_reading
from ilacs_app.intake.reader.choices import Choices
from ilacs_app.intake.reader.read import read_apart
from ilacs_app.plan.model import Action, Plan
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import AuditedClient
from tests.conftest import DATED_ON, World
from tests.data.intake.reader.test_hostile_plan_files import workbook
from tests.factories import token

SECONDS = 15
TOLD_TO_TRY_AGAIN = 5  # seconds after which a writer is told so


@contextmanager
def _measured(record_property: Callable[[str, object], None]) -> Iterator[list[float]]:
    """Record how long this takes and, where it can be asked for, how much memory the process has at most meanwhile."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    took: list[float] = []
    started = time.monotonic()
    yield took
    took.append(time.monotonic() - started)
    record_property("seconds", round(took[0], 1))
    if sys.platform == "linux":
        peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
        record_property("peak_mb", round(int(peak.split()[1]) / 1024))


@contextmanager
def _somebody_writes(app: Flask, world: World) -> Iterator[list[float]]:
    """A lead who writes one note after another meanwhile: how long each took, saved or told to try again."""
    waits: list[float] = []
    ends = threading.Event()
    faults: list[BaseException] = []

    def notes() -> None:
        try:
            with app.app_context():
                while not ends.wait(0.02):
                    started = time.monotonic()
                    with suppress(OperationalError), transaction():
                        log_progress(world.author("lead"), world.actions["5.3"], NoteText("Written meanwhile."))
                    waits.append(time.monotonic() - started)
                db.session.remove()
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=notes)
    thread.start()
    try:
        yield waits
    finally:
        ends.set()
        thread.join()
    assert not faults, faults


def _confirm(world: World, folder: Path, actions: int, record_property: Callable[[str, object], None]) -> None:
    world.app.test_client_class = AuditedClient
    client = world.client("programme_manager")
    path = workbook(actions, folder / "large.xlsx")
    reading = read_apart(path, DATED_ON)
    with path.open("rb") as stream:
        stored = world.app.extensions["evidence"].put(stream)
    with transaction():
        by = world.author("programme_manager")
        import_id = keep_plan_file(by, path.name, stored, Destination(DATED_ON, None, "Large", "large"))
        keep_reading(by, import_id, 1, reading, Choices())
    del reading
    form = {"csrf_token": token(client), "once": uuid4().hex, "version": 2}
    with _somebody_writes(world.app, world) as waits, _measured(record_property) as took:
        answer = client.post(f"/import/{import_id}/confirm", data=form)
    assert answer.status_code == 303, answer.text
    assert answer.location == "/plans/large"
    db.session.rollback()
    of_plan = select(func.count()).join(Plan).where(Plan.slug == "large")
    assert db.session.scalar(of_plan.select_from(Action)) == actions
    plan_id = db.session.scalars(select(Plan.id).where(Plan.slug == "large")).one()
    events = select(func.count()).where(HistoryEvent.plan_id == plan_id, HistoryEvent.verb == "imported")
    assert db.session.scalar(events) == actions
    record_property("actions", actions)
    record_property("notes_meanwhile", len(waits))
    record_property("told_to_try_again", sum(wait >= TOLD_TO_TRY_AGAIN for wait in waits))
    record_property("longest_wait_of_a_note_s", round(max(waits, default=0), 2))
    assert took[0] < SECONDS and max(waits, default=0) < SECONDS


def test_a_plan_of_100_actions_is_confirmed_while_someone_writes(world, tmp_path, record_property):
    _confirm(world, tmp_path, 100, record_property)


@pytest.mark.proof
def test_a_plan_of_10_000_actions_is_confirmed_while_someone_writes(world, tmp_path, record_property):
    _confirm(world, tmp_path, 10_000, record_property)


def _import_by_command(
    actions: int, folder: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch, record_property
) -> None:
    path, data = workbook(actions, folder / "large.xlsx"), folder / "data"
    data.mkdir()
    (data / "ilacs.db").write_bytes(migrated.read_bytes())
    monkeypatch.setenv("ILACS_DATA", str(data))
    words = ["ilacs", "plan", "import", str(path), "--plan", "large", "--dated", "2018-02-22", "--yes"]
    monkeypatch.setattr(sys, "argv", words)
    with _measured(record_property) as took, pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    record_property("actions", actions)
    assert took[0] < 2 * SECONDS  # it reads the file as well


def test_the_command_line_imports_a_plan_of_100_actions(tmp_path, migrated, monkeypatch, capsys, record_property):
    _import_by_command(100, tmp_path, migrated, monkeypatch, record_property)
    assert "Imported as “large”: 20 recommendations, 100 actions." in capsys.readouterr().out


@pytest.mark.proof
def test_the_command_line_imports_a_plan_of_10_000_actions(tmp_path, migrated, monkeypatch, capsys, record_property):
    _import_by_command(10_000, tmp_path, migrated, monkeypatch, record_property)
    assert "Imported as “large”: 2000 recommendations, 10000 actions." in capsys.readouterr().out

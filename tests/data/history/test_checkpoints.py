"""A checkpoint is the record as history has it. A view of the past is the same with it and without it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date

import pytest

from ilacs_app import clock
from ilacs_app.as_at import checkpoints, replica
from ilacs_app.as_at.replica import _schema_text, copy_before, forget_copies, keep_checkpoints
from ilacs_app.db import db, sqlite_library, transaction
from ilacs_app.history.catalogue import RECORD
from ilacs_app.people.boards.commands import make_board
from tests.conftest import World
from tests.data.command_line import in_a_shell
from tests.data.history.commands import Everybody
from tests.rebuilt import rows_of

LATER = date(2018, 8, 1)
DAYS = tuple(date(2018, 6, day) for day in range(1, 29, 5))


@pytest.fixture
def past(world: World, monkeypatch):
    """A world in which a checkpoint is due after a few commands; gives its folder of checkpoints."""
    monkeypatch.setattr(checkpoints, "EVERY", 25)
    monkeypatch.setattr(replica, "WHOLE_EVERY", 3)
    everybody = Everybody(world, 11)
    for day in DAYS:
        clock.move_today(day)
        for _ in range(5):
            everybody.command()
        db.session.rollback()
    clock.move_today(max(LATER, clock.today()))
    yield world.app.config["ILACS"].data / checkpoints.FOLDER
    forget_copies()


def made_new(day: date):
    forget_copies()
    return rows_of(copy_before(clock.end_of(day)))


def tampered(file) -> None:
    """Say something in a checkpoint that history does not say."""
    with closing(sqlite_library().connect(file, isolation_level=None)) as connection:
        if connection.execute("select count(*) from plan").fetchone() == (0,):  # it holds only the rows that differ
            connection.execute("attach ? as whole", [str(min(file.parent.iterdir()))])
            connection.execute("insert into plan select * from whole.plan")
        connection.execute("update plan set title = 'From the checkpoint'")


def rows_in(file, table: str) -> int:
    with closing(sqlite_library().connect(file)) as connection:
        (number,) = connection.execute(f"select count(*) from {table}").fetchone()
    return int(number)


def titles(day: date) -> set[str]:
    forget_copies()
    with copy_before(clock.end_of(day)) as connection:
        return {title for (title,) in connection.execute("select title from plan")}


def test_every_day_made_from_a_checkpoint_is_the_same_as_one_made_from_the_beginning(past):
    before = {day: made_new(day) for day in DAYS}
    number = keep_checkpoints()
    assert number == len(list(past.iterdir())) >= 2
    assert {day: made_new(day) for day in DAYS} == before
    tampered(sorted(past.iterdir())[0])
    assert titles(date.fromisoformat(sorted(past.iterdir())[0].stem)) == {"From the checkpoint"}, "it was not used"


def test_one_in_three_is_whole_and_the_others_hold_the_rows_that_differ_and_the_keys_of_those_that_are_gone(past):
    before = {day: made_new(day) for day in DAYS}
    keep_checkpoints()
    files = sorted(past.iterdir())
    assert len(files) >= 4
    whole = [rows_in(file, "action") for file in files[::3]]
    others = [rows_in(file, "action") for place, file in enumerate(files) if place % 3]
    assert min(whole) > max(others)
    gone = [rows_in(file, f"{checkpoints.GONE}{name}") for file in files[1:3] for name in RECORD]
    assert sum(gone) > 0
    assert {day: made_new(day) for day in DAYS} == before


@pytest.mark.parametrize("fault", ["deleted", "another", "cut off"])
def test_without_its_whole_one_a_checkpoint_is_not_used_and_is_written_again(past, fault):
    before = {day: made_new(day) for day in DAYS}
    keep_checkpoints()
    whole, *others = sorted(past.iterdir())
    if fault == "deleted":
        whole.unlink()
    elif fault == "another":
        with closing(sqlite_library().connect(whole, isolation_level=None)) as connection:
            connection.execute("""update checkpoint set about = json_set(about, '$.mark', 'of another history')""")
    else:
        data = whole.read_bytes()
        whole.write_bytes(data[: len(data) // 2])
    assert {day: made_new(day) for day in DAYS} == before
    keep_checkpoints()
    assert sorted(past.iterdir()) == [whole, *others]
    tampered(others[0])
    assert titles(date.fromisoformat(others[0].stem)) == {"From the checkpoint"}, "it was not used"


def test_checkpoints_stay_as_they_are_until_history_before_them_grows(past, world):
    keep_checkpoints()
    files = sorted(past.iterdir())
    written = [file.stat().st_mtime_ns for file in files]
    keep_checkpoints()
    assert [file.stat().st_mtime_ns for file in sorted(past.iterdir())] == written
    for file in files:
        if date.fromisoformat(file.stem) >= DAYS[0]:
            tampered(file)
    assert titles(DAYS[-1]) == {"From the checkpoint"}
    clock.move_today(DAYS[0])
    with transaction():
        make_board(world.author("programme_manager"), "Late Board", [])
    clock.move_today(LATER)
    assert "From the checkpoint" not in titles(DAYS[-1])
    keep_checkpoints()
    assert "From the checkpoint" not in titles(DAYS[-1])
    forget_copies()
    before = {day: made_new(day) for day in DAYS}
    for file in past.iterdir():
        file.unlink()
    assert {day: made_new(day) for day in DAYS} == before


def test_a_checkpoint_that_is_damaged_or_of_another_version_is_not_used_and_is_written_again(past):
    before = made_new(DAYS[-1])
    keep_checkpoints()
    files = sorted(past.iterdir())
    for file in files[1:]:
        file.write_bytes(b"not a database at all" * 300)
    with sqlite_library().connect(files[0]) as connection:
        connection.execute("""update checkpoint set about = json_set(about, '$.schema', 'an older one')""")
    (past / "notes.sqlite").write_bytes(b"")
    assert made_new(DAYS[-1]) == before
    keep_checkpoints()
    assert sorted(past.iterdir()) == files
    assert made_new(DAYS[-1]) == before
    assert all(file.read_bytes().startswith(b"SQLite format 3") for file in files)


def test_checkpoints_are_for_their_owner_only_and_hold_no_password(past):
    assert keep_checkpoints() >= 1
    hashes = set()
    for file in past.iterdir():
        with sqlite_library().connect(file) as connection:
            hashes |= {row[0] for row in connection.execute("select password_hash from person")}
        if os.name == "posix":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert hashes == {""}


def test_a_new_database_has_no_checkpoints_yet(tmp_path):
    told = {"ILACS_DATA": str(tmp_path / "data")}
    assert in_a_shell("db", "upgrade", **told).returncode == 0
    ended = in_a_shell("history", "checkpoint", **told)
    assert (ended.returncode, ended.stdout) == (0, "0 checkpoints.\n"), ended.stderr


def test_another_process_finds_a_checkpoint_to_be_of_its_own_tables(app, tmp_path):
    """Read the tables in three other processes: with an order of its own, no server would use a checkpoint."""
    program = (
        "from ilacs_app import create_app\n"
        "from ilacs_app.as_at.replica import _schema_text\n"
        "from ilacs_app.settings import Settings\n"
        "create_app(Settings.from_env(), serves=False)\n"
        "print(_schema_text())"
    )
    environment = {**os.environ, "ILACS_DATA": str(tmp_path)}
    told = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
        for _ in range(3)
    ]
    assert [one.stdout.strip() for one in told] == [_schema_text()] * 3, told[0].stderr

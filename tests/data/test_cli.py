"""The command line used with mistakes: a sentence, the right exit code, nothing changed."""

from __future__ import annotations

import socket
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ilacs_app.db import sqlite_library
from tests.data.command_line import ADDRESS, KEY, PLAN, SAMPLES, dump, refused


def half_a_docx(folder: Path) -> Path:
    whole = (SAMPLES / "plan.docx").read_bytes()
    path = folder / "half.docx"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def other_zip(folder: Path) -> Path:
    path = folder / "photos.docx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("holiday.txt", "sun")
    return path


def written(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


BAD_FILES: dict[str, Callable[[Path], Path]] = {
    "is missing": lambda folder: folder / "gone.docx",
    "is a folder": lambda folder: folder,
    "is empty": written("empty.csv", b""),
    "is an empty docx": written("empty.docx", b""),
    "is half written": half_a_docx,
    "is another zip": other_zip,
    "is a letter": written("letter.csv", b"Dear all,\nplease find attached\n"),
    "has another ending": written("plan.txt", PLAN.read_bytes()),
    "is a picture with the name of a plan": written("plan.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200)),
    "has headings only": written("heads.csv", PLAN.read_bytes().split(b"\n")[0] + b"\n"),
    "has a title and headings only": written("titled.csv", b"Our plan\n" + PLAN.read_bytes().split(b"\n")[0] + b"\n"),
    "is noise": written("noise.docx", bytes(range(256)) * 40),
    "has NUL bytes": written("nul.csv", b"Recommendation,Actions\x00\n1,2\x00\n"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_file_that_is_no_plan_is_refused(run, full, tmp_path, what):
    path, before = BAD_FILES[what](tmp_path), dump(full)
    refused(run("plan", "import", path, "--plan", "other", "--yes"))
    refused(run("plan", "import", path, "--dry-run", "--json"))
    assert dump(full) == before


def test_a_column_that_is_not_known_is_named_and_can_be_said(run, full, tmp_path):
    path, before = tmp_path / "own.csv", dump(full)
    path.write_text("Day,Soup,Soup,Pudding\nMonday,Pea,Leek,Plum\n")
    make = ("plan", "import", path, "--plan", "own", "--yes")
    refused(
        run(*make),
        "We did not recognise an “Action” column in own.csv",
        "“Day”, “Soup”, “Soup (2)”, “Pudding”",
        '--column "HEADING=action"',
    )
    refused(run(*make, "--column", "Day=recommendation", "--column", "Soups=action"), "“Day”, “Soup”")
    said = ("--column", "Day=recommendation", "--column", "Soup (2)=action")
    refused(run(*make, *said, "--column", "Cost=note"), "own.csv has no column “Cost”")
    assert dump(full) == before
    done = run(*make, *said)
    assert done.code == 0 and "1 recommendation, 1 action." in done.out


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "import", "x.docx", "--plam", "twin"),
        ("plan", "import", "x.docx", "--dry-run", "--column", "Steps"),
        ("plan", "import", "x.docx", "--dry-run", "--column", "Steps=deed"),
        ("plan", "import", "x.docx", "--dry-run", "--column", "Steps=action", "--column", "Task=action"),
        ("plan", "import"),
        ("plan", "import", "x.docx"),
        ("plan", "import", "x.docx", "--plan", "p", "--dated", "22/02/2018"),
        ("plan", "import", "x.docx", "--plan", "p", "--dated", "2018-02-30"),
        ("plan", "import", "x.docx", "--plan", "p", "--json"),
        ("plan", "import", "x.docx", "--dry-run", "--yes"),
        ("plan", "import", "x.docx", "--dry-run", "--plan", "p"),
        ("plan", "export", "--plan", "twin", "--format", "exe"),
        ("plan", "export", "--format", "json"),
        ("plan", "nonsense"),
        ("people", "add"),
        ("people", "add", "a@example.org", "--name", "A", "--role", "king"),
        ("people", "add", "new@example.org"),
        ("serve", "--port", "0"),
        ("serve", "--port", "99999"),
        ("serve", "--workers", "none"),
        ("sample",),
        ("sample", "--actions", "0"),
        ("sample", "--actions", "many"),
        ("db", "downgrade"),
        ("--faster",),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(run, full, words):
    before = dump(full)
    refused(run(*words), code=2)
    assert dump(full) == before


EACH_COMMAND = [
    ("plan", "import", PLAN, "--plan", "again", "--dated", "2018-02-22", "--yes"),
    ("plan", "export", "--plan", "twin", "--format", "json"),
    ("people", "add", "a@example.org", "--name", "A Person"),
    ("sample", "--actions", "10"),
    ("serve", "--port", "8999"),
    ("digests", "status"),
]
each_command = pytest.mark.parametrize("words", EACH_COMMAND, ids=lambda words: f"{words[0]} {words[1]}")
SERVED = {"BASE_URL": ADDRESS, "SECRET_KEY": KEY}


@each_command
def test_a_setting_that_is_unknown_is_named(run, full, words):
    before = dump(full)
    refused(run(*words, SPEED="9", **SERVED), "ILACS_SPEED")
    assert dump(full) == before


@each_command
def test_a_setting_that_is_missing_is_named(run, words):
    refused(run(*words, **{**SERVED, "DATA": None}), "ILACS_DATA")


@each_command
def test_a_setting_that_is_wrong_is_named(run, full, words):
    refused(run(*words, **SERVED, TODAY="14 May"), "ILACS_TODAY")


@each_command
def test_where_there_is_no_database_the_way_to_make_one_is_named(run, tmp_path, words):
    refused(run(*words, **SERVED), "ilacs db upgrade")
    left = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert left == [], "only demo and db upgrade make a database"


@each_command
def test_an_empty_database_is_not_taken_for_ours(run, tmp_path, words):
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data" / "ilacs.db").close()
    refused(run(*words, **SERVED), "ilacs db upgrade")


@pytest.mark.parametrize("words", [*EACH_COMMAND, ("db", "upgrade")], ids=lambda words: f"{words[0]} {words[1]}")
def test_a_database_newer_than_the_program_is_left_alone(run, full, words):
    with sqlite_library().connect(full / "ilacs.db") as line:
        line.execute("update alembic_version set version_num = '9999_from_tomorrow'")
    before = dump(full)
    refused(run(*words, **SERVED), "newer")
    assert dump(full) == before


def test_a_file_that_is_no_database_is_refused(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ilacs.db").write_text("Dear all, please find attached\n" * 100)
    refused(run("plan", "export", "--plan", "twin", "--format", "json"))
    assert (tmp_path / "data" / "ilacs.db").read_text().startswith("Dear all")


def test_a_data_folder_that_is_a_file_is_refused(run, tmp_path):
    (tmp_path / "data").write_text("a file")
    refused(run("db", "upgrade"))


@pytest.mark.parametrize("name", ["SECRET_KEY", "BASE_URL"])
def test_serve_names_the_setting_that_it_lacks(run, full, name):
    refused(run("serve", **{**SERVED, name: None}), f"ILACS_{name}")


def test_serve_refuses_a_short_secret_without_printing_it(run, full):
    said = run("serve", **{**SERVED, "SECRET_KEY": "hunter2"})
    refused(said, "ILACS_SECRET_KEY")
    assert "hunter2" not in said.err


def test_serve_says_that_its_port_is_taken(run, full):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(run("serve", "--port", str(port), **SERVED), str(port), "--port")

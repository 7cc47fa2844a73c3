"""The command line in the hands of someone who makes mistakes: a sentence, the right exit code, nothing changed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ilacs_app import clock
from ilacs_app.cli import main
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


@pytest.fixture
def database_kind() -> str:
    """The mistakes are those of people, not of a database: SQLite is enough."""
    return "sqlite"


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


def dump(folder: Path) -> str:
    """All that the database holds, as a digest; an index of words by the tables that it keeps itself in."""
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
    "is not what its name says": written("plan.xlsx", PLAN.read_bytes()),
    "has headings only": written("heads.csv", PLAN.read_bytes().split(b"\n")[0] + b"\n"),
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
    path.write_text("Aim,Steps,Steps,By when\nVisits are made,Theme A,Write the rota,End May 2018\n")
    make = ("plan", "import", path, "--plan", "own", "--yes")
    refused(
        run(*make),
        "“Recommendation” or “Action”",
        "“Aim”, “Steps”, “Steps (2)”, “By when”",
        '--column "HEADING=action"',
    )
    refused(run(*make, "--column", "Aim=recommendation", "--column", "Step=action"), "“Aim”, “Steps”")
    said = ("--column", "Aim=recommendation", "--column", "Steps (2)=action")
    refused(run(*make, *said, "--column", "Cost=note"), "There is no column “Cost” in own.csv")
    assert dump(full) == before
    done = run(*make, *said)
    assert done.code == 0 and "1 recommendations, 1 actions" in done.out


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


def test_the_same_file_over_its_plan_differs_in_nothing_and_writes_nothing(run, full):
    before = dump(full)
    done = run("plan", "import", PLAN, "--plan", "twin", "--dated", "2018-02-22", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "Nothing differs from “twin”" in done.out
    assert dump(full) == before


def test_a_newer_file_shows_what_differs_and_takes_it_with_yes(run, full, tmp_path):
    newer = tmp_path / "newer.csv"
    newer.write_text("No,Recommendation,Action,Timescale\n99,A new one,Act on it,End May 2018\n", encoding="utf-8")
    before = dump(full)
    shown = run("plan", "import", newer, "--plan", "twin", "--dated", "2018-02-22")
    assert shown.code == 0 and "+ 99" in shown.out and "- 1 " in shown.out and "Nothing was written" in shown.out
    assert dump(full) == before
    done = run("plan", "import", newer, "--plan", "twin", "--dated", "2018-02-22", "--yes")
    assert done.code == 0 and "Imported into “twin”: 1 changes" in done.out, done.err


@pytest.mark.parametrize("slug", ["Not A Slug", "../up", "", "a/b", "new"])
def test_a_name_that_cannot_be_an_address_is_refused(run, full, slug):
    before = dump(full)
    said = run("plan", "import", PLAN, "--plan", slug, "--dated", "2018-02-22", "--yes")
    assert said.code in {1, 2} and said.err.strip() and "Traceback" not in said.err
    assert dump(full) == before


def test_an_import_is_done_only_when_it_is_said(run, data):
    before = dump(data)
    said = run("plan", "import", PLAN, "--plan", "twin", "--dated", "2018-02-22")
    assert said.code == 0 and "--yes" in said.out
    assert dump(data) == before


def test_an_import_for_nobody_known_is_refused(run, data):
    before = dump(data)
    refused(run("plan", "import", PLAN, "--plan", "twin", "--as", "who@example.org", "--yes"), "who@example.org")
    assert dump(data) == before


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("not an address", "--name", "A"), "not an address"),
        (("a@", "--name", "A"), "a@"),
        (("a@example.org", "--name", "A", "--role", "chair"), "--board"),
        (("a@example.org", "--name", "A", "--role", "board_member"), "--board"),
        (("a@example.org", "--name", "A", "--role", "chair", "--board", "no-such-board"), "no-such-board"),
        (("a@example.org", "--name", "A", "--role", "viewer", "--board", "mash-board"), "--board"),
        (("a@example.org", "--name", "A", "--role", "viewer", "--plan", "no-such-plan"), "no-such-plan"),
        (("a@example.org", "--name", "   "), "name"),
    ],
)
def test_a_person_who_cannot_be_added_leaves_nothing(run, full, words, named):
    before = dump(full)
    refused(run("people", "add", *words), named)
    assert dump(full) == before


@pytest.mark.parametrize("password", ["", "short", "\n"])
def test_a_short_password_is_refused(run, full, password):
    before = dump(full)
    refused(
        run("people", "add", "a@example.org", "--name", "A", "--password-stdin", stdin=password + "\n"), "characters"
    )
    assert dump(full) == before


def test_a_known_person_gets_the_further_role(run, full):
    first = run("people", "add", "a@example.org", "--name", "A Person", "--role", "viewer")
    assert first.code == 0 and "Password, shown once: " in first.out
    second = run("people", "add", "a@example.org", "--role", "chair", "--board", "mash-board")
    assert second.code == 0 and "Password" not in second.out
    with sqlite_library().connect(full / "ilacs.db") as line:
        roles = [row[0] for row in line.execute("select role from membership order by id")]
    assert roles == ["viewer", "chair"]
    before = dump(full)
    assert run("people", "add", "a@example.org", "--role", "viewer").code == 0
    assert dump(full) == before, "the same role twice stays one"


def test_an_export_of_what_is_not_there_is_refused(run, full, tmp_path):
    words = ("plan", "export", "--format", "json")
    refused(run(*words, "--plan", "nothing"), "nothing")
    refused(run(*words, "--plan", "twin", "--board", "no-such-board"), "no-such-board")
    refused(run(*words, "--plan", "twin", "-o", tmp_path / "no" / "such" / "folder.json"), "folder.json")
    assert run(*words, "--plan", "twin", "-o", tmp_path).code == 2


def test_an_export_that_fails_leaves_the_old_file(run, full, tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text("the old one")
    refused(run("plan", "export", "--format", "json", "--plan", "nothing", "-o", kept))
    assert kept.read_text() == "the old one"


def test_json_is_all_that_stands_on_stdout(run, full):
    looked = run("plan", "import", PLAN, "--dry-run", "--json", "--dated", "2018-02-22", DATA=None)
    assert looked.code == 0 and json.loads(looked.out)["counts"]["actions"] == 59
    printed = run("plan", "export", "--plan", "twin", "--format", "json")
    assert printed.code == 0 and json.loads(printed.out)["counts"]["actions"] == 59


def test_looking_at_a_file_writes_nothing(run, tmp_path):
    assert run("plan", "import", PLAN, "--dry-run", "--json", DATA=None).code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_sample_goes_only_into_an_empty_database(run, full):
    before = dump(full)
    refused(run("sample", "--actions", "10"), "empty")
    assert dump(full) == before


@pytest.mark.parametrize("actions", [10, 60, 1000])
def test_three_in_ten_of_a_sample_are_overdue_and_it_is_always_the_same(run, data, tmp_path, actions, migrated):
    assert run("sample", "--actions", str(actions), TODAY="2026-05-14").code == 0
    said = run("plan", "export", "--plan", "sample", "--format", "json", TODAY="2026-05-14")
    late = [a["timeliness"] for r in json.loads(said.out)["recommendations"] for a in r["actions"]]
    assert len(late) == actions and late.count("overdue") == actions * 3 // 10
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(migrated, other / "ilacs.db")
    assert run("sample", "--actions", str(actions), TODAY="2026-05-14", DATA=str(other)).code == 0
    again = run("plan", "export", "--plan", "sample", "--format", "json", TODAY="2026-05-14", DATA=str(other))
    assert again.out == said.out


def test_every_route_is_listed_with_its_mark(run, full):
    said = run("routes")
    assert said.code == 0
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert all(len(line) == 4 for line in lines)
    assert all(who in {"anyone", "signed_in", "belongs"} for _, _, who, _ in lines)
    assert all((writes == "writes") == ("POST" in verbs) for verbs, _, _, writes in lines)
    assert {("GET", "/"), ("GET", "/governance"), ("POST", "/sign-out")} <= {(v, p) for v, p, *_ in lines}


def test_a_database_is_upgraded_twice_without_harm(run, tmp_path):
    assert run("db", "upgrade").code == 0
    before = dump(tmp_path / "data")
    assert run("db", "upgrade").code == 0
    assert dump(tmp_path / "data") == before


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


ROLES = [
    "lead",
    "contributor",
    "verifier",
    "board_member",
    "chair",
    "secretary",
    "programme_manager",
    "administrator",
    "viewer",
    "inspector",
]


def test_the_demonstration_keeps_its_sign_ins_until_it_is_reset(tmp_path):
    folder = tmp_path / "demo"
    first = in_a_shell("demo", "--data", folder, "--prepare-only")
    assert first.returncode == 0, first.stderr
    lines = [line.split("\t") for line in first.stdout.splitlines()]
    assert [line[0] for line in lines] == ["sign-in"] * 10
    assert sorted(line[1] for line in lines) == sorted(ROLES)
    assert all(len(line) == 4 and "@" in line[2] and len(line[3]) >= 12 for line in lines)
    assert len({line[3] for line in lines}) == 10
    for name in ("settings.json", "sign-ins.json"):
        assert (folder / name).stat().st_mode & 0o077 == 0, "for the owner's eyes only"

    before = dump(folder)
    again = in_a_shell("demo", "--data", folder, "--prepare-only")
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert dump(folder) == before

    # every command that is given the folder finds what the demonstration made
    listed = in_a_shell("plan", "export", "--plan", "improvement-plan", "--format", "json", ILACS_DATA=str(folder))
    assert listed.returncode == 0 and json.loads(listed.stdout)["recommendations"]

    anew = in_a_shell("demo", "--data", folder, "--reset", "--prepare-only")
    assert anew.returncode == 0, anew.stderr
    assert len(anew.stdout.splitlines()) == 10
    assert not {line.split("\t")[3] for line in anew.stdout.splitlines()} & {line[3] for line in lines}


@pytest.mark.parametrize("more", [(), ("--reset",)])
def test_the_demonstration_touches_no_folder_of_others(tmp_path, more):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear all")
    said = in_a_shell("demo", "--data", folder, "--prepare-only", *more)
    refused(Said(said.returncode, said.stdout, said.stderr), "papers", "--data")
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_a_real_database_is_not_taken_for_a_demonstration(tmp_path, migrated):
    folder = tmp_path / "plan"
    folder.mkdir()
    shutil.copy(migrated, folder / "ilacs.db")
    before = dump(folder)
    for more in ((), ("--reset",)):
        said = in_a_shell("demo", "--data", folder, "--prepare-only", *more)
        refused(Said(said.returncode, said.stdout, said.stderr), "plan", "--data")
    assert dump(folder) == before


def test_the_exit_code_reaches_the_shell(tmp_path):
    assert in_a_shell("plan", "export", "--plan", "x", "--format", "json").returncode == 1
    assert in_a_shell("plan", "export", "--plan", "x").returncode == 2
    assert in_a_shell("--version").returncode == 0

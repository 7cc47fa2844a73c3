"""What each command of the command line does, and what it refuses by itself."""

from __future__ import annotations

import json
import shutil
import sqlite3

import pytest

from ilacs_app.db import sqlite_library
from tests.data.command_line import PLAN, Said, dump, in_a_shell, refused


def test_the_same_file_over_its_plan_differs_in_nothing_and_writes_nothing(run, full):
    before = dump(full)
    done = run("plan", "import", PLAN, "--plan", "twin", "--dated", "2018-02-22", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "No differences from “twin” to decide" in done.out
    assert dump(full) == before


def test_a_newer_file_shows_what_differs_and_takes_it_with_yes(run, full, tmp_path):
    newer = tmp_path / "newer.csv"
    newer.write_text("No,Recommendation,Action,Timescale\n99,A new one,Act on it,End May 2018\n", encoding="utf-8")
    before = dump(full)
    shown = run("plan", "import", newer, "--plan", "twin", "--dated", "2018-02-22")
    assert shown.code == 0 and "+ 99" in shown.out and "- 1 " in shown.out and "Nothing was imported" in shown.out
    assert dump(full) == before
    done = run("plan", "import", newer, "--plan", "twin", "--dated", "2018-02-22", "--yes")
    assert done.code == 0 and "1 change imported into “twin”" in done.out, done.err


GUESSED = (
    "No,Recommendation,Action,Zorp\n"
    "1,Supervise staff well,Track supervision each month,End May 2018\n"
    "1,,Audit ten records,End June 2018\n"
    "2,Assess in time,Review the pathway,31/07/2018\n"
)
"""A plan of which one column is recognised by its cells alone."""


def _guessed(tmp_path):
    file = tmp_path / "guessed.csv"
    file.write_text(GUESSED, encoding="utf-8")
    return file


def _marked(data, slug):
    """Return whether each action's date is marked as not certain, in the plan's order."""
    with sqlite3.connect(data / "ilacs.db") as connection:
        rows = connection.execute(
            "SELECT timescale_guessed FROM action JOIN plan ON plan.id = action.plan_id WHERE plan.slug = ? "
            "ORDER BY action.id",
            (slug,),
        )
        return [marked for (marked,) in rows]


def test_a_guessed_column_is_imported_with_its_dates_marked_as_not_certain(run, full, tmp_path):
    make = ("plan", "import", _guessed(tmp_path), "--plan", "guessed", "--dated", "2018-02-22")
    assert run(*make).code == 0, "without --yes it is shown"
    done = run(*make, "--yes")
    assert done.code == 0 and "Imported as “guessed”: 2 recommendations, 3 actions" in done.out, done.err
    for words in ("We read the column “Zorp” as “Timescale”", "marked as not certain", '--column "HEADING=MEANING"'):
        assert words in done.err
    assert _marked(full, "guessed") == [1, 1, 1]


def test_a_column_that_someone_names_is_certain(run, full, tmp_path):
    make = ("plan", "import", _guessed(tmp_path), "--plan", "guessed", "--dated", "2018-02-22", "--yes")
    done = run(*make, "--column", "Zorp=timescale")
    assert (done.code, done.err) == (0, ""), done.err
    assert _marked(full, "guessed") == [0, 0, 0]


def test_an_action_of_a_newer_file_with_a_guessed_column_is_marked_too(run, full, tmp_path):
    file = _guessed(tmp_path)
    file.write_text(GUESSED.replace("Zorp", "Timescale"), encoding="utf-8")
    make = ("plan", "import", file, "--plan", "guessed", "--dated", "2018-02-22", "--yes")
    assert run(*make).code == 0
    file.write_text(GUESSED + "2,,Train every manager,End May 2018\n", encoding="utf-8")
    done = run(*make)
    assert done.code == 0 and "We read the column “Zorp”" in done.err, done.err
    assert _marked(full, "guessed") == [0, 0, 0, 1]


@pytest.mark.parametrize("slug", ["Not A Slug", "../up", "", "a/b", "new"])
def test_a_name_that_cannot_be_an_address_is_refused(run, full, slug):
    before = dump(full)
    said = run("plan", "import", PLAN, "--plan", slug, "--dated", "2018-02-22", "--yes")
    assert said.code in {1, 2} and said.err.strip() and "Traceback" not in said.err
    assert dump(full) == before


def test_an_import_is_done_only_when_it_is_reported(run, data):
    before = dump(data)
    said = run("plan", "import", PLAN, "--plan", "twin", "--dated", "2018-02-22")
    assert said.code == 0 and "--yes" in said.out
    assert dump(data) == before


def test_an_import_for_no_one_known_is_refused(run, data):
    before = dump(data)
    refused(run("plan", "import", PLAN, "--plan", "twin", "--as", "who@example.org", "--yes"), "who@example.org")
    assert dump(data) == before


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("not an address", "--name", "A"), "not an address"),
        (("a@", "--name", "A"), "a@"),
        (("a@example.org", "--name", "A", "--role", "chair"), "Say which board"),
        (("a@example.org", "--name", "A", "--role", "board_member"), "Say which board"),
        (("a@example.org", "--name", "A", "--role", "chair", "--board", "no-such-board"), "no-such-board"),
        (("a@example.org", "--name", "A", "--role", "viewer", "--board", "mash-board"), "Leave out the board"),
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
    assert first.code == 0 and "Password (shown only once): " in first.out
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


def test_json_is_all_that_is_on_stdout(run, full):
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

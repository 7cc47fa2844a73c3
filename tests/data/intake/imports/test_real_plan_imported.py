"""The plan as the files have it, taken in by the command line and read back: by export and on the pages, on four days.

The original files are read from the folder that ILACS_REAL_PLAN_DIR names; their twins in our own words always.
"""

from __future__ import annotations

import copy
import io
import json
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ilacs_app import clock, create_app
from ilacs_app.cli import main
from ilacs_app.db import db

FOLDER = os.environ.get("ILACS_REAL_PLAN_DIR")
SAMPLES = Path(__file__).parents[3] / "samples"
original = pytest.mark.skipif(not FOLDER, reason="ILACS_REAL_PLAN_DIR is not set: the original plan was not imported")
FILES = [
    *(pytest.param(SAMPLES / f"plan.{kind}", id=f"twin {kind}") for kind in ("docx", "xlsx", "csv")),
    *(
        pytest.param(
            Path(FOLDER or ".") / f"post_inspection_action_plan_2018.{kind}", id=f"original {kind}", marks=original
        )
        for kind in ("docx", "xlsx", "csv")
    ),
]
DATED = "2018-02-22"
EMAIL, PASSWORD = "manager@tests.example", "a password of tests"

# product.md, section 5: what the plan says of itself where no one updates it
DAYS = {
    "2018-02-22": {"red": 4, "green": 7, "grey": 44, "blue_outline": 4},
    "2018-04-07": {"red": 16, "amber": 32, "grey": 7, "blue_outline": 4},
    "2018-05-01": {"red": 42, "amber": 6, "grey": 7, "blue_outline": 4},
    "2018-10-01": {"red": 48, "amber": 6, "grey": 1, "blue_outline": 4},
}
RED_ON_ITS_DAY = ["3.1", "3.2", "4.2", "5.1"]
GREY_TO_THE_END = ["12.4"]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, migrated: Path
) -> Iterator[Callable[..., str]]:
    """Run ``ilacs`` on a fresh database; answers what it printed."""
    (tmp_path / "data").mkdir()
    shutil.copy(migrated, tmp_path / "data" / "ilacs.db")
    for name in list(os.environ):
        if name.startswith("ILACS_"):
            monkeypatch.delenv(name)
    for name, value in {
        "DATA": str(tmp_path / "data"),
        "BASE_URL": "http://localhost",
        "SECRET_KEY": "k" * 40,
    }.items():
        monkeypatch.setenv(f"ILACS_{name}", value)

    def call(*words: str | Path, today: str | None = None, typed: str = "") -> str:
        with monkeypatch.context() as here:
            if today:
                here.setenv("ILACS_TODAY", today)
            if typed:
                here.setattr(sys, "stdin", io.StringIO(typed))
            here.setattr(sys, "argv", ["ilacs", *map(str, words)])
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
            told = capsys.readouterr()
        assert ended.value.code in {0, None}, told.err
        return told.out

    yield call
    clock.move_today(None)


def looked_at(run: Callable[..., str], file: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(run("plan", "import", file, "--dry-run", "--json", "--dated", DATED))
    return read


def take_in(run: Callable[..., str], file: Path) -> None:
    run("plan", "import", file, "--plan", "improvement", "--dated", DATED, "--yes")


def exported(run: Callable[..., str], today: str) -> dict[str, Any]:
    out: dict[str, Any] = json.loads(run("plan", "export", "--plan", "improvement", "--format", "json", today=today))
    return out


def actions_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [action for one in plan["recommendations"] for action in one["actions"]]


def as_confirmed(read: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the reading after confirmation (product rule 7): a status for each blank cell, and no guess left."""
    wanted = copy.deepcopy(read["recommendations"])
    for one in wanted:
        for action in one["actions"]:
            action["status_guessed"] = False
            if action["status"] is None:
                scale = action["timescale"]
                begun = scale["kind"] == "window" and scale["starts_on"] <= DATED
                action["status"] = "in_progress" if scale["kind"] == "ongoing" or begun else "not_started"
    return wanted


@pytest.mark.parametrize("file", FILES)
def test_what_was_read_comes_back_to_the_letter(run, file):
    read = looked_at(run, file)
    take_in(run, file)
    out = exported(run, DATED)
    added = [(action.pop("timeliness"), action.pop("brag_computed")) for action in actions_of(out)]
    assert len(added) == 59 and all(when and brag for when, brag in added)
    wanted = as_confirmed(read)
    for mine, theirs in zip(out["recommendations"], wanted, strict=True):
        for action, other in zip(mine["actions"], theirs["actions"], strict=True):
            assert action == other
        assert mine == theirs
    assert out["columns"] == read["columns"]
    assert out["counts"] == read["counts"]


@pytest.mark.parametrize("file", FILES)
def test_the_export_gives_the_figures_of_four_days(run, file):
    take_in(run, file)
    for today, figures in DAYS.items():
        actions = actions_of(exported(run, today))
        by_brag = Counter(action["brag_computed"] for action in actions)
        late = [action["ref"] for action in actions if action["timeliness"] == "overdue"]
        assert by_brag == figures, today
        assert len(late) == figures["red"], today
        assert late == [action["ref"] for action in actions if action["brag_computed"] == "red"]
        if today == DATED:
            assert late == RED_ON_ITS_DAY
    assert [action["ref"] for action in actions if action["brag_computed"] == "grey"] == GREY_TO_THE_END


@pytest.mark.parametrize("file", FILES)
def test_the_pages_give_the_figures_of_four_days(run, monkeypatch, file):
    take_in(run, file)
    words = ("people", "add", EMAIL, "--name", "Plan Manager", "--role", "programme_manager", "--password-stdin")
    run(*words, typed=PASSWORD + "\n", today=DATED)
    for today, figures in DAYS.items():
        monkeypatch.setenv("ILACS_TODAY", today)
        app = create_app()
        app.config["PROPAGATE_EXCEPTIONS"] = True
        browser = app.test_client()
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
        assert token
        form = {"csrf_token": token[1], "email": EMAIL, "password": PASSWORD}
        assert browser.post("/sign-in", data=form).status_code == 303
        for path in ("/plans/improvement?timeliness=overdue", "/plans/improvement?brag=red"):
            page = browser.get(path)
            assert page.status_code == 200
            assert page.text.count('data-timeliness="overdue"') == figures["red"], (today, path)
            assert page.text.count('data-brag="red"') == figures["red"], (today, path)
            assert len(re.findall(r'id="action-\d+"', page.text)) == figures["red"], (today, path)
        for brag, number in figures.items():
            page = browser.get(f"/plans/improvement?brag={brag}").text
            assert page.count(f'data-brag="{brag}"') == number, (today, brag)
        counted = re.search(r'data-count="overdue">(\d+)<', browser.get("/plans/improvement").text)
        assert counted and int(counted[1]) == figures["red"]
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

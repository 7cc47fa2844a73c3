"""Who may import whom, read from the source (decision 0017); and each guard is shown to fail once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import ilacs_app
from tests.guards import house as h

HOME = Path(ilacs_app.__file__).parent
README = Path(__file__).parents[2] / "README.md"
MIGRATIONS = ilacs_app.bundled("migrations") / "versions"

LEVELS = (
    ("text < dates", "personal_data", "settings", "errors", "garbage"),
    ("access", "clock < db"),
    ("history", "console"),
    ("search.index", "files"),
    ("forms.conflicts < web < error_pages forms",),
    (
        "people.rules < people.model people.*.model < people.queries < people.forms < people.boards people.teams"
        " < people.sign_in < people.commands < people.cli",
    ),
    (
        "plan.rules < plan.parsing < plan.plan_file < plan.model governance.challenges.model"
        " < plan.visibility plan.rules_sql < plan.queries"
        " < plan.lists < plan.labels plan.assignments plan.writing < plan.names < plan.commands < plan.routes",
    ),
    (
        "progress.*.rules < progress.rules < progress.*.model < progress.queries < progress.help"
        " < progress.notes progress.status progress.evidence progress.completion progress.dates"
        " progress.overrides progress.stages",
    ),
    ("as_at",),
    ("editing",),
    ("governance",),
    ("worklist",),
    ("search",),
    ("rows",),
    ("reporting", "intake"),
    ("changes",),
    ("digests",),
    ("navigation", "help", "manage"),
    ("serving",),
    ("demo",),
    ("cli", "__init__"),
)

WORKERS = {
    "__init__": "top",
    "access": "pure",
    "as_at.checkpoints": "below",
    "as_at.replica": "below",
    "changes.labels": "pure",
    "cli": "top",
    "clock": "below",
    "console": "top",
    "dates": "pure",
    "db": "below",
    "error_pages": "top",
    "errors": "pure",
    "garbage": "below",
    "governance.challenges.clauses": "below",
    "governance.challenges.items": "below",
    "governance.challenges.question": "below",
    "governance.decisions.acceptance": "below",
    "governance.minutes.document": "pure",
    "governance.packs.cells": "below",
    "governance.packs.contents": "below",
    "governance.packs.document": "pure",
    "governance.packs.documents": "below",
    "governance.packs.position": "below",
    "governance.packs.sections": "below",
    "history.__init__": "below",
    "history.capture": "below",
    "history.catalogue": "pure",
    "history.ledger": "below",
    "history.replay": "pure",
    "navigation": "top",
    "personal_data": "pure",
    "settings": "below",
    "text": "pure",
    "web": "top",
    "demo.boards": "pure",
    "demo.cast": "below",
    "demo.content": "pure",
    "demo.meetings": "below",
    "demo.sample": "below",
    "demo.story": "below",
    "digests.compose": "pure",
    "digests.letters": "below",
    "digests.transport": "below",
    "files.archives": "pure",
    "files.filetypes": "below",
    "files.store": "below",
    "files.uploads": "top",
    "forms.conflicts": "pure",
    "forms.drafts": "top",
    "forms.fields": "top",
    "forms.saving": "top",
    "forms.versioned": "top",
    "intake.checking.answers": "below",
    "intake.checking.file_view": "below",
    "intake.checking.problem_groups": "below",
    "intake.merging.differences": "pure",
    "intake.reader.checks": "pure",
    "intake.reader.choices": "below",
    "intake.reader.columns.assignment": "below",
    "intake.reader.columns.evidence": "below",
    "intake.reader.columns.headings": "below",
    "intake.reader.columns.lexicon": "below",
    "intake.reader.columns.traits": "below",
    "intake.reader.explain": "below",
    "intake.reader.layout.explanations.explanation": "below",
    "intake.reader.layout.explanations.selection": "below",
    "intake.reader.layout.explanations.structure": "below",
    "intake.reader.layout.explanations.together": "below",
    "intake.reader.layout.explanations.weighing": "below",
    "intake.reader.layout.tables.across": "below",
    "intake.reader.layout.tables.frames": "below",
    "intake.reader.layout.tables.heading_rows": "below",
    "intake.reader.layout.tables.numbers": "below",
    "intake.reader.layout.matrix": "below",
    "intake.reader.layout.revisions": "below",
    "intake.reader.rows.people": "below",
    "intake.reader.layout.outline": "below",
    "intake.reader.layout.referred": "below",
    "intake.reader.layout.sections": "below",
    "intake.reader.layout.months": "below",
    "intake.reader.layout.periods": "below",
    "intake.reader.layout.shapes": "below",
    "intake.reader.layout.split": "below",
    "intake.reader.layout.stacked": "below",
    "intake.reader.layout.ticks": "below",
    "intake.reader.layout.cards": "below",
    "intake.reader.plan": "below",
    "intake.reader.problems": "below",
    "intake.reader.rows.above": "below",
    "intake.reader.rows.actions": "below",
    "intake.reader.rows.doubts": "below",
    "intake.reader.rows.drafts": "below",
    "intake.reader.rows.gather": "below",
    "intake.reader.rows.recommendations": "below",
    "intake.reader.rows.remarks": "below",
    "intake.reader.rows.table": "below",
    "intake.reader.rows.leftovers": "below",
    "intake.reader.rows.lines": "below",
    "intake.reader.values": "below",
    "intake.reader.weights": "below",
    "intake.reader.limits": "below",
    "intake.reader.read": "below",
    "intake.reader.sandbox": "below",
    "intake.reader.status_key": "below",
    "people.sign_in.passwords": "below",
    "plan.assignments": "below",
    "plan.labels": "below",
    "plan.lists.address": "below",
    "plan.lists.counts": "below",
    "plan.lists.filters": "below",
    "plan.lists.neighbours": "below",
    "plan.lists.rows": "below",
    "plan.lists.sorting": "below",
    "plan.parsing.bank_holidays": "pure",
    "plan.parsing.dates": "pure",
    "plan.parsing.days": "pure",
    "plan.parsing.statuses": "pure",
    "plan.parsing.suggestions": "pure",
    "plan.parsing.timescales": "pure",
    "plan.plan_file": "pure",
    "plan.rules_sql": "below",
    "plan.visibility": "below",
    "plan.writing": "below",
    "progress.dates.deciders.waiting": "below",
    "progress.dates.open_request": "below",
    "progress.evidence.bundle": "below",
    "reporting.export.excel": "below",
    "reporting.export.formats": "below",
    "reporting.export.pdf": "below",
    "reporting.questions.table": "below",
    "reporting.since.table": "below",
    "reporting.packs.formats": "below",
    "reporting.minutes.word": "below",
    "reporting.packs.pdf": "below",
    "reporting.packs.word": "below",
    "reporting.export.published": "pure",
    "reporting.export.table": "pure",
    "reporting.export.typesetting": "below",
    "reporting.export.word": "below",
    "rows.action_page": "top",
    "rows.form": "top",
    "rows.list_page": "top",
    "rows.neighbours": "top",
    "rows.next_row": "top",
    "rows.answer": "top",
    "rows.lists": "top",
    "rows.saving": "top",
    "rows.open_row": "top",
    "rows.place": "top",
    "rows.verbs": "top",
    "search.index": "below",
    "search.named": "below",
    "serving.bodies": "top",
    "worklist.calendars.ics": "below",
    "worklist.news.action_news": "below",
    "worklist.news.question_news": "below",
    "worklist.news.recommendation_news": "below",
    "files.reaching": "below",
    "intake.reader.contents.colours": "below",
    "intake.reader.contents.delimited": "below",
    "intake.reader.contents.document": "below",
    "intake.reader.contents.excel.conditions": "below",
    "intake.reader.contents.excel.formats": "below",
    "intake.reader.contents.excel.formulas": "below",
    "intake.reader.contents.excel.old": "below",
    "intake.reader.contents.excel.ranges": "below",
    "intake.reader.contents.excel.reader": "below",
    "intake.reader.contents.excel.sheet": "below",
    "intake.reader.contents.excel.styles": "below",
    "intake.reader.contents.opendocument.reader": "below",
    "intake.reader.contents.opendocument.sheets": "below",
    "intake.reader.contents.opendocument.tables": "below",
    "intake.reader.contents.opendocument.styles": "below",
    "intake.reader.contents.opendocument.text": "below",
    "intake.reader.contents.package": "below",
    "intake.reader.contents.read": "below",
    "intake.reader.contents.refusal": "below",
    "intake.reader.contents.symbols": "below",
    "intake.reader.contents.word.numbering": "below",
    "intake.reader.contents.word.reader": "below",
    "intake.reader.contents.word.styles": "below",
    "intake.reader.contents.word.borders": "below",
    "intake.reader.contents.word.tables": "below",
    "intake.reader.contents.word.text": "below",
    "intake.reader.furniture": "below",
    "reporting.export.coverage": "below",
    "reporting.export.progress_report": "pure",
}

# Imports that go up, besides those of rows/ by what is on top. The list may only shrink.
UPWARD = {
    ("console", "__init__"): "a command needs the application, which knows every room",
    ("forms.saving", "plan.visibility"): "whether somebody may still send a form is asked where it is saved",
    ("forms.routes", "people.sign_in.queries"): "a draft is kept for whom the session names, though it has ended",
    ("serving.cli", "__init__"): "a worker makes the application, which knows every room",
    ("people.cli", "plan.assignments"): "a new account is linked to the names that it stands for in plans",
    ("people.cli", "plan.visibility"): "a role may be for one plan, which is named on the command line",
    ("people.sign_in.routes", "plan.visibility"): "who is signed in carries what they may see",
    ("people.teams.routes", "plan.assignments"): "a new team is linked to the names that it stands for in plans",
    ("people.teams.routes", "plan.parsing.days"): "a day of standing in is read like any other day",
}

# Public names that stand for two things, and why. The list may only shrink.
TWICE = {
    "Line": "a line of a document's cell, and the same line with its marks while the reader parts actions",
    "Look": "how a cell or a paragraph looks, in each of three formats of files, whose modules are laid out alike",
    "Styles": "the styles of a file, in each of three formats",
    "TextReader": "what reads the text of a file, in each of two formats",
    "Written": "what such a reader read, in each of two formats",
    "evidence": "the commands for the files of evidence, and the query that a page asks",
    "lines": "the events of history, asked for as history.lines, and the lines of a field",
    "plain": "the words of a document's cell, and of any text",
    "plan_check": "a command of the command line, and the query behind it",
    "plan_export": "a command of the command line, and the query behind it",
}

KNOWS_FLASK = {
    "db": "it puts the database on the application",
}
OPENS_TRANSACTIONS = {"db", "forms.saving"}  # forms.saving: decision 0014
MAY_ASK_THE_DATABASE = {"console", "error_pages"}
Check = Callable[[h.House], list[str]]
CHECKS: dict[str, Check] = {
    "every module has a level and a kind": h.without_a_place,
    "a folder holds at most twelve files, the root fifteen": h.crowded,
    "no file is a shelf for anything": h.shelves,
    "imports go down, never sideways or up": lambda house: h.upward(house, UPWARD),
    "nothing below imports what stands on top": h.top_from_below,
    "only what stands on top knows Flask": lambda house: h.framework_below(house, KNOWS_FLASK),
    "nobody imports a routes": h.routes_imported,
    "pure files import the standard library and pure files": h.impure,
    "imports are absolute": h.relative,
    "only routes and cli open a transaction": lambda house: h.transactions(house, OPENS_TRANSACTIONS),
    "only the clock asks the time": h.clocks,
    "what stands on top builds no query": lambda house: h.queries_on_top(house, MAY_ASK_THE_DATABASE),
    "htmx headers are named in web only": h.htmx_headers,
    "a public name means one thing": lambda house: h.twice(house, set(TWICE)),
}

# One fault for each check: where it is planted, what is planted, and what the check says of it.
PLANTED: dict[str, list[tuple[str, str, str]]] = {
    "every module has a level and a kind": [
        ("attic/model.py", "A = 1", "attic.model has no level"),
        ("plan/attic.py", "A = 1", "plan.attic has no kind: register the worker"),
    ],
    "a folder holds at most twelve files, the root fifteen": [
        ("editing/undo/forms{}.py", "A = 1", "editing.undo holds 16 files"),
        ("attic{}.py", "A = 1", "the root holds"),
    ],
    "no file is a shelf for anything": [("plan/utils.py", "A = 1", "plan.utils is a shelf for anything")],
    "imports go down, never sideways or up": [
        ("plan/queries.py", "from ilacs_app.progress.queries import signed", "plan.queries imports progress.queries"),
        ("plan/rules.py", "from ilacs_app.plan import visibility", "plan.rules imports plan.visibility"),
        ("progress/dates/queries.py", "from ilacs_app.progress.notes import queries", "progress.dates.queries imports"),
        ("intake/pages.py", "from ilacs_app.reporting.export.table import Line", "intake.pages imports reporting"),
        ("db.py", "def late():\n    from ilacs_app import history", "db imports history"),
        ("plan/commands.py", "from ilacs_app.rows.place import RowPlace", "plan.commands imports rows.place"),
    ],
    "nothing below imports what stands on top": [
        ("plan/queries.py", "from ilacs_app.web import page", "plan.queries imports web"),
        ("intake/imports/commands.py", "from ilacs_app.intake import pages", "intake.imports.commands imports"),
    ],
    "only what stands on top knows Flask": [
        ("plan/labels.py", "from flask import request", "plan.labels imports flask"),
        ("people/boards/queries.py", "import wtforms.fields", "people.boards.queries imports wtforms.fields"),
    ],
    "nobody imports a routes": [
        ("rows/place.py", "from ilacs_app.plan import routes", "rows.place imports plan.routes"),
        (
            "serving/cli.py",
            "def late():\n    from ilacs_app.plan.routes import plan",
            "serving.cli imports plan.routes",
        ),
    ],
    "pure files import the standard library and pure files": [
        ("dates.py", "from ilacs_app import clock", "dates imports clock"),
        ("plan/rules.py", "import sqlalchemy", "plan.rules imports sqlalchemy"),
    ],
    "imports are absolute": [("plan/labels.py", "from .rules import Brag", "plan.labels imports .rules")],
    "only routes and cli open a transaction": [
        ("plan/commands.py", "def f():\n    with transaction():\n        pass", "plan.commands, line"),
        ("plan/commands.py", "def f():\n    db.session.commit()", "plan.commands, line"),
    ],
    "only the clock asks the time": [("plan/rules.py", "NOW = date.today()", "plan.rules, line")],
    "what stands on top builds no query": [
        ("plan/routes.py", "ROWS = db.session", "plan.routes, line"),
        ("rows/form.py", "from sqlalchemy import text", "rows.form imports sqlalchemy"),
        ("navigation.py", "from ilacs_app.plan.model import Plan", "navigation imports the table Plan"),
        ("plan/routes.py", "ROWS = select(1)", "plan.routes, line"),
    ],
    "htmx headers are named in web only": [("rows/place.py", 'NAME = "HX-Request"', "rows.place, line")],
    "a public name means one thing": [("plan/labels.py", "def transaction(): ...", "transaction: db, plan.labels")],
}


@pytest.fixture(scope="module")
def ours() -> h.House:
    return h.House(HOME, LEVELS, WORKERS)


def test_the_reader_of_imports_sees_them(ours):
    assert ours.imports("rows.routes")[0] >= {"plan.visibility", "errors", "access"}
    assert "plan.routes" in ours.imports("__init__")[0], "imports inside functions count"
    assert "flask_wtf.file" in ours.imports("progress.evidence.forms")[1]
    assert len(ours.modules) > 190


@pytest.mark.parametrize("check", CHECKS)
def test_the_house_holds(check, ours):
    assert not CHECKS[check](ours)


@pytest.mark.parametrize(
    ("check", "path", "text", "says"),
    [(check, *plant) for check, plants in PLANTED.items() for plant in plants],
)
def test_a_planted_fault_is_seen(check, path, text, says, tmp_path):
    copy = tmp_path / "ilacs_app"
    shutil.copytree(HOME, copy, ignore=shutil.ignore_patterns("*.ttf", "__pycache__", "_bundled"))
    for path_ in [path.format(n) for n in range(10)] if "{}" in path else [path]:
        target = copy / path_
        target.parent.mkdir(exist_ok=True)
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        target.write_text(f"{before}\n\n{text}\n", encoding="utf-8")
    faults = CHECKS[check](h.House(copy, LEVELS, WORKERS))
    assert [fault for fault in faults if fault.startswith(says)], faults


def test_every_check_is_seen_to_fail():
    assert set(PLANTED) == set(CHECKS)


def test_the_lists_of_exceptions_only_shrink():
    assert len(UPWARD) <= 9
    assert len(TWICE) <= 10
    assert len(KNOWS_FLASK) <= 2


def test_the_readme_names_every_folder_of_the_program(ours):
    assert h.unnamed(ours, README.read_text(encoding="utf-8")) == []
    table = "| `plan` | the record; `lists` filters |"
    assert set(h.unnamed(ours, table)) >= {"plan/parsing", "people", "people/boards"}
    assert not {"plan", "plan/lists"} & set(h.unnamed(ours, table))


def test_migrations_import_nothing_of_the_program(tmp_path):
    assert h.live_migrations(MIGRATIONS) == []
    (tmp_path / "0099_planted.py").write_text("def upgrade():\n    from ilacs_app.db import db\n", encoding="utf-8")
    assert h.live_migrations(tmp_path) == ["0099_planted.py imports ilacs_app.db"]

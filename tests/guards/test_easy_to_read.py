"""Templates and functions fit on a screen, and what has a name is named after what it is (decision 0017)."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import ilacs_app

HOME = Path(ilacs_app.__file__).parent
TEMPLATES = ilacs_app.bundled("templates")
LONGEST_LINE = 200

EMPTY_NAMES = {"one", "found", "words", "kept", "said", "good"}
"""Names that say nothing about a local, unlike ``plan``, ``action`` or ``message``."""

NAMED_AFTER_A_COLUMN = {
    "editing/actions/forms.py: ReadingForm.words",
    "forms/model.py: Submission.said",
    "governance/challenges/forms.py: JudgeForm.words",
    "governance/challenges/model.py: ChallengeAnswer.words",
    "governance/challenges/rules.py: BoardAnswer.words",
    "governance/decisions/commands.py: DecisionWish.words",
    "governance/decisions/forms.py: DecisionForm.words",
    "governance/decisions/model.py: Decision.words",
    "governance/decisions/queries.py: DecisionLine.words",
    "intake/imports/model.py: PlanImport.said",
    "intake/imports/queries.py: ImportLine.said",
    "plan/model.py: DateEntry.words",
    "progress/dates/forms.py: DateFields.words",
    "progress/dates/model.py: DateRequest.words",
    "progress/dates/queries.py: AskedDate.words",
    "progress/dates/queries.py: LedgerLine.words",
    "progress/dates/rules.py: Dated.words",
    "progress/help/model.py: HelpReply.words",
    "progress/help/rules.py: Reply.words",
    "search/index.py: Term.words",
}
"""Columns that hold what someone typed, with the fields and form fields that carry them, and the words of a search.

The list may only shrink."""

LONGEST_FUNCTION = 40
LONGER = {
    "__init__.py: _register_blueprints": 91,
    "db.py: _prepare_sqlite": 47,
    "digests/compose.py: lead_letter": 44,
    "editing/recommendations/routes.py: _recommendation_page": 41,
    "governance/agenda/queries.py: _referred": 42,
    "governance/attendance/queries.py: attendees": 41,
    "governance/challenges/commands.py: ask_question": 51,
    "governance/decisions/pages.py: item_page": 60,
    "governance/overview/routes.py: board": 43,
    "governance/packs/commands.py: publish_pack": 50,
    "governance/packs/position.py: asked_of_board": 50,
    "intake/cli.py: plan_import": 45,
    "intake/reader/layout/months.py: month_columns": 48,
    "intake/reader/layout/split.py: _parted": 43,
    "manage/queries.py: unreached_names": 42,
    "plan/commands.py: make_plan": 41,
    "plan/lists/address.py: read_filter": 44,
    "progress/notes/queries.py: _newest_words": 41,
    "progress/queries.py: action_for": 42,
    "progress/status/commands.py: _keep_move": 42,
    "rows/action_page.py: action_page": 50,
    "search/routes.py: search": 48,
}
"""Functions over 40 lines without their docstring, and how many they have. The list may only shrink."""


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def long_lines(templates: Mapping[str, str]) -> list[str]:
    """Return the lines of templates that are too long to be seen whole."""
    return [
        f"{path}:{number}: {len(line)} signs"
        for path, text in templates.items()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]


def empty_names(trees: Mapping[str, ast.Module]) -> list[str]:
    """Return where a local or a parameter has a name that says nothing. A field of a record or a form is neither."""
    faults = []
    for path, tree in trees.items():
        fields = {id(part) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in _fields(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
                name = node.id
            elif isinstance(node, ast.arg):
                name = node.arg
            else:
                continue
            if name in EMPTY_NAMES:
                faults.append(f"{path}:{node.lineno}: {name}")
    return faults


def _fields(record: ast.ClassDef) -> list[ast.expr]:
    targets: list[ast.expr] = []
    for node in record.body:
        targets += [node.target] if isinstance(node, ast.AnnAssign) else []
        targets += node.targets if isinstance(node, ast.Assign) else []
    return targets


def empty_members(trees: Mapping[str, ast.Module]) -> set[str]:
    """Return the fields, methods and functions whose name says nothing."""
    faults = set()
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                members = {field.id for field in _fields(node) if isinstance(field, ast.Name)}
                members |= {part.name for part in node.body if isinstance(part, FUNCTIONS)}
                faults |= {f"{path}: {node.name}.{name}" for name in members & EMPTY_NAMES}
        functions = {part.name for part in tree.body if isinstance(part, FUNCTIONS)}
        faults |= {f"{path}: {name}" for name in functions & EMPTY_NAMES}
    return faults


def long_functions(trees: Mapping[str, ast.Module]) -> dict[str, int]:
    """Return the functions with more lines than a screen shows, and how many. A docstring does not count."""
    long: dict[str, int] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, FUNCTIONS) and (lines := _lines_of(node)) > LONGEST_FUNCTION:
                name = f"{path}: {node.name}"
                long[name] = max(lines, long.get(name, 0))
    return long


def _lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def read_templates() -> dict[str, str]:
    return {
        str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8")
        for path in (*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt"))
    }


def read_modules() -> dict[str, ast.Module]:
    return {str(path.relative_to(HOME)): ast.parse(path.read_text(encoding="utf-8")) for path in HOME.rglob("*.py")}


def test_no_line_of_a_template_is_longer_than_a_screen_shows():
    assert long_lines(read_templates()) == []
    assert long_lines({"plan/plan.html": "<p>\n" + "x" * 201}) == ["plan/plan.html:2: 201 signs"]


def test_a_local_says_what_it_is():
    assert empty_names(read_modules()) == []


def test_a_name_that_says_nothing_is_found():
    for source in (
        "def rows():\n    found = ask()",
        "def rows():\n    return [one for one in ask()]",
        "def rows(kept): ...",
        "def rows():\n    for words in ask(): ...",
        "def rows():\n    if said := ask(): ...",
    ):
        assert empty_names({"plan/queries.py": ast.parse(source)}), source
    field = "class Line:\n    words: str\n    kept = 1\n\n    def text(self):\n        return self.words"
    assert empty_names({"plan/queries.py": ast.parse(field)}) == []


def test_a_field_a_method_and_a_function_say_what_they_are():
    assert empty_members(read_modules()) == NAMED_AFTER_A_COLUMN


def test_a_member_that_says_nothing_is_found():
    source = "class Line:\n    words: str\n    kept = 1\n\n    def said(self): ...\n\ndef found(): ...\ndef rows(): ..."
    names = {"Line.words", "Line.kept", "Line.said", "found"}
    assert empty_members({"plan/queries.py": ast.parse(source)}) == {f"plan/queries.py: {name}" for name in names}


def test_a_function_fits_on_a_screen():
    long = long_functions(read_modules())
    grown = {name: lines for name, lines in long.items() if lines > LONGER.get(name, 0)}
    assert grown == {}, "part them into steps that have names"
    assert {name: lines for name, lines in LONGER.items() if long.get(name) != lines} == {}, "write what they have now"


def test_a_long_function_is_found():
    def source(lines: int) -> dict[str, ast.Module]:
        docstring = '    """Return rows.\n\n    By name.\n    """\n'
        return {"plan/queries.py": ast.parse("def rows():\n" + docstring + "    ask()\n" * lines)}

    assert long_functions(source(LONGEST_FUNCTION - 1)) == {}
    assert long_functions(source(LONGEST_FUNCTION)) == {"plan/queries.py: rows": LONGEST_FUNCTION + 1}

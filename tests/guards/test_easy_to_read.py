"""Templates fit on a screen, and a local is named after what it is (decision 0017)."""

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

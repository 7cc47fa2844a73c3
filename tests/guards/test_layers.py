"""Who may import whom (house.md), read from the source."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import ilacs_app

HOME = Path(ilacs_app.__file__).parent
LEVELS = {
    "people": 0,
    "plan": 1,
    "progress": 2,
    "measures": 3,
    "governance": 4,
    "worklist": 5,
    "reporting": 6,
    "intake": 6,
    "digests": 6,
    "demo": 7,
}
FOUNDATION = {
    "settings": set(),
    "access": set(),
    "clock": set(),
    "text": set(),
    "db": {"settings"},
    "history": {"clock", "db"},
    "search": {"db"},
    "differing": set(),
    "forms": {"differing", "web"},
    "web": {"clock", "access", "db", "differing", "text"},
}
TOP_OF_FEATURE = {"routes", "forms", "cli", "listing"}  # listing: decision 0003
TOP_OF_APP = {"__init__", "frame", "cli", "serving", "bodies", "web", "forms", "saving", "drafting"}
PURE = {
    "text",
    "differing",
    "plan.state_rules",
    "plan.texts",
    "plan.governing_rules",
    "plan.twin_rules",
    "plan.undo_rules",
    "access",
    "plan.rules",
    "plan.timescale",
    "plan.date_words",
    "plan.status_words",
    "plan.format",
    "progress.rules",
    "progress.date_rules",
    "progress.rating_rules",
    "progress.evidence_rules",
    "plan.child_words",
    "reporting.critique",
    "reporting.table",
    "reporting.published",
    "worklist.rules",
    "intake.headings",
    "intake.reader.contents.document",
    "intake.reader.contents.colours",
    "intake.reader.contents.symbols",
    "intake.reader.contents.delimited",
    "intake.reader.contents.excel.formats",
    "intake.reader.contents.excel.ranges",
    "intake.reader.contents.word.tables",
    "measures.rules",
    "governance.rules",
    "governance.meeting_rules",
}
FRAMEWORK = {"flask", "flask_wtf", "flask_login", "wtforms", "werkzeug", "jinja2", "click"}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the program, by its dotted name inside the package."""
    found = {}
    for path in sorted(HOME.rglob("*.py")):
        parts = path.relative_to(HOME).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return found


def is_package(name: str) -> bool:
    return (HOME / name.replace(".", "/")).is_dir() or name == "__init__"


@cache
def imports(name: str) -> tuple[set[str], set[str]]:
    """(our modules, others) that a module imports anywhere, also inside functions."""
    ours: set[str] = set()
    others: set[str] = set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            for one in node.names:
                (ours if one.name.split(".")[0] == "ilacs_app" else others).add(one.name.removeprefix("ilacs_app."))
        elif isinstance(node, ast.ImportFrom):
            if not node.level and (node.module or "").split(".")[0] != "ilacs_app":
                others.add(node.module or "")
                continue
            base = _base(name, node)
            for one in node.names:
                deeper = f"{base}.{one.name}".strip(".")
                ours.add(deeper if deeper in modules() else base or "__init__")
    return {one for one in ours if one in modules()}, others


def _base(name: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return (node.module or "").removeprefix("ilacs_app").strip(".")
    parts = [] if name == "__init__" else name.split(".")
    up = node.level - (1 if is_package(name) else 0)
    return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])


def feature(name: str) -> str | None:
    first = name.split(".")[0]
    return first if (HOME / first).is_dir() else None


def room(name: str) -> str:
    """``commands`` of ``plan.commands`` and of ``progress.date_commands``: a room may be parted (decision 0008)."""
    return name.rpartition(".")[2].rpartition("_")[2]


def is_top(name: str) -> bool:
    if feature(name) is None:
        return name in TOP_OF_APP
    return room(name) in TOP_OF_FEATURE


def below() -> Iterator[str]:
    return (name for name in modules() if feature(name) and not is_top(name))


def test_the_reader_of_imports_sees_them():
    assert imports("progress.routes")[0] >= {"clock", "saving", "plan.reach", "progress.commands", "people.commands"}
    assert "plan.routes" in imports("__init__")[0], "imports inside functions count"
    assert "flask_wtf.file" in imports("progress.evidence_forms")[1]
    assert "wtforms" in imports("progress.forms")[1]
    assert len(modules()) > 40


def test_every_folder_is_a_feature_with_a_level():
    assert {feature(name) for name in modules()} - {None} <= set(LEVELS)


def test_below_imports_go_down_and_never_sideways_or_up():
    wrong = []
    for name in below():
        own = feature(name)
        for other in imports(name)[0]:
            its = feature(other)
            if its and its != own and LEVELS[its] >= LEVELS[own]:
                wrong.append(f"{name} imports {other}")
    assert not wrong


def test_nothing_below_imports_what_stands_on_top():
    wrong = [f"{name} imports {other}" for name in below() for other in imports(name)[0] if is_top(other)]
    assert not wrong


def test_the_foundation_knows_no_feature():
    for name, allowed in FOUNDATION.items():
        if name in modules():
            assert imports(name)[0] <= allowed, name


def test_every_module_at_the_root_has_its_place():
    root = {name for name in modules() if feature(name) is None}
    assert root <= set(FOUNDATION) | TOP_OF_APP


def test_only_create_app_imports_a_routes():
    wrong = {
        name: found
        for name in modules()
        if name != "__init__" and (found := {one for one in imports(name)[0] if feature(one) and room(one) == "routes"})
    }
    assert not wrong


def test_pure_files_import_the_standard_library_and_each_other():
    for name in PURE & set(modules()):
        ours, others = imports(name)
        assert ours <= PURE, name
        assert {one.split(".")[0] for one in others} <= set(sys.stdlib_module_names), name


def test_every_file_of_rules_is_pure():
    assert {name for name in modules() if feature(name) and room(name) == "rules"} <= PURE


def test_commands_queries_models_and_rules_know_no_request_and_no_form():
    for name in modules():
        if feature(name) and room(name) in {"commands", "queries", "model", "rules", "reach", "filters"}:
            assert not {one.split(".")[0] for one in imports(name)[1]} & FRAMEWORK, name


def test_only_routes_and_cli_open_a_transaction():
    wrong = []
    for name, tree in modules().items():
        if room(name) in {"routes", "cli"} or name in {"db", "saving"}:  # saving: decision 0014
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "transaction":
                wrong.append(f"{name}, line {node.lineno}")
            if isinstance(node, ast.Attribute) and node.attr == "commit":
                wrong.append(f"{name}, line {node.lineno}")
    assert not wrong


TIME = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "fromtimestamp"}


def test_only_the_clock_asks_the_time():
    wrong = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute) or node.attr not in TIME | {"current_timestamp"}:
                continue
            of = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
            if of in {"datetime", "date", "time", "func", "dt"} and name != "clock":
                wrong.append(f"{name}, line {node.lineno}: {of}.{node.attr}")
    assert not wrong


def test_routes_forms_and_cli_build_no_query():
    wrong = []
    for name, tree in modules().items():
        if not (feature(name) and is_top(name)) and name not in {"frame", "serving"}:
            continue
        others = imports(name)[1]
        wrong += [f"{name} imports {one}" for one in others if one.split(".")[0] == "sqlalchemy"]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == "model":
                wrong += [f"{name} imports the table {one.name}" for one in node.names if not one.name.isupper()]
            if isinstance(node, ast.Attribute) and node.attr == "session" and getattr(node.value, "id", "") == "db":
                wrong.append(f"{name}, line {node.lineno}: db.session")
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"select", "update", "insert", "delete"}:
                wrong.append(f"{name}, line {node.lineno}: a query")
    assert not wrong


def test_htmx_headers_are_named_in_web_only():
    wrong = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            said = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if said.startswith("HX-") and name != "web":
                wrong.append(f"{name}, line {node.lineno}")
    assert not wrong


def test_no_file_is_a_shelf_for_anything():
    shelves = {"utils", "helpers", "common", "manager", "service", "services", "misc"}
    assert not [name for name in modules() if set(name.split(".")) & shelves]

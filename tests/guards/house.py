"""The house as its source shows it: modules, what they import, and the faults against the layout.

Nothing here imports the program. Every check takes the folder of a package and answers one line for each fault, so that
a test can plant a fault in a copy and see it found.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path

NAMES = {
    "model": "below",
    "rules": "pure",
    "commands": "below",
    "queries": "below",
    "forms": "top",
    "routes": "top",
    "pages": "top",
    "cli": "top",
}
FRAMEWORK = {"flask", "flask_wtf", "flask_login", "wtforms", "werkzeug", "jinja2", "click"}
SHELVES = {"utils", "helpers", "common", "manager", "service", "services", "misc"}
TIME = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "fromtimestamp", "current_timestamp"}
QUERIES = {"select", "update", "insert", "delete"}


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


@cache
def _imported(tree: ast.Module) -> frozenset[tuple[str, str]]:
    """(module, name) of every import; a relative one keeps its dots."""
    out = set()
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            out |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            out |= {("." * node.level + (node.module or ""), alias.name) for alias in node.names}
    return frozenset(out)


@dataclass(frozen=True)
class Place:
    """Where a module is: its level, the chain within the level, the step of the chain, the pattern that said so."""

    level: int
    chain: int
    step: int
    pattern: str


@dataclass(frozen=True)
class House:
    """A package of ours and the tables that it is held to.

    ``levels`` go from the lowest to the highest. Each is some chains; ``a < b c`` is a chain of two steps, the second
    with two rooms. ``workers`` names every module that is called by none of the eight names, with its kind.
    """

    home: Path
    levels: tuple[tuple[str, ...], ...]
    workers: Mapping[str, str]

    @cached_property
    def modules(self) -> dict[str, ast.Module]:
        """Every module by its dotted name in the package; a folder's own ``__init__`` too, where it says anything."""
        out = {}
        for path in sorted(self.home.rglob("*.py")):
            name = ".".join(path.relative_to(self.home).with_suffix("").parts)
            tree = _parsed(path.read_text(encoding="utf-8"))
            if name == "__init__" or path.name != "__init__.py" or tree.body:
                out[name] = tree
        return out

    @cached_property
    def places(self) -> dict[str, Place]:
        """Each pattern of the levels and where it is."""
        return {
            pattern: Place(level, chain, step, pattern)
            for level, chains in enumerate(self.levels)
            for chain, text in enumerate(chains)
            for step, patterns in enumerate(text.split("<"))
            for pattern in patterns.split()
        }

    def place(self, name: str) -> Place | None:
        """Return where a module is, by the pattern that says most about it."""
        fits = [p for p in self.places if fnmatchcase(name, p) or fnmatchcase(name, f"{p}.*")]
        return self.places[max(fits, key=lambda p: (p.count("."), "*" not in p))] if fits else None

    def kind(self, name: str) -> str | None:
        """``pure``, ``below`` or ``top``; nothing for a module that is neither named so nor registered."""
        return self.workers.get(name) or (NAMES.get(name.rpartition(".")[2]) if "." in name else None)

    def imports(self, name: str) -> tuple[set[str], set[str]]:
        """(our modules, others) that a module imports anywhere, also inside functions."""
        ours: set[str] = set()
        others: set[str] = set()
        for module, imported in _imported(self.modules[name]):
            if module.split(".")[0] != "ilacs_app":
                others.add(module)
                continue
            base = module.removeprefix("ilacs_app").strip(".")
            deeper = f"{base}.{imported}".strip(".")
            known = deeper in self.modules or f"{deeper}.__init__" in self.modules
            ours.add(deeper if known else base or "__init__")
        return ours, others

    def of_kind(self, *kinds: str) -> Iterator[str]:
        return (name for name in self.modules if self.kind(name) in kinds)


def without_a_place(house: House) -> list[str]:
    """Modules without a level or a kind, and entries of the tables that stand for no module."""
    faults = [f"{name} has no level" for name in house.modules if house.place(name) is None]
    faults += [f"{name} has no kind: register the worker" for name in house.modules if house.kind(name) is None]
    faults += [f"{name} is registered and not there" for name in house.workers if name not in house.modules]
    used = {place.pattern for name in house.modules if (place := house.place(name))}
    return faults + [f"the level of {pattern} holds nothing" for pattern in house.places if pattern not in used]


def crowded(house: House, most: int = 12, most_at_the_root: int = 15) -> list[str]:
    """Folders with too many files; the root is counted with its ``__init__``."""
    count = Counter(name.rpartition(".")[0] for name in house.modules if name.rpartition(".")[2] != "__init__")
    count[""] += 1
    return [
        f"{folder or 'the root'} holds {files} files"
        for folder, files in count.items()
        if files > (most if folder else most_at_the_root)
    ]


def unnamed(house: House, table: str) -> list[str]:
    """Folders with modules that a table of folders does not name: each in backticks, in the row of its first folder."""
    rows: dict[str, str] = {}
    for row in table.splitlines():
        for name in re.findall(r"`(\w+)`", row.split("|")[1]) if row.startswith("|") else ():
            rows.setdefault(name, row)
    folders = {name.rpartition(".")[0] for name in house.modules} - {""}
    return [
        folder.replace(".", "/")
        for folder in sorted(folders)
        if f"`{folder.rpartition('.')[2]}`" not in rows.get(folder.split(".")[0], "")
    ]


def shelves(house: House) -> list[str]:
    return [f"{name} is a shelf for anything" for name in house.modules if set(name.split(".")) & SHELVES]


def _is_lower(own: Place, other: Place) -> bool:
    if own.level != other.level:
        return other.level < own.level
    return own.pattern == other.pattern or (own.chain == other.chain and other.step < own.step)


def upward(house: House, allowed: Mapping[tuple[str, str], str]) -> list[str]:
    """Imports that go up or sideways: of ``rows`` by a top file, and of what a written list allows, they may."""
    faults = []
    met = set()
    for name in house.modules:
        own = house.place(name)
        for other in house.imports(name)[0] if own else ():
            its = house.place(other)
            if own is None or its is None or _is_lower(own, its):
                continue
            if (name, other) in allowed:
                met.add((name, other))
            elif not (house.kind(name) == "top" and other.split(".")[0] == "rows"):
                faults.append(f"{name} imports {other}")
    return faults + [f"{a} does not import {b}: take it off the list" for a, b in allowed if (a, b) not in met]


def top_from_below(house: House) -> list[str]:
    """Imports of a form, a page or the like by a model, a command, a query or a worker that is not on top."""
    return [
        f"{name} imports {other}"
        for name in house.of_kind("pure", "below")
        for other in house.imports(name)[0]
        if house.kind(other) == "top"
    ]


def framework_below(house: House, allowed: Mapping[str, str]) -> list[str]:
    """Flask and its kin in what knows no request, no session and no form."""
    return [
        f"{name} imports {other}"
        for name in house.of_kind("pure", "below")
        if name not in allowed
        for other in house.imports(name)[1]
        if other.split(".")[0] in FRAMEWORK
    ]


def routes_imported(house: House) -> list[str]:
    return [
        f"{name} imports {other}"
        for name in house.modules
        if name != "__init__"
        for other in house.imports(name)[0]
        if other.rpartition(".")[2] == "routes"
    ]


def impure(house: House) -> list[str]:
    """Return what a pure file imports besides the standard library and other pure files."""
    faults = []
    for name in house.of_kind("pure"):
        ours, others = house.imports(name)
        faults += [f"{name} imports {other}" for other in ours if house.kind(other) != "pure"]
        faults += [f"{name} imports {x}" for x in others if x.split(".")[0] not in sys.stdlib_module_names]
    return faults


def relative(house: House) -> list[str]:
    """Relative imports: a path that is written in full can be searched for."""
    return [f"{name} imports {x}" for name in house.modules for x in house.imports(name)[1] if x.startswith(".")]


def transactions(house: House, allowed: set[str]) -> list[str]:
    """Transactions opened elsewhere than in ``routes`` and ``cli``."""
    faults = []
    for name, tree in house.modules.items():
        if name.rpartition(".")[2] in {"routes", "cli"} or name in allowed:
            continue
        for node in _nodes(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "transaction":
                faults.append(f"{name}, line {node.lineno}")
            if isinstance(node, ast.Attribute) and node.attr == "commit":
                faults.append(f"{name}, line {node.lineno}")
    return faults


def clocks(house: House) -> list[str]:
    """Uses of the time that bypass ``clock``."""
    faults = []
    for name, tree in house.modules.items():
        for node in _nodes(tree):
            if name == "clock" or not isinstance(node, ast.Attribute) or node.attr not in TIME:
                continue
            of = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
            if of in {"datetime", "date", "time", "func", "dt"}:
                faults.append(f"{name}, line {node.lineno}: {of}.{node.attr}")
    return faults


def queries_on_top(house: House, allowed: set[str]) -> list[str]:
    """Tables and queries in what draws pages and reads forms."""
    faults = []
    for name in house.of_kind("top"):
        if name in allowed:
            continue
        faults += [f"{name} imports {x}" for x in house.imports(name)[1] if x.split(".")[0] == "sqlalchemy"]
        for node in _nodes(house.modules[name]):
            if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == "model":
                faults += [f"{name} imports the table {x.name}" for x in node.names if not x.name.isupper()]
            if isinstance(node, ast.Attribute) and node.attr == "session" and getattr(node.value, "id", "") == "db":
                faults.append(f"{name}, line {node.lineno}: db.session")
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in QUERIES:
                faults.append(f"{name}, line {node.lineno}: a query")
    return faults


def htmx_headers(house: House) -> list[str]:
    """Names of htmx headers elsewhere than in ``web``."""
    return [
        f"{name}, line {node.lineno}"
        for name, tree in house.modules.items()
        if name != "web"
        for node in _nodes(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("HX-")
    ]


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from (x.id for x in ast.walk(target) if isinstance(x, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _is_view(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(x, ast.Call) and getattr(getattr(x.func, "value", None), "id", "") in {"blueprint", "site"}
        for x in node.decorator_list
    )


def twice(house: House, allowed: set[str]) -> list[str]:
    """Public names that two modules define. Views are named within their blueprint and are not counted."""
    where: dict[str, list[str]] = defaultdict(list)
    for name, tree in house.modules.items():
        views = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _is_view(node)}
        for public in dict.fromkeys(_defined(tree)):
            if not public.startswith("_") and public not in views | {"blueprint"}:
                where[public].append(name)
    faults = [f"{public}: {', '.join(places)}" for public, places in where.items() if len(places) > 1]
    stale = [f"{public} stands for one thing now: take it off the list" for public in allowed if len(where[public]) < 2]
    return [x for x in faults if x.partition(":")[0] not in allowed] + stale


def live_migrations(folder: Path) -> list[str]:
    """Migrations that import the program: it changes, and they may not."""
    faults = []
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [x.name for x in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            faults += [f"{path.name} imports {x}" for x in names if x.split(".")[0] == "ilacs_app"]
    return faults

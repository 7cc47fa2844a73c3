"""What is read from the database has names all the way to the page: no column can shift unseen (decision 0017)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

import ilacs_app

HOME = Path(ilacs_app.__file__).parent
TEMPLATES = ilacs_app.bundled("templates")

PAIRS_OF_A_LIBRARY = {"items", "iter_groups", "partition"}
"""Calls of dictionaries, of WTForms and of texts that answer parts in an order of their own."""
WRITTEN_IN_TEMPLATES = {("templates/macros/page.html", "links")}
"""A macro's parameter whose pairs each template writes out itself: the words and the address of a breadcrumb."""


@cache
def modules() -> dict[str, ast.Module]:
    return {str(path.relative_to(HOME)): ast.parse(path.read_text(encoding="utf-8")) for path in HOME.rglob("*.py")}


def templates() -> dict[str, nodes.Template]:
    environment = jinja2.Environment(extensions=["jinja2.ext.loopcontrols"])
    return {
        f"templates/{path.relative_to(TEMPLATES)}": environment.parse(path.read_text(encoding="utf-8"))
        for path in (*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt"))
    }


def _asks(node: ast.AST) -> bool:
    """Return whether an expression asks the database."""
    return any(isinstance(part, ast.Attribute) and part.attr == "execute" for part in ast.walk(node))


def _names(target: ast.AST) -> set[str]:
    return {target.id} if isinstance(target, ast.Name) else set()


def _bound(scope: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each (target, value) of the assignments, loops and comprehensions below a node."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            yield from ((target, node.value) for target in node.targets)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            yield node.target, node.value
        elif isinstance(node, ast.For | ast.comprehension):
            yield node.target, node.iter


def _rows(scope: ast.AST) -> set[str]:
    """The names that hold rows of the database in a function, or what is called ``row`` anyway."""
    bound = [(_names(target), value, _asks(value)) for target, value in _bound(scope)]
    rows = {"row"}
    for _ in range(3):  # rows = execute(...); for row in rows; first = row
        for names, value, asks in bound:
            if asks or (isinstance(value, ast.Name) and value.id in rows):
                rows |= names
    return rows


def _is_number(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Slice) or (isinstance(node, ast.Constant) and isinstance(node.value, int))


def _records(trees: Mapping[str, ast.Module]) -> set[str]:
    return {node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def by_place(trees: Mapping[str, ast.Module]) -> list[str]:
    """Return where a record is built from values in their order, or a column of a row is read by its number."""
    faults: set[str] = set()
    records = _records(trees)
    for path, tree in trees.items():
        for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Module)):
            rows = _rows(scope) if isinstance(scope, ast.FunctionDef) else set()
            for node in ast.walk(scope):
                if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in rows:
                    if _is_number(node.slice):
                        faults.add(f"{path}:{node.lineno}: a column by its number")
                elif isinstance(node, ast.Call):
                    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    spread = [part.value for part in node.args if isinstance(part, ast.Starred)]
                    if spread and called in records:
                        faults.add(f"{path}:{node.lineno}: {called} from values in their order")
                    if any(_asks(value) or _names(value) & rows for value in spread):
                        faults.add(f"{path}:{node.lineno}: a row spread over arguments")
                    if called == "zip" and not any(
                        word.arg == "strict" and getattr(word.value, "value", None) is True for word in node.keywords
                    ):
                        faults.add(f"{path}:{node.lineno}: zip that is not strict")
    return sorted(faults)


def tuples_to_templates(trees: Mapping[str, ast.Module]) -> list[str]:
    """Return where a bare tuple is given to a template."""
    return [
        f"{path}:{part.lineno}: a tuple for {word.arg}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"page", "fragment", "render_template"}
        for word in node.keywords
        for part in ast.walk(word.value)
        if isinstance(part, ast.Tuple) and isinstance(part.ctx, ast.Load) and part.elts
    ]


def _parts_its_own(pairs: nodes.Node) -> bool:
    """Return whether these are pairs that a library or the template itself made."""
    while isinstance(pairs, nodes.Filter):
        pairs = pairs.node
    if isinstance(pairs, nodes.Call):
        return isinstance(pairs.node, nodes.Getattr) and pairs.node.attr in PAIRS_OF_A_LIBRARY
    return isinstance(pairs, nodes.Tuple | nodes.List)


def parted_in_templates(trees: Mapping[str, nodes.Template]) -> list[str]:
    """Return where a template parts a tuple, or reads a part of one by its number."""
    faults = []
    for path, tree in trees.items():
        written = {name for template, name in WRITTEN_IN_TEMPLATES if template == path}
        written |= {
            node.target.name
            for node in tree.find_all(nodes.Assign)
            if isinstance(node.target, nodes.Name) and isinstance(node.node, nodes.Tuple | nodes.List)
        }
        parted = [(node, node.iter) for node in tree.find_all(nodes.For)]
        parted += [(node, node.node) for node in tree.find_all(nodes.Assign)]
        for node, pairs in parted:
            by_itself = _parts_its_own(pairs) or (isinstance(pairs, nodes.Name) and pairs.name in written)
            if isinstance(node.target, nodes.Tuple) and not by_itself:
                faults.append(f"{path}:{node.lineno}: parts a tuple")
        faults += [
            f"{path}:{node.lineno}: a part by its number"
            for node in tree.find_all(nodes.Getitem)
            if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int)
        ]
    return faults


def test_records_are_built_by_name():
    assert by_place(modules()) == []


def test_no_bare_tuple_reaches_a_template():
    assert tuples_to_templates(modules()) == []
    assert parted_in_templates(templates()) == []


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("class Line: ...\ndef lines(found):\n    return [Line(*each) for each in found]", "Line from values in"),
        ("def lines():\n    rows = db.session.execute(q)\n    return [make(*each) for each in rows]", "a row spread"),
        ("def keep_it():\n    keep(1, *db.session.execute(q).one())", "a row spread"),
        (
            "def heads():\n    found = db.session.execute(q)\n    return [one[0] for one in found]",
            "a column by its number",
        ),
        ("def head():\n    first = db.session.execute(q).first()\n    return first[1:3]", "a column by its number"),
        ("def last(row):\n    return row[-1]", "a column by its number"),
        ("def both(row):\n    return dict(zip(NAMES, row, strict=False))", "zip that is not strict"),
        ("def both(row):\n    return dict(zip(NAMES, row))", "zip that is not strict"),
    ],
)
def test_a_record_by_place_is_found(source, says):
    assert any(says in fault for fault in by_place({"plan/queries.py": ast.parse(source)}))


def test_what_has_names_is_left_alone():
    source = "def heads():\n    rows = db.session.execute(q)\n    return [Head(**row._mapping) for row in rows]"
    assert by_place({"plan/queries.py": ast.parse(source)}) == []
    assert by_place({"dates.py": ast.parse("def pairs(a, b):\n    return zip(a, b, strict=True)")}) == []


def test_a_tuple_that_reaches_a_template_is_found():
    source = "def view():\n    return page('a.html', judged=(who, day))"
    assert tuples_to_templates({"plan/routes.py": ast.parse(source)}) == ["plan/routes.py:2: a tuple for judged"]
    for text in ("{% for row, call in helps %}{% endfor %}", "{{ judged[0] }}", "{% set a, b = summary %}"):
        assert parted_in_templates({"a.html": jinja2.Environment().parse(text)}), text
    for text in ("{% for name, value in extra.items() %}{% endfor %}", '{% for a, b in (("x", y),) %}{% endfor %}'):
        assert parted_in_templates({"a.html": jinja2.Environment().parse(text)}) == [], text

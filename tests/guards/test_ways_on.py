"""Whoever is refused reads what to do instead, or who can do it: every sentence of a refusal, wherever it is made."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path

import pytest

from ilacs_app.editing.timescales import rules as timescales
from ilacs_app.governance.minutes.queries import NOT_AS_PUBLISHED

HOME = Path(__file__).parents[2] / "ilacs_app"
STEPS = [
    "add",
    "agree",
    "answer",
    "ask",
    "call",
    "change",
    "check",
    "choose",
    "close",
    "confirm",
    "correct",
    "decide",
    "delete",
    "enter",
    "finish",
    "fix",
    "give",
    "go",
    "have",
    "keep",
    "leave",
    "link",
    "make",
    "open",
    "pick",
    "publish",
    "read",
    "record",
    "refresh",
    "reload",
    "remove",
    "reopen",
    "reply",
    "request",
    "restore",
    "save",
    "say",
    "select",
    "send",
    "settle",
    "sign",
    "start",
    "stop",
    "take",
    "try",
    "undo",
    "unlink",
    "upload",
    "use",
    "wait",
    "withdraw",
    "write",
]
TELLS_WHO = {"who_may"}
"""Functions that answer who can do it, which have tests of their own."""

_STEP = rf"(?:{'|'.join(STEPS)})\b"
_WAYS = (
    rf"(?:^|[.:;?] |, or |, then |, so |, \band |\binstead, |\bfirst, ){_STEP}",
    rf"(?:^|[.] )(?:to|when|for|if|before)\b[^.]*, {_STEP}",
    r"\byou can (?!only\b)",
    r"\bonly\b.*\bcan\b",
    r"\b(?:chair|secretary|manager|lead|leads|owner|owners|verifier|administrator|board|person|someone|colleague|who)\b"
    r".*\b(?:can|must|decides|publishes|approves|confirms)\b(?! ?not\b)",
    r"\bmust be\b",
    r"\b(?:boards|plans): ",
    r"\binstead\b",
    r"\bit can (?!not\b|only mean)",
)


def shows_a_way_on(text: str) -> bool:
    """Tell whether a refusal names a step, or someone who can."""
    return any(re.search(way, text, re.IGNORECASE) for way in _WAYS)


@dataclass
class Source:
    """What the modules under a folder raise, and the constants and functions that their sentences come from."""

    home: Path
    constants: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    functions: dict[str, list[ast.FunctionDef]] = field(default_factory=lambda: defaultdict(list))
    homes: dict[ast.FunctionDef, str] = field(default_factory=dict)
    modules: dict[str, ast.Module] = field(default_factory=dict)
    refusals: set[str] = field(default_factory=lambda: {"Refused"})

    def __post_init__(self) -> None:
        for path in sorted(self.home.rglob("*.py")):
            where = path.relative_to(self.home).as_posix()
            tree = self.modules[where] = ast.parse(path.read_text())
            for node in tree.body:
                target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
                if isinstance(target, ast.Name) and getattr(node, "value", None):
                    self.constants[target.id].append(node.value)  # type: ignore[union-attr]
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    self.functions[node.name].append(node)
                    self.homes[node] = where
        classes = [node for tree in self.modules.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        grown = -1
        while grown != len(self.refusals):
            grown = len(self.refusals)
            self.refusals |= {node.name for node in classes if {_name(base) for base in node.bases} & self.refusals}

    def sentences(self) -> Iterator[tuple[str, str | None]]:
        """Yield where each refusal is raised and its sentence; None where the source does not show it."""
        for where, tree in self.modules.items():
            for scope in ast.walk(tree):
                if not isinstance(scope, ast.FunctionDef):
                    continue
                for said in self._raised(scope):
                    texts = list(self._said(said, scope, set()))
                    yield from ((f"{where}: {ast.unparse(said)[:60]}", text) for text in texts or [None])

    def _raised(self, scope: ast.FunctionDef) -> Iterator[ast.expr]:
        for node in ast.walk(scope):
            exc = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(exc, ast.Call) and _name(exc.func) in self.refusals and exc.args:
                yield exc.args[-1]

    def _said(self, node: ast.expr | None, scope: ast.FunctionDef, seen: set[str]) -> Iterator[str]:
        match node:
            case ast.Constant(value=str() as text) if text:
                yield text
            case ast.JoinedStr(values=parts):
                filled = [list(self._filled(part, scope, seen)) or ["…"] for part in parts]
                yield from islice(("".join(choice) for choice in product(*filled)), 64)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                ends = list(self._said(right, scope, seen))
                yield from (start + end for start in self._said(left, scope, seen) for end in ends)
            case ast.IfExp(body=body, orelse=other):
                yield from (*self._said(body, scope, seen), *self._said(other, scope, seen))
            case ast.BoolOp(values=values):
                yield from (text for value in values for text in self._said(value, scope, seen))
            case ast.Dict(values=values):
                yield from (text for value in values for text in self._said(value, scope, seen))
            case ast.NamedExpr(value=value) | ast.Subscript(value=value):
                yield from self._said(value, scope, seen)
            case _:
                yield from self._named(node, scope, seen)

    def _named(self, node: ast.expr | None, scope: ast.FunctionDef, seen: set[str]) -> Iterator[str]:
        match node:
            case ast.Call(func=ast.Name(id="next"), args=[_, default]):
                yield from self._said(default, scope, seen)
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(value=ast.Name(id="rules"), attr=name)):
                yield from self._answered(name, scope, seen)
            case ast.Name(id=name) | ast.Attribute(attr=name):
                local = [value for known, value in _assigned(scope) if known == name]
                for value in local or self.constants.get(name, []):
                    if (key := f"{scope.name}.{name}.{id(value)}") not in seen:
                        yield from self._said(value, scope, seen | {key})
                if isinstance(node, ast.Attribute) and not local and name not in self.constants:
                    yield from self._answered(name, scope, seen)

    def _filled(self, part: ast.expr, scope: ast.FunctionDef, seen: set[str]) -> Iterator[str]:
        value = part.value if isinstance(part, ast.FormattedValue) else part
        if not isinstance(value, ast.Attribute):
            yield from self._said(value, scope, seen)

    def _answered(self, name: str, scope: ast.FunctionDef, seen: set[str]) -> Iterator[str]:
        if name in TELLS_WHO:
            yield "Only those named here can."
        elif f"{name}()" not in seen:
            known = self.functions.get(name, [])
            beside = [function for function in known if self.homes[function] == self.homes[scope]]
            for function in beside or known:
                for node in ast.walk(function):
                    if isinstance(node, ast.Return):
                        yield from self._said(node.value, function, seen | {f"{name}()"})


def _name(node: ast.expr) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def _assigned(scope: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(scope):
        if isinstance(node, ast.NamedExpr):
            yield node.target.id, node.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                    yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))


ELSEWHERE = {
    "editing/timescales/commands.py: reading.settled": (timescales.REQUEST_WAITS, timescales.CORRECTED_ONCE),
    "governance/decisions/commands.py: str(wrong)": (NOT_AS_PUBLISHED,),
}
"""The sentences where the source does not show them. Those of a move or a date are checked where they are raised."""


def test_every_refusal_says_what_to_do_instead_or_who_can():
    dead_ends = {(where, text) for where, text in Source(HOME).sentences() if text and not shows_a_way_on(text)}
    assert not dead_ends


def test_every_refusal_shows_in_the_source_what_it_says_or_is_listed_with_it():
    unseen = {where for where, text in Source(HOME).sentences() if text is None}
    assert unseen == set(ELSEWHERE)
    assert all(shows_a_way_on(text) for texts in ELSEWHERE.values() for text in texts)


@pytest.mark.parametrize(
    "body",
    [
        'raise Refused("This action is closed.")',
        'raise Late(f"{name} is closed.")',
        'raise Refused("You cannot do this now. Enter a name." if name else "It is closed.")',
        "raise Refused(CLOSED)",
        "raise Refused(why_not(name))",
        "if wrong := why_not(name):\n        raise Refused(wrong)",
        'raise Late("day", "It is over.")',
    ],
)
def test_a_refusal_that_ends_nowhere_is_found(tmp_path, body):
    (tmp_path / "commands.py").write_text(
        'CLOSED = "It is closed."\n\n\nclass Late(Refused):\n    pass\n\n\n'
        'def why_not(name):\n    if name:\n        return "It is over."\n    return None\n\n\n'
        f"def close(name):\n    {body}\n"
    )
    assert [text for _, text in Source(tmp_path).sentences() if text and not shows_a_way_on(text)]


@pytest.mark.parametrize(
    "text",
    [
        "It is closed. Enter another.",
        "Only the chair can decide this.",
        "It is over. You can add it to a later meeting.",
    ],
)
def test_a_step_or_who_can_is_a_way_on(text):
    assert shows_a_way_on(text)


@pytest.mark.parametrize("text", ["It is closed.", "You cannot change it now.", "It may be matched already."])
def test_how_things_are_is_no_way_on(text):
    assert not shows_a_way_on(text)

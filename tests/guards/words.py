"""What the product says on screen, in letters and on the command line, and the phrases it no longer uses.

``python -m tests.guards.words [FOLDER]`` measures the sentences of a checkout, this one if no folder is given.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median

BANNED = {
    r"\bstand(s|ing)?\b(?!-)": "is shown, is",
    r"\b(a|no|recent|last|newest) word\b(?! or|, Excel)": "an update",
    r"\bwaits? for (you|your|a|the|its|somebody|the board)\b": "needs, awaiting",
    r"\bwait to be (tested|decided)\b": "to verify, to decide",
    r"\b(take|takes|taken|took) (\w+ ){0,3}(away|up again)\b": "remove, clear, restore",
    r"\bput(s)? (\w+ ){0,3}away\b": "discard",
    r"\bbr(ing|ings|ought) (\w+ ){0,2}in\b|\bBring the\b": "import, upload",
    r"\b(lies|none) ahead\b": "to come",
    r"\bin no (count|list|letter)": "not included in",
    r"\byou may see\b|\bthey may see\b": "you have access to",
    r"(?:^|[.:!?]\s)(Nobody|Let) ": "say what the person can do",
    r"\bcalls? for help\b": "request for help",
    r"\bclaims?\b (wait|to test|to be tested|it complete)": "completed, awaiting verification",
    r"\banew\b": "again",
    r"\bnew dates?( \w+){0,2} (is|are|was|were)? ?asked\b|\bask for a new date\b": "date change, request a new date",
    r"\bhand(ed|ing)? over\b": "reassign",
    r"\bkeeps? (the )?(teams|boards|plan|inspections)\b": "manage",
    r"\bcritical friend\b": "plan check",
    r"\btwins?\b": "repeated actions",
    r"\bno date( is)? understood\b": "date unclear",
    r"\b(month not certain|date in doubt)\b": "date to confirm",
    r"\bto put right\b|\bput right\b": "fix, correct",
    r"\blast proved\b|\bnewest piece\b": "latest evidence",
    r"\bwrite (a|the|what|why|how|which|your|some)\b": "enter",
    r"\bas it came\b|\bthat were\b": "original, past",
    r"\bsomebody\b": "someone",
    r"\bplease\b|\bsuccess(fully)?\b|\boops\b": "nothing",
    r"\w!(?=\s|$)": "a full stop",
}
"""Patterns, with what to say instead."""

PROSE = {
    r"(?:^|[.;]\s+)Let\b": "a verb in the imperative",
    r"\bWhom\b": "who",
    r"\b([Ss]ome|[Nn]o|[Ee]very|[Aa]ny)body\b": "someone, no one, everyone, anyone",
    r"\bthat stood\b|\b(stands|stood) (open|there|above|below|beside|before|now)\b": "is, was, applies",
    r"\b(is|are) said\b(?! to)": "is reported, is shown",
    r"\banew\b|\bhitherto\b|\bwherein\b|\bwhereof\b|\bthereof\b": "again, or another plain word",
    r"\btak(e|es|en) (it |them )?away\b|\bput(s)? (it |them )?away\b": "remove, delete",
    r"\bput right\b": "correct",
    r"\bcritical friend\b|\bnewest piece\b": "plan check, latest evidence",
    r"[,;] for (he|she|it|they|there) (is|are|was|were)\b": "because",
    r"\bis no part of\b|\bare no part of\b": "is not part of",
}
"""Habits of docstrings, comments and names of tests, with what to write instead."""

RETIRED = tuple(
    line.rstrip(".")
    for line in (Path(__file__).parent / "retired_sentences.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
"""Sentences that were replaced, with N for a number and without their full stop."""

_HEADING = "a council's heading in the reader's weights, not ours"
_LISTS = "words that the reader finds in a council's file, not ours"
NOT_OURS: dict[str, str] = {
    "reader/weights.py": _LISTS,
    "reader/status_key.py": _LISTS,
    "columns/lexicon.py": _LISTS,
    "rows/above.py": _LISTS,
}
"""Modules that hold a council's terms, where the glossary does not apply -> the reason why."""
EXCEPTIONS: dict[str, str] = {
    "Do every task with a keyboard, and without JavaScript.": "a task of the reader, not an action of the plan",
    "success look": _HEADING,
    "success measure": _HEADING,
    "success measures": _HEADING,
    "measure of success": _HEADING,
    "measures of success": _HEADING,
    "how we will measure success": _HEADING,
    "how will we measure success": _HEADING,
    "success criteria": _HEADING,
    "what success looks like": _HEADING,
    "what will success look like": _HEADING,
    "it stands": _HEADING,
    "stands for": "the second column of a council's key, and a step of the query of who sees what; no one reads it",
}
"""A sentence that holds a banned phrase -> the reason why it may."""

_CODE = re.compile(r"``[^`]*``|`[^`]*`")
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|<style\b.*?</style>", re.S)
_PRINTED = re.compile(r"\{\{.*?\}\}", re.S)
_QUOTED = re.compile(r"(?<![=\w])\"((?:[^\"\\]|\\.)*[a-z]{2} [a-z](?:[^\"\\]|\\.)*)\"")
_TAG = re.compile(r"<[^>]*>", re.S)
SAID_BY_TAGS = re.compile(r"(?:aria-label|placeholder|title|alt)=\"([^\"]*)\"")
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
BLOCK = re.compile(r"</?(?:p|li|h\d|td|th|dt|dd|div|label|legend|summary|button|option|caption|a|span)\b[^>]*>", re.S)


def plain(markup: str) -> str:
    """A piece of markup without its tags."""
    return _TAG.sub(" ", markup)


def not_said(glossary: Path) -> dict[str, str]:
    """Return the words that the glossary rules out, each with the term to use instead.

    Reads the tables with the columns ``term``, ``meaning`` and ``do not say``.
    """
    found = {}
    for line in glossary.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0] not in {"term", "---"}:
            found |= {phrase.strip(): cells[0] for phrase in cells[2].split(",") if phrase.strip()}
    return found


GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
NOT_SAID = not_said(GLOSSARY)
_NOT_SAID = re.compile(r"\b(" + "|".join(sorted(map(re.escape, NOT_SAID), key=len, reverse=True)) + r")s?\b", re.I)


@dataclass(frozen=True)
class Said:
    """A text that a person can read, and where it is written."""

    where: str
    text: str


def of_template(path: Path) -> Iterator[Said]:
    """Yield what a template says, its values left out."""
    source = path.read_text(encoding="utf-8")
    for part in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", source, re.S):
        for quoted in _QUOTED.findall(part):
            yield Said(path.name, quoted)
    plain = _PRINTED.sub("…", _JINJA.sub("", source))
    for words in SAID_BY_TAGS.findall(plain):
        yield Said(path.name, words)
    for block in BLOCK.split(plain):
        words = " ".join(_TAG.sub(" ", block).split())
        if re.search(r"[a-z]{2}", words):
            yield Said(path.name, words)


@lru_cache(maxsize=1)
def _nodes(source: str) -> tuple[ast.AST, ...]:
    """Return every node of a module; of the last one only, because all of them together are large."""
    return tuple(ast.walk(ast.parse(source)))


def of_module(path: Path) -> Iterator[Said]:
    """Yield the string constants of a module that read as a sentence or a label, and the help of its commands.

    Other docstrings, and the ``doc`` of a column, are for readers of the code: see ``of_prose``.
    """
    nodes = _nodes(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    alone |= {id(node.value) for node in nodes if isinstance(node, ast.keyword) and node.arg == "doc"}
    parts = {id(value) for node in nodes if isinstance(node, ast.JoinedStr) for value in node.values}
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and _is_command(node):
            yield Said(f"{path.parent.name}/{path.name}:{node.lineno}", ast.get_docstring(node) or "")
        if isinstance(node, ast.JoinedStr):
            words = "".join(v.value if isinstance(v, ast.Constant) else "…" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone | parts:
            words = node.value
        else:
            continue
        if re.search(r"[A-Za-z]{2,}[,;:]? [a-z]", words) and not re.search(
            r"\bselect\b.*\bfrom\b|[{}<>\\]|\(\?", words
        ):
            yield Said(f"{path.parent.name}/{path.name}:{node.lineno}", words)


def _is_command(function: ast.FunctionDef) -> bool:
    """Return whether a function is a command of the command line, whose help is its docstring."""
    called = (decorator.func for decorator in function.decorator_list if isinstance(decorator, ast.Call))
    return any(isinstance(name, ast.Attribute) and name.attr in {"command", "group"} for name in called)


def of_prose(path: Path) -> Iterator[Said]:
    """Yield what a module says to readers of the code: docstrings, comments and the names of tests as sentences.

    Text in backquotes is code and left out.
    """
    source = path.read_text(encoding="utf-8")
    place = f"{path.parent.name}/{path.name}"
    for node in _nodes(source):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Said(f"{place}:{node.lineno}", _CODE.sub("…", node.value.value))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield Said(f"{place}:{node.lineno}", node.name.replace("_", " "))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Said(f"{place}:{token.start[0]}", _CODE.sub("…", token.string))


def without_a_verb(path: Path) -> Iterator[Said]:
    """Yield the docstrings of functions that begin with a question word, like "Whether it is open"."""
    for node in _nodes(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.FunctionDef) and not any(_is_property(each) for each in node.decorator_list):
            first = (ast.get_docstring(node) or "").partition("\n")[0]
            if re.match(r"(Whether|What|Who|Whom|Whose|Which|Why|How|Where|When) ", first):
                yield Said(f"{path.parent.name}/{path.name}:{node.lineno}", first)


def _is_property(decorator: ast.expr) -> bool:
    return "property" in ast.unparse(decorator)


def faults_of_prose(said: Iterator[Said]) -> list[str]:
    """Return each habit of ``PROSE`` with its place and what to write instead."""
    return [
        f"{text.where}: “{match[0].strip()}” in “{text.text.strip()[:100]}”: write {better}"
        for text in said
        for pattern, better in PROSE.items()
        if (match := re.search(pattern, text.text))
    ]


def of_script(path: Path) -> Iterator[Said]:
    """Yield the quoted texts and templates of a script of the page that hold two words or more."""
    source = re.sub(r"^\s*//.*$|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for quoted, template in re.findall(r"\"([^\"\n]*)\"|`([^`]*)`", source):
        text = re.sub(r"\$\{[^}]*\}", "…", quoted or template)
        if re.search(r"[A-Za-z]{2,}[,;:]? [a-z]", text) and not re.search(r"[<>=\[]", text):
            yield Said(path.name, text)


def faults(said: Iterator[Said]) -> list[str]:
    """Each banned phrase, where it is written, and what to say instead."""
    found = []
    for one in said:
        if one.text in EXCEPTIONS:
            continue
        plain = re.sub(r"\d+|…", "N", one.text)
        found += [f"{one.where}: “{retired}” is retired" for retired in RETIRED if retired in plain]
        if not one.where.startswith(tuple(NOT_OURS)):
            found += [f"{one.where}: “{hit}”: say {NOT_SAID[hit]}" for hit in _ruled_out(one.text)]
        for pattern, better in BANNED.items():
            match = re.search(pattern, one.text, re.I if not pattern.startswith("(?:^") else 0)
            if match:
                found.append(f"{one.where}: “{match[0].strip()}” in “{one.text[:100]}”: say {better}")
    return found


def _ruled_out(text: str) -> list[str]:
    known = {phrase.lower(): phrase for phrase in NOT_SAID}
    return [known[hit.lower()] for hit in _NOT_SAID.findall(text)]


def sentences(said: Iterator[Said]) -> Iterator[Said]:
    """Each sentence, for the script that measures how long they are."""
    for one in said:
        for sentence in _SENTENCE.split(one.text):
            if len(re.findall(r"\w+", sentence)) > 1:
                yield Said(one.where, sentence)


def length(sentence: str) -> int:
    """Return how many words a sentence has; a value counts as one."""
    return len(re.findall(r"[\w’'-]+|…", sentence))


def on_screen(templates: Path, program: Path, scripts: Path) -> Iterator[Said]:
    """Everything that the templates, modules and scripts in these folders say."""
    for path in sorted([*templates.rglob("*.html"), *templates.rglob("*.txt")]):
        yield from of_template(path)
    for path in sorted(program.rglob("*.py")):
        yield from of_module(path)
    for path in sorted(scripts.glob("*.js")):
        yield from of_script(path)


def lengths(said: Iterator[Said]) -> list[int]:
    """The number of words of each sentence; a text of several lines in code is a word list or a program."""
    return [length(one.text) for one in sentences(said) if "\n" not in one.text]


if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    everything = list(on_screen(root / "templates", root / "ilacs_app", root / "static"))
    counted = lengths(iter(everything))
    print(
        f"{len(counted)} sentences and labels; median {median(counted):g} words, "
        f"{median(n for n in counted if n > 3):g} of those with 4 or more; "
        f"{sum(n > 14 for n in counted)} over 14 words, {sum(n > 25 for n in counted)} over 25, "
        f"longest {max(counted)}; "
        f"{len(faults(iter(everything)))} banned phrases"
    )

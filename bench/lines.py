"""Count the lines of the program by room, without blanks, comments and docstrings, at each of several commits.

    python bench/lines.py COMMIT...

Prints a table whose last column decides the order.
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from collections import Counter

LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def lines_of_code(source: str) -> int:
    """Return how many lines of a module hold code. A line with code and a comment counts."""
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            code |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            code -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(code)


def by_room(commit: str) -> Counter[str]:
    """Return the lines of code of each folder of ``ilacs_app`` at a commit."""
    rooms = Counter[str]()
    for path in _git("ls-tree", "-r", "--name-only", commit, "ilacs_app").split():
        if path.endswith(".py"):
            parts = path.split("/")
            rooms[parts[1] if len(parts) > 2 else "the root"] += lines_of_code(_git("show", f"{commit}:{path}"))
    return rooms


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


def main() -> None:
    commits = sys.argv[1:] or ["HEAD"]
    counted = [by_room(commit) for commit in commits]
    print("| room |", " | ".join(commits), "|")
    print("| --- |", " | ".join("--:" for _ in commits), "|")
    for room in sorted(set().union(*counted), key=lambda room: -counted[-1][room]):
        print(f"| {room} |", " | ".join(f"{rooms[room]:,}" for rooms in counted), "|")
    print("| all |", " | ".join(f"{rooms.total():,}" for rooms in counted), "|")


if __name__ == "__main__":
    main()

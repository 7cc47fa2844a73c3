"""Every page of the demonstration as every role sees it, to show that a change of the code changed none of them.

    python bench/pages.py take FOLDER [--checkout CHECKOUT]
    python bench/pages.py compare BEFORE AFTER

``take`` makes the demonstration of a checkout (this one if left out) on a fixed day, signs in as every role and as
no one, follows every link and every address that htmx asks for, and writes one file for each role and address: the
status, the kind and the text of the answer. What differs from one run to the next (tokens, sums of static files, times
of day) is written as a word. A Word or Excel file is written as the text of its parts, any other file as its sum.
``compare`` prints each file that differs, and fails if one does. Two snapshots are of the same places only if both were
taken with the same options.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import html
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, deque
from pathlib import Path
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import client as c

TODAY = "2026-05-14"
NOBODY = "nobody"
BEGIN = (
    *("/", "/account", "/plans", "/plans/new", "/inspections", "/inspections/new", "/governance", "/date-requests"),
    *("/settings/teams", "/settings/teams/new", "/settings/boards", "/settings/boards/new", "/stand-ins", "/calendar"),
    *("/search", "/search?q=audit+children", "/search?q=zzz", "/filters", "/import", "/people/hand-over"),
    *(
        "/help",
        "/accessibility",
        "/privacy",
        "/sign-in",
        "/healthz",
        "/no-such-page",
        "/plans/no-such-plan",
        "/actions/999999",
    ),
)
LINK = re.compile(r'(?:href|hx-get|src)="(/[^"#]*)')
RANDOM = (
    (re.compile(r'(name="csrf_token"[^>]*? value=")[^"]*'), r"\1TOKEN"),
    (re.compile(r'("X-CSRFToken":")[^"]*'), r"\1TOKEN"),
    (re.compile(r'(name="once"[^>]*? value=")[^"]*'), r"\1ONCE"),
    (re.compile(r"(/static/[^\"?]+\?v=)[0-9a-f]+"), r"\1SUM"),
    (re.compile(r"\b\d\d?:\d\d(?::\d\d)?(?= ?(?:am|pm)?\b)"), "TIME"),
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST"),
)


def made(checkout: Path, data: Path, port: int) -> list[dict[str, str]]:
    """Make the demonstration of a checkout in this folder: its sign-ins."""
    subprocess.run(
        [_python(checkout), "-m", "ilacs_app.cli", "demo", "--prepare-only", "--port", str(port), "--data", str(data)],
        env=_environment(checkout, data, port),
        cwd=data.parent,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    signs: list[dict[str, str]] = json.loads((data / "sign-ins.json").read_text(encoding="utf-8"))
    return signs


def _python(checkout: Path) -> str:
    own = checkout / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def _environment(checkout: Path, data: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ILACS_")}
    told = {"ILACS_DATA": str(data), "ILACS_BASE_URL": f"http://127.0.0.1:{port}", "ILACS_TODAY": TODAY}
    return {**kept, **told, "PYTHONPATH": str(checkout)}


def crawled(client: c.Client, folder: Path, *, variants: int) -> Counter[int]:
    """Fetch all that can be reached and write it into the folder; of one path at most ``variants`` queries."""
    todo, seen, queries = deque(BEGIN), set(BEGIN), Counter[str]()
    statuses = Counter[int]()
    folder.mkdir(parents=True)
    while todo:
        address = todo.popleft()
        answer = client.get(address)
        statuses[answer.status] += 1
        kind = answer.headers.get("content-type", "")
        text = shown(answer.body, kind)
        head = f"{answer.status} {kind} {answer.headers.get('location', '')}".rstrip()
        (folder / name_of(address)).write_text(f"{address}\n{normal(head)}\n\n{text}", encoding="utf-8")
        if not kind.startswith("text/html"):
            continue
        for found in LINK.findall(answer.text):
            link = html.unescape(found)
            path, _, query = link.partition("?")
            if link in seen or path.startswith("/static/") or urlsplit(link).netloc:
                continue
            seen.add(link)
            if query:
                queries[path] += 1
                if queries[path] > variants:
                    continue
            todo.append(link)
    return statuses


def name_of(address: str) -> str:
    """A file's name for an address."""
    name = quote(address, safe="")
    return name if len(name) < 200 else f"{name[:150]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def shown(body: bytes, kind: str) -> str:
    """Return what an answer says, without what is random."""
    if kind.startswith("text/") or "json" in kind:
        return normal(body.decode("utf-8", "replace"))
    if "officedocument" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            return "\n".join(
                f"{part}\n{package.read(part).decode('utf-8', 'replace')}" for part in sorted(package.namelist())
            )
    return hashlib.sha256(body).hexdigest()


def normal(text: str) -> str:
    for pattern, word in RANDOM:
        text = pattern.sub(word, text)
    return text


def take(folder: Path, checkout: Path, *, variants: int) -> None:
    """Write a snapshot of a checkout into an empty folder; prints how much each role was answered."""
    if folder.exists():
        raise SystemExit(f"{folder} is there already. Choose another folder.")
    with tempfile.TemporaryDirectory(prefix="ilacs-pages-") as temporary:
        data, port = Path(temporary) / "demo", c.free_port()
        signs = made(checkout, data, port)
        command = [_python(checkout), "-m", "ilacs_app.cli", "serve", "--port", str(port), "--workers", "1"]
        total = 0
        with c.running(command, _environment(checkout, data, port), lambda: c.answers(port, "/sign-in")):
            for sign in [{"role": NOBODY}, *signs]:
                client = c.Client(port)
                if sign["role"] != NOBODY:
                    client.sign_in(sign["email"], sign["password"])
                statuses = crawled(client, folder / sign["role"], variants=variants)
                client.close()
                total += statuses.total()
                print(sign["role"], *(f"{status}: {n}" for status, n in sorted(statuses.items())), flush=True)
        print(f"{total} answers, {len(signs) + 1} roles")


def compare(before: Path, after: Path, *, lines: int) -> int:
    """Print what differs; the number of files that do."""
    ours = {path.relative_to(before): path for path in before.rglob("*") if path.is_file()}
    theirs = {path.relative_to(after): path for path in after.rglob("*") if path.is_file()}
    for name in sorted(ours.keys() ^ theirs.keys()):
        print(f"only {'before' if name in ours else 'after'}: {name}")
    differ = [
        name
        for name in sorted(ours.keys() & theirs.keys())
        if normal(ours[name].read_text(encoding="utf-8")) != normal(theirs[name].read_text(encoding="utf-8"))
    ]
    for name in differ:
        a, b = (path.read_text(encoding="utf-8").splitlines() for path in (ours[name], theirs[name]))
        print(f"differs: {name}")
        print("\n".join(list(difflib.unified_diff(a, b, "before", "after", lineterm="", n=0))[2 : 2 + lines]))
    faults = len(differ) + len(ours.keys() ^ theirs.keys())
    print(
        f"{len(ours.keys() & theirs.keys())} answers compared, {len(differ)} differ, {faults - len(differ)} in one only"
    )
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    taking = commands.add_parser("take")
    taking.add_argument("folder", type=Path)
    taking.add_argument("--checkout", type=Path, default=c.ROOT)
    taking.add_argument("--variants", type=int, default=12, help="queries of one path that are followed")
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument("--lines", type=int, default=12, help="lines of each difference that are shown")
    told = parser.parse_args()
    if told.command == "take":
        take(told.folder, told.checkout.resolve(), variants=told.variants)
    elif compare(told.before, told.after, lines=told.lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

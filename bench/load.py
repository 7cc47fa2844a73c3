"""Mixed traffic by eight people against a running server: how long answers take, and what memory and log grow to.

    python bench/load.py [--minutes 5] [--clients 8] [--actions 60]

Each person reads pages, opens rows, saves notes, now and then prints the plan as Word and signs in again. Prints JSON.
``p95`` is in milliseconds, of pages and saves; prints and sign-ins are apart, since they are slow by themselves.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import client as c
from ilacs_app.demo.sample import PASSWORD

MANAGER, LEAD = "manager@sample.example", "lead0@sample.example"
PAGES = ("/", "/plans/sample", "/plans/sample/recommendations/1", "/governance", "/search?q=improve", "/actions/1")
ROW = "/plans/sample/recommendations/1"


def work(client: c.Client, until: float, draw: random.Random, out: list[tuple[str, int, float]]) -> None:
    """Ask until the time is over; each answer is its kind, its status and its seconds."""
    while time.monotonic() < until:
        chance, began = draw.random(), time.monotonic()
        if chance < 0.7:
            kind, answer = "page", client.get(draw.choice(PAGES))
        elif chance < 0.97:
            kind = "save"
            answer = client.post("/actions/1/notes", {"did": f"Met on {began}.", "back": ROW, "view": "recommendation"})
        elif chance < 0.985:
            kind, answer = "print", client.get("/plans/sample/export/file?format=docx")
        else:
            fresh = c.Client(client.port)
            fresh.sign_in(LEAD, PASSWORD)
            kind, answer = "sign-in", fresh.get("/account")
            fresh.close()
        out.append((kind, answer.status, time.monotonic() - began))
        time.sleep(draw.uniform(0.02, 0.2))


def measured(minutes: float, clients: int, actions: int) -> dict[str, Any]:
    """Run it on a new database and answer what it took."""
    with tempfile.TemporaryDirectory(prefix="ilacs-load-") as folder:
        data = Path(folder)
        c.ilacs(data, "db", "upgrade")
        c.ilacs(data, "sample", "--actions", str(actions))
        told: list[tuple[str, int, float]] = []
        with c.sound_server(data) as (port, pid, _):
            people = [c.Client(port) for _ in range(clients)]
            for number, person in enumerate(people):
                person.sign_in(MANAGER if number % 2 else LEAD, PASSWORD)
            until = time.monotonic() + minutes * 60
            threads = [
                threading.Thread(target=work, args=(person, until, random.Random(n), told))
                for n, person in enumerate(people)
            ]
            for thread in threads:
                thread.start()
            largest_log, memory = 0, {}
            while any(thread.is_alive() for thread in threads):
                log = data / "ilacs.db-wal"
                largest_log = max(largest_log, log.stat().st_size if log.exists() else 0)
                for worker in c.children(pid):
                    if c.is_worker(worker):
                        memory[worker] = max(memory.get(worker, 0), c.memory_mb(worker).get("rss", 0))
                time.sleep(0.5)
            for person in people:
                person.close()
    quick = sorted(seconds for kind, _, seconds in told if kind in {"page", "save"})
    return {
        "minutes": minutes,
        "clients": clients,
        "requests": len(told),
        "faults": sum(status >= 500 for _, status, _ in told),
        "other": sorted({status for _, status, _ in told}),
        "p50": round(statistics.median(quick) * 1000),
        "p95": round(quick[int(len(quick) * 0.95)] * 1000),
        "kinds": {kind: sum(one == kind for one, _, _ in told) for kind in ("page", "save", "print", "sign-in")},
        "largest_log_mb": round(largest_log / 1e6, 1),
        "largest_memory_mb": sorted(memory.values(), reverse=True)[:2],
    }


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=5)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--actions", type=int, default=60)
    given = asked.parse_args()
    print(json.dumps(measured(given.minutes, given.clients, given.actions), indent=1))

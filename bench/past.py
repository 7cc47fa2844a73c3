"""Time pages of the past and of history on a large plan with a long history, in this process.

    python bench/past.py ACTIONS EVENTS

Prints, for each page, the median wall and processor time in milliseconds. ``first`` is the first view in a process that
keeps no copy of an earlier day, on ten days; ``again`` the same day once more; ``later`` a day after one that was
viewed. They are made from the checkpoints that ``ilacs history checkpoint`` writes; ``from the beginning`` without.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from ilacs_app import clock, create_app
from ilacs_app.as_at.replica import forget_copies, keep_checkpoints
from ilacs_app.db import db, transaction, upgrade_schema
from ilacs_app.demo.sample import PASSWORD, load_sample
from ilacs_app.serving.cli import freeze_program
from tests.conftest import settings_for, sign_in

TODAY = date(2026, 11, 27)
DAYS = 870  # over which the events are spread
EVENT = "insert into history_event (id, at, person_id, who, via, verb, plan_id, action_id, about, after)"
CHANGE = "insert into history_change (event_id, entity, key, action_id, after)"


def fill(actions: int, events: int) -> int:
    """Load the sample plan and a history of notes on it. Return the id of an action."""
    clock.move_today(TODAY - timedelta(days=900))
    with transaction():
        load_sample(actions, TODAY)
    clock.move_today(TODAY)
    connection: Any = db.engine.raw_connection().driver_connection
    ids = [row[0] for row in connection.execute("select id from action")]
    (person,) = connection.execute("select min(id) from person").fetchone()
    (plan,) = connection.execute("select id from plan").fetchone()
    (event,) = connection.execute("select max(id) from history_event").fetchone()
    (note,) = connection.execute("select max(id) from progress_note").fetchone()
    start, draw = datetime(2024, 7, 1, 9, tzinfo=UTC), random.Random(1)
    told, changed = [], []
    for n in range(1, events + 1):
        at, action = start + timedelta(minutes=n * DAYS * 1440 / events), draw.choice(ids)
        text = "Twenty records were sampled."
        after = json.dumps({"note_id": note + n, "did": text})
        told.append(
            (event + n, f"{at:%Y-%m-%d %H:%M:%S.%f}", person, "Lead 0", "", "note_logged", plan, action, "", after)
        )
        row = {"id": note + n, "action_id": action, "person_id": person, "written_at": at.isoformat(), "did": text}
        row |= {"difference": "", "next_step": "", "answer": None, "blocker": ""}
        changed.append((event + n, "progress_note", str(note + n), action, json.dumps(row)))
        now = {"last_word_on": at.date().isoformat(), "status": draw.choice(["in_progress", "partly_complete"])}
        changed.append((event + n, "action", str(action), action, json.dumps(now)))
    connection.execute("begin")
    connection.executemany(f"{EVENT} values ({', '.join('?' * 10)})", told)
    connection.executemany(f"{CHANGE} values (?, ?, ?, ?, ?)", changed)
    connection.execute("commit")
    connection.execute("analyze")
    return int(ids[len(ids) // 2])


def timed(client: Any, address: str, times: int = 5) -> str:
    """Return how long a page takes, in words."""
    return in_words([taken(client, address) for _ in range(times)])


def taken(client: Any, address: str) -> tuple[float, float]:
    """Return the wall and processor time of a page, in seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    assert client.get(address).status_code == 200, address
    return time.perf_counter() - wall, time.process_time() - cpu


def in_words(times: list[tuple[float, float]]) -> str:
    """Return the median times, and the longest processor time."""
    wall, cpu = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    return f"{wall:.0f} ms, {cpu:.0f} ms of processor (longest {max(times, key=lambda one: one[1])[1] * 1000:.0f})"


def first_views(client: Any, address: str) -> str:
    """Return how long a page takes on ten days, each time without a copy of an earlier day."""
    times = []
    for number in range(10):
        forget_copies()
        times.append(taken(client, f"{address}?at={date(2024, 10, 3) + timedelta(days=77 * number)}"))
    return in_words(times)


def main(actions: int, events: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder), f"sqlite:///{folder}/ilacs.db", today=TODAY))
        freeze_program()  # as each worker of the server does
        with app.app_context():
            upgrade_schema()
            action = fill(actions, events)
            db.session.remove()
        client = sign_in(app, "manager@sample.example", PASSWORD)
        pages = ("/plans/sample", "/boards/mash-board", "/plans/sample/recommendations/5", f"/actions/{action}")
        for address in ("/accessibility", *pages, "/history", "/plans/sample/history", "/boards/mash-board/history"):
            print(address, timed(client, address))
        for address in (pages[0], pages[1]):
            forget_copies()
            print(address, "from the beginning", timed(client, f"{address}?at=2025-03-03", 1))
        forget_copies()
        with app.app_context():
            cpu = time.process_time()
            number = keep_checkpoints()
            db.session.remove()
        size = sum(file.stat().st_size for file in Path(folder, "checkpoints").glob("*"))
        print(f"{number} checkpoints, {size / 1e6:.0f} MB, {time.process_time() - cpu:.0f} s of processor")
        for address in pages:
            print(address, "first", first_views(client, address))
            forget_copies()
            client.get(f"{address}?at=2025-03-03")
            print(address, "again", timed(client, f"{address}?at=2025-03-03"))
            print(address, "later", timed(client, f"{address}?at=2025-03-20", 1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))

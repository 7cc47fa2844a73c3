"""Where the time of one page goes: its SQL statements by cost, their query plans, and the Python beside them.

    python bench/why.py DATA [/boards/mash-board ...] [--as manager] [--note board]

DATA is a folder that ``ilacs sample`` filled. ``--note VIEW`` looks at a note that is saved from that view instead.
Times are processor milliseconds of this process, the median of 20.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import event

from bench import client as c
from bench.run import ACTION, VIEWS, opened, signed_in

TIMES = 20


def look(app: Any, name: str, ask: Callable[[], Any]) -> None:
    from ilacs_app.db import db

    spent: dict[str, list[float]] = defaultdict(list)
    given: dict[str, Any] = {}
    began = [0.0]
    with app.app_context():
        engine = db.engine

    def before(_line: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        given[statement] = parameters
        began[0] = time.process_time()

    def after(_line: Any, _cursor: Any, statement: str, *_: Any) -> None:
        spent[statement].append(time.process_time() - began[0])

    for _ in range(3):
        assert ask().status_code == 200
    bare = []
    for _ in range(TIMES):
        start = time.process_time()
        ask()
        bare.append(time.process_time() - start)
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    for _ in range(TIMES):
        ask()
    event.remove(engine, "before_cursor_execute", before)
    event.remove(engine, "after_cursor_execute", after)
    sql = sum(sum(times) for times in spent.values()) / TIMES
    number = sum(len(times) for times in spent.values()) / TIMES
    print(f"\n== {name}: {_ms(statistics.median(bare))} ms, best {_ms(min(bare))}")
    print(f"   {number:g} statements, {_ms(sql)} ms to their first rows")
    for statement, times in sorted(spent.items(), key=lambda item: -sum(item[1]))[:4]:
        print(f"\n  {_ms(sum(times) / TIMES)} ms in {len(times) / TIMES:g} runs: {' '.join(statement.split())[:400]}")
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            with engine.connect() as line:
                for row in line.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, given[statement]):
                    print("      ", row[3])
    watch = cProfile.Profile()
    watch.enable()
    for _ in range(TIMES):
        ask()
    watch.disable()
    out = io.StringIO()
    stats = pstats.Stats(watch, stream=out)
    stats.sort_stats("cumulative").print_stats("ilacs_app|templates|sqlalchemy/orm/session|dialect|sql/compiler", 22)
    stats.sort_stats("tottime").print_stats(14)
    root = str(Path(__file__).parent.parent) + "/"
    print(out.getvalue().replace(root, ""))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("data", type=Path)
    read.add_argument("pages", nargs="*")
    read.add_argument("--as", dest="who", default="manager", help="manager, chair, lead0 ...")
    read.add_argument("--note", choices=sorted(VIEWS))
    asked = read.parse_args()
    app = opened(asked.data.absolute())
    browser, token = signed_in(app, f"{asked.who}@sample.example")
    for path in asked.pages:
        look(app, path, lambda path=path: browser.get(path))
    if asked.note:
        path, turn = VIEWS[asked.note], count()

        def save() -> Any:
            fields = {"csrf_token": token, "once": f"{time.time_ns()}-{next(turn)}", "did": "Looked at."}
            fields |= {"view": asked.note, "back": path}
            return browser.post(f"/actions/{ACTION}/notes", data=fields, headers=c.as_htmx(80, path))

        look(app, f"a note saved from {asked.note}", save)


if __name__ == "__main__":
    main()

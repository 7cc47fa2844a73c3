"""What the boards' pages cost, in processor time of this process and as multiples of a bare page of 60 rows.

    python bench/boards.py ACTIONS [TIMES] [CHECKOUT]

Loads the sample plan of so many actions into an empty SQLite database and asks for each page in turn with the bare
page, TIMES times (9 if left out). Prints the median of each in milliseconds, and divided by that of the bare page.
``CHECKOUT`` is another folder with the program, of which the pages are asked instead: for a comparison with an earlier
commit, add a worktree of it. Both pages are asked without a server, so the multiples are not those of ``run.py``.
"""

from __future__ import annotations

import gc
import json
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextvars import Context
from datetime import date
from pathlib import Path

sys.path.insert(0, sys.argv[3] if len(sys.argv) > 3 else str(Path(__file__).parent.parent))

from bench.ceiling import create_app as bare_app
from ilacs_app import clock, create_app
from ilacs_app.db import db, transaction, upgrade_schema
from ilacs_app.demo.sample import PASSWORD, load_sample
from ilacs_app.history import Author
from ilacs_app.people.commands import add_person, grant_role
from tests.conftest import settings_for, sign_in

TODAY = date(2026, 5, 14)
ASKED, BARE_ASKED = 4, 20


def main(actions: int, times: int) -> None:
    """Measure the pages, and print what they cost."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder), f"sqlite:///{folder}/ilacs.db", today=TODAY))
        with app.app_context():
            upgrade_schema()
            clock.move_today(TODAY)
            with transaction():
                load_sample(actions, TODAY)
                by = Author(None, "bench")
                grant_role(by, add_person(by, "viewer@bench.example", "Scrutiny Officer", PASSWORD), "viewer")
            client = Context().run(sign_in, app, "viewer@bench.example", PASSWORD)
            bare = bare_app().test_client()

            def asking(path: str) -> Callable[[], object]:
                return lambda: Context().run(client.get, path)

            boards = set(re.findall(r'href="(/boards/[a-z0-9-]+)["#?]', Context().run(client.get, "/governance").text))
            largest = max(sorted(boards), key=lambda path: len(Context().run(client.get, path).data))
            pages = {path: asking(path) for path in ("/governance", largest, f"{largest}/since")}
            cost: dict[str, list[float]] = defaultdict(list)
            for _ in range(times):
                cost["bare page"].append(_cpu(lambda: bare.get("/"), BARE_ASKED))
                for path, ask in pages.items():
                    cost[path].append(_cpu(ask, ASKED))
            db.session.remove()
            db.engine.dispose()
    at_bare = statistics.median(cost["bare page"])
    medians = {path: statistics.median(taken) for path, taken in cost.items()}
    print(json.dumps({path: [round(ms, 1), round(ms / at_bare, 1)] for path, ms in medians.items()}, indent=1))


def _cpu(ask: Callable[[], object], number: int) -> float:
    """Return the processor time of one request, in milliseconds, after one that is not counted."""
    ask()
    gc.collect()
    gc.disable()
    begun = time.process_time()
    for _ in range(number):
        ask()
    taken = time.process_time() - begun
    gc.enable()
    return taken / number * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 9)

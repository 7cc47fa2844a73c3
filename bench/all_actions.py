"""What the list of all actions costs beside a board's page: each order, each filter, in one process and one run.

    python bench/all_actions.py [ACTIONS] [ROUNDS]

Makes the sample plan of ACTIONS actions (10,000), SQLite, and asks each page ROUNDS times (15) in turn as a programme
manager. Prints a Markdown table: questions to the database, processor milliseconds (median), times the board's page.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import event

from ilacs_app import create_app
from ilacs_app.clock import today
from ilacs_app.db import db, transaction, upgrade_schema
from ilacs_app.demo.sample import PASSWORD, load_sample
from ilacs_app.plan.lists.sorting import SORT_WORDS
from tests.conftest import settings_for, sign_in

BOARD, LIST = "/boards/mash-board", "/plans/sample/actions"
FILTERS = (
    *("mine=1", "owner=Lead+1", "no_owner=1", "silent=1", "moved=1", "due_before=2030-01-01", "brag=red"),
    *("timeliness=overdue", "status=in_progress", "board=mash-board", "lead=Lead+1", "q=team", "page=100"),
    *("no_change=1", "timeliness=overdue&no_request=1"),
)


def main(actions: int, rounds: int) -> None:
    pages = [BOARD, LIST, *(f"{LIST}?sort={sort}" for sort in SORT_WORDS), *(f"{LIST}?{asked}" for asked in FILTERS)]
    asked: list[str] = []
    with tempfile.TemporaryDirectory(prefix="ilacs-all-actions-") as folder:
        app = create_app(settings_for(Path(folder), f"sqlite:///{folder}/ilacs.db", today=None))
        with app.app_context():
            upgrade_schema()
            with transaction():
                load_sample(actions, today())
            event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        client = sign_in(app, "manager@sample.example", PASSWORD)
        questions = {}
        for page in (*pages, *pages):
            asked.clear()
            if client.get(page).status_code != 200:
                raise SystemExit(f"{page} is not there")
            questions[page] = sum(not said.startswith(("BEGIN", "PRAGMA")) for said in asked)
        spent: dict[str, list[float]] = {page: [] for page in pages}
        for _ in range(rounds):
            for page in pages:
                began = time.process_time()
                client.get(page)
                spent[page].append(time.process_time() - began)
        with app.app_context():
            db.engine.dispose()
    cost = {page: statistics.median(times) for page, times in spent.items()}
    print("| page | SQL | CPU ms | times the board page |\n| --- | --: | --: | --: |")
    for page in pages:
        print(f"| `{page}` | {questions[page]} | {cost[page] * 1000:.1f} | {cost[page] / cost[BOARD]:.2f} |")
    most = max(cost[page] for page in pages[1:]) / cost[BOARD]
    print(f"\nAt most {max(questions[page] for page in pages[1:])} questions and {most:.2f} times the board page.")


if __name__ == "__main__":
    numbers = [int(given) for given in sys.argv[1:]]
    main(*(*numbers, *(10_000, 15)[len(numbers) :]))

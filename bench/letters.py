"""What My work and the letters of a day cost in a large plan, in one process and one run.

    python bench/letters.py [ACTIONS] [ROUNDS]

Makes the sample plan of ACTIONS actions (10,000), SQLite. Prints a Markdown table: questions to the database and
processor milliseconds (median of ROUNDS, 5) of My work as a lead and as a programme manager, and of all letters.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import event

from ilacs_app import create_app
from ilacs_app.clock import today
from ilacs_app.db import db, transaction, upgrade_schema
from ilacs_app.demo.sample import PASSWORD, load_sample
from ilacs_app.digests.pages import letters_of
from tests.conftest import settings_for, sign_in

BASE = "https://plan.example.gov.uk"


def main(actions: int, rounds: int) -> None:
    asked: list[str] = []
    with tempfile.TemporaryDirectory(prefix="ilacs-letters-") as folder:
        app = create_app(settings_for(Path(folder), f"sqlite:///{folder}/ilacs.db", today=None))
        with app.app_context():
            upgrade_schema()
            with transaction():
                load_sample(actions, today())
            event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        lead, manager = (sign_in(app, f"{name}@sample.example", PASSWORD) for name in ("lead0", "manager"))

        def letters() -> int:
            with app.test_request_context():
                number = len(letters_of(BASE, today()).letters)
                db.session.rollback()
                return number

        tasks: dict[str, Callable[[], object]] = {
            "My work of a lead": lambda: lead.get("/"),
            "My work of a programme manager": lambda: manager.get("/"),
            f"All letters of a day: {letters()}": letters,
        }
        print("| what | SQL | CPU ms |\n| --- | --: | --: |")
        for name, task in tasks.items():
            task()
            asked.clear()
            task()
            questions = sum(not said.startswith(("BEGIN", "PRAGMA")) for said in asked)
            print(f"| {name} | {questions} | {_median(task, rounds) * 1000:.1f} |")
        with app.app_context():
            db.engine.dispose()


def _median(task: Callable[[], object], rounds: int) -> float:
    """Return the median processor time of a task in seconds."""
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        task()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


if __name__ == "__main__":
    numbers = [int(given) for given in sys.argv[1:]]
    main(*(*numbers, *(10_000, 5)[len(numbers) :]))

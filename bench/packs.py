"""Time the publication of a pack in three formats, for a board with about so many actions, in this process.

    python bench/packs.py ACTIONS [TIMES]

Prints, in milliseconds, the median of the wall time from the press of the button to the answer, of the read (in which
no one else writes), and of each format; and the processor time of the whole, without the process that sets the PDF.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from contextvars import Context
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parent.parent))

from ilacs_app import clock, create_app
from ilacs_app.access import OPERATOR
from ilacs_app.db import db, transaction, upgrade_schema
from ilacs_app.demo.sample import PASSWORD, load_sample
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.meetings.queries import meeting_of
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.documents import pack_documents
from ilacs_app.history import Author, hold_still
from ilacs_app.people.boards.queries import BoardName, board_by_slug
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.plan.lists.counts import board_counts
from ilacs_app.reporting.packs.formats import drawn_formats
from tests.conftest import settings_for, sign_in
from tests.factories import token

TODAY = date(2026, 11, 27)
BY = Author(None, "bench")
SLUG = "mash-board"


def prepared(wanted: int) -> tuple[BoardName, int, int]:
    """Load a sample in which the MASH Board governs about so many actions. Return it, a meeting, and how many."""
    clock.move_today(TODAY)
    with transaction():
        load_sample(wanted * 2, TODAY)  # it governs about half of them
    board = board_by_slug(SLUG)
    assert board is not None
    counts, _ = board_counts(OPERATOR, TODAY)
    with transaction():
        secretary = add_person(BY, "secretary@bench.example", "Governance Officer", PASSWORD)
        grant_role(BY, secretary, "secretary", board_id=board.id)
        meeting = set_meeting(BY, board.id, TODAY + timedelta(days=7), "14:00", "Room 1")
    return board, meeting, counts[board.id][0].actions


def main(wanted: int, times: int) -> None:
    """Publish packs, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), f"sqlite:///{folder}/ilacs.db", today=TODAY)
        app = create_app(settings)
        took: dict[str, list[float]] = defaultdict(list)
        with app.app_context():
            upgrade_schema()
            board, meeting_id, actions = prepared(wanted)
            meeting = meeting_of(board.id, meeting_id)
            client = Context().run(sign_in, app, "secretary@bench.example", PASSWORD)
            address = f"/boards/{SLUG}/meetings/{meeting.on_day}/pack"
            for number in range(1, times + 1):
                sent = {"csrf_token": Context().run(token, client), "once": uuid4().hex, "number": str(number)}
                begun, cpu = time.perf_counter(), time.process_time()
                answer = Context().run(client.post, address, data=sent)
                took["published"].append(time.perf_counter() - begun)
                took["published, processor"].append(time.process_time() - cpu)
                assert answer.status_code == 303, answer.text
            for _ in range(times):
                begun = time.perf_counter()
                with transaction(60):
                    hold_still()
                    material = pack_material(board, meeting, TODAY)
                took["read"].append(time.perf_counter() - begun)
                documents = pack_documents(material, published_by="Governance Officer", number=1)
                with app.test_request_context():
                    begun = time.perf_counter()
                    for part in drawn_formats(documents):
                        took[part.format].append(time.perf_counter() - begun)
                        begun = time.perf_counter()
            db.session.remove()
            db.engine.dispose()
    print(json.dumps({"actions": actions, **{what: _milliseconds(times) for what, times in took.items()}}, indent=1))


def _milliseconds(seconds: list[float]) -> dict[str, int]:
    return {"median": round(statistics.median(seconds) * 1000), "most": round(max(seconds) * 1000)}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)

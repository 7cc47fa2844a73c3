"""Papers of the demonstration: those of past meetings, and those of the next one, as the plan was some days ago."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

from ilacs_app.access import OPERATOR
from ilacs_app.as_at.queries import Item, looking_back
from ilacs_app.files.store import EvidenceStore
from ilacs_app.governance.meetings.queries import meetings
from ilacs_app.governance.packs.commands import publish_pack
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.documents import pack_documents
from ilacs_app.history import Author
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.reporting.packs.formats import stored_parts

DAYS_BEFORE_MEETING, DAYS_BEFORE_TODAY = 7, 4
"""How many days before a meeting its papers show the plan; for the next meeting, how many days before today."""
PUBLISHED_NEXT = "lac-strategy-group"
"""The board whose next papers are published already; the others leave theirs to be tried."""


def publish_demo_papers(
    by: Author,
    slugs: Collection[str],
    store: EvidenceStore,
    *,
    today: date,
    at: Callable[[date], AbstractContextManager[None]],
) -> None:
    """Publish papers for the past meetings of these boards, and for the next meeting of one of them.

    ``at`` moves today while the past is written.
    """
    boards = {board.id: board for board in map(board_by_slug, slugs) if board}
    for meeting in [meeting for board_id in boards for meeting in meetings(board_id)]:
        board = boards[meeting.board_id]
        is_past = meeting.on_day < today
        if not is_past and board.slug != PUBLISHED_NEXT:
            continue
        day = meeting.on_day - timedelta(DAYS_BEFORE_MEETING) if is_past else today - timedelta(DAYS_BEFORE_TODAY)
        with looking_back(OPERATOR, day, Item("board", board.id)):
            material = replace(pack_material(board, meeting, day), last_event_id=None)
        parts = stored_parts(pack_documents(material, published_by=by.name, number=1), store)
        with at(day + timedelta(days=1)):
            publish_pack(by, material, 1, parts=parts)

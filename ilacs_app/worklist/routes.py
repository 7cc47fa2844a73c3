"""My work: what waits for the person who is signed in, and what their boards and roles ask of them."""

from __future__ import annotations

from flask import Blueprint, Response

from .. import clock
from ..access import requires
from ..governance.queries import board_summary
from ..people.queries import boards
from ..plan.queries import Filter, action_rows
from ..progress.listing import RowPlace, listed
from ..progress.queries import claims_to_test
from ..web import actor, page
from .queries import waiting

blueprint = Blueprint("worklist", __name__)
CLAIMS_SHOWN = 60


@blueprint.get("/")
@requires("belongs")
def my_work() -> Response:
    who, today = actor(), clock.today()
    groups = waiting(who, today)
    claims = claims_to_test(who)
    to_test = action_rows(who, Filter(action_ids=frozenset(claims[:CLAIMS_SHOWN])), today, size=None) if claims else []
    mine = [board for board in boards() if board.id in who.board_ids]
    rows = [*(item.row for item in groups), *to_test]
    return page(
        "worklist/my_work.html",
        groups=groups,
        to_test=list({row.id: row for row in to_test}.values()),
        claims=len(claims),
        my_boards=[(board, *board_summary(who, board.id, today)) for board in mine],
        place=RowPlace("work", "/"),
        today=today,
        **listed(rows),
    )

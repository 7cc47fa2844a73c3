"""Save and next: which row of the same list, under the same filter, comes after the one that was answered.

A top-layer file like ``listing.py``: it reads the address of the page that the list stands on.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from .. import clock
from ..access import NotKnown
from ..people.queries import boards
from ..plan.forms import read_filter
from ..plan.narrowing import Filter
from ..plan.queries import ActionRow, action_rows, offered
from ..plan.reach import board_for, knows_board, plan_for, recommendation_for
from ..plan.rules import OPEN
from ..web import actor
from ..worklist.queries import waiting
from .listing import RowPlace
from .queries import verb_for


def ways_on(place: RowPlace, action_id: int) -> list[int]:
    """The actions to answer after this one, the next first: those below it in the list, then those above."""
    ids = [item.row.id for item in waiting(actor(), clock.today())] if place.view == "work" else _rows(place)
    at = ids.index(action_id) if action_id in ids else -1
    return [id_ for id_ in (*ids[at + 1 :], *ids[: max(at, 0)]) if id_ != action_id]


def _rows(place: RowPlace) -> list[int]:
    try:
        found = _listed(place)
    except NotKnown:
        return []
    able = (row.id for row in found if row.status in OPEN and verb_for(actor(), row, ()) in {"Answer", "Update"})
    return list(dict.fromkeys(able))


def _listed(place: RowPlace) -> list[ActionRow]:
    who, today, names = actor(), clock.today(), place.named
    match place.view:
        case "recommendation":
            plan = plan_for(who, names["plan_slug"])
            home = recommendation_for(who, plan.id, names["number"])
            return action_rows(who, Filter(plan_id=plan.id, recommendation_id=home), today, size=None)
        case "plan":
            base = Filter(plan_id=plan_for(who, names["plan_slug"]).id)
        case "board":
            base = Filter(board_id=board_for(who, names["board_slug"]).id)
        case _:
            return []
    known = {board.slug: (board.id, board.name) for board in boards() if knows_board(who, board.id)}
    _, live = offered(who, base)
    given = dict(parse_qsl(urlsplit(place.back).query))
    asked = read_filter(given, base, {} if base.board_id else known, {} if base.plan_id else live)
    return action_rows(who, asked.filter, today, page=asked.page)

"""Everything that the page of one action shows. A top-layer file beside ``listing`` (decision 0003)."""

from __future__ import annotations

from typing import Any

from .. import clock
from ..plan.history_listing import action_history
from ..plan.page_queries import action_detail
from ..plan.queries import action_row, board_parts, lead_names
from ..plan.twin_queries import linked_into
from ..web import actor
from .evidence_queries import evidence
from .listing import OpenRow, RowPlace, may_open
from .panel_listing import Typed, left_open, panels, rating_panel
from .queries import notes, stand_of
from .rules import form_title, may_correct


def action_page(action_id: int, opened: OpenRow | None, typed: Typed | None = None) -> dict[str, Any]:
    """Everything that the page of one action shows. The caller has checked that it is theirs to see.

    ``typed`` is one of its smaller forms that could not be saved.
    """
    who, today = actor(), clock.today()
    row = action_row(who, action_id, today)
    home = row.recommendation_id
    stand = stand_of(who, action_id, today)
    detail = action_detail(who, action_id)
    edits = who.is_a("programme_manager", plan_id=row.plan_id) and row.plan_state != "closed"
    past = action_history(who, action_id, may_undo=edits and not detail.linked_into_id)
    written = notes(action_id)
    forms = panels(who, row, stand, past["events"], typed) | rating_panel(stand, row, today, typed)
    return {
        "row": row,
        "detail": detail,
        "leads": lead_names([home]).get(home, ()),
        "boards": board_parts([home]).get(home, ()),
        "notes": written,
        "mine_to_correct": {
            note.id
            for note in written
            if stand.standing.may_write
            and not note.corrected
            and may_correct(who.id, (note.person_id, note.for_person_id))
        },
        "evidence": evidence(who, action_id),
        **past,
        "place": RowPlace("action", f"/actions/{action_id}"),
        "opened": opened,
        "note": written[0] if written else None,
        "may_open": may_open(stand),
        "form_title": form_title(stand.position, stand.standing),
        "edits": edits,
        "twins": linked_into(who, [action_id]),
        "today": today,
        **forms,
        **left_open(action_id, forms, typed),
    }

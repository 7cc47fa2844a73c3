"""The history on the page of an item: its newest changes or all, and which can be undone or were.

It reads what the address asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from ilacs_app.access import Actor
from ilacs_app.editing.actions.queries import action_says
from ilacs_app.editing.recommendations.queries import recommendation_says
from ilacs_app.editing.undo.forms import UndoForm
from ilacs_app.editing.undo.queries import Undoing, undoing
from ilacs_app.editing.undo.rules import ACTION, RECOMMENDATION, Undoable
from ilacs_app.forms.saving import REFUSED, STALE, save_once
from ilacs_app.history import Event, of_action, of_recommendation
from ilacs_app.plan.queries import as_seen_by

NEWEST = 20
UNDONE = "Change undone"
UNDONE_TOO_LATE = (
    "Someone else changed this after you opened the page. The page now shows their change. "
    "If you still want to undo your change, select Undo again."
)
NO_LINE = "Refresh the page, then select Undo next to the change"


@dataclass(frozen=True)
class HistoryShown:
    """The lines of an item's history that its page shows, and whether there are more."""

    events: list[Event]
    more: bool
    undoing: Undoing


def action_history(actor: Actor, action_id: int, *, may_undo: bool) -> HistoryShown:
    """The lines of an action, whether there are more, and what can be undone by someone who may."""
    return _shown(actor, of_action, action_id, action_says, ACTION, may_undo)


def recommendation_history(actor: Actor, recommendation_id: int, *, may_undo: bool) -> HistoryShown:
    """As ``action_history``, of a recommendation itself."""
    return _shown(actor, of_recommendation, recommendation_id, recommendation_says, RECOMMENDATION, may_undo)


def _shown(
    actor: Actor,
    of: Callable[..., Any],
    item_id: int,
    says: Callable[[int], Mapping[str, Any]],
    kind: Undoable,
    may_undo: bool,
) -> HistoryShown:
    every = request.args.get("history") == "all"
    read = of(item_id, newest=None if every else NEWEST + 1)
    more = not every and len(read) > NEWEST
    events = as_seen_by(actor, read[:NEWEST] if more else read)
    return HistoryShown(
        events=events,
        more=more,
        undoing=undoing(events, says(item_id), kind, may=may_undo),
    )


def undo_once(form: UndoForm, write: Callable[[int, int], None]) -> tuple[int, str]:
    """Undo a line by its id, at the version that was seen: the status to answer with, and why nothing was undone."""
    event_id, seen = form.event_id, form.seen_version
    if not form.validate() or event_id is None or seen is None:
        return REFUSED, NO_LINE
    status = save_once(form, UNDONE, lambda: write(event_id, seen))
    return status, UNDONE_TOO_LATE if status == STALE else " ".join(map(str, form.form_errors))

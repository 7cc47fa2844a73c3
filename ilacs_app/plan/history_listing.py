"""The history that a page of one item shows: its newest lines, or all, and what can be undone of them.

A top-layer file beside ``routes`` (decision 0003): it reads what the address asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from ..history import of_action, of_recommendation
from .content_queries import action_says, recommendation_says
from .undo_queries import undoing
from .undo_rules import ACTION, RECOMMENDATION, Undoable

NEWEST = 20


def action_history(action_id: int, *, may_undo: bool) -> dict[str, Any]:
    """The lines of an action, whether there are more, and what can be undone by somebody who may."""
    return _shown(of_action, action_id, action_says, ACTION, may_undo)


def recommendation_history(recommendation_id: int, *, may_undo: bool) -> dict[str, Any]:
    """As ``action_history``, of a recommendation itself."""
    return _shown(of_recommendation, recommendation_id, recommendation_says, RECOMMENDATION, may_undo)


def _shown(
    of: Callable[..., Any], item_id: int, says: Callable[[int], Mapping[str, Any]], kind: Undoable, may_undo: bool
) -> dict[str, Any]:
    every = request.args.get("history") == "all"
    found = of(item_id, newest=None if every else NEWEST + 1)
    events = found if every else found[:NEWEST]
    return {
        "events": events,
        "more": len(found) > len(events),
        "undoing": undoing(events, says(item_id), kind, may=may_undo),
    }

"""A change of an action's words or people undone from its history, as a new change that names the one it undoes."""

from __future__ import annotations

from ..db import db
from ..history import Author, of_action
from ..people.commands import Refused, Stale
from .action_commands import change_action
from .model import Action
from .queries import workers
from .texts import ActionText
from .undo_rules import put_back
from .versions import hold


def undo_change(by: Author, action_id: int, version: int, event_id: int) -> None:
    """Put back what one line of an action's history changed. That line stays; a new one says that it is undone.

    Raises:
        Refused: the plan is closed, the line is no such change, or what it changed was changed again since.
        Stale: somebody changed the action since the version that was seen.
    """
    hold(action_id)
    kept = db.session.get_one(Action, action_id)
    if kept.version != version:
        raise Stale
    people = workers([action_id])[action_id]
    now = {"text": kept.text, "owners": people.owners, "contributors": people.contributors}
    back = put_back(event_id, of_action(action_id), now)
    if isinstance(back, str):
        raise Refused(back)
    was = now | back
    text = ActionText(was["text"], tuple(was["owners"]), tuple(was["contributors"]))
    change_action(by, action_id, version, text, undoes=event_id)

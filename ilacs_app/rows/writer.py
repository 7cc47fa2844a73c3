"""On whose behalf this request writes on an action, and whether it may."""

from __future__ import annotations

from ilacs_app.access import Act, Actor
from ilacs_app.history import Author
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.web import actor


def author_on(who: Actor, stand: ActionAccess) -> Author:
    """Return who signs a change of this action: with both names where they stand in for someone."""
    person_id, name = stand.behalf or (None, "")
    return Author(who.id, who.name, for_person_id=person_id, for_name=name)


def writable(action_id: int) -> ActionAccess:
    """Return where an action is, to someone who may write on it.

    Raises:
        NotAllowed: they may only read it.
    """
    return action_for(actor(), action_id, to=Act.WRITE)

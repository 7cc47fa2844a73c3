"""What the lines of a history say of undoing: which can be undone, which undid another, which were undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..history import Event, lines
from .undo_rules import Undoable, undoable, undone


@dataclass(frozen=True)
class Undoing:
    """``can`` are the ids of the lines that may be undone. ``of`` holds the line that one undoes, and ``by`` the line
    that undid one and stands, both by the id of that one."""

    can: frozenset[int] = frozenset()
    of: Mapping[int, Event] = field(default_factory=dict)
    by: Mapping[int, Event] = field(default_factory=dict)
    shown: frozenset[int] = frozenset()
    """The ids of the lines that the page shows."""


def undoing(shown: Sequence[Event], now: Mapping[str, Any], of: Undoable, *, may: bool) -> Undoing:
    """As above, of the newest lines of an item, newest first; ``now`` is what its fields say, ``may`` who may undo."""
    old = {line.id: line.after["undoes"] for line in shown if "undoes" in line.after}
    known = {line.id: line for line in shown}
    known |= {line.id: line for line in lines(set(old.values()) - set(known))}
    return Undoing(
        undoable(shown, now, of) if may else frozenset(),
        {id_: known[what] for id_, what in old.items() if what in known},
        undone(shown),
        frozenset(line.id for line in shown),
    )

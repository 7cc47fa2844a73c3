"""What a change of an action's words or people is undone to, or why it is not. Pure.

Only what its programme manager may change on the form is undone here. A status move is taken back by the rules of
moves; a verdict, a date or a note never.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

CHANGED = "action_changed"
FIELDS = ("text", "owners", "contributors")
NOT_HERE = "That line is not in the history of this action."
NOT_A_CHANGE = "Only a change of an action’s words, owners or contributors is undone here."
CHANGED_SINCE = "What this line changed was changed again since. Undo the newest change first, or change the action."


class Line(Protocol):
    """What is asked of a line of history."""

    @property
    def id(self) -> int: ...
    @property
    def verb(self) -> str: ...
    @property
    def before(self) -> Mapping[str, Any]: ...
    @property
    def after(self) -> Mapping[str, Any]: ...


def put_back(event_id: int, lines: Iterable[Line], now: Mapping[str, Any]) -> dict[str, Any] | str:
    """The fields that undoing one of ``lines`` (newest first) puts back, or the sentence that says why it cannot.

    ``now`` is what each of ``FIELDS`` says. A field goes back only while it still says what that line made of it.
    """
    return next((found for id_, found in _each(lines, now) if id_ == event_id), NOT_HERE)


def undoable(lines: Iterable[Line], now: Mapping[str, Any]) -> frozenset[int]:
    """The ids of those ``lines`` (newest first) that can be undone."""
    return frozenset(id_ for id_, found in _each(lines, now) if not isinstance(found, str))


def _each(lines: Iterable[Line], now: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    later: set[str] = set()
    for line in lines:
        if line.verb != CHANGED:
            yield line.id, NOT_A_CHANGE
            continue
        names = [name for name in FIELDS if name in line.before and name in line.after]
        if not names:
            yield line.id, NOT_A_CHANGE
        elif later & set(names) or any(_kept(line.after[name]) != _kept(now[name]) for name in names):
            yield line.id, CHANGED_SINCE
        else:
            yield line.id, {name: line.before[name] for name in names}
        later |= set(names)


def _kept(value: Any) -> Any:
    """A name given twice is kept once."""
    return value if isinstance(value, str) else list(dict.fromkeys(value))

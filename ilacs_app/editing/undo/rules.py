"""How a change of an action or a recommendation is undone, or why it cannot be. Pure.

Only what the programme manager may change on its form is undone here. A status move is taken back by the rules of
moves; a verdict, a date or a note never.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ilacs_app.editing.recommendations.rules import OWN_COLUMNS


@dataclass(frozen=True)
class Undoable:
    """What can be undone for one kind of item: its events, its fields, and the refusal for any other."""

    verbs: frozenset[str]
    fields: tuple[str, ...]
    nothing_else: str

    def of_line(self, line: UndoLine) -> list[str]:
        """The fields that a line changed, in their order."""
        return [name for name in self.fields if name in line.before and name in line.after]


ACTION = Undoable(
    frozenset({"action_changed", "owner_changed", "handed_over"}),
    ("text", "owners", "contributors"),
    "You can only undo a change to an action’s wording, owners or contributors",
)
RECOMMENDATION = Undoable(
    frozenset({"recommendation_changed", "handed_over"}),
    (*OWN_COLUMNS, "leads", "accountable", "boards", "lead_board"),
    "You can only undo a change to a recommendation’s wording, leads or boards",
)
NOT_HERE = "That change is not in this history. Refresh the page"
CHANGED_SINCE = "This has been changed again since. Undo the newest change first, or edit it"
_CHOSEN_FROM = {"accountable": "leads", "lead_board": "boards"}


class UndoLine(Protocol):
    """A change in the history, as the rules need it."""

    @property
    def id(self) -> int: ...
    @property
    def verb(self) -> str: ...
    @property
    def before(self) -> Mapping[str, Any]: ...
    @property
    def after(self) -> Mapping[str, Any]: ...


AnyLine = TypeVar("AnyLine", bound=UndoLine)


def put_back(event_id: int, lines: Iterable[UndoLine], now: Mapping[str, Any], of: Undoable) -> dict[str, Any] | str:
    """The fields that undoing one of ``lines`` (newest first) puts back, or the sentence that says why it cannot.

    ``now`` is what each of the fields says. A field goes back only while it still says what that line made of it.
    """
    return next((back for id_, back in _each(lines, now, of) if id_ == event_id), NOT_HERE)


def undoable(lines: Iterable[UndoLine], now: Mapping[str, Any], of: Undoable) -> frozenset[int]:
    """The ids of those ``lines`` (newest first) that can be undone."""
    return frozenset(id_ for id_, back in _each(lines, now, of) if not isinstance(back, str))


def undone(lines: Iterable[AnyLine]) -> dict[int, AnyLine]:
    """Of ``lines`` (newest first) those that undo another and were not undone themselves, by the id of that other."""
    by_undone: dict[int, AnyLine] = {}
    for line in lines:
        if line.id not in by_undone and "undoes" in line.after:
            by_undone[line.after["undoes"]] = line
    return by_undone


def _each(
    lines: Iterable[UndoLine], now: Mapping[str, Any], of: Undoable
) -> Iterator[tuple[int, dict[str, Any] | str]]:
    later: set[str] = set()
    for line in lines:
        names = of.of_line(line)
        touched = {_CHOSEN_FROM.get(name, name) for name in names}
        if line.verb not in of.verbs or not names:
            yield line.id, of.nothing_else
            continue
        if later & touched or any(_kept(line.after[name]) != _kept(now[name]) for name in names):
            yield line.id, CHANGED_SINCE
        else:
            yield line.id, {name: line.before[name] for name in names} | _accountable(line, now)
        later |= touched


def _accountable(line: UndoLine, now: Mapping[str, Any]) -> dict[str, str]:
    """Return who was the accountable lead before a reassignment that did not record it.

    If the one lead that was removed was replaced by one who is accountable now, that changed too. Else empty.
    """
    if line.verb != "handed_over" or "leads" not in line.before or "accountable" in line.before:
        return {}
    was, leads = line.before["leads"], line.after["leads"]
    went, came = [name for name in was if name not in leads], [name for name in leads if name not in was]
    return {"accountable": went[0]} if len(went) == 1 and came == [now["accountable"]] else {}


def _kept(value: Any) -> Any:
    """A name given twice is kept once."""
    return value if isinstance(value, str) else list(dict.fromkeys(value))

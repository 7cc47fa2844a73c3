"""The differences between a plan and a new file of it, compared three ways so that an old copy undoes no work.

``base`` is the file that was imported last. A value that differs from it only in the new file was changed in the file.
One that differs only in the plan was changed here. One that differs in both needs a choice (product rule: section 7).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from ilacs_app.forms.conflicts import likeness
from ilacs_app.plan.plan_file import FileAction, FileRecommendation
from ilacs_app.text import one_line

ALIKE = 0.5
"""The share of its text that makes an action with the same reference the same action, reworded."""


class Change(StrEnum):
    """Where something changed since the file that was imported last."""

    ADDED = "added"
    REMOVED = "removed"
    FILE = "file"
    HERE = "here"
    BOTH = "both"


@dataclass(frozen=True)
class PlanItem:
    """A recommendation or an action in the plan: its id and version."""

    id: int
    version: int
    withdrawn: bool = False
    asked_words: str = ""
    """The words of an action's open date change request."""
    notes: frozenset[str] = frozenset()
    """What was done, from each of an action's notes."""


@dataclass(frozen=True)
class OurAction:
    standing: PlanItem
    says: FileAction


@dataclass(frozen=True)
class OurRecommendation:
    standing: PlanItem
    says: FileRecommendation
    actions: tuple[OurAction, ...] = ()


@dataclass(frozen=True)
class ItemDifference:
    """One difference. ``name`` is the field, empty for a whole item; ``ref`` is empty for a recommendation.

    ``ours`` is the plan's text and ``theirs`` the file's. ``key`` is made from both values: if either changes, it is
    another difference.
    """

    change: Change
    number: str
    ref: str
    name: str
    ours: str
    theirs: str
    recommendation: OurRecommendation | None = field(default=None, compare=False)
    action: OurAction | None = field(default=None, compare=False)
    file_recommendation: FileRecommendation | None = field(default=None, compare=False)
    file_action: FileAction | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        content = "\0".join((self.change, self.number, self.ref, self.name, self.ours, self.theirs))
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def asks(self) -> bool:
        """Whether there is something to choose."""
        return self.change != Change.HERE

    @property
    def proposed(self) -> str:
        """The proposed choice: ``file``, ``ours``, or empty if a person must choose."""
        if self.change in {Change.ADDED, Change.FILE}:
            return "file"
        return "" if self.change == Change.BOTH else "ours"


_OF_RECOMMENDATION: dict[str, Callable[[FileRecommendation], Any]] = {
    "recommendation": lambda recommendation: recommendation.text,
    "leads": lambda recommendation: recommendation.leads,
    "monitoring": lambda recommendation: recommendation.monitoring,
    "measures": lambda recommendation: recommendation.measures,
    "partnership_focus": lambda recommendation: recommendation.partnership_focus,
    "link_plans": lambda recommendation: recommendation.link_plans,
    "boards": lambda recommendation: recommendation.boards,
    "impact": lambda recommendation: recommendation.impact,
}
_OF_ACTION: dict[str, Callable[[FileAction], Any]] = {
    "ref": lambda action: action.ref,
    "action": lambda action: action.text,
    "owners": lambda action: action.owners,
    "timescale": lambda action: action.timescale.text,
    "note": lambda action: action.note,
}


def differences(
    ours: Sequence[OurRecommendation],
    theirs: Sequence[FileRecommendation],
    base: Sequence[FileRecommendation],
    columns: Collection[str] | None = None,
) -> list[ItemDifference]:
    """Return every difference in the file's order; items that the file no longer has come last.

    Withdrawn items are not compared. Without an earlier file (``base`` empty), a person decides on each value that
    differs. ``columns`` are the fields that the file has a column for: an empty value of any other field is no
    difference. Nor is a reference that we counted, because one more row in the file would shift all that follow.
    """
    differing: list[ItemDifference] = []
    silent = frozenset({*_OF_RECOMMENDATION, *_OF_ACTION} - set(columns)) if columns is not None else frozenset[str]()
    pairs = _paired(ours, theirs, base, lambda our: our.says, _same_recommendation)
    for our, their, was in pairs:
        if our is None and their is not None:
            differing.append(
                ItemDifference(Change.ADDED, their.number, "", "", "", their.text, file_recommendation=their)
            )
        elif our is not None and their is None:
            if was is not None and not our.standing.withdrawn:
                differing.append(ItemDifference(Change.REMOVED, our.says.number, "", "", our.says.text, "", our))
        elif our is not None and their is not None and not our.standing.withdrawn:
            differing.extend(_of_recommendation(our, their, was, silent))
    return differing


def _of_recommendation(
    our: OurRecommendation, their: FileRecommendation, was: FileRecommendation | None, silent: Collection[str]
) -> Iterator[ItemDifference]:
    for name, value in _OF_RECOMMENDATION.items():
        if name in silent and not value(their):
            continue
        change = _change(value(our.says), value(their), value(was) if was else None)
        if change:
            yield ItemDifference(
                change,
                our.says.number,
                "",
                name,
                ours=_words(value(our.says)),
                theirs=_words(value(their)),
                recommendation=our,
                file_recommendation=their,
            )
    pairs = _paired(our.actions, their.actions, was.actions if was else (), lambda mine: mine.says, _same_action)
    for mine, file, before in pairs:
        if mine is None and file is not None:
            yield ItemDifference(Change.ADDED, our.says.number, file.ref, "", "", file.text, our, file_action=file)
        elif mine is not None and file is None:
            if before is not None and not mine.standing.withdrawn:
                yield ItemDifference(Change.REMOVED, our.says.number, mine.says.ref, "", mine.says.text, "", our, mine)
        elif mine is not None and file is not None and not mine.standing.withdrawn:
            yield from _of_action(our, mine, file, before, silent)


def _of_action(
    our: OurRecommendation, mine: OurAction, file: FileAction, before: FileAction | None, silent: Collection[str]
) -> Iterator[ItemDifference]:
    for name, value in _OF_ACTION.items():
        if (name in silent and not value(file)) or (name == "ref" and not file.own_ref):
            continue
        change = _change(value(mine.says), value(file), value(before) if before else None)
        if name == "note":  # a note is added and never replaces one; the plan keeps its own beside it
            note = _plain(file.note)
            known = {
                _plain(known_note)
                for known_note in (mine.says.note, before.note if before else "", *mine.standing.notes)
            }
            change = Change.FILE if note and note not in known else None
        elif name == "timescale" and _plain(mine.standing.asked_words) == _plain(value(file)):
            change = None
        if change:
            yield ItemDifference(
                change,
                our.says.number,
                mine.says.ref,
                name,
                ours=_words(value(mine.says)),
                theirs=_words(value(file)),
                recommendation=our,
                action=mine,
                file_action=file,
            )


def _change(ours: Any, theirs: Any, base: Any) -> Change | None:
    mine, file = _plain(ours), _plain(theirs)
    if mine == file:
        return None
    if base is None:
        return Change.BOTH
    was = _plain(base)
    if file == was:
        return Change.HERE
    return Change.FILE if mine == was else Change.BOTH


def _plain(value: Any) -> str:
    """Return a value made comparable: spaces, line breaks and characters that no export prints do not count."""
    return one_line(_words(value))


def _words(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(value)


Ours = TypeVar("Ours")
Theirs = TypeVar("Theirs", FileRecommendation, FileAction)


def _paired(
    ours: Sequence[Ours],
    theirs: Sequence[Theirs],
    base: Sequence[Theirs],
    says: Callable[[Ours], Theirs],
    same: Sequence[Callable[[Theirs, Theirs], bool]],
) -> list[tuple[Ours | None, Theirs | None, Theirs | None]]:
    """Pair our items with theirs, through the base where both come from one of its items."""
    mine = [says(item) for item in ours]
    base_of_ours = _matched(mine, base, same)
    base_of_theirs = _matched(theirs, base, same)
    theirs_of_base = {was: their for their, was in base_of_theirs.items()}
    theirs_of_ours = {our: theirs_of_base[was] for our, was in base_of_ours.items() if was in theirs_of_base}
    left_ours = [our for our in range(len(mine)) if our not in theirs_of_ours]
    left_theirs = [their for their in range(len(theirs)) if their not in theirs_of_ours.values()]
    straight = _matched([mine[our] for our in left_ours], [theirs[their] for their in left_theirs], same)
    theirs_of_ours.update({left_ours[our]: left_theirs[their] for our, their in straight.items()})
    ours_of_theirs = {their: our for our, their in theirs_of_ours.items()}
    pairs: list[tuple[Ours | None, Theirs | None, Theirs | None]] = []
    for their, file in enumerate(theirs):
        our = ours_of_theirs.get(their)
        was = base_of_theirs.get(their, base_of_ours.get(our) if our is not None else None)
        pairs.append((ours[our] if our is not None else None, file, base[was] if was is not None else None))
    for place, item in enumerate(ours):
        if place not in theirs_of_ours:
            was = base_of_ours.get(place)
            pairs.append((item, None, base[was] if was is not None else None))
    return pairs


def _matched(
    some: Sequence[Theirs], others: Sequence[Theirs], same: Sequence[Callable[[Theirs, Theirs], bool]]
) -> dict[int, int]:
    """Match items to others by place: first by the surest feature, then by the next."""
    matches: dict[int, int] = {}
    for sign in same:
        taken = set(matches.values())
        free = [at for at in range(len(others)) if at not in taken]
        for at, item in enumerate(some):
            if at in matches:
                continue
            match = next((other for other in free if sign(item, others[other])), None)
            if match is not None:
                matches[at] = match
                free.remove(match)
    return matches


def _same_ref_and_text(action: FileAction, other: FileAction) -> bool:
    return action.ref == other.ref and _plain(action.text) == _plain(other.text)


def _same_text(action: FileAction, other: FileAction) -> bool:
    return _plain(action.text) == _plain(other.text)


def _same_ref(action: FileAction, other: FileAction) -> bool:
    if action.ref != other.ref:
        return False
    return likeness(_plain(action.text), _plain(other.text)) >= ALIKE


def _same_number(recommendation: FileRecommendation, other: FileRecommendation) -> bool:
    return recommendation.number == other.number


def _same_words(recommendation: FileRecommendation, other: FileRecommendation) -> bool:
    return _plain(recommendation.text) == _plain(other.text)


_same_action = (_same_ref_and_text, _same_text, _same_ref)
_same_recommendation = (_same_number, _same_words)

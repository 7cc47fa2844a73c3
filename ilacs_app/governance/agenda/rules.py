"""The pure rules of an agenda: what is on it, in which order, and what a chair or secretary can change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class AgendaKind(StrEnum):
    """Why an item is on the agenda, in the order in which the rules put them."""

    MINUTES = "minutes"
    MATTERS = "matters"
    DATE = "date"
    LATE = "late"
    EMBED = "embed"
    QUESTION = "question"
    DEEP_DIVE = "dive"
    REFERRED = "refer"


KIND_LABELS: Mapping[str, str] = {
    AgendaKind.MINUTES: "Minutes for approval",
    AgendaKind.MATTERS: "To note",
    AgendaKind.DATE: "Date change requested",
    AgendaKind.LATE: "Overdue, and no date change requested",
    AgendaKind.EMBED: "Verified, for acceptance as embedded",
    AgendaKind.QUESTION: "Question from the board",
    AgendaKind.DEEP_DIVE: "Deep dive",
    AgendaKind.REFERRED: "Referred by another board",
}
"""Each is as true after the board has decided as before: agendas and minutes of past meetings use the same labels."""
OF_MEETINGS = frozenset({AgendaKind.MINUTES, AgendaKind.MATTERS})
"""The items that are about an earlier meeting of the board: the number in their keys is its id."""
OPENING = ("Apologies and deputies", "Interests declared")
"""What every agenda begins with."""
OPENING_UNTIL_MINUTED: Mapping[str, str] = {
    AgendaKind.MINUTES: "Minutes of the last meeting",
    AgendaKind.MATTERS: "Matters arising",
}
"""What follows, where no item of this kind is on the agenda."""


class AgendaChange(StrEnum):
    """What can be done to an item of an agenda."""

    UP = "up"
    DOWN = "down"
    STRIKE = "strike"
    RESTORE = "restore"
    CLOSE = "close"
    OPEN = "open"


CHANGE_DONE: Mapping[str, str] = {
    AgendaChange.UP: "moved up",
    AgendaChange.DOWN: "moved down",
    AgendaChange.STRIKE: "struck from the agenda",
    AgendaChange.RESTORE: "back on the agenda",
    AgendaChange.CLOSE: "moved to the exempt part",
    AgendaChange.OPEN: "moved out of the exempt part",
}


About = tuple[int | None, int | None]
"""The id of an action, or of a recommendation."""
_NOTHING: About = (None, None)


@dataclass(frozen=True)
class AgendaFact:
    """Something that belongs on a board's agenda. ``key`` names it for as long as it is there.

    It is about an action or a recommendation, of which one id is set, or about minutes. ``why``: the line under its
    title. ``exempt``: it comes from the exempt part of an earlier meeting, of this board or the one that referred it.
    """

    key: str
    kind: AgendaKind
    title: str
    address: str
    why: str = ""
    action_id: int | None = None
    recommendation_id: int | None = None
    exempt: bool = False

    @property
    def label(self) -> str:
        return KIND_LABELS[self.kind]

    @property
    def is_question(self) -> bool:
        return self.kind == AgendaKind.QUESTION

    @property
    def about(self) -> About:
        """The id of the action or recommendation that it is about; of neither, if it is about an earlier meeting."""
        return self.action_id, self.recommendation_id

    @property
    def is_of_meeting(self) -> bool:
        """Whether it is about an earlier meeting of the board: its page is that of the minutes."""
        return self.kind in OF_MEETINGS


def id_in(key: str) -> int:
    """Return the id of what a key names: of a date change, action, question, decision or item of a deep dive."""
    return int(key.rpartition("-")[2])


def opening_of(kinds: Collection[str]) -> tuple[str, ...]:
    """Return the lines that an agenda with items of these kinds begins with."""
    return (*OPENING, *(text for kind, text in OPENING_UNTIL_MINUTED.items() if kind not in kinds))


def come_since(begun: Sequence[AgendaFact], now: Iterable[AgendaFact]) -> list[AgendaFact]:
    """Return what belongs on an agenda now and was not on it when the meeting began.

    An action whose date change is on the agenda is not there a second time because it is overdue, once the board has
    refused the change.
    """
    keys = {fact.key for fact in begun}
    requested = {fact.action_id for fact in begun if fact.kind == AgendaKind.DATE}
    return [
        fact
        for fact in now
        if fact.key not in keys and not (fact.kind == AgendaKind.LATE and fact.action_id in requested)
    ]


@dataclass(frozen=True)
class Arranged:
    """What someone changed of an item: its place in the whole agenda, and whether it is struck or exempt.

    ``opened``: they moved it out of the exempt part, in which it was without their doing.
    """

    key: str
    place: int | None = None
    struck: bool = False
    exempt: bool = False
    opened: bool = False


@dataclass(frozen=True)
class Earlier:
    """What was exempt at an earlier meeting of a board, or was opened there, and what it was about."""

    key: str
    exempt: bool
    action_id: int | None = None
    recommendation_id: int | None = None


@dataclass(frozen=True)
class ExemptItems:
    """What the exempt part of a meeting is about, by id, whether or not it is on the agenda today."""

    actions: frozenset[int] = frozenset()
    recommendations: frozenset[int] = frozenset()
    questions: frozenset[int] = frozenset()


def about_of(key: str, moved: Mapping[int, int], referred: Mapping[int, About], chosen: About) -> About:
    """Return what the item of an agenda with this key is about; nothing for a question, which stands for itself.

    ``moved``: the action of each request for a date, by its id. ``referred``: what each decision passed on.
    ``chosen``: what a deep dive is about.
    """
    kind = key.partition("-")[0]
    if kind in (AgendaKind.LATE, AgendaKind.EMBED):
        return id_in(key), None
    if kind == AgendaKind.DATE:
        return moved.get(id_in(key)), None
    return referred.get(id_in(key), _NOTHING) if kind == AgendaKind.REFERRED else chosen


def still_exempt(entries: Iterable[Earlier]) -> ExemptItems:
    """Return what is exempt after these changes of agendas, in the order of their meetings: the newest counts."""
    actions: dict[int, bool] = {}
    recommendations: dict[int, bool] = {}
    questions: dict[int, bool] = {}
    for entry in entries:
        if entry.key.startswith(f"{AgendaKind.QUESTION}-"):
            questions[id_in(entry.key)] = entry.exempt
        elif entry.action_id is not None:
            actions[entry.action_id] = entry.exempt
        elif entry.recommendation_id is not None:
            recommendations[entry.recommendation_id] = entry.exempt
    return ExemptItems(
        actions=frozenset(number for number, exempt in actions.items() if exempt),
        recommendations=frozenset(number for number, exempt in recommendations.items() if exempt),
        questions=frozenset(number for number, exempt in questions.items() if exempt),
    )


def carried(facts: Iterable[AgendaFact], earlier: Iterable[Earlier]) -> frozenset[str]:
    """Return the keys of those of these items that are exempt unless someone opens them.

    An item that was exempt at an earlier meeting of the board, and one about the same action or recommendation, is
    exempt again. ``earlier`` are in the order of their meetings: the newest counts. What was exempt as a question says
    nothing of the item that the question is about.
    """
    keys: dict[str, bool] = {}
    subjects: dict[About, bool] = {}
    for entry in earlier:
        keys[entry.key] = entry.exempt
        about = (entry.action_id, entry.recommendation_id)
        if about != _NOTHING and not entry.key.startswith(f"{AgendaKind.QUESTION}-"):
            subjects[about] = entry.exempt
    return frozenset(fact.key for fact in facts if fact.exempt or keys.get(fact.key, subjects.get(fact.about, False)))


def with_carried(arranged: Iterable[Arranged], keys: Iterable[str]) -> list[Arranged]:
    """Return what was changed in an agenda, with these items exempt where no one opened them."""
    entries = {entry.key: entry for entry in arranged}
    for key in keys:
        entry = entries.get(key, Arranged(key))
        entries[key] = replace(entry, exempt=entry.exempt or not entry.opened)
    return list(entries.values())


def with_the_same_subject(arranged: Iterable[Arranged], facts: Collection[AgendaFact]) -> list[Arranged]:
    """Return what was changed in an agenda, with everything exempt that is about an exempt action or recommendation.

    Questions about it are exempt too, though what is exempt as a question says nothing of the item that it is about.
    What someone opened stays open.
    """
    entries = {entry.key: entry for entry in arranged}
    subjects = {fact.about for fact in facts if not fact.is_question and entries.get(fact.key, Arranged("")).exempt}
    same = [fact.key for fact in facts if fact.about in subjects - {_NOTHING}]
    return with_carried(entries.values(), same)


@dataclass(frozen=True)
class Agenda:
    """A meeting's items in their order: for everyone, in the exempt part, and struck."""

    items: tuple[AgendaFact, ...]
    exempt: tuple[AgendaFact, ...]
    struck: tuple[AgendaFact, ...]
    order: tuple[str, ...]
    """The keys of them all, in the order of the whole agenda."""


def agenda_of(facts: Iterable[AgendaFact], arranged: Iterable[Arranged]) -> Agenda:
    """Return the agenda that the rules and the changes of its chair and secretary make; each item is there once.

    What no one placed follows the item that it follows by the rules.
    """
    by_kind = {kind: number for number, kind in enumerate(AgendaKind)}
    by_key = {fact.key: fact for fact in sorted(facts, key=lambda fact: by_kind[fact.kind])}
    changed = {entry.key: entry for entry in arranged}
    order = _ordered(list(by_key), changed)
    parts: dict[str, list[AgendaFact]] = {"items": [], "exempt": [], "struck": []}
    for key in order:
        entry = changed.get(key, Arranged(key))
        parts["struck" if entry.struck else "exempt" if entry.exempt else "items"].append(by_key[key])
    return Agenda(**{name: tuple(part) for name, part in parts.items()}, order=tuple(order))


def _ordered(keys: Sequence[str], changed: Mapping[str, Arranged]) -> list[str]:
    places = {key: changed[key].place for key in keys if key in changed}
    placed = {key: place for key, place in places.items() if place is not None}
    order = sorted(placed, key=lambda key: (placed[key], keys.index(key)))
    for number, key in enumerate(keys):
        if key not in placed:
            before = keys[number - 1] if number else None
            order.insert(order.index(before) + 1 if before else 0, key)
    return order


def moved(agenda: Agenda, key: str, change: AgendaChange) -> tuple[str, ...]:
    """Return the order of the whole agenda after an item took the place of its neighbour in its part.

    The first of a part stays where it is when it is moved up, the last when it is moved down.
    """
    part = next((part for part in (agenda.items, agenda.exempt) if any(fact.key == key for fact in part)), ())
    keys = [fact.key for fact in part]
    if key not in keys:
        return agenda.order
    other = keys.index(key) + (-1 if change == AgendaChange.UP else 1)
    if not 0 <= other < len(keys):
        return agenda.order
    swapped = {key: keys[other], keys[other]: key}
    return tuple(swapped.get(each, each) for each in agenda.order)

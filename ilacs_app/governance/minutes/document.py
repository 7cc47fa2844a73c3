"""The document of a meeting's minutes, as its page and its Word file show it. Pure.

``minutes_to_json`` is how it is stored beside the Word file, and ``minutes_from_json`` reads it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

from ilacs_app.governance.decisions.rules import mark_after
from ilacs_app.text import joined_with_and, sentence

UNRECORDED = "Not recorded"
"""What minutes say of someone whose attendance no one recorded."""


@dataclass(frozen=True)
class MinutesPerson:
    """Someone on the board: what is recorded of them, and the items of the agenda that they lead or own."""

    name: str
    role: str
    attended: str
    interest: str = ""
    items: tuple[str, ...] = ()

    @property
    def interests(self) -> str:
        """Return what they declared, and what of the agenda they lead or own, in words."""
        titles = joined_with_and([f"“{title.removesuffix('.')}”" for title in self.items])
        declared = sentence(self.interest) if self.interest else ""
        return " ".join(filter(None, (declared, f"Leads or owns {titles}." if titles else "")))


@dataclass(frozen=True)
class MinutesDecision:
    """A decision: ``Agreed: 31 August 2026``, and the words for the minutes. ``corrects`` is what it corrects."""

    label: str
    text: str = ""
    corrects: str = ""
    corrected: bool = False

    @property
    def mark(self) -> str:
        """What stands between the label and the words for the minutes."""
        return mark_after(self.label)


@dataclass(frozen=True)
class MinutesTask:
    """An action that arises: what is to be done, by whom and by when."""

    text: str
    owner: str
    due: str

    @property
    def says(self) -> str:
        return f"{sentence(self.text)} {self.owner}, by {self.due}."


@dataclass(frozen=True)
class MinutesMatter:
    """An action that arose at an earlier meeting, and what had become of it when the minutes were published.

    ``key`` names the item of that meeting's agenda from which it arose, and the ids say what it is about.
    """

    key: str
    text: str
    owner: str
    due: str
    outcome: str
    action_id: int | None = None
    recommendation_id: int | None = None
    exempt: bool = False

    @property
    def line(self) -> str:
        """All of it after its heading, as a sentence."""
        return f"{self.text} {self.owner}, by {self.due}. {self.outcome}."


@dataclass(frozen=True)
class MinutesItem:
    """An item of the agenda. ``key`` names it, and one of the ids says what it is about.

    ``people`` are its owners, else its leads: ``Owner: Head of Permanence``. Minutes published before it was recorded
    have none.
    """

    key: str
    number: int
    title: str
    label: str
    why: str
    decisions: tuple[MinutesDecision, ...] = ()
    tasks: tuple[MinutesTask, ...] = ()
    action_id: int | None = None
    recommendation_id: int | None = None
    exempt: bool = False
    people: str = ""
    matters: tuple[MinutesMatter, ...] = ()

    @property
    def line(self) -> str:
        """The line under its title: why it was on the agenda, and whose it is."""
        return ". ".join(filter(None, (self.label, self.why, self.people)))


@dataclass(frozen=True)
class MinutesDocument:
    """The minutes of a meeting; ``on_day`` is its day in ISO 8601.

    ``published`` says which version it is, who published it and when.
    """

    council: str
    board: str
    meeting: str
    place: str
    on_day: str
    quorum: str
    published: str
    people: tuple[MinutesPerson, ...]
    items: tuple[MinutesItem, ...]

    @property
    def title(self) -> str:
        return f"{self.board}: minutes of {self.meeting}"

    @property
    def open_items(self) -> tuple[MinutesItem, ...]:
        """The items that everyone may read who sees what they are about."""
        return tuple(item for item in self.items if not item.exempt)

    @property
    def exempt_items(self) -> tuple[MinutesItem, ...]:
        return tuple(item for item in self.items if item.exempt)

    @property
    def declared(self) -> tuple[MinutesPerson, ...]:
        """Those who declared an interest, or lead or own an item."""
        return tuple(person for person in self.people if person.interest or person.items)

    @property
    def recorded(self) -> tuple[object, ...]:
        """What was recorded at the meeting, whatever people, items and boards are called and who owns them since."""
        came = sorted((person.attended, person.interest) for person in self.people if person.attended != UNRECORDED)
        items = sorted(
            (item.key, item.exempt, item.decisions, tuple(task.text for task in item.tasks)) for item in self.items
        )
        return (tuple(came), tuple(items))

    def only(self, keys: Collection[str]) -> MinutesDocument:
        """Return the document with these items alone, and no other named beside the people."""
        items = tuple(item for item in self.items if item.key in keys)
        named = {item.title for item in items}
        people = tuple(
            replace(person, items=tuple(title for title in person.items if title in named)) for person in self.people
        )
        return replace(self, items=items, people=people)

    def without_exempt(self) -> MinutesDocument:
        """Return the document without its exempt part, and without what arose from exempt items of the last meeting."""
        return self.only([item.key for item in self.open_items]).with_matters(lambda _, matter: not matter.exempt)

    @property
    def matters(self) -> tuple[MinutesMatter, ...]:
        """The actions arising of the last meeting."""
        return tuple(matter for item in self.items for matter in item.matters)

    def with_matters(self, shows: Callable[[MinutesItem, MinutesMatter], bool]) -> MinutesDocument:
        """Return the document with those of its matters arising that ``shows`` is true of."""
        items = tuple(
            replace(item, matters=tuple(matter for matter in item.matters if shows(item, matter)))
            for item in self.items
        )
        return replace(self, items=items)

    def says_the_same(self, other: MinutesDocument) -> bool:
        """Return whether two differ in nothing but who published them and when."""
        return replace(self, published="") == replace(other, published="")


def minutes_to_json(document: MinutesDocument) -> bytes:
    """Return the document as UTF-8 JSON; the same document gives the same bytes."""
    return (json.dumps(asdict(document), ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def minutes_from_json(content: bytes) -> MinutesDocument:
    """Return the document that ``minutes_to_json`` wrote."""
    values: dict[str, Any] = json.loads(content)
    return MinutesDocument(
        **{
            **values,
            "people": tuple(MinutesPerson(**{**row, "items": tuple(row["items"])}) for row in values["people"]),
            "items": tuple(_item(row) for row in values["items"]),
        }
    )


def _item(row: dict[str, Any]) -> MinutesItem:
    decisions = tuple(MinutesDecision(**decision) for decision in row["decisions"])
    tasks = tuple(MinutesTask(**task) for task in row["tasks"])
    matters = tuple(MinutesMatter(**matter) for matter in row.get("matters", ()))
    return MinutesItem(**{**row, "decisions": decisions, "tasks": tasks, "matters": matters})

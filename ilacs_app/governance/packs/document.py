"""The document of a pack: what a board is given before a meeting, fixed, and drawn in the same way in every format.

Pure. A document is a head and sections of blocks. ``to_json`` is how it is stored, and ``document_in`` reads it again:
its page is drawn from that, and a later day is compared with its state.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PackLine:
    """A line of a cell, after its label if it has one. ``strong``: the line is printed bold."""

    text: str
    label: str = ""
    strong: bool = False


@dataclass(frozen=True)
class PackCell:
    """A cell of a table: its lines, below the rating if it shows one, which is a name in ``plan.rules.TAG_WORDS``."""

    lines: tuple[PackLine, ...] = ()
    rating: str = ""


@dataclass(frozen=True)
class PackTable:
    """A table whose first column names each row. ``shares`` are the widths of the columns, in proportion."""

    caption: str
    headings: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[tuple[PackCell, ...], ...]
    kind: str = "table"

    @property
    def names_rows_in_words(self) -> bool:
        """Whether its first column holds more than a reference."""
        return max(self.shares) < 5 * min(self.shares)


@dataclass(frozen=True)
class PackParagraph:
    text: str
    kind: str = "paragraph"


@dataclass(frozen=True)
class PackHeading:
    """A heading below that of the section. ``id``: points of lists can lead to it as they do to a section."""

    text: str
    id: str = ""
    kind: str = "heading"


@dataclass(frozen=True)
class PackPoint:
    """A point of a list. ``to`` is the id of the section or heading that it leads to, and ``to_title`` its title."""

    text: str
    to: str = ""
    to_title: str = ""


@dataclass(frozen=True)
class PackList:
    points: tuple[PackPoint, ...]
    numbered: bool = False
    kind: str = "list"


@dataclass(frozen=True)
class PackNumber:
    number: int
    label: str


@dataclass(frozen=True)
class PackNumbers:
    """Numbers beside each other, each with its label below."""

    numbers: tuple[PackNumber, ...]
    kind: str = "numbers"


@dataclass(frozen=True)
class PackBar:
    """How many actions have each rating, in the order of the ratings."""

    counts: tuple[tuple[str, int], ...]
    kind: str = "bar"


PackBlock = PackTable | PackParagraph | PackHeading | PackList | PackNumbers | PackBar


@dataclass(frozen=True)
class PackSection:
    id: str
    title: str
    blocks: tuple[PackBlock, ...]


@dataclass(frozen=True)
class PackHead:
    """The head of a pack. ``as_at`` is the UTC instant whose record it shows, and ``as_at_words`` the same.

    ``meeting`` is the day and time of the meeting in words.
    """

    council: str
    plans: str
    board: str
    meeting: str
    place: str
    as_at: datetime
    as_at_words: str
    published_by: str
    number: int
    covers: str

    @property
    def title(self) -> str:
        return f"{self.board}: papers for {self.meeting}"

    @property
    def foot(self) -> str:
        """What stands at the foot of each page, above ``as_at_words``."""
        return f"{self.board}, {self.meeting}"

    @property
    def fixed(self) -> str:
        """When and by whom it was fixed, and which version it is, as a sentence."""
        again = f" Version {self.number}." if self.number > 1 else ""
        return f"As at {self.as_at_words}. Published by {self.published_by}.{again}"


@dataclass(frozen=True)
class StateItem:
    """An action as a pack knew it, in the words of the pack. ``update_id`` is its newest note, 0 without one."""

    id: int
    ref: str
    text: str
    rating: str
    status: str
    due: str
    request: str
    update_id: int
    update: str
    exempt: bool = False


@dataclass(frozen=True)
class StateQuestion:
    """A board's question as a pack knew it. ``about`` is its item: ``Action 5.3``."""

    id: int
    about: str
    question: str
    state: str
    answers: int
    exempt: bool = False


@dataclass(frozen=True)
class PackState:
    """What a later day is compared with."""

    items: tuple[StateItem, ...]
    questions: tuple[StateQuestion, ...]


@dataclass(frozen=True)
class PackDocument:
    """A pack: everything that its formats show."""

    head: PackHead
    sections: tuple[PackSection, ...]
    state: PackState

    @property
    def exempt(self) -> bool:
        """Whether it has an exempt part, which only members of the board may read."""
        return any(section.id == "exempt" for section in self.sections)


def to_json(document: PackDocument) -> bytes:
    """Return the document as UTF-8 JSON; the same document gives the same bytes."""
    content = asdict(document)
    content["head"]["as_at"] = document.head.as_at.isoformat()
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def document_in(stored: bytes) -> PackDocument:
    """Return the document that ``to_json`` wrote."""
    content: Mapping[str, Any] = json.loads(stored)
    head = dict(content["head"])
    head["as_at"] = datetime.fromisoformat(head["as_at"])
    state = content["state"]
    return PackDocument(
        PackHead(**head),
        tuple(
            PackSection(section["id"], section["title"], tuple(_block_in(block) for block in section["blocks"]))
            for section in content["sections"]
        ),
        PackState(
            tuple(StateItem(**item) for item in state["items"]),
            tuple(StateQuestion(**question) for question in state["questions"]),
        ),
    )


def _block_in(stored: Mapping[str, Any]) -> PackBlock:
    match stored["kind"]:
        case "table":
            return PackTable(
                stored["caption"],
                tuple(stored["headings"]),
                tuple(stored["shares"]),
                tuple(tuple(_cell_in(cell) for cell in row) for row in stored["rows"]),
            )
        case "list":
            return PackList(tuple(PackPoint(**point) for point in stored["points"]), stored["numbered"])
        case "numbers":
            return PackNumbers(tuple(PackNumber(**number) for number in stored["numbers"]))
        case "bar":
            return PackBar(tuple((brag, count) for brag, count in stored["counts"]))
        case "heading":
            return PackHeading(stored["text"], stored.get("id", ""))
        case _:
            return PackParagraph(stored["text"])


def _cell_in(stored: Mapping[str, Any]) -> PackCell:
    return PackCell(tuple(PackLine(**line) for line in stored["lines"]), stored["rating"])


def with_texts(sections: Sequence[PackSection], change: Callable[[str], str]) -> tuple[PackSection, ...]:
    """Return the sections with each text below their titles changed, in the order in which they are read.

    Captions and headings of columns and numbers stay as they are.
    """
    return tuple(
        replace(section, blocks=tuple(_changed(block, change) for block in section.blocks)) for section in sections
    )


def _changed(block: PackBlock, change: Callable[[str], str]) -> PackBlock:
    match block:
        case PackTable():
            return replace(block, rows=tuple(tuple(_cell(cell, change) for cell in row) for row in block.rows))
        case PackParagraph():
            return replace(block, text=change(block.text))
        case PackList():
            return replace(block, points=tuple(replace(point, text=change(point.text)) for point in block.points))
        case _:
            return block


def _cell(cell: PackCell, change: Callable[[str], str]) -> PackCell:
    return replace(cell, lines=tuple(replace(line, text=change(line.text)) for line in cell.lines))


def texts_of(sections: Sequence[PackSection]) -> list[str]:
    """Return each text that ``with_texts`` changes, in order."""
    texts: list[str] = []

    def keep(text: str) -> str:
        texts.append(text)
        return text

    with_texts(sections, keep)
    return texts

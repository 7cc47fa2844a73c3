"""The documents of a pack, from what it is made of: for everyone who may read it, and with the exempt part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ilacs_app.clock import london_day
from ilacs_app.dates import clock_time, long_date, short_date
from ilacs_app.governance.challenges.rules import ChallengeState
from ilacs_app.governance.packs.cells import question_about, rating_in_words
from ilacs_app.governance.packs.contents import PackMaterial, glossary_of
from ilacs_app.governance.packs.document import (
    PackBlock,
    PackCell,
    PackDocument,
    PackHead,
    PackHeading,
    PackLine,
    PackList,
    PackParagraph,
    PackSection,
    PackState,
    PackTable,
    StateItem,
    StateQuestion,
    with_texts,
)
from ilacs_app.governance.packs.position import SECTION_TITLES
from ilacs_app.governance.packs.rules import Expanded, expanded
from ilacs_app.governance.packs.sections import sections_of
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.rules import STATUS_WORDS, TAG_MEANINGS
from ilacs_app.text import joined_with_and, many, printable


@dataclass(frozen=True)
class PackDocuments:
    """The documents of a pack: for everyone who may read it, and with the exempt part, where there is one.

    ``unexplained`` are the abbreviations that no glossary explains.
    """

    shown: PackDocument
    exempt: PackDocument | None
    unexplained: tuple[str, ...]

    @property
    def whole(self) -> PackDocument:
        return self.exempt or self.shown


def pack_documents(material: PackMaterial, *, published_by: str, number: int) -> PackDocuments:
    """Return what is published: ``number`` says which version of the meeting's papers it is."""
    shown = sections_of(material, exempt=False)
    parts = sections_of(material, exempt=True)
    apart = _exempt_blocks(parts)
    head, state = _head(material, published_by, number), pack_state(material)
    open_document, unexplained = _finished(material, head, shown, state)
    if not apart:
        return PackDocuments(open_document, None, unexplained)
    members = PackParagraph("Only the chair, secretary and members of this board can read this part.")
    closed = PackSection("exempt", SECTION_TITLES["exempt"], (members, *apart))
    whole, unexplained = _finished(material, head, (*shown, closed), state)
    return PackDocuments(open_document, whole, unexplained)


def _exempt_blocks(sections: Sequence[PackSection]) -> tuple[PackBlock, ...]:
    """Return the sections of the exempt part, each under a heading with its title, to which its own points lead.

    Of the first page there is only what the board is asked to do, which has a heading.
    """
    ids = {section.id: f"exempt_{section.id}" for section in sections}
    blocks: list[PackBlock] = []
    for section in sections:
        if section.id != "position":
            blocks.append(PackHeading(section.title, ids[section.id]))
        blocks += (_leading_to(block, ids) for block in section.blocks)
    return tuple(blocks)


def _leading_to(block: PackBlock, ids: Mapping[str, str]) -> PackBlock:
    """Return a block whose points lead to these ids, and nowhere if theirs is not among them."""
    if not isinstance(block, PackList):
        return block
    return replace(block, points=tuple(replace(point, to=ids.get(point.to, "")) for point in block.points))


def _finished(
    material: PackMaterial, head: PackHead, sections: Sequence[PackSection], state: PackState
) -> tuple[PackDocument, tuple[str, ...]]:
    explained = expanded(with_texts(sections, printable), glossary_of(material.plans), names=(head.board, head.plans))
    key = _key(material, explained)
    document = PackDocument(head, (*explained.sections, *with_texts((key,), printable)), state)
    return document, explained.unexplained


def as_at_words(at: datetime) -> str:
    """Return an instant as a pack says it: ``14 May 2026 at 5pm``."""
    return f"{long_date(london_day(at))} at {clock_time(at)}"


def _head(material: PackMaterial, published_by: str, number: int) -> PackHead:
    recommendations = len({row.recommendation_id for row in material.rows})
    return PackHead(
        council=printable(material.council),
        plans=printable("; ".join(plan.title for plan in material.plans)),
        board=printable(material.board.name),
        meeting=material.meeting.day_and_time,
        place=printable(material.meeting.place),
        as_at=material.at,
        as_at_words=as_at_words(material.at),
        published_by=printable(published_by),
        number=number,
        covers=f"{many(recommendations, 'recommendation')}, {many(len(material.rows), 'action')}.",
    )


def _key(material: PackMaterial, explained: Expanded) -> PackSection:
    blocks: list[PackBlock] = [PackHeading("Ratings")]
    rows = tuple((PackCell(rating=tag), PackCell((PackLine(means),))) for tag, means in TAG_MEANINGS.items())
    blocks.append(PackTable("What the ratings mean", ("Rating", "What it means"), (35, 65), rows))
    for plan in material.plans:
        if plan.key:
            blocks.append(PackHeading(f"The council’s own words: {plan.title}"))
            blocks.append(_meanings("The council’s own words", ("Word", "What it means"), plan.key))
    blocks.append(PackHeading("Abbreviations"))
    if explained.used:
        pairs = [(letters, " or ".join(meanings)) for letters, meanings in explained.used.items()]
        blocks.append(_meanings("Abbreviations", ("Abbreviation", "Meaning"), pairs))
    if explained.unexplained:
        blocks.append(PackParagraph(f"The plan does not explain {joined_with_and(explained.unexplained)}."))
    elif not explained.used:
        blocks.append(PackParagraph("These papers use no abbreviations that need explaining."))
    return PackSection("key", SECTION_TITLES["key"], tuple(blocks))


def _meanings(caption: str, headings: tuple[str, str], pairs: Iterable[tuple[str, str]]) -> PackTable:
    rows = tuple((PackCell((PackLine(word, strong=True),)), PackCell((PackLine(means),))) for word, means in pairs)
    return PackTable(caption, headings, (35, 65), rows)


def pack_state(material: PackMaterial) -> PackState:
    """Return what a later day is compared with; of it, those who may not read the exempt part are told the rest."""
    requests = {wait.row.id: wait.asked.words for wait in material.waiting}
    items = tuple(_state_item(material, row, requests.get(row.id, "")) for row in material.rows)
    questions = tuple(
        StateQuestion(
            id=question.id,
            about=question_about(question, material),
            question=printable(question.question),
            state=question.label,
            answers=len(question.answers),
            exempt=material.hides(question),
        )
        for question in material.questions
        if question.state != ChallengeState.WITHDRAWN
    )
    return PackState(items, questions)


def _state_item(material: PackMaterial, row: ActionRow, request: str) -> StateItem:
    newest = material.newest_words.get(row.id)
    item = StateItem(
        id=row.id,
        ref=material.ref(row),
        text=printable(row.text),
        rating=rating_in_words(row),
        status=STATUS_WORDS[row.status],
        due=short_date(row.due_on) or printable(row.timescale_text) or "no date",
        request=printable(request),
        update_id=newest.newest_id if newest else 0,
        update=printable(newest.latest.line(help_open=row.help_open)) if newest else "",
    )
    return replace(item, exempt=True) if row.id in material.hidden else item

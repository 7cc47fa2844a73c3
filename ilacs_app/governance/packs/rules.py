"""The pure rules of packs: abbreviations at their first use, and what has changed since papers were published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ilacs_app.governance.packs.document import PackSection, PackState, StateItem, StateQuestion, texts_of, with_texts

_LETTERS = re.compile(r"(?<![\w&])[A-Z][A-Z&]{1,5}(?=s?\b)")
PLAIN_LETTERS = frozenset({"UK", "IT", "TBC", "NHS", "GP", "PDF"})
"""Abbreviations that need no explanation."""


def why_not_publish(on_day: date, cancelled_on: date | None, today: date) -> str:
    """Return why no papers can be published for a meeting, as a sentence; empty where they can."""
    if cancelled_on is not None:
        return "This meeting is cancelled. Publish papers for a later meeting."
    return "This meeting is over. Publish papers for a later meeting." if on_day < today else ""


@dataclass(frozen=True)
class Expanded:
    """Sections whose abbreviations are explained where they are first used.

    ``used`` are those of the glossary that occur, each with its meanings; ``unexplained`` those of no glossary.
    """

    sections: tuple[PackSection, ...]
    used: Mapping[str, tuple[str, ...]]
    unexplained: tuple[str, ...]


def expanded(
    sections: Sequence[PackSection], glossary: Mapping[str, Sequence[str]], *, names: Sequence[str] = ()
) -> Expanded:
    """Explain each abbreviation in brackets after its first use, unless the text there does so already.

    ``glossary`` has the meanings of each abbreviation. One with two meanings, in two plans, is not explained in the
    text. ``names`` stand at the head of the pack, as the board's: their abbreviations are in ``used``.
    """
    whole = "\n".join((*names, *texts_of(sections)))
    used = {letters: tuple(glossary[letters]) for letters in sorted(glossary) if _place(letters, whole)}
    explained: set[str] = set()

    def explain(text: str) -> str:
        for letters, meanings in used.items():
            if letters in explained or not (place := _place(letters, text)):
                continue
            explained.add(letters)
            if len(meanings) == 1 and not _explains(text, letters, meanings[0], place):
                text = f"{text[: place.end()]} ({meanings[0]}){text[place.end() :]}"
        return text

    unexplained = {
        letters
        for letters in _LETTERS.findall(whole)
        if letters not in glossary and letters not in PLAIN_LETTERS and f"({letters})" not in whole
    }
    return Expanded(with_texts(sections, explain), used, tuple(sorted(unexplained)))


def _place(letters: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<![\w&]){re.escape(letters)}(?:s(?!\w)|(?![\w&]))", text)


def _explains(text: str, letters: str, meaning: str, place: re.Match[str]) -> bool:
    """Return whether a text says in brackets what letters mean: ``LAC (looked after ...`` or ``... children (LAC)``."""
    after, before = text[place.end() :].lstrip(), text[: place.start()]
    opens = after.startswith("(") and after[1:].casefold().startswith(meaning[:4].casefold())
    return opens or (before.endswith("(") and text[place.end() :].startswith(")"))


def tells_of(state: PackState, actions: Collection[int], questions: Collection[int]) -> bool:
    """Return whether the open copy of papers tells of one of these actions or questions, by their ids.

    What was exempt when they were published is not in it. ``state`` is that of the whole papers.
    """
    shown = any(not item.exempt and item.id in actions for item in state.items)
    return shown or any(not question.exempt and question.id in questions for question in state.questions)


@dataclass(frozen=True)
class SheetLine:
    """An action or question that has changed since papers were published: which, and in what."""

    ref: str
    text: str
    says: tuple[str, ...]
    exempt: bool


def changed_since_papers(then: PackState, now: PackState) -> tuple[SheetLine, ...]:
    """Return what differs between two states, actions first, in the order of the later state; then what has left.

    What is exempt in either state is exempt in the answer.
    """
    return (*_items(then, now), *_questions(then, now))


def _items(then: PackState, now: PackState) -> Iterator[SheetLine]:
    before = {item.id: item for item in then.items}
    after = {item.id: item for item in now.items}
    for item in now.items:
        old = before.get(item.id)
        says = tuple(_of_item(old, item)) if old else ("New for this board",)
        if says:
            yield SheetLine(item.ref, item.text, says, item.exempt or bool(old and old.exempt))
    for item in then.items:
        if item.id not in after:
            yield SheetLine(item.ref, item.text, ("No longer with this board",), item.exempt)


def _of_item(old: StateItem, new: StateItem) -> Iterator[str]:
    if old.ref != new.ref:
        yield f"Number: {old.ref} → {new.ref}"
    if old.text != new.text:
        yield "Reworded"
    if old.status != new.status:
        yield f"Status: {old.status} → {new.status}"
    if old.rating != new.rating:
        yield f"Rating: {old.rating} → {new.rating}"
    if old.due != new.due:
        yield f"Date: {old.due} → {new.due}"
    if old.request != new.request:
        yield _of_request(old.request, new.request)
    if old.update_id != new.update_id:
        yield f"Update: {new.update}" if new.update else "Update"


def _of_request(old: str, new: str) -> str:
    if new:
        return f"Date change requested: to {new}"
    return f"Date change to {old} no longer needs a decision"


def _questions(then: PackState, now: PackState) -> Iterator[SheetLine]:
    before = {question.id: question for question in then.questions}
    after = {question.id for question in now.questions}
    for question in now.questions:
        old = before.get(question.id)
        says = tuple(_of_question(old, question)) if old else ("New question",)
        if says:
            exempt = question.exempt or bool(old and old.exempt)
            yield SheetLine(question.about, question.question, says, exempt)
    for question in then.questions:
        if question.id not in after:
            yield SheetLine(
                question.about, question.question, ("Withdrawn, or no longer with this board",), question.exempt
            )


def _of_question(old: StateQuestion, new: StateQuestion) -> Iterator[str]:
    if old.answers != new.answers:
        yield "Answered" if new.answers > old.answers else "Answer removed"
    if old.state != new.state:
        yield f"{old.state} → {new.state}"

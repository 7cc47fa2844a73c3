"""A plan read as a critical friend would before it is submitted: is it specific, measured, owned and dated? Pure.

A quiet list with places and reasons, never a gate and never a score.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ilacs_app.dates import MONTHS, long_date
from ilacs_app.personal_data import names_a_child
from ilacs_app.plan.parsing.timescales import Kind
from ilacs_app.plan.plan_file import FileAction, FileRecommendation, PlanFile
from ilacs_app.text import plain

MOST_DUE_IN_A_MONTH = 8
NOTHING = frozenset({"", "n/a", "na", "none", "-", "tbc"})
# How an action begins that can be done for ever without anything having changed.
VAGUE = (
    "explore",
    "consider",
    "continue",
    "look at",
    "look into",
    "support",
    "promote",
    "encourage",
    "raise awareness",
    "seek to",
    "aim to",
    "work towards",
    "ensure",
    "improve",
    "strengthen",
    "develop",
    "liaise",
    "discuss",
)
KNOWN_LETTERS = frozenset({"UK", "IT", "TBC", "NHS", "GP"})
_VAGUE = re.compile(rf"(?:(?:we will|to)\s+)?(?:{'|'.join(VAGUE)})\b", re.IGNORECASE)
_LETTERS = re.compile(r"\b[A-Z][A-Z&]{1,5}s?\b")
_BASELINE = re.compile(r"\b(?:from|baseline|currently|was|were|now at)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Remark:
    """What a reader would ask. ``number`` is the recommendation, ``ref`` the action or empty."""

    kind: str
    number: str
    ref: str
    says: str
    why: str
    do: str

    @property
    def at(self) -> str:
        """``Action 3.4``, ``Recommendation 3`` or ``The plan``."""
        if self.ref:
            return f"Action {self.ref}"
        return f"Recommendation {self.number}" if self.number else "The plan"

    def to_json(self) -> dict[str, str]:
        return {
            "kind": self.kind,
            "recommendation": self.number,
            "action": self.ref,
            "says": self.says,
            "why": self.why,
            "do": self.do,
        }


def critique(
    plan: PlanFile,
    dated_on: date,
    *,
    doubtful: Collection[str] = (),
    glossary: Mapping[str, str] | None = None,
    linked: Collection[str] = (),
) -> tuple[Remark, ...]:
    """Every remark, recommendation by recommendation; what is of the whole plan comes last.

    ``doubtful`` are the references whose completion is after the plan's own date or after today; ``linked`` those under
    which an action stands again that stands before.
    """
    remarks: list[Remark] = []
    if not plan.recommendations:
        says = "It holds no recommendation yet."
        remarks.append(
            Remark("empty", "", "", says, "There is nothing to check.", "Bring a plan in, or add the first.")
        )
    for one in plan.recommendations:
        remarks += _of_recommendation(one)
        for action in one.actions:
            remarks += _of_action(one, action, dated_on, action.ref in doubtful)
    return (*remarks, *_twice(plan, linked), *_too_much(plan, linked), *_letters(plan, glossary or {}))


def _said(words: Collection[str]) -> bool:
    return any(plain(word) not in NOTHING for word in words)


def _of_recommendation(one: FileRecommendation) -> Iterator[Remark]:
    n = one.number
    if not _said(one.leads):
        yield Remark("lead", n, "", "Nobody leads it.", "Nobody can be asked.", "Name an accountable lead.")
    if not _said(one.boards):
        yield Remark("board", n, "", "No board holds it to account.", "Nobody asks.", "Choose its lead board.")
    if not _said(one.measures):
        yield Remark(
            "measure", n, "", "It has no measure.", "Nobody can show that it worked.", "Say what will be counted."
        )
    elif not any(char.isdigit() for words in one.measures for char in words):
        says = "None of its measures has a number."
        yield Remark("target", n, "", says, "A target without a number is never missed.", "Write how many, by when.")
    elif not any(_BASELINE.search(words) for words in one.measures):
        says = "Its measures say where it is going and not where it began."
        yield Remark("baseline", n, "", says, "Without a baseline nobody sees a change.", "Add the figure of today.")
    if not one.actions:
        yield Remark("actions", n, "", "It has no action.", "Nothing will happen by itself.", "Add what will be done.")
    if plain(one.impact) in NOTHING:
        says = "It does not say what will be different for children."
        yield Remark("impact", n, "", says, "Work can be done and change nothing.", "Write the impact wanted.")


def _of_action(one: FileRecommendation, action: FileAction, dated_on: date, doubtful: bool) -> Iterator[Remark]:
    n, ref, scale = one.number, action.ref, action.timescale
    if scale.kind in {Kind.NONE, Kind.NOT_UNDERSTOOD}:
        says = f"“{scale.text}” is no date." if scale.text else "It has no date."
        yield Remark("date", n, ref, says, "What has no date is never late.", "Give a day, or the end of a month.")
    elif scale.due_on and scale.due_on < dated_on:
        says = f"It is due on {long_date(scale.due_on)}, before the plan’s own date."
        yield Remark(
            "before", n, ref, says, "It is overdue from the first day.", "Correct the date, or say that it is done."
        )
    if not _said(action.owners) and not _said(one.leads):
        yield Remark("owner", n, ref, "Nobody owns it.", "Nobody will do it.", "Name an owner, or a lead above it.")
    vague = _VAGUE.match(action.text)
    if vague:
        says = f"It begins with “{vague[0]}”."
        yield Remark("vague", n, ref, says, "It can go on for ever.", "Say what will stand at its end.")
    if doubtful:
        says = "Its completion lies after the plan’s own date, or has no month."
        yield Remark(
            "completed", n, ref, says, "A reader will doubt the others too.", "Ask the lead which month is meant."
        )
    gave_away = next(filter(None, map(names_a_child, (action.text, action.note))), None)
    if gave_away:
        says = f"It looks as if it holds {gave_away}."
        yield Remark("child", n, ref, says, "A plan is published.", "Take it out, and say it without naming a child.")


def _twice(plan: PlanFile, linked: Collection[str]) -> Iterator[Remark]:
    first: dict[str, FileAction] = {}
    for one in plan.recommendations:
        for action in one.actions:
            known = first.setdefault(plain(action.text), action)
            if known is not action and action.ref not in linked:
                says = f"It has the same words as {known.ref}."
                yield Remark(
                    "twice", one.number, action.ref, says, "Two will report on one thing.", "Keep one, or link them."
                )


def _too_much(plan: PlanFile, linked: Collection[str]) -> Iterator[Remark]:
    due: dict[tuple[str, int, int], int] = defaultdict(int)
    for one in plan.recommendations:
        for action in one.actions:
            on = action.timescale.due_on
            for name in dict.fromkeys(action.owners or one.leads):
                if on and plain(name) not in NOTHING and action.ref not in linked:
                    due[name, on.year, on.month] += 1
    for (name, year, month), number in sorted(due.items(), key=lambda item: (item[0][1:], item[0][0])):
        if number > MOST_DUE_IN_A_MONTH:
            says = f"{name} has {number} actions due in {MONTHS[month - 1]} {year}."
            yield Remark(
                "too_much", "", "", says, "Some of them will slip.", "Spread the dates, or name further owners."
            )


def _letters(plan: PlanFile, glossary: Mapping[str, str]) -> Iterator[Remark]:
    """Acronyms that neither the glossary nor a text of the plan explains in brackets, each once."""
    texts = [(one.number, "", f"{one.text}\n{one.impact}") for one in plan.recommendations]
    texts += [(one.number, action.ref, action.text) for one in plan.recommendations for action in one.actions]
    whole = "\n".join(text for _, _, text in texts)
    seen: set[str] = set()
    for number, ref, text in texts:
        for found in _LETTERS.findall(text):
            word = found.rstrip("s")
            if word in seen or word in KNOWN_LETTERS or word in glossary or f"({word})" in whole or len(word) < 2:
                continue
            seen.add(word)
            says = f"“{word}” is not explained."
            yield Remark("letters", number, ref, says, "Families and members read the plan too.", "Write it out once.")

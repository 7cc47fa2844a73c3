"""The plan check: is each action specific, measured, owned and dated? Pure.

Returns suggestions with their place and reason; it never stops a plan and never gives a score.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ilacs_app.dates import MONTHS, long_date
from ilacs_app.personal_data import names_a_child
from ilacs_app.plan.parsing.timescales import Timing
from ilacs_app.plan.plan_file import FileAction, FileRecommendation, PlanFile
from ilacs_app.plan.rules import OPEN
from ilacs_app.text import plain

MOST_DUE_IN_A_MONTH = 8
_NOTHING = frozenset({"", "n/a", "na", "none", "-", "tbc"})
# Opening words of actions that have no clear end.
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
    """One suggestion. ``number`` is the recommendation; ``ref`` is the action, or empty."""

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
    """Return every suggestion by recommendation, then those about the whole plan.

    ``doubtful`` are references with a completion after the plan's date or after today. ``linked`` are the further
    references of linked actions.
    """
    remarks: list[Remark] = []
    if not plan.recommendations:
        says = "It has no recommendations yet."
        remarks.append(
            Remark("empty", "", "", says, "There is nothing to check.", "Import a plan, or add a recommendation.")
        )
    for recommendation in plan.recommendations:
        remarks += _of_recommendation(recommendation)
        for action in recommendation.actions:
            remarks += _of_action(recommendation, action, dated_on, action.ref in doubtful)
    return (*remarks, *_twice(plan, linked), *_too_much(plan, linked), *_letters(plan, glossary or {}))


def _said(texts: Collection[str]) -> bool:
    return any(plain(word) not in _NOTHING for word in texts)


def _of_recommendation(recommendation: FileRecommendation) -> Iterator[Remark]:
    n = recommendation.number
    if not _said(recommendation.leads):
        yield Remark("lead", n, "", "It has no lead.", "No one is accountable.", "Add an accountable lead.")
    if not _said(recommendation.boards):
        yield Remark("board", n, "", "It has no board.", "No one will review progress.", "Select a lead board.")
    if not _said(recommendation.measures):
        yield Remark(
            "measure", n, "", "It has no measure.", "You cannot show that it worked.", "Say what you will count."
        )
    elif not any(char.isdigit() for measure in recommendation.measures for char in measure):
        says = "None of its measures has a number."
        yield Remark(
            "target", n, "", says, "Without a number you cannot tell if it was met.", "Add a number and a date."
        )
    elif not any(_BASELINE.search(measure) for measure in recommendation.measures):
        says = "The measures have a target but no baseline."
        yield Remark("baseline", n, "", says, "You cannot show change without a baseline.", "Add today’s figure.")
    if not recommendation.actions:
        yield Remark("actions", n, "", "It has no actions.", "There is nothing to deliver it.", "Add an action.")
    if plain(recommendation.impact) in _NOTHING:
        says = "It does not say what will change for children."
        yield Remark(
            "impact", n, "", says, "Actions can be completed without changing anything.", "Enter the impact wanted."
        )


def _is_open(action: FileAction) -> bool:
    return action.status is None or action.status in OPEN


def _of_action(
    recommendation: FileRecommendation, action: FileAction, dated_on: date, doubtful: bool
) -> Iterator[Remark]:
    n, ref, scale = recommendation.number, action.ref, action.timescale
    if scale.kind in {Timing.NONE, Timing.NOT_UNDERSTOOD}:
        says = f"We could not read “{scale.text}” as a date." if scale.text else "It has no date."
        yield Remark("date", n, ref, says, "Without a date it can never be late.", "Enter a day or the end of a month.")
    elif scale.due_on and scale.due_on < dated_on and _is_open(action):
        says = f"It is due on {long_date(scale.due_on)}, before the date of the plan."
        yield Remark(
            "before", n, ref, says, "It is overdue from the first day.", "Correct the date, or mark it as done."
        )
    if not _said(action.owners) and not _said(recommendation.leads):
        yield Remark(
            "owner",
            n,
            ref,
            "It has no owner.",
            "No one is asked to do it.",
            "Add an owner, or a lead for the recommendation.",
        )
    vague = _VAGUE.match(action.text)
    if vague:
        says = f"It begins with “{vague[0]}”."
        yield Remark("vague", n, ref, says, "It has no clear end.", "Say what will be in place when it is done.")
    if doubtful:
        says = "Its completion is after the date of the plan, or has no month."
        yield Remark(
            "completed", n, ref, says, "Readers may doubt other completions.", "Ask the lead to confirm the month."
        )
    gave_away = next(filter(None, map(names_a_child, (action.text, action.note))), None)
    if gave_away:
        says = f"It may include {gave_away}."
        yield Remark("child", n, ref, says, "Plans are published.", "Reword it without details of a child.")


def _twice(plan: PlanFile, linked: Collection[str]) -> Iterator[Remark]:
    first: dict[str, FileAction] = {}
    for recommendation in plan.recommendations:
        for action in recommendation.actions:
            known = first.setdefault(plain(action.text), action)
            if known is not action and action.ref not in linked:
                says = f"It has the same words as {known.ref}."
                yield Remark(
                    "twice",
                    recommendation.number,
                    action.ref,
                    says,
                    "Two people would report on one action.",
                    "Remove one, or link them.",
                )


def _too_much(plan: PlanFile, linked: Collection[str]) -> Iterator[Remark]:
    due: dict[tuple[str, int, int], int] = defaultdict(int)
    for recommendation in plan.recommendations:
        for action in recommendation.actions:
            on = action.timescale.due_on
            for name in dict.fromkeys(action.owners or recommendation.leads):
                if on and plain(name) not in _NOTHING and action.ref not in linked:
                    due[name, on.year, on.month] += 1
    for (name, year, month), number in sorted(due.items(), key=lambda item: (item[0][1:], item[0][0])):
        if number > MOST_DUE_IN_A_MONTH:
            says = f"{name} has {number} actions due in {MONTHS[month - 1]} {year}."
            yield Remark("too_much", "", "", says, "Some may slip.", "Spread the dates, or add owners.")


def _letters(plan: PlanFile, glossary: Mapping[str, str]) -> Iterator[Remark]:
    """Acronyms that neither the glossary nor the plan itself explains, each once."""
    texts = [
        (recommendation.number, "", f"{recommendation.text}\n{recommendation.impact}")
        for recommendation in plan.recommendations
    ]
    texts += [
        (recommendation.number, action.ref, action.text)
        for recommendation in plan.recommendations
        for action in recommendation.actions
    ]
    whole = "\n".join(text for _, _, text in texts)
    seen: set[str] = set()
    for number, ref, text in texts:
        for letters in _LETTERS.findall(text):
            word = letters.rstrip("s")
            if word in seen or word in KNOWN_LETTERS or word in glossary or f"({word})" in whole or len(word) < 2:
                continue
            seen.add(word)
            says = f"“{word}” is not explained."
            yield Remark("letters", number, ref, says, "Families and councillors read the plan.", "Spell it out once.")

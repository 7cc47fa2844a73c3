"""The pure rules of a plan's state: draft, submitted, live, closed; one step on, or one step back with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STATE_WORDS: Mapping[str, str] = {
    "draft": "Draft",
    "submitted": "Submitted",
    "live": "Live",
    "closed": "Closed",
}


@dataclass(frozen=True)
class PlanMove:
    """A step of a plan: what a form calls it, and what it does. A step ``back`` needs a reason."""

    to: str
    label: str
    says: str
    back: bool = False


_STEPS: Mapping[str, tuple[PlanMove, ...]] = {
    "draft": (
        PlanMove(
            "submitted",
            "Submit the plan",
            "We keep the submitted wording, even if it is changed later. The plan is not included in totals or emails "
            "until it is live.",
        ),
    ),
    "submitted": (
        PlanMove("live", "Make the plan live", "Everyone with a role can see it. It counts in totals and emails."),
        PlanMove(
            "draft",
            "Move back to draft",
            "You can change the wording and the timescales again. The history keeps the submitted wording.",
            back=True,
        ),
    ),
    "live": (
        PlanMove(
            "closed",
            "Close the plan",
            "People can still view it. No one can update it, and it is left out of totals and emails.",
        ),
        PlanMove(
            "submitted",
            "Move back to submitted",
            "Only its managers can see it. It is left out of totals and emails.",
            back=True,
        ),
    ),
    "closed": (PlanMove("live", "Open the plan again", "It counts in totals and emails again.", back=True),),
}


def plan_moves(state: str) -> tuple[PlanMove, ...]:
    """The steps from here, the one on first."""
    return _STEPS[state]


def plan_move(state: str, to: str) -> PlanMove | str:
    """The step to ``to``, or the sentence that says why there is none."""
    for move in plan_moves(state):
        if move.to == to:
            return move
    if to == state:
        return f"The plan is {STATE_WORDS[state].lower()} already. Refresh the page to see what comes next."
    steps = " or ".join(f"“{move.label}”" for move in plan_moves(state))
    return (
        f"A plan that is {STATE_WORDS[state].lower()} cannot become {STATE_WORDS.get(to, to).lower()} in one step. "
        f"Select {steps}."
    )

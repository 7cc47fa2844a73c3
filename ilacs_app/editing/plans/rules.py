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
    words: str
    says: str
    back: bool = False


_STEPS: Mapping[str, tuple[PlanMove, ...]] = {
    "draft": (
        PlanMove(
            "submitted",
            "Submit the plan",
            "Its words of that day are kept when they are changed later. It is in no count and no letter until it is "
            "live.",
        ),
    ),
    "submitted": (
        PlanMove("live", "Make the plan live", "Everybody with a role reads it, and it is in each count and letter."),
        PlanMove(
            "draft",
            "Take it back to draft",
            "Its words can be changed without a trace of the submitted ones beside them; history keeps those.",
            back=True,
        ),
    ),
    "live": (
        PlanMove("closed", "Close the plan", "It can still be read. Nothing is written on it, counted or sent."),
        PlanMove("submitted", "Take it out of use", "Only its managers see it, and it is in no count.", back=True),
    ),
    "closed": (PlanMove("live", "Open the plan again", "It is in each count and letter again.", back=True),),
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
        return f"The plan is {STATE_WORDS[state].lower()} already."
    return f"A plan that is {STATE_WORDS[state].lower()} cannot become {STATE_WORDS.get(to, to).lower()} in one step."

"""The pure rules of progress: which status may become which, by whom, and what it takes (product rule 5, fact 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ilacs_app.access import Act, Standing, who_may
from ilacs_app.dates import last_day_of_month, long_date, month_year
from ilacs_app.plan.rules import DONE, OPEN, STATUS_WORDS, Status


class MoveKind(StrEnum):
    """What a status move is, for history and for the lists that look for it."""

    MOVE = "move"
    CLAIM = "claim"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"
    VERIFICATION = "verification"
    SLIP = "slip"
    PAUSE = "pause"
    WITHDRAWAL = "withdrawal"
    RETURN = "return"
    ACCEPTANCE = "acceptance"
    """The lead board accepts at a meeting that a verified action is embedded."""


TESTS = frozenset({MoveKind.VERIFICATION, MoveKind.SENT_BACK})


@dataclass(frozen=True)
class Position:
    """Where an action is before a move.

    ``proved``: a note and evidence were added since the last claim. ``month_unsure``: it is claimed, and the month of
    its completion is missing, in the future or later than the plan that it came with.
    """

    status: str
    status_before: str | None = None
    overdue: bool = False
    proved: bool = False
    month_unsure: bool = False


@dataclass(frozen=True)
class Move:
    """A legal move, and the fields that it needs."""

    to: str
    kind: MoveKind
    reason: bool = False
    month: bool = False
    review: bool = False

    @property
    def label(self) -> str:
        """What a form calls it."""
        return _FORM_WORDS.get(self.kind, STATUS_WORDS[self.to])


_FORM_WORDS: Mapping[MoveKind, str] = {
    MoveKind.SENT_BACK: "In progress (send back)",
    MoveKind.TAKEN_BACK: "In progress (not completed yet)",
}
_WORKING = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.PARTLY_COMPLETE)
_UPWARD: Mapping[str, tuple[str, ...]] = {
    Status.NOT_STARTED: (Status.IN_PROGRESS, Status.PARTLY_COMPLETE, Status.COMPLETED),
    Status.IN_PROGRESS: (Status.PARTLY_COMPLETE, Status.COMPLETED),
    Status.PARTLY_COMPLETE: (Status.IN_PROGRESS, Status.COMPLETED),
    Status.SLIPPED_BACK: (Status.IN_PROGRESS, Status.PARTLY_COMPLETE, Status.COMPLETED),
}


def moves(at: Position, who: Standing) -> list[Move]:
    """The moves open to this person from here, in the order of a form."""
    possible: list[Move] = []
    if who.may_write:
        for to in _UPWARD.get(at.status, ()):
            claim = to == Status.COMPLETED
            possible.append(Move(to, MoveKind.CLAIM if claim else MoveKind.MOVE, month=claim))
        if at.status in {Status.IN_PROGRESS, Status.PARTLY_COMPLETE}:
            possible.append(Move(Status.NOT_STARTED, MoveKind.MOVE, reason=True))
    if at.status == Status.COMPLETED:
        possible += _moves_of_a_claim(who)
    if at.status == Status.VERIFIED and who.at_meeting:
        possible.append(Move(Status.EMBEDDED, MoveKind.ACCEPTANCE))
    if at.status in {Status.VERIFIED, Status.EMBEDDED} and (who.may_verify or who.manager or who.governs):
        possible.append(Move(Status.SLIPPED_BACK, MoveKind.SLIP, reason=True))
    if who.manager or who.governs:
        if at.status in OPEN:
            if not at.overdue or who.governs:
                possible.append(Move(Status.PAUSED, MoveKind.PAUSE, reason=True, review=True))
            possible.append(Move(Status.WITHDRAWN, MoveKind.WITHDRAWAL, reason=True))
        if at.status in {Status.PAUSED, Status.WITHDRAWN} and at.status_before:
            possible.append(Move(at.status_before, MoveKind.RETURN, reason=True))
    return possible


def _moves_of_a_claim(who: Standing) -> list[Move]:
    if who.may_verify:
        return [
            Move(Status.VERIFIED, MoveKind.VERIFICATION, reason=True),
            Move(Status.IN_PROGRESS, MoveKind.SENT_BACK, reason=True),
        ]
    if who.claimed and who.may_write:
        return [Move(Status.IN_PROGRESS, MoveKind.TAKEN_BACK, reason=True)]
    return []


@dataclass(frozen=True)
class ClaimFacts:
    """What is known of a claim; ``month`` is the last day of the month that it names."""

    month: date | None
    imported: bool
    plan_dated_on: date
    has_note: bool
    has_evidence: bool


def claim_doubts(claim: ClaimFacts, today: date) -> list[str]:
    """Return what is missing from a claim or cannot be right, as sentences for whoever tests it."""
    doubts = []
    if claim.month is None:
        doubts.append("The month of completion is missing.")
    elif claim.month > last_day_of_month(today):
        doubts.append(f"The month of completion, {month_year(claim.month)}, is in the future.")
    elif claim.imported and claim.month > last_day_of_month(claim.plan_dated_on):
        dated = long_date(claim.plan_dated_on)
        doubts.append(f"The month of completion is {month_year(claim.month)}, but the imported plan is dated {dated}.")
    if not claim.has_note:
        doubts.append("There is no note about the completed work.")
    if not claim.has_evidence:
        doubts.append("There is no evidence of completion that you can see.")
    return doubts


def form_title(at: Position, who: Standing) -> str:
    """Return the title of an action's form for someone who may open it; its button says the same."""
    if who.may_write:
        return "Update this action"
    if who.may_verify and at.status in DONE:
        return "Verify this action" if at.status == Status.COMPLETED else "Verify again"
    return "Change the delivery status"


def why_not_open(at: Position, who: Standing) -> str:
    """Return why someone may neither write on an action nor move its status."""
    if who.verifier and at.status == Status.COMPLETED:
        return who_may(Act.VERIFY)
    return who_may(Act.WRITE)


def move_to(to: str, at: Position, who: Standing) -> Move | str:
    """The move to ``to``, or the sentence that says why it is refused and what to do instead."""
    for move in moves(at, who):
        if move.to == to:
            if move.kind == MoveKind.CLAIM and not at.proved:
                return (
                    "Before you can mark this as completed, add a note and evidence since the last time it was. "
                    "Then select Completed."
                )
            return move
    return _why_not(to, at, who)


def _why_not(to: str, at: Position, who: Standing) -> str:
    here, there = STATUS_WORDS[at.status], STATUS_WORDS.get(to, to)
    if to == at.status:
        return f"It is already {here.lower()}. Select another delivery status."
    if at.status == Status.COMPLETED and to in {Status.VERIFIED, Status.IN_PROGRESS}:
        return who_may(Act.VERIFY)
    if to == Status.PAUSED and at.overdue and who.manager:
        return "This action is overdue, so only its lead board can pause it. Ask the board at its next meeting."
    if to == Status.EMBEDDED:
        return "Only the lead board can decide that a verified action is embedded. It does so at a meeting."
    if to in {Status.PAUSED, Status.WITHDRAWN}:
        return f"Only the programme manager or the lead board can set {there.lower()}."
    if to == Status.SLIPPED_BACK and at.status in {Status.VERIFIED, Status.EMBEDDED}:
        return _MAY_SET_SLIPPED_BACK
    if at.status in {Status.PAUSED, Status.WITHDRAWN} and to == at.status_before:
        return _may_restore(here)
    if to in _WORKING and not who.may_write and at.status in OPEN:
        return _MAY_MOVE
    return f"You cannot change {here.lower()} to {there.lower()}. {_instead(at, who)}"


_MAY_SET_SLIPPED_BACK = "Only a verifier, the programme manager or the lead board can set slipped back."
_MAY_MOVE = "Only a lead, owner or contributor of this action, or the programme manager, can change its status."


def _may_restore(here: str) -> str:
    return f"Only the programme manager or the lead board can restore what is {here.lower()}."


def _instead(at: Position, who: Standing) -> str:
    """Return what someone can select instead, or else who can select something."""
    labels = [move.label for move in moves(at, who)]
    if labels:
        return f"You can select {' or '.join(filter(None, (', '.join(labels[:-1]), labels[-1])))}."
    if at.status == Status.COMPLETED:
        return who_may(Act.VERIFY)
    if at.status in DONE:
        return _MAY_SET_SLIPPED_BACK
    return _may_restore(STATUS_WORDS[at.status]) if at.status in {Status.PAUSED, Status.WITHDRAWN} else _MAY_MOVE

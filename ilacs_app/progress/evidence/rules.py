"""The pure rules of evidence: what became of the claim that a piece supports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ilacs_app.progress.status.rules import MoveKind


@dataclass(frozen=True)
class Outcome:
    """One move that has to do with a claim; ``at`` is a UTC instant."""

    kind: str
    at: datetime
    who: str


@dataclass(frozen=True)
class Verdict:
    """What became of the claim that a piece of evidence supports, and by whom and when (UTC)."""

    outcome: str
    who: str = ""
    at: datetime | None = None


NOT_CLAIMED = Verdict("Not yet used to support completion")
_ENDS = {
    MoveKind.VERIFICATION: "Verified",
    MoveKind.SENT_BACK: "Sent back",
    MoveKind.TAKEN_BACK: "Completion withdrawn",
}


def verdict_of(added_at: datetime, moves: Iterable[Outcome]) -> Verdict:
    """The verdict on the first claim that was made or tested after the piece was added.

    ``moves`` in the order in which they were made. A verified claim that no longer held says so.
    """
    verdict = NOT_CLAIMED
    for move in moves:
        if move.at < added_at:
            continue
        if move.kind == MoveKind.CLAIM and verdict is NOT_CLAIMED:
            verdict = Verdict("Completed, awaiting verification", move.who, move.at)
        elif move.kind in _ENDS and verdict.outcome != _ENDS[MoveKind.VERIFICATION]:
            verdict = Verdict(_ENDS[MoveKind(move.kind)], move.who, move.at)
            if move.kind != MoveKind.VERIFICATION:
                break
        elif move.kind == MoveKind.SLIP and verdict.outcome == _ENDS[MoveKind.VERIFICATION]:
            verdict = Verdict("Verified, then slipped back", move.who, move.at)
            break
    return verdict


EVIDENCE_KINDS: Mapping[str, str] = {
    "audit": "Audit",
    "data": "Data",
    "voice": "Voice of children and families",
    "staff": "Staff",
    "partner": "Partner",
    "external": "External",
}
SENSITIVITIES: Mapping[str, str] = {"open": "Open", "restricted": "Restricted"}

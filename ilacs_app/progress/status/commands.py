"""Moving the delivery status.

A move carries the version that was seen; it is in the UPDATE's WHERE, so of two moves made from the same version one
is refused.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from ilacs_app import clock
from ilacs_app.access import Standing
from ilacs_app.dates import last_day_of_month
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused
from ilacs_app.history import Author, record
from ilacs_app.plan.model import Action, ActionPlace
from ilacs_app.plan.rules import Status
from ilacs_app.plan.visibility import in_hand_of
from ilacs_app.progress.help.commands import end_help
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.progress.status.model import ClaimHolder, StatusMove
from ilacs_app.progress.status.rules import TESTS, Move, MoveKind, Position, move_to


@dataclass(frozen=True)
class StatusWish:
    """The move that someone asks for, from the version that they saw. ``month`` is any day of the month named.

    Of a test, ``sample`` is what was looked at, ``reason`` what it showed, ``tested_on`` the day; if empty, today.
    ``successor`` is the reference of the action that replaces a withdrawn one, if there is one.
    """

    to: str
    version: int
    reason: str = ""
    month: date | None = None
    review_on: date | None = None
    sample: str = ""
    tested_on: date | None = None
    successor: str = ""


class WrongMove(Refused):
    """A move lacks something, or something typed for it is wrong; ``field`` is that field of ``StatusWish``."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field


def stands_already(by: Author, action_id: int, note: NoteText) -> bool:
    """Return whether someone's newest note on an action has exactly this text."""
    newest = db.session.scalar(
        select(ProgressNote)
        .where(ProgressNote.action_id == action_id, ProgressNote.person_id == by.person_id)
        .order_by(ProgressNote.id.desc())
        .limit(1)
    )
    return newest is not None and all(getattr(newest, name) == value for name, value in asdict(note).items())


def move_status(
    by: Author,
    action_id: int,
    wish: StatusWish,
    at: Position,
    standing: Standing,
    *,
    meeting_id: int | None = None,
) -> None:
    """Move the delivery status. ``meeting_id`` is the meeting at which a board decided the move, if one did.

    Raises:
        Refused: the move is not legal for this person.
        WrongMove: something that it needs is missing or wrong; it names the field, and the message says what.
        Stale: someone else moved it since the version that was seen.
    """
    move = move_to(wish.to, at, standing)
    if isinstance(move, str):
        raise Refused(move)
    meant = _checked(wish, move, clock.today())
    beside = _beside(move.kind, at, by, meant) | _successor(action_id, move.kind, meant.successor)
    still = Action.status == at.status
    action = write_at(Action, action_id, wish.version, still, returning=[Action.plan_id], status=move.to, **beside)
    _keep_move(by, action_id, action.plan_id, at, move, meant, meeting_id)
    if move.kind == MoveKind.CLAIM:
        _keep_claim_holders(by, action_id)
        end_help(by, action_id, "marked as completed")


@dataclass(frozen=True)
class _MoveMeant:
    """What a move says, checked: only what a move of its kind takes. ``month`` is the last day of that month."""

    reason: str
    month: date | None
    review_on: date | None
    tested_on: date | None
    sample: str
    successor: str


def _checked(wish: StatusWish, move: Move, today: date) -> _MoveMeant:
    """Return what a wish says of this move.

    Raises:
        WrongMove: something that the move needs is missing or wrong.
    """
    if move.reason and not wish.reason:
        raise WrongMove("reason", "Enter what is missing." if move.kind == MoveKind.SENT_BACK else "Enter a reason.")
    month = _month_meant(wish, move, today)
    if move.review and (wish.review_on is None or wish.review_on <= today):
        raise WrongMove(
            "review_on", "Enter the date to review the pause. It must be in the future, like 31 March 2027."
        )
    tested = move.kind in TESTS or (move.kind == MoveKind.SLIP and bool(wish.sample))
    tested_on = (wish.tested_on or today) if tested else None
    if tested_on is not None and tested_on > today:
        raise WrongMove("tested_on", "The date you checked it must be today or in the past.")
    return _MoveMeant(
        reason=wish.reason,
        month=month,
        review_on=wish.review_on if move.review else None,
        tested_on=tested_on,
        sample=wish.sample if tested else "",
        successor=wish.successor if move.kind == MoveKind.WITHDRAWAL else "",
    )


def _month_meant(wish: StatusWish, move: Move, today: date) -> date | None:
    """The month of completion that a claim names or a verification confirms."""
    confirms = move.month or move.kind == MoveKind.VERIFICATION
    month = last_day_of_month(wish.month) if wish.month and confirms else None
    if move.month and month is None:
        raise WrongMove("month", "Select the month it was completed.")
    if month is not None and month > last_day_of_month(today):
        raise WrongMove("month", "Select a month that is not in the future.")
    return month


def _keep_move(
    by: Author,
    action_id: int,
    plan_id: int,
    at: Position,
    move: Move,
    meant: _MoveMeant,
    meeting_id: int | None,
) -> None:
    """Keep the move among those of the action, and in its history."""
    db.session.add(
        StatusMove(
            action_id=action_id,
            person_id=by.person_id,
            at=clock.now(),
            kind=move.kind,
            from_status=at.status,
            to_status=move.to,
            reason=meant.reason,
            month=meant.month,
            review_on=meant.review_on,
            sample=meant.sample,
            tested_on=meant.tested_on,
            for_person_id=by.for_person_id,
            meeting_id=meeting_id,
        )
    )
    record(
        by,
        str(move.kind),
        plan_id=plan_id,
        action_id=action_id,
        about=meant.reason,
        before={"status": at.status},
        after={
            "status": move.to,
            **({"month": meant.month.isoformat()} if meant.month else {}),
            **({"tested_on": meant.tested_on.isoformat()} if meant.tested_on else {}),
            **({"sample": meant.sample} if meant.sample else {}),
            **({"successor": meant.successor} if meant.successor else {}),
            **({"meeting_id": meeting_id} if meeting_id is not None else {}),
        },
    )


def _keep_claim_holders(by: Author, action_id: int) -> None:
    """Store who delivered the action when it was claimed, replacing those of an earlier claim."""
    had = in_hand_of(action_id, clock.today()) | {id_ for id_ in (by.person_id, by.for_person_id) if id_}
    db.session.execute(delete(ClaimHolder).where(ClaimHolder.action_id == action_id))
    db.session.add_all(ClaimHolder(action_id=action_id, person_id=person_id) for person_id in sorted(had))


def _successor(action_id: int, kind: MoveKind, ref: str) -> dict[str, int | None]:
    """Return the successor after a move; an action that is no longer withdrawn has none."""
    if kind not in {MoveKind.WITHDRAWAL, MoveKind.RETURN}:
        return {}
    if not ref:
        return {"successor_id": None}
    plan_id = select(Action.plan_id).where(Action.id == action_id).scalar_subquery()
    holder = db.session.scalar(
        select(Action.id)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .where(Action.plan_id == plan_id, ActionPlace.ref == ref, Action.id != action_id)
        .where(Action.status != Status.WITHDRAWN, Action.linked_into_id.is_(None))
        .order_by(ActionPlace.recommendation_id)
    )
    if holder is None:
        raise WrongMove("successor", "Enter the reference of another action in this plan, like 3.5, or leave it empty.")
    return {"successor_id": holder}


def _beside(kind: MoveKind, at: Position, by: Author, meant: _MoveMeant) -> dict[str, Any]:
    """The other columns that a move of this kind sets."""
    match kind:
        case MoveKind.CLAIM:
            return {"completed_on": meant.month, "completion_imported": False, "claimed_by_id": by.person_id}
        case MoveKind.VERIFICATION if meant.month:
            return {"completed_on": meant.month, "completion_imported": False}
        case MoveKind.SENT_BACK | MoveKind.TAKEN_BACK:
            return {"completed_on": None, "completion_imported": False, "claimed_by_id": None}
        case MoveKind.SLIP:
            return {"completed_on": None, "completion_imported": False}
        case MoveKind.PAUSE | MoveKind.WITHDRAWAL:
            return {
                "status_before": at.status,
                "paused_until": meant.review_on if kind == MoveKind.PAUSE else None,
            }
        case MoveKind.RETURN:
            return {"status_before": None, "paused_until": None}
        case _:
            return {}

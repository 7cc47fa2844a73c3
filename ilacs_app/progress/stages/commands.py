"""Stages of an action: ticked when they are done, and opened again with the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused
from ilacs_app.history import Author, in_history, record
from ilacs_app.plan.model import Action, ActionStage
from ilacs_app.plan.rules import OPEN, STATUS_WORDS
from ilacs_app.progress.queries import check_may_write


def tick_stage(by: Author, action_id: int, position: int, version: int) -> None:
    """Say that a stage is done, today. What is late then is the earliest of the others.

    Raises:
        Refused: they may not write on the action, it is not open, or has no such stage.
        Stale: the action was changed since the version that was seen.
    """
    _set(by, action_id, position, version, "stage_done", done_on=clock.today())


def untick_stage(by: Author, action_id: int, position: int, version: int, reason: str) -> None:
    """Open a stage again.

    Raises:
        Refused: they may not write on the action, it is not open, has no such stage, or the reason is missing.
        Stale: the action was changed since the version that was seen.
    """
    if not reason:
        raise Refused("Enter why you are reopening this stage.")
    _set(by, action_id, position, version, "stage_undone", reason=reason)


def _set(
    by: Author,
    action_id: int,
    position: int,
    version: int,
    verb: str,
    *,
    done_on: date | None = None,
    reason: str = "",
) -> None:
    check_may_write(by, action_id)
    plan_id, status = db.session.execute(select(Action.plan_id, Action.status).where(Action.id == action_id)).one()
    if status not in OPEN:
        raise Refused(f"{STATUS_WORDS[status]}: you can only change stages of an open action. Change its status first.")
    write_at(Action, action_id, version, Action.status == status)
    values: dict[str, Any] = {"done_on": done_on, "done_by_id": by.person_id if done_on else None}
    label = db.session.scalar(
        update(ActionStage)
        .where(
            ActionStage.action_id == action_id,
            ActionStage.position == position,
            ActionStage.done_on.is_(None) if done_on else ActionStage.done_on.is_not(None),
        )
        .values(**values)
        .returning(ActionStage.label)
    )
    if label is None:
        raise Refused("This stage has changed or no longer exists. Refresh the page and try again.")
    ahead = select(func.min(ActionStage.due_on)).where(
        ActionStage.action_id == action_id, ActionStage.done_on.is_(None)
    )
    db.session.execute(update(Action).where(Action.id == action_id).values(stage_due_on=db.session.scalar(ahead)))
    record(
        by,
        verb,
        plan_id=plan_id,
        action_id=action_id,
        about=f"{label}: {reason}" if reason else label,
        after={"stage": label, "done_on": in_history(done_on)},
    )

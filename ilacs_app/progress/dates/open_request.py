"""What each command on a date request needs: the action under a lock, its open request, and the request's end.

Each command locks the action first, so that two of them on one action follow each other, and decides on what is true
inside its transaction. The version of the request that someone saw is in the UPDATE's WHERE. Source: product rule 4,
date requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db, write_at
from ilacs_app.errors import Stale
from ilacs_app.history import Author, in_history, record
from ilacs_app.plan.model import Action, ActionStage, Plan
from ilacs_app.plan.parsing.timescales import Timescale
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.rules import Dated, DecidedBy


@dataclass(frozen=True)
class DatedAction:
    """An action under the lock of this transaction."""

    id: int
    plan_id: int
    plan_dated_on: date
    version: int
    last_word_on: date
    dated: Dated
    stages: tuple[ActionStage, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """The timescale as history keeps it."""
        facts: dict[str, Any] = {"timescale": self.dated.words, "due_on": in_history(self.dated.due_on)}
        if self.stages:
            facts["stages"] = [
                [stage.label, stage.due_on.isoformat(), in_history(stage.done_on)] for stage in self.stages
            ]
        return facts


def locked_action(action_id: int) -> DatedAction:
    """Lock an action until the transaction ends, and return its timescale."""
    row = db.session.execute(
        select(
            Action.plan_id,
            Plan.dated_on,
            Action.version,
            Action.last_word_on,
            Action.status,
            Action.timescale_kind,
            Action.timescale_text,
            Action.due_on,
            Action.moves,
        )
        .join(Plan, Plan.id == Action.plan_id)
        .where(Action.id == action_id)
        .with_for_update(of=Action, key_share=True)
    ).one()
    stages = tuple(
        db.session.scalars(select(ActionStage).where(ActionStage.action_id == action_id).order_by(ActionStage.position))
    )
    return DatedAction(
        id=action_id,
        plan_id=row.plan_id,
        plan_dated_on=row.dated_on,
        version=row.version,
        last_word_on=row.last_word_on,
        dated=Dated(
            status=row.status,
            kind=row.timescale_kind,
            words=row.timescale_text,
            due_on=row.due_on,
            moves=row.moves,
            stages=tuple(stage.due_on for stage in stages),
        ),
        stages=stages,
    )


def open_request_of(action_id: int) -> DateRequest | None:
    """Return the open request of an action, of which there is at most one."""
    waiting = select(DateRequest).where(DateRequest.action_id == action_id, DateRequest.state == "waiting")
    return db.session.scalars(waiting.execution_options(populate_existing=True)).first()


def request_as_seen(request_id: int, version: int) -> DateRequest:
    """Return an open request that is still as someone saw it.

    Raises:
        Stale: it was decided or withdrawn since this version.
    """
    seen = select(DateRequest).where(
        DateRequest.id == request_id, DateRequest.version == version, DateRequest.state == "waiting"
    )
    request = db.session.scalars(seen.execution_options(populate_existing=True)).first()
    if request is None:
        raise Stale
    return request


@dataclass(frozen=True)
class DecidedAt:
    """In what capacity a request is decided, and at which meeting."""

    by: DecidedBy
    meeting_id: int | None


_VERBS = {
    "taken_back": "date_taken_back",
    "refused": "date_refused",
    "agreed": "date_agreed",
    "agreed_shorter": "date_agreed",
}


def close_request(
    by: Author,
    at: DatedAction,
    request: DateRequest,
    state: str,
    *,
    says: str = "",
    agreed: Timescale | None = None,
    decided: DecidedAt | None = None,
) -> None:
    """End an open request: ``state`` is one of ``taken_back``, ``refused``, ``agreed`` and ``agreed_shorter``.

    ``says`` is the reason, ``agreed`` the timescale that was agreed, ``decided`` who decided where anyone did.

    Raises:
        Stale: someone else ended it first.
    """
    agreed_text = agreed.text if agreed else ""
    write_at(
        DateRequest,
        request.id,
        request.version,
        DateRequest.state == "waiting",
        state=state,
        decided_by_id=by.person_id,
        decided_at=clock.now(),
        decided_words=agreed_text,
        decided_as=decided.by if decided else "",
        decided_meeting_id=decided.meeting_id if decided else None,
        says=says,
    )
    mark_second_move(at, asked=False)
    record(
        by,
        _VERBS[state],
        plan_id=at.plan_id,
        action_id=at.id,
        about=says or agreed_text or request.words,
        before=at.facts,
        after={
            "request_id": request.id,
            "state": state,
            **({"decided_as": decided.by, "meeting_id": decided.meeting_id} if decided else {}),
            **({"timescale": agreed.text, "due_on": in_history(agreed.due_on)} if agreed else {}),
        },
    )


def mark_second_move(at: DatedAction, *, asked: bool) -> None:
    """Mark on the action whether a second or later move awaits a decision: its rating depends on it."""
    db.session.execute(update(Action).where(Action.id == at.id).values(second_move_asked=asked))

"""Verified actions that a board did not accept as embedded, and of which nothing new has been said since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.people.boards.model import Meeting
from ilacs_app.plan.model import Action
from ilacs_app.plan.rules import Status
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.rules import ENDS_HELP
from ilacs_app.progress.status.model import StatusMove


@dataclass(frozen=True)
class TurnedDown:
    """A verified action that a board did not accept as embedded, and to which it comes back only with news."""

    board_id: int
    action_id: int


def turned_down(board_id: int | None = None) -> frozenset[TurnedDown]:
    """Return what this board, or every board, did not accept and has not to look at again yet: two queries at most.

    It has again once someone reports on the action, adds evidence or verifies it again: after the day of the meeting,
    or after the decision was recorded. A decision that was corrected says nothing.
    """
    refused = [row for row in db.session.execute(_NOT_ACCEPTED) if board_id in {None, row.board_id}]
    if not refused:
        return frozenset()
    news: dict[int, list[datetime]] = {}
    for row in db.session.execute(_news({row.action_id for row in refused})):
        news.setdefault(row.action_id, []).append(row.at)
    latest = {(row.board_id, row.action_id): row for row in refused}  # in the order of their meetings
    return frozenset(
        TurnedDown(row.board_id, row.action_id)
        for row in latest.values()
        if not has_news(row.on_day, row.at, news.get(row.action_id, ()))
    )


def has_news(on_day: date, recorded_at: datetime, reported_at: Iterable[datetime]) -> bool:
    """Return whether anything was reported after a meeting on this day, or after its decision was recorded.

    A decision may be recorded days later: what was reported in between is news to the board.
    """
    return any(at > recorded_at or clock.london_day(at) > on_day for at in reported_at)


_LATER = aliased(Decision)
_NOT_ACCEPTED = (
    select(Meeting.board_id, Meeting.on_day, Decision.action_id, Decision.at)
    .join(Meeting, Meeting.id == Decision.meeting_id)
    .join(Action, and_(Action.id == Decision.action_id, Action.status == Status.VERIFIED))
    .where(Decision.kind == DecisionKind.NOT_EMBED)
    .where(~exists().where(_LATER.corrects_id == Decision.id).correlate(Decision))
    .order_by(Meeting.on_day, Decision.id)
)


def _news(action_ids: Iterable[int]) -> Any:
    """Return the query for when something was said, shown or verified of these actions."""
    ids = list(action_ids)
    text = (ProgressNote.did, ProgressNote.difference, ProgressNote.next_step)
    says = or_(*(column != "" for column in text), ProgressNote.answer.in_(ENDS_HELP))
    sources: tuple[tuple[Any, Any, Any], ...] = (
        (ProgressNote.action_id, ProgressNote.written_at, says),
        (Evidence.action_id, Evidence.added_at, Evidence.withdrawn_on.is_(None)),
        (StatusMove.action_id, StatusMove.at, StatusMove.to_status == Status.VERIFIED),
    )
    first, *others = (
        select(about.label("action_id"), at.label("at")).where(about.in_(ids), counts) for about, at, counts in sources
    )
    return first.union_all(*others)

"""What has changed since a board last met, in one query: how many actions, and those that changed last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, and_, case, cast, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from ilacs_app.access import Actor
from ilacs_app.dates import LONDON, short_date
from ilacs_app.db import UtcInstant, db
from ilacs_app.governance.since.rules import MET_CHANGE_WORDS, MetChange, since_day
from ilacs_app.people.boards.model import Meeting
from ilacs_app.plan.lists.filters import Filter, filter_clauses, governed_by
from ilacs_app.plan.lists.rows import PAGE_ROWS, sees_several
from ilacs_app.plan.lists.sorting import ORDER
from ilacs_app.plan.model import Action, ActionPlace, DateEntry, Plan, Recommendation
from ilacs_app.plan.rules import OPEN, SOON_DAYS, Status
from ilacs_app.plan.rules_sql import days_between, is_open, is_overdue
from ilacs_app.plan.visibility import visible_to
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.rules import SHORTLY_BEFORE_DAYS
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.evidence.queries import shown_to
from ilacs_app.progress.status.model import StatusMove
from ilacs_app.progress.status.rules import MoveKind

EVERY_CHANGE = 1_000_000
"""More than a board has actions: of each kind of change, all are named."""
SHOWN_REFS = 3
"""How many actions of each kind a board's page names."""


@dataclass(frozen=True)
class ChangedAction:
    """An action that changed. ``at`` is the UTC instant of the newest change of its kind, or ``on_day`` its day.

    For a newly overdue action ``on_day`` is its due date, for one without a word the day of the last one.
    """

    id: int
    ref: str
    text: str
    plan_short: str
    several: bool
    at: datetime | None
    on_day: date | None
    marked: bool
    due_on: date | None
    timescale_text: str

    @property
    def due_words(self) -> str:
        """When it is due now: ``30 Jun 2018``, or else the words of its timescale."""
        return short_date(self.due_on) or self.timescale_text or "no date"


@dataclass(frozen=True)
class ChangedActions:
    """The actions of one kind of change: how many there are, how many are marked, and those that changed last."""

    change: MetChange
    number: int = 0
    marked: int = 0
    actions: tuple[ChangedAction, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages all of them take."""
        return max(1, -(-self.number // PAGE_ROWS))

    @property
    def label(self) -> str:
        return MET_CHANGE_WORDS[self.change].label

    @property
    def title(self) -> str:
        return MET_CHANGE_WORDS[self.change].title

    @property
    def mark_words(self) -> str:
        """The words beside one that is marked."""
        return MET_CHANGE_WORDS[self.change].mark

    @property
    def marked_words(self) -> str:
        """How many of them are marked, in words: ``1 embedded``; nothing for none."""
        return MET_CHANGE_WORDS[self.change].marked.format(self.marked) if self.marked else ""

    @property
    def moved_dates(self) -> bool:
        """Whether its actions have a new date."""
        return self.change == MetChange.DATE_MOVED

    @property
    def action_ids(self) -> frozenset[int]:
        """The ids of those that are named."""
        return frozenset(action.id for action in self.actions)

    @property
    def refs(self) -> str:
        """Their references, if all are here."""
        return ", ".join(action.ref for action in self.actions) if len(self.actions) == self.number else ""


@dataclass(frozen=True)
class SinceMet:
    """What has changed since a board last met; ``met_on`` is None if it has not met before."""

    met_on: date | None
    since: date
    changes: tuple[ChangedActions, ...]


def changed_since_met(
    actor: Actor,
    board_id: int,
    today: date,
    *,
    met_on: date | None,
    meets_on: date | None,
    most: int = PAGE_ROWS,
    page: int = 1,
) -> SinceMet:
    """Return what has changed on the actions of live plans that a board governs and this person may see: one query.

    ``met_on`` is the day of its last meeting and ``meets_on`` of its next. Of each kind at most ``most`` actions are
    named, those of one ``page`` (from 1), the newest change first; the numbers are of distinct actions.
    """
    since = since_day(met_on, today)
    by_change: dict[str, dict[int, ChangedAction]] = {change: {} for change in MetChange}
    numbers: dict[str, tuple[int, int]] = {}
    for row in db.session.execute(_changed(actor, board_id, since, today, meets_on, most, page)):
        columns: dict[str, Any] = dict(row._mapping)
        change, number, marks = columns.pop("change"), columns.pop("number"), columns.pop("marks")
        numbers[change] = (number, marks)
        by_change[change].setdefault(row.id, ChangedAction(**(columns | {"marked": bool(row.marked)})))
    changes = []
    for change in MetChange:
        number, marked = numbers.get(change, (0, 0))
        changes.append(ChangedActions(change, number=number, marked=marked, actions=tuple(by_change[change].values())))
    return SinceMet(met_on, since, changes=tuple(changes))


_NO_DAY, _NO_INSTANT = cast(null(), Date), cast(null(), UtcInstant)


@lru_cache(maxsize=64)
def _ranked(actor: Actor, board_id: int, since: date, *, today: date, meets_on: date | None) -> Any:
    """Every action that changed, once for each kind of change, with its place among those of its kind, newest first."""
    governed = (
        select(ActionPlace.action_id)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(visible_to(actor), *filter_clauses(Filter(board_id=board_id), today))
        .correlate(None)
        .cte("governed")
    )
    arms = union_all(
        *_of_moves(_instant(since)),
        _of_dates(_instant(since), meets_on),
        _of_evidence(actor, since),
        *_of_lateness(since, today),
    ).subquery()
    changed = (
        select(
            arms.c.change,
            arms.c.action_id,
            func.max(arms.c.at).label("at"),
            func.max(arms.c.on_day).label("on_day"),
            func.max(arms.c.mark).label("mark"),
        )
        .where(arms.c.action_id.in_(select(governed.c.action_id)))
        .group_by(arms.c.change, arms.c.action_id)
        .subquery()
    )
    newest = (changed.c.at.desc(), changed.c.on_day.desc(), changed.c.action_id)
    return select(
        changed,
        func.count().over(partition_by=changed.c.change).label("number"),
        func.sum(changed.c.mark).over(partition_by=changed.c.change).label("marks"),
        func.row_number().over(partition_by=changed.c.change, order_by=newest).label("place"),
    ).subquery()


def _changed(actor: Actor, board_id: int, since: date, today: date, meets_on: date | None, most: int, page: int) -> Any:
    before = (page - 1) * most
    ranked = _ranked(actor, board_id, since, today=today, meets_on=meets_on)
    return (
        select(
            ranked.c.change,
            ranked.c.number,
            ranked.c.marks,
            Action.id,
            ActionPlace.ref,
            Action.text,
            Plan.short_name.label("plan_short"),
            sees_several(actor).label("several"),
            ranked.c.at,
            ranked.c.on_day,
            ranked.c.mark.label("marked"),
            Action.due_on.label("due_on"),
            Action.timescale_text.label("timescale_text"),
        )
        .select_from(ranked)
        .join(Action, Action.id == ranked.c.action_id)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(
            ranked.c.place.between(before + 1, before + most),
            visible_to(actor),
            Recommendation.id.in_(governed_by(board_id)),
        )
        .where(Recommendation.withdrawn_on.is_(None))
        .order_by(ranked.c.change, ranked.c.place, *ORDER)
    )


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _arm(change: Any, action_id: Any, *, at: Any = _NO_INSTANT, on_day: Any = _NO_DAY, mark: Any = 0) -> Any:
    """Return one part of what happened. ``mark`` is 1 for what the page marks among its kind."""
    marked = literal(mark) if isinstance(mark, int) else case((mark, 1), else_=0)
    return select(
        change.label("change"),
        action_id.label("action_id"),
        at.label("at"),
        on_day.label("on_day"),
        marked.label("mark"),
    )


def _of_moves(since: datetime) -> tuple[Any, ...]:
    """Return the parts about moves of the delivery status; a completion that was verified since is marked."""
    made = StatusMove.at >= since
    at = StatusMove.at
    tested = (Status.VERIFIED, Status.EMBEDDED)
    claims = _arm(literal(MetChange.CLAIMED.value), StatusMove.action_id, at=at, mark=Action.status.in_(tested))
    outcome = case(
        (StatusMove.to_status == Status.SLIPPED_BACK, literal(MetChange.SLIPPED_BACK.value)),
        else_=literal(MetChange.VERIFIED.value),
    )
    outcomes = _arm(outcome, StatusMove.action_id, at=at, mark=StatusMove.to_status == Status.EMBEDDED)
    refused = _arm(literal(MetChange.EVIDENCE_REFUSED.value), StatusMove.action_id, at=at)
    return (
        claims.join(Action, Action.id == StatusMove.action_id).where(made, StatusMove.kind == MoveKind.CLAIM),
        outcomes.where(made, StatusMove.to_status.in_((*tested, Status.SLIPPED_BACK))),
        refused.where(made, StatusMove.kind == MoveKind.SENT_BACK),
    )


def _of_dates(since: datetime, meets_on: date | None) -> Any:
    """Return the part about dates that were changed.

    Those are marked that were requested, or changed without a board, in the 14 days before a meeting.
    """
    before = aliased(Meeting)
    asked_near = days_between(before.on_day, func.date(DateRequest.asked_at)).between(0, SHORTLY_BEFORE_DAYS)
    marks = [and_(before.id.is_not(None), before.cancelled_on.is_(None), asked_near)]
    if meets_on is not None:
        marks.append(
            and_(
                DateEntry.meeting_id.is_(None),
                DateEntry.at >= _instant(meets_on - timedelta(days=SHORTLY_BEFORE_DAYS)),
                DateEntry.at < _instant(meets_on + timedelta(days=1)),
            )
        )
    return (
        _arm(literal(MetChange.DATE_MOVED.value), DateEntry.action_id, at=DateEntry.at, mark=or_(*marks))
        .outerjoin(DateRequest, DateRequest.id == DateEntry.request_id)
        .outerjoin(before, before.id == DateRequest.asked_before_id)
        .where(DateEntry.kind == "move", DateEntry.at >= since)
    )


def _of_evidence(actor: Actor, since: date) -> Any:
    """Return the part about evidence that was withdrawn, of that which this person may see."""
    return (
        _arm(
            literal(MetChange.EVIDENCE_REFUSED.value),
            Evidence.action_id,
            on_day=Evidence.withdrawn_on,
            mark=literal(True),
        )
        .join(Action, Action.id == Evidence.action_id)
        .where(Evidence.withdrawn_on >= since, shown_to(actor))
    )


def _of_lateness(since: date, today: date) -> tuple[Any, ...]:
    """Return ``rules.is_newly_late`` and ``rules.lacks_word`` in SQL, as two parts."""
    earlier = aliased(StatusMove)
    made = StatusMove.at >= _instant(since)
    not_the_first = (
        exists()
        .where(earlier.action_id == StatusMove.action_id, earlier.at >= _instant(since), earlier.id < StatusMove.id)
        .correlate(StatusMove)
    )
    reopened = (
        exists()
        .where(StatusMove.action_id == Action.id, made, StatusMove.from_status.not_in(OPEN), ~not_the_first)
        .correlate(Action)
    )
    late = _arm(literal(MetChange.NEWLY_LATE.value), Action.id, on_day=Action.due_on)
    silent = _arm(literal(MetChange.NO_WORD.value), Action.id, on_day=Action.last_word_on)
    soon = today + timedelta(days=SOON_DAYS)
    expected = or_(Action.status != Status.NOT_STARTED, func.coalesce(Action.due_on, Action.review_on) <= soon)
    return (
        late.where(is_overdue(today), or_(Action.due_on >= since, reopened)),
        silent.where(is_open(), Action.last_word_on < since, expected),
    )

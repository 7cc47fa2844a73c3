"""The date ledger of an action, and the date changes that are requested."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, case, func, select
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.dates import short_date
from ilacs_app.db import db
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action, ActionStage, DateEntry, Plan
from ilacs_app.plan.rules_sql import is_counted
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.rules import Dated, DecidedBy, is_shortly_before
from ilacs_app.text import many


@dataclass(frozen=True)
class AskedDate:
    """A request for a new date; instants are UTC.

    ``before_board`` met at most 14 days later, if ``days_before`` says so. ``decided_at_board`` and ``decided_on_day``
    are the meeting at which a board decided.
    """

    id: int
    action_id: int
    who: str
    asked_at: datetime
    words: str
    due_on: date | None
    reason_class: str
    effect: str
    cover: str
    source: str
    needs_board: bool
    state: str
    decided_by: str
    decided_at: datetime | None
    decided_as: str
    decided_at_board: str | None
    decided_on_day: date | None
    decided_words: str
    says: str
    version: int
    before_board_id: int | None
    before_board: str | None
    before_day: date | None
    asked_by_id: int | None
    for_person_id: int | None

    @property
    def asked_on(self) -> date:
        """The London day of the request."""
        return clock.london_day(self.asked_at)

    @property
    def days_before(self) -> int | None:
        """How many days before the meeting it was requested; None if no meeting was near."""
        if self.before_day is None or not is_shortly_before(self.asked_on, self.before_day):
            return None
        return (self.before_day - self.asked_on).days

    def mark_words(self, board_id: int | None = None, meets_on: date | None = None) -> str:
        """Return how shortly before a meeting it was requested; nothing if no meeting was near.

        On the pages of the board that met or meets (``board_id``) it is "you". Papers are for the meeting on
        ``meets_on``; any other meeting, and one that is over, is named by its day.
        """
        if self.before_day is None or self.days_before is None:
            return ""
        near = f"{many(self.days_before, 'day')} before" if self.days_before else "on the day"
        own, over = self.before_board_id == board_id, self.before_day < clock.today()
        meets = "met" if over else "meet" if own else "meets"
        day = f" on {short_date(self.before_day)}" if over or (meets_on and meets_on != self.before_day) else ""
        return f"Requested {near} {'you' if own else self.before_board} {meets}{day}"

    @property
    def without_board(self) -> bool:
        """Whether the programme manager decided because no board leads or oversees the action."""
        return self.decided_as == DecidedBy.NO_BOARD


@dataclass(frozen=True)
class LedgerLine:
    """One line of the date ledger. ``days`` from the line before; ``asked`` is the request that led to a move."""

    kind: str
    words: str
    due_on: date | None
    says: str
    who: str
    at: datetime
    days: int | None
    number: int
    asked: AskedDate | None


_ASKER, _FOR, _DECIDER = aliased(Person), aliased(Person), aliased(Person)


_DECIDED_AT, _DECIDING = aliased(Meeting), aliased(Board)


_WHO = case((_FOR.name.is_(None), _ASKER.name), else_=_ASKER.name + ", for " + _FOR.name)


_ASKED = (
    select(
        DateRequest.id,
        DateRequest.action_id,
        func.coalesce(_WHO, DateRequest.source).label("who"),
        DateRequest.asked_at,
        DateRequest.words,
        DateRequest.due_on,
        DateRequest.reason_class,
        DateRequest.effect,
        DateRequest.cover,
        DateRequest.source,
        DateRequest.needs_board,
        DateRequest.state,
        func.coalesce(_DECIDER.name, "").label("decided_by"),
        DateRequest.decided_at,
        DateRequest.decided_as,
        _DECIDING.name.label("decided_at_board"),
        _DECIDED_AT.on_day.label("decided_on_day"),
        DateRequest.decided_words,
        DateRequest.says,
        DateRequest.version,
        Meeting.board_id.label("before_board_id"),
        Board.name.label("before_board"),
        Meeting.on_day.label("before_day"),
        DateRequest.asked_by_id,
        DateRequest.for_person_id,
    )
    .select_from(DateRequest)
    .outerjoin(_ASKER, _ASKER.id == DateRequest.asked_by_id)
    .outerjoin(_FOR, _FOR.id == DateRequest.for_person_id)
    .outerjoin(_DECIDER, _DECIDER.id == DateRequest.decided_by_id)
    .outerjoin(_DECIDED_AT, _DECIDED_AT.id == DateRequest.decided_meeting_id)
    .outerjoin(_DECIDING, _DECIDING.id == _DECIDED_AT.board_id)
    .outerjoin(Meeting, (Meeting.id == DateRequest.asked_before_id) & Meeting.cancelled_on.is_(None))
    .outerjoin(Board, Board.id == Meeting.board_id)
)


def _asked(*where: ColumnElement[bool]) -> list[AskedDate]:
    rows = db.session.execute(_ASKED.where(*where).order_by(DateRequest.id))
    return [AskedDate(**row._mapping) for row in rows]


def dates_asked(action_id: int) -> list[AskedDate]:
    """Return every request for a new date of an action, oldest first."""
    return _asked(DateRequest.action_id == action_id)


def requests_open_on(action_ids: Collection[int]) -> list[AskedDate]:
    """Return the open requests for new dates of these actions, oldest first."""
    return _asked(DateRequest.state == "waiting", DateRequest.action_id.in_(action_ids))


def request_asked(request_id: int) -> AskedDate:
    """Return one request, which is known to exist."""
    return _asked(DateRequest.id == request_id)[0]


def new_dates(action_ids: Collection[int]) -> dict[int, AskedDate]:
    """Return the open request of each of these actions that has one."""
    if not action_ids:
        return {}
    rows = db.session.execute(_NEW_DATES, {"action_ids": list(action_ids)})
    requests = (AskedDate(**row._mapping) for row in rows)
    return {request.action_id: request for request in requests}


_NEW_DATES = _ASKED.where(
    DateRequest.state == "waiting", DateRequest.action_id.in_(bindparam("action_ids", expanding=True))
).order_by(DateRequest.id)


def ledger(action_id: int, asked: Collection[AskedDate]) -> list[LedgerLine]:
    """Return every date that an action has had, oldest first. ``asked`` are its requests.

    Moves are numbered from the original date before them: a plan that was a draft again may give another one.
    """
    by_id = {request.id: request for request in asked}
    rows = db.session.execute(
        select(
            DateEntry.kind,
            DateEntry.words,
            DateEntry.due_on,
            DateEntry.says,
            func.coalesce(Person.name, "").label("who"),
            DateEntry.at,
            DateEntry.request_id,
        )
        .outerjoin(Person, Person.id == DateEntry.person_id)
        .where(DateEntry.action_id == action_id)
        .order_by(DateEntry.id)
    )
    lines: list[LedgerLine] = []
    moves, last = 0, None
    for row in rows:
        entry = dict(row._mapping)
        request = by_id.get(entry.pop("request_id") or 0)
        if row.kind == "original":
            moves, last = 0, None
        moves += row.kind == "move"
        days = (row.due_on - last).days if row.due_on and last else None
        lines.append(LedgerLine(**entry, days=days, number=moves, asked=request))
        last = row.due_on
    return lines


def asked_anew() -> frozenset[int]:
    """Return the actions of live plans with an open request. Whoever shows one checks who may see it."""
    return frozenset(db.session.scalars(_ASKED_ANEW))


_ASKED_ANEW = (
    select(DateRequest.action_id)
    .join(Action, Action.id == DateRequest.action_id)
    .join(Plan, Plan.id == Action.plan_id)
    .where(DateRequest.state == "waiting", Plan.state == "live", is_counted())
)


def any_request_open() -> ColumnElement[bool]:
    """Return whether any request is open in a live plan, as a column."""
    return _ASKED_ANEW.correlate(None).exists()


def count_new_dates(actor: Actor) -> int:
    """Return how many requests are open in the live plans that this person manages."""
    managed = {grant.plan_id for grant in actor.grants if grant.role == "programme_manager"}
    if not managed:
        return 0
    requests = (
        select(func.count())
        .select_from(DateRequest)
        .join(Action, Action.id == DateRequest.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(DateRequest.state == "waiting", Plan.state == "live", is_counted())
    )
    if None not in managed:
        requests = requests.where(Plan.id.in_(managed))
    return db.session.scalar(requests) or 0


def date_now(action_id: int) -> tuple[Dated, date]:
    """Return an action's current timescale, and its plan's own date."""
    row = db.session.execute(
        select(
            Action.status,
            Action.timescale_kind.label("kind"),
            Action.timescale_text.label("words"),
            Action.due_on,
            Action.moves,
            Plan.dated_on,
        )
        .join(Plan, Plan.id == Action.plan_id)
        .where(Action.id == action_id)
    ).one()
    stages = db.session.scalars(
        select(ActionStage.due_on).where(ActionStage.action_id == action_id).order_by(ActionStage.position)
    )
    columns = dict(row._mapping)
    dated_on = columns.pop("dated_on")
    return Dated(**columns, stages=tuple(stages)), dated_on

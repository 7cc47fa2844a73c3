"""The date ledger of an action, and the new dates that are asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.model import Person
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action, ActionPlace, ActionStage, DateEntry, Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.rules_sql import is_counted
from ilacs_app.plan.visibility import led_or_owned_by, visible_action
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.rules import SHORTLY_BEFORE_DAYS, Dated, Decider, needs_board, why_not_decide


@dataclass(frozen=True)
class AskedDate:
    """A request for a new date; instants are UTC. ``before_board`` met soon after, if ``days_before`` says so."""

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
    decided_words: str
    says: str
    version: int
    before_board_id: int | None
    before_board: str | None
    before_day: date | None
    asked_by_id: int | None
    for_person_id: int | None

    @property
    def days_before(self) -> int | None:
        """How many days before the meeting it was asked for; none where no meeting was near."""
        if self.before_day is None:
            return None
        days = (self.before_day - clock.london_day(self.asked_at)).days
        return days if 0 <= days <= SHORTLY_BEFORE_DAYS else None


@dataclass(frozen=True)
class WaitingDate:
    """A request that waits, and the action that it is about.

    ``board``: only the lead board may agree. ``why_not``: why the person who asks may not decide, if they may not.
    """

    row: ActionRow
    asked: AskedDate
    board: bool
    why_not: str | None

    @property
    def days(self) -> int | None:
        """By how many days the due date would move; none where one of the two is no date."""
        if self.asked.due_on is None or self.row.due_on is None:
            return None
        return (self.asked.due_on - self.row.due_on).days


@dataclass(frozen=True)
class LedgerLine:
    """One line of the date ledger. ``days`` from the line before; ``asked`` is the request that led to a move."""

    kind: str
    words: str
    due_on: date | None
    says: str
    who: str
    at: datetime
    meeting: str | None
    days: int | None
    number: int
    asked: AskedDate | None


_ASKER, _FOR, _DECIDER = aliased(Person), aliased(Person), aliased(Person)
_WHO = case((_FOR.name.is_(None), _ASKER.name), else_=_ASKER.name + ", for " + _FOR.name)
_ASKED = (
    select(
        DateRequest.id,
        DateRequest.action_id,
        func.coalesce(_WHO, DateRequest.source),
        DateRequest.asked_at,
        DateRequest.words,
        DateRequest.due_on,
        DateRequest.reason_class,
        DateRequest.effect,
        DateRequest.cover,
        DateRequest.source,
        DateRequest.needs_board,
        DateRequest.state,
        func.coalesce(_DECIDER.name, ""),
        DateRequest.decided_at,
        DateRequest.decided_words,
        DateRequest.says,
        DateRequest.version,
        Meeting.board_id,
        Board.name,
        Meeting.on_day,
        DateRequest.asked_by_id,
        DateRequest.for_person_id,
    )
    .select_from(DateRequest)
    .outerjoin(_ASKER, _ASKER.id == DateRequest.asked_by_id)
    .outerjoin(_FOR, _FOR.id == DateRequest.for_person_id)
    .outerjoin(_DECIDER, _DECIDER.id == DateRequest.decided_by_id)
    .outerjoin(Meeting, (Meeting.id == DateRequest.asked_before_id) & Meeting.cancelled_on.is_(None))
    .outerjoin(Board, Board.id == Meeting.board_id)
)


def _asked(*where: ColumnElement[bool]) -> list[AskedDate]:
    rows = db.session.execute(_ASKED.where(*where).order_by(DateRequest.id))
    return [AskedDate(*row) for row in rows]


def dates_asked(action_id: int) -> list[AskedDate]:
    """Every request for a new date of an action, oldest first."""
    return _asked(DateRequest.action_id == action_id)


def new_dates(action_ids: Collection[int]) -> dict[int, AskedDate]:
    """The request that waits for each of these actions that has one."""
    if not action_ids:
        return {}
    rows = db.session.execute(_NEW_DATES, {"action_ids": list(action_ids)})
    return {one.action_id: one for one in (AskedDate(*row) for row in rows)}


_NEW_DATES = _ASKED.where(
    DateRequest.state == "waiting", DateRequest.action_id.in_(bindparam("action_ids", expanding=True))
).order_by(DateRequest.id)


def ledger(action_id: int, asked: Collection[AskedDate]) -> list[LedgerLine]:
    """Every date that an action has had, oldest first. ``asked`` are its requests."""
    by_id = {one.id: one for one in asked}
    rows = db.session.execute(
        select(
            DateEntry.kind,
            DateEntry.words,
            DateEntry.due_on,
            DateEntry.says,
            Person.name,
            DateEntry.at,
            Board.name,
            DateEntry.request_id,
        )
        .outerjoin(Person, Person.id == DateEntry.person_id)
        .outerjoin(Meeting, Meeting.id == DateEntry.meeting_id)
        .outerjoin(Board, Board.id == Meeting.board_id)
        .where(DateEntry.action_id == action_id)
        .order_by(DateEntry.id)
    )
    lines: list[LedgerLine] = []
    moves, last = 0, None
    for kind, words, due_on, says, who, at, meeting, request_id in rows:
        moves += kind == "move"
        days = (due_on - last).days if due_on and last else None
        lines.append(
            LedgerLine(kind, words, due_on, says, who or "", at, meeting, days, moves, by_id.get(request_id or 0))
        )
        last = due_on
    return lines


def asked_anew() -> frozenset[int]:
    """The actions of live plans for which a new date waits. Whoever shows one checks who may see it."""
    return frozenset(db.session.scalars(_ASKED_ANEW))


_ASKED_ANEW = (
    select(DateRequest.action_id)
    .join(Action, Action.id == DateRequest.action_id)
    .join(Plan, Plan.id == Action.plan_id)
    .where(DateRequest.state == "waiting", Plan.state == "live", is_counted())
)


def waiting_dates(
    actor: Actor, today: date, *, board_id: int | None = None, among: frozenset[int] | None = None
) -> list[WaitingDate]:
    """The requests that wait in live plans and that this person may see, the oldest first.

    With ``board_id`` only those that this board must decide as the lead board of their action; ``among`` is what
    ``asked_anew`` said, for a page that has asked already.
    """
    ids = asked_anew() if among is None else among
    if ids and board_id is not None:
        led = _led_by_board(board_id).where(ActionPlace.action_id.in_(ids))
        ids = frozenset(db.session.scalars(led))
    if not ids:
        return []
    rows: dict[int, ActionRow] = {}
    for row in action_rows(actor, Filter(action_ids=ids), today, size=None):
        rows.setdefault(row.id, row)
    mine = set(db.session.scalars(select(Action.id).where(Action.id.in_(rows), led_or_owned_by(actor.acts_as))))
    waits = []
    for one in _asked(DateRequest.state == "waiting", DateRequest.action_id.in_(rows)):
        row = rows[one.action_id]
        manager = actor.is_a("programme_manager", plan_id=row.plan_id)
        who = Decider(manager, row.id in mine, actor.id in {one.asked_by_id, one.for_person_id})
        board = waits_for_board(row, one)
        waits.append(WaitingDate(row, one, board, why_not_decide(who, board)))
    return [one for one in waits if board_id is None or one.board]


def count_new_dates(actor: Actor) -> int:
    """How many new dates wait in the live plans that this person manages."""
    managed = {grant.plan_id for grant in actor.grants if grant.role == "programme_manager"}
    if not managed:
        return 0
    found = (
        select(func.count())
        .select_from(DateRequest)
        .join(Action, Action.id == DateRequest.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(DateRequest.state == "waiting", Plan.state == "live", is_counted())
    )
    if None not in managed:
        found = found.where(Plan.id.in_(managed))
    return db.session.scalar(found) or 0


def waits_for_board(row: ActionRow, asked: AskedDate) -> bool:
    """Whether only the lead board may agree it, as things stand now."""
    at = Dated(row.status, row.timescale_kind, row.timescale_text, row.due_on, row.moves)
    return asked.needs_board or needs_board(at, asked.due_on)


def date_now(action_id: int) -> tuple[Dated, date]:
    """An action's timescale as it stands, and its plan's own date."""
    row = db.session.execute(
        select(
            Action.status,
            Action.timescale_kind,
            Action.timescale_text,
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
    return Dated(*row[:5], tuple(stages)), row[5]


def _led_by_board(board_id: int) -> Select[int]:
    return (
        select(ActionPlace.action_id)
        .join(RecommendationBoard, RecommendationBoard.recommendation_id == ActionPlace.recommendation_id)
        .where(RecommendationBoard.board_id == board_id, RecommendationBoard.lead)
    )


def decided_as(actor: Actor, request_id: int) -> tuple[int, Decider]:
    """The action of a request, and how this person stands to the request.

    Raises:
        NotKnown: there is no such request, or its action is not theirs to know of.
    """
    row = db.session.execute(
        select(
            DateRequest.action_id,
            Action.plan_id,
            Plan.state,
            DateRequest.asked_by_id,
            DateRequest.for_person_id,
            led_or_owned_by(actor.acts_as),
        )
        .join(Action, Action.id == DateRequest.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(DateRequest.id == request_id)
    ).first()
    if row is None:
        raise NotKnown(str(request_id))
    action_id, plan_id, state, asked_by, asked_for, leads = row
    visible_action(actor, action_id)
    return action_id, Decider(
        manager=actor.is_a("programme_manager", plan_id=plan_id) and state != "closed",
        leads=bool(leads),
        asked=actor.id in {asked_by, asked_for},
        for_asker=not {asked_by, asked_for}.isdisjoint(actor.stands_for),
    )


def meetings_ahead(action_id: int, today: date) -> list[tuple[int, date]]:
    """The meetings to come of the boards that govern an action, as (id, day): its lead boards' first, then by day."""
    places = select(ActionPlace.recommendation_id).where(ActionPlace.action_id == action_id)
    named = select(RecommendationBoard.board_id).where(RecommendationBoard.recommendation_id.in_(places))
    leading = named.where(RecommendationBoard.lead)
    overseen = (
        select(Plan.oversight_board_id)
        .join(Recommendation, Recommendation.plan_id == Plan.id)
        .where(Recommendation.id.in_(places))
    )
    rows = db.session.execute(
        select(Meeting.id, Meeting.on_day)
        .where(
            Meeting.on_day >= today,
            Meeting.cancelled_on.is_(None),
            or_(Meeting.board_id.in_(named), Meeting.board_id.in_(overseen)),
        )
        .order_by(case((Meeting.board_id.in_(leading), 0), else_=1), Meeting.on_day, Meeting.id)
    )
    return [(row[0], row[1]) for row in rows]


def last_decision(request_id: int) -> tuple[str, str, datetime | None, str]:
    """State, who, when (UTC) and what was said of a request, for somebody who saw it before."""
    row = db.session.execute(
        select(DateRequest.state, Person.name, DateRequest.decided_at, DateRequest.says)
        .outerjoin(Person, Person.id == DateRequest.decided_by_id)
        .where(DateRequest.id == request_id)
    ).one()
    return row[0], row[1] or "", row[2], row[3]

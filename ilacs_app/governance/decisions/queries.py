"""What boards decided, as each person may read it, and what there is to decide on an item of an agenda."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import Act, Actor, may
from ilacs_app.dates import long_date
from ilacs_app.db import db
from ilacs_app.governance.agenda.model import AgendaEntry
from ilacs_app.governance.agenda.queries import approvals, items_seen
from ilacs_app.governance.agenda.rules import AgendaFact, AgendaKind, id_in
from ilacs_app.governance.attendance.rules import Quorum
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.decisions.rules import (
    DECISION_WORDS,
    DecisionFacts,
    DecisionKind,
    Recorder,
    Sitting,
    mark_after,
)
from ilacs_app.governance.meetings.queries import MeetingLine, met_again_on, officers
from ilacs_app.governance.minutes.model import Minutes
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action, Plan, Recommendation, RecommendationBoard, RecommendationLead
from ilacs_app.plan.rules_sql import is_counted
from ilacs_app.plan.visibility import delivered_by, leads_or_owns, led_by
from ilacs_app.progress.dates.deciders.queries import deciding_boards
from ilacs_app.progress.dates.queries import AskedDate, date_now, requests_open_on
from ilacs_app.progress.dates.rules import DecidedBy, needs_board, who_decides
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.progress.status.model import StatusMove


@dataclass(frozen=True)
class DecisionLine:
    """A decision of a board on an item, as one person reads it; ``at`` is a UTC instant.

    ``who`` recorded it. ``corrected``: a later one points at it. ``exempt``: it is in the exempt part of the meeting.
    """

    id: int
    meeting_id: int
    board_id: int
    board: str
    board_slug: str
    on_day: date
    key: str
    kind: str
    title: str
    detail: str
    words: str
    who: str
    at: datetime
    action_id: int | None
    recommendation_id: int | None
    corrects_id: int | None
    corrected: bool
    exempt: bool

    @property
    def label(self) -> str:
        """``Agreed: 31 August 2026``."""
        label = DECISION_WORDS[self.kind].label
        return f"{label}: {self.detail}" if self.detail else label

    @property
    def mark(self) -> str:
        """What stands between the label and the words for the minutes."""
        return mark_after(self.label)

    @property
    def address(self) -> str:
        """The item on the page of the meeting."""
        return f"/boards/{self.board_slug}/meetings/{self.on_day.isoformat()}/items/{self.key}"

    @property
    def sentence(self) -> str:
        """``Agreed: 31 August 2026. Recorded by Governance Officer.``"""
        return f"{self.label}. {f'{self.words} ' if self.words else ''}Recorded by {self.who}."


def decisions_at(actor: Actor, meeting_id: int) -> list[DecisionLine]:
    """Return what was decided at a meeting, of what this person may read, oldest first."""
    return _readable(actor, _lines(Decision.meeting_id == meeting_id))


def decisions_on_action(actor: Actor, action_id: int) -> list[DecisionLine]:
    """Return what boards decided on an action that this person may see, newest first."""
    lines = _lines(Decision.action_id == action_id)
    mine = select(Action.id).where(Action.id == action_id, delivered_by(actor.acts_as))
    own = bool(lines) and actor.partner and db.session.scalar(mine) is not None
    return list(reversed(_readable(actor, lines, own=own)))


def decisions_on_recommendation(actor: Actor, recommendation_id: int) -> list[DecisionLine]:
    """Return what boards decided on a recommendation itself that this person may see, newest first."""
    lines = _lines(Decision.recommendation_id == recommendation_id)
    mine = led_by(actor.acts_as).where(RecommendationLead.recommendation_id == recommendation_id)
    own = bool(lines) and actor.partner and db.session.scalar(mine.limit(1)) is not None
    return list(reversed(_readable(actor, lines, own=own)))


def _lines(*which: ColumnElement[bool]) -> list[DecisionLine]:
    later = aliased(Decision)
    corrected = select(later.id).where(later.corrects_id == Decision.id).correlate(Decision).exists()
    exempt = select(AgendaEntry.exempt).where(
        AgendaEntry.meeting_id == Decision.meeting_id, AgendaEntry.key == Decision.key
    )
    rows = db.session.execute(
        select(
            Decision.id,
            Decision.meeting_id,
            Board.id.label("board_id"),
            Board.name.label("board"),
            Board.slug.label("board_slug"),
            Meeting.on_day,
            Decision.key,
            Decision.kind,
            Decision.title,
            Decision.detail,
            Decision.words,
            Person.name.label("who"),
            Decision.at,
            Decision.action_id,
            Decision.recommendation_id,
            Decision.corrects_id,
            corrected.label("corrected"),
            func.coalesce(exempt.correlate(Decision).scalar_subquery(), False).label("exempt"),
        )
        .join(Meeting, Meeting.id == Decision.meeting_id)
        .join(Board, Board.id == Meeting.board_id)
        .join(Person, Person.id == Decision.person_id)
        .where(*which)
        .order_by(Decision.id)
    )
    flags = ("corrected", "exempt")
    return [DecisionLine(**{**row._mapping, **{name: bool(row._mapping[name]) for name in flags}}) for row in rows]


def _readable(actor: Actor, lines: Sequence[DecisionLine], *, own: bool = False) -> list[DecisionLine]:
    """Return those of these decisions that someone may read.

    What is exempt is for the board alone. A partner reads its own boards' decisions, and those on ``own`` items. A
    decision on a question is read by whoever reads the question.
    """
    seen = items_seen(actor, lines) if lines else None
    return [
        line
        for line in lines
        if seen
        and seen.address_of(line) is not None
        and (not line.exempt or may(actor, Act.READ_EXEMPT, line.board_id))
        and (not actor.partner or own or line.board_id in actor.board_ids)
    ]


def newest_decision(meeting_id: int, key: str) -> int:
    """Return the id of the newest decision on an item at a meeting; 0 where there is none."""
    newest = select(func.max(Decision.id)).where(Decision.meeting_id == meeting_id, Decision.key == key)
    return db.session.scalar(newest) or 0


@dataclass(frozen=True)
class ItemNow:
    """An item of an agenda as it is now, for someone who records the decisions of a board.

    ``asked`` is the date change that waits for the board. ``version`` is the action's or of the minutes the newest that
    is published, 0 for a recommendation.
    """

    state: DecisionFacts
    who: Recorder
    plan_id: int | None = None
    version: int = 0
    asked: AskedDate | None = None
    access: ActionAccess | None = None


def item_now(actor: Actor, board_id: int, fact: AgendaFact, today: date) -> ItemNow:
    """Return an item as it is now, and how this person and their board are related to it.

    Raises:
        NotKnown: the action is not theirs to know of.
    """
    serving, _ = officers(board_id, today)
    others = tuple(sorted({*serving.chairs, *serving.secretaries} - {actor.name}))
    if fact.kind == AgendaKind.MINUTES:
        minutes_of = id_in(fact.key)
        newest = db.session.scalar(select(func.max(Minutes.number)).where(Minutes.meeting_id == minutes_of))
        state = DecisionFacts(minutes=True, approved=approved_on(minutes_of) is not None)
        return ItemNow(state, Recorder(others=others), version=newest or 0)
    if fact.kind == AgendaKind.MATTERS:
        return ItemNow(DecisionFacts(only_noted=True), Recorder(others=others))
    if fact.action_id is None:
        return _recommendation_now(actor, board_id, fact.recommendation_id or 0, others)
    access = action_for(actor, fact.action_id, today=today)
    deciding = deciding_boards([fact.action_id], today).get(fact.action_id, ())
    asked = _waits_for_board(fact.action_id, [board.id for board in deciding])
    askers = {asked.asked_by_id, asked.for_person_id} if asked else set()
    who = Recorder(
        leads=any(board.id == board_id for board in deciding),
        deciders=tuple(board.name for board in deciding),
        owns=leads_or_owns(fact.action_id, actor.acts_as),
        asked=not askers.isdisjoint(actor.acts_as.person_ids),
        claimed=access.standing.claimed or access.standing.had_it,
        others=others,
    )
    counted = db.session.scalar(select(Action.id).where(Action.id == fact.action_id, is_counted())) is not None
    state = DecisionFacts(
        status=access.position.status if counted else "",
        status_before=access.position.status_before,
        asked_on=asked.asked_on if asked else None,
        status_since=_status_since(fact.action_id),
    )
    return ItemNow(state, who, access.plan_id, access.version, asked, access)


def _waits_for_board(action_id: int, board_ids: Collection[int]) -> AskedDate | None:
    """Return the open request on an action, if a board must decide it."""
    asked = next(iter(requests_open_on([action_id])), None)
    if asked is None:
        return None
    dated, _ = date_now(action_id)
    by = who_decides(asked.needs_board or needs_board(dated, asked.due_on), board_ids)
    return asked if by == DecidedBy.BOARD else None


def _status_since(action_id: int) -> date | None:
    """Return the day from which an action has its delivery status: that of the meeting, where a board decided it."""
    newest = (
        select(StatusMove.at, Meeting.on_day)
        .outerjoin(Meeting, Meeting.id == StatusMove.meeting_id)
        .where(StatusMove.action_id == action_id)
        .order_by(StatusMove.id.desc())
        .limit(1)
    )
    move = db.session.execute(newest).first()
    return (move.on_day or clock.london_day(move.at)) if move else None


def _recommendation_now(actor: Actor, board_id: int, recommendation_id: int, others: tuple[str, ...]) -> ItemNow:
    leading = (
        select(Board.id, Board.name)
        .join(RecommendationBoard, RecommendationBoard.board_id == Board.id)
        .where(RecommendationBoard.recommendation_id == recommendation_id, RecommendationBoard.lead)
    )
    overseeing = (
        select(Board.id, Board.name)
        .join(Plan, Plan.oversight_board_id == Board.id)
        .join(Recommendation, Recommendation.plan_id == Plan.id)
        .where(Recommendation.id == recommendation_id)
    )
    boards = db.session.execute(leading).all() or db.session.execute(overseeing).all()
    mine = led_by(actor.acts_as).where(RecommendationLead.recommendation_id == recommendation_id)
    who = Recorder(
        leads=any(board.id == board_id for board in boards),
        deciders=tuple(board.name for board in boards),
        owns=db.session.scalar(mine.limit(1)) is not None,
        others=others,
    )
    plan_id = db.session.execute(
        select(Recommendation.plan_id).where(Recommendation.id == recommendation_id)
    ).scalar_one()
    return ItemNow(DecisionFacts(), who, plan_id)


def sitting_of(meeting: MeetingLine, quorum: Quorum, today: date) -> Sitting:
    """Return a meeting as the rules of decisions see it."""
    return Sitting(
        meeting.on_day,
        meeting.cancelled_on is not None,
        has_quorum=quorum.is_met,
        quorum=quorum.sentence,
        approved_on=approved_on(meeting.id),
        met_again_on=met_again_on(meeting, today),
    )


def approved_on(meeting_id: int) -> date | None:
    """Return the day of the meeting at which the board approved the minutes of this one; None if it has not."""
    days = db.session.scalars(approvals(meeting_id)).all()
    return min(days) if days else None


def on_key(lines: Iterable[DecisionLine], key: str) -> list[DecisionLine]:
    """Return those of these decisions that are on one item."""
    return [line for line in lines if line.key == key]


def referable(board_id: int) -> Any:
    """Return the boards, as (id, name), that a board can refer an item to."""
    return db.session.execute(select(Board.id, Board.name).where(Board.id != board_id).order_by(func.lower(Board.name)))


def detail_of(
    kind: DecisionKind, *, due_on: date | None, agreed: str, until: date | None, board: str, version: int
) -> str:
    """Return what completes a decision: the date that was agreed, until when it is paused, or the other board.

    Of minutes, the ``version`` that was approved.
    """
    if kind == DecisionKind.APPROVE:
        return f"version {version}"
    if kind in {DecisionKind.AGREE, DecisionKind.AGREE_EARLIER}:
        return long_date(due_on) if due_on else agreed
    if kind == DecisionKind.PAUSE and until:
        return f"review on {long_date(until)}"
    return board if kind == DecisionKind.REFER else ""

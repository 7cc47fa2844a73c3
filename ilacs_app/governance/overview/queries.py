"""The boards' views: every board side by side, and one board."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Label, Text, and_, cast, distinct, func, literal, select, union_all
from sqlalchemy.orm import aliased

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.editing.timescales.queries import CorrectedReading, any_corrected, corrected_readings
from ilacs_app.governance.agenda.queries import approvals
from ilacs_app.governance.challenges.queries import (
    any_for_meeting,
    number_unanswered,
    questions_for_meeting,
    unanswered_by_board,
)
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.decisions.acceptance import TurnedDown, turned_down
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.meetings.queries import MeetingLine, MeetingsAround, last_met, meetings_around
from ilacs_app.governance.minutes.model import Minutes
from ilacs_app.governance.overview.rules import AskedOfBoard, ToSettle, to_settle
from ilacs_app.people.boards.model import Meeting
from ilacs_app.people.boards.queries import BoardName, boards
from ilacs_app.plan.lists.counts import Counts, Summary, board_counts, summary
from ilacs_app.plan.lists.filters import Filter, filter_clauses
from ilacs_app.plan.lists.rows import ActionRow, rows_rated
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.rules import Brag, Status
from ilacs_app.plan.rules_sql import is_open, stands_for_itself
from ilacs_app.plan.visibility import knows_board, visible_to
from ilacs_app.progress.dates.deciders.waiting import BoardDate, dates_for_boards
from ilacs_app.progress.dates.queries import any_request_open
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.queries import no_change_since


@dataclass(frozen=True)
class BoardColumn:
    """One board in the comparison: its distinct actions and its recommendations in live plans."""

    board: BoardName
    counts: Counts
    recommendations: int
    next_meeting: MeetingLine | None = None
    unanswered: int = 0
    """Questions of its members that no one has answered."""
    last_met_on: date | None = None
    dates: tuple[BoardDate, ...] = ()
    """Date changes that this board has to agree or refuse."""
    to_approve: int = 0
    """Meetings whose minutes are published and not approved."""
    to_embed: int = 0
    """Verified actions that this board may accept as embedded, but for those that it did not accept without news."""

    @property
    def to_verify(self) -> int:
        """Completed actions that no one has verified."""
        return self.counts.by_status.get("completed", 0)

    @property
    def to_settle(self) -> tuple[ToSettle, ...]:
        """What it has to settle next."""
        return to_settle(
            [AskedOfBoard(request.ref, request.moves) for request in self.dates],
            overdue_unasked=self.counts.overdue_unasked,
            to_verify=self.to_verify,
            unanswered=self.unanswered,
            to_approve=self.to_approve,
            to_embed=self.to_embed,
        )


@dataclass(frozen=True)
class Governance:
    """All boards side by side, and the totals, in which a shared action counts once."""

    columns: tuple[BoardColumn, ...]
    total: Counts

    @property
    def unanswered(self) -> int:
        """Unanswered questions of all boards: each is one board's."""
        return sum(column.unanswered for column in self.columns)

    @property
    def dates(self) -> int:
        """Date changes that a board has to agree or refuse: one that several may decide is one."""
        return len({request.id for column in self.columns for request in column.dates})

    @property
    def by_meeting(self) -> tuple[BoardColumn, ...]:
        """The boards that govern anything, by their next meeting; those without one last."""
        governing = [column for column in self.columns if column.counts.actions or column.to_settle]
        return tuple(
            sorted(governing, key=lambda column: column.next_meeting.on_day if column.next_meeting else date.max)
        )


def governance(actor: Actor, today: date) -> Governance:
    """The three that lead each page first, then the others by number of actions; boards without actions come last."""
    dates = dates_for_boards(actor)
    by_board, total = board_counts(actor, today, asked=_actions_of(dates))
    return Governance(_columns(actor, by_board, dates, meetings_around(today)), total)


def board_columns(actor: Actor, today: date) -> tuple[BoardColumn, ...]:
    """The boards that this person serves on. Counts only what they govern."""
    if not actor.board_ids:
        return ()
    dates = dates_for_boards(actor)
    by_board, _ = board_counts(actor, today, only=actor.board_ids, asked=_actions_of(dates))
    columns = _columns(actor, by_board, dates, meetings_around(today))
    return tuple(column for column in columns if column.board.id in actor.board_ids)


def _actions_of(dates: Iterable[BoardDate]) -> frozenset[int]:
    return frozenset(request.action_id for request in dates)


def _columns(
    actor: Actor,
    by_board: Mapping[int, tuple[Counts, int]],
    dates: Collection[BoardDate],
    meets: Mapping[int, MeetingsAround],
) -> tuple[BoardColumn, ...]:
    columns, unanswered, settles = [], unanswered_by_board(actor), _settled_at_meetings(actor)
    for board in boards():
        if knows_board(actor, board.id):
            counts, recommendations = by_board.get(board.id, (Counts(), 0))
            around = meets.get(board.id, MeetingsAround())
            columns.append(
                BoardColumn(
                    board,
                    counts,
                    recommendations,
                    next_meeting=around.next,
                    unanswered=unanswered.get(board.id, 0),
                    last_met_on=around.last_on,
                    dates=tuple(request for request in dates if board.id in request.boards),
                    to_approve=settles.get((board.id, _MINUTES), 0),
                    to_embed=settles.get((board.id, _VERIFIED), 0),
                )
            )
    return tuple(sorted(columns, key=lambda column: (column.board.leads_page or 4, -column.counts.actions)))


_MINUTES, _VERIFIED, _NOT_ACCEPTED = "minutes", "verified", "not accepted"


def _settled_at_meetings(actor: Actor) -> dict[tuple[int, str], int]:
    """Return how many minutes each board has to approve, and verified actions to accept, by its id: one query.

    Where a board did not accept an action that is still verified, it is asked again without those.
    """
    settles = _numbers_to_settle(actor, frozenset())
    if any(what == _NOT_ACCEPTED for _, what in settles):
        settles = _numbers_to_settle(actor, turned_down())
    return settles


def _numbers_to_settle(actor: Actor, without: frozenset[TurnedDown]) -> dict[tuple[int, str], int]:
    rows = db.session.execute(_to_settle_at_meetings(actor, without))
    return {(row.board_id, row.what): row.number for row in rows}


@lru_cache(maxsize=64)
def _to_settle_at_meetings(actor: Actor, without: frozenset[TurnedDown]) -> Any:
    published = select(Minutes.id).where(Minutes.meeting_id == Meeting.id).correlate(Meeting).exists()
    approved = approvals(Meeting.id).correlate(Meeting).exists()
    minutes = (
        select(Meeting.board_id, literal(_MINUTES).label("what"), func.count(Meeting.id).label("number"))
        .where(Meeting.cancelled_on.is_(None), published, ~approved)
        .group_by(Meeting.board_id)
    )
    led = RecommendationBoard.lead
    leading = func.coalesce(RecommendationBoard.board_id, Plan.oversight_board_id)
    not_accepted = (
        select(Meeting.board_id, literal(_NOT_ACCEPTED).label("what"), func.count(Decision.id).label("number"))
        .join(Decision, Decision.meeting_id == Meeting.id)
        .where(Decision.kind == DecisionKind.NOT_EMBED)
        .group_by(Meeting.board_id)
    )
    verified = (
        select(
            leading.label("board_id"),
            literal(_VERIFIED).label("what"),
            func.count(distinct(Action.id)).label("number"),
        )
        .select_from(Action)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .outerjoin(RecommendationBoard, and_(RecommendationBoard.recommendation_id == Recommendation.id, led))
        .where(
            Action.plan_id.in_(select(Plan.id).where(Plan.state == "live").correlate(None)),  # by the index of ratings
            Action.status == Status.VERIFIED,
            stands_for_itself(),
            Recommendation.withdrawn_on.is_(None),
            Plan.state == "live",
            visible_to(actor),
            *(~and_(leading == entry.board_id, Action.id == entry.action_id) for entry in without),
        )
        .group_by(leading)
    )
    return union_all(minutes, verified, not_accepted)


@dataclass(frozen=True)
class NoChange:
    """Answers *no change* and nothing else, given since the last update that said more."""

    actions: int
    answers: int


@dataclass(frozen=True)
class BoardHead:
    """The top of a board's page."""

    summary: Summary
    no_change: NoChange
    corrected: tuple[CorrectedReading, ...]
    asked: tuple[BoardQuestion, ...] = ()
    met_on: date | None = None
    """When the board last met."""
    unanswered: int = 0
    """Questions of its members that no one has answered."""
    any_request: bool = False
    """Whether a new date is requested for any action, of this board or not."""


def board_head(actor: Actor, board_id: int, today: date) -> BoardHead:
    """Return the top of a board's page, in one query but for corrected readings and questions that there are."""
    wanted = Filter(board_id=board_id)
    whole = summary(actor, wanted, today, *_beside(actor, board_id, today))
    actions, answers = map(int, whole.beside["no_change"].split())
    return BoardHead(
        summary=whole,
        no_change=NoChange(actions=actions, answers=answers),
        corrected=tuple(corrected_readings(actor, today, board_id)) if whole.beside["corrected"] else (),
        asked=tuple(questions_for_meeting(actor, board_id, today)) if whole.beside["asked"] else (),
        met_on=whole.beside["met_on"],
        unanswered=whole.beside["unanswered"],
        any_request=bool(whole.beside["requests"]),
    )


@lru_cache(maxsize=64)
def _beside(actor: Actor, board_id: int, today: date) -> tuple[Label[Any], ...]:
    """Return what the top of a board's page asks beside its counts."""
    return (
        _no_change(actor, Filter(board_id=board_id), today),
        any_corrected(today).label("corrected"),
        any_for_meeting(board_id).label("asked"),
        number_unanswered(actor, board_id).label("unanswered"),
        last_met(board_id, today).label("met_on"),
        any_request_open().label("requests"),
    )


EXCEPTIONS = (Brag.RED, Brag.AMBER)
PRESSING_ROWS = 40
"""How many exceptions and completions together a board's page shows."""


@dataclass(frozen=True)
class Pressing:
    """What a board looks at first: the actions that are red or amber, and those that are completed and not verified.

    Each list may be shorter than the counts of the board say.
    """

    exceptions: tuple[ActionRow, ...] = ()
    claims: tuple[ActionRow, ...] = ()


def pressing(actor: Actor, board_id: int, today: date) -> Pressing:
    """Return the exceptions of a board, the worst first, and its completions that no one has verified: one query."""
    ratings = (*EXCEPTIONS, Brag.BLUE_OUTLINE)
    rows = rows_rated(actor, Filter(board_id=board_id), ratings, today, size=PRESSING_ROWS)
    return Pressing(
        tuple(row for row in rows if row.brag in EXCEPTIONS),
        tuple(row for row in rows if row.brag == Brag.BLUE_OUTLINE),
    )


def _no_change(actor: Actor, wanted: Filter, today: date) -> Label[str]:
    """Return how many actions and how many answers, as two numbers in one column, so that the notes are read once."""
    note = aliased(ProgressNote)
    governed = (
        select(ActionPlace.action_id)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(visible_to(actor), is_open(), *filter_clauses(wanted, today))
        .correlate(None)
    )
    unchanged = (no_change_since(note), note.action_id.in_(governed))
    actions, answers = cast(func.count(distinct(note.action_id)), Text), cast(func.count(note.id), Text)
    counted = select(actions.concat(" ").concat(answers)).where(*unchanged).correlate(None)
    return counted.scalar_subquery().label("no_change")

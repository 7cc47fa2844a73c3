"""Who decides on the date changes that are requested, and at which meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, literal, or_, select

from ilacs_app.access import Act, Actor, may
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.queries import during
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.parsing.timescales import describe, read_timescale
from ilacs_app.plan.visibility import led_or_owned_by, visible_action
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.queries import AskedDate, date_now, request_asked
from ilacs_app.progress.dates.rules import (
    OWN_REQUEST,
    Dated,
    DecidedBy,
    Decider,
    MeetingDay,
    boards_to_decide,
    meetings_to_choose,
    needs_board,
    who_decides,
    why_not_asked,
    why_not_decide,
)

OFFICERS = ("chair", "secretary")


@dataclass(frozen=True)
class DecidingBoard:
    """A board that may decide on a request; ``officers`` are its chairs and secretaries: id -> name."""

    id: int
    slug: str
    name: str
    officers: Mapping[int, str]


@dataclass(frozen=True)
class MeetingChoice:
    """A meeting at which a request may have been decided."""

    id: int
    board: str
    board_slug: str
    on_day: date

    def item_of(self, request_id: int) -> str:
        """Return the address of a request among the items of the meeting."""
        return f"/boards/{self.board_slug}/meetings/{self.on_day.isoformat()}/items/date-{request_id}"


@dataclass(frozen=True)
class WhoDecides:
    """Who decides on a request, and what one person can do about it.

    ``why_not``: why this person cannot decide; None if they can. ``note``: whom to ask where it is not plain who
    decides, because the request is their own or a board has no chair and secretary. ``meetings``: where a board
    decides, those that they can choose from, latest first.
    """

    by: DecidedBy
    boards: tuple[DecidingBoard, ...]
    why_not: str | None
    note: str = ""
    meetings: tuple[MeetingChoice, ...] = ()

    @property
    def by_board(self) -> bool:
        return self.by == DecidedBy.BOARD

    @property
    def may_decide(self) -> bool:
        return self.why_not is None

    @property
    def is_ready(self) -> bool:
        """Whether this person can decide now: a board's decision needs a meeting that was held since the request."""
        return self.may_decide and (not self.by_board or bool(self.meetings))

    @property
    def decider(self) -> str:
        """Who decides, as a sentence."""
        if self.by == DecidedBy.MANAGER:
            return "The programme manager decides."
        if self.by == DecidedBy.NO_BOARD:
            return "No board leads this action, so the programme manager decides."
        return f"{' or '.join(board.name for board in self.boards)} decides at a meeting."

    def led_by(self, board_id: int) -> bool:
        """Return whether this board may decide."""
        return any(board.id == board_id for board in self.boards)


def decisions_on(
    actor: Actor, requests: Collection[AskedDate], rows: Mapping[int, ActionRow], today: date
) -> dict[int, WhoDecides]:
    """Return who decides on each of these requests, by its id; ``rows`` are their actions, by id."""
    ids = [request.action_id for request in requests]
    boards = deciding_boards(ids, today)
    mine = set(db.session.scalars(select(Action.id).where(Action.id.in_(ids), led_or_owned_by(actor.acts_as))))
    held = _meetings_held({board.id for some in boards.values() for board in some}, today)
    decisions = {}
    for request in requests:
        row, deciding = rows[request.action_id], boards.get(request.action_id, ())
        by = who_decides(waits_for_board(row, request), [board.id for board in deciding])
        who = decider_of(actor, request, leads=row.id in mine, plan_id=row.plan_id, plan_state=row.plan_state)
        decisions[request.id] = _decision(
            who, by, deciding, actor.id, _meetings_of(held, who, deciding, request, today)
        )
    return decisions


def decider_of(actor: Actor, request: AskedDate, *, leads: bool, plan_id: int, plan_state: str) -> Decider:
    """Return how this person relates to a request; no one decides in a closed plan."""
    people = {request.asked_by_id, request.for_person_id}
    shut = plan_state == "closed" or actor.looks_back
    officer_of = frozenset(g.board_id for g in actor.grants if g.role in OFFICERS and g.board_id is not None)
    return Decider(
        manager=may(actor, Act.DECIDE_DATES, plan_id) and not shut,
        leads=leads,
        asked=actor.id in people,
        for_asker=not people.isdisjoint(actor.stands_for),
        officer_of=frozenset() if shut else officer_of,
    )


def _decision(
    who: Decider, by: DecidedBy, boards: tuple[DecidingBoard, ...], person_id: int, meetings: tuple[MeetingChoice, ...]
) -> WhoDecides:
    why_not = why_not_decide(who, by, [board.id for board in boards])
    own = ""
    if why_not and why_not.startswith(OWN_REQUEST):
        why_not, own = OWN_REQUEST, f"{OWN_REQUEST} {_instead(by, boards, person_id)}"
    return WhoDecides(by, boards, why_not, own or _unstaffed(by, boards), meetings)


def _instead(by: DecidedBy, boards: tuple[DecidingBoard, ...], person_id: int) -> str:
    """Return who to ask in place of a person who holds the role that decides."""
    if by != DecidedBy.BOARD:
        return "Ask another programme manager."
    others = sorted({name for board in boards for id_, name in board.officers.items() if id_ != person_id})
    return f"Ask {' or '.join(others)}." if others else "Ask the administrator to add another chair or secretary."


def _unstaffed(by: DecidedBy, boards: tuple[DecidingBoard, ...]) -> str:
    """Return who to ask where a board decides and none of its kind has a chair or secretary."""
    if by != DecidedBy.BOARD or any(board.officers for board in boards):
        return ""
    return f"{boards[0].name} has no chair or secretary. Ask the administrator to add one."


@dataclass(frozen=True)
class _MeetingHeld:
    held: MeetingDay
    board: str
    board_slug: str


def _meetings_held(board_ids: Collection[int], today: date) -> list[_MeetingHeld]:
    """The newest meeting of each of these boards up to today, the latest first; at an older one nothing is decided."""
    if not board_ids:
        return []
    newest = (
        select(func.max(Meeting.on_day))
        .where(Meeting.board_id == Board.id, Meeting.on_day <= today, Meeting.cancelled_on.is_(None))
        .correlate(Board)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Meeting.id, Meeting.board_id, Meeting.on_day, Board.name, Board.slug)
        .join(Board, Board.id == Meeting.board_id)
        .where(Meeting.board_id.in_(board_ids), Meeting.on_day == newest, Meeting.cancelled_on.is_(None))
        .order_by(Meeting.on_day.desc(), Board.name)
    )
    return [_MeetingHeld(MeetingDay(row.id, row.board_id, row.on_day), row.name, row.slug) for row in rows]


def _meetings_of(
    held: Iterable[_MeetingHeld], who: Decider, boards: Iterable[DecidingBoard], request: AskedDate, today: date
) -> tuple[MeetingChoice, ...]:
    """Return those of the meetings at which this person can say that the request was decided, in the order given."""
    by_id = {meeting.held.id: meeting for meeting in held}
    board_ids = [board.id for board in boards]
    chosen = meetings_to_choose((m.held for m in by_id.values()), who, board_ids, request.asked_on, today)
    return tuple(MeetingChoice(id_, by_id[id_].board, by_id[id_].board_slug, by_id[id_].held.on_day) for id_ in chosen)


def deciding_boards(action_ids: Collection[int], today: date) -> dict[int, tuple[DecidingBoard, ...]]:
    """Return the boards that may decide on a date change of each of these actions that a board leads or oversees.

    They are its lead boards; the oversight board of its plan where it has none.
    """
    if not action_ids:
        return {}
    columns = (Board.id, Board.slug, Board.name)
    leading = (
        select(ActionPlace.action_id, literal(1).label("leads"), *columns)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(RecommendationBoard, RecommendationBoard.recommendation_id == Recommendation.id)
        .join(Board, Board.id == RecommendationBoard.board_id)
        .where(ActionPlace.action_id.in_(action_ids), RecommendationBoard.lead, Recommendation.withdrawn_on.is_(None))
    )
    overseeing = (
        select(Action.id, literal(0), *columns)
        .join(Plan, Plan.id == Action.plan_id)
        .join(Board, Board.id == Plan.oversight_board_id)
        .where(Action.id.in_(action_ids))
    )
    rows = list(db.session.execute(leading.union(overseeing).order_by("name")))
    officers = _officers_of({row.id for row in rows}, today)
    boards: dict[int, list[DecidingBoard]] = {}
    for action_id in set(action_ids):
        own = [row for row in rows if row.action_id == action_id]
        deciding = boards_to_decide([row.id for row in own if row.leads], [row.id for row in own if not row.leads])
        known = {row.id: DecidingBoard(row.id, row.slug, row.name, officers.get(row.id, {})) for row in own}
        if deciding:
            boards[action_id] = [board for id_, board in known.items() if id_ in deciding]
    return {action_id: tuple(some) for action_id, some in boards.items()}


@dataclass(frozen=True)
class AskedReading:
    """How the words of a new date would be read; ``wrong``: why it cannot be requested. All empty without words.

    ``boards`` are those that would decide; none where the programme manager does.
    """

    reading: str = ""
    wrong: str = ""
    boards: tuple[DecidingBoard, ...] = ()


def asked_reading(action_id: int, timescale: str, today: date) -> AskedReading:
    """Return how the words of a new timescale for an action would be read, and who would decide."""
    if not timescale:
        return AskedReading()
    at, near = date_now(action_id)
    asked = read_timescale(timescale, near)
    wrong = why_not_asked(at, asked, today)
    if wrong:
        return AskedReading(wrong=wrong)
    boards = deciding_boards([action_id], today).get(action_id, ())
    by = who_decides(needs_board(at, asked.due_on), [board.id for board in boards])
    return AskedReading(describe(asked), boards=boards if by == DecidedBy.BOARD else ())


def _officers_of(board_ids: Collection[int], today: date) -> dict[int, dict[int, str]]:
    """The active chairs and secretaries of each of these boards."""
    rows = db.session.execute(
        select(Membership.board_id, Person.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.board_id.in_(board_ids), Membership.role.in_(OFFICERS), *during(Membership, today))
        .where(Person.active)
    )
    officers: dict[int, dict[int, str]] = {}
    for row in rows if board_ids else ():
        officers.setdefault(row.board_id, {})[row.id] = row.name
    return officers


def waits_for_board(row: ActionRow, asked: AskedDate) -> bool:
    """Return whether a board must decide it: as it was when it was requested, or as it is now."""
    at = Dated(row.status, row.timescale_kind, row.timescale_text, row.due_on, row.moves)
    return asked.needs_board or needs_board(at, asked.due_on)


@dataclass(frozen=True)
class RequestAccess:
    """A request, and how one person relates to it. ``boards`` may decide, if a board must."""

    action_id: int
    asked: AskedDate
    decider: Decider
    boards: tuple[DecidingBoard, ...]

    @property
    def board_ids(self) -> list[int]:
        return [board.id for board in self.boards]


def access_to_request(actor: Actor, request_id: int, today: date) -> RequestAccess:
    """Return a request and how this person relates to it.

    Raises:
        NotKnown: there is no such request, or its action is not theirs to know of.
    """
    row = db.session.execute(
        select(
            DateRequest.action_id,
            Action.plan_id,
            Plan.state,
            led_or_owned_by(actor.acts_as).label("leads"),
        )
        .join(Action, Action.id == DateRequest.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(DateRequest.id == request_id)
    ).first()
    if row is None:
        raise NotKnown(str(request_id))
    visible_action(actor, row.action_id)
    asked = request_asked(request_id)
    decider = decider_of(actor, asked, leads=bool(row.leads), plan_id=row.plan_id, plan_state=row.state)
    return RequestAccess(row.action_id, asked, decider, deciding_boards([row.action_id], today).get(row.action_id, ()))


def meetings_ahead(action_id: int, today: date) -> list[tuple[int, date]]:
    """Return the meetings to come of the boards that govern an action, as (id, day): its lead boards' first."""
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
    return [(row.id, row.on_day) for row in rows]

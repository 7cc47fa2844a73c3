"""Lines of history for one reader, narrowed and a page at a time: what the page lists and what the file holds alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.changes.labels import Difference, EventNames, about_words, change_words
from ilacs_app.changes.rules import ITEMLESS, MEETINGS, VERB_GROUPS
from ilacs_app.db import db
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.history import VERBS, Event, HistoryEvent
from ilacs_app.people.boards.model import Meeting
from ilacs_app.people.boards.queries import boards
from ilacs_app.people.model import Person
from ilacs_app.plan.model import ActionPlace, Inspection, Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.queries import as_seen_by, tells_of_open_help
from ilacs_app.plan.visibility import knows_board, plans, question_is_about_theirs, question_is_open_to, visible_to
from ilacs_app.progress.evidence.model import Evidence

PAGE_LINES = 60


@dataclass(frozen=True)
class HistoryFilter:
    """Which lines of history; days are inclusive. ``ref`` is a reference (3.4) or a recommendation's number (3)."""

    since: date | None = None
    until: date | None = None
    group: str = ""
    person_id: int | None = None
    plan_id: int | None = None
    board_id: int | None = None
    action_id: int | None = None
    ref: str = ""


@dataclass(frozen=True)
class HistoryLine:
    """One line: when (a UTC instant), who, what in words, on which item, and each value before and after.

    ``ref`` is the item's reference or number now, ``address`` its page; both empty where it is about no item.
    """

    id: int
    at: datetime
    who: str
    via: str
    label: str
    about: str
    plan: str
    ref: str
    address: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class HistoryPage:
    """Lines, newest first, and the line before which the next page begins; none where there is no more."""

    lines: tuple[HistoryLine, ...]
    before: int | None


def history_page(actor: Actor, wanted: HistoryFilter, *, before: int | None = None) -> HistoryPage:
    """Return a page of the lines that fit and that this person may see, from the newest before the line ``before``."""
    lines = _lines(actor, wanted, before=before, most=PAGE_LINES + 1)
    more = len(lines) > PAGE_LINES
    return HistoryPage(tuple(lines[:PAGE_LINES]), lines[PAGE_LINES - 1].id if more else None)


def every_line(actor: Actor, wanted: HistoryFilter) -> list[HistoryLine]:
    """Return every line that fits and that this person may see, newest first."""
    return _lines(actor, wanted, before=None, most=None)


def reads_accounts(actor: Actor) -> bool:
    """Return whether someone reads what happened to accounts, teams and emails.

    Administrators and programme managers of all plans do.
    """
    return not actor.partner and (actor.is_a("administrator") or actor.is_a("programme_manager"))


def authors(actor: Actor) -> dict[int, str]:
    """Return whom the filter offers: every account, by name; for a partner only themselves."""
    query = select(Person.id, Person.name).order_by(Person.name, Person.id)
    if actor.partner:
        query = query.where(Person.id == actor.id)
    return {row.id: row.name for row in db.session.execute(query)}


def _lines(actor: Actor, wanted: HistoryFilter, *, before: int | None, most: int | None) -> list[HistoryLine]:
    query = select(HistoryEvent).where(lines_for(actor), *_narrowed(wanted))
    if before is not None:
        query = query.where(HistoryEvent.id < before)
    rows = list(db.session.scalars(query.order_by(HistoryEvent.id.desc()).limit(most)))
    events = {event.id: event for event in as_seen_by(actor, [_event(row) for row in rows])}
    places, numbers = _places(actor, rows), _numbers(actor, rows)
    seen_plans = {plan.id: (plan.slug, plan.short_name) for plan in plans(actor)}
    names = _names(events.values(), seen_plans)
    return [_line(row, events[row.id], places, numbers, seen_plans, names) for row in rows]


def _names(events: Collection[Event], seen_plans: Mapping[int, tuple[str, str]]) -> EventNames:
    """Return what the things are called whose ids these events hold; restricted evidence is not described."""
    people = _ids(events, "members", "to")
    inspections = _ids(events, "inspection_id")
    named = select(Person.id, Person.name).where(Person.id.in_(people))
    held = select(Inspection.id, Inspection.authority, Inspection.framework).where(Inspection.id.in_(inspections))
    pieces = _ids(events, "evidence_id")
    described = select(Evidence.id, Evidence.shows).where(Evidence.id.in_(pieces), Evidence.sensitivity == "open")
    return EventNames(
        people={row.id: row.name for row in db.session.execute(named)} if people else {},
        boards={board.id: board.name for board in boards()},
        plans={id_: short_name for id_, (_, short_name) in seen_plans.items()},
        inspections=(
            {row.id: f"{row.authority}, {row.framework}" for row in db.session.execute(held)} if inspections else {}
        ),
        evidence={row.id: row.shows for row in db.session.execute(described)} if pieces else {},
    )


def _ids(events: Collection[Event], *keys: str) -> set[int]:
    values = [side.get(key) for event in events for side in (event.before, event.after) for key in keys]
    return {id_ for value in values for id_ in (value if isinstance(value, list) else [value]) if isinstance(id_, int)}


def _event(row: HistoryEvent) -> Event:
    told = {name: getattr(row, name) for name in ("id", "at", "who", "via", "verb", "about", "plan_id")}
    return Event(**told, before=row.before or {}, after=row.after or {})


def _line(
    row: HistoryEvent,
    event: Event,
    places: dict[int, str],
    numbers: dict[int, str],
    seen_plans: Mapping[int, tuple[str, str]],
    names: EventNames,
) -> HistoryLine:
    slug, plan = seen_plans.get(row.plan_id or 0, ("", ""))
    ref, address = "", f"/plans/{slug}" if slug else ""
    if row.action_id:
        ref, address = places.get(row.action_id, ""), f"/actions/{row.action_id}"
    elif row.recommendation_id and row.recommendation_id in numbers:
        ref = numbers[row.recommendation_id]
        address = f"/plans/{slug}/recommendations/{ref}"
    return HistoryLine(
        id=row.id,
        at=row.at,
        who=row.who,
        via=row.via if row.via != row.who else "",
        label=VERBS[row.verb].label,
        about="" if event.about in {ref, plan} else about_words(event.verb, event.about.removeprefix(f"{ref}: ")),
        plan=plan,
        ref=ref,
        address=address,
        differences=change_words(event.verb, event.before, event.after, names=names),
    )


def lines_for(actor: Actor) -> ColumnElement[bool]:
    """Return the clause on ``HistoryEvent`` for the lines that this person may see."""
    its_plans = HistoryEvent.plan_id.in_([plan.id for plan in plans(actor)])
    items = _lines_of_part(actor) if actor.partner else its_plans
    accounts = true() if reads_accounts(actor) else false()
    itemless = HistoryEvent.verb.in_(ITEMLESS)
    unplaced = and_(HistoryEvent.plan_id.is_(None), HistoryEvent.action_id.is_(None))
    own = HistoryEvent.verb.in_(VERB_GROUPS["own"][1])
    meetings = HistoryEvent.verb.in_(MEETINGS)
    return or_(
        and_(
            ~itemless,
            ~own,
            ~meetings,
            items,
            _not_of_hidden_questions(actor),
            _not_of_other_boards(actor),
            ~tells_of_open_help(actor),
        ),
        and_(or_(itemless, and_(unplaced, ~own, ~meetings)), accounts),
        and_(own, HistoryEvent.person_id == actor.id),
        and_(meetings, _meetings_of([board.id for board in boards() if knows_board(actor, board.id)])),
    )


def _not_of_hidden_questions(actor: Actor) -> ColumnElement[bool]:
    """Return the clause for lines about anything but a question that this person may not read, as ``as_seen_by``."""
    of_boards = Challenge.board_id.in_([board.id for board in boards() if actor.reads_questions_of(board.id)])
    readable = or_(of_boards, question_is_about_theirs(actor.acts_as)) if actor.partner else of_boards
    question_id = HistoryEvent.after["challenge_id"].as_integer()
    about_none = ~HistoryEvent.verb.startswith("challenge_", autoescape=True)
    return or_(about_none, question_id.in_(select(Challenge.id).where(readable, question_is_open_to(actor))))


def _not_of_other_boards(actor: Actor) -> ColumnElement[bool]:
    """Return the clause for lines about anything but a decision that a partner may not read, as ``as_seen_by``."""
    if not actor.partner:
        return true()
    board_id = HistoryEvent.after["board_id"].as_integer()
    return or_(~HistoryEvent.verb.startswith("decision_", autoescape=True), board_id.in_(sorted(actor.board_ids)))


def _lines_of_part(actor: Actor) -> ColumnElement[bool]:
    """Return the clause for the lines of the items of a partner, who sees a part of a plan and not the plan itself."""
    seen = (
        select(Recommendation.id).join(Plan, Plan.id == Recommendation.plan_id).where(visible_to(actor)).correlate(None)
    )
    placed = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(seen))
    of_recommendation = and_(HistoryEvent.action_id.is_(None), HistoryEvent.recommendation_id.in_(seen))
    return or_(HistoryEvent.action_id.in_(placed), of_recommendation)


def _meetings_of(board_ids: Collection[int]) -> ColumnElement[bool]:
    meetings = select(Meeting.id).where(Meeting.board_id.in_(board_ids))
    meets: ColumnElement[bool] = HistoryEvent.after["meeting_id"].as_integer().in_(meetings)
    return meets


def _narrowed(wanted: HistoryFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.since:
        clauses.append(HistoryEvent.at >= clock.start_of(wanted.since))
    if wanted.until:
        clauses.append(HistoryEvent.at < clock.end_of(wanted.until))
    if wanted.group:
        clauses.append(HistoryEvent.verb.in_(VERB_GROUPS[wanted.group][1]))
    if wanted.person_id is not None:
        clauses.append(HistoryEvent.person_id == wanted.person_id)
    if wanted.plan_id is not None:
        clauses.append(HistoryEvent.plan_id == wanted.plan_id)
    if wanted.action_id is not None:
        clauses.append(HistoryEvent.action_id == wanted.action_id)
    if wanted.board_id is not None:
        clauses.append(_of_board(wanted.board_id))
    if wanted.ref:
        placed = select(ActionPlace.action_id).where(ActionPlace.ref == wanted.ref)
        numbered = select(Recommendation.id).where(Recommendation.number == wanted.ref)
        clauses.append(or_(HistoryEvent.action_id.in_(placed), HistoryEvent.recommendation_id.in_(numbered)))
    return clauses


def _of_board(board_id: int) -> ColumnElement[bool]:
    """Return the clause for what happened to what a board governs now, to its meetings and to itself."""
    governed = select(RecommendationBoard.recommendation_id).where(RecommendationBoard.board_id == board_id)
    overseen = select(Plan.id).where(Plan.oversight_board_id == board_id)
    placed = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(governed))
    return or_(
        HistoryEvent.action_id.in_(placed),
        and_(HistoryEvent.action_id.is_(None), HistoryEvent.recommendation_id.in_(governed)),
        HistoryEvent.plan_id.in_(overseen),
        and_(HistoryEvent.verb.in_(MEETINGS), _meetings_of([board_id])),
        and_(HistoryEvent.verb == "board_changed", HistoryEvent.after["board_id"].as_integer() == board_id),
    )


def _places(actor: Actor, rows: Collection[HistoryEvent]) -> dict[int, str]:
    """Return the reference of each action that this person may see, by id."""
    ids = {row.action_id for row in rows if row.action_id}
    query = (
        select(ActionPlace.action_id, ActionPlace.ref)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(visible_to(actor))
        .order_by(Recommendation.position.desc(), ActionPlace.position.desc())
    )
    if len(ids) <= PAGE_LINES + 1:
        query = query.where(ActionPlace.action_id.in_(ids))
    return {row.action_id: row.ref for row in db.session.execute(query)} if ids else {}


def _numbers(actor: Actor, rows: Collection[HistoryEvent]) -> dict[int, str]:
    ids = {row.recommendation_id for row in rows if row.recommendation_id}
    query = (
        select(Recommendation.id, Recommendation.number)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(visible_to(actor))
    )
    if len(ids) <= PAGE_LINES + 1:
        query = query.where(Recommendation.id.in_(ids))
    return {row.id: row.number for row in db.session.execute(query)} if ids else {}


def action_ref(actor: Actor, action_id: int) -> str:
    """Return the reference of an action that this person may see."""
    query = (
        select(ActionPlace.ref)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id == action_id, visible_to(actor))
        .limit(1)
    )
    return db.session.scalar(query) or ""

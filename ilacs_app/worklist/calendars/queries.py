"""Private calendar links, and the dates behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from ilacs_app.access import Actor
from ilacs_app.dates import LONDON
from ilacs_app.db import db
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.model import Person
from ilacs_app.people.sign_in.passwords import token_hash
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import RecommendationBoard
from ilacs_app.plan.rules import OPEN, STATUS_WORDS
from ilacs_app.plan.visibility import actor_of, knows_board
from ilacs_app.worklist.calendars.ics import CalendarEntry
from ilacs_app.worklist.calendars.model import CalendarFeed
from ilacs_app.worklist.queries import delivered

LONGEST_TITLE = 120


@dataclass(frozen=True)
class Feed:
    """A calendar link that someone created; ``made_at`` is a UTC instant. The link itself is not stored."""

    id: int
    board: str | None
    made_at: datetime


@dataclass(frozen=True)
class Subscription:
    """Whose dates a link gives, and which board's, if it is a board's link."""

    actor: Actor
    board_id: int | None
    board: str | None


def feeds(person_id: int) -> list[Feed]:
    """Return the calendar links of a person that were not stopped, oldest first."""
    rows = db.session.execute(
        select(CalendarFeed.id, Board.name.label("board"), CalendarFeed.made_at)
        .outerjoin(Board, Board.id == CalendarFeed.board_id)
        .where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id)
    )
    return [Feed(**row._mapping) for row in rows]


def subscription(token: str, today: date) -> Subscription | None:
    """Return what a link gives; nothing once it was stopped, its account ended or its owner may not see the board."""
    row = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.partner, CalendarFeed.board_id, Board.name.label("board"))
        .select_from(CalendarFeed)
        .join(Person, Person.id == CalendarFeed.person_id)
        .outerjoin(Board, Board.id == CalendarFeed.board_id)
        .where(CalendarFeed.token_hash == token_hash(token), CalendarFeed.revoked_at.is_(None), Person.active)
    ).first()
    if row is None:
        return None
    actor = actor_of(row.id, row.name, row.email, row.partner, today)
    if not actor.belongs or (row.board_id is not None and not knows_board(actor, row.board_id)):
        return None
    return Subscription(actor, row.board_id, row.board)


def entries(of: Subscription, today: date, site: str) -> list[CalendarEntry]:
    """Return due dates, stages and reviews of open actions, and meetings. ``site`` is the address of the service."""
    if of.board_id is not None:
        once = {row.id: row for row in action_rows(of.actor, Filter(board_id=of.board_id), today, size=None)}
        rows, boards = list(once.values()), {of.board_id}
    else:
        rows = delivered(of.actor, today) if of.actor.has_items else []
        boards = {*of.actor.board_ids, *_boards_of({row.recommendation_id for row in rows})}
        boards = {board_id for board_id in boards if knows_board(of.actor, board_id)}
    dated = [entry for row in rows for entry in _of_action(row, site)]
    return [*dated, *_meetings(boards, site)]


def _of_action(row: ActionRow, site: str) -> Iterable[CalendarEntry]:
    facts, paused = row.facts, row.status == "paused"
    dates: list[tuple[str, str, date | None]] = []
    if row.status in OPEN:
        stage = facts.stage_due_on if facts.stage_due_on != facts.due_on else None
        dates = [("due", "Due", facts.due_on), ("stage", "Stage due", stage)]
        if facts.due_on is None:
            dates.append(("review", "Review", facts.review_on))
    elif paused:
        dates = [("pause", "Pause reviewed", facts.paused_until)]
    text = " ".join(row.text.split())
    short = text if len(text) <= LONGEST_TITLE else text[: text.rfind(" ", 0, LONGEST_TITLE)] + "…"
    for kind, label, on in dates:
        if on is not None:
            yield CalendarEntry(
                uid=f"action-{row.id}-{kind}@improvement-plan",
                when=on,
                title=f"{label}: {row.ref} {short}",
                says=f"{row.plan_short}, recommendation {row.recommendation_number}. {STATUS_WORDS[row.status]}.",
                address=f"{site}/actions/{row.id}",
            )


def _boards_of(recommendation_ids: set[int]) -> set[int]:
    named = select(RecommendationBoard.board_id).where(RecommendationBoard.recommendation_id.in_(recommendation_ids))
    return set(db.session.scalars(named.distinct()))


def _meetings(board_ids: set[int], site: str) -> list[CalendarEntry]:
    rows = db.session.execute(
        select(Meeting.id, Meeting.on_day, Meeting.at_time, Meeting.place, Meeting.cancelled_on, Board.name, Board.slug)
        .join(Board, Board.id == Meeting.board_id)
        .where(Meeting.board_id.in_(board_ids))
        .order_by(Meeting.on_day, Meeting.id)
    )
    return [
        CalendarEntry(
            uid=f"meeting-{row.id}@improvement-plan",
            when=_instant(row.on_day, row.at_time),
            title=row.name,
            says=row.place or "Meeting of the board.",
            address=f"{site}/boards/{row.slug}",
            cancelled=row.cancelled_on is not None,
        )
        for row in rows
    ]


def _instant(on_day: date, at_time: str) -> date | datetime:
    """Return the UTC instant of a London time such as ``14:00``, or the day alone where no time is known."""
    if not at_time:
        return on_day
    return datetime.combine(on_day, time.fromisoformat(at_time), tzinfo=LONDON).astimezone(UTC)

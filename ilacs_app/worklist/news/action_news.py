"""What someone is told about actions: the changes of the last 14 days, read from history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, false, or_, select
from sqlalchemy.orm import aliased

from ilacs_app.access import OPERATOR, Actor
from ilacs_app.db import db
from ilacs_app.history import HistoryEvent
from ilacs_app.plan.lists.filters import Filter, governed_by
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action, ActionPlace
from ilacs_app.plan.visibility import delivered_by
from ilacs_app.worklist.news.rules import NEWS_KINDS, due_words, made_at_once, news_since


@dataclass(frozen=True)
class News:
    """A change to an action that someone is told about.

    ``at`` is a UTC instant. ``says`` is what whoever made the change wrote; ``due`` what became of the date. ``batch``
    is from ``made_at_once``.
    """

    id: int
    row: ActionRow
    verb: str
    at: datetime
    who: str
    says: str
    due: str
    batch: str
    thing: ClassVar[str] = "action"

    @property
    def ref(self) -> str:
        return self.row.ref

    @property
    def several(self) -> bool:
        return self.row.several

    @property
    def plan_short(self) -> str:
        return self.row.plan_short

    @property
    def title(self) -> str:
        return NEWS_KINDS[self.verb].title

    @property
    def address(self) -> str:
        """The part of the action's page that shows it."""
        return f"/actions/{self.row.id}{NEWS_KINDS[self.verb].place}"


def news(actor: Actor, today: date) -> list[News]:
    """Return the changes of the last 14 days that this person is told about, newest first.

    Never their own changes, and only about actions of live plans that they may see.
    """
    events = db.session.execute(_events_told_to(actor, today)).all()
    return _with_rows(events, _rows(actor, events, today))


def news_for_each(actors: Collection[Actor], held: Mapping[int, Collection[int]], today: date) -> dict[int, list[News]]:
    """Return the news of each of these people about the actions they hold, by their ids: two queries for all.

    ``held`` is from ``worklist.queries.held_actions``. A partner, who may not see every place of an action, takes two
    more.
    """
    events = db.session.execute(_events(today)).all()
    rows = _rows(OPERATOR, events, today)
    told: dict[int, list[News]] = {}
    for actor in actors:
        if actor.reads_all_plans:
            mine = [e for e in events if e.action_id in held[actor.id] and _is_told_a_holder(actor, e)]
            told[actor.id] = _with_rows(mine, rows)
        else:
            told[actor.id] = [item for item in news(actor, today) if item.row.delivers]
    return told


def _is_told_a_holder(actor: Actor, event: Any) -> bool:
    """Return what the clauses of ``_events_told_to`` say for someone who holds the action."""
    if event.person_id == actor.id:
        return False
    return NEWS_KINDS[event.verb].holders or event.asked_by_id in actor.acts_as.person_ids


def _rows(actor: Actor, events: Collection[Any], today: date) -> dict[int, ActionRow]:
    """Return the actions of the events that this person may see, by id, each at its first place."""
    rows: dict[int, ActionRow] = {}
    if events:
        wanted = Filter(action_ids=frozenset(event.action_id for event in events))
        for row in action_rows(actor, wanted, today, size=None):
            rows.setdefault(row.id, row)
    return rows


def _with_rows(events: Iterable[Any], rows: Mapping[int, ActionRow]) -> list[News]:
    return [_news(event, rows[event.action_id]) for event in events if event.action_id in rows]


def _news(event: Any, row: ActionRow) -> News:
    due = due_words(event.verb, event.after or {})
    says = event.about if event.verb == "date_refused" or NEWS_KINDS[event.verb].place != "#dates" else ""
    batch = made_at_once(NEWS_KINDS[event.verb].title, event.who, event.at, after=event.after or {})
    return News(event.id, row, verb=event.verb, at=event.at, who=event.who, says=says, due=due, batch=batch)


@lru_cache(maxsize=64)
def _events_told_to(actor: Actor, today: date) -> Any:
    return _events(today).where(
        or_(HistoryEvent.person_id.is_(None), HistoryEvent.person_id != actor.id),
        or_(_holds(actor), _serves(actor), _asked_by().in_(actor.acts_as.person_ids)),
    )


@lru_cache(maxsize=4)
def _events(today: date) -> Any:
    return (
        select(
            HistoryEvent.id,
            HistoryEvent.action_id,
            HistoryEvent.person_id,
            HistoryEvent.verb,
            HistoryEvent.at,
            HistoryEvent.who,
            HistoryEvent.about,
            HistoryEvent.after,
            _asked_by().label("asked_by_id"),
        )
        .join(Action, Action.id == HistoryEvent.action_id)
        .where(HistoryEvent.at >= news_since(today), HistoryEvent.verb.in_(NEWS_KINDS))
        .order_by(HistoryEvent.id.desc())
    )


def _holds(actor: Actor) -> ColumnElement[bool]:
    verbs = [verb for verb, kind in NEWS_KINDS.items() if kind.holders]
    return and_(HistoryEvent.verb.in_(verbs), delivered_by(actor.acts_as)) if actor.has_items else false()


def _serves(actor: Actor) -> ColumnElement[bool]:
    """The clause for what the chairs and secretaries of the action's boards are told."""
    verbs = [verb for verb, kind in NEWS_KINDS.items() if kind.officers]
    boards = sorted({g.board_id for g in actor.grants if g.board_id and g.role in {"chair", "secretary"}})
    governed = (
        HistoryEvent.action_id.in_(
            select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(governed_by(board_id)))
        )
        for board_id in boards
    )
    return and_(HistoryEvent.verb.in_(verbs), or_(*governed)) if boards else false()


def _asked_by() -> ColumnElement[int | None]:
    """The id of the person who last did what an event answers, on the same action; null where it answers nothing."""
    verbs: dict[str, list[str]] = {}
    for verb, kind in NEWS_KINDS.items():
        if kind.answers:
            verbs.setdefault(kind.answers, []).append(verb)
    return case(*((HistoryEvent.verb.in_(answers), _last_to(asked)) for asked, answers in verbs.items()))


def _last_to(verb: str) -> ScalarSelect[int | None]:
    """The id of the person who did this last on the action of an event, before the event."""
    earlier = aliased(HistoryEvent)
    return (
        select(earlier.person_id)
        .where(earlier.action_id == HistoryEvent.action_id, earlier.verb == verb, earlier.id < HistoryEvent.id)
        .order_by(earlier.id.desc())
        .limit(1)
        .correlate(HistoryEvent)
        .scalar_subquery()
    )

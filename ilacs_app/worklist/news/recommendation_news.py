"""What someone is told about recommendations that they lead or have an action in: their changes, from history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import quote

from sqlalchemy import select, union

from ilacs_app.access import Actor, ActsAs
from ilacs_app.db import db
from ilacs_app.history import HistoryEvent
from ilacs_app.plan.lists.rows import sees_several
from ilacs_app.plan.model import ActionPerson, ActionPlace, Plan, Recommendation, RecommendationLead
from ilacs_app.worklist.news.rules import RECOMMENDATION_NEWS, made_at_once, news_since, recommendation_title


@dataclass(frozen=True)
class RecommendationNews:
    """A change to a recommendation that someone is told about.

    ``at`` is a UTC instant, ``says`` why it was withdrawn or restored. ``batch`` is from ``made_at_once``.
    """

    id: int
    recommendation_id: int
    number: str
    text: str
    plan_slug: str
    plan_short: str
    several: bool
    title: str
    at: datetime
    who: str
    says: str
    batch: str
    due: ClassVar[str] = ""
    thing: ClassVar[str] = "recommendation"

    @property
    def ref(self) -> str:
        return self.number

    @property
    def address(self) -> str:
        return f"/plans/{self.plan_slug}/recommendations/{quote(self.number, safe='')}"


def recommendation_news(actor: Actor, today: date) -> list[RecommendationNews]:
    """Return the changes of the last 14 days to recommendations that this person leads or has an action in.

    Newest first; never their own changes.
    """
    if not actor.has_items:
        return []
    events = _recent(today)
    return _told(actor, events, several=bool(events) and bool(db.session.scalar(select(sees_several(actor)))))


def recommendation_news_for_each(actors: Collection[Actor], today: date) -> dict[int, list[RecommendationNews]]:
    """Return the same for each of these people, with as many queries as for one. ``several`` is always false."""
    events = _recent(today)
    return {actor.id: _told(actor, events, several=False) if actor.has_items else [] for actor in actors}


def with_a_part_in(actor: Actor | None, ids: Collection[int]) -> frozenset[int]:
    """Return those of these recommendations of live plans that someone leads or has an action in."""
    if actor is None or not ids:
        return frozenset()
    live = select(Recommendation.id).join(Plan, Plan.id == Recommendation.plan_id).where(Plan.state == "live")
    parts = _parts(set(db.session.scalars(live.where(Recommendation.id.in_(ids)))))
    return frozenset(id_ for id_, people in parts.items() if people.include(actor.acts_as))


@dataclass
class _Parts:
    """Who leads a recommendation or has an action in it."""

    people: set[int | None] = field(default_factory=set)
    teams: set[int | None] = field(default_factory=set)

    def include(self, acts_as: ActsAs) -> bool:
        return not (self.people.isdisjoint(acts_as.person_ids) and self.teams.isdisjoint(acts_as.team_ids))


@dataclass(frozen=True)
class _Event:
    row: Any
    parts: _Parts


def _recent(today: date) -> list[_Event]:
    rows = db.session.execute(_events(today)).all()
    parts = _parts({row.recommendation_id for row in rows})
    return [_Event(row, parts[row.recommendation_id]) for row in rows]


def _parts(ids: Collection[int]) -> dict[int, _Parts]:
    if not ids:
        return {}
    parts = {id_: _Parts() for id_ in ids}
    leads = select(RecommendationLead.recommendation_id, RecommendationLead.person_id, RecommendationLead.team_id)
    works = select(ActionPlace.recommendation_id, ActionPerson.person_id, ActionPerson.team_id).join(
        ActionPerson, ActionPerson.action_id == ActionPlace.action_id
    )
    holders = union(
        leads.where(RecommendationLead.recommendation_id.in_(ids)), works.where(ActionPlace.recommendation_id.in_(ids))
    )
    for recommendation_id, person_id, team_id in db.session.execute(holders):
        parts[recommendation_id].people.add(person_id)
        parts[recommendation_id].teams.add(team_id)
    return parts


def _told(actor: Actor, events: Collection[_Event], *, several: bool) -> list[RecommendationNews]:
    return [
        _news(event, several=several)
        for event in events
        if event.row.person_id != actor.id and event.parts.include(actor.acts_as)
    ]


def _news(event: _Event, *, several: bool) -> RecommendationNews:
    row, after = event.row, event.row.after or {}
    title = recommendation_title(row.verb, after)
    return RecommendationNews(
        id=row.id,
        recommendation_id=row.recommendation_id,
        number=row.number,
        text=row.text,
        plan_slug=row.slug,
        plan_short=row.short_name,
        several=several,
        title=title,
        at=row.at,
        who=row.who,
        says=row.about.partition(": ")[2] if "withdrawn_on" in after else "",
        batch=made_at_once(title, row.who, row.at, after=after),
    )


@lru_cache(maxsize=4)
def _events(today: date) -> Any:
    return (
        select(
            HistoryEvent.id,
            HistoryEvent.recommendation_id,
            HistoryEvent.person_id,
            HistoryEvent.verb,
            HistoryEvent.at,
            HistoryEvent.who,
            HistoryEvent.about,
            HistoryEvent.after,
            Recommendation.number,
            Recommendation.text,
            Plan.slug,
            Plan.short_name,
        )
        .join(Recommendation, Recommendation.id == HistoryEvent.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(
            HistoryEvent.action_id.is_(None),
            HistoryEvent.at >= news_since(today),
            HistoryEvent.verb.in_(RECOMMENDATION_NEWS),
            Plan.state == "live",
        )
        .order_by(HistoryEvent.id.desc())
    )

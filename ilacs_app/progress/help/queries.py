"""Requests for help: those of one action, and those that wait for someone's reply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import Actor, ActsAs
from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.people.teams.model import Team
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation, RecommendationLead
from ilacs_app.plan.rules_sql import stands_for_itself
from ilacs_app.plan.visibility import accountable_by, managed_by, visible_to
from ilacs_app.progress.help.model import HelpCall, HelpReply, waits_for_reply
from ilacs_app.progress.help.rules import CallState, Reply, call_state
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.queries import ON_BEHALF, signed


@dataclass(frozen=True)
class Call:
    """A request for help with its replies, oldest first; the instants are UTC.

    ``goes_to`` is empty if it goes to the programme manager.
    """

    id: int
    action_id: int
    asked_by_id: int
    who: str
    at: datetime
    blocker: str
    goes_to: str
    closed_at: datetime | None
    replies: tuple[Reply, ...] = ()

    @property
    def state(self) -> CallState:
        """Where it is today."""
        return call_state(self.closed_at, self.replies, clock.now())

    @property
    def reply(self) -> Reply | None:
        """The newest reply."""
        return self.replies[-1] if self.replies else None

    @property
    def is_open(self) -> bool:
        return self.state != CallState.CLOSED

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a reply."""
        return self.state == CallState.WAITING


@dataclass(frozen=True)
class Asked:
    """Who a request for help goes to; no person where it goes to the programme manager, or to a team by name."""

    person_id: int | None = None
    name: str = ""


def asked_of(action_id: int, askers: Collection[int | None]) -> Asked:
    """Return who gets a request of these people: the accountable lead, or no one if it is they or there is none.

    Of an action in several recommendations it is the first that has one.
    """
    lead = db.session.execute(
        select(Person.id, Person.name, Team.name.label("team"))
        .select_from(RecommendationLead)
        .join(Recommendation, Recommendation.id == RecommendationLead.recommendation_id)
        .join(ActionPlace, ActionPlace.recommendation_id == Recommendation.id)
        .outerjoin(Person, and_(Person.id == RecommendationLead.person_id, Person.active))
        .outerjoin(Team, Team.id == RecommendationLead.team_id)
        .where(ActionPlace.action_id == action_id, RecommendationLead.accountable)
        .where(Recommendation.withdrawn_on.is_(None), or_(Person.id.is_not(None), Team.id.is_not(None)))
        .order_by(Recommendation.position)
        .limit(1)
    ).first()
    if lead is None or lead.id in askers:
        return Asked()
    return Asked(lead.id, lead.name) if lead.id is not None else Asked(None, lead.team)


_GOES_TO, _JUDGE = aliased(Person), aliased(Person)
_CALLS: Any = (
    select(
        HelpCall.id.label("id"),
        HelpCall.action_id.label("action_id"),
        HelpCall.asked_by_id.label("asked_by_id"),
        signed().label("who"),
        HelpCall.asked_at.label("at"),
        HelpCall.blocker.label("blocker"),
        func.coalesce(_GOES_TO.name, "").label("goes_to"),
        HelpCall.closed_at.label("closed_at"),
    )
    .join(Person, Person.id == HelpCall.asked_by_id)
    .join(ProgressNote, ProgressNote.id == HelpCall.note_id)
    .outerjoin(ON_BEHALF, ON_BEHALF.id == ProgressNote.for_person_id)
    .outerjoin(_GOES_TO, _GOES_TO.id == HelpCall.to_person_id)
)
_REPLIES: Any = (
    select(
        HelpReply.id.label("id"),
        HelpReply.call_id.label("call_id"),
        func.coalesce(Person.name, "").label("who"),
        HelpReply.at.label("at"),
        HelpReply.words.label("words"),
        HelpReply.helped.label("helped"),
        func.coalesce(_JUDGE.name, "").label("judged_by"),
        HelpReply.judged_at.label("judged_at"),
    )
    .outerjoin(Person, Person.id == HelpReply.person_id)
    .outerjoin(_JUDGE, _JUDGE.id == HelpReply.judged_by_id)
    .where(HelpReply.call_id.in_(bindparam("call_ids", expanding=True)))
    .order_by(HelpReply.id)
)


def _with_replies(query: Any, given: dict[str, Any] | None = None) -> list[Call]:
    rows = db.session.execute(query, given or {}).all()
    replies: dict[int, list[Reply]] = defaultdict(list)
    if rows:
        for row in db.session.execute(_REPLIES, {"call_ids": [row.id for row in rows]}):
            replies[row.call_id].append(Reply(**row._mapping))
    return [Call(**row._mapping, replies=tuple(replies[row.id])) for row in rows]


def calls(action_id: int) -> list[Call]:
    """Every request on an action, newest first."""
    return _with_replies(_CALLS.where(HelpCall.action_id == action_id).order_by(HelpCall.id.desc()))


def open_calls(action_ids: Collection[int]) -> dict[int, Call]:
    """Of these actions, the newest request of each that is open."""
    if not action_ids:
        return {}
    query = _with_replies(_OPEN_CALLS, {"action_ids": list(action_ids)})
    return {call.action_id: call for call in query if call.is_open}


_OPEN_CALLS = _CALLS.where(
    HelpCall.action_id.in_(bindparam("action_ids", expanding=True)), HelpCall.closed_at.is_(None)
).order_by(HelpCall.id)


@dataclass(frozen=True)
class CallToAnswer:
    """A request for help that waits for a reply, and the action it is about."""

    row: ActionRow
    call: Call


def calls_to_answer(actor: Actor, today: date) -> list[CallToAnswer]:
    """The requests in live plans that wait for this person's reply, oldest first.

    Those of the accountable lead, by name or in a team; of the programme manager where no one else is named.
    """
    if not _may_be_asked(actor):
        return []
    return _with_rows(actor, _with_replies(_CALLS.where(_waits_for(actor)).order_by(HelpCall.id)), today)


def calls_without_reply(actor: Actor, today: date) -> list[CallToAnswer]:
    """The requests that wait for anyone's reply in the live plans that this person manages, oldest first."""
    waiting = _with_replies(
        _CALLS.join(Action, Action.id == HelpCall.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(waits_for_reply(), Plan.state == "live", managed_by(actor))
        .order_by(HelpCall.id)
    )
    return _with_rows(actor, waiting, today)


def _with_rows(actor: Actor, waiting: Collection[Call], today: date) -> list[CallToAnswer]:
    """Return the requests beside the actions that they are about, as far as this person sees them."""
    if not waiting:
        return []
    wanted = Filter(action_ids=frozenset(call.action_id for call in waiting))
    rows: dict[int, ActionRow] = {}
    for row in action_rows(actor, wanted, today, size=None):
        rows.setdefault(row.id, row)
    return [CallToAnswer(rows[call.action_id], call) for call in waiting if call.action_id in rows]


@dataclass(frozen=True)
class PeopleAsked:
    """Who the requests that wait for a reply in live plans may go to, besides the programme managers.

    Those named, and the accountable leads of the actions, by the ids of people and teams.
    """

    any_request: bool
    person_ids: frozenset[int | None]
    team_ids: frozenset[int | None]

    def include(self, actor: Actor) -> bool:
        """Return whether ``calls_to_answer`` may list any for this person."""
        if not self.any_request:
            return False
        theirs = actor.acts_as
        named = not self.person_ids.isdisjoint(theirs.person_ids) or not self.team_ids.isdisjoint(theirs.team_ids)
        return named or actor.has("programme_manager")


def people_asked() -> PeopleAsked:
    """Return who the requests that wait may go to, in one query for everyone."""
    rows = db.session.execute(
        select(HelpCall.to_person_id, RecommendationLead.person_id.label("lead_id"), RecommendationLead.team_id)
        .join(Action, Action.id == HelpCall.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .outerjoin(ActionPlace, ActionPlace.action_id == HelpCall.action_id)
        .outerjoin(
            RecommendationLead,
            and_(RecommendationLead.recommendation_id == ActionPlace.recommendation_id, RecommendationLead.accountable),
        )
        .where(waits_for_reply(), Plan.state == "live")
    ).all()
    people = {row.to_person_id for row in rows} | {row.lead_id for row in rows}
    teams = {row.team_id for row in rows}
    return PeopleAsked(bool(rows), frozenset(people - {None}), frozenset(teams - {None}))


def number_to_answer(actor: Actor) -> Select[int] | None:
    """The query for how many requests ``calls_to_answer`` lists; nothing if none can."""
    return select(func.count(HelpCall.id)).where(_waits_for(actor)) if _may_be_asked(actor) else None


def _may_be_asked(actor: Actor) -> bool:
    return actor.has_items or actor.has("programme_manager")


@lru_cache(maxsize=64)
def _waits_for(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``HelpCall`` for those of others that wait for a reply of this person."""
    managed = {g.plan_id for g in actor.grants if g.role == "programme_manager"}
    manages = true() if None in managed else Action.plan_id.in_(managed) if managed else false()
    gone = select(Person.id).where(~Person.active)
    theirs = or_(
        HelpCall.to_person_id.in_(actor.acts_as.person_ids),
        and_(HelpCall.to_person_id.in_(gone), manages),
        and_(HelpCall.to_person_id.is_(None), or_(manages, accountable_by(ActsAs((actor.id,), actor.team_ids)))),
    )
    actions = (
        select(ActionPlace.action_id)
        .join(Action, Action.id == ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id == HelpCall.action_id, theirs, Plan.state == "live", stands_for_itself())
        .where(Recommendation.withdrawn_on.is_(None), visible_to(actor))
        .correlate(HelpCall)
    )
    return and_(waits_for_reply(), HelpCall.asked_by_id != actor.id, actions.exists())

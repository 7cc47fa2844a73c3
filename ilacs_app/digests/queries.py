"""Whom letters may go to, what reaches nobody, and how the outbox stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select

from ..db import db
from ..people.model import Person, TeamMember
from ..people.queries import during
from ..plan.filters import is_counted
from ..plan.model import Action, ActionPerson, ActionPlace, Plan, RecommendationLead
from ..plan.rules import OPEN
from .model import LETTER_STATES, Letter

PROBLEM_STATES = ("unsure", "refused")


@dataclass(frozen=True)
class Account:
    """An active account."""

    id: int
    name: str
    email: str
    partner: bool


@dataclass(frozen=True)
class Stuck:
    """A letter that did not go, or may not have gone. ``queued_at`` is a UTC instant."""

    kind: str
    period: str
    to_email: str
    state: str
    attempts: int
    queued_at: datetime
    problem: str


@dataclass(frozen=True)
class Outbox:
    """How many letters are in each state, and those of which somebody should know, oldest first."""

    counts: dict[str, int]
    stuck: tuple[Stuck, ...]


def accounts() -> list[Account]:
    """Every active account, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.partner)
        .where(Person.active)
        .order_by(Person.name, Person.id)
    )
    return [Account(*row) for row in rows]


@dataclass(frozen=True)
class QueuedLetter:
    """A letter that waits to be sent, and the actions that it names."""

    person_id: int
    kind: str
    period: str
    to_email: str
    action_ids: tuple[int, ...]


def queued_letters() -> list[QueuedLetter]:
    """Every letter that waits to be sent, oldest first."""
    rows = db.session.execute(
        select(Letter.person_id, Letter.kind, Letter.period, Letter.to_email, Letter.action_ids)
        .where(Letter.state == "queued")
        .order_by(Letter.id)
    )
    return [QueuedLetter(*row[:4], action_ids=tuple(row[4])) for row in rows]


def unreached(today: date) -> frozenset[int]:
    """The ids of open actions of live plans that no active account leads, owns or contributes to, by name or team."""
    leads = exists().where(
        ActionPlace.action_id == Action.id,
        RecommendationLead.recommendation_id == ActionPlace.recommendation_id,
        Person.id == RecommendationLead.person_id,
        Person.active,
    )
    works = exists().where(ActionPerson.action_id == Action.id, Person.id == ActionPerson.person_id, Person.active)
    staffed = (
        select(TeamMember.team_id)
        .join(Person, Person.id == TeamMember.person_id)
        .where(Person.active, *during(TeamMember, today))
    )
    team_leads = exists().where(
        ActionPlace.action_id == Action.id,
        RecommendationLead.recommendation_id == ActionPlace.recommendation_id,
        RecommendationLead.team_id.in_(staffed),
    )
    team_works = exists().where(ActionPerson.action_id == Action.id, ActionPerson.team_id.in_(staffed))
    found = (
        select(Action.id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(
            Plan.state == "live",
            is_counted(),
            Action.status.in_(OPEN),
            ~leads.correlate(Action),
            ~works.correlate(Action),
            ~team_leads.correlate(Action),
            ~team_works.correlate(Action),
        )
    )
    return frozenset(db.session.scalars(found))


def in_the_outbox(periods: tuple[str, ...]) -> dict[tuple[int, str, str], str]:
    """The state of each letter of these periods, by (person, kind, period)."""
    rows = db.session.execute(
        select(Letter.person_id, Letter.kind, Letter.period, Letter.state).where(Letter.period.in_(periods))
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def outbox() -> Outbox:
    """How the outbox stands: letters in trouble, and queued ones that were tried without success."""
    counts = Counter(dict.fromkeys(LETTER_STATES, 0))
    for state, number in db.session.execute(select(Letter.state, func.count()).group_by(Letter.state)):
        counts[state] = number
    rows = db.session.execute(
        select(
            Letter.kind,
            Letter.period,
            Letter.to_email,
            Letter.state,
            Letter.attempts,
            Letter.queued_at,
            Letter.problem,
        )
        .where(Letter.state.in_((*PROBLEM_STATES, "queued")), Letter.problem != "")
        .order_by(Letter.id)
    )
    return Outbox(dict(counts), tuple(Stuck(*row) for row in rows))

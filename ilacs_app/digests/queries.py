"""Which actions reach no account, and what is in the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from ilacs_app import clock
from ilacs_app.dates import clock_time, long_date
from ilacs_app.db import db
from ilacs_app.digests.model import LEASE, LETTER_STATES, Letter
from ilacs_app.people.model import Person
from ilacs_app.people.queries import during
from ilacs_app.people.teams.model import TeamMember
from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Plan, RecommendationLead
from ilacs_app.plan.rules import OPEN
from ilacs_app.plan.rules_sql import is_counted

PROBLEM_STATES = ("unsure", "refused")


@dataclass(frozen=True)
class Stuck:
    """A letter that was not sent, may not have been sent, or is being sent. ``queued_at`` is a UTC instant."""

    id: int
    kind: str
    period: str
    to_email: str
    state: str
    attempts: int
    queued_at: datetime
    problem: str


@dataclass(frozen=True)
class Outbox:
    """How many letters are in each state, and those that need attention, oldest first."""

    counts: dict[str, int]
    stuck: tuple[Stuck, ...]

    @property
    def held(self) -> frozenset[tuple[int, int]]:
        """The letters that are being sent, each as (id, attempt)."""
        return frozenset((each.id, each.attempts) for each in self.stuck if each.state == "sending")


@dataclass(frozen=True)
class QueuedLetter:
    """A letter in the queue, and what it names."""

    person_id: int
    kind: str
    period: str
    to_email: str
    action_ids: tuple[int, ...]
    challenge_ids: tuple[int, ...]
    recommendation_ids: tuple[int, ...]


ID_LISTS = ("action_ids", "challenge_ids", "recommendation_ids")
"""What a letter names, each a list of ids in its row."""


def queued_letters() -> list[QueuedLetter]:
    """Return every letter in the queue, oldest first."""
    rows = db.session.execute(
        select(
            Letter.person_id,
            Letter.kind,
            Letter.period,
            Letter.to_email,
            Letter.action_ids,
            Letter.challenge_ids,
            Letter.recommendation_ids,
        )
        .where(Letter.state == "queued")
        .order_by(Letter.id)
    )
    return [QueuedLetter(**{**row._mapping, **{name: tuple(row._mapping[name]) for name in ID_LISTS}}) for row in rows]


def unreached(today: date) -> frozenset[int]:
    """Return the ids of open actions of live plans that no active account, alone or in a team, has a part in."""
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
    unreached_actions = (
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
    return frozenset(db.session.scalars(unreached_actions))


def told_until(kind: str, period: str) -> dict[int, datetime]:
    """Return when each person's last letter of this kind before ``period`` was queued (a UTC instant), by their ids.

    A letter that was refused told them nothing.
    """
    rows = db.session.execute(
        select(Letter.person_id, func.max(Letter.queued_at).label("queued_at"))
        .where(Letter.kind == kind, Letter.period < period, Letter.state != "refused")
        .group_by(Letter.person_id)
    )
    return {row.person_id: row.queued_at for row in rows}


@dataclass(frozen=True)
class LettersTo:
    """How many letters someone was sent, how many failed or may have, and when the last was sent (a UTC instant)."""

    sent: int = 0
    failed: int = 0
    last_sent_at: datetime | None = None


def letters_to(person_ids: Collection[int], since: datetime) -> dict[int, LettersTo]:
    """Return what became of the letters to these people that were queued since an instant, by their ids."""
    sent, failed = Letter.state == "sent", Letter.state.in_(PROBLEM_STATES)
    rows = db.session.execute(
        select(
            Letter.person_id,
            func.count(case((sent, 1))).label("sent"),
            func.count(case((failed, 1))).label("failed"),
            func.max(case((sent, Letter.sent_at))).label("last_sent_at"),
        )
        .where(Letter.person_id.in_(person_ids), Letter.queued_at >= since)
        .group_by(Letter.person_id)
    )
    return {row.person_id: LettersTo(row.sent, row.failed, row.last_sent_at) for row in rows}


def in_the_outbox(periods: tuple[str, ...]) -> dict[tuple[int, str, str], str]:
    """Return the state of each letter of these periods, by (person, kind, period)."""
    rows = db.session.execute(
        select(Letter.person_id, Letter.kind, Letter.period, Letter.state).where(Letter.period.in_(periods))
    )
    return {(row.person_id, row.kind, row.period): row.state for row in rows}


def outbox(now: datetime) -> Outbox:
    """Return the outbox: letters in trouble or being sent, and queued ones that could not be sent before.

    ``now`` is the real instant, by which a sender that has stopped is known.
    """
    counts = Counter(dict.fromkeys(LETTER_STATES, 0))
    for row in db.session.execute(select(Letter.state, func.count().label("number")).group_by(Letter.state)):
        counts[row.state] = row.number
    rows = db.session.execute(
        select(
            Letter.id,
            Letter.kind,
            Letter.period,
            Letter.to_email,
            Letter.state,
            Letter.attempts,
            Letter.queued_at,
            Letter.claimed_at,
            Letter.problem,
        )
        .where(
            or_(
                Letter.state == "sending",
                and_(Letter.state.in_((*PROBLEM_STATES, "queued")), Letter.problem != ""),
            )
        )
        .order_by(Letter.id)
    )
    return Outbox(dict(counts), tuple(_stuck(row, now) for row in rows))


def _stuck(row: Any, now: datetime) -> Stuck:
    columns = dict(row._mapping)
    claimed_at = columns.pop("claimed_at")
    return Stuck(**{**columns, "problem": _held(claimed_at, now) if row.state == "sending" else row.problem})


def _held(claimed_at: datetime | None, now: datetime) -> str:
    """Say since when a letter is being sent, or, once its lease has run out, that its sender stopped."""
    if claimed_at is None or claimed_at < now - LEASE:
        return "The program stopped while sending this email, so it may or may not have arrived."
    minutes = int(LEASE.total_seconds()) // 60
    since = f"{clock_time(claimed_at)} on {long_date(clock.london_day(claimed_at))}"
    return (
        f"A sender has had this email since {since}. If that sender stopped, the email may or may not have "
        f"arrived, and counts as unsure after {minutes} minutes."
    )

"""Who is silent, and which names reach no one, in the plans that someone manages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, func, literal, or_, select

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.digests.queries import LettersTo, letters_to
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.people.model import Person
from ilacs_app.people.queries import Account, during
from ilacs_app.people.rules import similar_names
from ilacs_app.people.sign_in.queries import last_seen
from ilacs_app.people.teams.model import TeamMember
from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Plan, Recommendation, RecommendationLead
from ilacs_app.plan.rules_sql import is_counted, is_without_update, stands_for_itself
from ilacs_app.plan.visibility import managed_by
from ilacs_app.text import plain_name

LETTERS_FOR = timedelta(days=90)
"""How far back letters are counted."""


@dataclass(frozen=True)
class PlanRef:
    """The plan that a line of a list is about."""

    id: int
    slug: str
    short_name: str


@dataclass(frozen=True)
class Silent:
    """A name in a live plan with silent actions, and who it reaches.

    ``items`` are its distinct silent actions: ``leads`` through a recommendation, ``owns`` by name. ``oldest_on`` is
    the oldest of their last updates. ``people`` is how many active accounts it reaches, one or those of a team;
    ``seen_at`` is when one of them last used the service, where that is known, and ``letters`` is what became of the
    emails to them.
    """

    plan: PlanRef
    name: str
    leads: int
    owns: int
    items: int
    oldest_on: date
    people: int
    seen_at: datetime | None
    letters: LettersTo


def silent_names(actor: Actor, today: date) -> list[Silent]:
    """Return the names with silent actions in the live plans that this person manages, the most actions first.

    Silent is the rule of the filter ``silent``; each number is that of the list with this filter and this name.
    """
    parts = _silent_parts(actor, today).c
    name = (parts.plan_id, parts.slug, parts.short_name, parts.name)
    rows = db.session.execute(
        select(
            *name,
            func.min(parts.last_word_on).label("oldest_on"),
            func.max(parts.person_id).label("person_id"),
            func.max(parts.team_id).label("team_id"),
            _number(parts, "lead").label("leads"),
            _number(parts, "owner").label("owns"),
            func.count(distinct(parts.item_id)).label("items"),
        ).group_by(*name)
    ).all()
    reached = _accounts_reached(rows, today)
    everyone = {id_ for ids in reached.values() for id_ in ids}
    seen = last_seen(everyone) if everyone else {}
    letters = letters_to(everyone, clock.now() - LETTERS_FOR) if everyone else {}
    lines = []
    for row in rows:
        people = reached[(row.person_id, row.team_id)]
        lines.append(
            Silent(
                plan=_plan_ref(row),
                name=row.name,
                leads=row.leads,
                owns=row.owns,
                items=row.items,
                oldest_on=row.oldest_on,
                people=len(people),
                seen_at=max((seen[id_] for id_ in people if id_ in seen), default=None),
                letters=_together(letters[id_] for id_ in people if id_ in letters),
            )
        )
    return sorted(lines, key=lambda line: (-line.items, line.oldest_on, line.name.lower(), line.plan.id))


def silent_actions(actor: Actor, today: date) -> dict[PlanRef, int]:
    """Return how many silent actions each live plan has that this person manages, and has some."""
    rows = db.session.execute(
        select(*_PLAN, func.count(Action.id).label("items"))
        .join(Plan, Plan.id == Action.plan_id)
        .where(managed_by(actor), Plan.state == "live", is_counted(), is_without_update(today))
        .group_by(Plan.id, Plan.slug, Plan.short_name, Plan.dated_on)
        .order_by(Plan.dated_on.desc(), Plan.id.desc())
    )
    return {_plan_ref(row): row.items for row in rows}


@dataclass(frozen=True)
class UnreachedName:
    """A name in a plan that reaches no active account.

    ``left``: the account that it reaches is no longer active, ``person_id``. ``team_id``: it is a team without members.
    ``leads`` counts recommendations, ``owns`` and ``contributes`` actions, and ``asked`` the boards' questions that it
    has not settled. ``similar`` are the active accounts that may
    be meant.
    """

    plan: PlanRef
    name: str
    leads: int
    owns: int
    contributes: int
    asked: int = 0
    left: bool = False
    person_id: int | None = None
    team_id: int | None = None
    similar: tuple[Account, ...] = ()

    @property
    def can_be_matched(self) -> bool:
        return self.team_id is None


def unreached_names(actor: Actor, today: date, known: Collection[Account]) -> list[UnreachedName]:
    """Return the names that reach no active account in the plans that this person manages and that are not closed.

    ``known`` are the active accounts. By name; those that no account has first.
    """
    active = select(Person.id).where(Person.active)
    staffed = (
        select(TeamMember.team_id)
        .join(Person, Person.id == TeamMember.person_id)
        .where(Person.active, *during(TeamMember, today))
    )
    parts = _every_part(actor)
    name = (parts.plan_id, parts.slug, parts.short_name, parts.name)
    unreached = and_(
        or_(parts.person_id.is_(None), parts.person_id.not_in(active)),
        or_(parts.team_id.is_(None), parts.team_id.not_in(staffed)),
    )
    rows = db.session.execute(
        select(
            *name,
            func.max(case((unreached, parts.person_id))).label("person_id"),
            func.max(case((unreached, parts.team_id))).label("team_id"),
            _number(parts, "lead").label("leads"),
            _number(parts, "owner").label("owns"),
            _number(parts, "contributor").label("contributes"),
            _number(parts, "asked").label("asked"),
        )
        .group_by(*name)
        .having(func.max(case((unreached, 1), else_=0)) == 1)
    ).all()
    lines = [
        UnreachedName(
            plan=_plan_ref(row),
            name=row.name,
            leads=row.leads,
            owns=row.owns,
            contributes=row.contributes,
            asked=row.asked,
            left=row.person_id is not None and row.team_id is None,
            person_id=row.person_id,
            team_id=row.team_id,
            similar=_similar(row.name, known) if row.team_id is None else (),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.team_id is not None, line.left, line.name.lower(), line.plan.id))


def _similar(name: str, known: Collection[Account]) -> tuple[Account, ...]:
    """Return the accounts that a name may mean: those of the same name (two that share it), then of similar ones."""
    same = [account for account in known if plain_name(account.name) == plain_name(name)]
    like = similar_names(name, (account.name for account in known))
    return (*same, *(account for other in like for account in known if account.name == other))


@dataclass(frozen=True)
class MatchedName:
    """A name in a plan that was matched to an account: one of another name, or one of several that share the name."""

    plan: PlanRef
    name: str
    person_id: int
    account: str
    email: str


def matched_names(actor: Actor, known: Collection[Account]) -> list[MatchedName]:
    """Return the names that were matched to an account, in the plans that this person manages.

    ``known`` are the active accounts. A name that its account alone has was not matched.
    """
    having = Counter(plain_name(account.name) for account in known)
    parts = _every_part(actor)
    rows = db.session.execute(
        select(
            parts.plan_id,
            parts.slug,
            parts.short_name,
            parts.name,
            parts.person_id,
            Person.name.label("account"),
            Person.email,
        )
        .join(Person, Person.id == parts.person_id)
        .distinct()
        .order_by(parts.name, parts.plan_id, parts.person_id)
    )
    return [
        MatchedName(plan=_plan_ref(row), name=row.name, person_id=row.person_id, account=row.account, email=row.email)
        for row in rows
        if plain_name(row.name) != plain_name(row.account) or having[plain_name(row.name)] > 1
    ]


_PLAN = (Plan.id.label("plan_id"), Plan.slug, Plan.short_name)
_OPEN_PLAN = Plan.state != "closed"


def _plan_ref(row: Any) -> PlanRef:
    return PlanRef(row.plan_id, row.slug, row.short_name)


def _leads(actor: Actor, *which: ColumnElement[bool]) -> Any:
    """Return the query for who leads which recommendation that is not withdrawn, in the plans that they manage."""
    return (
        select(
            *_PLAN,
            literal("lead").label("part"),
            RecommendationLead.recommendation_id.label("item_id"),
            RecommendationLead.name,
            RecommendationLead.person_id,
            RecommendationLead.team_id,
        )
        .select_from(RecommendationLead)
        .join(Recommendation, Recommendation.id == RecommendationLead.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(managed_by(actor), Recommendation.withdrawn_on.is_(None), *which)
    )


def _works(actor: Actor, *which: ColumnElement[bool]) -> Any:
    """Return the query for who owns or contributes to which counted action, in the plans that this person manages."""
    return (
        select(
            *_PLAN,
            ActionPerson.part,
            ActionPerson.action_id.label("item_id"),
            ActionPerson.name,
            ActionPerson.person_id,
            ActionPerson.team_id,
        )
        .select_from(ActionPerson)
        .join(Action, Action.id == ActionPerson.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(managed_by(actor), is_counted(), *which)
    )


def _questions(actor: Actor, *which: ColumnElement[bool]) -> Any:
    """Return the query for who is asked which unsettled question about an item of the plans that they manage.

    Questions about exempt items are left out: only their board and who is asked can read them.
    """
    return (
        select(
            *_PLAN,
            literal("asked").label("part"),
            Challenge.id.label("item_id"),
            Challenge.owner.label("name"),
            Challenge.owner_person_id.label("person_id"),
            Challenge.owner_team_id.label("team_id"),
        )
        .select_from(Challenge)
        .join(Plan, Plan.id == Challenge.plan_id)
        .where(managed_by(actor), Challenge.state.in_(("open", "answered")), Challenge.exempt.is_(False), *which)
    )


def _every_part(actor: Actor) -> Any:
    """Return who leads, owns, contributes to or is asked about what, in the open plans that this person manages."""
    works, asked = _works(actor, _OPEN_PLAN), _questions(actor, _OPEN_PLAN)
    return _leads(actor, _OPEN_PLAN).union_all(works, asked).subquery("parts").c


def _silent_parts(actor: Actor, today: date) -> Any:
    """Return who leads or owns which silent action of a live plan."""
    silent = (Plan.state == "live", is_without_update(today))
    leads = (
        _leads(actor, *silent, stands_for_itself())
        .join(ActionPlace, ActionPlace.recommendation_id == Recommendation.id)
        .join(Action, Action.id == ActionPlace.action_id)
        .with_only_columns(*_PLAN, *_named("lead", RecommendationLead))
    )
    owns = _works(actor, *silent, ActionPerson.part == "owner").with_only_columns(
        *_PLAN, *_named("owner", ActionPerson)
    )
    return leads.union_all(owns).subquery("parts")


def _named(part: str, table: Any) -> tuple[Any, ...]:
    return (
        literal(part).label("part"),
        Action.id.label("item_id"),
        Action.last_word_on,
        table.name,
        table.person_id,
        table.team_id,
    )


def _number(parts: Any, part: str) -> Any:
    """Return how many distinct items a name has in one part, as a column."""
    return func.count(distinct(case((parts.part == part, parts.item_id))))


_Reached = dict[tuple[int | None, int | None], frozenset[int]]


def _accounts_reached(rows: Iterable[Any], today: date) -> _Reached:
    """Return the active accounts that an account and a team reach, by their ids."""
    pairs = {(row.person_id, row.team_id) for row in rows}
    people, team_ids = {person_id for person_id, _ in pairs}, {team_id for _, team_id in pairs}
    members: dict[int, set[int]] = {}
    for row in db.session.execute(
        select(TeamMember.team_id, TeamMember.person_id).where(
            TeamMember.team_id.in_(team_ids - {None}), *during(TeamMember, today)
        )
    ):
        members.setdefault(row.team_id, set()).add(row.person_id)
    wanted = (people - {None}).union(*members.values())
    active = set(db.session.scalars(select(Person.id).where(Person.active, Person.id.in_(wanted))))
    return {
        (person_id, team_id): frozenset(({person_id} | members.get(team_id or 0, set())) & active)
        for person_id, team_id in pairs
    }


def _together(letters: Iterable[LettersTo]) -> LettersTo:
    """Return the letters to several people as one."""
    each = list(letters)
    last = max((some.last_sent_at for some in each if some.last_sent_at), default=None)
    return LettersTo(sum(some.sent for some in each), sum(some.failed for some in each), last)

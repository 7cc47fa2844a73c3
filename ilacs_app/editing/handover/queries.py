"""Who leads and owns what in the plans that someone manages, for reassigning it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, true

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.people.model import Person
from ilacs_app.people.queries import Account
from ilacs_app.people.rules import similar_names
from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Plan, Recommendation, RecommendationLead
from ilacs_app.plan.names.queries import known_names, names_reached
from ilacs_app.plan.names.rules import NameReach, Reach
from ilacs_app.plan.rules import OPEN
from ilacs_app.plan.rules_sql import stands_for_itself
from ilacs_app.text import plain_name


@dataclass(frozen=True)
class Holder:
    """An account that is named in these plans, and in how many parts."""

    id: int
    name: str
    active: bool
    parts: int


@dataclass(frozen=True)
class Held:
    """A part that a name has: lead of a recommendation, owner or contributor of an action. ``open`` is still to do."""

    part: str
    id: int
    version: int
    ref: str
    text: str
    plan_short: str
    status: str
    open: bool

    @property
    def key(self) -> tuple[str, int]:
        return self.part, self.id


def keeps(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Plan`` for those that this person manages as a programme manager and that are not closed."""
    mine = [
        true() if grant.plan_id is None else Plan.id == grant.plan_id
        for grant in actor.grants
        if grant.role == "programme_manager"
    ]
    return and_(Plan.state != "closed", or_(false(), *mine))


def holders(actor: Actor) -> list[Holder]:
    """Every account that is named in the plans that this person manages, by name."""
    leads = (
        select(RecommendationLead.person_id)
        .join(Recommendation, Recommendation.id == RecommendationLead.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(keeps(actor), RecommendationLead.person_id.is_not(None))
    )
    works = (
        select(ActionPerson.person_id)
        .join(Action, Action.id == ActionPerson.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(keeps(actor), ActionPerson.person_id.is_not(None), stands_for_itself())
    )
    parts = leads.union_all(works).subquery()
    rows = db.session.execute(
        select(Person.id, Person.name, Person.active, func.count().label("parts"))
        .join(parts, parts.c.person_id == Person.id)
        .group_by(Person.id, Person.name, Person.active)
        .order_by(Person.name, Person.id)
    )
    return [Holder(**row._mapping) for row in rows]


def person_name(person_id: int) -> str:
    """The name of an account.

    Raises:
        NotKnown: there is none.
    """
    name = db.session.scalar(select(Person.name).where(Person.id == person_id))
    if name is None:
        raise NotKnown(str(person_id))
    return name


def held_by(actor: Actor, person_id: int) -> list[Held]:
    """Return what a person leads, owns and contributes to by name in this manager's plans, in plan order."""
    leads = db.session.execute(
        select(
            literal("lead").label("part"),
            Recommendation.id,
            Recommendation.version,
            Recommendation.number.label("ref"),
            Recommendation.text,
            Plan.short_name.label("plan_short"),
            literal("").label("status"),
        )
        .join(RecommendationLead, RecommendationLead.recommendation_id == Recommendation.id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(keeps(actor), RecommendationLead.person_id == person_id, Recommendation.withdrawn_on.is_(None))
        .order_by(Plan.dated_on.desc(), Plan.id, Recommendation.position)
    )
    works = db.session.execute(
        select(ActionPerson.part, *_ACTION)
        .join(Action, Action.id == ActionPerson.action_id)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(keeps(actor), ActionPerson.person_id == person_id, stands_for_itself())
        .order_by(Plan.dated_on.desc(), Plan.id, Recommendation.position, ActionPlace.position)
    )
    led = _once(Held(**row._mapping, open=True) for row in leads)
    worked_on = _once(Held(**row._mapping, open=row.status in OPEN) for row in works)
    return led + sorted(worked_on, key=lambda held: held.part != "owner")


def _once(parts: Iterable[Held]) -> list[Held]:
    """Return each part once, in the order of first appearance."""
    first: dict[tuple[str, int], Held] = {}
    for held in parts:
        first.setdefault(held.key, held)
    return list(first.values())


_ACTION = (
    Action.id,
    Action.version,
    ActionPlace.ref,
    Action.text,
    Plan.short_name.label("plan_short"),
    Action.status,
)


def owners_of(action_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The owners of each of these actions, as the plan names them."""
    rows = db.session.execute(
        select(ActionPerson.action_id, ActionPerson.name)
        .where(ActionPerson.action_id.in_(action_ids), ActionPerson.part == "owner")
        .order_by(ActionPerson.id)
    )
    names: dict[int, tuple[str, ...]] = {}
    for action_id, name in rows:
        names[action_id] = (*names.get(action_id, ()), name)
    return names


@dataclass(frozen=True)
class NewHolder:
    """Who would get items by a name. ``instead``: names that may be meant; ``sharing``: accounts that share it."""

    reach: NameReach
    instead: tuple[str, ...] = ()
    sharing: tuple[Account, ...] = ()


def new_holder(actor: Actor, name: str, plan_id: int | None) -> NewHolder:
    """Return who a name reaches, and whom it may mean if it reaches no one."""
    reach = names_reached([name], clock.today())[0]
    if reach.is_reached:
        return NewHolder(reach)
    known = known_names(actor, plan_id)
    if reach.reach == Reach.SEVERAL:
        wanted = plain_name(name)
        return NewHolder(reach, sharing=tuple(each for each in known.accounts if plain_name(each.name) == wanted))
    similar = names_reached(similar_names(name, known.all), clock.today())
    return NewHolder(reach, instead=tuple(other.name for other in similar if other.is_reached))

"""What a person can see: the one clause that says which recommendations, and functions that load and check.

Product rule 1: anyone with a role or an item reads all live plans; someone with roles for single plans only reads those
plans and the ones in which they have items; a partner sees its boards' recommendations and those that it leads, owns or
contributes to; drafts are the programme manager's and the administrator's. Lists, counts, searches, exports and letters
all go through ``visible_to``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from ilacs_app.access import Act, Actor, ActsAs, Grant, check_may
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.people.boards.queries import BoardName, board_by_slug
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.queries import during, grants_on
from ilacs_app.people.teams.model import StandIn, TeamMember
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    Plan,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)

SHOWN_STATES = ("live", "closed")
DRAFT_ROLES = ("programme_manager", "administrator")  # who sees the plans that are not shown yet


def actor_of(person_id: int, name: str, email: str, partner: bool, today: date) -> Actor:
    """The person with the roles that they hold on ``today``, whom they stand in for, and their teams: one query."""
    rows: list[Any] = list(db.session.execute(_known_of(person_id, today)))
    parts: dict[str, list[int]] = {_ITEMS: [], _STANDS_FOR: [], _TEAM: []}
    grants = []
    for role, plan_id, board_id in rows:
        if role in parts:
            parts[role].append(plan_id)
        else:
            grants.append(Grant(role, plan_id, board_id))
    return Actor(
        id=person_id,
        name=name,
        email=email,
        partner=partner,
        grants=tuple(grants),
        has_items=bool(parts[_ITEMS]),
        stands_for=tuple(sorted(set(parts[_STANDS_FOR]))),
        team_ids=tuple(sorted(set(parts[_TEAM]))),
    )


def actors(today: date) -> list[Actor]:
    """Return every active account as ``actor_of`` does, by name: five queries, however many accounts there are."""
    people = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.partner)
        .where(Person.active)
        .order_by(Person.name, Person.id)
    ).all()
    grants: dict[int, list[Grant]] = {}
    for person_id, role, plan_id, board_id in db.session.execute(
        select(Membership.person_id, Membership.role, Membership.plan_id, Membership.board_id).where(
            *during(Membership, today)
        )
    ):
        grants.setdefault(person_id, []).append(Grant(role, plan_id, board_id))
    stood_for = _by_person(select(StandIn.person_id, StandIn.for_person_id).where(*during(StandIn, today)))
    teams = _by_person(select(TeamMember.person_id, TeamMember.team_id).where(*during(TeamMember, today)))
    named = db.session.execute(
        select(RecommendationLead.person_id, RecommendationLead.team_id).union(
            select(ActionPerson.person_id, ActionPerson.team_id)
        )
    ).all()
    holders, holding_teams = {person_id for person_id, _ in named}, {team_id for _, team_id in named}
    people_acting = []
    for person in people:
        others = stood_for.get(person.id, set())
        them = {person.id, *others}
        their_teams = {team_id for id_ in them for team_id in teams.get(id_, ())}
        people_acting.append(
            Actor(
                **person._mapping,
                grants=tuple(grants.get(person.id, ())),
                has_items=bool(them & holders or their_teams & holding_teams),
                stands_for=tuple(sorted(others)),
                team_ids=tuple(sorted(their_teams)),
            )
        )
    return people_acting


def _by_person(pairs: Select[int, int]) -> dict[int, set[int]]:
    by_person: dict[int, set[int]] = {}
    for person_id, other_id in db.session.execute(pairs):
        by_person.setdefault(person_id, set()).add(other_id)
    return by_person


@dataclass(frozen=True)
class ActionHolder:
    """Who leads, owns or contributes to an action: a person or a team, so one of the first two is set."""

    person_id: int | None
    team_id: int | None
    action_id: int


def holders_of_actions() -> list[ActionHolder]:
    """Return who leads, owns or contributes to which action of a live plan: ``delivered_by``, for everyone."""
    leads = (
        select(RecommendationLead.person_id, RecommendationLead.team_id, ActionPlace.action_id)
        .join(ActionPlace, ActionPlace.recommendation_id == RecommendationLead.recommendation_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(Plan.state == "live")
    )
    works = (
        select(ActionPerson.person_id, ActionPerson.team_id, ActionPerson.action_id)
        .join(Action, Action.id == ActionPerson.action_id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(Plan.state == "live")
    )
    return [ActionHolder(**row._mapping) for row in db.session.execute(union_all(leads, works))]


def anew(actor: Actor, today: date) -> Actor:
    """Return the person with their current roles, by which a transaction decides, whatever they had before."""
    return actor_of(actor.id, actor.name, actor.email, actor.partner, today)


def actor_with(person_id: int, today: date) -> Actor | None:
    """The person of this active account as they are at this moment; nothing if there is none."""
    account = db.session.execute(
        select(Person.name, Person.email, Person.partner).where(Person.id == person_id, Person.active)
    ).first()
    return actor_of(person_id, account.name, account.email, account.partner, today) if account else None


_ITEMS, _STANDS_FOR, _TEAM = "items", "stands for", "team"


@lru_cache(maxsize=256)
def _known_of(person_id: int, today: date) -> Any:
    """The query of ``actor_of``: rows of (role, plan id, board id), and of (our marker, id, nothing)."""
    nothing = cast(null(), Integer)
    stood_for = select(StandIn.for_person_id).where(StandIn.person_id == person_id, *during(StandIn, today))
    them = select(literal(person_id)).union(stood_for).subquery()
    teams = (
        select(TeamMember.team_id)
        .where(TeamMember.person_id.in_(select(them)), *during(TeamMember, today))
        .distinct()
        .subquery()
    )

    def theirs(table: type[RecommendationLead | ActionPerson]) -> ColumnElement[bool]:
        return exists().where(or_(table.person_id.in_(select(them)), table.team_id.in_(select(teams))))

    items = select(literal(_ITEMS), nothing, nothing).where(or_(theirs(RecommendationLead), theirs(ActionPerson)))
    return union_all(
        grants_on(person_id, today),
        items,
        select(literal(_STANDS_FOR), stood_for.subquery().c.for_person_id, nothing),
        select(literal(_TEAM), teams.c.team_id, nothing),
    )


@lru_cache(maxsize=256)
def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Recommendation`` joined with ``Plan`` that holds for what this person may see."""
    shown = Plan.state.in_(SHOWN_STATES)
    if actor.partner:
        return and_(shown, or_(_governed_by(actor), _worked_on_by(actor)))
    may = [managed_by(actor)]
    if actor.reads_all_plans:
        may.append(shown)
    elif actor.belongs:
        theirs = Plan.id.in_(sorted(actor.plan_ids))
        may.append(and_(shown, or_(theirs, _worked_in_by(actor.acts_as)) if actor.has_items else theirs))
    return or_(*may)


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Plan`` for those that someone sees whole, as a draft too; none for a partner."""
    roles = [] if actor.partner else [grant for grant in actor.grants if grant.role in DRAFT_ROLES]
    return or_(false(), *(true() if grant.plan_id is None else Plan.id == grant.plan_id for grant in roles))


def _worked_in_by(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause on ``Plan`` for those in which someone leads, owns or contributes."""
    leads = select(Recommendation.plan_id).where(Recommendation.id.in_(led_by(acts_as)))
    works = (
        select(Action.plan_id).join(ActionPerson, ActionPerson.action_id == Action.id).where(_in(ActionPerson, acts_as))
    )
    return or_(Plan.id.in_(leads.correlate(None)), Plan.id.in_(works.correlate(None)))


def _governed_by(actor: Actor) -> ColumnElement[bool]:
    named = select(RecommendationBoard.recommendation_id).where(RecommendationBoard.board_id.in_(actor.board_ids))
    return or_(Recommendation.id.in_(named), Plan.oversight_board_id.in_(actor.board_ids))


def _worked_on_by(actor: Actor) -> ColumnElement[bool]:
    worked = select(ActionPlace.recommendation_id).join(ActionPerson, ActionPerson.action_id == ActionPlace.action_id)
    return or_(
        Recommendation.id.in_(led_by(actor.acts_as)),
        Recommendation.id.in_(worked.where(_in(ActionPerson, actor.acts_as))),
    )


def _in(table: type[RecommendationLead | ActionPerson], acts_as: ActsAs) -> ColumnElement[bool]:
    by_name = table.person_id.in_(acts_as.person_ids)
    return or_(by_name, table.team_id.in_(acts_as.team_ids)) if acts_as.team_ids else by_name


def led_by(acts_as: ActsAs) -> Select[int]:
    """The ids of the recommendations that these people and teams lead, as a subquery."""
    return select(RecommendationLead.recommendation_id).where(_in(RecommendationLead, acts_as))


@lru_cache(maxsize=256)
def delivered_by(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause on ``Action`` for those that someone leads (through a recommendation), owns or contributes to."""
    leads = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(led_by(acts_as)))
    works = select(ActionPerson.action_id).where(_in(ActionPerson, acts_as))
    return or_(Action.id.in_(leads), Action.id.in_(works))


def only_inspected_by(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Plan`` for those that someone sees as an inspector alone: ``Actor.only_inspects`` in SQL."""
    other = actor.without_inspection
    if other == actor or other.reads_all_plans or other.has_items or other.board_ids:
        return false()
    return Plan.id.not_in(sorted(other.plan_ids))


def visible_with_questions(actor: Actor) -> ColumnElement[bool]:
    """The clause of ``visible_to`` for items whose questions of boards they may read: not what they only inspect."""
    reader = actor.without_inspection
    return visible_to(actor) if reader == actor else and_(visible_to(actor), visible_to(reader))


def question_is_about_theirs(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause on ``Challenge`` for those asked of someone, or about what they lead, own or contribute to."""
    led = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(led_by(acts_as)))
    worked = select(ActionPerson.action_id).where(_in(ActionPerson, acts_as))
    return or_(
        func.coalesce(Challenge.owner_person_id.in_(acts_as.person_ids), false()),
        func.coalesce(Challenge.owner_team_id.in_(acts_as.team_ids), false()),
        func.coalesce(Challenge.recommendation_id.in_(led_by(acts_as)), false()),
        func.coalesce(Challenge.action_id.in_(led), false()),
        func.coalesce(Challenge.action_id.in_(worked), false()),
    )


def question_is_open_to(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Challenge`` for those that are not exempt; exempt ones are for their board and who is asked."""
    return or_(
        ~Challenge.exempt,
        Challenge.board_id.in_(actor.board_ids),
        func.coalesce(Challenge.owner_person_id.in_(actor.acts_as.person_ids), false()),
        func.coalesce(Challenge.owner_team_id.in_(actor.acts_as.team_ids), false()),
    )


def led_or_owned_by(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause on ``Action`` for those that someone leads or owns, and does not only contribute to."""
    leads = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(led_by(acts_as)))
    owns = select(ActionPerson.action_id).where(ActionPerson.part == "owner", _in(ActionPerson, acts_as))
    return or_(Action.id.in_(leads), Action.id.in_(owns))


def leads_or_owns(action_id: int, acts_as: ActsAs) -> bool:
    """Return whether these people and teams lead or own an action, and do not only contribute to it."""
    action = select(Action.id).where(Action.id == action_id, led_or_owned_by(acts_as))
    return db.session.scalar(action) is not None


def accountable_by(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause on ``Action`` for those of whose recommendations someone is the accountable lead."""
    leads = led_by(acts_as).where(RecommendationLead.accountable)
    return Action.id.in_(select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(leads)))


def in_hand_of(action_id: int, today: date) -> set[int]:
    """Return the ids of the people whose action it is.

    They lead, own or contribute to it, by name or in a team, or are delegates of someone who does.
    """
    leads = (
        select(RecommendationLead.person_id, RecommendationLead.team_id)
        .join(ActionPlace, ActionPlace.recommendation_id == RecommendationLead.recommendation_id)
        .where(ActionPlace.action_id == action_id)
    )
    works = select(ActionPerson.person_id, ActionPerson.team_id).where(ActionPerson.action_id == action_id)
    named = db.session.execute(union_all(leads, works)).all()
    people = {person_id for person_id, _ in named if person_id}
    teams = {team_id for _, team_id in named if team_id}
    members = select(TeamMember.person_id).where(TeamMember.team_id.in_(teams), *during(TeamMember, today))
    people.update(db.session.scalars(members))
    stand_ins = select(StandIn.person_id).where(StandIn.for_person_id.in_(people), *during(StandIn, today))
    people.update(db.session.scalars(stand_ins))
    return people


@dataclass(frozen=True)
class PlanHead:
    """What every page of a plan says of it."""

    id: int
    slug: str
    short_name: str
    title: str
    state: str
    dated_on: date
    live_on: date | None
    window: int
    inspection_id: int | None
    status_key: list[dict[str, str]]


def plans(actor: Actor) -> list[PlanHead]:
    """The plans of which they may see something, newest first."""
    return _heads(actor)


def managed_plans(actor: Actor) -> list[PlanHead]:
    """The plans that they see as a programme manager or an administrator, newest first; none for a partner."""
    return _heads(actor, managed_by(actor))


def several_plans(actor: Actor) -> ColumnElement[bool]:
    """Return whether there are several plans of which they may see something, as a column: else no list names them."""
    first_two = select(Plan.id).where(_in_part_visible_to(actor)).limit(2).subquery()
    return select(func.count()).select_from(first_two).scalar_subquery() > 1


def _in_part_visible_to(actor: Actor) -> ColumnElement[bool]:
    some = select(Recommendation.plan_id).join(Plan, Plan.id == Recommendation.plan_id).where(visible_to(actor))
    return or_(Plan.id.in_(some), managed_by(actor))


def _heads(actor: Actor, *which: ColumnElement[bool]) -> list[PlanHead]:
    mine = _in_part_visible_to(actor)
    heads = select(*_HEAD).where(mine, *which).order_by(Plan.dated_on.desc(), Plan.id.desc())
    rows: list[Any] = list(db.session.execute(heads))
    return [PlanHead(**row._mapping) for row in rows]


_HEAD = (
    Plan.id,
    Plan.slug,
    Plan.short_name,
    Plan.title,
    Plan.state,
    Plan.dated_on,
    Plan.live_on,
    Plan.reporting_window.label("window"),
    Plan.inspection_id,
    Plan.status_key,
)


def plan_for(actor: Actor, slug: str, *, to: Act | None = None) -> PlanHead:
    """Return the plan at this address, to someone who may see it, and may do ``to`` where that is given.

    Raises:
        NotKnown: there is none, or they may not know of it.
        NotAllowed: they may see it and not do ``to``.
    """
    plan = next(iter(_heads(actor, Plan.slug == slug)), None)
    if plan is None:
        raise NotKnown(slug)
    if to is not None:
        check_may(actor, to, plan.id)
    return plan


def recommendation_for(actor: Actor, plan_id: int, number: str) -> int:
    """The id of the recommendation with this number.

    Raises:
        NotKnown: there is none, or they may not know of it.
    """
    id_ = db.session.scalar(
        select(Recommendation.id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(Plan.id == plan_id, Recommendation.number == number, visible_to(actor))
    )
    if id_ is None:
        raise NotKnown(number)
    return id_


def number_of(actor: Actor, plan_id: int, recommendation_id: int) -> str:
    """The number that a recommendation has now.

    Raises:
        NotKnown: as ``recommendation_for``.
    """
    number = db.session.scalar(
        select(Recommendation.number)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(Plan.id == plan_id, Recommendation.id == recommendation_id, visible_to(actor))
    )
    if number is None:
        raise NotKnown(str(recommendation_id))
    return number


def in_sight_of(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Action`` of a live plan for those of which this person may see a place."""
    if actor.reads_all_plans:
        return true()
    return (
        exists()
        .where(ActionPlace.action_id == Action.id, ActionPlace.recommendation_id == Recommendation.id)
        .where(Recommendation.plan_id == Plan.id, visible_to(actor))
        .correlate(Action)
    )


def visible_action(actor: Actor, action_id: int) -> int:
    """Return the id of an action that they may see. To load one for a change, see ``progress.queries.action_for``.

    Raises:
        NotKnown: there is none, or they may not know of it.
    """
    id_ = db.session.scalar(
        select(ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id == action_id, visible_to(actor))
        .limit(1)
    )
    if id_ is None:
        raise NotKnown(str(action_id))
    return id_


def board_for(actor: Actor, slug: str, *, to: Act | None = None) -> BoardName:
    """Return the board at this address. A partner knows only its own boards.

    Raises:
        NotKnown: there is none, or they may not know of it.
        NotAllowed: they may see it and not do ``to``, where that is given.
    """
    board = board_by_slug(slug)
    if board is None or not knows_board(actor, board.id):
        raise NotKnown(slug)
    if to is not None:
        check_may(actor, to, board.id)
    return board


def knows_board(actor: Actor, board_id: int) -> bool:
    """Return whether this person may know of the board: everyone who belongs; a partner of its own."""
    return board_id in actor.board_ids if actor.partner else actor.belongs

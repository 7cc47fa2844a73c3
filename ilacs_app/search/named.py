"""People and boards by their names: those named in what someone may see, with what each leads, owns or governs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, distinct, func, literal, select, union, union_all

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.governance.meetings.queries import MeetingLine, meetings_around
from ilacs_app.people.boards.model import Board
from ilacs_app.people.boards.queries import BoardLine, board_lines
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.queries import during
from ilacs_app.plan.lists.filters import Filter, recommendation_clauses
from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Plan, Recommendation, RecommendationLead
from ilacs_app.plan.rules_sql import stands_for_itself
from ilacs_app.plan.visibility import knows_board, visible_to
from ilacs_app.search.index import Question, has_every_term

BOARD_OFFICES = ("chair", "secretary")


@dataclass(frozen=True)
class PartInPlan:
    """What a person has in one plan: how many recommendations they lead, and actions they own or contribute to."""

    slug: str
    short_name: str
    leads: int = 0
    owns: int = 0
    contributes: int = 0


@dataclass(frozen=True)
class BoardOffice:
    """A board that a person chairs or is the secretary of."""

    role: str
    slug: str
    name: str


@dataclass(frozen=True)
class PersonHit:
    """A person or team by the name that a plan has for them, with their part in each plan and on boards."""

    name: str
    plans: tuple[PartInPlan, ...] = ()
    offices: tuple[BoardOffice, ...] = ()


@dataclass(frozen=True)
class BoardHit:
    """A board that was found by one of its names, with its next meeting."""

    slug: str
    name: str
    next_meeting: MeetingLine | None


@dataclass(frozen=True)
class NamedHits:
    """The people and boards whose names have every term of a search."""

    people: tuple[PersonHit, ...] = ()
    boards: tuple[BoardHit, ...] = field(default=())


def named_hits(actor: Actor, asked: Question, today: date, *, plan_id: int | None) -> NamedHits:
    """Return the people and boards that were looked for, of what this person may see; nothing for an empty search."""
    if not asked.terms:
        return NamedHits()
    known = [board for board in board_lines() if knows_board(actor, board.id)]
    return NamedHits(
        people=tuple(_people(actor, asked, today, plan_id=plan_id, known=known)),
        boards=tuple(_boards(asked, today, known)),
    )


def _boards(asked: Question, today: date, known: Collection[BoardLine]) -> list[BoardHit]:
    hits = [board for board in known if any(has_every_term(name, asked) for name in (board.name, *board.other_names))]
    meets = meetings_around(today) if hits else {}
    return [
        BoardHit(board.slug, board.name, meets[board.id].next if board.id in meets else None)
        for board in sorted(hits, key=lambda board: board.name.casefold())
    ]


def _people(
    actor: Actor, asked: Question, today: date, *, plan_id: int | None, known: Collection[BoardLine]
) -> list[PersonHit]:
    names = sorted(
        {name for name in db.session.scalars(_every_name(today)) if has_every_term(name, asked)}, key=str.casefold
    )
    if not names:
        return []
    parts, offices = _parts(actor, names, plan_id), _offices(names, today, known)
    return [
        PersonHit(name, tuple(parts.get(name, ())), tuple(offices.get(name, ())))
        for name in names
        if name in parts or name in offices
    ]


def _every_name(today: date) -> Any:
    """Return the query for every name in any plan, and of every chair and secretary, to find those that fit."""
    officers = (
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.active, Membership.role.in_(BOARD_OFFICES), *during(Membership, today))
    )
    return union(select(RecommendationLead.name), select(ActionPerson.name), officers)


def _parts(actor: Actor, names: Collection[str], plan_id: int | None) -> Mapping[str, list[PartInPlan]]:
    """Return what these people have in each plan, of what ``actor`` may see: one query."""
    scope = (visible_to(actor), *recommendation_clauses(Filter(plan_id=plan_id)))
    led = (
        select(
            RecommendationLead.name,
            literal("leads").label("part"),
            Plan.slug,
            Plan.short_name,
            func.count(distinct(Recommendation.id)).label("number"),
        )
        .select_from(RecommendationLead)
        .join(Recommendation, Recommendation.id == RecommendationLead.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(RecommendationLead.name.in_(names), *scope)
        .group_by(RecommendationLead.name, Plan.slug, Plan.short_name)
    )
    named = (
        select(ActionPerson.name, ActionPerson.part, Plan.slug, Plan.short_name, func.count(distinct(Action.id)))
        .select_from(ActionPerson)
        .join(Action, and_(Action.id == ActionPerson.action_id, stands_for_itself()))
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPerson.name.in_(names), *scope)
        .group_by(ActionPerson.name, ActionPerson.part, Plan.slug, Plan.short_name)
    )
    numbers: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for row in db.session.execute(union_all(led, named)):
        part = {"owner": "owns", "contributor": "contributes"}.get(row.part, row.part)
        numbers[row.name, row.slug, row.short_name][part] = row.number
    parts: dict[str, list[PartInPlan]] = defaultdict(list)
    for (name, slug, short_name), has in sorted(numbers.items()):
        parts[name].append(PartInPlan(slug=slug, short_name=short_name, **has))
    return parts


def _offices(names: Collection[str], today: date, known: Collection[BoardLine]) -> Mapping[str, list[BoardOffice]]:
    rows = db.session.execute(
        select(Person.name, Membership.role, Board.slug, Board.name.label("board"))
        .join(Membership, Membership.person_id == Person.id)
        .join(Board, Board.id == Membership.board_id)
        .where(
            Person.active,
            Person.name.in_(names),
            Membership.role.in_(BOARD_OFFICES),
            Board.id.in_([board.id for board in known]),
            *during(Membership, today),
        )
        .order_by(Person.name, Board.name, Membership.role)
    )
    offices: dict[str, list[BoardOffice]] = defaultdict(list)
    for row in rows:
        offices[row.name].append(BoardOffice(role=row.role, slug=row.slug, name=row.board))
    return offices

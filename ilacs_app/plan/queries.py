"""What the pages of one recommendation and one action say beyond their rows, and the names that are at each."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.history import Event
from ilacs_app.history.model import HistoryEvent
from ilacs_app.people.boards.model import Board
from ilacs_app.plan.model import (
    Action,
    ActionPerson,
    ActionPlace,
    Inspection,
    Plan,
    Recommendation,
    RecommendationBoard,
    RecommendationLead,
)
from ilacs_app.plan.rules_sql import has_open_help
from ilacs_app.plan.visibility import only_inspected_by, question_is_about_theirs, question_is_open_to, visible_to

_TWIN_LINE = re.compile(r"(?:into )?(.*?)(?: ?is linked into this one| ?stands by itself again)?")
"""What an event about repeated actions says: the references of the others, with commas, and their outcome."""


def as_seen_by(actor: Actor, events: Sequence[Event]) -> list[Event]:
    """Return these events of one plan without their references to items that this person may not see.

    Only a partner sees a part of a plan. What people typed is left as it is. Without the questions of boards that
    they may not read; for a partner, without the decisions of other boards.
    """
    events = _without_open_help(actor, _with_own_questions(actor, events))
    if not actor.partner or not events:
        return list(events)
    events = [event for event in events if not _is_of_another_board(actor, event)]
    plan_ids = {event.plan_id for event in events}
    rows = db.session.execute(
        select(ActionPlace.ref, Recommendation.number)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(Plan.id.in_(plan_ids), visible_to(actor))
    ).all()
    refs, numbers = {row.ref for row in rows}, {row.number for row in rows}
    return [_without_hidden(event, refs, numbers) for event in events]


def _with_own_questions(actor: Actor, events: Sequence[Event]) -> Sequence[Event]:
    """The lines without those of questions that this person may not read.

    Those are other boards', about no item of theirs, and exempt ones.
    """
    about = {event.after["challenge_id"] for event in events if event.verb.startswith("challenge_")}
    open_ones = select(Challenge.id).where(Challenge.id.in_(about), question_is_open_to(actor))
    hidden = about.difference(db.session.scalars(open_ones)) if about else set()
    others = {
        event.after["challenge_id"]
        for event in events
        if event.verb.startswith("challenge_") and not actor.reads_questions_of(event.after["board_id"])
    }
    if others and actor.partner:
        own = select(Challenge.id).where(Challenge.id.in_(others), question_is_about_theirs(actor.acts_as))
        others -= set(db.session.scalars(own))
    hidden |= others
    return [event for event in events if event.after.get("challenge_id") not in hidden] if hidden else events


def _is_of_another_board(actor: Actor, event: Event) -> bool:
    """Return whether a line tells of a decision of a board on which this person does not serve."""
    return event.verb.startswith("decision_") and event.after.get("board_id") not in actor.board_ids


_OF_HELP = ("help_asked", "help_answered", "help_not_yet")


def tells_of_open_help(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``HistoryEvent`` for lines of open requests for help in plans that this person only inspects."""
    inspected = only_inspected_by(actor)
    asks = func.coalesce(HistoryEvent.after["answer"].as_string() == "need_help", false())
    of_open = select(Action.id).join(Plan, Plan.id == Action.plan_id).where(inspected, has_open_help(clock.today()))
    return and_(or_(HistoryEvent.verb.in_(_OF_HELP), asks), func.coalesce(HistoryEvent.action_id.in_(of_open), false()))


def _without_open_help(actor: Actor, events: Sequence[Event]) -> Sequence[Event]:
    if not (events and actor.has("inspector")):
        return events
    ids = [event.id for event in events]
    told = select(HistoryEvent.id).where(HistoryEvent.id.in_(ids), tells_of_open_help(actor))
    hidden = set(db.session.scalars(told))
    return [event for event in events if event.id not in hidden]


def _without_hidden(event: Event, refs: set[str], numbers: set[str]) -> Event:
    if event.verb in {"twin_linked", "twin_parted"}:
        told = _TWIN_LINE.fullmatch(event.about)
        others = set(told[1].split(", ")) - {""} if told else {event.about}
        return event if others <= refs else replace(event, about="")
    if event.after.get("successor", "") not in {"", *refs}:
        return replace(event, after={key: value for key, value in event.after.items() if key != "successor"})
    if event.verb == "action_moved":
        places = [side.get("recommendation") for side in (event.before, event.after)]
        if any(place is not None and place not in numbers for place in places):
            return replace(event, about="", before={}, after={})
    return event


@dataclass(frozen=True)
class Named:
    """A recommendation as a list names it."""

    id: int
    number: str
    text: str


def withdrawn(actor: Actor, plan_id: int) -> list[Named]:
    """The recommendations of a plan that were withdrawn and that this person may see, in its order."""
    return named_recommendations(
        Recommendation.plan_id == plan_id, Recommendation.withdrawn_on.is_not(None), visible_to(actor)
    )


def named_recommendations(*which: ColumnElement[bool]) -> list[Named]:
    rows = db.session.execute(
        select(Recommendation.id, Recommendation.number, Recommendation.text)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(*which)
        .order_by(Recommendation.position)
    )
    return [Named(**row._mapping) for row in rows]


@dataclass(frozen=True)
class LeadPart:
    """A lead as the plan names it; ``person_id`` where an account has that name."""

    name: str
    accountable: bool
    person_id: int | None


@dataclass(frozen=True)
class Assigned:
    """The owners and contributors of an action, as the plan names them."""

    owners: tuple[str, ...]
    contributors: tuple[str, ...]


@dataclass(frozen=True)
class BoardPart:
    """A board's part in one recommendation."""

    id: int
    slug: str
    name: str
    lead: bool
    named_as: str


@dataclass(frozen=True)
class RecommendationPage:
    """The twelve columns of one recommendation."""

    id: int
    number: str
    text: str
    monitoring: tuple[str, ...]
    measures: tuple[str, ...]
    partnership_focus: str
    link_plans: tuple[str, ...]
    impact: str
    extra: dict[str, str]
    leads: tuple[LeadPart, ...]
    boards: tuple[BoardPart, ...]
    kind: str
    judgement_area: str
    exit_criteria: str
    carried_forward_from: str
    submitted_text: str | None
    withdrawn_on: date | None
    withdrawn_reason: str


@dataclass(frozen=True)
class PlaceInPlan:
    """Where an action is: its reference there, and whether the recommendation was withdrawn."""

    ref: str
    recommendation_number: str
    plan_slug: str
    withdrawn_on: date | None
    withdrawn_reason: str


@dataclass(frozen=True)
class InItsPlace:
    """Another action that this person sees, which took the place of a withdrawn one, or whose place was taken."""

    id: int
    ref: str


@dataclass(frozen=True)
class ActionDetail:
    """What the page of one action says beyond its row."""

    owners: tuple[str, ...]
    contributors: tuple[str, ...]
    imported_note: str
    imported_evidence: str | None
    extra: dict[str, str]
    places: tuple[PlaceInPlan, ...]
    submitted_text: str | None
    linked_into_id: int | None
    successor: InItsPlace | None
    predecessors: tuple[InItsPlace, ...]

    @property
    def withdrawn(self) -> bool:
        """Whether each recommendation that it is in was withdrawn."""
        return all(place.withdrawn_on is not None for place in self.places)


def recommendation_page(actor: Actor, recommendation_id: int) -> RecommendationPage:
    """The twelve columns of one recommendation. The caller has checked that it is theirs to see."""
    r = db.session.get_one(Recommendation, recommendation_id)
    return RecommendationPage(
        id=r.id,
        number=r.number,
        text=r.text,
        monitoring=tuple(r.monitoring),
        measures=tuple(r.measures),
        partnership_focus=r.partnership_focus,
        link_plans=tuple(r.link_plans),
        impact=r.impact,
        extra=dict(r.extra),
        leads=lead_parts([r.id]).get(r.id, ()),
        boards=board_parts([r.id]).get(r.id, ()),
        kind=r.kind,
        judgement_area=r.judgement_area,
        exit_criteria=r.exit_criteria,
        carried_forward_from=r.carried_forward_from,
        submitted_text=r.submitted_text,
        withdrawn_on=r.withdrawn_on,
        withdrawn_reason=r.withdrawn_reason,
    )


def action_detail(actor: Actor, action_id: int) -> ActionDetail:
    """People, places and origin of one action. The caller has checked that it is theirs to see."""
    a = db.session.get_one(Action, action_id)
    people = assigned([a.id])[a.id]
    places = db.session.execute(
        select(
            ActionPlace.ref,
            Recommendation.number.label("recommendation_number"),
            Plan.slug.label("plan_slug"),
            Recommendation.withdrawn_on,
            Recommendation.withdrawn_reason,
        )
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id == a.id, visible_to(actor))
        .order_by(Recommendation.position)
    )
    beside = db.session.execute(
        select(Action.id, func.min(ActionPlace.ref).label("ref"), Action.successor_id)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(or_(Action.id == a.successor_id, Action.successor_id == a.id), visible_to(actor))
        .group_by(Action.id, Action.successor_id)
        .order_by(Action.id)
    ).all()
    return ActionDetail(
        owners=people.owners,
        contributors=people.contributors,
        imported_note=a.imported_note,
        imported_evidence=a.imported_evidence,
        extra=dict(a.extra),
        places=tuple(PlaceInPlan(**row._mapping) for row in places),
        submitted_text=a.submitted_text,
        linked_into_id=a.linked_into_id,
        successor=next((InItsPlace(id=row.id, ref=row.ref) for row in beside if row.id == a.successor_id), None),
        predecessors=tuple(InItsPlace(id=row.id, ref=row.ref) for row in beside if row.successor_id == a.id),
    )


@dataclass(frozen=True)
class InspectionAnswered:
    """The inspection that a plan answers: its framework, and the day on which its report was published."""

    framework: str
    published_on: date | None


def inspection_of(plan_id: int) -> InspectionAnswered | None:
    """Return the inspection that a plan answers, if it names one."""
    row = db.session.execute(
        select(Inspection.framework, Inspection.published_on)
        .join(Plan, Plan.inspection_id == Inspection.id)
        .where(Plan.id == plan_id)
    ).first()
    return InspectionAnswered(**row._mapping) if row else None


def lead_parts(recommendation_ids: Collection[int]) -> dict[int, tuple[LeadPart, ...]]:
    """The leads of each recommendation, in its order."""
    rows = db.session.execute(
        select(
            RecommendationLead.recommendation_id,
            RecommendationLead.name,
            RecommendationLead.accountable,
            RecommendationLead.person_id,
        )
        .where(RecommendationLead.recommendation_id.in_(recommendation_ids))
        .order_by(RecommendationLead.recommendation_id, RecommendationLead.position)
    )
    parts: dict[int, tuple[LeadPart, ...]] = {}
    for row in rows:
        lead = LeadPart(name=row.name, accountable=row.accountable, person_id=row.person_id)
        parts[row.recommendation_id] = (*parts.get(row.recommendation_id, ()), lead)
    return parts


def lead_names(recommendation_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The leads of each recommendation as the plan names them, in its order."""
    return {id_: tuple(part.name for part in parts) for id_, parts in lead_parts(recommendation_ids).items()}


def assigned(action_ids: Collection[int]) -> dict[int, Assigned]:
    """The owners and contributors of each of these actions, in the order in which they were named."""
    rows = db.session.execute(
        select(ActionPerson.action_id, ActionPerson.part, ActionPerson.name)
        .where(ActionPerson.action_id.in_(action_ids))
        .order_by(ActionPerson.id)
    )
    named: dict[int, dict[str, list[str]]] = {id_: {"owner": [], "contributor": []} for id_ in action_ids}
    for id_, part, name in rows:
        named[id_][part].append(name)
    return {id_: Assigned(tuple(parts["owner"]), tuple(parts["contributor"])) for id_, parts in named.items()}


def board_parts(recommendation_ids: Collection[int]) -> dict[int, tuple[BoardPart, ...]]:
    """The boards of each recommendation, the lead board first."""
    rows = db.session.execute(
        select(
            RecommendationBoard.recommendation_id,
            Board.id,
            Board.slug,
            Board.name,
            RecommendationBoard.lead,
            RecommendationBoard.named_as,
        )
        .join(Board, Board.id == RecommendationBoard.board_id)
        .where(RecommendationBoard.recommendation_id.in_(recommendation_ids))
        .order_by(
            RecommendationBoard.recommendation_id,
            RecommendationBoard.lead.desc(),
            RecommendationBoard.position,
        )
    )
    parts: dict[int, tuple[BoardPart, ...]] = {}
    for row in rows:
        part = BoardPart(id=row.id, slug=row.slug, name=row.name, lead=row.lead, named_as=row.named_as)
        parts[row.recommendation_id] = (*parts.get(row.recommendation_id, ()), part)
    return parts


def council_name() -> Select[str]:
    """The query for the council's name: the authority of its newest inspection."""
    return select(Inspection.authority).order_by(Inspection.id.desc()).limit(1)

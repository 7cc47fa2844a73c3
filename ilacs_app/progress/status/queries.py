"""The last move of an action, what was sent back, and the claims to verify."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.people.model import Person
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.model import Action, Plan
from ilacs_app.plan.rules import Status
from ilacs_app.plan.rules_sql import is_counted
from ilacs_app.plan.visibility import in_sight_of
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.queries import ON_BEHALF, THESE, may_test, signed
from ilacs_app.progress.status.model import ClaimHolder, StatusMove
from ilacs_app.progress.status.rules import MoveKind


@dataclass(frozen=True)
class LastMove:
    """Who moved the status of an action last, and when (UTC)."""

    person_id: int | None
    who: str
    at: datetime


def last_move(action_id: int) -> LastMove | None:
    """Return the last move of an action; None if it was never moved."""
    row = db.session.execute(
        select(StatusMove.person_id, func.coalesce(Person.name, "").label("who"), StatusMove.at)
        .outerjoin(Person, Person.id == StatusMove.person_id)
        .where(StatusMove.action_id == action_id)
        .order_by(StatusMove.id.desc())
        .limit(1)
    ).first()
    return LastMove(**row._mapping) if row else None


def moved_here(action_ids: Collection[int]) -> set[int]:
    """Return those of these actions whose delivery status has moved since the import."""
    return set(db.session.scalars(select(StatusMove.action_id).where(StatusMove.action_id.in_(action_ids))))


@dataclass(frozen=True)
class MoveMade:
    """The last move of an action: to which status, when (UTC), why, and what a verifier looked at."""

    action_id: int
    to_status: str
    at: datetime
    reason: str
    sample: str


def last_moves(action_ids: Collection[int]) -> dict[int, MoveMade]:
    """Return the last move of each of these actions that was ever moved."""
    if not action_ids:
        return {}
    move = StatusMove
    last = select(func.max(move.id)).where(move.action_id.in_(THESE)).group_by(move.action_id)
    columns = (move.action_id, move.to_status, move.at, move.reason, move.sample)
    rows = db.session.execute(select(*columns).where(move.id.in_(last)), {"action_ids": list(action_ids)})
    return {row.action_id: MoveMade(**row._mapping) for row in rows}


def reasons_set_aside(rows: Iterable[ActionRow]) -> dict[int, str]:
    """Return why each of these actions is paused or withdrawn, by id; asks only if one of them is."""
    aside = {row.id: row.status for row in rows if row.is_set_aside}
    return {id_: move.reason for id_, move in last_moves(aside).items() if move.reason and move.to_status == aside[id_]}


@dataclass(frozen=True)
class SentBack:
    """Who sent a claim back, when (UTC) and why."""

    who: str
    at: datetime
    reason: str


def sent_back(action_ids: Collection[int]) -> dict[int, SentBack]:
    """Return who sent back the claim on each of these actions that has had no note since."""
    if not action_ids:
        return {}
    rows = db.session.execute(_SENT_BACK, {"action_ids": list(action_ids)})
    return {row.action_id: SentBack(row.who, row.at, row.reason) for row in rows}


def _sent_back() -> Any:
    last = select(func.max(StatusMove.id)).where(StatusMove.action_id.in_(THESE)).group_by(StatusMove.action_id)
    return (
        select(StatusMove.action_id, Person.name.label("who"), StatusMove.at, StatusMove.reason)
        .join(Person, Person.id == StatusMove.person_id)
        .where(StatusMove.id.in_(last), _sent_back_without_a_note())
    )


def was_sent_back() -> ColumnElement[bool]:
    """The clause on ``Action`` for those that ``sent_back`` answers."""
    last = select(func.max(StatusMove.id)).where(StatusMove.action_id == Action.id).correlate(Action).scalar_subquery()
    return exists().where(StatusMove.id == last, _sent_back_without_a_note())


def _sent_back_without_a_note() -> ColumnElement[bool]:
    """The clause on ``StatusMove`` for those that sent a claim back and have had no note since."""
    noted = exists().where(
        ProgressNote.action_id == StatusMove.action_id,
        ProgressNote.corrects_id.is_(None),
        ProgressNote.written_at > StatusMove.at,
    )
    return and_(StatusMove.kind == MoveKind.SENT_BACK, ~noted)


_SENT_BACK = _sent_back()


def claims_to_test(actor: Actor) -> list[int]:
    """The ids of claimed actions in live plans that this verifier may test, oldest claim first."""
    claimed = _claims(actor)
    return list(db.session.scalars(claimed.order_by(Action.completed_on, Action.id))) if claimed is not None else []


def claims_for_each(actors: Collection[Actor], held: Mapping[int, Collection[int]]) -> dict[int, list[int]]:
    """Return what ``claims_to_test`` returns for each of these people, by their ids.

    ``held`` are the actions of live plans that each leads, owns or contributes to. Runs two queries for all of them,
    and one more for each verifier who does not read all plans, and so may not see every action.
    """
    verifiers = [actor for actor in actors if actor.has("verifier")]
    claims = db.session.execute(_ALL_CLAIMS).all() if verifiers else []
    had = _actions_had([claim.id for claim in claims])
    claims_of: dict[int, list[int]] = {actor.id: [] for actor in actors}
    for verifier in verifiers:
        if not verifier.reads_all_plans:
            claims_of[verifier.id] = claims_to_test(verifier)
            continue
        theirs = set(held[verifier.id]).union(*(had.get(id_, ()) for id_ in verifier.acts_as.person_ids))
        claims_of[verifier.id] = [
            claim.id
            for claim in claims
            if claim.claimed_by_id != verifier.id
            and claim.id not in theirs
            and verifier.is_a("verifier", plan_id=claim.plan_id)
        ]
    return claims_of


_ALL_CLAIMS = (
    select(Action.id, Action.plan_id, Action.claimed_by_id)
    .join(Plan, Plan.id == Action.plan_id)
    .where(Plan.state == "live", is_counted(), Action.status == Status.COMPLETED)
    .order_by(Action.completed_on, Action.id)
)


def _actions_had(action_ids: Collection[int]) -> dict[int, set[int]]:
    """Return which of these actions each person delivered or claimed when they were last claimed, by person."""
    had: dict[int, set[int]] = {}
    if action_ids:
        wanted = select(ClaimHolder.person_id, ClaimHolder.action_id).where(ClaimHolder.action_id.in_(THESE))
        for row in db.session.execute(wanted, {"action_ids": list(action_ids)}):
            had.setdefault(row.person_id, set()).add(row.action_id)
    return had


def number_to_test(actor: Actor) -> Select[int] | None:
    """The query for how many claims ``claims_to_test`` lists; nothing for someone who tests none."""
    claimed = _claims(actor)
    return claimed.with_only_columns(func.count()) if claimed is not None else None


@lru_cache(maxsize=64)
def _claims(actor: Actor) -> Select[Any] | None:
    plans = {g.plan_id for g in actor.grants if g.role == "verifier"}
    if not plans:
        return None
    claimed = (
        select(Action.id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(Plan.state == "live", is_counted(), Action.status == Status.COMPLETED, may_test(actor))
        .where(in_sight_of(actor))
    )
    return claimed if None in plans else claimed.where(Action.plan_id.in_(plans))


@dataclass(frozen=True)
class ClaimMade:
    """A claim by the name that signs it and its UTC instant."""

    who: str
    at: datetime


def claims_made(action_id: int) -> list[ClaimMade]:
    """Return the two newest claims on an action, newest first."""
    rows = db.session.execute(
        select(signed().label("who"), StatusMove.at)
        .join(Person, Person.id == StatusMove.person_id)
        .outerjoin(ON_BEHALF, ON_BEHALF.id == StatusMove.for_person_id)
        .where(StatusMove.action_id == action_id, StatusMove.kind == MoveKind.CLAIM)
        .order_by(StatusMove.id.desc())
        .limit(2)
    )
    return [ClaimMade(**row._mapping) for row in rows]


@dataclass(frozen=True)
class Completion:
    """The completion that an action keeps: ``month`` is the last day of the month that was claimed."""

    month: date | None
    imported: bool
    imported_note: str
    plan_dated_on: date


def completion_of(action_id: int) -> Completion:
    """Return the completion of an action, and the note that it was imported with."""
    row = db.session.execute(
        select(
            Action.completed_on.label("month"),
            Action.completion_imported.label("imported"),
            Action.imported_note,
            Plan.dated_on.label("plan_dated_on"),
        )
        .join(Plan, Plan.id == Action.plan_id)
        .where(Action.id == action_id)
    ).one()
    return Completion(**row._mapping)

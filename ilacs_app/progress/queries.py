"""Who may write on an action: as what, and on whose behalf."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import Act, Actor, ActsAs, Standing, check_may, who_may
from ilacs_app.db import db
from ilacs_app.errors import NotKnown, Refused
from ilacs_app.history import Author
from ilacs_app.people.model import Person
from ilacs_app.people.teams.queries import teams_of
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.rules import OPEN, STATUS_WORDS, Facts, Status, Timeliness, timeliness
from ilacs_app.plan.rules_sql import is_counted
from ilacs_app.plan.visibility import accountable_by, actor_with, delivered_by, led_or_owned_by, visible_to
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.rules import Answer
from ilacs_app.progress.status.model import ClaimHolder, StatusMove
from ilacs_app.progress.status.rules import MoveKind, Position


@dataclass(frozen=True)
class ActionAccess:
    """An action before a change: where it is, how the actor is related to it, and the version they see."""

    action_id: int
    plan_id: int
    position: Position
    standing: Standing
    version: int
    behalf: tuple[int, str] | None = None
    """The person they act for on this action (id, name), if they have no part in it themselves."""
    noted: bool = False
    """Whether a note with text was added since the last claim; a claim needs one."""
    evidenced: bool = False
    """Whether evidence was added since the last claim."""
    sent_back: bool = False
    """Whether a claim was sent back and there was no update since."""

    @property
    def status_words(self) -> str:
        return STATUS_WORDS[self.position.status]


def action_for(actor: Actor, action_id: int, *, to: Act | None = None, today: date | None = None) -> ActionAccess:
    """Return the state of an action before a change, and how this person is related to it.

    Raises:
        NotKnown: there is no such action, or they may not know of it.
        NotAllowed: they may see it and not do ``to``, where that is given.
    """
    today = today or clock.today()
    row = db.session.execute(_facts_of_access(actor), {"action_id": action_id}).first()
    if row is None:
        raise NotKnown(str(action_id))
    shut = row.state == "closed" or not row.counted or actor.looks_back
    standing = Standing(
        delivers=bool(row.delivers) and not shut,
        manager=actor.is_a("programme_manager", plan_id=row.plan_id) and not shut,
        verifier=actor.is_a("verifier", plan_id=row.plan_id) and not shut,
        governs=not shut and _governs(actor, action_id),
        claimed=row.claimed_by_id == actor.id and not actor.looks_back,
        had_it=bool(row.had_it),
        leads=bool(row.leads),
        accountable=bool(row.accountable) and not shut,
    )
    if to is not None:
        check_may(actor, to, standing)
    done = Facts(
        row.status,
        due_on=row.due_on,
        completed_on=row.completed_on,
        completion_imported=row.completion_imported,
        plan_dated_on=row.dated_on,
    )
    return ActionAccess(
        action_id=action_id,
        plan_id=row.plan_id,
        position=Position(
            row.status,
            row.status_before,
            overdue=row.status in OPEN and row.due_on is not None and row.due_on < today,
            proved=bool(row.noted and row.evidenced),
            month_unsure=row.status == Status.COMPLETED and timeliness(done, today) == Timeliness.DONE_DOUBTFUL,
        ),
        standing=standing,
        version=row.version,
        behalf=_behalf(actor, action_id, today) if actor.stands_for and standing.delivers else None,
        noted=bool(row.noted),
        evidenced=bool(row.evidenced),
        sent_back=bool(row.sent_back),
    )


def is_sent_back(action_id: int) -> bool:
    """Return whether a claim on an action was sent back and there was no update since."""
    return bool(db.session.scalar(select(Action.id).where(Action.id == action_id, _unanswered_verdict())))


def check_may_write(by: Author, action_id: int) -> None:
    """Go on only where the author may update the action at this moment, or is the command line.

    Raises:
        Refused: they may not.
        NotKnown: there is no such action, or they may not know of it.
    """
    if by.person_id is None:
        return
    person = actor_with(by.person_id, clock.today())
    if person is None or not action_for(person, action_id).standing.may_write:
        raise Refused(who_may(Act.WRITE))


@lru_cache(maxsize=64)
def _facts_of_access(actor: Actor) -> Any:
    this: BindParameter[int] = bindparam("action_id")
    noted, evidenced = _proved(this)
    seen = (
        select(ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id == this, visible_to(actor))
        .correlate(None)
    )
    return (
        select(
            Action.plan_id,
            Action.status,
            Action.status_before,
            Action.due_on,
            Action.completed_on,
            Action.completion_imported,
            Action.version,
            Action.claimed_by_id,
            Plan.state,
            Plan.dated_on,
            delivered_by(actor.acts_as).label("delivers"),
            noted.label("noted"),
            evidenced.label("evidenced"),
            led_or_owned_by(actor.acts_as).label("leads"),
            accountable_by(actor.acts_as).label("accountable"),
            _had_by(actor.acts_as).label("had_it"),
            _unanswered_verdict().label("sent_back"),
            is_counted().label("counted"),
        )
        .join(Plan, Plan.id == Action.plan_id)
        .where(Action.id == this, Action.id.in_(seen))
    )


def _had_by(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause on ``Action`` for those that one of these people had in hand when it was claimed."""
    return exists().where(ClaimHolder.action_id == Action.id, ClaimHolder.person_id.in_(acts_as.person_ids))


def _behalf(actor: Actor, action_id: int, today: date) -> tuple[int, str] | None:
    """The first of those they stand in for who delivers the action; no one where it is theirs in any case."""
    own = ActsAs((actor.id,), teams_of((actor.id,), today))
    mine = select(Action.id).where(Action.id == action_id)
    if db.session.scalar(mine.where(delivered_by(own))):
        return None
    for person_id in actor.stands_for:
        theirs = ActsAs((person_id,), teams_of((person_id,), today))
        if db.session.scalar(mine.where(delivered_by(theirs))):
            return person_id, db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
    return None


def with_help_hidden(actor: Actor, rows: Iterable[ActionRow]) -> frozenset[int]:
    """Return the ids of those of these actions whose open request for help is not shared with this person."""
    return frozenset(row.id for row in rows if row.help_open and actor.only_inspects(row.plan_id))


def testable(actor: Actor, rows: Collection[ActionRow]) -> set[int]:
    """The ids of those of these actions whose claim this person may test."""
    claimed = [row.id for row in rows if row.status == Status.COMPLETED and actor.is_a("verifier", plan_id=row.plan_id)]
    return (
        set(db.session.scalars(select(Action.id).where(Action.id.in_(claimed), may_test(actor)))) if claimed else set()
    )


def may_test(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``Action`` for those that this verifier neither has in hand, nor had, nor claimed."""
    return and_(
        or_(Action.claimed_by_id.is_(None), Action.claimed_by_id != actor.id),
        ~delivered_by(actor.acts_as),
        ~_had_by(actor.acts_as),
    )


def verb_for(actor: Actor, row: ActionRow, tests: Collection[int]) -> str | None:
    """Return what a list offers this person to do with a row, of which they may test ``tests``.

    The row's own form asks ``action_for`` again.
    """
    if row.plan_state == "closed" or actor.looks_back:
        return None
    if row.delivers and row.status in OPEN:
        return "Answer"
    if row.delivers or actor.is_a("programme_manager", plan_id=row.plan_id):
        return "Update"
    if row.id in tests:
        return "Verify"
    return None


def _governs(actor: Actor, action_id: int) -> bool:
    held = [g.board_id for g in actor.grants if g.role in {"chair", "secretary"}]
    if not held:
        return False
    query = (
        select(RecommendationBoard.board_id)
        .join(ActionPlace, ActionPlace.recommendation_id == RecommendationBoard.recommendation_id)
        .where(
            ActionPlace.action_id == action_id,
            RecommendationBoard.lead,
            RecommendationBoard.board_id.in_(held),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def _proved(action_id: BindParameter[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return whether a note with words, and a piece of evidence, were written since the last claim."""
    claimed_at = (
        select(func.max(StatusMove.at))
        .where(StatusMove.action_id == action_id, StatusMove.kind == MoveKind.CLAIM)
        .scalar_subquery()
    )
    note = exists().where(
        ProgressNote.action_id == action_id,
        ProgressNote.corrects_id.is_(None),
        or_(ProgressNote.did != "", ProgressNote.difference != "", ProgressNote.next_step != ""),
        or_(claimed_at.is_(None), ProgressNote.written_at > claimed_at),
    )
    piece = exists().where(
        Evidence.action_id == action_id,
        Evidence.withdrawn_on.is_(None),
        or_(claimed_at.is_(None), Evidence.added_at > claimed_at),
    )
    return note, piece


def _unanswered_verdict() -> ColumnElement[bool]:
    """The clause on ``Action`` for those whose claim was sent back, with no text and no *on track* written since."""
    last = select(func.max(StatusMove.id)).where(StatusMove.action_id == Action.id).correlate(Action).scalar_subquery()
    text = or_(ProgressNote.did != "", ProgressNote.difference != "", ProgressNote.next_step != "")
    answer = func.coalesce(ProgressNote.answer, "")
    answered = exists().where(
        ProgressNote.action_id == StatusMove.action_id,
        ProgressNote.corrects_id.is_(None),
        ProgressNote.written_at > StatusMove.at,
        or_(and_(text, answer != Answer.NEED_HELP), answer == Answer.ON_TRACK),
    )
    return exists().where(StatusMove.id == last, StatusMove.kind == MoveKind.SENT_BACK, ~answered)


ON_BEHALF = aliased(Person)


def signed() -> ColumnElement[str]:
    """The name that a note or a piece carries; both names where it was written on another's behalf."""
    return case((ON_BEHALF.name.is_(None), Person.name), else_=Person.name + ", for " + ON_BEHALF.name)


THESE: BindParameter[int] = bindparam("action_ids", expanding=True)

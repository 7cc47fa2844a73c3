"""Which of the boards' questions: those that someone may read, has a part in, or is waited for by. Clauses on SQL.

Whoever reads the item and the board reads a question about it; of a partner, its own boards' and those about items it
has a part in. An inspector reads none: they are not shared.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from ilacs_app.access import OPERATOR, Actor, ActsAs
from ilacs_app.governance.challenges.model import Challenge, ChallengeAnswer
from ilacs_app.governance.challenges.rules import ChallengeState
from ilacs_app.people.model import Person
from ilacs_app.people.queries import during
from ilacs_app.people.teams.model import TeamMember
from ilacs_app.plan.model import Action, ActionPlace, Plan, Recommendation
from ilacs_app.plan.visibility import (
    delivered_by,
    led_by,
    led_or_owned_by,
    question_is_about_theirs,
    question_is_open_to,
    visible_with_questions,
)

UNSETTLED = Challenge.state.in_((ChallengeState.OPEN, ChallengeState.ANSWERED))
PLAN_ASKED = aliased(Plan)  # the plan of a question
ACTION_ASKED = aliased(Action)  # the action that was asked about, linked into another or not


def with_item(asked: Any) -> Any:
    """A question on ``Challenge`` with its plan, and with its action: of a linked one, the action it is linked into."""
    return (
        asked.select_from(Challenge)
        .join(PLAN_ASKED, PLAN_ASKED.id == Challenge.plan_id)
        .outerjoin(ACTION_ASKED, ACTION_ASKED.id == Challenge.action_id)
        .outerjoin(Action, Action.id == func.coalesce(ACTION_ASKED.linked_into_id, ACTION_ASKED.id))
    )


@lru_cache(maxsize=256)
def _is_seen_by(actor: Actor, *, counted: bool = False) -> ColumnElement[bool]:
    """The clause for questions about items that someone sees; ``counted``: that count, in live plans."""
    shown = [visible_with_questions(actor)]
    if counted:
        shown += [Plan.state == "live", Recommendation.withdrawn_on.is_(None)]
    homes = select(Recommendation.id).join(Plan, Plan.id == Recommendation.plan_id).where(*shown)
    own = homes.where(Recommendation.id == Challenge.recommendation_id)
    at_places = homes.join(ActionPlace, ActionPlace.recommendation_id == Recommendation.id).where(
        ActionPlace.action_id == Challenge.action_id
    )
    return or_(own.correlate(Challenge).exists(), at_places.correlate(Challenge).exists())


def is_counted_for(actor: Actor) -> ColumnElement[bool]:
    """The clause for questions about items that someone sees and that count: of live plans, and not withdrawn."""
    return _is_seen_by(actor, counted=True)


@lru_cache(maxsize=256)
def is_readable_by(actor: Actor) -> ColumnElement[bool]:
    """The clause on ``with_item`` for the questions that someone may read."""
    if not actor.reads_questions:
        return false()
    if actor == OPERATOR:  # whoever reads for others asks what each of them may read
        return _is_seen_by(actor)
    seen = and_(_is_seen_by(actor), question_is_open_to(actor))
    if not actor.partner:
        return seen
    theirs = or_(Challenge.board_id.in_(actor.board_ids), question_is_about_theirs(actor.acts_as))
    return and_(seen, theirs)


def is_delivered_by(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause for questions about items that someone leads, owns or contributes to."""
    return or_(
        func.coalesce(Challenge.recommendation_id.in_(led_by(acts_as)), false()),
        func.coalesce(delivered_by(acts_as), false()),
    )


def is_led_or_owned_by(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause for questions about items that someone leads or owns."""
    return or_(
        func.coalesce(Challenge.recommendation_id.in_(led_by(acts_as)), false()),
        func.coalesce(led_or_owned_by(acts_as), false()),
    )


def is_asked_of(acts_as: ActsAs) -> ColumnElement[bool]:
    """The clause for questions asked of someone, by name or in a team."""
    return or_(
        func.coalesce(Challenge.owner_person_id.in_(acts_as.person_ids), false()),
        func.coalesce(Challenge.owner_team_id.in_(acts_as.team_ids), false()),
    )


def reaches_someone(today: date) -> ColumnElement[bool]:
    """The clause for questions that are asked of an active account, alone or in a team."""
    alone = exists().where(Person.id == Challenge.owner_person_id, Person.active).correlate(Challenge)
    in_team = (
        select(TeamMember.person_id)
        .join(Person, Person.id == TeamMember.person_id)
        .where(TeamMember.team_id == Challenge.owner_team_id, Person.active, *during(TeamMember, today))
        .correlate(Challenge)
        .exists()
    )
    return or_(alone, in_team)


@lru_cache(maxsize=64)
def awaits_answer_of(actor: Actor, today: date) -> ColumnElement[bool] | None:
    """The clause on the questions that wait for this person: asked of them; or, if that reaches no one, of an item
    that they lead or own, or in a plan that they manage.
    """
    if not actor.reads_questions:
        return None
    leads = or_(is_led_or_owned_by(actor.acts_as), is_managed_by(actor))
    theirs = or_(is_asked_of(actor.acts_as), and_(leads, ~reaches_someone(today)))
    return and_(Challenge.state == ChallengeState.OPEN, is_counted_for(actor), theirs)


def is_managed_by(actor: Actor) -> ColumnElement[bool]:
    """The clause for questions in plans that someone manages."""
    managed = {g.plan_id for g in actor.grants if g.role == "programme_manager"}
    return true() if None in managed else Challenge.plan_id.in_(managed) if managed else false()


@lru_cache(maxsize=64)
def awaits_verdict_of(actor: Actor) -> ColumnElement[bool] | None:
    """The clause on the answered questions that this person asked, or whose board they chair."""
    if not actor.reads_questions:
        return None
    chaired = sorted({g.board_id for g in actor.grants if g.role == "chair" and g.board_id is not None})
    asked = or_(Challenge.asked_by_id == actor.id, Challenge.board_id.in_(chaired))
    return and_(
        Challenge.state == ChallengeState.ANSWERED, is_counted_for(actor), asked, ~is_last_answered_by(actor.id)
    )


def is_last_answered_by(person_id: int) -> ColumnElement[bool]:
    """The clause for questions whose newest answer this person gave, or someone for them."""
    newest = aliased(ChallengeAnswer)
    last = select(func.max(newest.id)).where(newest.challenge_id == Challenge.id).correlate(Challenge).scalar_subquery()
    theirs = or_(ChallengeAnswer.person_id == person_id, ChallengeAnswer.for_person_id == person_id)
    return exists().where(ChallengeAnswer.id == last, theirs).correlate(Challenge)


def changed_since(since: datetime) -> ColumnElement[bool]:
    """The clause on ``Challenge`` for those asked, answered, judged or withdrawn since an instant."""
    answered = exists().where(
        ChallengeAnswer.challenge_id == Challenge.id,
        or_(ChallengeAnswer.at >= since, ChallengeAnswer.judged_at >= since),
    )
    return or_(Challenge.asked_at >= since, Challenge.withdrawn_at >= since, answered.correlate(Challenge))

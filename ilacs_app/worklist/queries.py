"""What needs someone's attention: the one query behind My work, the letters and the number in the navigation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, literal, or_, select

from ilacs_app.access import OPERATOR, Actor, ActsAs
from ilacs_app.db import db
from ilacs_app.governance.challenges.queries import (
    asked_by_boards,
    number_of_answers,
    number_of_questions,
    questions_to_answer,
    questions_to_judge,
)
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.people.boards.model import Meeting
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action, ActionPlace, Plan, RecommendationBoard
from ilacs_app.plan.queries import council_name
from ilacs_app.plan.rules import REST_DAYS, STARTED
from ilacs_app.plan.rules_sql import days_between, is_counted, is_due_soon, is_open, is_overdue, is_quiet, is_review_due
from ilacs_app.plan.visibility import delivered_by, holders_of_actions, several_plans
from ilacs_app.progress.dates.deciders.waiting import WaitingDate, dates_to_decide, number_to_decide
from ilacs_app.progress.dates.queries import any_request_open
from ilacs_app.progress.help.queries import CallToAnswer, calls_to_answer, number_to_answer, people_asked
from ilacs_app.progress.status.queries import (
    SentBack,
    claims_for_each,
    claims_to_test,
    number_to_test,
    sent_back,
    was_sent_back,
)
from ilacs_app.worklist.rules import AFTER_QUESTIONS, Asks, Group, Waits, group_of, rests


@dataclass(frozen=True)
class Tasks:
    """What someone has to do on the actions of others, and with boards' questions: to answer, decide and verify.

    ``claims`` are the ids of all actions to verify, ``to_test`` the rows of the first ``CLAIMS_SHOWN``.
    """

    requests: Sequence[CallToAnswer] = ()
    dates: Sequence[WaitingDate] = ()
    claims: Sequence[int] = ()
    to_test: Sequence[ActionRow] = ()
    questions: Sequence[BoardQuestion] = ()
    answers: Sequence[BoardQuestion] = ()

    def with_updates(self, updates: int) -> Waits:
        """Return how much of each kind there is to do, with the updates."""
        return Waits(
            updates=updates,
            claims=len(self.claims),
            requests=len(self.requests),
            dates=len(self.dates),
            questions=len(self.questions),
            answers=len(self.answers),
        )


@dataclass(frozen=True)
class Waiting:
    """An action that needs an update, in the first group that fits. ``back`` says who sent it back, when and why.

    ``rests``: an answer has taken it off My work for 7 days.
    """

    row: ActionRow
    group: Group
    back: SentBack | None = None
    rests: bool = False


@dataclass(frozen=True)
class MetAndAnswered:
    """When the lead board of an action last met, and when the action was last answered."""

    met_on: date | None = None
    answered_on: date | None = None


def delivered(actor: Actor, today: date) -> list[ActionRow]:
    """Return every action of a live plan that this person leads, owns or contributes to, each once."""
    once: dict[int, ActionRow] = {}
    for row in action_rows(actor, Filter(delivered_by=actor.acts_as), today, size=None):
        once.setdefault(row.id, row)
    return list(once.values())


def waiting(actor: Actor, today: date, *, resting: bool = False, asked: Collection[int] = frozenset()) -> list[Waiting]:
    """Return the actions that need an update from this person: by group, the most overdue first, then the soonest due.

    With ``resting`` also those that an answer has taken off My work for 7 days, which letters name apart. ``asked``
    are the actions about which a board's question waits for their answer.
    """
    rows = delivered(actor, today) if actor.has_items else []
    returned = sent_back([row.id for row in rows if row.status == "in_progress"])
    known = _met_and_answered(actor.acts_as, today) if rows else {}
    return _in_groups(rows, returned, known, today, resting=resting, asked=asked)


def waiting_with_questions(actor: Actor, today: date) -> list[Waiting]:
    """Return what ``waiting`` returns, in the groups in which My work shows it: boards' questions are among them."""
    return waiting(actor, today, asked=asked_by_boards(actor, today))


def waiting_for_each(actors: Collection[Actor], today: date) -> dict[int, list[Waiting]]:
    """Return what ``waiting`` returns for each of these people, with ``resting``, by their ids.

    Runs four queries for all of them, and more only for each partner, who may not see every place of an action.
    """
    rows: dict[int, ActionRow] = {}
    for row in action_rows(OPERATOR, Filter(), today, size=None):
        rows.setdefault(row.id, row)
    returned = sent_back([row.id for row in rows.values() if row.status == "in_progress"])
    known = _met_and_answered(None, today)
    held = held_actions(actors)
    return {
        actor.id: _in_groups([row for id_, row in rows.items() if id_ in held[actor.id]], returned, known, today)
        if actor.reads_all_plans
        else waiting(actor, today, resting=True)
        for actor in actors
    }


def held_actions(actors: Collection[Actor]) -> dict[int, set[int]]:
    """Return the actions of live plans that each of these people leads, owns or contributes to, by id: one query."""
    by_person: dict[int | None, set[int]] = {}
    by_team: dict[int | None, set[int]] = {}
    for holder in holders_of_actions():
        by_person.setdefault(holder.person_id, set()).add(holder.action_id)
        by_team.setdefault(holder.team_id, set()).add(holder.action_id)
    return {
        actor.id: {
            action_id
            for held, ids in ((by_person, actor.acts_as.person_ids), (by_team, actor.acts_as.team_ids))
            for id_ in ids
            for action_id in held.get(id_, ())
        }
        for actor in actors
    }


def _in_groups(
    rows: Iterable[ActionRow],
    returned: Mapping[int, SentBack],
    known: Mapping[int, MetAndAnswered],
    today: date,
    *,
    resting: bool = True,
    asked: Collection[int] = frozenset(),
) -> list[Waiting]:
    """Return the rows that need an update, in the order of ``waiting``; ``known`` is from ``_met_and_answered``."""
    waits = []
    for row in rows:
        dates = known.get(row.id, MetAndAnswered())
        asks = Asks(row.id in returned, row.id in asked, met_on=dates.met_on, answered_on=dates.answered_on)
        group = group_of(row.facts, asks, today)
        answered = rests(row.facts, asks, today)
        if group and (resting or not answered):
            waits.append(Waiting(row, group, returned.get(row.id), rests=answered))
    order = list(Group)
    return sorted(waits, key=lambda w: (order.index(w.group), -w.row.days, w.row.due_on or date.max))


def _met_and_answered(acts_as: ActsAs | None, today: date) -> dict[int, MetAndAnswered]:
    """Return when the lead board of each open action last met, and when the action was last answered.

    With ``acts_as``, only of the actions that they lead, own or contribute to.
    """
    rows = db.session.execute(_meetings_and_answers(acts_as, today))
    return {row.id: MetAndAnswered(row.met_on, row.answered_on) for row in rows}


@lru_cache(maxsize=64)
def _meetings_and_answers(acts_as: ActsAs | None, today: date) -> Any:
    return (
        select(Action.id, _last_meeting(today).label("met_on"), Action.answered_on)
        .join(Plan, Plan.id == Action.plan_id)
        .where(Plan.state == "live", is_open(), *([delivered_by(acts_as)] if acts_as else []))
    )


def _last_meeting(today: date) -> ScalarSelect[date]:
    """The day on which a lead board of an action last met. Counts a meeting today; does not count cancelled ones."""
    return (
        select(func.max(Meeting.on_day))
        .join(RecommendationBoard, RecommendationBoard.board_id == Meeting.board_id)
        .join(ActionPlace, ActionPlace.recommendation_id == RecommendationBoard.recommendation_id)
        .where(
            ActionPlace.action_id == Action.id,
            RecommendationBoard.lead,
            Meeting.on_day <= today,
            Meeting.cancelled_on.is_(None),
        )
        .correlate(Action)
        .scalar_subquery()
    )


def count_by_group(actor: Actor, today: date) -> dict[Group, int]:
    """Return how many actions wait in each group: the numbers of ``waiting_with_questions`` without its rows."""
    if not actor.has_items:
        return {}
    rows = db.session.execute(_waiting_by_group(actor.acts_as, asked_by_boards(actor, today), today))
    return {Group(row.first): row.number for row in rows}


CLAIMS_SHOWN = 60
"""How many actions to verify My work and letters list; they say how many there are in all."""


def tasks_of(actor: Actor, today: date) -> Tasks:
    """Return what this person has to do on the actions of others."""
    claims = claims_to_test(actor)
    return Tasks(
        calls_to_answer(actor, today),
        dates_to_decide(actor, today),
        claims,
        claimed_rows(actor, claims, today),
        questions=questions_to_answer(actor, today),
        answers=questions_to_judge(actor, today),
    )


def tasks_for_each(
    actors: Collection[Actor],
    asked: Mapping[int, Sequence[BoardQuestion]],
    today: date,
    *,
    held: Mapping[int, Collection[int]],
) -> dict[int, Tasks]:
    """Return what ``tasks_of`` returns for each of these people, by their ids.

    Asks only for those who may have some: who decides or answers a request that is open. The claims of all verifiers
    take three queries, and two more for each who does not read all plans. ``asked`` are boards' questions as each sees
    them, from ``questions_of_each``; ``held`` is from ``held_actions``.
    """
    may_be_asked, any_date = people_asked(), db.session.scalar(select(any_request_open()))
    claims_of = claims_for_each(actors, held)
    rows_of = _claimed_rows_for_each(actors, claims_of, today)
    tasks: dict[int, Tasks] = {}
    for actor in actors:
        requests = calls_to_answer(actor, today) if may_be_asked.include(actor) else []
        dates = dates_to_decide(actor, today) if any_date else []
        theirs = asked.get(actor.id, ())
        tasks[actor.id] = Tasks(
            requests,
            dates,
            claims_of[actor.id],
            rows_of[actor.id],
            questions=sorted((q for q in theirs if q.waits_for_answer), key=lambda q: (q.due_on, q.id)),
            answers=sorted((q for q in theirs if q.offers_verdict), key=lambda q: q.id),
        )
    return tasks


def claimed_rows(actor: Actor, claims: Sequence[int], today: date) -> list[ActionRow]:
    """Return the rows of the first ``CLAIMS_SHOWN`` of these claims, each action once, in the order of the plan."""
    return _each_action_once(actor, frozenset(claims[:CLAIMS_SHOWN]), today)


def _claimed_rows_for_each(
    actors: Collection[Actor], claims_of: Mapping[int, Sequence[int]], today: date
) -> dict[int, list[ActionRow]]:
    """Return what ``claimed_rows`` returns for each of these people, by their ids."""
    shown_to = {a.id: frozenset(claims_of[a.id][:CLAIMS_SHOWN]) for a in actors if a.reads_all_plans}
    rows = _each_action_once(OPERATOR, frozenset().union(*shown_to.values()), today)
    return {
        actor.id: [row for row in rows if row.id in shown_to[actor.id]]
        if actor.id in shown_to
        else claimed_rows(actor, claims_of[actor.id], today)
        for actor in actors
    }


def _each_action_once(actor: Actor, action_ids: frozenset[int], today: date) -> list[ActionRow]:
    """Return these actions, each at its first place that this person sees, in the order of the plan."""
    once: dict[int, ActionRow] = {}
    for row in action_rows(actor, Filter(action_ids=action_ids), today, size=None) if action_ids else ():
        once.setdefault(row.id, row)
    return list(once.values())


@dataclass(frozen=True)
class FrameFacts:
    """What every page shows around its content: the council, what waits, whether there are several plans to list."""

    council: str
    waits: Waits
    several_plans: bool


def what_waits(actor: Actor, today: date) -> Waits:
    """Return how much of each kind this person has to do.

    Its ``updates`` are the SQL of ``waiting``; ``tests/data/plan/lists/test_filters.py`` compares the two.
    """
    return frame_facts(actor, today).waits


def frame_facts(actor: Actor, today: date) -> FrameFacts:
    """Return what every page shows around its content."""
    row = db.session.execute(_frame_of(actor, today)).one()
    dates = number_to_decide(actor, today) if row.dates else 0
    waits = Waits(
        updates=row.updates,
        claims=row.claims,
        requests=row.requests,
        dates=dates,
        questions=row.questions,
        answers=row.answers,
    )
    return FrameFacts(council=row.council or "", waits=waits, several_plans=bool(row.several_plans))


@lru_cache(maxsize=256)
def _frame_of(actor: Actor, today: date) -> Any:
    parts = {
        "updates": _number_waiting(actor.acts_as, today) if actor.has_items else None,
        "claims": number_to_test(actor),
        "requests": number_to_answer(actor),
        "questions": number_of_questions(actor, today),
        "answers": number_of_answers(actor),
    }
    counted = ((literal(0) if part is None else part.scalar_subquery()).label(name) for name, part in parts.items())
    dates = any_request_open().label("dates")
    several = several_plans(actor).label("several_plans")
    return select(council_name().scalar_subquery().label("council"), *counted, dates, several)


@lru_cache(maxsize=64)
def _number_waiting(acts_as: ActsAs, today: date) -> Select[int]:
    return _those_waiting(acts_as, today).with_only_columns(func.count())


@lru_cache(maxsize=64)
def _waiting_by_group(acts_as: ActsAs, asked: frozenset[int], today: date) -> Select[str, int]:
    asks = _asks(today)
    is_asked = Action.id.in_(asked)
    groups = [
        (
            holds,
            case((is_asked, Group.BOARD_ASKS.value), else_=group.value) if group in AFTER_QUESTIONS else group.value,
        )
        for group, holds in asks.items()
    ]
    first = case(*groups).label("first")
    return _those_waiting(acts_as, today).with_only_columns(first, func.count().label("number")).group_by("first")


def _those_waiting(acts_as: ActsAs, today: date) -> Select[int]:
    asks = _asks(today)
    nothing_new = or_(Action.due_on.is_(None), Action.due_on >= today, Action.due_on < Action.answered_on)
    rests_now = and_(
        Action.answered_on.is_not(None),
        days_between(today, Action.answered_on) < REST_DAYS,
        nothing_new,
        ~asks[Group.SENT_BACK],
    )
    return (
        select(Action.id)
        .join(Plan, Plan.id == Action.plan_id)
        .where(Plan.state == "live", is_counted(), delivered_by(acts_as), is_open(), or_(*asks.values()), ~rests_now)
    )


def _asks(today: date) -> dict[Group, ColumnElement[bool]]:
    """Return what asks for an update on an open action, in the order of the groups: ``group_of`` in SQL."""
    silent = and_(
        Action.status.in_(STARTED), func.coalesce(Action.last_word_on < _last_meeting(today), is_quiet(today))
    )
    return {
        Group.SENT_BACK: was_sent_back(),
        Group.OVERDUE: is_overdue(today),
        Group.DUE_SOON: is_due_soon(today),
        Group.REVIEW_DUE: is_review_due(today),
        Group.NEEDS_WORD: silent,
    }

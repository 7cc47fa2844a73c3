"""Boards' questions: those of an item, of a board, and those that wait for someone.

All roads go through ``is_readable_by`` of ``clauses.py``, which says who reads a question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ilacs_app import clock
from ilacs_app.access import OPERATOR, Act, Actor, QuestionStanding, check_may
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.governance.challenges.clauses import (
    ACTION_ASKED,
    PLAN_ASKED,
    UNSETTLED,
    awaits_answer_of,
    awaits_verdict_of,
    changed_since,
    is_asked_of,
    is_counted_for,
    is_delivered_by,
    is_last_answered_by,
    is_led_or_owned_by,
    is_managed_by,
    is_readable_by,
    reaches_someone,
    with_item,
)
from ilacs_app.governance.challenges.model import Challenge, ChallengeAnswer
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.challenges.rules import BoardAnswer, ChallengeState
from ilacs_app.history import Author
from ilacs_app.people.boards.model import Board
from ilacs_app.people.model import Person
from ilacs_app.people.teams.queries import teams_of
from ilacs_app.plan.lists.rows import PAGE_ROWS, sees_several
from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Plan, Recommendation, RecommendationLead
from ilacs_app.plan.visibility import visible_with_questions


def question_for(actor: Actor, challenge_id: int, *, to: Act | None = None, today: date | None = None) -> BoardQuestion:
    """Return a question with its answers.

    Raises:
        NotKnown: there is none, or it is not theirs to know of.
        NotAllowed: they may read it and not do ``to``, where that is given.
    """
    questions = _with_answers(actor, today or clock.today(), Challenge.id == challenge_id)
    if not questions:
        raise NotKnown(str(challenge_id))
    if to is not None:
        check_may(actor, to, questions[0].standing)
    return questions[0]


def questions_on_action(actor: Actor, action_id: int) -> list[BoardQuestion]:
    """Return the questions about an action, and about those linked into it, newest first, with their answers."""
    linked = select(ACTION_ASKED.id).where(ACTION_ASKED.linked_into_id == action_id).scalar_subquery()
    here = or_(Challenge.action_id == action_id, Challenge.action_id.in_(linked))
    return _with_answers(actor, clock.today(), here)


def questions_on_recommendation(actor: Actor, recommendation_id: int) -> list[BoardQuestion]:
    """Return the questions about a recommendation itself, newest first, with their answers."""
    return _with_answers(actor, clock.today(), Challenge.recommendation_id == recommendation_id)


@dataclass(frozen=True)
class QuestionPage:
    """One page of a list of questions, and how many there are in each state."""

    questions: tuple[BoardQuestion, ...]
    counts: Mapping[str, int]
    total: int


def questions_of_board(
    actor: Actor, board_id: int, state: str = "", *, page: int = 1, size: int | None = PAGE_ROWS
) -> QuestionPage:
    """Return the same as ``questions_of_boards``, of one board."""
    return questions_of_boards(actor, [board_id], state, page=page, size=size)


def questions_of_boards(
    actor: Actor, board_ids: Collection[int], state: str = "", *, page: int = 1, size: int | None = PAGE_ROWS
) -> QuestionPage:
    """Return these boards' questions about live plans, newest first.

    Withdrawn ones are only among all, and so are unsettled ones about a withdrawn recommendation, which wait for no
    one.
    """
    live = and_(Challenge.board_id.in_(board_ids), PLAN_ASKED.state == "live")
    today = clock.today()
    counts: Counter[str] = Counter()
    total = 0
    waits = or_(~UNSETTLED, is_counted_for(actor))
    for row in db.session.execute(
        with_item(select(Challenge.state, waits.label("waits"), func.count(Challenge.id).label("number")))
        .where(live, is_readable_by(actor))
        .group_by(Challenge.state, "waits")
    ):
        total += row.number
        counts[row.state] += row.number if row.waits else 0
    if state:
        total = counts[state]
    if not total:
        return QuestionPage((), counts, 0)
    wanted = (live, Challenge.state == state, waits) if state else (live,)
    first = (page - 1) * size if size else 0
    return QuestionPage(tuple(_with_answers(actor, today, *wanted, limit=size, offset=first)), counts, total)


def questions_for_meeting(actor: Actor, board_id: int, today: date) -> list[BoardQuestion]:
    """Return what a board's next meeting has to ask after: unanswered questions, then answers that wait for a verdict.

    The soonest due first, without the answers; at most one page of them.
    """
    state = case((Challenge.state == ChallengeState.OPEN, 0), else_=1)
    rows = db.session.execute(
        _questions(actor, today)
        .where(Challenge.board_id == board_id, UNSETTLED, is_counted_for(actor))
        .order_by(state, Challenge.due_on, Challenge.id)
        .limit(PAGE_ROWS)
    )
    return [_question(actor, row, ()) for row in rows]


def questions_at_meeting(actor: Actor, meeting_id: int) -> list[BoardQuestion]:
    """Return the questions asked at a meeting that this person may read, in the order in which they were asked."""
    return sorted(_with_answers(actor, clock.today(), Challenge.meeting_id == meeting_id), key=lambda q: q.id)


def arisen_at(actor: Actor, meeting_id: int) -> list[BoardQuestion]:
    """Return the actions that arose from items of a meeting, of those that this person may read, oldest first."""
    return [question for question in questions_at_meeting(actor, meeting_id) if question.item_key]


def any_for_meeting(board_id: int) -> ColumnElement[bool]:
    """A column that says whether a board has any question that ``questions_for_meeting`` may list."""
    return select(Challenge.id).where(Challenge.board_id == board_id, UNSETTLED).correlate(None).exists()


def number_unanswered(actor: Actor, board_id: int) -> ScalarSelect[int]:
    """Return how many unanswered questions of a board this person may read, as a column: ``unanswered_by_board``."""
    unanswered = with_item(select(func.count(Challenge.id))).where(
        Challenge.board_id == board_id,
        Challenge.state == ChallengeState.OPEN,
        is_counted_for(actor),
        is_readable_by(actor),
    )
    return cast("ScalarSelect[int]", unanswered.correlate(None).scalar_subquery())


def unanswered_by_board(actor: Actor) -> dict[int, int]:
    """Return how many unanswered questions each board has about live plans, by the board's id: those they may read."""
    return {row.board_id: row.number for row in db.session.execute(_unanswered(actor))}


@lru_cache(maxsize=64)
def _unanswered(actor: Actor) -> Any:
    return (
        with_item(select(Challenge.board_id, func.count(Challenge.id).label("number")))
        .where(Challenge.state == ChallengeState.OPEN, is_counted_for(actor), is_readable_by(actor))
        .group_by(Challenge.board_id)
    )


def questions_to_answer(actor: Actor, today: date) -> list[BoardQuestion]:
    """Return the questions that wait for this person's answer, with earlier answers; the soonest due first."""
    asked = awaits_answer_of(actor, today)
    questions = [] if asked is None else _with_answers(actor, today, asked)
    return sorted(questions, key=lambda question: (question.due_on, question.id))


def asked_by_boards(actor: Actor, today: date) -> frozenset[int]:
    """Return the ids of the actions about which a question waits for this person's answer."""
    asked = awaits_answer_of(actor, today)
    if asked is None:
        return frozenset()
    about = with_item(select(Challenge.action_id)).where(asked, Challenge.action_id.is_not(None))
    return frozenset(db.session.scalars(about))


def questions_to_judge(actor: Actor, today: date) -> list[BoardQuestion]:
    """Return the answered questions of which this person may say if they are satisfied, the oldest question first."""
    asked = awaits_verdict_of(actor)
    questions = [] if asked is None else _with_answers(actor, today, asked)
    return sorted(questions, key=lambda question: question.id)


def questions_since(actor: Actor, since: datetime, today: date) -> list[BoardQuestion]:
    """Return the questions that concern this person and of which something is newer than ``since`` (a UTC instant)."""
    chaired = [g.board_id for g in actor.grants if g.role == "chair"]
    given = exists().where(
        ChallengeAnswer.challenge_id == Challenge.id,
        or_(
            ChallengeAnswer.person_id.in_(actor.acts_as.person_ids),
            ChallengeAnswer.for_person_id.in_(actor.acts_as.person_ids),
        ),
    )
    concerns = or_(
        Challenge.asked_by_id == actor.id,
        Challenge.board_id.in_(chaired),
        is_asked_of(actor.acts_as),
        is_delivered_by(actor.acts_as),
        and_(is_managed_by(actor), ~reaches_someone(today)),
        given.correlate(Challenge),
    )
    return _with_answers(actor, today, changed_since(since), concerns)


def readable_questions(actor: Actor, challenge_ids: Collection[int]) -> frozenset[int]:
    """Return those of these questions, by id, that this person may read and that are about what counts."""
    asked = with_item(select(Challenge.id)).where(
        Challenge.id.in_(challenge_ids), is_counted_for(actor), is_readable_by(actor)
    )
    return frozenset(db.session.scalars(asked))


def questions_of_each(actors: Collection[Actor], since: datetime, today: date) -> dict[int, list[BoardQuestion]]:
    """Return the questions that wait for an answer or a verdict, or changed since an instant, as each person sees them.

    About what counts in live plans, by the person's id: three queries for all who read every live plan, and two for
    each of the others.
    """
    which = (is_counted_for(OPERATOR), or_(UNSETTLED, changed_since(since)))
    everything = _with_answers(OPERATOR, today, *which)
    holders: dict[int, list[Any]] = defaultdict(list)
    if everything:
        for row in db.session.execute(_holders([question.id for question in everything])):
            holders[row.id].append(row)
    by_person: dict[int, list[BoardQuestion]] = {}
    for actor in actors:
        reader = actor.without_inspection
        if not everything or not reader.belongs:
            by_person[actor.id] = []
        elif reader.reads_all_plans:
            by_person[actor.id] = [
                replace(q, standing=_standing_among(actor, q, holders[q.id]))
                for q in everything
                if not q.exempt or q.board_id in actor.board_ids or _is_asked(actor, holders[q.id])
            ]
        else:
            by_person[actor.id] = _with_answers(actor, today, is_counted_for(actor), which[1])
    return by_person


def _holders(challenge_ids: Collection[int]) -> Any:
    """Return the query for who is asked and who has a part in the items: (id, part, person id, team id)."""
    lead = RecommendationLead

    def rows(part: Any, person: Any, team: Any) -> Any:
        named = (Challenge.id.label("id"), part.label("part"), person.label("person_id"), team.label("team_id"))
        return with_item(select(*named)).where(Challenge.id.in_(challenge_ids))

    asked = rows(literal("asked"), Challenge.owner_person_id, Challenge.owner_team_id)
    leads = rows(literal("lead"), lead.person_id, lead.team_id)
    works = rows(ActionPerson.part, ActionPerson.person_id, ActionPerson.team_id)
    return union_all(
        asked,
        leads.join(lead, lead.recommendation_id == Challenge.recommendation_id),
        leads.join(ActionPlace, ActionPlace.action_id == Action.id).join(
            lead, lead.recommendation_id == ActionPlace.recommendation_id
        ),
        works.join(ActionPerson, ActionPerson.action_id == Action.id),
    )


def _standing_among(actor: Actor, question: BoardQuestion, holders: Iterable[Any]) -> QuestionStanding:
    """Return what someone is to a question, by ``_holders``: as ``_question`` says it of one reader."""
    acts_as, newest = actor.acts_as, question.newest
    manager = actor.is_a("programme_manager", plan_id=question.plan_id)
    parts = {row.part for row in holders if row.person_id in acts_as.person_ids or row.team_id in acts_as.team_ids}
    return QuestionStanding(
        owns="asked" in parts or (not question.reached and (manager or bool(parts & {"lead", "owner"}))),
        delivers=bool(parts - {"asked"}),
        manager=manager,
        asked=question.asked_by_id == actor.id,
        chairs=actor.holds_on(question.board_id, "chair"),
        answered=newest is not None and actor.id in {newest.person_id, newest.for_person_id},
        state=question.state,
    )


def _is_asked(actor: Actor, holders: Iterable[Any]) -> bool:
    """Return whether a question is asked of someone, by name, in a team or as a delegate, by ``_holders``."""
    acts_as = actor.acts_as
    return any(
        row.part == "asked" and (row.person_id in acts_as.person_ids or row.team_id in acts_as.team_ids)
        for row in holders
    )


def number_of_questions(actor: Actor, today: date) -> Select[int] | None:
    """Return the query for how many questions ``questions_to_answer`` lists; nothing where there can be none."""
    asked = awaits_answer_of(actor, today)
    return None if asked is None else with_item(select(func.count(Challenge.id))).where(asked, is_readable_by(actor))


def number_of_answers(actor: Actor) -> Select[int] | None:
    """Return the query for how many answers ``questions_to_judge`` lists; nothing where there can be none."""
    asked = awaits_verdict_of(actor)
    return None if asked is None else with_item(select(func.count(Challenge.id))).where(asked, is_readable_by(actor))


def author_of_answer(actor: Actor, question: BoardQuestion, today: date) -> Author:
    """Return who signs this person's answer: with both names where they have no part of their own in the question."""
    if actor.stands_for:
        for person_id in (actor.id, *actor.stands_for):
            alone = replace(actor, id=person_id, stands_for=(), team_ids=teams_of((person_id,), today))
            if person_id != actor.id:
                alone = replace(alone, grants=())
            row = db.session.execute(_standing_of(alone, today).where(Challenge.id == question.id)).one()
            if row.owns or row.delivers or (alone.grants and question.standing.manager):
                if person_id == actor.id:
                    break
                name = db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
                return Author(actor.id, actor.name, for_person_id=person_id, for_name=name)
    return Author(actor.id, actor.name)


_ASKER, _JUDGE, _BEHALF = aliased(Person), aliased(Person), aliased(Person)
_OWN = aliased(Recommendation)


def is_reached(challenge_id: int, today: date) -> bool:
    """Return whether a question is asked of an active account, alone or in a team."""
    return bool(db.session.scalar(select(reaches_someone(today)).where(Challenge.id == challenge_id)))


def _ref(actor: Actor) -> ScalarSelect[str]:
    """The reference of a question's action at its first place that this person sees."""
    return (
        select(ActionPlace.ref)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id == Challenge.action_id, visible_with_questions(actor))
        .order_by(Recommendation.position)
        .limit(1)
        .correlate(Challenge)
        .scalar_subquery()
    )


@lru_cache(maxsize=256)
def _standing_of(actor: Actor, today: date) -> Any:
    """The query for what someone is to questions, whether they may read them or not."""
    return with_item(
        select(
            Challenge.id,
            is_asked_of(actor.acts_as).label("owns"),
            is_delivered_by(actor.acts_as).label("delivers"),
        )
    )


@lru_cache(maxsize=256)
def _questions(actor: Actor, today: date) -> Any:
    """The questions that someone may read, with what they are to each."""
    asked = select(
        Challenge.id.label("id"),
        Challenge.board_id.label("board_id"),
        Board.name.label("board"),
        Board.slug.label("board_slug"),
        Challenge.plan_id.label("plan_id"),
        PLAN_ASKED.slug.label("plan_slug"),
        PLAN_ASKED.short_name.label("plan_short"),
        sees_several(actor).label("several"),
        Challenge.action_id.label("action_id"),
        Challenge.recommendation_id.label("recommendation_id"),
        func.coalesce(_OWN.number, _ref(actor), "").label("ref"),
        func.coalesce(_OWN.text, Action.text).label("text"),
        Challenge.question.label("question"),
        Challenge.asked_by_id.label("asked_by_id"),
        _ASKER.name.label("asked_by"),
        Challenge.asked_at.label("asked_at"),
        Challenge.owner.label("owner"),
        reaches_someone(today).label("reached"),
        Challenge.due_on.label("due_on"),
        Challenge.state.label("state"),
        Challenge.withdrawn_at.label("withdrawn_at"),
        Challenge.withdrawn_reason.label("withdrawn_reason"),
        Challenge.item_key.label("item_key"),
        Challenge.exempt.label("exempt"),
        is_asked_of(actor.acts_as).label("owns"),
        is_delivered_by(actor.acts_as).label("delivers"),
        is_led_or_owned_by(actor.acts_as).label("leads"),
        is_last_answered_by(actor.id).label("answered"),
        is_counted_for(actor).label("counts"),
    )
    return (
        with_item(asked)
        .join(Board, Board.id == Challenge.board_id)
        .join(_ASKER, _ASKER.id == Challenge.asked_by_id)
        .outerjoin(_OWN, _OWN.id == Challenge.recommendation_id)
        .where(is_readable_by(actor))
    )


_ANSWERS: Any = (
    select(
        ChallengeAnswer.id.label("id"),
        ChallengeAnswer.challenge_id.label("challenge_id"),
        ChallengeAnswer.person_id.label("person_id"),
        ChallengeAnswer.for_person_id.label("for_person_id"),
        case((_BEHALF.name.is_(None), Person.name), else_=Person.name + ", for " + _BEHALF.name).label("who"),
        ChallengeAnswer.at.label("at"),
        ChallengeAnswer.words.label("words"),
        ChallengeAnswer.satisfied.label("satisfied"),
        ChallengeAnswer.judged_by_id.label("judged_by_id"),
        func.coalesce(_JUDGE.name, "").label("judged_by"),
        ChallengeAnswer.judged_at.label("judged_at"),
        ChallengeAnswer.judged_words.label("judged_words"),
    )
    .join(Person, Person.id == ChallengeAnswer.person_id)
    .outerjoin(_BEHALF, _BEHALF.id == ChallengeAnswer.for_person_id)
    .outerjoin(_JUDGE, _JUDGE.id == ChallengeAnswer.judged_by_id)
)


def _with_answers(
    actor: Actor, today: date, *which: ColumnElement[bool], limit: int | None = None, offset: int = 0
) -> list[BoardQuestion]:
    """Return the questions that fit and that this person may read, newest first, with their answers: two queries."""
    asked = _questions(actor, today).where(*which).order_by(Challenge.id.desc()).limit(limit).offset(offset)
    rows = db.session.execute(asked).all()
    answers: dict[int, list[BoardAnswer]] = defaultdict(list)
    answered = [row.id for row in rows]
    if answered:
        given = _ANSWERS.where(ChallengeAnswer.challenge_id.in_(answered)).order_by(ChallengeAnswer.id)
        for row in db.session.execute(given):
            answers[row.challenge_id].append(BoardAnswer(**row._mapping))
    return [_question(actor, row, answers[row.id]) for row in rows]


def _question(actor: Actor, row: Any, answers: Iterable[BoardAnswer]) -> BoardQuestion:
    columns = dict(row._mapping)
    parts = {name: bool(columns.pop(name)) for name in ("owns", "delivers", "leads", "answered", "counts")}
    standing = QuestionStanding(state=row.state)
    if parts["counts"] and not actor.looks_back:
        manager = actor.is_a("programme_manager", plan_id=row.plan_id)
        standing = QuestionStanding(
            owns=parts["owns"] or (not row.reached and (manager or parts["leads"])),
            delivers=parts["delivers"],
            manager=manager,
            asked=row.asked_by_id == actor.id,
            chairs=actor.holds_on(row.board_id, "chair"),
            answered=parts["answered"],
            state=row.state,
        )
    return BoardQuestion(
        **(columns | {name: bool(columns[name]) for name in ("reached", "several", "exempt")}),
        standing=standing,
        answers=tuple(answers),
    )

"""Ask, answer, judge and withdraw a board's questions. Answers are added one after the other and never overwritten.

Every command locks the question's row first, so that two at once follow each other and both are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.access import Act, Actor, check_may, who_may
from ilacs_app.db import db
from ilacs_app.errors import NotAllowed, NotKnown, Refused, Stale
from ilacs_app.governance.challenges.items import Askable, askable, may_see_item
from ilacs_app.governance.challenges.model import Challenge, ChallengeAnswer
from ilacs_app.governance.challenges.queries import author_of_answer, is_reached, question_for
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.challenges.rules import ChallengeState, why_not_due
from ilacs_app.history import Author, record
from ilacs_app.plan.assignments import match_name
from ilacs_app.plan.visibility import actor_with
from ilacs_app.plan.writing import open_plan


class NotTheirs(Refused):
    """The name that is asked reaches an account that cannot see the item."""


@dataclass(frozen=True)
class QuestionWish:
    """A question as it is asked, about an action or a recommendation (one of the two ids).

    One that arises at a meeting has the ``item_key`` of its item; ``exempt``: that is in the exempt part.
    """

    board_id: int
    question: str
    owner: str
    due_on: date
    action_id: int | None = None
    recommendation_id: int | None = None
    meeting_id: int | None = None
    item_key: str = ""
    exempt: bool = False


def ask_question(by: Author, wish: QuestionWish) -> int:
    """Ask a question for a board. Return its id.

    Raises:
        Refused: the question or the name is missing, the day is past, or the board may not ask about the item.
        NotTheirs: the account of the name cannot see the item, or it is exempt and the name has no account.
        NotAllowed: they do not serve on the board.
    """
    today = clock.today()
    asker = _person(by)
    check_may(asker, Act.ASK_QUESTION, wish.board_id)
    item = askable(asker, wish.board_id, action_id=wish.action_id, recommendation_id=wish.recommendation_id)
    if item is None:
        raise Refused("Choose an action or recommendation that this board governs, in a live plan.")
    if not wish.question:
        raise Refused("Enter your question.")
    if not wish.owner:
        raise Refused("Enter who is to answer.")
    late = why_not_due(wish.due_on, today)
    if late:
        raise Refused(late)
    open_plan(item.plan_id, held=True)
    owner = _reached(wish.owner, item)
    values: dict[str, Any] = {
        "board_id": wish.board_id,
        "meeting_id": wish.meeting_id,
        "question": wish.question,
        **owner,
        "due_on": wish.due_on,
    }
    challenge = Challenge(
        **values,
        plan_id=item.plan_id,
        action_id=item.action_id,
        recommendation_id=item.recommendation_id,
        asked_by_id=by.person_id,
        asked_at=clock.now(),
        state=ChallengeState.OPEN,
        item_key=wish.item_key,
        exempt=wish.exempt,
    )
    db.session.add(challenge)
    db.session.flush()
    if wish.exempt and not is_reached(challenge.id, today):
        raise NotTheirs(
            f"No one with the name {wish.owner} has an account. This item is exempt, so only the board and the person "
            "asked can read it. Enter someone who has an account."
        )
    record(
        by,
        "challenge_asked",
        plan_id=item.plan_id,
        recommendation_id=item.recommendation_id,
        action_id=item.action_id,
        about=wish.question,
        after={"challenge_id": challenge.id, **values, "due_on": wish.due_on.isoformat()},
    )
    return challenge.id


def answer_question(by: Author, challenge_id: int, text: str) -> int:
    """Add an answer to a question. Return its id.

    One that comes after the board was satisfied is kept as well, and the question stays as it is.

    Raises:
        Refused: nothing was written.
        Stale: the question was withdrawn.
        NotAllowed, NotKnown: they may not answer it.
    """
    person, question = _locked(by, challenge_id, Act.ANSWER_QUESTION)
    if question.state == ChallengeState.WITHDRAWN:
        raise Stale
    if not text:
        raise Refused("Enter your answer.")
    by = author_of_answer(person, question, clock.today())
    answer = ChallengeAnswer(
        challenge_id=challenge_id,
        person_id=by.person_id,
        for_person_id=by.for_person_id,
        at=clock.now(),
        words=text,
    )
    db.session.add(answer)
    db.session.flush()
    if question.state == ChallengeState.OPEN:
        _move(challenge_id, state=ChallengeState.ANSWERED)
    after = {"answer_id": answer.id, "words": text, "for_person_id": by.for_person_id}
    _record(by, "challenge_answered", question, about=text, after=after)
    return answer.id


def judge_answer(by: Author, challenge_id: int, answer_id: int, *, satisfied: bool, comment: str = "") -> None:
    """Say of the newest answer whether it satisfies; *not yet* opens the question again.

    ``answer_id`` is the answer that was seen.

    Raises:
        Refused: it says *not yet* without what is missing.
        Stale: there is a newer answer, or someone judged this one, or the question was withdrawn.
        NotAllowed, NotKnown: they may not judge it.
    """
    _, question = _locked(by, challenge_id)
    newest = question.newest
    if question.state != ChallengeState.ANSWERED or newest is None or newest.id != answer_id:
        if not (question.standing.asked or question.standing.chairs):
            raise NotAllowed(who_may(Act.JUDGE_ANSWER))
        raise Stale
    if not question.may(Act.JUDGE_ANSWER):
        raise NotAllowed(who_may(Act.JUDGE_ANSWER))
    if not satisfied and not comment:
        raise Refused("Enter what is still missing.")
    db.session.execute(
        update(ChallengeAnswer)
        .where(ChallengeAnswer.id == answer_id)
        .values(satisfied=satisfied, judged_by_id=by.person_id, judged_at=clock.now(), judged_words=comment)
    )
    _move(challenge_id, state=ChallengeState.SATISFIED if satisfied else ChallengeState.OPEN)
    verb = "challenge_satisfied" if satisfied else "challenge_not_satisfied"
    _record(by, verb, question, about=comment, after={"answer_id": answer_id, "words": comment})


def withdraw_question(by: Author, challenge_id: int, reason: str) -> None:
    """Withdraw a question with the reason. It and its answers are kept.

    Raises:
        Refused: the reason is missing.
        Stale: the board is satisfied, or the question was withdrawn before.
        NotAllowed, NotKnown: someone else asked it.
    """
    _, question = _locked(by, challenge_id, Act.WITHDRAW_QUESTION)
    if question.state not in {ChallengeState.OPEN, ChallengeState.ANSWERED}:
        raise Stale
    if not reason:
        raise Refused("Enter why you withdraw it.")
    _move(challenge_id, state=ChallengeState.WITHDRAWN, withdrawn_at=clock.now(), withdrawn_reason=reason)
    _record(by, "challenge_withdrawn", question, about=reason, after={"reason": reason})


def _person(by: Author) -> Actor:
    person = actor_with(by.person_id, clock.today()) if by.person_id is not None else None
    if person is None:
        raise NotAllowed("Only someone with an account can ask, answer or judge a question.")
    return person


def _locked(by: Author, challenge_id: int, to: Act | None = None) -> tuple[Actor, BoardQuestion]:
    """Lock the question's row; return its author as they are at this moment, and the question as they see it."""
    held = db.session.scalar(select(Challenge.id).where(Challenge.id == challenge_id).with_for_update())
    if held is None:
        raise NotKnown(str(challenge_id))
    person = _person(by)
    return person, question_for(person, challenge_id, to=to)


def _reached(owner: str, item: Askable) -> dict[str, Any]:
    """Return the columns of the name that is asked.

    Raises:
        NotTheirs: its account cannot see the item.
    """
    match = match_name(owner)
    person = actor_with(match["person_id"], clock.today()) if match["person_id"] is not None else None
    if person is not None and not may_see_item(person, item):
        raise NotTheirs(f"{owner} cannot see this {item.label.split()[0].lower()}. Enter another name.")
    return {"owner": owner, "owner_person_id": match["person_id"], "owner_team_id": match["team_id"]}


def _move(challenge_id: int, **values: Any) -> None:
    db.session.execute(update(Challenge).where(Challenge.id == challenge_id).values(**values))


def _record(by: Author, verb: str, question: BoardQuestion, *, about: str, after: dict[str, Any]) -> None:
    record(
        by,
        verb,
        plan_id=question.plan_id,
        recommendation_id=question.recommendation_id,
        action_id=question.action_id,
        about=about,
        after={"challenge_id": question.id, "board_id": question.board_id, **after},
    )

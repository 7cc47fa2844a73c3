"""What someone is told about boards' questions: asked of them, answered, judged and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from ilacs_app.access import Actor
from ilacs_app.dates import long_date
from ilacs_app.governance.challenges.queries import questions_since
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.worklist.news.rules import news_since


@dataclass(frozen=True)
class QuestionNews:
    """A change to a question that someone is told about.

    ``at`` is a UTC instant. ``says`` is what whoever made the change wrote; ``due`` by when an answer is due.
    """

    question: BoardQuestion
    title: str
    at: datetime
    who: str
    says: str
    due: str = ""
    batch: ClassVar[str] = ""
    thing: ClassVar[str] = "question"

    @property
    def ref(self) -> str:
        return self.question.ref

    @property
    def several(self) -> bool:
        return self.question.several

    @property
    def plan_short(self) -> str:
        return self.question.plan_short

    @property
    def address(self) -> str:
        return self.question.address


def question_news(actor: Actor, today: date) -> list[QuestionNews]:
    """Return the changes of the last 14 days to questions that this person is told about, newest first."""
    since = news_since(today)
    return news_of_questions(actor, questions_since(actor, since, today), since)


def news_of_questions(actor: Actor, questions: Iterable[BoardQuestion], since: datetime) -> list[QuestionNews]:
    """Return what someone is told of these questions, newest first; never their own changes."""
    told = [item for question in questions for item in _news_of(actor, question)]
    return sorted((item for item in told if item.at >= since), key=lambda item: item.at, reverse=True)


def _news_of(actor: Actor, q: BoardQuestion) -> Iterator[QuestionNews]:
    """Yield what someone is told of a question.

    A question is news to whom it is asked of and to those with a part in the item; an answer to who asked and to the
    chair; a verdict to who answered and whom it was asked of.
    """
    mine, is_ = actor.acts_as.person_ids, q.standing
    if q.asked_by_id != actor.id and (is_.owns or is_.delivers):
        due = f"Answer by {long_date(q.due_on)}"
        yield QuestionNews(q, f"Question from the {q.board}", q.asked_at, q.asked_by, q.question, due)
    for answer in q.answers:
        if answer.person_id != actor.id and (is_.asked or is_.chairs):
            yield QuestionNews(q, "Question answered", answer.at, answer.who, answer.words)
        answered = answer.person_id in mine or answer.for_person_id in mine
        if answer.judged_at and answer.judged_by_id != actor.id and (answered or is_.owns):
            title = "The board is satisfied with the answer" if answer.satisfied else "The board asks for more"
            yield QuestionNews(q, title, answer.judged_at, answer.judged_by, answer.judged_words)
    if q.withdrawn_at and q.asked_by_id != actor.id and is_.owns:
        yield QuestionNews(q, "Question withdrawn", q.withdrawn_at, q.asked_by, q.withdrawn_reason)

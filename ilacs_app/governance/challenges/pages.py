"""Questions with the forms that they offer, as every page shows them: an item's, My work and a question's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import url_for

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.forms.drafts import take_up_each
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.governance.challenges.forms import AnswerForm, JudgeForm, WithdrawQuestionForm
from ilacs_app.governance.challenges.items import boards_to_ask_for
from ilacs_app.governance.challenges.queries import (
    questions_on_action,
    questions_on_recommendation,
    questions_to_answer,
    questions_to_judge,
)
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.people.boards.queries import BoardName

QuestionForm = AnswerForm | JudgeForm | WithdrawQuestionForm
_SENT_TO = {"answer": "challenges.answer", "judge": "challenges.judge", "withdraw": "challenges.withdraw"}
_KINDS: Mapping[type[QuestionForm], str] = {
    AnswerForm: "answer",
    JudgeForm: "judge",
    WithdrawQuestionForm: "withdraw",
}


@dataclass(frozen=True)
class RejectedQuestion:
    """A form of the question with this id that could not be saved; ``theirs`` is what someone else did meanwhile."""

    form: QuestionForm
    at: int
    theirs: str = ""


@dataclass(frozen=True)
class AskingLink:
    """A board for which the reader may ask about an item, and the address of the form."""

    board: str
    address: str


@dataclass(frozen=True)
class QuestionsShown:
    """Questions of one page with their forms and drafts, both by the form's kind and the question's id."""

    questions: Sequence[BoardQuestion]
    forms: Mapping[str, QuestionForm] = field(default_factory=dict)
    drafts: Mapping[str, KeptDraft] = field(default_factory=dict)
    typed: RejectedQuestion | None = None
    asking: Sequence[AskingLink] = ()


def shown_questions(
    questions: Iterable[BoardQuestion], typed: RejectedQuestion | None = None, asking: Sequence[AskingLink] = ()
) -> QuestionsShown:
    """Return questions with the forms that they offer, as they were left.

    ``typed`` is one that could not be saved: it is shown as it was sent, whatever its question offers now.
    """
    shown = tuple(questions)
    forms: dict[str, QuestionForm] = {}
    for question in shown:
        forms |= _offered(question)
    sent = f"{_KINDS[type(typed.form)]}-{typed.at}" if typed else ""
    drafts = take_up_each(**{name: (form, _address(name)) for name, form in forms.items() if name != sent})
    if typed:
        forms[sent] = typed.form
    return QuestionsShown(shown, forms, drafts, typed, asking)


def _offered(question: BoardQuestion) -> dict[str, QuestionForm]:
    forms: dict[str, QuestionForm] = {}
    if question.offers_answer:
        forms[f"answer-{question.id}"] = AnswerForm(formdata=None)
    if question.offers_verdict and question.newest:
        judge = JudgeForm(formdata=None)
        judge.answer.data = str(question.newest.id)
        forms[f"judge-{question.id}"] = judge
    if question.offers_withdrawal:
        forms[f"withdraw-{question.id}"] = WithdrawQuestionForm(formdata=None)
    return forms


def _address(name: str) -> str:
    kind, _, challenge_id = name.partition("-")
    return url_for(_SENT_TO[kind], challenge_id=int(challenge_id))


def questions_about_action(actor: Actor, action_id: int, *, may_ask: bool) -> QuestionsShown:
    """Return what the page of an action shows of questions about it; ``may_ask``: whether any may be asked now."""
    boards = boards_to_ask_for(actor, action_id=action_id) if may_ask else []
    return shown_questions(questions_on_action(actor, action_id), asking=_links(boards, f"?action={action_id}"))


def questions_about_recommendation(actor: Actor, recommendation_id: int, *, may_ask: bool) -> QuestionsShown:
    """Return what the page of a recommendation shows of questions about it; ``may_ask`` as for an action."""
    boards = boards_to_ask_for(actor, recommendation_id=recommendation_id) if may_ask else []
    links = _links(boards, f"?recommendation={recommendation_id}")
    return shown_questions(questions_on_recommendation(actor, recommendation_id), asking=links)


def _links(boards: Iterable[BoardName], about: str) -> list[AskingLink]:
    return [AskingLink(board.name, f"/boards/{board.slug}/challenges/new{about}") for board in boards]


@dataclass(frozen=True)
class QuestionsWaiting:
    """The questions of My work: to answer, and with an answer to judge.

    ``in_rows`` are those to answer about an action that needs an update too: its row shows them. ``to_answer`` are
    the others.
    """

    to_answer: Sequence[BoardQuestion]
    in_rows: Sequence[BoardQuestion]
    to_judge: Sequence[BoardQuestion]
    shown: QuestionsShown

    @property
    def number(self) -> int:
        """How many there are to answer."""
        return len(self.to_answer) + len(self.in_rows)

    def about(self, action_id: int) -> QuestionsShown | None:
        """Return those that the row of this action shows, if any."""
        asked = tuple(question for question in self.in_rows if question.action_id == action_id)
        return replace(self.shown, questions=asked) if asked else None


def questions_waiting(
    to_answer: Sequence[BoardQuestion],
    to_judge: Sequence[BoardQuestion],
    typed: RejectedQuestion | None = None,
    *,
    rows: Collection[int],
) -> QuestionsWaiting:
    """Return the questions of My work with their forms as they were left, and ``typed``, which could not be saved.

    ``rows`` are the actions that need an update, by id.
    """
    return QuestionsWaiting(
        to_answer=[question for question in to_answer if question.action_id not in rows],
        in_rows=[question for question in to_answer if question.action_id in rows],
        to_judge=to_judge,
        shown=shown_questions([*to_answer, *to_judge], typed),
    )


def waiting_for(actor: Actor, typed: RejectedQuestion | None = None, *, rows: Collection[int]) -> QuestionsWaiting:
    """Return the questions that wait for this person now, as ``questions_waiting``."""
    today = clock.today()
    return questions_waiting(questions_to_answer(actor, today), questions_to_judge(actor, today), typed, rows=rows)


def asked_about(actor: Actor, action_id: int) -> QuestionsShown | None:
    """Return the questions about an action that wait for this person's answer, for its row on My work; if any."""
    asked = [q for q in questions_to_answer(actor, clock.today()) if q.action_id == action_id]
    return shown_questions(asked) if asked else None

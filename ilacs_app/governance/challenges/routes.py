"""Boards' questions: asked of an item, answered in place, judged, and a board's log of them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import Field

from ilacs_app import clock
from ilacs_app.access import Act, may, requires
from ilacs_app.errors import Refused
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, STALE, author, save_once, saved_before
from ilacs_app.governance.challenges.commands import (
    NotTheirs,
    QuestionWish,
    answer_question,
    ask_question,
    judge_answer,
    withdraw_question,
)
from ilacs_app.governance.challenges.forms import AnswerForm, AskForm, JudgeForm, WithdrawQuestionForm
from ilacs_app.governance.challenges.items import Askable, askable, askable_named, names_on
from ilacs_app.governance.challenges.pages import QuestionForm, RejectedQuestion, shown_questions, waiting_for
from ilacs_app.governance.challenges.queries import question_for, questions_of_boards
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.challenges.rules import STATE_LABELS, ChallengeState, default_due_on
from ilacs_app.governance.meetings.queries import next_meetings
from ilacs_app.people.boards.queries import BoardName, boards
from ilacs_app.personal_data import child_warning
from ilacs_app.plan.lists.rows import PAGE_ROWS
from ilacs_app.plan.names.pages import name_to_ask, who_sees_it
from ilacs_app.plan.visibility import board_for, knows_board
from ilacs_app.rows.action_page import need_updates, waits_now
from ilacs_app.text import whole_number
from ilacs_app.web import LARGEST_ID, actor, after_saving, fragment, local_address, page, wants_fragment

blueprint = Blueprint("challenges", __name__)
LOG_STATES = (ChallengeState.OPEN, ChallengeState.ANSWERED, ChallengeState.SATISFIED)


@blueprint.get("/boards/<board_slug>/challenges")
@requires("belongs")
def log(board_slug: str) -> Response:
    """Show a board's questions, newest first: what it asked, what was done, and what that led to."""
    board = board_for(actor(), board_slug)
    return _log([board.id], url_for("challenges.log", board_slug=board.slug), board)


@blueprint.get("/challenges")
@requires("belongs")
def log_of_all() -> Response:
    """Show the same of all boards that this person knows of."""
    known = [board.id for board in boards() if knows_board(actor(), board.id)]
    return _log(known, url_for("challenges.log_of_all"))


def _log(board_ids: list[int], path: str, board: BoardName | None = None) -> Response:
    state = request.args.get("state", "")
    state = state if state in LOG_STATES else ""
    number = whole_number(request.args.get("page"), LARGEST_ID) or 1
    shown = questions_of_boards(actor(), board_ids, state, page=number)
    return page(
        "governance/challenges/log.html",
        board=board,
        log=shown,
        state=state,
        states={name: STATE_LABELS[name] for name in LOG_STATES},
        page=number,
        pages=max(1, -(-shown.total // PAGE_ROWS)),
        path=path,
        asks=board is not None and may(actor(), Act.ASK_QUESTION, board.id),
        reads=actor().reads_questions,
        today=clock.today(),
    )


def _asking(board_slug: str) -> BoardName:
    return board_for(actor(), board_slug, to=Act.ASK_QUESTION)


def _where_asking_opens(board_slug: str) -> str:
    item: dict[str, Any] = {name: request.form[name] for name in AskForm.ABOUT if request.form.get(name)}
    return url_for("challenges.new_question", board_slug=board_slug, **item)


@blueprint.get("/boards/<board_slug>/challenges/new")
@requires("belongs")
def new_question(board_slug: str) -> Response:
    """Show the form; ``?action=`` or ``?recommendation=`` (an id) says what the question is about."""
    board = _asking(board_slug)
    form = AskForm(formdata=None)
    ids = {name: whole_number(request.args.get(name), LARGEST_ID) for name in AskForm.ABOUT}
    item = _item(board, ids["action"], ids["recommendation"])
    if item:
        form.action.data, form.recommendation.data = str(item.action_id or ""), str(item.recommendation_id or "")
    form.begin(item.owner if item else "", _default_due(board))
    return _ask_page(board, form, item, draft=take_up(form, "challenges.ask"))


@blueprint.post("/boards/<board_slug>/challenges")
@requires("belongs", writes=True)
@drafted(AskForm, _asking, _where_asking_opens)
def ask(board_slug: str) -> Response:
    board = _asking(board_slug)
    form = AskForm()
    back = local_address(form.back.data) or url_for("challenges.log", board_slug=board.slug)
    before = saved_before(form)
    if before is not None:
        return after_saving(before, back)
    fixed = _item(board, form.action_id, form.recommendation_id)
    complete, item = form.check(clock.today()), fixed or _named(board, form)
    meant = name_to_ask(form, form.owner)
    owner = meant.name or (item.owner if item else "")
    if item and not owner:
        complete = form.bad(form.owner, "Enter who should answer.")
    if not complete or item is None or meant.candidates:
        return _ask_page(board, form, fixed, 422, candidates=meant.candidates)
    wish = QuestionWish(
        board_id=board.id,
        question=form.question.data or "",
        owner=owner,
        due_on=form.due_on or _default_due(board),
        action_id=item.action_id,
        recommendation_id=item.recommendation_id,
    )
    message = f"Question sent: {item.label}. {who_sees_it(owner)} {child_warning(form.written)}".strip()
    status = save_once(form, message, lambda: ask_question(author(), wish), _at_field(form), further=True)
    return after_saving(message, back) if status == SAVED else _ask_page(board, form, fixed, status)


def _at_field(form: AskForm) -> Callable[[Refused], Field | None]:
    return lambda refusal: form.owner if isinstance(refusal, NotTheirs) else None


def _default_due(board: BoardName) -> Any:
    today = clock.today()
    meeting = next_meetings(today).get(board.id)
    return default_due_on(meeting.on_day if meeting else None, today)


def _item(board: BoardName, action_id: int | None, recommendation_id: int | None) -> Askable | None:
    if not (action_id or recommendation_id):
        return None
    return askable(actor(), board.id, action_id=action_id, recommendation_id=recommendation_id)


def _named(board: BoardName, form: AskForm) -> Askable | None:
    """Return the item with the reference that was typed, or say at the field what to enter."""
    typed = form.about.data or ""
    items = askable_named(actor(), board.id, typed) if typed else []
    if len(items) == 1:
        return items[0]
    if len(items) > 1:
        choices = " or ".join(f"{item.plan_short} {item.ref}" for item in items)
        form.bad(form.about, f"There is more than one. Enter {choices}.")
    elif typed:
        form.bad(form.about, "This board has no action or recommendation with this number. Check it in the plan.")
    else:
        form.bad(form.about, "Enter the number of the action or recommendation.")
    return None


def _ask_page(
    board: BoardName,
    form: AskForm,
    item: Askable | None,
    status: int = 200,
    draft: KeptDraft | None = None,
    candidates: Sequence[str] = (),
) -> Response:
    return page(
        "governance/challenges/ask.html",
        status=status,
        has_errors=status == 422,
        board=board,
        form=form,
        item=item,
        known=names_on(actor(), item) if item else (),
        candidates=candidates,
        draft=draft,
        back=local_address(form.back.data or request.args.get("back")),
    )


@blueprint.get("/challenges/<item:challenge_id>")
@requires("belongs")
def question(challenge_id: int) -> Response:
    return _question_page(question_for(actor(), challenge_id), None)


def _answerable(challenge_id: int) -> BoardQuestion:
    return question_for(actor(), challenge_id, to=Act.ANSWER_QUESTION)


def _judgeable(challenge_id: int) -> BoardQuestion:
    return question_for(actor(), challenge_id, to=Act.JUDGE_ANSWER)


def _withdrawable(challenge_id: int) -> BoardQuestion:
    return question_for(actor(), challenge_id, to=Act.WITHDRAW_QUESTION)


def _where_it_opens(challenge_id: int) -> str:
    return url_for("challenges.question", challenge_id=challenge_id)


@blueprint.post("/challenges/<item:challenge_id>/answers")
@requires("belongs", writes=True)
@drafted(AnswerForm, _answerable, _where_it_opens)
def answer(challenge_id: int) -> Response:
    form = AnswerForm()

    def message(asked: BoardQuestion) -> str:
        return f"Answer sent: {asked.item}. {asked.asked_by} or the chair says whether it is enough."

    def write() -> None:
        answer_question(author(), challenge_id, form.answer.data or "")

    return _save(challenge_id, form, load=_answerable, message=message, write=write, at=form.answer)


@blueprint.post("/challenges/<item:challenge_id>/verdict")
@requires("belongs", writes=True)
@drafted(JudgeForm, _judgeable, _where_it_opens)
def judge(challenge_id: int) -> Response:
    """``satisfied`` (yes or not_yet) judges the answer with the id ``answer``; ``words`` say why."""
    form = JudgeForm()

    def message(asked: BoardQuestion) -> str:
        return (
            f"Saved: {asked.item}. {'The board is satisfied.' if form.is_satisfied else 'The question is open again.'}"
        )

    def write() -> None:
        judge_answer(author(), challenge_id, form.answer_id, satisfied=form.is_satisfied, comment=form.words.data or "")

    return _save(challenge_id, form, load=_judgeable, message=message, write=write, at=form.words)


@blueprint.post("/challenges/<item:challenge_id>/withdraw")
@requires("belongs", writes=True)
@drafted(WithdrawQuestionForm, _withdrawable, _where_it_opens)
def withdraw(challenge_id: int) -> Response:
    form = WithdrawQuestionForm()

    def message(asked: BoardQuestion) -> str:
        return f"Question withdrawn: {asked.item}."

    def write() -> None:
        withdraw_question(author(), challenge_id, form.reason.data or "")

    return _save(challenge_id, form, load=_withdrawable, message=message, write=write, at=form.reason)


def _save(
    challenge_id: int,
    form: QuestionForm,
    *,
    load: Callable[[int], BoardQuestion],
    message: Callable[[BoardQuestion], str],
    write: Callable[[], None],
    at: Field,
) -> Response:
    """Save what someone says about a question they ``load``, once; a refusal is shown ``at`` a field."""
    before = saved_before(form)
    if before is not None:
        return _saved(challenge_id, form, before)
    asked = load(challenge_id)
    if not form.check():
        return _again(challenge_id, form, 422)
    saved = f"{message(asked)} {child_warning(form.written)}".strip()
    status = save_once(form, saved, write, at, further=True)
    return _saved(challenge_id, form, saved) if status == SAVED else _again(challenge_id, form, status)


def _saved(challenge_id: int, form: HouseForm, message: str) -> Response:
    if wants_fragment() and form.view_name == "work":
        return _waiting(200, None, message)
    return after_saving(message, local_address(form.back.data) or _where_it_opens(challenge_id))


def _again(challenge_id: int, form: QuestionForm, status: int) -> Response:
    """Answer with the form as it was typed; where someone was first, with what they did."""
    asked = question_for(actor(), challenge_id)
    theirs = _theirs(asked) if status == STALE else ""
    if isinstance(form, JudgeForm) and asked.newest:
        form.answer.data = str(asked.newest.id)
    typed = RejectedQuestion(form, challenge_id, theirs)
    if wants_fragment() and form.view_name == "work":
        return _waiting(status, typed, None)
    return _question_page(asked, typed, status)


def _theirs(asked: BoardQuestion) -> str:
    """Return what became of the question meanwhile."""
    newest = asked.newest
    if asked.state == ChallengeState.WITHDRAWN:
        return f"{asked.asked_by} withdrew the question: {asked.withdrawn_reason}"
    if newest and newest.judged_by and asked.state != ChallengeState.ANSWERED:
        verdict = "satisfied" if newest.satisfied else "not yet"
        return f"{newest.judged_by} said: {verdict}. {newest.judged_words}".strip()
    return f"{newest.who} has answered again: {newest.words}" if newest else "The question is not answered yet."


def _question_page(asked: BoardQuestion, typed: RejectedQuestion | None, status: int = 200) -> Response:
    return page(
        "governance/challenges/question.html",
        status=status,
        has_errors=status == 422,
        question=asked,
        today=clock.today(),
        asked=shown_questions([asked], typed),
    )


def _waiting(status: int, typed: RejectedQuestion | None, message: str | None) -> Response:
    """Answer the questions of My work as they are now, in their place."""
    return fragment(
        "governance/challenges/_waiting.html",
        status=status,
        questions=waiting_for(actor(), typed, rows=need_updates()),
        today=clock.today(),
        waits=waits_now(),
        said=message,
    )

"""Routes for the recommendations of a plan: add, edit, move, withdraw, restore, undo a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, Response, url_for

from ilacs_app.access import Act, requires
from ilacs_app.editing.names.pages import names_unreached, reached_beside
from ilacs_app.editing.pages import recommendation_to_change
from ilacs_app.editing.recommendations.commands import (
    change_recommendation,
    move_recommendation,
    put_recommendation,
    return_recommendation,
    withdraw_recommendation,
)
from ilacs_app.editing.recommendations.forms import MoveForm, ReasonForm, RecommendationForm, place_in
from ilacs_app.editing.recommendations.queries import editable_recommendation, next_number
from ilacs_app.editing.undo.commands import undo_recommendation_change
from ilacs_app.editing.undo.forms import UndoForm
from ilacs_app.editing.undo.pages import UNDONE, recommendation_history, undo_once
from ilacs_app.forms.conflicts import Conflict
from ilacs_app.forms.drafts import drafted, take_up, take_up_each
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import KEPT_THEIRS, REFUSED, SAVED, STALE, author, save_once
from ilacs_app.forms.versioned import VersionedForm, conflict_of
from ilacs_app.history import Author
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.assignments import names_linked
from ilacs_app.plan.visibility import PlanHead, plan_for
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("recommendations", __name__)


def _mine(plan_slug: str) -> PlanHead:
    return plan_for(actor(), plan_slug, to=Act.EDIT_PLAN)


def _where_it_opens(plan_slug: str, number: str) -> str:
    return url_for("recommendations.edit_recommendation", plan_slug=plan_slug, number=number)


@blueprint.get("/plans/<plan_slug>/recommendations/new")
@requires("belongs")
def new_recommendation(plan_slug: str) -> Response:
    head = _mine(plan_slug)
    form = RecommendationForm.of(boards())
    form.number.data = next_number(head.id)
    draft = take_up(form, "recommendations.add_recommendation")
    return _new_page(head, form, draft=draft)


def _new_page(head: PlanHead, form: RecommendationForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    return page(
        "editing/recommendations/new.html",
        status=status,
        plan=head,
        form=form,
        draft=draft,
        reached=reached_beside(head.id, [form.leads]),
        has_errors=status == 422,
    )


@blueprint.post("/plans/<plan_slug>/recommendations/new")
@requires("belongs", writes=True)
@drafted(RecommendationForm, _mine)
def add_recommendation(plan_slug: str) -> Response:
    head, by, form = _mine(plan_slug), author(), RecommendationForm.of(boards())
    text, number = form.given(head.id), form.number.data
    message = f"Recommendation {number} added"
    if text and save_once(form, message, lambda: put_recommendation(by, head.id, number, text), form.number) == SAVED:
        return _saved(message, head, number, text.leads)
    return _new_page(head, form, 422)


def _saved(message: str, head: PlanHead, number: str, named: Iterable[str]) -> Response:
    """Go to the recommendation's page; first to that of its names, where one that it was just given reaches no one."""
    unreached = names_unreached(named)
    if unreached:
        at = url_for("unreached.recommendation", plan_slug=head.slug, number=number, name=unreached)
        return after_saving(message, at)
    return after_saving(message, _at(head, number))


def _at(head: PlanHead, number: str) -> str:
    return url_for("plan.recommendation", plan_slug=head.slug, number=number)


@blueprint.get("/plans/<plan_slug>/recommendations/<number>/edit")
@requires("belongs")
def edit_recommendation(plan_slug: str, number: str) -> Response:
    head, id_, _ = recommendation_to_change(plan_slug, number)
    return _recommendation_page(head, id_)


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/edit")
@requires("belongs", writes=True)
@drafted(RecommendationForm, recommendation_to_change)
def save_recommendation(plan_slug: str, number: str) -> Response:
    (head, id_, number), by, form = (
        recommendation_to_change(plan_slug, number),
        author(),
        RecommendationForm.of(boards()),
    )
    facts = editable_recommendation(id_)
    form.number.data = facts.number
    decided = form.take(RecommendationForm.of(boards(), facts))
    text, seen = form.given(head.id, facts.text.board_ids) if decided else None, form.seen_version or 0
    if text is None:
        return _recommendation_page(head, id_, status=422, changed=form)
    message = f"Recommendation {number} saved"
    status = save_once(form, message, lambda: change_recommendation(by, id_, seen, text))
    if status == SAVED:
        return _saved(message, head, number, [name for name in text.leads if name not in facts.text.leads])
    return _recommendation_page(head, id_, status=status, changed=form)


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/move")
@requires("belongs", writes=True)
@drafted(MoveForm, recommendation_to_change, _where_it_opens)
def move(plan_slug: str, number: str) -> Response:
    (head, id_, number), by, form = recommendation_to_change(plan_slug, number), author(), MoveForm()
    if form.gives_way:
        return after_saving(KEPT_THEIRS, _at(head, number))
    decided = form.take(MoveForm.of(editable_recommendation(id_)))
    is_valid, place = form.validate(), place_in(form, form.place)
    to, seen = form.number.data, form.seen_version or 0
    if not (is_valid and decided) or place is None:
        return _recommendation_page(head, id_, status=422, moved=form)
    message = f"Saved: now recommendation {to}, at position {place}"
    status = save_once(form, message, lambda: move_recommendation(by, id_, seen, to, place), form.number)
    return (
        after_saving(message, _at(head, to))
        if status == SAVED
        else _recommendation_page(head, id_, status=status, moved=form)
    )


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/withdraw")
@requires("belongs", writes=True)
@drafted(ReasonForm, recommendation_to_change, _where_it_opens)
def withdraw(plan_slug: str, number: str) -> Response:
    message = f"Recommendation {number} withdrawn. People can still view it, but it is not in lists or totals"
    return _stand(plan_slug, number, withdraw_recommendation, message, withdraws=True)


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/return")
@requires("belongs", writes=True)
@drafted(ReasonForm, recommendation_to_change, _where_it_opens)
def take_up_again(plan_slug: str, number: str) -> Response:
    message = f"Recommendation {number} restored"
    return _stand(plan_slug, number, return_recommendation, message, withdraws=False)


def _stand(
    plan_slug: str, number: str, write: Callable[[Author, int, int, str], None], message: str, *, withdraws: bool
) -> Response:
    (head, id_, number), by, form = recommendation_to_change(plan_slug, number), author(), ReasonForm()
    if form.gives_way:
        return after_saving(KEPT_THEIRS, _at(head, number))
    is_valid = form.validate() and form.take(ReasonForm.at(editable_recommendation(id_)))
    seen, reason = form.seen_version or 0, form.reason.data
    at = None if reason else form.reason
    status = save_once(form, message, lambda: write(by, id_, seen, reason), at) if is_valid else REFUSED
    if status == SAVED:
        return after_saving(message, _at(head, number))
    facts = editable_recommendation(id_)
    if is_valid and form.seen_version not in {None, facts.version}:
        status = STALE  # refused too, if someone else did the same
    if form.asks_again(status):
        met = form.beside(facts, withdraws)
        return _recommendation_page(head, id_, status=status, met=met, **({"stands": form} if met.to else {}))
    return _recommendation_page(head, id_, status=status, stands=form)


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/undo")
@requires("belongs", writes=True)
def undo_recommendation(plan_slug: str, number: str) -> Response:
    """Undo one change of the history; ``event`` is its id."""
    (head, id_, number), by, form = recommendation_to_change(plan_slug, number), author(), UndoForm()

    def write(event: int, seen: int) -> None:
        _mine(plan_slug)
        undo_recommendation_change(by, id_, seen, event)

    status, why = undo_once(form, write)
    if status == SAVED:
        return after_saving(UNDONE, f"{_at(head, number)}/edit")
    return _recommendation_page(head, id_, status=status, not_undone=why)


def _recommendation_page(
    head: PlanHead,
    id_: int,
    *,
    status: int = 200,
    not_undone: str = "",
    met: Conflict | None = None,
    **sent: VersionedForm,
) -> Response:
    """The page with its forms. A form as it was sent: ``changed``, ``moved`` or ``stands``, by its id."""
    facts = editable_recommendation(id_)
    moved = MoveForm.of(facts)
    shown = RecommendationForm.of(boards(), facts)
    clash = met or conflict_of(sent, {"changed": shown, "moved": moved}, status)
    stands = ReasonForm(formdata=None, item=str(facts.id))
    forms = {
        "changed": (shown, "save_recommendation"),
        "moved": (moved, "move"),
        "stands": (stands, "take_up_again" if facts.withdrawn_on else "withdraw"),
    }
    drafts = take_up_each(
        **{
            name: (form, url_for(f"recommendations.{view}", plan_slug=head.slug, number=facts.number))
            for name, (form, view) in forms.items()
            if name not in sent
        }
    )
    return page(
        "editing/recommendations/edit.html",
        status=status,
        plan=head,
        facts=facts,
        form=sent.get("changed", shown),
        drafts=drafts,
        clash=clash,
        move=sent.get("moved", moved),
        stand=sent.get("stands", stands),
        not_undone=not_undone,
        has_errors=status == 422,
        reached=reached_beside(head.id, [sent.get("changed", shown)["leads"]], names_linked(recommendation_id=id_)),
        history=recommendation_history(actor(), id_, may_undo=head.state != "closed"),
    )

"""Keeping what stands in a plan: recommendations and actions added, reworded, moved, withdrawn, and read anew."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, url_for

from .. import clock
from ..access import Hands, NotAllowed, requires
from ..differing import Clash
from ..drafting import drafted, take_up
from ..forms import VersionedForm, clash_of
from ..history import Author
from ..people.queries import boards
from ..progress.listing import action_page
from ..saving import KEPT_THEIRS, REFUSED, SAVED, STALE, me, save_once
from ..web import actor, after_saving, page
from .action_commands import change_action, correct_timescale, give_first_date, move_action, put_action
from .content_forms import (
    ActionForm,
    MoveForm,
    NewActionForm,
    PlaceForm,
    ReadingForm,
    ReasonForm,
    RecommendationForm,
    UndoForm,
    place_in,
)
from .content_queries import ActionFacts, action_facts, next_number, next_ref, recommendation_facts, standing
from .edit_queries import WHO_EDITS, plan_to_change
from .history_listing import recommendation_history
from .queries import action_row
from .reach import PlanHead, action_for, anew, recommendation_for
from .recommendation_commands import (
    change_recommendation,
    move_recommendation,
    put_recommendation,
    return_recommendation,
    withdraw_recommendation,
)
from .undo_commands import undo_change, undo_recommendation_change
from .words import reading_words

blueprint = Blueprint("content", __name__)
ACTION_CHANGED = "Saved: the action is changed."
UNDONE = "Saved: the change is undone. Both lines stay in the history."
UNDONE_TOO_LATE = (
    "Someone else changed it since you opened the page, which shows now what stands. "
    "If the change should still be undone, choose Undo again."
)
NO_LINE = "Load the page again, then choose Undo beside the change."


def _mine(plan_slug: str) -> PlanHead:
    return plan_to_change(actor(), plan_slug)


def _my_recommendation(plan_slug: str, number: str) -> int:
    return recommendation_for(actor(), _mine(plan_slug).id, number)


@blueprint.get("/plans/<plan_slug>/recommendations/new")
@requires("belongs")
def new_recommendation(plan_slug: str) -> Response:
    head = _mine(plan_slug)
    form = RecommendationForm.of(boards())
    form.number.data = next_number(head.id)
    draft = take_up(form, "content.add_recommendation")
    return page("plan/new_recommendation.html", plan=head, form=form, draft=draft)


@blueprint.post("/plans/<plan_slug>/recommendations/new")
@requires("belongs", writes=True)
@drafted(RecommendationForm, _mine)
def add_recommendation(plan_slug: str) -> Response:
    head, author, form = _mine(plan_slug), me(), RecommendationForm.of(boards())
    text, number = form.given(), form.number.data
    said = f"Saved: recommendation {number} is added."
    if text and save_once(form, said, lambda: put_recommendation(author, head.id, number, text)) == SAVED:
        return after_saving(said, _at(head, number))
    return page("plan/new_recommendation.html", status=422, plan=head, form=form, has_errors=True)


def _at(head: PlanHead, number: str) -> str:
    return url_for("plan.recommendation", plan_slug=head.slug, number=number)


@blueprint.get("/plans/<plan_slug>/recommendations/<number>/edit")
@requires("belongs")
def edit_recommendation(plan_slug: str, number: str) -> Response:
    head = _mine(plan_slug)
    return _recommendation_page(head, recommendation_for(actor(), head.id, number))


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/edit")
@requires("belongs", writes=True)
@drafted(RecommendationForm, _my_recommendation)
def save_recommendation(plan_slug: str, number: str) -> Response:
    head, author, form = _mine(plan_slug), me(), RecommendationForm.of(boards())
    id_ = recommendation_for(actor(), head.id, number)
    facts = recommendation_facts(id_)
    form.number.data = facts.number
    decided = form.take(RecommendationForm.of(boards(), facts))
    text, seen = form.given(facts.text.board_ids) if decided else None, form.seen_version or 0
    if text is None:
        return _recommendation_page(head, id_, status=422, changed=form)
    said = f"Saved: recommendation {number} is changed."
    status = save_once(form, said, lambda: change_recommendation(author, id_, seen, text))
    return (
        after_saving(said, _at(head, number))
        if status == SAVED
        else _recommendation_page(head, id_, status=status, changed=form)
    )


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/move")
@requires("belongs", writes=True)
def move(plan_slug: str, number: str) -> Response:
    head, author, form = _mine(plan_slug), me(), MoveForm()
    id_ = recommendation_for(actor(), head.id, number)
    if form.gives_way:
        return after_saving(KEPT_THEIRS, _at(head, number))
    decided = form.take(MoveForm.of(recommendation_facts(id_)))
    good, place = form.validate(), place_in(form, form.place)
    to, seen = form.number.data, form.seen_version or 0
    if not (good and decided) or place is None:
        return _recommendation_page(head, id_, status=422, moved=form)
    said = f"Saved: it is recommendation {to}, at place {place}."
    status = save_once(form, said, lambda: move_recommendation(author, id_, seen, to, place))
    return (
        after_saving(said, _at(head, to))
        if status == SAVED
        else _recommendation_page(head, id_, status=status, moved=form)
    )


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/withdraw")
@requires("belongs", writes=True)
def withdraw(plan_slug: str, number: str) -> Response:
    said = f"Saved: recommendation {number} is withdrawn. It stays to be read, and is in no count."
    return _stand(plan_slug, number, withdraw_recommendation, said, withdraws=True)


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/return")
@requires("belongs", writes=True)
def take_up_again(plan_slug: str, number: str) -> Response:
    said = f"Saved: recommendation {number} stands again."
    return _stand(plan_slug, number, return_recommendation, said, withdraws=False)


def _stand(
    plan_slug: str, number: str, write: Callable[[Author, int, int, str], None], said: str, *, withdraws: bool
) -> Response:
    head, author, form = _mine(plan_slug), me(), ReasonForm()
    id_ = recommendation_for(actor(), head.id, number)
    if form.gives_way:
        return after_saving(KEPT_THEIRS, _at(head, number))
    good = form.validate() and form.take(ReasonForm.at(recommendation_facts(id_)))
    seen, reason = form.seen_version or 0, form.reason.data
    status = save_once(form, said, lambda: write(author, id_, seen, reason)) if good else REFUSED
    if status == SAVED:
        return after_saving(said, _at(head, number))
    facts = recommendation_facts(id_)
    if good and seen != facts.version:
        status = STALE  # refused too, if somebody else did the same
    if status == STALE or form.undecided:
        met = form.beside(facts, withdraws)
        return _recommendation_page(head, id_, status=status, met=met, **({"stands": form} if met.to else {}))
    return _recommendation_page(head, id_, status=status, stands=form)


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/undo")
@requires("belongs", writes=True)
def undo_recommendation(plan_slug: str, number: str) -> Response:
    """Put back what one line of the history changed; ``event`` is its id."""
    head, author, form = _mine(plan_slug), me(), UndoForm()
    id_ = recommendation_for(actor(), head.id, number)
    status, why = _undo(form, lambda event, seen: undo_recommendation_change(author, id_, seen, event))
    if status == SAVED:
        return after_saving(UNDONE, f"{_at(head, number)}/edit")
    return _recommendation_page(head, id_, status=status, not_undone=why)


def _undo(form: UndoForm, write: Callable[[int, int], None]) -> tuple[int, str]:
    """Undo a line by its id, at the version that was seen: the status to answer with, and why nothing was undone."""
    event_id, seen = form.event_id, form.seen_version
    if not form.validate() or event_id is None or seen is None:
        return REFUSED, NO_LINE
    status = save_once(form, UNDONE, lambda: write(event_id, seen))
    return status, UNDONE_TOO_LATE if status == STALE else " ".join(map(str, form.form_errors))


def _recommendation_page(
    head: PlanHead,
    id_: int,
    *,
    status: int = 200,
    not_undone: str = "",
    met: Clash | None = None,
    **sent: VersionedForm,
) -> Response:
    """The page with its forms; one of them as it was sent: ``changed``, ``moved`` or ``stands``, its id there."""
    facts = recommendation_facts(id_)
    moved = MoveForm.of(facts)
    shown = RecommendationForm.of(boards(), facts)
    clash = met or clash_of(sent, {"changed": shown, "moved": moved}, status)
    draft = None if "changed" in sent else take_up(shown, "content.save_recommendation")
    return page(
        "plan/edit_recommendation.html",
        status=status,
        plan=head,
        facts=facts,
        form=sent.get("changed", shown),
        draft=draft,
        clash=clash,
        move=sent.get("moved", moved),
        stand=sent.get("stands") or ReasonForm(formdata=None),
        not_undone=not_undone,
        has_errors=status == 422,
        **recommendation_history(id_, may_undo=head.state != "closed"),
    )


@blueprint.get("/plans/<plan_slug>/recommendations/<number>/actions/new")
@requires("belongs")
def new_action(plan_slug: str, number: str) -> Response:
    head = _mine(plan_slug)
    id_ = recommendation_for(actor(), head.id, number)
    form = NewActionForm(formdata=None, ref=next_ref(id_))
    draft = take_up(form, "content.add_action")
    return page("plan/new_action.html", plan=head, number=number, form=form, draft=draft)


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/actions/new")
@requires("belongs", writes=True)
@drafted(NewActionForm, _my_recommendation)
def add_action(plan_slug: str, number: str) -> Response:
    head, author, form = _mine(plan_slug), me(), NewActionForm()
    id_ = recommendation_for(actor(), head.id, number)
    text, ref, timescale = form.given(), form.ref.data, form.timescale.data
    said = f"Saved: action {ref} is added."
    if text and save_once(form, said, lambda: put_action(author, id_, ref, text, timescale)) == SAVED:
        return after_saving(said, _at(head, number))
    return page("plan/new_action.html", status=422, plan=head, number=number, form=form, has_errors=True)


def _my_action(action_id: int) -> ActionFacts:
    action_for(actor(), action_id)
    facts = action_facts(action_id)
    if not actor().is_a("programme_manager", plan_id=facts.plan_id):
        raise NotAllowed(WHO_EDITS)
    if facts.linked:
        raise NotAllowed("Another action stands in the place of this twin. Change that one, or part the two first.")
    return facts


@blueprint.get("/actions/<item:action_id>/edit")
@requires("belongs")
def edit_action(action_id: int) -> Response:
    return _action_page(_my_action(action_id))


@blueprint.post("/actions/<item:action_id>/edit")
@requires("belongs", writes=True)
@drafted(ActionForm, _my_action)
def save_action(action_id: int) -> Response:
    facts, author, form = _my_action(action_id), me(), ActionForm()
    decided = form.take(ActionForm.of(facts))
    text, seen = form.given() if decided else None, form.seen_version or 0
    if text is None:
        return _action_page(facts, 422, changed=form)
    status = save_once(form, ACTION_CHANGED, lambda: change_action(author, action_id, seen, text))
    return _action_answer(action_id, status, changed=form)


@blueprint.post("/actions/<item:action_id>/undo")
@requires("belongs", writes=True)
def undo(action_id: int) -> Response:
    """Put back what one line of the history changed; ``event`` is its id."""
    _my_action(action_id)
    author = me()
    status, why = _undo(UndoForm(), lambda event, seen: undo_change(author, action_id, seen, event))
    if status == SAVED:
        return after_saving(UNDONE, url_for("plan.action", action_id=action_id))
    shown = action_page(action_id, None)
    return page("plan/action.html", status=status, has_errors=status == REFUSED, not_undone=why, **shown)


@blueprint.post("/actions/<item:action_id>/place")
@requires("belongs", writes=True)
def place_action(action_id: int) -> Response:
    """Another reference, recommendation or place; ``stood`` is the recommendation in which it stood."""
    facts, author = _my_action(action_id), me()
    offered = standing(facts.plan_id)
    form = PlaceForm.of(offered)
    if form.gives_way:
        return _action_answer(action_id, SAVED, KEPT_THEIRS)
    stood = next((at for at in facts.places if str(at.recommendation_id) == form.stood.data), None)
    if stood is None:
        places, same = ", ".join(at.ref for at in facts.places), form.seen_version == facts.version
        met = form.meets("Place", "Move it", f"It stands as {places}")
        return _action_page(facts, REFUSED if same else STALE, met=met)
    decided = form.take(PlaceForm.of(offered, stood, facts.version))
    to_id = next((int(c.value) for c in form.recommendation.choices if c.value == form.recommendation.data), None)
    good, place = form.validate(), place_in(form, form.place)
    ref, seen = form.ref.data, form.seen_version or 0
    if not (good and decided) or place is None or to_id is None:
        return _action_page(facts, 422, **{f"place-{form.stood.data}": form})
    from_id = stood.recommendation_id
    status = save_once(form, ACTION_CHANGED, lambda: move_action(author, action_id, seen, from_id, to_id, ref, place))
    return _action_answer(action_id, status, **{f"place-{form.stood.data}": form})


@blueprint.post("/actions/<item:action_id>/first-date")
@requires("belongs", writes=True)
def first_date(action_id: int) -> Response:
    return _read(action_id, give_first_date, "Saved: the action has its first date.", first=True)


@blueprint.post("/actions/<item:action_id>/reading")
@requires("belongs", writes=True)
def reading(action_id: int) -> Response:
    return _read(action_id, correct_timescale, "Saved: its words stay, and are read anew.")


def _read(
    action_id: int, write: Callable[[Author, int, int, str, Hands], None], said: str, *, first: bool = False
) -> Response:
    facts, author, form, who = _my_action(action_id), me(), ReadingForm(), actor()
    if form.gives_way:
        return _action_answer(action_id, SAVED, KEPT_THEIRS)
    decided = form.take(_as_read(facts))
    words, seen = form.words.data, form.seen_version or 0
    if not (form.validate() and decided):
        return _action_page(facts, 422, read=form)

    def read() -> None:
        write(author, action_id, seen, words, anew(who, clock.today()).hands)

    status, facts = save_once(form, said, read), action_facts(action_id)
    if status == STALE and first and facts.dated:
        return _action_page(
            facts, STALE, met=form.meets("First date", "Give it", f"It has one: {_as_read(facts).words.data}")
        )
    return _action_answer(action_id, status, said, read=form)


def _as_read(facts: ActionFacts) -> ReadingForm:
    """How the action is read now, as the form of a reading says it."""
    now = reading_words(action_row(actor(), facts.id, clock.today()))
    return ReadingForm(formdata=None, words=now, version=str(facts.version))


def _action_answer(action_id: int, status: int, said: str = ACTION_CHANGED, **sent: VersionedForm) -> Response:
    if status == SAVED:
        return after_saving(said, url_for("plan.action", action_id=action_id))
    return _action_page(action_facts(action_id), status, **sent)


def _action_page(facts: ActionFacts, status: int = 200, met: Clash | None = None, **sent: VersionedForm) -> Response:
    """The page with its forms; one of them as it was sent: ``changed``, ``read``, or a place's by its id there."""
    shown = ActionForm.of(facts)
    draft = None if "changed" in sent else take_up(shown, "content.save_action")
    offered = standing(facts.plan_id)
    places = {f"place-{at.recommendation_id}": (at, PlaceForm.of(offered, at, facts.version)) for at in facts.places}
    theirs = {"changed": shown, "read": _as_read(facts), **{name: form for name, (_, form) in places.items()}}
    return page(
        "plan/edit_action.html",
        status=status,
        facts=facts,
        row=action_row(actor(), facts.id, clock.today()),
        form=sent.get("changed", shown),
        draft=draft,
        clash=met or clash_of(sent, theirs, status),
        places=places,
        sent=sent,
        read=sent.get("read") or ReadingForm(formdata=None),
        has_errors=status == 422,
    )

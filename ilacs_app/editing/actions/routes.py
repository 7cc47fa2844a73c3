"""Routes for the actions of a plan: add, edit, move, give a first date, correct a reading, undo a change."""

from __future__ import annotations

from typing import Protocol

from flask import Blueprint, Response, url_for
from wtforms import Field

from ilacs_app import clock
from ilacs_app.access import ActsAs, requires
from ilacs_app.editing.actions.commands import SettledTimescale, change_action, move_action, put_action
from ilacs_app.editing.actions.forms import ActionForm, NewActionForm, PlaceForm, ReadingForm
from ilacs_app.editing.actions.queries import EditableAction, editable_action, next_ref
from ilacs_app.editing.names.pages import names_unreached, reached_beside
from ilacs_app.editing.pages import action_to_change, recommendation_to_change
from ilacs_app.editing.recommendations.forms import place_in
from ilacs_app.editing.recommendations.queries import open_recommendations
from ilacs_app.editing.timescales.commands import Unread, correct_timescale, give_first_date
from ilacs_app.editing.timescales.queries import timescale_reading
from ilacs_app.editing.undo.commands import undo_change
from ilacs_app.editing.undo.forms import UndoForm
from ilacs_app.editing.undo.pages import UNDONE, undo_once
from ilacs_app.errors import Refused
from ilacs_app.forms.conflicts import Conflict
from ilacs_app.forms.drafts import drafted, take_up, take_up_each
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import KEPT_THEIRS, REFUSED, SAVED, STALE, author, save_once
from ilacs_app.forms.versioned import VersionedForm, conflict_of
from ilacs_app.history import Author
from ilacs_app.plan.assignments import names_linked
from ilacs_app.plan.labels import reading_words
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.plan.names.rules import NameReach
from ilacs_app.plan.parsing.timescales import describe, read_timescale
from ilacs_app.plan.rules import why_not_date
from ilacs_app.plan.visibility import PlanHead, anew, leads_or_owns
from ilacs_app.rows.action_page import answer_action_page
from ilacs_app.text import tidy
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("actions", __name__)
ACTION_CHANGED = "Action saved"


@blueprint.get("/plans/<plan_slug>/recommendations/<number>/actions/new")
@requires("belongs")
def new_action(plan_slug: str, number: str) -> Response:
    head, id_, _ = recommendation_to_change(plan_slug, number)
    form = NewActionForm(formdata=None, item=str(id_), ref=next_ref(id_))
    draft = take_up(form, "actions.add_action")
    return _new_page(head, number, form, draft=draft)


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/actions/new")
@requires("belongs", writes=True)
@drafted(NewActionForm, recommendation_to_change)
def add_action(plan_slug: str, number: str) -> Response:
    (head, id_, number), by, form = recommendation_to_change(plan_slug, number), author(), NewActionForm()
    text, ref, timescale = form.given(head.id), form.ref.data, form.timescale.data
    message, added = f"Action {ref} added", []

    def write() -> None:
        if text:
            added.append(put_action(by, id_, ref, text, timescale))

    if text and save_once(form, message, write, form.ref) == SAVED:
        home = url_for("plan.recommendation", plan_slug=plan_slug, number=number)
        unreached = names_unreached((*text.owners, *text.contributors))
        checked_at = url_for("unreached.action", action_id=added[0], name=unreached) if added and unreached else home
        return after_saving(message, checked_at)
    return _new_page(head, number, form, 422)


def _new_page(
    head: PlanHead, number: str, form: NewActionForm, status: int = 200, draft: KeptDraft | None = None
) -> Response:
    return page(
        "editing/actions/new.html",
        status=status,
        plan=head,
        number=number,
        form=form,
        draft=draft,
        reached=reached_beside(head.id, [form.owners, form.contributors]),
        has_errors=status == 422,
    )


def _where_it_opens(action_id: int) -> str:
    return url_for("actions.edit_action", action_id=action_id)


@blueprint.get("/actions/<item:action_id>/edit")
@requires("belongs")
def edit_action(action_id: int) -> Response:
    return _action_page(action_to_change(action_id))


@blueprint.post("/actions/<item:action_id>/edit")
@requires("belongs", writes=True)
@drafted(ActionForm, action_to_change)
def save_action(action_id: int) -> Response:
    facts, by, form = action_to_change(action_id), author(), ActionForm()
    form.fill_unsent(facts)
    decided = form.take(ActionForm.of(facts))
    text, seen = form.given(facts.plan_id) if decided else None, form.seen_version or 0
    if text is None:
        return _action_page(facts, 422, changed=form)
    reread = text.timescale != tidy(facts.timescale)
    message = _said_to_read(facts, text.timescale or "") if reread else ACTION_CHANGED

    def at(why: Refused) -> Field | None:
        return form.timescale if isinstance(why, SettledTimescale) else None

    status = save_once(form, message, lambda: change_action(by, action_id, seen, text), at)
    named = {*text.owners, *text.contributors} - {*facts.text.owners, *facts.text.contributors}
    unreached = names_unreached(named) if status == SAVED else []
    if unreached:
        return after_saving(message, url_for("unreached.action", action_id=action_id, name=unreached))
    return _action_answer(action_id, status, message, changed=form)


@blueprint.post("/actions/<item:action_id>/undo")
@requires("belongs", writes=True)
def undo(action_id: int) -> Response:
    """Undo one change of the history; ``event`` is its id."""
    action_to_change(action_id)
    by = author()

    def write(event: int, seen: int) -> None:
        action_to_change(action_id)
        undo_change(by, action_id, seen, event)

    status, why = undo_once(UndoForm(), write)
    if status == SAVED:
        return after_saving(UNDONE, url_for("plan.action", action_id=action_id))
    return answer_action_page(action_id, status, not_undone=why)


@blueprint.post("/actions/<item:action_id>/place")
@requires("belongs", writes=True)
@drafted(PlaceForm, action_to_change, _where_it_opens)
def place_action(action_id: int) -> Response:
    """Change the reference, recommendation or place; ``stood`` is the recommendation it was in."""
    facts, by = action_to_change(action_id), author()
    offered = open_recommendations(facts.plan_id)
    form = PlaceForm.of(offered)
    if form.gives_way:
        return _action_answer(action_id, SAVED, KEPT_THEIRS)
    stood = next((at for at in facts.places if str(at.recommendation_id) == form.stood.data), None)
    if stood is None:
        places, same = ", ".join(at.ref for at in facts.places), form.seen_version in {None, facts.version}
        met = form.meets("Place", "Move", f"It is now {places}")
        return _action_page(facts, REFUSED if same else STALE, met=met)
    decided = form.take(PlaceForm.of(offered, stood, facts.version))
    to_id = next((int(c.value) for c in form.recommendation.choices if c.value == form.recommendation.data), None)
    is_valid, place = form.validate(), place_in(form, form.place)
    ref, seen = form.ref.data, form.seen_version or 0
    if not (is_valid and decided) or place is None or to_id is None:
        return _action_page(facts, 422, **{f"place-{form.stood.data}": form})
    from_id = stood.recommendation_id
    status = save_once(form, ACTION_CHANGED, lambda: move_action(by, action_id, seen, from_id, to_id, ref, place))
    return _action_answer(action_id, status, **{f"place-{form.stood.data}": form})


@blueprint.post("/actions/<item:action_id>/first-date")
@requires("belongs", writes=True)
@drafted(ReadingForm, action_to_change, _where_it_opens)
def first_date(action_id: int) -> Response:
    return _read(action_id, give_first_date, first=True)


@blueprint.post("/actions/<item:action_id>/reading")
@requires("belongs", writes=True)
@drafted(ReadingForm, action_to_change, _where_it_opens)
def reading(action_id: int) -> Response:
    return _read(action_id, correct_timescale)


class _Dating(Protocol):
    def __call__(
        self, by: Author, action_id: int, version: int, timescale: str, *, reason: str, acts_as: ActsAs
    ) -> None: ...


def _read(action_id: int, write: _Dating, *, first: bool = False) -> Response:
    facts, by, form, who = action_to_change(action_id), author(), ReadingForm(), actor()
    if form.gives_way:
        return _action_answer(action_id, SAVED, KEPT_THEIRS)
    decided = form.take(_as_read(facts, form))
    timescale, seen = form.words.data, form.seen_version or 0
    if not (form.given() and decided):
        return _action_page(facts, 422, read=form)
    message = _said_to_read(facts, timescale)

    def read() -> None:
        acts_as = anew(who, clock.today()).acts_as
        write(by, action_id, seen, timescale, reason=form.reason.data, acts_as=acts_as)

    status = save_once(form, message, read, lambda why: form.words if isinstance(why, Unread) else None)
    facts = editable_action(action_id)
    if status == STALE and first and facts.dated:
        theirs = f"It already has a date: {_as_read(facts, form).words.data}"
        return _action_page(facts, STALE, met=form.meets("First date", "Give it", theirs))
    return _action_answer(action_id, status, message, read=form)


def _said_to_read(facts: EditableAction, timescale: str) -> str:
    """Return the message that confirms that the timescale is now read like ``timescale``."""
    refs = " and ".join(at.ref for at in facts.places)
    return f"Saved: {refs} is now read as {describe(read_timescale(timescale, facts.plan_dated_on))}"


def _as_read(facts: EditableAction, sent: ReadingForm | None = None) -> ReadingForm:
    """Return how the action is read now, as its form says it; the reason is the one ``sent``."""
    now = reading_words(action_row(actor(), facts.id, clock.today()))
    reason = sent.reason.data if sent else ""
    return ReadingForm(formdata=None, words=now, reason=reason, version=str(facts.version))


def _action_answer(action_id: int, status: int, message: str = ACTION_CHANGED, **sent: VersionedForm) -> Response:
    if status == SAVED:
        return after_saving(message, url_for("plan.action", action_id=action_id))
    return _action_page(editable_action(action_id), status, **sent)


def _action_page(
    facts: EditableAction, status: int = 200, met: Conflict | None = None, **sent: VersionedForm
) -> Response:
    """The page with its forms. A form as it was sent: ``changed``, ``read``, or that of a place, by its id."""
    shown, read, timescale = ActionForm.of(facts), ReadingForm(formdata=None), timescale_reading(facts.id)
    offered = open_recommendations(facts.plan_id)
    places = {f"place-{at.recommendation_id}": (at, PlaceForm.of(offered, at, facts.version)) for at in facts.places}
    left = PlaceForm.of(offered)
    forms = {"changed": (shown, "save_action"), "place": (left, "place_action")}
    forms |= {name: (read, name) for name in ("first_date", "reading") if "read" not in sent}
    drafts = take_up_each(
        **{
            name: (form, url_for(f"actions.{view}", action_id=facts.id))
            for name, (form, view) in forms.items()
            if name not in sent
        }
    )
    stood = f"place-{left.stood.data}"
    if "place" in drafts and stood in places and stood not in sent:
        places[stood] = (places[stood][0], left)
    sent_reading = sent.get("read")
    as_read = _as_read(facts, sent_reading if isinstance(sent_reading, ReadingForm) else None)
    theirs = {"changed": shown, "read": as_read, **{name: form for name, (_, form) in places.items()}}
    return page(
        "editing/actions/edit.html",
        status=status,
        facts=facts,
        row=action_row(actor(), facts.id, clock.today()),
        form=sent.get("changed", shown),
        drafts=drafts,
        left_at=stood,
        clash=met or conflict_of(sent, theirs, status),
        places=places,
        sent=sent,
        read=sent.get("read", read),
        cannot_date=why_not_date(leads_or_owns(facts.id, actor().acts_as)) or timescale.cannot,
        choices=timescale.choices,
        reached=_reached(facts, sent.get("changed", shown)),
        has_errors=status == 422,
    )


def _reached(facts: EditableAction, form: VersionedForm) -> dict[str, list[NameReach]]:
    return reached_beside(facts.plan_id, (form["owners"], form["contributors"]), names_linked(action_id=facts.id))

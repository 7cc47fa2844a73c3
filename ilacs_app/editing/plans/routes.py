"""Routes for a plan as a whole: create, edit, move from draft to closed."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, requires
from ilacs_app.editing.inspections.forms import day_given
from ilacs_app.editing.inspections.queries import inspections
from ilacs_app.editing.pages import maker
from ilacs_app.editing.plans.commands import change_plan, move_plan
from ilacs_app.editing.plans.forms import NewPlanForm, PlanForm, StateForm
from ilacs_app.editing.plans.queries import EditablePlan, editable_plan
from ilacs_app.editing.plans.rules import STATE_WORDS, plan_move, plan_moves
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import KEPT_THEIRS, SAVED, STALE, author, save_once
from ilacs_app.forms.versioned import versioned_page
from ilacs_app.history import of_plan
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.commands import make_plan
from ilacs_app.plan.visibility import PlanHead, plan_for
from ilacs_app.text import slug_of
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("edit", __name__)


HISTORY_LINES = 20


def _mine(plan_slug: str) -> PlanHead:
    return plan_for(actor(), plan_slug, to=Act.EDIT_PLAN)


@blueprint.get("/plans/new")
@requires("belongs")
def new_plan() -> Response:
    maker()
    form = NewPlanForm.of(inspections(actor()), request.args.get("inspection", ""))
    return page("editing/plans/new.html", form=form, draft=take_up(form, "edit.add_plan"))


@blueprint.post("/plans/new")
@requires("belongs", writes=True)
@drafted(NewPlanForm, maker)
def add_plan() -> Response:
    maker()
    listed, by = inspections(actor()), author()
    form = NewPlanForm.of(listed)
    is_valid = form.validate()
    is_valid = is_valid if form.title.data else form.bad(form.title, "Enter the plan’s title")
    dated_on, known = day_given(form, form.dated_on)
    chosen = {str(inspection.id): inspection.id for inspection in listed}.get(form.inspection.data or "")
    slug, title = form.slug.data or slug_of(form.title.data), form.title.data
    message = "Plan created as a draft. Add recommendations, then submit it."
    if is_valid and known:
        status = save_once(
            form,
            message,
            lambda: make_plan(by, slug, title, dated_on or clock.today(), state="draft", inspection_id=chosen),
        )
        if status == SAVED:
            return after_saving(message, url_for("plan.plan", plan_slug=slug))
    return page("editing/plans/new.html", status=422, form=form, has_errors=True)


@blueprint.get("/plans/<plan_slug>/edit")
@requires("belongs")
def edit_plan(plan_slug: str) -> Response:
    head = _mine(plan_slug)
    form = _shown(editable_plan(head.id))
    return _plan_form(head, form, draft=take_up(form, "edit.save_plan"))


@blueprint.post("/plans/<plan_slug>/edit")
@requires("belongs", writes=True)
@drafted(PlanForm, _mine)
def save_plan(plan_slug: str) -> Response:
    head, by = _mine(plan_slug), author()
    form = PlanForm.of(boards(), inspections(actor()))
    facts = editable_plan(head.id)
    text = form.text(facts) if form.take(_shown(facts)) else None
    if text is None:
        return _plan_form(head, form, 422)
    message, seen = "Plan saved", form.seen_version or 0
    status = save_once(form, message, lambda: change_plan(by, head.id, seen, text))
    if status != SAVED:
        return _plan_form(head, form, status)
    return after_saving(message, url_for("plan.plan", plan_slug=head.slug))


def _shown(facts: EditablePlan) -> PlanForm:
    return PlanForm.of(boards(), inspections(actor()), facts)


def _plan_form(head: PlanHead, form: PlanForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    def theirs() -> PlanForm:
        return _shown(editable_plan(head.id))

    return versioned_page("editing/plans/edit.html", form, status=status, theirs=theirs, plan=head, draft=draft)


@blueprint.get("/plans/<plan_slug>/state")
@requires("belongs")
def state(plan_slug: str) -> Response:
    head, form = _mine(plan_slug), StateForm(formdata=None)
    return _state_page(head, form, draft=take_up(form, "edit.save_state"))


@blueprint.post("/plans/<plan_slug>/state")
@requires("belongs", writes=True)
@drafted(StateForm, _mine)
def save_state(plan_slug: str) -> Response:
    head, form, by = _mine(plan_slug), StateForm(), author()
    if form.gives_way:
        return after_saving(KEPT_THEIRS, url_for("edit.state", plan_slug=head.slug))
    is_valid = form.validate() and form.take(StateForm(formdata=None, version=str(editable_plan(head.id).version)))
    on, known = day_given(form, form.on_day)
    if not (is_valid and known):
        gone = isinstance(plan_move(editable_plan(head.id).state, form.to.data or ""), str)
        return _state_page(head, form, STALE if gone else 422)  # shows the text of a step that is no longer possible
    to, seen, reason = form.to.data, form.seen_version or 0, form.reason.data
    message = f"Saved: the plan is {STATE_WORDS.get(to, to).lower()}."
    step = plan_move(editable_plan(head.id).state, to or "")
    at = None if isinstance(step, str) else form.reason if step.back else form.on_day
    status = save_once(form, message, lambda: move_plan(by, head.id, seen, to, on=on, reason=reason), at)
    if status != SAVED:
        moved = form.seen_version not in {
            None,
            editable_plan(head.id).version,
        }  # also refused if both made the same change
        return _state_page(head, form, STALE if moved else status)
    return after_saving(message, url_for("edit.state", plan_slug=head.slug))


def _state_page(head: PlanHead, form: StateForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    facts = editable_plan(head.id)
    return page(
        "editing/plans/state.html",
        status=status,
        plan=head,
        facts=facts,
        form=form,
        draft=draft,
        empty=StateForm(formdata=None),
        moves=plan_moves(facts.state),
        clash=form.beside(facts) if form.asks_again(status) else None,
        events=[event for event in of_plan(head.id) if event.verb in {"plan_made", "plan_moved"}][:HISTORY_LINES],
        has_errors=status == 422,
    )

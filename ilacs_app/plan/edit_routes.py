"""Keeping a plan as a whole: made, changed, moved from draft to closed; and the inspections that plans answer."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from .. import clock
from ..access import NotAllowed, requires
from ..drafting import drafted, take_up
from ..history import of_plan
from ..people.commands import slug_of
from ..people.draft_queries import KeptDraft
from ..people.queries import boards
from ..saving import KEPT_THEIRS, SAVED, STALE, me, save_once
from ..web import actor, after_saving, page
from .commands import enter_inspection, make_plan
from .edit_forms import InspectionForm, NewPlanForm, PlanForm, StateForm, day_given
from .edit_queries import InspectionLine, PlanFacts, inspection_for, inspections, plan_facts, plan_to_change, plans_of
from .plan_commands import change_inspection, change_plan, move_plan
from .reach import PlanHead
from .state_rules import STATE_WORDS, plan_move, plan_moves

blueprint = Blueprint("edit", __name__)
WHO_MAKES = "Only a programme manager of all plans can make a plan or enter an inspection."
HISTORY_LINES = 20


def _maker() -> None:
    if not actor().keeps_shared:
        raise NotAllowed(WHO_MAKES)


def _my_inspection(inspection_id: int) -> InspectionLine:
    _maker()
    return inspection_for(actor(), inspection_id)


def _mine(plan_slug: str) -> PlanHead:
    return plan_to_change(actor(), plan_slug)


@blueprint.get("/inspections")
@requires("belongs")
def all_inspections() -> Response:
    return page("plan/inspections.html", inspections=inspections(actor()), makes=actor().keeps_shared)


@blueprint.get("/inspections/new")
@requires("belongs")
def new_inspection() -> Response:
    _maker()
    form = InspectionForm(formdata=None)
    return _inspection_form(None, form, draft=take_up(form, "edit.add_inspection"))


@blueprint.post("/inspections/new")
@requires("belongs", writes=True)
@drafted(InspectionForm, _maker)
def add_inspection() -> Response:
    _maker()
    form, author = InspectionForm(), me()
    text = form.text()
    if text is None:
        return _inspection_form(None, form, 422)
    said = f"Saved: the inspection of {text.authority}."
    status = save_once(form, said, lambda: enter_inspection(author, **vars(text)))
    if status != SAVED:
        return _inspection_form(None, form, status)
    return after_saving(said, url_for("edit.all_inspections"))


@blueprint.get("/inspections/<item:inspection_id>")
@requires("belongs")
def inspection(inspection_id: int) -> Response:
    found, who = inspection_for(actor(), inspection_id), actor()
    makes = who.keeps_shared
    return page("plan/inspection.html", inspection=found, plans=plans_of(who, found.id), makes=makes)


@blueprint.get("/inspections/<item:inspection_id>/edit")
@requires("belongs")
def edit_inspection(inspection_id: int) -> Response:
    found = _my_inspection(inspection_id)
    form = InspectionForm.of(found)
    return _inspection_form(found, form, draft=take_up(form, "edit.save_inspection"))


@blueprint.post("/inspections/<item:inspection_id>/edit")
@requires("belongs", writes=True)
@drafted(InspectionForm, _my_inspection)
def save_inspection(inspection_id: int) -> Response:
    found, form, author = _my_inspection(inspection_id), InspectionForm(), me()
    text = form.text() if form.take(InspectionForm.of(found)) else None
    if text is None:
        return _inspection_form(found, form, 422)
    said, seen = "Saved: the inspection is changed.", form.seen_version or 0
    status = save_once(form, said, lambda: change_inspection(author, found.id, seen, text))
    if status != SAVED:
        return _inspection_form(inspection_for(actor(), found.id), form, status)
    return after_saving(said, url_for("edit.inspection", inspection_id=found.id))


def _inspection_form(
    found: InspectionLine | None, form: InspectionForm, status: int = 200, draft: KeptDraft | None = None
) -> Response:
    theirs = InspectionForm.of(found) if found and (status == 409 or form.undecided) else None
    return _form_page("plan/edit_inspection.html", form, theirs, status, inspection=found, draft=draft)


def _form_page(
    template: str,
    form: InspectionForm | PlanForm,
    theirs: InspectionForm | PlanForm | None,
    status: int,
    **more: object,
) -> Response:
    """A form's page; where somebody else saved first, both texts and the version to save at now."""
    differences = form.clash(theirs) if theirs is not None else None
    return page(template, status=status, form=form, differences=differences, has_errors=status == 422, **more)


@blueprint.get("/plans/new")
@requires("belongs")
def new_plan() -> Response:
    _maker()
    form = NewPlanForm.of(inspections(actor()), request.args.get("inspection", ""))
    return page("plan/new_plan.html", form=form, draft=take_up(form, "edit.add_plan"))


@blueprint.post("/plans/new")
@requires("belongs", writes=True)
@drafted(NewPlanForm, _maker)
def add_plan() -> Response:
    _maker()
    found, author = inspections(actor()), me()
    form = NewPlanForm.of(found)
    good = form.validate()
    good = good if form.title.data else form.bad(form.title, "Write the title of the plan.")
    dated_on, known = day_given(form, form.dated_on)
    chosen = {str(one.id): one.id for one in found}.get(form.inspection.data or "")
    slug, title = form.slug.data or slug_of(form.title.data), form.title.data
    said = "Saved: the plan is a draft. Add its recommendations, then submit it."
    if good and known:
        status = save_once(
            form,
            said,
            lambda: make_plan(author, slug, title, dated_on or clock.today(), state="draft", inspection_id=chosen),
        )
        if status == SAVED:
            return after_saving(said, url_for("plan.plan", plan_slug=slug))
    return page("plan/new_plan.html", status=422, form=form, has_errors=True)


@blueprint.get("/plans/<plan_slug>/edit")
@requires("belongs")
def edit_plan(plan_slug: str) -> Response:
    head = _mine(plan_slug)
    form = _shown(plan_facts(head.id))
    return _plan_form(head, form, draft=take_up(form, "edit.save_plan"))


@blueprint.post("/plans/<plan_slug>/edit")
@requires("belongs", writes=True)
@drafted(PlanForm, _mine)
def save_plan(plan_slug: str) -> Response:
    head, author = _mine(plan_slug), me()
    form = PlanForm.of(boards(), inspections(actor()))
    facts = plan_facts(head.id)
    text = form.text(facts) if form.take(_shown(facts)) else None
    if text is None:
        return _plan_form(head, form, 422)
    said, seen = "Saved: the plan is changed.", form.seen_version or 0
    status = save_once(form, said, lambda: change_plan(author, head.id, seen, text))
    if status != SAVED:
        return _plan_form(head, form, status)
    return after_saving(said, url_for("plan.plan", plan_slug=head.slug))


def _shown(facts: PlanFacts) -> PlanForm:
    return PlanForm.of(boards(), inspections(actor()), facts)


def _plan_form(head: PlanHead, form: PlanForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    theirs = _shown(plan_facts(head.id)) if status == 409 or form.undecided else None
    return _form_page("plan/edit_plan.html", form, theirs, status, plan=head, draft=draft)


@blueprint.get("/plans/<plan_slug>/state")
@requires("belongs")
def state(plan_slug: str) -> Response:
    head, form = _mine(plan_slug), StateForm(formdata=None)
    return _state_page(head, form, draft=take_up(form, "edit.save_state"))


@blueprint.post("/plans/<plan_slug>/state")
@requires("belongs", writes=True)
@drafted(StateForm, _mine)
def save_state(plan_slug: str) -> Response:
    head, form, author = _mine(plan_slug), StateForm(), me()
    if form.gives_way:
        return after_saving(KEPT_THEIRS, url_for("edit.state", plan_slug=head.slug))
    good = form.validate() and form.take(StateForm(formdata=None, version=str(plan_facts(head.id).version)))
    on, known = day_given(form, form.on_day)
    if not (good and known):
        gone = isinstance(plan_move(plan_facts(head.id).state, form.to.data or ""), str)
        return _state_page(head, form, STALE if gone else 422)  # what was typed for a step that is gone stands beside
    to, seen, reason = form.to.data, form.seen_version or 0, form.reason.data
    said = f"Saved: the plan is {STATE_WORDS.get(to, to).lower()}."
    step = plan_move(plan_facts(head.id).state, to or "")
    at = None if isinstance(step, str) else form.reason if step.back else form.on_day
    status = save_once(form, said, lambda: move_plan(author, head.id, seen, to, on=on, reason=reason), at)
    if status != SAVED:
        moved = form.seen_version not in {None, plan_facts(head.id).version}  # refused, too, if both did the same
        return _state_page(head, form, STALE if moved else status)
    return after_saving(said, url_for("edit.state", plan_slug=head.slug))


def _state_page(head: PlanHead, form: StateForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    facts = plan_facts(head.id)
    return page(
        "plan/state.html",
        status=status,
        plan=head,
        facts=facts,
        form=form,
        draft=draft,
        empty=StateForm(formdata=None),
        moves=plan_moves(facts.state),
        clash=form.beside(facts) if status == STALE or form.undecided else None,
        events=[event for event in of_plan(head.id) if event.verb in {"plan_made", "plan_moved"}][:HISTORY_LINES],
        has_errors=status == 422,
    )

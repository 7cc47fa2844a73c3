"""Inspections: the list, the page of one, entering and changing it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, url_for

from ilacs_app.access import Act, may, requires
from ilacs_app.editing.inspections.commands import change_inspection, enter_inspection
from ilacs_app.editing.inspections.forms import InspectionForm
from ilacs_app.editing.inspections.queries import InspectionLine, inspection_for, inspections, plans_of
from ilacs_app.editing.pages import maker
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.forms.versioned import versioned_page
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("inspections", __name__)


def _my_inspection(inspection_id: int) -> InspectionLine:
    maker()
    return inspection_for(actor(), inspection_id)


@blueprint.get("/inspections")
@requires("belongs")
def all_inspections() -> Response:
    return page(
        "editing/inspections/inspections.html", inspections=inspections(actor()), makes=may(actor(), Act.MAKE_PLANS)
    )


@blueprint.get("/inspections/new")
@requires("belongs")
def new_inspection() -> Response:
    maker()
    form = InspectionForm(formdata=None)
    return _inspection_form(None, form, draft=take_up(form, "inspections.add_inspection"))


@blueprint.post("/inspections/new")
@requires("belongs", writes=True)
@drafted(InspectionForm, maker)
def add_inspection() -> Response:
    maker()
    form, by = InspectionForm(), author()
    text = form.text()
    if text is None:
        return _inspection_form(None, form, 422)
    message = f"Inspection of {text.authority} saved"
    status = save_once(form, message, lambda: enter_inspection(by, **vars(text)))
    if status != SAVED:
        return _inspection_form(None, form, status)
    return after_saving(message, url_for("inspections.all_inspections"))


@blueprint.get("/inspections/<item:inspection_id>")
@requires("belongs")
def inspection(inspection_id: int) -> Response:
    shown, who = inspection_for(actor(), inspection_id), actor()
    makes = may(who, Act.MAKE_PLANS)
    return page("editing/inspections/inspection.html", inspection=shown, plans=plans_of(who, shown.id), makes=makes)


@blueprint.get("/inspections/<item:inspection_id>/edit")
@requires("belongs")
def edit_inspection(inspection_id: int) -> Response:
    shown = _my_inspection(inspection_id)
    form = InspectionForm.of(shown)
    return _inspection_form(shown, form, draft=take_up(form, "inspections.save_inspection"))


@blueprint.post("/inspections/<item:inspection_id>/edit")
@requires("belongs", writes=True)
@drafted(InspectionForm, _my_inspection)
def save_inspection(inspection_id: int) -> Response:
    shown, form, by = _my_inspection(inspection_id), InspectionForm(), author()
    text = form.text() if form.take(InspectionForm.of(shown)) else None
    if text is None:
        return _inspection_form(shown, form, 422)
    message, seen = "Inspection saved", form.seen_version or 0
    status = save_once(form, message, lambda: change_inspection(by, shown.id, seen, text))
    if status != SAVED:
        return _inspection_form(inspection_for(actor(), shown.id), form, status)
    return after_saving(message, url_for("inspections.inspection", inspection_id=shown.id))


def _inspection_form(
    shown: InspectionLine | None, form: InspectionForm, status: int = 200, draft: KeptDraft | None = None
) -> Response:
    theirs = partial(InspectionForm.of, shown) if shown else None
    return versioned_page(
        "editing/inspections/edit.html", form, status=status, theirs=theirs, inspection=shown, draft=draft
    )

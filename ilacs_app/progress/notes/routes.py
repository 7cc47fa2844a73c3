"""Correct a note, for its writer; the old one stays, marked. A new note is saved by ``rows/saving.py``."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, url_for

from ilacs_app import clock
from ilacs_app.access import Act, requires
from ilacs_app.errors import NotAllowed
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, STALE, save_once, saved_before
from ilacs_app.personal_data import child_warning
from ilacs_app.plan.lists.rows import action_row
from ilacs_app.progress.notes.commands import WHO_MAY_CORRECT, correct_note
from ilacs_app.progress.notes.forms import CorrectForm
from ilacs_app.progress.notes.queries import Note, as_it_stands, note_for
from ilacs_app.progress.notes.rules import may_correct
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.rows.saving import author_on
from ilacs_app.web import actor, after_saving, page

blueprint = Blueprint("corrections", __name__)


def _mine(note_id: int) -> tuple[Note, ActionAccess]:
    note = note_for(actor(), note_id)
    stand = action_for(actor(), note.action_id, to=Act.WRITE)
    if not may_correct(actor().id, (note.person_id, note.for_person_id)):
        raise NotAllowed(WHO_MAY_CORRECT)
    return note, stand


@blueprint.get("/notes/<item:note_id>/correct")
@requires("belongs")
def ask_to_correct(note_id: int) -> Response:
    """Return the form filled with the note, or with its newest correction if there is one."""
    note, _ = _mine(note_id)
    if note.corrected:
        newest = url_for("corrections.ask_to_correct", note_id=as_it_stands(note).id)
        return make_response(redirect(newest, 302))
    form = CorrectForm()
    form.begin(note)
    return _page(note, form, draft=take_up(form, "corrections.correct"))


@blueprint.post("/notes/<item:note_id>/correct")
@requires("belongs", writes=True)
@drafted(CorrectForm, _mine)
def correct(note_id: int) -> Response:
    note, stand = _mine(note_id)
    form = CorrectForm()
    back = f"{url_for('plan.action', action_id=note.action_id)}#note-{note_id}"
    message = saved_before(form)
    if message is not None:
        return after_saving(message, back)
    if not form.validate():
        return _page(note, form, 422)
    message = f"Note corrected. The old one stays below it, marked. {child_warning(form.written)}".strip()
    by = author_on(actor(), stand)
    status = save_once(form, message, lambda: correct_note(by, note_id, form.text), form.did, further=True)
    if status == SAVED:
        return after_saving(message, back)
    return _page(as_it_stands(note) if status == STALE else note, form, status)


def _page(note: Note, form: CorrectForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    row = action_row(actor(), note.action_id, clock.today())
    return page(
        "progress/notes/correct.html",
        status=status,
        has_errors=status == 422,
        row=row,
        note=note,
        form=form,
        draft=draft,
        late=status == STALE,
    )

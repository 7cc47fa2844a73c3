"""Routes of a row: open it, save a note, evidence and a status move in place, close it."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, url_for

from ilacs_app.access import requires
from ilacs_app.errors import NotAllowed
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.fields import VIEWS
from ilacs_app.plan.visibility import visible_action
from ilacs_app.progress.queries import action_for
from ilacs_app.progress.status.rules import why_not_open
from ilacs_app.rows.answer import closed_rows, row_context
from ilacs_app.rows.form import UpdateForm
from ilacs_app.rows.open_row import may_open, open_row
from ilacs_app.rows.place import RowPlace
from ilacs_app.rows.saving import save
from ilacs_app.text import whole_number
from ilacs_app.web import (
    LARGEST_ID,
    actor,
    asked_from,
    fragment,
    local_address,
    wants_fragment,
)

blueprint = Blueprint("progress", __name__)
MOST_CLOSED = 3
"""How many rows close because another opens: one, or more after an answer was lost."""


def may_open_row(action_id: int) -> None:
    """Raise the refusal for someone who may not write in the row of an action."""
    access = action_for(actor(), action_id)
    if not may_open(access):
        raise NotAllowed(why_not_open(access.position, access.standing))


def where_row_opens(action_id: int) -> str:
    """The page that the row of this request is on, with the row open."""
    view = request.form.get("view", "")
    back = local_address(request.form.get("back")) or "/"
    return RowPlace(view if view in VIEWS else "action", back).opened(action_id)


@blueprint.get("/actions/<item:action_id>/row")
@requires("belongs")
def row(action_id: int) -> Response:
    """A row by itself, closed or (``?open=1``) open for writing; ``?close=`` names rows that close with it."""
    place = _place()
    visible_action(actor(), action_id)
    row_open = None
    if request.args.get("open") == "1":
        row_open = open_row(action_id)
        if not row_open:
            access = action_for(actor(), action_id)
            raise NotAllowed(why_not_open(access.position, access.standing))
    if not wants_fragment():
        return make_response(redirect(place.opened(action_id) if row_open else place.shut, 302))
    asked = (whole_number(given, LARGEST_ID) for given in request.args.getlist("close")[:MOST_CLOSED])
    closing = [id_ for id_ in dict.fromkeys(asked) if id_ and id_ != action_id]
    context = row_context(action_id, place, row_open)
    return fragment("rows/_answer.html", **context, said=None, parts=None, also_closed=closed_rows(closing, place))


@blueprint.post("/actions/<item:action_id>/notes")
@requires("belongs", writes=True)
def add_note(action_id: int) -> Response:
    return save(action_id, "note")


@blueprint.post("/actions/<item:action_id>/evidence")
@requires("belongs", writes=True)
def add_evidence(action_id: int) -> Response:
    return save(action_id, "evidence")


@blueprint.post("/actions/<item:action_id>/status")
@requires("belongs", writes=True)
@drafted(UpdateForm, may_open_row, where_row_opens, beside=("progress.answer",))
def set_status(action_id: int) -> Response:
    return save(action_id, "status")


@blueprint.post("/actions/<item:action_id>/date-requests")
@requires("belongs", writes=True)
def ask_date(action_id: int) -> Response:
    return save(action_id, "date")


@blueprint.post("/actions/<item:action_id>/answer")
@requires("belongs", writes=True)
@drafted(UpdateForm, may_open_row, where_row_opens, beside=("progress.set_status",))
def answer(action_id: int) -> Response:
    """An answer, note, evidence, status and a new date in one form: all of it or nothing."""
    return save(action_id, "any")


def _place() -> RowPlace:
    """Return the place of a row that is fetched by itself: the page that asks for it."""
    return RowPlace.on(local_address(request.args.get("back")) or asked_from() or url_for("worklist.my_work"))

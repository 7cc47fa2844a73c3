"""Nothing typed is lost: an open form is kept as it is written, and so is what is sent after a sign-in has expired."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, session
from flask_wtf.csrf import CSRFError

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.dates import clock_time
from ilacs_app.db import transaction
from ilacs_app.errors import NotKnown
from ilacs_app.forms.commands import DraftTooLong
from ilacs_app.forms.drafts import DraftPlace, holds, place_at, sent_texts, this_place
from ilacs_app.forms.queries import typed_before
from ilacs_app.people.sign_in.queries import session_of
from ilacs_app.web import actor, csrf, local_address

blueprint = Blueprint("drafts", __name__)


@blueprint.post("/drafts")
@requires("belongs", writes=True)
def keep() -> Response:
    """Keep the form that is sent to ``?of=`` as it is, and say when; with ``drop`` forget it and show the page."""
    who, place = actor(), _asked()
    if place is None:
        raise NotKnown(request.args.get("of", ""))
    place.drafted.may(**place.names)
    if request.form.get("drop"):
        with transaction():
            place.drop(who.id)
        return make_response(redirect(place.page, 303))
    form = place.drafted.form
    try:
        with transaction():
            saved = typed_before(who.id, request.form.get("once", ""))
            late = any(
                holds(form, submission, sent_texts(form)) for submission in saved
            )  # the draft arrived after its own form was saved
            is_kept = not late and place.keep(who.id, _back())
    except DraftTooLong as refusal:
        return make_response(str(refusal))
    return make_response(f"Draft saved at {clock_time(clock.real_now())}" if is_kept else "")


def _asked() -> DraftPlace | None:
    return place_at(request.args.get("of", ""))


def keep_typed() -> str | None:
    """Save as a draft what a form held that was sent under an expired sign-in (not one that was ended).

    Answers where the form is open again; nothing if nothing was kept.
    """
    place = _asked() if request.endpoint == "drafts.keep" else this_place()
    known = session.get("_user_id")
    expired = session_of(known) if place and known else None
    if not place or not expired or request.form.get("drop"):
        return None
    try:
        csrf.protect()
    except CSRFError:
        return None
    with transaction():
        is_kept = place.keep(expired.person_id, _back(), any_length=True)
    return place.page if is_kept else None


def _back() -> str:
    return local_address(request.form.get("back")) or "/"

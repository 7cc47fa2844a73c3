"""Nothing typed is lost: an open row is kept as it is written, and so is what is sent after a sign-in has expired.

A draft is its writer's alone, and gone once it is saved.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, g, make_response, request, session
from flask_wtf.csrf import CSRFError

from .. import clock
from ..access import NotAllowed, requires
from ..db import transaction
from ..forms import VIEWS, tidy
from ..people.draft_commands import keep_draft
from ..people.queries import open_session, said_before
from ..web import actor, csrf, local_address
from .forms import UpdateForm
from .listing import RowPlace, may_open
from .queries import WHO_MAY_WRITE, stand_of

blueprint = Blueprint("drafts", __name__)
OF_A_ROW = re.compile(r"/actions/([1-9][0-9]{0,8})/(answer|status|draft)")


@blueprint.post("/actions/<item:action_id>/draft")
@requires("belongs", writes=True)
def keep(action_id: int) -> Response:
    """Keep the open row as it stands (``?part=status``: a form that only moves the status); says when it was kept."""
    who = actor()
    if not may_open(stand_of(who, action_id, clock.today())):
        raise NotAllowed(WHO_MAY_WRITE)
    with transaction():
        late = said_before(who.id, request.form.get("once", ""))  # it came after its own form was saved
        kept = not late and keep_draft(who.id, _sent_to(action_id), _back(), _typed())
    return make_response(f"Draft kept at {clock.clock_time(clock.real_now())}" if kept else "")


def keep_typed() -> str | None:
    """What a row's form held that came under a sign-in that has expired, and was not ended, is kept as a draft.

    Answers where the row stands open again; nothing where nothing was kept.
    """
    found, known = OF_A_ROW.fullmatch(request.path), session.get("_user_id")
    expired = open_session(known) if found and known else None
    if not found or not expired:
        return None
    try:
        csrf.protect()
    except CSRFError:
        return None
    action_id, g.writes = int(found[1]), True
    with transaction():
        kept = keep_draft(expired.person_id, _sent_to(action_id), _back(), _typed())
    view = request.form.get("view", "")
    return RowPlace(view if view in VIEWS else "action", _back()).opened(action_id) if kept else None


def _sent_to(action_id: int) -> str:
    only_status = request.path.endswith("/status") or request.args.get("part") == "status"
    return f"/actions/{action_id}/{'status' if only_status else 'answer'}"


def _typed() -> dict[str, str]:
    """What was typed or chosen; nothing where the form stands as it was opened."""
    given = {name: tidy(request.form.get(name)) for name in UpdateForm.drafted()}
    typed = {name: text for name, text in given.items() if text}
    return {**typed, "version": tidy(request.form.get("version"))} if set(typed) - UpdateForm.BEGUN else {}


def _back() -> str:
    return local_address(request.form.get("back")) or "/"

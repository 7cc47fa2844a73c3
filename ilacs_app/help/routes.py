"""How this works: the user's guide, for everyone who is signed in."""

from __future__ import annotations

from flask import Blueprint, Response

from ilacs_app.access import requires
from ilacs_app.help.rules import guide_for
from ilacs_app.web import actor, page

blueprint = Blueprint("guide", __name__)


@blueprint.get("/help")
@requires("signed_in")
def guide() -> Response:
    return page("help/guide.html", guide=guide_for(actor()))

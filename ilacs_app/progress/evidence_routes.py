"""Evidence is given out: each file checked against what was stored, always as a download and never as a page."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from ..access import NotKnown, requires
from ..web import actor, page
from .evidence_forms import evidence_store
from .evidence_queries import stored_evidence
from .filetypes import safe_name
from .store import StoreError

blueprint = Blueprint("evidence", __name__)


@blueprint.get("/evidence/<item:evidence_id>")
@requires("belongs")
def read_evidence(evidence_id: int) -> Response:
    """A file, checked against what was stored, always as a download and never as a page."""
    found = stored_evidence(actor(), evidence_id)
    if found is None:
        raise NotKnown(str(evidence_id))
    try:
        data = evidence_store().read(found.store_key, found.sha256)
    except StoreError as wrong:
        current_app.logger.error("evidence %s: %s", evidence_id, wrong)
        return page("web/problem.html", status=500, title="This file cannot be opened", says=str(wrong))
    download = Response(data, mimetype=found.media_type)
    download.headers.set("Content-Disposition", "attachment", filename=safe_name(found.file_name))
    download.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return download

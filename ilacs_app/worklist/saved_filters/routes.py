"""Saved views: the addresses of filtered lists under names that their owners chose, to open again and to share."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from ilacs_app.access import requires
from ilacs_app.db import transaction
from ilacs_app.errors import NotKnown
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once
from ilacs_app.text import tidy
from ilacs_app.web import actor, after_saving, local_address, page
from ilacs_app.worklist.saved_filters.commands import save_filter, take_filter_away
from ilacs_app.worklist.saved_filters.forms import LONGEST_ADDRESS, KeepForm
from ilacs_app.worklist.saved_filters.queries import kept_filters

blueprint = Blueprint("saved", __name__)
LISTS = frozenset({"plan.plan", "plan.actions", "plan.all_actions", "governance.board", "search.search"})
PASSING = frozenset({"page", "open"})  # which page of the list it was, and which row was open


@blueprint.get("/filters")
@requires("belongs")
def filters() -> Response:
    address = _list_address(request.args.get("keep"))
    if not address:
        return _page(None)
    form = KeepForm(data={"address": address})
    return _page(form, draft=take_up(form, "saved.keep"))


def _where_it_opens() -> str:
    return f"{url_for('saved.filters')}?keep={quote(request.form.get('address', ''))}"


@blueprint.post("/filters")
@requires("belongs", writes=True)
@drafted(KeepForm, actor, _where_it_opens)
def keep() -> Response:
    form = KeepForm()
    address = _list_address(form.address.data)
    if address is None:
        raise NotKnown("filter")
    if not form.ready():
        return _page(form, status=422)
    message = f"Saved: “{form.name.data}”"
    status = save_once(form, message, lambda: save_filter(author(), form.name.data or "", address), form.name)
    return after_saving(message, url_for("saved.filters")) if status == SAVED else _page(form, status)


@blueprint.post("/filters/<item:filter_id>/take-away")
@requires("belongs", writes=True)
def take_away(filter_id: int) -> Response:
    with transaction():
        name = take_filter_away(author(), filter_id)
    if name is None:
        raise NotKnown(str(filter_id))
    return after_saving(f"Removed: “{name}”", url_for("saved.filters"))


def _list_address(given: str | None) -> str | None:
    """Return the address of a filtered list without the page and the open row; nothing for any other address."""
    address = local_address(tidy(given))
    if not address or len(address) > LONGEST_ADDRESS:
        return None
    parts = urlsplit(address)
    try:
        endpoint, _ = current_app.url_map.bind("").match(parts.path)
    except HTTPException:
        return None
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name not in PASSING])
    return f"{parts.path}?{query}" if endpoint in LISTS and query else None


def _page(form: KeepForm | None, status: int = 200, draft: KeptDraft | None = None) -> Response:
    return page(
        "worklist/saved_filters/saved.html",
        status=status,
        form=form,
        draft=draft,
        kept=kept_filters(actor().id),
        base=str(current_app.config["ILACS"].base_url).rstrip("/"),
        has_errors=status == 422,
    )

"""A page as it was at the end of a past day: the view of today, asked of the record of that day."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from ilacs_app import clock
from ilacs_app.as_at.queries import (
    Item,
    addresses_then,
    is_there,
    item_at,
    items_then,
    looking_back,
    number_then,
    recorded_since,
)
from ilacs_app.as_at.rules import changes_between, why_not, why_not_since
from ilacs_app.dates import long_date
from ilacs_app.errors import NotKnown
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.web import Past, actor, local_address, page

SHOWN_AS_THEY_WERE = (
    "plan.plan",
    "plan.actions",
    "plan.recommendation",
    "plan.action",
    "governance.board",
    "governance.since_last_met",
)
"""The endpoints of the pages that take ``?at=``."""
NEVER = frozenset({"open", "history", "at", "since"})
"""What an address may ask for that the addresses in a page of the past leave out, or say themselves."""
_View = Callable[..., Any]


def init_as_at(app: Flask) -> None:
    """Make those pages answer ``?at=2026-05-14`` with the page as it was at the end of that day."""
    app.add_template_filter(address_parts)
    for endpoint in SHOWN_AS_THEY_WERE:
        app.view_functions[endpoint] = _dated(app.view_functions[endpoint])


def _dated(view: _View) -> _View:
    @wraps(view)
    def shown(**names: Any) -> Response:
        if "at" not in request.args:
            present: Response = view(**names)
            return present
        item = item_at(actor(), names)
        day, since = read_day(request.args["at"]), read_day(request.args.get("since"))
        problems = {"at": why_not(day, clock.today())}
        if request.args.get("since"):
            problems["since"] = why_not_since(since, None if problems["at"] else day)
        problems = {name: problem for name, problem in problems.items() if problem}
        if problems or day is None:
            return _refused(problems, 422)
        return _as_it_was(view, names, item, Past(day, _address_now(), since))

    return shown


def _as_it_was(view: _View, names: Mapping[str, Any], item: Item, past: Past) -> Response:
    first, today, day = recorded_since(item), actor(), past.day
    frame = g.frame_of(request.path)
    missing = f"This is not recorded before {long_date(clock.london_day(first))}." if first else "It was not there yet."
    before = None
    if past.since:
        with looking_back(today, past.since, item):
            before = items_then(today, item)
    with looking_back(today, day, item, whole="from" in request.args):
        if not is_there(item):
            return _refused({"at": missing}, 404)
        if before is not None:
            past = replace(past, differs=changes_between(before, items_then(today, item)))
        frame = replace(frame, past=past)
        g.actor, g.frame_of = replace(today, looks_back=True), lambda path: frame
        if item.entity == "recommendation":
            names = {**names, "number": number_then(item.id)}
        try:
            answer: Response = view(**names)
        except NotKnown:
            g.actor, g.frame_of = today, lambda path: replace(frame, past=None)
            return _refused({"at": f"You could not see this on {long_date(day)}."}, 404)
        then = addresses_then()
    now = addresses_then()
    moved = {was.path: now[id_].path for id_, was in then.items() if was != now.get(id_, was)}
    answer.set_data(_kept_in_the_past(answer.get_data(as_text=True), day, moved))
    return answer


def _refused(problems: Mapping[str, str], status: int) -> Response:
    return page(
        "as_at/refused.html",
        status=status,
        problems=problems,
        now=_address_now(),
        asked=request.args["at"],
        compared=request.args.get("since", ""),
        has_errors=True,
    )


def _address_now() -> str:
    given = [(name, value) for name, value in request.args.items(multi=True) if name not in {"at", "since"}]
    return request.path + (f"?{urlencode(given)}" if given else "")


def address_parts(address: str) -> dict[str, str]:
    """Return what an address asks for, name by name, without what a page of the past does not take.

    A list that the page was opened from is left out where it is no address of this application.
    """
    return {
        name: value
        for name, value in parse_qsl(urlsplit(address).query)
        if name not in NEVER and (name != "from" or local_address(value))
    }


_LINK = re.compile(r'(<a\b(?![^>]*\bdata-now\b)[^>]*?\bhref=")(/[^"]*)(")')
"""A link in a page of the past, but the one that leads back to the page as it is now."""


def _kept_in_the_past(html: str, day: date, moved: Mapping[str, str]) -> str:
    """Return a page whose links lead to other pages as they were, where those can be shown so.

    ``moved`` are the addresses of recommendations that had another number then, and their addresses now.
    """
    begin, end = re.search(r'<div class="crumbs"|<main\b', html), html.find("</main>")
    start = begin.start() if begin else end
    addresses = current_app.url_map.bind("")

    def dated(link: re.Match[str]) -> str:
        return link[1] + _dated_address(link[2], day, moved, addresses=addresses) + link[3]

    return html[:start] + _LINK.sub(dated, html[start:end]) + html[end:]


def _dated_address(address: str, day: date, moved: Mapping[str, str], *, addresses: MapAdapter) -> str:
    parts = urlsplit(address.replace("&amp;", "&"))
    try:
        endpoint, _ = addresses.match(parts.path)
    except HTTPException:
        return address
    if endpoint not in SHOWN_AS_THEY_WERE:
        return address
    query = urlencode({**address_parts(parts.geturl()), "at": day.isoformat()}).replace("&", "&amp;")
    path = moved.get(parts.path, parts.path)
    return f"{path}?{query}" + (f"#{parts.fragment}" if parts.fragment else "")

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

from ilacs_app import clock
from ilacs_app.as_at.queries import Item, is_there, item_at, items_then, looking_back, number_then, recorded_since
from ilacs_app.as_at.rules import changes_between, why_not, why_not_since
from ilacs_app.dates import long_date
from ilacs_app.errors import NotKnown
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.web import Past, actor, page

SHOWN_AS_THEY_WERE = (
    "plan.plan",
    "plan.recommendation",
    "plan.action",
    "governance.board",
    "governance.since_last_met",
)
"""The endpoints of the pages that take ``?at=``."""
NEVER = frozenset({"open", "from", "history"})
"""What an address of today may ask for that a page of the past does not have."""
_View = Callable[..., Any]


def init_as_at(app: Flask) -> None:
    """Make those pages answer ``?at=2026-05-14`` with the page as it was at the end of that day."""
    for endpoint in SHOWN_AS_THEY_WERE:
        app.view_functions[endpoint] = _dated(app.view_functions[endpoint])


def _dated(view: _View) -> _View:
    @wraps(view)
    def shown(**names: Any) -> Response:
        if "at" not in request.args:
            present: Response = view(**names)
            return present
        item = item_at(actor(), names)
        day = read_day(request.args["at"])
        problem = why_not(day, clock.today())
        since = read_day(request.args.get("since"))
        if request.args.get("since") and day and not problem:
            problem = why_not_since(since, day)
        if problem or day is None:
            return _refused(problem, 422)
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
    with looking_back(today, day, item):
        if not is_there(item):
            return _refused(missing, 404)
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
            return _refused(f"You could not see this on {long_date(day)}.", 404)
        answer.set_data(_kept_in_the_past(answer.get_data(as_text=True), day))
    return answer


def _refused(problem: str, status: int) -> Response:
    return page(
        "as_at/refused.html",
        status=status,
        problem=problem,
        now=_address_now(),
        asked=request.args["at"],
        compared=request.args.get("since", ""),
    )


def _address_now() -> str:
    given = [(name, value) for name, value in request.args.items(multi=True) if name not in {"at", "since"}]
    return request.path + (f"?{urlencode(given)}" if given else "")


_LINK = re.compile(r'(<a\b(?![^>]*\bdata-now\b)[^>]*?\bhref=")(/[^"]*)(")')
"""A link in a page of the past, but the one that leads back to the page as it is now."""


def _kept_in_the_past(html: str, day: date) -> str:
    """The page with each link in its content to a page that can be shown as it was leading to it as it was."""
    head, main, rest = html.partition("<main")
    body, end, foot = rest.partition("</main>")
    return head + main + _LINK.sub(lambda link: link[1] + _dated_address(link[2], day) + link[3], body) + end + foot


def _dated_address(address: str, day: date) -> str:
    parts = urlsplit(address.replace("&amp;", "&"))
    try:
        endpoint, _ = current_app.url_map.bind("").match(parts.path)
    except HTTPException:
        return address
    if endpoint not in SHOWN_AS_THEY_WERE:
        return address
    given = [(name, value) for name, value in parse_qsl(parts.query) if name not in {*NEVER, "at", "since"}]
    query = urlencode([*given, ("at", day.isoformat())]).replace("&", "&amp;")
    return f"{parts.path}?{query}" + (f"#{parts.fragment}" if parts.fragment else "")

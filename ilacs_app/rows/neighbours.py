"""Previous and next through the list that someone came from; its address is in the page's own (``?from=``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request, url_for

from ilacs_app import clock
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.neighbours import Neighbour, Neighbours, actions_beside, recommendations_beside
from ilacs_app.plan.lists.rows import ActionRow
from ilacs_app.plan.visibility import plans
from ilacs_app.rows.lists import kind_at, list_at
from ilacs_app.rows.place import RowPlace
from ilacs_app.search.forms import read_search
from ilacs_app.search.queries import SearchStop, stops_beside
from ilacs_app.web import actor, local_address
from ilacs_app.worklist.queries import waiting_with_questions


@dataclass(frozen=True)
class PageLink:
    """A link to a page of ours."""

    text: str
    href: str


@dataclass(frozen=True)
class LinksBeside:
    """The right end of a page's breadcrumb: previous, next and the way back."""

    previous: PageLink | None
    next: PageLink | None
    back: PageLink | None = None


_LONGEST_ADDRESS = 1000


def came_from() -> str | None:
    """The address of the list that this page was opened from, if it is one of ours."""
    given = request.args.get("from", "")
    if actor().looks_back and kind_at(given)[0].view in {"search", "work"}:
        return None  # neither is there as it was
    return RowPlace("", given).shut if len(given) <= _LONGEST_ADDRESS and local_address(given) else None


def neighbours_of_action(action_id: int) -> LinksBeside | None:
    """Return the links to what is beside an action in the list that its page was opened from, if there are any."""
    address = came_from()
    if address is None:
        return None
    view = kind_at(address)[0].view
    if view == "search":
        return _neighbours_of_search(address, of_action=True, item_id=action_id)
    back = None
    if view == "work":
        beside = _beside_in([item.row for item in waiting_with_questions(actor(), clock.today())], action_id)
    else:
        shown = list_at(address)
        beside = (None, None)
        if shown:
            beside = actions_beside(actor(), shown.filter, clock.today(), action_id, sort=shown.sort)
            # a page that cannot be narrowed or sorted is a step of the breadcrumb already
            back = PageLink("Back to the list", f"{address}#action-{action_id}") if shown.pages else None
    return _links(beside, address, lambda neighbour: f"/actions/{neighbour.id}", back=back)


def neighbours_of_recommendation(plan_id: int, recommendation_id: int) -> LinksBeside | None:
    """As ``neighbours_of_action``; without a list that it was opened from, through the whole plan."""
    address = came_from()
    if address and kind_at(address)[0].view == "search":
        return _neighbours_of_search(address, of_action=False, item_id=recommendation_id)
    shown = list_at(address) if address else None
    wanted = shown.filter if shown else None
    if wanted is None or wanted.recommendation_id is not None:
        address, wanted = None, Filter(plan_id=plan_id)
    beside = recommendations_beside(actor(), wanted, clock.today(), recommendation_id)
    return _links(beside, address, _recommendation_address)


def _beside_in(rows: list[ActionRow], action_id: int) -> Neighbours:
    """Return the previous and the next item of a list in memory."""
    at = next((n for n, row in enumerate(rows) if row.id == action_id), None)
    if at is None:
        return None, None
    before, after = (
        Neighbour(name=rows[beside].ref, id=rows[beside].id, plan_slug="") if 0 <= beside < len(rows) else None
        for beside in (at - 1, at + 1)
    )
    return before, after


def _recommendation_address(neighbour: Neighbour) -> str:
    return url_for("plan.recommendation", plan_slug=neighbour.plan_slug, number=neighbour.name)


def _links(
    beside: Neighbours, address: str | None, link: Callable[[Neighbour], str], *, back: PageLink | None = None
) -> LinksBeside | None:
    query = f"?{urlencode({'from': address})}" if address else ""
    before, after = beside
    if before is None and after is None and back is None:
        return None
    return LinksBeside(
        previous=PageLink(f"Previous: {before.name}", link(before) + query) if before else None,
        next=PageLink(f"Next: {after.name}", link(after) + query) if after else None,
        back=back,
    )


def _neighbours_of_search(address: str, *, of_action: bool, item_id: int) -> LinksBeside:
    """Through all that a search leads to, recommendations and actions alike, and back to its results."""
    asked = read_search(dict(parse_qsl(urlsplit(address).query)), plans(actor()))
    before, after = stops_beside(
        actor(), asked.question, plan_id=asked.plan_id, kind=asked.kind, of_action=of_action, item_id=item_id
    )
    query = f"?{urlencode({'from': address})}"
    return LinksBeside(
        previous=PageLink(f"Previous: {before.name}", _stop_address(before) + query) if before else None,
        next=PageLink(f"Next: {after.name}", _stop_address(after) + query) if after else None,
        back=PageLink("Back to the search", address),
    )


def _stop_address(stop: SearchStop) -> str:
    if stop.of_action:
        return f"/actions/{stop.id}"
    return url_for("plan.recommendation", plan_slug=stop.plan_slug, number=stop.name)

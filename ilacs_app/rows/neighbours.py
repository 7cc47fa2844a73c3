"""Previous and next through the list that somebody came from; its address stands in the page's own (``?from=``)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request, url_for

from ilacs_app import clock
from ilacs_app.errors import NotKnown
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.lists.address import read_filter
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.neighbours import Neighbour, Neighbours, actions_beside, recommendations_beside
from ilacs_app.plan.visibility import board_for, knows_board, plan_for, plans, recommendation_for
from ilacs_app.rows.place import RowPlace, endpoint_at
from ilacs_app.search.forms import read_search
from ilacs_app.search.queries import SearchStop, beside
from ilacs_app.web import actor, local_address
from ilacs_app.worklist.queries import waiting

Link = tuple[str, str] | None
Links = tuple[Link, Link, Link]
"""The one before, the one after and the way back, each as words and address."""
LONGEST = 1000
NOWHERE: Links = (None, None, None)


def came_from() -> str | None:
    """The address of the list that this page was opened from, if it is one of ours."""
    given = request.args.get("from", "")
    return RowPlace("", given).shut if len(given) <= LONGEST and local_address(given) else None


def neighbours_of_action(action_id: int) -> Links:
    """What stands at the right end of an action's breadcrumb: (words, address) of the one before and the one after."""
    address = came_from()
    if address is None:
        return NOWHERE
    if endpoint_at(address)[0] == "search.search":
        return _neighbours_of_search(address, of_action=True, item_id=action_id)
    if endpoint_at(address)[0] == "worklist.my_work":
        rows = [item.row for item in waiting(actor(), clock.today())]
        found = _beside_in([(row.id, row.ref) for row in rows], action_id)
    else:
        wanted = _filter_at(address)
        found = actions_beside(actor(), wanted, clock.today(), action_id) if wanted else (None, None)
    return _links(found, address, lambda one: f"/actions/{one.id}")


def neighbours_of_recommendation(plan_id: int, recommendation_id: int) -> Links:
    """As ``neighbours_of_action``; without a list that it was opened from, through the whole plan."""
    address = came_from()
    if address and endpoint_at(address)[0] == "search.search":
        return _neighbours_of_search(address, of_action=False, item_id=recommendation_id)
    wanted = _filter_at(address) if address else None
    if wanted is None or wanted.recommendation_id is not None:
        address, wanted = None, Filter(plan_id=plan_id)
    found = recommendations_beside(actor(), wanted, clock.today(), recommendation_id)
    return _links(found, address, _recommendation_address)


def _beside_in(ids: list[tuple[int, str]], action_id: int) -> Neighbours:
    """The ones before and after in a list that is at hand: ids with the references by which they are shown."""
    at = next((n for n, (id_, _) in enumerate(ids) if id_ == action_id), None)
    if at is None:
        return None, None
    before = Neighbour(ids[at - 1][1], ids[at - 1][0], "") if at else None
    after = Neighbour(ids[at + 1][1], ids[at + 1][0], "") if at + 1 < len(ids) else None
    return before, after


def _recommendation_address(one: Neighbour) -> str:
    return url_for("plan.recommendation", plan_slug=one.plan_slug, number=one.name)


def _links(found: Neighbours, address: str | None, link: Callable[[Neighbour], str]) -> Links:
    query = f"?{urlencode({'from': address})}" if address else ""
    before, after = (
        (f"{words}: {one.name}", link(one) + query) if one else None
        for words, one in zip(("Previous", "Next"), found, strict=True)
    )
    return before, after, None


def _neighbours_of_search(address: str, *, of_action: bool, item_id: int) -> Links:
    """Through all that a search leads to, recommendations and actions alike, and back to its results."""
    asked = read_search(dict(parse_qsl(urlsplit(address).query)), plans(actor()))
    found = beside(
        actor(), asked.question, plan_id=asked.plan_id, kind=asked.kind, of_action=of_action, item_id=item_id
    )
    query = f"?{urlencode({'from': address})}"
    before, after = (
        (f"{words}: {one.name}", _stop_address(one) + query) if one else None
        for words, one in zip(("Previous", "Next"), found, strict=True)
    )
    return before, after, ("Back to the search", address)


def _stop_address(one: SearchStop) -> str:
    if one.of_action:
        return f"/actions/{one.id}"
    return url_for("plan.recommendation", plan_slug=one.plan_slug, number=one.name)


def _filter_at(address: str) -> Filter | None:
    """The filter of the list at this address; none if it is no list, or not theirs to see."""
    who, parts = actor(), urlsplit(address)
    endpoint, names = endpoint_at(address)
    try:
        match endpoint:
            case "plan.plan":
                base = Filter(plan_id=plan_for(who, names["plan_slug"]).id)
            case "plan.recommendation":
                plan_id = plan_for(who, names["plan_slug"]).id
                base = Filter(plan_id=plan_id, recommendation_id=recommendation_for(who, plan_id, names["number"]))
            case "governance.board":
                base = Filter(board_id=board_for(who, names["board_slug"]).id)
            case _:
                return None
    except NotKnown:
        return None
    args = dict(parse_qsl(parts.query))
    known, live = {}, {}
    if "board" in args and base.board_id is None:
        known = {board.slug: (board.id, board.name) for board in boards() if knows_board(who, board.id)}
    if "plan" in args and base.plan_id is None:
        live = {plan.slug: (plan.id, plan.short_name) for plan in plans(who) if plan.state == "live"}
    return read_filter(args, base, known, live).filter

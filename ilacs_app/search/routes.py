"""Search: the words of everything that a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ilacs_app import clock
from ilacs_app.access import Actor, requires
from ilacs_app.plan.lists.counts import ratings_by_recommendation
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.queries import lead_names
from ilacs_app.plan.visibility import plans
from ilacs_app.rows.place import RowPlace, this_address
from ilacs_app.search.forms import KIND_PARAMETERS, NamedKind, read_search
from ilacs_app.search.index import LONGEST_SEARCH, SearchKind
from ilacs_app.search.named import named_hits
from ilacs_app.search.queries import MOST, Found, search_hits
from ilacs_app.web import actor, page

blueprint = Blueprint("search", __name__)

KIND_TITLES = {
    SearchKind.RECOMMENDATION: "Recommendations",
    SearchKind.ACTION: "Actions",
    SearchKind.EVIDENCE: "Evidence",
    SearchKind.NOTE: "Progress notes",
}


@dataclass(frozen=True)
class KindShown:
    """A kind of result: its name in the address, and its title on the page."""

    name: str
    kind: SearchKind
    title: str


@blueprint.get("/search")
@requires("belongs")
def search() -> Response:
    who = actor()
    known = plans(who)
    asked = read_search(request.args, known)
    today = clock.today()
    result = (
        search_hits(who, asked.question, plan_id=asked.plan_id, kind=asked.kind, page=asked.page)
        if asked.question.terms
        else Found((), {}, 1, 1)
    )
    names = named_hits(who, asked.question, today, plan_id=asked.plan_id)
    hits = () if asked.by_name else result.hits
    of_actions = frozenset(hit.action_id for hit in hits if hit.action_id is not None)
    values = {
        "q": asked.typed[: LONGEST_SEARCH + 1],
        "plan": asked.plan.slug if asked.plan else "",
        "kind": asked.kind_name,
    }

    def address(**changes: str | int) -> str:
        return "/search?" + urlencode({name: value for name, value in {**values, **changes}.items() if value})

    return page(
        "search/search.html",
        typed=asked.typed[:LONGEST_SEARCH],
        asked=asked.question,
        result=result,
        hits=hits,
        rows=_rows(who, of_actions, asked.plan_id, today),
        bars=ratings_by_recommendation([hit.item_id for hit in hits if hit.kind == SearchKind.RECOMMENDATION], today),
        leads=lead_names([hit.item_id for hit in hits if hit.kind == SearchKind.RECOMMENDATION]),
        people=names.people if asked.by_name in {"", NamedKind.PEOPLE} and asked.kind is None else (),
        boards=names.boards if asked.by_name in {"", NamedKind.BOARDS} and asked.kind is None else (),
        found_people=len(names.people),
        found_boards=len(names.boards),
        by_name=asked.by_name,
        today=today,
        plans=known,
        plan=asked.plan,
        kind=asked.kind,
        onward=RowPlace("search", this_address()).onward,
        kinds=[KindShown(name=name, kind=kind, title=KIND_TITLES[kind]) for name, kind in KIND_PARAMETERS.items()],
        address=address,
        most=MOST,
        longest=LONGEST_SEARCH,
        page=1 if asked.by_name else result.page,
        pages=1 if asked.by_name else result.pages,
    )


def _rows(who: Actor, action_ids: frozenset[int], plan_id: int | None, today: date) -> dict[int, ActionRow]:
    """Return the actions of the results, each at its first place that this person sees, by their ids."""
    rows: dict[int, ActionRow] = {}
    if action_ids:
        wanted = Filter(plan_id=plan_id, action_ids=action_ids)
        for row in action_rows(who, wanted, today, size=None):
            rows.setdefault(row.id, row)
    return rows

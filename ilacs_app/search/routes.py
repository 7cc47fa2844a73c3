"""Search: the words of everything that a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ilacs_app.access import requires
from ilacs_app.plan.visibility import plans
from ilacs_app.rows.place import RowPlace, this_address
from ilacs_app.search.forms import KIND_PARAMETERS, read_search
from ilacs_app.search.index import LONGEST_SEARCH, SearchKind
from ilacs_app.search.queries import MOST, Found, found
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
    result = (
        found(who, asked.question, plan_id=asked.plan_id, kind=asked.kind, page=asked.page)
        if asked.question.terms
        else Found((), {}, 1, 1)
    )
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
        plans=known,
        plan=asked.plan,
        kind=asked.kind,
        onward=RowPlace("search", this_address()).onward,
        kinds=[KindShown(name=name, kind=kind, title=KIND_TITLES[kind]) for name, kind in KIND_PARAMETERS.items()],
        address=address,
        most=MOST,
        longest=LONGEST_SEARCH,
        page=result.page,
        pages=result.pages,
    )

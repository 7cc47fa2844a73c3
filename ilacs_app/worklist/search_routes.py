"""Search: the words of everything that a person may see."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from ..access import requires
from ..forms import tidy
from ..plan.reach import plans
from ..search import LONGEST, Kind, question
from ..web import actor, page
from .search_queries import MOST, Found, found

blueprint = Blueprint("search", __name__)

KINDS = {
    "recommendations": Kind.RECOMMENDATION,
    "actions": Kind.ACTION,
    "evidence": Kind.EVIDENCE,
    "notes": Kind.NOTE,
}
WORDS = {
    Kind.RECOMMENDATION: ("Recommendations", "recommendation"),
    Kind.ACTION: ("Actions", "action"),
    Kind.EVIDENCE: ("Evidence", "piece"),
    Kind.NOTE: ("Progress notes", "note"),
}


@blueprint.get("/search")
@requires("belongs")
def search() -> Response:
    who, typed = actor(), tidy(request.args.get("q"))
    known = plans(who)
    asked = question(typed)
    plan = next((one for one in known if one.slug == request.args.get("plan")), None)
    kind = KINDS.get(request.args.get("kind", ""))
    number = request.args.get("page", "1")
    wanted_page = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
    result = (
        found(who, asked, plan_id=plan.id if plan else None, kind=kind, page=max(wanted_page, 1))
        if asked.terms
        else Found((), {}, 1, 1)
    )
    values = {
        "q": typed[: LONGEST + 1],
        "plan": plan.slug if plan else "",
        "kind": request.args["kind"] if kind else "",
    }

    def address(**changes: str | int) -> str:
        return "/search?" + urlencode({name: value for name, value in {**values, **changes}.items() if value})

    return page(
        "worklist/search.html",
        typed=typed[:LONGEST],
        asked=asked,
        result=result,
        plans=known,
        plan=plan,
        kind=kind,
        kinds=[(name, one, *WORDS[one]) for name, one in KINDS.items()],
        address=address,
        most=MOST,
        longest=LONGEST,
        page=result.page,
        pages=result.pages,
    )

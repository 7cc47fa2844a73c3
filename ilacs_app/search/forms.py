"""What the address of a search asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ilacs_app.plan.lists.address import LAST_PAGE
from ilacs_app.plan.visibility import PlanHead
from ilacs_app.search.index import Question, SearchKind, question
from ilacs_app.text import tidy, whole_number

KIND_PARAMETERS = {
    "recommendations": SearchKind.RECOMMENDATION,
    "actions": SearchKind.ACTION,
    "evidence": SearchKind.EVIDENCE,
    "notes": SearchKind.NOTE,
}


class NamedKind(StrEnum):
    """The kinds of result that are looked up by name, and not in the index."""

    PEOPLE = "people"
    BOARDS = "boards"


@dataclass(frozen=True)
class SearchQuery:
    """A search: the words as they were typed and as they are looked for, in which plan, of which kind, which page.

    ``by_name`` is a ``NamedKind`` where only those are asked for, else empty.
    """

    typed: str
    question: Question
    plan: PlanHead | None
    kind: SearchKind | None
    page: int
    by_name: str = ""

    @property
    def plan_id(self) -> int | None:
        return self.plan.id if self.plan else None

    @property
    def kind_name(self) -> str:
        return self.by_name or next((name for name, kind in KIND_PARAMETERS.items() if kind == self.kind), "")


def read_search(args: Mapping[str, str], plans: Iterable[PlanHead]) -> SearchQuery:
    """Return what an address asks for, of the plans that someone may see; invalid parts are ignored."""
    typed = tidy(args.get("q"))
    return SearchQuery(
        typed,
        question(typed),
        next((plan for plan in plans if plan.slug == args.get("plan")), None),
        KIND_PARAMETERS.get(args.get("kind", "")),
        whole_number(args.get("page"), LAST_PAGE) or 1,
        args.get("kind", "") if args.get("kind") in set(NamedKind) else "",
    )

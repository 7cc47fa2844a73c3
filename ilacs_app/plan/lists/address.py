"""How a list's filter is read from the address: an ordinary GET form, so that a view can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.rules import BRAG_WORDS, STATUS_WORDS, TIMELINESS_WORDS
from ilacs_app.text import tidy, whole_number

LAST_PAGE = 100_000


@dataclass(frozen=True)
class PlanChoice:
    """A plan as a list's filter offers it."""

    id: int
    slug: str
    short_name: str


@dataclass(frozen=True)
class Choice:
    """One option of a filter, whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class ListQuery:
    """What the address asks of a list: the filter, the words for it, and the page (from 1)."""

    filter: Filter
    values: dict[str, str]
    words: tuple[str, ...]
    page: int

    def choices(self, name: str, options: Mapping[str, str], all_of_them: str) -> list[Choice]:
        """The options of the filter ``name``, the first of which clears it."""
        chosen = self.values.get(name, "")
        return [
            Choice("", all_of_them, not chosen),
            *(Choice(value, label, value == chosen) for value, label in options.items()),
        ]

    def address(self, path: str, **changes: str | int) -> str:
        """``path`` with this filter, changed as given; an empty value removes one."""
        values = {**self.values, **{name: str(value) for name, value in changes.items()}}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path


def read_filter(
    args: Mapping[str, str],
    base: Filter,
    boards: Iterable[BoardName],
    plans: Iterable[PlanChoice],
) -> ListQuery:
    """Return the filter of an address; a word that is unknown, or a board or plan not among these, is left out."""
    values: dict[str, str] = {}
    in_words: list[str] = []
    wanted = base
    for name, known in (("status", STATUS_WORDS), ("timeliness", TIMELINESS_WORDS), ("brag", BRAG_WORDS)):
        value = args.get(name, "")
        if value in known:
            wanted = _with(wanted, name, value)
            values[name] = value
            in_words.append(known[value])
    if board := next((board for board in boards if board.slug == args.get("board")), None):
        values["board"] = board.slug
        wanted = replace(wanted, board_id=board.id)
        in_words.append(board.name)
    if plan := next((plan for plan in plans if plan.slug == args.get("plan")), None):
        values["plan"] = plan.slug
        wanted = replace(wanted, plan_id=plan.id)
        in_words.append(plan.short_name)
    for name in ("lead", "q"):
        text = tidy(args.get(name))[:200]
        if text:
            values[name] = text
            wanted = _with(wanted, name, text)
            in_words.append(f"led by {text}" if name == "lead" else f"with the words “{text}”")
    return ListQuery(wanted, values, tuple(in_words), whole_number(args.get("page"), LAST_PAGE) or 1)


def _with(wanted: Filter, name: str, value: str) -> Filter:
    changes: dict[str, Any] = {name: value}
    return replace(wanted, **changes)

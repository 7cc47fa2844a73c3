"""How a list's filter is read from the address: an ordinary GET form, so that a view can be shared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from ilacs_app.access import ActsAs
from ilacs_app.dates import long_date
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.sorting import PLAN_ORDER, Sort, read_sort
from ilacs_app.plan.parsing.days import read_day
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


SWITCHES: Mapping[str, str] = {
    "mine": "My actions",
    "no_owner": "No owner",
    "silent": "No recent update",
    "moved": "Due date changed",
}
"""The filters that are on or off, as a form labels them."""
BEHIND_NUMBERS: Mapping[str, str] = {
    "to_verify": "For you to verify",
    "no_change": "“No change” and nothing else",
    "no_request": "No date change requested",
    "to_embed": "To accept as embedded",
}
"""The filters to which numbers on pages lead. Rooms above this one know which actions they are about."""
Behind = Callable[[str, int | None], Collection[int]]
"""What returns the ids for one of these filters, and for the board of the list where it has one."""
NOT_A_DAY = "Enter a real date, like 31 March 2027"


@dataclass(frozen=True)
class ListQuery:
    """What the address asks of a list: the filter, the words for it, the order, and the page (from 1).

    ``due_problem`` says what is wrong with the day typed for *due before*; the filter is then without it, and
    ``values`` has it as it was typed.
    """

    filter: Filter
    values: dict[str, str]
    filter_words: tuple[str, ...]
    page: int
    sort: Sort = PLAN_ORDER
    due_problem: str = ""

    def choices(self, name: str, options: Mapping[str, str], all_of_them: str) -> list[Choice]:
        """The options of the filter ``name``, the first of which clears it."""
        chosen = self.values.get(name, "")
        return [
            Choice("", all_of_them, not chosen),
            *(Choice(value, label, value == chosen) for value, label in options.items()),
        ]

    def cleared(self, path: str) -> str:
        """``path`` without this filter, in the same order."""
        return f"{path}?{urlencode({'sort': self.sort.parameter})}" if self.sort.parameter else path

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
    *,
    acts_as: ActsAs,
    behind: Behind,
    sorts: bool = False,
) -> ListQuery:
    """Return the filter of an address; a word that is unknown, or a board or plan not among these, is left out.

    ``acts_as`` says whose actions *mine* are. ``behind`` returns the ids of the actions that one of ``BEHIND_NUMBERS``
    is about; of *no date change requested*, those with a request; of *to accept as embedded*, those that the board did
    not accept. ``sorts``: whether the list can be sorted; one in
    groups cannot.
    """
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
    for name, (field, says) in _TYPED.items():
        text = tidy(args.get(name))[:200]
        if text:
            values[name] = text
            wanted = _with(wanted, field, text)
            in_words.append(says.format(text))
    for name, label in {**SWITCHES, **BEHIND_NUMBERS}.items():
        if args.get(name) and (name != "to_embed" or wanted.board_id is not None):
            values[name] = "1"
            wanted = _switched(wanted, name, acts_as, behind=behind)
            in_words.append(label[0].lower() + label[1:])
    wanted, due_problem = _due_before(args.get("due_before"), wanted, values, in_words)
    sort = read_sort(args.get("sort")) if sorts else PLAN_ORDER
    if sort != PLAN_ORDER:
        values["sort"] = sort.parameter
    page = whole_number(args.get("page"), LAST_PAGE) or 1
    return ListQuery(wanted, values, tuple(in_words), page, sort, due_problem)


_TYPED: Mapping[str, tuple[str, str]] = {
    "recommendation": ("number", "recommendation {}"),
    "lead": ("lead", "led by {}"),
    "owner": ("owner", "owned by {}"),
    "contributor": ("contributor", "with {} as a contributor"),
    "q": ("q", "with the words “{}”"),
}
"""A filter that is a text -> its field, and its words."""


def _due_before(typed: str | None, wanted: Filter, values: dict[str, str], in_words: list[str]) -> tuple[Filter, str]:
    """Return the filter with the day that was typed, and what is wrong with it where it is no day."""
    text = tidy(typed)[:200]
    if not text:
        return wanted, ""
    values["due_before"] = text
    day = read_day(text)
    if day is None:
        return wanted, NOT_A_DAY
    in_words.append(f"due before {long_date(day)}")
    return replace(wanted, due_before=day), ""


def _switched(wanted: Filter, name: str, acts_as: ActsAs, *, behind: Behind) -> Filter:
    """Return the filter with one of the switches, or of the lists behind numbers, turned on."""
    if name == "mine":
        return replace(wanted, delivered_by=acts_as)
    if name in SWITCHES:
        return _with(wanted, name, True)
    return _narrowed(wanted, name, frozenset(behind(name, wanted.board_id)))


def _narrowed(wanted: Filter, name: str, ids: frozenset[int]) -> Filter:
    if name == "no_request":
        return replace(wanted, except_ids=wanted.except_ids | ids)
    if name == "to_embed":
        return replace(wanted, decides=True, except_ids=wanted.except_ids | ids)
    return replace(wanted, action_ids=ids if wanted.action_ids is None else wanted.action_ids & ids)


def _with(wanted: Filter, name: str, value: str | bool) -> Filter:
    changes: dict[str, Any] = {name: value}
    return replace(wanted, **changes)

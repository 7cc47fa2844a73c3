"""Save and next: which row of the same list, under the same filter, comes after the one that was answered.

It reads the address of the page that the list is on.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from urllib.parse import parse_qsl, urlencode, urlsplit

from ilacs_app import clock
from ilacs_app.plan.lists.rows import PAGE_ROWS, ActionRow, action_rows
from ilacs_app.plan.rules import OPEN
from ilacs_app.progress.queries import testable, verb_for
from ilacs_app.progress.status.queries import claims_to_test
from ilacs_app.rows.lists import list_at
from ilacs_app.rows.place import RowPlace
from ilacs_app.web import actor
from ilacs_app.worklist.queries import claimed_rows, waiting_with_questions


def next_to_answer(place: RowPlace, action_id: int, *, testing: bool = False) -> list[int]:
    """The action to answer after this one, if there is one: below it in the list, page after page, else above it.

    ``testing``: the next claim to test instead.
    """
    pages = (answerable for _, answerable in _pages(place, testing=testing))
    here = next(pages, [])
    at = here.index(action_id) if action_id in here else -1
    order = chain(here[at + 1 :], chain.from_iterable(pages), here[: max(at, 0)])
    following = next((id_ for id_ in order if id_ != action_id), None)
    return [] if following is None else [following]


def page_with(place: RowPlace, action_id: int) -> RowPlace:
    """The page of the same list on which this action is now; the page itself where it is that, or is on none."""
    pages = chain(_pages(place), _pages(place, testing=True))
    number = next((number for number, answerable in pages if action_id in answerable), None)
    parts = urlsplit(place.back)
    query = parse_qsl(parts.query)
    if number is None or str(number) == dict(query).get("page", "1"):
        return place
    others = [(name, value) for name, value in query if name not in {"page", "open"}]
    return RowPlace(place.view, f"{parts.path}?{urlencode([*others, ('page', number)])}")


def _pages(place: RowPlace, *, testing: bool = False) -> Iterator[tuple[int, list[int]]]:
    """The pages of a list from this one on and then from the first, each with the actions to answer."""
    if place.view == "work":
        today = clock.today()
        if testing:
            yield 1, [row.id for row in claimed_rows(actor(), claims_to_test(actor()), today)]
        else:
            yield 1, [item.row.id for item in waiting_with_questions(actor(), today)]
        return
    shown = list_at(place.back)
    if shown is None:
        return
    size = PAGE_ROWS if shown.pages else None
    for number in count(shown.page):
        rows = action_rows(actor(), shown.filter, clock.today(), page=number, size=size, sort=shown.sort)
        yield number, _answerable(rows, testing=testing)
        if size is None or len(rows) < size:
            break
    for number in range(1, shown.page):
        rows = action_rows(actor(), shown.filter, clock.today(), page=number, sort=shown.sort)
        yield number, _answerable(rows, testing=testing)


def _answerable(rows: list[ActionRow], *, testing: bool) -> list[int]:
    if testing:
        tests = testable(actor(), rows)
        return list(dict.fromkeys(row.id for row in rows if row.id in tests))
    able = (row.id for row in rows if row.status in OPEN and verb_for(actor(), row, ()) in {"Answer", "Update"})
    return list(dict.fromkeys(able))

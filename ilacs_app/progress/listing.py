"""What a list of actions needs on any page: where its rows stand, what may be done with them, which are open.

A top-layer file beside ``routes``: it reads the request, and the routes of every feature with such a list import it
(decision 0003).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from .. import clock
from ..access import Actor, NotAllowed, NotKnown
from ..differing import Difference
from ..forms import whole_number
from ..history import Author
from ..people.draft_queries import KeptDraft, drafts_of
from ..people.queries import boards
from ..plan.counting import Counts, bars_of
from ..plan.forms import Asked, read_filter
from ..plan.narrowing import Filter
from ..plan.queries import PAGE_ROWS, ActionRow, offered
from ..plan.reach import knows_board
from ..plan.rules import BRAG_WORDS, DONE, OPEN, STATUS_WORDS, TIMELINESS_WORDS
from ..web import LARGEST_ID, actor
from .date_queries import new_dates
from .forms import UpdateForm
from .queries import Note, Stand, newest_notes, stand_of, testable, verb_for
from .rules import TESTS, WHO_MAY_WRITE, Move, moves


@dataclass(frozen=True)
class RowPlace:
    """Where a row stands: the kind of page, and the address to come back to."""

    view: str
    back: str

    def opened(self, action_id: int) -> str:
        """The address of the same page with this row open, for a browser without JavaScript."""
        return f"{self.shut}{'&' if '?' in self.shut else '?'}open={action_id}#action-{action_id}"

    @cached_property
    def shut(self) -> str:
        """The address of the same page with no row open."""
        parts = urlsplit(self.back)
        query = [(key, value) for key, value in parse_qsl(parts.query) if key != "open"]
        return parts.path + (f"?{urlencode(query)}" if query else "")

    @cached_property
    def onward(self) -> str:
        """What an item's address says of this list, for previous and next through it."""
        if self.view == "action":
            return ""
        parts = urlsplit(self.shut)
        query = urlencode([(key, value) for key, value in parse_qsl(parts.query) if key != "from"])
        return f"?{urlencode({'from': parts.path + (f'?{query}' if query else '')})}"

    @classmethod
    def on(cls, address: str) -> RowPlace:
        """The place of a row on the page at this address."""
        endpoint = endpoint_at(address)[0]
        return cls(_VIEW_OF.get(endpoint, "action"), address)

    @property
    def named(self) -> dict[str, Any]:
        """What the page's address names: its plan and recommendation, or its board."""
        return endpoint_at(self.back)[1]


_VIEW_OF = {
    "worklist.my_work": "work",
    "plan.plan": "plan",
    "plan.recommendation": "recommendation",
    "governance.board": "board",
}


def endpoint_at(address: str) -> tuple[str, dict[str, Any]]:
    """Which of our views stands at an address, and what the address names; nothing where there is none."""
    try:
        endpoint, names = current_app.url_map.bind("").match(urlsplit(address).path)
    except HTTPException:
        return "", {}
    return str(endpoint), dict(names)


@dataclass(frozen=True)
class Conflict:
    """Two delivery statuses that met: what each wanted, who saved first and when (UTC), and what can be kept."""

    status: Difference
    who: str
    at: datetime | None
    own: bool
    """Whether it was the same person, in another window."""
    move: Move | None
    """The move that is still wanted here; nothing where it can no longer be made."""
    options: list[tuple[str, str]]
    note: Note | None
    """The newest note that was written since the form was opened, by whomever."""


@dataclass(frozen=True)
class OpenRow:
    """A row that is open for writing."""

    form: UpdateForm
    stand: Stand
    conflict: Conflict | None = None
    draft: KeptDraft | None = None
    """What it stands open with, if this person left it unsaved."""

    @property
    def sent_to(self) -> str:
        """The last part of the address that its form is sent to."""
        return "answer" if self.stand.standing.may_write else "status"

    @property
    def may_answer(self) -> bool:
        """Whether the four answers stand in it: of an open action, for those who write on it."""
        return self.stand.standing.may_write and self.stand.position.status in OPEN

    @property
    def moves(self) -> list[Move]:
        """The moves that its list of delivery statuses offers."""
        return moves(self.stand.position, self.stand.standing)

    @property
    def may_test(self) -> bool:
        """Whether one of the moves is a test."""
        return any(move.kind in TESTS for move in self.moves)

    @property
    def tests(self) -> list[Move]:
        """The moves as a verifier's form offers them, for somebody who is here to test and not to write."""
        standing, status = self.stand.standing, self.stand.position.status
        return self.moves if standing.may_verify and not standing.may_write and status in DONE else []


def author_on(who: Actor, stand: Stand) -> Author:
    """Who signs a change of this action: with both names where they stand in for somebody."""
    person_id, name = stand.behalf or (None, "")
    return Author(who.id, who.name, for_person_id=person_id, for_name=name)


def writable(action_id: int) -> Stand:
    """Where an action stands, to somebody who may write on it.

    Raises:
        NotAllowed: they may only read it.
    """
    stand = stand_of(actor(), action_id, clock.today())
    if not stand.standing.may_write:
        raise NotAllowed(WHO_MAY_WRITE)
    return stand


def open_row(action_id: int) -> OpenRow | None:
    """The open row that a page's address asks for, if this person may write on it at all."""
    stand = stand_of(actor(), action_id, clock.today())
    if not may_open(stand):
        return None
    opened = OpenRow(UpdateForm.for_stand(stand, clock.today(), anew=True), stand)
    address = f"/actions/{action_id}/{opened.sent_to}"
    draft = drafts_of(actor().id, (address,)).get(address)
    if draft is None:
        return opened
    opened.form.take_up(draft.fields)
    return replace(opened, draft=draft)


def asked_open() -> dict[int, OpenRow]:
    """The rows that ``?open=`` asks for on this page."""
    action_id = whole_number(request.args.get("open"), LARGEST_ID)
    try:
        found = open_row(action_id) if action_id else None
    except NotKnown:
        return {}
    return {action_id: found} if action_id and found else {}


def may_open(stand: Stand) -> bool:
    return stand.standing.may_write or bool(moves(stand.position, stand.standing))


def listed(rows: list[ActionRow], asked: frozenset[int] | None = None) -> dict[str, Any]:
    """What a list of rows shows beside them: the newest notes, what may be done, and the rows that stand open.

    ``asked`` are the actions for which a new date waits, where the page knows them already.
    """
    who = actor()
    tests = testable(who, rows)
    able = {row.id: verb for row in rows if (verb := verb_for(who, row, tests))}
    ids = [row.id for row in rows]
    return {
        "notes": newest_notes(ids),
        "new_dates": new_dates(ids if asked is None else asked.intersection(ids)),
        "verbs": able,
        "open_rows": asked_open(),
    }


def asked_filter(base: Filter) -> tuple[Asked, list[dict[str, Any]]]:
    """The filter in this page's address, and the selects of its form."""
    who = actor()
    one_board = base.board_id is not None
    known = [] if one_board else [board for board in boards() if knows_board(who, board.id)]
    leads, live = offered(who, base)
    live = {} if base.plan_id else live
    asked = read_filter(request.args, base, {board.slug: (board.id, board.name) for board in known}, live)
    selects = [
        ("lead", "Lead", {name: name for name in leads}, "All leads"),
        ("status", "Delivery status", STATUS_WORDS, "Any"),
        ("timeliness", "Timeliness", TIMELINESS_WORDS, "Any"),
        ("brag", "Rating", BRAG_WORDS, "All ratings"),
    ]
    if not one_board:
        selects.insert(0, ("board", "Board", {board.slug: board.name for board in known}, "All boards"))
    if len(live) > 1:
        selects.insert(0, ("plan", "Plan", {slug: name for slug, (_, name) in live.items()}, "All plans"))
    filters = [
        {"name": name, "label": label, "choices": asked.choices(name, words, everything)}
        for name, label, words, everything in selects
    ]
    return asked, filters


def list_of(rows: list[ActionRow], view: str, asked: frozenset[int] | None = None) -> dict[str, Any]:
    """What the rows of a list need beside themselves; ``asked`` as for ``listed``."""
    groups: dict[int, list[ActionRow]] = {}
    first: dict[int, int] = {}
    for row in rows:
        groups.setdefault(row.recommendation_id, []).append(row)
        first.setdefault(row.id, row.recommendation_id)
    ids = list(groups)
    return {
        "rows": rows,
        "groups": groups,
        "first_place": first,
        "bars": bars_of(ids, clock.today()) if ids else {},
        "place": RowPlace(view, this_address()),
        **listed(rows, asked),
    }


def this_address() -> str:
    """This page's path with its query."""
    return request.full_path if request.query_string else request.path


def counted(asked: Asked, found: Counts) -> dict[str, Any]:
    """How many actions fit, in how many places if that is more, and which page of how many."""
    places = found.places if found.further_places else None
    return {"found": found.actions, "places": places, **paged(asked, found.places)}


def paged(asked: Asked, found: int) -> dict[str, Any]:
    """Which page of how many."""
    return {"page": asked.page, "pages": max(1, -(-found // PAGE_ROWS))}

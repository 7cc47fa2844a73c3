"""History: what changed, by whom and when, filtered, and the same list as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, request, url_for

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.changes.queries import (
    HistoryFilter,
    HistoryLine,
    action_ref,
    authors,
    every_line,
    history_page,
    reads_accounts,
)
from ilacs_app.changes.rules import VERB_GROUPS
from ilacs_app.dates import clock_time, long_date
from ilacs_app.errors import NotKnown
from ilacs_app.people.boards.queries import boards
from ilacs_app.plan.parsing.days import read_day
from ilacs_app.plan.plan_file import FileColumn
from ilacs_app.plan.visibility import board_for, knows_board, plan_for, plans, visible_action
from ilacs_app.reporting.export.table import Table, TableLine, csv_file
from ilacs_app.text import tidy, whole_number
from ilacs_app.web import LARGEST_ID, actor, as_download, page

blueprint = Blueprint("changes", __name__)
FILE_HEADINGS = ("Date", "Time", "Who", "By way of", "Change", "Plan", "Reference", "About", "Value", "Before", "After")
DAY_LABELS = {"since": "From", "until": "To"}
BAD_DAY = "Enter {} as a date, such as 14 May 2026."


@blueprint.get("/history")
@requires("belongs")
def history() -> Response:
    return _page(HistoryQuery.from_address())


@blueprint.get("/plans/<plan_slug>/history")
@requires("belongs")
def plan_history(plan_slug: str) -> Response:
    plan_for(actor(), plan_slug)
    return _page(HistoryQuery.from_address(plan=plan_slug))


@blueprint.get("/boards/<board_slug>/history")
@requires("belongs")
def board_history(board_slug: str) -> Response:
    board_for(actor(), board_slug)
    return _page(HistoryQuery.from_address(board=board_slug))


@blueprint.get("/people/<item:person_id>/history")
@requires("belongs")
def person_history(person_id: int) -> Response:
    """Show what one person changed; a partner reads only their own changes."""
    if person_id not in authors(actor()):
        raise NotKnown(person_id)
    return _page(HistoryQuery.from_address(person=str(person_id)))


@blueprint.get("/history/file")
@requires("belongs")
def history_file() -> Response:
    """The list with the filters of its address, whole, as CSV."""
    asked = HistoryQuery.from_address()
    if asked.problems:
        return _page(asked)
    lines = tuple(TableLine(cells, first=True) for line in every_line(actor(), asked.filter) for cells in _cells(line))
    table = Table(tuple(FileColumn(heading, None, "unknown") for heading in FILE_HEADINGS), lines, name="History")
    answer = make_response(csv_file(table))
    answer.mimetype = "text/csv"
    return as_download(answer, f"history-{clock.today().isoformat()}.csv")


@dataclass(frozen=True)
class HistoryQuery:
    """What the address asks of history: the filter, the values that say so, what each says in words, and problems."""

    filter: HistoryFilter
    values: dict[str, str]
    filter_words: tuple[str, ...]
    problems: dict[str, str]

    @classmethod
    def from_address(cls, **fixed: str) -> HistoryQuery:
        """Read the address; ``fixed`` is the plan, board or person whose page it is."""
        who = actor()
        given = {name: tidy(value)[:200] for name, value in {**request.args.to_dict(), **fixed}.items()}
        values = {name: given[name] for name in QUERY_NAMES if given.get(name)}
        days, problems = _days(values)
        wanted = HistoryFilter(since=days.get("since"), until=days.get("until"))
        in_words = [f"{DAY_LABELS[name].lower()} {long_date(day)}" for name, day in days.items()]
        if values.get("group") in VERB_GROUPS:
            wanted = replace(wanted, group=values["group"])
            in_words.append(VERB_GROUPS[values["group"]][0])
        if "plan" in values:
            plan = plan_for(who, values["plan"])
            wanted = replace(wanted, plan_id=plan.id)
            in_words.append(plan.short_name)
        if "board" in values:
            board = board_for(who, values["board"])
            wanted = replace(wanted, board_id=board.id)
            in_words.append(board.name)
        person = whole_number(values.get("person"), LARGEST_ID)
        author = authors(who).get(person or 0)
        if author:
            wanted = replace(wanted, person_id=person)
            in_words.append(f"by {author}")
        action = whole_number(values.get("action"), LARGEST_ID)
        if action:
            visible_action(who, action)
            wanted = replace(wanted, action_id=action)
            in_words.append(f"action {action_ref(who, action)}")
        if values.get("ref"):
            wanted = replace(wanted, ref=values["ref"])
            in_words.append(f"reference {values['ref']}")
        return cls(wanted, values, tuple(in_words), problems)

    def address(self, path: str, **changes: str | int) -> str:
        """Return ``path`` with this filter, changed as given."""
        values = {**self.values, **{name: str(value) for name, value in changes.items()}}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path


QUERY_NAMES = ("since", "until", "group", "person", "plan", "board", "action", "ref")


def _days(values: Mapping[str, str]) -> tuple[dict[str, date], dict[str, str]]:
    """Return the first and the last day that an address asks for, and what is wrong with them, each by name."""
    read = {name: read_day(values[name]) for name in DAY_LABELS if name in values}
    problems = {name: BAD_DAY.format(f"“{values[name]}”") for name, day in read.items() if day is None}
    days = {name: day for name, day in read.items() if day}
    if len(days) == len(DAY_LABELS) and days["until"] < days["since"]:
        problems["until"] = f"Enter {long_date(days['since'])} or a later date."
    return days, problems


def _page(asked: HistoryQuery) -> Response:
    who = actor()
    before = whole_number(request.args.get("before"), LARGEST_ID)
    hidden = set() if reads_accounts(who) else {"people", "emails"}
    listed = None if asked.problems else history_page(who, asked.filter, before=before)
    return page(
        "changes/history.html",
        status=422 if asked.problems else 200,
        asked=asked,
        found=listed,
        later=before is not None,
        groups={name: label for name, (label, _) in VERB_GROUPS.items() if name not in hidden},
        people=authors(who),
        plans={plan.slug: plan.short_name for plan in plans(who)},
        boards={board.slug: board.name for board in boards() if knows_board(who, board.id)},
        path=url_for("changes.history"),
        has_errors=bool(asked.problems),
    )


def _cells(line: HistoryLine) -> list[tuple[str, ...]]:
    """One row for each value that changed; one for a line without any."""
    at = clock.london_day(line.at)
    head = (
        at.isoformat(),
        clock_time(line.at),
        line.who,
        line.via,
        line.label,
        line.plan,
        line.ref,
        line.about,
    )
    return [(*head, value.label, value.before, value.after) for value in line.differences] or [(*head, "", "", "")]

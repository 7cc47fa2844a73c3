"""The problems of a plan file, grouped by kind, so that one answer corrects all that are alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ilacs_app.plan.parsing.timescales import Timing, read_timescale
from ilacs_app.plan.plan_file import FileAction, FileProblem

LINES_SHOWN, PLACES_SHOWN = 8, 4
SEVERITIES = ("error", "warning", "info")
DATED = frozenset({Timing.DATE, Timing.STAGES, Timing.WINDOW})

# What each kind is called, for one problem and for several.
TITLES: Mapping[str, tuple[str, str]] = {
    "no_text": ("1 recommendation has no text", "{n} recommendations have no text"),
    "same_number": ("1 recommendation number is used twice", "{n} recommendation numbers are used more than once"),
    "date_year": ("1 date needs a year", "{n} dates need a year"),
    "date_unclear": ("1 date is unclear", "{n} dates are unclear"),
    "date_missing": ("1 action has no date", "{n} actions have no date"),
    "date_guess": ("1 date to check", "{n} dates to check"),
    "status_unclear": ("1 action has no clear status", "{n} actions have no clear status"),
    "status_missing": ("1 action has no status", "{n} actions have no status"),
    "status_guess": ("1 status to check", "{n} statuses to check"),
    "done_no_month": ("1 completed action has no month", "{n} completed actions have no month"),
    "done_after": ("1 completion date is in the future", "{n} completion dates are in the future"),
    "brag": ("1 rating is unclear", "{n} ratings are unclear"),
    "column_guess": ("1 column to check", "{n} columns to check"),
    "column_unknown": ("1 column is not recognised", "{n} columns are not recognised"),
    "column_missing": ("1 column is not in your file", "{n} columns are not in your file"),
    "columns_not_used": ("Some columns are not in your file", "Some columns are not in your file"),
    "comment": ("1 comment to check", "{n} comments to check"),
    "struck_out": ("1 struck-out text to check", "{n} struck-out texts to check"),
    "no_action": ("1 recommendation has no action", "{n} recommendations have no action"),
    "value_without_action": (
        "1 date or status is beside a recommendation",
        "{n} dates or statuses are beside recommendations",
    ),
    "no_lead": ("1 recommendation has no lead", "{n} recommendations have no lead"),
    "no_board": ("1 recommendation has no board", "{n} recommendations have no board"),
    "left_out": ("1 part of your file is left out", "{n} parts of your file are left out"),
    "layout_guess": ("We guessed the layout in 1 place", "We guessed the layout in {n} places"),
    "section": ("1 line goes across the table", "{n} lines go across the table"),
    "several_in_a_cell": ("1 cell lists several things to do", "{n} cells list several things to do"),
    "rating_colour": ("1 column has colours with no text", "{n} columns have colours with no text"),
    "unknown_cell": ("1 cell cannot be read", "{n} cells cannot be read"),
    "initials": ("1 set of initials to check", "{n} sets of initials to check"),
    "owner_date": ("1 owner includes a date", "{n} owners include a date"),
    "owner_unclear": ("1 action has no clear owner", "{n} actions have no clear owner"),
    "owner_several": ("1 owner may be more than one person", "{n} owners may be more than one person"),
    "as_above": ("1 cell refers to the row above", "{n} cells refer to the row above"),
    "footnote": ("1 footnote to check", "{n} footnotes to check"),
    "label_as_value": ("1 value may be a heading", "{n} values may be headings"),
    "twins": ("1 action is repeated", "{n} actions are repeated"),
}
ONE_ANSWER = {"date_year": "year", "status_unclear": "status", "status_missing": "status", "status_guess": "status"}


@dataclass(frozen=True)
class ProblemPlace:
    """Where a problem is: its address or reference, and the place of its action, from 0, where it is about one."""

    name: str
    action: int | None


@dataclass(frozen=True)
class ProblemLine:
    """A sentence, and every place it applies to."""

    says: str
    places: tuple[ProblemPlace, ...]

    @property
    def shown(self) -> tuple[ProblemPlace, ...]:
        return self.places[:PLACES_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.places) - PLACES_SHOWN)


@dataclass(frozen=True)
class ProblemGroup:
    """Problems of one kind. ``answer`` is ``year`` or ``status`` if one answer serves them all, else empty."""

    kind: str
    severity: str
    title: str
    do: str
    lines: tuple[ProblemLine, ...]
    count: int
    answer: str
    actions: tuple[int, ...]

    @property
    def shown(self) -> tuple[ProblemLine, ...]:
        return self.lines[:LINES_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.lines) - LINES_SHOWN)


def needs_year(text: str, dated_on: date) -> bool:
    """Return whether words only become a date when a year follows, such as “end of March”."""
    if not text or re.search(r"\d{3,}", text) or read_timescale(text, dated_on).kind is not Timing.NOT_UNDERSTOOD:
        return False
    return read_timescale(f"{text} {dated_on.year}", dated_on).kind in DATED


def problem_groups(
    problems: Sequence[FileProblem], actions: Sequence[FileAction], dated_on: date
) -> list[ProblemGroup]:
    """The problems by kind: errors first, then warnings, then notes, each in the order of the file."""
    places = {action.at: place for place, action in enumerate(actions)}
    by_kind: dict[tuple[str, str], list[tuple[FileProblem, int | None]]] = {}
    for problem in problems:
        place = places.get(problem.at, places.get(problem.at.split(", column ")[0]))
        if place is None:
            place = _within(problem.at, places)
        kind = problem.kind
        if kind == "date_unclear" and place is not None and needs_year(actions[place].timescale.text, dated_on):
            kind = "date_year"
        by_kind.setdefault((problem.severity, kind or _alike(problem.says)), []).append((problem, place))
    groups = [_group(severity, kind, some, actions) for (severity, kind), some in by_kind.items()]
    return sorted(groups, key=lambda group: SEVERITIES.index(group.severity))


def _within(at: str, places: Mapping[str, int]) -> int | None:
    """The action whose address the beginning of ``at`` is, such as “row 3, action 2” of “row 3, action 2, label …”."""
    part = at
    while ", " in part:
        part = part.rpartition(", ")[0]
        if part in places:
            return places[part]
    return None


def _alike(says: str) -> str:
    """A sentence without what differs between problems of one kind: quotes and numbers."""
    return re.sub(r"\d+", "0", re.sub(r"“[^”]*”", "“”", says))


def _group(
    severity: str, kind: str, some: Sequence[tuple[FileProblem, int | None]], actions: Sequence[FileAction]
) -> ProblemGroup:
    lines: dict[str, list[ProblemPlace]] = {}
    about: list[int] = []
    for problem, place in some:
        action = actions[place] if place is not None else None
        says = problem.says.removeprefix(f"{action.ref}: ") if action else problem.says
        name = action.ref if action and problem.says != says else problem.at
        own = re.fullmatch(r"Recommendation (\S+) has no (?:lead|board|action|text)\.", says)
        if own:
            says, name = "Recommendations", own[1]
            place = None
        lines.setdefault(says, []).append(ProblemPlace(name[:1].upper() + name[1:], place))
        if place is not None:
            about.append(place)
    title_of_single, several = TITLES.get(kind, ("", ""))
    if len(some) == 1:
        title = title_of_single or some[0][0].says
    else:
        title = several.format(n=len(some)) if several else f"{some[0][0].says} ({len(some)} times)"
    return ProblemGroup(
        kind,
        severity,
        title.rstrip("."),
        some[0][0].do,
        tuple(_in_one(kind, lines)),
        len(some),
        ONE_ANSWER.get(kind, "") if about else "",
        tuple(dict.fromkeys(about)),
    )


def _in_one(kind: str, lines: Mapping[str, Sequence[ProblemPlace]]) -> Iterator[ProblemLine]:
    """The lines of a group; headings that are missing make one line."""
    if kind == "column_missing":
        names = [match[0] for says in lines if (match := re.search(r"“[^”]+”", says))]
        where = next(iter(lines.values()))
        yield ProblemLine(", ".join(names), tuple(where[:1]))
        return
    for says, places in lines.items():
        yield ProblemLine(says, tuple(places))

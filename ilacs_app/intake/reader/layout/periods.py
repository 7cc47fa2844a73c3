"""Columns of one thing for several periods: the news, the status or the rating of each quarter, month or meeting."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from ilacs_app.dates import MONTHS
from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, plain, visible
from ilacs_app.intake.reader.layout.matrix import Candidate, Line, is_status
from ilacs_app.plan.parsing.dates import MONTH_WORD, read_period
from ilacs_app.plan.parsing.statuses import read_brag

LEAST_COLUMNS, LEAST_NAMED_THING, LEAST_SHOWN = 2, 3.0, 0.8
"""The columns of a series, the evidence from which a heading names its thing, and the share of cells that show it."""
SHORTEST_NEWS = 3  # words
MONTHS_IN_A_YEAR, QUARTERS = 12, 4
OF_BEFORE = "Previous"
"""As a heading, what is evidence that a column is beside the plan."""
USUAL_NAMES = {"status": "Status", "brag": "RAG", "note": "Progress"}
"""The things that are told again for each period, in the order in which they are read, as usual headings."""
WHAT_THEY_ARE = {"status": "statuses", "brag": "ratings"}
_OLDER, _NEWER = 0, 1
_MONTHS = [month[:3].lower() for month in MONTHS]
_UNIT = "(?: (?:week|month|quarter|term|year|period|meeting|board|report))"
_PERIOD = re.compile(
    r"(?P<day>\b\d{1,2}[/.-]\d{1,2}[/.-](?:20)?\d\d\b)"
    rf"|\b(?P<dated>(?:\d{{1,2}}(?:st|nd|rd|th)? )?{MONTH_WORD}\W{{0,2}}(?:20)?\d\d)\b"
    rf"|\b(?P<month>{MONTH_WORD})\b"
    r"|\b(?:q|qtr\.? ?|quarter ?)(?P<quarter>[1-4])\b(?:,? ?\(?(?:20)?(?P<year>\d\d) ?[/-] ?(?:20)?\d\d\)?)?"
    rf"|\b(?P<older>(?:previous|prior|earlier){_UNIT}?|last{_UNIT})\b"
    rf"|\b(?P<newer>(?:current|latest|present){_UNIT}?|this{_UNIT}|now)\b"
    r"|(?<=[^\W\d] )(?:no\.? ?)?(?P<nth>\d{1,2})$"
)
_BETWEEN = re.compile(r"\b(?:as|at|to|for|of|in|on|the|end|ending|dated)\b|[()\[\]:,\u2013-]")
Kind = Literal["day", "month", "quarter", "stage", "nth"]


@dataclass(frozen=True)
class _Period:
    """The period that a heading names, and the words beside it."""

    kind: Kind
    order: int
    thing: str


@dataclass(frozen=True)
class _Series:
    """The columns of one thing, newest first; ``named`` says that their headings name it, not only their cells."""

    field: str
    kind: Kind
    places: tuple[int, ...]
    named: bool


def period_columns(frame: Candidate, near: date) -> tuple[Candidate, bool] | None:
    """A table with a column for each period as one that is read from its newest, and whether all headings name it so.

    The older statuses and ratings stay beside the plan; the news of all periods is one column, newest first.
    """
    series = _all_series(frame, near)
    if not series:
        return None
    made = frame
    for each in series:
        made = _news(made, each) if each.field == "note" else _newest(made, each)
    return replace(made, layout="periods as columns"), all(each.named for each in series)


def _all_series(frame: Candidate, near: date) -> list[_Series]:
    periods = {n: period for n, heading in enumerate(frame.headings) if (period := _period(heading, near))}
    numbered_actions: set[tuple[Kind, int]] = set()
    columns: dict[tuple[str, Kind, bool], dict[int, int]] = defaultdict(dict)
    for n, period in periods.items():
        field = _field_named(period.thing) if period.thing else _field_shown(frame.rows, n)
        if field in USUAL_NAMES:
            columns[field, period.kind, bool(period.thing)][n] = period.order
        elif field == "action":
            numbered_actions.add((period.kind, period.order))
    of_field: dict[str, _Series] = {}
    for (field, kind, named), orders in sorted(columns.items(), key=lambda entry: -len(entry[1])):
        places = _newest_first(orders, kind)
        of_actions = sum((kind, order) in numbered_actions for order in orders.values()) > 1
        if field in of_field or not places or of_actions or _is_told_once(frame, field, periods):
            continue
        if named or field != "brag" or _differ(frame.rows, places):
            of_field[field] = _Series(field, kind, tuple(places), named)
    return [of_field[field] for field in USUAL_NAMES if field in of_field]


def _differ(rows: Sequence[Line], places: Sequence[int]) -> bool:
    """Return whether columns hold ratings of two kinds and more: one letter alone may be a mark."""
    return len({read_brag(visible(row.cell(n).live)) for row in rows for n in places} - {None}) > 1


def _period(heading: str, near: date) -> _Period | None:
    text = plain(heading)
    match = _PERIOD.search(text)
    if match is None:
        return None
    thing = " ".join(_BETWEEN.sub(" ", f"{text[: match.start()]} {text[match.end() :]}").split())
    if match["day"] or match["dated"]:
        period = read_period(match["day"] or match["dated"], near)
        return _Period("day", period.first.toordinal(), thing) if period else None
    if match["month"]:
        return _Period("month", _MONTHS.index(match["month"][:3]) + 1, thing)
    if match["quarter"]:
        return _Period("quarter", int(match["quarter"]) + QUARTERS * int(match["year"] or 0), thing)
    if match["nth"]:
        return _Period("nth", int(match["nth"]), thing)
    return _Period("stage", _OLDER if match["older"] else _NEWER, thing) if thing else None


def _field_named(thing: str) -> str:
    """The field that the words beside a period name; "" if they name none."""
    weights = heading_evidence(thing).weights
    field = best_field(weights) if weights else ""
    return field if field and weights[field] >= LEAST_NAMED_THING else ""


def _field_shown(rows: Sequence[Line], place: int) -> str:
    """The field that the cells show under a heading that is a period and nothing else."""
    texts = [visible(row.cell(place).live) for row in rows if not row.cell(place).is_blank]
    shown = {
        "brag": [bool(read_brag(text)) for text in texts],
        "status": [is_status(text) for text in texts],
        "note": [len(text.split()) >= SHORTEST_NEWS for text in texts],
    }
    return next((field for field, fits in shown.items() if texts and sum(fits) >= LEAST_SHOWN * len(fits)), "")


def _newest_first(orders: Mapping[int, int], kind: Kind) -> list[int]:
    """The places of columns with different periods; none where they are too few or two have the same."""
    if len(orders) < LEAST_COLUMNS or len(set(orders.values())) < len(orders):
        return []
    in_a_year = {"month": MONTHS_IN_A_YEAR, "quarter": QUARTERS}.get(kind, 0)
    if max(orders.values()) > in_a_year:
        return sorted(orders, key=lambda n: orders[n], reverse=True)
    places = sorted(orders)
    on = sum((orders[after] - orders[before]) % in_a_year for before, after in pairwise(places))
    back = sum((orders[before] - orders[after]) % in_a_year for before, after in pairwise(places))
    return places[::-1] if on <= back else places  # without years they go on, or back, by the shorter way


def _is_told_once(frame: Candidate, field: str, periods: Collection[int]) -> bool:
    """Return whether a column that names no period has a status or a rating too: that is the one of now."""
    others = [n for n in range(len(frame.headings)) if n not in periods]
    return field != "note" and any(
        heading_evidence(frame.headings[n]).known in {"own", "phrase"}
        and _field_named(frame.headings[n]) == field
        and not all(row.seen(n).is_blank for row in frame.rows)
        for n in others
    )


# One column -------------------------------------------------------------------------------------------------


def _newest(frame: Candidate, series: _Series) -> Candidate:
    """The table with the newest period that anyone filled in as the status or rating; older ones are beside the plan.

    A row that it leaves blank has the newest before it, as a guess, unless the heading says that it is the one of now.
    """
    filled = [n for n in series.places if any(_says(row.cell(n)) for row in frame.rows)]
    newest = filled[0] if filled else series.places[0]
    before = filled[1:] if series.kind != "stage" else []
    lines = []
    for row in frame.rows:
        older = next((row.cell(n) for n in before if _says(row.cell(n))), None)
        if older and not _says(row.cell(newest)):
            cells = _with_cell(row, newest, older, len(frame.headings))
            lines.append(replace(row, cells=cells, unsure=row.unsure | {"status"}))
        else:
            lines.append(row)
    evidence = list(frame.column_evidence or frame.headings)
    for n in series.places:
        evidence[n] = USUAL_NAMES[series.field] if n == newest else OF_BEFORE
    remark = (
        f"{frame.head_at}, {frame.names[newest]}",
        f"{len(series.places)} columns are {WHAT_THEY_ARE[series.field]}, one for each period. "
        f"We read the newest that is filled in, “{frame.headings[newest]}”, and keep the others beside each row.",
        "Check it, and correct it where it is wrong.",
    )
    return replace(frame, column_evidence=tuple(evidence), rows=tuple(lines), remarks=(*frame.remarks, remark))


def _says(cell: Cell) -> bool:
    """Return whether a cell holds a word or is painted."""
    return not cell.is_blank or cell.fill not in {"", "white"}


def _news(frame: Candidate, series: _Series) -> Candidate:
    """The table with the news of all periods in the first of their columns, newest first."""
    at = min(series.places)
    rest = frozenset(series.places) - {at}
    others = [n for n in range(len(frame.headings)) if n not in rest]
    lines = []
    for row in frame.rows:
        told = [n for n in series.places if not row.cell(n).is_blank]
        news = Cell("\n".join(f"{frame.headings[n]}: {row.cell(n).live}" for n in told))
        cells = _with_cell(row, at, news, len(frame.headings))
        over = {place: row.over[n] for place, n in enumerate(others) if n in row.over}
        lines.append(replace(row, cells=tuple(cells[n] for n in others), over=over))
    evidence = frame.column_evidence or frame.headings
    twins = frame.twins or ((),) * len(frame.headings)
    brought = tuple((frame.headings[n], frame.names[n]) for n in sorted(rest))
    remark = (
        f"{frame.head_at}, {frame.names[at]}",
        f"{len(series.places)} columns are updates, one for each period. We read them as one, newest first.",
        "Check it, and correct it where it is wrong.",
    )
    return replace(
        frame,
        headings=tuple(frame.headings[n] for n in others),
        column_evidence=tuple(USUAL_NAMES["note"] if n == at else evidence[n] for n in others),
        twins=tuple(brought if n == at else twins[n] for n in others),
        names=tuple(frame.names[n] for n in others),
        rows=tuple(lines),
        remarks=(*frame.remarks, remark),
    )


def _with_cell(row: Line, place: int, cell: Cell, width: int) -> tuple[Cell, ...]:
    cells = [*row.cells, *[EMPTY] * (width - len(row.cells))]
    cells[place] = cell
    return tuple(cells)

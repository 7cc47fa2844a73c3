"""From grids of cells to a plan: which table it is, what its columns mean, where each recommendation begins.

Product rule: section 7. What is not recognised is kept in `extra` or named in a problem, never dropped.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..plan.format import (
    FURTHER_HEADINGS,
    HEADINGS,
    OF_RECOMMENDATION,
    FileAction,
    FileColumn,
    FileProblem,
    FileRecommendation,
    split_boards,
    split_leads,
    split_lines,
)
from ..plan.status_words import read_brag, read_status
from ..plan.timescale import read_timescale
from .headings import field_of
from .readers import Grid, GridRow, NotAPlan
from .shapes import initials_of, labelled, marked_lines, side_by_side

NEEDED = ("recommendation", "action")
CERTAINTY = ("exact", "synonym", "guess", "unknown")
LAST_HEADER_ROW = 15
OF_ACTION = ("timescale", "revised_timescale", "note", "owners", "status", "brag", "evidence")
# "Recommendation 3: ..." in a heading or in a row across the table, instead of a column.
_TITLE = re.compile(
    r"(?:recommendation|rec\.?|priority|area for improvement)\s*(?P<number>\d{1,3}[a-z]?)\s*"
    r"[:.)\u2013\u2014-]\s*(?P<text>.+)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"(?:rec(?:ommendation)?\.? ?)?((?:[a-z]{1,3}[ .-]?)?\d{1,3}[a-z]?(?:[.-]\d{1,3})*)\.?", re.I)


@dataclass(frozen=True)
class Columns:
    """What each column of one table is: a field, or a heading of the council's own. Indexes are from 0."""

    listed: tuple[FileColumn, ...]
    fields: Mapping[str, int]
    extras: Mapping[str, int]

    def cells(self, row: GridRow) -> dict[str, str]:
        """The cells of a row by field; "" where the row is short."""
        found = {name: _cell(row, at) for name, at in self.fields.items()}
        if "brag" in found and not found["brag"]:  # a rating that is a colour and no word
            found["brag"] = row.fills.get(self.fields["brag"], "")
        return found

    def extra_cells(self, row: GridRow) -> dict[str, str]:
        """The cells of a row that are in no known column, by heading."""
        return {heading: _cell(row, at) for heading, at in self.extras.items()}


@dataclass
class _Draft:
    """A recommendation or an action while its rows are being read: the pieces of each cell, row by row."""

    at: str
    cells: dict[str, list[str]] = field(default_factory=dict)
    extra: dict[str, list[str]] = field(default_factory=dict)
    actions: list["_Draft"] = field(default_factory=list)
    parted: int = 0
    """Which line of a cell of several actions it was, from 1; 0 where it had its own cell."""

    def add(self, name: str, text: str) -> None:
        if text:
            self.cells.setdefault(name, []).append(text)

    def add_extra(self, heading: str, text: str) -> None:
        if text:
            self.extra.setdefault(heading, []).append(text)

    def text(self, name: str) -> str:
        return "\n".join(self.cells.get(name, ()))

    def starts_with(self, name: str, text: str) -> bool:
        return self.cells.get(name, [])[:1] == [text]

    def extras(self) -> dict[str, str]:
        return {heading: "\n".join(pieces) for heading, pieces in self.extra.items()}


@dataclass(frozen=True)
class MappedPlan:
    """What the plan's tables hold. `column_names` says where a field stands: {"timescale": "column G"}."""

    columns: tuple[FileColumn, ...]
    column_names: Mapping[str, str]
    recommendations: tuple[FileRecommendation, ...]
    problems: tuple[FileProblem, ...]


def map_plan(grids: Sequence[Grid], file: str, plan_dated_on: date) -> MappedPlan:
    """Find the plan among a file's tables and read it.

    Raises NotAPlan where no table has the needed columns, or those that have them hold no recommendation.
    """
    tables = list(_plan_tables(grids))
    text = labelled(grids) if not tables else None
    if text:
        grids, tables = [text], list(_plan_tables([text]))
    if not tables:
        raise NotAPlan(_what_is_missing(file))
    first = tables[0]
    problems = [*_tables_left_out(grids, tables), *_remarks(grids), *_column_problems(first), *_by_colour(tables)]
    drafts: list[_Draft] = []
    for table in tables:
        problems += _gather(table, drafts)
    initials = initials_of([grid for grid in grids if grid not in [table.grid for table in tables]])
    problems += _several_in_one_cell(drafts)
    if not drafts:
        raise NotAPlan(f"The plan's table in {file} has headings but no rows: fill them in and try again.")
    return MappedPlan(
        first.columns.listed,
        {name: first.grid.column_name(at) for name, at in first.columns.fields.items()},
        tuple(_recommendation(draft, place, plan_dated_on, initials) for place, draft in enumerate(drafts, start=1)),
        (*problems, *_initials_said(drafts, initials)),
    )


# Tables and columns ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """A table of the plan. `header` is its heading row's index, -1 where it continues the table before."""

    grid: Grid
    header: int
    columns: Columns
    above: tuple[str, str] | None = None
    """Number and text of the recommendation that stands above the table, where no column holds it."""


def _plan_tables(grids: Sequence[Grid]) -> Iterator[_Table]:
    """The tables that have the needed columns, and those in Word that go on without a heading row."""
    last: _Table | None = None
    for grid in grids:
        table = _headed_table(grid)
        if table is None and last and not grid.columns_lettered and _width(grid) == _width(last.grid):
            table = _Table(grid, -1, last.columns)
        if table:
            yield table
        last = table


def _headed_table(grid: Grid) -> _Table | None:
    for index, row in enumerate(grid.rows[:LAST_HEADER_ROW]):
        columns = _columns(grid, _with_row_above(grid, index, row))
        if all(name in columns.fields for name in NEEDED):
            return _Table(grid, index, columns)
        if "action" in columns.fields and len(columns.fields) > 1:
            above = _above(grid, index)
            if above:
                return _Table(grid, index, columns, above)
    return None


def _with_row_above(grid: Grid, index: int, row: GridRow) -> GridRow:
    """A heading row whose blanks are filled from the row above: a cell merged over two heading rows stands there."""
    above = grid.rows[index - 1] if index else None
    if above is None or sum(1 for cell in above.cells if cell) < 2 or not any(field_of(c)[0] for c in row.cells):
        return row
    width = max(len(row.cells), len(above.cells))
    cells = ((_cell(row, at), _cell(above, at)) for at in range(width))
    return GridRow(row.at, tuple(own or (over if field_of(over)[0] else "") for own, over in cells))


def _above(grid: Grid, header: int) -> tuple[str, str] | None:
    """The recommendation that a row across the table, or else the heading before it, names."""
    lines = [cells[0] for row in grid.rows[:header] if len(cells := [c for c in row.cells if c]) == 1]
    for line in [*reversed(lines), grid.title]:
        match = _TITLE.fullmatch(line.strip())
        if match:
            return match["number"], match["text"].strip()
    return None


def _width(grid: Grid) -> int:
    return max((len(row.cells) for row in grid.rows), default=0)


def _cell(row: GridRow, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""


def _columns(grid: Grid, header: GridRow) -> Columns:
    width = _width(grid)
    headings = [*header.cells, *[""] * (width - len(header.cells))]
    means = [field_of(heading) for heading in headings]
    # A column known by its own name goes before one known by a synonym, wherever it stands.
    order = sorted(range(width), key=lambda at: (CERTAINTY.index(means[at][1]), at))
    taken: dict[str, int] = {}
    for at in order:
        name = means[at][0]
        if name:
            taken.setdefault(name, at)
    listed: list[FileColumn] = []
    extras: dict[str, int] = {}
    for at, heading in enumerate(headings):
        name, how = means[at]
        if name and taken[name] == at:
            listed.append(FileColumn(_one_line(heading), name, how))
        elif any(_cell(row, at) for row in grid.rows):
            unknown = _unused(_one_line(heading) or grid.column_name(at), extras)
            listed.append(FileColumn(unknown, None, "unknown"))
            extras[unknown] = at
    return Columns(tuple(listed), taken, extras)


def _unused(heading: str, extras: Mapping[str, int]) -> str:
    """The heading, numbered where another column of the same name is there already."""
    names = [heading, *(f"{heading} ({n})" for n in range(2, len(extras) + 3))]
    return next(name for name in names if name not in extras)


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def _tables_left_out(grids: Sequence[Grid], tables: Sequence[_Table]) -> Iterator[FileProblem]:
    used = [table.grid for table in tables]
    for grid in grids:
        if grid not in used and any(not row.is_blank for row in grid.rows):
            yield FileProblem(
                grid.name,
                "info",
                "This is not the plan and was left out.",
                "Nothing, unless it holds recommendations: then head its columns as the plan's.",
            )


def _several_in_one_cell(drafts: Sequence["_Draft"]) -> Iterator[FileProblem]:
    """A cell of several marked lines: what was parted, and what may have to be."""
    for action in (one for draft in drafts for one in draft.actions):
        lines = marked_lines(action.text("action"))
        if action.parted == 1:
            yield FileProblem(
                action.at.removesuffix(", line 1"),
                "info",
                "This cell holds several actions, each with its own date. We read each line as one.",
                "Check them.",
            )
        elif lines and len(action.text("timescale").split("\n")) > 1:
            yield FileProblem(
                action.at,
                "warning",
                f"This cell has {len(lines)} lines, and other numbers of lines beside it. We read it as one action.",
                "Give each action a row of its own if it is several.",
            )


def _initials_said(drafts: Sequence["_Draft"], initials: Mapping[str, str]) -> Iterator[FileProblem]:
    used: dict[str, str] = {}
    for draft in drafts:
        for part in (draft, *draft.actions):
            for name in (*split_leads(part.text("leads")), *split_leads(part.text("owners"))):
                if name in initials:
                    used.setdefault(name, part.at)
    for short, at in used.items():
        yield FileProblem(
            at,
            "info",
            f"“{short}” stands for “{initials[short]}”, by the list of initials in the file.",
            "Check it, and write the name in full in the file if it is another.",
        )


def _remarks(grids: Sequence[Grid]) -> Iterator[FileProblem]:
    for grid in grids:
        for says in grid.said:
            yield FileProblem(
                grid.name, "info", says, "Check that this is meant, and show it in the file if it is not."
            )


def _by_colour(tables: Sequence[_Table]) -> Iterator[FileProblem]:
    for table in tables:
        at = table.columns.fields.get("brag")
        rows = table.grid.rows[table.header + 1 :]
        words = [row.fills[at] for row in rows if at is not None and at in row.fills and not _cell(row, at)]
        if words and at is not None:
            yield FileProblem(
                f"{table.grid.name}, {table.grid.column_name(at)}",
                "info",
                f"{len(words)} ratings are a colour without a word. We read them as {', '.join(dict.fromkeys(words))}.",
                "Check them. Our own rating is worked out from status and dates.",
            )


def _column_problems(table: _Table) -> Iterator[FileProblem]:
    header, columns = table.grid.rows[table.header], table.columns
    for heading, at in columns.extras.items():
        yield FileProblem(
            f"{header.at}, {table.grid.column_name(at)}",
            "warning",
            f"We do not know the column “{heading}”.",
            "Its text is kept beside each row. Rename the column if it is one of the twelve.",
        )
    for column in columns.listed:
        if column.how == "guess" and column.field:
            meant = {**HEADINGS, **FURTHER_HEADINGS}[column.field]
            yield FileProblem(
                f"{header.at}, {table.grid.column_name(columns.fields[column.field])}",
                "info",
                f"We take the column “{column.heading}” as “{meant}”.",
                "Check it. Rename the column if it is another one.",
            )
    for name, heading in HEADINGS.items():
        if name not in columns.fields and not (table.above and name in {"number", "recommendation"}):
            yield FileProblem(
                header.at,
                "warning",
                f"There is no column for “{heading}”.",
                "Check the headings, or fill it in after the import.",
            )


def _what_is_missing(file: str) -> str:
    wanted = " and ".join(f"“{HEADINGS[name]}”" for name in NEEDED)
    return f"No table in {file} has columns for {wanted}: check that it is the plan and head its columns so."


# Rows -----------------------------------------------------------------------------------------------------


def _gather(table: _Table, drafts: list[_Draft]) -> Iterator[FileProblem]:
    """Put each row under the header where it belongs, adding to `drafts`."""
    rows, columns = table.grid.rows, table.columns
    headings = rows[table.header].cells if table.header >= 0 else None
    if table.above:
        _begin(table, drafts)
    for row in rows[table.header + 1 :]:
        # A header that is typed again on each page is no row of the plan.
        if row.is_blank or row.cells == headings:
            continue
        cells, extras = columns.cells(row), columns.extra_cells(row)
        if _is_remark(cells, extras):
            yield _left_out(row)
            continue
        if not drafts or _begins_recommendation(cells, drafts[-1]):
            drafts.append(_Draft(row.at))
        _add_row(row.at, cells, extras, drafts[-1])


def _begin(table: _Table, drafts: list[_Draft]) -> None:
    """Begin the recommendation that stands above a table; a table cut at a page's end goes on with the last one."""
    number, text = table.above or ("", "")
    if not drafts or drafts[-1].text("number") != number:
        at = table.grid.rows[table.header].at if table.grid.rows else table.grid.name
        drafts.append(_Draft(at, cells={"number": [number], "recommendation": [text]}))


def _is_remark(cells: dict[str, str], extras: dict[str, str]) -> bool:
    """A title or footer line among the rows: one cell, the first, and no number in it."""
    first = cells.get("number", "")
    others = sum(1 for text in (*cells.values(), *extras.values()) if text)
    return bool(first) and others == 1 and not _NUMBER.fullmatch(first)


def _left_out(row: GridRow) -> FileProblem:
    text = next(cell for cell in row.cells if cell)
    return FileProblem(
        row.at,
        "info",
        f"This line is no part of the table and was left out: “{text}”.",
        "Nothing, unless it belongs to the plan: then put it in its own column.",
    )


def _begins_recommendation(cells: dict[str, str], current: _Draft) -> bool:
    number, text = cells.get("number", ""), cells.get("recommendation", "")
    if number and _whole_number(number) != _whole_number(current.text("number")):
        return True
    if not text or current.starts_with("recommendation", text):
        return False
    # Without a number and an action, more words are the rest of the same recommendation.
    return bool(number or cells["action"] or not current.text("number"))


def _whole_number(text: str) -> str:
    """What "1", "1." and "1.2" have in common: the second figure numbers an action."""
    return _number(text).split(".")[0]


def _number(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    return match[1] if match else text


def _add_row(at: str, cells: dict[str, str], extras: dict[str, str], draft: _Draft) -> None:
    number = cells.get("number", "")
    if number:
        # "1.1" and then "1.2" in one recommendation: they number its actions.
        same = draft.cells.get("number", [number]) == [number]
        draft.cells["number"] = [number if same else _whole_number(number)]
    for name in OF_RECOMMENDATION:
        # A table that is filled down repeats the first row's cell on every row.
        if not draft.starts_with(name, cells.get(name, "")):
            draft.add(name, cells.get(name, ""))
    parts = side_by_side(cells, OF_ACTION) if cells["action"] else ()
    for line, part in enumerate(parts, start=1):
        one = _Draft(f"{at}, line {line}", parted=line)
        for name, text in part.items():
            one.add(name, text)
        draft.actions.append(one)
    if parts:
        cells = dict.fromkeys(cells, "")
    elif cells["action"]:
        draft.actions.append(_Draft(at))
        draft.actions[-1].add("action", cells["action"])
    # A row without an action continues the last one; before the first one its text has no place of its own.
    for name in OF_ACTION:
        if draft.actions:
            draft.actions[-1].add(name, cells.get(name, ""))
        else:
            draft.add_extra(name, cells.get(name, ""))
    for heading, text in extras.items():
        (draft.actions[-1] if cells["action"] or parts else draft).add_extra(heading, text)


# Records --------------------------------------------------------------------------------------------------


def _recommendation(draft: _Draft, place: int, plan_dated_on: date, initials: Mapping[str, str]) -> FileRecommendation:
    number = _number(draft.text("number")) or str(place)
    return FileRecommendation(
        number=number,
        text=draft.text("recommendation"),
        at=draft.at,
        leads=_in_full(draft.text("leads"), initials),
        monitoring=split_lines(draft.text("monitoring")),
        measures=split_lines(draft.text("measures")),
        partnership_focus=draft.text("partnership_focus"),
        link_plans=split_lines(draft.text("link_plans")),
        boards=split_boards(draft.text("boards")),
        impact=draft.text("impact"),
        extra=draft.extras(),
        actions=tuple(
            _action(action, f"{number}.{place}", plan_dated_on, initials)
            for place, action in enumerate(draft.actions, start=1)
        ),
    )


def _in_full(cell: str, initials: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(initials.get(name, name) for name in split_leads(cell))


def _action(draft: _Draft, ref: str, plan_dated_on: date, initials: Mapping[str, str]) -> FileAction:
    note, own_status = draft.text("note"), draft.text("status")
    reading = read_status(own_status or note)
    brag_text = draft.text("brag") or None
    return FileAction(
        ref=ref,
        text=draft.text("action"),
        timescale=read_timescale(_timescale(draft), plan_dated_on),
        at=draft.at,
        owners=_in_full(draft.text("owners"), initials),
        status_text=own_status or reading.status_text,
        status=reading.status,
        status_guessed=reading.guessed,
        completed_on=reading.completed_on,
        note=note,
        brag_text=brag_text,
        brag=read_brag(brag_text) if brag_text else None,
        evidence=draft.text("evidence") or None,
        extra=draft.extras(),
    )


def _timescale(draft: _Draft) -> str:
    """The words of the timescale; a column of revised ones makes them original and revised, as one cell would."""
    first, revised = draft.text("timescale"), draft.text("revised_timescale")
    if first and revised and " ".join(first.split()) != " ".join(revised.split()):
        return f"{first} (revised {revised})"
    return first or revised

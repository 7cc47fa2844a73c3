"""From grids of cells to a plan: which table it is, what its columns mean, where each recommendation begins.

Product rule: section 7. What is not recognised is kept in `extra` or named in a problem, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.readers import Grid, GridRow
from ilacs_app.intake.reader.shapes import initials_of, labelled, marked_lines, side_by_side
from ilacs_app.intake.reader.status_key import key_word, meant_by, status_key
from ilacs_app.intake.reader.tables import (
    ColumnsNotFound,
    Table,
    by_colour,
    column_problems,
    likely_table,
    plan_tables,
    remarks,
    tables_left_out,
    what_is_missing,
)
from ilacs_app.plan.parsing.statuses import StatusReading, read_brag, read_status
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.plan.plan_file import (
    OF_RECOMMENDATION,
    FileAction,
    FileColumn,
    FileProblem,
    FileRecommendation,
    split_boards,
    split_leads,
    split_lines,
)

OF_ACTION = ("ref", "timescale", "revised_timescale", "note", "owners", "status", "brag", "evidence")
_NUMBER = re.compile(r"(?:rec(?:ommendation)?\.? ?)?((?:[a-z]{1,3}[ .-]?)?\d{1,3}[a-z]?(?:[.-]\d{1,3})*)\.?", re.I)


@dataclass
class _Draft:
    """A recommendation or an action while its rows are being read: the pieces of each cell, row by row."""

    at: str
    cells: dict[str, list[str]] = field(default_factory=dict)
    extra: dict[str, list[str]] = field(default_factory=dict)
    actions: list[_Draft] = field(default_factory=list)
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
class Legend:
    """What a file explains beside its plan: what initials, and status words or colours, stand for."""

    initials: Mapping[str, str]
    key: Mapping[str, str]


@dataclass(frozen=True)
class MappedPlan:
    """What the plan's tables hold. `column_names` says where a field stands: {"timescale": "column G"}."""

    columns: tuple[FileColumn, ...]
    column_names: Mapping[str, str]
    recommendations: tuple[FileRecommendation, ...]
    problems: tuple[FileProblem, ...]
    key: Mapping[str, str]
    """The council's own status words and colours with what the file says that they mean."""


def map_plan(
    grids: Sequence[Grid], file: str, plan_dated_on: date, chosen: Mapping[str, str] | None = None
) -> MappedPlan:
    """Find the plan among a file's tables and read it; ``chosen`` as for ``plan_tables``.

    Raises NotAPlan where no table has the needed columns, or those that have them hold no recommendation, and
    ColumnsNotFound where one of the columns of a table may be the needed one.
    """
    tables = list(plan_tables(grids, chosen or {}))
    text = labelled(grids) if not tables else None
    if text:
        grids, tables = [text], list(plan_tables([text], chosen or {}))
    if not tables:
        likely = likely_table(grids, chosen or {})
        raise ColumnsNotFound(file, likely) if likely else NotAPlan(what_is_missing(file))
    first = tables[0]
    problems = [*tables_left_out(grids, tables), *remarks(grids), *column_problems(first), *by_colour(tables)]
    drafts: list[_Draft] = []
    for table in tables:
        problems += _gather(table, drafts)
    beside = [grid for grid in grids if grid not in [table.grid for table in tables]]
    initials, key = initials_of(beside), status_key(beside)
    legend = Legend(initials, {key_word(word): means for word, means in key.items()})
    problems += _several_in_one_cell(drafts)
    if not drafts:
        raise NotAPlan(f"The plan's table in {file} has headings but no rows: fill them in and try again.")
    refs, twice = _refs(drafts)
    return MappedPlan(
        first.columns.listed,
        {name: first.grid.column_name(at) for name, at in first.columns.fields.items()},
        tuple(
            _recommendation(draft, _own_number(draft, place), refs, plan_dated_on, legend)
            for place, draft in enumerate(drafts, start=1)
        ),
        (*problems, *twice, *_initials_said(drafts, initials)),
        key,
    )


def _several_in_one_cell(drafts: Sequence[_Draft]) -> Iterator[FileProblem]:
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


def _initials_said(drafts: Sequence[_Draft], initials: Mapping[str, str]) -> Iterator[FileProblem]:
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


def _gather(table: Table, drafts: list[_Draft]) -> Iterator[FileProblem]:
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


def _begin(table: Table, drafts: list[_Draft]) -> None:
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
    """What "1", "1." and "1.2" or "R1" and "R1/A2" have in common: the second figure numbers an action."""
    return re.split(r"[./]", _number(text))[0]


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
        draft.actions[-1].add("number", number)
    # A row without an action continues the last one; before the first one its text has no place of its own.
    for name in OF_ACTION:
        if draft.actions:
            draft.actions[-1].add(name, cells.get(name, ""))
        else:
            draft.add_extra(name, cells.get(name, ""))
    for heading, text in extras.items():
        (draft.actions[-1] if cells["action"] or parts else draft).add_extra(heading, text)


def _own_number(draft: _Draft, place: int) -> str:
    return _number(draft.text("number")) or str(place)


@dataclass(frozen=True)
class _Ref:
    """The reference of an action, and whether it is the council's own."""

    words: str
    own: bool


def _refs(drafts: Sequence[_Draft]) -> tuple[dict[str, _Ref], list[FileProblem]]:
    """The reference of each action, by its address: the council's own where the file has one, else it is counted."""
    refs: dict[str, _Ref] = {}
    kept: set[str] = set()
    twice: list[FileProblem] = []
    for place, draft in enumerate(drafts, start=1):
        number = _own_number(draft, place)
        for action in draft.actions:
            own = _own_ref(action, number)
            if own in kept:
                says = f"The reference {own} stands here and in an earlier row. We count this one anew."
                twice.append(FileProblem(action.at, "warning", says, "Give each action its own reference in the file."))
            elif own:
                refs[action.at] = _Ref(own, own=True)
                kept.add(own)
    for place, draft in enumerate(drafts, start=1):
        free = (ref for n in count(1) if (ref := f"{_own_number(draft, place)}.{n}"))
        for action, counted in zip(draft.actions, free, strict=False):
            if action.at not in refs:
                unused = counted if counted not in kept else next(ref for ref in free if ref not in kept)
                refs[action.at] = _Ref(unused, own=False)
    return refs, twice


def _own_ref(action: _Draft, number: str) -> str:
    """A reference in a column of its own, or "3.4a" in the column of numbers where the recommendation is number 3."""
    beside = action.text("number")
    return " ".join(action.text("ref").split()) or (
        beside if _number(beside) != number and _whole_number(beside) == number else ""
    )


def _recommendation(
    draft: _Draft, number: str, refs: Mapping[str, _Ref], plan_dated_on: date, legend: Legend
) -> FileRecommendation:
    return FileRecommendation(
        number=number,
        text=draft.text("recommendation"),
        at=draft.at,
        leads=_in_full(draft.text("leads"), legend.initials),
        monitoring=split_lines(draft.text("monitoring")),
        measures=split_lines(draft.text("measures")),
        partnership_focus=draft.text("partnership_focus"),
        link_plans=split_lines(draft.text("link_plans")),
        boards=split_boards(draft.text("boards")),
        impact=draft.text("impact"),
        extra=draft.extras(),
        actions=tuple(_action(action, refs[action.at], plan_dated_on, legend) for action in draft.actions),
    )


def _in_full(cell: str, initials: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(initials.get(name, name) for name in split_leads(cell))


def _action(draft: _Draft, ref: _Ref, plan_dated_on: date, legend: Legend) -> FileAction:
    note, own_status = draft.text("note"), draft.text("status")
    brag_text = draft.text("brag") or None
    reading = _status(own_status or note, own_status or brag_text or "", legend.key)
    return FileAction(
        ref=ref.words,
        own_ref=ref.own,
        text=draft.text("action"),
        timescale=read_timescale(_timescale(draft), plan_dated_on),
        at=draft.at,
        owners=_in_full(draft.text("owners"), legend.initials),
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


def _status(words: str, coloured: str, key: Mapping[str, str]) -> StatusReading:
    """What the words say; where they say nothing, what the file's own key says of the word or colour, as a guess."""
    reading = read_status(words)
    meaning = key.get(key_word(coloured)) if reading.status is None else None
    status = meant_by(meaning) if meaning else None
    return StatusReading(reading.status_text, status, guessed=True) if status else reading


def _timescale(draft: _Draft) -> str:
    """The words of the timescale; a column of revised ones makes them original and revised, as one cell would."""
    first, revised = draft.text("timescale"), draft.text("revised_timescale")
    if first and revised and " ".join(first.split()) != " ".join(revised.split()):
        return f"{first} (revised {revised})"
    return first or revised

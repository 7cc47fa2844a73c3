"""A row's cells added to its recommendation and its actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ilacs_app.intake.reader.contents.document import EMPTY, Cell, visible
from ilacs_app.intake.reader.layout.matrix import Line
from ilacs_app.intake.reader.rows.doubts import read_as_above
from ilacs_app.intake.reader.rows.drafts import Gathered, ItemCells, whole_number_of
from ilacs_app.intake.reader.rows.lines import (
    PER_LINE,
    Part,
    as_in_row_above,
    several,
    with_date_of_people,
    with_labelled_lines,
)
from ilacs_app.intake.reader.rows.table import PlanTable
from ilacs_app.plan.plan_file import OF_RECOMMENDATION

_OF_ACTION = ("ref", "timescale", "revised_timescale", "note", "owners", "status", "brag", "evidence", "done_on")


def add_row(
    row: Line, cells: dict[str, Cell], extras: Mapping[str, str], table: PlanTable, draft: ItemCells, made: Gathered
) -> bool:
    """Add a row's cells to a recommendation and its actions. Returns whether the row holds an action."""
    before = next((item.actions[-1] for item in (draft, *made.drafts[::-1]) if item.actions), None)
    cells, as_above = as_in_row_above(cells, before.cells if before else {})
    made.problems += [read_as_above(row, table, name, cells[name]) for name in sorted(as_above)]
    cells, dated_by_people = with_date_of_people(cells, table.near)
    cells = with_labelled_lines(cells, table.near)
    _add_to_recommendation(cells, table, draft)
    beside = {name: cells[name] for name in PER_LINE if name in cells}
    parts = several(cells["action"], beside, table.near, dates_alone=table.has_our_headings)
    acts = bool(parts) or not cells["action"].is_blank
    if parts:
        draft.actions += _actions_of_lines(row, parts, cells, table)
    elif acts:
        doubtful = {*row.unsure, *as_above, *["timescale"] * dated_by_people}
        draft.actions.append(_action_of_row(row, cells, table, doubtful))
    if not parts:
        _rest_of_row(cells, draft)
    of_action = acts or cells.get("recommendation", EMPTY).is_blank
    for heading, text in extras.items():
        (draft.actions[-1] if of_action and draft.actions else draft).add_extra(heading, text)
    return acts


def _add_to_recommendation(cells: Mapping[str, Cell], table: PlanTable, draft: ItemCells) -> None:
    """Add the cells of a row that speak of its recommendation."""
    number = cells.get("number", EMPTY)
    if visible(number.live):
        # "1.1" and then "1.2" in one recommendation: they number its actions.
        same = draft.text("number") in ("", number.live.strip()) and not table.numbers_have_levels
        draft.cells["number"] = [number if same else Cell(whole_number_of(number.live))]
    for name in OF_RECOMMENDATION:
        # A table that is filled down repeats the first row's cell on every row.
        cell = cells.get(name, EMPTY)
        own = name == "leads" and (draft.led_above or (table.is_of_cards and bool(cells["action"].live)))
        if visible(cell.live) and not own and not _is_repeated(draft, name, cell):
            draft.add(name, cell)


def _actions_of_lines(
    row: Line, parts: Sequence[Part], cells: Mapping[str, Cell], table: PlanTable
) -> Iterator[ItemCells]:
    """The actions that a cell lists line by line, each with its part of the cells beside it."""
    for n, part in enumerate(parts, start=1):
        action = ItemCells(
            f"{row.at}, line {n}",
            places=table.places,
            headings=table.headings,
            parted=n,
            of=len(parts),
            doubtful=set(part.doubtful),
        )
        for name, cell in part.cells.items():
            if name != "leads":
                action.add(name, cell)
        _lead_of_row(action, {**cells, **({"leads": part.cells["leads"]} if "leads" in part.cells else {})})
        yield action


def _action_of_row(row: Line, cells: Mapping[str, Cell], table: PlanTable, doubtful: set[str]) -> ItemCells:
    """The one action of a row; its other cells are added by ``_rest_of_row``."""
    action = ItemCells(row.at, places=table.places, headings=table.headings, doubtful=doubtful)
    action.add("action", cells["action"])
    action.add("number", cells.get("number", EMPTY))
    _lead_of_row(action, cells)
    action.leads_itself = table.is_of_cards
    action.struck = table.is_struck_out(row)
    return action


def _is_repeated(draft: ItemCells, name: str, cell: Cell) -> bool:
    """Return whether a cell repeats what the recommendation has: its first piece, or for leads and boards any piece."""
    text = cell.live.strip()
    if name in {"leads", "boards"}:
        return any(piece.live.strip() == text for piece in draft.cells.get(name, ()))
    return bool(draft.cells.get(name)) and draft.starts_with(name, text)


def _lead_of_row(action: ItemCells, cells: Mapping[str, Cell]) -> None:
    """Keep who leads this row: where leads change from action to action, they own the actions."""
    if "leads" in cells and "owners" not in cells and visible(cells["leads"].live):
        action.cells["row lead"] = [cells["leads"]]


def _rest_of_row(cells: Mapping[str, Cell], draft: ItemCells) -> None:
    # A row without an action continues the last one; before the first one its text has no place of its own.
    for name in _OF_ACTION:
        cell = cells.get(name, EMPTY)
        if draft.actions:
            draft.actions[-1].add(name, cell)
        elif visible(cell.live):
            draft.add_extra(name, cell.live.strip())

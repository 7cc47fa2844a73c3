"""What is asked of rows that may be read in another way: lines alone in their row, cells of several actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ilacs_app.intake.reader.columns.traits import begins_an_action
from ilacs_app.intake.reader.contents.document import Cell
from ilacs_app.intake.reader.layout.matrix import Context, Line
from ilacs_app.intake.reader.layout.tables.numbers import numbered
from ilacs_app.intake.reader.rows.above import Above
from ilacs_app.intake.reader.rows.drafts import Gathered, ItemCells
from ilacs_app.intake.reader.rows.lines import (
    listed_lines,
)
from ilacs_app.intake.reader.rows.table import PlanTable
from ilacs_app.plan.plan_file import FileProblem

LEAST_FILLED, USUALLY_BEGIN = 3, 0.8


def owner_line(row: Line, text: str) -> FileProblem:
    return FileProblem(
        row.at,
        "warning",
        f"This line holds only “{quoted(text)}”. We read it as the owner of the actions below it.",
        "Check the owners of these actions.",
        kind="layout_guess",
    )


def may_be_heading(row: Line, table: PlanTable) -> bool:
    """Return whether a row is an action's cell alone, among fuller rows, and reads less like an action than theirs."""
    if len(row.filled) != 1 or row.over or row.filled[0] != table.explanation.fields["action"]:
        return False
    rows = [each for each in table.explanation.frame.rows if not each.is_blank]
    at = next((n for n, each in enumerate(rows) if each is row), len(rows))
    if at + 1 >= len(rows) or len(rows[at + 1].filled) < LEAST_FILLED or table.usually_filled < LEAST_FILLED:
        return False
    cell = row.cells[row.filled[0]]
    others = [each.cell(row.filled[0]) for each in rows if len(each.filled) >= LEAST_FILLED]
    looks_other = any(
        own and not any(theirs)
        for own, theirs in (
            (bool(numbered(cell.live).number), [bool(numbered(other.live).number) for other in others]),
            (cell.bold, [other.bold for other in others]),
            (cell.columns > 1, [other.columns > 1 for other in others]),
            (bool(cell.fill), [bool(other.fill) for other in others]),
        )
    )
    begin = sum(begins_an_action(other.live) for other in others)
    return looks_other or (begin >= USUALLY_BEGIN * len(others) and not begins_an_action(cell.live))


def may_head_rows(row: Line) -> FileProblem:
    return FileProblem(
        row.at,
        "warning",
        "This line is alone in its row. We read it as an action, but it may be the heading of the rows below it.",
        "Check it. If it is the recommendation of the rows below, put it in a column of its own.",
        kind="layout_guess",
    )


def below_left_out_line(row: Line) -> FileProblem:
    return FileProblem(
        row.at,
        "warning",
        f"We left out the line “{quoted(row.left_out_above)}” above this row. If it names a recommendation, this "
        "action belongs to it.",
        "Check which recommendation this action is under.",
        kind="layout_guess",
    )


def quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:119]}…"


def kept_as_section(across: Context) -> FileProblem:
    return FileProblem(
        across.at,
        "info",
        f"This line goes across the table: “{quoted(across.text)}”. It is kept beside the recommendations below it.",
        "No action needed, unless it names a recommendation: then move it to its own column.",
        kind="section",
    )


def doubts_across(row: Line, named: Above, made: Gathered) -> Iterator[FileProblem]:
    """Report the lines across above a row that may be something else than the recommendation or its theme."""
    reported = {problem.at for problem in made.problems if problem.kind == "layout_guess"}
    for context in row.context:
        if context.kind != "across" or not context.doubted or context.at in reported or named.kind != "across":
            continue
        if context.at == named.at:
            says = (
                "This line is alone in its row. We read it as the recommendation of the rows below it, but it may be "
            )
            says += "an action without a date."
            do = "Check it. If it is an action, fill in its other cells and import the file again."
        else:
            says = "This line is directly above another one. We read it as a theme, but it may be a recommendation "
            says += "without actions."
            do = "Check it. If it is a recommendation, number the recommendations and import the file again."
        yield FileProblem(context.at, "warning", says, do, kind="layout_guess")


def read_as_above(row: Line, table: PlanTable, name: str, cell: Cell) -> FileProblem:
    return FileProblem(
        f"{row.at}, {table.places[name]}",
        "info",
        f"This cell refers to the row above, so we read it as “{quoted(cell.live)}”.",
        "Check it.",
        kind="as_above",
    )


def several_in_one_cell(drafts: Sequence[ItemCells]) -> Iterator[FileProblem]:
    """Report cells of several lines: those that were split, and those that may need it."""
    for action in (action for draft in drafts for action in draft.actions):
        lines = listed_lines(action.cells["action"][0]) if action.cells.get("action") else ()
        if action.parted == 1:
            shared = " Each has all the people beside them." if "owners" in action.doubtful else ""
            yield FileProblem(
                action.at.removesuffix(", line 1"),
                "warning" if shared else "info",
                f"This cell holds several actions. We read each of its {action.of} lines as one, with the cells "
                f"beside it.{shared}",
                "Check them.",
                kind="several_in_a_cell",
            )
        elif not action.parted and len(lines) > 1 and not _several_beside(action):
            yield FileProblem(
                action.at,
                "info",
                f"This cell lists {len(lines)} things to do. We read them as one action, with one date and one status.",
                "If they are separate actions, give each its own row.",
                kind="several_in_a_cell",
            )
        elif not action.parted and lines:
            yield FileProblem(
                action.at,
                "warning",
                f"This cell has {len(lines)} lines, and the cells beside it have a different number. "
                "We read it as one action.",
                "If it is several actions, give each its own row.",
                kind="several_in_a_cell",
            )


def lists_several(action: ItemCells) -> bool:
    """Return whether the cell of an action lists several things to do that could not be parted."""
    return not action.parted and bool(action.cells.get("action")) and bool(listed_lines(action.cells["action"][0]))


def _several_beside(action: ItemCells) -> bool:
    return any(len(action.text(name).split("\n")) > 1 for name in ("timescale", "status", "note", "owners"))

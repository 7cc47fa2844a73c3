"""The rows of the plan's tables as partly built recommendations and actions, with each cell in its field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ilacs_app.intake.reader.contents.document import EMPTY, Cell, visible
from ilacs_app.intake.reader.layout.explanations.explanation import Explanation
from ilacs_app.intake.reader.layout.matrix import Line, RowRole
from ilacs_app.intake.reader.rows.above import source_of
from ilacs_app.intake.reader.rows.actions import add_row
from ilacs_app.intake.reader.rows.doubts import (
    below_left_out_line,
    may_be_heading,
    may_head_rows,
    owner_line,
    read_as_above,
)
from ilacs_app.intake.reader.rows.drafts import Gathered, words_alone
from ilacs_app.intake.reader.rows.lines import is_ditto, without_continued
from ilacs_app.intake.reader.rows.recommendations import begin_above, begin_recommendation
from ilacs_app.intake.reader.rows.remarks import (
    action_like_its_recommendation,
    comments_of,
    is_remark,
    left_out_line,
    row_of_recommendation,
    unknown_cells,
)
from ilacs_app.intake.reader.rows.table import PlanTable, plan_table
from ilacs_app.plan.plan_file import FileProblem


def gather(plan: Sequence[Explanation], near: date) -> Gathered:
    """Put every row of the plan's tables under the recommendation and the action where it belongs."""
    made = Gathered()
    sources = source_of(plan)
    for n, explanation in enumerate(plan):
        table = plan_table(explanation, plan, source=sources.get(n), near=near)
        roles = made.roles.setdefault(explanation.frame.matrix.grid, {})
        roles.update({role.index: role for role in explanation.frame.roles})
        rows, owner_lines = _below_owner_lines([row for row in explanation.frame.rows if not row.is_blank], table)
        made.problems += owner_lines
        if table.source == "across":
            rows = sorted([*rows, *explanation.frame.bare], key=lambda row: row.index)
        last = max((k for k, row in enumerate(rows) if not table.cells(row)["action"].is_blank), default=-1)
        for k, row in enumerate(rows):
            role = _row(row, table, made, below=-1 < last < k)
            if role is not None and row.index >= 0:
                roles[row.index] = role
        made.problems += [FileProblem(at, "info", says, do) for at, says, do in explanation.frame.remarks]
    return made


def _below_owner_lines(rows: Sequence[Line], table: PlanTable) -> tuple[list[Line], list[FileProblem]]:
    """The rows with the owners that a line of its own names above them, where their own cells are blank."""
    fields = table.explanation.fields
    place = fields.get("owners", fields.get("leads"))
    if place is None:
        return list(rows), []
    lines: list[Line] = []
    problems: list[FileProblem] = []
    owner: Cell | None = None
    for n, row in enumerate(rows):
        following = rows[n + 1] if n + 1 < len(rows) else None
        heads = following is not None and not following.seen(fields["action"]).is_blank
        if row.filled == [place] and heads and following is not None and following.seen(place).is_blank:
            owner = row.cells[place]
            problems.append(owner_line(row, owner.live))
            continue
        if owner is not None and row.seen(place).is_blank and not row.cell(fields["action"]).is_blank:
            row = replace(row, cells=(*row.cells[:place], owner, *row.cells[place + 1 :]))
        lines.append(row)
    return lines, problems


def _row(row: Line, table: PlanTable, made: Gathered, *, below: bool) -> RowRole | None:
    if row.is_blank:
        begin_above(row, table, made)
        return None
    cells, extras = table.cells(row), table.extra_cells(row)
    if is_remark(row, cells, extras, below=below):
        text = next(cell.live for cell in row.cells if not cell.is_blank)
        made.left.append(text)
        made.problems.append(left_out_line(row.at, text))
        return RowRole(row.index, "left_out", "this line is not part of the table")
    if (unknown := unknown_cells(row, table)) is not None:
        made.problems += unknown
        if cells["action"].unknown:
            return RowRole(row.index, "left_out", "its action is a formula without a stored result")
    if _names_itself(row, table):
        if not _continues_it(row, table, made):
            made.problems.append(row_of_recommendation(row))
            return RowRole(row.index, "left_out", "it is the recommendation of other rows")
        made.problems.append(action_like_its_recommendation(row))
    cells = _without_continued(_without_dittos(row, cells, table, made))
    begun = begin_recommendation(row, cells, table, made)
    draft = made.drafts[made.current] if begun is None else begun
    acted = add_row(row, cells, extras, table, draft, made)
    made.problems += comments_of(row, table)
    new = begun is not None and begun.at == row.at
    if acted and (row.may_head or may_be_heading(row, table)):
        draft.unsure = True
        made.problems.append(may_head_rows(row))
    elif acted and row.left_out_above:
        draft.unsure = True
        made.problems.append(below_left_out_line(row))
    if acted:
        return RowRole(row.index, "action", "its recommendation begins here" if new else "")
    return RowRole(row.index, "recommendation" if new else "continues")


def _without_dittos(row: Line, cells: dict[str, Cell], table: PlanTable, made: Gathered) -> dict[str, Cell]:
    """The cells of a row, with a blank for a recommendation or number that only says "as above"."""
    dittos = [name for name in ("number", "recommendation") if is_ditto(cells.get(name, EMPTY)) and made.drafts]
    current = made.drafts[made.current] if made.drafts else None
    made.problems += [
        read_as_above(row, table, name, Cell(current.text(name))) for name in dittos if current and current.text(name)
    ]
    return {name: EMPTY if name in dittos else cell for name, cell in cells.items()}


def _without_continued(cells: dict[str, Cell]) -> dict[str, Cell]:
    """The cells of a row, with "(continued)" left out, and the number too where the row goes on with the one above."""
    changed = dict(cells)
    for name in ("number", "ref", "recommendation"):
        text = visible(cells.get(name, EMPTY).live)
        bare = without_continued(text, is_number=name != "recommendation")
        if bare != text:
            goes_on = name != "recommendation" and cells["action"].is_blank
            changed[name] = EMPTY if goes_on else Cell(bare)
    return changed


def _names_itself(row: Line, table: PlanTable) -> bool:
    """Return whether a row without a recommendation has, as its action, the recommendation of other rows.

    A task board lists what holds its tasks as a row among them.
    """
    fields = table.explanation.fields
    if "recommendation" not in fields or not row.seen(fields["recommendation"]).is_blank:
        return False
    text = words_alone(row.cell(fields["action"]).live)
    return bool(text) and text in table.recommendations


def _continues_it(row: Line, table: PlanTable, made: Gathered) -> bool:
    """Return whether a row that names itself is below that recommendation and holds more than its text.

    Some plans repeat what is recommended as an action.
    """
    text = words_alone(row.cell(table.explanation.fields["action"]).live)
    below = bool(made.drafts) and words_alone(made.drafts[made.current].text("recommendation")) == text
    return below and len(row.filled) > 1

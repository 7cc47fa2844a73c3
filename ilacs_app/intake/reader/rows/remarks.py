"""Rows and cells that are not part of a plan: totals, footers, comments, and formulas without a result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ilacs_app.intake.reader.columns.traits import begins_an_action
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import Line
from ilacs_app.intake.reader.rows.doubts import quoted
from ilacs_app.intake.reader.rows.drafts import is_bare_number
from ilacs_app.intake.reader.rows.table import PlanTable
from ilacs_app.intake.reader.status_key import is_key_line
from ilacs_app.plan.plan_file import FileProblem

LONGEST_COMMENT = 200


_ONE_FIGURE = r"(?:[\d.,]*\d ?%?|\d+ ?(?:/|of|out of) ?\d+)(?: [a-z]+){0,2}"
_FIGURE = re.compile(rf"{_ONE_FIGURE}(?:(?:[,;/\n]| and) ?{_ONE_FIGURE})*", re.IGNORECASE)
"""What a sum says: "12", "45%", "3 of 9", "2 actions", "1 green, 4 amber"."""


_FOOTER = re.compile(
    r"\b(?:prepared|updated|version|page \d|key|notes?|source|total|rag|brag|signed|produced|approved|end of|made by"
    r"|last saved|official|copyright|contact)\b",
    re.IGNORECASE,
)


def _is_total(row: Line) -> bool:
    """Return whether a row counts the others: words such as "Total actions", and nothing but numbers beside them.

    A sum that was never worked out is a number too.
    """
    first, *others = [cell for cell in row.cells if cell.unknown or not cell.is_blank] or [EMPTY]
    counts = all(cell.unknown or _FIGURE.fullmatch(visible(cell.live)) for cell in others)
    return bool(others) and is_furniture(visible(first.live)) and counts


def comments_of(row: Line, table: PlanTable) -> Iterator[FileProblem]:
    """Report what people wrote beside the cells of a row: it may change what they say."""
    for place in range(len(table.explanation.frame.names)):
        for note in row.cell(place).notes:
            yield FileProblem(
                f"{row.at}, {table.explanation.frame.names[place]}",
                "warning",
                f"A comment on this cell says “{_one_line(note)}”. We do not import comments.",
                "Check whether it changes what the cell says.",
                kind="comment",
            )


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_COMMENT else f"{line[: LONGEST_COMMENT - 1]}…"


def is_remark(row: Line, cells: Mapping[str, Cell], extras: Mapping[str, str], *, below: bool) -> bool:
    """A title or footer line among the rows: its words are alone where a number, or an action's words, would."""
    if _is_total(row) or (row.is_total and not begins_an_action(cells["action"].live)):
        return True
    if is_key_line([visible(row.cells[place].live) for place in row.filled]):
        return True
    if len(row.filled) != 1:
        return False
    if is_furniture(row.cells[row.filled[0]].live):
        return True
    name = next((name for name, cell in cells.items() if not cell.is_blank), "")
    text = row.cells[row.filled[0]].live
    if name in {"number", "ref"} or (not name and row.filled[0] == 0):
        return not is_bare_number(text)
    across = row.cells[row.filled[0]].columns > max(2, len(row.cells) // 2)
    if name in {"recommendation", "action"} and (below or name == "action"):
        return below and (row.after_gap or bool(_FOOTER.search(text)) or across)
    return False


def left_out_line(at: str, text: str) -> FileProblem:
    return FileProblem(
        at,
        "info",
        f"This line is not part of the table and was left out: “{quoted(text)}”.",
        "No action needed, unless it belongs in the plan.",
        kind="left_out",
    )


def unknown_cells(row: Line, table: PlanTable) -> list[FileProblem] | None:
    """Formulas that no one worked out, and cells that show an error, named one by one; None if there are none."""
    problems = []
    for n, cell in enumerate(row.cells):
        if not (cell.unknown or cell.error) or n >= len(table.explanation.frame.names):
            continue
        at = f"{row.at}, {table.explanation.frame.names[n]}"
        action = table.explanation.fields.get("action") == n
        if cell.unknown:
            says = "This cell is a formula and the file does not hold its result, so we cannot read it."
            do = "Open the file in Excel, save it, and import it again."
        else:
            says, do = f"This cell shows the error {cell.error}.", "Correct it in the file, and import it again."
        problems.append(
            FileProblem(at, "error" if action and cell.unknown else "warning", says, do, kind="unknown_cell")
        )
    return problems or None


def action_like_its_recommendation(row: Line) -> FileProblem:
    return FileProblem(
        row.at,
        "warning",
        "This action has the same words as its recommendation.",
        "Check that this row is an action. If it is not, leave it out of the file.",
    )


def row_of_recommendation(row: Line) -> FileProblem:
    return FileProblem(
        row.at,
        "info",
        "This row is the recommendation of other rows, so it is not read as an action.",
        "No action needed, unless it is an action too.",
        kind="left_out",
    )

"""The one way from a council's plan file to a plan, for the command line and the web import alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from ilacs_app.intake.reader.choices import Reading
from ilacs_app.intake.reader.columns.assignment import Taken
from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.columns.headings import heading_evidence
from ilacs_app.intake.reader.contents.document import Document, Grid, Row
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.explain import SHOWN_ROWS, Explained, ExplainedColumn, ExplainedGrid, ExplainedRow
from ilacs_app.intake.reader.layout.explanations.explanation import Explanation, speaks_against
from ilacs_app.intake.reader.layout.explanations.selection import left_out, the_plan
from ilacs_app.intake.reader.layout.explanations.together import explain_all
from ilacs_app.intake.reader.layout.matrix import RowRole, opening_words
from ilacs_app.intake.reader.layout.referred import with_recommendations
from ilacs_app.intake.reader.layout.sections import matrices_of, text_matrices
from ilacs_app.intake.reader.problems import (
    by_colour,
    column_problems,
    month_before_day,
    remarks,
    second_layout,
    tables_left_out,
)
from ilacs_app.intake.reader.rows.doubts import several_in_one_cell
from ilacs_app.intake.reader.rows.drafts import Gathered
from ilacs_app.intake.reader.rows.gather import gather
from ilacs_app.intake.reader.rows.leftovers import footnotes, leftovers
from ilacs_app.intake.reader.status_key import legend_of
from ilacs_app.intake.reader.values import facts_of, values_of
from ilacs_app.plan.plan_file import FileColumn, FileProblem, FileSource

OF_THE_PLAN = frozenset({"action", "recommendation"})
"""What a row of a table is read as where it is no key: "Red" beside an action explains no colour."""
SHOWN_COLUMNS, LONGEST_SHOWN = 20, 100


class ColumnsNotFound(NotAPlan):
    """A table that may be the plan has no column that we take for actions, so someone has to say which one it is."""

    def __init__(self, file: str, table: Explanation) -> None:
        self.columns = _columns(table)
        self.column_names = {
            name: table.frame.names[place] for name, place in table.fields.items() if name != "done_on"
        }
        self.explained = Explained(
            (_explained_grid(table, (), is_plan=False, why="no column is known as the actions"),)
        )
        there = [f"“{column.heading[:LONGEST_SHOWN]}”" for column in self.columns]
        more = f" and {len(there) - SHOWN_COLUMNS} more" if len(there) > SHOWN_COLUMNS else ""
        super().__init__(
            f"We did not recognise an “Action” column in {file}. The columns of {table.frame.head_at} are "
            f"{', '.join(there[:SHOWN_COLUMNS])}{more}: say which one it is, or rename it."
        )
        self.problem = FileProblem(
            table.frame.head_at,
            "error",
            "We did not recognise an “Action” column, so no row was read.",
            "Choose which column it is. If no column holds it, add one to the file.",
        )


def plan_from(
    document: Document,
    dated_on: date,
    *,
    columns: Mapping[str, str] | None = None,
    evidence: EvidenceKinds | None = None,
) -> Reading:
    """Read a document as a plan; `columns` are headings with the fields that someone chose, "" for beside the plan.

    Raises NotAPlan where nothing in it looks like a list of actions, and ColumnsNotFound where one of the columns
    of a table may be the actions but nothing says which.
    """
    plan, tables = _plan_and_tables(document, dated_on, columns or {}, evidence or EvidenceKinds())
    made = gather(plan, dated_on)
    if not any(draft.actions or draft.text("recommendation") for draft in made.drafts):
        raise NotAPlan(
            f"The plan's table in {document.name} has headings, but no row names a recommendation or an action: fill "
            "them in and try again."
        )
    legend = legend_of(document, _beside(document, plan, made), made.left)
    facts = facts_of(made.drafts, dated_on, document.epoch, legend)
    values = values_of(made.drafts, facts)
    problems = [
        *tables_left_out(tables, plan),
        *remarks(document),
        *column_problems(plan),
        *second_layout(plan),
        *by_colour(plan),
        *(month_before_day(plan) if facts.month_first else ()),
        *made.problems,
        *several_in_one_cell(made.drafts),
        *values.problems,
    ]
    problems += footnotes(plan, document)
    problems += [*leftovers(plan, values.recommendations, problems)]
    return Reading(
        source_of_file(document.name),
        _all_columns(plan),
        values.recommendations,
        tuple(problems),
        {name: plan[0].frame.names[place] for name, place in plan[0].fields.items() if name != "done_on"},
        legend.key_as_written,
        explanation_of(document, tables, plan, made),
    )


def _plan_and_tables(
    document: Document, dated_on: date, chosen: Mapping[str, str], evidence: EvidenceKinds
) -> tuple[list[Explanation], list[Explanation]]:
    """The tables of the plan, and every table of the file as it was read; NotAPlan where none is the plan's."""
    tables = explain_all(matrices_of(document, dated_on, stacks=evidence.layout), dated_on, chosen, evidence)
    plan = the_plan(tables)
    if evidence.layout:
        plan, tables = _or_text(document, dated_on, chosen, evidence, plan, tables)
    if not plan:
        raise _no_plan(document, tables)
    if not evidence.layout:
        return plan, tables
    whole = with_recommendations(plan, document)
    tables = [next((new for old, new in zip(plan, whole, strict=True) if old is table), table) for table in tables]
    return whole, tables


def source_of_file(name: str) -> FileSource:
    """The source that a reading names, from the file's own name."""
    return FileSource(name, Path(name).suffix.lower().removeprefix("."))


def _or_text(
    document: Document,
    dated_on: date,
    chosen: Mapping[str, str],
    evidence: EvidenceKinds,
    plan: list[Explanation],
    tables: list[Explanation],
) -> tuple[list[Explanation], list[Explanation]]:
    """The plan in the paragraphs of a document, where no table holds one as good."""
    text = explain_all(text_matrices(document, dated_on), dated_on, chosen, evidence)
    likely = the_plan(text)
    strength = max((table.strength() for table in likely), default=0.0)
    if likely and strength > max((table.strength() for table in plan), default=0.0) + 4.0:
        return likely, [*tables, *text]
    if likely and (not plan or _lays_out(plan, likely)):
        return likely, [*tables, *text]
    return plan, tables


def _lays_out(plan: Sequence[Explanation], lists: Sequence[Explanation]) -> bool:
    """Return whether the tables taken for the plan only lay out lists on a page, with several lines in each cell."""
    lines = [row.at for table in lists for row in table.frame.rows]
    return all(
        sum(at.startswith(f"{table.frame.matrix.at}, ") for at in lines) > len(table.frame.rows) for table in plan
    )


def _no_plan(document: Document, tables: Sequence[Explanation]) -> NotAPlan:
    file = document.name
    likely = [
        table
        for table in tables
        if len(table.frame.headings) >= 3 and table.frame.head_rows and len(table.frame.rows) > 0
    ]
    likely = [table for table in likely if speaks_against(table) < 4 and table.frame.quality > 0]
    known = [table for table in tables if {"recommendation", "action"} <= set(table.fields)]
    if not known and _only_headings(document):
        return NotAPlan(f"The plan's table in {file} has headings but no rows: fill them in and try again.")
    if likely:
        return ColumnsNotFound(file, max(likely, key=lambda table: (table.strength(), len(table.frame.headings))))
    if not any(grid.rows for grid in document.grids):
        return NotAPlan(
            f"{file} has no table and no list of actions: check that it is the plan, and put its actions in a table."
        )
    return NotAPlan(
        f"No table in {file} has columns for “Recommendation” and “Action”: check that it is the plan and give it "
        "these column headings."
    )


def _only_headings(document: Document) -> bool:
    """Return whether a table is a row of known headings with nothing but titles above it, and no row below."""
    for grid in document.grids:
        filled = [row for row in grid.rows if not row.is_blank]
        if not filled or any(_size(row) > 1 for row in filled[:-1]):
            continue
        known = [heading_evidence(cell.live).known for cell in filled[-1].cells if not cell.is_blank]
        if sum(known_as in {"own", "phrase"} for known_as in known) >= 2:
            return True
    return False


def _size(row: Row) -> int:
    """Count the cells of a row that say something."""
    return sum(not cell.is_blank for cell in row.cells)


def _beside(document: Document, plan: Sequence[Explanation], made: Gathered) -> list[Grid]:
    """The tables beside the plan, and the rows of its sheets that hold none of it."""
    used = {table.frame.matrix.grid for table in plan}
    read = {
        row.at
        for table in plan
        for row in table.frame.rows
        if (role := made.roles.get(table.frame.matrix.grid, {}).get(row.index)) and role.role in OF_THE_PLAN
    }
    apart = [grid for n, grid in enumerate(document.grids) if n not in used]
    shared = [grid for n, grid in enumerate(document.grids) if n in used]
    return apart + [replace(grid, rows=tuple(row for row in grid.rows if row.at not in read)) for grid in shared]


def _all_columns(plan: Sequence[Explanation]) -> tuple[FileColumn, ...]:
    """The columns of every kind of table, each heading once."""
    columns: dict[str, FileColumn] = {}
    for table in plan:
        for column in _columns(table):
            if column.heading not in columns:
                columns[column.heading] = column
    return tuple(columns.values())


def _columns(table: Explanation) -> tuple[FileColumn, ...]:
    columns = []
    for place, (heading, taken) in enumerate(zip(table.names, table.assignment.taken, strict=True)):
        if taken.field or table.frame.headings[place] or not table.columns[place].column.is_empty:
            twins = [name for name, _ in table.frame.twins[place]] if table.frame.twins else []
            columns += [
                FileColumn(name, taken.field, taken.how, round(taken.certainty, 2), taken.why)
                for name in (heading, *twins)
            ]
    return tuple(columns)


# What everything was taken for ------------------------------------------------------------------------------


def explanation_of(
    document: Document, tables: Sequence[Explanation], plan: Sequence[Explanation], made: Gathered
) -> Explained:
    """Every grid with its rows and columns; of what is not the plan only that it was left out."""
    grids = []
    for table in tables:
        is_plan = any(table is each for each in plan)
        roles = made.roles.get(table.frame.matrix.grid, {})
        if is_plan:
            why = f"read as {table.frame.layout}"
            grids.append(_explained_grid(table, tuple(roles.values()), is_plan=True, why=why, document=document))
            continue
        because = left_out(table, plan)
        grid = _explained_grid(table, (), is_plan=False, why=because.why, document=document)
        grids.append(replace(grid, begins=opening_words(table.frame.matrix), do=because.do))
    return Explained(tuple(grids))


def _explained_grid(
    table: Explanation, roles: Sequence[RowRole], *, is_plan: bool, why: str, document: Document | None = None
) -> ExplainedGrid:
    matrix = table.frame.matrix
    by_row = {role.index: role for role in roles}
    columns = tuple(
        _explained_column(table.frame.names[place], heading, taken)
        for place, (heading, taken) in enumerate(zip(table.names, table.assignment.taken, strict=True))
    )
    rows = []
    for n, row in enumerate(matrix.rows):
        head = is_plan and table.frame.matrix.layout != "table" and n == 0
        role = (
            RowRole(row.index, "heading")
            if head
            else by_row.get(row.index, RowRole(row.index, "left_out" if not is_plan else "continues"))
        )
        cells = tuple(cell.text for cell in row.cells) if n < SHOWN_ROWS else ()
        rows.append(ExplainedRow(row.at, role.role, role.why, cells))
    sure = sum(taken.certainty for taken in table.assignment.taken if taken.field)
    count = sum(1 for taken in table.assignment.taken if taken.field)
    return ExplainedGrid(
        matrix.at, table.frame.layout, is_plan, round(sure / count, 2) if count else 0.0, why, columns, tuple(rows)
    )


def _explained_column(at: str, heading: str, taken: Taken) -> ExplainedColumn:
    return ExplainedColumn(at, heading, taken.field, taken.how, round(taken.certainty, 2), taken.why, taken.also)

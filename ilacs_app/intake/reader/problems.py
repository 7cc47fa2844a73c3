"""What someone should look at of a file's tables and columns, each with its place and the next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ilacs_app.intake.reader.contents.colours import ALSO_CALLED
from ilacs_app.intake.reader.contents.document import Document
from ilacs_app.intake.reader.explain import begins_with
from ilacs_app.intake.reader.layout.explanations.explanation import Explanation
from ilacs_app.intake.reader.layout.explanations.selection import left_out
from ilacs_app.intake.reader.layout.matrix import opening_words
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS, FileProblem
from ilacs_app.text import joined_with_and

ASKED_UNDER = 0.6
MOST_DATES = 0.6
NEEDED_FIELDS = frozenset({"number", "recommendation", "action", "leads", "timescale", "note"})
"""The fields without which someone has to complete a plan; the others a council may not use."""
COLUMN_NAMES = {**HEADINGS, **FURTHER_HEADINGS}


def tables_left_out(tables: Sequence[Explanation], plan: Sequence[Explanation]) -> Iterator[FileProblem]:
    used = {table.frame.matrix.grid for table in plan}
    seen: set[str] = set()
    read = [row.at for table in plan for row in table.frame.rows]
    for table in tables:
        at = table.frame.matrix.at or "the table"
        if any(row_at.startswith(f"{at}, ") for row_at in read):
            continue  # its cells hold the lists that were read
        if table in plan or table.frame.matrix.grid in used or at in seen or at == "text":
            continue
        seen.add(at)
        because = left_out(table, plan)
        yield FileProblem(
            at,
            "warning" if because.serious else "info",
            f"{begins_with(opening_words(table.frame.matrix))} We left it out, because {because.why}.".strip(),
            because.do,
            kind="left_out",
        )


def remarks(document: Document) -> Iterator[FileProblem]:
    do = "Check that this is meant, and show it in the file if it is not."
    for says in document.remarks:
        yield FileProblem(document.name, "info", says, do)
    for grid in document.grids:
        if grid.hidden:
            yield FileProblem(grid.at, "info", "This sheet is hidden and was left out.", do)
            continue
        for says in grid.remarks:
            yield FileProblem(grid.at or document.name, "info", says, do)


def column_problems(plan: Sequence[Explanation]) -> Iterator[FileProblem]:
    """For each kind of table: columns that are guesses, that no one knows, and that are missing."""
    seen: set[tuple[str, ...]] = set()
    for table in plan:
        names = tuple(table.names)
        if names in seen:
            continue
        yield from _guesses(table)
        if table.acts_alone:
            yield _no_actions(table)
        yield from _other_dates(table)
        yield from _unknown(table)
        seen.add(names)
    yield from _missing(plan)


def _other_dates(table: Explanation) -> Iterator[FileProblem]:
    """Columns of dates that nothing explains beside the one that was taken as the timescale."""
    due = table.fields.get("timescale")
    if due is None or table.assignment.taken[due].how == "chosen":
        return
    for place, column in enumerate(table.columns):
        known = (
            table.assignment.taken[place].how == "chosen" or max(column.heading.weights.values(), default=0.0) >= 2.0
        )
        if place in table.fields.values() or known or column.shares.get("dates", 0.0) < MOST_DATES:
            continue
        if column.shares.get("same", 0.0):
            continue
        yield FileProblem(
            f"{table.frame.head_at}, {table.frame.names[due]}",
            "warning",
            f"“{table.names[place]}” holds dates too, and nothing says what they are. We take those of "
            f"“{table.names[due]}” as the timescale.",
            "Check which of the two is the date that an action is due. If it is the other, choose that column.",
            kind="column_guess",
        )


def _no_actions(table: Explanation) -> FileProblem:
    place = table.fields["recommendation"]
    return FileProblem(
        f"{table.frame.head_at}, {table.frame.names[place]}",
        "warning",
        "No column holds actions, so each recommendation is also its own action.",
        "Check it. If a column holds the actions, choose that column.",
        kind="layout_guess",
    )


def _guesses(table: Explanation) -> Iterator[FileProblem]:
    for place, (heading, taken) in enumerate(zip(table.names, table.assignment.taken, strict=True)):
        asked = taken.how in {"guess", "contents"} or (taken.how != "chosen" and taken.certainty < ASKED_UNDER)
        if not asked or taken.field is None:
            continue
        why = "" if taken.why == "the heading is nearly that word" else f", because {taken.why}"
        yield FileProblem(
            f"{table.frame.head_at}, {table.frame.names[place]}",
            "info" if taken.certainty >= 0.6 else "warning",
            f"We read the column “{heading}” as “{COLUMN_NAMES[taken.field]}”{why}.",
            "Check it. Rename the column if it is another one.",
            kind="column_guess",
        )


def _unknown(table: Explanation) -> Iterator[FileProblem]:
    for place, (heading, taken) in enumerate(zip(table.names, table.assignment.taken, strict=True)):
        empty = table.columns[place].column.is_empty and not table.frame.headings[place]
        if taken.field is not None or taken.how == "chosen" or empty:
            continue
        yield FileProblem(
            f"{table.frame.head_at}, {table.frame.names[place]}",
            "warning",
            f"We do not recognise the column “{heading}”.",
            "Its text is kept beside each row. Rename the column if it is one of the plan’s.",
            kind="column_unknown",
        )


def _missing(plan: Sequence[Explanation]) -> Iterator[FileProblem]:
    """The fields that no table has a column for: those that an action needs one by one, the others in one line."""
    there = {name for table in plan for name in table.fields}
    others = []
    for name, heading in HEADINGS.items():
        if name in there or (name in {"number", "recommendation"} and "recommendation" not in there):
            continue
        if (name == "number" and "ref" in there) or (name == "leads" and "owners" in there):
            continue
        if name not in NEEDED_FIELDS:
            others.append(f"“{heading}”")
            continue
        yield FileProblem(
            plan[0].frame.head_at,
            "warning",
            f"There is no column for “{heading}”.",
            "Check the headings, or fill it in after the import.",
            kind="column_missing",
        )
    if others:
        yield FileProblem(
            plan[0].frame.head_at,
            "info",
            f"There {'are no columns' if len(others) > 1 else 'is no column'} for {joined_with_and(others)}.",
            "No action needed. You can fill in what you use after the import.",
            kind="columns_not_used",
        )


def second_layout(plan: Sequence[Explanation]) -> Iterator[FileProblem]:
    for table in plan:
        if table.second:
            sections = table.frame.layout == "rows across" and "recommendation" in table.fields
            read_as = "sections" if sections else table.frame.layout
            yield FileProblem(
                table.frame.head_at,
                "warning",
                f"We read this table as {_LAYOUTS.get(read_as, read_as)}. It could also be read as "
                f"{_LAYOUTS.get(table.second, table.second)}.",
                "Check that each action is under its recommendation.",
                kind="layout_guess",
            )


_LAYOUTS = {
    "table": "one action a row",
    "rows across": "rows across the table that name recommendations, with actions below them",
    "sections": "sections above rows that hold their recommendation in a column",
    "on its side": "a table on its side, each column an action",
    "outline": "an outline, in which numbers such as 1 and 1.1 tell recommendations from actions",
    "groups of columns": "several actions a row, side by side",
    "months as columns": "a column for each month",
    "a column for each status": "a column for each status, one of them ticked",
}


def by_colour(plan: Sequence[Explanation]) -> Iterator[FileProblem]:
    for table in plan:
        place = table.fields.get("brag")
        if place is None:
            continue
        fills = [
            cell.fill
            for row in table.frame.rows
            if not (cell := row.cell(place)).live.strip() and cell.fill and not cell.pale
        ]
        if fills:
            colours = ", ".join(dict.fromkeys(ALSO_CALLED.get(fill, (fill,))[0].capitalize() for fill in fills))
            yield FileProblem(
                f"{table.frame.matrix.at}, {table.frame.names[place]}",
                "info",
                f"{len(fills)} ratings are a colour with no text. We read them as {colours}.",
                "Check them. We work out the rating from status and dates.",
                kind="rating_colour",
            )
        hidden = [row.at for row in table.frame.rows if row.cell(place).condition]
        if hidden:
            yield FileProblem(
                f"{table.frame.matrix.at}, {table.frame.names[place]}",
                "warning",
                f"{len(hidden)} ratings are coloured by a rule of the sheet that we cannot work out, the first "
                f"in {hidden[0]}.",
                "Enter the rating as text in the file, and import it again.",
                kind="rating_colour",
            )


def month_before_day(plan: Sequence[Explanation]) -> Iterator[FileProblem]:
    first = plan[0]
    place = first.fields.get("timescale")
    at = f"{first.frame.head_at}, {first.frame.names[place]}" if place is not None else first.frame.head_at
    yield FileProblem(
        at,
        "warning",
        "The dates of this file fit only if the month comes before the day, as in 12/31/2026, so we read them so.",
        "Check them. If they are day first, change the file.",
        kind="date_guess",
    )

"""Which of the tables of a file are its plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ilacs_app.intake.reader.columns.headings import comparable
from ilacs_app.intake.reader.contents.document import plain
from ilacs_app.intake.reader.layout.explanations.explanation import (
    CORE,
    LIKE_THE_MAIN,
    NOT_THE_PLAN,
    Explanation,
    family_of,
    is_chosen,
    speaks_against,
    words_against,
)
from ilacs_app.intake.reader.status_key import is_key_word
from ilacs_app.intake.reader.weights import NO_PLAN
from ilacs_app.plan.parsing.dates import months_named
from ilacs_app.text import joined_with_and

LEAST_STRENGTH = 3.0


LEAST_BESIDE = 2


REPEATED = 0.6
"""The share of a table's actions that another one has too, from which it may be a copy."""


_OLD_COPY = re.compile(
    r"\b(?:archived?|old|older|previous|superseded|do not use|not in use|copy|backup|closed|historic(?:al)?|out of date"
    r"|last (?:month|quarter|year)(?:'s|\u2019s)?)\b",
    re.IGNORECASE,
)


_FINISHED = re.compile(r"\b(?:closed|completed?|done|finished|achieved|archived?)\b", re.IGNORECASE)


LEAST_COPIED = 2


def the_plan(tables: Sequence[Explanation]) -> list[Explanation]:
    """The tables that hold the plan: the strongest, and those that are nearly as strong or like it."""
    likely = [(table, table.strength() - speaks_against(table)) for table in tables if table.is_plan]
    if not any(table.is_plan for table in tables):
        tables = [acting_alone(table) for table in tables]
        likely = [(table, table.strength() - speaks_against(table)) for table in tables if table.acts_alone]
    likely = [(table, s) for table, s in likely if (s >= LEAST_STRENGTH and not _is_key(table)) or is_chosen(table)]
    if not likely:
        return []
    main, most = max(likely, key=lambda pair: (pair[1], len(pair[0].frame.rows)))
    plan: list[Explanation] = []
    for table, strength in likely:
        alike = family_of(table.frame) == family_of(main.frame) or _goes_on_with(table, tables, plan)
        alike = alike or _has_its_headings(table, main)
        against = speaks_against(table) - speaks_against(main)
        if table is main or alike or (strength >= LIKE_THE_MAIN * most and against < NOT_THE_PLAN):
            plan.append(table)
    if len(plan) < 2:
        return plan
    plan = [table for table in plan if table is main or not (_is_summary(table, plan) or copied_from(table, plan))]
    return [table for table in plan if repeated_in(table, plan) is None]


def _goes_on_with(table: Explanation, tables: Sequence[Explanation], plan: Sequence[Explanation]) -> bool:
    """Return whether a table without headings goes on with one of the plan, and not with a table left out."""
    place = next(n for n, each in enumerate(tables) if each is table)
    return table.continues and any(tables[place - 1] is each for each in plan)


def _has_its_headings(table: Explanation, main: Explanation) -> bool:
    """Return whether a table has actions under the main one's headings: those that are closed need no date, no rating.

    Its recommendations have the same heading too, or its name says that its actions are finished.
    """
    same = {
        field
        for field in ("recommendation", "action")
        if field in table.fields and field in main.fields and _heading(table, field) == _heading(main, field) != ""
    }
    finished = bool(_FINISHED.search(_title_of(table))) or "done_on" in table.fields
    named = comparable(table.frame.matrix.name)
    return "action" in same and (finished or len(same) > 1) and not any(word in NO_PLAN for word in named.split())


def _heading(table: Explanation, field: str) -> str:
    return comparable(table.frame.headings[table.fields[field]])


@dataclass(frozen=True)
class LeftOut:
    """Why a table is not read as part of the plan, to follow "left out, because", and how to take it in if it is."""

    why: str
    do: str
    serious: bool = False
    """Whether it holds actions, so that something of the plan may be missing."""


USE_HEADINGS = (
    "If it is part of the plan, head its columns “Recommendation”, “Action” and “Timescale”, and import the file again."
)
KEEP_ONE = "If it holds the newer actions, delete the other one from the file and import it again."


def left_out(table: Explanation, plan: Sequence[Explanation]) -> LeftOut:
    """Return why a table that is not one of the plan's is left out."""
    if live := copied_from(table, plan):
        return LeftOut(f"it is called an older copy, and its actions are in {_named(live)} too", KEEP_ONE)
    if live := repeated_in(table, plan):
        return LeftOut(f"most of its actions are in {_named(live)} too", KEEP_ONE, serious=True)
    if _is_key(table):
        return LeftOut("it explains colours, symbols or words", "No action needed. It is used to read the plan.")
    if "action" in table.fields and _is_summary(table, [table, *plan]):
        return LeftOut("it repeats actions of the plan in fewer columns", USE_HEADINGS)
    if named := words_against(table):
        return LeftOut(f"its name or headings say {joined_with_and(named)}", f"{USE_HEADINGS} Rename it too.")
    if "action" not in table.fields:
        return LeftOut("none of its columns looks like actions", USE_HEADINGS)
    if not table.is_plan:
        return LeftOut("it has no dates, people, status or progress to go with actions", USE_HEADINGS)
    return LeftOut("it looks much less like a list of actions than the rest of the plan", USE_HEADINGS, serious=True)


def _named(table: Explanation) -> str:
    return table.frame.matrix.at or "the other table"


def copied_from(table: Explanation, others: Sequence[Explanation]) -> Explanation | None:
    """The table whose rows an older one repeats: its name or title says that it is kept only as a trace."""
    if "action" not in table.fields or not _OLD_COPY.search(_title_of(table)):
        return None
    own = _texts(table)
    likely = [other for other in others if other is not table and "action" in other.fields]
    return next((other for other in likely if len(own & _texts(other)) > REPEATED * len(own)), None)


def repeated_in(table: Explanation, others: Sequence[Explanation]) -> Explanation | None:
    """The sheet with the same headings, recommendations and actions that counts in place of another: the newer by its
    name, or else the first.
    """
    own = _texts(table) if "action" in table.fields and table.frame.matrix.lettered else set()
    for other in others:
        if (
            other.frame.matrix.grid == table.frame.matrix.grid
            or "action" not in other.fields
            or len(own) < LEAST_COPIED
        ):
            continue
        alike = family_of(other.frame) == family_of(table.frame) and len(own & _texts(other)) > REPEATED * len(own)
        if (
            not alike
            or len(_aims(table) & _aims(other)) <= REPEATED * len(_aims(table))
            or _OLD_COPY.search(_title_of(other))
        ):
            continue
        mine, theirs = (months_named(each.frame.matrix.name) for each in (table, other))
        if mine and theirs and mine[-1].last_day != theirs[-1].last_day:
            newer = theirs[-1].last_day > mine[-1].last_day
        else:
            newer = other.frame.matrix.grid < table.frame.matrix.grid
        if newer:
            return other
    return None


def _title_of(table: Explanation) -> str:
    return " ".join((table.frame.matrix.name, *(c.text for row in table.frame.rows[:1] for c in row.context[-2:])))


def _aims(table: Explanation) -> set[str]:
    """The recommendations of a table: those of its column, or else what is above its rows."""
    if "recommendation" in table.fields:
        cells = [row.seen(table.fields["recommendation"]) for row in table.frame.rows]
        return {plain(cell.live) for cell in cells if not cell.is_blank}
    above = {plain(c.text) for row in table.frame.rows for c in row.context if c.kind not in {"file", "sheet"}}
    return above or {""}


def acting_alone(table: Explanation) -> Explanation:
    """A list of recommendations with dates, people or progress and no actions: each is also its own action."""
    beside = [f for f in CORE[1:] if f in table.fields and table.columns[table.fields[f]].filled]
    if "recommendation" not in table.fields or "action" in table.fields or len(beside) < LEAST_BESIDE:
        return table
    fields = {**table.fields, "action": table.fields["recommendation"]}
    return replace(table, assignment=replace(table.assignment, fields=fields), acts_alone=True)


def _is_key(table: Explanation) -> bool:
    """Return whether a narrow table explains symbols, colours or words: it is the key to the plan."""
    rows = [row for row in table.frame.matrix.rows if len(row.filled) > 1 or (row.filled and row.filled[0] > 0)]
    if table.frame.matrix.layout == "key":
        return True
    if table.frame.matrix.width > 3 or len(rows) < 2 or table.frame.matrix.layout != "table":
        return False
    known = sum(is_key_word(row.cells[0].live) or bool(row.cells[0].fill) for row in rows)
    return known >= max(2, 0.6 * len(rows))


def _is_summary(table: Explanation, plan: Sequence[Explanation]) -> bool:
    """Return whether a table only repeats another one in fewer columns."""
    own = _texts(table)
    for other in plan:
        if other is table or len(other.fields) <= len(table.fields):
            continue
        theirs = _texts(other)
        if own and len(own & theirs) > 0.6 * len(own):
            return True
    return False


def _texts(table: Explanation) -> set[str]:
    place = table.fields["action"]
    return {plain(row.cell(place).live) for row in table.frame.rows if not row.cell(place).is_blank}

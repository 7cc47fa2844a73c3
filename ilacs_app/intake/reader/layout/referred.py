"""Actions that name their recommendation by a short reference, which another table of the file spells out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ilacs_app.intake.reader.columns.assignment import Taken
from ilacs_app.intake.reader.columns.evidence import Column, ColumnEvidence
from ilacs_app.intake.reader.columns.headings import NO_EVIDENCE, heading_evidence
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, Document, Grid, plain, visible
from ilacs_app.intake.reader.layout.explanations.explanation import Explanation
from ilacs_app.intake.reader.layout.matrix import Line
from ilacs_app.plan.parsing.statuses import read_status
from ilacs_app.plan.plan_file import How

LEAST_KEYS, LONGEST_KEY, SHORTEST_SPELT, MOST_UNKNOWN = 2, 12, 3, 0.05
SENTENCE, WIDEST_LIST = 5, 3
"""The words of each line, and the most columns, of a list that only its sentences show to be recommendations."""
SURE_OF_REFERENCE, UNSURE_OF_LIST = 0.85, 0.5
LAST_HEADING, NAMES_THEM = 3, 3.0
MAY_REFER = frozenset({None, "number", "ref"})
ADDED_HEADING = "Recommendation"
_KEY = re.compile(r"(?:(?:rec(?:ommendation)?|priority|area|objective|theme)\.? ?)?[a-z]{0,3}[ .-]?\d{1,2}", re.I)


def with_recommendations(plan: Sequence[Explanation], document: Document) -> list[Explanation]:
    """The tables of a plan, with the recommendations that a column of references such as R1 stands for."""
    used = {table.frame.matrix.grid for table in plan}
    lists = [spelt for n, grid in enumerate(document.grids) if n not in used and (spelt := _list_of(grid))]
    if not lists:
        return list(plan)
    changed: list[Explanation] = []
    for table in plan:
        before = changed[-1] if changed else None
        if (
            before is not None
            and table.continues
            and "recommendation" not in table.fields
            and before.fields is not None
        ):
            changed.append(_like(table, before, lists))
        else:
            changed.append(_referred(table, lists) or table)
    return changed


@dataclass(frozen=True)
class SpeltOut:
    """References and the words of the recommendation for each. ``sure`` says that a heading calls them so."""

    texts: Mapping[str, str]
    sure: bool


def _list_of(grid: Grid) -> SpeltOut | None:
    """The recommendations that a table spells out; without a heading that says so, only where all are sentences."""
    spelt = _spelt_out(grid)
    if not spelt:
        return None
    sure = any(_heads_recommendations(cell.live) for row in grid.rows[:LAST_HEADING] for cell in row.cells)
    sentences = all(len(text.split()) >= SENTENCE for text in spelt.values())
    if not sure and (not sentences or grid.width > WIDEST_LIST):
        return None  # a key of statuses or of scores has two such columns too
    return SpeltOut(spelt, sure)


def _spelt_out(grid: Grid) -> dict[str, str]:
    """The references of a table and the words beside each; nothing where it has fewer than two, or repeats one."""
    spelt: dict[str, str] = {}
    for row in grid.rows:
        texts = [visible(cell.live) for cell in row.cells if not cell.is_blank and cell.merged is None]
        if len(texts) < 2 or not _is_key(texts[0]) or len(texts[1].split()) < SHORTEST_SPELT:
            continue
        if plain(texts[0]) in spelt or read_status(texts[1]).status_text:
            return {}
        spelt[plain(texts[0])] = texts[1]
    return spelt if len(spelt) >= LEAST_KEYS else {}


def _heads_recommendations(heading: str) -> bool:
    return heading_evidence(heading).weights.get("recommendation", 0.0) >= NAMES_THEM


def _is_key(text: str) -> bool:
    return len(text) <= LONGEST_KEY and bool(_KEY.fullmatch(text))


def _referred(table: Explanation, lists: Sequence[SpeltOut]) -> Explanation | None:
    """A table with the recommendations that its references stand for; None where no column holds any."""
    if "recommendation" in table.fields or "action" not in table.fields:
        return None
    for place in range(len(table.frame.headings)):
        if table.assignment.taken[place].field not in MAY_REFER or table.assignment.taken[place].how == "chosen":
            continue
        keys = [plain(visible(row.seen(place).live)) for row in table.frame.rows if not row.seen(place).is_blank]
        if len(keys) == len(set(keys)) or len(set(keys)) < LEAST_KEYS:
            continue
        for spelt in lists:
            if sum(key not in spelt.texts for key in keys) <= MOST_UNKNOWN * len(keys):
                return _with_column(table, place, spelt)
    return None


def _like(table: Explanation, before: Explanation, lists: Sequence[SpeltOut]) -> Explanation:
    """A table that goes on with the one before it, whose references stand for recommendations too."""
    place = before.fields.get("number")
    added = (
        before.frame.headings[-1:] == (ADDED_HEADING,) and len(before.frame.headings) == len(table.frame.headings) + 1
    )
    if place is None or not added or before.fields.get("recommendation") != len(table.frame.headings):
        return _referred(table, lists) or table
    keys = {plain(visible(row.seen(place).live)) for row in table.frame.rows if not row.seen(place).is_blank}
    spelt = max(lists, key=lambda each: len(keys & set(each.texts)))
    return _with_column(table, place, spelt) if keys <= set(spelt.texts) else table


def _with_column(table: Explanation, place: int, spelt: SpeltOut) -> Explanation:
    """A table with one more column, the words of the recommendation that each row names by its reference."""
    frame = table.frame
    width = len(frame.headings)
    rows = tuple(_with_words(row, place, width, spelt.texts) for row in frame.rows)
    why = f"another table gives the words of each “{frame.headings[place] or frame.names[place]}”"
    fields = {name: at for name, at in table.fields.items() if at != place}
    if "number" in fields:
        fields.setdefault("ref", fields["number"])
    fields |= {"number": place, "recommendation": width}
    taken = list(table.assignment.taken)
    for name, at in fields.items():
        if at < width and taken[at].field != name:
            taken[at] = replace(taken[at], field=name)
    taken[place] = Taken("number", "contents", SURE_OF_REFERENCE, why)
    how: How = "contents" if spelt.sure else "guess"
    taken.append(Taken("recommendation", how, SURE_OF_REFERENCE if spelt.sure else UNSURE_OF_LIST, why))
    column = ColumnEvidence(
        Column(ADDED_HEADING, [row.cell(width) for row in rows], width, width + 1), NO_EVIDENCE, {}, {}, 0
    )
    wider = replace(
        frame,
        headings=(*frame.headings, ADDED_HEADING),
        names=(*frame.names, frame.names[place]),
        column_evidence=(*frame.column_evidence, ADDED_HEADING) if frame.column_evidence else (),
        twins=(*frame.twins, ()) if frame.twins else (),
        rows=rows,
    )
    assignment = replace(table.assignment, taken=tuple(taken), fields=fields)
    return replace(table, frame=wider, columns=(*table.columns, column), assignment=assignment)


def _with_words(row: Line, place: int, width: int, spelt: Mapping[str, str]) -> Line:
    text = spelt.get(plain(visible(row.seen(place).live)), "")
    cells = (*row.cells, *[EMPTY] * (width - len(row.cells)))[:width]
    return replace(row, cells=(*cells, Cell(text) if text else EMPTY))

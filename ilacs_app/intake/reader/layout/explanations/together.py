"""Tables that belong together: weighed under the same headings, or one going on with the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from ilacs_app.intake.reader.columns.evidence import ColumnEvidence, EvidenceKinds
from ilacs_app.intake.reader.columns.headings import comparable
from ilacs_app.intake.reader.columns.traits import traits
from ilacs_app.intake.reader.contents.document import visible
from ilacs_app.intake.reader.layout.explanations.explanation import (
    LIKE_THE_MAIN,
    Explanation,
    family_of,
    speaks_against,
)
from ilacs_app.intake.reader.layout.explanations.weighing import best_explanation, columns_of_frames, weighed_with
from ilacs_app.intake.reader.layout.matrix import Matrix
from ilacs_app.intake.reader.layout.tables.frames import frames
from ilacs_app.intake.reader.layout.tables.heading_rows import signatures

LIKE_HEADINGS = 0.5


HEADED_KINDS = ("dates", "persons", "status", "rated", "refs", "numbers", "verbs", "long", "boards")


USUAL_KIND, LEAST_ALIKE_KINDS = 0.6, 3


def explain_all(
    matrices: Sequence[Matrix], near: date, chosen: Mapping[str, str], evidence: EvidenceKinds
) -> list[Explanation]:
    """The best explanation of each matrix, those under the same headings weighed together, in the file's order."""
    common = signatures(matrices)
    best: list[Explanation | None] = []
    for matrix in matrices:
        best.append(best_explanation(matrix, lambda m: frames(m, common, near, evidence), near, chosen, evidence))
    explanations = _weighed_together(
        [explanation for explanation in best if explanation is not None], near, chosen, evidence
    )
    return _with_people_alike(_continued(explanations, near, evidence))


def _with_people_alike(explanations: Sequence[Explanation]) -> list[Explanation]:
    """The tables with the owners of one that has leads too as owners under the same heading in all of them."""
    both = [table for table in explanations if {"leads", "owners"} <= set(table.fields)]
    owning = {comparable(table.frame.headings[table.fields["owners"]]) for table in both} - {""}
    return [_as_owners(table) if _leads_heading(table) in owning else table for table in explanations]


def _leads_heading(table: Explanation) -> str | None:
    """The heading of the leads where no one chose them and no other column holds owners; None where there is none."""
    place = table.fields.get("leads")
    if place is None or "owners" in table.fields or table.assignment.taken[place].how == "chosen":
        return None
    return comparable(table.frame.headings[place])


def _as_owners(table: Explanation) -> Explanation:
    place = table.fields["leads"]
    fields = {("owners" if name == "leads" else name): at for name, at in table.fields.items()}
    taken = tuple(
        replace(each, field="owners") if at == place else each for at, each in enumerate(table.assignment.taken)
    )
    return replace(table, assignment=replace(table.assignment, taken=taken, fields=fields))


def _weighed_together(
    explanations: Sequence[Explanation], near: date, chosen: Mapping[str, str], evidence: EvidenceKinds
) -> list[Explanation]:
    families: dict[tuple[str, ...], list[Explanation]] = {}
    for explanation in explanations:
        families.setdefault(family_of(explanation.frame), []).append(explanation)
    made = []
    for explanation in explanations:
        alike = families[family_of(explanation.frame)]
        if len(alike) > 1:
            if explanation is alike[0]:
                columns = tuple(columns_of_frames([each.frame for each in alike], near, evidence))
                families[family_of(explanation.frame)] = [replace(each, columns=columns) for each in alike]
            columns = families[family_of(explanation.frame)][0].columns
            together = weighed_with(explanation.frame, columns, near, chosen)
            made.append(replace(together, second=explanation.second))
        else:
            made.append(explanation)
    return made


def _continued(explanations: Sequence[Explanation], near: date, evidence: EvidenceKinds) -> list[Explanation]:
    """Tables without headings that go on with the table before them."""
    made: list[Explanation] = []
    for explanation in explanations:
        before = made[-1] if made else None
        if before is not None and evidence.layout and _goes_on(explanation, before, near):
            rows = explanation.frame.matrix.rows
            context = explanation.frame.matrix.context
            lines = tuple(replace(row, context=context) for row in rows)
            frame = replace(
                before.frame,
                matrix=explanation.frame.matrix,
                rows=lines,
                roles=(),
                names=explanation.frame.matrix.names,
            )
            columns = tuple(columns_of_frames([frame], near, evidence))
            if _fits(columns, before):
                made.append(replace(before, frame=frame, continues=True))
                continue
        made.append(explanation)
    return made


def _goes_on(explanation: Explanation, before: Explanation, near: date) -> bool:
    matrix = explanation.frame.matrix
    if len(before.frame.headings) != before.frame.matrix.width:
        return False
    if matrix.width != before.frame.matrix.width or "action" not in before.fields or matrix.layout != "table":
        return False
    heads = {role.index for role in explanation.frame.roles if role.role == "heading"}
    if family_of(explanation.frame) == family_of(before.frame) or any(
        row.is_head for row in matrix.rows if row.index in heads
    ):
        return False
    acting = any(not row.cell(before.fields["action"]).is_blank for row in matrix.rows)
    apart = matrix.grid == before.frame.matrix.grid or not acting
    if apart and _usually_filled(matrix) < LIKE_THE_MAIN * _usually_filled(before.frame.matrix):
        return False
    if matrix.lettered and (not before.is_plan or speaks_against(before)):
        return False
    return (
        explanation.frame.head_rows == 0
        or explanation.frame.quality < LIKE_HEADINGS
        or _heads_like_rows(explanation, before, near)
    )


def _heads_like_rows(explanation: Explanation, before: Explanation, near: date) -> bool:
    """Return whether what was taken for headings is of the same kinds as the cells of the table before it.

    Two kinds are enough where one is a date, which heads no column.
    """
    heads = {role.index for role in explanation.frame.roles if role.role == "heading"}
    rows = [row for row in explanation.frame.matrix.rows if row.index in heads]
    alike = unlike = dated = 0
    for row in rows[:1]:
        for at in before.fields.values():
            shares = before.columns[at].shares
            kinds = {kind for kind in HEADED_KINDS if shares.get(kind, 0.0) >= USUAL_KIND}
            text = visible(row.cell(at).live)
            if kinds and text:
                text_kinds = traits(text, near)
                alike += bool(kinds & text_kinds)
                unlike += not kinds & text_kinds
                dated += "dates" in kinds & text_kinds
    return alike >= (LEAST_ALIKE_KINDS - bool(dated and not unlike)) and alike > 2 * unlike


def _usually_filled(matrix: Matrix) -> int:
    """Return the median number of cells in a row that hold text or are covered by one that does."""
    sizes = sorted(len(row.filled) + len(row.over) for row in matrix.rows)
    return sizes[len(sizes) // 2] if sizes else 0


def _fits(columns: Sequence[ColumnEvidence], before: Explanation) -> bool:
    """Return whether the cells look like those of the columns that they would go on with."""
    fields = {at: field for field, at in before.fields.items()}
    against = [
        column.contents.get(fields[at], 0.0) for at, column in enumerate(columns) if at in fields and column.filled
    ]
    kinds = ("dates", "status", "rated", "refs", "persons")
    differ = [
        abs(column.shares.get(kind, 0.0) - before.columns[at].shares.get(kind, 0.0))
        for at, column in enumerate(columns)
        for kind in kinds
        if column.filled and at in fields
    ]
    return bool(against) and sum(difference > 0.8 for difference in differ) <= max(1, len(against) / 3)

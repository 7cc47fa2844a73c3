"""Every explanation of one table weighed, and the best of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ilacs_app.intake.reader.columns.assignment import Assignment, assign
from ilacs_app.intake.reader.columns.evidence import Column, ColumnEvidence, EvidenceKinds, column_evidence
from ilacs_app.intake.reader.layout.explanations.explanation import CORE, Explanation
from ilacs_app.intake.reader.layout.explanations.structure import fit_of_rows, stands_above
from ilacs_app.intake.reader.layout.matrix import Candidate, Matrix, names_of
from ilacs_app.intake.reader.layout.months import are_only_months, month_columns
from ilacs_app.intake.reader.layout.periods import period_columns
from ilacs_app.intake.reader.layout.revisions import last_revision
from ilacs_app.intake.reader.layout.shapes import repeated_groups, turned
from ilacs_app.intake.reader.layout.split import owner_and_date
from ilacs_app.intake.reader.layout.ticks import tick_columns

WEIGHED_ROWS = 240


CLOSE_SECOND = 1.0


SECTIONS = "sections"


ON_ITS_SIDE = "on its side"


UPRIGHT = 3.0
"""How much better a table must look on its side to be read so."""


GROUPED = 2.0
"""How much more columns count that are the same but for a number: no two of them are different fields."""


CORE_AND_ACTION = ("action", *CORE)


SPEAKS_CLEARLY = 5.0


def best_explanation(
    matrix: Matrix,
    candidates: Callable[[Matrix], Iterator[Candidate]],
    near: date,
    chosen: Mapping[str, str],
    evidence: EvidenceKinds,
) -> Explanation | None:
    short = replace(matrix, rows=matrix.rows[:WEIGHED_ROWS])
    weighed: list[tuple[float, int, Explanation]] = []
    for n, frame in enumerate(_variants(candidates(short), near, evidence)):
        weighed.append(((explanation := weighed_frame(frame, near, chosen, evidence)).score, -n, explanation))
    side = turned(matrix) if evidence.layout else None
    if side is not None:
        for frame in _variants(
            (candidate for candidate in candidates(side) if candidate.layout == "table"), near, evidence
        ):
            made = weighed_frame(replace(frame, layout=ON_ITS_SIDE), near, chosen, evidence)
            whole = "recommendation" in made.fields or stands_above(frame) > 0
            if "action" in made.fields and whole and frame.head_rows == 1:
                weighed.append((made.score - UPRIGHT, -len(weighed), made))
    if not weighed:
        return None
    weighed.sort(key=lambda entry: entry[:2], reverse=True)
    best = weighed[0][2]
    second = best.second or _second(best, [explanation for _, _, explanation in weighed[1:]])
    if len(matrix.rows) > WEIGHED_ROWS:
        like = best.frame
        for frame in _variants(candidates(matrix), near, evidence):
            if (frame.layout, frame.headings, frame.head_at) == (like.layout, like.headings, like.head_at):
                return replace(weighed_frame(frame, near, chosen, evidence), second=second)
    return replace(best, second=second)


def _second(best: Explanation, others: Sequence[Explanation]) -> str:
    for other in others:
        if other.score < best.score - CLOSE_SECOND:
            return ""
        whole = "recommendation" in other.fields or stands_above(other.frame) > 0
        if whole and other.frame.layout != best.frame.layout and len(other.frame.rows) != len(best.frame.rows):
            return other.frame.layout
    return ""


def _variants(candidates: Iterator[Candidate], near: date, evidence: EvidenceKinds) -> Iterator[Candidate]:
    for frame in candidates:
        if not evidence.layout:
            yield frame
            continue
        for base in _by_period(frame, near):
            if base is not frame or not are_only_months(frame, near):  # columns of months are one, whatever fits
                yield base
            yield from _changed(base, near)


def _by_period(frame: Candidate, near: date) -> Iterator[Candidate]:
    """A table as it is and, where one thing has a column for each period, with the newest of each."""
    by_period = period_columns(frame, near)
    if by_period is not None:
        newest, named = by_period
        brought = len(frame.headings) - len(newest.headings)
        yield replace(newest, bonus=newest.bonus + 3.0 + 0.8 * brought)
        if named:
            return  # a status of each quarter is never the status of now, whatever fits better
    yield frame


def _changed(frame: Candidate, near: date) -> Iterator[Candidate]:
    """A table in each other way that its columns may be brought together or parted."""
    changed: Candidate | None
    for changed in (
        repeated_groups(frame),
        month_columns(frame, near),
        tick_columns(frame),
        last_revision(frame, near),
    ):
        if changed is not None:
            brought = len(frame.headings) - len(changed.headings)
            grouped = GROUPED if changed.layout == "groups of columns" else 0.0
            yield replace(changed, bonus=changed.bonus + 3.0 + grouped + 0.8 * brought)
    changed = owner_and_date(frame, near)
    if changed is not None:
        yield replace(changed, bonus=changed.bonus + 2.0)


def weighed_frame(frame: Candidate, near: date, chosen: Mapping[str, str], evidence: EvidenceKinds) -> Explanation:
    """Weigh one frame."""
    if frame.quality < 0:  # what is there reads like values: its words say nothing of the columns
        evidence = replace(evidence, headings=False)
    columns = tuple(columns_of_frames([frame], near, evidence))
    return weighed_with(frame, columns, near, chosen)


def weighed_with(
    frame: Candidate, columns: tuple[ColumnEvidence, ...], near: date, chosen: Mapping[str, str]
) -> Explanation:
    names = names_of(frame.headings, frame.names)
    decided = {at: chosen[name] for at, name in enumerate(names) if name in chosen}
    above = stands_above(frame)
    made = [assign(columns, decided, near, above=above >= 2.5)]
    if frame.layout == "rows across" and above >= 2.5:
        # Rows across may be themes over rows that have their recommendation in a column.
        with_column = assign(columns, decided, near)
        made += [with_column] if "recommendation" in with_column.fields else []
    scored = [
        (
            assignment.score + fit_of_rows(frame, assignment, above, near, _left_over(columns, assignment)),
            -n,
            assignment,
        )
        for n, assignment in enumerate(made)
    ]
    score, _, assignment = max(scored, key=lambda entry: entry[:2])
    close = any(
        score - other < CLOSE_SECOND for other, _, other_assignment in scored if other_assignment is not assignment
    )
    doubted = frame.layout == "rows across" and (close or _may_be_a_theme(columns, assignment))
    made_of = frame.layout if "recommendation" in assignment.fields else SECTIONS
    return Explanation(frame, columns, assignment, score, second=made_of if doubted else "")


def _may_be_a_theme(columns: Sequence[ColumnEvidence], assignment: Assignment) -> bool:
    """Return whether rows across may be themes: a column before the actions holds sentences that nothing explains."""
    if "recommendation" in assignment.fields or "action" not in assignment.fields:
        return False
    taken = set(assignment.fields.values())
    return any(
        at not in taken
        and column.shares.get("long", 0.0) > 0.5
        and not column.heading.weights.get("other")
        and column.shares.get("distinct", 0.0) > 0.3
        for at, column in enumerate(columns[: assignment.fields["action"]])
    )


def columns_of_frames(alike: Sequence[Candidate], near: date, evidence: EvidenceKinds) -> Iterator[ColumnEvidence]:
    width = len(alike[0].headings)
    for place in range(width):
        cells = [row.seen(place) for frame in alike for row in frame.rows]
        heading = (alike[0].column_evidence or alike[0].headings)[place]
        yield column_evidence(Column(heading, cells, place, width), near, evidence)


def _left_over(columns: Sequence[ColumnEvidence], assignment: Assignment) -> int:
    """Count the columns with clear evidence for a field that another column was given."""
    taken = set(assignment.fields.values())
    return sum(
        max((column.total(field) for field in CORE_AND_ACTION), default=0.0) > SPEAKS_CLEARLY
        for at, column in enumerate(columns)
        if at not in taken and column.filled
    )

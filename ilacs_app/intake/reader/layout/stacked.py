"""Tables of the same headings that are one below the other in a sheet, each with what names its recommendation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from ilacs_app.intake.reader.columns.headings import heading_evidence
from ilacs_app.intake.reader.columns.traits import names_a_day, traits
from ilacs_app.intake.reader.contents.document import plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import LONGEST_HEADING, Line, Matrix, labelled_pairs

LEAST_ALIKE, LEAST_WORDS = 2, 4
WORDS_OF_NUMBER = 2
KNOWN_LABEL = 3.0
_DATA = frozenset({"dates", "status", "rated", "ongoing", "levels"})
RowWords = tuple[str, ...]


def stacked(matrices: Sequence[Matrix], near: date) -> list[Matrix]:
    """Part each matrix before what leads in to a heading row that the file has elsewhere too.

    What leads in is one line, or labels beside their values: the same labels above table after table, whether or not
    anyone knows their words. Where no label is known as the recommendation, the one with the longest values is, in
    doubt.
    """
    tables = [matrix for matrix in matrices if matrix.layout != "labels over values"]
    heads = _heads(tables, near)
    if not heads:
        return list(matrices)
    labels = _labels(tables, heads)
    doubted = _recommendation_label(tables, labels)
    return [
        part
        for matrix in matrices
        for part in (_parted(_marked(matrix, heads, labels, doubted), heads) if matrix in tables else [matrix])
    ]


def _signature(row: Line) -> RowWords:
    return tuple(plain(row.cells[n].live) for n in row.filled)


def _heads(matrices: Sequence[Matrix], near: date) -> frozenset[RowWords]:
    """The words of rows that head a table more than once in the file."""
    counts: Counter[RowWords] = Counter()
    beside: dict[str, set[str]] = defaultdict(set)
    for matrix in matrices:
        for row in matrix.rows:
            texts = _signature(row)
            if len(texts) == 2:
                beside[texts[0]].add(texts[1])
            if len(texts) >= LEAST_ALIKE and _may_head(row, texts, near):
                counts[texts] += 1
    return frozenset(
        texts
        for texts, count in counts.items()
        if count >= LEAST_ALIKE and (len(texts) > 2 or len(beside[texts[0]]) == 1)
    )


def _may_head(row: Line, row_texts: RowWords, near: date) -> bool:
    if len(set(row_texts)) < len(row_texts) or any(len(text) > LONGEST_HEADING for text in row_texts):
        return False
    texts = [visible(row.cells[n].live) for n in row.filled]
    if len(texts) == LEAST_ALIKE and _is_person(texts[1], near):
        return False  # a label, and beside it who is the same each time
    if any(names_a_day(text) for text in texts):
        return False
    return not any(traits(text, near) & _DATA and not heading_evidence(text).weights for text in texts)


def _is_person(text: str, near: date) -> bool:
    return "persons" in traits(text, near) and heading_evidence(text).known not in {"own", "phrase"}


def _labels(matrices: Sequence[Matrix], heads: frozenset[RowWords]) -> frozenset[str]:
    """The first words of two that lead in to heading rows more than once."""
    counts: Counter[str] = Counter()
    for matrix in matrices:
        for at, row in enumerate(matrix.rows):
            if _signature(row) in heads:
                for led in _two_above(matrix.rows, at, heads):
                    counts[led] += 1
    return frozenset(label for label, count in counts.items() if count >= LEAST_ALIKE)


def _two_above(rows: Sequence[Line], at: int, heads: frozenset[RowWords]) -> list[str]:
    """The first words of the rows of two straight above a heading row; lines of one may be between them."""
    labels = []
    for row in reversed(rows[:at]):
        texts = _signature(row)
        if texts in heads or len(texts) > 2:
            break
        if len(texts) == 2:
            labels.append(texts[0])
    return labels


def _recommendation_label(matrices: Sequence[Matrix], labels: frozenset[str]) -> str:
    """The label with the longest values, where none of them says that it is the recommendation; "" if none may."""
    values: dict[str, list[int]] = defaultdict(list)
    for matrix in matrices:
        for row in matrix.rows:
            texts = _signature(row)
            if len(texts) == 2 and texts[0] in labels:
                values[texts[0]].append(len(texts[1].split()))
    return label_of_longest(values)


def label_of_longest(values: Mapping[str, Sequence[int]]) -> str:
    """The label whose values have the most words, where no label is known as the recommendation; "" if none may be.

    A label such as "Rec #" above "Rec 1" says that it is one, but its values are its numbers.
    """
    weights: Mapping[str, Mapping[str, float]] = {label: heading_evidence(label).weights for label in values}
    usual = {label: sum(sizes) / len(sizes) for label, sizes in values.items()}
    if any(
        weights[label].get("recommendation", 0.0) >= KNOWN_LABEL and usual[label] > WORDS_OF_NUMBER for label in usual
    ):
        return ""
    free = {label: size for label, size in usual.items() if max(weights[label].values(), default=0.0) < KNOWN_LABEL}
    longest = max(free, key=lambda label: free[label], default="")
    return longest if longest and free[longest] >= LEAST_WORDS else ""


def _marked(matrix: Matrix, heads: frozenset[RowWords], labels: frozenset[str], doubted: str) -> Matrix:
    """The matrix with its rows of headings and of labels known as such."""
    rows = []
    for row in matrix.rows:
        texts = _signature(row)
        if len(texts) == 2 and texts[0] in labels:
            label, value = (row.cells[n] for n in row.filled)
            pair = (visible(label.live).rstrip(": "), value)
            row = replace(row, pairs=(pair,), doubted=texts[0] == doubted)
        elif texts in heads:
            row = replace(row, is_head=True)
        rows.append(row)
    return replace(matrix, rows=tuple(rows))


def _parted(matrix: Matrix, heads: frozenset[RowWords]) -> list[Matrix]:
    places = [at for at, row in enumerate(matrix.rows) if _signature(row) in heads]
    starts = [0]
    for at in places[1:]:
        first = _lead_in(matrix.rows, at)
        led = matrix.rows[first:at]
        apart = any(row.after_gap for row in (*led[:1], matrix.rows[at])) or any(row.pairs for row in led)
        if led and apart and first > starts[-1]:
            starts.append(first)
    ends = [*starts[1:], len(matrix.rows)]
    return [replace(matrix, rows=matrix.rows[a:b]) for a, b in zip(starts, ends, strict=True)]


def _lead_in(rows: Sequence[Line], at: int) -> int:
    """Return where that which leads in to the heading row at a place begins; the same place where nothing does."""
    first = at
    while first > 0 and _leads_in(rows[first - 1]):
        first -= 1
        if rows[first].after_gap:
            break
    while first < at and _is_line_of_the_page(rows[first]):
        first += 1
    return first


def _leads_in(row: Line) -> bool:
    return len(row.filled) == 1 or bool(labelled_pairs(row))


def _is_line_of_the_page(row: Line) -> bool:
    return len(row.filled) == 1 and is_furniture(row.cells[row.filled[0]].live)

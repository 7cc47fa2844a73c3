"""The rows of a matrix that may hold the headings of its columns, and how well they look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.columns.traits import traits
from ilacs_app.intake.reader.contents.document import plain, visible
from ilacs_app.intake.reader.layout.matrix import LONGEST_HEADING, Line, Matrix, labelled_pairs

MOST_LABELLED, LEAST_BELOW = 4, 2
PART_OF_HEADING = 1.0  # a row that only divides a heading above it is no row of values
LAST_HEADING_ROW, MOST_HEADING_ROWS, TRIED_HEADINGS = 25, 3, 4
DATA = frozenset({"dates", "status", "rated", "refs", "numbers", "persons", "ongoing", "levels", "signs"})
_YEAR = re.compile(r"20\d\d(?: ?[/-] ?(?:20)?\d\d)?")
"""What a group of months is headed by."""


def heading_rows(
    matrix: Matrix, common: Counter[tuple[str, ...]], near: date, evidence: EvidenceKinds
) -> Iterator[tuple[int, int, float]]:
    """Yield the places where headings may be: the first row, the row after the last, and how well they look."""
    candidates: list[tuple[float, int]] = []
    for at in range(min(LAST_HEADING_ROW, len(matrix.rows))):
        quality = _quality(matrix, at, common, near, evidence)
        if quality is not None and at + 1 < len(matrix.rows):
            candidates.append((quality, at))
    # Of headings that are typed again, the first ones are above all rows.
    first: dict[tuple[str, ...], tuple[float, int]] = {}
    for quality, at in candidates:
        best, place = first.get(signature(matrix.rows[at]), (quality, at))
        first[signature(matrix.rows[at])] = (max(best, quality), place)
    candidates = sorted(first.values(), key=lambda candidate: (-candidate[0], candidate[1]))
    for quality, at in candidates[:TRIED_HEADINGS]:
        yield at, at + 1, quality
        if evidence.layout and _divides(matrix, at):
            yield at, at + 2, quality + PART_OF_HEADING
        for top in range(at - 1, max(-1, at - MOST_HEADING_ROWS), -1):
            upper = matrix.rows[top]
            texts = [visible(upper.cells[n].live) for n in upper.filled]
            data = any(_is_data(text, near) and not _YEAR.fullmatch(text) for text in texts)
            if not evidence.layout or data or quality <= 0 or not _groups(upper, matrix.rows[at]):
                break
            yield top, at + 1, quality + 0.6
    if evidence.layout and not _ends_in_headings(matrix):
        yield 0, 0, -3.0


def _ends_in_headings(matrix: Matrix) -> bool:
    """Return whether the last row with words is a row of known headings, so that no row is filled in below it."""
    last = next((row for row in reversed(matrix.rows) if row.filled), None)
    if last is None:
        return False
    known = [heading_evidence(visible(last.cells[n].live)).known in {"own", "phrase"} for n in last.filled]
    return sum(known) >= 3 and sum(known) * 2 > len(known)


def _quality(
    matrix: Matrix, at: int, common: Counter[tuple[str, ...]], near: date, evidence: EvidenceKinds
) -> float | None:
    """Return how much a row looks like headings; None if it cannot be any."""
    row = matrix.rows[at]
    seen = [visible(row.seen(n).live) for n in range(matrix.width)]
    texts = [text for n, text in enumerate(seen) if text and (n == 0 or text != seen[n - 1])]
    if len(texts) < 2 or any(len(text) > LONGEST_HEADING for text in texts):
        return None
    if not row.is_head and len(texts) <= MOST_LABELLED and matrix.width > 2 and _is_labels(matrix, at):
        return None
    data = [text for text in texts if _is_data(text, near)]
    below = matrix.rows[at + 1 : at + 6]
    usual = sorted(len(line.filled) for line in below)[len(below) // 2] if below else 0
    quality = 2.0 * min(1.0, len(texts) / max(2, usual)) - 4.0 * len(data) / len(texts)
    quality -= 1.5 * (len(texts) - len(set(texts))) / len(texts)
    if evidence.headings:
        known = [heading_evidence(text) for text in texts if _may_be_heading(text, near)]
        fields = {best_field(signs.weights) for signs in known if signs.weights}
        quality += 1.2 * len(fields) * sum(bool(signs.weights) for signs in known) / len(texts)
    if row.is_head:
        quality += 2.0
    if common[signature(row)] > 1:
        quality += 2.0
    if all(row.cells[n].bold for n in row.filled) and not all(
        line.cells[n].bold for line in below[:1] for n in line.filled
    ):
        quality += 1.0
    return quality + _contrast(matrix, at, near) - 0.15 * at


def _is_labels(matrix: Matrix, at: int) -> bool:
    """Return whether a row is labels and their values, and no headings above rows that are as full and hold none."""
    row = matrix.rows[at]
    below = [line for line in matrix.rows[at + 1 : at + 7] if len(line.filled) == len(row.filled)]
    return bool(labelled_pairs(row)) and sum(not labelled_pairs(line) for line in below) < LEAST_BELOW


def _is_data(text: str, near: date) -> bool:
    """Return whether words are a value and no heading: a date, a status, a name, or a sentence that says what to do."""
    if heading_evidence(text).known in {"own", "phrase"}:
        return False
    kinds = traits(text, near)
    return bool(
        kinds & DATA and not (kinds & {"persons"} and heading_evidence(text).weights and len(text.split()) < 3)
    ) or ("verbs" in kinds and "long" in kinds and "?" not in text)


def _may_be_heading(text: str, near: date) -> bool:
    known = heading_evidence(text)
    if known.known in {"own", "phrase", "slip"}:
        return True
    return not _is_data(text, near) and len(text.split()) <= 9 and max(known.weights.values(), default=0.0) >= 3.0


_KINDS = ("dates", "persons", "status", "rated", "refs", "numbers", "verbs", "long", "signs", "boards")


def _contrast(matrix: Matrix, at: int, near: date) -> float:
    """Count how often a row differs in kind from the columns below it, less how often it agrees."""
    below = matrix.rows[at + 1 : at + 13]
    total = 0.0
    for place in range(matrix.width):
        text = visible(matrix.rows[at].seen(place).live)
        cells = [visible(row.cell(place).live) for row in below if not row.cell(place).is_blank]
        if not text or len(cells) < 2:
            continue
        own = traits(text, near)
        below_has = [traits(cell, near) for cell in cells]
        for kind in _KINDS:
            share = sum(kind in kinds for kinds in below_has) / len(below_has)
            if share > 0.7:
                total += -0.8 if kind in own else 0.5
                break
    return max(-3.0, min(3.0, total))


def _groups(upper: Line, lower: Line) -> bool:
    """Return whether a row names groups of the columns that the row below it heads."""
    filled = upper.filled
    if len(filled) < 2 and not any(upper.cells[n].columns > 1 for n in filled):
        return False
    if len(filled) == 2 and filled[0] == 0 and upper.cells[0].columns == 1 and upper.cells[0].rows == 1:
        return False  # a label and its value
    short = all(len(visible(upper.cells[n].live)) <= LONGEST_HEADING for n in filled)
    merged = any(upper.cells[n].columns > 1 or upper.cells[n].rows > 1 for n in filled)
    whole = len(filled) == 1 and upper.cells[filled[0]].columns >= len(lower.cells) - 1
    gaps = len(filled) < len(lower.filled)
    beside = any(n not in lower.filled for n in filled)
    return short and not whole and (merged or (gaps and len(filled) >= 2) or beside)


def _divides(matrix: Matrix, at: int) -> bool:
    """Return whether the row below headings only names parts of them: "Not started | Complete" below "Status"."""
    upper, lower, below = matrix.rows[at], matrix.rows[at + 1], matrix.rows[at + 2 : at + 3]
    texts = [plain(lower.cells[n].live) for n in lower.filled]
    if not below or len(set(texts)) < 2 or len(set(texts)) < len(texts) or max(map(len, texts)) > LONGEST_HEADING:
        return False
    named = [max((place for place in upper.filled if place <= n), default=-1) for n in lower.filled]
    merged = all(
        place >= 0 and (place + upper.cells[place].columns > n) for place, n in zip(named, lower.filled, strict=True)
    )
    blank = all(n == place or upper.seen(n).is_blank for place, n in zip(named, lower.filled, strict=True))
    parts = Counter(named)
    return -1 not in parts and (merged or blank) and min(parts.values()) > 1 and len(parts) < len(upper.filled) - 1


def signature(row: Line) -> tuple[str, ...]:
    return tuple(plain(cell.live) for cell in row.cells)


def signatures(matrices: Sequence[Matrix]) -> Counter[tuple[str, ...]]:
    """Return how often each row's words are in a file, among its first rows of two cells and more."""
    return Counter(
        signature(row) for matrix in matrices for row in matrix.rows[:LAST_HEADING_ROW] if len(row.filled) > 1
    )

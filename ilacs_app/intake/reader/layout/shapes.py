"""Bring tables to one action a row: groups of columns, nested tables, tables on their side, parts of a sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ilacs_app.intake.reader.columns.headings import comparable, heading_evidence
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, Grid, plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import (
    Candidate,
    Context,
    Line,
    Matrix,
    filled_columns,
    is_own_label,
    label_of,
    labelled_pairs,
    matrix_of,
)
from ilacs_app.intake.reader.layout.tables.numbers import numbered
from ilacs_app.intake.reader.status_key import is_key_word, key_line

LONGEST_HEADED = 60
_INITIALS = re.compile(r"[A-Z]{2,4}(?:\s*(?:[&/,;]|and)\s*[A-Z]{2,4})*")
LEAST_EXPLAINED, LONGEST_EXPLAINED, LEAST_ROW, LEAST_BELOW_TITLE = 2, 40, 4, 3
WORDS_OVER_A_KEY = 3
LEAST_TURNED, MOST_TURNED = 3, 16

# Groups of columns repeated ---------------------------------------------------------------------------------

_NUMBER_IN = re.compile(r"(?P<before>.*?)\s*\(?#?(?P<n>\d{1,2})\)?\s*(?P<after>.*)")


def repeated_groups(frame: Candidate) -> Candidate | None:
    """A table with "Action 1, Owner 1, Due 1, Action 2, ..." as one with a row for each filled group."""
    groups = _groups(frame.headings)
    if groups is None:
        return None
    names, places = groups
    grouped = {place for group in places for place in group if place is not None}
    base = [n for n in range(len(frame.headings)) if n not in grouped]
    alike = [[p for group in places if (p := group[n]) is not None] for n in range(len(names))]
    headings = (*(frame.headings[n] for n in base), *(frame.headings[own[0]] for own in alike))
    columns = (*(frame.names[n] for n in base), *(frame.names[own[0]] for own in alike))
    twins = (*(() for _ in base), *(tuple((frame.headings[n], frame.names[n]) for n in own[1:]) for own in alike))
    phrases = (*(frame.headings[n] for n in base), *names)
    lines: list[Line] = []
    for row in frame.rows:
        filled = [k for k, group in enumerate(places) if any(p is not None and not row.cell(p).is_blank for p in group)]
        for nth, k in enumerate(filled or [0]):
            own = tuple(row.cell(n) if nth == 0 else EMPTY for n in base)
            part = tuple(row.cell(p) if p is not None else EMPTY for p in places[k])
            at = f"{row.at}, action {k + 1}" if len(filled) > 1 or k else row.at
            over = {at_: row.over[n] for at_, n in enumerate(base) if n in row.over}
            lines.append(replace(row, at=at, cells=(*own, *part), over=over))
    remark = (
        frame.head_at,
        f"Each row holds up to {len(places)} actions, side by side.",
        "Check that each was imported.",
    )
    return replace(
        frame,
        layout="groups of columns",
        headings=headings,
        names=columns,
        column_evidence=phrases,
        twins=twins,
        rows=tuple(lines),
        remarks=(*frame.remarks, remark),
    )


_Places = list[list[int | None]]


def _groups(headings: Sequence[str]) -> tuple[list[str], _Places] | None:
    """The names in a group of columns, and for each group where they are; None if none is repeated."""
    return _numbered_groups(headings) or _cycles(headings)


def _numbered_groups(headings: Sequence[str]) -> tuple[list[str], _Places] | None:
    by_number: dict[int, dict[str, int]] = {}
    names: dict[str, str] = {}
    for place, heading in enumerate(headings):
        match = _NUMBER_IN.fullmatch(visible(heading))
        name = f"{match['before']} {match['after']}".strip(" :-") if match else ""
        if match and name:
            by_number.setdefault(int(match["n"]), {}).setdefault(comparable(name), place)
            names.setdefault(comparable(name), name)
    by_number = {n: places for n, places in by_number.items() if n}
    if len(by_number) < 2 or sorted(by_number) != list(range(1, len(by_number) + 1)):
        return None
    groups = list(by_number.values())
    shared = [key for key in names if sum(key in places for places in groups) >= 2]
    if not shared or not (len(shared) > 1 or heading_evidence(names[shared[0]]).weights.get("action", 0.0) >= 4):
        return None
    return [names[key] for key in shared], [[places.get(key) for key in shared] for places in groups]


def _cycles(headings: Sequence[str]) -> tuple[list[str], _Places] | None:
    """The same run of headings again and again, "Action, Owner, Due, Action, Owner, Due"."""
    keys = [comparable(heading) for heading in headings]
    for size in range(2, len(keys) // 2 + 1):
        for start in range(len(keys) - 2 * size + 1):
            run = keys[start : start + size]
            times = 1
            while keys[start + times * size : start + (times + 1) * size] == run:
                times += 1
            if times > 1 and all(run) and len(set(run)) == size:
                places: _Places = [[start + k * size + n for n in range(size)] for k in range(times)]
                return [headings[start + n] for n in range(size)], places
    return None


# Tables in cells --------------------------------------------------------------------------------------------


def nested(matrix: Matrix) -> Matrix | None:
    """A table whose cells hold tables, as one with a row for each of their rows."""
    inside = {n for row in matrix.rows for n in row.filled if row.cells[n].grids}
    if not inside:
        return None
    heads = [_inner_head(grid) for row in matrix.rows for n in row.filled for grid in row.cells[n].grids if grid.rows]
    if not heads:
        return None
    names: dict[str, str] = {}
    for head in heads:
        for n, text in enumerate(head):
            names.setdefault(comparable(text) or f"#{n}", text)
    keys = list(names)
    outside = [n for n in range(matrix.width) if n not in inside or _says_more(matrix, n)]
    lines = []
    first = True
    for row in matrix.rows:
        grids = [grid for n in row.filled for grid in row.cells[n].grids if grid.rows]
        own = tuple(replace(row.cell(n), grids=()) for n in outside)
        over = {p: row.over[n] for p, n in enumerate(outside) if n in row.over}
        if not grids:
            blank = (EMPTY,) * len(keys)
            lines.append(replace(row, cells=(*own, *([Cell(names[k]) for k in keys] if first else blank)), over=over))
            first = False
            continue
        lines += _inner_rows(row, grids, own, keys, over)
    names_at = (*(matrix.names[n] for n in outside), *(f"inner column {n + 1}" for n in range(len(keys))))
    return replace(matrix, rows=tuple(lines), names=names_at, layout="tables in cells")


def form(matrix: Matrix) -> list[Matrix]:
    """The tables inside a form of labels and values, each under what the form says above it; none where it is none."""
    block: list[Context] = []
    matrices: list[Matrix] = []
    for row in matrix.rows:
        grids = [grid for n in row.filled for grid in row.cells[n].grids if len(grid.rows) > 1]
        pairs = labelled_pairs(row) if not grids else []
        if not pairs and not (grids and _is_labelled_grid(row)):
            return []
        block += [Context("block", value.live, row.at, label) for label, value in pairs]
        for grid in grids:
            inner = matrix_of(grid, matrix.grid, (*matrix.context, *block))
            lines = tuple(
                replace(line, at=f"{row.at}, inner row {n + 1}", index=-1) for n, line in enumerate(inner.rows)
            )
            matrices.append(replace(inner, at=row.at, rows=lines, layout="tables in cells"))
    return matrices if block else []


def _is_labelled_grid(row: Line) -> bool:
    """Return whether a row is a table inside one cell, with nothing beside it but its label."""
    filled = [row.cells[n] for n in row.filled]
    labels = [cell for cell in filled if not cell.grids]
    return len(filled) <= 2 and all(label_of(cell) for cell in labels)


def _inner_head(grid: Grid) -> list[str]:
    return [visible(cell.live) for cell in grid.rows[0].cells]


def _says_more(matrix: Matrix, place: int) -> bool:
    """Return whether a column that holds tables says something beside them, its heading apart."""
    return any(row.cell(place).grids and visible(row.cell(place).live) for row in matrix.rows)


def _inner_rows(
    row: Line, grids: Sequence[Grid], own: tuple[Cell, ...], keys: Sequence[str], over: dict[int, Cell]
) -> Iterator[Line]:
    nth = 0
    for grid in grids:
        head = [comparable(text) or f"#{n}" for n, text in enumerate(_inner_head(grid))]
        for inner in matrix_of(grid, -1, ()).rows[1:]:
            by_key = {key: inner.cell(n) for n, key in enumerate(head)}
            cells = tuple(by_key.get(key, EMPTY) for key in keys)
            nth += 1
            outer = own if nth == 1 else (EMPTY,) * len(own)
            yield replace(row, at=f"{row.at}, inner row {nth + 1}", cells=(*outer, *cells), over=over)


# A table on its side --------------------------------------------------------------------------------------


def turned(matrix: Matrix) -> Matrix | None:
    """A table stood on its side, so that each column is a row; None where its first column cannot be headings."""
    # A title names no field; a row of fills alone does.
    rows = [row for row in matrix.rows if len(row.filled) > 1 or sum(bool(cell.fill) for cell in row.cells) > 2]
    first = min((row.filled[0] for row in rows), default=0)
    width = max((n for row in rows for n in row.filled), default=0) + 1
    if matrix.layout != "table" or not LEAST_TURNED <= len(rows) <= MOST_TURNED or width - first < 3:
        return None
    heads = [visible(row.cell(first).live) for row in rows]
    # Only the corner may be empty, above what the columns are called.
    if not all(heads[1:]) or len(set(heads)) < len(heads) or max(map(len, heads)) > LONGEST_HEADED:
        return None
    if any(_names_a_label(row, first) for row in rows):
        return None  # labels and values by turns, or headings
    corner = rows[0].cells[first] if heads[0] else Cell(_shared_label(rows[0], first))
    head = Line("the first column", (corner, *(row.cells[first] for row in rows[1:])))
    lines = [
        Line(f"{matrix.at}, {matrix.names[n]}".removeprefix(", "), tuple(row.seen(n) for row in rows))
        for n in range(first + 1, width)
    ]
    lines = [line for line in lines if line.filled]
    names = tuple(f"row “{text}”" if (text := visible(cell.live)) else "the first row" for cell in head.cells)
    return replace(matrix, rows=(head, *lines), names=names, lettered=False, layout="turned")


def _shared_label(row: Line, first: int) -> str:
    """The word that every cell of a row begins with before its number, as in "Priority 1: ..."; "" where none does."""
    labels = {plain(numbered(row.cells[n].live).label) for n in row.filled if n > first}
    return labels.pop().capitalize() if len(labels) == 1 else ""


def _names_a_label(row: Line, first: int) -> bool:
    """Return whether a row holds labels behind its first cell, other than initials or words that are its values.

    Values come again in a row, and initials such as "NO" stand among others.
    """
    values = [row.cells[n] for n in row.filled if n > first]
    initials = sum(bool(_INITIALS.fullmatch(visible(cell.live))) for cell in values)
    times = Counter(plain(cell.live) for cell in values)
    return initials <= len(values) / 2 and any(is_own_label(cell) and times[plain(cell.live)] == 1 for cell in values)


# Parts of a sheet -------------------------------------------------------------------------------------------


def parts(matrix: Matrix) -> list[Matrix]:
    """A sheet's tables: those beside each other, parted by an empty column, and those below each other."""
    return [part for beside in _beside(matrix) for below in _below(beside) for part in _key_below(below)]


def _beside(matrix: Matrix) -> list[Matrix]:
    empty = [n for n in range(matrix.width) if not any(n in row.filled or n in row.over for row in matrix.rows)]
    bounds = [-1, *empty, matrix.width]
    spans = [(a + 1, b) for a, b in pairwise(bounds) if b - a > 1]
    if len(spans) < 2:
        return [_within(matrix)]
    sizes = [sum(any(a <= n < b for n in row.filled) for row in matrix.rows) for a, b in spans]
    heads = [next((r for r in matrix.rows if sum(a <= n < b for n in r.filled) > 1), None) for a, b in spans]
    same = [
        tuple(plain(h.cell(n).live) for n in range(a, b)) if h else () for (a, b), h in zip(spans, heads, strict=True)
    ]
    largest = max(range(len(spans)), key=lambda n: (spans[n][1] - spans[n][0], sizes[n]))
    others: list[Matrix] = []
    main: list[int] = []
    for n, (a, b) in enumerate(spans):
        alike = n != largest and same[n] and same[n] == same[largest] and b - a > 2
        small = matrix.lettered and n != largest and b - a == 2
        small = small and sizes[n] <= max(8, sizes[largest] // 2) and sizes[n] < sizes[largest]
        if alike or small:
            others.append(_columns(matrix, list(range(a, b)), own_rows=True))
        else:
            main += range(a, b)
    if not others:
        return [matrix]
    return [_columns(matrix, main), *others]


def _within(matrix: Matrix) -> Matrix:
    """A sheet without the empty columns before and behind its table."""
    used = list(filled_columns(matrix.rows, matrix.width))
    used += [place for row in matrix.rows for place in row.over]
    if not matrix.lettered or not used or (min(used) == 0 and max(used) == matrix.width - 1):
        return matrix
    return _columns(matrix, range(min(used), max(used) + 1))


def _columns(matrix: Matrix, places: Sequence[int], *, own_rows: bool = False) -> Matrix:
    lines = []
    for row in matrix.rows:
        over = {p: row.over[n] for p, n in enumerate(places) if n in row.over}
        at = f"{row.at}, {matrix.names[places[0]]}" if own_rows else row.at
        line = replace(row, at=at, cells=tuple(row.cell(n) for n in places), over=over)
        if not line.is_blank or over:
            lines.append(line)
    return replace(matrix, rows=tuple(lines), names=tuple(matrix.names[n] for n in places))


def _below(matrix: Matrix) -> list[Matrix]:
    """Split where another table begins: known headings, other than those before (see `stacked` for the same ones)."""
    starts = [0]
    known: set[str] = set()
    for n, row in enumerate(matrix.rows):
        if not _heads(row):
            continue
        headings = {plain(row.cells[c].live) for c in row.filled}
        key = len(row.filled) == 2 and _key_head(row) and n > 2
        if (known or key) and not (headings & known) and row.after_gap:
            starts.append(n)
            known = headings
        elif not known:
            known = headings
    if len(starts) == 1:
        return [matrix]
    ends = [*starts[1:], len(matrix.rows)]
    return [replace(matrix, rows=matrix.rows[a:b]) for a, b in zip(starts, ends, strict=True)]


def _key_below(matrix: Matrix) -> list[Matrix]:
    """A sheet parted before the key to its ratings, where its last rows are one: words or colours and their meaning."""
    rows = matrix.rows
    first = len(rows)
    while first and _explains(rows[first - 1]):
        first -= 1
    size = len(rows) - first
    usual = max((len(row.filled) for row in rows[:first]), default=LEAST_ROW)
    title = bool(first) and _is_title_of_key(rows[first - 1], rows[first:])
    if size < LEAST_EXPLAINED or usual < (LEAST_BELOW_TITLE if title else LEAST_ROW):
        return [matrix]
    headed = len(rows[first].filled) == 2 and _key_head(rows[first])
    known = sum(_is_in_key(row) for row in rows[first + headed :])
    if not title and known < max(LEAST_EXPLAINED, 0.6 * (size - headed)):
        return [matrix]
    first -= title
    used = sorted({n for row in rows[first:] for n in row.filled})
    key = replace(_columns(replace(matrix, rows=rows[first:]), used), name="Key", layout="key")
    return [replace(matrix, rows=rows[:first]), key] if first else [key]


def _is_title_of_key(row: Line, key: Sequence[Line]) -> bool:
    """Return whether a line is the title of the key below it: by its words, or a word or two after a gap."""
    if len(row.filled) != 1:
        return False
    text = row.cells[row.filled[0]].live
    apart = row.after_gap and len(visible(text).split()) <= WORDS_OVER_A_KEY
    return is_furniture(text) or (apart and all(_line_of(line) for line in key))


def _line_of(row: Line) -> tuple[str, str] | None:
    """The word and the meaning in the only cell of a row: "Blue = complete"."""
    return key_line(row.cells[row.filled[0]].live) if len(row.filled) == 1 else None


def _is_in_key(row: Line) -> bool:
    return bool(_line_of(row)) or is_key_word(row.cells[row.filled[0]].live)


def _explains(row: Line) -> bool:
    """Return whether a row is a word or a colour, and what it means straight beside it or behind an equals sign."""
    filled = row.filled
    if len(filled) == 1 and ((filled[0] and row.cells[filled[0] - 1].fill) or _line_of(row)):
        return True
    return (
        len(filled) == 2 and filled[1] - filled[0] == 1 and len(visible(row.cells[filled[0]].live)) <= LONGEST_EXPLAINED
    )


def _heads(row: Line) -> bool:
    if len(row.filled) == 2 and _key_head(row):
        return True
    if len(row.filled) < 2 or labelled_pairs(row):
        return False
    known = [heading_evidence(row.cells[n].live) for n in row.filled if len(row.cells[n].live) < 60]
    own = sum(evidence.known in {"own", "phrase"} for evidence in known)
    return own >= 3 or (own >= 2 and own >= 0.6 * len(row.filled))


def _key_head(row: Line) -> bool:
    first, second = (plain(row.cells[n].live) for n in row.filled)
    return second in {"meaning", "definition", "description", "means", "stands for"} and len(first) < 20

"""Explanations of one matrix: where its headings stand, which rows name a recommendation, and what is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.columns.traits import traits
from ilacs_app.intake.reader.contents.document import plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import (
    LONGEST_HEADING,
    Candidate,
    Context,
    Line,
    Matrix,
    RowRole,
    joined_headings,
    labelled_pairs,
)

LAST_HEADING_ROW, MOST_HEADING_ROWS, TRIED_HEADINGS = 25, 3, 4
DATA = frozenset({"dates", "status", "rated", "refs", "numbers", "persons", "ongoing", "levels", "signs"})
_NUMBERED = re.compile(
    r"(?P<label>(?:[^\W\d]+[ /]+){0,4}?)\(?(?P<number>(?:[A-Z]{1,3}[ .-]?)?\d{1,3}[a-z]?|[A-Z])\)?"
    r"(?P<sep>\s*[:.)\u2010-\u2015-]+\s*|\s+)(?P<text>\S.*)",
    re.DOTALL,
)
_FOOTER = re.compile(
    r"\b(?:prepared|updated|version|page|key|note|notes|source|total|rag|brag|signed|date|author|owner|contact"
    r"|status as at"
    r"|end of|made by|produced|approved|copyright|official|draft)\b",
    re.IGNORECASE,
)


def _stands_alone(row: Line, usual: int, left: int, body: Sequence[Line], n: int) -> bool:
    """Whether a row is one line of words, or a number and words, where rows of the table have more."""
    filled = row.filled
    if not filled or filled[0] > left + 1:
        return False
    first = row.cells[filled[0]]
    if len(filled) == 1:
        if first.columns >= max(2, len(row.cells) // 2):
            return True
        return usual > 1 and filled[0] <= left and not row.over and "\n" not in first.live
    return (
        len(filled) == 2
        and usual > 3
        and filled[1] <= left + 2
        and bool(re.fullmatch(r"(?:[A-Za-z ]{0,20})\d{1,2}[.:)]?", visible(first.live)))
        and not any(line.filled[:1] == filled[:1] for line in body[n + 1 : n + 2])
    )


def _is_footer(row: Line, body: Sequence[Line], n: int) -> bool:
    """Whether only lines like this one follow, and nothing numbers it as the recommendations are."""
    rest = body[n:]
    if any(len(line.filled) > 2 for line in rest):
        return False
    text = row.cells[row.filled[0]].live
    return row.after_gap or any(line.after_gap for line in body[max(0, n - 2) : n]) or not numbered(text).number


def _context(row: Line) -> Context:
    texts = [visible(row.cells[n].live) for n in row.filled]
    mark = texts[0] if len(texts) == 2 else ""
    if mark:
        mark = numbered(f"{mark} - x").number or mark
    return Context("across", texts[-1], row.at, mark=mark, cells=row.cells)


def _deeper(stack: list[Context], one: Context, alone: Sequence[bool], n: int, *, two: bool) -> list[Context]:
    """The contexts after one more row across: a second one straight below the first stands under it. ``two`` says
    that the table has such pairs, so that a single one stands under the theme before it.
    """
    under = n > 0 and alone[n - 1]
    over = n + 1 < len(alone) and alone[n + 1]
    if over and not (under and stack):
        return [one]
    if stack and (under or two):
        return [stack[0], replace(one, level=1)]
    return [one]


def _above(matrix: Matrix, top: int, roles: list[RowRole]) -> list[Context]:
    """What stands above the headings inside the table: labels with values, and lines of words."""
    found: list[Context] = []
    unknown = sum(_may_be_label(row) for row in matrix.rows[:top]) > 1
    for row in matrix.rows[:top]:
        pairs = labelled_pairs(row)
        if not pairs and unknown and _may_be_label(row):
            first, second = row.filled
            pairs = [(visible(row.cells[first].live).rstrip(": "), row.cells[second])]
        texts = list(dict.fromkeys(visible(row.cells[n].live) for n in row.filled))
        if pairs:
            found += [Context("block", value.live, row.at, label, doubted=row.doubted) for label, value in pairs]
            roles.append(RowRole(row.index, "above", "labels and their values"))
        else:
            if len(texts) == 1 and not is_furniture(texts[0]):
                found.append(Context("above", texts[0], row.at))
            roles.append(RowRole(row.index, "above", "it stands above the headings"))
    return found


# Outlines ---------------------------------------------------------------------------------------------------

_LEVEL = re.compile(
    r"(?P<letters>[A-Za-z]{0,4})[ .-]?(?P<rest>\d{1,3}(?:[.-][A-Za-z]?\d{1,3})*)\.?(?P<letter>[a-z])?\)?"
)


def level_of(text: str) -> tuple[str, ...] | None:
    """The levels of a reference: ("1", "2") for "1.2", ("R1",) for "R1"; None where it is none."""
    match = _LEVEL.fullmatch(visible(text).strip("() "))
    if not match:
        return None
    parts = re.split(r"[.-]", match["rest"])
    parts[0] = f"{match['letters'].upper()}{parts[0]}"
    return (*parts, match["letter"]) if match["letter"] else tuple(parts)


def _outline(frame: Candidate) -> Candidate | None:
    """The rows of a table whose references have levels, those of recommendations taken out as what stands above."""
    rows = [row for row in frame.rows if len(row.filled) != 1 or not is_furniture(row.cells[row.filled[0]].live)]
    place = next((n for n in range(min(3, frame.matrix.width)) if _has_levels(rows, n)), None)
    if place is None:
        return None
    words = _words_column(rows, place)
    if words is None:
        return None
    upper = _upper_depth(rows, place, words)
    if upper is None:
        return None
    lines: list[Line] = []
    roles = {one.index: one for one in frame.roles}
    stack: list[Context] = []
    for row in frame.rows:
        level = level_of(row.cell(place).live)
        is_head = level is not None and (len(level) <= upper) and not row.cell(words).is_blank
        if is_head and level:
            stack = [one for one in stack if one.level < len(level)]
            mark = ".".join(level)
            stack.append(Context("outline", row.cell(words).live, row.at, mark=mark, level=len(level), cells=row.cells))
            roles[row.index] = RowRole(row.index, "recommendation", "its number stands above the others")
            continue
        lines.append(replace(row, context=(*row.context, *stack)))
    if not lines or not any(line.context[-1:] and line.context[-1].kind == "outline" for line in lines):
        return None
    return replace(frame, layout="outline", rows=tuple(lines), roles=tuple(roles.values()))


def _has_levels(rows: Sequence[Line], place: int) -> bool:
    filled = [row.cell(place).live for row in rows if not row.cell(place).is_blank]
    levels = [level for text in filled if (level := level_of(text))]
    depths = {len(level) for level in levels}
    return len(filled) >= 3 and len(levels) >= 0.8 * len(filled) and len(depths) > 1


def _words_column(rows: Sequence[Line], place: int) -> int | None:
    """The column that says what every row is about: filled on rows of every level, in the most words."""
    best, most = None, 0.0
    for n in range(place + 1, len(rows[0].cells)):
        cells = [row.cell(n) for row in rows]
        filled = [cell.live for cell in cells if not cell.is_blank]
        if len(filled) >= 0.9 * len(rows):
            size = sum(len(text) for text in filled) / len(filled)
            if size > most:
                best, most = n, size
    return best if most > 8 else None


def _upper_depth(rows: Sequence[Line], place: int, words: int) -> int | None:
    """How deep recommendations stand: the deepest level with others under it and mostly bare rows, else the first."""
    levels = [level_of(row.cell(place).live) for row in rows]
    depths = sorted({len(level) for level in levels if level})
    parents = {level[:-1] for level in levels if level and len(level) > 1}
    bare: dict[int, list[bool]] = {}
    for row, level in zip(rows, levels, strict=True):
        if level:
            others = [n for n in row.filled if n not in (place, words)]
            bare.setdefault(len(level), []).append(not others)
    if len(depths) < 2:
        return None
    found = depths[0]
    for depth in depths[:-1]:
        has_under = any(level in parents for level in levels if level and len(level) == depth)
        if has_under and sum(bare[depth]) > 0.7 * len(bare[depth]):
            found = depth
    firsts = [level for level in levels if level and len(level) == depths[0]]
    return found if any(level in {p[: len(level)] for p in parents} for level in firsts) else None

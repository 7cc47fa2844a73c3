"""Outlines: tables whose references have levels, so that the row "1" names the recommendation of "1.1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ilacs_app.intake.reader.contents.document import visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import Candidate, Context, Line, RowRole

_LEVEL = re.compile(
    r"(?P<letters>[A-Za-z]{0,4})[ .-]?(?P<rest>\d{1,3}(?:[.-][A-Za-z]?\d{1,3})*)\.?(?P<letter>[a-z])?\)?"
)


def by_levels(frame: Candidate) -> Candidate | None:
    """The rows of a table whose references have levels, those of recommendations taken out as what is above."""
    rows = [row for row in frame.rows if len(row.filled) != 1 or not is_furniture(row.cells[row.filled[0]].live)]
    place = next((n for n in range(min(3, frame.matrix.width)) if _has_levels(rows, n)), None)
    if place is None:
        return None
    text_place = _text_column(rows, place)
    if text_place is None:
        return None
    upper = _upper_depth(rows, place, text_place)
    if upper is None:
        return None
    lines: list[Line] = []
    roles = {role.index: role for role in frame.roles}
    stack: list[Context] = []
    for row in frame.rows:
        level = _level_of(row.cell(place).live)
        is_head = level is not None and (len(level) <= upper) and not row.cell(text_place).is_blank
        if is_head and level:
            stack = [context for context in stack if context.level < len(level)]
            mark = ".".join(level)
            stack.append(
                Context("outline", row.cell(text_place).live, row.at, mark=mark, level=len(level), cells=row.cells)
            )
            roles[row.index] = RowRole(row.index, "recommendation", "its number is above the others")
            continue
        lines.append(replace(row, context=(*row.context, *stack)))
    if not lines or not any(line.context[-1:] and line.context[-1].kind == "outline" for line in lines):
        return None
    return replace(frame, layout="outline", rows=tuple(lines), roles=tuple(roles.values()))


def _level_of(text: str) -> tuple[str, ...] | None:
    """The levels of a reference: ("1", "2") for "1.2", ("R1",) for "R1"; None if it is none."""
    match = _LEVEL.fullmatch(visible(text).strip("() "))
    if not match:
        return None
    parts = re.split(r"[.-]", match["rest"])
    parts[0] = f"{match['letters'].upper()}{parts[0]}"
    return (*parts, match["letter"]) if match["letter"] else tuple(parts)


def _has_levels(rows: Sequence[Line], place: int) -> bool:
    filled = [row.cell(place).live for row in rows if not row.cell(place).is_blank]
    levels = [level for text in filled if (level := _level_of(text))]
    depths = {len(level) for level in levels}
    return len(filled) >= 3 and len(levels) >= 0.8 * len(filled) and len(depths) > 1


def _text_column(rows: Sequence[Line], place: int) -> int | None:
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


def _upper_depth(rows: Sequence[Line], place: int, text_place: int) -> int | None:
    """Return the level of recommendations: the deepest with others under it and mostly bare rows, else the first."""
    levels = [_level_of(row.cell(place).live) for row in rows]
    depths = sorted({len(level) for level in levels if level})
    parents = {level[:-1] for level in levels if level and len(level) > 1}
    bare: dict[int, list[bool]] = {}
    for row, level in zip(rows, levels, strict=True):
        if level:
            others = [n for n in row.filled if n not in (place, text_place)]
            bare.setdefault(len(level), []).append(not others)
    if len(depths) < 2:
        return None
    deepest = depths[0]
    for depth in depths[:-1]:
        has_under = any(level in parents for level in levels if level and len(level) == depth)
        if has_under and sum(bare[depth]) > 0.7 * len(bare[depth]):
            deepest = depth
    firsts = [level for level in levels if level and len(level) == depths[0]]
    return deepest if any(level in {p[: len(level)] for p in parents} for level in firsts) else None

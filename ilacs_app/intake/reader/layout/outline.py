"""Outlines: tables whose references have levels, so that the row "1" names the recommendation of "1.1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.contents.document import plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import Candidate, Context, Line, RowRole

LEAST_ROWS = 3
MOST_HOLDING = 0.6
"""The most rows of a task list that hold others."""
_DEPTH = re.compile(r"(?:(?:outline|indent|wbs|hierarchy|task) )?(?:level|depth)|indent")
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
    if upper is None or _have_actions(frame, place, upper):
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


def _have_actions(frame: Candidate, place: int, upper: int) -> bool:
    """Return whether a row of the upper levels is an action itself: it fills a recommendation's column and an action's.

    Its reference is then that of an action with milestones under it.
    """
    weights = [heading_evidence(heading).weights for heading in frame.headings]
    named = {best_field(of_heading): n for n, of_heading in enumerate(weights) if of_heading and n != place}
    both = [named[field] for field in ("recommendation", "action") if field in named]
    if len(both) < 2:
        return False
    levels = [(row, _level_of(row.cell(place).live)) for row in frame.rows]
    heads = [row for row, level in levels if level is not None and len(level) <= upper]
    return any(not any(row.cell(n).is_blank for n in both) for row in heads)


def by_depth(frame: Candidate) -> Candidate | None:
    """The rows of a task list in which some hold others, by a column of their level or the indent of their words.

    A row is a recommendation if deeper rows follow it and it is not itself among the deepest.
    """
    rows = [row for row in frame.rows if not row.is_blank]
    levels = _depths(frame.headings, rows)
    if levels is None:
        return None
    depths, text_place = levels
    holds = [n + 1 < len(rows) and depths[n + 1] > depth for n, depth in enumerate(depths)]
    if not any(holds) or sum(holds) > MOST_HOLDING * len(rows) or not all(row.filled for row in rows):
        return None
    if (
        holds[-1]
        or not holds[0]
        or any(depth <= depths[0] and not own for depth, own in zip(depths, holds, strict=True))
    ):
        return None
    lines: list[Line] = []
    roles = {role.index: role for role in frame.roles}
    stack: list[Context] = []
    for row, depth, has_rows in zip(rows, depths, holds, strict=True):
        stack = [context for context in stack if context.level < depth]
        if has_rows:
            text = row.cell(text_place).live
            stack.append(Context("outline", text, row.at, level=depth, cells=row.cells))
            roles[row.index] = RowRole(row.index, "recommendation", "the rows below it are deeper")
        else:
            lines.append(replace(row, context=(*row.context, *stack)))
    return replace(frame, layout="outline", rows=tuple(lines), roles=tuple(roles.values()))


def _depths(headings: Sequence[str], rows: Sequence[Line]) -> tuple[list[int], int] | None:
    """The depth of each row, and the column of its words; None where all are as deep."""
    if len(rows) < LEAST_ROWS:
        return None
    sizes = [sum(len(row.cell(n).live) for row in rows) for n in range(len(headings))]
    text_place = max(range(len(headings)), key=lambda n: sizes[n] * all(not row.cell(n).is_blank for row in rows))
    by_column = next((n for n, heading in enumerate(headings) if _DEPTH.fullmatch(plain(heading))), None)
    if by_column is not None:
        texts = [visible(row.cell(by_column).live) for row in rows]
        depths = [int(text) if text.isdigit() else 0 for text in texts]
        return (depths, text_place) if all(depths) and len(set(depths)) > 1 else None
    depths = [row.cell(text_place).indent + 1 for row in rows]
    return (depths, text_place) if len(set(depths)) > 1 else None


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

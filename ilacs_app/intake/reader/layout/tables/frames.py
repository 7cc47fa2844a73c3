"""Explanations of one matrix: where its headings are, which rows name a recommendation, and what is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.contents.document import plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import (
    Candidate,
    Context,
    Line,
    Matrix,
    RowRole,
    joined_headings,
    labelled_pairs,
)
from ilacs_app.intake.reader.layout.outline import by_levels
from ilacs_app.intake.reader.layout.tables.heading_rows import heading_rows, signature
from ilacs_app.intake.reader.layout.tables.numbers import numbered

_PROMPT = re.compile(
    r"\?$|\.\.\.|\u2026|\bdd/mm|\be\.?g\b|^\(.*\)$|\b(?:enter|insert|state|give|list)\b", re.IGNORECASE
)


def frames(
    matrix: Matrix, common: Counter[tuple[str, ...]], near: date, evidence: EvidenceKinds
) -> Iterator[Candidate]:
    """Every explanation of a matrix that is worth scoring. ``common`` counts the words of rows over the whole file."""
    for top, bottom, quality in heading_rows(matrix, common, near, evidence):
        for lone in ("plain", "across") if evidence.layout else ("plain",):
            frame = _frame(matrix, top, bottom, quality, lone)
            if frame is not None:
                yield frame
                outline = by_levels(frame) if lone == "plain" and evidence.layout else None
                if outline is not None:
                    yield outline


# Rows -------------------------------------------------------------------------------------------------------


def _frame(matrix: Matrix, top: int, bottom: int, quality: float, lone: str) -> Candidate | None:
    heads = matrix.rows[top:bottom]
    headings = joined_headings(_filled_from_the_left(heads), matrix.width)
    roles = [RowRole(row.index, "heading") for row in heads]
    above = _above(matrix, top, roles)
    if lone == "across" and above and above[-1].kind == "above" and above[-1].at == matrix.rows[top - 1].at:
        above[-1] = replace(above[-1], kind="across")  # the first line is above the headings, the others below
    body = matrix.rows[bottom:]
    usual, left = _usual(body)
    alone = [lone == "across" and _stands_alone(row, usual, left, body, n) for n, row in enumerate(body)]
    two = any(a and b for a, b in pairwise(alone))
    lines: list[Line] = []
    stack: list[Context] = []
    block: list[Context] = []
    across = 0
    texts_of_heads = {signature(row) for row in heads}
    for n, row in enumerate(body):
        if signature(row) in texts_of_heads or _is_heading_again(row, heads):
            roles.append(RowRole(row.index, "heading", "the headings again"))
            continue
        aside = _aside(row, n, lone)
        if aside is not None:
            roles.append(aside)
            continue
        if alone[n]:
            if is_furniture(row.cells[row.filled[-1]].live) or _is_footer(row, body, n):
                roles.append(RowRole(row.index, "left_out", "a line below the table"))
                continue
            across += 1
            stack = _deeper(stack, _context(row), alone, n, two=two)
            block = []
            roles.append(RowRole(row.index, "recommendation", "it goes across the table"))
            continue
        pairs = labelled_pairs(row) if lone == "across" and usual > 2 and len(row.filled) <= 2 else []
        if pairs and _first_cell_has_colon(row):
            block += [Context("block", value.live, row.at, label) for label, value in pairs]
            roles.append(RowRole(row.index, "above", "a label and its value"))
            continue
        named = [context for context in above if context.kind != "across"] if stack else above
        lines.append(replace(row, context=(*matrix.context, *row.context, *named, *stack, *block)))
        roles.append(RowRole(row.index, "action"))
    if not lines or (lone == "across" and not across and not block):
        return None
    head_at = heads[-1].at if heads else matrix.rows[0].at
    layout = "rows across" if lone == "across" else "table"
    return Candidate(matrix, layout, headings, tuple(lines), matrix.names, head_at, tuple(roles), bottom - top, quality)


def _aside(row: Line, n: int, lone: str) -> RowRole | None:
    """The role of a row that says nothing of the plan: a line of the page, or prompts below the headings; else None."""
    if lone == "across" and len(row.filled) == 1 and is_furniture(row.cells[row.filled[0]].live):
        return RowRole(row.index, "left_out", "a line that is not part of the table")
    if n == 0 and _is_prompts(row):
        return RowRole(row.index, "heading", "it says what to write under each heading")
    return None


def _may_be_label(row: Line) -> bool:
    """Return whether a row is a few words and, beside them, a value."""
    filled = row.filled
    return len(filled) == 2 and filled[0] == 0 and len(visible(row.cells[0].live)) <= 60


def _is_prompts(row: Line) -> bool:
    """Return whether a row tells whoever fills the form in what to write: questions, examples, a date's pattern."""
    texts = [visible(row.cells[n].live) for n in row.filled]
    return len(texts) > 2 and sum(bool(_PROMPT.search(text)) for text in texts) >= 0.6 * len(texts)


def _first_cell_has_colon(row: Line) -> bool:
    return all(":" in row.cells[n].live for n in row.filled[:1])


def _filled_from_the_left(heads: Sequence[Line]) -> Sequence[Line]:
    """Without merged cells, extend the name of a group from its first column over the blanks after it."""
    if len(heads) < 2 or any(cell.columns > 1 for row in heads[:-1] for cell in row.cells):
        return heads
    filled = []
    for row in heads[:-1]:
        cells = list(row.cells)
        last = None
        for n, cell in enumerate(cells):
            if not cell.is_blank:
                last = cell
            elif last is not None and n not in row.over and not heads[-1].cell(n).is_blank:
                cells[n] = last
        filled.append(replace(row, cells=tuple(cells)))
    return (*filled, heads[-1])


def _usual(body: Sequence[Line]) -> tuple[int, int]:
    """Return how many cells rows usually fill, and the first column that full rows fill."""
    sizes = sorted(len(row.filled) + len(row.over) for row in body)
    left = min((row.filled[0] for row in body if len(row.filled) > 2), default=0)
    return (sizes[(len(sizes) * 3) // 5] if sizes else 0), left


def _is_heading_again(row: Line, heads: Sequence[Line]) -> bool:
    filled = row.filled
    if len(filled) < 2 or not heads:
        return False
    same = sum(any(plain(row.cells[n].live) == plain(head.cell(n).live) for head in heads) for n in filled)
    return same >= max(2, 0.8 * len(filled))


def _stands_alone(row: Line, usual: int, left: int, body: Sequence[Line], n: int) -> bool:
    """Return whether a row is one line of words, or a number and words, where rows of the table have more."""
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
    """Return whether only lines like this one follow, and nothing numbers it as the recommendations are."""
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


def _deeper(stack: list[Context], context: Context, alone: Sequence[bool], n: int, *, two: bool) -> list[Context]:
    """The contexts after one more row across: a second one straight below the first is under it. ``two`` says
    that the table has such pairs, so that a single one is under the theme before it.
    """
    under = n > 0 and alone[n - 1]
    over = n + 1 < len(alone) and alone[n + 1]
    if over and not (under and stack):
        return [context]
    if stack and (under or two):
        return [stack[0], replace(context, level=1)]
    return [context]


def _above(matrix: Matrix, top: int, roles: list[RowRole]) -> list[Context]:
    """Return what is above the headings inside the table: labels with values, and lines of words."""
    contexts: list[Context] = []
    unknown = sum(_may_be_label(row) for row in matrix.rows[:top]) > 1
    for row in matrix.rows[:top]:
        pairs = labelled_pairs(row)
        if not pairs and unknown and _may_be_label(row):
            first, second = row.filled
            pairs = [(visible(row.cells[first].live).rstrip(": "), row.cells[second])]
        texts = list(dict.fromkeys(visible(row.cells[n].live) for n in row.filled))
        if pairs:
            contexts += [Context("block", value.live, row.at, label, doubted=row.doubted) for label, value in pairs]
            roles.append(RowRole(row.index, "above", "labels and their values"))
        else:
            if len(texts) == 1 and not is_furniture(texts[0]):
                contexts.append(Context("above", texts[0], row.at))
            roles.append(RowRole(row.index, "above", "it is above the headings"))
    return contexts

"""Explanations of one matrix: where its headings are, which rows name a recommendation, and what is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.contents.document import Cell, plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import (
    Candidate,
    Context,
    Line,
    Matrix,
    RowRole,
    joined_headings,
    labelled_pairs,
    split_label,
)
from ilacs_app.intake.reader.layout.outline import by_depth, by_levels
from ilacs_app.intake.reader.layout.tables.across import Across, counts_on, line_number, line_text, lines_across
from ilacs_app.intake.reader.layout.tables.heading_rows import heading_rows, signature

LEADING = frozenset({"leads", "owners", "boards"})
_PROMPT = re.compile(
    r"\?$|\.\.\.|\u2026|\bdd/mm|\be\.?g\b|^\(.*\)$|\b(?:enter|insert|state|give|list)\b", re.IGNORECASE
)


def frames(
    matrix: Matrix, common: Counter[tuple[str, ...]], near: date, evidence: EvidenceKinds
) -> Iterator[Candidate]:
    """Every explanation of a matrix that is worth scoring. ``common`` counts the words of rows over the whole file."""
    for top, bottom, quality in heading_rows(matrix, common, near, evidence):
        for lone in ("plain", "across") if evidence.layout and matrix.layout != "lists" else ("plain",):
            frame = _frame(matrix, top, bottom, quality, lone)
            if frame is not None:
                yield frame
                if lone == "plain" and evidence.layout:
                    yield from (outline for outline in (by_levels(frame), by_depth(frame)) if outline is not None)


# Rows -------------------------------------------------------------------------------------------------------


def _frame(matrix: Matrix, top: int, bottom: int, quality: float, lone: str) -> Candidate | None:
    heads = matrix.rows[top:bottom]
    headings = joined_headings(_filled_from_the_left(heads), matrix.width)
    roles = [RowRole(row.index, "heading") for row in heads]
    above = _above(matrix, top, roles)
    if lone == "across" and above and above[-1].kind == "above" and above[-1].at == matrix.rows[top - 1].at:
        above[-1] = replace(above[-1], kind="across")  # the first line is above the headings, the others below
    body = [row for row in matrix.rows[bottom:] if not _is_heading_again(row, heads)]
    sorted_lines = lines_across(body) if lone == "across" else Across()
    rows = _Rows(matrix, body, lone, sorted_lines, above, roles)
    for n in range(len(body)):
        rows.add(n)
    again = [row for row in matrix.rows[bottom:] if _is_heading_again(row, heads)]
    roles += [RowRole(row.index, "heading", "the headings again") for row in again]
    if not rows.lines or (lone == "across" and not sorted_lines.lines and not rows.block):
        return None
    return Candidate(
        matrix,
        "rows across" if lone == "across" else "table",
        headings,
        tuple(rows.lines),
        matrix.names,
        heads[-1].at if heads else matrix.rows[0].at,
        tuple(roles),
        bottom - top,
        quality,
        bare=rows.without_rows() if lone == "across" else (),
    )


@dataclass
class _Rows:
    """The rows below the headings of a table while each gets what is above it and a role."""

    matrix: Matrix
    body: Sequence[Line]
    lone: str
    across: Across
    above: Sequence[Context]
    roles: list[RowRole]
    lines: list[Line] = field(default_factory=list)
    stack: list[Context] = field(default_factory=list)
    block: list[Context] = field(default_factory=list)
    named: list[tuple[Line, Context]] = field(default_factory=list)
    left_out: str = ""
    """The last line that was left out since one that names a recommendation."""

    def add(self, n: int) -> None:
        """Add the row at a place of the body."""
        row = self.body[n]
        aside = _aside(row, n, self.lone)
        if aside is not None:
            self.roles.append(aside)
        elif n in self.across.footers:
            self.left_out = visible(row.cells[row.filled[-1]].live)
            self.roles.append(RowRole(row.index, "left_out", "a line below the table"))
        elif pairs := self._labels(n):
            self.block += [Context("block", value.live, row.at, label) for label, value in pairs]
            self.roles.append(RowRole(row.index, "above", "a label and its value"))
        elif n in self.across.lines:
            self._name(n)
        else:
            self._act(n)

    def _labels(self, n: int) -> list[tuple[str, Cell]]:
        """The labels and values of a short row; a line across is one of them only below another."""
        row = self.body[n]
        if self.lone != "across" or len(row.filled) > 2 or (n in self.across.lines and not self._is_led(n)):
            return []
        usual = sorted(len(line.filled) for line in self.body)[len(self.body) * 3 // 5]
        return labelled_pairs(row) if usual > 2 and ":" in row.cells[row.filled[0]].live else []

    def _is_led(self, n: int) -> bool:
        """Return whether a line says who leads the recommendation in the line above it."""
        pair = split_label(line_text(self.body[n]))
        return (
            pair is not None and n - 1 in self.across.lines and best_field(heading_evidence(pair[0]).weights) in LEADING
        )

    def _name(self, n: int) -> None:
        """Go on below a line that goes across the table."""
        row = self.body[n]
        context = replace(_context(row), doubted=n in self.across.doubted)
        self.stack = self._deeper(context, n)
        self.named.append((row, context))
        self.block, self.left_out = [], ""
        self.roles.append(RowRole(row.index, "recommendation", "it goes across the table"))

    def _act(self, n: int) -> None:
        row = self.body[n]
        above = [context for context in self.above if context.kind != "across"] if self.stack else self.above
        context = (*self.matrix.context, *row.context, *above, *self.stack, *self.block)
        self.lines.append(
            replace(row, context=context, may_head=n in self.across.doubted, left_out_above=self.left_out)
        )
        self.roles.append(RowRole(row.index, "action"))

    def _deeper(self, context: Context, n: int) -> list[Context]:
        """The contexts after one more line across: a second one straight below the first is under it.

        Where the table has such pairs, a single line is under the theme before it.
        """
        under, over = self._is_over(n - 1), self._is_over(n)
        if over and not (under and self.stack):
            return [context]
        if self.stack and under:
            return [*self.stack, replace(context, level=len(self.stack))]
        if self.stack and any(self._is_over(k) for k in self.across.lines):
            return [self.stack[0], replace(context, level=1)]
        return [context]

    def _is_over(self, n: int) -> bool:
        """Return whether a line is a theme: another line is straight below, and does not count on from it."""
        lines = self.across.lines
        return n in lines and n + 1 in lines and not self._is_led(n + 1) and not counts_on(*self.body[n : n + 2])

    def without_rows(self) -> tuple[Line, ...]:
        """The lines across that name a recommendation below which there is no row, with themselves as what is above."""
        used = {context.at for line in self.lines for context in line.context}
        return tuple(
            replace(row, cells=(), over={}, context=(*self.matrix.context, context))
            for row, context in self.named
            if row.at not in used
        )


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


def _is_heading_again(row: Line, heads: Sequence[Line]) -> bool:
    if signature(row) in {signature(head) for head in heads}:
        return True
    filled = row.filled
    if len(filled) < 2 or not heads:
        return False
    same = sum(any(plain(row.cells[n].live) == plain(head.cell(n).live) for head in heads) for n in filled)
    return same >= max(2, 0.8 * len(filled))


def _context(row: Line) -> Context:
    number = line_number(row).number if len(row.filled) == 2 else ""
    return Context("across", line_text(row), row.at, mark=number, cells=row.cells)


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

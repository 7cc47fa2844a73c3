"""Where a reader sees the cells of a table in Word.

Word numbers the cells of a row through a grid of its own, which gets a new column for each border that someone
moved by a hair. What counts here is the picture: borders that lie within a few points of each other are one border.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

TOLERANCE = 8.0
"""Points within which two borders are one."""
SNAP = 0.3
"""Share of the narrower column beside it within which a row's border is taken for the border of most rows."""
USUAL_WIDTH = 72.0


@dataclass(frozen=True)
class RawRow:
    """A row as Word numbers it: columns left free before and after its cells, and how many each cell spans."""

    before: int
    spans: tuple[int, ...]
    after: int = 0
    widths: tuple[float, ...] = ()
    """The cells' own widths in points, 0 if not given; for a table without a grid."""


def visual_columns(rows: Sequence[RawRow], grid: Sequence[float]) -> tuple[list[list[tuple[int, int]]], list[float]]:
    """For each row the first column and the number of columns of each of its cells, and the columns' widths.

    `grid` has the widths of Word's own columns in points.
    """
    edges = [_edges(row, grid) for row in rows]
    usual = _usual_edges(edges)
    snapped = [_snapped(row, usual) for row in edges]
    borders = _borders(snapped)
    placed = []
    for row in snapped:
        at = [_nearest(borders, edge) for edge in row]
        for n in range(1, len(at)):
            at[n] = max(at[n], at[n - 1] + 1)
        placed.append([(left, right - left) for left, right in pairwise(at)])
    columns = max((left + span for row in placed for left, span in row), default=0)
    widths = [right - left for left, right in pairwise(borders)]
    return placed, [*widths, *[USUAL_WIDTH] * (columns - len(widths))][:columns]


def _edges(row: RawRow, grid: Sequence[float]) -> list[float]:
    """The left edges of a row's cells, in points from the table's own left edge, and the last one's right edge."""
    known = sum(1 for width in grid if width > 0)
    needed = row.before + sum(row.spans)
    if known < len(grid) or not grid:
        return _edges_without_grid(row)
    widths = [*grid, *[USUAL_WIDTH] * (needed - len(grid))]
    lefts = [0.0]
    for width in widths:
        lefts.append(lefts[-1] + width)
    at = row.before
    edges = [lefts[at]]
    for span in row.spans:
        at += span
        edges.append(lefts[at])
    return edges


def _edges_without_grid(row: RawRow) -> list[float]:
    edge = row.before * USUAL_WIDTH
    edges = [edge]
    widths = row.widths if all(width > 0 for width in row.widths) else ()
    for n, span in enumerate(row.spans):
        edge += widths[n] if widths else span * USUAL_WIDTH
        edges.append(edge)
    return edges


def _usual_edges(rows: Sequence[Sequence[float]]) -> list[float]:
    """The edges of most rows, and of those with the most cells if there is a tie."""
    counted = Counter(tuple(round(edge / TOLERANCE) for edge in row) for row in rows)
    if not counted:
        return []
    best = max(counted, key=lambda kind: (counted[kind] * (len(kind) - 1), len(kind)))
    return list(next(row for row in rows if tuple(round(edge / TOLERANCE) for edge in row) == best))


def _snapped(row: Sequence[float], usual: Sequence[float]) -> list[float]:
    """Return the row with its borders moved to the nearest borders of most rows, no two to the same one."""
    near = [_near(edge, usual) for edge in row]
    taken = Counter(edge for edge in near if edge is not None)
    return [
        edge if close is None or (taken[close] > 1 and edge != close) else close
        for edge, close in zip(row, near, strict=True)
    ]


def _near(edge: float, usual: Sequence[float]) -> float | None:
    if not usual:
        return None
    at = _nearest(usual, edge)
    beside = [
        abs(usual[at] - usual[other]) for other in (at - 1, at + 1) if 0 <= other < len(usual)
    ]  # fmt: skip
    limit = max(TOLERANCE, SNAP * min(beside, default=0))
    return usual[at] if abs(usual[at] - edge) <= limit else None


def _borders(rows: Sequence[Sequence[float]]) -> list[float]:
    """All borders, from the left, those within the tolerance as one; but the two sides of a cell never are."""
    apart = {
        (round(left, 2), round(right, 2)) for row in rows for left, right in pairwise(row) if right - left <= TOLERANCE
    }
    counted = Counter(round(edge, 2) for row in rows for edge in row)
    borders: list[float] = []
    group: list[float] = []
    for edge in sorted(counted):
        if group and (edge - group[0] > TOLERANCE or any((other, edge) in apart for other in group)):
            borders.append(max(group, key=lambda edge: counted[edge]))
            group = []
        group.append(edge)
    if group:
        borders.append(max(group, key=lambda edge: counted[edge]))
    return borders


def _nearest(borders: Sequence[float], edge: float) -> int:
    at = bisect_left(borders, edge)
    if at == 0:
        return 0
    if at == len(borders):
        return at - 1
    return at if borders[at] - edge < edge - borders[at - 1] else at - 1

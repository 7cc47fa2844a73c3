"""Lines that are alone in their row: those that go across the table and name what is below, and actions without more.

What a line looks like tells it from the cells of an action: it is merged, bold, filled, numbered or in capitals where
they are not. Where nothing does, or where some lines have such a look and one has not, it is taken as what fits
better and doubted, so that someone is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ilacs_app.intake.reader.columns.traits import begins_an_action
from ilacs_app.intake.reader.contents.document import Cell, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import Line, labelled_pairs
from ilacs_app.intake.reader.layout.tables.numbers import Numbered, numbered

LEAST_OF_SENTENCE = 4
"""Words in a cell that is the first of an action's row and no word of a key."""
MOSTLY_BEGIN, LEAST_FULL = 0.8, 0.25
_ONE_NUMBER = re.compile(r"(?:[A-Za-z ]{0,20})\d{1,2}[.:)]?")


@dataclass(frozen=True)
class Across:
    """What the rows of a table's body are, by their places.

    ``lines`` go across the table, ``footers`` are below it. ``doubted`` are lines that may be something else, and
    rows alone like them that are read as actions and may name what is below.
    """

    lines: frozenset[int] = frozenset()
    footers: frozenset[int] = frozenset()
    doubted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Body:
    """The rows below the headings, and what tells those that are alone from the others."""

    rows: Sequence[Line]
    left: int
    alone: tuple[int, ...]
    acting: bool
    """Whether most first cells of rows that have more begin with what is to be done."""

    def begins(self, n: int) -> bool:
        """Return whether a row that is alone begins with what is to be done, and stands where actions do."""
        return begins_an_action(line_text(self.rows[n])) and self.rows[n].filled == [self.left]

    def heads_rows(self, n: int) -> bool:
        """Return whether a row that has more is straight below."""
        return n + 1 < len(self.rows) and n + 1 not in self.alone

    def looks(self, n: int) -> frozenset[str]:
        """Return what tells a line from the first cells of rows that have more: nothing if it looks like them."""
        cell = self.rows[n].cells[self.rows[n].filled[0]]
        others = [row.cell(self.rows[n].filled[0]) for k, row in enumerate(self.rows) if k not in self.alone]
        others = [other for other in others if not other.is_blank]
        looks = [_look(other, numbered(other.live)) for other in others]
        usual = {sign for look in looks for sign in look if _is_usual(sum(sign in each for each in looks), others)}
        usual |= {"fill"} if cell.fill in {other.fill for other in others} else set()
        sentences = sum(_is_sentence(other) for other in others)
        apart = set() if sentences and _is_usual(sentences, others) else {"place"}
        return frozenset((_look(cell, line_number(self.rows[n])) | apart) - usual)


def lines_across(rows: Sequence[Line]) -> Across:
    """Find the lines across a table among the rows of its body."""
    usual, left = _usual(rows)
    alone = [n for n, row in enumerate(rows) if _stands_alone(row, usual, left, rows, n)]
    firsts = [row.cell(left).live for n, row in enumerate(rows) if n not in alone and not row.cell(left).is_blank]
    begun = sum(begins_an_action(text) for text in firsts)
    body = _Body(rows, left, tuple(alone), bool(firsts) and begun >= MOSTLY_BEGIN * len(firsts))
    looks = {n: body.looks(n) for n in alone}
    footers = {n for n in alone if _is_furniture(rows[n]) or _is_footer(body, n, looks)}
    looks = {n: look for n, look in looks.items() if n not in footers}
    actions, doubted = _alike(body, looks) if _are_themes(looks) else _marked_out(body, looks)
    lines = frozenset(looks) - actions
    doubted |= {n for n in lines if n + 1 in lines and _may_be_siblings(body, n, looks)}
    doubted |= _without_number(body, lines)
    return Across(lines, frozenset(footers), frozenset(doubted))


def line_text(row: Line) -> str:
    """The words of a line across: those of its last cell, behind a number in a cell of its own."""
    return visible(row.cells[row.filled[-1]].live)


def line_number(row: Line) -> Numbered:
    """The number of a line across and its words; the number may be in a cell of its own."""
    texts = [visible(row.cells[n].live) for n in row.filled]
    mark = texts[0] if len(texts) == 2 else ""
    return numbered(texts[-1], (numbered(f"{mark} - x").number or mark) if mark else "")


def counts_on(first: Line, second: Line) -> bool:
    """Return whether two lines have numbers of one kind that follow each other, as recommendations 2 and 3 have."""
    upper, lower = line_number(first), line_number(second)
    a, b = (re.fullmatch(r"\D*(\d+)", line.number) for line in (upper, lower))
    return bool(a and b and upper.label.casefold() == lower.label.casefold() and int(b[1]) == int(a[1]) + 1)


def _usual(body: Sequence[Line]) -> tuple[int, int]:
    """Return how many cells rows usually fill, and the first column that full rows fill."""
    sizes = sorted(len(row.filled) + len(row.over) for row in body)
    full = [size for size in sizes if size > 1]
    if len(full) > 1 and len(full) >= LEAST_FULL * len(sizes):
        sizes = full  # lines and actions without more may be most rows
    left = min((row.filled[0] for row in body if len(row.filled) > 2), default=0)
    return (sizes[(len(sizes) * 3) // 5] if sizes else 0), left


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
        and bool(_ONE_NUMBER.fullmatch(visible(first.live)))
        and not any(line.filled[:1] == filled[:1] for line in body[n + 1 : n + 2])
    )


# Below the table ------------------------------------------------------------------------------------------------


def _is_furniture(row: Line) -> bool:
    return is_furniture(row.cells[row.filled[-1]].live)


def _is_footer(body: _Body, n: int, looks: Mapping[int, frozenset[str]]) -> bool:
    """Return whether no row of the table follows a line, and it is none of its recommendations or actions."""
    rows = body.rows
    if any(_is_of_table(row, body.left) for row in rows[n + 1 :]):
        return False
    if rows[n].after_gap or any(row.after_gap for row in rows[max(0, n - 2) : n]):
        return True
    heads = [looks[k] for k in looks if k < n and body.heads_rows(k)]
    apart = bool(heads) and all("merged" in look for look in heads) and "merged" not in looks[n]
    if line_number(rows[n]).number or body.begins(n) or apart:
        return False
    shared = frozenset.intersection(*heads) if heads else frozenset()
    return not (shared & looks[n]) - {"fill"}


def _is_of_table(row: Line, left: int) -> bool:
    """Return whether a row is one of the table's, however short, and none of a key or of labels below it."""
    if len(row.filled) > 2:
        return True
    if len(row.filled) < 2 or row.filled[0] != left or labelled_pairs(row):
        return False
    return _is_sentence(row.cells[left])


# What a line looks like -----------------------------------------------------------------------------------------


def _look(cell: Cell, number: Numbered) -> frozenset[str]:
    signs = {
        "merged": cell.columns > 1,
        "bold": cell.bold,
        "fill": bool(cell.fill) and cell.fill != "white",
        "number": bool(number.number or number.label),
        "capitals": cell.live.isupper(),
    }
    return frozenset(sign for sign, has in signs.items() if has)


def _is_usual(count: int, cells: Sequence[Cell]) -> bool:
    return count > (1 - MOSTLY_BEGIN) * len(cells)


def _is_sentence(cell: Cell) -> bool:
    return len(visible(cell.live).split()) >= LEAST_OF_SENTENCE


# Which of them are actions, and which may be --------------------------------------------------------------------


def _are_themes(looks: Mapping[int, frozenset[str]]) -> bool:
    """Return whether every line with a look of its own is straight above one without; so too where none has one."""
    marked = {n: look for n, look in looks.items() if look}
    return _all_over_others(looks) and not (marked and all("merged" in look for look in marked.values()))


def _all_over_others(looks: Mapping[int, frozenset[str]]) -> bool:
    return all(n + 1 in looks and not looks[n + 1] for n, look in looks.items() if look)


def _marked_out(body: _Body, looks: Mapping[int, frozenset[str]]) -> tuple[set[int], set[int]]:
    """The actions among lines of which some have a look of their own, and what may be something else."""
    actions: set[int] = set()
    doubted: set[int] = set()
    merged = all("merged" in look for look in looks.values() if look)
    for n in (n for n, look in looks.items() if not look):
        if looks.get(n + 1) and not body.begins(n) and not merged:
            doubted |= {n} if _is_sentence(body.rows[n].cells[body.left]) else set()
            continue  # it is over a line that names rows
        actions.add(n)
        certain = body.acting and body.begins(n) and _is_between(body, n, looks) and not _all_over_others(looks)
        doubted |= set() if certain else {n}
    return actions, doubted


def _is_between(body: _Body, n: int, looks: Mapping[int, frozenset[str]]) -> bool:
    """Return whether the lines around an action leave no place for it among them: they are merged, or count on."""
    before = [k for k in looks if k < n and looks[k]]
    after = [k for k in looks if k > n and looks[k]]
    if all("merged" in look for look in looks.values() if look):
        return True
    return (
        bool(before)
        and (not after or counts_on(body.rows[before[-1]], body.rows[after[0]]))
        and not (not after and body.heads_rows(n))
    )


def _alike(body: _Body, looks: Mapping[int, frozenset[str]]) -> tuple[set[int], set[int]]:
    """The actions among lines that look like the first cells of all rows, and what may be something else.

    Themes may have a look of their own. Of the others only one that begins otherwise than the actions is surely none.
    """
    alike = [n for n, look in looks.items() if not look]
    doubted = {n for n in alike if not body.acting or body.begins(n)}
    actions: set[int] = set()
    for n in alike:
        if n + 1 in alike and body.acting and body.begins(n) != body.begins(n + 1):
            actions.add(n if body.begins(n) else n + 1)
        elif body.begins(n) and not body.heads_rows(n) and n + 1 not in alike:
            actions.add(n)
    return actions, doubted


def _may_be_siblings(body: _Body, n: int, looks: Mapping[int, frozenset[str]]) -> bool:
    """Return whether two lines in a row look the same, so that the first may be no theme over the second."""
    upper, lower = line_number(body.rows[n]), line_number(body.rows[n + 1])
    if upper.number or lower.number:
        return False
    return looks[n] == looks[n + 1] and upper.label == lower.label


def _without_number(body: _Body, lines: frozenset[int]) -> set[int]:
    """The lines straight above rows that have no number where most such lines have one: they may be remarks."""
    heads = [n for n in lines if body.heads_rows(n)]
    plain_ones = {n for n in heads if not line_number(body.rows[n]).number}
    return plain_ones if len(heads) > 2 * len(plain_ones) else set()

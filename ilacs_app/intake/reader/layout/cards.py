"""Cards and forms: a label beside each value, two of them a row, or above it, brought to the table they could be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ilacs_app.intake.reader.columns.headings import best_field, comparable, heading_evidence
from ilacs_app.intake.reader.columns.traits import begins_an_action, names_a_day
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.matrix import (
    LEAST_OF_ACTION,
    Context,
    Line,
    Matrix,
    are_headings,
    is_own_label,
    is_status,
    label_of,
    labelled_pairs,
)

LEAST_LABELS, SHORTEST_LABEL, LONGEST_LABEL = 2, 3, 60
LEAST_TIMES, LEAST_CARDS = 2, 3
LEAST_UNDER_HEADINGS = 3
ALL_CARDS = 0.8  # of the cards of a file have each of its labels

_REF_OF_CARD = re.compile(
    r"(?:action|task|milestone)(?: no\.?| ref\.?| reference| number)? ?:? "
    r"(?P<ref>[a-z]{0,3}[ .-]?\d{1,3}(?:[./-]\d{1,3})*[a-z]?)",
    re.IGNORECASE,
)
"""A line that heads a card and holds nothing but the reference of its action."""

Label = tuple[str, Cell, str, tuple[Context, ...]]
"""A label, its value, the address of its row, and what is above it."""


@dataclass(frozen=True)
class Repeats:
    """How often words come in a file: before one value or alone in a row, and in any cell.

    ``cards`` is how often the known label comes that comes most often: about as many cards there are.
    """

    labels: Counter[str]
    cells: Counter[str]
    cards: int = 0
    rows: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How often the words of a whole row come."""

    def names(self, cell: Cell) -> bool:
        """Return whether a cell is a label: by its words, or because every card has it."""
        text = visible(cell.live)
        if not text or len(text) > LONGEST_LABEL or is_status(text) or is_furniture(text):
            return False
        times = self.cells[key] if (key := _label_key(text)) else 0
        if is_own_label(cell) and (len(text) >= SHORTEST_LABEL or times >= ALL_CARDS * self.cards):
            return True  # "No" on each card heads its number, on one the initials of an owner
        if len(text) < SHORTEST_LABEL or _is_surely_a_value(cell):
            return False
        known = bool(label_of(cell)) and times >= LEAST_TIMES
        return (known or times >= LEAST_CARDS) and times >= ALL_CARDS * self.cards


def _is_surely_a_value(cell: Cell) -> bool:
    """Return whether a cell that is no known label holds a date, or an action: they may be the same on every card."""
    text = visible(cell.live)
    if label_of(cell):
        return False
    if names_a_day(text):
        return True
    return len(text.split()) >= LEAST_OF_ACTION and begins_an_action(text) and not heading_evidence(text).weights


def repeats_of(matrices: Sequence[Matrix]) -> Repeats:
    """Return what is repeated over the tables of a file: by it labels are known whose words no one knows."""
    rows = [row for matrix in matrices for row in without_gaps(matrix).rows]
    labels = Counter(
        _label_key(row.cells[0].live)
        for row in rows
        if row.filled[:1] == [0] and len(row.filled) <= 2 and len(row.cells[0].live) <= LONGEST_LABEL
    )
    cells = Counter(_label_key(row.cells[n].live) for row in rows for n in row.filled)
    named = {_label_key(row.cells[n].live) for row in rows for n in row.filled if label_of(row.cells[n])}
    whole = Counter(_words_of(row) for row in rows)
    return Repeats(labels, cells, max((cells[key] for key in named), default=0), whole)


def card_labels(matrix: Matrix, repeats: Repeats) -> list[Label]:
    """The labels of cards with their values and what is above each; nothing if the table holds none.

    A label is known by its words, or because it comes again and again in the file.
    """
    if _is_headed(matrix):
        return []
    return over_values(matrix, repeats) or _beside_values(without_gaps(matrix), repeats)


def _is_headed(matrix: Matrix) -> bool:
    """Return whether a table begins with a row of known headings, each of another field, and fills it out below.

    The words of its rows may be those of labels: "Rec 1 - Leaders' oversight", "Performance Manager".
    """
    rows = [row for row in matrix.rows if len(row.filled) > 1]
    heads = [rows[0].cells[n] for n in rows[0].filled] if len(rows) > 1 else []
    filled_out = all(len(row.filled) >= LEAST_UNDER_HEADINGS and set(row.filled) <= set(rows[0].filled) for row in rows)
    return filled_out and are_headings(heads) and all(is_own_label(cell) for cell in heads)


def without_gaps(matrix: Matrix) -> Matrix:
    """Return a matrix without the columns that no row of two cells and more fills.

    Such a column is a margin or parts labels from values. A line that stands alone in one goes to the column before it.
    """
    used = sorted({n for row in matrix.rows if len(row.filled) > 1 for n in row.filled})
    if len(used) < LEAST_LABELS or len(used) == matrix.width:
        return matrix
    return replace(
        matrix,
        rows=tuple(_narrowed(row, used) for row in matrix.rows),
        names=tuple(matrix.names[n] for n in used),
    )


def _narrowed(row: Line, used: Sequence[int]) -> Line:
    cells = [row.cell(n) for n in used]
    if len(row.filled) == 1 and row.filled[0] not in used:
        before = sum(n < row.filled[0] for n in used)
        cells[max(0, before - 1)] = row.cells[row.filled[0]]
    over = {place: row.over[n] for place, n in enumerate(used) if n in row.over}
    return replace(row, cells=tuple(cells), over=over)


def _beside_values(matrix: Matrix, repeats: Repeats) -> list[Label]:
    labels: list[Label] = []
    above: tuple[Context, ...] = ()
    known = other = 0
    for row in matrix.rows:
        pairs = _pairs_of(row, repeats)
        if pairs:
            known += sum(
                bool(label_of(Cell(label))) or repeats.cells[_label_key(label)] >= LEAST_TIMES for label, _ in pairs
            )
            labels += [(label, value, row.at, (*matrix.context, *above)) for label, value in pairs]
        elif len(row.filled) == 1 and row.filled[0] > 0 and labels:
            label, value, at, context = labels[-1]
            labels[-1] = (label, Cell(f"{value.text}\n{row.cells[row.filled[0]].text}".strip()), at, context)
        elif len(row.filled) == 1 and (own := _REF_OF_CARD.fullmatch(visible(row.cells[row.filled[0]].live))):
            known += 1
            labels.append(("Action ref", Cell(own["ref"]), row.at, (*matrix.context, *above)))
        elif len(row.filled) == 1:
            above = _above(row) or above
        else:
            other += 1
    names = {_label_key(label) for label, _, _, _ in labels}
    enough = len(names) >= LEAST_LABELS and known >= 0.6 * len(labels) and len(labels) > 3 * other
    return labels if enough else []


def _above(row: Line) -> tuple[Context, ...]:
    """A line of one cell as what is above the cards after it; nothing if it belongs to the page."""
    text = visible(row.cells[row.filled[0]].live)
    return () if is_furniture(text) else (Context("across", text, row.at, cells=row.cells),)


def _pairs_of(row: Line, repeats: Repeats) -> list[tuple[str, Cell]]:
    if row.is_head:  # the file has these headings above other tables too, or cards with the same values
        return _two_a_row(row, repeats)
    pairs = labelled_pairs(row) or _two_a_row(row, repeats)
    if pairs:
        return pairs
    filled = row.filled
    if not filled or filled[0] != 0 or len(filled) > 2 or len(row.cells) < 2:
        return []
    label = visible(row.cells[0].live)
    if not label or len(label) > LONGEST_LABEL or is_furniture(label) or row.cells[0].columns >= len(row.cells) > 1:
        return []
    if len(filled) == 2:
        return [(label.rstrip(": "), row.cells[filled[1]])]
    if repeats.labels[_label_key(label)] >= LEAST_TIMES or label_of(row.cells[0]):
        painted = next((cell for cell in row.cells[1:] if cell.fill), EMPTY)
        return [(label.rstrip(": "), painted)]
    return []


def _two_a_row(row: Line, repeats: Repeats) -> list[tuple[str, Cell]]:
    """Two or three labels a row, each with its value behind it."""
    places = [n for n in row.filled if not n % 2]
    if len(row.cells) not in {4, 6} or places[:1] != [0] or any(n - 1 not in places for n in row.filled if n % 2):
        return []
    if not all(repeats.names(row.cells[n]) for n in places):
        return []
    values = [row.cell(n + 1) for n in places]
    if any(repeats.names(cell) for cell in values) or all(cell.is_blank for cell in values):
        return []
    return [(visible(row.cells[n].live).rstrip(": "), cell) for n, cell in zip(places, values, strict=True)]


def over_values(matrix: Matrix, repeats: Repeats) -> list[Label]:
    """The labels of cards each of which is above its value: rows of labels and of values take turns."""
    labels: list[Label] = []
    above: tuple[Context, ...] = ()
    names: set[tuple[str, ...]] = set()
    other = turns = beside = at = 0
    rows = without_gaps(matrix).rows
    while at < len(rows):
        row = rows[at]
        at += 1
        following = rows[at] if at < len(rows) and not rows[at].after_gap else None
        if not _is_of_labels(row, following, repeats):
            if len(row.filled) == 1 and row.filled[0] == 0:
                above = _above(row) or above
            else:
                other += 1
            continue
        second = rows[at + 1] if at + 1 < len(rows) and not rows[at + 1].after_gap else None
        below = following if following and not _is_of_labels(following, second, repeats) else None
        if below is not None and set(below.filled) <= set(row.filled):
            at += 1
            turns += 1
            beside += repeats.names(below.cell(row.filled[0]))
        else:
            below = Line(row.at, ())
        names.add(_words_of(row))
        context = (*matrix.context, *above)
        labels += [(visible(row.cells[n].live).rstrip(": "), below.cell(n), below.at, context) for n in row.filled]
    if turns and beside > turns / 2:
        return []  # the first column holds labels in every row: a value beside one only comes again
    return labels if len(names) >= LEAST_LABELS and turns >= LEAST_LABELS and turns > 3 * other else []


def _is_of_labels(row: Line, below: Line | None, repeats: Repeats) -> bool:
    """Return whether a row holds nothing but labels; `below` is the row straight under it.

    A known label and what is the same beside it on every card are two labels only where no label begins the row below.
    """
    cells = [row.cells[n] for n in row.filled]
    if not cells or not all(repeats.names(cell) for cell in cells):
        return False
    if not labelled_pairs(row):
        return True
    if repeats.rows[_words_of(row)] < max(LEAST_TIMES, ALL_CARDS * repeats.cards):
        return False
    over_a_value = below is not None and len(below.filled) > 1 and not repeats.names(below.cell(row.filled[0]))
    return over_a_value or not is_own_label(cells[0])


def _words_of(row: Line) -> tuple[str, ...]:
    return tuple(_label_key(row.cells[n].live) for n in row.filled)


def cards(tables: Sequence[tuple[Matrix, Sequence[Label]]]) -> Matrix | None:
    """Labels and values of cards, in order, as the table that they could have been; each table begins a new card."""
    labels: list[Label] = []
    for n, (_, pairs) in enumerate(tables):
        if n and labels:
            labels.append(("", EMPTY, "", ()))
        labels += pairs
    return _table_of_labels(labels, tables[0][0], "cards") if labels else None


def labelled_table(pairs: Sequence[Label], name: str) -> Matrix | None:
    """Paragraphs with labels, in order, as the table that they could have been; None where no label comes twice."""
    empty = Matrix("text", (), (), name=name)
    return _table_of_labels(pairs, empty, "labelled paragraphs")


def _table_of_labels(pairs: Sequence[Label], like: Matrix, layout: str) -> Matrix | None:
    order: dict[str, str] = {}
    for label, _, _, _ in pairs:
        if label:
            order.setdefault(_label_key(label), label)
    keys = list(order)
    rows: list[tuple[str, dict[str, Cell], tuple[Context, ...]]] = []
    last = -1
    fresh = False
    for label, value, at, context in pairs:
        if not label:
            fresh = True
            continue
        key = _label_key(label)
        place = keys.index(key)
        begins = place <= last and (key in rows[-1][1] or place == 0 or _is_action(label) or _is_recommendation(label))
        if not rows or begins or fresh or context != rows[-1][2]:
            rows.append((at, {}, context))
        fresh = False
        if key in rows[-1][1]:
            rows.append((at, {}, context))
        rows[-1][1][key] = value
        last = place
    if len(rows) < 1 or len(keys) < LEAST_LABELS:
        return None
    head = Line("the labels", tuple(Cell(re.sub(r"\s*\d+(?:\.\d+)*$", "", order[key])) for key in keys), is_head=True)
    body = tuple(Line(at, tuple(cells.get(key, EMPTY) for key in keys), context=context) for at, cells, context in rows)
    names = tuple(f"label “{order[key]}”" for key in keys)
    return Matrix(like.at or "text", (head, *body), names, like.grid, like.name, context=(), layout=layout)


def _label_key(label: str) -> str:
    return comparable(re.sub(r"\s*\d+[a-z]?(?:\.\d+)*$", "", label))


def _is_action(label: str) -> bool:
    """Return whether a label names the action before all else: "Who will do it" names the owner."""
    weights = heading_evidence(label).weights
    return weights.get("action", 0.0) >= 4 and best_field(weights) == "action"


def _is_recommendation(label: str) -> bool:
    weights = heading_evidence(label).weights
    return weights.get("recommendation", 0.0) >= 4 and best_field(weights) == "recommendation"

"""The common form of every layout: rows of cells in columns, and what is above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.columns.traits import begins_an_action
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, Grid, Row, plain, visible
from ilacs_app.plan.parsing.statuses import read_brag, read_status

LONGEST_HEADING = 110
LONGEST_FIRST_WORDS = 80
LABEL_WEIGHT = 4.0
SAME_FIELD = {"owners": "leads"}
LEAST_HEADINGS, MOST_NAMING_WORDS = 4, 6
LEAST_NAMED = 3.0  # for a field that is not the first that a heading names
MOST_LABELS = 3  # in a row of a card
RATED = frozenset({"brag", "status"})
LEAST_OF_ACTION = 4  # words: "Appoint a duty manager" is what is to be done, "Lead officer" a label
_LAST_NUMBER = re.compile(r"((?:\D{0,12}\d{1,3}[./-])*\D{0,12}?)(\d{1,4})[.):]?", re.ASCII)
ContextKind = Literal["file", "sheet", "heading", "paragraph", "above", "block", "across", "outline"]
Role = Literal["heading", "recommendation", "action", "continues", "left_out", "above", "blank"]


@dataclass(frozen=True)
class Context:
    """Words that are above rows and may say which recommendation they belong to, or who leads it.

    ``label`` is what a block calls it ("Lead director"), ``level`` how far down it is: the nearest counts.
    ``cells`` are those of the row of an outline that it was.
    """

    kind: ContextKind
    text: str
    at: str
    label: str = ""
    level: int = 0
    mark: str = ""
    cells: tuple[Cell, ...] = ()
    doubted: bool = False
    """Whether it may be something else: only its length suggests that it is the recommendation, or nothing its look."""


@dataclass(frozen=True)
class Line:
    """One row. ``cells`` has nothing where a cell from above covers a place; ``over`` has that cell there.

    ``pairs`` are labels and values where the file's other tables show that the row holds them; ``doubted`` says that
    the value may be the recommendation.
    """

    at: str
    cells: tuple[Cell, ...]
    over: Mapping[int, Cell] = field(default_factory=dict)
    index: int = -1
    is_head: bool = False
    is_total: bool = False
    after_gap: bool = False
    context: tuple[Context, ...] = ()
    pairs: tuple[tuple[str, Cell], ...] = ()
    doubted: bool = False
    unsure: frozenset[str] = frozenset()
    """The fields of its action that something else in the row speaks against."""
    may_head: bool = False
    """Whether it is alone in its row and may name the rows below it."""
    left_out_above: str = ""
    """A line above it that was left out and may name its recommendation."""

    @property
    def filled(self) -> list[int]:
        """The places of the cells that say something."""
        return [n for n, cell in enumerate(self.cells) if not cell.is_blank]

    @property
    def is_blank(self) -> bool:
        return not self.filled

    def cell(self, place: int) -> Cell:
        """The cell at a place; an empty one beyond the row's end."""
        return self.cells[place] if 0 <= place < len(self.cells) else EMPTY

    def seen(self, place: int) -> Cell:
        """The cell at a place, or the one from above that covers it."""
        return self.over.get(place) or self.cell(place)


@dataclass(frozen=True)
class Matrix:
    """Rows of a grid, a part of one, or what was brought to that form. ``grid`` is its place among the file's grids."""

    at: str
    rows: tuple[Line, ...]
    names: tuple[str, ...]
    grid: int = -1
    name: str = ""
    lettered: bool = False
    context: tuple[Context, ...] = ()
    layout: str = "table"

    @property
    def width(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class RowRole:
    """What one row of a grid was taken for, and why, if that is not obvious."""

    index: int
    role: Role
    why: str = ""


@dataclass(frozen=True)
class Candidate:
    """One explanation of a matrix: its headings, its rows, and what every row of it is.

    ``names`` says where each column is in the file, ``head_at`` where its headings do.
    """

    matrix: Matrix
    layout: str
    headings: tuple[str, ...]
    rows: tuple[Line, ...]
    names: tuple[str, ...]
    head_at: str
    roles: tuple[RowRole, ...]
    head_rows: int = 1
    quality: float = 0.0
    """How much the heading rows look like headings: below 0 they look like values."""
    bonus: float = 0.0
    """What bringing the rows to this form explains besides."""
    column_evidence: tuple[str, ...] = ()
    """The words that count as evidence for each column, if not its whole heading."""
    twins: tuple[tuple[tuple[str, str], ...], ...] = ()
    """For each column the headings and names of those that were brought together in it, where there are any."""
    remarks: tuple[tuple[str, str, str], ...] = ()
    """Address, what was seen, and what to do: remarks on how the rows were brought to this form."""
    bare: tuple[Line, ...] = ()
    """Lines across that name a recommendation without a row below them."""


def matrix_of(grid: Grid, place: int, context: tuple[Context, ...]) -> Matrix:
    """A grid's rows as lines, hidden ones too."""
    width = grid.width
    lines: list[Line] = []
    gap = False
    for n, row in enumerate(grid.rows):
        if row.is_blank and not (n and _is_painted_value(row, grid.rows[n - 1])):
            gap = True
            continue
        over = {}
        for c, cell in enumerate(row.cells):
            # Of a cell merged down and across, only its first column counts.
            if cell.merged and cell.merged[0] != n and cell.merged[1] == c:
                over[c] = grid.cell(*cell.merged)
        cells = tuple(EMPTY if cell.merged else cell for cell in row.cells)
        cells += (EMPTY,) * (width - len(cells))
        if grid.hidden_columns:
            cells = tuple(replace(cell, hidden=c in grid.hidden_columns) for c, cell in enumerate(cells))
        gap_above = gap and bool(lines)
        lines.append(Line(row.at, cells, over, n, is_head=row.is_head, is_total=row.is_total, after_gap=gap_above))
        gap = False
    names = tuple(grid.column_name(n) for n in range(width))
    return Matrix(grid.at, _without_waiting(lines), names, place, grid.name or grid.title, grid.lettered, context)


def _without_waiting(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without those that hold only the next number, where an action may be written later.

    The last of them stays where the line below it has no number: it may be the number of that one.
    """
    waiting = [n > 0 and _counts_on(lines[n - 1], line) for n, line in enumerate(lines)]
    return tuple(
        line
        for n, line in enumerate(lines)
        if not waiting[n] or (n + 1 < len(lines) and lines[n + 1].seen(line.filled[0]).is_blank)
    )


def _counts_on(before: Line, line: Line) -> bool:
    """Return whether a line holds nothing but the number that follows the one of the line before it."""
    if len(line.filled) != 1 or line.over or any(cell.controls for cell in line.cells):
        return False
    place = line.filled[0]
    numbers = [_LAST_NUMBER.fullmatch(visible(each.cell(place).live)) for each in (before, line)]
    first, second = numbers
    return bool(first and second and first[1] == second[1] and int(second[2]) == int(first[2]) + 1)


def _is_painted_value(row: Row, above: Row) -> bool:
    """Return whether a row without words holds a rating that is a fill alone, under the label that says so."""
    labels = {n: cell for n, cell in enumerate(above.cells) if not cell.is_blank}
    painted = [n for n, cell in enumerate(row.cells) if cell.fill and cell.fill != "white" and not cell.pale]
    return (
        bool(painted)
        and len(labels) <= MOST_LABELS
        and all(n in labels and best_field(heading_evidence(labels[n].live).weights) in RATED for n in painted)
    )


def label_of(cell: Cell) -> str:
    """The label that a cell is, without its colon; "" if it is none."""
    text = visible(cell.live)
    if not text or len(text) > 60 or "\n" in text:
        return ""
    if text.endswith(":"):
        return text.rstrip(": ")
    evidence = heading_evidence(text)
    if evidence.known in {"own", "phrase"}:
        return text
    if max(evidence.weights.values(), default=0.0) < LABEL_WEIGHT or is_status(text):
        return ""
    if len(text.split()) >= LEAST_OF_ACTION and begins_an_action(text):
        return ""
    _, _, rest = text.partition(":")  # "Recommendation 3: Make the duty system safe" holds its value too
    if rest and max(heading_evidence(rest).weights.values(), default=0.0) < LABEL_WEIGHT:
        return ""
    return text


def is_status(text: str) -> bool:
    """Return whether a text is a status or a rating alone, which is a value however usual its words are in headings."""
    return plain(read_status(text).status_text) == plain(text) or bool(read_brag(text))


def is_own_label(cell: Cell) -> bool:
    """Return whether a cell is a label beyond doubt: a known heading as a whole, or one with a colon."""
    text = visible(cell.live)
    return bool(label_of(cell)) and (text.endswith(":") or heading_evidence(text).known in {"own", "phrase"})


def _is_value(label: str, cell: Cell) -> bool:
    """Return whether a cell beside a label is no label itself.

    Beside the lead "Director of Care" is the lead, and beside the board "Corporate Parenting Board" is the board.
    """
    own = label_of(cell)
    if not own or is_own_label(cell):
        return not own
    of_label, of_value = heading_evidence(label).weights, heading_evidence(own).weights
    fields = {SAME_FIELD.get(best_field(weights), best_field(weights)) for weights in (of_label, of_value) if weights}
    return bool(of_label) and len(fields) == 1


def labelled_pairs(line: Line) -> list[tuple[str, Cell]]:
    """Labels and the values beside them, where all of a row's cells are such pairs; also "Lead: A" in one cell."""
    if line.pairs:
        return list(line.pairs)
    filled = [line.cells[n] for n in line.filled]
    if are_headings(filled):
        return []
    if len(filled) % 2 == 0 and 2 <= len(filled) <= 6:
        pairs = [(label_of(filled[n]), filled[n + 1]) for n in range(0, len(filled), 2)]
        if all(label and _is_value(label, value) for label, value in pairs):
            return pairs
    if by_place := _pairs_by_place(line):
        return by_place
    inside = [split_label(cell.live) for cell in filled]
    if filled and all(inside):
        return [(pair[0], Cell(pair[1])) for pair in inside if pair]
    return []


def are_headings(cells: Sequence[Cell]) -> bool:
    """Return whether each of four cells and more names a field of its own in a few words, so that none is a value."""
    texts = [visible(cell.live) for cell in cells]
    if len(texts) < LEAST_HEADINGS or any(
        len(text.split()) > MOST_NAMING_WORDS or text.endswith(":") for text in texts
    ):
        return False
    return _name_fields_apart(texts) and not any(is_status(text) for text in texts)


def _name_fields_apart(texts: Sequence[str]) -> bool:
    """Return whether each text can name a field that no other of them names: its best one, or its next best."""
    weights = [heading_evidence(text).weights for text in texts]
    likely = sorted(
        (
            (weight, -n, field)
            for n, fields in enumerate(weights)
            for field, weight in fields.items()
            if weight >= LEAST_NAMED or field == best_field(fields)
        ),
        reverse=True,
    )
    named: dict[str, int] = {}
    for _, n, name in likely:
        if n not in named.values():
            named.setdefault(name, n)
    return len(named) == len(texts)


def _pairs_by_place(line: Line) -> list[tuple[str, Cell]]:
    """Labels and values of a form's row in which a value was never filled in: "Lead", "", "Status", "In progress"."""
    if len(line.cells) not in {4, 6} or len(line.filled) < 2:
        return []
    labels = {n: label_of(line.cells[n]) for n in line.filled if not n % 2}
    if not labels or not all(labels.values()) or not any(is_own_label(line.cells[n]) for n in labels):
        return []
    if any(n - 1 not in labels or not _is_value(labels[n - 1], line.cells[n]) for n in line.filled if n % 2):
        return []
    if all(line.cell(n + 1).is_blank for n in labels):
        return []  # headings with gaps
    return [(label, line.cell(n + 1)) for n, label in labels.items()]


def split_label(text: str, *, numbered: bool = False) -> tuple[str, str] | None:
    """A label and its value out of "Lead director: Director of Care"; None if no label leads.

    "Recommendation 1: ..." names one of several and is a label only where ``numbered`` ones count.
    """
    label, colon, value = text.partition(":")
    label = visible(label)
    if not colon or not label or len(label) > 60 or "\n" in label or "//" in value[:2] or not visible(value):
        return None
    if goes_on_before_its_colon(label):
        return None
    weights = heading_evidence(label).weights
    if not numbered and label[-1].isdigit() and weights.get("recommendation", 0.0) >= 3.0:
        return None
    return (label, value.strip()) if max(weights.values(), default=0.0) >= LABEL_WEIGHT else None


LEAST_WORDS_BEFORE_LABEL = 3
_DASH = re.compile(r"\s[-\u2010-\u2015|]\s")
_SENTENCE_END = re.compile(r"[a-z]{4,}[.;] [A-Z]")


def goes_on_before_its_colon(label: str) -> bool:
    """Return whether the label is behind other words of the line: "Write a rota (Lead", "Write a rota - Lead"."""
    if label.count("(") > label.count(")") or label.count("[") > label.count("]") or _SENTENCE_END.search(label):
        return True
    *before, own = _DASH.split(label)
    known = max(heading_evidence(own).weights.values(), default=0.0) >= LABEL_WEIGHT
    return known and len(" ".join(before).split()) >= LEAST_WORDS_BEFORE_LABEL


def joined_headings(rows: Sequence[Line], width: int) -> tuple[str, ...]:
    """The headings of columns over one to three rows: what is above, also merged over several, and below."""
    names = []
    spread = [_spread(row, width, last=n == len(rows) - 1) for n, row in enumerate(rows)]
    for place in range(width):
        parts: dict[str, None] = {}
        for row in spread:
            if row[place]:
                parts[row[place]] = None
        names.append(" ".join(parts))
    return tuple(names)


def _spread(row: Line, width: int, *, last: bool) -> list[str]:
    """The words of a heading row at each place; a group's name is over all the columns that it is merged over."""
    texts = [""] * width
    for place in range(width):
        text = " ".join(visible(row.seen(place).live).split())
        if text:
            reach = row.seen(place).columns if not last else 1
            for n in range(place, min(width, place + max(1, reach))):
                texts[n] = texts[n] or text
    return texts


def names_of(headings: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Return the name of each column: its heading, numbered if it is repeated, or else its letter."""
    names: dict[str, None] = {}
    times: dict[str, int] = {}
    for heading, column in zip(headings, columns, strict=True):
        name = base = heading or column
        while name in names or not times.get(base):
            times[base] = times.get(base, 0) + 1
            name = base if times[base] == 1 else f"{base} ({times[base]})"
        names[name] = None
    return list(names)


def filled_columns(rows: Sequence[Line], width: int) -> Iterator[int]:
    """The columns in which any row says something."""
    for place in range(width):
        if any(not row.cell(place).is_blank or row.cell(place).fill for row in rows):
            yield place


def opening_words(matrix: Matrix) -> str:
    """The first row of a table that says something, its cells with commas between, shortened; "" for an empty table."""
    row = next((row for row in matrix.rows if not row.is_blank), None)
    cells = ", ".join(visible(row.cells[place].text) for place in row.filled) if row else ""
    line = " ".join(cells.split()).strip(" ,")
    return line if len(line) <= LONGEST_FIRST_WORDS else f"{line[: LONGEST_FIRST_WORDS - 1].rstrip()}…"

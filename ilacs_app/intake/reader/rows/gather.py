"""The rows of the plan's tables as partly built recommendations and actions, with each cell in its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from ilacs_app.intake.reader.columns.assignment import may_be_another
from ilacs_app.intake.reader.columns.traits import begins_an_action
from ilacs_app.intake.reader.contents.colours import ALSO_CALLED
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, plain, visible
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.choose import Explanation
from ilacs_app.intake.reader.layout.matrix import Context, ContextKind, Line, RowRole
from ilacs_app.intake.reader.layout.tables.numbers import numbered
from ilacs_app.intake.reader.rows.above import Above, above, label_field, source_of
from ilacs_app.intake.reader.rows.lines import (
    PER_LINE,
    as_in_row_above,
    is_ditto,
    listed_lines,
    several,
    with_date_of_people,
    with_labelled_lines,
)
from ilacs_app.plan.plan_file import OF_RECOMMENDATION, FileProblem

_OF_ACTION = ("ref", "timescale", "revised_timescale", "note", "owners", "status", "brag", "evidence", "done_on")
LONGEST_COMMENT = 200
LEAST_FILLED, USUALLY_BEGIN = 3, 0.8
_FIGURE = re.compile(
    r"[\d.,]+ ?%?|\d+ ?(?:/|of|out of) ?\d+|[\d.,]+ (?:actions?|items?|tasks?|recommendations?|open|closed|complete)",
    re.I,
)
_RATINGS = frozenset({"red", "amber", "green", "blue"})
COVERED = ("timescale", "revised_timescale", "owners", "status", "brag", "done_on", "note")
_NUMBER = re.compile(
    r"(?:(?:rec(?:ommendation)?|priority|objective)\.? ?)?((?:[a-z]{1,6}[ ./-]?)?\d{1,6}[a-z]?(?:[./-]\d{1,6})*)\.?",
    re.I,
)
_FOOTER = re.compile(
    r"\b(?:prepared|updated|version|page \d|key|notes?|source|total|rag|brag|signed|produced|approved|end of|made by"
    r"|last saved|official|copyright|contact)\b",
    re.IGNORECASE,
)


@dataclass
class ItemCells:
    """A recommendation or an action while its rows are read: the pieces of each cell, row by row."""

    at: str
    cells: dict[str, list[Cell]] = field(default_factory=dict)
    extra: dict[str, list[str]] = field(default_factory=dict)
    actions: list[ItemCells] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """Where each field's column is, such as {"timescale": "column G"}."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """What each field's column is called in the file."""
    doubtful: set[str] = field(default_factory=set)
    """Fields whose cell may not be about this action."""
    parted: int = 0
    """Which line of a cell of several actions it was, from 1; 0 if it had its own cell."""
    of: int = 1
    led_above: bool = False
    """Whether a label above its rows says who leads it."""
    struck: bool = False
    """Whether its whole row is struck out."""
    leads_itself: bool = False
    """Whether its own card names its leads."""
    kind: str = "column"
    asked: bool = False
    unsure: bool = False
    """Whether its table could nearly as well be read otherwise, with other recommendations."""

    def add(self, name: str, cell: Cell) -> None:
        if visible(cell.live) or cell.text or cell.fill or cell.unknown or cell.error:
            self.cells.setdefault(name, []).append(cell)

    def add_extra(self, heading: str, text: str) -> None:
        if text:
            self.extra.setdefault(heading, []).append(text)

    def text(self, name: str) -> str:
        """The live words of a field, the pieces of several rows joined by line breaks."""
        return "\n".join(text for cell in self.cells.get(name, ()) if (text := cell.live.strip()))

    def starts_with(self, name: str, text: str) -> bool:
        """Return whether a field, or its first piece, says the same, whatever the capitals and the stop at the end."""
        pieces = self.cells.get(name, [])
        return any(
            words_alone(text) == words_alone(piece) for piece in (self.text(name), *(p.live for p in pieces[:1]))
        )

    def extras(self) -> dict[str, str]:
        return {heading: "\n".join(pieces) for heading, pieces in self.extra.items()}


@dataclass
class Gathered:
    """What the tables of a plan hold. ``roles`` are those of rows by grid, ``left`` the lines that are no part "
    "of it."""

    drafts: list[ItemCells] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    current: int = 0
    """The place of the recommendation to which the last row belonged."""
    begun: dict[str, list[int]] = field(default_factory=dict)
    """The places of recommendations by the words with which they began."""
    roles: dict[int, dict[int, RowRole]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def begin(self, draft: ItemCells, first_words: str) -> ItemCells:
        """Put a new recommendation behind the others and go on with it."""
        self.drafts.append(draft)
        self.current = len(self.drafts) - 1
        self.begun.setdefault(first_words, []).append(self.current)
        return draft

    def go_back_to(self, place: int) -> ItemCells:
        """Go on with an earlier recommendation."""
        self.current = place
        return self.drafts[place]


@dataclass(frozen=True)
class _Table:
    """One table of the plan while its rows are read."""

    explanation: Explanation
    extras: Mapping[str, int]
    source: ContextKind | None
    several: bool
    near: date

    def cells(self, row: Line) -> dict[str, Cell]:
        """The cells of a row by field; for what speaks of an action, also a cell that is merged down over the row."""
        cells = {name: row.cell(place) for name, place in self.explanation.fields.items()}
        if self.is_struck_out(row):
            cells = {name: replace(cell, marked=()) if cell.is_struck else cell for name, cell in cells.items()}
        if "action" in cells and not cells["action"].is_blank:
            for name in COVERED:
                if name in cells and self.explanation.fields[name] in row.over:
                    cells[name] = row.over[self.explanation.fields[name]]
        return cells

    def is_struck_out(self, row: Line) -> bool:
        """Return whether a row, or the words of its action, are struck out: it is kept only as a trace."""
        return is_struck_out(row) or row.cell(self.explanation.fields["action"]).is_struck

    def extra_cells(self, row: Line) -> dict[str, str]:
        return {heading: row.cell(place).live for heading, place in self.extras.items()}

    @property
    def is_of_cards(self) -> bool:
        """Whether each action has its own card, or labelled lines, which also hold its recommendation."""
        return (
            self.explanation.frame.matrix.layout != "table"
            and "recommendation" in self.explanation.fields
            and self.repeats
        )

    @cached_property
    def is_unsure(self) -> bool:
        """Whether the recommendations may be others: another layout or another column could hold them."""
        return bool(self.explanation.second) or may_be_another(self.explanation.columns, self.explanation.assignment)

    @cached_property
    def recommendations(self) -> frozenset[str]:
        """The recommendations of the rows, as words to compare."""
        place = self.explanation.fields["recommendation"]
        return frozenset(words_alone(row.cell(place).live) for row in self.explanation.frame.rows)

    @cached_property
    def repeats(self) -> bool:
        """Whether a recommendation is written again for each of its actions."""
        texts = [plain(row.cell(self.explanation.fields["recommendation"]).live) for row in self.explanation.frame.rows]
        return len(set(texts)) < len([text for text in texts if text])

    @cached_property
    def numbers_have_levels(self) -> bool:
        """Whether every number is one of an action in a recommendation, such as 1.1, even where it has only one."""
        numbers = [row.cell(self.explanation.fields["number"]).live for row in self.explanation.frame.rows]
        filled = [text for text in numbers if visible(text)]
        return len(filled) > 1 and all(_whole_number(text) != bare_number(text) for text in filled)

    @cached_property
    def usually_filled(self) -> int:
        """The median number of cells that say something in a row."""
        sizes = sorted(len(row.filled) for row in self.explanation.frame.rows if not row.is_blank)
        return sizes[len(sizes) // 2] if sizes else 0

    @property
    def places(self) -> dict[str, str]:
        return {name: self.explanation.frame.names[place] for name, place in self.explanation.fields.items()}

    @cached_property
    def headings(self) -> dict[str, str]:
        return {name: self.explanation.frame.headings[place] for name, place in self.explanation.fields.items()}


def words_alone(text: str) -> str:
    """The words of a text for comparing, without regard to capitals, spaces, and the signs at its end."""
    return plain(text).rstrip(" .,;:")


def gather(plan: Sequence[Explanation], near: date) -> Gathered:
    """Put every row of the plan's tables under the recommendation and the action where it belongs."""
    made = Gathered()
    sources = source_of(plan)
    for n, explanation in enumerate(plan):
        extras = {
            heading: place
            for place, heading in enumerate(explanation.names)
            if place not in explanation.fields.values() or place == explanation.fields.get("done_on")
        }
        if "owners" not in explanation.fields and _lead_is_above(explanation):
            explanation = _renamed(explanation, "leads", "owners")
        if _numbers_are_references(explanation):
            explanation = _renamed(explanation, "number", "ref")
        kind = sources.get(n)
        table = _Table(explanation, extras, kind, _tells_apart(plan, kind), near)
        roles = made.roles.setdefault(explanation.frame.matrix.grid, {})
        roles.update({role.index: role for role in explanation.frame.roles})
        rows, owner_lines = _below_owner_lines([row for row in explanation.frame.rows if not row.is_blank], table)
        made.problems += owner_lines
        if kind == "across":
            rows = sorted([*rows, *explanation.frame.bare], key=lambda row: row.index)
        last = max((k for k, row in enumerate(rows) if not table.cells(row)["action"].is_blank), default=-1)
        for k, row in enumerate(rows):
            role = _row(row, table, made, below=-1 < last < k)
            if role is not None and row.index >= 0:
                roles[row.index] = role
        made.problems += [FileProblem(at, "info", says, do) for at, says, do in explanation.frame.said]
    return made


def _below_owner_lines(rows: Sequence[Line], table: _Table) -> tuple[list[Line], list[FileProblem]]:
    """The rows with the owners that a line of its own names above them, where their own cells are blank."""
    fields = table.explanation.fields
    place = fields.get("owners", fields.get("leads"))
    if place is None:
        return list(rows), []
    lines: list[Line] = []
    problems: list[FileProblem] = []
    owner: Cell | None = None
    for n, row in enumerate(rows):
        following = rows[n + 1] if n + 1 < len(rows) else None
        heads = following is not None and not following.seen(fields["action"]).is_blank
        if row.filled == [place] and heads and following is not None and following.seen(place).is_blank:
            owner = row.cells[place]
            problems.append(_owner_line(row, owner.live))
            continue
        if owner is not None and row.seen(place).is_blank and not row.cell(fields["action"]).is_blank:
            row = replace(row, cells=(*row.cells[:place], owner, *row.cells[place + 1 :]))
        lines.append(row)
    return lines, problems


def _owner_line(row: Line, text: str) -> FileProblem:
    return FileProblem(
        row.at,
        "warning",
        f"This line holds only “{_short(text)}”. We read it as the owner of the actions below it.",
        "Check the owners of these actions.",
        kind="layout_guess",
    )


def is_struck_out(row: Line) -> bool:
    """Return whether everything that a row says is struck out: it is kept only as a trace."""
    cells = [row.cells[n] for n in row.filled if row.cells[n].text]
    return bool(cells) and all(cell.is_struck for cell in cells)


def _tells_apart(plan: Sequence[Explanation], kind: ContextKind | None) -> bool:
    texts = {
        plain(c.text) for explanation in plan for row in explanation.frame.rows for c in row.context if c.kind == kind
    }
    return len(texts) > 1


def _numbers_are_references(explanation: Explanation) -> bool:
    """Return whether the number column counts actions: each row has its own, though a recommendation has several."""
    fields = explanation.fields
    if "number" not in fields or "ref" in fields:
        return False
    if "recommendation" not in fields:
        return True
    if _number_each_action(explanation):
        return True
    numbers = [plain(row.cell(fields["number"]).live) for row in explanation.frame.rows]
    texts = [words_alone(row.seen(fields["recommendation"]).live) for row in explanation.frame.rows]
    filled = [n for n in numbers if n]
    if len(filled) < 0.9 * len(numbers) or len(set(filled)) < len(filled):
        return False
    if len({_whole_number(n) for n in filled}) < len({text for text in texts if text}):
        return True  # what they have in common tells no recommendation from another
    again = [(a == b and bool(a)) or not b for a, b in pairwise(texts)]
    whole = [_whole_number(a) == _whole_number(b) for a, b in pairwise(numbers)]
    return any(same and not alike for same, alike in zip(again, whole, strict=True))


def _number_each_action(explanation: Explanation) -> bool:
    """Return whether numbers behind the recommendation go on where its cell is blank: 1a and 1b, then 1a again."""
    place, spelt = explanation.fields["number"], explanation.fields["recommendation"]
    rows = [row for row in explanation.frame.rows if not row.is_blank]
    if place < spelt:
        return False
    further = [(a, b) for a, b in pairwise(rows) if plain(b.cell(spelt).live) in {"", plain(a.cell(spelt).live)}]
    changed = [_whole_number(a.cell(place).live) != _whole_number(b.cell(place).live) for a, b in further]
    return bool(changed) and all(changed) and not any(b.cell(place).is_blank for _, b in further)


def _lead_is_above(explanation: Explanation) -> bool:
    """Return whether a label above the rows names the lead, so that a column of people names owners."""
    return any(
        context.kind == "block" and label_field(context) == "leads"
        for row in explanation.frame.rows
        for context in row.context
    )


def _renamed(explanation: Explanation, old: str, new: str) -> Explanation:
    fields = {(new if name == old else name): place for name, place in explanation.fields.items()}
    return replace(explanation, assignment=replace(explanation.assignment, fields=fields))


# One row ----------------------------------------------------------------------------------------------------


def _row(row: Line, table: _Table, made: Gathered, *, below: bool) -> RowRole | None:
    if row.is_blank:
        _begin_above(row, table, made)
        return None
    cells, extras = table.cells(row), table.extra_cells(row)
    if _is_remark(row, cells, extras, below=below):
        text = next(cell.live for cell in row.cells if not cell.is_blank)
        made.left.append(text)
        made.problems.append(_left_out(row.at, text))
        return RowRole(row.index, "left_out", "this line is not part of the table")
    if (unknown := _unknown(row, table)) is not None:
        made.problems += unknown
        if cells["action"].unknown:
            return RowRole(row.index, "left_out", "its action is a formula without a stored result")
    if _names_itself(row, table):
        made.problems.append(_row_of_recommendation(row))
        return RowRole(row.index, "left_out", "it is the recommendation of other rows")
    cells = _without_dittos(row, cells, table, made)
    begun = _begin(row, cells, table, made)
    draft = made.drafts[made.current] if begun is None else begun
    acted = _add_row(row, cells, extras, table, draft, made)
    made.problems += _comments(row, table)
    new = begun is not None and begun.at == row.at
    if acted and (row.may_head or _stands_alone(row, table)):
        draft.unsure = True
        made.problems.append(_may_head_rows(row))
    elif acted and row.left_out_above:
        draft.unsure = True
        made.problems.append(_below_left_out(row))
    if acted:
        return RowRole(row.index, "action", "its recommendation begins here" if new else "")
    return RowRole(row.index, "recommendation" if new else "continues")


def _without_dittos(row: Line, cells: dict[str, Cell], table: _Table, made: Gathered) -> dict[str, Cell]:
    """The cells of a row, with a blank for a recommendation or number that only says "as above"."""
    dittos = [name for name in ("number", "recommendation") if is_ditto(cells.get(name, EMPTY)) and made.drafts]
    current = made.drafts[made.current] if made.drafts else None
    made.problems += [
        _as_above(row, table, name, Cell(current.text(name))) for name in dittos if current and current.text(name)
    ]
    return {name: EMPTY if name in dittos else cell for name, cell in cells.items()}


def _names_itself(row: Line, table: _Table) -> bool:
    """Return whether a row without a recommendation has, as its action, the recommendation of other rows.

    A task board lists what holds its tasks as a row among them.
    """
    fields = table.explanation.fields
    if "recommendation" not in fields or not row.seen(fields["recommendation"]).is_blank:
        return False
    text = words_alone(row.cell(fields["action"]).live)
    return bool(text) and text in table.recommendations


def _row_of_recommendation(row: Line) -> FileProblem:
    return FileProblem(
        row.at,
        "info",
        "This row is the recommendation of other rows, so it is not read as an action.",
        "No action needed, unless it is an action too.",
        kind="left_out",
    )


def _stands_alone(row: Line, table: _Table) -> bool:
    """Return whether a row is an action's cell alone, among fuller rows, and reads less like an action than theirs."""
    if len(row.filled) != 1 or row.over or row.filled[0] != table.explanation.fields["action"]:
        return False
    rows = [each for each in table.explanation.frame.rows if not each.is_blank]
    at = next((n for n, each in enumerate(rows) if each is row), len(rows))
    if at + 1 >= len(rows) or len(rows[at + 1].filled) < LEAST_FILLED or table.usually_filled < LEAST_FILLED:
        return False
    cell = row.cells[row.filled[0]]
    others = [each.cell(row.filled[0]) for each in rows if len(each.filled) >= LEAST_FILLED]
    looks_other = any(
        own and not any(theirs)
        for own, theirs in (
            (bool(numbered(cell.live).number), [bool(numbered(other.live).number) for other in others]),
            (cell.bold, [other.bold for other in others]),
            (cell.columns > 1, [other.columns > 1 for other in others]),
            (bool(cell.fill), [bool(other.fill) for other in others]),
        )
    )
    begin = sum(begins_an_action(other.live) for other in others)
    return looks_other or (begin >= USUALLY_BEGIN * len(others) and not begins_an_action(cell.live))


def _may_head_rows(row: Line) -> FileProblem:
    return FileProblem(
        row.at,
        "warning",
        "This line is alone in its row. We read it as an action, but it may be the heading of the rows below it.",
        "Check it. If it is the recommendation of the rows below, put it in a column of its own.",
        kind="layout_guess",
    )


def _below_left_out(row: Line) -> FileProblem:
    return FileProblem(
        row.at,
        "warning",
        f"We left out the line “{_short(row.left_out_above)}” above this row. If it names a recommendation, this "
        "action belongs to it.",
        "Check which recommendation this action is under.",
        kind="layout_guess",
    )


def _is_total(row: Line) -> bool:
    """Return whether a row counts the others: words such as "Total actions", and nothing but numbers beside them."""
    first, *others = [visible(row.cells[n].live) for n in row.filled] or [""]
    return bool(others) and is_furniture(first) and all(_FIGURE.fullmatch(text) for text in others)


def _comments(row: Line, table: _Table) -> Iterator[FileProblem]:
    """Report what people wrote beside the cells of a row: it may change what they say."""
    for place in range(len(table.explanation.frame.names)):
        for note in row.cell(place).notes:
            yield FileProblem(
                f"{row.at}, {table.explanation.frame.names[place]}",
                "warning",
                f"A comment on this cell says “{_one_line(note)}”. We do not import comments.",
                "Check whether it changes what the cell says.",
                kind="comment",
            )


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_COMMENT else f"{line[: LONGEST_COMMENT - 1]}…"


def _is_remark(row: Line, cells: Mapping[str, Cell], extras: Mapping[str, str], *, below: bool) -> bool:
    """A title or footer line among the rows: its words are alone where a number, or an action's words, would."""
    if _is_total(row) or (row.is_total and not begins_an_action(cells["action"].live)):
        return True
    if len(row.filled) != 1:
        return False
    if is_furniture(row.cells[row.filled[0]].live):
        return True
    name = next((name for name, cell in cells.items() if not cell.is_blank), "")
    text = row.cells[row.filled[0]].live
    if name in {"number", "ref"} or (not name and row.filled[0] == 0):
        return not _NUMBER.fullmatch(visible(text))
    across = row.cells[row.filled[0]].columns > max(2, len(row.cells) // 2)
    if name in {"recommendation", "action"} and (below or name == "action"):
        return below and (row.after_gap or bool(_FOOTER.search(text)) or across)
    return False


def _left_out(at: str, text: str) -> FileProblem:
    return FileProblem(
        at,
        "info",
        f"This line is not part of the table and was left out: “{_short(text)}”.",
        "No action needed, unless it belongs in the plan.",
        kind="left_out",
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:119]}…"


def _unknown(row: Line, table: _Table) -> list[FileProblem] | None:
    """Formulas that no one worked out, and cells that show an error, named one by one; None if there are none."""
    problems = []
    for n, cell in enumerate(row.cells):
        if not (cell.unknown or cell.error) or n >= len(table.explanation.frame.names):
            continue
        at = f"{row.at}, {table.explanation.frame.names[n]}"
        action = table.explanation.fields.get("action") == n
        if cell.unknown:
            says = "This cell is a formula and the file does not hold its result, so we cannot read it."
            do = "Open the file in Excel, save it, and import it again."
        else:
            says, do = f"This cell shows the error {cell.error}.", "Correct it in the file, and import it again."
        problems.append(
            FileProblem(at, "error" if action and cell.unknown else "warning", says, do, kind="unknown_cell")
        )
    return problems or None


# Which recommendation ---------------------------------------------------------------------------------------


def _begin(row: Line, cells: Mapping[str, Cell], table: _Table, made: Gathered) -> ItemCells | None:
    """The recommendation that a row begins or goes back to; None if it goes on with the one before."""
    if table.source is not None:
        return _begin_above(row, table, made)
    number, text = visible(cells.get("number", EMPTY).live), cells["recommendation"].live.strip()
    current = made.drafts[made.current] if made.drafts else None
    if current is not None and not _begins(number, text, cells, current):
        return None
    again = _earlier(made, number, text) if text else None
    if again is not None:
        return made.go_back_to(again)
    draft = ItemCells(row.at, places=table.places, unsure=table.is_unsure)
    for section in [context for context in row.context if context.kind == "across"]:
        draft.add_extra("Section", section.text)
        if section.at not in {problem.at for problem in made.problems}:
            made.problems.append(_section(section))
    return made.begin(draft, words_alone(text))


def _section(across: Context) -> FileProblem:
    return FileProblem(
        across.at,
        "info",
        f"This line goes across the table: “{_short(across.text)}”. It is kept beside the recommendations below it.",
        "No action needed, unless it names a recommendation: then move it to its own column.",
        kind="section",
    )


def _begins(number: str, text: str, cells: Mapping[str, Cell], current: ItemCells) -> bool:
    if number and _whole_number(number) != _whole_number(current.text("number")):
        same = text and current.starts_with("recommendation", text) and not current.text("number")
        return not same
    if not text or current.starts_with("recommendation", text):
        return False
    # Without a number and an action, more words are the rest of the same recommendation.
    return bool(number or not cells["action"].is_blank or not current.text("number"))


def _earlier(made: Gathered, number: str, text: str) -> int | None:
    """The place of a recommendation of the same words, and of the same number where both have one, from before."""
    for place in made.begun.get(words_alone(text), ()):
        draft = made.drafts[place]
        own = draft.text("number")
        if words_alone(draft.text("recommendation")) == words_alone(text) and (
            not number or not own or _whole_number(number) == _whole_number(own)
        ):
            return place
    return None


def _begin_above(row: Line, table: _Table, made: Gathered) -> ItemCells | None:
    named = above(row, table.source or "file", table.several)
    if named is None:
        if made.drafts:
            return None
        named = Above("", table.explanation.frame.matrix.name or "The plan", row.at, "file", asked=True)
    for place in made.begun.get(words_alone(named.text), ()):
        draft = made.drafts[place]
        if (draft.text("number"), words_alone(draft.text("recommendation"))) == (named.number, words_alone(named.text)):
            return made.go_back_to(place)
    made.problems += _doubts_across(row, named, made)
    draft = ItemCells(
        named.at, places=table.places, kind=named.kind, asked=named.asked, unsure=bool(table.explanation.second)
    )
    if named.number:
        draft.add("number", Cell(named.number))
    draft.add("recommendation", Cell(named.text))
    for name, cell in named.fields:
        draft.add(name, cell)
        draft.led_above = draft.led_above or name == "leads"
    _add_columns_above(draft, named, table)
    for label, text in named.extra:
        draft.add_extra(label, text)
    return made.begin(draft, words_alone(named.text))


def _doubts_across(row: Line, named: Above, made: Gathered) -> Iterator[FileProblem]:
    """Report the lines across above a row that may be something else than the recommendation or its theme."""
    reported = {problem.at for problem in made.problems if problem.kind == "layout_guess"}
    for context in row.context:
        if context.kind != "across" or not context.doubted or context.at in reported or named.kind != "across":
            continue
        if context.at == named.at:
            says = (
                "This line is alone in its row. We read it as the recommendation of the rows below it, but it may be "
            )
            says += "an action without a date."
            do = "Check it. If it is an action, fill in its other cells and import the file again."
        else:
            says = "This line is directly above another one. We read it as a theme, but it may be a recommendation "
            says += "without actions."
            do = "Check it. If it is a recommendation, number the recommendations and import the file again."
        yield FileProblem(context.at, "warning", says, do, kind="layout_guess")


def _add_columns_above(draft: ItemCells, named: Above, table: _Table) -> None:
    """Add what the row above has in the columns of the table: its owners are the leads of the recommendation."""
    for name, place in table.explanation.fields.items():
        if place >= len(named.cells) or name in {"number", "ref", "action"}:
            continue
        if name in OF_RECOMMENDATION:
            draft.add(name, named.cells[place])
        elif name == "owners":
            draft.add("leads", named.cells[place])
        elif named.cells[place].live:
            draft.add_extra(name, named.cells[place].live)


def _whole_number(text: str) -> str:
    """Return the number of the recommendation in "1", "1.", "1.2", "R1", "R1/A2" or "R1-2"."""
    return re.split(r"[./]|-(?=\d)", bare_number(text))[0]


def bare_number(text: str) -> str:
    """The number that a cell holds, without "Rec" before it or a stop after it."""
    match = _NUMBER.fullmatch(visible(text))
    return match[1] if match else text


def whole_number_of(text: str) -> str:
    """The number of the recommendation in the number of one of its actions."""
    return _whole_number(text)


# Adding a row -----------------------------------------------------------------------------------------------


def _add_row(
    row: Line, cells: dict[str, Cell], extras: Mapping[str, str], table: _Table, draft: ItemCells, made: Gathered
) -> bool:
    """Add a row's cells to a recommendation and its actions. Returns whether the row holds an action."""
    number = cells.get("number", EMPTY)
    before = next((item.actions[-1] for item in (draft, *made.drafts[::-1]) if item.actions), None)
    cells, as_above = as_in_row_above(cells, before.cells if before else {})
    made.problems += [_as_above(row, table, name, cells[name]) for name in sorted(as_above)]
    cells, dated_by_people = with_date_of_people(cells, table.near)
    if visible(number.live):
        # "1.1" and then "1.2" in one recommendation: they number its actions.
        same = draft.text("number") in ("", number.live.strip()) and not table.numbers_have_levels
        draft.cells["number"] = [number if same else Cell(_whole_number(number.live))]
    for name in OF_RECOMMENDATION:
        # A table that is filled down repeats the first row's cell on every row.
        cell = cells.get(name, EMPTY)
        own = name == "leads" and (draft.led_above or (table.is_of_cards and bool(cells["action"].live)))
        if visible(cell.live) and not own and not _said_before(draft, name, cell):
            draft.add(name, cell)
    cells = with_labelled_lines(cells)
    action = cells["action"]
    parts = several(action, {name: cells[name] for name in PER_LINE if name in cells}, table.near)
    for n, part in enumerate(parts, start=1):
        new = ItemCells(
            f"{row.at}, line {n}",
            places=table.places,
            headings=table.headings,
            parted=n,
            of=len(parts),
            doubtful=set(part.doubtful),
        )
        for name, cell in part.cells.items():
            if name != "leads":
                new.add(name, cell)
        _lead_of_row(new, {**cells, **({"leads": part.cells["leads"]} if "leads" in part.cells else {})})
        draft.actions.append(new)
    if not parts and not action.is_blank:
        doubtful = {*row.unsure, *as_above, *["timescale"] * dated_by_people}
        new = ItemCells(row.at, places=table.places, headings=table.headings, doubtful=doubtful)
        new.add("action", action)
        new.add("number", number)
        _lead_of_row(new, cells)
        new.leads_itself = table.is_of_cards
        new.struck = table.is_struck_out(row)
        draft.actions.append(new)
    if not parts:
        _rest_of_row(cells, draft)
    for heading, text in extras.items():
        of_action = bool(parts) or not action.is_blank or cells.get("recommendation", EMPTY).is_blank
        (draft.actions[-1] if of_action and draft.actions else draft).add_extra(heading, text)
    return bool(parts) or not action.is_blank


def _as_above(row: Line, table: _Table, name: str, cell: Cell) -> FileProblem:
    return FileProblem(
        f"{row.at}, {table.places[name]}",
        "info",
        f"This cell refers to the row above, so we read it as “{_short(cell.live)}”.",
        "Check it.",
        kind="as_above",
    )


def _said_before(draft: ItemCells, name: str, cell: Cell) -> bool:
    """Return whether a cell repeats what the recommendation has: its first piece, or for leads and boards any piece."""
    text = cell.live.strip()
    if name in {"leads", "boards"}:
        return any(piece.live.strip() == text for piece in draft.cells.get(name, ()))
    return draft.starts_with(name, text)


def _lead_of_row(action: ItemCells, cells: Mapping[str, Cell]) -> None:
    """Keep who leads this row: where leads change from action to action, they own the actions."""
    if "leads" in cells and "owners" not in cells and visible(cells["leads"].live):
        action.cells["row lead"] = [cells["leads"]]


def _rest_of_row(cells: Mapping[str, Cell], draft: ItemCells) -> None:
    # A row without an action continues the last one; before the first one its text has no place of its own.
    for name in _OF_ACTION:
        cell = cells.get(name, EMPTY)
        if draft.actions:
            draft.actions[-1].add(name, cell)
        elif visible(cell.live):
            draft.add_extra(name, cell.live.strip())


def several_in_one_cell(drafts: Sequence[ItemCells]) -> Iterator[FileProblem]:
    """Report cells of several lines: those that were split, and those that may need it."""
    for action in (action for draft in drafts for action in draft.actions):
        lines = listed_lines(action.cells["action"][0]) if action.cells.get("action") else ()
        if action.parted == 1:
            shared = " Each has all the people beside them." if "owners" in action.doubtful else ""
            yield FileProblem(
                action.at.removesuffix(", line 1"),
                "warning" if shared else "info",
                f"This cell holds several actions. We read each of its {action.of} lines as one, with the cells "
                f"beside it.{shared}",
                "Check them.",
                kind="several_in_a_cell",
            )
        elif not action.parted and len(lines) > 1 and not _several_beside(action):
            yield FileProblem(
                action.at,
                "info",
                f"This cell lists {len(lines)} things to do. We read them as one action, with one date and one status.",
                "If they are separate actions, give each its own row.",
                kind="several_in_a_cell",
            )
        elif not action.parted and lines:
            yield FileProblem(
                action.at,
                "warning",
                f"This cell has {len(lines)} lines, and the cells beside it have a different number. "
                "We read it as one action.",
                "If it is several actions, give each its own row.",
                kind="several_in_a_cell",
            )


def lists_several(action: ItemCells) -> bool:
    """Return whether the cell of an action lists several things to do that could not be parted."""
    return not action.parted and bool(action.cells.get("action")) and bool(listed_lines(action.cells["action"][0]))


def _several_beside(action: ItemCells) -> bool:
    return any(len(action.text(name).split("\n")) > 1 for name in ("timescale", "status", "note", "owners"))


# Leads of rows ----------------------------------------------------------------------------------------------


def owners_by_row(drafts: Sequence[ItemCells]) -> bool:
    """Return whether the leads are each action's own: those of one recommendation's actions differ."""
    for draft in drafts:
        leads = [lead for action in draft.actions if (lead := plain(action.text("row lead")))]
        if len(leads) > 1 and len(set(leads)) > 1:
            return True
    return False


def rating_word(cell: Cell, has: Callable[[str], bool]) -> str:
    """The word of a rating that is a fill alone; ``has`` says whether the file's own key names a colour."""
    if cell.live.strip() or not cell.fill or cell.pale:
        return ""
    own = cell.fill in _RATINGS or has(cell.fill)
    named = cell.fill if own else ALSO_CALLED.get(cell.fill, (cell.fill,))[0]
    return named.capitalize() if named in _RATINGS or has(named) else ""

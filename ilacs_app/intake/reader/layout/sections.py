"""A document's blocks as matrices, each with what is above it: headings, labelled lines, titles, sheets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.columns.traits import begins_an_action, names_a_day
from ilacs_app.intake.reader.contents.document import (
    EMPTY,
    Block,
    Cell,
    Document,
    Grid,
    Heading,
    Paragraph,
    plain,
    visible,
)
from ilacs_app.intake.reader.furniture import is_furniture
from ilacs_app.intake.reader.layout.cards import (
    Label,
    Repeats,
    card_labels,
    cards,
    labelled_table,
    over_values,
    repeats_of,
)
from ilacs_app.intake.reader.layout.matrix import (
    Context,
    Line,
    Matrix,
    goes_on_before_its_colon,
    matrix_of,
    split_label,
)
from ilacs_app.intake.reader.layout.shapes import form, nested, parts
from ilacs_app.intake.reader.layout.split import action_and_end
from ilacs_app.intake.reader.layout.stacked import label_of_longest, stacked
from ilacs_app.intake.reader.layout.tables.numbers import numbered
from ilacs_app.plan.parsing.dates import MONTH_WORD
from ilacs_app.plan.parsing.timescales import Timing, read_timescale

LEAST_REPEATED = 2
_BULLET = "\u2022"
LEAST_ENDING = 0.6
MOST_LAYOUT_ROWS = 2
LEVEL_IN_A_CELL = 6
LEVEL_OF_A_TITLE = 9  # under every heading of the document
WORDS_OF_A_TITLE, NAMES_A_PART = 16, 3.0
SURELY_NAMED = 4.0
"""The evidence from which the words of a label name a field."""
LEAST_WORDS_BELOW = 3
WHAT_SHOWS = frozenset({"measures", "impact", "monitoring"})
"""The fields of a recommendation that a list under a line of their own names."""
_ONLY_A_NUMBER = re.compile(r"(?:[^\W\d]+ ){0,3}(?:no\.? ?)?\d{1,2}[.:]?", re.IGNORECASE)
OVER_VALUES = "labels over values"
_LABEL_IN_A_LINE = re.compile(r"(?:^|(?<=[.;,|])[^\S\n]+|[^\S\n]{2,}|\t)(?P<label>[A-Z][^\W\d]*(?: [^\W\d]+){0,3}):\s+")
_REF_OF_ACTION = re.compile(r"(?<!\w)[A-Z]{0,3}\d{1,3}[a-z]?(?:[./-]\d{1,3}[a-z]?)+$")
_TYPED_NUMBER = re.compile(r"(?P<number>[A-Z]{0,2}\d{1,2}(?:\.\d{1,2}){0,3})[.):]?\s+(?P<text>[^\W\d].{8,})", re.DOTALL)
_Labelled = tuple[str, Cell, str, tuple[Context, ...]]
"""A label, its value, where it is, and what is above it."""
_GENERIC_SHEET = re.compile(
    r"(?:sheet|table|tab|page)? ?\d*|(?:action |improvement )?plan(?: \d{4})?|actions?|responses?|data|tracker"
    r"|export|open|closed"
    r"|completed|live|current|main|master",
    re.IGNORECASE,
)


def matrices_of(document: Document, near: date, *, stacks: bool = True) -> list[Matrix]:
    """Every table or sheet that can be seen, in order, with what is above it.

    ``near`` is the plan's own date; ``stacks`` splits sheets that hold several tables of the same headings.
    """
    matrices: list[Matrix] = []
    walk = _Walk(document)
    place = -1
    for block in map(_titled, document.blocks):
        if isinstance(block, Grid):
            place += 1
            if not block.hidden and block.rows:
                matrix = matrix_of(block, place, walk.context(block))
                matrices += [seen for part in parts(matrix) for seen in _seen_through(part)]
            walk.after_grid()
        else:
            walk.take(block)
    repeats = repeats_of(matrices)
    matrices = [replace(matrix, layout=OVER_VALUES) if over_values(matrix, repeats) else matrix for matrix in matrices]
    return _with_cards(stacked(matrices, near) if stacks else matrices)


def _seen_through(part: Matrix) -> list[Matrix]:
    """A part of a sheet as the table that it is: out of a form's cells, or with a row for each inner one."""
    return form(part) or [nested(part) or part]


def text_matrices(document: Document, near: date) -> list[Matrix]:
    """Return what the paragraphs hold: lines with labels that come again, or lists under headings."""
    walk, over_labels = _Walk(document), _actions_over_labels(document)
    pairs: list[_Labelled] = []
    items: list[Line] = []
    open_label, lead_in = False, tuple[Context, ...]()
    notes: dict[int, list[str]] = defaultdict(list)
    for n, block in enumerate(map(_titled, _without_labels_of_actions(document))):
        if isinstance(block, Grid):
            items += _items_in_cells(block, walk.headings())
            walk.after_grid()
            open_label, lead_in = False, ()
            continue
        if isinstance(block, Heading):
            walk.take(block)
            of_heading = _labels_of_heading(document, block)
            pairs += [(label, Cell(value), block.at, ()) for label, value in of_heading]
            open_label, lead_in = bool(of_heading), ()
            continue
        text = block.line.live.strip()
        if not visible(text) or block.boxed or walk.complete(block):
            continue
        if is_furniture(text):
            open_label = False
            continue
        labels = [("Action", text)] if block.at in over_labels else _labels_of(document, text, n)
        context = _to_the_recommendation(walk.headings())
        if labels:
            pairs += [(label, Cell(value), block.at, context) for label, value in labels]
            open_label = True
            notes[len(items) - 1] += _news_below(labels, items)
            continue
        if open_label and pairs:
            pairs[-1] = _going_on(pairs[-1], text)
        item = _item_of(block, context, lead_in)
        items += [item] if item else []
        lead_in = lead_in if item else (Context("paragraph", text, block.at),)
    labelled = labelled_table(_own_context(pairs), document.name) if pairs else None
    items = items if labelled else [_with_news(item, notes[n]) for n, item in enumerate(items)]
    return [matrix for matrix in (labelled, _listed_apart(items, near)) if matrix is not None]


def _listed_apart(items: Sequence[Line], near: date) -> Matrix | None:
    """The lists as a table, with the measures among them above their actions, or below the list."""
    actions, beside = _without_what_shows(items)
    listed = _listed(actions, near)
    return replace(listed, rows=(*listed.rows, *beside)) if listed else None


def _going_on(pair: _Labelled, text: str) -> _Labelled:
    """A label with one more line of its value."""
    name, cell, at, above = pair
    return name, Cell(f"{cell.text}\n{text}".strip()), at, above


def _labels_of_heading(document: Document, block: Heading) -> list[tuple[str, str]]:
    """The label and value of a heading such as "Action 1.2: ...", where its label comes again in the file."""
    split = split_label(block.text)
    if not split or _counts(document, split[0]) < LEAST_REPEATED or _names_a_recommendation(block.text):
        return []
    return list(_with_ref(*split))


def _actions_over_labels(document: Document) -> frozenset[str]:
    """The addresses of lines that are the action of the labels under them: "Lead: ...", "By when: ...".

    That is where no label names the action itself, one label begins after such a line each time, and most of the
    lines begin as an action does or are bold.
    """
    above: dict[str, list[Paragraph | None]] = defaultdict(list)
    before: Paragraph | None = None
    for block in document.blocks:
        if not isinstance(block, Paragraph) or block.boxed:
            before = None
        elif text := visible(block.line.live):
            labels = [] if is_furniture(text) else _labels(document, text)
            if any(_is_known(label) and _names_an_action(label) for label, _ in labels):
                return frozenset()
            for label, _ in labels[:1]:
                above[_bare(label)].append(before)
            before = None if labels or is_furniture(text) else block
    for label, lines in above.items():
        own = [line for line in lines if line is not None]
        acting = sum(begins_an_action(line.line.live) or _is_bold(line) for line in own)
        if _is_known(label) and len(own) == len(lines) >= LEAST_REPEATED and acting > LEAST_ENDING * len(own):
            return frozenset(line.at for line in own)
    return frozenset()


def _without_labels_of_actions(document: Document) -> Sequence[Block]:
    """Return the blocks, where every label only says that an action follows: "ACTION: Train the team" is an item."""
    labelled = {
        block.at: labels
        for block in document.blocks
        if isinstance(block, Paragraph) and not block.boxed and not is_furniture(block.line.live)
        if (labels := _labels(document, block.line.live.strip()))
    }
    names = [label for labels in labelled.values() for label, _ in labels]
    if len(names) < LEAST_REPEATED or not all(map(_names_an_action, names)):
        return document.blocks
    return [_as_item(block) if block.at in labelled else block for block in document.blocks]


def _as_item(block: Block) -> Block:
    """Return a paragraph as the item of a list, without the label that leads it."""
    if not isinstance(block, Paragraph):
        return block
    label, colon, _ = block.line.text.partition(":")
    size = len(label + colon)
    struck = tuple((max(0, start - size), end - size) for start, end in block.line.struck if end > size)
    line = replace(block.line, text=block.line.text[size:], struck=struck, bold=(), mark=block.line.mark or _BULLET)
    return replace(block, line=line)


def _names_an_action(label: str) -> bool:
    weights = heading_evidence(label).weights
    return weights.get("action", 0.0) >= SURELY_NAMED and best_field(weights) in {"action", "recommendation"}


def _is_bold(block: Paragraph) -> bool:
    return sum(end - start for start, end in block.line.bold) >= len(visible(block.line.text))


def _labels_of(document: Document, text: str, place: int) -> list[tuple[str, str]]:
    """The labels of the paragraph at a place of the document; none where it only leads into the list below it."""
    return [] if _leads_into_a_list(text, document.blocks[place + 1 :]) else _labels(document, text)


def _leads_into_a_list(text: str, following: Sequence[Heading | Paragraph | Grid]) -> bool:
    """Return whether a line such as "We will:" says nothing itself and a list is straight below it."""
    below = next((block for block in following if isinstance(block, Grid) or visible(block.text)), None)
    listed = isinstance(below, Paragraph) and bool(below.line.level or below.line.mark)
    return listed and visible(text).endswith(":")


def _news_below(labels: Sequence[tuple[str, str]], items: Sequence[Line]) -> list[str]:
    """The news of the action above, where a line below it has some: "Update May: ..."."""
    if not items or len(labels) != 1:
        return []
    weights = heading_evidence(labels[0][0]).weights
    is_news = weights.get("note", 0.0) >= SURELY_NAMED and best_field(weights) == "note"
    return [labels[0][1]] if is_news else []


def _item_of(block: Paragraph, context: tuple[Context, ...], lead_in: tuple[Context, ...]) -> Line | None:
    """A paragraph as an item of a list, by its mark or a number that was typed; None for other paragraphs."""
    if block.line.level or block.line.mark:
        return _item(block, (*context, *lead_in))
    typed = _TYPED_NUMBER.fullmatch(visible(block.line.live))
    return _typed_item(block, typed, context) if typed else None


def _with_news(item: Line, news: Sequence[str]) -> Line:
    return replace(item, cells=(*item.cells, Cell("\n".join(news))))


def _without_what_shows(items: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The actions of a list, with the items under a line such as "How we will know" above them; and, as lines below
    the list, those of such items that are about no one heading's actions.
    """
    shown = [(item, lead) for item in items if (lead := _says_what_shows(item))]
    actions = [item for item in items if not _says_what_shows(item)]
    if not actions:
        return list(items), []
    beside = []
    for item, lead in shown:
        headings = _headings_of(item, without=lead)
        about = [n for n, action in enumerate(actions) if _is_under(action, headings)]
        aside = Context("block", item.cells[1].live, item.at, lead.text)
        for n in about:
            actions[n] = replace(actions[n], context=(*actions[n].context, aside))
        if not about:
            text = f"{lead.text.rstrip(': ')}: {item.cells[1].live}"
            beside.append(Line(item.at, (Cell(text),), is_total=True))  # like sums, it is about all of them
    return actions, beside


def _says_what_shows(item: Line) -> Context | None:
    """The line above an item that says that it is a measure or an outcome and no action; None where none does."""
    lead = item.context[-1] if item.context and item.context[-1].kind in {"heading", "paragraph"} else None
    weights = heading_evidence(lead.text.rstrip(": ")).weights if lead else {}
    names = bool(weights) and best_field(weights) in WHAT_SHOWS and max(weights.values()) >= SURELY_NAMED
    return lead if names else None


def _headings_of(item: Line, *, without: Context | None = None) -> list[Context]:
    return [context for context in item.context if context.kind == "heading" and context is not without]


def _is_under(item: Line, headings: Sequence[Context]) -> bool:
    """Return whether an action is under these headings, or under a further one that only says that it is one."""
    own = _headings_of(item)
    while own and own[-1].level > (headings[-1].level if headings else 0) and _names_actions(own[-1].text):
        own.pop()
    return own == list(headings)


def _names_actions(text: str) -> bool:
    weights = heading_evidence(text).weights
    return bool(weights) and best_field(weights) == "action"


def _own_context(
    pairs: Sequence[_Labelled],
) -> list[_Labelled]:
    """Use headings if a label does not name the recommendation itself."""
    named = any(heading_evidence(label).weights.get("recommendation", 0.0) >= 4 for label, _, _, _ in pairs)
    return [(label, cell, at, () if named else context) for label, cell, at, context in pairs]


def _names_a_recommendation(text: str) -> bool:
    """Return whether a heading such as "Area for improvement: ..." says that it is the recommendation."""
    label, colon, _ = text.partition(":")
    return bool(colon) and heading_evidence(label).weights.get("recommendation", 0.0) >= SURELY_NAMED


def _titled(block: Block) -> Block:
    """A line in a box, such as "Priority 2 - Missing children", as a heading of what is below it; else the block."""
    text = visible(block.line.live) if isinstance(block, Paragraph) and block.boxed else ""
    if not text or "\n" in text or len(text.split()) > WORDS_OF_A_TITLE:
        return block
    title = numbered(text)
    names = bool(title.number) and heading_evidence(title.label).weights.get("recommendation", 0.0) >= NAMES_A_PART
    return Heading(block.at, text, LEVEL_OF_A_TITLE) if names else block


def _to_the_recommendation(contexts: tuple[Context, ...]) -> tuple[Context, ...]:
    """The headings above, without those below one that says that it is the recommendation."""
    named = [
        n for n, context in enumerate(contexts) if context.kind == "heading" and _names_a_recommendation(context.text)
    ]
    return contexts[: named[-1] + 1] if named else contexts


def _labels(document: Document, text: str) -> list[tuple[str, str]]:
    """The labels that a paragraph holds, with their values: one that leads it, or several in one line."""
    leads = [*_LABEL_IN_A_LINE.finditer(text)]
    known = [visible(match["label"]) for match in leads]
    if len(leads) > 1 and not leads[0].start() and sum(map(_is_known, known)) > len(leads) / 2:
        ends = [*(match.start() for match in leads[1:]), len(text)]
        values = (text[match.end() : end].strip(" .;,|\t") for match, end in zip(leads, ends, strict=True))
        return [pair for label, value in zip(known, values, strict=True) if value for pair in _with_ref(label, value)]
    label = _label(document, text)
    return _with_ref(*label) if label else []


def _is_known(label: str) -> bool:
    return max(heading_evidence(label).weights.values(), default=0.0) >= SURELY_NAMED


def _with_ref(label: str, value: str) -> list[tuple[str, str]]:
    """A label and its value; "Action 1.2: ..." gives the action's own reference too."""
    own = _REF_OF_ACTION.search(visible(label))
    if own and heading_evidence(label).weights.get("action", 0.0) >= SURELY_NAMED:
        return [("Action ref", own[0]), (label, value)]
    return [(label, value)]


def _label(document: Document, text: str) -> tuple[str, str] | None:
    name, colon, value = text.partition(":")
    if not colon or "\n" in name or len(name) > 60 or value.startswith("//") or _is_a_day(name):
        return None
    if goes_on_before_its_colon(name):
        return None
    return (
        (visible(name), value.strip())
        if _counts(document, name) >= LEAST_REPEATED
        else split_label(text, numbered=True)
    )


def _is_a_day(text: str) -> bool:
    """Return whether text is a day and nothing else, as before the news of that day: "17/02/26: Scheduled"."""
    return names_a_day(text) and not re.search(r"[^\W\d_]{4,}", re.sub(MONTH_WORD, "", plain(text)))


def _counts(document: Document, label: str) -> int:
    """In how many paragraphs a label leads, its own number aside."""
    counts: dict[str, int] = {}
    for block in document.blocks:
        if isinstance(block, Grid):
            continue
        name, colon, _ = block.text.partition(":")
        if colon and len(name) <= 60:
            key = _bare(name)
            counts[key] = counts.get(key, 0) + 1
    return counts.get(_bare(label), 0)


def _bare(label: str) -> str:
    return re.sub(r"\s*\d+[a-z]?(?:\.\d+)*$", "", visible(label).casefold())


def _item(block: Paragraph, context: tuple[Context, ...]) -> Line:
    cells = (Cell(block.line.mark), Cell(block.line.live), Cell("#" * block.line.level))
    return Line(block.at, cells, context=context)


def _items_in_cells(grid: Grid, context: tuple[Context, ...]) -> list[Line]:
    """The lists in the cells of a table that only lays out the page, each under the line of its cell above it."""
    rows = [row for row in grid.rows if not row.is_blank]
    if len(rows) > MOST_LAYOUT_ROWS:
        return []
    items: list[Line] = []
    for row in rows:
        for place, cell in enumerate(row.cells):
            title: tuple[Context, ...] = ()
            for n, line in enumerate(cell.lines, start=1):
                at = f"{row.at}, column {place + 1}, line {n}"
                if line.level or line.mark:
                    cells = (Cell(line.mark), Cell(line.live), Cell("#" * line.level))
                    items.append(Line(at, cells, context=(*context, *title)))
                elif visible(line.live):
                    title = (Context("heading", line.live.strip(), at, level=LEVEL_IN_A_CELL),)
    return items


def _typed_item(block: Paragraph, typed: re.Match[str], context: tuple[Context, ...]) -> Line:
    """A line that begins with a typed number: as deep in the list as the number has levels."""
    number = typed["number"]
    cells = (Cell(number), Cell(typed["text"]), Cell("#" * (number.count(".") + 1)))
    return Line(block.at, cells, context=context)


def _listed(items: Sequence[Line], near: date) -> Matrix | None:
    """Lists under headings, where most items begin as actions do."""
    if len(items) < LEAST_REPEATED:
        return None
    begins = sum(begins_an_action(line.cells[1].live) for line in items)
    if begins < 0.5 * len(items):
        return None
    levels = {len(line.cells[2].text) for line in items}
    lines, stack = [], None
    for line in items:
        level = len(line.cells[2].text)
        if len(levels) > 1 and level == min(levels) and not begins_an_action(line.cells[1].live):
            stack = Context("outline", line.cells[1].live, line.at, mark=line.cells[0].text, level=1)
            continue
        context = (*line.context, stack) if stack else line.context
        dated = [above for above in context if above.kind in {"heading", "paragraph"} and _is_date(above.text, near)]
        when = dated[-1].text if dated else ""
        context = tuple(above for above in context if above not in dated)
        lines.append(replace(line, cells=(line.cells[1], Cell(when) if when else EMPTY, line.cell(3)), context=context))
    if not lines:
        return None
    return _with_ends(lines, near) or _of_columns(("Action", "Timescale", "Progress Note"), lines, _LIST)


_LIST = ("the list", "the headings", "the line below")


def _of_columns(headings: Sequence[str], lines: Sequence[Line], names: Sequence[str]) -> Matrix:
    """A list as a table; a column of status or progress only where a line has any."""
    filled = [
        n
        for n, heading in enumerate(headings)
        if heading not in {"Status", "Progress Note"} or any(not line.cell(n).is_blank for line in lines)
    ]
    rows = (replace(line, cells=tuple(line.cell(n) for n in filled)) for line in lines)
    head = _head(*(headings[n] for n in filled))
    return Matrix("text", (head, *rows), tuple(names[n] for n in filled), layout="lists")


def _head(*headings: str) -> Line:
    return Line("the list", tuple(Cell(heading) for heading in headings), is_head=True)


def _with_ends(lines: Sequence[Line], near: date) -> Matrix | None:
    """The list with who, when and how it stands in columns, where most lines end with them: "... (Lead), by May"."""
    ends = [action_and_end(line.cells[0].live, near) for line in lines]
    if sum(end is not None for end in ends) < LEAST_ENDING * len(lines):
        return None
    rows = []
    for line, end in zip(lines, ends, strict=True):
        cells = (line.cells[0], EMPTY, line.cells[1], EMPTY, line.cell(2))
        if end:
            news = "\n".join(text for text in (end.note, line.cell(2).live) if text)
            cells = (Cell(end.action), Cell(end.owner), Cell(end.when), Cell(end.status), Cell(news))
        rows.append(replace(line, cells=cells))
    headings = ("Action", "Owner", "Timescale", "Status", "Progress Note")
    return _of_columns(headings, rows, (*["the list"] * 4, _LIST[-1]))


def _is_date(text: str, near: date) -> bool:
    return read_timescale(visible(text), near).kind in {Timing.DATE, Timing.WINDOW, Timing.ONGOING}


class _Walk:
    """What is above the next block of a document while its blocks are gone through."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[Context] = []
        self.labels: list[Context] = []
        self.last: Context | None = None
        self.fresh = False
        """Whether the block before was a heading."""
        self.sheets = sum(1 for grid in document.grids if not grid.hidden and grid.rows)

    def take(self, block: Heading | Paragraph) -> None:
        if isinstance(block, Heading):
            if not visible(block.text):
                return
            self.stack = [heading for heading in self.stack if heading.level < block.level]
            self.stack.append(Context("heading", block.text, block.at, level=block.level, mark=block.mark))
            self.labels, self.last, self.fresh = [], None, True
            return
        text = block.line.live.strip()
        if not visible(text) or (block.boxed and not _names_a_recommendation(text)) or is_furniture(text):
            return
        if self._completes_its_heading(block, text):
            return
        pair = split_label(text)
        if pair:
            self.labels.append(Context("block", pair[1], block.at, pair[0]))
        mark = block.line.mark if block.line.level else ""
        self.last = Context("paragraph", text, block.at, mark=mark)

    def complete(self, block: Paragraph) -> bool:
        """Take a paragraph as the words of the heading just before it, if that has only a number: "Big thing 1"."""
        return self._completes_its_heading(block, block.line.live.strip())

    def _completes_its_heading(self, block: Paragraph, text: str) -> bool:
        fresh, self.fresh = self.fresh, False
        bare = self.stack and _ONLY_A_NUMBER.fullmatch(visible(self.stack[-1].text))
        listed = block.line.level or block.line.mark or text.endswith(":")
        if not fresh or not bare or listed or len(text.split()) < LEAST_WORDS_BELOW or split_label(text):
            return False
        heading = self.stack[-1]
        self.stack[-1] = replace(heading, text=f"{heading.text}: {text}")
        return True

    def after_grid(self) -> None:
        self.labels, self.last, self.fresh = [], None, False

    def headings(self) -> tuple[Context, ...]:
        return (*self._file(), *self.stack)

    def context(self, grid: Grid) -> tuple[Context, ...]:
        last = (self.last,) if self.last and not self.labels else ()
        sheet: tuple[Context, ...] = ()
        if grid.name and not _GENERIC_SHEET.fullmatch(grid.name.strip()):
            sheet = (Context("sheet", grid.name, grid.at),)
        return (*self._file(), *sheet, *self.stack, *last, *self.labels)

    def _file(self) -> tuple[Context, ...]:
        name = re.sub(r"[_-]+", " ", PurePath(self.document.name).stem).strip()
        title = self.document.title or name[:1].upper() + name[1:]
        return (Context("file", title, self.document.name),)


def _with_cards(matrices: list[Matrix]) -> list[Matrix]:
    """Cards brought together as one table; a card that names no action is above the table that follows it."""
    repeats = repeats_of(matrices)
    made: list[Matrix] = []
    run: list[tuple[Matrix, list[Label]]] = []
    block: list[Context] = []
    all_labels = [card_labels(matrix, repeats) if matrix.layout != "key" else [] for matrix in matrices]
    blocks = {
        n for n, labels in enumerate(all_labels) if labels and _is_block(labels, matrices[n + 1 : n + 2], repeats)
    }
    doubted = _recommendation_label([all_labels[n] for n in sorted(blocks)])
    for n, (matrix, labels) in enumerate(zip(matrices, all_labels, strict=True)):
        if run and labels and not _share_labels(run[-1][1], labels):
            made += _made(run)
            run = []
        if n in blocks:
            block = [
                Context("block", value.live, at, label, doubted=plain(label) == doubted)
                for label, value, at, _ in labels
            ]
            continue
        if labels:
            run.append((matrix, labels))
            continue
        made += _made(run)
        run = []
        made.append(replace(matrix, context=(*matrix.context, *block)))
    return [*made, *_made(run)]


def _recommendation_label(blocks: Sequence[Sequence[Label]]) -> str:
    """The label above table after table that may be the recommendation, where none says that it is; "" if none."""
    values: dict[str, list[int]] = defaultdict(list)
    for labels in blocks:
        for label, value, _, _ in labels:
            values[plain(label)].append(len(value.live.split()))
    return label_of_longest(values) if len(blocks) >= LEAST_REPEATED else ""


def _share_labels(before: Sequence[Label], now: Sequence[Label]) -> bool:
    """Return whether two cards have a label in common, so that they may be cards of one kind."""
    return bool({plain(label) for label, *_ in before} & {plain(label) for label, *_ in now})


def _made(run: list[tuple[Matrix, list[Label]]]) -> list[Matrix]:
    table = cards(run) if run else None
    return [table] if table else [matrix for matrix, _ in run]


def _is_block(labels: Sequence[Label], following: Sequence[Matrix], repeats: Repeats) -> bool:
    """Return whether a card only says which recommendation the table after it belongs to."""
    fields = {best_field(w) for label, _, _, _ in labels if (w := heading_evidence(label).weights)}
    if "action" in fields or not following:
        return False
    return following[0].width > 2 and not card_labels(following[0], repeats)

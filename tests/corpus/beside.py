"""What is in a file beside its plan: titles, keys, lists of initials, risks, counts, footers, hidden lists."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.corpus.blocks import EMPTY, Beside, Block, Cell, Heading, Laid, Line, Sheet, Table, head, row
from tests.corpus.facts import Facts
from tests.corpus.values import COLOURS, KEYS, Habits
from tests.corpus.wording import RISKS

COUNCILS = ("Hallowmere Council", "Wexcombe Borough Council", "Northlea County Council")


def surround(rng: Random, laid: Laid, kind: str, habits: Habits, facts: Facts, *, titles: bool = True) -> list[Sheet]:
    """The plan's sheets with what this council keeps round them."""
    sheets = [_blank_column(rng, sheet) if kind != "docx" else sheet for sheet in laid.sheets]
    first = sheets[0]
    before: list[Block] = []
    after: list[Block] = []
    if titles and rng.random() < 0.5:
        before.append(Line(f"{rng.choice(COUNCILS)}: improvement action plan", bold=True))
        if rng.random() < 0.5:
            before.append(Line(f"Version {rng.randint(1, 9)}.{rng.randint(0, 4)}, agreed by the board"))
    if rng.random() < 0.2 and kind != "csv":
        after.append(Line(rng.choice(("Prepared by the programme office", "Page 1 of 1", "OFFICIAL", "End of plan"))))
    beside = _beside(rng, habits, facts)
    if kind == "xlsx":
        extra = [Sheet(name, (block,)) for name, block in beside]
        if rng.random() < 0.25:
            extra.insert(0, Sheet("Dashboard", (Line("Summary of progress", bold=True), _dashboard(rng))))
        if rng.random() < 0.25:
            extra.append(Sheet("Lists", (_lists(),), hidden=True))
        sheets[0] = replace(first, blocks=(*before, *first.blocks, *after))
        return [*sheets, *extra] if rng.random() < 0.7 else [*extra, *sheets]
    if kind == "docx":
        if rng.random() < 0.15:
            before = [Heading("Introduction", 1), Line("This plan answers the inspection of last autumn."), *before]
        lead = [block for _, block in beside[:1]] if rng.random() < 0.4 else []
        tail: list[Block] = []
        for name, block in beside[len(lead) :]:
            tail += [Heading(name, 1), block]
        spaced: list[Block] = [*lead, Line("")] if lead else []
        return [replace(first, blocks=(*spaced, *before, *first.blocks, *after, *tail)), *sheets[1:]]
    needed: list[Block] = []
    for name, block in beside:
        if name == "Key":
            title = (Line("Key"),) if rng.random() < 0.3 else ()
            needed += [*title, replace(block, rows=block.rows[1:], headings=0) if title else block]
    return [replace(first, blocks=(*before, *first.blocks, *needed)), *sheets[1:]]


def _beside(rng: Random, habits: Habits, facts: Facts) -> list[tuple[str, Table]]:
    made: list[tuple[str, Table]] = []
    style = {"colour words": "colours", "letters": "colours", "fills": "colours"}.get(
        habits.status_style, habits.status_style
    )
    if habits.keyed and style in KEYS:
        made.append(("Key", _key(rng, style, habits)))
    if habits.names == "listed initials":
        rows = [row(person.initials, person.name) for person in facts.people]
        made.append(("Initials", Table((head("Initials", "Name"), *rows))))
    if rng.random() < 0.2:
        columns = head("Risk", "Likelihood", "Effect", "Owner", "Review date")
        made.append(("Risks", Table((columns, *[row(*cells) for cells in RISKS[: rng.randint(2, 4)]]))))
    return made


def _key(rng: Random, style: str, habits: Habits) -> Table:
    rows = []
    for word, means in KEYS[style]:
        if habits.status_style == "letters":
            word = word[0]
        fill = rng.choice(COLOURS[word.lower()]) if habits.status_style == "fills" else ""
        rows.append((Cell(word, fill=fill), Cell(means)))
    return Table((head("Rating", "Meaning"), *rows))


def _dashboard(rng: Random) -> Table:
    rows = [
        row(name, Cell(str(n := rng.randint(0, 12)), value=n, shows="0")) for name in ("Red", "Amber", "Green", "Blue")
    ]
    return Table((head("Rating", "Actions"), *rows))


def _lists() -> Table:
    return Table((head("Status"), row("Not started"), row("In progress"), row("Complete")))


def _blank_column(rng: Random, sheet: Sheet) -> Sheet:
    """The sheet with an empty column before its tables, or between two of their columns."""
    if rng.random() < 0.85 or any(isinstance(block, Beside) for block in sheet.blocks):
        return sheet
    first = rng.random() < 0.5
    blocks = tuple(_widened(block, 0 if first else 1) if isinstance(block, Table) else block for block in sheet.blocks)
    return replace(sheet, blocks=blocks)


def _widened(table: Table, at: int) -> Table:
    if at and any(cells[0].across > 1 or cells[at].covered for cells in table.rows if len(cells) > at):
        return table  # a merged cell goes on over this place
    return replace(table, rows=tuple((*cells[:at], EMPTY, *cells[at:]) for cells in table.rows))

"""The shapes that councils give a plan: each lays the same written values out in another way (see docs of the reader).

A layout is a function of a ``Desk``; it answers the sheets that it made and which field each heading is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from tests.corpus.answers import ActionAnswer, DueAnswer, RecommendationAnswer, StatusAnswer
from tests.corpus.blocks import (
    COVERED,
    EMPTY,
    Beside,
    Block,
    Cell,
    Heading,
    Laid,
    Line,
    Sheet,
    Table,
    banner,
    head,
    merged_down,
    padded,
    row,
)
from tests.corpus.facts import Aim, Facts, add_months, month_end
from tests.corpus.headings import BESIDE, PROMPTS, Headings
from tests.corpus.values import DATE_STYLES, MONTHS, Pen, Written

OF_AIM = ("number", "recommendation", "leads", "measures", "boards", "impact")
NOT_BEGUN = "Young people should know who to turn to after they leave care"
PRIORITIES = ("High", "Medium", "Low")


@dataclass(frozen=True)
class WrittenAim:
    """One recommendation as cells by field, with its written actions."""

    place: int
    aim: Aim
    number: str
    cells: Mapping[str, Cell]
    leads: tuple[frozenset[str], ...]
    works: tuple[Written, ...]


@dataclass
class Desk:
    """What a layout works with. ``answers`` is the right reading, in the file's order, as far as layouts share it."""

    rng: Random
    facts: Facts
    heads: Headings
    pen: Pen
    kind: str
    fields: tuple[str, ...] = ()
    numbered: bool = True
    own_refs: bool = False

    def __post_init__(self) -> None:
        habits, rng = self.pen.habits, self.rng
        self.numbered = rng.random() < 0.65
        self.own_refs = rng.random() < 0.3
        self.person_field = rng.choice(("owners", "leads")) if habits.lead_of == "action" else "owners"
        self.style = rng.choice(("1", "1.", "R1", "Rec 1"))
        self.ref_style = rng.choice(
            ("{place}.{n}", "{place}.{n}", "{place}.{n}", "1{place:02}{n:02}", "CSC-20{place:02}-{n:04}")
        )
        plain = habits.date_style not in ("month first", "mixed")
        self.further = rng.choice(("", "", "", "", "", "revised_timescale", "started")) if plain else ""

    # Writing ----------------------------------------------------------------------------------------------

    def aims(self, *, plain_dates: bool = False, several: bool = False) -> list[WrittenAim]:
        return [self._aim(n, aim, plain_dates, several) for n, aim in enumerate(self.facts.aims, start=1)]

    def _aim(self, place: int, aim: Aim, plain_dates: bool, several: bool) -> WrittenAim:
        works = []
        for n, work in enumerate(aim.works, start=1):
            written = self.pen.write(work, plain_dates=plain_dates, several=several)
            ref = self.ref_style.format(place=place, n=n)
            cells = {
                **written.cells,
                "ref": Cell(ref),
                "priority": Cell(self.rng.choice(PRIORITIES)),
                "cost": Cell(self.rng.choice(("", "Within existing resources", "£12,000", "TBC"))),
                "updated": Cell(
                    f"{self.facts.dated_on.day:02d}/{self.facts.dated_on.month:02d}/{self.facts.dated_on.year}"
                ),
                "theme": Cell(aim.short),
                "last_brag": Cell(self.rng.choice(("Red", "Amber", "Green"))),
                "travel": Cell(self.rng.choice("↑→↓")),
            }
            answer = replace(written.answer, ref=ref if self.own_refs else "")
            works.append(self._with_further_date(Written(cells, answer), work.due))
        leads, ways = self.pen.people(aim.leads)
        number = self.style.replace("1", str(place))
        cells = {
            "number": Cell(number),
            "recommendation": Cell(aim.text),
            "leads": leads,
            "measures": Cell("\n".join(aim.measures)),
            "boards": Cell("\n".join(aim.boards)),
            "impact": Cell(aim.impact),
        }
        return WrittenAim(place, aim, number, cells, ways, tuple(works))

    def _with_further_date(self, work: Written, day: date) -> Written:
        """The same action with what a second column of dates says of it."""
        due = work.answer.due
        if self.further == "revised_timescale" and due and due.kind == "date" and not due.may_have_moved:
            if due.original_due_on or due.asks or self.rng.random() < 0.6:
                return work
            moved = add_months(day, self.rng.randint(2, 5))
            cell, later = DATE_STYLES["plain day in words"](self.rng, moved)
            due = replace(due, due_on=later.due_on, original_due_on=due.due_on)
            return Written({**work.cells, "revised_timescale": cell}, replace(work.answer, due=due))
        if self.further == "started":
            first = add_months(day, -self.rng.randint(3, 6))
            cell, _ = DATE_STYLES["slashes"](self.rng, first)
            if due and due.kind == "date" and not due.original_due_on:
                due = replace(due, may_start_on=first)
            return Written({**work.cells, "started": cell}, replace(work.answer, due=due))
        return work

    # Columns ----------------------------------------------------------------------------------------------

    def of_action(self, aims: Sequence[WrittenAim], *, beside: bool = True) -> list[str]:
        """The columns of an action in this file, in its order."""
        rng, habits = self.rng, self.pen.habits
        there = {name for aim in aims for work in aim.works for name in work.cells}
        middle = ["owners", "timescale"] if habits.lead_of != "recommendation" else ["timescale"]
        rng.shuffle(middle)
        after = [name for name in ("status", "brag", "note") if name in there]
        rng.shuffle(after)
        fields = ["action", *middle, *after]
        if rng.random() < 0.1 and "note" in fields:  # news before dates
            fields.remove("note")
            fields.insert(1, "note")
        at = fields.index("timescale")
        if self.further == "started":
            fields.insert(at, "started")
        elif self.further and any(self.further in work.cells for aim in aims for work in aim.works):
            fields.insert(at + 1, self.further)
        if self.own_refs:
            fields.insert(0, "ref")
        if beside and rng.random() < 0.15:
            fields.append("evidence")
        if beside and "brag" in fields and self.heads.mode != "nonsense" and rng.random() < 0.25:
            fields.insert(fields.index("brag") + rng.randint(0, 1), rng.choice(("last_brag", "travel")))
        if beside and rng.random() < 0.3:
            fields.insert(rng.randint(1, len(fields)), rng.choice(("priority", "cost", "updated")))
        return fields

    def of_aim(self) -> tuple[list[str], list[str]]:
        """The columns of a recommendation before the action's, and after them."""
        rng, habits = self.rng, self.pen.habits
        before = ["number"] if self.numbered else []
        before.append("recommendation")
        if habits.lead_of != "action":
            before.append("leads")
        after: list[str] = []
        for name, share in (("measures", 0.3), ("impact", 0.3), ("boards", 0.3)):
            if rng.random() < share:
                (after if rng.random() < 0.6 else before).append(name)
        return before, after

    def heading(self, field: str) -> str:
        return self.heads.of(self.person_field if field == "owners" else field)

    def columns(self, fields: Sequence[str]) -> dict[str, str]:
        """Heading -> field, "" for what is none of ours."""
        return {self.heading(name): "" if name in BESIDE else name for name in fields}

    # Answers ----------------------------------------------------------------------------------------------

    def answers(
        self,
        aims: Sequence[WrittenAim],
        fields: Sequence[str],
        *,
        numbers: bool | None = None,
        asks: bool = False,
        text: Callable[[WrittenAim], str] = lambda one: one.aim.text,
    ) -> tuple[RecommendationAnswer, ...]:
        """The right reading, with only what the file's columns say."""
        numbered = self.numbered if numbers is None else numbers
        return tuple(
            RecommendationAnswer(
                text(one),
                str(one.place) if numbered else "",
                one.leads if "leads" in fields and "leads" in one.cells else None,
                tuple(_said(work.answer, fields) for work in one.works),
                asks,
            )
            for one in aims
        )


def _said(answer: ActionAnswer, fields: Sequence[str]) -> ActionAnswer:
    """An action's answer without what no column of the file holds."""
    stated = "status" in fields or "brag" in fields or "note" in fields
    return replace(
        answer,
        owners=answer.owners if "owners" in fields else None,
        due=answer.due if "timescale" in fields else None,
        status=answer.status if stated else StatusAnswer(frozenset({None}), asks=True),
        note=answer.note if "note" in fields else None,
        brag=answer.brag if "brag" in fields else None,
        ref=answer.ref if "ref" in fields else "",
    )


Made = tuple[Laid, tuple[RecommendationAnswer, ...]]


def _cells(work: Written, fields: Sequence[str]) -> list[Cell]:
    return [work.cells.get(name, EMPTY) for name in fields]


def _head(desk: Desk, fields: Sequence[str]) -> tuple[Cell, ...]:
    words = [desk.heads.dressed(desk.heading(name), place) for place, name in enumerate(fields)]
    return head(*words, fill=desk.rng.choice(("", "D9D9D9", "1F3864")))


def _prompts(desk: Desk, fields: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(Cell(PROMPTS.get(name, "")) for name in fields)


# One table ------------------------------------------------------------------------------------------------


def _rows(
    desk: Desk, aims: Sequence[WrittenAim], before: list[str], fields: list[str], after: list[str], how: str
) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for one in aims:
        height = len(one.works)
        for n, work in enumerate(one.works):
            own = [_of_aim(one, name, n, height, how) for name in before]
            last = [_of_aim(one, name, n, height, how) for name in after]
            rows.append((*own, *_cells(work, fields), *last))
    return rows


def _one_date(one: WrittenAim) -> WrittenAim:
    """A recommendation whose actions share one timescale, in a cell merged over their rows."""
    first = one.works[0]
    shared = merged_down(first.cells["timescale"], len(one.works))
    return replace(
        one,
        works=tuple(
            Written({**work.cells, "timescale": cell}, replace(work.answer, due=first.answer.due))
            for work, cell in zip(one.works, shared, strict=True)
        ),
    )


def _of_aim(one: WrittenAim, name: str, n: int, height: int, how: str) -> Cell:
    cell = one.cells[name]
    if how == "repeated":
        return cell
    if how == "merged":
        return merged_down(cell, height)[n]
    return cell if n == 0 else EMPTY


def _one_table(desk: Desk, how: str) -> Made:
    aims = desk.aims()
    told = desk.pen.habits.date_style != "month first"  # of few dates none may show which way round they are
    if how == "merged" and not desk.further and told and desk.rng.random() < 0.25:
        aims = [_one_date(one) for one in aims]
    before, after = desk.of_aim()
    fields = desk.of_action(aims)
    every = [*before, *fields, *after]
    drawn = desk.rng.random() < 0.08
    # Questions in words everyone knows would be headings again where every heading is to be a nonsense word.
    asked = (_prompts(desk, every),) if drawn and desk.heads.mode != "nonsense" else ()
    table = Table((_head(desk, every), *asked, *_rows(desk, aims, before, fields, after, how)))
    return Laid([Sheet("Action plan", (table,))], desk.columns(every)), desk.answers(aims, every)


def repeated(desk: Desk) -> Made:
    """The recommendation is on every row."""
    return _one_table(desk, "repeated")


def merged(desk: Desk) -> Made:
    """The recommendation is one cell merged down over its actions."""
    return _one_table(desk, "merged")


def first_row(desk: Desk) -> Made:
    """The recommendation is in the first of its rows only."""
    return _one_table(desk, "first")


def _aim_line(desk: Desk, one: WrittenAim, style: int) -> str:
    return (
        f"{one.place}. {one.aim.text}",
        f"Recommendation {one.place}: {one.aim.text}",
        f"Priority {one.place} – {one.aim.text}",
        one.aim.text,
    )[style]


def _with_bare_actions(desk: Desk, aims: Sequence[WrittenAim]) -> list[WrittenAim]:
    """The recommendations with an action in some of them of which nothing but its text is known yet."""
    made = []
    for one in aims:
        works = list(one.works)
        if desk.rng.random() < 0.5:
            n = desk.rng.randrange(len(works))
            answer = ActionAnswer(
                works[n].answer.text,
                None,
                DueAnswer("none", asks=True),
                StatusAnswer(frozenset({None}), asks=True),
                "",
                None,
            )
            works[n] = Written({"action": works[n].cells["action"]}, answer)
        made.append(replace(one, works=tuple(works)))
    return made


def rows_across(desk: Desk) -> Made:
    """A row across the table names the recommendation of the rows below it."""
    aims = desk.aims()
    fields = desk.of_action(aims)
    style = desk.rng.randrange(4)
    rows: list[tuple[Cell, ...]] = [_head(desk, fields)]
    again, themed = desk.rng.random() < 0.2, desk.rng.random() < 0.12
    aims = _with_bare_actions(desk, aims) if desk.rng.random() < 0.2 else aims
    summed, waiting = desk.rng.random() < 0.1, desk.rng.random() < 0.1 and style < 3 and not themed
    for n, one in enumerate(aims):
        if themed:
            rows.append(banner(Cell(f"THEME {n + 1}: {one.aim.short.upper()}", bold=True), len(fields)))
        across = Cell(_aim_line(desk, one, style), bold=True, fill=desk.rng.choice(("", "DDEBF7")))
        rows.append(banner(across, len(fields)))
        if again and n:
            rows.append(_head(desk, fields))
        rows += [tuple(_cells(work, fields)) for work in one.works]
        if summed:
            rows.append((Cell(f"Total actions: {len(one.works)}", bold=True), *[EMPTY] * (len(fields) - 1)))
    if waiting:
        later = replace(aims[-1], place=len(aims) + 1, aim=replace(aims[-1].aim, text=NOT_BEGUN))
        rows.append(banner(Cell(_aim_line(desk, later, style), bold=True), len(fields)))
    if not themed and desk.rng.random() < 0.25:  # the first row across is above the headings
        rows[0], rows[1] = rows[1], rows[0]
    made = desk.answers(aims, fields, numbers=style < 3)
    return Laid([Sheet("Action plan", (Table(tuple(rows)),))], desk.columns(fields)), made


def two_heading_rows(desk: Desk) -> Made:
    """Groups of columns with a heading of their own above: both rows are read together."""
    aims = desk.aims()
    before, after = desk.of_aim()
    fields = desk.of_action(aims, beside=False)
    groups = [("Inspection", before), ("Our response", fields), *([("Measuring it", after)] if after else [])]
    upper: list[Cell] = []
    for words, names in groups:
        words = desk.heads.of(words) if desk.heads.mode == "nonsense" else words
        upper += [Cell(words, bold=True, across=len(names)), *[COVERED] * (len(names) - 1)]
    every = [*before, *fields, *after]
    how = desk.rng.choice(("repeated", "merged", "first") if desk.kind != "csv" else ("repeated", "first"))
    rows = _rows(desk, aims, before, fields, after, how)
    table = Table((tuple(upper), _head(desk, every), *rows), headings=2)
    return Laid([Sheet("Plan", (table,))], desk.columns(every)), desk.answers(aims, every)


def outline(desk: Desk) -> Made:
    """One figure is a recommendation, more figures are its actions."""
    desk.own_refs, desk.numbered = True, True
    aims = desk.aims()
    fields = [name for name in desk.of_action(aims, beside=False) if name not in ("ref", "action")]
    deep = desk.rng.random() < 0.4
    columns = ["number", "action", *fields]
    rows: list[tuple[Cell, ...]] = [_head(desk, columns)]
    made: list[WrittenAim] = []
    for one in aims:
        rows.append((Cell(str(one.place)), Cell(one.aim.text, bold=desk.rng.random() < 0.5), *[EMPTY] * len(fields)))
        works: list[Written] = []
        parent, below = 0, 0
        for work in one.works:
            if deep and parent and below < 2 and desk.rng.random() < 0.4:
                below += 1
                ref = f"{one.place}.{parent}.{below}"
            else:
                parent, below = parent + 1, 0
                ref = f"{one.place}.{parent}"
            rows.append((Cell(ref), work.cells["action"], *_cells(work, fields)))
            works.append(Written(work.cells, replace(work.answer, ref=ref)))
        made.append(replace(one, works=tuple(works)))
    listed = {**desk.columns(fields), desk.heading("number"): "number", desk.heading("action"): "action"}
    answers = desk.answers(made, [*fields, "action", "ref"], numbers=True)
    return Laid([Sheet("Plan", (Table(tuple(rows)),))], listed), answers


def repeated_groups(desk: Desk) -> Made:
    """Action 1, Owner 1, Due 1, Action 2, Owner 2, Due 2: each filled group is an action."""
    desk.further = ""
    aims = desk.aims(plain_dates=True)
    fields = ["action", "owners", "timescale"]
    if any("status" in work.cells for one in aims for work in one.works) and desk.rng.random() < 0.6:
        fields.append("status")
    before = ["number", "recommendation"] if desk.numbered else ["recommendation"]
    most = max(len(one.works) for one in aims)
    spelt = desk.rng.choice(("{} {}", "{} ({})", "{}{}"))
    headings = [desk.heading(name) for name in before]
    listed = desk.columns(before)
    for n in range(1, most + 1):
        for name in fields:
            headings.append(spelt.format(desk.heading(name), n))
            listed[headings[-1]] = name
    rows = [head(*headings)]
    for one in aims:
        cells = [one.cells[name] for name in before]
        for work in one.works:
            cells += _cells(work, fields)
        rows.append(tuple(cells))
    laid = Laid([Sheet("Plan", (Table(padded(rows)),))], listed)
    return laid, desk.answers(aims, [*before, *fields])


def several_in_a_cell(desk: Desk) -> Made:
    """Each recommendation is one row whose cells hold its actions line by line."""
    desk.further = ""
    aims = desk.aims(several=True)
    own = ("automatic bullets", "automatic numbers") if desk.kind == "docx" else ()
    marks = desk.rng.choice(("bullets", "numbers", "letters", "none", *own))
    before = ["number", "recommendation"] if desk.numbered else ["recommendation"]
    fields = ["action", "timescale"]
    one_lead = desk.rng.random() < 0.5
    fields.insert(1, "leads" if one_lead else "owners")
    states = {work.cells["status"].text for one in aims for work in one.works if "status" in work.cells}
    if states and all(one for one in states) and desk.pen.habits.status_style == "words":
        fields.append("status")
    every = [*before, *fields]
    rows = [_head(desk, every)]
    for one in aims:
        own = [one.cells[name] for name in before]
        for name in fields:
            own.append(
                one.cells["leads"] if name == "leads" else _lines([w.cells[name] for w in one.works], name, marks)
            )
        rows.append(tuple(own))
    laid = Laid([Sheet("Plan", (Table(tuple(rows)),))], desk.columns(every))
    answers = desk.answers(aims, every)
    return laid, tuple(replace(one, actions=tuple(_whole(action) for action in one.actions)) for one in answers)


def _whole(action: ActionAnswer) -> ActionAnswer:
    return replace(action, note=None, brag=None)


def _lines(cells: Sequence[Cell], name: str, marks: str) -> Cell:
    texts = [cell.text for cell in cells]
    if name == "action" and marks in ("bullets", "numbers", "letters"):
        sign = {"bullets": lambda n: "•", "numbers": lambda n: f"{n}.", "letters": lambda n: f"{'abcdefgh'[n - 1]})"}
        texts = [f"{sign[marks](n)} {text}" for n, text in enumerate(texts, start=1)]
    return Cell(
        "\n".join(texts),
        marks=marks.removeprefix("automatic ") if name == "action" and marks.startswith("automatic") else "",
    )


def lead_and_deadline(desk: Desk) -> Made:
    """One column holds who and by when."""
    desk.further = ""
    aims = desk.aims(plain_dates=True)
    before, after = desk.of_aim()
    before = [name for name in before if name != "leads"]
    fields = [name for name in desk.of_action(aims) if name not in ("owners", "timescale")]
    joint = desk.rng.choice(("{}, {}", "{} ({})", "{} – {}", "{}\n{}", "{} / {}", "{}; {}"))
    both = desk.heads.of("owners") + desk.rng.choice((" / ", " and ", " & ")) + desk.heads.of("timescale").lower()
    at = fields.index("action") + 1
    rows = [
        head(
            *[desk.heading(n) for n in [*before, *fields[:at]]],
            both,
            *[desk.heading(n) for n in [*fields[at:], *after]],
        )
    ]
    how = desk.rng.choice(("repeated", "first"))
    for one in aims:
        for n, work in enumerate(one.works):
            own = [_of_aim(one, name, n, len(one.works), how) for name in before]
            last = [_of_aim(one, name, n, len(one.works), how) for name in after]
            who, due = work.cells["owners"].text, work.cells["timescale"].text
            cell = Cell(joint.format(who, due) if due else who)
            rows.append((*own, *_cells(work, fields[:at]), cell, *_cells(work, fields[at:]), *last))
    listed = {**desk.columns([*before, *fields, *after]), both: "owners+timescale"}
    answers = desk.answers(aims, [*before, *fields, *after, "owners", "timescale"])
    return Laid([Sheet("Plan", (Table(tuple(rows)),))], listed), answers


# Months as columns ----------------------------------------------------------------------------------------


def months_of_news(desk: Desk) -> Made:
    """A column of news for each month: they are the notes."""
    aims = desk.aims()
    before, after = desk.of_aim()
    fields = [name for name in desk.of_action(aims, beside=False) if name != "note"]
    months = [add_months(desk.facts.dated_on.replace(day=1), -back) for back in (2, 1, 0)]
    spelt = desk.rng.choice(("{m} update", "{m} {y}", "Progress {s}-{yy}", "Update at {m} {y}"))
    headings = [
        spelt.format(m=MONTHS[d.month - 1], y=d.year, s=MONTHS[d.month - 1][:3], yy=f"{d.year % 100:02d}")
        for d in months
    ]
    rows: list[tuple[Cell, ...]] = [
        head(*[desk.heading(n) for n in [*before, *fields]], *headings, *[desk.heading(n) for n in after])
    ]
    made: list[WrittenAim] = []
    for one in aims:
        works: list[Written] = []
        for n, work in enumerate(one.works):
            news = [desk.rng.choice(("", "Underway", "Draft shared.", "No change.")), "", _news(desk, work)]
            own = [_of_aim(one, name, n, len(one.works), "repeated") for name in before]
            last = [_of_aim(one, name, n, len(one.works), "repeated") for name in after]
            rows.append((*own, *_cells(work, fields), *[Cell(words) for words in news], *last))
            works.append(Written(work.cells, replace(work.answer, note=news[2] or None)))
        made.append(replace(one, works=tuple(works)))
    every = [*before, *fields, *after, "note"]
    listed = desk.columns([*before, *fields, *after])
    return Laid([Sheet("Plan", (Table(tuple(rows)),))], listed), desk.answers(made, every)


def _news(desk: Desk, work: Written) -> str:
    note = work.cells.get("note")
    return note.text if note else ""


def months_of_work(desk: Desk) -> Made:
    """A chart: a column for each month, filled or marked while the work runs; due at the end of the last one."""
    desk.further = ""
    aims = desk.aims()
    before, after = desk.of_aim()
    fields = [name for name in desk.of_action(aims, beside=False) if name != "timescale"]
    first = add_months(desk.facts.dated_on.replace(day=1), 1)
    months = [add_months(first, n) for n in range(8)]
    headings = [f"{MONTHS[d.month - 1][:3]}-{d.year % 100:02d}" for d in months]
    mark = desk.rng.choice(("x", "X", "✓", "■"))
    rows = [head(*[desk.heading(n) for n in [*before, *fields]], *headings, *[desk.heading(n) for n in after])]
    made: list[WrittenAim] = []
    for one in aims:
        works: list[Written] = []
        for n, work in enumerate(one.works):
            begin = desk.rng.randrange(6)
            end = begin + desk.rng.randrange(8 - begin)
            own = [_of_aim(one, name, n, len(one.works), "repeated") for name in before]
            last = [_of_aim(one, name, n, len(one.works), "repeated") for name in after]
            chart = [Cell(mark if begin <= at <= end else "") for at in range(8)]
            rows.append((*own, *_cells(work, fields), *chart, *last))
            kind = "date" if begin == end else "window"
            due = replace(work.answer.due, kind=kind, due_on=month_end(months[end]), asks=True, stages=())  # type: ignore[type-var]
            due = replace(
                due, starts_on=months[begin] if kind == "window" else None, original_due_on=None, review_on=None
            )  # type: ignore[type-var]
            works.append(Written(work.cells, replace(work.answer, due=due)))
        made.append(replace(one, works=tuple(works)))
    every = [*before, *fields, *after, "timescale"]
    return Laid([Sheet("Plan", (Table(tuple(rows)),))], desk.columns([*before, *fields, *after])), desk.answers(
        made, every
    )


def themes_across(desk: Desk) -> Made:
    """Rows across the table are themes; the recommendation stands in a column of the rows below them."""
    aims = desk.aims()
    before, after = desk.of_aim()
    fields = desk.of_action(aims, beside=False)
    asked = desk.heads.mode == "known" and desk.rng.random() < 0.4
    if asked:
        desk.heads.set("recommendation", desk.rng.choice(("What?", "What")))
        desk.heads.set("action", desk.rng.choice(("How?", "How", "How will we do it?")))
    every = [*before, *fields, *after]
    rows: list[tuple[Cell, ...]] = [_head(desk, every)]
    how = desk.rng.choice(("repeated", "first"))
    capitals = desk.rng.random() < 0.6
    for one in aims:
        theme = one.aim.short.upper() if capitals else one.aim.short
        rows.append(banner(Cell(theme, bold=True, fill=desk.rng.choice(("", "DDEBF7"))), len(every)))
        rows += _rows(desk, [one], before, fields, after, how)
    return Laid([Sheet("Action plan", (Table(tuple(rows)),))], desk.columns(every)), desk.answers(aims, every)


def on_its_side(desk: Desk) -> Made:
    """Each action is a column, and each field a row with its name before it."""
    aims = desk.aims()
    fields = ["recommendation", *[name for name in desk.of_action(aims, beside=False) if name != "ref"]]
    works = [(one, work) for one in aims for work in one.works]
    rows = tuple(
        (
            Cell(desk.heading(name), bold=True),
            *[one.cells[name] if name == "recommendation" else work.cells.get(name, EMPTY) for one, work in works],
        )
        for name in fields
    )
    answers = desk.answers(aims, fields, numbers=False)
    return Laid([Sheet("Plan", (Table(rows, headings=0),))], desk.columns(fields)), answers


def dates_above_lists(desk: Desk) -> Made:
    """No table: headings are recommendations, headings under them are months, and lists under these the work."""
    desk.further = ""
    aims = desk.aims(plain_dates=True)
    style = desk.rng.randrange(3)
    spelt = desk.rng.choice(("By {}", "{}", "By the end of {}"))
    marks = desk.rng.choice(("bullets", "numbers"))
    blocks: list[Block] = [Heading("Action plan", 1)]
    made: list[WrittenAim] = []
    for one in aims:
        blocks.append(Heading(_aim_line(desk, one, style), 2))
        works: list[Written] = []
        for work in one.works:
            day = work.answer.due.due_on if work.answer.due and work.answer.due.due_on else desk.facts.dated_on
            blocks.append(Heading(spelt.format(f"{MONTHS[day.month - 1]} {day.year}"), 3))
            blocks.append(Line(work.cells["action"].text, marks=marks))
            works.append(Written(work.cells, replace(work.answer, due=DueAnswer("date", month_end(day), asks=True))))
        made.append(replace(one, works=tuple(works)))
    answers = desk.answers(made, ["action", "timescale"], numbers=True)
    return Laid([Sheet("Plan", tuple(blocks))], {}), answers


# Several tables -------------------------------------------------------------------------------------------


def heading_above(desk: Desk) -> Made:
    """A heading or a line above each table is its recommendation."""
    aims = desk.aims()
    fields = desk.of_action(aims)
    style = desk.rng.randrange(4)
    marked = desk.rng.random() < 0.7
    blocks: list[Block] = [Heading("Action plan", 1)] if marked and desk.kind == "docx" else []
    for one in aims:
        words = _aim_line(desk, one, style)
        blocks.append(Heading(words, 2) if marked else Line(words, bold=True))
        blocks.append(Table((_head(desk, fields), *[tuple(_cells(work, fields)) for work in one.works])))
    made = desk.answers(aims, fields, numbers=style < 3)
    return Laid([Sheet("Action plan", tuple(blocks))], desk.columns(fields)), made


def label_block(desk: Desk) -> Made:
    """Labelled cells above each table hold its recommendation and lead; a sheet or a table for each."""
    desk.person_field = "owners"  # the lead is above, so the column is the owner's
    aims = desk.aims()
    fields = desk.of_action(aims)
    labels = ["recommendation", "leads", *(["boards"] if desk.rng.random() < 0.4 else [])]
    if desk.numbered:
        labels.insert(0, "number")
    colon = desk.rng.choice(("", ":"))
    sheets: list[Sheet] = []
    for one in aims:
        block = Table(
            tuple(row(Cell(f"{desk.heading(n)}{colon}", bold=True), one.cells[n]) for n in labels), headings=0
        )
        table = Table((_head(desk, fields), *[tuple(_cells(work, fields)) for work in one.works]))
        sheets.append(Sheet(f"Rec {one.place}", (block, table)))
    if desk.kind != "xlsx":
        sheets = [Sheet("Plan", tuple(block for sheet in sheets for block in sheet.blocks))]
    return Laid(sheets, desk.columns(fields)), desk.answers(aims, [*labels, *fields])


def sheet_title(desk: Desk) -> Made:
    """A sheet for each recommendation, which its title row or only its name gives."""
    aims = desk.aims()
    fields = desk.of_action(aims)
    titled = desk.rng.random() < 0.5
    sheets: list[Sheet] = []
    for one in aims:
        table = Table((_head(desk, fields), *[tuple(_cells(work, fields)) for work in one.works]))
        name = f"{one.place} {one.aim.short}"[:31]
        title: tuple[Block, ...] = (Line(one.aim.text, bold=True),) if titled else ()
        sheets.append(Sheet(name, (*title, table)))
    answers = desk.answers(
        aims, fields, numbers=False, asks=True, text=lambda one: one.aim.text if titled else one.aim.short
    )
    return Laid(sheets, desk.columns(fields)), answers


def sheets_go_on(desk: Desk) -> Made:
    """Open and closed actions, or the same recommendations by area, on several sheets of the same columns."""
    aims = desk.aims()
    before, after = desk.of_aim()
    if "number" not in before:
        before.insert(0, "number")
        desk.numbered = True
    fields = desk.of_action(aims)
    every = [*before, *fields, *after]
    names = desk.rng.choice((("Open", "Closed"), ("Open actions", "Completed actions"), ("North", "South")))
    halves: tuple[list[tuple[Cell, ...]], list[tuple[Cell, ...]]] = ([], [])
    answers: list[WrittenAim] = []
    for one in aims:
        cut = (len(one.works) + 1) // 2
        first, second = one.works[:cut], one.works[cut:]
        halves[0].extend(_rows(desk, [replace(one, works=first)], before, fields, after, "repeated"))
        if second:
            halves[1].extend(_rows(desk, [replace(one, works=second)], before, fields, after, "repeated"))
        answers.append(one)
    sheets = [
        Sheet(name, (Table((_head(desk, every), *rows)),)) for name, rows in zip(names, halves, strict=True) if rows
    ]
    return Laid(sheets, desk.columns(every)), desk.answers(answers, every)


def cut_at_page_ends(desk: Desk) -> Made:
    """One table that Word's user cut by hand, with or without its headings again."""
    aims = desk.aims()
    before, after = desk.of_aim()
    fields = desk.of_action(aims)
    every = [*before, *fields, *after]
    rows = _rows(desk, aims, before, fields, after, desk.rng.choice(("repeated", "first")))
    again = desk.rng.random() < 0.5
    at = max(1, len(rows) // 2)
    first = Table((_head(desk, every), *rows[:at]))
    second = Table((_head(desk, every), *rows[at:])) if again else Table(tuple(rows[at:]), headings=0)
    blocks = (first, Line(""), second) if rows[at:] else (first,)
    return Laid([Sheet("Plan", blocks)], desk.columns(every)), desk.answers(aims, every)


def side_by_side(desk: Desk) -> Made:
    """Two tables of the same columns are beside each other on a landscape sheet, a recommendation each."""
    aims = desk.aims()
    fields = desk.of_action(aims, beside=False)
    before = ["number", "recommendation"] if desk.numbered else ["recommendation"]
    every = [*before, *fields]
    tables = []
    half = (len(aims) + 1) // 2
    for part in (aims[:half], aims[half:]):
        if part:
            tables.append(Table((_head(desk, every), *_rows(desk, part, before, fields, [], "first"))))
    return Laid([Sheet("Plan", (Beside(tuple(tables)),))], desk.columns(every)), desk.answers(aims, every)


# Cards and labels -----------------------------------------------------------------------------------------


def card_for_each_action(desk: Desk) -> Made:
    """A small table of labels and values for each action; the recommendation is a label in it or a heading above."""
    aims = desk.aims()
    fields = desk.of_action(aims, beside=False)
    inside = desk.rng.random() < 0.5
    style = desk.rng.randrange(3)
    shape = desk.rng.choice(("beside", "beside", "beside", "two a row", "above"))
    blocks: list[Block] = []
    for one in aims:
        if not inside:
            blocks.append(Heading(_aim_line(desk, one, style), 2))
        for work in one.works:
            labels = [("recommendation", one.cells["recommendation"])] if inside else []
            labels += [(name, work.cells.get(name, EMPTY)) for name in fields]
            blocks += [Table(_card(desk, labels, shape), headings=0), Line("")]
    every = ["recommendation", *fields] if inside else fields
    answers = desk.answers(aims, every, numbers=not inside)
    return Laid([Sheet("Plan", tuple(blocks))], desk.columns(every)), answers


def _card(desk: Desk, labels: Sequence[tuple[str, Cell]], shape: str) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a card: a label and its value a row, two of them a row, or labels above their values."""
    named = [(Cell(desk.heading(name), bold=True), cell) for name, cell in labels]
    if shape == "beside":
        return tuple(row(label, cell) for label, cell in named)
    pairs = list(zip(named[::2], [*named[1::2], *[(EMPTY, EMPTY)] * (len(named) % 2)], strict=True))
    if shape == "two a row":
        return tuple((*first, *second) for first, second in pairs)
    rows = [((first[0], second[0]), (first[1], second[1])) for first, second in pairs]
    return tuple(one for both in rows for one in both)


def card_for_each_recommendation(desk: Desk) -> Made:
    """A form for each recommendation: labels and values, then a table of its actions in the same form."""
    desk.person_field = "owners"
    aims = desk.aims()
    fields = desk.of_action(aims, beside=False)
    labels = ["recommendation", "leads", "impact"]
    blocks: list[Block] = []
    for one in aims:
        rows: list[tuple[Cell, ...]] = []
        width = len(fields)
        for name in labels:
            value = replace(one.cells[name], across=width - 1)
            rows.append(
                (Cell(desk.heading(name), bold=True), value, *[COVERED] * (width - 2)) if width > 1 else row("")
            )
        rows.append(_head(desk, fields))
        rows += [tuple(_cells(work, fields)) for work in one.works]
        blocks += [Table(tuple(rows), headings=0), Line("")]
    answers = desk.answers(aims, [*labels, *fields], numbers=False)
    return Laid([Sheet("Plan", tuple(blocks))], desk.columns(fields)), answers


def labelled_paragraphs(desk: Desk) -> Made:
    """No table: paragraphs that begin with a label."""
    aims = desk.aims()
    fields = [name for name in desk.of_action(aims, beside=False) if name not in ("brag", "ref")]
    blocks: list[Block] = [Heading("Action plan", 1)]
    for one in aims:
        blocks.append(Line(one.aim.text, label=f"{desk.heading('recommendation')}: "))
        for work in one.works:
            for name in fields:
                text = work.cells.get(name, EMPTY).text
                if text:
                    blocks.append(Line(text, label=f"{desk.heading(name)}: "))
    every = ["recommendation", *fields]
    return Laid([Sheet("Plan", tuple(blocks))], desk.columns(every)), desk.answers(aims, every, numbers=False)


def grid_in_a_cell(desk: Desk) -> Made:
    """A table of actions is inside a cell of the recommendation's row."""
    aims = desk.aims()
    fields = desk.of_action(aims, beside=False)
    before = ["number", "recommendation"] if desk.numbered else ["recommendation"]
    outer = "Actions" if desk.heads.mode == "known" else desk.heads.of("theme")
    rows = [head(*[desk.heading(name) for name in before], outer)]
    for one in aims:
        inner = Table((_head(desk, fields), *[tuple(_cells(work, fields)) for work in one.works]))
        rows.append((*[one.cells[name] for name in before], Cell(inside=inner)))
    every = [*before, *fields]
    return Laid([Sheet("Plan", (Table(tuple(rows)),))], desk.columns(every)), desk.answers(aims, every)


def column_for_each_status(desk: Desk) -> Made:
    """A log with a column for each status, of which one is ticked on each row."""
    aims = desk.aims()
    before, after = desk.of_aim()
    fields = [name for name in desk.of_action(aims, beside=False) if name not in {"status", "brag"}]
    states = desk.rng.choice(TICKED_STATES)
    tick = desk.rng.choice(("✓", "✔", "x", "X", "1"))
    rows = [head(*[desk.heading(n) for n in [*before, *fields]], *[word for word, _ in states])]
    rows[0] = (*rows[0], *head(*[desk.heading(n) for n in after]))
    made: list[WrittenAim] = []
    for one in aims:
        works: list[Written] = []
        for n, work in enumerate(one.works):
            at = min(len(states) - 1, {"before": 0, "done": len(states) - 1}.get(one.aim.works[n].state, 1))
            ticks = [Cell(tick if place == at else "") for place in range(len(states))]
            own = [_of_aim(one, name, n, len(one.works), "repeated") for name in before]
            last = [_of_aim(one, name, n, len(one.works), "repeated") for name in after]
            rows.append((*own, *_cells(work, fields), *ticks, *last))
            status = StatusAnswer(frozenset({states[at][1]}))
            works.append(Written(work.cells, replace(work.answer, status=status, brag=None)))
        made.append(replace(one, works=tuple(works)))
    every = [*before, *fields, *after]
    answers = desk.answers(made, [*every, "status"])
    return Laid([Sheet("Plan", (Table(tuple(rows)),))], desk.columns(every)), answers


TICKED_STATES = (
    (("Not started", "not_started"), ("In progress", "in_progress"), ("Complete", "completed")),
    (("To start", "not_started"), ("Under way", "in_progress"), ("Done", "completed")),
    (("Not yet started", "not_started"), ("Ongoing", "in_progress"), ("Completed", "completed")),
)


def referred(desk: Desk) -> Made:
    """A list spells the recommendations out; the table of actions names each by its reference."""
    aims = desk.aims()
    desk.own_refs = False
    fields = [name for name in desk.of_action(aims, beside=False) if name != "ref"]
    labelled = desk.heads.of("recommendation")
    spelt = Table((head(desk.rng.choice(("Ref", "No")), labelled), *[_reference(one) for one in aims]))
    rows = [(Cell(f"R{one.place}"), *_cells(work, fields)) for one in aims for work in one.works]
    actions = Table((head("Rec", *[desk.heading(name) for name in fields]), *rows))
    if desk.kind == "docx":
        sheets = [Sheet("Plan", (Heading("Recommendations", 1), spelt, Heading("Actions", 1), actions))]
    else:
        sheets = [Sheet("Recommendations", (spelt,)), Sheet("Actions", (actions,))]
    return Laid(sheets, desk.columns(fields)), desk.answers(aims, fields, numbers=False)


def _reference(one: WrittenAim) -> tuple[Cell, ...]:
    return Cell(f"R{one.place}"), Cell(one.aim.text)


LAYOUTS: Mapping[str, tuple[Callable[[Desk], Made], frozenset[str]]] = {
    "repeated on every row": (repeated, frozenset({"docx", "xlsx", "csv"})),
    "merged down": (merged, frozenset({"docx", "xlsx"})),
    "in its first row": (first_row, frozenset({"docx", "xlsx", "csv"})),
    "a row across": (rows_across, frozenset({"docx", "xlsx", "csv"})),
    "heading above each table": (heading_above, frozenset({"docx", "xlsx", "csv"})),
    "labels above each table": (label_block, frozenset({"docx", "xlsx", "csv"})),
    "a sheet each": (sheet_title, frozenset({"xlsx"})),
    "outline numbers": (outline, frozenset({"docx", "xlsx", "csv"})),
    "a card an action": (card_for_each_action, frozenset({"docx", "xlsx"})),
    "a card a recommendation": (card_for_each_recommendation, frozenset({"docx", "xlsx"})),
    "labelled paragraphs": (labelled_paragraphs, frozenset({"docx"})),
    "a grid in a cell": (grid_in_a_cell, frozenset({"docx"})),
    "groups of columns": (repeated_groups, frozenset({"docx", "xlsx", "csv"})),
    "several in a cell": (several_in_a_cell, frozenset({"docx", "xlsx", "csv"})),
    "lead and deadline": (lead_and_deadline, frozenset({"docx", "xlsx", "csv"})),
    "a month's news a column": (months_of_news, frozenset({"docx", "xlsx", "csv"})),
    "a chart of months": (months_of_work, frozenset({"xlsx", "csv"})),
    "two heading rows": (two_heading_rows, frozenset({"docx", "xlsx", "csv"})),
    "cut at page ends": (cut_at_page_ends, frozenset({"docx"})),
    "sheets that go on": (sheets_go_on, frozenset({"xlsx"})),
    "side by side": (side_by_side, frozenset({"xlsx"})),
    "themes across": (themes_across, frozenset({"docx", "xlsx", "csv"})),
    "on its side": (on_its_side, frozenset({"docx", "xlsx", "csv"})),
    "dates above lists": (dates_above_lists, frozenset({"docx"})),
    "a column a status": (column_for_each_status, frozenset({"docx", "xlsx", "csv"})),
    "references to a list": (referred, frozenset({"docx", "xlsx"})),
}

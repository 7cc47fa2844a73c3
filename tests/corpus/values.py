"""How one council writes dates, states and names, and what each cell therefore says (product rules 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from tests.corpus.answers import ActionAnswer, DueAnswer, StatusAnswer
from tests.corpus.blocks import Cell
from tests.corpus.facts import Facts, Person, Work, add_months, month_end

MONTHS = tuple(date(2000, month, 1).strftime("%B") for month in range(1, 13))
Due = tuple[Cell, DueAnswer]


# Dates ----------------------------------------------------------------------------------------------------


def _on(day: date) -> DueAnswer:
    return DueAnswer("date", day)


def _month(day: date) -> str:
    return MONTHS[day.month - 1]


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _financial_quarter(day: date) -> tuple[str, date]:
    quarter = (day.month - 4) % 12 // 3 + 1
    first = day.year if day.month >= 4 else day.year - 1
    last_month = (4 + quarter * 3 - 1 - 1) % 12 + 1
    last = month_end(date(first + (1 if quarter == 4 else 0), last_month, 1))
    return f"Q{quarter} {first}/{(first + 1) % 100:02d}", last


def _as_month(pattern: Callable[[date], str]) -> Callable[[Random, date], Due]:
    return lambda rng, day: (Cell(pattern(day)), _on(month_end(day)))


def _as_day(pattern: Callable[[date], str]) -> Callable[[Random, date], Due]:
    return lambda rng, day: (Cell(pattern(day)), _on(day))


def _quarter(rng: Random, day: date) -> Due:
    words, last = _financial_quarter(day)
    return Cell(rng.choice((words, words, f"End {words}"))), _on(last)


DATE_STYLES: Mapping[str, Callable[[Random, date], Due]] = {
    "end of month": _as_month(lambda d: f"End {_month(d)} {d.year}"),
    "end of the month": _as_month(lambda d: f"End of {_month(d)} {d.year}"),
    "month": _as_month(lambda d: f"{_month(d)} {d.year}"),
    "by month": lambda rng, d: (Cell(f"By {_month(d)} {d.year}"), replace(_on(month_end(d)), asks=True)),
    "short month": _as_month(lambda d: f"{_month(d)[:3]}-{d.year % 100:02d}"),
    "short month with year": _as_month(lambda d: f"{_month(d)[:3]} {d.year}"),
    "slashes": _as_day(lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}"),
    "short slashes": _as_day(lambda d: f"{d.day:02d}/{d.month:02d}/{d.year % 100:02d}"),
    "points": _as_day(lambda d: f"{d.day:02d}.{d.month:02d}.{d.year % 100:02d}"),
    "hyphens": _as_day(lambda d: f"{d.day:02d}-{d.month:02d}-{d.year}"),
    "year first": _as_day(lambda d: d.isoformat()),
    "day in words": _as_day(lambda d: f"{_ordinal(d.day)} {_month(d)} {d.year}"),
    "plain day in words": _as_day(lambda d: f"{d.day} {_month(d)} {d.year}"),
    "short day in words": _as_day(lambda d: f"{d.day} {_month(d)[:3]} {d.year % 100:02d}"),
    "day of a task board": _as_day(lambda d: f"{d.day:02d}/{_month(d)[:3]}/{d.year % 100:02d} 12:00 AM"),
    "instant of a list": _as_day(lambda d: f"{d.isoformat()}T12:00:00.000Z"),
    "by day in words": _as_day(lambda d: f"By {d.day} {_month(d)} {d.year}"),
    "quarter": _quarter,
}
# Only a spreadsheet stores a date as one; what its format shows is what the eye sees.
STORED_STYLES: Mapping[str, Callable[[Random, date], Due]] = {
    "stored day": lambda rng, d: (
        Cell(f"{d.day:02d}/{d.month:02d}/{d.year}", value=d, shows="dd/mm/yyyy"),
        _on(d),
    ),
    "stored month": lambda rng, d: (
        Cell(f"{_month(d)[:3]}-{d.year % 100:02d}", value=d.replace(day=1), shows="mmm\\-yy"),
        _on(month_end(d)),
    ),
    "stored long day": lambda rng, d: (
        Cell(f"{d.day} {_month(d)} {d.year}", value=d, shows="d mmmm yyyy"),
        _on(d),
    ),
}


def _month_first(rng: Random, day: date) -> Due:
    return Cell(f"{day.month:02d}/{day.day:02d}/{day.year}"), replace(_on(day), asks=True)


def _misspelt(month: str) -> str:
    """A month with two letters that changed places, or as it is if it is too short for a slip to be seen."""
    return f"{month[:3]}{month[4]}{month[3]}{month[5:]}" if len(month) > 5 else month


def _special(rng: Random, day: date, dated_on: date, kind: str) -> Due:
    """Words that are no plain date, as every plan has some."""
    month, later = _month(day), add_months(day, rng.randint(2, 5))
    last = add_months(month_end(day).replace(day=1), rng.randint(1, 3))
    next_month = add_months(day.replace(day=1), 2)
    made: tuple[Due, ...] = (
        (
            Cell(rng.choice(("Ongoing", "Monthly", "Quarterly", "ongoing"))),
            DueAnswer("ongoing", review_on=month_end(add_months(dated_on.replace(day=1), 3))),
        ),
        (
            Cell(f"{month} {day.year} - {_month(last)} {last.year}"),
            DueAnswer("window", month_end(last), starts_on=day.replace(day=1)),
        ),
        (
            Cell(f"{month} {day.year} (revised {_month(later)} {later.year})"),
            DueAnswer("date", month_end(later), original_due_on=month_end(day)),
        ),
        (
            Cell(f"Pilot - End {month} {day.year}\nFull roll out - End {_month(next_month)} {next_month.year}"),
            DueAnswer("stages", month_end(next_month), stages=(month_end(day), month_end(next_month))),
        ),
        (Cell(rng.choice(("TBC", "tbc", "To be confirmed"))), DueAnswer("not_understood", asks=True)),
        (Cell(""), DueAnswer("none", asks=True)),
        (Cell(rng.choice(("Immediate", "ASAP"))), DueAnswer("not_understood", asks=True)),
        (
            Cell(f"{month} {day.year} (subject to funding)"),
            DueAnswer("date", month_end(day), asks=True),
        ),
        (
            Cell(rng.choice(("by Easter", f"Spring {day.year}", f"Autumn term {day.year}", "within 3 months"))),
            DueAnswer("not_understood", asks=True),
        ),
        (Cell(f"{day.day} {_misspelt(month)} {day.year}"), DueAnswer("date", day, asks=True)),
    )
    if kind != "csv":
        old = add_months(day, -rng.randint(2, 6))
        struck = f"{_ordinal(old.day)} {_month(old)} {old.year}"
        moved = Cell(f"{_ordinal(day.day)} {month} {day.year}", struck=struck)
        made = (*made, (moved, DueAnswer("date", day, may_have_moved=True)))
    return rng.choice(made)


# States ---------------------------------------------------------------------------------------------------

WORDS: Mapping[str, tuple[str, ...]] = {
    "before": ("Not started", "Not yet started", "Not due", "To start"),
    "going": ("In progress", "Underway", "Started", "In progress"),
    "partly": ("Partially complete", "Partly complete", "Part complete"),
    "done": ("Complete", "Completed", "Done", "Achieved", "Delivered", "Closed"),
    "paused": ("On hold", "Paused"),
    "dropped": ("Withdrawn", "No longer required", "Superseded"),
}
MEANT: Mapping[str, str] = {
    "before": "not_started",
    "going": "in_progress",
    "partly": "partly_complete",
    "done": "completed",
    "paused": "paused",
    "dropped": "withdrawn",
}
# Something in the cell contradicts or qualifies its first word.
DOUBTFUL = (
    "Complete (80%)",
    "Complete: No",
    "Closed - not achieved",
    "Complete apart from the training",
    "Completed? To be checked",
    "75% complete",
    "Achieved in part",
    "Not complete",
    "Done in two of three localities",
)
COLOURS: Mapping[str, tuple[str, ...]] = {
    "red": ("FF0000", "C00000", "E6352B", "theme:5"),
    "amber": ("FFC000", "F79646", "FFBF00", "theme:9"),
    "green": ("00B050", "92D050", "33A02C", "theme:6"),
    "blue": ("0070C0", "4472C4", "1F6FB5", "theme:4"),
}
STATUS_STYLES = (
    "words",
    "words",
    "words",
    "words with month",
    "in the note",
    "in the note",
    "colour words",
    "letters",
    "fills",
    "words in colour",
    "score",
    "percent",
    "ticks",
    "words and colour",
    "none",
)
KEYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "colours": (
        ("Blue", "Complete"),
        ("Green", "On track"),
        ("Amber", "At risk of delay"),
        ("Red", "Off track"),
    ),
    "score": (
        ("1", "Complete"),
        ("2", "In progress, on track"),
        ("3", "In progress, slipped"),
        ("4", "Not started"),
    ),
    "ticks": (("✓", "Complete"), ("◑", "In progress"), ("✗", "Not started")),
}
_CERTAIN_SCORES = {"done": ("1",), "going": ("2", "3"), "partly": ("2", "3"), "before": ("4",)}
_SIGNS = {"done": "✓", "going": "◑", "partly": "◑", "before": "✗"}


@dataclass(frozen=True)
class Habits:
    """How one council writes: drawn once for a file."""

    date_style: str
    status_style: str
    keyed: bool
    names: str
    joint: str
    lead_of: str
    control: str
    notes: bool


def draw_habits(rng: Random, kind: str) -> Habits:
    styles = [*DATE_STYLES, "mixed", "mixed", "month first"]
    if kind == "xlsx":
        styles += [*STORED_STYLES] * 2
    status = rng.choice(STATUS_STYLES)
    if kind == "csv" and status in ("fills", "words in colour"):
        status = "words"
    return Habits(
        rng.choice(styles),
        status,
        status in ("score", "ticks") or rng.random() < 0.5,
        rng.choice(("names", "names", "titles", "titles", "initials", "listed initials", "both")),
        rng.choice((" / ", "; ", "\n", " & ")),
        rng.choice(("recommendation", "action", "action", "both")),
        control=rng.choice(("", "", "drop-down", "cell")) if kind == "docx" else "",
        notes=rng.random() < 0.85 or status in ("in the note", "none"),
    )


@dataclass(frozen=True)
class Written:
    """One action as cells by field, and what they say."""

    cells: Mapping[str, Cell]
    answer: ActionAnswer


class Pen:
    """Writes the values of one file by one council's habits."""

    def __init__(self, rng: Random, facts: Facts, habits: Habits, kind: str) -> None:
        self._rng, self._facts, self.habits, self._kind = rng, facts, habits, kind

    def person(self, person: Person) -> tuple[str, frozenset[str]]:
        match self.habits.names:
            case "titles":
                return person.title, frozenset({person.title})
            case "initials":
                return person.initials, frozenset({person.initials})
            case "listed initials":
                return person.initials, frozenset({person.initials, person.name})
            case "both":
                both = f"{person.name}, {person.title}"
                return both, frozenset({both, person.name})
            case _:
                return person.name, frozenset({person.name})

    def people(self, people: tuple[Person, ...]) -> tuple[Cell, tuple[frozenset[str], ...]]:
        said = [self.person(person) for person in people]
        return Cell(self.habits.joint.join(words for words, _ in said)), tuple(ways for _, ways in said)

    def due(self, work: Work, *, plain: bool = False) -> Due:
        """The timescale of an action; ``plain``: a date and nothing else."""
        style = self.habits.date_style
        if style == "month first" and any(one.due.day > 12 for aim in self._facts.aims for one in aim.works):
            return _month_first(self._rng, work.due)  # one of them at least shows which way they are written
        if not plain and style not in STORED_STYLES and self._rng.random() < 0.12:
            return _special(self._rng, work.due, self._facts.dated_on, self._kind)
        if style in ("mixed", "month first"):
            style = self._rng.choice(list(DATE_STYLES))
        return {**DATE_STYLES, **STORED_STYLES}[style](self._rng, work.due)

    def write(self, work: Work, *, plain_dates: bool = False, several: bool = False) -> Written:
        """One action; ``several``: its cells will hold other actions too, so each is one short line."""
        cells: dict[str, Cell] = {"action": Cell(work.text)}
        cells["owners"], owners = self.people(work.owners[:1] if several else work.owners)
        cells["timescale"], due = self.due(work, plain=plain_dates or several)
        cells["evidence"] = Cell(work.evidence)
        stated, status = self._state(work, several)
        cells.update(stated)
        note = cells.get("note", Cell()).text
        return Written(cells, ActionAnswer(work.text, owners, due, status, note or None, self._brag(cells)))

    def _brag(self, cells: Mapping[str, Cell]) -> str | None:
        cell = cells.get("brag")
        if cell is None:
            return None
        if cell.text:
            return {"r": "red", "a": "amber", "g": "green", "b": "blue"}.get(cell.text[:1].lower())
        return next((name for name, fills in COLOURS.items() if cell.fill in fills), None)

    def _state(self, work: Work, several: bool) -> tuple[dict[str, Cell], StatusAnswer]:
        style, rng = self.habits.status_style, self._rng
        news = "" if several else work.news
        certain = StatusAnswer(frozenset({MEANT[work.state]}))
        unsaid = StatusAnswer(frozenset({None}), asks=True)
        cells: dict[str, Cell] = {"note": Cell(news)} if self.habits.notes and not several else {}
        match style:
            case "none":
                return cells, self._unsaid(work)
            case "words" | "words in colour" | "words and colour" | "words with month":
                words = rng.choice(WORDS[work.state])
                if rng.random() < 0.05 and not several:
                    cells["status"] = Cell(rng.choice(DOUBTFUL))
                    return cells, StatusAnswer(frozenset({"partly_complete", "in_progress", None}), asks=True)
                done_on = None
                if style == "words with month" and work.done_on:
                    words, done_on = f"{words} {_month(work.done_on)} {work.done_on.year}", month_end(work.done_on)
                fill = rng.choice(COLOURS[self._colour(work)]) if style == "words in colour" else ""
                cells["status"] = Cell(words, fill=fill, control=self.habits.control)
                if style == "words and colour":
                    cells["brag"] = Cell(self._colour(work).capitalize())
                return cells, replace(certain, completed_on=done_on)
            case "in the note":
                return self._led_by_state(work, news)
            case "colour words" | "letters" | "fills":
                colour = self._colour(work)
                if style == "fills":
                    cells["brag"] = Cell(fill=rng.choice(COLOURS[colour]))
                else:
                    cells["brag"] = Cell(colour.capitalize() if style == "colour words" else colour[0].upper())
                if not self.habits.keyed:
                    return cells, self._unsaid(work)
                meant = "completed" if colour == "blue" else "in_progress"
                return cells, StatusAnswer(frozenset({meant, *self._unsaid(work).statuses}), asks=True)
            case "score" | "ticks":
                state = work.state if work.state in _SIGNS else "going"
                cells["status"] = Cell(
                    _SIGNS[state] if style == "ticks" else rng.choice(_CERTAIN_SCORES[state]),
                )
                meant = "in_progress" if state == "partly" else MEANT[state]
                return cells, StatusAnswer(frozenset({meant}), asks=True)
            case "percent":
                share = {"done": 100, "before": 0}.get(work.state, rng.choice((10, 25, 50, 60, 75, 90)))
                cells["status"] = Cell(f"{share}%", value=share / 100, shows="0%")
                meant_all = {100: {"completed"}, 0: {"not_started"}}.get(share, {"in_progress", "partly_complete"})
                return cells, StatusAnswer(frozenset({*meant_all}), asks=True)
        return cells, unsaid

    def _unsaid(self, work: Work) -> StatusAnswer:
        """No status of its own; news that says so may lead to a guess, never to a certain status."""
        return StatusAnswer(frozenset({None}), asks=True)

    def _led_by_state(self, work: Work, news: str) -> tuple[dict[str, Cell], StatusAnswer]:
        words, done_on = self._rng.choice(WORDS[work.state]), None
        if work.done_on and self._rng.random() < 0.6:
            words, done_on = f"{words} {_month(work.done_on)} {work.done_on.year}", month_end(work.done_on)
        if work.state == "done" and not done_on:
            news = news.split(": ", 1)[-1]  # a day beside the state would be that of its completion
        joint = self._rng.choice((". ", " - ", ".\n"))
        note = f"{words}{joint}{news}" if news else words
        return {"note": Cell(note)}, StatusAnswer(frozenset({MEANT[work.state]}), completed_on=done_on)

    def _colour(self, work: Work) -> str:
        if work.state == "done":
            return "blue"
        return self._rng.choice(("green", "amber", "red"))

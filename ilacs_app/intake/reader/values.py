"""The values of recommendations and actions, read with the evidence of the whole file (product rules 4, 5 and 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from ilacs_app.dates import last_day_of_month
from ilacs_app.intake.reader.contents.document import Cell, visible
from ilacs_app.intake.reader.rows.doubts import lists_several
from ilacs_app.intake.reader.rows.drafts import ItemCells, bare_number, owners_by_row, whole_number_of
from ilacs_app.intake.reader.rows.people import KnownPeople, known_people, people_in
from ilacs_app.intake.reader.status_key import Legend, key_word, meant_by, nearest_rating, rating_word
from ilacs_app.plan.parsing.dates import Precision
from ilacs_app.plan.parsing.statuses import (
    StatusReading,
    colour_sign,
    explained_colour,
    read_answer,
    read_brag,
    read_pace,
    read_sign,
    read_status,
    without_sign,
)
from ilacs_app.plan.parsing.timescales import Timescale, Timing, read_timescale
from ilacs_app.plan.plan_file import (
    LOOKUP,
    FileAction,
    FileProblem,
    FileRecommendation,
    split_boards,
    split_leads,
    split_lines,
)
from ilacs_app.plan.rules import Status

FINISHED = frozenset({Status.COMPLETED, Status.VERIFIED, Status.EMBEDDED})
UNFINISHED = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS, Status.PARTLY_COMPLETE})
LONGEST_KEY_WORD = 3
LAST_MONTH = 12
SHORTEST_SERIAL, LONGEST_SERIAL = 20_000, 80_000
_FOOTNOTE_SIGNS = " *\u2020\u2021\u00a7\u00b9\u00b2\u00b3"
_ACTION_NUMBER = re.compile(r"^(?:action|task|step)\.? (?:no\.? )?(?=\d)", re.IGNORECASE)
_LIST_MARK = re.compile(r"^(?:[\u2022\u25cf\u25aa\u25e6\uf0b7\u00b7*]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_SENTENCE = re.compile(r"[.;:]\s|\s[\u2010-\u2015-]\s|\n")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](?:20)?\d{2}\b")


@dataclass(frozen=True)
class FileFacts:
    """What the whole file says of its values: its date, whether months are before days, its epoch, its legend.

    ``both_orders`` says that some of its numeric dates fit only day first and others only month first.
    """

    dated_on: date
    month_first: bool
    both_orders: bool
    epoch: int
    legend: Legend
    owners_by_row: bool
    people: KnownPeople


def orders_of_dates(drafts: Sequence[ItemCells]) -> tuple[bool, bool]:
    """Return whether numeric dates of the file fit only day before month, and whether some fit only the other way."""
    day_first = month = 0
    for draft in drafts:
        for item in (draft, *draft.actions):
            for name in ("timescale", "revised_timescale"):
                for cell in item.cells.get(name, ()):
                    for a, b in () if cell.day else _NUMERIC.findall(cell.live):
                        day_first += int(a) > 12 and int(b) <= 12
                        month += int(b) > 12 and int(a) <= 12
    return day_first > 0, month > 0


def facts_of(drafts: Sequence[ItemCells], dated_on: date, epoch: int, legend: Legend) -> FileFacts:
    """The facts of a file from its drafts."""
    day_first, month_first = orders_of_dates(drafts)
    return FileFacts(
        dated_on,
        month_first and not day_first,
        month_first and day_first,
        epoch,
        legend,
        owners_by_row(drafts),
        known_people(drafts),
    )


@dataclass(frozen=True)
class Values:
    """The recommendations of a file, and what was seen while their values were read."""

    recommendations: tuple[FileRecommendation, ...]
    problems: tuple[FileProblem, ...]


def values_of(drafts: Sequence[ItemCells], facts: FileFacts) -> Values:
    """Read every value of every draft."""
    numbers, problems = _numbers(drafts)
    refs, twice = _refs(drafts, numbers)
    problems += twice
    made = tuple(
        _recommendation(draft, number, refs, facts, problems) for draft, number in zip(drafts, numbers, strict=True)
    )
    return Values(made, (*problems, *_initials_said(drafts, facts.legend)))


# References -------------------------------------------------------------------------------------------------


def _numbers(drafts: Sequence[ItemCells]) -> tuple[list[str], list[FileProblem]]:
    """The number of each recommendation, and a problem for each that has the number of an earlier one.

    It is its own; or else its place, or the next one free if another has that.
    """
    own = [visible(bare_number(draft.text("number"))) for draft in drafts]
    free = (number for n in count(len(drafts) + 1) if (number := str(n)) not in own)
    first_of: dict[str, ItemCells] = {}
    numbers: list[str] = []
    twice: list[FileProblem] = []
    for place, (draft, written) in enumerate(zip(drafts, own, strict=True), start=1):
        first = first_of.setdefault(written, draft) if written else draft
        number = written or (str(place) if str(place) not in own else next(free))
        if first is not draft:
            number = next(free)
            says = f"The recommendation in {first.at} has the same number, {written}. We gave this one number {number}."
            do = "If it is the same one, or of another plan, change the file and import it again."
            twice.append(FileProblem(draft.at, "warning", says, do, kind="same_number"))
        numbers.append(number)
    return numbers, twice


@dataclass(frozen=True)
class _Ref:
    """The reference of an action, and whether it is the council's own."""

    text: str
    own: bool


def _refs(drafts: Sequence[ItemCells], numbers: Sequence[str]) -> tuple[dict[int, _Ref], list[FileProblem]]:
    """The reference of each action, by its identity: the council's own where the file has one, else it is counted."""
    refs: dict[int, _Ref] = {}
    taken: set[str] = set()
    twice: list[FileProblem] = []
    restart = _begin_again(drafts)
    for draft, number in zip(drafts, numbers, strict=True):
        for action in draft.actions:
            own = "" if restart and _is_bare(action) else _own_ref(action, number)
            if own in taken:
                says = f"The reference {own} is also in an earlier row. We gave this one a new number."
                twice.append(FileProblem(action.at, "warning", says, "Give each action its own reference in the file."))
            elif own:
                refs[id(action)] = _Ref(own, own=True)
                taken.add(own)
    for draft, number in zip(drafts, numbers, strict=True):
        free = _counted(number)
        for action in draft.actions:
            counted = next(free)
            if id(action) not in refs:
                unused = counted if counted not in taken else next(ref for ref in free if ref not in taken)
                refs[id(action)] = _Ref(unused, own=False)
    return refs, twice


def _counted(number: str) -> Iterator[str]:
    return (f"{number}.{n}" for n in count(1))


def _is_bare(action: ItemCells) -> bool:
    return bool(re.fullmatch(r"\(?(?:\d{1,3}|[a-z])[.)]?", visible(action.text("ref")), re.IGNORECASE))


def _begin_again(drafts: Sequence[ItemCells]) -> bool:
    """Return whether bare action numbers start again in each recommendation, and so are places, not references."""
    bare = [visible(action.text("ref")) for draft in drafts for action in draft.actions if _is_bare(action)]
    return len(set(bare)) < len(bare)


def _own_ref(action: ItemCells, number: str) -> str:
    """A reference in a column of its own, or "3.4a" in the column of numbers where the recommendation is number 3."""
    beside = visible(action.text("number"))
    return _ACTION_NUMBER.sub("", " ".join(visible(action.text("ref")).split())) or (
        beside if bare_number(beside) != number and whole_number_of(beside) == number else ""
    )


# Records ----------------------------------------------------------------------------------------------------


def _recommendation(
    draft: ItemCells, number: str, refs: Mapping[int, _Ref], facts: FileFacts, problems: list[FileProblem]
) -> FileRecommendation:
    if draft.asked:
        problems.append(_title_stands_in(draft))
    elif draft.unsure:
        problems.append(_may_be_other(draft))
    return FileRecommendation(
        number=number,
        text=draft.text("recommendation"),
        at=draft.at,
        leads=_people(draft, "leads", draft.text("leads"), facts, problems),
        monitoring=split_lines(draft.text("monitoring")),
        measures=split_lines(draft.text("measures")),
        partnership_focus=draft.text("partnership_focus"),
        link_plans=split_lines(draft.text("link_plans")),
        boards=split_boards(draft.text("boards")),
        impact=draft.text("impact"),
        extra=draft.extras(),
        actions=tuple(_action(action, refs[id(action)], facts, problems) for action in draft.actions),
    )


def _title_stands_in(draft: ItemCells) -> FileProblem:
    return FileProblem(
        draft.at,
        "warning",
        f"Nothing in the file says which recommendation these actions answer. “{draft.text('recommendation')}” "
        "is used instead.",
        "Check it. If a column holds the recommendations, choose that column.",
        kind="layout_guess",
    )


def _may_be_other(draft: ItemCells) -> FileProblem:
    return FileProblem(
        draft.at,
        "warning",
        "The table could be read in another way, so this may not be the recommendation of the actions below it.",
        "Check it, and choose the column that holds the recommendations if it is another one.",
        kind="layout_guess",
    )


def _people(draft: ItemCells, field: str, cell: str, facts: FileFacts, problems: list[FileProblem]) -> tuple[str, ...]:
    """The people of a cell, initials in full, and a question where it may be one of them or several."""
    unmarked = "\n".join(_LIST_MARK.sub("", line) for line in cell.split("\n"))
    people = people_in(LOOKUP.sub(";", unmarked), facts.people, lead=field == "leads")
    if people.says:
        column = draft.places.get(field) or draft.places.get("leads" if field == "owners" else "owners", "")
        at = f"{draft.at}, {column}" if column else draft.at
        problems.append(FileProblem(at, "info", people.says, people.do, kind="owner_several"))
    return tuple(dict.fromkeys(facts.legend.initials.get(visible(name), name) for name in people.names))


def _action(draft: ItemCells, ref: _Ref, facts: FileFacts, problems: list[FileProblem]) -> FileAction:
    timescale = _timescale(draft, facts, problems)
    if "timescale" in draft.doubtful and timescale.kind in {Timing.DATE, Timing.WINDOW, Timing.STAGES}:
        timescale = replace(timescale, guessed=True)
    has = lambda word: key_word(word) in facts.legend.key  # noqa: E731
    brags = draft.cells.get("brag", [])
    brag_text = draft.text("brag") or "\n".join(filter(None, (rating_word(cell, has) for cell in brags))) or None
    note, own_status = draft.text("note"), draft.text("status")
    if not own_status:
        own_status = "\n".join(filter(None, (rating_word(cell, has) for cell in draft.cells.get("status", []))))
    reading = _status(draft, own_status, note, brag_text or "", facts)
    reading = _with_done_on(reading, draft, facts)
    if {"status", "note"} & draft.doubtful and reading.status is not None:
        reading = replace(reading, guessed=True)
    if reading.status is not None and (lists_several(draft) or _rated_otherwise(reading.status, brag_text)):
        reading = replace(reading, guessed=True)
    if _whole_is_doubtful(draft, own_status or note):
        reading = StatusReading(reading.status_text, None, guessed=True)
    if _is_struck(draft):
        reading, seen = _of_struck_out(reading, draft, facts)
        problems.append(seen)
    leads = draft.text("row lead") if facts.owners_by_row or draft.leads_itself else ""
    owners = draft.text("owners") or leads
    return FileAction(
        ref=ref.text,
        own_ref=ref.own,
        text=draft.text("action") or "\n".join(cell.text for cell in draft.cells.get("action", ())),
        timescale=timescale,
        at=draft.at,
        owners=_people(draft, "owners", owners, facts, problems),
        status_text=own_status or reading.status_text,
        status=reading.status,
        status_guessed=reading.guessed,
        completed_on=reading.completed_on,
        note=note,
        brag_text=brag_text,
        brag=(read_brag(brag_text) if brag_text else None) or _of_fill(brags),
        evidence=draft.text("evidence") or None,
        extra=draft.extras(),
    )


def _of_fill(cells: Sequence[Cell]) -> str | None:
    """The rating nearest to the one fill of cells without text, whatever the file's key calls it: of gold, amber."""
    fills = {nearest_rating(cell.fill) for cell in cells if cell.fill and not cell.pale and not visible(cell.live)}
    return fills.pop() or None if len(fills) == 1 and not any(visible(cell.live) for cell in cells) else None


def _rated_otherwise(status: Status, brag_text: str | None) -> bool:
    """Return whether the rating beside a status contradicts it: complete and red, or blue and not complete."""
    brag = read_brag(brag_text) if brag_text else None
    return (status in FINISHED and brag == "red") or (status in UNFINISHED and brag == "blue")


def _is_struck(draft: ItemCells) -> bool:
    cells = draft.cells.get("action", ())
    return draft.struck or (bool(cells) and all(cell.is_struck for cell in cells))


def _of_struck_out(reading: StatusReading, draft: ItemCells, facts: FileFacts) -> tuple[StatusReading, FileProblem]:
    """The status of an action that is struck out, and what to ask: done if its status or the file's key says so."""
    done = facts.legend.struck_is_done or reading.status in FINISHED
    says, do = "The text of this action is struck out", "Check it, and select another status if it still applies."
    if done:
        status = reading.status if reading.status in FINISHED else Status.COMPLETED
        why = "the file says that struck-out text is done" if facts.legend.struck_is_done else "its status says so"
        says = f"{says}. We read it as {status.value if status else ''}, because {why}."
        return replace(reading, status=status, guessed=True), _about_struck(draft, says, do)
    says = f"{says}. It may be done or withdrawn: we read it as withdrawn."
    return StatusReading(reading.status_text, Status.WITHDRAWN, guessed=True), _about_struck(draft, says, do)


def _about_struck(draft: ItemCells, says: str, do: str) -> FileProblem:
    return FileProblem(draft.at, "warning", says, do, kind="struck_out")


def _whole_is_doubtful(draft: ItemCells, status: str) -> bool:
    """Return whether a status of several lines is beside an action of several lines that could not be split."""
    if draft.parted or len(draft.cells.get("action", ())) != 1:
        return False
    lines = [line for line in draft.cells["action"][0].lines if visible(line.live)]
    status_lines = [line for line in status.split("\n") if visible(line)]
    return (
        len(lines) > 1
        and len(status_lines) > 1
        and sum(bool(read_status(line).status_text) for line in status_lines) > 1
    )


# Status -----------------------------------------------------------------------------------------------------


def _status(draft: ItemCells, own: str, note: str, brag: str, facts: FileFacts) -> StatusReading:
    """Return what the words mean, or else, as a guess, what the file's key says about the word, symbol or colour.

    A rating beside a note that begins with no status says more of the status than words inside the note.
    """
    text = visible(own or note)
    reading = read_status(without_sign(text))
    if without_sign(text) != text:
        reading = replace(reading, guessed=reading.status is not None)
    if own:
        if reading.status is not None:
            return reading
        status = (
            _pace_after_sign(own)
            or _by_key(own, facts)
            or read_sign(own)
            or read_pace(_SENTENCE.split(own.strip(), maxsplit=1)[0])
            or read_answer(own, draft.headings.get("status", ""))
        )
        status = status or _of_colour(own, facts)
        return StatusReading(reading.status_text, status, guessed=True) if status else reading
    if reading.status_text:
        return reading
    if brag:
        status = _of_rating(brag, facts)
    else:
        status = _by_key(note, facts) if len(note.split()) <= LONGEST_KEY_WORD else None
    if status is None and reading.status is None:
        status = read_pace(_SENTENCE.split(visible(note), maxsplit=1)[0])
    return StatusReading("", status, guessed=True) if status else reading


def _pace_after_sign(text: str) -> Status | None:
    """The status of words that say how it goes and have an emoji or a symbol before them."""
    words_alone = without_sign(text)
    return None if words_alone == text.strip() else read_pace(words_alone)


def _by_key(word: str, facts: FileFacts) -> Status | None:
    """The status that the file's own key gives a word, symbol or colour."""
    meaning = facts.legend.key.get(key_word(word))
    return meant_by(meaning) if meaning else None


def _of_rating(brag: str, facts: FileFacts) -> Status | None:
    """The delivery status that a rating means: by the file's key, the words beside its colour, or its colour."""
    explained = explained_colour(brag)
    reading = read_status(brag)
    stated = reading.status if reading.status_text else read_pace(brag)
    return _by_key(brag, facts) or (meant_by(explained) if explained else stated) or _of_colour(brag, facts)


def _of_colour(brag: str, facts: FileFacts) -> Status | None:
    """The status of a colour where the file has no key: red, amber and green are of work under way.

    Blue is complete in one council, embedded in another and not started in a third, so it is left to be chosen.
    """
    under_way = not facts.legend.key and (read_brag(brag) or colour_sign(brag)) in {"red", "amber", "green"}
    return Status.IN_PROGRESS if under_way else None


def _with_done_on(reading: StatusReading, draft: ItemCells, facts: FileFacts) -> StatusReading:
    """The month of completion from a column of its own, if the status is complete or nothing else gives one."""
    cells = [cell for cell in draft.cells.get("done_on", ()) if cell.live.strip()]
    if len(cells) != 1:
        return reading
    done = _read_cell(cells[0], facts)
    if done.kind is not Timing.DATE or done.due_on is None:
        return reading
    if reading.status is Status.COMPLETED and reading.completed_on is None:
        return replace(reading, completed_on=last_day_of_month(done.due_on), guessed=reading.guessed or done.guessed)
    if reading.status is None and not reading.status_text:
        return replace(reading, status=Status.COMPLETED, completed_on=last_day_of_month(done.due_on), guessed=True)
    return reading


# Timescales -------------------------------------------------------------------------------------------------


def _timescale(draft: ItemCells, facts: FileFacts, problems: list[FileProblem]) -> Timescale:
    """The words of the timescale; a column of revised ones makes them original and revised, as one cell would."""
    first, revised = draft.cells.get("timescale", []), draft.cells.get("revised_timescale", [])
    original, new = _live(first), _live(revised)
    scale = _read_cells(first or revised, facts)
    if visible(original) and visible(new) and " ".join(original.split()) != " ".join(new.split()):
        scale = _revised(f"{original} (revised {new})", _read_cells(first, facts), _read_cells(revised, facts))
    elif not visible(original):
        scale = _read_cells(revised, facts)
    return _with_struck(scale, [*first, *revised], draft, facts, problems)


def _live(cells: Sequence[Cell]) -> str:
    return "\n".join(text for cell in cells if (text := cell.live.strip()))


def _revised(text: str, old: Timescale, new: Timescale) -> Timescale:
    """An original and a revised date; what is no date is not understood."""
    if new.kind is Timing.DATE and old.kind is Timing.DATE:
        return replace(new, text=text, original_due_on=old.due_on, guessed=old.guessed or new.guessed)
    if new.kind in {Timing.DATE, Timing.STAGES, Timing.WINDOW} and old.kind in {Timing.STAGES, Timing.WINDOW}:
        return replace(new, text=text, original_due_on=old.due_on, guessed=True)
    if new.kind in {Timing.NOT_UNDERSTOOD, Timing.NONE} or old.kind is Timing.NOT_UNDERSTOOD:
        return Timescale(text, Timing.NOT_UNDERSTOOD)
    return replace(new, text=text, guessed=True)


def _read_cells(cells: Sequence[Cell], facts: FileFacts) -> Timescale:
    filled = [cell for cell in cells if cell.live.strip()]
    if len(filled) == 1:
        return _read_cell(filled[0], facts)
    scale = read_timescale(visible(_live(cells)), facts.dated_on, month_first=facts.month_first)
    return replace(scale, guessed=scale.guessed or len(filled) > 1)  # the dates of several rows may be of several steps


def _read_cell(cell: Cell, facts: FileFacts) -> Timescale:
    scale = _read_alone(cell, facts)
    return replace(scale, guessed=True) if scale.due_on and _may_be_other_way_round(cell, facts) else scale


def _may_be_other_way_round(cell: Cell, facts: FileFacts) -> bool:
    """Return whether a numeric date fits both orders in a file that has both.

    A program that expects the day first makes real dates of "03/02/2025" and leaves "12/25/2024" as text, so real dates
    beside texts with the month first may be the wrong way round.
    """
    either = any(int(a) <= LAST_MONTH and int(b) <= LAST_MONTH and a != b for a, b in _NUMERIC.findall(cell.live))
    return either and (facts.both_orders or (facts.month_first and cell.day is not None))


def _read_alone(cell: Cell, facts: FileFacts) -> Timescale:
    text = cell.live.strip()
    if cell.day:
        return _typed_day(text, cell.day, facts)
    serial = cell.number
    if serial is not None and SHORTEST_SERIAL <= serial <= LONGEST_SERIAL and facts.epoch == 1904:
        day = date(1904, 1, 1) + timedelta(days=int(serial))
        return Timescale(text, Timing.DATE, day, guessed=True, precision=Precision.DAY)
    scale = read_timescale(visible(text), facts.dated_on, month_first=facts.month_first)
    bare = visible(text).rstrip(_FOOTNOTE_SIGNS)
    if scale.kind is Timing.NOT_UNDERSTOOD and bare != visible(text):
        scale = replace(read_timescale(bare, facts.dated_on, month_first=facts.month_first), guessed=True)
    return replace(scale, text=text)


def _typed_day(text: str, day: date, facts: FileFacts) -> Timescale:
    """A real date: its day, or its month where that is all that is shown."""
    shown = read_timescale(text, facts.dated_on)
    if shown.kind is Timing.DATE and shown.precision is Precision.MONTH and shown.due_on == last_day_of_month(day):
        return replace(shown, guessed=False)
    if not re.search(r"\d{1,2}\D+\d|\d[a-z]{0,2} [A-Za-z]", text) and re.search(r"[A-Za-z]{3}", text):
        return Timescale(text, Timing.DATE, last_day_of_month(day), precision=Precision.MONTH)
    return Timescale(text, Timing.DATE, day, precision=Precision.DAY)


def _with_struck(
    scale: Timescale, cells: Sequence[Cell], draft: ItemCells, facts: FileFacts, problems: list[FileProblem]
) -> Timescale:
    """Leave out struck-out text; a struck-out date beside a live one is the original date."""
    struck = "\n".join(cell.struck for cell in cells if cell.struck).strip()
    if not struck:
        return scale
    column = draft.places.get("timescale") or draft.places.get("revised_timescale", "")
    at = f"{draft.at}, {column}" if column else draft.at
    problems.append(
        FileProblem(
            at,
            "info",
            f"“{_one_line(struck)}” is struck out, so we do not read it as the timescale.",
            "Check the date that we read.",
            kind="struck_out",
        )
    )
    old = read_timescale(visible(struck), facts.dated_on, month_first=facts.month_first)
    if scale.kind is Timing.DATE and old.kind is Timing.DATE and scale.original_due_on is None:
        return replace(scale, original_due_on=old.due_on)
    return scale


def _one_line(text: str) -> str:
    return " ".join(text.split())


# Initials ---------------------------------------------------------------------------------------------------


def _initials_said(drafts: Sequence[ItemCells], legend: Legend) -> Iterator[FileProblem]:
    used: dict[str, str] = {}
    for draft in drafts:
        for part in (draft, *draft.actions):
            for name in (*split_leads(part.text("leads")), *split_leads(part.text("owners"))):
                if visible(name) in legend.initials:
                    used.setdefault(visible(name), part.at)
    for short, at in used.items():
        yield FileProblem(
            at,
            "info",
            f"“{short}” means “{legend.initials[short]}”, from the list of initials in the file.",
            "Check it, and enter the full name in the file if it is wrong.",
            kind="initials",
        )

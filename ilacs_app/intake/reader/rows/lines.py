"""Several actions in one cell: split only where the lines of the cells beside it agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.columns.traits import begins_an_action
from ilacs_app.intake.reader.contents.document import Cell, Line, visible
from ilacs_app.intake.reader.layout.split import person_and_date
from ilacs_app.plan.parsing.timescales import Timing, read_timescale

_MARK = re.compile(
    r"(?:[\u2022\u25cf\u25aa\u25e6\uf0b7\u00b7*\u2013-]\s+|\(?(?:\d{1,2}[a-z]?|[a-z]|[ivx]{1,4})[.)]\s+|\d{1,2}\.\d{1,2}\.?\s+"
    r"|[\u2022\u25cf\u25aa])(?=\S)",
    re.IGNORECASE,
)
BELOW_ACTION = frozenset({"note", "status", "timescale", "owners", "leads", "evidence"})
LONGEST_NAME_OF_FIELD, NAMES_A_FIELD, MAY_NAME_A_DATE = 30, 3.0, 2.5
MOST_LINES = 100  # of one cell that may be actions of their own
_LABEL = re.compile(r"\W{0,3}[^\W_]+(?:[ /&(),.'\u2019-]{1,2}[^\W_]+)*[ ).]{0,2}")
"""The words of a label: a text with quotation marks or signs before a colon is none."""
_IN_ONE_LINE = re.compile(r"(?:^|(?<=\s))\(?(?P<mark>\d{1,2}|[a-h])[.)]\s+(?=\S)")
MAY_DIFFER = frozenset({"note", "status", "evidence", "brag", "leads", "owners"})
"""Fields whose lines may be more or fewer than the actions: who leads the recommendation leads all of them."""
WITH_DATES = ("timescale", "revised_timescale")
PER_LINE = ("timescale", "revised_timescale", "owners", "leads", "status", "brag", "ref", "evidence", "note")


@dataclass(frozen=True)
class Part:
    """One action of a cell: its cells by field, and those that may not be its own."""

    cells: Mapping[str, Cell]
    doubtful: frozenset[str] = frozenset()


def marked_lines(cell: Cell) -> tuple[str, ...]:
    """The items of a cell whose lines begin with bullets or numbers, without these; none where it has no such list.

    A line without a mark, or with one of another kind than the first, goes on with the item above it: bullets below a
    number are its own. A line above the first item belongs to none, so it is no list.
    """
    lines = [line for line in cell.lines if visible(line.live)]
    if len(lines) == 1:
        return _in_one_line(lines[0].live.strip())
    items: list[str] = []
    kind = ""
    for line in lines:
        text = line.live.strip()
        typed = _MARK.match(text)
        if line.mark or line.level:
            items.append(text)
        elif typed and kind in ("", _kind_of(typed[0])):
            kind = _kind_of(typed[0])
            items.append(_MARK.sub("", text, count=1))
        elif items:
            items[-1] = f"{items[-1]}\n{text}"
        else:
            return ()
    return tuple(items) if len(items) > 1 else ()


def _kind_of(mark: str) -> str:
    """Return what a mark is: a bullet, a number, a number in two parts, or a letter."""
    sign = mark.strip(" ().")
    if not sign[:1].isalnum():
        return "bullet"
    return "letter" if sign.isalpha() else "number in parts" if "." in sign else "number"


def _in_one_line(text: str) -> tuple[str, ...]:
    """The items of "1) Appoint a manager 2) Write guidance"; none where the marks do not count on from the first."""
    matches = list(_IN_ONE_LINE.finditer(text))
    marks = [match["mark"] for match in matches]
    size = len(marks)
    if size < 2 or matches[0].start() or marks not in ([str(n + 1) for n in range(size)], list("abcdefgh"[:size])):
        return ()
    ends = [*(match.start() for match in matches[1:]), len(text)]
    return tuple(text[match.end() : end].strip(" ;,") for match, end in zip(matches, ends, strict=True))


def listed_lines(cell: Cell) -> tuple[str, ...]:
    """The things to do that a cell lists, with marks or without; none where it is one."""
    return marked_lines(cell) or plain_lines(cell)


def plain_lines(cell: Cell) -> tuple[str, ...]:
    """The lines of a cell without marks, each of which begins as an action of its own may; none where one does not."""
    texts = [line.live.strip() for line in cell.lines if visible(line.live)]
    if len(texts) < 2:
        return ()
    own = [text[0].isupper() and len(text.split()) > 1 and not before.endswith((",", ":", "-", " and", " or"))
           for before, text in zip(["", *texts[:-1]], texts, strict=True)]  # fmt: skip
    if not all(own) or sum(map(begins_an_action, texts)) < len(texts) / 2:
        return ()
    return tuple(texts)


def with_labelled_lines(cells: Mapping[str, Cell], near: date) -> dict[str, Cell]:
    """The cells of a row; lines such as "Latest: ..." below an action in its cell go to the field that they name.

    A field that has a cell of its own keeps it, and the line stays with the action, as does one with a label that we do
    not know; a note is added to the others.
    """
    lines = cells["action"].lines if "action" in cells else ()
    first = next((n for n, line in enumerate(lines) if n and _field_of(line, near)), None)
    if first is None or cells["action"].live.count("\n") > MOST_LINES:
        return dict(cells)
    changed = dict(cells)
    own: list[Line] = list(lines[:first])
    field = ""
    for line in lines[first:]:
        named = _field_of(line, near)
        field = named or ("" if _label_and_value(line) else field)
        if not field or (field != "note" and visible(cells.get(field, Cell()).live)):
            own.append(line)
            continue
        text = _label_and_value(line)[1] if named else line.live
        before = changed.get(field, Cell()).live
        changed[field] = Cell(f"{before}\n{text}".strip())
    changed["action"] = replace(cells["action"], text="\n".join(line.text for line in own).strip(), marked=tuple(own))
    return changed


def _field_of(line: Line, near: date) -> str:
    """The field of an action that the label of a line names; "" where it has none."""
    label, value = _label_and_value(line)
    weights = heading_evidence(label).weights if label else {}
    if not weights:
        return ""
    if weights.get("timescale", 0.0) >= MAY_NAME_A_DATE and _is_date(value, near):
        return "timescale"
    field = best_field(weights)
    return field if field in BELOW_ACTION and weights[field] >= NAMES_A_FIELD else ""


def _label_and_value(line: Line) -> tuple[str, str]:
    """The label of a line and what is behind its colon; two empty texts where it has none."""
    label, _, value = line.live.partition(":")
    short = len(label) <= LONGEST_NAME_OF_FIELD and label.strip()[:1].isupper() and bool(_LABEL.fullmatch(label))
    return (label.strip(), value.strip()) if short and visible(value) and not line.mark else ("", "")


def with_date_of_people(cells: Mapping[str, Cell], near: date) -> tuple[dict[str, Cell], bool]:
    """The cells of a row, and whether its date was taken from beside its people because it has no other."""
    if any(visible(cells[name].live) for name in WITH_DATES if name in cells):
        return dict(cells), False
    for name in ("owners", "leads"):
        parted = person_and_date(cells[name].live, near) if name in cells else None
        if parted and not cells[name].struck:
            return {**cells, name: Cell(parted[0]), "timescale": Cell(parted[1])}, True
    return dict(cells), False


_CONTINUED = re.compile(
    r"\s*[(\[]\s*(?:cont(?:inued|['\u2019]?d)?\.?)(?: (?:from|overleaf|on)\b[^()]*)?\s*[)\]]\.?"
    r"|\s+(?:[-\u2013\u2014]\s*cont(?:inued|['\u2019]?d)?\.?|cont['\u2019]d\.?|contd\.?|cont\.)",
    re.IGNORECASE,
)
_NUMBER_CONTINUED = re.compile(r"\s+cont(?:inued)?", re.IGNORECASE)


def without_continued(text: str, *, is_number: bool = False) -> str:
    """The text without the "(continued)" that is typed where a page break cuts it.

    The bare word is only left out behind a number: "the work must be continued" says what to do.
    """
    bare = text.rstrip()
    for pattern in (_CONTINUED, *([_NUMBER_CONTINUED] if is_number else [])):
        last = next((match for match in pattern.finditer(bare) if match.end() == len(bare) and match.start()), None)
        if last:
            return bare[: last.start()]
    return text


_DITTO = re.compile(
    r"(?:as above|as before|same as (?:above|before)|see above|ditto|do\.|[\u201c\u201d\u2033\u3003\"]+|'')\.?", re.I
)
AS_ABOVE = ("owners", "leads", "timescale", "revised_timescale", "status")


def is_ditto(cell: Cell) -> bool:
    """Return whether a cell only refers to the one above it."""
    return bool(_DITTO.fullmatch(visible(cell.live)))


def as_in_row_above(cells: Mapping[str, Cell], above: Mapping[str, Sequence[Cell]]) -> tuple[dict[str, Cell], set[str]]:
    """The cells of a row, and the fields whose "as above" or ditto sign gave way to the cell of the action above."""
    changed, replaced = dict(cells), set()
    for name in AS_ABOVE:
        before = [cell for cell in above.get(name, above.get("row lead", ()) if name == "leads" else ()) if cell.live]
        if name in cells and before and is_ditto(cells[name]):
            changed[name] = before[0]
            replaced.add(name)
    return changed, replaced


def several(action: Cell, beside: Mapping[str, Cell], near: date, *, dates_alone: bool = False) -> tuple[Part, ...]:
    """The actions of one cell with what is beside each; nothing if it is one action, or may be.

    Certain is: the action has items, or lines that each begin as one, and there are as many dates, owners or
    statuses beside it; what has one line belongs to each. Fewer lines of status than actions go line by line, in doubt.
    Where an item goes on in a line of its own, or with ``dates_alone``, only as many dates part them: two people may do
    one action of two steps.
    """
    if action.live.count("\n") > MOST_LINES:
        return ()
    marked = marked_lines(action)
    items = marked or plain_lines(action)
    if not items:
        return ()
    size = len(items)
    lines = {name: _lines(beside[name], size) for name in PER_LINE if name in beside}
    agree = [name for name, beside_each in lines.items() if len(beside_each) == size and any(beside_each)]
    dates = lines.get("timescale", [])
    if len(dates) == size and not marked and not all(_is_date(text, near) for text in dates):
        return ()
    whole = bool(marked) and size == sum(bool(visible(line.live)) for line in action.lines)
    if "timescale" not in agree and (
        dates_alone
        or (marked and not whole and action.live.count("\n"))
        or not ((marked and {"owners", "status"} & set(agree)) or len(agree) > 1)
    ):
        return ()
    if any(1 < len(beside_each) != size for name, beside_each in lines.items() if name not in MAY_DIFFER):
        return ()
    struck = {name: _struck_lines(beside[name], size) for name in WITH_DATES if name in beside}
    return tuple(_part(items, lines, n, struck) for n in range(size))


def _struck_lines(cell: Cell, size: int) -> tuple[Line, ...]:
    """The lines of a cell with what is struck out in each, without their marks; none where they are not one each."""
    lines = tuple(line for line in cell.lines if visible(line.text))
    return tuple(_without_mark(line) for line in lines) if len(lines) == size and cell.struck else ()


def _without_mark(line: Line) -> Line:
    typed = _MARK.match(line.text)
    if not typed:
        return line
    size = typed.end()
    struck = tuple((max(0, start - size), end - size) for start, end in line.struck if end > size)
    return replace(line, text=line.text[size:], struck=struck, bold=())


def _part(
    items: Sequence[str], lines: Mapping[str, Sequence[str]], n: int, whole: Mapping[str, Sequence[Line]]
) -> Part:
    size = len(items)
    cells, doubtful = {"action": Cell(items[n])}, set()
    for name, own_lines in lines.items():
        if not own_lines:
            continue
        if len(own_lines) == size:
            text = own_lines[n]
        elif len(own_lines) == 1:
            text = own_lines[0] if name != "ref" else own_lines[0] if n == 0 else ""
            if name in {"status", "note", "brag"}:
                doubtful.add(name)
        elif name in {"leads", "owners"}:
            text = "\n".join(own_lines)
            doubtful.add(name)
        else:
            text = own_lines[n] if n < len(own_lines) else ""
            doubtful.add(name)
        own = whole.get(name, ())
        cells[name] = Cell(own[n].text, marked=(own[n],)) if own else Cell(text)
    return Part(cells, frozenset(doubtful))


def _lines(cell: Cell, size: int) -> list[str]:
    items = marked_lines(cell)
    if items:
        return list(items)
    every = [line.strip() for line in cell.live.split("\n")]
    if len(every) == size:
        return every
    return [line for line in every if visible(line)]


def _is_date(text: str, near: date) -> bool:
    return read_timescale(text, near).kind not in {Timing.NOT_UNDERSTOOD, Timing.STAGES} or bool(
        re.fullmatch(r"tbc|tba|asap|immediate(?:ly)?", text.strip(" ."), re.IGNORECASE)
    )


def joined(lines: Sequence[Line]) -> str:
    """The words of lines, one below the other."""
    return "\n".join(line.live for line in lines)

"""Split a column that holds two fields, such as "Lead / deadline", if every row can be split."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.columns.traits import begins_an_action, names_a_day, traits
from ilacs_app.intake.reader.contents.document import EMPTY, Cell, visible
from ilacs_app.intake.reader.layout.matrix import Candidate
from ilacs_app.plan.parsing.statuses import read_brag, read_pace, read_status
from ilacs_app.plan.parsing.timescales import Timing, read_timescale

LONGEST_CELL = 240  # characters: who and when take fewer
SETTLED = 5.0
"""The evidence of a heading that settles that its column is beside the plan."""
LEAST_CELLS, SHARE_BY_HEADING, SHARE_BY_CELLS = 2, 0.7, 0.95
_JOINTS = re.compile(r"\n|;|,|\s[\u2010-\u2015-]\s|\s?/\s?|:\s|\s\(|\s+by\s+|\s\|\s")
_LABEL = r"[A-Z][A-Za-z' ]{1,24}:\s"
_END_STARTS = re.compile(
    rf"\s[(\[](?=[^()\[\]]*[)\]]\W*$)|(?<=[.;,])\s(?={_LABEL})|(?<=[a-z)]\.)\s(?=[A-Z])|\s[|\u2010-\u2015-]\s"
)
_BETWEEN = re.compile(rf"\s*[;|\n]\s*|[.,]\s+(?={_LABEL})|\.\s+(?=[A-Z0-9])|\s[\u2010-\u2015-]\s")
_BEFORE_DATE = re.compile(r"^(?:due(?: by| on)?|by|target|deadline|for)\s+(?:the\s+)?", re.IGNORECASE)
_LABELS = {
    "owners": "owner",
    "leads": "owner",
    "timescale": "when",
    "status": "status",
    "brag": "status",
    "note": "note",
}
LEAST_PIECES, LONGEST_LABEL_IN_A_LINE, LEAST_WEIGHT = 2, 25, 2.5
_DASHES = {"-", *map(chr, range(0x2010, 0x2016))}
LEAST_WORDS_OF_ACTION = 3
_STARTS = re.compile(r"(?:from|starting|beginning|since|w\.?e\.?f\.?) ", re.IGNORECASE)
_WHEN_ONLY = re.compile(r"tbc|tba|asap|immediate(?:ly)?|to be confirmed", re.IGNORECASE)


def owner_and_date(frame: Candidate, near: date) -> Candidate | None:
    """Return the frame with columns of "person, date" split in two; None if it has none."""
    for place in range(len(frame.headings)):
        parted = _parted(frame, place, near)
        if parted is not None:
            return parted
    return None


def _parted(frame: Candidate, place: int, near: date) -> Candidate | None:
    cells = [row.cell(place) for row in frame.rows if not row.cell(place).is_blank]
    if len(cells) < LEAST_CELLS:
        return None
    parts = {cell.live: part for cell in cells if (part := person_and_date(cell.live, near))}
    weights = heading_evidence(frame.headings[place]).weights
    both = weights.get("timescale", 0.0) >= 3 and max(weights.get("leads", 0.0), weights.get("owners", 0.0)) >= 3
    share = sum(cell.live in parts for cell in cells) / len(cells)
    if share < (SHARE_BY_HEADING if both else SHARE_BY_CELLS) or _is_beside_the_plan(weights):
        return None
    rows = []
    for row in frame.rows:
        text = row.cell(place).live
        person, when = parts.get(text, (text, ""))
        if text not in parts and "dates" in traits(text, near):
            person, when = "", text
        made = (Cell(person) if person else EMPTY, Cell(when) if when else EMPTY)
        over = {n + (n > place): cell for n, cell in row.over.items() if n != place}
        if place in row.over:
            above = person_and_date(row.over[place].live, near)
            if above:
                over |= {place: Cell(above[0]), place + 1: Cell(above[1])}
        rows.append(replace(row, cells=(*row.cells[:place], *made, *row.cells[place + 1 :]), over=over))
    heading, name = frame.headings[place], frame.names[place]
    headings = list(frame.column_evidence or frame.headings)
    remark = (
        f"{frame.head_at}, {name}",
        f"The column “{heading}” holds who and when together. We split them.",
        "Check them.",
    )
    return replace(
        frame,
        headings=(*frame.headings[: place + 1], heading, *frame.headings[place + 1 :]),
        names=(*frame.names[: place + 1], name, *frame.names[place + 1 :]),
        column_evidence=(
            *headings[:place],
            "Owner" if both else "",
            "Timescale" if both else "",
            *headings[place + 1 :],
        ),
        rows=tuple(rows),
        remarks=(*frame.remarks, remark),
    )


def _is_beside_the_plan(weights: Mapping[str, float]) -> bool:
    """Return whether a heading says neither who does an action nor by when: "Closed by (board, date)"."""
    return max(weights.get("other", 0.0), weights.get("done_on", 0.0)) >= max([SETTLED, *weights.values()])


def person_and_date(text: str, near: date) -> tuple[str, str] | None:
    """Split "Locality Manager, 31/10/2024" or "Care Manager (ongoing)" into who and when, or give None."""
    if len(text) > LONGEST_CELL:
        return None
    pairs = [
        (person, when)
        for left, right in _splits(text)
        for person, when in ((left, right), (right, left))
        if "persons" in traits(person, near) and not traits(person, near) & {"dates", "verbs"} and _is_when(when, near)
    ]
    return min(pairs, key=lambda pair: len(pair[1]), default=None)  # a longer date has a person in it


@dataclass(frozen=True)
class ActionLine:
    """A line that holds an action and, at its end, who does it, by when and how it stands."""

    action: str
    owner: str
    when: str
    status: str = ""
    note: str = ""


def action_and_end(text: str, near: date) -> ActionLine | None:
    """Split "Write a rota (Duty Manager) - May 2024" or "Write a rota - Duty Manager, by May 2024", or give None.

    Of several places where it could be split, the last bracket or dash counts, else the last of the others.
    """
    whole = visible(text)
    labelled = _labelled_end(whole, near)
    if labelled:
        return labelled
    made: list[tuple[bool, int, ActionLine]] = []
    for joint in _JOINTS.finditer(whole):
        action, end = whole[: joint.start()].strip(" ,;:-"), whole[joint.end() :].strip(" .,;:-")
        strong = joint.group().endswith("(") or joint.group().strip() in _DASHES
        if joint.group().endswith("("):
            end = end.replace(")", "", 1).replace("  ", " ")
        if len(action.split()) < LEAST_WORDS_OF_ACTION or not (strong or begins_an_action(action)):
            continue
        if parts := person_and_date(end, near) or _person_and_start(end, near):
            made.append((strong, joint.start(), ActionLine(action=action, owner=parts[0], when=parts[1])))
        elif strong and (parts := _person_and_status(end, near)):
            line = ActionLine(action=action, owner=parts[0], when="", status=parts[1])
            made.append((strong, joint.start(), line))
    return max(made, key=lambda each: each[:2])[2] if made else None


def _labelled_end(whole: str, near: date) -> ActionLine | None:
    """Split "Write a rota (Lead: Duty Manager; by May 2024; on track)": each part of the end says what it is.

    Returns None where one of them does not, or where neither names a person or a date.
    """
    for start in _END_STARTS.finditer(whole):
        action, end = whole[: start.start()].strip(" ,;:-"), whole[start.end() :].strip(" .;)]")
        pieces = [piece.strip() for piece in _BETWEEN.split(end) if piece.strip(" .")]
        if len(pieces) < LEAST_PIECES or len(action.split()) < LEAST_WORDS_OF_ACTION:
            continue
        read = [_piece(piece.rstrip("."), near) for piece in pieces]
        parts = dict(part for part in read if part)
        if len(parts) == len(pieces) and parts.keys() & {"owner", "when"}:
            return ActionLine(action=action, **{"owner": "", "when": "", **parts})
    return None


def _piece(text: str, near: date) -> tuple[str, str] | None:
    """Return what one part of the end of a line is, by its label or else by what it holds; None if neither tells."""
    label, colon, value = (part.strip() for part in text.partition(":"))
    if colon and value and len(label) <= LONGEST_LABEL_IN_A_LINE:
        weights = heading_evidence(label).weights
        if weights.get("timescale", 0.0) >= LEAST_WEIGHT and _is_when(value, near):
            return "when", value
        field = _LABELS.get(best_field(weights), "") if weights else ""
        return (field, value) if field and weights[best_field(weights)] >= LEAST_WEIGHT else None
    when = _BEFORE_DATE.sub("", text)
    if _is_when(when, near):
        return "when", when
    if read_status(text).status_text or read_pace(text) or read_brag(text):
        return "status", text
    return ("owner", text) if "persons" in traits(text, near) and "verbs" not in traits(text, near) else None


def _person_and_start(text: str, near: date) -> tuple[str, str] | None:
    """Split "Duty Manager, from May 2024" into who and since when, which is no day it is due; or give None."""
    for person, when in _splits(text):
        if "persons" in traits(person, near) and _STARTS.match(when) and names_a_day(when):
            return person, when
    return None


def _person_and_status(text: str, near: date) -> tuple[str, str] | None:
    """Split "Duty Manager, complete" into who and how far it is, or give None."""
    for person, status in _splits(text):
        if "persons" in traits(person, near) and "status" in traits(status, near):
            return person, status
    return None


def _splits(text: str) -> Iterator[tuple[str, str]]:
    whole = visible(text)
    for joint in _JOINTS.finditer(whole):
        left, right = whole[: joint.start()].strip(" ,;:-"), whole[joint.end() :].strip(" ,;:-")
        if joint.group().endswith("("):
            right = right.rstrip(")").strip()
        if left and right:
            yield left, right
    gap = re.search(r"\s(?=\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$)", whole)
    if gap:
        yield whole[: gap.start()], whole[gap.end() :]


def _is_when(text: str, near: date) -> bool:
    if "dates" in traits(text, near):
        return True
    kind = read_timescale(text, near).kind
    return kind not in {Timing.NOT_UNDERSTOOD, Timing.NONE} or bool(_WHEN_ONLY.fullmatch(text.strip(" .")))

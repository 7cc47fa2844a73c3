"""Tables with a column for each status or colour, one of which is ticked on each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from ilacs_app.intake.reader.contents.document import EMPTY, Cell, plain, visible
from ilacs_app.intake.reader.layout.matrix import Candidate, Line, is_status
from ilacs_app.plan.parsing.statuses import read_brag, read_pace

LEAST_STATES, LEAST_TICKED, MOST_DOUBLE = 2, 0.5, 0.2
"""The columns that make a set of states, and the share of rows with a tick in one of them, and in more than one."""
TICKS = frozenset("\u2713\u2714\u2611\u2612\u2705\u25cf\u2022\u25a0x\u00d71y*") | {"yes", "true"}
NOT_TICKED = frozenset("\u2610\u25cb0n-\u2013") | {"no", "false"}
Listed = TypeVar("Listed")
CROSSES = frozenset("\u2717\u2718\u274c")


def tick_columns(frame: Candidate) -> Candidate | None:
    """A table of ticks under "Not started", "In progress" and "Done" as one whose cells hold the words ticked."""
    groups, states = _states(frame.headings)
    places = [n for n, state in enumerate(states) if state]
    ticked = _ticked(frame, places)
    if ticked is None:
        return None
    first, rest = places[0], frozenset(places[1:])
    is_rating = all(read_brag(states[n]) for n in places)
    headings = list(frame.headings)
    headings[first] = groups[first] or headings[first]
    evidence = list(frame.column_evidence or frame.headings)
    evidence[first] = "RAG" if is_rating else "Status"
    twins = list(frame.twins or [()] * len(frame.headings))
    twins[first] = tuple((frame.headings[n], frame.names[n]) for n in places[1:])
    clear = not is_rating and all(
        len(own) == 1 for own, row in zip(ticked, frame.rows, strict=True) if len(row.filled) > 1
    )
    at = frame.head_at if clear else f"{frame.head_at}, {frame.names[first]}"
    return replace(
        frame,
        layout="a column for each status",
        headings=tuple(_without(headings, rest)),
        column_evidence=tuple(_without(evidence, rest)),
        twins=tuple(_without(twins, rest)),
        names=tuple(_without(frame.names, rest)),
        rows=tuple(
            _with_one_state(row, " / ".join(states[n] for n in own), places, len(frame.headings))
            for row, own in zip(frame.rows, ticked, strict=True)
        ),
        remarks=(*frame.remarks, _remark(at, len(places), is_rating=is_rating)),
    )


def _remark(at: str, size: int, *, is_rating: bool) -> tuple[str, str, str]:
    return (
        at,
        f"{size} columns each name a {'colour' if is_rating else 'status'}. We read the one that is ticked.",
        "Check it, and correct it where it is wrong.",
    )


def _ticked(frame: Candidate, places: Sequence[int]) -> list[list[int]] | None:
    """The places that are ticked on each row; None where the columns are no set of states of which one is ticked."""
    texts = [plain(row.cell(n).live) for row in frame.rows for n in places if not row.cell(n).is_blank]
    ticks = TICKS if any(text in TICKS for text in texts) else CROSSES
    if len(places) < LEAST_STATES or not all(text in TICKS | NOT_TICKED | CROSSES for text in texts):
        return None
    ticked = [[n for n in places if plain(row.cell(n).live) in ticks] for row in frame.rows]
    rows = [own for own, row in zip(ticked, frame.rows, strict=True) if len(row.filled) > 1]
    if not rows or sum(map(bool, rows)) < LEAST_TICKED * len(rows):
        return None
    return None if sum(len(own) > 1 for own in rows) > MOST_DOUBLE * len(rows) else ticked


def _with_one_state(row: Line, state: str, places: Sequence[int], width: int) -> Line:
    """A row with the words ticked in the first of the columns of states, and without the others."""
    first, rest = places[0], frozenset(places[1:])
    cells = [*row.cells, *[EMPTY] * (width - len(row.cells))]
    cells[first] = Cell(state)
    place_of = {n: at for at, n in enumerate(n for n in range(width) if n not in rest)}
    over = {place_of[n]: cell for n, cell in row.over.items() if n in place_of}
    return replace(row, cells=tuple(_without(cells, rest)), over=over)


def _states(headings: Sequence[str]) -> tuple[list[str], list[str]]:
    """The group and the status or colour that each heading names: "Status" and "In progress"; "" where it names none.

    A group is named over two columns and more.
    """
    parted: list[dict[str, str]] = []
    for heading in headings:
        parts = visible(heading).split()
        cuts = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(len(parts))]
        parted.append({group: state for group, state in cuts if _is_state(state)})
    times = Counter(group for parts in parted for group in parts)
    chosen = [next((group for group in parts if not group or times[group] > 1), None) for parts in parted]
    groups = [group or "" for group in chosen]
    return groups, ["" if group is None else parts[group] for group, parts in zip(chosen, parted, strict=True)]


def _is_state(heading: str) -> bool:
    return bool(heading) and (is_status(heading) or read_pace(heading) is not None or read_brag(heading) is not None)


def _without(values: Sequence[Listed], places: frozenset[int]) -> list[Listed]:
    return [value for n, value in enumerate(values) if n not in places]

"""What is no table of one action a row: labelled paragraphs, several actions in a cell, a list of initials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ilacs_app.intake.reader.headings import field_of
from ilacs_app.intake.reader.readers import Grid, GridRow
from ilacs_app.plan.plan_file import FURTHER_HEADINGS, HEADINGS

_LABEL = re.compile(
    r"(?P<label>[^:\n]{2,60}?)\s*(?P<number>\d{1,3}[a-z]?(?:\.\d{1,3})*)?\s*:\s*(?P<value>.*)", re.DOTALL
)
_MARK = re.compile(
    r"(?:[\u2022\u25cf\u25aa\u00b7*\u2013-]\s+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+)(?=\S)", re.IGNORECASE
)
_INITIALS = re.compile(r"[A-Z][A-Za-z]{0,1}[A-Z]{1,3}|[A-Z]{2,5}")
LEAST_INITIALS = 2


def labelled(grids: Sequence[Grid]) -> Grid | None:
    """A plan written as paragraphs ("Action 1.1: ...", "Lead: ..."), as the table that it could have been."""
    lines = [row for grid in grids if grid.is_text for row in grid.rows]
    rows: list[tuple[str, dict[str, str]]] = []
    field = ""
    for line in lines:
        match = _LABEL.fullmatch(line.cells[0])
        meant, how = field_of(match["label"]) if match else (None, "unknown")
        if match is None or meant is None or how == "guess":
            if field and rows:
                rows[-1][1][field] += f"\n{line.cells[0]}"
            continue
        field = meant
        begins = meant == "recommendation" or (meant == "action" and (not rows or "action" in rows[-1][1]))
        if begins or not rows or meant in rows[-1][1]:
            rows.append((line.at, {}))
        rows[-1][1][meant] = match["value"].strip()
        if meant == "recommendation" and match["number"]:
            rows[-1][1]["number"] = match["number"]
    found = {name for _, cells in rows for name in cells}
    names = [name for name in (*HEADINGS, *FURTHER_HEADINGS) if name in found]
    if not {"recommendation", "action"} <= set(names):
        return None
    words = {**HEADINGS, **FURTHER_HEADINGS}
    header = GridRow("the labels", tuple(words[name] for name in names))
    body = (GridRow(at, tuple(cells.get(name, "") for name in names)) for at, cells in rows)
    return Grid("text", (header, *body), columns_lettered=False)


def marked_lines(cell: str) -> tuple[str, ...]:
    """The lines of a cell that each begin with a bullet or a number, without it; none where one does not."""
    lines = [line.strip() for line in cell.split("\n") if line.strip()]
    if len(lines) < 2 or not all(_MARK.match(line) for line in lines):
        return ()
    return tuple(_MARK.sub("", line, count=1) for line in lines)


def side_by_side(cells: Mapping[str, str], fields: Sequence[str]) -> tuple[dict[str, str], ...]:
    """The actions of one cell with what stands beside each: split only where it is certain, else nothing.

    Certain is: each line of the action is marked, there are as many lines of timescale, and every other cell of
    ``fields`` has as many lines or none.
    """
    actions = marked_lines(cells.get("action", ""))
    parts: dict[str, list[str]] = {"action": list(actions)}
    for name in fields:
        lines = [line.strip() for line in cells.get(name, "").split("\n") if line.strip()]
        marked = marked_lines(cells.get(name, ""))
        parts[name] = list(marked) if marked else lines or [""] * len(actions)
    if not actions or not any(parts.get("timescale", [])) or any(len(p) != len(actions) for p in parts.values()):
        return ()
    return tuple({name: part[n] for name, part in parts.items()} for n in range(len(actions)))


def initials_of(grids: Sequence[Grid]) -> dict[str, str]:
    """What initials stand for, from tables of two columns whose rows are initials and words."""
    found: dict[str, str] = {}
    for grid in grids:
        pairs = list(_pairs(grid))
        known = [(short, words) for short, words in pairs if _INITIALS.fullmatch(short) and len(words) > len(short)]
        if len(known) >= LEAST_INITIALS and len(known) + 1 >= len(pairs):
            found.update((short, words) for short, words in known if short not in found)
    return found


def _pairs(grid: Grid) -> Iterator[tuple[str, str]]:
    for row in grid.rows:
        cells = [cell for cell in row.cells if cell]
        if len(cells) == 2:
            yield cells[0], cells[1]

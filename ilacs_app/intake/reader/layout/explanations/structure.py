"""How well the rows of a frame fit its layout, whatever its columns hold."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from ilacs_app.intake.reader.columns.assignment import Assignment
from ilacs_app.intake.reader.columns.headings import heading_evidence
from ilacs_app.intake.reader.columns.traits import begins_an_action, traits
from ilacs_app.intake.reader.layout.matrix import Candidate, labelled_pairs
from ilacs_app.intake.reader.layout.tables.numbers import numbered

BY_TURNS = 0.3
"""What is left of the doubt about lines across a table where they and full rows take turns from the first row on."""


MOSTLY_ACTIONS = 0.8


LEFT_OVER = 1.5
"""The penalty for each full row that a frame leaves above its headings."""


def stands_above(frame: Candidate) -> float:
    """Return how well what is above the rows tells recommendations apart: 0 if nothing does."""
    kinds: dict[str, set[str]] = {}
    for row in frame.rows:
        for context in row.context:
            if context.doubted:
                return 2.6
            if context.kind == "block" and heading_evidence(context.label).weights.get("recommendation", 0.0) >= 3:
                return 3.0
            kinds.setdefault(context.kind, set()).add(context.text)
    if "outline" in kinds:
        return 3.2
    if "across" in kinds:
        return 2.6
    texts = {text for kind in ("heading", "above", "paragraph") for text in kinds.get(kind, ())}
    return 1.5 if any(numbered(text).number or numbered(text).label for text in texts) else 0.0


def fit_of_rows(frame: Candidate, assignment: Assignment, above: float, near: date, left_over: int) -> float:
    fields = assignment.fields
    score = frame.quality + frame.bonus - 1.2 * left_over
    if "action" not in fields:
        return score - 8.0
    rows = [row for row in frame.rows if not row.is_blank]
    filled = sum(not row.seen(fields["action"]).is_blank for row in rows)
    score += 3.0 * filled / max(1, len(rows))
    score -= LEFT_OVER * _full_rows_above(frame)
    if "recommendation" not in fields:
        score += above
    if frame.layout == "rows across":
        score -= _doubt_across(frame, near)
    elif frame.layout == "table" and "recommendation" not in fields:
        score -= LEFT_OVER * min(2, max(_numbered_alone(frame), _named_alone(frame, fields["action"])))
    return score


def _numbered_alone(frame: Candidate) -> int:
    """Count the rows that hold nothing but a line such as "Priority 2: ...", which names the rows after it.

    A bare number does where it counts on from line to line and no fuller row has one in its place.
    """
    alone = [(row.filled[0], row.cells[row.filled[0]]) for row in frame.rows if len(row.filled) == 1]
    leading = [(place, numbered(cell.live)) for place, cell in alone]
    labelled = sum(bool(line.number and line.label) for _, line in leading)
    counted = [(place, int(line.number)) for place, line in leading if line.number.isdigit()]
    counts_on = len(counted) > 1 and all(b - a == 1 for (_, a), (_, b) in pairwise(counted))
    places = {place for place, _ in counted}
    fuller = [row.cell(place).live for row in frame.rows if len(row.filled) > 1 for place in places]
    return max(labelled, len(counted) * (counts_on and not any(numbered(text).number for text in fuller)))


def _named_alone(frame: Candidate, place: int) -> int:
    """Count the rows that hold nothing but an action's cell and read like no action, where those of full rows do.

    All of them count if the first row is one, or a line is above the headings: no author begins with an action of which
    nothing is known.
    """
    full = [row.cell(place).live for row in frame.rows if len(row.filled) > 2 and not row.cell(place).is_blank]
    alone = [row for row in frame.rows if row.filled == [place]]
    acting = sum(begins_an_action(text) for text in full) >= MOSTLY_ACTIONS * len(full)
    first = next((row for row in frame.rows if not row.is_blank), None)
    begun = first is not None and (first.filled == [place] or any(c.kind == "above" for c in first.context))
    other = sum(row.cell(place).columns > 1 or not begins_an_action(row.cell(place).live) for row in alone)
    return len(alone) if begun and len(full) > 1 else other if acting else 0


def _by_turns(frame: Candidate) -> bool:
    """Return whether every line across the table is followed by full rows, and the first row is such a line."""
    roles = [role.role for role in frame.roles if role.role in {"recommendation", "action"}]
    across = [n for n, role in enumerate(roles) if role == "recommendation"]
    if (
        not frame.head_rows
        or len(across) < 2
        or across[0]
        or across[-1] == len(roles) - 1
        or any(b - a == 1 for a, b in pairwise(across))
    ):
        return False
    sizes = sorted(len(row.filled) for row in frame.rows)
    return sizes[0] > 2 and sizes[0] >= 0.6 * sizes[-1]


def _full_rows_above(frame: Candidate) -> int:
    """Return how many rows above the headings are as full as those below: no title and no label is."""
    below = sorted(len(row.filled) for row in frame.rows)
    usual = below[len(below) // 2] if below else 0
    above = {role.index for role in frame.roles if role.role == "above"}
    rows = [row for row in frame.matrix.rows if row.index in above and not labelled_pairs(row)]
    return sum(len(row.filled) >= max(3, 0.7 * usual) for row in rows)


def _doubt_across(frame: Candidate, near: date) -> float:
    """Return the case against rows across the table as recommendations: they read like actions, or are most rows."""
    lines = {context.at: context for row in frame.rows for context in row.context if context.kind == "across"}
    if not lines:
        return 0.0
    verbs = sum(begins_an_action(numbered(line.text).text) for line in lines.values()) / len(lines)
    merged = sum(any(cell.columns > 1 for cell in line.cells) for line in lines.values()) / len(lines)
    counted = sum(bool(numbered(line.text, line.mark).number or numbered(line.text).label) for line in lines.values())
    dated = sum(bool(traits(line.text, near) & {"dates", "status", "rated"}) for line in lines.values()) / len(lines)
    plain_looking = 1 - max(merged, counted / len(lines))
    bold = sum(all(cell.bold for cell in line.cells if cell.text) for line in lines.values()) / len(lines)
    many = max(0.0, len(lines) / max(1, len(frame.rows)) - 1.0)
    factor = BY_TURNS if _by_turns(frame) else 1.0
    return factor * (
        1.5 * verbs * (1 - max(merged, counted / len(lines)))
        + 1.5 * plain_looking * (1 - bold)
        + 2.0 * min(1.5, many)
        + 3.0 * dated
    )

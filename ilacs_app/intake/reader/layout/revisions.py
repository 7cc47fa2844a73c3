"""Tables with several columns of revised dates: the last one that is filled in counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ilacs_app.intake.reader.columns.headings import best_field, heading_evidence
from ilacs_app.intake.reader.columns.traits import traits
from ilacs_app.intake.reader.contents.document import EMPTY, visible
from ilacs_app.intake.reader.layout.matrix import Candidate, Line

LEAST_REVISIONS, LEAST_OF_DATES = 2, 0.8
SAYS_REVISED, DATES = 3.0, frozenset({"timescale", "revised_timescale"})
NOW, EARLIER = "Revised date", "Previous revised date"


def last_revision(frame: Candidate, near: date) -> Candidate | None:
    """Return the table with each row's newest revised date in the last of these columns; None if it has not several.

    The earlier ones stay in the columns before it, so that none is lost.
    """
    places = [n for n, heading in enumerate(frame.headings) if _is_revision(heading) and _is_dated(frame, n, near)]
    if len(places) < LEAST_REVISIONS:
        return None
    last = places[-1]
    remark = (
        f"{frame.head_at}, {frame.names[last]}",
        f"{len(places)} columns are revised dates. We read the last one that is filled in, up to "
        f"“{frame.headings[last]}”.",
        "Check it, and correct it where it is wrong.",
    )
    evidence = list(frame.column_evidence or frame.headings)
    for n in places:
        evidence[n] = NOW if n == last else EARLIER
    rows = tuple(_moved(row, places) for row in frame.rows)
    return replace(frame, rows=rows, column_evidence=tuple(evidence), remarks=(*frame.remarks, remark))


def _is_revision(heading: str) -> bool:
    weights = heading_evidence(heading).weights
    return weights.get("revised_timescale", 0.0) >= SAYS_REVISED and best_field(weights) in DATES


def _is_dated(frame: Candidate, place: int, near: date) -> bool:
    texts = [visible(row.cell(place).live) for row in frame.rows if not row.cell(place).is_blank]
    return sum("dates" in traits(text, near) for text in texts) >= LEAST_OF_DATES * len(texts)


def _moved(row: Line, places: list[int]) -> Line:
    """Return a row whose last filled cell of those places is in the last of them."""
    filled = [n for n in places if not row.cell(n).is_blank]
    if not filled or filled[-1] == places[-1]:
        return row
    cells = [row.cell(n) for n in range(max(len(row.cells), places[-1] + 1))]
    cells[places[-1]], cells[filled[-1]] = cells[filled[-1]], EMPTY
    return replace(row, cells=tuple(cells))

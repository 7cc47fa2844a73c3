"""The table of a plan as a tagged PDF (PDF/UA-1), set by typst in a sans font of our own."""

from __future__ import annotations

import importlib.util
from typing import Any

from ilacs_app.reporting.export.coverage import settable
from ilacs_app.reporting.export.table import NO_TITLE, CannotWrite, Cover, Table
from ilacs_app.reporting.export.typesetting import pdf_apart

MISSING = "PDF needs the extra “pdf”. Install it with: pip install typst."


def available() -> bool:
    """Return whether typst is installed."""
    return importlib.util.find_spec("typst") is not None


def pdf_file(table: Table, cover: Cover) -> bytes:
    """The bytes of the PDF. The rows travel as data: no word of a plan is ever read as markup.

    A character that our fonts do not show is named in its place.

    Raises:
        CannotWrite: typst is not installed.
        NotSet: typst made none of it.
    """
    if not available():
        raise CannotWrite(MISSING)
    cover = cover.printable
    data: dict[str, Any] = {
        "title": settable(cover.title).strip() or NO_TITLE,
        "line": settable(cover.line),
        "key": [[settable(word), settable(means)] for word, means in cover.key],
        "headings": list(map(settable, table.headings)),
        "points": table.points,
        "shares": list(table.shares),
        "groups": [list(pair) for pair in table.groups],
        "whole": [at for at in range(len(table.columns)) if table.of_recommendation(at)],
        "rows": [list(map(settable, line.cells)) for line in table.lines],
    }
    return pdf_apart(data)

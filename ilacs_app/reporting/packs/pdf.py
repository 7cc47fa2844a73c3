"""A pack as a tagged PDF (PDF/UA-1) on A4, at 12 points or more."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ilacs_app.governance.packs.document import PackDocument
from ilacs_app.reporting.export.coverage import settable
from ilacs_app.reporting.export.typesetting import pdf_apart

_LAYOUT = Path(__file__).parent / "pdf_layout.typ"


def pack_pdf(document: PackDocument) -> bytes:
    """Return the bytes of the PDF. The texts travel as data: no word of a pack is ever read as markup.

    A character that our fonts do not show is named in its place.

    Raises:
        NotSet: typst made none of it.
    """
    head = {name: value for name, value in vars(document.head).items() if isinstance(value, str)}
    data = {
        "head": head | {"title": document.head.title, "foot": document.head.foot, "fixed": document.head.fixed},
        "sections": [asdict(section) for section in document.sections],
    }
    return pdf_apart(_settable(data), _LAYOUT)


def _settable(value: Any) -> Any:
    """Return the same data with each of its texts as our fonts can show it."""
    match value:
        case str():
            return settable(value)
        case list() | tuple():
            return [_settable(part) for part in value]
        case dict():
            return {name: _settable(part) for name, part in value.items()}
        case _:
            return value

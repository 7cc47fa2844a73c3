"""The forms in which a plan is printed, and one function that prints it in any of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from ilacs_app.reporting.export.excel import excel_file
from ilacs_app.reporting.export.pdf import available, pdf_file
from ilacs_app.reporting.export.published import published
from ilacs_app.reporting.export.queries import PlanExport
from ilacs_app.reporting.export.table import CannotWrite, Cover, Line, Table, csv_file, table_of
from ilacs_app.reporting.export.word import word_file
from ilacs_app.text import printable

LOG = logging.getLogger(__name__)
FORMATS: Mapping[str, str] = {
    "docx": "Word",
    "xlsx": "Excel",
    "csv": "CSV",
    "pdf": "PDF",
    "json": "JSON",
}
MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "json": "application/json",
}
_printing = BoundedSemaphore(2)  # of a process: a large Word file takes 100 MB while it is made
OWN_TEMPLATE = "plan.docx"
"""A council's own Word template, in its data folder."""


def formats_here() -> dict[str, str]:
    """The forms that this installation can print."""
    return {form: words for form, words in FORMATS.items() if form != "pdf" or available()}


def as_published(export: PlanExport, titles: Mapping[str, str]) -> PlanExport:
    """The same rows with role titles instead of names."""
    return replace(export, file=published(export.file, titles))


def printed(export: PlanExport, form: str, cover: Cover, *, data: Path) -> bytes:
    """The plan in one of ``FORMATS``. ``data`` is the data folder, where a council may keep its own Word template.

    Raises:
        CannotWrite: the plan cannot be written in this form, and the row that is to blame is named; or what makes it
            is not installed.
    """
    if form == "json":
        return (json.dumps(_printable(export.to_json()), ensure_ascii=False, indent=2) + "\n").encode()
    table = table_of(export.file)
    own = data / OWN_TEMPLATE
    writers: Mapping[str, Callable[[Table], bytes]] = {
        "csv": csv_file,
        "xlsx": lambda part: excel_file(part, cover),
        "docx": lambda part: word_file(part, cover, own.read_bytes() if own.is_file() else None),
        "pdf": lambda part: pdf_file(part, cover),
    }
    write = writers[form]
    try:
        with _printing:
            return write(table)
    except CannotWrite:
        raise
    except Exception as error:  # whatever a library makes of words that nobody has thought of
        LOG.exception("the plan cannot be printed as %s", form)
        what = _to_blame(table, write)
        raise CannotWrite(f"{what} cannot be printed as {FORMATS[form]}. Choose another format.") from error


def _to_blame(table: Table, write: Callable[[Table], bytes]) -> str:
    """Whose row cannot be written: the half that fails is halved again until one row is left."""
    lines: Sequence[Line] = table.lines
    while len(lines) > 1:
        middle = len(lines) // 2
        lines = next((half for half in (lines[:middle], lines[middle:]) if _fails(table, half, write)), ())
    return lines[0].of if lines and _fails(table, lines, write) else "This plan"


def _fails(table: Table, lines: Sequence[Line], write: Callable[[Table], bytes]) -> bool:
    try:
        write(replace(table, lines=tuple(replace(line, first=True) for line in lines)))
    except Exception:
        return True
    return False


def _printable(value: Any) -> Any:
    """The same JSON with every text of it as the other forms print it."""
    match value:
        case str():
            return printable(value)
        case list():
            return [_printable(one) for one in value]
        case dict():
            return {printable(name): _printable(one) for name, one in value.items()}
        case _:
            return value

"""The forms in which a plan is printed, and one function that prints it in any of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from ilacs_app.access import Actor
from ilacs_app.reporting.export.excel import excel_file
from ilacs_app.reporting.export.pdf import available, pdf_file
from ilacs_app.reporting.export.progress_report import progress_table
from ilacs_app.reporting.export.published import progress_published, published
from ilacs_app.reporting.export.queries import PlanExport, cover_of, plan_export, plan_progress, role_titles
from ilacs_app.reporting.export.table import CannotWrite, Cover, Table, TableLine, csv_file, table_of
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
PRINT_FORMS: Mapping[str, str] = {"plan": "The plan as published", "progress": "The progress report"}
REPORT_FORMATS = ("docx", "pdf", "xlsx")
"""The formats that come in both forms; CSV and JSON are always the plan as published (product rules, section 7)."""
LIST_FORMATS: Mapping[str, str] = {"xlsx": "Excel", "csv": "CSV"}
printing = BoundedSemaphore(2)  # of a process: a large Word file takes 100 MB while it is made
OWN_TEMPLATE = "plan.docx"
"""A council's own Word template, in its data folder."""


def formats_here() -> dict[str, str]:
    """The forms that this installation can print."""
    return {form: label for form, label in FORMATS.items() if form != "pdf" or available()}


@dataclass(frozen=True)
class PrintRequest:
    """What someone asks to have printed: a plan, or the part that one board governs, in a format and a form.

    ``role_titles``: job titles instead of names.
    """

    plan_slug: str
    file_format: str
    form: str = "plan"
    board_id: int | None = None
    board_name: str = ""
    role_titles: bool = False


def print_plan(actor: Actor, asked: PrintRequest, today: date, *, data: Path) -> bytes:
    """Return the file that was asked for, with exactly what this person may see; ``data`` is the data folder.

    Raises:
        NotKnown: there is no such plan, or they may not know of it.
        CannotWrite: as ``printed_table``.
    """
    slug, titles = asked.plan_slug, role_titles(asked.plan_slug) if asked.role_titles else {}
    cover = cover_of(actor, slug, today, board=asked.board_name, form=asked.form)
    if asked.form == "progress":
        lines = plan_progress(actor, slug, today, board_id=asked.board_id)
        if asked.role_titles:
            lines = progress_published(lines, titles)
        return printed_table(progress_table(lines), asked.file_format, cover, data=data)
    out = plan_export(actor, slug, today, board_id=asked.board_id)
    return printed(as_published(out, titles) if asked.role_titles else out, asked.file_format, cover, data=data)


def as_published(export: PlanExport, titles: Mapping[str, str]) -> PlanExport:
    """The same rows with role titles instead of names."""
    return replace(export, file=published(export.file, titles))


def printed(export: PlanExport, form: str, cover: Cover, *, data: Path) -> bytes:
    """The plan as published in one of ``FORMATS``; ``data`` as for ``printed_table``.

    Raises:
        CannotWrite: as ``printed_table``.
    """
    if form == "json":
        return (json.dumps(_printable(export.to_json()), ensure_ascii=False, indent=2) + "\n").encode()
    return printed_table(table_of(export.file), form, cover, data=data)


def printed_table(table: Table, form: str, cover: Cover, *, data: Path) -> bytes:
    """A table in one of ``FORMATS`` but JSON. ``data`` is the data folder, where a council may keep a Word template.

    Raises:
        CannotWrite: the table cannot be written in this format, and the row that is to blame is named; or what makes
            it is not installed.
    """
    own = data / OWN_TEMPLATE
    writers: Mapping[str, Callable[[Table], bytes]] = {
        "csv": csv_file,
        "xlsx": lambda part: excel_file(part, cover),
        "docx": lambda part: word_file(part, cover, own.read_bytes() if own.is_file() else None),
        "pdf": lambda part: pdf_file(part, cover),
    }
    write = writers[form]
    try:
        with printing:
            return write(table)
    except CannotWrite:
        raise
    except Exception as error:  # a library may raise anything for text that no one has thought of
        LOG.exception("the plan cannot be printed as %s", form)
        what = _to_blame(table, write)
        raise CannotWrite(f"{what} cannot be printed as {FORMATS[form]}. Choose another format.") from error


def _to_blame(table: Table, write: Callable[[Table], bytes]) -> str:
    """Return whose row cannot be written: the half that fails is halved again until one row is left."""
    lines: Sequence[TableLine] = table.lines
    while len(lines) > 1:
        middle = len(lines) // 2
        lines = next((half for half in (lines[:middle], lines[middle:]) if _fails(table, half, write)), ())
    return lines[0].of if lines and _fails(table, lines, write) else "This plan"


def _fails(table: Table, lines: Sequence[TableLine], write: Callable[[Table], bytes]) -> bool:
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
            return [_printable(item) for item in value]
        case dict():
            return {printable(name): _printable(item) for name, item in value.items()}
        case _:
            return value

"""The forms in which a plan is printed, and one function that prints it in any of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from .pdf import available, pdf_file
from .published import published
from .queries import PlanExport
from .table import table_of
from .writers import Cover, csv_file, excel_file, word_file

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
        CannotWrite: the plan does not fit into this form, or what makes it is not installed.
    """
    if form == "json":
        return (json.dumps(export.to_json(), ensure_ascii=False, indent=2) + "\n").encode()
    table = table_of(export.file)
    own = data / OWN_TEMPLATE
    writers: Mapping[str, Callable[[], bytes]] = {
        "csv": lambda: csv_file(table),
        "xlsx": lambda: excel_file(table, cover),
        "docx": lambda: word_file(table, cover, own.read_bytes() if own.is_file() else None),
        "pdf": lambda: pdf_file(table, cover),
    }
    return writers[form]()

"""The one way from a plan file to its neutral document."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from ilacs_app.intake.reader.contents.delimited import NeverClosed, NotText, read_csv
from ilacs_app.intake.reader.contents.document import Document, visible
from ilacs_app.intake.reader.contents.excel.old import read_old_excel
from ilacs_app.intake.reader.contents.excel.reader import read_excel
from ilacs_app.intake.reader.contents.excel.sheet import TooLarge
from ilacs_app.intake.reader.contents.opendocument.reader import Protected, media_type_of, read_open_document
from ilacs_app.intake.reader.contents.package import Package, Unreadable
from ilacs_app.intake.reader.contents.refusal import (
    EXTENSIONS,
    NotAPlan,
    another_kind,
    check_kind,
    damaged,
    extension_inside,
    no_package,
    protected,
)
from ilacs_app.intake.reader.contents.word.reader import read_word

_LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes
_MEDIA = {
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument spreadsheet",
}
_KINDS = {
    "word": "Word document",
    "excel": "Excel workbook",
    "csv": "CSV file",
    "writer": "OpenDocument text",
    "calc": "OpenDocument spreadsheet",
}
_ROOTS = {"document": "Word document", "workbook": "Excel workbook", "presentation": "PowerPoint presentation"}


def read_document(path: Path) -> Document:
    """Read a docx, xlsx or csv file.

    A file that someone else made goes through `check_limits` first, and is read in a process of its own.

    Raises:
        NotAPlan: the file is missing, empty, damaged, protected or of a kind that we do not read.
    """
    check_kind(path)
    extension = extension_inside(path)
    if extension == ".csv":
        return _as_it_is(_read_csv(path), path)
    return _read_old_excel(path) if extension == ".xls" else _as_it_is(_read_package(path, extension), path)


def _as_it_is(document: Document, path: Path) -> Document:
    """The document of a file, with a remark where its name says that it is another kind."""
    extension, called = path.suffix.lower(), _KINDS[document.kind]
    if called == EXTENSIONS[extension][1]:
        return document
    kind = f"{'an' if called[0] in 'AEIO' else 'a'} {called}"
    says = f"Its name ends in {extension}, but the file is {kind}, so we read it as that."
    return replace(document, remarks=(*document.remarks, says))


def _read_csv(path: Path) -> Document:
    data = path.read_bytes()
    if data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise _no_text(path.name)
    try:
        document = read_csv(data, path.name)
    except NotText as error:
        raise _no_text(path.name) from error
    except NeverClosed as error:
        raise NotAPlan(f"{path.name} has a quotation mark that is never closed: save it as CSV again.") from error
    cells = (cell for grid in document.grids for row in grid.rows for cell in row.cells)
    if not any(visible(cell.text).strip(",;|\t") for cell in cells):
        raise NotAPlan(f"{path.name} is empty: save the plan again and check that it holds the table.")
    return document


def _no_text(name: str) -> NotAPlan:
    return NotAPlan(f"{name} is not a text file inside: open it in Excel and save it as CSV UTF-8.")


def _read_old_excel(path: Path) -> Document:
    refusal = no_package(path)
    if refusal:
        raise refusal
    try:
        return read_old_excel(path.read_bytes(), path.name)
    except TooLarge as error:
        raise _too_large(path.name, error) from error
    except Exception as error:  # a damaged file may raise anything in the library; the answer is the same
        raise (protected if "encrypted" in str(error) else damaged)(path.name, ".xls") from error


def _too_large(name: str, error: TooLarge) -> NotAPlan:
    return NotAPlan(
        f"{name} has a sheet that reaches to row {error}: delete the empty rows and columns round its table."
    )


def _read_package(path: Path, extension: str) -> Document:
    refusal = no_package(path)
    if refusal:
        raise refusal
    try:
        with Package.open(path) as package:
            if sum(entry.file_size for entry in package.archive.infolist()) > _LARGEST_UNPACKED:
                raise NotAPlan(f"{path.name} is too large when unpacked: remove its pictures and save it again.")
            inside = _kind_inside(package)
            if inside == "Word document":
                return read_word(package, path.name)
            if inside == "Excel workbook":
                return read_excel(package, path.name)
            if inside in {"OpenDocument text", "OpenDocument spreadsheet"}:
                return read_open_document(package, path.name)
            raise another_kind(path.name, path.suffix.lower())
    except NotAPlan:
        raise
    except TooLarge as error:
        raise _too_large(path.name, error) from error
    except Protected as error:
        raise protected(path.name, extension) from error
    except (zipfile.BadZipFile, Unreadable, OSError, EOFError, NotImplementedError) as error:
        raise damaged(path.name, extension) from error
    except Exception as error:  # a damaged file may raise anything in a library; the answer is the same
        raise damaged(path.name, extension) from error


def _kind_inside(package: Package) -> str:
    """Return what the package holds ("Word document", ...), by its own type or the root of its main part."""
    media = media_type_of(package)
    if media:
        return _MEDIA.get(media.removesuffix("-template"), "")
    root = package.xml(package.main)
    return _ROOTS.get(str(root.tag).rpartition("}")[2], "")

"""Why a file cannot be read as a plan, in a sentence that names the real cause and the step that helps."""

from __future__ import annotations

from pathlib import Path

from ilacs_app.files.archives import LARGEST_FILE
from ilacs_app.intake.reader.contents.excel.old import can_read

EXTENSIONS = {
    ".docx": ("Word", "Word document"),
    ".xlsx": ("Excel", "Excel workbook"),
    ".csv": ("Excel", "CSV file"),
    ".odt": ("LibreOffice", "OpenDocument text"),
    ".ods": ("LibreOffice", "OpenDocument spreadsheet"),
    ".xls": ("Excel", "Excel 97–2003 workbook"),
}
"""The kinds of file that are read, each with the program that makes it and what it is called."""
_OLDER = {".doc": ".docx", ".dot": ".docx", ".rtf": ".docx", ".xls": ".xlsx", ".xlt": ".xlsx"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_STREAMS = (("EncryptedPackage", "password"), ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))


class NotAPlan(ValueError):
    """The file cannot be read as a plan; the message is one sentence for its reader, with what to do."""


def check_kind(path: Path) -> None:
    """Check that a file exists, is not empty and is of a kind that we read, by its name.

    Raises:
        NotAPlan: it is not.
    """
    name, extension = path.name, path.suffix.lower()
    if not path.is_file():
        raise NotAPlan(f"There is no file {name}: check its name and folder.")
    if extension in _OLDER and not (extension == ".xls" and can_read()):
        raise NotAPlan(f"{name} is in an older format: open it in Office, save it as {_OLDER[extension]}, try again.")
    if extension not in EXTENSIONS:
        raise NotAPlan(f"{name} is not a kind of file we read: save the plan as .docx, .xlsx or .csv.")
    if path.stat().st_size == 0:
        raise NotAPlan(f"{name} is empty: save the plan again and check that the file has a size.")


def damaged(name: str, extension: str) -> NotAPlan:
    """A file that is broken or ends too early."""
    return NotAPlan(
        f"{name} is damaged or only half saved: open it in {EXTENSIONS[extension][0]}, save it again and try once more."
    )


def another_kind(name: str, extension: str, inside: str) -> NotAPlan:
    """A package that holds something else than its name says."""
    kind = EXTENSIONS[extension][1]
    for other, (_, called) in EXTENSIONS.items():
        if called == inside:
            return NotAPlan(
                f"{name} is no {kind} inside but {'an' if called[0] in 'AEIO' else 'a'} {called}: "
                f"change its name to end in {other} and try again."
            )
    return NotAPlan(f"{name} is no {kind} inside: save the plan as {extension} from {EXTENSIONS[extension][0]}.")


def protected(name: str, extension: str) -> NotAPlan:
    """A file that is protected by a password."""
    program = EXTENSIONS[extension][0]
    return NotAPlan(
        f"{name} is protected by a password: open it in {program}, remove the password, save it and try again."
    )


def no_package(path: Path) -> NotAPlan | None:
    """Say why a file is no Word or Excel package, judging by its first bytes; None if it is one."""
    name, extension = path.name, path.suffix.lower()
    program = EXTENSIONS[extension][0]
    with path.open("rb") as file:
        head = file.read(1024)
        whole = head + file.read(LARGEST_FILE) if head.startswith(_OLE) else b""
    if whole:
        kind = next((kind for stream, kind in _STREAMS if stream.encode("utf-16-le") in whole), "")
        if kind == "password":
            return protected(name, extension)
        if kind == extension.removeprefix("."):
            return None
        if kind:
            called = {"doc": "a Word 97–2003 document", "xls": "an Excel 97–2003 workbook"}[kind]
            return NotAPlan(
                f"{name} is {called} inside: open it in Office, save it as {_OLDER[f'.{kind}']} and try again."
            )
        return NotAPlan(
            f"{name} is protected by a password or in an older format: open it in {program}, remove the password "
            f"and save it as {extension}."
        )
    for start, called, step in _LOOKS_LIKE:
        if head.lstrip().lower().startswith(start):
            return NotAPlan(f"{name} is {called} inside: {step.format(extension=extension, program=program)}.")
    return None


_LOOKS_LIKE = (
    (b"%pdf", "a PDF", "open the file that it was made from and save that as {extension}"),
    (b"{\\rtf", "a rich text (RTF) file", "open it in Word and save it as .docx"),
    (b"<html", "a web page", "open it in {program} and save it as {extension}"),
    (b"<!doctype html", "a web page", "open it in {program} and save it as {extension}"),
)

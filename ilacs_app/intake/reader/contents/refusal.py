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
_PACKAGES = frozenset({".docx", ".xlsx", ".odt", ".ods"})
_PACKAGE, _HEAD = b"PK\x03\x04", 4096
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


def extension_inside(path: Path) -> str:
    """Return the extension that fits what a file is by its first bytes; its own where they do not tell.

    Lists exported from other programs are often text in a file called .xls or .xlsx, and a copy of a plan may have
    lost the ending of its name. What a package holds is looked at when it is opened.
    """
    own = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_PACKAGE):
        return own if own in _PACKAGES else ".xlsx"
    if (
        own == ".csv"
        or head.startswith(_OLE)
        or any(head.lstrip().lower().startswith(start) for start, *_ in _LOOKS_LIKE)
    ):
        return own
    return ".csv" if _is_table_of_text(head) else own


def _is_table_of_text(head: bytes) -> bool:
    """Return whether bytes are lines of text with commas, semicolons, tabs or bars between cells."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    if any(byte < 32 and byte not in b"\t\n\r" for byte in head) or b"\n" not in head.replace(b"\r", b"\n"):
        return False
    first = head.replace(b"\r", b"\n").split(b"\n", 1)[0]
    return any(mark in first for mark in (b",", b";", b"\t", b"|"))


def damaged(name: str, extension: str) -> NotAPlan:
    """A file that is broken or ends too early."""
    return NotAPlan(
        f"{name} is damaged or only half saved: open it in {EXTENSIONS[extension][0]}, save it again and try once more."
    )


def another_kind(name: str, extension: str) -> NotAPlan:
    """A package that holds something else than its name says, and nothing that we read."""
    program, kind = EXTENSIONS.get(extension, EXTENSIONS[".xlsx"])
    return NotAPlan(f"{name} is no {kind} inside: save the plan as {extension} from {program}.")


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

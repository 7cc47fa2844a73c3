"""Which files may be evidence: a short list, held by name *and* by content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePath

import filetype

LARGEST = 25 * 1024 * 1024  # bytes
HEAD = 8192

_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": _OFFICE + "wordprocessingml.document",
    "xlsx": _OFFICE + "spreadsheetml.sheet",
    "pptx": _OFFICE + "presentationml.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "heic": "image/heic",
    "msg": "application/vnd.ms-outlook",
    "eml": "message/rfc822",
}
ACCEPT = ",".join(f".{ending}" for ending in MEDIA_TYPES)
_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ACTIVE = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php")

ALLOWED = "Choose a PDF, Word, Excel, PowerPoint, CSV, text, picture (png, jpg, heic) or mail (msg, eml) file."


class WrongFile(ValueError):
    """The file may not be evidence; the message says why and what to do."""


def safe_name(name: str) -> str:
    """The file's own name without any folder and control signs, at most 120 signs."""
    plain = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable()).strip()
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 119 - len(ending)]}{dot}{ending}" if dot else plain[:120]


def media_type(name: str, data: bytes) -> str:
    """The media type of a file that may be evidence.

    Raises:
        WrongFile: too large, empty, not on the list, or not what its name says.
    """
    if not data:
        raise WrongFile("This file is empty. Choose the file again.")
    if len(data) > LARGEST:
        raise WrongFile("This file is larger than 25 MB. Make it smaller, or give a link to it.")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in MEDIA_TYPES:
        raise WrongFile(f"Files of this kind cannot be evidence. {ALLOWED}")
    if not _is_what_it_says(ending, data):
        raise WrongFile(f"This file is not what its name says ({ending}). Save it again in that format.")
    return MEDIA_TYPES[ending]


def _is_what_it_says(ending: str, data: bytes) -> bool:
    if ending in _PARTS:
        return _is_office(ending, data)
    if ending in {"csv", "txt", "eml"}:
        return _is_text(data)
    if ending == "msg":
        return data.startswith(_OLE)
    guess = filetype.guess(data[:HEAD])
    found = guess.extension if guess else ""
    return bool(found == ending or (found == "jpg" and ending == "jpeg"))


def _is_office(ending: str, data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    if any("vbaproject" in name.lower() for name in names):
        raise WrongFile("This file holds macros. Save it without macros, then add it.")
    return "[Content_Types].xml" in names and any(name.startswith(_PARTS[ending]) for name in names)


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if any(sign in head for sign in _ACTIVE):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return all(byte >= 32 or byte in (9, 10, 13) for byte in data[:HEAD])
    return True

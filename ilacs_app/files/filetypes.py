"""Which files may be evidence: a short list, held by name *and* by content.

Whatever passes is given out as a download that runs nothing; this list keeps out what would do harm once it is opened
on someone's own machine. Files are read in pieces.
"""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import IO

import filetype

from ilacs_app.files.archives import LARGEST_FILE, LARGEST_FILE_WORDS, MACRO_PARTS, directory_of, leaves_its_folder
from ilacs_app.files.reaching import reaches_out
from ilacs_app.files.store import pieces
from ilacs_app.text import short_name

_LONGEST_NAME = 120
LONGEST_NAME_ON_DISK = 200  # bytes; most systems take 255, and some of our names have a number before them
HEAD = 8192
WORDS_OF = 256 * 1024
MOST_PARTS = 5_000
_LARGEST_DIRECTORY = 1024 * 1024  # bytes, as is every size here
_LARGEST_UNPACKED = 500 * 1024 * 1024
TIGHTEST = 200  # times the packed size; sheets that repeat the same words reach a hundred

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA_TYPES: Mapping[str, str] = {
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
ACCEPT = ",".join(f".{ending}" for ending in _MEDIA_TYPES)
_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_WITH_MACROS = {"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm"}
_OLD_OFFICE = {"doc": "docx", "xls": "xlsx", "ppt": "pptx"}
_ARCHIVES = {"zip", "rar", "7z", "gz", "tgz", "tar", "bz2", "xz", "iso", "cab", "jar"}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a file with a password: MS-OFFCRYPTO, 2.3.4.4
_BEFORE_PDF = 1024  # bytes that may be before its head: ISO 32000-1, annex H.3.4.1
_HEVC = {b"heic", b"heix", b"heim", b"heis"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OF_A_MESSAGE = "__properties_version1.0".encode("utf-16-le")
_OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_ACTIVE = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"<?xml")
_ACTIVE_X = re.compile(r"(^|/)activex/", re.I)
_HARMFUL = re.compile(
    r"\.(exe|dll|com|scr|pif|msi|bat|cmd|ps1|vbs?|vbe|jse?|wsf|hta|lnk|jar|sh|app|html?|xhtml|zip|rar|7z|gz|iso)$", re.I
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HEADER = re.compile(rb"(from |return-path:|received:|x-[\w-]+:|[a-z-]+:)", re.I)
_MACROS = "This file has macros. Save it without macros, then add it again."
_EMBEDDED = "This file has a program or another archive in it. Remove what is embedded, then add it again."

ALLOWED = "Choose a PDF, Word, Excel, PowerPoint, CSV, text, picture (png, jpg, heic) or mail (msg, eml) file."


class WrongFile(ValueError):
    """The file may not be evidence; the message says why and what to do."""


def safe_name(name: str) -> str:
    """The file's own name without folder or invisible characters, at most 120 characters and 200 bytes.

    Characters that reverse the direction of text are removed too, so that ``fdp.exe`` can never read ``exe.pdf``.
    """
    plain = "".join(sign for sign in PurePath(name.replace("\\", "/")).name if sign.isprintable()).strip()
    return short_name(plain, _LONGEST_NAME, LONGEST_NAME_ON_DISK)


def media_type(name: str, file: IO[bytes]) -> str:
    """The media type of a file that may be evidence. Leaves the file at its first byte.

    Raises:
        WrongFile: too large, empty, not on the list, not what its name says, or holding what may run.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise WrongFile("This file is empty. Choose the file again.")
    if size > LARGEST_FILE:
        raise WrongFile(f"This file is larger than {LARGEST_FILE_WORDS}. Make it smaller, or give a link to it.")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in _MEDIA_TYPES:
        raise WrongFile(_why_not(ending))
    try:
        is_valid = _is_what_it_says(ending, file, size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        if isinstance(error, WrongFile):
            raise
        is_valid = False
    if not is_valid:
        raise WrongFile(f"This is not a {ending} file. Save it as {ending} and upload it again.")
    file.seek(0)
    return _MEDIA_TYPES[ending]


def first_words(name: str, file: IO[bytes]) -> str:
    """Return the first words of a text, CSV or mail file; nothing for others. Leaves it at its first byte."""
    if name.rpartition(".")[2].lower() not in {"csv", "txt", "eml"}:
        return ""
    file.seek(0)
    head = file.read(WORDS_OF)
    file.seek(0)
    text = head.decode("utf-16" if head.startswith(_UTF16) else "utf-8", errors="replace")
    return re.sub("[,;]", " ", text)


def _why_not(ending: str) -> str:
    if ending in _WITH_MACROS:
        return "Files of this kind cannot be evidence: they may hold macros. Save it without macros, then add it."
    if ending in _OLD_OFFICE:
        return f"Files of this kind cannot be evidence. Save it as {_OLD_OFFICE[ending]}, then add it."
    if ending in _ARCHIVES:
        return "Files of this kind cannot be evidence: they hold other files. Unpack it and add those."
    return f"Files of this kind cannot be evidence. {ALLOWED}"


def _is_what_it_says(ending: str, file: IO[bytes], size: int) -> bool:
    head = file.read(HEAD)
    if ending in _PARTS and head.startswith(_OLE):
        raise WrongFile(_why_old(ending, file))
    if ending in _PARTS:
        return head.startswith(b"PK\x03\x04") and _is_office(ending, file, size)
    if ending in {"csv", "txt"}:
        return not _holds_active(head) and not head.startswith(b"#!") and _is_text(file, head)
    if ending == "eml":
        return bool(_HEADER.match(head)) and b":" in head[:1000] and _is_text(file, head)
    if ending == "msg":
        return head.startswith(_OLE) and _is_message(file)
    guess = filetype.guess(head)
    kind = "heic" if _is_heic(head) else guess.extension if guess else _late_pdf(head)
    if kind != ending and (kind, ending) != ("jpg", "jpeg"):
        return False
    if _holds_active(head[:1024]):
        raise WrongFile("This file holds a web page as well. Save it again in one format, then add it.")
    if directory_of(file, size):
        raise WrongFile("This file holds an archive as well. Save it again in one format, then add it.")
    return True


def _why_old(ending: str, file: IO[bytes]) -> str:
    """Return why a file of today's Office is a container of the old kind: it has a password, or was only renamed."""
    if _holds(file, _ENCRYPTED):
        return "This file is protected by a password. Remove the password in Office, then add it."
    return f"This file is in an older format of Office. Save it as {ending} from Office, then add it."


def _holds(file: IO[bytes], sign: bytes) -> bool:
    file.seek(0)
    tail = b""
    for piece in pieces(file):
        if sign in tail + piece:
            return True
        tail = piece[-len(sign) :]
    return False


def _late_pdf(head: bytes) -> str:
    """``pdf`` where its mark is a little later than at the first byte, as every reader takes it; else nothing."""
    begins = b"%PDF-" in head[: _BEFORE_PDF + len(b"%PDF-")]
    return "pdf" if begins and not head.startswith(_PROGRAMS) else ""


def _is_heic(head: bytes) -> bool:
    """Return whether one of the brands at the head of the file is that of an HEVC picture (ISO 23008-12, annex B)."""
    longest = min(int.from_bytes(head[:4], "big"), 200)
    brands = {head[at : at + 4] for at in (8, *range(16, longest, 4))}
    return head[4:8] == b"ftyp" and not brands.isdisjoint(_HEVC)


def _is_office(ending: str, file: IO[bytes], size: int) -> bool:
    """Return whether the archive is a file of Office; its directory is looked at before a library reads it whole."""
    directory = directory_of(file, size)
    if directory is None:
        return False
    if directory.entries > MOST_PARTS or directory.size > _LARGEST_DIRECTORY:
        raise WrongFile("This file holds far more parts than Office writes. Save it again from Office.")
    with zipfile.ZipFile(file) as packed:
        return _parts_are_office(ending, packed, size)


def _parts_are_office(ending: str, packed: zipfile.ZipFile, size: int) -> bool:
    parts = packed.infolist()
    names = {part.filename for part in parts}
    if any(MACRO_PARTS.search(name) or _ACTIVE_X.search(name) for name in names):
        raise WrongFile(_MACROS)
    if any(_HARMFUL.search(part.orig_filename) or "\0" in part.orig_filename for part in parts):
        raise WrongFile(_EMBEDDED)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _LARGEST_UNPACKED or unpacked > TIGHTEST * size:
        raise WrongFile("The file is too big once it is opened. Save a smaller copy.")
    is_office = "[Content_Types].xml" in names and any(name.startswith(_PARTS[ending]) for name in names)
    if any(map(leaves_its_folder, names)) or not is_office:
        return False
    if any(part.flag_bits & 1 for part in parts):
        raise WrongFile("This file has a password. Remove the password, then add it again.")
    _check_contents(packed, parts)
    return True


def _check_contents(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Go on only where no part of an Office file runs or fetches anything.

    Raises:
        WrongFile: it holds macros, a program or an archive, or reaches out of itself.
    """
    if b"macroenabled" in _beginning(packed, "[Content_Types].xml", _LARGEST_DIRECTORY).lower():
        raise WrongFile(_MACROS)
    if any(_beginning(packed, part.filename, 4).startswith(_PROGRAMS) for part in parts):
        raise WrongFile(_EMBEDDED)
    reason = next(filter(None, (reaches_out(packed, part) for part in parts)), None)
    if reason:
        raise WrongFile(reason)


def _beginning(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    with packed.open(name) as part:
        return part.read(most)


def _is_message(file: IO[bytes]) -> bool:
    """Return whether the file has what every message of Outlook has; other files have the same first bytes."""
    file.seek(0)
    is_message, tail = False, b""
    for piece in pieces(file):
        seen = tail + piece
        if _OLE_MACROS in seen:
            raise WrongFile(_MACROS)
        is_message = is_message or _OF_A_MESSAGE in seen
        tail = piece[-len(_OF_A_MESSAGE) :]
    return is_message


def _holds_active(head: bytes) -> bool:
    low = head.lower()
    return any(sign in low for sign in _ACTIVE)


def _is_text(file: IO[bytes], head: bytes) -> bool:
    """Return whether all of it is text: UTF-8, UTF-16 with its mark, or one byte a character, no control characters."""
    if head.startswith(_UTF16):
        return not _holds_active(head.replace(b"\0", b"")) and _decodes(file, "utf-16")
    return _decodes(file, "utf-8") or _decodes(file, "latin-1")


_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces(file):
            if _CONTROL.search(decoder.decode(piece)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True

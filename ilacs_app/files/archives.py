"""What can be told of a zip archive before a library reads it: its directory, and the names of its parts."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

LARGEST_FILE = 25 * 1024 * 1024
"""How large a file of evidence or of a plan may be, in bytes; templates and upload.js are told by this."""
LARGEST_FILE_WORDS = f"{LARGEST_FILE // 1024**2}MB"

MACRO_PARTS = re.compile(r"vbaproject|(^|/)macrosheets/", re.IGNORECASE)
_END = struct.Struct("<4s4x2H2L2x")  # the end of an archive's directory: PKZIP's note, section 4.3.16
_MARK = b"PK\x05\x06"
_MARK_OF_64_BITS = b"PK\x06\x07"
_BEFORE_64_BITS = 20  # bytes of the record that is before the end of a directory with 64-bit sizes
_LONGEST_COMMENT = 0xFFFF


@dataclass(frozen=True)
class Directory:
    """The directory of an archive, as its last record says; sizes and places are in bytes."""

    entries: int
    size: int
    starts: int
    ends: int
    """Where the last record begins, which is where the directory should end."""
    has_comment: bool
    has_64_bits: bool

    @property
    def is_whole(self) -> bool:
        """Whether the directory is all that is before the last record, and nothing follows it."""
        return self.starts + self.size == self.ends and not (self.has_comment or self.has_64_bits)


def directory_of(file: IO[bytes], size: int) -> Directory | None:
    """Return the directory of the archive that a file of this size ends with, or None if it ends with none.

    If there are several such records, libraries use the last one whose comment ends with the file.
    """
    read = min(size, _END.size + _LONGEST_COMMENT + _BEFORE_64_BITS)
    file.seek(size - read)
    tail = file.read(read)
    at = tail.rfind(_MARK)
    while at >= 0:
        if at + _END.size <= len(tail):
            comment = int.from_bytes(tail[at + _END.size - 2 : at + _END.size], "little")
            if at + _END.size + comment == len(tail):
                _, here, count, length, starts = _END.unpack_from(tail, at)
                before = tail[max(at - _BEFORE_64_BITS, 0) : at]
                ends = size - len(tail) + at
                return Directory(
                    max(here, count), length, starts, ends, comment > 0, before.startswith(_MARK_OF_64_BITS)
                )
        at = tail.rfind(_MARK, 0, at)
    return None


def leaves_its_folder(name: str) -> bool:
    """Return whether the name of a part would lead out of the folder that it is unpacked into."""
    return name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts

"""The evidence of a recommendation as one zip, made in pieces while it is sent and never held in memory as a whole."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from ilacs_app.files.filetypes import safe_name
from ilacs_app.files.store import pieces
from ilacs_app.plan.plan_file import neutral

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>:"/\\|?*', "-"))
COLUMNS = (
    "Action",
    "What it shows",
    "Kind",
    "Period it covers",
    "Who can see it",
    "Added by",
    "Added on",
    "File or link",
    "File name in this bundle",
    "SHA-256",
    "Verdict",
    "Withdrawn",
)


@dataclass(frozen=True)
class Member:
    """One file of the bundle: its name there, when it was made (UTC), and how to open it."""

    name: str
    at: datetime
    open: Callable[[], BinaryIO]


class _Sink(io.RawIOBase):
    """What a zip is written to: it keeps what was written until someone takes it."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        piece = bytes(data)
        self._kept += piece
        return len(piece)

    def take(self) -> bytes:
        taken = bytes(self._kept)
        self._kept.clear()
        return taken


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """The zip in pieces. If a file cannot be opened, it ends early: no program reads half a zip as a whole one."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for member in members:
            entry = zipfile.ZipInfo(member.name, _stamp(member.at))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            with member.open() as file, packed.open(entry, "w") as out:
                for piece in pieces(file):
                    out.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def _stamp(at: datetime) -> tuple[int, int, int, int, int, int]:
    utc = at.astimezone(UTC)
    return max(utc.year, 1980), utc.month, utc.day, utc.hour, utc.minute, utc.second


def name_in_bundle(ref: str, number: int, file_name: str) -> str:
    """``files/5.2-1 Dip sample.pdf``: a name that every system can unpack, and that none takes for a folder."""
    plain = safe_name(file_name.translate(_NOT_IN_NAMES)).strip(". ")
    return f"files/{safe_name(ref.translate(_NOT_IN_NAMES))}-{number} {plain}"


def as_csv(lines: Iterable[tuple[str, ...]]) -> bytes:
    """The index as UTF-8 with a byte order mark; no cell of it is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(tuple(neutral(cell) for cell in line) for line in lines)
    return out.getvalue().encode("utf-8-sig")


def as_sums(files: Iterable[tuple[str, str]]) -> bytes:
    """Names and hashes as ``sha256sum --check`` reads them."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in files).encode()

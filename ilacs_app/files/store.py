"""The evidence store: a few functions in front of a folder.

A file is under a random name, on disk for good (fsync of the file and of its folder) before a row names it. It is
read and written in pieces, so that a large file takes no more memory than a small one.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from ilacs_app.settings import for_its_owner, make_private

CHUNK = 256 * 1024  # bytes
FILE_MISSING = "This file is missing from the evidence folder. Tell the administrator."
NOT_AS_STORED = "This file is different from what was stored, so you cannot open it. Tell the administrator."


class StoreError(OSError):
    """The folder cannot take or give the file; the message is a sentence for the person who asked."""


@dataclass(frozen=True)
class Stored:
    """What is in the store: its random key, its size in bytes and its SHA-256."""

    key: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Swept:
    """The result of checking the store.

    The keys of files that are named and not there, or are not what was stored; and the files that nothing names.
    """

    checked: int
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    orphans: tuple[str, ...]


@dataclass(frozen=True)
class CheckedFile:
    """A file that was checked against its SHA-256, and the state in which it was."""

    path: Path
    state: tuple[int, int, int]

    def open(self) -> BinaryIO:
        """Open the file at its first byte.

        Raises:
            StoreError: it is missing, or was written to since it was checked.
        """
        try:
            file = self.path.open("rb")
        except OSError as error:
            raise StoreError(FILE_MISSING) from error
        if _state(file) != self.state:
            file.close()
            raise StoreError(NOT_AS_STORED)
        return file


class EvidenceStore:
    """Files in ``folder``, made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, stream: IO[bytes]) -> Stored:
        """Write the stream to disk for good.

        Raises:
            StoreError: the folder is full, read-only or missing; nothing is left behind.
        """
        key = secrets.token_hex(16)
        place = self._path(key)
        part = place.with_suffix(".part")
        digest, size = hashlib.sha256(), 0
        try:
            self._make(place.parent)
            with open(part, "xb", opener=for_its_owner) as out:
                for piece in pieces(stream):
                    out.write(piece)
                    digest.update(piece)
                    size += len(piece)
                out.flush()
                os.fsync(out.fileno())
            part.rename(place)
            _sync_folder(place.parent)
        except OSError as error:
            for left in (part, place):
                with suppress(OSError):
                    left.unlink(missing_ok=True)
            raise StoreError(
                "The file could not be stored, so nothing was saved. Tell the administrator that the evidence folder "
                "is full or cannot be written to."
            ) from error
        return Stored(key, size, digest.hexdigest())

    def checked(self, key: str, sha256: str) -> CheckedFile:
        """Check a file as ``open`` does, for one that is opened later and not hashed again.

        Raises:
            StoreError: it is missing, or is not what was stored.
        """
        with self.open(key, sha256) as file:
            return CheckedFile(self._path(key), _state(file))

    def open(self, key: str, sha256: str) -> BinaryIO:
        """The file, open at its first byte, after all of it was checked against the SHA-256 that its row keeps.

        Raises:
            StoreError: it is missing, or is not what was stored.
        """
        try:
            file = self._path(key).open("rb")
        except OSError as error:
            raise StoreError(FILE_MISSING) from error
        try:
            digest = hashlib.sha256()
            for piece in pieces(file):
                digest.update(piece)
            if digest.hexdigest() != sha256:
                raise StoreError(NOT_AS_STORED)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def exists(self, key: str) -> bool:
        """Return whether there is a file of this key; its contents are not checked."""
        return self._path(key).is_file()

    def discard(self, key: str) -> None:
        """Delete a file that no row can name."""
        self._path(key).unlink(missing_ok=True)

    def sweep(self, known: Mapping[str, str], before: datetime, *, remove: bool = True) -> Swept:
        """Check every known file (key to SHA-256) and delete what nothing names and was last written ``before``.

        A file is written before its row, so a young one may be a form that is being saved just now: give it an hour.
        ``known`` must be read after ``before`` was chosen.
        """
        missing, wrong = [], []
        for key, sha256 in known.items():
            if not self.exists(key):
                missing.append(key)
                continue
            try:
                self.open(key, sha256).close()
            except StoreError:
                wrong.append(key)
        orphans = [path for path in self._files() if path.name not in known and _written_before(path, before)]
        for path in orphans if remove else ():
            path.unlink(missing_ok=True)
        return Swept(len(known), tuple(missing), tuple(wrong), tuple(path.name for path in orphans))

    def _files(self) -> list[Path]:
        """The files of the folder that are the store's own, by their names; half-written ones too."""
        paths = self._folder.glob("[0-9a-f][0-9a-f]/*") if self._folder.is_dir() else ()
        return sorted(path for path in paths if path.is_file() and _is_key(path.name.removesuffix(".part")))

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        for made in (self._folder, folder):
            make_private(made)
        _sync_folder(self._folder)
        _sync_folder(self._folder.parent)

    def _path(self, key: str) -> Path:
        if not _is_key(key):
            raise StoreError("This is not a file of the evidence folder.")
        return self._folder / key[:2] / key


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what is left of the stream, in pieces of bounded size."""
    while piece := stream.read(CHUNK):
        yield piece


def _state(file: BinaryIO) -> tuple[int, int, int]:
    """Return which file this is on disk, its size, and when it was last written to."""
    stat = os.fstat(file.fileno())
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _is_key(name: str) -> bool:
    return len(name) == 32 and all(sign in "0123456789abcdef" for sign in name)


def _written_before(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class FileKept:
    """A file that is in the store already."""

    stored: Stored
    name: str
    media_type: str

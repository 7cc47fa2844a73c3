"""The evidence store: one small door with a folder behind it.

A file lies under a random name, on disk for good (fsync of the file and of its folder) before a row names it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20


class StoreError(OSError):
    """The folder cannot take the file; the message is a sentence for the person at the form."""


@dataclass(frozen=True)
class Stored:
    """What lies in the store: its random key, its size in bytes and its SHA-256."""

    key: str
    size: int
    sha256: str


class EvidenceStore:
    """Files in ``folder``, made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, stream: BinaryIO) -> Stored:
        """Write the stream to disk for good.

        Raises:
            StoreError: the folder is full, read-only or missing; nothing is left behind.
        """
        key = secrets.token_hex(16)
        place = self._path(key)
        part = place.with_suffix(".part")
        digest, size = hashlib.sha256(), 0
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as out:
                while chunk := stream.read(CHUNK):
                    out.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                out.flush()
                os.fsync(out.fileno())
            part.rename(place)
            _sync_folder(place.parent)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise StoreError(
                "The file could not be kept, so nothing was saved. Tell the administrator that the evidence folder "
                "is full or cannot be written to."
            ) from error
        return Stored(key, size, digest.hexdigest())

    def read(self, key: str, sha256: str) -> bytes:
        """The file's bytes, checked against the SHA-256 that its row keeps.

        Raises:
            StoreError: it is missing, or is not what was stored.
        """
        try:
            data = self._path(key).read_bytes()
        except OSError as error:
            raise StoreError("This file is missing from the evidence folder. Tell the administrator.") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError("This file is not what was stored, so it is not given out. Tell the administrator.")
        return data

    def discard(self, key: str) -> None:
        """Take away a file whose row was not saved."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if len(key) != 32 or not all(sign in "0123456789abcdef" for sign in key):
            raise StoreError("This is not a file of the evidence folder.")
        return self._folder / key[:2] / key


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

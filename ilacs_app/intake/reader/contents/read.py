"""A plan file of any kind as one neutral document."""

from __future__ import annotations

from pathlib import Path

from .document import Document
from .package import Package
from .word.reader import read_word


def read_document(path: Path) -> Document:
    with Package.open(path) as package:
        return read_word(package, path.name)

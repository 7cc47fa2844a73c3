"""The folder that this application keeps files in, and the removal of an upload that was not saved."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app

from ilacs_app.files.store import EvidenceStore, FileKept


def evidence_store() -> EvidenceStore:
    """The store of this application."""
    store: EvidenceStore = current_app.extensions["evidence"]
    return store


def discard(files: Iterable[FileKept]) -> None:
    """Delete files that no row can name."""
    for file in files:
        evidence_store().discard(file.stored.key)

"""Read a file as the product does, without the process of its own in which a stranger's file is opened."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ilacs_app.intake.reader.columns.evidence import EvidenceKinds
from ilacs_app.intake.reader.contents.document import Document
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.read import NotAPlan, plan_from
from tests.corpus.score import Read


def read_file(path: Path, dated_on: date) -> Read:
    """Return what the reader makes of a plan file, or the sentence with which it refuses it."""
    try:
        document = read_document(path)
    except ValueError as refusal:
        return Read(None, refusal=str(refusal))
    return read_contents(document, dated_on)


def read_contents(document: Document, dated_on: date, evidence: EvidenceKinds | None = None) -> Read:
    """Return what the reader makes of a file's contents, with all of the evidence or a part of it."""
    try:
        reading = plan_from(document, dated_on, evidence=evidence)
    except NotAPlan as refusal:
        return Read(None, refusal=str(refusal))
    return Read(reading.plan(dated_on), reading.column_names)

"""Read a file as the product does, without the process of its own in which a stranger's file is opened."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.read import _reading
from ilacs_app.intake.reader.readers import read_grids

from .score import Read


def read_file(path: Path, dated_on: date) -> Read:
    """What the reader makes of a plan file, or the sentence with which it refuses it."""
    try:
        reading = _reading(read_grids(path), path, dated_on)
    except NotAPlan as refusal:
        return Read(None, refusal=str(refusal))
    return Read(reading.plan(dated_on), reading.column_names)

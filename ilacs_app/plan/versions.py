"""The one way in which a form's change is written: at the version that the form was drawn from, or not at all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from ..db import db
from ..people.commands import Stale
from .model import Action, Inspection, Plan, Recommendation


def write_at(table: type[Inspection | Plan | Recommendation | Action], id_: int, version: int, **values: Any) -> None:
    """Give one row other values, and the next version.

    Raises:
        Stale: somebody changed it since the version that was seen.
    """
    written = db.session.scalar(
        update(table)
        .where(table.id == id_, table.version == version)
        .values(version=version + 1, **values)
        .returning(table.id)
    )
    if written is None:
        raise Stale

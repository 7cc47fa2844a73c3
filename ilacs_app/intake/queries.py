"""What the record holds of the files that plans came from."""

from __future__ import annotations

from sqlalchemy import select

from ..db import db
from .model import PlanImport


def files_named() -> dict[str, str]:
    """The key of every file in the evidence store that an import names, with its SHA-256."""
    rows = db.session.execute(select(PlanImport.store_key, PlanImport.sha256).where(PlanImport.store_key.is_not(None)))
    return {key or "": sha256 or "" for key, sha256 in rows}

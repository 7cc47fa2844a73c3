"""Entering and changing an inspection."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from ilacs_app.db import db, write_at
from ilacs_app.editing.inspections.queries import InspectionContent
from ilacs_app.history import Author, changes, record
from ilacs_app.plan.model import Inspection


def enter_inspection(
    by: Author,
    authority: str,
    framework: str,
    *,
    on_site_from: date | None = None,
    on_site_until: date | None = None,
    received_on: date | None = None,
    published_on: date | None = None,
) -> int:
    """Add an inspection of this authority and return its id. ``framework`` is its name with its version."""
    inspection = Inspection(
        authority=authority,
        framework=framework,
        on_site_from=on_site_from,
        on_site_until=on_site_until,
        received_on=received_on,
        published_on=published_on,
    )
    db.session.add(inspection)
    db.session.flush()
    record(by, "inspection_entered", about=f"{authority}, {framework}", after={"inspection_id": inspection.id})
    return inspection.id


def change_inspection(by: Author, inspection_id: int, version: int, text: InspectionContent) -> None:
    """Edit an inspection; writes nothing if nothing differs.

    Raises:
        Stale: someone changed it since the version that was seen.
    """
    inspection = db.session.get_one(Inspection, inspection_id)
    values = asdict(text)
    before, after = changes({name: getattr(inspection, name) for name in values}, values)
    if not after and inspection.version == version:
        return
    write_at(Inspection, inspection_id, version, **values)
    about = f"{text.authority}, {text.framework}"
    record(by, "inspection_changed", about=about, before=before, after={"inspection_id": inspection_id, **after})

"""Publish the papers for a meeting. What is published is never changed: to publish again makes a further version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.errors import Refused
from ilacs_app.files.store import Stored
from ilacs_app.governance.meetings.queries import lock_meeting
from ilacs_app.governance.packs.contents import PackMaterial
from ilacs_app.governance.packs.model import Pack, PackFile
from ilacs_app.governance.packs.queries import next_version
from ilacs_app.governance.packs.rules import why_not_publish
from ilacs_app.history import Author, record


@dataclass(frozen=True)
class StoredPart:
    """One format of a pack that is in the store already. ``exempt``: the copy that shows the exempt part."""

    format: str
    exempt: bool
    stored: Stored


class PublishedAlready(Refused):
    """Someone else has published this version in the meantime."""


def publish_pack(by: Author, material: PackMaterial, number: int, *, parts: Iterable[StoredPart]) -> int:
    """Publish what was made of ``material``, in every format, as this version of the papers. Return its id.

    Raises:
        Refused: the meeting is over or cancelled.
        PublishedAlready: someone else has published this version.
    """
    locked = lock_meeting(material.meeting.id)
    meeting = locked.meeting
    why_not = why_not_publish(meeting.on_day, meeting.cancelled_on, clock.today())
    if why_not:
        raise Refused(why_not)
    if next_version(meeting.id) != number:
        raise PublishedAlready(
            "Someone else has just published papers for this meeting. Read them first. "
            "If you still need to, publish again."
        )
    pack = Pack(
        meeting_id=meeting.id,
        number=number,
        as_at=material.at,
        as_at_day=material.today,
        last_event_id=material.last_event_id,
        published_at=clock.now(),
        person_id=by.person_id,
        published_by=by.signed,
        plan_ids=sorted(plan.id for plan in material.plans),
    )
    db.session.add(pack)
    db.session.flush()
    files = [
        PackFile(
            pack_id=pack.id,
            format=part.format,
            exempt=part.exempt,
            store_key=part.stored.key,
            size=part.stored.size,
            sha256=part.stored.sha256,
        )
        for part in parts
    ]
    db.session.add_all(files)
    record(
        by,
        "pack_published",
        about=locked.about,
        after={
            "meeting_id": meeting.id,
            "pack_id": pack.id,
            "version": number,
            "as_at": material.at.isoformat(),
            "last_event_id": material.last_event_id,
            "hashes": {f"{file.format}{', exempt' if file.exempt else ''}": file.sha256 for file in files},
        },
    )
    return pack.id

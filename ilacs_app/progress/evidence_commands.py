"""Evidence is added: a link, or a file that lies in the store already. It is appended and never conflicts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from .. import clock
from ..db import db
from ..history import Author, record
from ..people.commands import Refused
from ..plan.model import Action
from .model import Evidence
from .store import Stored


@dataclass(frozen=True)
class EvidenceText:
    """What a piece of evidence shows, and its link if it is one."""

    shows: str
    kind: str
    sensitivity: str
    url: str | None = None


@dataclass(frozen=True)
class FileKept:
    """A file that lies in the store already."""

    stored: Stored
    name: str
    media_type: str


def attach_evidence(by: Author, action_id: int, piece: EvidenceText, kept: FileKept | None = None) -> int:
    """Append a piece of evidence: a link, or a file that lies in the store already. Returns its id."""
    if by.person_id is None:
        raise Refused("Evidence needs the person who adds it.")
    evidence = Evidence(
        action_id=action_id,
        person_id=by.person_id,
        added_at=clock.now(),
        shows=piece.shows,
        kind=piece.kind,
        sensitivity=piece.sensitivity,
        url=None if kept else piece.url,
        store_key=kept.stored.key if kept else None,
        sha256=kept.stored.sha256 if kept else None,
        size=kept.stored.size if kept else None,
        file_name=kept.name if kept else None,
        media_type=kept.media_type if kept else None,
        for_person_id=by.for_person_id,
    )
    db.session.add(evidence)
    db.session.flush()
    plan_id = db.session.scalar(select(Action.plan_id).where(Action.id == action_id))
    restricted = piece.sensitivity == "restricted"
    record(
        by,
        "evidence_added",
        plan_id=plan_id,
        action_id=action_id,
        about="restricted evidence" if restricted else (kept.name if kept else piece.url or ""),
        after={"evidence_id": evidence.id, "sha256": evidence.sha256},
    )
    return evidence.id

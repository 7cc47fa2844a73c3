"""Evidence is added (a link, or a file that is in the store already), withdrawn with a reason, and handed out.

A piece is appended and never conflicts; nothing is deleted once it is saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.errors import Refused, Stale
from ilacs_app.files.store import FileKept
from ilacs_app.history import Author, record
from ilacs_app.plan.model import Action
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.queries import check_may_write
from ilacs_app.search.index import SearchKind, keep


@dataclass(frozen=True)
class EvidenceText:
    """What a piece of evidence shows, the period that it covers in words, and its link if it is one."""

    shows: str
    kind: str
    sensitivity: str
    url: str | None = None
    period: str = ""


def attach_evidence(by: Author, action_id: int, piece: EvidenceText, file: FileKept | None = None) -> int:
    """Append a piece of evidence: a link, or a file that is in the store already. Returns its id.

    Raises:
        Refused: no one signs it, or who signs it may not write on the action.
    """
    if by.person_id is None:
        raise Refused("Sign in to add evidence. It needs the person who adds it.")
    check_may_write(by, action_id)
    evidence = Evidence(
        action_id=action_id,
        person_id=by.person_id,
        added_at=clock.now(),
        shows=piece.shows,
        kind=piece.kind,
        sensitivity=piece.sensitivity,
        url=None if file else piece.url,
        store_key=file.stored.key if file else None,
        sha256=file.stored.sha256 if file else None,
        size=file.stored.size if file else None,
        file_name=file.name if file else None,
        media_type=file.media_type if file else None,
        period=piece.period,
        for_person_id=by.for_person_id,
    )
    db.session.add(evidence)
    db.session.flush()
    keep(SearchKind.EVIDENCE, evidence.id, evidence.shows, evidence.file_name, evidence.url)
    plan_id = db.session.scalar(select(Action.plan_id).where(Action.id == action_id))
    record(
        by,
        "evidence_added",
        plan_id=plan_id,
        action_id=action_id,
        about=_about(evidence.sensitivity, evidence.file_name, evidence.url),
        after={"evidence_id": evidence.id, "sha256": evidence.sha256},
    )
    return evidence.id


def attach_each(
    by: Author, action_id: int, piece: EvidenceText, files: Sequence[FileKept], *, changed: bool
) -> list[FileKept]:
    """Append a piece for each file, or the link where there is none.

    If the form was saved before and ``changed`` since, identical pieces are not appended again.
    Returns the files that are therefore not named by any row.
    """
    spare = []
    for file in files or (None,):
        if not (changed and _lies_there_already(by, action_id, piece, file)):
            attach_evidence(by, action_id, piece, file)
        elif file:
            spare.append(file)
    return spare


def _lies_there_already(by: Author, action_id: int, piece: EvidenceText, file: FileKept | None) -> bool:
    """Return whether this piece is on the action already: the same file or link, with the same words."""
    same = {
        "action_id": action_id,
        "person_id": by.person_id,
        "sha256": file.stored.sha256 if file else None,
        "file_name": file.name if file else None,
        "url": None if file else piece.url,
        "shows": piece.shows,
        "kind": piece.kind,
        "sensitivity": piece.sensitivity,
        "period": piece.period,
        "withdrawn_on": None,
    }
    return db.session.scalar(select(Evidence.id).filter_by(**same).limit(1)) is not None


def withdraw_evidence(by: Author, evidence_id: int, reason: str) -> None:
    """Withdraw a piece of evidence; it stays in the record, with who withdrew it, when and why.

    Raises:
        Refused: no reason was given, no one signs it, or who signs it may not write on the action.
        Stale: it was withdrawn before.
    """
    if not reason:
        raise Refused("Enter why this evidence is withdrawn.")
    if by.person_id is None:
        raise Refused("Sign in to withdraw evidence. It needs the person who withdraws it.")
    today = clock.today()
    withdrawn = db.session.execute(
        update(Evidence)
        .where(Evidence.id == evidence_id, Evidence.withdrawn_on.is_(None))
        .values(withdrawn_on=today, withdrawn_by_id=by.person_id, withdrawn_reason=reason)
        .returning(Evidence.action_id, Evidence.sensitivity, Evidence.file_name, Evidence.url)
    ).first()
    if withdrawn is None:
        raise Stale
    action_id, sensitivity, file_name, url = withdrawn
    check_may_write(by, action_id)
    about = _about(sensitivity, file_name, url)
    record(
        by,
        "evidence_withdrawn",
        plan_id=db.session.scalar(select(Action.plan_id).where(Action.id == action_id)),
        action_id=action_id,
        about=f"{about}: {reason}" if sensitivity == "open" else about,
        before={"evidence_id": evidence_id, "withdrawn_on": None},
        after={"evidence_id": evidence_id, "withdrawn_on": today.isoformat()},
    )


def note_bundle(by: Author, plan_id: int, recommendation_id: int, files: int, left_out: int) -> None:
    """Write into history that someone downloaded the evidence of a recommendation."""
    record(
        by,
        "evidence_bundled",
        plan_id=plan_id,
        recommendation_id=recommendation_id,
        about=f"{files} file{'' if files == 1 else 's'}",
        after={"files": files, "left_out": left_out},
    )


def _about(sensitivity: str, file_name: str | None, url: str | None) -> str:
    """Return what history records about a piece; for a restricted one, nothing that others may not read."""
    return "restricted evidence" if sensitivity == "restricted" else file_name or url or ""

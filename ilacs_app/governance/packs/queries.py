"""The packs of a meeting, for those who may read them, and which files the record names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from ilacs_app.access import Act, Actor, PackReach, check_may, may
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.governance.packs.model import Pack, PackFile
from ilacs_app.people.boards.model import Meeting


@dataclass(frozen=True)
class PackCopy:
    """One format of a pack as it is stored: its random key in the store, its size in bytes and its SHA-256."""

    format: str
    store_key: str
    size: int
    sha256: str


@dataclass(frozen=True)
class PublishedPack:
    """A version of the papers for a meeting; instants are UTC. ``copies`` are those that its reader may have.

    ``with_exempt``: whether these show the exempt part.
    """

    id: int
    board_id: int
    meeting_id: int
    on_day: date
    number: int
    as_at: datetime
    published_at: datetime
    published_by: str
    plan_ids: frozenset[int]
    copies: tuple[PackCopy, ...]
    with_exempt: bool

    def copy(self, file_format: str) -> PackCopy:
        """Return its copy in a format.

        Raises:
            NotKnown: it was not made in this format.
        """
        for made in self.copies:
            if made.format == file_format:
                return made
        raise NotKnown(file_format)

    @property
    def formats(self) -> frozenset[str]:
        return frozenset(made.format for made in self.copies)


def packs_of(actor: Actor, meeting_id: int) -> list[PublishedPack]:
    """Return the versions of the papers for a meeting that this person may read, newest first."""
    return [pack for pack in _packs(actor, meeting_id) if may(actor, Act.READ_PACK, _reach(pack))]


def pack_for(actor: Actor, meeting_id: int, number: int) -> PublishedPack:
    """Return a version of the papers for a meeting.

    Raises:
        NotKnown: there is none.
        NotAllowed: they may not read it.
    """
    for pack in _packs(actor, meeting_id):
        if pack.number == number:
            check_may(actor, Act.READ_PACK, _reach(pack))
            return pack
    raise NotKnown(str(number))


def next_version(meeting_id: int) -> int:
    """Return which version the next papers for a meeting would be."""
    return (db.session.scalar(select(func.max(Pack.number)).where(Pack.meeting_id == meeting_id)) or 0) + 1


def _reach(pack: PublishedPack) -> PackReach:
    return PackReach(pack.board_id, pack.plan_ids)


def _packs(actor: Actor, meeting_id: int) -> list[PublishedPack]:
    rows = db.session.execute(
        select(
            Pack.id,
            Meeting.board_id,
            Pack.meeting_id,
            Meeting.on_day,
            Pack.number,
            Pack.as_at,
            Pack.published_at,
            Pack.published_by,
            Pack.plan_ids,
            PackFile.exempt,
            PackFile.format,
            PackFile.store_key,
            PackFile.size,
            PackFile.sha256,
        )
        .join(Meeting, Meeting.id == Pack.meeting_id)
        .join(PackFile, PackFile.pack_id == Pack.id)
        .where(Pack.meeting_id == meeting_id)
        .order_by(Pack.number.desc(), PackFile.id)
    ).all()
    versions = [[row for row in rows if row.number == number] for number in dict.fromkeys(row.number for row in rows)]
    return [_version(actor, files) for files in versions]


_OF_A_FILE = frozenset({"exempt", "format", "store_key", "size", "sha256"})


def _version(actor: Actor, files: Sequence[Any]) -> PublishedPack:
    """Return a version of the papers from the rows of its files, with the copies that this person may have."""
    columns = {name: value for name, value in files[0]._mapping.items() if name not in _OF_A_FILE}
    exempt = may(actor, Act.READ_EXEMPT, columns["board_id"]) and any(row.exempt for row in files)
    columns["plan_ids"] = frozenset(columns["plan_ids"])
    copies = tuple(
        PackCopy(format=row.format, store_key=row.store_key, size=row.size, sha256=row.sha256)
        for row in files
        if row.exempt == exempt
    )
    return PublishedPack(**columns, copies=copies, with_exempt=exempt)


def pack_files_named() -> dict[str, str]:
    """The key of every file that packs name, with its SHA-256."""
    return {row.store_key: row.sha256 for row in db.session.execute(select(PackFile.store_key, PackFile.sha256))}

"""The boards, by name and with what each has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.people.boards.model import Board


@dataclass(frozen=True)
class BoardName:
    id: int
    slug: str
    name: str
    leads_page: int | None


def boards() -> list[BoardName]:
    """Every board; the three that lead each governance page first, then by name."""
    rows = db.session.execute(
        select(*_NAME).order_by(Board.leads_page.is_(None), Board.leads_page, func.lower(Board.name))
    )
    return [BoardName(**row._mapping) for row in rows]


_NAME = (Board.id, Board.slug, Board.name, Board.leads_page)


@dataclass(frozen=True)
class BoardLine:
    """A board with the other names by which plans know it, and its quorum, if it has one."""

    id: int
    slug: str
    name: str
    other_names: tuple[str, ...]
    version: int
    quorum: int | None = None


def board_lines() -> list[BoardLine]:
    """Every board with its other names and quorum, by name."""
    return [_line(row) for row in db.session.execute(select(*_LINE).order_by(func.lower(Board.name)))]


def board_line(board_id: int) -> BoardLine:
    """Return a board with its other names.

    Raises:
        NotKnown: there is none.
    """
    row = db.session.execute(select(*_LINE).where(Board.id == board_id)).first()
    if row is None:
        raise NotKnown(str(board_id))
    return _line(row)


_LINE = (Board.id, Board.slug, Board.name, Board.other_names, Board.version, Board.quorum)


def _line(row: Any) -> BoardLine:
    return BoardLine(**{**row._mapping, "other_names": tuple(row.other_names)})


def board_by_slug(slug: str) -> BoardName | None:
    row = db.session.execute(select(*_NAME).where(Board.slug == slug)).first()
    return BoardName(**row._mapping) if row else None

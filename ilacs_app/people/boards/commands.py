"""Commands that add and rename boards. Their members are roles, and a board’s address never changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused
from ilacs_app.history import Author, changes, record, record_each
from ilacs_app.people.boards.model import Board
from ilacs_app.text import slug_of

LARGEST_QUORUM = 99


def make_board(by: Author, name: str, other_names: Sequence[str] = (), *, quorum: int | None = None) -> int:
    """Add a board, with an address made from its name. Return its id.

    Raises:
        Refused: the name is empty, or a board already has it; or the quorum is not a number above 0.
    """
    _check(name, other_names, None)
    _check_quorum(quorum)
    board_id = board_named(by, name)
    if other_names or quorum is not None:
        change_board(by, board_id, 1, name, other_names, quorum=quorum)
    return board_id


def change_board(
    by: Author, board_id: int, version: int, name: str, other_names: Sequence[str], *, quorum: int | None
) -> None:
    """Change the name of a board, its other names or its quorum. Write nothing if nothing differs.

    Raises:
        Refused: the name is empty, or another board has it; or the quorum is not a number above 0.
        Stale: someone changed it since the version that was seen.
    """
    _check(name, other_names, board_id)
    _check_quorum(quorum)
    board = db.session.get_one(Board, board_id, populate_existing=True)
    values: dict[str, Any] = {"name": name, "other_names": list(dict.fromkeys(other_names)), "quorum": quorum}
    before, after = changes({"name": board.name, "other_names": board.other_names, "quorum": board.quorum}, values)
    if not after and board.version == version:
        return
    write_at(Board, board_id, version, **values)
    record(by, "board_changed", about=name, before=before, after={"board_id": board_id, **after})


def _check_quorum(quorum: int | None) -> None:
    if quorum is not None and not 0 < quorum <= LARGEST_QUORUM:
        raise Refused(f"Enter a number from 1 to {LARGEST_QUORUM}, or leave the quorum empty.")


def _check(name: str, other_names: Sequence[str], its_own: int | None) -> None:
    if not slug_of(name):
        raise Refused("Enter a board name that includes letters or numbers.")
    for board_id, known, slug, others in db.session.execute(
        select(Board.id, Board.name, Board.slug, Board.other_names)
    ):
        if board_id == its_own:
            continue
        theirs = {slug, slug_of(known), *map(slug_of, others)}
        for wanted in (name, *other_names):
            if slug_of(wanted) in theirs:
                raise Refused(f"The {known} already uses the name “{wanted}”. Enter another, or change that board.")


def board_named(by: Author, name: str) -> int:
    """Return the id of the board with this name or other name, adding one if there is none."""
    return boards_named(by, [name])[name]


def boards_named(by: Author, names: Collection[str]) -> dict[str, int]:
    """Return the id of the board with each of these names, as ``board_named`` does for one: one query for all."""
    by_slug: dict[str, int] = {}
    for board in db.session.execute(select(Board.id, Board.slug, Board.other_names).order_by(Board.id)):
        for slug in (board.slug, *map(slug_of, board.other_names)):
            by_slug.setdefault(slug, board.id)
    new: dict[str, Board] = {}
    for name in names:
        slug = slug_of(name)
        if slug not in by_slug:
            new.setdefault(slug, Board(slug=slug, name=name.strip(), other_names=[]))
    db.session.add_all(new.values())
    db.session.flush()
    record_each(by, "board_made", [{"about": board.name, "after": {"slug": slug}} for slug, board in new.items()])
    by_slug |= {slug: board.id for slug, board in new.items()}
    return {name: by_slug[slug_of(name)] for name in names}
